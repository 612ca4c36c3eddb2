/*
 * store/carried: the register of what was carried out (持出し台帳): every bundle written to a place
 * outside this data directory, why, with whose leave, and what became of it. Office writes it.
 * Rows are closed, never removed.
 */
#ifndef STORE_CARRIED_H
#define STORE_CARRIED_H

#include "store/store.h"

struct carried {
    int64_t id;
    long number, records;
    char *bundle, *kind, *peer, *file, *medium, *at, *who, *reason, *approval;
    char *closed_at, *closed_by, *outcome; /* "" while it is out */
};
struct carried_list {
    struct carried *items;
    size_t count;
};
void carried_list_free(struct carried_list *list);

/* The strings are read, not kept; `id` and the last three are ignored. */
enum status carried_add(struct store *store, const struct carried *row, struct error *err);
/* Newest first; with `out_only` those that are not back. */
enum status carried_rows(struct store *store, bool out_only, struct carried_list *out,
                         struct error *err);
/* E_NOT_FOUND: no such row, or closed before. */
enum status carried_close(struct store *store, int64_t id, const char *at, const char *who,
                          const char *outcome, struct error *err);
/* The file was carried out and its row is open. */
bool carried_is_out(struct store *store, const char *bundle, const char *file);
/* Every open row of a bundle's file. */
enum status carried_close_file(struct store *store, const char *bundle, const char *file,
                               const char *at, const char *who, const char *outcome,
                               struct error *err);

#endif
