/*
 * store/reference: reference data of the town (参照データ): what a place looks up and no record
 * says. The town signs into its registry which version is in force, by hash; the bytes travel in
 * extracts and lie in DIR/reference/NAME, in no backup: they can be had again.
 *
 *   hash = BLAKE2b-256("satomado-reference-1\0" ‖ bytes), at most 64 MiB
 */
#ifndef STORE_REFERENCE_H
#define STORE_REFERENCE_H

#include "crypto/hash.h"
#include "crypto/keyring.h"
#include "store/line.h"
#include "store/registry.h"
#include "store/store.h"

#define REFERENCE_DOMAIN "satomado-reference-1"
enum { REFERENCE_MAX = 64 << 20, REFERENCE_NAME_SIZE = 32 };

struct reference {
    char name[REFERENCE_NAME_SIZE];
    long number;  /* 1, 2, ... of this name */
    long version; /* of the registry */
    int64_t size;
    char hash[HASH_HEX_SIZE];
    char at[32]; /* ISO time the town wrote it */
};

/* A name that may be one of a file: a-z, - and nothing else. */
bool reference_name_good(const char *name);
/* What an entry of the registry says; false when it is of another kind, or malformed. */
bool reference_of_line(const struct line *line, struct reference *out);
/* The newest version of a name; E_NOT_FOUND. */
enum status reference_newest(struct registry *registry, const char *name, struct reference *out,
                             struct error *err);
/* One version; E_NOT_FOUND. */
enum status reference_numbered(struct registry *registry, const char *name, long number,
                               struct reference *out, struct error *err);
/* The newest of every name whose entry is newer than a version of the registry, by name. */
struct references {
    struct reference *items; /* the caller frees */
    size_t count;
};
enum status reference_since(struct registry *registry, long version, struct references *out,
                            struct error *err);
/* Town: a new version, one above the newest. */
enum status reference_add(struct registry *registry, const struct key_pair *root, const char *name,
                          const void *bytes, size_t len, struct error *err);

/* --- Its bytes here --- */

/* DIR/reference/NAME; the caller frees. */
char *reference_path(const struct store *store, const char *name);
/* The bytes here are those of this version. */
bool reference_here(const struct store *store, const struct reference *reference);
enum status reference_keep(const struct store *store, const char *name, const void *bytes,
                           size_t len, struct error *err);

/* The version that is in use here (fact); 0 = none of the town's. */
long reference_in_use(struct store *store, const char *name);
/* In a transaction. */
enum status reference_note_in_use(struct store *store, const char *name, long number,
                                  struct error *err);

#endif
