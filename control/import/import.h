// SPDX-License-Identifier: BSD-3-Clause
// From feeds of members to members.yaml: octets to a document (document.h), a document to a struct
// import (an importer, for each kind of feed), that to YAML (write.h). All of it is pure.
#pragma once

#include <jansson.h>

struct complaints;
struct import;
struct import_target;

// Read a document into an empty import; complain of what is wrong. Free the import in any case.
typedef void importer(struct import *import, const json_t *document,
		      const struct import_target *target, struct complaints *complaints);

// IXP Manager's provisioner document "layer2interfaces": one entry a port of a switch, and for a
// LAG one for itself and one for each of its members. What the fabric cannot do yet is kept as
// comments, with a warning: LAGs, and rate limits.
extern importer import_ixp_manager;

// An IX-F member export, 0.4 to 1.0: one entry a member, with its connections and their addresses.
// It goes by what stands in it, never by its version. Which port a connection is the port map says.
extern importer import_ixf;
