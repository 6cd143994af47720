// SPDX-License-Identifier: BSD-3-Clause
// Which exchange of an IX-F member export is meant: a feed may hold several.
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "control/import/field.h"
#include "control/import/ixf.h"
#include "control/import/target.h"

static void add_choice(struct ixf *ixf, const json_t *object, const char *where, const char *name)
{
	enum { CHOICES_MAX = 100 };
	uint64_t id;
	char text[24];

	if (field_number(ixf->feed->complaints, object, "ixp_id", where, INT64_MAX, &id) !=
		    FIELD_GOOD ||
	    json_object_size(ixf->choices) == CHOICES_MAX)
		return;
	snprintf(text, sizeof(text), "%" PRIu64, id);
	if (!json_object_get(ixf->choices, text))
		json_object_set_new(ixf->choices, text, json_string(name ? name : ""));
}

static void gather_listed(struct ixf *ixf, const json_t *list)
{
	for (size_t i = 0; i < json_array_size(list); i++) {
		const json_t *ixp = json_array_get(list, i);
		const char *name = json_string_value(json_object_get(ixp, "shortname"));

		if (!name)
			name = json_string_value(json_object_get(ixp, "name"));
		add_choice(ixf, ixp, path("ixp_list[%zu]", i).text, name);
	}
}

// Where no exchange is listed, those that the connections are to.
static void gather_connected(struct ixf *ixf, const json_t *members)
{
	for (size_t i = 0; i < json_array_size(members); i++) {
		const json_t *list = json_object_get(json_array_get(members, i), "connection_list");

		for (size_t c = 0; c < json_array_size(list); c++)
			add_choice(ixf, json_array_get(list, c),
				   path("member_list[%zu].connection_list[%zu]", i, c).text, NULL);
	}
}

// "1 \"EXAMPLE-A\", 2 \"EXAMPLE-B\""
static void list_choices(const json_t *choices, char *text, size_t size)
{
	size_t used = 0;

	*text = 0;
	for (void *at = json_object_iter((json_t *)choices); at && used < size;
	     at = json_object_iter_next((json_t *)choices, at)) {
		const char *name = json_string_value(json_object_iter_value(at));

		used += (size_t)snprintf(text + used, size - used, "%s%s%s%s", used ? ", " : "",
					 json_object_iter_key(at), *name ? " " : "",
					 *name ? quoted(name).text : "");
	}
}

static bool choose_ixp(struct ixf *ixf)
{
	uint64_t wanted = ixf->feed->target->ixp_id;
	size_t n = json_object_size(ixf->choices);
	char choices[512];

	list_choices(ixf->choices, choices, sizeof(choices));
	if (wanted) {
		snprintf(ixf->ixp, sizeof(ixf->ixp), "%" PRIu64, wanted);
		if (!n || json_object_get(ixf->choices, ixf->ixp))
			return true;
		feed_wrong(ixf->feed, "ixp_list", "there is no ixp_id %s; there are %s", ixf->ixp,
			   choices);
		return false;
	}
	if (n > 1) {
		feed_wrong(ixf->feed, "ixp_list", "several exchanges; choose one with --ixp-id: %s",
			   choices);
		return false;
	}
	void *first = json_object_iter(ixf->choices);
	if (first)
		snprintf(ixf->ixp, sizeof(ixf->ixp), "%.20s", json_object_iter_key(first));
	return true;
}

// A prefix, as "192.0.2.0" and 24, or as "192.0.2.0/24".
static void read_prefix(struct ixf *ixf, const json_t *vlan, const char *key, const char *where,
			struct ip_prefix *prefix)
{
	struct path inner = path("%s.%s", where, key);
	const json_t *map = field_map(ixf->feed->complaints, vlan, key, where);
	const char *text = field_text(ixf->feed->complaints, map, "prefix", inner.text);
	char whole[IP_PREFIX_TEXT_SIZE];
	uint64_t length = 0;

	enum field found =
		field_number(ixf->feed->complaints, map, "mask_length", inner.text, 128, &length);
	if (!text || (found != FIELD_GOOD && !strchr(text, '/')))
		return;
	if (strchr(text, '/'))
		snprintf(whole, sizeof(whole), "%s", text);
	else
		snprintf(whole, sizeof(whole), "%.45s/%" PRIu64, text, length);
	int err = ip_prefix_parse(whole, prefix);
	if (err == -EDOM)
		ip_prefix_mask(prefix);
	else if (err) {
		*prefix = (struct ip_prefix){0};
		feed_warn(ixf->feed, inner.text, "%s is no prefix, ignored", quoted(whole).text);
	}
}

static void read_vlans(struct ixf *ixf, const json_t *ixp, const char *where)
{
	const json_t *vlans = field_list(ixf->feed->complaints, ixp, "vlan", where);

	for (size_t i = 0; i < json_array_size(vlans) && ixf->n_vlans < IXF_VLANS_MAX; i++) {
		const json_t *vlan = json_array_get(vlans, i);
		struct path inner = path("%s.vlan[%zu]", where, i);
		struct ixf_vlan *new = &ixf->vlans[ixf->n_vlans];

		*new = (struct ixf_vlan){0};
		if (field_number(ixf->feed->complaints, vlan, "id", inner.text, INT64_MAX,
				 &new->id) != FIELD_GOOD)
			continue;
		read_prefix(ixf, vlan, "ipv4", inner.text, &new->prefixes[0]);
		read_prefix(ixf, vlan, "ipv6", inner.text, &new->prefixes[1]);
		ixf->n_vlans++;
	}
}

static bool is_chosen(const struct ixf *ixf, const json_t *object)
{
	const json_t *id = json_object_get(object, "ixp_id");
	char text[24];

	if (!*ixf->ixp || !id || json_is_null(id))
		return json_object_size(ixf->choices) <= 1;
	if (json_is_string(id))
		return strcmp(json_string_value(id), ixf->ixp) == 0;
	snprintf(text, sizeof(text), "%" JSON_INTEGER_FORMAT, json_integer_value(id));
	return strcmp(text, ixf->ixp) == 0;
}

bool ixf_choose(struct ixf *ixf, const json_t *document)
{
	const json_t *list = field_list(ixf->feed->complaints, document, "ixp_list", "");

	gather_listed(ixf, list);
	if (!json_object_size(ixf->choices))
		gather_connected(ixf, json_object_get(document, "member_list"));
	if (!choose_ixp(ixf))
		return false;
	for (size_t i = 0; i < json_array_size(list); i++) {
		if (is_chosen(ixf, json_array_get(list, i)))
			read_vlans(ixf, json_array_get(list, i), path("ixp_list[%zu]", i).text);
	}
	return true;
}

const struct ixf_vlan *ixf_find_vlan(const struct ixf *ixf, uint64_t id)
{
	for (size_t i = 0; i < ixf->n_vlans; i++) {
		if (ixf->vlans[i].id == id)
			return &ixf->vlans[i];
	}
	return NULL;
}

bool ixf_is_ours(struct ixf *ixf, const json_t *connection, const char *where)
{
	if (is_chosen(ixf, connection))
		return true;
	if (!ixf->feed->target->ixp_id)
		feed_warn(ixf->feed, where, "left out: it is to an exchange that is not listed");
	else if (!json_object_get(connection, "ixp_id"))
		feed_warn(ixf->feed, where, "left out: it does not say to which exchange it is");
	return false;
}
