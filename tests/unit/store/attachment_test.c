/* Bytes lie under their own hash, come in and go out whole or not at all, and go for good. */
#include "store_fixture.h"

#include <fcntl.h>

#include "store/attachment.h"
#include "store/verify.h"

enum { SIZE = 600 * 1000 }; /* three pieces */

static char *pattern(size_t size)
{
    char *data = xmalloc(size);
    for (size_t i = 0; i < size; i++)
        data[i] = (char)(i * 31 + i / 257);
    return data;
}

static char *file_of(const char *name, size_t size)
{
    struct error err = {0};
    char *path = file_path(fixture_dir, name), *data = pattern(size);
    must(file_write(path, data, size, &err), &err);
    xfree(&data);
    return path;
}

struct attaching {
    struct store *store;
    const char *record, *blob;
};

static enum status attach(void *context, struct error *err)
{
    struct attaching *a = context;
    struct user_keys keys = {user_keys_of[0], device_keys[0]};
    struct line body;
    enum status st = attachment_body(a->store, a->blob, &body, err);
    if (st)
        return st;
    map_set(line_add_map(&body, "set"), "note", a->blob);
    struct journal_entry entry = {OP_ATTACH, a->record, "demo@1", &body};
    return journal_append(a->store, &keys, &entry, NULL, err);
}

/* A record with a file on its field `note`. */
static void attached(struct store *store, char record[UUID_SIZE], char blob[HASH_HEX_SIZE])
{
    struct error err = {0};
    char *file = file_of("letter.pdf", SIZE);
    uuid7_new(record);
    put(store, 0, record, NULL, SET("name", "桐生"));
    must(attachment_add(store, file, "委任状.pdf", "委任状", blob, &err), &err);
    struct attaching a = {store, record, blob};
    must(store_transaction(store, attach, &a, &err), &err);
    put(store, 0, record, "finalise", SET("state", "received"));
    xfree(&file);
}

static enum status gather(void *context, const void *data, size_t len, struct error *err)
{
    (void)err;
    buffer_add(context, data, len);
    return OK;
}

static void what_went_in_comes_out(void **state)
{
    (void)state;
    struct error err = {0};
    char record[UUID_SIZE], blob[HASH_HEX_SIZE], *data = pattern(SIZE);
    struct store *store = store_named("inout", device_keys[0]);
    struct buffer bytes = BUFFER_INIT, exported = BUFFER_INIT;
    struct attachment_list list;
    attached(store, record, blob);
    must(attachment_read(store, blob, gather, &bytes, &err), &err);
    assert_int_equal(bytes.len, SIZE);
    assert_memory_equal(bytes.data, data, SIZE);
    must(attachment_list_record(store, record, &list, &err), &err);
    assert_int_equal(list.count, 1);
    assert_string_equal(list.items[0].name, "委任状.pdf");
    assert_string_equal(list.items[0].copy_of, "委任状");
    assert_string_equal(list.items[0].path, "note");
    assert_int_equal(list.items[0].size, SIZE);
    assert_true(list.items[0].here);
    attachment_list_free(&list);
    /* the field's value is the hash, and the hash is that of salt and bytes */
    struct record r;
    must(record_load(store, record, &r, &err), &err);
    assert_string_equal(record_value(&r, "note"), blob);
    record_free(&r);
    char *out = file_path(fixture_dir, "out.pdf");
    must(attachment_export(store, blob, out, &err), &err);
    must(file_read(out, ATTACHMENT_MAX, &exported, &err), &err);
    assert_int_equal(exported.len, SIZE);
    assert_memory_equal(exported.data, data, SIZE);
    assert_int_equal(attachment_export(store, blob, out, &err), E_EXISTS);
    xfree(&out);
    xfree(&data);
    buffer_free(&bytes);
    buffer_free(&exported);
    store_free(&store);
}

static void the_hash_is_the_one_of_the_format(void **state)
{
    (void)state;
    struct error err = {0};
    struct attachment a;
    struct buffer all = BUFFER_INIT;
    uint8_t salt[HASH_SIZE];
    char record[UUID_SIZE], blob[HASH_HEX_SIZE], made[HASH_HEX_SIZE], *data = pattern(SIZE);
    struct store *store = store_named("hash", device_keys[0]);
    attached(store, record, blob);
    must(attachment_find(store, blob, &a, &err), &err);
    assert_true(hex_decode(salt, sizeof salt, a.salt));
    buffer_add(&all, salt, sizeof salt);
    buffer_add(&all, data, SIZE);
    hash_hex_of(made, "satomado-blob-1", all.data, all.len);
    assert_string_equal(made, blob);
    buffer_free(&all);
    attachment_free(&a);
    xfree(&data);
    store_free(&store);
}

