// SPDX-License-Identifier: BSD-3-Clause
#include "lib/lacp.h"

const char *const lacp_reasons[LACP_REASONS] = {
	[LACP_CARRIES] = "carries frames",
	[LACP_DOWN] = "no carrier, or disabled",
	[LACP_SILENT] = "no LACPDU from the partner",
	[LACP_STOPPED] = "no more LACPDUs from the partner",
	[LACP_OWN_SYSTEM] = "connected to this fabric itself",
	[LACP_INDIVIDUAL] = "the partner wants it in no LAG",
	[LACP_OTHER_SYSTEM] = "connected to another system than the other links",
	[LACP_OTHER_KEY] = "in another LAG of the partner than the other links",
	[LACP_WAITING] = "about to join",
	[LACP_UNHEARD] = "the partner does not hear our LACPDUs",
	[LACP_NOT_IN_SYNC] = "the partner does not want it, or not yet",
	[LACP_NOT_COLLECTING] = "the partner takes no frames from it yet",
};
