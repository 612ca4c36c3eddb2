/*
 * counter/beside: the rows of a record beside what stood before it (左右に並べて見る): two columns
 * where there is room, one above the other where there is not. What changed is marked with a
 * letter.
 */
#ifndef COUNTER_BESIDE_H
#define COUNTER_BESIDE_H

#include "base/buffer.h"
#include "office/beside.h"
#include "ui/list.h"

/* The lines above the rows: what stands before, how much changed, the heads of the columns. */
void beside_head(struct buffer *head, const struct beside *beside, bool changed, int columns);
/* Only the heads of the columns, or that there is no room for two. */
void beside_heads(struct buffer *head, const char *before, const char *now, int columns);
/* `changed`: only what differs. columns: of the screen. */
void beside_rows(struct list *list, const struct beside *beside, bool changed, int columns);

#endif
