#include "store/registry.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/intl.h"
#include "base/xmem.h"
#include "store/journal.h"
#include "store/line.h"
#include "store/projection.h"
#include "store/registry_internal.h"
#include "store/store.h"

#define ZERO_HASH "0000000000000000000000000000000000000000000000000000000000000000"

/* --- The chain in memory: a few dozen entries, read again when another process appended --- */

static void forget(struct registry *r)
{
    for (size_t i = 0; i < r->count; i++) {
        line_free(&r->entries[i].line);
        xfree(&r->entries[i].text);
        xfree(&r->entries[i].seal);
    }
    xfree(&r->entries);
    r->count = 0;
}

static enum status keep(struct registry *r, const char *text, const char *seal, struct error *err)
{
    struct registry_entry e = {0};
    enum status st = line_read(text, strlen(text), &e.line, err);
    if (st)
        return st;
    e.kind = line_text(&e.line, "kind");
    if (!e.kind)
        e.kind = "";
    e.text = xstrdup(text);
    e.seal = xstrdup(seal);
    hash_hex_of(e.hash, "satomado-registry-entry-1", text, strlen(text));
    r->entries = xroom(r->entries, r->count, sizeof *r->entries);
    r->entries[r->count++] = e;
    return OK;
}

static enum status load_more(struct registry *r, struct error *err)
{
    struct statement *s;
    enum status st = database_query(store_database(r->store), err, &s,
                                    "SELECT entry, seal FROM registry WHERE version>?"
                                    " ORDER BY version",
                                    "i", (int64_t)r->count);
    while (!st && statement_next(s, &st, err))
        st = keep(r, statement_text(s, 0), statement_text(s, 1), err);
    statement_close(&s);
    return st;
}

struct registry *registry_open(struct store *store)
{
    struct registry *r = xcalloc(1, sizeof *r);
    r->store = store;
    return r;
}

enum status registry_ready(struct registry *r, struct error *err)
{
    return load_more(r, err);
}

void registry_free(struct registry **registry)
{
    if (!*registry)
        return;
    forget(*registry);
    xfree(registry);
}

long registry_version(struct registry *r)
{
    int64_t newest = 0, now = database_transaction_number(store_database(r->store));
    if (now && now == r->asked) /* only this process can have appended since */
        return (long)r->count;
    r->asked = now;
    database_int(store_database(r->store), NULL, &newest, "SELECT max(version) FROM registry", "");
    if (newest < (int64_t)r->count) /* a transaction was taken back */
        forget(r);
    if (newest > (int64_t)r->count)
        load_more(r, NULL);
    return (long)r->count;
}

/* Hash of an entry as hex; false when there is none of that version. */
bool registry_hash(struct registry *r, long version, char out[HASH_HEX_SIZE])
{
    if (version < 1 || version > registry_version(r))
        return false;
    memcpy(out, r->entries[version - 1].hash, HASH_HEX_SIZE);
    return true;
}

/* --- Finding the newest entry that says something --- */

const struct registry_entry *registry_find(struct registry *r, long at, const char *kind,
                                           const char *member, const char *value, long *before)
{
    long newest = registry_version(r);
    long from = at && at < newest ? at : newest;
    if (before && *before && *before - 1 < from)
        from = *before - 1;
    for (long i = from; i >= 1; i--) {
        const struct registry_entry *e = &r->entries[i - 1];
        if (strcmp(e->kind, kind) != 0)
            continue;
        const char *has = member ? line_text(&e->line, member) : NULL;
        if (member && (!has || strcmp(has, value) != 0))
            continue;
        if (before)
            *before = i;
        return e;
    }
    return NULL;
}

/* --- Appending --- */

