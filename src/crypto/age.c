#include "crypto/age.h"

#include <ctype.h>
#include <string.h>

#include "base/intl.h"
#include "base/xmem.h"
#include "crypto/age_header.h"
#include "crypto/bech32.h"
#include "crypto/sodium.h"

#define RECIPIENT_PREFIX "age"
#define IDENTITY_PREFIX  "age-secret-key-"

enum {
    TAG_SIZE = crypto_aead_chacha20poly1305_ietf_ABYTES,
    SEALED_SIZE = AGE_CHUNK_SIZE + TAG_SIZE,
};

_Static_assert(BECH32_KEY_LENGTH(sizeof RECIPIENT_PREFIX - 1) + 1 == AGE_RECIPIENT_SIZE, "text");
_Static_assert(BECH32_KEY_LENGTH(sizeof IDENTITY_PREFIX - 1) + 1 == AGE_IDENTITY_SIZE, "text");

/* --- Keys as text --- */

void age_recipient_of(struct age_recipient *out, const uint8_t identity[AGE_KEY_SIZE])
{
    sodium_ready();
    crypto_scalarmult_base(out->key, identity);
}

void age_recipient_encode(char out[AGE_RECIPIENT_SIZE], const struct age_recipient *recipient)
{
    bech32_key_encode(out, RECIPIENT_PREFIX, recipient->key);
}

bool age_recipient_decode(struct age_recipient *out, const char *text)
{
    return bech32_key_decode(out->key, RECIPIENT_PREFIX, text);
}

void age_recipient_id(char out[HASH_HEX_SIZE], const struct age_recipient *recipient)
{
    hash_hex_of(out, "satomado-recipient-1", recipient->key, AGE_KEY_SIZE);
}

void age_identity_encode(char out[AGE_IDENTITY_SIZE], const uint8_t identity[AGE_KEY_SIZE])
{
    bech32_key_encode(out, IDENTITY_PREFIX, identity);
    for (char *p = out; *p; p++)
        *p = (char)toupper((unsigned char)*p);
}

bool age_identity_decode(uint8_t out[AGE_KEY_SIZE], const char *text)
{
    char lower[AGE_IDENTITY_SIZE] = "";
    for (size_t i = 0; text[i]; i++) {
        if (i == sizeof lower - 1 || islower((unsigned char)text[i]))
            return false;
        lower[i] = (char)tolower((unsigned char)text[i]);
    }
    bool good = bech32_key_decode(out, IDENTITY_PREFIX, lower);
    sodium_memzero(lower, sizeof lower);
    return good;
}

/* --- Chunks: the STREAM construction, both ways --- */

/* Where a stream of chunks stands: key, and a nonce of an 11-byte counter and the last-chunk flag.
 */
struct stream {
    uint8_t key[32];
    uint64_t count;
    age_sink sink;
    void *context;
    size_t held; /* bytes waiting in the chunk */
};

static void stream_start(struct stream *stream, const uint8_t file_key[AGE_FILE_KEY_SIZE],
                         const uint8_t salt[AGE_SALT_SIZE])
{
    age_hkdf(stream->key, salt, AGE_SALT_SIZE, file_key, AGE_FILE_KEY_SIZE, "payload");
}

static void stream_nonce(struct stream *stream, bool last,
                         uint8_t nonce[crypto_aead_chacha20poly1305_ietf_NPUBBYTES])
{
    uint64_t count = stream->count++;
    memset(nonce, 0, crypto_aead_chacha20poly1305_ietf_NPUBBYTES);
    for (size_t i = 10; count; i--, count >>= 8)
        nonce[i] = (uint8_t)count;
    nonce[11] = last;
}

/* Fills a chunk of `size` bytes from the data; returns how many were taken. */
static size_t stream_fill(struct stream *stream, uint8_t *chunk, size_t size, const uint8_t *data,
                          size_t len)
{
    size_t take = size - stream->held < len ? size - stream->held : len;
    memcpy(chunk + stream->held, data, take);
    stream->held += take;
    return take;
}

/* --- Writing --- */

struct age_writer {
    struct stream stream;
    uint8_t plain[AGE_CHUNK_SIZE];
    uint8_t sealed[SEALED_SIZE];
};

enum status age_writer_new(const struct age_recipient *recipients, size_t count, age_sink sink,
                           void *context, struct age_writer **out, struct error *err)
{
    uint8_t file_key[AGE_FILE_KEY_SIZE], salt[AGE_SALT_SIZE];
    struct buffer header = BUFFER_INIT;
    sodium_ready();
    if (!count || count > AGE_RECIPIENTS_MAX)
        return error_set(err, E_LIMIT, _("宛先は1件から%d件までです"), AGE_RECIPIENTS_MAX);
    randombytes_buf(file_key, sizeof file_key);
    randombytes_buf(salt, sizeof salt);
    enum status st = age_header_write(&header, recipients, count, file_key, err);
    if (st)
        goto out;
    buffer_add(&header, salt, sizeof salt);
    st = sink(context, header.data, header.len, err);
    if (st)
        goto out;
    *out = xcalloc(1, sizeof **out);
    (*out)->stream.sink = sink;
    (*out)->stream.context = context;
    stream_start(&(*out)->stream, file_key, salt);
out:
    sodium_memzero(file_key, sizeof file_key);
    buffer_free(&header);
    return st;
}

