/* What a bundle may say and what it may not: everything an insider with a good key could put into
 * one, approval, attachments. Each refusal is one sentence, and nothing has changed. */
#include "bundle_fixture.h"

#include "bundle/payload.h"
#include "bundle/sections.h"
#include "crypto/base64.h"
#include "store/attachment.h"
#include "store/transport.h"

/* --- What somebody with a good key might write --- */

struct crafted {
    struct bundle_header header;
    struct strings lines;
    size_t device; /* who signs it */
};

static enum status keep_lines(void *context, const struct journal_lines *l, struct error *err)
{
    (void)err;
    strings_add(context, l->header);
    strings_add(context, l->body ? l->body : DISPOSED_LINE);
    if (event_op_sealed(l->op))
        strings_add(context, l->seal ? l->seal : UNSEALED_LINE);
    return OK;
}

static char *checkpoint_of(size_t device, const struct bundle_chain *chain)
{
    struct buffer message = BUFFER_INIT;
    uint8_t seal[SEAL_SIZE];
    char hex[SEAL_HEX_SIZE];
    checkpoint_message(&message, root_key->fingerprint, chain->device, chain->last, chain->head);
    seal_sign(seal, &device_keys[device]->seal, CHECKPOINT_DOMAIN, message.data, message.len);
    hex_encode(hex, seal, sizeof seal);
    buffer_free(&message);
    return xasprintf("{\"checkpoint\":\"%s\",\"seq\":%lld,\"head\":\"%s\",\"sign\":\"%s\"}",
                     chain->device, (long long)chain->last, chain->head, hex);
}

/* A bundle of the device's whole chain, line by line as it should be. */
static struct crafted craft(struct store *store, size_t device)
{
    struct error err = {0};
    struct crafted c = {.device = device};
    struct bundle_chain chain = {.first = 1};
    snprintf(chain.device, sizeof chain.device, "%s", device_keys[device]->fingerprint);
    must(journal_head(store, chain.device, &chain.last, chain.head, &err), &err);
    c.header = (struct bundle_header){.kind = BUNDLE_CHAIN,
                                      .number = 1,
                                      .count = chain.last,
                                      .registry = registry_version(store_registry(store))};
    snprintf(c.header.town, sizeof c.header.town, "%s", root_key->fingerprint);
    snprintf(c.header.from, sizeof c.header.from, "%s", chain.device);
    snprintf(c.header.prev, sizeof c.header.prev, "%s", BUNDLE_NONE);
    header_add_chain(&c.header, &chain);
    header_add_recipient(&c.header, &root_key->recipient, NULL);
    strings_take(&c.lines, xasprintf("{\"section\":\"chain\",\"device\":\"%s\",\"first\":1,"
                                     "\"last\":%lld}",
                                     chain.device, (long long)chain.last));
    must(journal_read_path(store, chain.device, 1, chain.last, chain.head, keep_lines, &c.lines,
                           &err),
         &err);
    strings_take(&c.lines, checkpoint_of(device, &chain));
    return c;
}

static char *written(const char *name, struct crafted *c)
{
    struct error err = {0};
    struct payload *payload = NULL;
    char *file = xasprintf("%s/%s.smb", fixture_dir, name);
    unlink(file);
    must(payload_start(file, &c->header, &root_key->recipient, 1, &device_keys[c->device]->seal,
                       &payload, &err),
         &err);
    for (size_t i = 0; i < c->lines.count; i++)
        must(payload_add(payload, c->lines.items[i], strlen(c->lines.items[i]), &err), &err);
    must(payload_finish(payload, &err), &err);
    payload_free(&payload);
    return file;
}

static void crafted_free(struct crafted *c)
{
    header_free(&c->header);
    strings_free(&c->lines);
}

/* Writes it, has it refused, throws it away. */
static void refuse_crafted(struct store *town, struct crafted *c, const char *name,
                           enum status expected, const char *why)
{
    char *file = written(name, c);
    refused(town, TOWN, file, expected, why);
    crafted_free(c);
    xfree(&file);
}

static void replace_line(struct crafted *c, size_t at, char *line)
{
    xfree(&c->lines.items[at]);
    c->lines.items[at] = line;
}

