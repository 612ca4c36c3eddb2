/*
 * store/attachment: the files that records carry (添付): copies of papers, photographs. Their bytes
 * lie in DIR/attachments.db under their own hash; what the journal says of them is the op `attach`,
 * so that events stay short and bytes can come later than the events that name them (添付未着).
 *
 *   blob = BLAKE2b-256("satomado-blob-1\0" ‖ salt ‖ bytes), at most 20 MB
 *
 * The salt (32 bytes) is that of the event's body: a name that outlives erased bytes lets nobody
 * guess what they were. The value of a field of type image or file is the blob's hash in hex.
 *
 * Office adds and reads; bundle sends what attachment_list_chain() and attachment_list() name with
 * attachment_read(), and takes in what attachment_list_missing() names with incoming_*(). Bytes are
 * never accepted or given out without having been hashed again. Memory is one piece, whatever the
 * size.
 */
#ifndef STORE_ATTACHMENT_H
#define STORE_ATTACHMENT_H

#include "crypto/hash.h"
#include "crypto/random.h"
#include "store/line.h"
#include "store/store.h"

#define ATTACHMENT_FILE "attachments.db"

enum {
    ATTACHMENT_MAX = 20 * 1000 * 1000, /* bytes of one file */
    ATTACHMENT_PIECE = 256 * 1024,     /* bytes handed over at once, the last one less */
    ATTACHMENT_SALT_HEX = 65,
};

struct attachment {
    char blob[HASH_HEX_SIZE];
    char salt[ATTACHMENT_SALT_HEX];
    char event[HASH_HEX_SIZE];  /* the attach event, "" while it is only in a draft */
    char device[HASH_HEX_SIZE]; /* whose event that is, "" likewise */
    char record[UUID_SIZE];     /* "" likewise */
    char *path;                 /* of the field */
    char *name;                 /* of the file, without directory */
    char *copy_of;              /* what it is a copy of */
    char *at, *actor;           /* ISO time and fingerprint of the event */
    int64_t size;
    bool here; /* the bytes are in this data directory */
};
struct attachment_list {
    struct attachment *items;
    size_t count;
};
void attachment_free(struct attachment *attachment);
void attachment_list_free(struct attachment_list *list);

/* What is known of a blob, from the journal or else from a draft; E_NOT_FOUND. */
enum status attachment_find(struct store *store, const char *blob, struct attachment *out,
                            struct error *err);
/* Everything that was ever attached to a record, oldest first, held events included. */
enum status attachment_list_record(struct store *store, const char *record,
                                   struct attachment_list *out, struct error *err);
/* What the events first..last (0 = to the head) of a device's chain attached, in their order. */
enum status attachment_list_chain(struct store *store, const char *device, int64_t first,
                                  int64_t last, struct attachment_list *out, struct error *err);
/* 添付未着: named by the journal, bytes not here; each blob once. */
enum status attachment_list_missing(struct store *store, struct attachment_list *out,
                                    struct error *err);
/* The bytes are here. */
bool attachment_here(struct store *store, const char *blob);

/* --- Bytes --- */

/* Copies a file in. `name` and `copy_of` are what the attach event will say. E_LIMIT: more than 20
 * MB, E_INVALID: empty, or no plain file. Durable when it returns. */
enum status attachment_add(struct store *store, const char *file, const char *name,
                           const char *copy_of, char blob[HASH_HEX_SIZE], struct error *err);
/* The body of the attach event of a blob that was added here: its salt, `blob`, `name`, `copy_of`,
 * `size`, and after what the caller adds the map `set` with the field's path. */
enum status attachment_body(struct store *store, const char *blob, struct line *body,
                            struct error *err);

typedef enum status (*attachment_sink)(void *context, const void *data, size_t len,
                                       struct error *err);
/* All bytes, piece after piece. E_NOT_FOUND: not here. E_CORRUPT, after the last piece: they are
 * not those of this hash. */
enum status attachment_read(struct store *store, const char *blob, attachment_sink sink,
                            void *context, struct error *err);
/* Into a new file, whole or not at all; E_EXISTS. */
enum status attachment_export(struct store *store, const char *blob, const char *file,
                              struct error *err);

/* Bytes from elsewhere for a blob an event here names: begin, add in order, finish. E_HELD: no
 * event here names it (yet). More bytes than the event says are E_LIMIT, others than its E_CRYPTO;
 * known ones are taken without being kept twice. Nothing is kept before finish has returned OK. */
struct incoming;
enum status incoming_begin(struct store *store, const char *blob, struct incoming **out,
                           struct error *err);
enum status incoming_add(struct incoming *incoming, const void *data, size_t len,
                         struct error *err);
/* Frees it, whatever comes out. */
enum status incoming_finish(struct incoming **incoming, struct error *err);
void incoming_free(struct incoming **incoming);

/* The bytes go, and nothing can bring them back from the file. attachment_drop() does so only where
 * no event names them (a draft's). */
enum status attachment_erase(struct store *store, const char *blob, struct error *err);
enum status attachment_drop(struct store *store, const char *blob, struct error *err);
/* Blobs no event names that were added before a time (ISO): what a crash left, to be dropped by the
 * caller if no draft names them either. */
enum status attachment_unnamed(struct store *store, const char *before, struct strings *out,
                               struct error *err);
/* Hashes every blob that is here; each wrong one is a line for people. */
enum status attachment_verify(struct store *store, void (*report)(void *context, const char *line),
                              void *context, int64_t *checked, struct error *err);

/* From one directory's ATTACHMENT_FILE into another's what is not there yet, each hashed on the
 * way; `prune`: what the first has no more (it was disposed of) goes from the second. For backups
 * and restoring. E_CORRUPT: one was damaged, the others were copied. */
enum status attachments_copy(const char *from, const char *to, bool prune, struct error *err);

/* For projection only: the rows of one record. */
struct record;
enum status attachment_project(struct store *store, const struct record *record, struct error *err);

#endif
