// SPDX-License-Identifier: BSD-3-Clause
#include "control/config/tree.h"

#include <stdlib.h>
#include <string.h>
#include <yaml.h>

#include "control/alloc.h"
#include "control/config/complaints.h"

enum {
	DEPTH_MAX = 16,	    // the schema needs eight
	NODES_MAX = 500000, // keeps a hostile file from taking all memory
};

struct builder {
	yaml_parser_t parser;
	yaml_event_t event; // the one to look at
	struct complaints *complaints;
	uint32_t file;
	const char *text;
	size_t length;
	size_t n_nodes;
};

static struct config_place place_of(const struct builder *b, yaml_mark_t mark)
{
	return (struct config_place){(uint32_t)mark.line + 1, (uint32_t)mark.column + 1, b->file};
}

// The place of an octet; columns count characters, as YAML's do.
static struct config_place place_at(const struct builder *b, size_t offset)
{
	struct config_place place = {1, 1, b->file};

	for (size_t i = 0; i < offset && i < b->length; i++) {
		if (b->text[i] == '\n') {
			place.line++;
			place.column = 1;
		} else if (((unsigned char)b->text[i] & 0xc0) != 0x80) {
			place.column++;
		}
	}
	return place;
}

static bool is_tab_at(const struct builder *b, struct config_place place)
{
	struct config_place here = {1, 1};

	for (size_t i = 0; i < b->length && here.line <= place.line; i++) {
		if (here.line == place.line && here.column == place.column)
			return b->text[i] == '\t';
		if (b->text[i] == '\n')
			here = (struct config_place){here.line + 1, 1};
		else if (((unsigned char)b->text[i] & 0xc0) != 0x80)
			here.column++;
	}
	return false;
}

static void complain_octets(struct builder *b)
{
	struct config_place place = place_at(b, b->parser.problem_offset);

	if (b->parser.problem_value < 0)
		complain(b->complaints, place, "", "not a text file in UTF-8: %s",
			 b->parser.problem);
	else
		complain(b->complaints, place, "", "not a text file in UTF-8: %s (0x%02x)",
			 b->parser.problem, (unsigned int)b->parser.problem_value);
}

static void complain_syntax(struct builder *b)
{
	struct config_place place = place_of(b, b->parser.problem_mark);

	if (b->parser.error == YAML_READER_ERROR)
		complain_octets(b);
	else if (is_tab_at(b, place))
		complain(b->complaints, place, "",
			 "not valid YAML: there is a tab; YAML is indented with spaces");
	else if (b->parser.context)
		complain(b->complaints, place, "", "not valid YAML: %s (%s)", b->parser.problem,
			 b->parser.context);
	else
		complain(b->complaints, place, "", "not valid YAML: %s", b->parser.problem);
}

// Go on to the next event. Returns false, with a complaint, if there is none.
static bool advance(struct builder *b)
{
	yaml_event_delete(&b->event);
	if (yaml_parser_parse(&b->parser, &b->event))
		return true;
	if (b->parser.error == YAML_MEMORY_ERROR)
		complain(b->complaints, (struct config_place){.file = b->file}, "",
			 "out of memory");
	else
		complain_syntax(b);
	return false;
}

static void refuse_decoration(struct builder *b, const yaml_char_t *anchor, const yaml_char_t *tag)
{
	struct config_place place = place_of(b, b->event.start_mark);

	if (anchor)
		complain(b->complaints, place, "",
			 "anchors (&%s) are not supported; write the values out where they belong",
			 (const char *)anchor);
	if (tag)
		complain(b->complaints, place, "",
			 "tags (%s) are not supported; write the value alone",
			 quoted((const char *)tag).text);
}

static struct node *build(struct builder *b, unsigned int depth);

// Append nodes until "end". Returns false if the document is no good.
static bool build_children(struct builder *b, struct node *parent, yaml_event_type_t end,
			   unsigned int depth)
{
	struct node **tail = &parent->first;

	while (advance(b)) {
		if (b->event.type == end)
			return true;
		*tail = build(b, depth + 1);
		if (!*tail)
			return false;
		tail = &(*tail)->next;
	}
	return false;
}