static void without_its_order_nothing_goes_in(void **state)
{
    (void)state;
    struct store *one = fresh("evil", COUNTER), *town = fresh("evil", TOWN);
    one_record(one, COUNTER, "090-1");
    close_day(one, COUNTER);
    struct crafted c = craft(one, COUNTER);
    char *good = written("good", &c);
    struct bundle_applied out;
    struct error err = {0};
    must(bundle_verify(town, root_key, good, &out, &err), &err); /* so the mistakes below are it */
    crafted_free(&c);
    xfree(&good);

    c = craft(one, COUNTER);
    c.header.count--;
    c.header.chains[0].last--;
    refuse_crafted(town, &c, "count", E_PARSE, "chain");
    c = craft(one, COUNTER);
    replace_line(&c, 1, xstrdup(c.lines.items[3]));
    refuse_crafted(town, &c, "chain", E_PARSE, "body");
    c = craft(one, COUNTER);
    replace_line(&c, 2,
                 xasprintf("%.*s 1\"}}", (int)strlen(c.lines.items[2]) - 3, c.lines.items[2]));
    refuse_crafted(town, &c, "body", E_PARSE, "body");
    c = craft(one, COUNTER);
    replace_line(&c, c.lines.count - 1, checkpoint_of(SECOND, &c.header.chains[0]));
    refuse_crafted(town, &c, "checkpoint", E_CRYPTO, "終わりの署名が合いません");
    c = craft(one, COUNTER);
    xfree(&c.lines.items[--c.lines.count]);
    refuse_crafted(town, &c, "no-checkpoint", E_PARSE, "checkpoint");
    c = craft(one, COUNTER);
    strings_add(&c.lines, c.lines.items[1]);
    refuse_crafted(town, &c, "after", E_PARSE, "chain");
    c = craft(one, COUNTER);
    replace_line(&c, 0, xstrdup("{\"section\":\"records\",\"count\":1}"));
    refuse_crafted(town, &c, "section", E_PARSE, "section");
    c = craft(one, COUNTER);
    for (int i = 0; i < 2000; i++) /* without end */
        strings_add(&c.lines, "{\"section\":\"chain\"}");
    refuse_crafted(town, &c, "endless", E_PARSE, "chain");
    store_free(&one);
    store_free(&town);
}

/* --- Approval --- */

static void close_as(struct store *store, size_t device, const struct key_pair *actor)
{
    struct error err = {0};
    struct day_closing c = {store, device, actor, NULL};
    must(store_transaction(store, append_day_close, &c, &err), &err);
}

static void a_day_needs_its_supervisor(void **state)
{
    (void)state;
    struct store *one = fresh("forged", COUNTER), *town = fresh("forged", TOWN);
    one_record(one, COUNTER, "090-1");
    struct crafted c = craft(one, COUNTER);
    refuse_crafted(town, &c, "open", E_RULE, "日締めのない送付便です");
    close_as(one, COUNTER, user_keys_of[LAPTOP]); /* a clerk's own key */
    c = craft(one, COUNTER);
    refuse_crafted(town, &c, "forged", E_CRYPTO, "日締めの署名が責任者のものではありません");
    struct key_pair *nobody = key_pair_new();
    close_as(one, COUNTER, nobody);
    c = craft(one, COUNTER);
    refuse_crafted(town, &c, "nobody", E_CRYPTO, "日締めの署名が責任者のものではありません");
    key_pair_free(&nobody);
    close_day(one, COUNTER);
    c = craft(one, COUNTER);
    replace_line(&c, c.lines.count - 2, xstrdup("{\"sign\":\"00\"}"));
    refuse_crafted(town, &c, "unsealed", E_CRYPTO, "日締めの署名が責任者のものではありません");
    store_free(&one);
    store_free(&town);
}

/* --- Who it is from --- */

static enum status end_key(void *context, struct error *err)
{
    struct registry_revocation end = {.reason = "紛失"};
    struct store *store = context;
    snprintf(end.id, sizeof end.id, "%s", device_keys[LAPTOP]->fingerprint);
    return registry_revoke(store_registry(store), root_key, &end, err);
}

static enum status accept_all_of_it(void *context, struct error *err)
{
    struct registry_revocation end = {.reason = "出てきた便を認める"};
    struct store *store = context;
    char hash[HASH_HEX_SIZE];
    int64_t seq;
    snprintf(end.id, sizeof end.id, "%s", device_keys[LAPTOP]->fingerprint);
    enum status st = journal_head(store, end.id, &seq, hash, err);
    strings_take(&end.heads, registry_head(end.id, seq, hash));
    if (!st)
        st = registry_revoke(store_registry(store), root_key, &end, err);
    strings_free(&end.heads);
    return st ? st : projection_retry(store, err);
}

