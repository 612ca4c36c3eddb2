/* A chain on its way out of the house: lines as they were written, proven on the way. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buffer.h"
#include "base/intl.h"
#include "base/xmem.h"
#include "store/journal.h"

enum {
    SLICE_EVENTS = 256, /* read whole before the sink gets the first of them */
    SLICE_BYTES = 1 << 20,
};

struct row {
    enum event_op op;
    int64_t seq;
    char record[UUID_SIZE], hash[HASH_HEX_SIZE];
    size_t header, body, seal; /* places in the text; 0 = none */
};

struct path {
    struct store *store;
    const char *device;
    int64_t next, to;
    int64_t fork;          /* the chain is one before it; 0 = it is one */
    struct strings hashes; /* from there on: of those that lead to the head, sorted */
    struct row *rows;
    size_t count;
    struct buffer text;
    char before[HASH_HEX_SIZE]; /* hash of the last event given; "" before the first */
};

static int by_text(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

static enum status find_path(struct path *p, const char *head, struct error *err)
{
    char at[HASH_HEX_SIZE];
    enum status st = OK;
    snprintf(at, sizeof at, "%s", head);
    for (int64_t seq = p->to; !st && seq >= p->fork; seq--) {
        char *before = NULL;
        strings_add(&p->hashes, at);
        st = database_string(store_database(p->store), err, &before,
                             "SELECT json_extract(header,'$.prev') FROM event WHERE device=?"
                             " AND seq=? AND hash=?",
                             "tit", p->device, seq, at);
        if (!st && !before)
            st = error_set(err, E_NOT_FOUND, _("端末の%lld番目の記録がありません"), (long long)seq);
        snprintf(at, sizeof at, "%s", before ? before : "");
        xfree(&before);
    }
    strings_sort(&p->hashes);
    return st;
}

static bool on_path(const struct path *p, int64_t seq, const char *hash)
{
    return !p->fork || seq < p->fork ||
           bsearch(&hash, p->hashes.items, p->hashes.count, sizeof *p->hashes.items, by_text);
}

static size_t keep(struct path *p, struct statement *s, int column)
{
    if (statement_is_null(s, column))
        return 0;
    size_t at = p->text.len;
    const char *text = statement_text(s, column);
    buffer_add(&p->text, text, strlen(text) + 1);
    return at;
}

static enum status read_slice(struct path *p, struct error *err)
{
    struct statement *s;
    enum status st = database_query(store_database(p->store), err, &s,
                                    "SELECT header, body, seal, op, seq, record, hash FROM event"
                                    " WHERE device=? AND seq>=? AND seq<=? AND extract=0"
                                    " ORDER BY seq",
                                    "tii", p->device, p->next, p->to);
    p->count = 0;
    buffer_clear(&p->text);
    buffer_add_char(&p->text, '\0'); /* so that no text is at 0 */
    while (!st && p->count < SLICE_EVENTS && p->text.len < SLICE_BYTES &&
           statement_next(s, &st, err)) {
        struct row *row = &p->rows[p->count];
        row->seq = statement_int(s, 4);
        snprintf(row->hash, sizeof row->hash, "%s", statement_text(s, 6));
        if (!on_path(p, row->seq, row->hash))
            continue;
        row->op = (enum event_op)statement_int(s, 3);
        snprintf(row->record, sizeof row->record, "%s", statement_text(s, 5));
        row->header = keep(p, s, 0);
        row->body = keep(p, s, 1);
        row->seal = keep(p, s, 2);
        p->next = row->seq + 1;
        p->count++;
    }
    statement_close(&s);
    return st;
}

/* A line that was accepted once has one spelling: what it begins and ends with is known. */
static bool proven(const struct path *p, const struct row *row, const struct journal_lines *lines)
{
    char hash[HASH_HEX_SIZE], begin[256], end[96];
    size_t len = strlen(lines->header);
    hash_hex_of(hash, "satomado-event-1", lines->header, len);
    bool good = strcmp(hash, row->hash) == 0 && (unsigned)row->op < OP_COUNT;
    int size = snprintf(begin, sizeof begin,
                        "{\"v\":1,\"device\":\"%s\",\"seq\":%" PRId64 ",\"prev\":\"%s", p->device,
                        row->seq, p->before);
    good = good && strncmp(lines->header, begin, (size_t)size) == 0;
    if (good && lines->body) {
        hash_hex_of(hash, "satomado-body-1", lines->body, strlen(lines->body));
        size = snprintf(end, sizeof end, ",\"body\":\"%s\"}", hash);
        good = len > (size_t)size && strcmp(lines->header + len - size, end) == 0;
    }
    return good;
}

static enum status give(struct path *p, const struct row *row, journal_line_sink sink,
                        void *context, struct error *err)
{
    const struct journal_lines lines = {
        .op = row->op,
        .record = row->record,
        .header = p->text.data + row->header,
        .body = row->body ? p->text.data + row->body : NULL,
        .seal = row->seal ? p->text.data + row->seal : NULL,
    };
    if (!proven(p, row, &lines))
        return error_set(err, E_CORRUPT,
                         _("%lld番の記録が壊れています。satomado journal verify で確かめ、控えから"
                           "戻してください"),
                         (long long)row->seq);
    memcpy(p->before, row->hash, sizeof p->before);
    return sink(context, &lines, err);
}

enum status journal_read_path(struct store *store, const char *device, int64_t from, int64_t to,
                              const char *head, journal_line_sink sink, void *context,
                              struct error *err)
{
    struct path p = {.store = store, .device = device, .next = from, .to = to};
    int64_t fork = journal_fork(store, device);
    enum status st = OK;
    p.fork = fork <= to ? fork : 0;
    p.rows = xcalloc(SLICE_EVENTS, sizeof *p.rows);
    if (p.fork)
        st = find_path(&p, head, err);
    do {
        if (!st)
            st = read_slice(&p, err);
        for (size_t i = 0; !st && i < p.count; i++)
            st = give(&p, &p.rows[i], sink, context, err);
    } while (!st && p.count);
    if (!st && strcmp(p.before, head) != 0)
        st = error_set(err, E_CORRUPT, _("端末の%lld番目の記録がありません"), (long long)to);
    strings_free(&p.hashes);
    buffer_free(&p.text);
    xfree(&p.rows);
    return st;
}