// Give the node what its event says. Returns false if the document is no good.
static bool fill(struct builder *b, struct node *node, unsigned int depth)
{
	yaml_event_t *event = &b->event;

	switch (event->type) {
	case YAML_SCALAR_EVENT:
		node->kind = NODE_TEXT;
		node->length = event->data.scalar.length;
		node->text = alloc_text((const char *)event->data.scalar.value, node->length);
		refuse_decoration(b, event->data.scalar.anchor, event->data.scalar.tag);
		return true;
	case YAML_SEQUENCE_START_EVENT:
		node->kind = NODE_LIST;
		refuse_decoration(b, event->data.sequence_start.anchor,
				  event->data.sequence_start.tag);
		return build_children(b, node, YAML_SEQUENCE_END_EVENT, depth);
	case YAML_MAPPING_START_EVENT:
		node->kind = NODE_MAP;
		refuse_decoration(b, event->data.mapping_start.anchor,
				  event->data.mapping_start.tag);
		return build_children(b, node, YAML_MAPPING_END_EVENT, depth);
	default: // an alias: nothing else can stand here
		node->kind = NODE_UNREADABLE;
		complain(b->complaints, node->place, "",
			 "aliases (*%s) are not supported; write the value out",
			 (const char *)event->data.alias.anchor);
		return true;
	}
}

// Build the node that begins with the event at hand.
static struct node *build(struct builder *b, unsigned int depth)
{
	struct config_place place = place_of(b, b->event.start_mark);

	if (depth > DEPTH_MAX || ++b->n_nodes > NODES_MAX) {
		complain(b->complaints, place, "",
			 depth > DEPTH_MAX ? "nested too deep; no key stands so deep"
					   : "more values than any configuration needs");
		return NULL;
	}

	struct node *node = alloc_zero(sizeof(*node));
	node->place = place;
	if (fill(b, node, depth))
		return node;
	tree_free(node);
	return NULL;
}

// What an empty file is.
static struct node *build_empty(struct builder *b)
{
	struct node *map;

	if (b->file == 0) {
		complain(b->complaints, (struct config_place){1, 1}, "",
			 "the file is empty; it begins with version: 1");
		return NULL;
	}
	map = alloc_zero(sizeof(*map));
	map->kind = NODE_MAP;
	map->place = (struct config_place){1, 1, b->file};
	return map;
}

// From the start of the stream to its end, with one document in between.
static struct node *build_document(struct builder *b)
{
	if (!advance(b) || !advance(b)) // the start of the stream, then what is in it
		return NULL;
	if (b->event.type == YAML_STREAM_END_EVENT)
		return build_empty(b);
	if (!advance(b))
		return NULL;
	if (b->event.type == YAML_SCALAR_EVENT && b->event.data.scalar.length == 0)
		return build_empty(b);

	struct node *root = build(b, 0);
	if (!root || !advance(b) || !advance(b)) { // the ends of document and stream
		tree_free(root);
		return NULL;
	}
	if (b->event.type != YAML_STREAM_END_EVENT)
		complain(b->complaints, place_of(b, b->event.start_mark), "",
			 "a second document begins; a configuration is one document");
	return root;
}

struct node *tree_read(uint32_t file, const char *text, size_t length,
		       struct complaints *complaints)
{
	struct builder b = {.complaints = complaints, .file = file, .text = text, .length = length};

	if (length >= 3 && memcmp(text, "\xef\xbb\xbf", 3) == 0) { // a byte order mark
		b.text += 3;
		b.length -= 3;
	}
	if (!yaml_parser_initialize(&b.parser)) {
		complain(complaints, (struct config_place){.file = file}, "", "out of memory");
		return NULL;
	}
	yaml_parser_set_encoding(&b.parser, YAML_UTF8_ENCODING);
	yaml_parser_set_input_string(&b.parser, (const unsigned char *)b.text, b.length);
	struct node *root = build_document(&b);
	yaml_event_delete(&b.event);
	yaml_parser_delete(&b.parser);
	return root;
}

void tree_free(struct node *root)
{
	while (root) {
		struct node *next = root->next;

		tree_free(root->first);
		free(root->text);
		free(root);
		root = next;
	}
}

bool node_is_nothing(const struct node *node)
{
	return node->kind == NODE_TEXT && !node->length;
}

bool node_is(const struct node *node, const char *key)
{
	return node->kind == NODE_TEXT && strcmp(node->text, key) == 0;
}
