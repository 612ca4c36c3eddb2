/*
 * text/width: how many terminal cells (桁) text takes, and what is shown in place of a cluster that
 * must not or cannot reach a terminal as it is. Whoever lays out a screen or a printed line asks
 * here and nowhere else. Independent of the process's locale.
 */
#ifndef TEXT_WIDTH_H
#define TEXT_WIDTH_H

#include <stddef.h>
#include <stdint.h>

enum cluster_show {
    SHOW_AS_IS,
    SHOW_GETA,  /* as 〓: no font or no agreed width: 外字, unassigned, flags, joined emoji */
    SHOW_ESCAPE /* as ⟦U+202E⟧: controls, bidi controls, zero-width, tags, malformed bytes */
};

/* Bytes that hold what is shown for any cluster with up to 15 escaped characters; a cluster with
 * more is shown cut after a whole one. */
#define CLUSTER_DISPLAY_SIZE 256

/* Cells that characters of ambiguous width take (①※Ⅲ○α): 1, as at the start, or 2. */
void width_set_ambiguous(int cells);

/* Of one code point: 0, 1 or 2; -1 when nobody knows. */
int code_width(uint32_t cp);

enum cluster_show cluster_show(const char *s, size_t len);
/* The text that may be shown for a cluster; terminated, never more than size bytes with the
 * terminator. Returns its length. */
size_t cluster_display(char *out, size_t size, const char *s, size_t len);
/* Cells of what cluster_display() gives. */
int cluster_width(const char *s, size_t len);
int text_width(const char *s);
/* Bytes of the longest run of whole clusters from the start that takes at most cells. */
size_t text_fit(const char *s, int cells);

#endif
