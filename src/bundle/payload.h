/*
 * bundle/payload: writes a bundle file (送付便の書き出し): header, then the age file of one zstd
 * frame of lines. The writers of this room give it lines; it costs constant memory and one pass.
 *
 * The file appears under its name only when it is whole: it is written beside it, brought to the
 * medium, read back, compared and then renamed.
 */
#ifndef BUNDLE_PAYLOAD_H
#define BUNDLE_PAYLOAD_H

#include "bundle/header.h"
#include "crypto/keyring.h"

#define PAYLOAD_WINDOW_LOG 20      /* zstd window of 2^20 bytes, when writing and when reading */
#define PAYLOAD_LINE_MAX   1048576 /* bytes of a line without LF */
/* How the last line begins: the device's signature over "satomado-content-1\0" ‖ BLAKE2b-256 of
 * all lines before it. */
#define PAYLOAD_SEAL_PREFIX "{\"content\":\""
#define PAYLOAD_SEAL_DOMAIN "satomado-content-1"

struct payload;

/* Starts PATH. Everything in the header but `payload` and the signature must be filled, `to` from
 * the recipients (header_add_recipient()); the header stays the caller's and must live until the
 * end. E_EXISTS: PATH is there. E_LIMIT: the header is too long. */
enum status payload_start(const char *path, struct bundle_header *header,
                          const struct age_recipient *recipients, size_t count,
                          const struct seal_key *device, struct payload **out, struct error *err);
/* One line without its LF. E_LIMIT, E_INTERNAL for a line with an LF. */
enum status payload_add(struct payload *payload, const char *line, size_t len, struct error *err);
/* Seals the content, signs the header and gives the file its name. */
enum status payload_finish(struct payload *payload, struct error *err);
/* Takes back what was not finished. NULL allowed. */
/* A medium on which no room is left, in words that name it; any other status as it is. */
enum status payload_full(const char *path, enum status st, struct error *err);
void payload_free(struct payload **payload);

#endif
