// SPDX-License-Identifier: BSD-3-Clause
// Any octets as a configuration: it is read, or there is a complaint; and a configuration does not
// differ from itself.
#include <stdint.h>
#include <stdlib.h>

#include "control/config/config.h"
#include "control/config/diff.h"
#include "tests/fuzz/fuzz.h"

static void check_diff(const struct config *config)
{
	struct config_changes changes;

	config_diff(config, config, &changes);
	if (changes.n || config_diff_removed_ports(config, config))
		abort();
	config_changes_free(&changes);
	config_diff(NULL, config, &changes);
	if (changes.n < config->n_lans + config->n_ports)
		abort();
	config_changes_free(&changes);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct config_errors errors;
	struct config *config = config_read("fuzz", (const char *)data, size, &errors);

	if (!config && !errors.n)
		abort();
	if (config)
		check_diff(config);
	config_errors_free(&errors);
	config_free(config);
	return 0;
}
