/*
 * store/store_internal: what the parts of the store share; nobody else includes it.
 */
#ifndef STORE_STORE_INTERNAL_H
#define STORE_STORE_INTERNAL_H

#include "base/strings.h"
#include "store/store.h"

struct check_state;
struct form_table;
void check_state_free(struct check_state **state);

struct store {
    struct database *db;
    char *dir;
    struct database *attachments; /* NULL until somebody asks for an attachment */
    struct registry *registry;
    schema_lookup lookup;
    void *lookup_context;
    struct check_state *check;  /* made when the first check runs */
    struct strings touched;     /* records to project before the transaction ends */
    struct strings prepared;    /* "form@version" whose tables are known to be there */
    struct form_table **tables; /* how their rows are written */
    size_t table_count;
};

#endif
