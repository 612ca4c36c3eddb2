#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>
#include <zstd.h>

#include "base/files.h"
#include "base/strings.h"
#include "base/xmem.h"
#include "bundle/inspect.h"
#include "bundle/payload.h"
#include "bundle/reader.h"
#include "crypto/random.h"

#define TOWN "dddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddd"

static char dir[64];
static struct key_pair *device, *town;

static int set_up(void **state)
{
    (void)state;
    strcpy(dir, "/tmp/satomado-payload-XXXXXX");
    device = key_pair_new();
    town = key_pair_new();
    return mkdtemp(dir) ? 0 : 1;
}

static int tear_down(void **state)
{
    (void)state;
    char *line = xasprintf("rm -r %s", dir);
    int rc = system(line);
    xfree(&line);
    key_pair_free(&device);
    key_pair_free(&town);
    return rc;
}

static struct bundle_header new_header(int64_t count)
{
    struct bundle_header h = {.kind = BUNDLE_CHAIN, .number = 1, .registry = 1, .count = count};
    struct bundle_chain chain = {.first = 1, .last = count};
    strcpy(h.town, TOWN);
    strcpy(h.from, device->fingerprint);
    strcpy(h.prev, BUNDLE_NONE);
    strcpy(chain.device, device->fingerprint);
    strcpy(chain.head, TOWN);
    header_add_chain(&h, &chain);
    header_add_recipient(&h, &town->recipient, NULL);
    return h;
}

/* Line i of a sample: short, Japanese, or noise as long as a line may be. */
static void sample_line(size_t i, struct buffer *out)
{
    buffer_clear(out);
    buffer_printf(out, "{\"line\":%zu,\"text\":\"霧沢の%zu番目\"}", i, i * i);
    if (i % 1000 == 999) {
        uint64_t noise = i;
        while (out->len < PAYLOAD_LINE_MAX) {
            noise = noise * 6364136223846793005U + 1442695040888963407U;
            buffer_add_char(out, (char)('!' + (noise >> 40) % 90));
        }
    }
}

static char *write_bundle(const char *name, size_t lines)
{
    char *path = file_path(dir, name);
    struct bundle_header h = new_header((int64_t)lines);
    struct payload *payload = NULL;
    struct buffer line = BUFFER_INIT;
    assert_int_equal(payload_start(path, &h, &town->recipient, 1, &device->seal, &payload, NULL),
                     OK);
    for (size_t i = 0; i < lines; i++) {
        sample_line(i, &line);
        assert_int_equal(payload_add(payload, line.data, line.len, NULL), OK);
    }
    assert_false(file_exists(path));
    assert_int_equal(payload_finish(payload, NULL), OK);
    payload_free(&payload);
    header_free(&h);
    buffer_free(&line);
    return path;
}

struct seen {
    size_t lines;
    bool same;
};

static enum status see(void *context, const char *line, size_t len, struct error *err)
{
    struct seen *seen = context;
    struct buffer expected = BUFFER_INIT;
    (void)err;
    sample_line(seen->lines++, &expected);
    seen->same = seen->same && expected.len == len && memcmp(expected.data, line, len) == 0;
    buffer_free(&expected);
    return OK;
}

/* Everything a receiver does; what it refuses it explains. */
static enum status read_bundle(const char *path, const struct key_pair *holder, struct seen *seen)
{
    struct reader *reader = NULL;
    struct error err = {0};
    *seen = (struct seen){.same = true};
    enum status st = reader_open(path, dir, &reader, &err);
    if (!st)
        st = reader_check(reader, TOWN, device->seal.public_key, &err);
    if (!st)
        st = reader_lines(reader, (const uint8_t(*)[AGE_KEY_SIZE]) & holder->identity, 1, see, seen,
                          &err);
    reader_free(&reader);
    assert_true(!st || err.detail[0]);
    return st;
}

static void what_is_written_is_read(void **state)
{
    (void)state;
    static const size_t sizes[] = {1, 3, 5000};
    for (size_t i = 0; i < ARRAY_LEN(sizes); i++) {
        struct seen seen;
        char *path = write_bundle("whole.smb", sizes[i]);
        assert_int_equal(read_bundle(path, town, &seen), OK);
        assert_int_equal(seen.lines, sizes[i]);
        assert_true(seen.same);
        assert_int_equal(read_bundle(path, device, &seen), E_NOT_FOUND);
        assert_int_equal(seen.lines, 0);
        unlink(path);
        xfree(&path);
    }
}

