/* From the town: {"section":"registry"}, {"section":"records"}, {"section":"receipt"}. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/intl.h"
#include "base/xmem.h"
#include "bundle/intake_internal.h"
#include "store/journal.h"
#include "store/transport.h"

enum { RECEIPT_LINES = 200000 };

/* --- The registry: pairs of lines --- */

enum status entries_begin(struct intake *in, const struct line *line, struct error *err)
{
    int64_t first = line_number(line, "first"), last = line_number(line, "last");
    if (line->count != 3 || first < 1 || first > last + 1 || last != in->header->registry)
        return intake_wrong(err, "registry");
    in->registry = registry_end(store_registry(in->store));
    if (first > in->registry.version + 1)
        return error_set(err, E_CONFLICT, "%s",
                         _("登録簿の前のところがここにありません。「町に全部を求める」（bundle "
                           "request）をして、町からの次の便を待ってください"));
    return OK;
}

/* A form the header asks for may come with the bundle itself. */
static enum status note_form(struct intake *in, const char *entry, struct error *err)
{
    struct line line;
    char name[192], hash[HASH_HEX_SIZE];
    enum status st = line_read(entry, strlen(entry), &line, err);
    const char *kind = st ? NULL : line_text(&line, "kind");
    if (!st)
        intake_note_reference(in, &line);
    if (kind && strcmp(kind, "form") == 0 && line_text(&line, "form") && line_text(&line, "text")) {
        const char *text = line_text(&line, "text");
        snprintf(name, sizeof name, "%s@%lld", line_text(&line, "form"),
                 (long long)line_number(&line, "number"));
        hash_hex_of(hash, "satomado-form-1", text, strlen(text));
        for (size_t i = 0; i < in->header->require_count; i++)
            if (strcmp(in->header->requires[i].form, name) == 0 &&
                strcmp(in->header->requires[i].hash, hash) == 0)
                in->provided[i] = true;
    }
    line_free(&line);
    return st;
}

struct taking_entry {
    struct intake *in;
    const char *seal;
};

static enum status accept_entry(void *context, struct error *err)
{
    struct taking_entry *t = context;
    bool added = false;
    enum status st =
        registry_accept(store_registry(t->in->store), t->in->entry, t->seal, NULL, &added, err);
    t->in->out->entries += added;
    return st;
}

enum status entries_line(struct intake *in, const char *text, size_t len, struct error *err)
{
    struct registry *r = store_registry(in->store);
    struct taking_entry t = {in, text};
    bool known = false;
    if (strlen(text) != len)
        return intake_wrong(err, "NUL");
    if (!in->entry) {
        in->entry = xstrdup(text);
        return OK;
    }
    enum status st = registry_examine(r, &in->registry, in->entry, text, NULL, &known, err);
    if (!st && !known)
        st = note_form(in, in->entry, err);
    if (!st && !known && in->write)
        st = store_transaction(in->store, accept_entry, &t, err);
    else if (!st && !known)
        in->out->entries++;
    xfree(&in->entry);
    return st;
}

enum status entries_end(struct intake *in, struct error *err)
{
    return in->entry || in->registry.version < in->header->registry ? intake_wrong(err, "registry")
                                                                    : OK;
}

/* --- Records: what the town attests, each whole --- */

enum status records_begin(struct intake *in, const struct line *line, struct error *err)
{
    const char *since = line_text(line, "since"), *after = line_text(line, "after");
    in->record_count = line_number(line, "count");
    in->extract = true;
    if (line->count != 4 || in->record_count < 0 || !since || !after)
        return intake_wrong(err, "records");
    in->out->baseless = *since && !transport_knows(in->store, since);
    in->out->missed = *after && !transport_knows(in->store, after);
    return OK;
}

