/*
 * store/attachment_internal: between what the journal says of attachments and where their bytes
 * lie; nobody else includes it.
 */
#ifndef STORE_ATTACHMENT_INTERNAL_H
#define STORE_ATTACHMENT_INTERNAL_H

#include "store/attachment.h"

/* As the bytes' own database knows it: event, record and path are "". */
enum status attachment_find_added(struct store *store, const char *blob, struct attachment *out,
                                  struct error *err);

/* The tables of ATTACHMENT_FILE. */
const char *const *attachment_migrations(void);
/* The hash of a blob while its bytes go by. */
void attachment_hash_begin(struct hash *hash, const char *salt);
void attachment_hash_end(struct hash *hash, char out[HASH_HEX_SIZE]);

#endif
