// SPDX-License-Identifier: BSD-3-Clause
#include "control/import/document.h"

#include <string.h>

#include "control/config/complaints.h"
#include "control/config/tree.h"

static json_t *convert(const struct node *node);

static json_t *convert_text(const struct node *node)
{
	if (node->length == 0 || (node->length == 1 && *node->text == '~'))
		return json_null();
	return json_stringn(node->text, node->length) ?: json_null();
}

static json_t *convert_list(const struct node *node)
{
	json_t *list = json_array();

	for (const struct node *item = node->first; item; item = item->next)
		json_array_append_new(list, convert(item));
	return list;
}

// Of a key that stands twice the last one counts, as in JSON.
static json_t *convert_map(const struct node *node)
{
	json_t *map = json_object();

	for (const struct node *key = node->first; key; key = key->next->next) {
		if (key->kind == NODE_TEXT)
			json_object_set_new(map, key->text, convert(key->next));
	}
	return map;
}

static json_t *convert(const struct node *node)
{
	switch (node->kind) {
	case NODE_LIST:
		return convert_list(node);
	case NODE_MAP:
		return convert_map(node);
	case NODE_TEXT:
		return convert_text(node);
	default:
		return json_null();
	}
}

static json_t *read_yaml(const char *text, size_t length, struct complaints *complaints)
{
	size_t before = complaints->n_errors;
	struct node *root = tree_read(0, text, length, complaints);
	json_t *document = root && complaints->n_errors == before ? convert(root) : NULL;

	tree_free(root);
	return document;
}

static json_t *read_json(const char *text, size_t length, struct complaints *complaints)
{
	json_error_t error;
	json_t *document = json_loadb(text, length, 0, &error);

	if (!document)
		complain(complaints,
			 (struct config_place){error.line > 0 ? (uint32_t)error.line : 1,
					       error.column > 0 ? (uint32_t)error.column : 1},
			 "", "not valid JSON: %s", quoted(error.text).text);
	return document;
}

static bool looks_like_json(const char *text, size_t length)
{
	for (size_t i = 0; i < length; i++) {
		if (!strchr(" \t\r\n", text[i]))
			return text[i] == '{' || text[i] == '[';
	}
	return false;
}

json_t *document_read(const char *text, size_t length, struct complaints *complaints)
{
	json_t *document;

	if (length >= 3 && memcmp(text, "\xef\xbb\xbf", 3) == 0) { // a byte order mark
		text += 3;
		length -= 3;
	}
	if (length > DOCUMENT_MAX) {
		complain(complaints, (struct config_place){0}, "",
			 "larger than %d MiB; no list of members is", DOCUMENT_MAX >> 20);
		return NULL;
	}
	if (looks_like_json(text, length))
		document = read_json(text, length, complaints);
	else
		document = read_yaml(text, length, complaints);
	if (!document || json_is_object(document))
		return document;
	complain(complaints, (struct config_place){0}, "", "not an object with keys");
	json_decref(document);
	return NULL;
}
