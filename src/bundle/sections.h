/*
 * bundle/sections: the lines of a bundle's content, between its first line and its seal. Writer and
 * intake share them.
 *
 *   {"section":"chain","device":D,"first":N,"last":N}    events, then a checkpoint
 *   {"section":"registry","first":N,"last":N}            pairs of lines: entry, seal
 *   {"section":"reference","count":N}                    {"reference","number","size"}, then
 * {"data"}
 *   {"section":"records","count":N,"since":H,"after":H}  events of whole records, bases first
 *   {"section":"blobs","count":N}                        {"blob","size"}, then {"data"} of 256 KiB
 *   {"section":"receipt","epoch":N,"registry":N,"at":T}  {"device","seq","hash"} and
 * {"held","reason"}
 *
 * An event is its header line, its body line ({"disposed":"yes"} when it was disposed of) and, for
 * sealed ops, its seal line. A checkpoint is {"checkpoint":D,"seq":N,"head":H,"sign":S}, signed by
 * the device D itself.
 */
#ifndef BUNDLE_SECTIONS_H
#define BUNDLE_SECTIONS_H

#include "crypto/hash.h"
#include "crypto/seal.h"
#include "store/line.h"

enum { BLOB_PIECE = 256 * 1024 };
#define DISPOSED_LINE     "{\"disposed\":\"yes\"}"
#define UNSEALED_LINE     "{}"           /* of a sealed op whose seal is missing */
#define BLOB_PIECE_BEGIN  "{\"data\":\"" /* base64, "\"}" */
#define CHECKPOINT_DOMAIN "satomado-checkpoint-1"

/* What a checkpoint's signature is over: the line {"town","device","seq","head"}. */
void checkpoint_message(struct buffer *out, const char *town, const char *device, int64_t seq,
                        const char *head);
/* The line with the device's signature: its chain ends there. */
struct key_pair;
void checkpoint_sign(struct buffer *out, const char *town, const struct key_pair *device,
                     int64_t seq, const char *head);

#endif
