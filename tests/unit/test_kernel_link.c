// SPDX-License-Identifier: BSD-3-Clause
// What the kernel's answers say of interfaces: whole ones, broken ones, and those of this machine.
#include "lib/kernel_link.h"

#include <criterion/criterion.h>
#include <errno.h>
#include <linux/if_arp.h>
#include <linux/if_link.h>
#include <linux/rtnetlink.h>
#include <stdio.h>
#include <string.h>

// An answer that grows message by message.
struct answer {
	char octets[1024] __attribute__((aligned(NLMSG_ALIGNTO)));
	size_t n;
	struct nlmsghdr *message; // the last one
};

static void *add(struct answer *answer, size_t octets)
{
	void *at = answer->octets + answer->n;

	answer->n += NLMSG_ALIGN(octets);
	cr_assert_leq(answer->n, sizeof(answer->octets));
	return at;
}

static void *begin(struct answer *answer, uint16_t type, uint16_t flags, size_t octets)
{
	answer->message = add(answer, NLMSG_LENGTH(octets));
	*answer->message = (struct nlmsghdr){.nlmsg_len = (uint32_t)NLMSG_LENGTH(octets),
					     .nlmsg_type = type,
					     .nlmsg_flags = flags};
	return NLMSG_DATA(answer->message);
}

static void begin_link(struct answer *answer, uint16_t flags, int index)
{
	struct ifinfomsg *info = begin(answer, RTM_NEWLINK, flags, sizeof(*info));

	info->ifi_index = index;
	info->ifi_type = ARPHRD_ETHER;
	info->ifi_flags = IFF_UP;
}

static struct rtattr *attribute(struct answer *answer, uint16_t type, const void *value, size_t n)
{
	struct rtattr *attr = add(answer, RTA_LENGTH(n));

	*attr = (struct rtattr){.rta_type = type, .rta_len = (uint16_t)RTA_LENGTH(n)};
	memcpy(RTA_DATA(attr), value, n);
	answer->message->nlmsg_len =
		(uint32_t)((char *)attr + RTA_ALIGN(attr->rta_len) - (char *)answer->message);
	return attr;
}

static void number(struct answer *answer, uint16_t type, uint32_t value)
{
	attribute(answer, type, &value, sizeof(value));
}

// What was told.
struct told {
	struct kernel_link links[8];
	size_t n;
};

static void take(void *argument, const struct kernel_link *link)
{
	struct told *told = argument;

	cr_assert_lt(told->n, 8);
	told->links[told->n++] = *link;
}

static int parse(const struct answer *answer, struct told *told)
{
	*told = (struct told){0};
	return kernel_link_parse(answer->octets, answer->n, take, told);
}

Test(kernel_link, all_that_is_told)
{
	static const struct {
		struct rtattr attr;
		uint32_t id;
	} nested = {{.rta_len = RTA_LENGTH(4), .rta_type = IFLA_XDP_PROG_ID}, 17};
	struct answer answer = {0};
	struct told told;

	begin_link(&answer, 0, 5);
	attribute(&answer, IFLA_IFNAME, "swp1", 5);
	number(&answer, IFLA_MTU, 1500);
	number(&answer, IFLA_MAX_MTU, 9702);
	number(&answer, IFLA_MASTER, 9);
	attribute(&answer, IFLA_XDP | NLA_F_NESTED, &nested, sizeof(nested));
	cr_expect_eq(parse(&answer, &told), 0);
	cr_assert_eq(told.n, 1);
	const struct kernel_link *link = &told.links[0];
	cr_expect_str_eq(link->name, "swp1");
	cr_expect_eq(link->index, 5);
	cr_expect_eq(link->flags, IFF_UP);
	cr_expect_eq(link->mtu, 1500);
	cr_expect_eq(link->mtu_max, 9702);
	cr_expect_eq(link->master, 9);
	cr_expect(link->ethernet);
	cr_expect_eq(link->xdp, 17);
}

Test(kernel_link, a_list_goes_on_until_it_says_that_it_ends)
{
	struct answer answer = {0};
	struct told told;

	begin_link(&answer, NLM_F_MULTI, 1);
	attribute(&answer, IFLA_IFNAME, "lo", 3);
	begin_link(&answer, NLM_F_MULTI, 2);
	cr_expect_eq(parse(&answer, &told), 1);
	cr_expect_eq(told.n, 2);
	cr_expect_str_eq(told.links[0].name, "lo");
	cr_expect_str_eq(told.links[1].name, "", "nothing is left of the one before");
	begin(&answer, NLMSG_DONE, NLM_F_MULTI, sizeof(int));
	cr_expect_eq(parse(&answer, &told), 0);
	cr_expect_eq(told.n, 2);
}