/* What a key wrote counts otherwise once it is revoked, or once more of it is accepted. */
static enum status judge_again(struct registry *r, const struct line *line, struct error *err)
{
    const char *kind = line_text(line, "kind"), *key = line_text(line, "revoked");
    struct statement *s;
    if (!str_eq(kind, "revoke") || !key)
        return OK;
    enum status st = database_query(store_database(r->store), err, &s,
                                    "SELECT DISTINCT record FROM event WHERE record<>'' AND"
                                    " (device=?1 OR json_extract(header,'$.actor')=?1)",
                                    "t", key);
    while (!st && statement_next(s, &st, err))
        projection_touch(r->store, statement_text(s, 0));
    statement_close(&s);
    return st ? st : journal_judge_fork(r->store, key, err);
}

static enum status insert(struct registry *r, const char *text, const char *seal, struct error *err)
{
    char hash[HASH_HEX_SIZE];
    hash_hex_of(hash, "satomado-registry-entry-1", text, strlen(text));
    enum status st = database_run(store_database(r->store), err,
                                  "INSERT INTO registry(version,hash,entry,seal) VALUES(?,?,?,?)",
                                  "ittt", (int64_t)r->count + 1, hash, text, seal);
    if (!st)
        st = keep(r, text, seal, err);
    return st ? st : judge_again(r, &r->entries[r->count - 1].line, err);
}

/* --- The root key --- */

static bool key_of_line(const struct line *line, uint8_t key[SEAL_PUBLIC_SIZE])
{
    const char *hex = line_text(line, "root");
    return hex && hex_decode(key, SEAL_PUBLIC_SIZE, hex);
}

static bool is_rotation(const struct line *line)
{
    return str_eq(line_text(line, "kind"), "root");
}

/* The root key that seals what comes after the first `count` entries: of entry 1, or of the newest
 * rotation among them. */
static bool root_after(const struct registry *r, size_t count, uint8_t key[SEAL_PUBLIC_SIZE])
{
    for (size_t i = count; i-- > 1;)
        if (is_rotation(&r->entries[i].line))
            return key_of_line(&r->entries[i].line, key);
    return count && key_of_line(&r->entries[0].line, key);
}

#define ROTATION_DOMAIN "satomado-root-1"

/* The new root signs the hash before the entry: whoever rotates to a key has it. */
static bool proven(const struct line *line)
{
    uint8_t key[SEAL_PUBLIC_SIZE], seal[SEAL_SIZE], prev[HASH_SIZE];
    const char *proof = line_text(line, "proof"), *hash = line_text(line, "prev");
    return key_of_line(line, key) && proof && hash && hex_decode(seal, sizeof seal, proof) &&
           hex_decode(prev, sizeof prev, hash) &&
           seal_verify(seal, key, ROTATION_DOMAIN, prev, sizeof prev);
}

static bool is_paper(const uint8_t key[SEAL_PUBLIC_SIZE], const char *root)
{
    char fingerprint[HASH_HEX_SIZE];
    seal_fingerprint(fingerprint, key);
    return !root || strcmp(fingerprint, root) == 0;
}

struct inserting {
    struct registry *r;
    const char *text, *seal;
};

static enum status insert_entry(void *context, struct error *err)
{
    const struct inserting *i = context;
    return insert(i->r, i->text, i->seal, err);
}

static void seal_entry(const char *text, const struct key_pair *root, struct buffer *out)
{
    uint8_t hash[HASH_SIZE], seal[SEAL_SIZE];
    char hex[SEAL_HEX_SIZE];
    hash_of(hash, "satomado-registry-entry-1", text, strlen(text));
    seal_sign(seal, &root->seal, "satomado-registry-1", hash, sizeof hash);
    hex_encode(hex, seal, sizeof seal);
    buffer_printf(out, "{\"sign\":\"%s\"}", hex);
}

struct line registry_begin(struct registry *r, const char *kind)
{
    struct line line = LINE_INIT;
    char now[ISO_TIME_SIZE];
    long version = registry_version(r);
    iso_time(now, clock_now());
    line_add_number(&line, "v", 1);
    line_add_number(&line, "version", version + 1);
    line_add_text(&line, "prev", version ? r->entries[version - 1].hash : ZERO_HASH);
    line_add_text(&line, "at", now);
    line_add_text(&line, "kind", kind);
    return line;
}

