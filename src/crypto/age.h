/*
 * crypto/age: files encrypted in the age v1 format to X25519 recipients (宛先), so that whoever
 * holds an identity can open them with the `age` command as well. Keyring and bundle may call it.
 *
 * Both directions are streams with constant memory. Reading is in two halves: age_unwrap() opens
 * the header with an identity and gives the 16-byte file key; struct age_reader decrypts what
 * follows with that key alone, so that it can run where no identity is. Passphrase files (scrypt)
 * and armor are refused; stanzas of unknown types are skipped.
 */
#ifndef CRYPTO_AGE_H
#define CRYPTO_AGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/status.h"
#include "crypto/hash.h"

#define AGE_KEY_SIZE       32 /* an X25519 identity or recipient */
#define AGE_FILE_KEY_SIZE  16
#define AGE_HEADER_MAX     65536 /* a longer header is refused */
#define AGE_CHUNK_SIZE     65536 /* plaintext bytes of one chunk */
#define AGE_RECIPIENT_SIZE 63    /* "age1..." with terminator */
#define AGE_IDENTITY_SIZE  75    /* "AGE-SECRET-KEY-1..." with terminator */
#define AGE_RECIPIENTS_MAX 64

struct age_recipient {
    uint8_t key[AGE_KEY_SIZE];
};

/* The recipient that belongs to an identity. */
void age_recipient_of(struct age_recipient *out, const uint8_t identity[AGE_KEY_SIZE]);
void age_recipient_encode(char out[AGE_RECIPIENT_SIZE], const struct age_recipient *recipient);
bool age_recipient_decode(struct age_recipient *out, const char *text);
/* Key id of a recipient as 64 hex digits: BLAKE2b-256("satomado-recipient-1\0" ‖ X25519 key). */
void age_recipient_id(char out[HASH_HEX_SIZE], const struct age_recipient *recipient);
void age_identity_encode(char out[AGE_IDENTITY_SIZE], const uint8_t identity[AGE_KEY_SIZE]);
bool age_identity_decode(uint8_t out[AGE_KEY_SIZE], const char *text);

/* Takes the bytes a stream makes, in order; anything but OK ends the stream with that status. */
typedef enum status (*age_sink)(void *context, const void *data, size_t len, struct error *err);

struct age_writer;

/* Starts a file for 1..AGE_RECIPIENTS_MAX recipients; the header goes to the sink at once.
 * E_CRYPTO when a recipient is not a usable X25519 point. */
enum status age_writer_new(const struct age_recipient *recipients, size_t count, age_sink sink,
                           void *context, struct age_writer **out, struct error *err);
enum status age_writer_add(struct age_writer *writer, const void *data, size_t len,
                           struct error *err);
/* Writes the last chunk. A file without this call is a cut one and will be refused. */
enum status age_writer_finish(struct age_writer *writer, struct error *err);
void age_writer_free(struct age_writer **writer);

/* Opens the header of an age file whose first `len` bytes are `data` (the whole file or at least
 * AGE_HEADER_MAX bytes of it). On success the payload, salt first, begins at *header_len.
 * E_PARSE: not age v1, or malformed. E_UNSUPPORTED: passphrase. E_NOT_FOUND: written for others.
 * E_CRYPTO: the header was altered. */
enum status age_unwrap(const void *data, size_t len, const uint8_t (*identities)[AGE_KEY_SIZE],
                       size_t count, uint8_t file_key[AGE_FILE_KEY_SIZE], size_t *header_len,
                       struct error *err);

struct age_reader;

/* Decrypts a payload. Each whole chunk goes to the sink once it is authenticated; that the file is
 * complete is known only when age_reader_finish() returned OK. */
struct age_reader *age_reader_new(const uint8_t file_key[AGE_FILE_KEY_SIZE], age_sink sink,
                                  void *context);
/* Bytes of the payload as they come, beginning at header_len. E_CRYPTO: altered or reordered. */
enum status age_reader_add(struct age_reader *reader, const void *data, size_t len,
                           struct error *err);
/* No more bytes follow. E_CRYPTO: cut. */
enum status age_reader_finish(struct age_reader *reader, struct error *err);
void age_reader_free(struct age_reader **reader);

#endif
