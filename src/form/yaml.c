#include "form/yaml.h"

#include <string.h>
#include <yaml.h>

#include "base/intl.h"
#include "base/lookup.h"
#include "base/strings.h"
#include "base/xmem.h"
#include "text/utf8.h"

enum { TEXT_LIMIT = 1 << 20, DEPTH_LIMIT = 32 };

struct reading {
    yaml_parser_t parser;
    const char *file;
    struct error *err;
};

static enum status fail(struct reading *r, const yaml_mark_t *mark, const char *what)
{
    return error_at(r->err, E_PARSE, r->file, mark->line + 1, mark->column + 1, "%s", what);
}

/* What libyaml says, in words for who writes forms; what is not here stays in English. */
static const char *problem_text(const char *problem)
{
    static const struct {
        const char *begin, *text;
    } texts[] = {
        {"found character that cannot start any token",
         N_("タブや、引用符の要る記号で始まっています。字下げは空白で、記号は \"...\" の中に")},
        {"mapping values are not allowed",
         N_("ここに「:」は置けません。字下げか、値を囲む引用符を確かめてください")},
        {"did not find expected key", N_("字下げが上の行とそろっていません")},
        {"did not find expected '-' indicator", N_("字下げが上の「-」とそろっていません")},
        {"could not find expected ':'", N_("名のあとに「:」がありません")},
        {"found unexpected end of stream", N_("引用符が閉じていません")},
        {"did not find expected ',' or ']'", N_("「[」が閉じていません")},
        {"did not find expected ',' or '}'", N_("「{」が閉じていません")},
        {"did not find expected node content", N_("値がありません")},
    };
    for (size_t i = 0; problem && i < ARRAY_LEN(texts); i++)
        if (str_starts(problem, texts[i].begin))
            return _(texts[i].text);
    return problem ? problem : "YAML";
}

static enum status next(struct reading *r, yaml_event_t *event)
{
    if (yaml_parser_parse(&r->parser, event))
        return OK;
    const char *problem = problem_text(r->parser.problem);
    return error_at(r->err, E_PARSE, r->file, r->parser.problem_mark.line + 1,
                    r->parser.problem_mark.column + 1, _("YAMLの書き方が正しくありません（%s）"),
                    problem);
}

struct yaml *yaml_new(enum yaml_kind kind)
{
    struct yaml *node = xcalloc(1, sizeof *node);
    node->kind = (uint8_t)kind;
    node->line = node->column = 1;
    return node;
}

struct yaml *yaml_new_text(const char *text)
{
    size_t size = strlen(text) + 1;
    struct yaml *node = xcalloc(1, sizeof *node + size);
    node->text = memcpy(node + 1, text, size);
    node->kind = YAML_TEXT;
    node->line = node->column = 1;
    return node;
}

void yaml_add(struct yaml *list, struct yaml *item)
{
    list->items = xroom(list->items, list->count, sizeof(struct yaml *));
    list->items[list->count++] = item;
}

void yaml_put(struct yaml *map, const char *key, struct yaml *value)
{
    yaml_add(map, yaml_new_text(key));
    yaml_add(map, value);
}

static struct yaml *placed(struct yaml *node, const yaml_mark_t *mark)
{
    node->line = (uint32_t)mark->line + 1;
    node->column = (uint32_t)mark->column + 1;
    return node;
}

static bool is_tagged(const yaml_event_t *e)
{
    switch (e->type) {
    case YAML_SCALAR_EVENT:
        return e->data.scalar.anchor || e->data.scalar.tag;
    case YAML_SEQUENCE_START_EVENT:
        return e->data.sequence_start.anchor || e->data.sequence_start.tag;
    case YAML_MAPPING_START_EVENT:
        return e->data.mapping_start.anchor || e->data.mapping_start.tag;
    default:
        return e->type == YAML_ALIAS_EVENT;
    }
}

static enum status read_node(struct reading *r, yaml_event_t *event, int depth, struct yaml **out);

/* A key is a text that has not stood in the map before. */
static enum status check_key(struct reading *r, const struct yaml *map, const struct yaml *key,
                             struct lookup *seen)
{
    size_t before;
    if (key->kind != YAML_TEXT)
        return error_at(r->err, E_PARSE, r->file, key->line, key->column,
                        _("項目の名は文字で書いてください"));
    if (lookup_find(seen, key->text, &before))
        return error_at(r->err, E_PARSE, r->file, key->line, key->column,
                        _("「%s」が二度書かれています（%zu行目にもあります）"), key->text,
                        (size_t)map->items[before]->line);
    lookup_add(seen, key->text, map->count);
    return OK;
}