enum status registry_append(struct registry *r, const struct key_pair *root, struct line *line,
                            struct error *err)
{
    struct buffer text = BUFFER_INIT, seal = BUFFER_INIT;
    uint8_t key[SEAL_PUBLIC_SIZE];
    enum status st = OK;
    if (r->count && !(root_after(r, r->count, key) && is_paper(key, root->fingerprint)))
        st = error_set(err, E_DENIED, _("この町の根の鍵ではありません"));
    line_write(line, &text);
    line_free(line);
    if (!st && text.len > LINE_MAX_BYTES)
        st = error_set(err, E_LIMIT, _("登録簿の一項目は1MiBまでです"));
    if (!st) {
        seal_entry(text.data, root, &seal);
        st = store_transaction(r->store, insert_entry, &(struct inserting){r, text.data, seal.data},
                               err);
    }
    buffer_free(&text);
    buffer_free(&seal);
    return st;
}

enum status registry_add_root(struct registry *r, const struct key_pair *root,
                              const struct key_pair *next, struct error *err)
{
    struct line line = registry_begin(r, "root");
    uint8_t prev[HASH_SIZE], proof[SEAL_SIZE];
    char hex[SEAL_HEX_SIZE], key[2 * SEAL_PUBLIC_SIZE + 1];
    if (!hex_decode(prev, sizeof prev, line_text(&line, "prev")))
        return error_set(err, E_CORRUPT, _("登録簿のつながりが違います"));
    seal_sign(proof, &next->seal, ROTATION_DOMAIN, prev, sizeof prev);
    hex_encode(hex, proof, sizeof proof);
    hex_encode(key, next->seal.public_key, SEAL_PUBLIC_SIZE);
    line_add_text(&line, "root", key);
    line_add_text(&line, "proof", hex);
    return registry_append(r, root, &line, err);
}

void registry_root(struct registry *r, char out[HASH_HEX_SIZE])
{
    uint8_t key[SEAL_PUBLIC_SIZE];
    out[0] = '\0';
    registry_version(r);
    if (root_after(r, r->count, key))
        seal_fingerprint(out, key);
}

/* --- Taking in --- */

static bool seal_fits(const char *text, const char *seal, const uint8_t key[SEAL_PUBLIC_SIZE])
{
    struct line line;
    uint8_t hash[HASH_SIZE], bytes[SEAL_SIZE];
    if (line_read(seal, strlen(seal), &line, NULL))
        return false;
    const char *hex = line_text(&line, "sign");
    hash_of(hash, "satomado-registry-entry-1", text, strlen(text));
    bool good = line.count == 1 && hex && hex_decode(bytes, sizeof bytes, hex) &&
                seal_verify(bytes, key, "satomado-registry-1", hash, sizeof hash);
    line_free(&line);
    return good;
}

static enum status check_next(struct registry *r, const struct registry_end *end,
                              const struct line *line, const char *entry, const char *seal,
                              const char *root, struct error *err)
{
    static const char *const kinds[] = {"town",     "device",  "user",     "form",   "parameters",
                                        "workflow", "ledgers", "numbers",  "revoke", "scope",
                                        "medium",   "root",    "reference"};
    uint8_t key[SEAL_PUBLIC_SIZE], first[SEAL_PUBLIC_SIZE];
    const char *prev = line_text(line, "prev"), *kind = line_text(line, "kind");
    bool known = false;
    if (!r->count && !root)
        return error_set(err, E_CRYPTO, _("町の根の鍵の指紋が設定されていません"));
    if (!prev || strcmp(prev, end->hash) != 0)
        return error_set(err, E_CONFLICT, _("登録簿のつながりが違います"));
    memcpy(key, end->root, sizeof key);
    bool good = (end->version || key_of_line(line, key)) && seal_fits(entry, seal, key) &&
                (!is_rotation(line) || proven(line));
    if (good) /* the paper names the first */
        good = is_paper(r->count && key_of_line(&r->entries[0].line, first) ? first : key,
                        r->count || !end->version ? root : NULL);
    if (!good)
        return error_set(err, E_CRYPTO, _("登録簿の署名が町の根の鍵のものではありません"));
    for (size_t i = 0; kind && i < ARRAY_LEN(kinds); i++)
        known = known || strcmp(kinds[i], kind) == 0;
    return known ? OK
                 : error_set(err, E_UNSUPPORTED,
                             _("登録簿に新しい版の項目があります。プログラムを更新してください"));
}