static enum status write_chunk(struct age_writer *writer, bool last, struct error *err)
{
    uint8_t nonce[crypto_aead_chacha20poly1305_ietf_NPUBBYTES];
    stream_nonce(&writer->stream, last, nonce);
    crypto_aead_chacha20poly1305_ietf_encrypt(writer->sealed, NULL, writer->plain,
                                              writer->stream.held, NULL, 0, NULL, nonce,
                                              writer->stream.key);
    size_t len = writer->stream.held + TAG_SIZE;
    writer->stream.held = 0;
    return writer->stream.sink(writer->stream.context, writer->sealed, len, err);
}

enum status age_writer_add(struct age_writer *writer, const void *data, size_t len,
                           struct error *err)
{
    const uint8_t *p = data;
    enum status st = OK;
    while (len && !st) {
        /* A full chunk is written only when more follows: the last one is marked as such. */
        if (writer->stream.held == AGE_CHUNK_SIZE)
            st = write_chunk(writer, false, err);
        if (st)
            break;
        size_t took = stream_fill(&writer->stream, writer->plain, AGE_CHUNK_SIZE, p, len);
        p += took;
        len -= took;
    }
    return st;
}

enum status age_writer_finish(struct age_writer *writer, struct error *err)
{
    return write_chunk(writer, true, err);
}

void age_writer_free(struct age_writer **writer)
{
    if (*writer)
        sodium_memzero(*writer, sizeof **writer);
    xfree(writer);
}

/* --- Reading --- */

struct age_reader {
    struct stream stream;
    uint8_t file_key[AGE_FILE_KEY_SIZE];
    bool started; /* the salt was read */
    uint8_t sealed[SEALED_SIZE];
    uint8_t plain[AGE_CHUNK_SIZE];
};

struct age_reader *age_reader_new(const uint8_t file_key[AGE_FILE_KEY_SIZE], age_sink sink,
                                  void *context)
{
    sodium_ready();
    struct age_reader *reader = xcalloc(1, sizeof *reader);
    memcpy(reader->file_key, file_key, AGE_FILE_KEY_SIZE);
    reader->stream.sink = sink;
    reader->stream.context = context;
    return reader;
}

static enum status read_chunk(struct age_reader *reader, bool last, struct error *err)
{
    struct stream *stream = &reader->stream;
    uint8_t nonce[crypto_aead_chacha20poly1305_ietf_NPUBBYTES];
    /* The last chunk is empty only when the whole payload is. */
    bool needless = stream->held == TAG_SIZE && stream->count;
    stream_nonce(stream, last, nonce);
    unsigned long long len = 0;
    if (stream->held < TAG_SIZE || needless ||
        crypto_aead_chacha20poly1305_ietf_decrypt(reader->plain, &len, NULL, reader->sealed,
                                                  stream->held, NULL, 0, nonce, stream->key) != 0)
        return error_set(err, E_CRYPTO, "%s", _("暗号の中身が壊れているか、途中で切れています"));
    stream->held = 0;
    return len ? stream->sink(stream->context, reader->plain, (size_t)len, err) : OK;
}

enum status age_reader_add(struct age_reader *reader, const void *data, size_t len,
                           struct error *err)
{
    const uint8_t *p = data;
    enum status st = OK;
    while (len && !st) {
        if (reader->stream.held == SEALED_SIZE)
            st = read_chunk(reader, false, err);
        if (st)
            break;
        size_t size = reader->started ? SEALED_SIZE : AGE_SALT_SIZE;
        size_t took = stream_fill(&reader->stream, reader->sealed, size, p, len);
        p += took;
        len -= took;
        if (!reader->started && reader->stream.held == AGE_SALT_SIZE) {
            stream_start(&reader->stream, reader->file_key, reader->sealed);
            reader->stream.held = 0;
            reader->started = true;
        }
    }
    return st;
}

enum status age_reader_finish(struct age_reader *reader, struct error *err)
{
    /* A salt cut short leaves fewer bytes than a chunk's tag, or none: refused all the same. */
    if (!reader->started)
        reader->stream.held = 0;
    return read_chunk(reader, true, err);
}

void age_reader_free(struct age_reader **reader)
{
    if (*reader)
        sodium_memzero(*reader, sizeof **reader);
    xfree(reader);
}
