/*
 * bundle/header: the ASCII lines in front of a bundle (送付便): what it carries, from whom, for
 * whom; readable without any key, signed by the device that made it. Pure text: nothing here reads
 * files or asks the store. The rest of this room calls it; cli and office show what it holds.
 *
 * A header has one text only: what was read prints back byte for byte, and anything else is
 * refused. Ids, hashes and fingerprints are 64 lowercase hex digits.
 */
#ifndef BUNDLE_HEADER_H
#define BUNDLE_HEADER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buffer.h"
#include "base/status.h"
#include "crypto/age.h"
#include "crypto/hash.h"
#include "crypto/seal.h"

#define HEADER_MAX            65536   /* bytes up to the payload */
#define BUNDLE_EVENTS_MAX     1000000 /* in one bundle */
#define BUNDLE_RECIPIENTS_MAX 8
#define BUNDLE_NONE           "0000000000000000000000000000000000000000000000000000000000000000"

/* chain: journals of devices on their way to the town. extract: records and registry on their way
 * to a counter or laptop. receipt: what the town has got. blobs: bytes of attachments that events
 * sent before name. copy: records that came in extracts, for a town that lost them. */
enum bundle_kind { BUNDLE_CHAIN, BUNDLE_EXTRACT, BUNDLE_RECEIPT, BUNDLE_BLOBS, BUNDLE_COPY };
const char *bundle_kind_name(enum bundle_kind kind);

/* Events first..last of one device; head is the hash of the last. */
struct bundle_chain {
    char device[HASH_HEX_SIZE];
    int64_t first;
    int64_t last;
    char head[HASH_HEX_SIZE];
};

/* A form version the receiver must have: "id@version" and the hash of its text. */
struct bundle_require {
    char form[128];
    char hash[HASH_HEX_SIZE];
};

struct bundle_header {
    enum bundle_kind kind;
    char town[HASH_HEX_SIZE]; /* fingerprint of the town's root key */
    char from[HASH_HEX_SIZE]; /* the device that made and signed it */
    int64_t number;           /* 1, 2, 3, ... for each device */
    char prev[HASH_HEX_SIZE]; /* id of the bundle before; BUNDLE_NONE for the first */
    int64_t registry;         /* version the device had */
    struct bundle_chain *chains;
    size_t chain_count;
    struct bundle_require *requires;
    size_t require_count;
    int64_t count; /* events inside */
    char to[BUNDLE_RECIPIENTS_MAX][HASH_HEX_SIZE];
    size_t to_count;
    char payload[HASH512_HEX_SIZE]; /* BLAKE2b-512 of the age file */
    uint8_t seal[SEAL_SIZE];
};

void header_free(struct bundle_header *header);

/* Each keeps its lines sorted; a second one of the same name takes the place of the first. */
void header_add_chain(struct bundle_header *header, const struct bundle_chain *chain);
void header_add_require(struct bundle_header *header, const char *form, const char *hash);
/* E_LIMIT beyond BUNDLE_RECIPIENTS_MAX. */
enum status header_add_recipient(struct bundle_header *header, const struct age_recipient *to,
                                 struct error *err);

/* Appends the header with the empty line after it. */
void header_print(const struct bundle_header *header, struct buffer *out);
/* Reads the header a bundle begins with; `text` is the first `len` bytes of the file, up to
 * HEADER_MAX are looked at. On success the payload begins at *payload_at and the caller frees the
 * header. E_PARSE names the line. */
enum status header_parse(struct bundle_header *out, const void *text, size_t len,
                         size_t *payload_at, struct error *err);

/* `payload` must be filled. The key is the device's: its fingerprint is `from`. */
void header_sign(struct bundle_header *header, const struct seal_key *key);
/* False when the key is not the one of `from` or the signature is not its. */
bool header_verify(const struct bundle_header *header, const uint8_t public_key[SEAL_PUBLIC_SIZE]);
/* BLAKE2b-256("satomado-bundle-id-1\0" ‖ the bytes through the line `payload`). */
void header_id(const struct bundle_header *header, char out[HASH_HEX_SIZE]);

/* The first line of the payload, without LF: every field but payload and signature as JSON, so
 * that the content cannot be put under another header. */
void header_json(const struct bundle_header *header, struct buffer *out);

#endif
