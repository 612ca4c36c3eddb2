#include "bundle/unpack_child.h"

#include <errno.h>
#include <stdbool.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>
#include <zstd.h>
#include <zstd_errors.h>

#include "base/files.h"
#include "base/xmem.h"
#include "bundle/payload.h"
#include "bundle/unpack.h"
#include "config.h"
#include "crypto/age.h"

#ifdef HAVE_LINUX_LANDLOCK_H
#include <linux/landlock.h>
#endif
#ifdef HAVE_SECCOMP
#include <seccomp.h>
#endif

#define MEMORY_MAX  (96 << 20)
#define SECONDS_MAX 900

struct opening {
    ZSTD_DCtx *zstd;
    struct age_reader *age;
    age_sink sink;
    void *context;
    bool ended; /* the frame is over */
    uint8_t text[UNPACK_FRAME_MAX];
};

/* Takes decrypted bytes. */
static enum status inflate(void *context, const void *data, size_t len, struct error *err)
{
    struct opening *o = context;
    ZSTD_inBuffer in = {data, len, 0};
    bool more = true;
    while (in.pos < in.size || more) {
        if (o->ended)
            return in.pos < in.size ? E_PARSE : OK; /* something follows the frame */
        ZSTD_outBuffer out = {o->text, sizeof o->text, 0};
        size_t left = ZSTD_decompressStream(o->zstd, &out, &in);
        if (ZSTD_isError(left))
            return ZSTD_getErrorCode(left) == ZSTD_error_frameParameter_windowTooLarge ? E_LIMIT
                                                                                       : E_PARSE;
        o->ended = left == 0;
        more = out.pos == out.size;
        enum status st = out.pos ? o->sink(o->context, o->text, out.pos, err) : OK;
        if (st)
            return st;
    }
    return OK;
}

struct opening *opening_new(const uint8_t file_key[AGE_FILE_KEY_SIZE], age_sink sink, void *context)
{
    struct opening *o = xcalloc(1, sizeof *o);
    o->sink = sink;
    o->context = context;
    o->zstd = ZSTD_createDCtx();
    if (!o->zstd ||
        ZSTD_isError(ZSTD_DCtx_setParameter(o->zstd, ZSTD_d_windowLogMax, PAYLOAD_WINDOW_LOG)))
        opening_free(&o);
    else
        o->age = age_reader_new(file_key, inflate, o);
    return o;
}

enum status opening_add(struct opening *opening, const void *data, size_t len)
{
    return age_reader_add(opening->age, data, len, NULL);
}

enum status opening_finish(struct opening *opening)
{
    enum status st = age_reader_finish(opening->age, NULL);
    return !st && !opening->ended ? E_PARSE : st;
}

void opening_free(struct opening **opening)
{
    if (!*opening)
        return;
    age_reader_free(&(*opening)->age);
    ZSTD_freeDCtx((*opening)->zstd);
    xfree(opening);
}

/* --- The child --- */

static uint8_t frame[UNPACK_FRAME_HEAD + UNPACK_FRAME_MAX];

static enum status say(uint32_t len, enum status verdict)
{
    memcpy(frame, &len, sizeof len);
    frame[sizeof len] = (uint8_t)verdict;
    return file_write_all(1, frame, UNPACK_FRAME_HEAD + len, NULL);
}

static enum status say_text(void *context, const void *data, size_t len, struct error *err)
{
    (void)context, (void)err;
    memcpy(frame + UNPACK_FRAME_HEAD, data, len);
    return say((uint32_t)len, OK);
}

static void limit(int resource, rlim_t most)
{
    struct rlimit l = {most, most};
    setrlimit(resource, &l);
}

/* Landlock: no path can be opened any more, where the kernel knows how. Behind seccomp it says the
 * same a second time; alone it stands where seccomp is not there. */
static void forget_files(void)
{
#if defined(HAVE_LINUX_LANDLOCK_H) && defined(SYS_landlock_create_ruleset)
    const struct landlock_ruleset_attr all = {
        .handled_access_fs = LANDLOCK_ACCESS_FS_EXECUTE | LANDLOCK_ACCESS_FS_WRITE_FILE |
                             LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_READ_DIR |
                             LANDLOCK_ACCESS_FS_REMOVE_DIR | LANDLOCK_ACCESS_FS_REMOVE_FILE |
                             LANDLOCK_ACCESS_FS_MAKE_CHAR | LANDLOCK_ACCESS_FS_MAKE_DIR |
                             LANDLOCK_ACCESS_FS_MAKE_REG | LANDLOCK_ACCESS_FS_MAKE_SOCK |
                             LANDLOCK_ACCESS_FS_MAKE_FIFO | LANDLOCK_ACCESS_FS_MAKE_BLOCK |
                             LANDLOCK_ACCESS_FS_MAKE_SYM};
    long rules = syscall(SYS_landlock_create_ruleset, &all, sizeof all, 0);
    if (rules < 0)
        return;
    syscall(SYS_landlock_restrict_self, rules, 0);
    close((int)rules);
#endif
}

/* From here on: read from 0, write to 1, ask for memory, end. What the kernel does not offer is
 * left out; the limits hold always. */
static void close_the_door(void)
{
    limit(RLIMIT_CORE, 0);
    limit(RLIMIT_FSIZE, 0);
    limit(RLIMIT_CPU, SECONDS_MAX);
#if !defined(__SANITIZE_ADDRESS__)
    limit(RLIMIT_AS, MEMORY_MAX);
#endif
    prctl(PR_SET_DUMPABLE, 0);
    prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
    forget_files();
    limit(RLIMIT_NOFILE, 0);
#ifdef HAVE_SECCOMP
    static const int calls[] = {
        SCMP_SYS(exit),   SCMP_SYS(exit_group), SCMP_SYS(brk),     SCMP_SYS(mmap),
        SCMP_SYS(munmap), SCMP_SYS(mremap),     SCMP_SYS(madvise), SCMP_SYS(rt_sigreturn),
    };
    scmp_filter_ctx filter = seccomp_init(SCMP_ACT_KILL_PROCESS);
    if (!filter)
        return;
    int rc = seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(read), 1, SCMP_A0(SCMP_CMP_EQ, 0));
    rc |= seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(write), 1, SCMP_A0(SCMP_CMP_EQ, 1));
    for (size_t i = 0; i < sizeof calls / sizeof *calls; i++)
        rc |= seccomp_rule_add(filter, SCMP_ACT_ALLOW, calls[i], 0);
    if (rc == 0)
        seccomp_load(filter);
    seccomp_release(filter);
#endif
}

/* Up to size bytes from the parent; 0 at the end. */
static size_t receive(uint8_t *data, size_t size)
{
    ssize_t got;
    do
        got = read(0, data, size);
    while (got < 0 && errno == EINTR);
    return got > 0 ? (size_t)got : 0;
}

int unpack_child_main(void)
{
    static uint8_t block[1 << 16];
    uint8_t file_key[AGE_FILE_KEY_SIZE];
    size_t have = 0, got;
    while (have < sizeof file_key && (got = receive(file_key + have, sizeof file_key - have)))
        have += got;
    struct opening *opening = have == sizeof file_key ? opening_new(file_key, say_text, NULL) : NULL;
    explicit_bzero(file_key, sizeof file_key);
    if (!opening)
        _exit(1);
    close_the_door();
    enum status st = OK;
    while (!st && (got = receive(block, sizeof block)))
        st = opening_add(opening, block, got);
    if (!st)
        st = opening_finish(opening);
    _exit(say(0, st) == OK ? 0 : 1);
}
