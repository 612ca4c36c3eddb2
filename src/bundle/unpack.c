#include "bundle/unpack.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "base/buffer.h"
#include "base/child.h"
#include "base/intl.h"
#include "base/xmem.h"
#include "bundle/payload.h"
#include "bundle/unpack_child.h"

/* Longest silence of the child, in milliseconds. */
#define CHILD_TIME 60000
/* A small bundle may compress better than the ratio. */
#define SLACK 1048576

struct unpacking {
    struct child child;
    int fd;
    off_t at, end;        /* what of the payload is still to be sent */
    uint8_t out[1 << 16]; /* a piece of it */
    size_t out_at, out_len;
    struct buffer in; /* frames received, not yet taken */
    struct buffer text;
    uint64_t given, most; /* bytes of content */
    bool done;            /* the verdict came */
    enum status verdict;
    unpack_line line;
    void *context;
};

/* The child's verdict in words; it is not trusted with more than the choice among these. */
static enum status judged(enum status verdict, struct error *err)
{
    switch (verdict) {
    case OK:
        return OK;
    case E_CRYPTO:
        return error_set(err, E_CRYPTO, "%s",
                         _("送付便の中身が改変されているか、途中で切れています"
                           "。取り込んでいません。もう一度写すか、作り直してもらってください"));
    case E_LIMIT:
        return error_set(
            err, E_LIMIT, "%s",
            _("送付便の圧縮が上限を超えています"
              "。取り込んでいません。ふつうの送付便ではないので、町の管理者に知らせてください"));
    default:
        return error_set(err, E_PARSE, "%s",
                         _("送付便の中身の形が正しくありません"
                           "。取り込んでいません。作り直してもらってください"));
    }
}

/* --- Lines --- */

/* Gives the whole lines of the text on; the rest stays. */
static enum status give_lines(struct unpacking *u, struct error *err)
{
    size_t at = 0;
    enum status st = OK;
    for (char *end;
         !st && u->text.len > at && (end = memchr(u->text.data + at, '\n', u->text.len - at));) {
        size_t len = (size_t)(end - u->text.data) - at;
        *end = '\0';
        if (len > PAYLOAD_LINE_MAX)
            break;
        st = u->line(u->context, u->text.data + at, len, err);
        at += len + 1;
    }
    buffer_splice(&u->text, 0, at, NULL, 0);
    if (!st && u->text.len > PAYLOAD_LINE_MAX)
        st = error_set(
            err, E_LIMIT,
            _("送付便の1行が%dバイトを超えています"
              "。取り込んでいません。ふつうの送付便ではないので、町の管理者に知らせてください"),
            PAYLOAD_LINE_MAX);
    return st;
}

/* Text as it comes; more than the ratio allows is none. */
static enum status take_text(void *context, const void *data, size_t len, struct error *err)
{
    struct unpacking *u = context;
    u->given += len;
    if (u->given > u->most)
        return judged(E_LIMIT, err);
    buffer_add(&u->text, data, len);
    return give_lines(u, err);
}

/* Takes the whole frames received so far. */
static enum status take_frames(struct unpacking *u, struct error *err)
{
    size_t at = 0;
    enum status st = OK;
    while (!st && !u->done && u->in.len - at >= UNPACK_FRAME_HEAD) {
        uint32_t len;
        memcpy(&len, u->in.data + at, sizeof len);
        uint8_t verdict = (uint8_t)u->in.data[at + sizeof len];
        if (len > UNPACK_FRAME_MAX)
            return judged(E_PARSE, err);
        if (u->in.len - at < UNPACK_FRAME_HEAD + len)
            break;
        st = take_text(u, u->in.data + at + UNPACK_FRAME_HEAD, len, err);
        at += UNPACK_FRAME_HEAD + len;
        if (!len) {
            u->done = true;
            u->verdict = (enum status)verdict;
        }
    }
    buffer_splice(&u->in, 0, at, NULL, 0);
    return st;
}

/* --- The conversation --- */

/* Sends what the child takes now of the file; *sending is false when all was sent. */
static enum status feed(struct unpacking *u, bool *sending, struct error *err)
{
    if (u->out_at == u->out_len && u->at < u->end) {
        size_t want =
            u->end - u->at < (off_t)sizeof u->out ? (size_t)(u->end - u->at) : sizeof u->out;
        ssize_t got = pread(u->fd, u->out, want, u->at);
        if (got < 0 && errno == EINTR)
            return OK;
        if (got <= 0)
            return error_errno(err, E_IO, "%s", _("送付便を読めません"));
        u->at += got;
        u->out_at = 0;
        u->out_len = (size_t)got;
    }
    size_t sent = 0;
    /* A child that stopped listening has a verdict to give: what it says counts. */
    if (child_send(&u->child, u->out + u->out_at, u->out_len - u->out_at, &sent, NULL) != OK)
        *sending = false;
    u->out_at += sent;
    if (*sending && u->out_at == u->out_len && u->at == u->end) {
        child_send_end(&u->child);
        *sending = false;
    }
    return OK;
}

/* What is left when nothing more comes. */
static enum status finish(struct unpacking *u, enum status verdict, struct error *err)
{
    enum status st = judged(verdict, err);
    return !st && u->text.len ? judged(E_PARSE, err) : st;
}

