#include "bundle/intake.h"

#include <stdio.h>
#include <string.h>

#include "base/intl.h"
#include "base/xmem.h"
#include "bundle/sections.h"
#include "store/journal.h"
#include "store/projection.h"
#include "store/transport.h"

enum { BATCH = 500 }; /* events in one transaction: others wait no longer than that takes */

enum section { SECTION_NONE, SECTION_CHAIN, SECTION_REGISTRY, SECTION_RECORDS, SECTION_RECEIPT };
static const char *const section_names[] = {"", "chain", "registry", "records", "receipt"};

/* Which sections each kind of bundle may hold. */
static const unsigned allowed[] = {
    [BUNDLE_CHAIN] = 1u << SECTION_CHAIN,
    [BUNDLE_EXTRACT] = 1u << SECTION_REGISTRY | 1u << SECTION_RECORDS,
    [BUNDLE_RECEIPT] = 1u << SECTION_RECEIPT,
};

struct triple {
    char *header, *body, *seal;
};

struct intake {
    struct store *store;
    const struct bundle_header *header;
    const struct registry_device *signer;
    bool write;
    struct bundle_applied *out;
    enum section section;
    struct triple now; /* the event (or registry entry) being read */
    enum event_op op;
    struct triple batch[BATCH];
    size_t batch_count;
    struct strings records; /* met */
    int64_t events;
    int64_t next_seq; /* of the chain */
    char prev[HASH_HEX_SIZE];
    enum event_op last_op;
    bool checkpoint;
    int64_t epoch; /* of the receipt */
    char at[32];
    int64_t held_before;
};

static enum status wrong(struct error *err, const char *what)
{
    return error_set(err, E_PARSE, _("送付便の中身が正しくありません（%s）。取り込んでいません"),
                     what);
}

static void triple_free(struct triple *t)
{
    xfree(&t->header);
    xfree(&t->body);
    xfree(&t->seal);
}

struct intake *intake_new(struct store *store, const struct bundle_header *header,
                          const struct registry_device *signer, bool write,
                          struct bundle_applied *out)
{
    struct intake *in = xcalloc(1, sizeof *in);
    in->store = store;
    in->header = header;
    in->signer = signer;
    in->write = write;
    in->out = out;
    in->last_op = OP_COUNT;
    in->held_before = journal_held(store);
    return in;
}

void intake_free(struct intake **slot)
{
    struct intake *in = *slot;
    if (!in)
        return;
    triple_free(&in->now);
    for (size_t i = 0; i < in->batch_count; i++)
        triple_free(&in->batch[i]);
    strings_free(&in->records);
    xfree(slot);
}

/* --- Taking in --- */

static bool is_decision(const struct intake *in, enum event_op op)
{
    return op == OP_ACT && strcmp(in->signer->role, "town") == 0;
}

/* Into the journal, or only a look whether it is there already. */
static enum status take(struct intake *in, const struct event *e, enum journal_taken *taken,
                        struct error *err)
{
    if (in->write)
        return journal_accept(in->store, e->header, e->body, e->seal,
                              in->section == SECTION_RECORDS, taken, err);
    *taken = journal_has(in->store, e->hash) ? JOURNAL_KNOWN : JOURNAL_NEW;
    return OK;
}

static enum status accept_batch(void *context, struct error *err)
{
    struct intake *in = context;
    enum status st = OK;
    for (size_t i = 0; !st && i < in->batch_count; i++) {
        enum journal_taken taken;
        struct event e;
        st = event_read(in->batch[i].header, in->batch[i].body, in->batch[i].seal, &e, err);
        if (st)
            return st;
        st = take(in, &e, &taken, err);
        if (!st && taken == JOURNAL_KNOWN)
            in->out->known++;
        else if (!st)
            in->out->events++;
        if (!st && taken != JOURNAL_KNOWN) {
            in->out->decisions += is_decision(in, e.op);
            if (*e.record && strings_find(&in->records, e.record) < 0)
                strings_add(&in->records, e.record);
        }
        event_free(&e);
    }
    return st;
}

static enum status flush(struct intake *in, struct error *err)
{
    enum status st = OK;
    if (in->batch_count)
        st =
            in->write ? store_transaction(in->store, accept_batch, in, err) : accept_batch(in, err);
    for (size_t i = 0; i < in->batch_count; i++)
        triple_free(&in->batch[i]);
    in->batch_count = 0;
    return st;
}

/* --- Events --- */