static void another_town_or_sender_is_refused(void **state)
{
    (void)state;
    char *path = write_bundle("foreign.smb", 2);
    struct reader *reader = NULL;
    struct seen seen;
    assert_int_equal(reader_open(path, dir, &reader, NULL), OK);
    const uint8_t(*ids)[AGE_KEY_SIZE] = (const uint8_t(*)[AGE_KEY_SIZE]) & town->identity;
    assert_int_equal(reader_lines(reader, ids, 1, see, &seen, NULL), E_INTERNAL);
    assert_int_equal(reader_check(reader, device->fingerprint, device->seal.public_key, NULL),
                     E_DENIED);
    assert_int_equal(reader_check(reader, TOWN, town->seal.public_key, NULL), E_CRYPTO);
    reader_free(&reader);
    unlink(path);
    xfree(&path);
}

static void a_cut_or_changed_bundle_is_refused(void **state)
{
    (void)state;
    char *path = write_bundle("small.smb", 3), *bad = file_path(dir, "bad.smb");
    struct buffer file = BUFFER_INIT;
    struct seen seen;
    assert_int_equal(file_read(path, 1 << 20, &file, NULL), OK);
    FILE *out = fopen(bad, "w+");
    assert_non_null(out);
    setvbuf(out, NULL, _IONBF, 0);
    for (size_t len = 0; len < file.len; len++) {
        assert_int_equal(ftruncate(fileno(out), (off_t)len), 0);
        if (len)
            assert_int_equal(pwrite(fileno(out), file.data, len, 0), len);
        assert_int_not_equal(read_bundle(bad, town, &seen), OK);
        assert_int_equal(seen.lines, 0);
    }
    assert_int_equal(pwrite(fileno(out), file.data, file.len, 0), file.len);
    assert_int_equal(read_bundle(bad, town, &seen), OK);
    for (size_t bit = 0; bit < file.len * 8; bit++) {
        char flipped = (char)(file.data[bit / 8] ^ 1 << bit % 8);
        assert_int_equal(pwrite(fileno(out), &flipped, 1, (off_t)(bit / 8)), 1);
        assert_int_not_equal(read_bundle(bad, town, &seen), OK);
        assert_int_equal(seen.lines, 0);
        assert_int_equal(pwrite(fileno(out), file.data + bit / 8, 1, (off_t)(bit / 8)), 1);
    }
    assert_int_equal(pwrite(fileno(out), "x", 1, (off_t)file.len), 1);
    assert_int_equal(read_bundle(bad, town, &seen), E_CRYPTO);
    fclose(out);
    unlink(bad);
    unlink(path);
    xfree(&bad);
    xfree(&path);
    buffer_free(&file);
}

static void a_bundle_not_finished_leaves_nothing(void **state)
{
    (void)state;
    char *path = file_path(dir, "half.smb"), *line = xasprintf("test -z \"$(ls %s)\"", dir);
    struct bundle_header h = new_header(1);
    struct payload *payload = NULL;
    assert_int_equal(payload_start(path, &h, &town->recipient, 1, &device->seal, &payload, NULL),
                     OK);
    assert_int_equal(payload_add(payload, "{}\n{}", 5, NULL), E_INTERNAL);
    char *long_line = xcalloc(1, PAYLOAD_LINE_MAX + 1);
    assert_int_equal(payload_add(payload, long_line, PAYLOAD_LINE_MAX + 1, NULL), E_LIMIT);
    payload_free(&payload);
    assert_int_equal(system(line), 0);
    assert_int_equal(file_write(path, "x", 1, NULL), OK);
    assert_int_equal(payload_start(path, &h, &town->recipient, 1, &device->seal, &payload, NULL),
                     E_EXISTS);
    unlink(path);
    xfree(&long_line);
    xfree(&path);
    xfree(&line);
    header_free(&h);
}

/* --- What a sender of bad will, with a good key, may put into a bundle --- */

static enum status add(void *context, const void *data, size_t len, struct error *err)
{
    (void)err;
    buffer_add(context, data, len);
    return OK;
}

static void squeeze(struct buffer *out, const struct buffer *plain, int window)
{
    ZSTD_CCtx *z = ZSTD_createCCtx();
    size_t room = ZSTD_compressBound(plain->len);
    ZSTD_CCtx_setParameter(z, ZSTD_c_windowLog, window);
    ZSTD_CCtx_setParameter(z, ZSTD_c_contentSizeFlag, 0);
    buffer_reserve(out, room);
    out->len += ZSTD_compress2(z, out->data + out->len, room, plain->data, plain->len);
    ZSTD_freeCCtx(z);
}

