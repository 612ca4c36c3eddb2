/*
 * form/instance_internal: how an instance is laid out. Only instance*.c and evaluate/functions
 * look here.
 *
 * The root and every row of a repeat is a struct row with one cell for each field of its scope
 * (the fields whose nearest repeat it is) and one list for each repeat in it.
 */
#ifndef FORM_INSTANCE_INTERNAL_H
#define FORM_INSTANCE_INTERNAL_H

#include "form/dependency.h"
#include "form/instance.h"

struct cell {
    const struct field *field;
    char *path;
    char *value;       /* NULL = blank */
    bool own_relevant; /* by its own expression */
    bool relevant;     /* and all around it */
    bool required;
    bool read_only;
    bool broken;      /* constraint not met */
    bool not_offered; /* the choice_filter leaves the chosen one out */
    char *problem;    /* made when asked for */
};

struct row_list {
    const struct field *repeat;
    struct row *parent;
    char *path; /* repeat, outer/<row>/repeat */
    struct row **rows;
    size_t count;
    long limit; /* of repeat_count; -1 none */
};

struct row {
    struct row_list *list; /* NULL for the root */
    struct row *parent;
    const struct field *repeat; /* NULL for the root */
    char uuid[37];
    bool dead;  /* loaded with .alive = false */
    char *path; /* repeat/<uuid>; "" for the root */
    struct cell *cells;
    size_t cell_count;
    struct row_list *lists;
    size_t list_count;
};

enum { DIRTY_VALUE = 1, DIRTY_TRIGGER = 2, DIRTY_LEAF = 4 };

struct instance {
    const struct form *form;
    const struct form_host *host;
    struct dependency *dependency;
    const struct field **by_name; /* sorted */
    size_t *slot;                 /* field index -> cell in the rows of its scope */
    size_t *list_slot;            /* index of a repeat -> list in the rows of its scope */
    unsigned char *dirty;         /* field index -> what is to be done */
    struct row *root;
    bool keep_calculated; /* while it runs: stored calculated values stand */
    bool kept; /* settled so: stored calculated values stand */
    struct item *items;
    size_t item_count;
    bool items_made;
};

const char *cell_value(const struct cell *cell);
/* True when it changed. */
bool cell_put(struct cell *cell, const char *value);

/* The row itself or the one around it that has the field; NULL when the field is further inside. */
const struct row *row_holding(const struct row *row, const struct field *field);
struct cell *row_cell(const struct instance *instance, const struct row *row,
                      const struct field *field);
struct row_list *row_list_of(const struct instance *instance, const struct row *row,
                             const struct field *repeat);
size_t row_position(const struct row *row); /* from 1 */

const struct field *instance_field(const struct instance *instance, const char *name, size_t len);
/* What a path names; any out may be NULL. E_NOT_FOUND when nothing. For the path of a row (or of
 * its .alive) *cell is NULL, *row the row; for the path of a repeat *list is set. */
struct place {
    struct row *row;       /* the row it lies in, or the row named */
    struct cell *cell;     /* field or group */
    struct row_list *list; /* repeat */
};
bool instance_place(const struct instance *instance, const char *path, struct place *out);

/* A row without recalculating; uuid NULL makes one. */
struct row *row_add(struct instance *instance, struct row_list *list, const char *uuid);
void row_remove(struct instance *instance, struct row_list *list, size_t i);
struct row *row_root(struct instance *instance);
void row_free(struct row *row);
/* Every row of the scope of a repeat (NULL = the root), outer order first. Frees: caller. */
size_t rows_of(const struct instance *instance, const struct field *repeat, struct row ***out);

int64_t instance_now(const struct instance *instance);
/* Defaults of a new row or of the root, and of the rows in it. */
void logic_defaults(struct instance *instance, struct row *row);
/* Marks what depends on the field. */
void logic_changed(struct instance *instance, const struct field *field);
void logic_all(struct instance *instance);
/* Evaluates what is marked, in order. */
void logic_run(struct instance *instance);
/* Offered by the filter (removed ones left out). */
bool logic_offered(const struct instance *instance, const struct row *row,
                   const struct field *field, const struct choice *choice);

#endif