static void too_big_empty_and_no_file_are_refused(void **state)
{
    (void)state;
    struct error err = {0};
    char blob[HASH_HEX_SIZE];
    struct store *store = store_named("refused", device_keys[0]);
    char *big = file_path(fixture_dir, "big"), *empty = file_path(fixture_dir, "empty");
    int fd = open(big, O_CREAT | O_WRONLY, 0600);
    assert_true(fd >= 0 && ftruncate(fd, ATTACHMENT_MAX + 1) == 0);
    must(file_write(empty, "", 0, &err), &err);
    assert_int_equal(attachment_add(store, big, "b", "", blob, &err), E_LIMIT);
    assert_int_equal(attachment_add(store, empty, "e", "", blob, &err), E_INVALID);
    assert_int_equal(attachment_add(store, fixture_dir, "d", "", blob, &err), E_INVALID);
    assert_int_equal(attachment_add(store, "/nowhere/x", "n", "", blob, &err), E_NOT_FOUND);
    assert_true(ftruncate(fd, ATTACHMENT_MAX) == 0);
    must(attachment_add(store, big, "b", "", blob, &err), &err);
    close(fd);
    unlink(big);
    xfree(&big);
    xfree(&empty);
    store_free(&store);
}

static enum status receive(struct store *store, const char *blob, const char *data, size_t len,
                           struct error *err)
{
    struct incoming *in;
    enum status st = incoming_begin(store, blob, &in, err);
    for (size_t at = 0; !st && at < len; at += 100000) {
        st = incoming_add(in, data + at, len - at < 100000 ? len - at : 100000, err);
        if (st)
            incoming_free(&in);
    }
    return st ? st : incoming_finish(&in, err);
}

static void bytes_come_after_the_event(void **state)
{
    (void)state;
    struct error err = {0};
    char record[UUID_SIZE], blob[HASH_HEX_SIZE], *data = pattern(SIZE + 1);
    struct store *from = store_named("from", device_keys[0]);
    struct store *to = store_named("to", device_keys[TOWN]);
    struct attachment_list list;
    attached(from, record, blob);
    assert_int_equal(receive(to, blob, data, SIZE, &err), E_HELD);
    carry(from, 0, to);
    must(attachment_list_missing(to, &list, &err), &err);
    assert_int_equal(list.count, 1);
    assert_string_equal(list.items[0].blob, blob);
    attachment_list_free(&list);
    assert_int_equal(receive(to, blob, data, SIZE + 1, &err), E_LIMIT);
    assert_int_equal(receive(to, blob, data, SIZE - 1, &err), E_CRYPTO);
    data[SIZE / 2] ^= 1;
    assert_int_equal(receive(to, blob, data, SIZE, &err), E_CRYPTO);
    assert_false(attachment_here(to, blob));
    data[SIZE / 2] ^= 1;
    must(receive(to, blob, data, SIZE, &err), &err);
    must(receive(to, blob, data, SIZE, &err), &err); /* twice does no harm */
    must(attachment_read(to, blob, NULL, NULL, &err), &err);
    must(attachment_list_missing(to, &list, &err), &err);
    assert_int_equal(list.count, 0);
    must(attachment_list_chain(from, device_keys[0]->fingerprint, 1, 0, &list, &err), &err);
    assert_int_equal(list.count, 1);
    attachment_list_free(&list);
    must(attachment_list_chain(from, device_keys[0]->fingerprint, 3, 0, &list, &err), &err);
    assert_int_equal(list.count, 0);
    xfree(&data);
    store_free(&from);
    store_free(&to);
}

static void note_line(void *context, const char *line)
{
    strings_add(context, line);
}

static enum status verified(struct store *store, struct strings *lines)
{
    struct verified out;
    struct error err = {0};
    strings_free(lines);
    enum status st = store_verify(store, note_line, lines, &out, &err);
    assert_int_equal(out.attachments, 1);
    return st;
}

/* Behind the store's back. */
static void damage(struct store *store, const char *sql)
{
    struct error err = {0};
    static const char *const known[] = {"", NULL};
    struct database *db;
    char *path = file_path(store_dir(store), ATTACHMENT_FILE);
    must(database_open(path, known, &db, &err), &err);
    must(database_script(db, sql, &err), &err);
    database_free(&db);
    xfree(&path);
}

static void changed_bytes_are_found(void **state)
{
    (void)state;
    static const char *const damages[] = {
        "UPDATE piece SET bytes=CAST(substr(bytes,1,9)||x'00'||substr(bytes,11) AS BLOB)"
        " WHERE n=1",
        "DELETE FROM piece WHERE n=2",
        "UPDATE piece SET n=9 WHERE n=0",
        "UPDATE blob SET salt=substr(salt,2)||substr(salt,1,1)",
        "UPDATE blob SET size=size+1",
    };
    for (size_t i = 0; i < ARRAY_LEN(damages); i++) {
        char record[UUID_SIZE], blob[HASH_HEX_SIZE], *name = xasprintf("damaged%zu", i);
        struct strings lines = STRINGS_INIT;
        struct store *store = store_named(name, device_keys[0]);
        attached(store, record, blob);
        assert_int_equal(verified(store, &lines), OK);
        damage(store, damages[i]);
        assert_int_equal(verified(store, &lines), E_CORRUPT);
        strings_free(&lines);
        store_free(&store);
        xfree(&name);
    }
}

