#include "store/event.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/intl.h"
#include "base/xmem.h"

static const struct {
    const char *name;
    bool sealed, history;
} ops[] = {
#define EVENT_OP_ROW(op, name, sealed, history) {name, sealed, history},
    EVENT_OP_LIST(EVENT_OP_ROW)
#undef EVENT_OP_ROW
};

const char *event_op_name(enum event_op op)
{
    return ops[op].name;
}

bool event_op_sealed(enum event_op op)
{
    return ops[op].sealed;
}

bool event_op_history(enum event_op op)
{
    return ops[op].history;
}

void event_free(struct event *event)
{
    strings_free(&event->bases);
    xfree(&event->header);
    xfree(&event->body);
    xfree(&event->seal);
}

long form_version(const char *form, char id[48])
{
    const char *at = strchr(form, '@');
    id[0] = '\0';
    if (!at || at - form >= 48)
        return 0;
    memcpy(id, form, (size_t)(at - form));
    id[at - form] = '\0';
    return atol(at + 1);
}

bool event_day(const struct event *event, struct date *out)
{
    char day[ISO_DATE_SIZE];
    snprintf(day, sizeof day, "%.10s", event->at);
    return iso_date_parse(out, day);
}

long event_form(const struct event *event, char id[48])
{
    return form_version(event->form, id);
}

struct line event_body(void)
{
    struct line body = LINE_INIT;
    uint8_t salt[32];
    char hex[65];
    random_bytes(salt, sizeof salt);
    hex_encode(hex, salt, sizeof salt);
    line_add_text(&body, "salt", hex);
    return body;
}

static void write_header(const struct event *e, struct buffer *out)
{
    struct line line = LINE_INIT;
    line_add_number(&line, "v", 1);
    line_add_text(&line, "device", e->device);
    line_add_number(&line, "seq", e->seq);
    line_add_text(&line, "prev", e->prev);
    line_add_text(&line, "record", e->record);
    line_add_text(&line, "form", e->form);
    line_add_text(&line, "op", event_op_name(e->op));
    struct strings *bases = line_add_list(&line, "bases");
    for (size_t i = 0; i < e->bases.count; i++)
        strings_add(bases, e->bases.items[i]);
    line_add_text(&line, "actor", e->actor);
    line_add_number(&line, "reg", e->reg);
    line_add_text(&line, "at", e->at);
    line_add_number(&line, "mono", e->mono);
    line_add_text(&line, "boot", e->boot);
    line_add_text(&line, "body", e->body_hash);
    line_write(&line, out);
    line_free(&line);
}

void event_make(struct event *event, const struct line *body, const struct key_pair *actor)
{
    struct buffer text = BUFFER_INIT;
    line_write(body, &text);
    hash_hex_of(event->body_hash, "satomado-body-1", text.data, text.len);
    event->body = buffer_steal(&text);
    if (actor)
        memcpy(event->actor, actor->fingerprint, sizeof event->actor);
    strings_sort(&event->bases);
    write_header(event, &text);
    uint8_t hash[HASH_SIZE], seal[SEAL_SIZE];
    hash_of(hash, "satomado-event-1", text.data, text.len);
    hex_encode(event->hash, hash, sizeof hash);
    event->header = buffer_steal(&text);
    if (event_op_sealed(event->op) && actor) {
        char hex[SEAL_HEX_SIZE];
        seal_sign(seal, &actor->seal, "satomado-act-1", hash, sizeof hash);
        hex_encode(hex, seal, sizeof seal);
        event->seal = xasprintf("{\"sign\":\"%s\"}", hex);
    }
}

/* --- Reading --- */

static bool is_hash(const char *text)
{
    uint8_t bytes[HASH_SIZE];
    return text && hex_decode(bytes, sizeof bytes, text);
}

static bool copy(char *out, size_t size, const char *text)
{
    if (!text || strlen(text) >= size)
        return false;
    memcpy(out, text, strlen(text) + 1);
    return true;
}

static bool is_uuid(const char *text)
{
    static const char shape[] = "xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx";
    if (strlen(text) != sizeof shape - 1)
        return false;
    for (size_t i = 0; i < sizeof shape - 1; i++)
        if (shape[i] == '-' ? text[i] != '-' : !strchr("0123456789abcdef", text[i]))
            return false;
    return true;
}

static bool op_of(const char *name, enum event_op *op)
{
    for (size_t i = 0; name && i < ARRAY_LEN(ops); i++)
        if (strcmp(ops[i].name, name) == 0) {
            *op = (enum event_op)i;
            return true;
        }
    return false;
}

/* What write_header() writes. A line that was read is written as it should be, so these names in
 * this order make it the same bytes. */
