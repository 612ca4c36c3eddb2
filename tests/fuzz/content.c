/* What is in a bundle, line by line, as it stands when age and zstd are off it: chains, registry,
 * reference data, records, attachments, receipts. The first byte says under which of the test
 * vectors' headers it came; the rest are lines. Refused with a reason, or nothing is wrong with it;
 * nothing is written either way. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/buffer.h"
#include "base/files.h"
#include "base/xmem.h"
#include "bundle/intake.h"
#include "bundle/reader.h"
#include "bundle/unpack.h"
#include "fuzz.h"
#include "store/registry.h"

static const char *const vectors[] = {"chain", "extract", "blobs", "receipt"};

static struct {
    struct store *store;
    struct bundle_header headers[ARRAY_LEN(vectors)];
    struct registry_device signers[ARRAY_LEN(vectors)];
    struct strings lines; /* of the registry */
    char root[HASH_HEX_SIZE];
} known;

static char dir[64];

static void leave(void)
{
    char *command = xasprintf("rm -rf '%s'", dir);
    if (system(command))
        fprintf(stderr, "%s is left\n", dir);
    xfree(&command);
}

static char *vector_file(const char *name, const char *end)
{
    const char *source = getenv("SATOMADO_SRCDIR");
    return xasprintf("%s/tests/fixtures/bundle/%s%s", source ? source : ".", name, end);
}

static void read_text(const char *name, struct buffer *out)
{
    char *path = vector_file(name, "");
    if (file_read(path, 1 << 20, out, NULL))
        fuzz_fail(path);
    xfree(&path);
}

static enum status keep(void *context, const char *line, size_t len, struct error *err)
{
    struct strings *lines = context;
    (void)err;
    strings_take(lines, xstrndup(line, len));
    return OK;
}

static enum status take_registry(void *context, struct error *err)
{
    enum status st = OK;
    bool added;
    (void)context;
    for (size_t i = 0; !st && i + 1 < known.lines.count; i++)
        if (strncmp(known.lines.items[i], "{\"v\":1,\"version\":", 17) == 0)
            st = registry_accept(store_registry(known.store), known.lines.items[i],
                                 known.lines.items[i + 1], known.root, &added, err);
    return st;
}

/* The vectors' town, so that their signatures hold here. */
static void know(void)
{
    struct buffer text = BUFFER_INIT;
    struct error err = {0};
    uint8_t identity[1][AGE_KEY_SIZE];
    read_text("root", &text);
    snprintf(known.root, sizeof known.root, "%.64s", buffer_text(&text));
    buffer_clear(&text);
    read_text("escrow.identity", &text);
    char *secret = strstr(buffer_text(&text), "AGE-SECRET-KEY-1");
    if (!secret)
        fuzz_fail("escrow.identity");
    secret[strcspn(secret, "\n")] = '\0';
    age_identity_decode(identity[0], secret);
    snprintf(dir, sizeof dir, "%s/satomado-fuzz-XXXXXX",
             access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp");
    if (!mkdtemp(dir) || store_open(dir, &known.store, &err))
        fuzz_fail(dir);
    atexit(leave);
    unpack_in_process(true);
    for (size_t i = 0; i < ARRAY_LEN(vectors); i++) {
        char *path = vector_file(vectors[i], ".smb");
        struct reader *reader = NULL;
        size_t at;
        buffer_clear(&text);
        if (file_read(path, 1 << 20, &text, &err) ||
            header_parse(&known.headers[i], text.data, text.len, &at, &err) ||
            (strcmp(vectors[i], "extract") == 0 &&
             (reader_open(path, NULL, &reader, &err) ||
              reader_plain(reader, (const uint8_t(*)[AGE_KEY_SIZE])identity, 1, keep, &known.lines,
                           &err))))
            fuzz_fail(error_text(&err));
        reader_free(&reader);
        xfree(&path);
    }
    if (store_transaction(known.store, take_registry, NULL, &err))
        fuzz_fail(error_text(&err));
    for (size_t i = 0; i < ARRAY_LEN(vectors); i++)
        if (registry_device(store_registry(known.store), REGISTRY_NEWEST, known.headers[i].from,
                            &known.signers[i], &err))
            fuzz_fail(error_text(&err));
    buffer_free(&text);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
    struct bundle_applied out = {0};
    struct strings lines = STRINGS_INIT;
    struct error err = {0};
    if (!known.store)
        know();
    if (!len)
        return 0;
    size_t kind = data[0] % ARRAY_LEN(vectors);
    char *text = fuzz_text(data + 1, len - 1);
    struct intake *intake =
        intake_new(known.store, &known.headers[kind], &known.signers[kind], INTAKE_COUNT, &out);
    enum status st = OK;
    strings_split(&lines, text, '\n');
    for (size_t i = 0; !st && i < lines.count; i++)
        if (*lines.items[i])
            st = intake_line(intake, lines.items[i], strlen(lines.items[i]), &err);
    if (!st)
        st = intake_finish(intake, &err);
    if (st && !*err.detail)
        fuzz_fail("refused without a word");
    intake_free(&intake);
    strings_free(&lines);
    xfree(&text);
    return 0;
}
