/*
 * store/schema: what the store must know of a form to keep its records: columns, repeats, what is
 * searched, which actions there are. Office makes it from the form; store does not know forms.
 */
#ifndef STORE_SCHEMA_H
#define STORE_SCHEMA_H

#include <stdbool.h>
#include <stddef.h>

#include "base/strings.h"

struct schema_field {
    char *name;  /* last part of the path; the column */
    int repeat;  /* index of the repeat it is in, -1 outside */
    int search;  /* enum search_kind */
    char *merge; /* group of fields that are one value, "" none */
};

struct schema_repeat {
    char *name;
    int parent; /* index of the repeat around it, -1 none */
};

struct schema_action {
    char *name;
    struct strings from; /* "" = no record yet */
    char *to;
    struct strings roles;
    bool decision; /* by the town; beats what an office wrote */
};

struct schema_state {
    char *name;
    bool in_force; /* rules see the record */
    bool open;     /* somebody still has to do something */
};

struct schema {
    char *form;
    long version;
    bool is_person;
    struct schema_field *fields;
    size_t field_count;
    struct schema_repeat *repeats;
    size_t repeat_count;
    struct schema_action *actions;
    size_t action_count;
    struct schema_state *states;
    size_t state_count;
};

/* version 0 = the newest known. NULL = unknown here: events of it are held. Borrowed as long as the
 * store is open. */
typedef const struct schema *(*schema_lookup)(void *context, const char *form, long version);

#endif