static bool header_members(const struct line *line)
{
    static const struct {
        const char *name;
        enum line_kind kind;
    } members[] = {
        {"v", LINE_NUMBER},    {"device", LINE_TEXT}, {"seq", LINE_NUMBER}, {"prev", LINE_TEXT},
        {"record", LINE_TEXT}, {"form", LINE_TEXT},   {"op", LINE_TEXT},    {"bases", LINE_LIST},
        {"actor", LINE_TEXT},  {"reg", LINE_NUMBER},  {"at", LINE_TEXT},    {"mono", LINE_NUMBER},
        {"boot", LINE_TEXT},   {"body", LINE_TEXT},
    };
    bool good = line->count == ARRAY_LEN(members);
    for (size_t i = 0; good && i < ARRAY_LEN(members); i++)
        good = line->items[i].kind == members[i].kind &&
               strcmp(line->items[i].name, members[i].name) == 0;
    return good;
}

static bool read_header(const struct line *line, struct event *e)
{
    const struct strings *bases = line_list(line, "bases");
    int64_t at;
    bool good = line_number(line, "v") == 1 && is_hash(line_text(line, "device")) &&
                is_hash(line_text(line, "prev")) && is_hash(line_text(line, "body")) && bases &&
                copy(e->device, sizeof e->device, line_text(line, "device")) &&
                copy(e->prev, sizeof e->prev, line_text(line, "prev")) &&
                copy(e->body_hash, sizeof e->body_hash, line_text(line, "body")) &&
                copy(e->record, sizeof e->record, line_text(line, "record")) &&
                copy(e->form, sizeof e->form, line_text(line, "form")) &&
                copy(e->actor, sizeof e->actor, line_text(line, "actor")) &&
                copy(e->at, sizeof e->at, line_text(line, "at")) &&
                copy(e->boot, sizeof e->boot, line_text(line, "boot")) &&
                op_of(line_text(line, "op"), &e->op) && iso_time_parse(&at, e->at);
    e->seq = line_number(line, "seq");
    e->reg = line_number(line, "reg");
    e->mono = line_number(line, "mono");
    good = good && e->seq > 0 && e->reg >= 0 && (!*e->actor || is_hash(e->actor)) &&
           (!*e->record || is_uuid(e->record));
    for (size_t i = 0; good && i < bases->count; i++) {
        good = is_hash(bases->items[i]) &&
               (i == 0 || strcmp(bases->items[i - 1], bases->items[i]) < 0);
        strings_add(&e->bases, bases->items[i]);
    }
    return good;
}

static enum status wrong(struct event *e, struct error *err, const char *what)
{
    event_free(e);
    return error_set(err, E_PARSE, _("記録の行が正しくありません（%s）"), what);
}

static bool body_fits(const struct event *e, const char *body)
{
    char hash[HASH_HEX_SIZE];
    hash_hex_of(hash, "satomado-body-1", body, strlen(body));
    return strcmp(hash, e->body_hash) == 0;
}

enum status event_read_body(struct event *event, const char *body, struct error *err)
{
    struct line line;
    if (!body_fits(event, body))
        return error_set(err, E_PARSE, _("記録の行が正しくありません（%s）"), "body");
    enum status st = line_read(body, strlen(body), &line, err);
    if (st)
        return st;
    line_free(&line);
    event->body = xstrdup(body);
    return OK;
}

void event_read_seal(struct event *event, const char *seal)
{
    event->seal = xstrdup(seal);
}

enum status event_read(const char *header, const char *body, const char *seal, struct event *out,
                       struct error *err)
{
    struct line line;
    *out = (struct event){.op = OP_COUNT};
    enum status st = line_read(header, strlen(header), &line, err);
    if (st)
        return st;
    bool good = header_members(&line) && read_header(&line, out);
    line_free(&line);
    if (!good)
        return wrong(out, err, "header");
    hash_hex_of(out->hash, "satomado-event-1", header, strlen(header));
    if (body) {
        if (!body_fits(out, body))
            return wrong(out, err, "body");
        out->body = xstrdup(body);
    }
    out->header = xstrdup(header);
    out->seal = seal ? xstrdup(seal) : NULL;
    return OK;
}

bool event_seal_valid(const struct event *event, const uint8_t public_key[SEAL_PUBLIC_SIZE])
{
    struct line line;
    uint8_t seal[SEAL_SIZE], hash[HASH_SIZE];
    if (!event->seal || line_read(event->seal, strlen(event->seal), &line, NULL))
        return false;
    const char *hex = line_text(&line, "sign");
    bool good = line.count == 1 && hex && hex_decode(seal, sizeof seal, hex) &&
                hex_decode(hash, sizeof hash, event->hash) &&
                seal_verify(seal, public_key, "satomado-act-1", hash, sizeof hash);
    line_free(&line);
    return good;
}
