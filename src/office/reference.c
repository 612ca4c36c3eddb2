#include "office/reference.h"

#include <stdio.h>
#include <string.h>

#include "base/files.h"
#include "base/intl.h"
#include "base/xmem.h"
#include "office/calendar.h"
#include "office/letters.h"
#include "office/office_internal.h"
#include "office/setup_internal.h"
#include "store/gazetteer.h"
#include "store/reference.h"
#include "store/substitution.h"
#include "text/encoding.h"

/* --- Putting to use: each all or nothing --- */

static enum status use_postcodes(struct office *office, const char *path, struct error *err)
{
    long count;
    gazetteer_free(&office->gazetteer);
    return gazetteer_import(office->dir, path, NULL, &count, err);
}

static enum status use_words(struct office *office, const char *path, struct error *err)
{
    (void)office;
    (void)path;
    (void)err;
    return OK; /* the conversion reads the file itself */
}

/* --- What goes to the places --- */

static enum status give_postcodes(struct office *office, const char *file, const char *encoding,
                                  struct buffer *out, struct error *err)
{
    struct buffer raw = BUFFER_INIT;
    (void)office;
    enum status st = file_read(file, REFERENCE_MAX, &raw, err);
    if (!st && encoding)
        st = encoding_decode(encoding, raw.data, raw.len, out, err);
    else if (!st)
        buffer_add(out, raw.data, raw.len);
    buffer_free(&raw);
    return st;
}

/* Two cells of CSV. */
static void add_row(struct buffer *out, const char *first, const char *second)
{
    const char *const cells[] = {first, second};
    for (size_t i = 0; i < ARRAY_LEN(cells); i++) {
        buffer_add_text(out, i ? ",\"" : "\"");
        for (const char *c = cells[i]; *c; c++)
            buffer_printf(out, *c == '"' ? "\"\"" : "%c", *c);
        buffer_add_char(out, '"');
    }
    buffer_add_char(out, '\n');
}

static enum status give_holidays(struct office *office, const char *file, const char *encoding,
                                 struct buffer *out, struct error *err)
{
    struct holidays list;
    (void)file;
    (void)encoding;
    enum status st =
        calendar_holidays(office, (struct date){1, 1, 1}, (struct date){9999, 12, 31}, &list, err);
    if (st)
        return st;
    buffer_add_text(out, "day,name\n");
    for (size_t i = 0; i < list.count; i++) {
        char day[ISO_DATE_SIZE];
        iso_date(day, list.items[i].day);
        add_row(out, day, list.items[i].name);
    }
    holidays_free(&list);
    return OK;
}

static enum status give_words(struct office *office, const char *file, const char *encoding,
                              struct buffer *out, struct error *err)
{
    char *path = file_path(office->dir, "dictionary");
    (void)file;
    (void)encoding;
    enum status st = file_read(path, REFERENCE_MAX, out, err);
    xfree(&path);
    return st;
}

static enum status give_substitutions(struct office *office, const char *file, const char *encoding,
                                      struct buffer *out, struct error *err)
{
    struct strings pairs = STRINGS_INIT;
    (void)file;
    (void)encoding;
    enum status st = substitution_read(office->store, &pairs, err);
    buffer_add_text(out, "letter,written\n");
    for (size_t i = 0; !st && i + 1 < pairs.count; i += 2)
        add_row(out, pairs.items[i], pairs.items[i + 1]);
    strings_free(&pairs);
    return st;
}

static const struct {
    const char *name, *label;
    enum status (*use)(struct office *office, const char *path, struct error *err);
    enum status (*give)(struct office *office, const char *file, const char *encoding,
                        struct buffer *out, struct error *err);
    bool beside; /* a place's own stands beside the town's */
} kinds[REFERENCE_KINDS] = {
#define REFERENCE_NAMES(kind, word, text) [kind].name = (word), [kind].label = (text),
    REFERENCE_LIST(REFERENCE_NAMES)
#undef REFERENCE_NAMES
        [REFERENCE_POSTCODES]
            .use = use_postcodes,
    [REFERENCE_POSTCODES].give = give_postcodes,
    [REFERENCE_HOLIDAYS].use = calendar_use,
    [REFERENCE_HOLIDAYS].give = give_holidays,
    [REFERENCE_DICTIONARY].use = use_words,
    [REFERENCE_DICTIONARY].give = give_words,
    [REFERENCE_DICTIONARY].beside = true,
    [REFERENCE_SUBSTITUTION].use = substitutions_use,
    [REFERENCE_SUBSTITUTION].give = give_substitutions,
};

/* --- Importing --- */