static int by_text(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

static bool among(const struct strings *sorted, const char *text)
{
    return sorted->count &&
           bsearch(&text, sorted->items, sorted->count, sizeof *sorted->items, by_text);
}

/* Every event stands on events that are there, and those nothing stands on are the ones named. (The
 * second time through, nothing was noted.) */
static enum status check_record(struct intake *in, struct error *err)
{
    size_t heads = 0;
    bool whole = true;
    strings_sort(&in->hashes);
    strings_sort(&in->bases);
    for (size_t i = 0; i < in->bases.count && whole; i++)
        whole = among(&in->hashes, in->bases.items[i]);
    for (size_t i = 0; i < in->hashes.count && whole; i++) {
        if (among(&in->bases, in->hashes.items[i]))
            continue;
        whole = heads < in->heads.count && strcmp(in->heads.items[heads], in->hashes.items[i]) == 0;
        heads++;
    }
    whole = whole && heads == in->heads.count;
    strings_free(&in->hashes);
    strings_free(&in->bases);
    strings_free(&in->heads);
    in->record[0] = '\0';
    return whole ? OK
                 : error_set(err, E_CRYPTO, "%s",
                             _("町からの記録に欠けているところがあります。取り込んでいません"));
}

static enum status begin_record(struct intake *in, const char *text, size_t len, struct error *err)
{
    struct line line;
    enum status st = *in->record ? check_record(in, err) : OK;
    if (!st)
        st = line_read(text, len, &line, err);
    if (st)
        return st;
    const char *record = line_text(&line, "record");
    const struct strings *heads = line_list(&line, "heads");
    if (line.count != 2 || !record || strlen(record) >= sizeof in->record || !heads ||
        --in->record_count < 0)
        st = intake_wrong(err, "record");
    else
        snprintf(in->record, sizeof in->record, "%s", record);
    for (size_t i = 0; !st && !in->write && i < heads->count; i++)
        strings_add(&in->heads, heads->items[i]);
    line_free(&line);
    return st;
}

enum status records_line(struct intake *in, const char *text, size_t len, struct error *err)
{
    bool complete = false;
    if (in->awaited == AWAIT_HEADER && str_starts(text, "{\"record\":"))
        return begin_record(in, text, len, err);
    enum status st = intake_event_line(in, text, len, &complete, err);
    if (st || !complete)
        return st;
    const struct event *e = &in->now;
    if (!*in->record || strcmp(e->record, in->record) != 0 || !event_op_history(e->op))
        return intake_wrong(err, "record");
    if (!in->write) {
        strings_add(&in->hashes, e->hash);
        for (size_t i = 0; i < e->bases.count; i++)
            strings_add(&in->bases, e->bases.items[i]);
    }
    return intake_event_take(in, err);
}

enum status records_end(struct intake *in, struct error *err)
{
    enum status st = in->awaited != AWAIT_HEADER || in->record_count ? intake_wrong(err, "records")
                     : *in->record                                   ? check_record(in, err)
                                                                     : OK;
    return st ? st : intake_flush(in, err);
}

/* --- Receipt --- */

enum status receipt_begin(struct intake *in, const struct line *line, struct error *err)
{
    const char *at = line_text(line, "at");
    in->epoch = line_number(line, "epoch");
    snprintf(in->at, sizeof in->at, "%s", at ? at : "");
    return line->count == 4 && in->epoch > 0 && at ? OK : intake_wrong(err, "receipt");
}

/* The town has what is here, or one of the two places is not what it says. */
static enum status check_position(struct intake *in, const char *device, int64_t seq,
                                  const char *hash, struct error *err)
{
    if (strcmp(in->own, device) != 0 || seq == 0)
        return OK;
    in->out->receipt = true;
    if (journal_joins(in->store, device, seq, hash))
        return OK;
    enum status st = journal_stop(in->store, err);
    return st ? st
              : error_set(
                    err, E_CONFLICT,
                    _("町の受領が、ここの記録と違います（%lld番）。古い控えか複写のデータなので、"
                      "ここで書くのを止めました。管理者が satomado restore で新しい鍵にしてくださ"
                      "い"),
                    (long long)seq);
}

enum status receipt_line(struct intake *in, const char *text, size_t len, struct error *err)
{
    struct line line;
    enum status st = line_read(text, len, &line, err);
    if (st)
        return st;
    const char *device = line_text(&line, "device"), *hash = line_text(&line, "hash");
    const char *held = line_text(&line, "held"), *reason = line_text(&line, "reason");
    const char *missing = line_text(&line, "missing");
    if (line.count == 2 && held && reason) {
        strings_add(&in->held, held);
        strings_add(&in->held, reason);
    } else if (line.count == 1 && missing) {
        strings_add(&in->missing, missing);
    } else if (line.count == 3 && device && hash && line_number(&line, "seq") >= 0) {
        strings_add(&in->received, device);
        strings_take(&in->received, xasprintf("%lld", (long long)line_number(&line, "seq")));
        strings_add(&in->received, hash);
        st = check_position(in, device, line_number(&line, "seq"), hash, err);
    } else {
        st = intake_wrong(err, "receipt");
    }
    if (in->held.count + in->missing.count + in->received.count > RECEIPT_LINES)
        st = intake_wrong(err, "receipt");
    line_free(&line);
    return st;
}

/* An older receipt that comes late says less than what is known. */
static enum status receive(void *context, struct error *err)
{
    struct intake *in = context;
    char *known = NULL;
    enum status st = transport_newest_receipt(in->store, &known, err);
    bool newest = !st && strcmp(known, in->at) <= 0;
    xfree(&known);
    for (size_t i = 0; !st && i + 2 < in->received.count; i += 3)
        st = transport_receive(in->store, in->received.items[i],
                               strtoll(in->received.items[i + 1], NULL, 10),
                               in->received.items[i + 2], in->epoch, in->at, err);
    if (st || !newest)
        return st;
    st = transport_there_clear(in->store, err);
    for (size_t i = 0; !st && i + 1 < in->held.count; i += 2)
        st = transport_held_there(in->store, in->held.items[i], in->held.items[i + 1], err);
    for (size_t i = 0; !st && i < in->missing.count; i++)
        st = transport_missing_there(in->store, in->missing.items[i], err);
    return st;
}

enum status receipt_end(struct intake *in, struct error *err)
{
    return in->write ? store_transaction(in->store, receive, in, err) : OK;
}