struct registry_end registry_end(struct registry *r)
{
    struct registry_end end = {registry_version(r), ZERO_HASH, {0}};
    registry_hash(r, end.version, end.hash);
    root_after(r, r->count, end.root);
    return end;
}

enum status registry_examine(struct registry *r, struct registry_end *end, const char *entry,
                             const char *seal, const char *root, bool *known, struct error *err)
{
    struct line line;
    enum status st = line_read(entry, strlen(entry), &line, err);
    *known = false;
    if (st)
        return st;
    int64_t version = line_number(&line, "version");
    *known = version >= 1 && version <= (int64_t)r->count;
    if (*known)
        st = strcmp(r->entries[version - 1].text, entry) == 0
                 ? OK
                 : error_set(err, E_CONFLICT, _("登録簿の%lld番がここのものと違います"),
                             (long long)version);
    else if (version != end->version + 1)
        st = error_set(err, E_HELD, _("登録簿の%ld番が届いていません"), end->version + 1);
    else
        st = check_next(r, end, &line, entry, seal, root, err);
    if (!st && !*known) {
        if (version == 1 || is_rotation(&line))
            key_of_line(&line, end->root);
        end->version = (long)version;
        hash_hex_of(end->hash, "satomado-registry-entry-1", entry, strlen(entry));
    }
    line_free(&line);
    return st;
}

enum status registry_accept(struct registry *r, const char *entry, const char *seal,
                            const char *root, bool *added, struct error *err)
{
    struct registry_end end = registry_end(r);
    bool known = false;
    enum status st = registry_examine(r, &end, entry, seal, root, &known, err);
    *added = !st && !known;
    if (*added)
        st = insert(r, entry, seal, err);
    *added = *added && !st;
    return st;
}

enum status registry_export(struct registry *r, long first, long last, registry_sink sink,
                            void *context, struct error *err)
{
    long newest = registry_version(r);
    enum status st = OK;
    if (!last || last > newest)
        last = newest;
    for (long i = first < 1 ? 1 : first; !st && i <= last; i++)
        st = sink(context, r->entries[i - 1].text, r->entries[i - 1].seal, err);
    return st;
}

enum status registry_verify(struct registry *r, struct error *err)
{
    uint8_t key[SEAL_PUBLIC_SIZE];
    forget(r); /* what stands in the file is asked, not what was read once */
    if (load_more(r, err))
        return error_set(err, E_CORRUPT, _("登録簿の%zu番が書き換えられています"), r->count + 1);
    long newest = registry_version(r);
    for (long i = 0; i < newest; i++) {
        const struct registry_entry *e = &r->entries[i];
        const char *prev = line_text(&e->line, "prev");
        if (!root_after(r, i ? (size_t)i : 1, key) || !seal_fits(e->text, e->seal, key) || !prev ||
            (is_rotation(&e->line) && !proven(&e->line)) ||
            strcmp(prev, i ? r->entries[i - 1].hash : ZERO_HASH) != 0 ||
            line_number(&e->line, "version") != i + 1)
            return error_set(err, E_CORRUPT, _("登録簿の%ld番が書き換えられています"), i + 1);
    }
    return OK;
}
