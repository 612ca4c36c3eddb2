/* An age file, with the identity of the test vectors: refused with a reason, or opened whole. What
 * comes after the header is also read with a key of its own, in pieces of different length. */
#include <stdlib.h>
#include <string.h>

#include "base/buffer.h"
#include "base/files.h"
#include "base/xmem.h"
#include "bundle/unpack_child.h"
#include "fuzz.h"

static const uint8_t (*identity(void))[AGE_KEY_SIZE]
{
    static uint8_t key[1][AGE_KEY_SIZE];
    static bool known;
    struct buffer text = BUFFER_INIT;
    const char *source = getenv("SATOMADO_SRCDIR");
    if (known)
        return (const uint8_t(*)[AGE_KEY_SIZE])key;
    char *path = file_path(source ? source : ".", "tests/fixtures/bundle/escrow.identity");
    if (file_read(path, 1 << 10, &text, NULL))
        fuzz_fail(path);
    char *secret = strstr(buffer_text(&text), "AGE-SECRET-KEY-1");
    if (secret)
        secret[strcspn(secret, "\n")] = '\0';
    known = secret && age_identity_decode(key[0], secret);
    if (!known)
        fuzz_fail(path);
    xfree(&path);
    buffer_free(&text);
    return (const uint8_t(*)[AGE_KEY_SIZE])key;
}

static enum status take(void *context, const void *data, size_t len, struct error *err)
{
    size_t *total = context;
    (void)data;
    (void)err;
    *total += len;
    return OK;
}

/* Bytes in pieces, to the end. */
static void open_pieces(const uint8_t file_key[AGE_FILE_KEY_SIZE], const uint8_t *data, size_t len)
{
    size_t total = 0;
    struct opening *opening = opening_new(file_key, take, &total);
    enum status st = OK;
    for (size_t piece = 1; !st && len; piece = 1 + piece * 3 % 4099) {
        size_t part = piece < len ? piece : len;
        st = opening_add(opening, data, part);
        data += part;
        len -= part;
    }
    if (!st)
        opening_finish(opening);
    opening_free(&opening);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
    static const uint8_t nobody[AGE_FILE_KEY_SIZE];
    uint8_t file_key[AGE_FILE_KEY_SIZE];
    struct error err = {0};
    size_t at = 0;
    if (age_unwrap(data, len, identity(), 1, file_key, &at, &err)) {
        if (!*err.detail)
            fuzz_fail("refused without a word");
        open_pieces(nobody, data, len);
    } else if (at > len) {
        fuzz_fail("a payload that begins after the end");
    } else {
        open_pieces(file_key, data + at, len - at);
    }
    return 0;
}
