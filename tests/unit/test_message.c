// SPDX-License-Identifier: BSD-3-Clause
#include "lib/message.h"

#include <criterion/criterion.h>
#include <errno.h>

Test(message, every_type_starts_valid_and_has_a_name)
{
	struct message message;

	for (uint16_t type = MESSAGE_NONE + 1; type < MESSAGE_TYPES; type++) {
		message_init(&message, type, 42);
		cr_expect_eq(message_check(&message), 0, "type %u", type);
		cr_expect_eq(message.header.sequence, 42);
		cr_expect_leq(message.header.length, MESSAGE_BODY_SIZE);
		cr_expect_str_neq(message_type_name(type), "unknown", "type %u", type);
	}
	cr_expect_str_eq(message_type_name(MESSAGE_NONE), "unknown");
	cr_expect_str_eq(message_type_name(MESSAGE_TYPES), "unknown");
	cr_expect_str_eq(message_type_name(UINT16_MAX), "unknown");
}

Test(message, unknown_version_and_type_are_refused)
{
	struct message message;

	message_init(&message, REPLY_DONE, 1);
	message.header.version = MESSAGE_VERSION + 1;
	cr_expect_eq(message_check(&message), -EPROTONOSUPPORT);
	message.header.version = MESSAGE_VERSION;
	message.header.type = MESSAGE_NONE;
	cr_expect_eq(message_check(&message), -EBADMSG);
	message.header.type = MESSAGE_TYPES;
	cr_expect_eq(message_check(&message), -EBADMSG);
	message.header.type = UINT16_MAX;
	cr_expect_eq(message_check(&message), -EBADMSG);
}

Test(message, every_length_but_the_right_one_is_refused)
{
	struct message message;

	for (uint16_t type = MESSAGE_NONE + 1; type < MESSAGE_TYPES; type++) {
		message_init(&message, type, 1);
		uint16_t right = message.header.length;

		for (uint32_t length = 0; length <= 300; length++) {
			message.header.length = (uint16_t)length;
			cr_expect_eq(message_check(&message), length == right ? 0 : -EBADMSG,
				     "type %u length %u", type, length);
		}
	}
}

Test(message, a_string_without_end_is_refused)
{
	struct message message;

	message_init(&message, COMMAND_POLICY_LAN, 1);
	memset(message.lan.name, 'x', sizeof(message.lan.name));
	cr_expect_eq(message_check(&message), -EINVAL);

	message_init(&message, COMMAND_POLICY_PORT, 1);
	memset(message.port.device, 'x', sizeof(message.port.device));
	cr_expect_eq(message_check(&message), -EINVAL);

	message_init(&message, REPLY_ERROR, 1);
	memset(message.error.text, 'x', sizeof(message.error.text));
	cr_expect_eq(message_check(&message), -EINVAL);
	message.error.text[sizeof(message.error.text) - 1] = 0;
	cr_expect_eq(message_check(&message), 0);

	message_init(&message, REPLY_STAGE, 1);
	memset(message.stage.stage, 'x', sizeof(message.stage.stage));
	cr_expect_eq(message_check(&message), -EINVAL);
}

Test(message, body_length_never_exceeds_the_room)
{
	struct message message;

	message_init(&message, REPLY_DONE, 1);
	for (uint32_t length = 0; length <= UINT16_MAX; length++) {
		message.header.length = (uint16_t)length;
		cr_assert_leq(message_body_length(&message), MESSAGE_BODY_SIZE);
	}
}
