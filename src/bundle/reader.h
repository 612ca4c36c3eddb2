/*
 * bundle/reader: a bundle file from outside (届いた送付便), checked step by step: private copy,
 * grammar, town, signer, signature, hash of the payload, and only then the content. The rest of
 * this room applies what it read; cli and office look at headers
 * through bundle/inspect.
 */
#ifndef BUNDLE_READER_H
#define BUNDLE_READER_H

#include "bundle/header.h"
#include "bundle/unpack.h"

#define BUNDLE_FILE_MAX (INT64_C(2) << 30) /* bytes */

struct reader;

/* Copies the file into private_dir, without a name there, so that nobody changes it while it is
 * looked at, and reads its header. NULL for private_dir reads it where it is (a file just written
 * by this program). E_PARSE: not a bundle; E_LIMIT: too large. */
enum status reader_open(const char *path, const char *private_dir, struct reader **out,
                        struct error *err);
/* NULL allowed. */
void reader_free(struct reader **reader);

/* Borrowed. */
const struct bundle_header *reader_header(const struct reader *reader);

/* Made in this town, signed by that device, and the payload is the one the header names. E_DENIED:
 * another town; E_CRYPTO: signature or hash does not fit. */
enum status reader_check(struct reader *reader, const char *town,
                         const uint8_t public_key[SEAL_PUBLIC_SIZE], struct error *err);

/* Gives the lines of a checked bundle between the first and the last, which are looked at here.
 * Can be called again: once to verify, once to apply. Other errors as unpack_lines(); E_CRYPTO also
 * when the content is not the signer's. */
enum status reader_lines(struct reader *reader, const uint8_t (*identities)[AGE_KEY_SIZE],
                         size_t count, unpack_line line, void *context, struct error *err);
/* All lines, also of a bundle whose maker is not known here: whole, as its header says, and nothing
 * more. For looking at it. */
enum status reader_plain(struct reader *reader, const uint8_t (*identities)[AGE_KEY_SIZE],
                         size_t count, unpack_line line, void *context, struct error *err);

#endif