static int64_t held_in(struct store *store)
{
    struct error err = {0};
    int64_t count;
    must(database_int(store_database(store), &err, &count,
                      "SELECT count(*) FROM event WHERE held<>''", ""),
         &err);
    return count;
}

/* What it wrote before is not lost, and does not count until the town says so. */
static void the_stick_of_an_ended_device_is_held(void **state)
{
    (void)state;
    struct error err = {0};
    struct store *laptop = fresh("late", LAPTOP), *town = fresh("late", TOWN);
    one_record(laptop, LAPTOP, "090-1");
    must(store_transaction(town, end_key, town, &err), &err);
    struct crafted c = craft(laptop, LAPTOP);
    char *file = written("late", &c);
    struct bundle_applied got = taken(town, TOWN, file);
    assert_true(got.ended);
    assert_true(got.events > 0);
    assert_int_equal(got.held, held_in(town));
    assert_true(got.held > 0);
    must(store_transaction(town, accept_all_of_it, town, &err), &err);
    assert_int_equal(held_in(town), 0);
    crafted_free(&c);
    xfree(&file);
    store_free(&laptop);
    store_free(&town);
}

static int64_t records_of(struct store *store)
{
    struct error err = {0};
    int64_t count;
    must(database_int(store_database(store), &err, &count, "SELECT count(*) FROM record", ""),
         &err);
    return count;
}

/* A thief who begins anew from an older number does not take back what the town has accepted. */
static void another_history_of_an_ended_device_changes_nothing(void **state)
{
    (void)state;
    struct error err = {0};
    struct store *town = fresh("thief", TOWN), *laptop = fresh("thief", LAPTOP),
                 *stolen = fresh("stolen", LAPTOP);
    one_record(laptop, LAPTOP, "090-1");
    one_record(stolen, LAPTOP, "090-2");
    struct crafted good = craft(laptop, LAPTOP), bad = craft(stolen, LAPTOP);
    char *first = written("good", &good), *second = written("bad", &bad);
    taken(town, TOWN, first);
    must(store_transaction(town, accept_all_of_it, town, &err), &err);
    assert_int_equal(records_of(town), 1);
    struct bundle_applied got = taken(town, TOWN, second);
    assert_true(got.ended);
    assert_true(got.forks > 0);
    assert_int_equal(got.held, held_in(town));
    assert_int_equal(records_of(town), 1);
    crafted_free(&good);
    crafted_free(&bad);
    xfree(&first);
    xfree(&second);
    store_free(&laptop);
    store_free(&stolen);
    store_free(&town);
}

static void strangers_are_refused(void **state)
{
    (void)state;
    struct error err = {0};
    struct store *laptop = fresh("stranger", LAPTOP), *town = fresh("stranger", TOWN);
    one_record(laptop, LAPTOP, "090-1");
    struct crafted c = craft(laptop, LAPTOP);
    memset(c.header.town, 'd', HASH_HEX_SIZE - 1);
    refuse_crafted(town, &c, "town", E_DENIED, "別の町の送付便です");
    c = craft(laptop, LAPTOP);
    c.header.from[0] = c.header.from[0] == 'a' ? 'b' : 'a';
    char *file = xasprintf("%s/unknown.smb", fixture_dir);
    struct buffer text = BUFFER_INIT;
    memset(c.header.payload, '0', HASH512_HEX_SIZE - 1);
    header_print(&c.header, &text);
    must(file_write(file, text.data, text.len, &err), &err);
    refused(town, TOWN, file, E_DENIED, "登録簿にない端末");
    buffer_free(&text);
    crafted_free(&c);
    c = craft(laptop, LAPTOP);
    c.header.kind = BUNDLE_RECEIPT;
    c.header.chain_count = 0;
    c.header.count = 0;
    strings_free(&c.lines);
    strings_add(&c.lines, "{\"section\":\"receipt\"}");
    char *receipt = written("kind", &c);
    refused(town, TOWN, receipt, E_DENIED, "町だけが作れます");
    must(store_transaction(town, end_key, town, &err), &err);
    refused(town, TOWN, receipt, E_DENIED, "失効した端末の送付便です");
    crafted_free(&c);
    xfree(&receipt);
    xfree(&file);
    store_free(&laptop);
    store_free(&town);
}

