#include "bundle/header.h"

#include <ctype.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/intl.h"
#include "base/strings.h"
#include "base/xmem.h"
#include "crypto/base64.h"
#include "store/line.h"

#define FAMILY      "satomado-bundle "
#define FIRST_LINE  FAMILY "1"
#define SIGN_DOMAIN "satomado-bundle-1"
#define ID_DOMAIN   "satomado-bundle-id-1"
#define NUMBER_MAX  INT64_C(999999999999999)

static const char *const KINDS[] = {
    [BUNDLE_CHAIN] = "chain", [BUNDLE_EXTRACT] = "extract", [BUNDLE_RECEIPT] = "receipt",
    [BUNDLE_BLOBS] = "blobs", [BUNDLE_COPY] = "copy",
};

const char *bundle_kind_name(enum bundle_kind kind)
{
    return KINDS[kind];
}

void header_free(struct bundle_header *header)
{
    xfree(&header->chains);
    xfree(&header->requires);
    header->chain_count = header->require_count = 0;
}

/* --- Lists, sorted by the text each row begins with --- */

/* Where name belongs in rows of `size` bytes; *same when it is there already. */
static size_t place(const void *rows, size_t count, size_t size, const char *name, bool *same)
{
    size_t at = 0;
    int order = 1;
    while (at < count && (order = strcmp((const char *)rows + at * size, name)) < 0)
        at++;
    *same = at < count && order == 0;
    return at;
}

static void *make_room(void *rows, size_t count, size_t size, size_t at)
{
    char *grown = xroom(rows, count, size);
    memmove(grown + (at + 1) * size, grown + at * size, (count - at) * size);
    return grown;
}

void header_add_chain(struct bundle_header *header, const struct bundle_chain *chain)
{
    bool same;
    size_t size = sizeof *chain;
    size_t at = place(header->chains, header->chain_count, size, chain->device, &same);
    if (!same)
        header->chains = make_room(header->chains, header->chain_count++, size, at);
    header->chains[at] = *chain;
}

void header_add_require(struct bundle_header *header, const char *form, const char *hash)
{
    bool same;
    size_t size = sizeof *header->requires;
    size_t at = place(header->requires, header->require_count, size, form, &same);
    if (!same)
    header->requires = make_room(header->requires, header->require_count++, size, at);
    struct bundle_require *row = &header->requires[at];
    snprintf(row->form, sizeof row->form, "%s", form);
    snprintf(row->hash, sizeof row->hash, "%s", hash);
}

static bool add_recipient_id(struct bundle_header *header, const char *id)
{
    bool same;
    size_t at = place(header->to, header->to_count, HASH_HEX_SIZE, id, &same);
    if (same)
        return true;
    if (header->to_count == BUNDLE_RECIPIENTS_MAX)
        return false;
    memmove(header->to[at] + HASH_HEX_SIZE, header->to[at],
            (header->to_count - at) * HASH_HEX_SIZE);
    snprintf(header->to[at], HASH_HEX_SIZE, "%s", id);
    header->to_count++;
    return true;
}

enum status header_add_recipient(struct bundle_header *header, const struct age_recipient *to,
                                 struct error *err)
{
    char id[HASH_HEX_SIZE];
    age_recipient_id(id, to);
    if (!add_recipient_id(header, id))
        return error_set(err, E_LIMIT, _("送付便の宛先は%d件までです"), BUNDLE_RECIPIENTS_MAX);
    return OK;
}

/* --- Printing --- */