/* A bundle signed as it must be, with these bytes in the place of the zstd frame. */
static char *write_evil(const struct bundle_header *header, const struct buffer *content)
{
    struct bundle_header h = *header;
    struct buffer age = BUFFER_INIT, file = BUFFER_INIT;
    struct age_writer *writer = NULL;
    uint8_t hash[HASH512_SIZE];
    assert_int_equal(age_writer_new(&town->recipient, 1, add, &age, &writer, NULL), OK);
    age_writer_add(writer, content->data, content->len, NULL);
    age_writer_finish(writer, NULL);
    age_writer_free(&writer);
    hash512_of(hash, NULL, age.data, age.len);
    hex_encode(h.payload, hash, sizeof hash);
    header_sign(&h, &device->seal);
    header_print(&h, &file);
    buffer_add(&file, age.data, age.len);
    char *path = file_path(dir, "evil.smb");
    assert_int_equal(file_write(path, file.data, file.len, NULL), OK);
    buffer_free(&age);
    buffer_free(&file);
    return path;
}

/* First line, lines, and the seal over them by a key. */
static void plain_text(struct buffer *out, const struct bundle_header *h, size_t lines,
                       const struct key_pair *signer)
{
    uint8_t hash[HASH_SIZE], seal[SEAL_SIZE];
    char hex[SEAL_HEX_SIZE];
    struct buffer line = BUFFER_INIT;
    header_json(h, out);
    buffer_add_char(out, '\n');
    for (size_t i = 0; i < lines; i++) {
        sample_line(i, &line);
        buffer_add(out, line.data, line.len);
        buffer_add_char(out, '\n');
    }
    hash_of(hash, NULL, out->data, out->len);
    seal_sign(seal, &signer->seal, PAYLOAD_SEAL_DOMAIN, hash, sizeof hash);
    hex_encode(hex, seal, sizeof seal);
    buffer_printf(out, PAYLOAD_SEAL_PREFIX "%s\"}\n", hex);
    buffer_free(&line);
}

static enum status read_evil(const struct bundle_header *h, const struct buffer *content)
{
    struct seen seen;
    char *path = write_evil(h, content);
    enum status st = read_bundle(path, town, &seen);
    xfree(&path);
    return st;
}

static void content_is_one_frame_of_sealed_lines(void **state)
{
    (void)state;
    struct bundle_header h = new_header(3);
    struct buffer plain = BUFFER_INIT, content = BUFFER_INIT, part = BUFFER_INIT;
    plain_text(&plain, &h, 3, device);
    squeeze(&content, &plain, 20);
    assert_int_equal(read_evil(&h, &content), OK);
    size_t frame = content.len;

    buffer_add(&content, "x", 1); /* something after the frame */
    assert_int_equal(read_evil(&h, &content), E_PARSE);
    content.len = frame;
    squeeze(&content, &plain, 20); /* two frames */
    assert_int_equal(read_evil(&h, &content), E_PARSE);
    content.len = frame - 1; /* the frame is cut */
    assert_int_equal(read_evil(&h, &content), E_PARSE);
    content.len = 0; /* nothing at all */
    assert_int_equal(read_evil(&h, &content), E_PARSE);
    assert_int_equal(read_evil(&h, &plain), E_PARSE); /* not compressed */

    buffer_add(&part, plain.data, plain.len - 1); /* the last LF is missing */
    squeeze(&content, &part, 20);
    assert_int_equal(read_evil(&h, &content), E_PARSE);
    part.len = (size_t)((char *)memrchr(part.data, '\n', part.len) - part.data) + 1;
    content.len = 0; /* no seal */
    squeeze(&content, &part, 20);
    assert_int_equal(read_evil(&h, &content), E_CRYPTO);
    content.len = 0;
    buffer_add(&plain, "{}\n", 3); /* a line after the seal */
    squeeze(&content, &plain, 20);
    assert_int_equal(read_evil(&h, &content), E_CRYPTO);
    buffer_clear(&plain);
    content.len = 0;
    plain_text(&plain, &h, 3, town); /* sealed by somebody else */
    squeeze(&content, &plain, 20);
    assert_int_equal(read_evil(&h, &content), E_CRYPTO);
    buffer_clear(&plain);
    content.len = 0;
    plain_text(&plain, &h, 3, device); /* under another header */
    squeeze(&content, &plain, 20);
    h.number = 2;
    assert_int_equal(read_evil(&h, &content), E_CRYPTO);
    header_free(&h);
    buffer_free(&plain);
    buffer_free(&content);
    buffer_free(&part);
}