Test(kernel_link, what_the_kernel_refuses)
{
	struct answer answer = {0};
	struct told told;
	struct nlmsgerr *error = begin(&answer, NLMSG_ERROR, 0, sizeof(*error));

	error->error = -ENODEV;
	cr_expect_eq(parse(&answer, &told), -ENODEV);
	error->error = 0;
	cr_expect_eq(parse(&answer, &told), -EBADMSG, "nobody asked for an acknowledgement");
	answer.message->nlmsg_len = NLMSG_LENGTH(2);
	cr_expect_eq(parse(&answer, &told), -EBADMSG);
	cr_expect_eq(told.n, 0);
}

Test(kernel_link, answers_that_are_none)
{
	struct answer answer = {0};
	struct told told;

	cr_expect_eq(parse(&answer, &told), -EBADMSG, "nothing");
	begin_link(&answer, 0, 5);
	answer.n--;
	cr_expect_eq(parse(&answer, &told), -EBADMSG, "cut");
	answer = (struct answer){0};
	begin(&answer, RTM_NEWLINK, 0, sizeof(struct ifinfomsg) - 4);
	cr_expect_eq(parse(&answer, &told), -EBADMSG, "too short for an interface");
	answer = (struct answer){0};
	begin(&answer, RTM_NEWADDR, 0, 8);
	cr_expect_eq(parse(&answer, &told), -EBADMSG, "of something else");
	cr_expect_eq(told.n, 0);
}

Test(kernel_link, attributes_of_a_wrong_length)
{
	static const char name[] = "a-name-that-is-much-too-long";
	struct answer answer = {0};
	struct told told;

	begin_link(&answer, 0, 5);
	attribute(&answer, IFLA_MTU, "\1\2", 2);
	attribute(&answer, IFLA_XDP, "\1\2", 2);
	attribute(&answer, IFLA_IFNAME, name, 28); // without its end
	struct rtattr *attr = attribute(&answer, IFLA_MASTER, "\1\0\0\0", 4);
	attr->rta_len = 64;
	cr_expect_eq(parse(&answer, &told), 0);
	cr_assert_eq(told.n, 1);
	cr_expect_eq(told.links[0].mtu, 0);
	cr_expect_eq(told.links[0].xdp, 0);
	cr_expect_eq(told.links[0].master, 0, "it reaches beyond the message");
	cr_expect_str_eq(told.links[0].name, "a-name-that-is-");
}

// ---- This machine: the loopback interface is in every namespace

static void look_for_loopback(void *argument, const struct kernel_link *link)
{
	if (strcmp(link->name, "lo") == 0)
		*(struct kernel_link *)argument = *link;
}

Test(kernel_link, the_loopback_interface)
{
	struct kernel_link one, listed = {0};
	struct kernel_channels channels;

	cr_assert_eq(kernel_link_get("lo", &one), 0);
	cr_expect_str_eq(one.name, "lo");
	cr_expect(one.flags & IFF_LOOPBACK);
	cr_expect_not(one.ethernet);
	cr_expect_gt(one.mtu, 1500);
	cr_assert_eq(kernel_link_each(look_for_loopback, &listed), 0);
	cr_expect_eq(memcmp(&one, &listed, sizeof(one)), 0);
	cr_expect_eq(kernel_link_channels("lo", &channels), 0);
	cr_expect_eq(channels.rx, 1);
}

static void look_for_address(void *argument, const char *name, const char *text)
{
	if (strcmp(name, "lo") == 0 && strcmp(text, "127.0.0.1") == 0)
		*(bool *)argument = true;
}

Test(kernel_link, its_address)
{
	struct kernel_link lo;
	bool found = false;

	if (kernel_link_get("lo", &lo) || !(lo.flags & IFF_UP))
		cr_skip_test("the loopback interface is down");
	cr_expect_eq(kernel_address_each(look_for_address, &found), 0);
	cr_expect(found);
}

Test(kernel_link, an_interface_that_is_not_there)
{
	struct kernel_link link;
	struct kernel_channels channels;

	cr_expect_eq(kernel_link_get("nonesuch0", &link), -ENODEV);
	cr_expect_eq(kernel_link_channels("nonesuch0", &channels), -ENODEV);
	cr_expect_eq(channels.rx, 1);
}