/* The bytes that are signed. */
static void print_signed(const struct bundle_header *h, struct buffer *out)
{
    buffer_printf(out, FIRST_LINE "\nkind %s\ntown %s\nfrom %s\nnumber %" PRId64 "\nprev %s\n",
                  KINDS[h->kind], h->town, h->from, h->number, h->prev);
    buffer_printf(out, "registry %" PRId64 "\n", h->registry);
    for (size_t i = 0; i < h->chain_count; i++)
        buffer_printf(out, "chain %s %" PRId64 " %" PRId64 " %s\n", h->chains[i].device,
                      h->chains[i].first, h->chains[i].last, h->chains[i].head);
    for (size_t i = 0; i < h->require_count; i++)
        buffer_printf(out, "requires %s %s\n", h->requires[i].form, h->requires[i].hash);
    buffer_printf(out, "count %" PRId64 "\n", h->count);
    for (size_t i = 0; i < h->to_count; i++)
        buffer_printf(out, "to %s\n", h->to[i]);
    buffer_printf(out, "payload %s\n", h->payload);
}

void header_print(const struct bundle_header *header, struct buffer *out)
{
    print_signed(header, out);
    buffer_printf(out, "sign %s ", header->from);
    base64_add(out, header->seal, SEAL_SIZE);
    buffer_add_text(out, "\n\n");
}

void header_json(const struct bundle_header *header, struct buffer *out)
{
    struct line line = LINE_INIT;
    line_add_number(&line, "bundle", 1);
    line_add_text(&line, "kind", KINDS[header->kind]);
    line_add_text(&line, "town", header->town);
    line_add_text(&line, "from", header->from);
    line_add_number(&line, "number", header->number);
    line_add_text(&line, "prev", header->prev);
    line_add_number(&line, "registry", header->registry);
    struct strings *list = line_add_list(&line, "chains");
    for (size_t i = 0; i < header->chain_count; i++) {
        const struct bundle_chain *c = &header->chains[i];
        strings_take(list, xasprintf("%s %" PRId64 " %" PRId64 " %s", c->device, c->first, c->last,
                                     c->head));
    }
    list = line_add_list(&line, "requires");
    for (size_t i = 0; i < header->require_count; i++)
        strings_take(list, xasprintf("%s %s", header->requires[i].form, header->requires[i].hash));
    line_add_number(&line, "count", header->count);
    list = line_add_list(&line, "to");
    for (size_t i = 0; i < header->to_count; i++)
        strings_add(list, header->to[i]);
    line_write(&line, out);
    line_free(&line);
}

/* --- Reading: lines are taken by a table; that numbers, order and spacing are the only ones
 * possible is then seen by printing it again --- */

static bool take_number(const char *text, int64_t min, int64_t max, int64_t *out)
{
    size_t len = strlen(text);
    if (!len || len > 15 || strspn(text, "0123456789") != len)
        return false;
    *out = strtoll(text, NULL, 10);
    return *out >= min && *out <= max;
}

static bool take_hex(const char *text, char *out, size_t bytes)
{
    uint8_t raw[HASH512_SIZE];
    if (!hex_decode(raw, bytes, text))
        return false;
    memcpy(out, text, 2 * bytes + 1);
    return true;
}

static bool take_kind(struct bundle_header *h, char *const *words)
{
    for (size_t i = 0; i < ARRAY_LEN(KINDS); i++)
        if (str_eq(words[1], KINDS[i])) {
            h->kind = (enum bundle_kind)i;
            return true;
        }
    return false;
}

static bool take_town(struct bundle_header *h, char *const *words)
{
    return take_hex(words[1], h->town, HASH_SIZE);
}

static bool take_from(struct bundle_header *h, char *const *words)
{
    return take_hex(words[1], h->from, HASH_SIZE);
}

static bool take_bundle_number(struct bundle_header *h, char *const *words)
{
    return take_number(words[1], 1, NUMBER_MAX, &h->number);
}

static bool take_prev(struct bundle_header *h, char *const *words)
{
    return take_hex(words[1], h->prev, HASH_SIZE);
}

static bool take_registry(struct bundle_header *h, char *const *words)
{
    return take_number(words[1], 0, NUMBER_MAX, &h->registry);
}

static bool take_chain(struct bundle_header *h, char *const *words)
{
    struct bundle_chain chain;
    if (!take_hex(words[1], chain.device, HASH_SIZE) ||
        !take_number(words[2], 1, NUMBER_MAX, &chain.first) ||
        !take_number(words[3], chain.first, NUMBER_MAX, &chain.last) ||
        !take_hex(words[4], chain.head, HASH_SIZE))
        return false;
    header_add_chain(h, &chain);
    return true;
}