static enum status converse(struct unpacking *u, struct error *err)
{
    bool sending = true;
    enum status st = OK;
    while (!st && !u->done) {
        bool waiting = false;
        size_t got = 0;
        st = child_wait(&u->child, sending, CHILD_TIME, err);
        if (!st && sending)
            st = feed(u, &sending, err);
        if (st)
            break;
        buffer_reserve(&u->in, UNPACK_FRAME_MAX);
        if (child_receive(&u->child, u->in.data + u->in.len, UNPACK_FRAME_MAX, &got, &waiting,
                          NULL) != OK ||
            (!got && !waiting))
            return error_set(err, E_CORRUPT, "%s",
                             _("送付便の中身を開く処理が止まりました。送付便を作り直してもらって"
                               "ください"));
        u->in.len += got;
        st = take_frames(u, err);
    }
    return st ? st : finish(u, u->verdict, err);
}

/* --- Without a child --- */

static bool in_process;

void unpack_in_process(bool on)
{
    in_process = on;
}

/* The line's own refusal comes through the decrypting stream, which knows no struct error. */
struct passing {
    struct unpacking *u;
    struct error *err;
    bool refused;
};

static enum status pass_text(void *context, const void *data, size_t len, struct error *err)
{
    struct passing *p = context;
    (void)err;
    enum status st = take_text(p->u, data, len, p->err);
    p->refused = st != OK;
    return st;
}

static enum status open_here(struct unpacking *u, const uint8_t file_key[AGE_FILE_KEY_SIZE],
                             struct error *err)
{
    struct passing p = {.u = u, .err = err};
    struct opening *opening = opening_new(file_key, pass_text, &p);
    enum status st = opening ? OK : E_BUSY;
    while (!st && u->at < u->end) {
        size_t want =
            u->end - u->at < (off_t)sizeof u->out ? (size_t)(u->end - u->at) : sizeof u->out;
        ssize_t got = pread(u->fd, u->out, want, u->at);
        if (got <= 0)
            st = error_errno(err, E_IO, "%s", _("送付便を読めません"));
        else
            st = opening_add(opening, u->out, (size_t)got);
        u->at += got > 0 ? got : 0;
    }
    if (!st)
        st = opening_finish(opening);
    opening_free(&opening);
    return p.refused ? st : finish(u, st, err);
}

/* --- Opening --- */

/* The file key, opened here so that no identity is where the content is. */
static enum status unwrap(int fd, off_t at, off_t size, const uint8_t (*identities)[AGE_KEY_SIZE],
                          size_t count, uint8_t file_key[AGE_FILE_KEY_SIZE], size_t *header_len,
                          struct error *err)
{
    uint8_t *head = xmalloc(AGE_HEADER_MAX);
    size_t have = 0, want = size < AGE_HEADER_MAX ? (size_t)size : AGE_HEADER_MAX;
    enum status st = OK;
    while (have < want && !st) {
        ssize_t got = pread(fd, head + have, want - have, at + (off_t)have);
        if (got < 0 && errno != EINTR)
            st = error_errno(err, E_IO, "%s", _("送付便を読めません"));
        if (got == 0)
            want = have;
        have += got > 0 ? (size_t)got : 0;
    }
    if (!st)
        st = age_unwrap(head, have, identities, count, file_key, header_len, err);
    if (st == E_NOT_FOUND)
        st = error_set(err, E_NOT_FOUND,
                       _("ほかの場所あての送付便です。ここでは開けません"
                         "（あて先へそのまま届けてください）"));
    else if (st && st != E_IO)
        st = judged(st == E_CRYPTO ? E_CRYPTO : E_PARSE, err); /* not in the words of age */
    xfree(&head);
    return st;
}

static enum status open_in_child(struct unpacking *u, const uint8_t file_key[AGE_FILE_KEY_SIZE],
                                 struct error *err)
{
    enum status st = child_start(&u->child, UNPACK_CHILD, err);
    if (st)
        return st;
    /* The key is the first thing sent, so it is the first piece to send. */
    memcpy(u->out, file_key, AGE_FILE_KEY_SIZE);
    u->out_len = AGE_FILE_KEY_SIZE;
    st = converse(u, err);
    child_end(&u->child);
    return st;
}

enum status unpack_lines(int fd, off_t at, off_t size, const uint8_t (*identities)[AGE_KEY_SIZE],
                         size_t count, unpack_line line, void *context, struct error *err)
{
    struct unpacking *u = xcalloc(1, sizeof *u);
    uint8_t file_key[AGE_FILE_KEY_SIZE];
    size_t header_len = 0;
    enum status st = unwrap(fd, at, size, identities, count, file_key, &header_len, err);
    if (!st) {
        u->fd = fd;
        u->at = at + (off_t)header_len;
        u->end = at + size;
        u->most = (uint64_t)size * UNPACK_RATIO + SLACK;
        u->line = line;
        u->context = context;
        st = in_process ? open_here(u, file_key, err) : open_in_child(u, file_key, err);
    }
    explicit_bzero(file_key, sizeof file_key);
    explicit_bzero(u->out, sizeof u->out);
    buffer_free(&u->in);
    buffer_free(&u->text);
    xfree(&u);
    return st;
}
