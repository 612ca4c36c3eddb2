/*
 * crypto/token: what stands in a printed QR code (印): a short text that names a record and is
 * signed by the device that printed it, so that it can be believed without a line to anybody.
 * Office issues and checks it; what a record is and who may sign is none of its business.
 *
 *   SM1 ‖ P or S ‖ base32(town 4 ‖ device 5 ‖ record 16 ‖ issued 2 ‖ until 2 ‖ signature 64)
 *
 * Upper case letters and digits only: a scanner that types it gets through any keyboard layout, and
 * a QR code of the smallest screen has room for it. No name of anybody is in it.
 */
#ifndef CRYPTO_TOKEN_H
#define CRYPTO_TOKEN_H

#include <stdbool.h>
#include <stdint.h>

#include "base/clock.h"
#include "base/status.h"
#include "crypto/seal.h"

enum token_kind {
    TOKEN_PERSON, /* P: a card that somebody carries */
    TOKEN_SHEET,  /* S: a paper of anything else */
};

#define TOKEN_LENGTH   153
#define TOKEN_TOWN_HEX 8 /* digits of the fingerprints that are in it */
#define TOKEN_DEV_HEX  10

struct token {
    enum token_kind kind;
    char town[TOKEN_TOWN_HEX + 1];
    char device[TOKEN_DEV_HEX + 1];
    char record[37];
    struct date issued;
    struct date until; /* the last day it is good; year 0 = no end */
    uint8_t seal[SEAL_SIZE];
};

/* Signs kind, record, issued and until, and fills in the rest; the town is named by the fingerprint
 * of its root key. False when the record's id or a day cannot be written. */
bool token_sign(struct token *token, const struct seal_key *device, const char *town,
                char out[TOKEN_LENGTH + 1]);
/* Whether it begins as one does and is as long: whoever typed it means one. */
bool token_like(const char *text);
/* E_INVALID: no token, or one that was not read whole; E_UNSUPPORTED: of a newer program. Lower
 * case is read as well. The signature is not looked at. */
enum status token_read(const char *text, struct token *out, struct error *err);
/* Whether the device with this key signed it for this town. */
bool token_holds(const struct token *token, const uint8_t device[SEAL_PUBLIC_SIZE],
                 const char *town);

#endif