/* A table from the journal alone, and a record rebuilt keeps its files. */
static void a_rebuild_finds_them_again(void **state)
{
    (void)state;
    struct error err = {0};
    char record[UUID_SIZE], blob[HASH_HEX_SIZE];
    struct buffer before = BUFFER_INIT, after = BUFFER_INIT;
    struct store *store = store_named("again", device_keys[0]);
    attached(store, record, blob);
    dump_query(store, "SELECT * FROM attachment", &before);
    must(database_script(store_database(store), "UPDATE attachment SET name='x'", &err), &err);
    struct strings lines = STRINGS_INIT;
    assert_int_equal(verified(store, &lines), E_CORRUPT);
    must(projection_rebuild(store, NULL, NULL, &err), &err);
    dump_query(store, "SELECT * FROM attachment", &after);
    assert_string_equal(before.data, after.data);
    assert_int_equal(verified(store, &lines), OK);
    strings_free(&lines);
    buffer_free(&before);
    buffer_free(&after);
    store_free(&store);
}

static bool file_holds(const char *path, const char *data, size_t len)
{
    struct error err = {0};
    struct buffer all = BUFFER_INIT;
    must(file_read(path, 64 << 20, &all, &err), &err);
    bool found = memmem(all.data, all.len, data, len) != NULL;
    buffer_free(&all);
    return found;
}

static void erased_bytes_are_gone(void **state)
{
    (void)state;
    struct error err = {0};
    char record[UUID_SIZE], blob[HASH_HEX_SIZE], loose[HASH_HEX_SIZE], *data = pattern(SIZE);
    struct strings unnamed = STRINGS_INIT;
    struct store *store = store_named("erased", device_keys[0]);
    char *path = file_path(store_dir(store), ATTACHMENT_FILE), *file = file_of("loose", 1000);
    attached(store, record, blob);
    must(attachment_add(store, file, "loose", "", loose, &err), &err);
    must(attachment_unnamed(store, NULL, &unnamed, &err), &err);
    assert_int_equal(unnamed.count, 1);
    assert_string_equal(unnamed.items[0], loose);
    must(attachment_drop(store, blob, &err), &err); /* an event names it: stays */
    assert_true(attachment_here(store, blob));
    must(attachment_drop(store, loose, &err), &err);
    assert_false(attachment_here(store, loose));
    assert_true(file_holds(path, data + 1000, 2000));
    must(attachment_erase(store, blob, &err), &err);
    assert_int_equal(attachment_read(store, blob, NULL, NULL, &err), E_NOT_FOUND);
    assert_false(file_holds(path, data + 1000, 2000));
    strings_free(&unnamed);
    xfree(&path);
    xfree(&file);
    xfree(&data);
    store_free(&store);
}

static void copies_stand_beside_a_backup(void **state)
{
    (void)state;
    struct error err = {0};
    char record[UUID_SIZE], blob[HASH_HEX_SIZE], other[HASH_HEX_SIZE];
    char *dir = file_path(fixture_dir, "beside"), *file = file_of("second", 5000);
    struct store *store = store_named("origin", device_keys[0]);
    struct store *back = store_named("back", device_keys[0]);
    must(attachments_copy(store_dir(store), dir, true, &err), &err); /* nothing yet */
    must(file_make_dirs(dir, &err), &err);
    attached(store, record, blob);
    must(attachments_copy(store_dir(store), dir, true, &err), &err);
    must(attachment_add(store, file, "2", "", other, &err), &err);
    must(attachments_copy(store_dir(store), dir, true, &err), &err);
    must(attachments_copy(store_dir(store), dir, true, &err), &err); /* nothing new */
    must(attachments_copy(dir, store_dir(back), false, &err), &err);
    must(attachment_read(back, blob, NULL, NULL, &err), &err);
    must(attachment_read(back, other, NULL, NULL, &err), &err);
    /* what was disposed of goes from the copy, and a damaged one is told */
    must(attachment_erase(store, blob, &err), &err);
    must(attachments_copy(store_dir(store), dir, true, &err), &err);
    must(attachment_erase(back, blob, &err), &err);
    must(attachments_copy(dir, store_dir(back), false, &err), &err);
    assert_false(attachment_here(back, blob));
    damage(store, "UPDATE piece SET bytes=x'00'");
    must(attachment_erase(back, other, &err), &err);
    assert_int_equal(attachments_copy(store_dir(store), store_dir(back), false, &err), E_CORRUPT);
    assert_false(attachment_here(back, other));
    xfree(&dir);
    xfree(&file);
    store_free(&store);
    store_free(&back);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_went_in_comes_out),
        cmocka_unit_test(the_hash_is_the_one_of_the_format),
        cmocka_unit_test(too_big_empty_and_no_file_are_refused),
        cmocka_unit_test(bytes_come_after_the_event),
        cmocka_unit_test(changed_bytes_are_found),
        cmocka_unit_test(a_rebuild_finds_them_again),
        cmocka_unit_test(erased_bytes_are_gone),
        cmocka_unit_test(copies_stand_beside_a_backup),
    };
    return cmocka_run_group_tests_name("store/attachment", tests, fixture_build, fixture_tear);
}
