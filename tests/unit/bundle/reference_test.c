/* The town's reference data in bundles: what the town signed and nothing else, the newest and no
 * older one, whole or not at all. */
#include "bundle_fixture.h"

#include "base/files.h"
#include "bundle/payload.h"
#include "crypto/base64.h"
#include "store/reference.h"

static const char first[] = "day,name\n\"2026-01-01\",\"元日\"\n";
static const char second[] = "day,name\n\"2026-01-01\",\"元日\"\n\"2026-01-12\",\"成人の日\"\n";

struct saying {
    struct store *store;
    const char *text;
};

static enum status say(void *context, struct error *err)
{
    const struct saying *s = context;
    return reference_add(store_registry(s->store), root_key, "holidays", s->text, strlen(s->text),
                         err);
}

static void signed_by_town(struct store *town, const char *text)
{
    struct error err = {0};
    struct saying s = {town, text};
    must(reference_keep(town, "holidays", text, strlen(text), &err), &err);
    must(store_transaction(town, say, &s, &err), &err);
}

static void stands_here(struct store *store, const char *text)
{
    struct buffer bytes = BUFFER_INIT;
    char *path = reference_path(store, "holidays");
    enum status st = file_read(path, 1000, &bytes, NULL);
    if (!text)
        assert_int_not_equal(st, OK);
    else
        assert_string_equal(buffer_text(&bytes), text);
    buffer_free(&bytes);
    xfree(&path);
}

static void takes(struct store *store, size_t place, const char *file)
{
    struct bundle_applied out;
    struct error err = {0};
    must(take_in(store, place, file, &out, &err), &err);
}

/* --- Versions --- */

static void the_newest_is_kept(void **state)
{
    (void)state;
    struct bundle_written one, two, receipt;
    struct store *town = fresh("newest", TOWN), *office = fresh("newest", COUNTER);
    signed_by_town(town, first);
    send_down(town, COUNTER, &one, &receipt);
    signed_by_town(town, second);
    send_down(town, COUNTER, &two, &receipt);
    takes(office, COUNTER, two.path);
    stands_here(office, second);
    takes(office, COUNTER, one.path); /* late */
    stands_here(office, second);
    store_free(&town);
    store_free(&office);
}

/* A crash in the middle leaves a part under another name; the next time is as if it had not been.
 */
static void what_was_cut_short_goes_on(void **state)
{
    (void)state;
    struct error err = {0};
    struct bundle_written extract, receipt;
    struct store *town = fresh("cut", TOWN), *office = fresh("cut", COUNTER);
    signed_by_town(town, second);
    send_down(town, COUNTER, &extract, &receipt);
    char *path = reference_path(office, "holidays"), *part = xasprintf("%s.new", path);
    must(reference_keep(office, "holidays.new", "day,na", 6, &err), &err);
    takes(office, COUNTER, extract.path);
    stands_here(office, second);
    assert_false(file_exists(part));
    xfree(&path);
    xfree(&part);
    store_free(&town);
    store_free(&office);
}

/* A town that was restored lacks the bytes: it sends none, and others lose nothing. */
static void what_is_not_here_is_not_sent(void **state)
{
    (void)state;
    struct error err = {0};
    struct bundle_written extract, receipt;
    struct store *town = fresh("lacks", TOWN), *office = fresh("lacks", COUNTER);
    signed_by_town(town, second);
    must(reference_keep(town, "holidays", first, strlen(first), &err), &err);
    send_down(town, COUNTER, &extract, &receipt);
    takes(office, COUNTER, extract.path);
    stands_here(office, NULL);
    store_free(&town);
    store_free(&office);
}

/* --- What somebody with the town's device key might write --- */

static char *piece_of(const char *text)
{
    struct buffer line = BUFFER_INIT;
    buffer_add_text(&line, "{\"data\":\"");
    base64_add(&line, text, strlen(text));
    buffer_add_text(&line, "\"}");
    return buffer_steal(&line);
}

