/*
 * edit_model: what an editor does, too simple to be wrong: an array of clusters, and lines and
 * columns counted anew each time. The real one is tried against it.
 */
#ifndef TESTS_UNIT_UI_EDIT_MODEL_H
#define TESTS_UNIT_UI_EDIT_MODEL_H

#include <stdbool.h>
#include <stddef.h>

enum { MODEL_MOST = 8000, MODEL_UNDO = 200 };

struct model {
    char *clusters[MODEL_MOST];
    size_t count, cursor; /* clusters before it */
    struct {
        char *text;
        size_t cursor;
    } undo[MODEL_UNDO];
    size_t undos;
    bool typing;
    char *killed;
    /* How it is typed into and seen. */
    bool lines;
    size_t bytes;                  /* most it may hold, 0 = no limit */
    char *(*live)(const char *text); /* or NULL */
    int cells;
    size_t first; /* byte (one line) or line (box) shown first */
    int goal;     /* column Up and Down keep to, -1 = none */
    bool line_end;
};

void model_set(struct model *m, const char *text);
void model_free(struct model *m);
/* Clusters from .. to-1; the caller frees. */
char *model_text(const struct model *m, size_t from, size_t to);

/* False when it did not fit. */
bool model_insert(struct model *m, const char *typed);
void model_paste(struct model *m, const char *typed);
void model_backspace(struct model *m);
void model_delete(struct model *m);
void model_left(struct model *m);
void model_right(struct model *m);
void model_home(struct model *m);
void model_end(struct model *m);
void model_kill(struct model *m);
void model_yank(struct model *m);
void model_undo(struct model *m);
/* False at the first or last shown line. */
bool model_vertical(struct model *m, int by);

/* The rows as they have to be seen, `cells` wide, blanks at the end left out; the caller frees each.
 */
void model_show(struct model *m, int rows, char **out, int *row, int *column);

#endif