static enum status read_items(struct reading *r, struct yaml *node, int depth, struct lookup *seen)
{
    yaml_event_type_t end =
        node->kind == YAML_MAP ? YAML_MAPPING_END_EVENT : YAML_SEQUENCE_END_EVENT;
    for (;;) {
        yaml_event_t event;
        struct yaml *item;
        enum status st = next(r, &event);
        if (st)
            return st;
        if (event.type == end) {
            yaml_event_delete(&event);
            return OK;
        }
        st = read_node(r, &event, depth + 1, &item);
        yaml_event_delete(&event);
        if (st)
            return st;
        if (node->kind == YAML_MAP && node->count % 2 == 0)
            st = check_key(r, node, item, seen);
        yaml_add(node, item);
        if (st)
            return st;
    }
}

static enum status read_node(struct reading *r, yaml_event_t *event, int depth, struct yaml **out)
{
    *out = NULL;
    if (is_tagged(event))
        return fail(r, &event->start_mark, _("アンカー・別名・タグ（& * !）は使えません"));
    if (depth > DEPTH_LIMIT)
        return fail(r, &event->start_mark, _("入れ子が深すぎます"));
    enum status st = OK;
    if (event->type == YAML_SCALAR_EVENT) {
        const char *value = (const char *)event->data.scalar.value;
        if (strlen(value) != event->data.scalar.length)
            return fail(r, &event->start_mark, _("使えない文字（NUL）があります"));
        *out = placed(yaml_new_text(value), &event->start_mark);
        (*out)->column += event->data.scalar.style == YAML_SINGLE_QUOTED_SCALAR_STYLE ||
                          event->data.scalar.style == YAML_DOUBLE_QUOTED_SCALAR_STYLE;
    } else {
        *out = placed(yaml_new(event->type == YAML_MAPPING_START_EVENT ? YAML_MAP : YAML_LIST),
                      &event->start_mark);
        struct lookup seen = LOOKUP_INIT;
        st = read_items(r, *out, depth, &seen);
        lookup_free(&seen);
    }
    if (st)
        yaml_drop(out);
    return st;
}

/* Stream start, document start, the root, document end, stream end: one document. */
static enum status read_document(struct reading *r, struct yaml **out)
{
    yaml_event_t event;
    enum status st = OK;
    *out = NULL;
    for (;;) {
        st = next(r, &event);
        if (st)
            return st;
        yaml_event_type_t type = event.type;
        if (type == YAML_STREAM_END_EVENT) {
            if (!*out)
                st = fail(r, &event.start_mark, _("中身がありません"));
        } else if (type == YAML_DOCUMENT_START_EVENT && *out) {
            st = fail(r, &event.start_mark, _("一つのファイルには一つの文書を書いてください"));
        } else if (type != YAML_STREAM_START_EVENT && type != YAML_DOCUMENT_START_EVENT &&
                   type != YAML_DOCUMENT_END_EVENT) {
            st = read_node(r, &event, 0, out);
        }
        yaml_event_delete(&event);
        if (st || type == YAML_STREAM_END_EVENT)
            return st;
    }
}

enum status yaml_read(const char *text, const char *file, struct yaml **out, struct error *err)
{
    struct reading r = {.file = file, .err = err};
    size_t len = strlen(text);
    *out = NULL;
    if (len > TEXT_LIMIT)
        return error_at(err, E_LIMIT, file, 0, 0, _("様式のファイルは1MiBまでです"));
    for (size_t at = 0, line = 1; at < len;) {
        uint32_t cp;
        size_t used = utf8_decode(text + at, len - at, &cp);
        if (cp == UTF8_BAD)
            return error_at(err, E_PARSE, file, line, 0, _("UTF-8でない文字があります"));
        line += cp == '\n';
        at += used;
    }
    if (!yaml_parser_initialize(&r.parser))
        return error_set(err, E_INTERNAL, "libyaml");
    yaml_parser_set_encoding(&r.parser, YAML_UTF8_ENCODING);
    yaml_parser_set_input_string(&r.parser, (const unsigned char *)text, len);
    enum status st = read_document(&r, out);
    yaml_parser_delete(&r.parser);
    if (st)
        yaml_drop(out);
    return st;
}

void yaml_drop(struct yaml **slot)
{
    struct yaml *node = *slot;
    if (!node)
        return;
    for (size_t i = 0; i < node->count; i++)
        yaml_drop(&node->items[i]);
    if (node->kind != YAML_TEXT)
        xfree(&node->items);
    xfree(slot);
}