/* An extract with the registry and one reference whose number, size and bytes are these. */
static char *crafted(struct store *town, const char *name, long number, size_t size,
                     const char *text, int count)
{
    struct error err = {0};
    struct strings lines = STRINGS_INIT;
    struct payload *payload = NULL;
    char *file = xasprintf("%s/%s.smb", fixture_dir, name);
    long version = registry_version(store_registry(town));
    struct bundle_header header = {.kind = BUNDLE_EXTRACT, .number = 1, .registry = version};
    snprintf(header.town, sizeof header.town, "%s", root_key->fingerprint);
    snprintf(header.from, sizeof header.from, "%s", device_keys[TOWN]->fingerprint);
    snprintf(header.prev, sizeof header.prev, "%s", BUNDLE_NONE);
    header_add_recipient(&header, &device_keys[COUNTER]->recipient, NULL);
    strings_take(&lines, xasprintf("{\"section\":\"registry\",\"first\":1,\"last\":%ld}", version));
    must(registry_export(store_registry(town), 1, REGISTRY_NEWEST, keep_entry, &lines, &err), &err);
    strings_take(&lines, xasprintf("{\"section\":\"reference\",\"count\":%d}", count));
    strings_take(&lines, xasprintf("{\"reference\":\"holidays\",\"number\":%ld,\"size\":%zu}",
                                   number, size));
    strings_take(&lines, piece_of(text));
    strings_add(&lines, "{\"section\":\"records\",\"count\":0,\"since\":\"\",\"after\":\"\"}");
    must(payload_start(file, &header, &device_keys[COUNTER]->recipient, 1, &device_keys[TOWN]->seal,
                       &payload, &err),
         &err);
    for (size_t i = 0; i < lines.count; i++)
        must(payload_add(payload, lines.items[i], strlen(lines.items[i]), &err), &err);
    must(payload_finish(payload, &err), &err);
    payload_free(&payload);
    header_free(&header);
    strings_free(&lines);
    return file;
}

static void spoiled_refused(struct store *office, char *file, enum status expected)
{
    struct bundle_applied out;
    struct error err = {0};
    long version = registry_version(store_registry(office));
    enum status st = take_in(office, COUNTER, file, &out, &err);
    if (st != expected)
        fail_msg("%s: %s (%s)", file, status_name(st), error_text(&err));
    assert_int_equal(registry_version(store_registry(office)), version);
    stands_here(office, NULL);
    unlink(file);
    xfree(&file);
}

static void other_bytes_are_refused(void **state)
{
    (void)state;
    struct store *town = fresh("bytes", TOWN), *office = fresh("bytes", COUNTER);
    char *changed = xstrdup(second);
    signed_by_town(town, second);
    changed[20] ^= 1;
    spoiled_refused(office, crafted(town, "changed", 1, strlen(second), changed, 1), E_CRYPTO);
    spoiled_refused(office, crafted(town, "number", 2, strlen(second), second, 1), E_PARSE);
    spoiled_refused(office, crafted(town, "size", 1, strlen(second) + 1, second, 1), E_PARSE);
    spoiled_refused(office, crafted(town, "short", 1, strlen(second), first, 1), E_PARSE);
    spoiled_refused(office, crafted(town, "count", 1, strlen(second), second, 2), E_PARSE);
    char *good = crafted(town, "good", 1, strlen(second), second, 1);
    takes(office, COUNTER, good);
    stands_here(office, second);
    xfree(&good);
    xfree(&changed);
    store_free(&town);
    store_free(&office);
}

static void names_are_names(void **state)
{
    (void)state;
    assert_true(reference_name_good("postcodes"));
    assert_false(reference_name_good(""));
    assert_false(reference_name_good("../settings"));
    assert_false(reference_name_good("a.new"));
    assert_false(reference_name_good("-a"));
}

static int build(void **state)
{
    unpack_in_process(true);
    return fixture_build(state);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_newest_is_kept),
        cmocka_unit_test(what_was_cut_short_goes_on),
        cmocka_unit_test(what_is_not_here_is_not_sent),
        cmocka_unit_test(other_bytes_are_refused),
        cmocka_unit_test(names_are_names),
    };
    return cmocka_run_group_tests_name("bundle/reference", tests, build, fixture_tear);
}