static void ten_thousand_recipients_are_refused(void **state)
{
    (void)state;
    struct error err = {0};
    struct buffer text = BUFFER_INIT;
    struct store *laptop = fresh("many", LAPTOP), *town = fresh("many", TOWN);
    one_record(laptop, LAPTOP, "090-1");
    struct crafted c = craft(laptop, LAPTOP);
    char *file = written("many", &c);
    must(file_read(file, 1 << 20, &text, &err), &err);
    char *to = memmem(text.data, text.len, "\nto ", 4);
    struct buffer flood = BUFFER_INIT;
    for (int i = 0; i < 10000; i++)
        buffer_printf(&flood, "\nto %064d", i);
    buffer_splice(&text, (size_t)(to - text.data), 0, flood.data, flood.len);
    must(file_write(file, text.data, text.len, &err), &err);
    refused(town, TOWN, file, E_LIMIT, "見出しが長すぎます");
    buffer_free(&text);
    buffer_free(&flood);
    crafted_free(&c);
    xfree(&file);
    store_free(&laptop);
    store_free(&town);
}

/* --- What is taken in with a word of warning --- */

static void clocks_and_forms_are_spoken_of(void **state)
{
    (void)state;
    struct error err = {0};
    struct bundle_written day;
    struct store *laptop = fresh("clock", LAPTOP), *town = fresh("clock", TOWN);
    int64_t now = clock_now(), year = 365 * 24 * INT64_C(3600000);
    one_record(laptop, LAPTOP, "090-1");
    must(send_chain(laptop, LAPTOP, false, &day, &err), &err);
    struct bundle_applied in = taken(town, TOWN, day.path);
    assert_true(!in.ahead_ms && !in.back_ms && !in.stale && !*in.unknown_form);
    clock_set(now + 2 * year);
    one_record(laptop, LAPTOP, "090-2");
    clock_set(now);
    one_record(laptop, LAPTOP, "090-3");
    must(send_chain(laptop, LAPTOP, false, &day, &err), &err);
    in = taken(town, TOWN, day.path);
    assert_int_equal(in.events, 4);
    assert_true(in.ahead_ms > year && in.back_ms > year);
    one_record(laptop, LAPTOP, "090-4");
    struct crafted c = craft(laptop, LAPTOP);
    header_add_require(&c.header, "demo@9", BUNDLE_NONE);
    char *file = written("form", &c);
    assert_string_equal(taken(town, TOWN, file).unknown_form, "demo@9");
    c.header.registry += 5; /* the sender knows more than is known here */
    xfree(&file);
    file = written("stale", &c);
    assert_true(taken(town, TOWN, file).stale);
    crafted_free(&c);
    xfree(&file);
    store_free(&laptop);
    store_free(&town);
}

/* --- From the town: whole records or none --- */

static enum status keep_history(void *context, const struct event *e, const char *held,
                                struct error *err)
{
    struct strings *lines = context;
    (void)held, (void)err;
    strings_add(lines, e->header);
    strings_add(lines, e->body);
    if (event_op_sealed(e->op))
        strings_add(lines, e->seal);
    return OK;
}

/* An extract as the town writes it, of one record that has two events: lines 0 and 1 of the record
 * are its put, 2 to 4 its act. */
static struct crafted craft_extract(struct store *town, const char *record)
{
    struct error err = {0};
    struct record whole;
    struct crafted c = {.device = TOWN};
    long version = registry_version(store_registry(town));
    c.header = (struct bundle_header){
        .kind = BUNDLE_EXTRACT, .number = 1, .count = 2, .registry = version};
    snprintf(c.header.town, sizeof c.header.town, "%s", root_key->fingerprint);
    snprintf(c.header.from, sizeof c.header.from, "%s", device_keys[TOWN]->fingerprint);
    snprintf(c.header.prev, sizeof c.header.prev, "%s", BUNDLE_NONE);
    header_add_recipient(&c.header, &root_key->recipient, NULL);
    strings_take(&c.lines,
                 xasprintf("{\"section\":\"registry\",\"first\":1,\"last\":%ld}", version));
    must(registry_export(store_registry(town), 1, REGISTRY_NEWEST, keep_entry, &c.lines, &err),
         &err);
    strings_add(&c.lines, "{\"section\":\"reference\",\"count\":0}");
    strings_add(&c.lines, "{\"section\":\"records\",\"count\":1,\"since\":\"\",\"after\":\"\"}");
    must(record_load(town, record, &whole, &err), &err);
    strings_take(&c.lines, xasprintf("{\"record\":\"%s\",\"heads\":[\"%s\"]}", record,
                                     whole.merge.heads.items[0]));
    record_free(&whole);
    must(journal_read_record(town, record, keep_history, &c.lines, &err), &err);
    return c;
}

