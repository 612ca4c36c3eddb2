/*
 * counter/doing: what is asked before something is done with a record (処理), and one action done
 * with several records of a list at once.
 */
#ifndef COUNTER_DOING_H
#define COUNTER_DOING_H

#include "counter/desk.h"
#include "office/action.h"
#include "office/worklist.h"
#include "ui/list.h"

/* Asks for the reason (`draft` stands there at first) and the fields of an action. *values become
 * the pairs of action_do(), ended by NULL. After a refusal it is called again with `wrong`, what
 * was refused, and the reason and values of before, which then stand there. false when given up.
 * The caller frees both. */
bool doing_ask(const struct action_row *action, const char *draft, const char *wrong, char **reason,
               struct strings *values);

/* 督促状: of the selected row, all rows or the marked ones. Whether anything was done. */
bool doing_remind(struct desk *desk, const struct worklist_rows *rows, const struct list *list);

/* One action with the marked rows of a list, chosen among those that are possible with all of them;
 * where a decision needs a reason, one for all or each that of its own failed checks. Each is done
 * or refused on its own, and each refused one is named with its reason. Whether anything was done.
 */
bool doing_marked(struct desk *desk, const struct worklist_rows *rows, const struct list *list);

#endif
