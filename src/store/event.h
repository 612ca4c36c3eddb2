/*
 * store/event: one entry of the journal (記録の一行): header, body, and for what somebody decided
 * the actor's seal. Text is kept and exported byte for byte as written.
 *
 * Header: {"v":1,"device","seq","prev","record","form","op","bases":[],"actor","reg","at","mono",
 * "boot","body"}: no free text, so that it survives a disposal. Body: {"salt",...} with what the
 * author changed in the map `set`. Actor line: {"sign":"<hex>"}.
 *   event hash = BLAKE2b-256("satomado-event-1\0" ‖ header)
 *   body hash  = BLAKE2b-256("satomado-body-1\0" ‖ body)
 *   seal       = the actor's Ed25519 over "satomado-act-1\0" ‖ event hash
 */
#ifndef STORE_EVENT_H
#define STORE_EVENT_H

#include "base/clock.h"
#include "crypto/hash.h"
#include "crypto/keyring.h"
#include "crypto/random.h"
#include "store/line.h"

/* op, name, sealed by the actor, belongs to a record's history */
#define EVENT_OP_LIST(X)                 \
    X(OP_START, "start", false, false)   \
    X(OP_PUT, "put", false, true)        \
    X(OP_ACT, "act", true, true)         \
    X(OP_ATTACH, "attach", false, true)  \
    X(OP_READ, "read", false, false)     \
    X(OP_CLOSE, "close", true, false)    \
    X(OP_DISPOSE, "dispose", true, true) \
    X(OP_RESOLVE, "resolve", true, true) \
    X(OP_USER, "user", true, false)      \
    X(OP_TAKEN, "taken", false, false)

/* For SQL: true of the ops that are history of a record, as bits. A list after IN would be made a
 * table anew with each query. */
#define EVENT_IS_HISTORY(op) "(206>>" op "&1)"

enum event_op {
#define EVENT_OP_ENUM(op, name, sealed, history) op,
    EVENT_OP_LIST(EVENT_OP_ENUM)
#undef EVENT_OP_ENUM
        OP_COUNT
};
const char *event_op_name(enum event_op op);
bool event_op_sealed(enum event_op op);
bool event_op_history(enum event_op op);

struct event {
    char hash[HASH_HEX_SIZE];
    char device[HASH_HEX_SIZE];
    int64_t seq;
    char prev[HASH_HEX_SIZE];
    char record[UUID_SIZE]; /* "" when it is about no record */
    char form[64];          /* "id@version", "" when it is about no record */
    enum event_op op;
    struct strings bases; /* hashes of the heads the author saw */
    char actor[HASH_HEX_SIZE];
    int64_t reg; /* registry version the author knew */
    char at[32]; /* ISO time */
    int64_t mono;
    char boot[33];
    char body_hash[HASH_HEX_SIZE];
    /* The lines; body is NULL when it was disposed of, seal when the op has none. */
    char *header;
    char *body;
    char *seal;
};

void event_free(struct event *event);

/* Fills header, body, seal and the hashes from the members and `body`; `actor` is needed for sealed
 * ops and for the member `actor`. */
void event_make(struct event *event, const struct line *body, const struct key_pair *actor);
/* Reads lines as they were written and stand here. Every hash is checked and the header's form; the
 * body's was when it came (event_read_body). The seal's key is not known here (event_seal_valid).
 * E_PARSE. body and seal may be NULL. */
enum status event_read(const char *header, const char *body, const char *seal, struct event *out,
                       struct error *err);
/* The same one line after the other, as they come from elsewhere: the header alone first, then what
 * follows it. E_PARSE: the body is not the header's, or no line of the journal. */
enum status event_read_body(struct event *event, const char *body, struct error *err);
void event_read_seal(struct event *event, const char *seal);
bool event_seal_valid(const struct event *event, const uint8_t public_key[SEAL_PUBLIC_SIZE]);
/* The day at the offices on which it was written; false when it says none. */
bool event_day(const struct event *event, struct date *out);
/* form "id@version" taken apart; 0 when it is none. */
long event_form(const struct event *event, char id[48]);
long form_version(const char *form, char id[48]);
/* A body's line with its salt already in it. */
struct line event_body(void);

#endif