static void bombs_are_refused(void **state)
{
    (void)state;
    struct bundle_header h = new_header(3);
    struct buffer plain = BUFFER_INIT, content = BUFFER_INIT;
    header_json(&h, &plain);
    buffer_add_char(&plain, '\n');
    size_t first = plain.len;
    buffer_reserve(&plain, 64 << 20);
    memset(plain.data + first, 'a', 64 << 20); /* one line of 64 MiB */
    plain.len = first + (64 << 20);
    squeeze(&content, &plain, 20);
    assert_int_equal(read_evil(&h, &content), E_LIMIT);
    for (size_t at = first; at < plain.len; at += 1000) /* many short ones */
        plain.data[at] = '\n';
    content.len = 0;
    squeeze(&content, &plain, 20);
    assert_true(content.len * UNPACK_RATIO + (1 << 20) < plain.len);
    assert_int_equal(read_evil(&h, &content), E_LIMIT);
    content.len = 0;
    squeeze(&content, &plain, 27); /* a window that would take memory */
    assert_int_equal(read_evil(&h, &content), E_LIMIT);
    header_free(&h);
    buffer_free(&plain);
    buffer_free(&content);
}

static void altered_ciphertext_is_refused(void **state)
{
    (void)state;
    struct bundle_header h = new_header(3);
    struct buffer plain = BUFFER_INIT, content = BUFFER_INIT, file = BUFFER_INIT;
    plain_text(&plain, &h, 3, device);
    squeeze(&content, &plain, 20);
    char *path = write_evil(&h, &content);
    assert_int_equal(file_read(path, 1 << 20, &file, NULL), OK);
    struct bundle_header signed_again = h;
    size_t at = 0;
    assert_int_equal(header_parse(&signed_again, file.data, file.len, &at, NULL), OK);
    for (size_t cut = 0; cut < 2; cut++) { /* changed, then cut: signed as if it were right */
        struct buffer age = BUFFER_INIT, out = BUFFER_INIT;
        uint8_t hash[HASH512_SIZE];
        struct seen seen;
        buffer_add(&age, file.data + at, file.len - at - cut);
        age.data[age.len - 20] ^= (char)(cut ? 0 : 1);
        hash512_of(hash, NULL, age.data, age.len);
        hex_encode(signed_again.payload, hash, sizeof hash);
        header_sign(&signed_again, &device->seal);
        header_print(&signed_again, &out);
        buffer_add(&out, age.data, age.len);
        assert_int_equal(file_write(path, out.data, out.len, NULL), OK);
        assert_int_equal(read_bundle(path, town, &seen), E_CRYPTO);
        assert_int_equal(seen.lines, 0);
        buffer_free(&age);
        buffer_free(&out);
    }
    xfree(&path);
    header_free(&h);
    header_free(&signed_again);
    buffer_free(&plain);
    buffer_free(&content);
    buffer_free(&file);
}

/* --- Without this program --- */

static void common_tools_open_it(void **state)
{
    (void)state;
    if (system("age --version >/dev/null 2>&1 && zstd --version >/dev/null && jq --version "
               ">/dev/null") != 0) {
        print_message("SKIP: age, zstd or jq is not here\n");
        skip();
    }
    char *path = write_bundle("tools.smb", 3);
    char text[AGE_IDENTITY_SIZE];
    char *identity = file_path(dir, "identity");
    age_identity_encode(text, town->identity);
    assert_int_equal(file_write(identity, text, strlen(text), NULL), OK);
    struct buffer header = BUFFER_INIT;
    assert_int_equal(bundle_inspect(path, &header, NULL), OK);
    size_t lines = 0;
    for (size_t i = 0; i < header.len; i++)
        lines += header.data[i] == '\n';
    char *command = xasprintf("cd %s && tail -n +%zu tools.smb >age && "
                              "age -d -i identity age | zstd -dc | jq -c 'keys[0]' >keys && "
                              "printf '\"%%s\"\\n' bundle line line line content | cmp - keys && "
                              "b2sum age | cut -c1-128 | grep -q -f - tools.smb",
                              dir, lines + 1);
    assert_int_equal(system(command), 0);
    xfree(&command);
    xfree(&identity);
    xfree(&path);
    buffer_free(&header);
}

int main(int argc, char **argv)
{
    if (argc == 2 && strcmp(argv[1], UNPACK_CHILD) == 0)
        return unpack_child_main();
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_written_is_read),
        cmocka_unit_test(another_town_or_sender_is_refused),
        cmocka_unit_test(a_cut_or_changed_bundle_is_refused),
        cmocka_unit_test(a_bundle_not_finished_leaves_nothing),
        cmocka_unit_test(content_is_one_frame_of_sealed_lines),
        cmocka_unit_test(bombs_are_refused),
        cmocka_unit_test(altered_ciphertext_is_refused),
        cmocka_unit_test(common_tools_open_it),
    };
    return cmocka_run_group_tests_name("bundle/payload", tests, set_up, tear_down);
}