static bool take_require(struct bundle_header *h, char *const *words)
{
    const char *at = strchr(words[1], '@');
    int64_t version;
    char hash[HASH_HEX_SIZE];
    size_t id = strspn(words[1], "abcdefghijklmnopqrstuvwxyz0123456789_-");
    if (!at || at == words[1] || words[1] + id != at ||
        strlen(words[1]) >= sizeof h->requires->form ||
        !take_number(at + 1, 1, NUMBER_MAX, &version) || !take_hex(words[2], hash, HASH_SIZE))
        return false;
    header_add_require(h, words[1], hash);
    return true;
}

static bool take_count(struct bundle_header *h, char *const *words)
{
    return take_number(words[1], 0, BUNDLE_EVENTS_MAX, &h->count);
}

static bool take_to(struct bundle_header *h, char *const *words)
{
    char id[HASH_HEX_SIZE];
    return take_hex(words[1], id, HASH_SIZE) && add_recipient_id(h, id);
}

static bool take_payload(struct bundle_header *h, char *const *words)
{
    return take_hex(words[1], h->payload, HASH512_SIZE);
}

static bool take_sign(struct bundle_header *h, char *const *words)
{
    return str_eq(words[1], h->from) &&
           base64_decode(h->seal, SEAL_SIZE, words[2], strlen(words[2]));
}

static const struct {
    const char *word;
    size_t words;
    size_t min, max;
    bool (*take)(struct bundle_header *h, char *const *words);
} rows[] = {
    {"kind", 2, 1, 1, take_kind},
    {"town", 2, 1, 1, take_town},
    {"from", 2, 1, 1, take_from},
    {"number", 2, 1, 1, take_bundle_number},
    {"prev", 2, 1, 1, take_prev},
    {"registry", 2, 1, 1, take_registry},
    {"chain", 5, 0, HEADER_MAX, take_chain},
    {"requires", 3, 0, HEADER_MAX, take_require},
    {"count", 2, 1, 1, take_count},
    {"to", 2, 1, BUNDLE_RECIPIENTS_MAX, take_to},
    {"payload", 2, 1, 1, take_payload},
    {"sign", 3, 1, 1, take_sign},
};

/* What the lines say must fit together. */
static bool consistent(const struct bundle_header *h)
{
    int64_t sum = 0;
    for (size_t i = 0; i < h->chain_count; i++) {
        int64_t len = h->chains[i].last - h->chains[i].first + 1;
        if (len > BUNDLE_EVENTS_MAX)
            return false;
        sum += len;
    }
    return h->kind == BUNDLE_CHAIN ? h->chain_count && sum == h->count : !h->chain_count;
}

/* Takes the lines of a header; returns the line (from 1) that is wrong, or 0. */
static size_t take_lines(struct bundle_header *h, const struct strings *lines)
{
    size_t at = 1;
    for (size_t r = 0; r < ARRAY_LEN(rows); r++) {
        size_t seen = 0;
        for (; at < lines->count && seen < rows[r].max; at++, seen++) {
            struct strings words = STRINGS_INIT;
            strings_split(&words, lines->items[at], ' ');
            bool mine = str_eq(words.items[0], rows[r].word);
            bool good = mine && words.count == rows[r].words && rows[r].take(h, words.items);
            strings_free(&words);
            if (!mine)
                break;
            if (!good)
                return at + 1;
        }
        if (seen < rows[r].min)
            return at + 1;
    }
    return at == lines->count ? 0 : at + 1;
}

/* The line in which two texts of a header differ. */
static size_t first_difference(const char *a, const char *b)
{
    size_t line = 1;
    for (; *a && *a == *b; a++, b++)
        line += *a == '\n';
    return line;
}