static void a_record_with_a_piece_missing_is_refused(void **state)
{
    (void)state;
    struct error err = {0};
    struct bundle_written day, extract, receipt;
    struct store *one = fresh("whole", COUNTER), *town = fresh("whole", TOWN);
    struct store *two = fresh("whole", SECOND);
    char *record = NULL;
    one_record(one, COUNTER, "090-1");
    close_day(one, COUNTER);
    must(send_chain(one, COUNTER, false, &day, &err), &err);
    taken(town, TOWN, day.path);
    must(database_string(store_database(town), &err, &record, "SELECT record FROM record", ""),
         &err);

    struct crafted c = craft_extract(town, record); /* the put is left out */
    size_t put = c.lines.count - 5;
    for (size_t i = 0; i < 3; i++)
        replace_line(&c, put + i, xstrdup(c.lines.items[put + 2 + i]));
    for (size_t i = 0; i < 2; i++)
        xfree(&c.lines.items[--c.lines.count]);
    c.header.count = 1;
    refuse_crafted(two, &c, "no-base", E_CRYPTO, "欠けているところがあります");
    c = craft_extract(town, record); /* the act is left out */
    for (size_t i = 0; i < 3; i++)
        xfree(&c.lines.items[--c.lines.count]);
    c.header.count = 1;
    refuse_crafted(two, &c, "no-head", E_CRYPTO, "欠けているところがあります");
    c = craft_extract(town, record); /* an entry of the registry that is not the town's */
    char *entry = c.lines.items[3], *name = strstr(entry, "\"name\":\"1\"");
    name[8] = '2';
    refuse_crafted(two, &c, "entry", E_CONFLICT, "登録簿の2番がここのものと違います");
    c = craft_extract(town, record);
    char *file = written("extract", &c);
    assert_int_equal(taken(two, TOWN, file).records, 1);
    crafted_free(&c);

    send_down(town, SECOND, &extract, &receipt);
    assert_int_equal(taken(two, SECOND, extract.path).known, 2);
    assert_int_equal(send_chain(two, SECOND, true, &day, &err), E_NOT_FOUND); /* never sent on */
    xfree(&record);
    xfree(&file);
    store_free(&one);
    store_free(&two);
    store_free(&town);
}

/* --- Attachments --- */

struct attaching {
    struct store *store;
    const char *record, *blob;
};

static enum status attach(void *context, struct error *err)
{
    const struct attaching *a = context;
    struct user_keys keys = {user_keys_of[LAPTOP], device_keys[LAPTOP]};
    struct line body;
    enum status st = attachment_body(a->store, a->blob, &body, err);
    if (st)
        return st;
    map_set(line_add_map(&body, "set"), "note", a->blob);
    struct journal_entry entry = {OP_ATTACH, a->record, "demo@1", &body};
    return journal_append(a->store, &keys, &entry, NULL, err);
}

/* A record with a file of several pieces. */
static void attached(struct store *store, char blob[HASH_HEX_SIZE])
{
    struct error err = {0};
    char id[UUID_SIZE], *file = file_path(fixture_dir, "copy.jpg");
    struct buffer bytes = BUFFER_INIT;
    for (unsigned i = 0; bytes.len < 2 * ATTACHMENT_PIECE + 1000; i++)
        buffer_printf(&bytes, "%u,", i * i);
    must(file_write(file, bytes.data, bytes.len, &err), &err);
    uuid7_new(id);
    put(store, LAPTOP, id, NULL, SET("name", "桐生", "phone", "090-1"));
    must(attachment_add(store, file, "copy.jpg", "委任状", blob, &err), &err);
    struct attaching a = {store, id, blob};
    must(store_transaction(store, attach, &a, &err), &err);
    put(store, LAPTOP, id, "finalise", SET("state", "received"));
    buffer_free(&bytes);
    xfree(&file);
}

