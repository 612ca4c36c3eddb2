/*
 * counter/entry_layout: where the fields of one section stand (配置). Made anew for each painting
 * from the record as it is, so that relevance, rows and the terminal's size need no bookkeeping.
 */
#ifndef COUNTER_ENTRY_LAYOUT_H
#define COUNTER_ENTRY_LAYOUT_H

#include "form/instance.h"

enum slot_kind {
    SLOT_FIELD,
    SLOT_HEADING, /* of a group, or of one row of a repeat */
    SLOT_NOTE,    /* text of the form */
    SLOT_REPEAT,  /* the head of a repeat: rows are added here */
    SLOT_LABEL,   /* over a column of a repeat's table */
    SLOT_ROW,     /* before a line of it: the row's number */
};

struct slot {
    enum slot_kind kind;
    const struct field *field;
    char *path;
    char *row;   /* path of the nearest row around it, "" outside repeats */
    int line;    /* from the top of the section */
    int column;  /* of the label's mark */
    int label;   /* cells of the label */
    int cells;   /* between the brackets */
    int height;  /* lines */
    int number;  /* of a row of a repeat, from 1; else 0 */
    bool cell;   /* a field in a line of a table: its label stands over the column */
    int compared; /* cells at its right for the comparison with the previous record */
    bool beside; /* what the value means is shown at its right (dates) */
};

struct layout {
    struct slot *items;
    size_t count;
    int lines;
};

/* The relevant fields of a section, in `columns` cells. layout is freed first. */
void layout_make(struct layout *layout, const struct instance *instance, int section, int columns);
void layout_free(struct layout *layout);
/* -1 when it is not there (any more). */
long layout_find(const struct layout *layout, const char *path);
bool slot_takes_focus(const struct slot *slot);
/* Anything to fill in or read stands in that section now. */
bool section_shown(const struct instance *instance, int section);
int section_count(const struct form *form);
/* Label of the section's group or repeat; "" when it has none. Borrowed. */
const char *section_label(const struct form *form, int section, const char *language);

#endif
