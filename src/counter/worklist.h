/*
 * counter/worklist: one list of work (作業一覧), page by page; Enter goes to the draft or record.
 */
#ifndef COUNTER_WORKLIST_H
#define COUNTER_WORKLIST_H

#include "counter/desk.h"

struct worklist;
struct worklist_row;

void worklist_open(struct desk *desk, const struct worklist *list);
/* A row as one line; the caller frees. */
char *worklist_line(const struct worklist_row *row);
/* To the draft or record it stands for. */
void worklist_go(struct desk *desk, const struct worklist_row *row);

#endif