struct yaml *yaml_get(const struct yaml *map, const char *key)
{
    for (size_t i = 0; map && map->kind == YAML_MAP && i + 1 < map->count; i += 2)
        if (strcmp(map->items[i]->text, key) == 0)
            return map->items[i + 1];
    return NULL;
}

const char *yaml_text(const struct yaml *map, const char *key)
{
    const struct yaml *value = yaml_get(map, key);
    return value && value->kind == YAML_TEXT ? value->text : NULL;
}

bool yaml_is_true(const char *text)
{
    static const char *const words[] = {"yes", "true", "on", "TRUE", "True", "Yes", "YES"};
    for (size_t i = 0; i < ARRAY_LEN(words); i++)
        if (strcmp(words[i], text) == 0)
            return true;
    return false;
}

void yaml_mark(struct yaml *node, uint16_t source)
{
    node->source = source;
    for (size_t i = 0; i < node->count; i++)
        yaml_mark(node->items[i], source);
}

void yaml_splice(struct yaml *list, size_t at, struct yaml *other)
{
    struct yaml *whole = yaml_new(YAML_LIST);
    for (size_t i = 0; i < list->count; i++) {
        if (i != at) {
            yaml_add(whole, list->items[i]);
            continue;
        }
        yaml_drop(&list->items[i]);
        for (size_t k = 0; other && k < other->count; k++)
            yaml_add(whole, other->items[k]);
    }
    xfree(&list->items);
    list->items = whole->items;
    list->count = whole->count;
    xfree(&whole);
    if (other)
        other->count = 0;
}

/* --- Writing --- */

static int append(void *context, unsigned char *data, size_t len)
{
    buffer_add(context, data, len);
    return 1;
}

static void emit(yaml_emitter_t *emitter, const struct yaml *node, bool line)
{
    yaml_event_t e;
    if (node->kind == YAML_TEXT) {
        yaml_scalar_style_t style = !strchr(node->text, '\n') ? YAML_ANY_SCALAR_STYLE
                                    : line                    ? YAML_DOUBLE_QUOTED_SCALAR_STYLE
                                                              : YAML_LITERAL_SCALAR_STYLE;
        yaml_scalar_event_initialize(&e, NULL, NULL, (const yaml_char_t *)node->text,
                                     (int)strlen(node->text), 1, 1, style);
        yaml_emitter_emit(emitter, &e);
        return;
    }
    bool map = node->kind == YAML_MAP;
    if (map)
        yaml_mapping_start_event_initialize(
            &e, NULL, NULL, 1, line ? YAML_FLOW_MAPPING_STYLE : YAML_BLOCK_MAPPING_STYLE);
    else
        yaml_sequence_start_event_initialize(
            &e, NULL, NULL, 1, line ? YAML_FLOW_SEQUENCE_STYLE : YAML_BLOCK_SEQUENCE_STYLE);
    yaml_emitter_emit(emitter, &e);
    for (size_t i = 0; i < node->count; i++)
        emit(emitter, node->items[i], line);
    if (map)
        yaml_mapping_end_event_initialize(&e);
    else
        yaml_sequence_end_event_initialize(&e);
    yaml_emitter_emit(emitter, &e);
}

static void write_document(const struct yaml *node, bool line, struct buffer *out)
{
    yaml_emitter_t emitter;
    yaml_event_t e;
    yaml_emitter_initialize(&emitter);
    yaml_emitter_set_output(&emitter, append, out);
    yaml_emitter_set_unicode(&emitter, 1);
    yaml_emitter_set_width(&emitter, -1);
    yaml_stream_start_event_initialize(&e, YAML_UTF8_ENCODING);
    yaml_emitter_emit(&emitter, &e);
    yaml_document_start_event_initialize(&e, NULL, NULL, NULL, 1);
    yaml_emitter_emit(&emitter, &e);
    emit(&emitter, node, line);
    yaml_document_end_event_initialize(&e, 1);
    yaml_emitter_emit(&emitter, &e);
    yaml_stream_end_event_initialize(&e);
    yaml_emitter_emit(&emitter, &e);
    yaml_emitter_delete(&emitter);
}

void yaml_write(const struct yaml *node, struct buffer *out)
{
    write_document(node, false, out);
}

void yaml_write_line(const struct yaml *node, struct buffer *out)
{
    write_document(node, true, out);
    while (out->len && out->data[out->len - 1] == '\n')
        out->data[--out->len] = '\0';
}