enum status reference_may_import(struct session *session, enum reference_kind kind,
                                 struct error *err)
{
    struct office *office = session->office;
    struct reference newest;
    if (office->role == OFFICE_TOWN) {
        enum status st = session_require(session, MAY_ADMINISTER, err);
        return st || !registry_version(office_registry(office)) ? st
                                                                : setup_root_here(session, err);
    }
    if (kinds[kind].beside ||
        reference_newest(office_registry(office), kinds[kind].name, &newest, NULL))
        return OK;
    return error_set(
        err, E_RULE,
        _("%sは町の第%ld版を使います。町の管理者が町で取り込むと、次の町からの便で届きます"),
        _(kinds[kind].label), newest.number);
}

struct publishing {
    struct signing signing;
    const char *name;
    const struct buffer *bytes;
};

static enum status publish(void *context, struct error *err)
{
    const struct publishing *p = context;
    struct reference newest;
    struct registry *registry = store_registry(p->signing.store);
    enum status st =
        reference_add(registry, p->signing.root, p->name, p->bytes->data, p->bytes->len, err);
    if (!st)
        st = reference_newest(registry, p->name, &newest, err);
    return st ? st : reference_note_in_use(p->signing.store, p->name, newest.number, err);
}

/* The bytes are here before the registry speaks of them. */
static enum status publish_bytes(struct session *session, enum reference_kind kind,
                                 const struct buffer *bytes, struct error *err)
{
    struct store *store = session->office->store;
    struct publishing p = {.signing.store = store, .name = kinds[kind].name, .bytes = bytes};
    struct reference newest;
    char hash[HASH_HEX_SIZE];
    hash_hex_of(hash, REFERENCE_DOMAIN, bytes->data, bytes->len);
    if (reference_newest(store_registry(store), p.name, &newest, NULL) == OK &&
        strcmp(newest.hash, hash) == 0 && reference_here(store, &newest))
        return OK;
    enum status st = reference_keep(store, p.name, bytes->data, bytes->len, err);
    return st ? st : setup_with_root(session, publish, &p, &p.signing.root, err);
}

enum status reference_publish(struct session *session, enum reference_kind kind, const char *file,
                              const char *encoding, long *number, struct error *err)
{
    struct office *office = session->office;
    struct buffer bytes = BUFFER_INIT;
    struct reference newest = {.number = 0};
    *number = 0;
    if (office->role != OFFICE_TOWN || !registry_version(office_registry(office)))
        return OK;
    enum status st = kinds[kind].give(office, file, encoding, &bytes, err);
    if (!st && bytes.len > REFERENCE_MAX)
        st = error_set(err, E_LIMIT, _("%sが大きすぎます"), _(kinds[kind].label));
    if (!st && bytes.len)
        st = publish_bytes(session, kind, &bytes, err);
    if (!st)
        reference_newest(office_registry(office), kinds[kind].name, &newest, NULL);
    *number = newest.number;
    buffer_free(&bytes);
    return st;
}

/* --- Coming in --- */

struct using
{
    struct office *office;
    enum reference_kind kind;
    long number;
};

static enum status note_in_use(void *context, struct error *err)
{
    const struct using *u = context;
    return reference_note_in_use(u->office->store, kinds[u->kind].name, u->number, err);
}

/* A book of postcodes takes a second or two: nobody waits for it. What a crash cuts short is used
 * again the next time. */
static enum status use(struct using *u, struct error *err)
{
    char *path = reference_path(u->office->store, kinds[u->kind].name);
    enum status st = kinds[u->kind].use(u->office, path, err);
    xfree(&path);
    return st ? st : store_transaction(u->office->store, note_in_use, u, err);
}

enum status reference_take_up(struct office *office, struct strings *changes, struct error *err)
{
    enum status st = OK;
    for (int kind = 0; !st && kind < REFERENCE_KINDS; kind++) {
        struct reference newest;
        const char *name = kinds[kind].name;
        if (reference_newest(office_registry(office), name, &newest, NULL))
            continue;
        long used = reference_in_use(office->store, name);
        if (used == newest.number || !reference_here(office->store, &newest))
            continue;
        struct using u = {office, (enum reference_kind)kind, newest.number};
        st = use(&u, err);
        if (!st && changes)
            strings_take(changes, used ? xasprintf(_("%s: 町の第%ld版から第%ld版になりました"),
                                                   _(kinds[kind].label), used, newest.number)
                                       : xasprintf(_("%s: 町の第%ld版になりました"),
                                                   _(kinds[kind].label), newest.number));
    }
    return st;
}

void reference_row(struct office *office, enum reference_kind kind, struct reference_row *out)
{
    struct reference newest;
    *out = (struct reference_row){.name = kinds[kind].name,
                                  .label = kinds[kind].label,
                                  .used = reference_in_use(office->store, kinds[kind].name)};
    if (reference_newest(office_registry(office), kinds[kind].name, &newest, NULL))
        return;
    out->newest = newest.number;
    out->missing = !reference_here(office->store, &newest);
    snprintf(out->at, sizeof out->at, "%s", newest.at);
}