/* The chain follows from the header's first to its last without a gap, and joins what is here. */
static enum status check_chain(struct intake *in, const struct event *e, struct error *err)
{
    if (strcmp(e->device, in->header->from) != 0 || e->seq != in->next_seq ||
        (in->prev[0] && strcmp(in->prev, e->prev) != 0))
        return error_set(err, E_CRYPTO,
                         _("記録のつながりが切れています（%lld番）。取り込んでいません"),
                         (long long)in->next_seq);
    in->next_seq++;
    memcpy(in->prev, e->hash, sizeof in->prev);
    in->last_op = e->op;
    return OK;
}

static enum status event_complete(struct intake *in, struct error *err)
{
    struct event e;
    enum status st = event_read(in->now.header, in->now.body, in->now.seal, &e, err);
    if (st)
        return st;
    if (++in->events > in->header->count)
        st = wrong(err, "count");
    if (!st && in->section == SECTION_CHAIN)
        st = check_chain(in, &e, err);
    if (!st && in->section == SECTION_RECORDS && (!event_op_history(e.op) || !*e.record))
        st = wrong(err, "records");
    event_free(&e);
    if (st)
        return st;
    in->batch[in->batch_count++] = in->now;
    in->now = (struct triple){0};
    return in->batch_count == BATCH ? flush(in, err) : OK;
}

static enum status event_line(struct intake *in, const char *text, struct error *err)
{
    struct event e;
    if (!in->now.header) {
        enum status st = event_read(text, NULL, NULL, &e, err);
        if (st)
            return st;
        in->op = e.op;
        event_free(&e);
        in->now.header = xstrdup(text);
        return OK;
    }
    if (in->now.seal == NULL && !str_starts(text, "{\"sign\":") && !in->now.body) {
        in->now.body = strcmp(text, DISPOSED_LINE) == 0 ? NULL : xstrdup(text);
        if (!in->now.body && !event_op_sealed(in->op))
            return event_complete(in, err);
        return event_op_sealed(in->op) ? OK : event_complete(in, err);
    }
    in->now.seal = xstrdup(text);
    return event_complete(in, err);
}

/* --- Sections --- */

static enum status check_join(struct intake *in, const struct line *line, struct error *err)
{
    const struct bundle_chain *chain = &in->header->chains[0];
    int64_t head;
    char hash[HASH_HEX_SIZE];
    if (line_number(line, "first") != chain->first || line_number(line, "last") != chain->last ||
        !line_text(line, "device") || strcmp(line_text(line, "device"), chain->device) != 0)
        return wrong(err, "chain");
    in->next_seq = chain->first;
    enum status st = journal_head(in->store, chain->device, &head, hash, err);
    if (!st && !in->write && chain->first > head + 1)
        return error_set(
            err, E_HELD,
            _("前の送付便が届いていません（%lld番から%lld番まで）。先にそれを取り込んでください"),
            (long long)head + 1, (long long)chain->first - 1);
    return st;
}

static enum status begin_section(struct intake *in, const struct line *line, struct error *err)
{
    const char *name = line_text(line, "section"), *at = line_text(line, "at");
    enum section section = SECTION_NONE;
    for (size_t i = 1; i < ARRAY_LEN(section_names); i++)
        if (strcmp(section_names[i], name) == 0)
            section = (enum section)i;
    enum status st = flush(in, err);
    if (!st &&
        (in->now.header || section <= in->section || !(allowed[in->header->kind] >> section & 1)))
        st = wrong(err, "section");
    in->section = section;
    if (!st && section == SECTION_CHAIN)
        st = check_join(in, line, err);
    if (section == SECTION_RECEIPT) {
        in->epoch = line_number(line, "epoch");
        snprintf(in->at, sizeof in->at, "%s", at ? at : "");
    }
    return st;
}

static enum status checkpoint_line(struct intake *in, const struct line *line, struct error *err)
{
    const struct bundle_chain *chain = &in->header->chains[0];
    const char *head = line_text(line, "head"), *sign = line_text(line, "sign");
    struct buffer message = BUFFER_INIT;
    uint8_t seal[SEAL_SIZE];
    if (in->checkpoint || in->next_seq != chain->last + 1 || !head || !sign ||
        strcmp(line_text(line, "checkpoint"), chain->device) != 0 ||
        line_number(line, "seq") != chain->last || strcmp(head, chain->head) != 0 ||
        strcmp(head, in->prev) != 0 || !hex_decode(seal, sizeof seal, sign))
        return wrong(err, "checkpoint");
    checkpoint_message(&message, in->header->town, chain->device, chain->last, chain->head);
    in->checkpoint =
        seal_verify(seal, in->signer->key, CHECKPOINT_DOMAIN, message.data, message.len);
    buffer_free(&message);
    return in->checkpoint ? OK : wrong(err, "checkpoint");
}