/* A file of another version of the format says so in its first line. */
static bool other_version(const char *text, size_t len)
{
    size_t at = sizeof FAMILY - 1;
    if (len < at || memcmp(text, FAMILY, at) != 0)
        return false;
    while (at < len && isdigit((unsigned char)text[at]))
        at++;
    return at >= sizeof FAMILY && at < len && text[at] == '\n';
}

static enum status not_ours(const char *text, size_t len, struct error *err)
{
    return other_version(text, len)
               ? error_set(err, E_UNSUPPORTED, "%s",
                           _("この送付便は別の版の形式で書かれています。プログラムを更新して"
                             "ください"))
               : error_set(err, E_PARSE, "%s",
                           _("中身が送付便ではありません（先頭の行が違います）。日締めや"
                             "「送付便を作る」で書かれた .smb のファイルを選んでください"));
}

enum status header_parse(struct bundle_header *out, const void *text, size_t len,
                         size_t *payload_at, struct error *err)
{
    struct strings lines = STRINGS_INIT;
    struct buffer again = BUFFER_INIT;
    memset(out, 0, sizeof *out);
    if (len < sizeof FIRST_LINE || memcmp(text, FIRST_LINE "\n", sizeof FIRST_LINE) != 0)
        return not_ours(text, len, err);
    const char *end = memmem(text, len < HEADER_MAX ? len : HEADER_MAX, "\n\n", 2);
    if (!end && len >= HEADER_MAX)
        return error_set(
            err, E_LIMIT, "%s",
            _("送付便の見出しが長すぎます。取り込んでいません。ふつうの送付便ではないので、"
              "町の管理者に知らせてください"));
    if (!end)
        return error_set(err, E_PARSE, "%s",
                         _("送付便の見出しが途中で切れています"
                           "。取り込んでいません。もう一度写してください"));
    size_t size = (size_t)(end - (const char *)text);
    char *copy = xstrndup(text, size);
    strings_split(&lines, copy, '\n');
    size_t wrong = take_lines(out, &lines);
    if (!wrong) {
        /* Also finds NUL bytes, since the copy ends there and the print does not. */
        header_print(out, &again);
        if (again.len != size + 2 || memcmp(again.data, text, size + 2) != 0)
            wrong = first_difference(again.data, copy);
    }
    if (!wrong && !consistent(out))
        wrong = 8; /* the first line after the fixed ones: chains or their number */
    enum status st = OK;
    if (wrong) {
        header_free(out);
        st = error_set(err, E_PARSE,
                       _("送付便の見出しの%zu行目が正しくありません"
                         "。取り込んでいません。作り直してもらってください"),
                       wrong);
    }
    *payload_at = size + 2;
    xfree(&copy);
    strings_free(&lines);
    buffer_free(&again);
    return st;
}

/* --- Signing --- */

static void signed_hash(const struct bundle_header *header, uint8_t out[HASH512_SIZE])
{
    struct buffer text = BUFFER_INIT;
    print_signed(header, &text);
    hash512_of(out, NULL, text.data, text.len);
    buffer_free(&text);
}

void header_sign(struct bundle_header *header, const struct seal_key *key)
{
    uint8_t hash[HASH512_SIZE];
    signed_hash(header, hash);
    seal_sign(header->seal, key, SIGN_DOMAIN, hash, sizeof hash);
}

bool header_verify(const struct bundle_header *header, const uint8_t public_key[SEAL_PUBLIC_SIZE])
{
    char fingerprint[HASH_HEX_SIZE];
    uint8_t hash[HASH512_SIZE];
    seal_fingerprint(fingerprint, public_key);
    signed_hash(header, hash);
    return str_eq(fingerprint, header->from) &&
           seal_verify(header->seal, public_key, SIGN_DOMAIN, hash, sizeof hash);
}

void header_id(const struct bundle_header *header, char out[HASH_HEX_SIZE])
{
    struct buffer text = BUFFER_INIT;
    print_signed(header, &text);
    hash_hex_of(out, ID_DOMAIN, text.data, text.len);
    buffer_free(&text);
}