static void attachments_follow_their_events(void **state)
{
    (void)state;
    struct error err = {0};
    struct bundle_written chain, bytes, extract, receipt;
    struct strings blobs = STRINGS_INIT, missing = STRINGS_INIT;
    const struct bundle_order order = {.dir = fixture_dir};
    struct user_keys keys = {user_keys_of[LAPTOP], device_keys[LAPTOP]};
    struct store *laptop = fresh("blobs", LAPTOP), *town = fresh("blobs", TOWN);
    char blob[HASH_HEX_SIZE];
    attached(laptop, blob);
    must(send_chain(laptop, LAPTOP, false, &chain, &err), &err);
    must(bundle_blobs_to_send(laptop, &chain, &blobs, &err), &err);
    assert_int_equal(blobs.count, 1);
    must(bundle_write_blobs(laptop, &keys, &order, NULL, &blobs, &bytes, &err), &err);
    assert_int_equal(bytes.records, 1);
    refused(town, TOWN, bytes.path, E_HELD, "添付だけが先に届きました");
    taken(town, TOWN, chain.path);
    assert_false(attachment_here(town, blob));
    send_down(town, LAPTOP, &extract, &receipt); /* the town says what it misses */
    taken(laptop, LAPTOP, receipt.path);
    must(transport_missing_list(laptop, &missing, &err), &err);
    assert_int_equal(missing.count, 1);
    assert_string_equal(missing.items[0], blob);
    assert_int_equal(taken(town, TOWN, bytes.path).blobs, 1);
    assert_true(attachment_here(town, blob));
    must(attachment_read(town, blob, NULL, NULL, &err), &err);
    assert_true(taken(town, TOWN, bytes.path).again);
    strings_free(&blobs);
    strings_free(&missing);
    store_free(&laptop);
    store_free(&town);
}

/* Bytes that are not those of the record, too few of them, or too many. */
static void other_bytes_are_no_attachment(void **state)
{
    (void)state;
    struct error err = {0};
    struct bundle_written chain;
    struct store *laptop = fresh("bytes", LAPTOP), *town = fresh("bytes", TOWN);
    char blob[HASH_HEX_SIZE];
    struct attachment known;
    attached(laptop, blob);
    must(send_chain(laptop, LAPTOP, false, &chain, &err), &err);
    taken(town, TOWN, chain.path);
    must(attachment_find(town, blob, &known, &err), &err);
    static const struct {
        int64_t size_change;
        size_t left_out;
        enum status expected;
        const char *why;
    } cases[] = {{0, 0, E_CRYPTO, "記録にあるものと違います"},
                 {1, 0, E_PARSE, "size"},
                 {0, 1, E_PARSE, "size"}};
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct crafted c = craft(laptop, LAPTOP);
        c.header.kind = BUNDLE_BLOBS;
        c.header.chain_count = 0;
        c.header.count = 0;
        strings_free(&c.lines);
        strings_add(&c.lines, "{\"section\":\"blobs\",\"count\":1}");
        strings_take(&c.lines, xasprintf("{\"blob\":\"%s\",\"size\":%lld}", blob,
                                         (long long)(known.size + cases[i].size_change)));
        for (int64_t left = known.size; left > 0; left -= ATTACHMENT_PIECE) {
            struct buffer line = BUFFER_INIT;
            size_t size = left < ATTACHMENT_PIECE ? (size_t)left : ATTACHMENT_PIECE;
            uint8_t *zeros = xcalloc(1, size);
            buffer_add_text(&line, BLOB_PIECE_BEGIN);
            base64_add(&line, zeros, size);
            buffer_add_text(&line, "\"}");
            strings_take(&c.lines, buffer_steal(&line));
            xfree(&zeros);
        }
        for (size_t n = 0; n < cases[i].left_out; n++)
            xfree(&c.lines.items[--c.lines.count]);
        refuse_crafted(town, &c, "bytes", cases[i].expected, cases[i].why);
        assert_false(attachment_here(town, blob));
    }
    attachment_free(&known);
    store_free(&laptop);
    store_free(&town);
}

static int build(void **state)
{
    unpack_in_process(true);
    return fixture_build(state);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(without_its_order_nothing_goes_in),
        cmocka_unit_test(a_day_needs_its_supervisor),
        cmocka_unit_test(strangers_are_refused),
        cmocka_unit_test(the_stick_of_an_ended_device_is_held),
        cmocka_unit_test(another_history_of_an_ended_device_changes_nothing),
        cmocka_unit_test(ten_thousand_recipients_are_refused),
        cmocka_unit_test(clocks_and_forms_are_spoken_of),
        cmocka_unit_test(a_record_with_a_piece_missing_is_refused),
        cmocka_unit_test(attachments_follow_their_events),
        cmocka_unit_test(other_bytes_are_no_attachment),
    };
    return cmocka_run_group_tests_name("bundle/intake", tests, build, fixture_tear);
}