struct entry_taking {
    struct intake *in;
    const char *entry, *seal;
};

static enum status accept_entry(void *context, struct error *err)
{
    struct entry_taking *t = context;
    bool added = false;
    enum status st =
        registry_accept(store_registry(t->in->store), t->entry, t->seal, NULL, &added, err);
    t->in->out->entries += added;
    return st;
}

static enum status registry_line(struct intake *in, const char *text, struct error *err)
{
    if (!in->now.header) {
        in->now.header = xstrdup(text);
        return OK;
    }
    struct entry_taking taking = {in, in->now.header, text};
    enum status st = in->write ? store_transaction(in->store, accept_entry, &taking, err) : OK;
    triple_free(&in->now);
    return st;
}

static enum status receive(void *context, struct error *err)
{
    void **parts = context;
    struct intake *in = parts[0];
    const struct line *line = parts[1];
    const char *device = line_text(line, "device"), *hash = line_text(line, "hash");
    char *own = journal_device(in->store);
    char here[HASH_HEX_SIZE];
    int64_t seq = line_number(line, "seq");
    enum status st = OK;
    if (strcmp(own, device) == 0 && seq > 0) {
        st = journal_hash(in->store, device, seq, here, err);
        if (st || strcmp(here, hash) != 0)
            st = error_set(
                err, E_CONFLICT,
                _("町の受領が、ここの記録と違います（%lld番）。この端末のデータが複写か復元の"
                  "ものでないか、管理者が確かめてください"),
                (long long)seq);
        if (!st)
            st = transport_receive(in->store, device, seq, hash, in->epoch, in->at, err);
        in->out->receipt = true;
    }
    xfree(&own);
    return st;
}

static enum status receipt_line(struct intake *in, const struct line *line, struct error *err)
{
    if (line_text(line, "held") && line_text(line, "reason"))
        return OK;
    if (!line_text(line, "device") || !line_text(line, "hash"))
        return wrong(err, "receipt");
    const void *parts[] = {in, line};
    return in->write ? store_transaction(in->store, receive, parts, err) : OK;
}

/* --- One line after another --- */

enum status intake_line(void *context, const char *text, size_t len, struct error *err)
{
    struct intake *in = context;
    struct line line;
    enum status st = OK;
    bool section = str_starts(text, "{\"section\":"),
         checkpoint = str_starts(text, "{\"checkpoint\":");
    if (!section && !checkpoint && in->section != SECTION_RECEIPT) {
        if (in->section == SECTION_CHAIN || in->section == SECTION_RECORDS)
            return in->checkpoint ? wrong(err, "chain") : event_line(in, text, err);
        return in->section == SECTION_REGISTRY ? registry_line(in, text, err)
                                               : wrong(err, "section");
    }
    st = line_read(text, len, &line, err);
    if (st)
        return st;
    if (section)
        st = begin_section(in, &line, err);
    else if (checkpoint)
        st = in->section == SECTION_CHAIN && !in->now.header ? checkpoint_line(in, &line, err)
                                                             : wrong(err, "checkpoint");
    else
        st = receipt_line(in, &line, err);
    line_free(&line);
    return st;
}

enum status intake_finish(struct intake *in, struct error *err)
{
    enum status st = OK;
    if (in->now.header || in->events != in->header->count || in->section == SECTION_NONE)
        st = wrong(err, "end");
    if (!st && in->header->kind == BUNDLE_CHAIN && !in->checkpoint)
        st = wrong(err, "checkpoint");
    /* A counter's work goes to the town with the supervisor's close over it, or not at all. */
    if (!st && in->header->kind == BUNDLE_CHAIN && strcmp(in->signer->role, "counter") == 0 &&
        in->last_op != OP_CLOSE)
        st = error_set(err, E_RULE, _("日締めのない送付便です。取り込んでいません"));
    if (!st)
        st = flush(in, err);
    if (!st && in->write)
        st = projection_retry(in->store, err);
    in->out->records = (long)in->records.count;
    in->out->held = (long)(journal_held(in->store) - in->held_before);
    return st;
}
