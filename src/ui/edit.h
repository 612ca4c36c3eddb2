/*
 * ui/edit: text while it is typed (編集): clusters, cursor, undo, limits. Knows no screen, so that
 * it can be tried by a million random operations.
 */
#ifndef UI_EDIT_H
#define UI_EDIT_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buffer.h"

struct edit_step;

struct edit {
    struct buffer text;
    size_t cursor; /* bytes, always on a cluster's edge */
    /* What typed text turns into, and whether the whole would have room; both may be NULL. */
    char *(*live)(const void *context, const char *text);
    bool (*fits)(const void *context, const char *text);
    const void *context;
    bool lines; /* line ends may stand in it */
    struct edit_step *undo;
    size_t undo_count;
    bool typing; /* the last change was typing: more of it undoes together */
    char *killed;
};

void edit_set(struct edit *edit, const char *text); /* cursor at the end, nothing to undo */
void edit_free(struct edit *edit);
const char *edit_text(const struct edit *edit);

/* Inserts at the cursor what may be typed; kana followed by a combining (semi-)voiced mark is
 * composed, nothing else is changed. False when it does not fit: nothing was inserted. */
bool edit_insert(struct edit *edit, const char *text);
/* The same for a piece that came at once: it undoes by itself. */
bool edit_paste(struct edit *edit, const char *text);
void edit_backspace(struct edit *edit);
void edit_delete(struct edit *edit);
void edit_kill(struct edit *edit); /* to the end of the line; there, the line end itself */
bool edit_yank(struct edit *edit);
bool edit_undo(struct edit *edit); /* false when there is nothing */
void edit_left(struct edit *edit);
void edit_right(struct edit *edit);
void edit_word_left(struct edit *edit);
void edit_word_right(struct edit *edit);
void edit_home(struct edit *edit); /* of the line, between line ends */
void edit_end(struct edit *edit);
/* To a byte, which is a cluster's edge. */
void edit_go(struct edit *edit, size_t to);

#endif
