#include "counter/doing.h"

#include <string.h>

#include "base/intl.h"
#include "base/xmem.h"
#include "office/notice.h"
#include "text/era.h"
#include "ui/dialog.h"
#include "ui/screen.h"

/* One field an action asks for, in any spelling of a date; false when given up. */
static bool ask_field(const struct action_row *action, const struct action_ask *ask,
                      struct strings *values)
{
    char today[ERA_TEXT_SIZE], *typed = NULL;
    char *title = xasprintf("%s: %s", action->label, ask->label);
    era_format_short(today, sizeof today, clock_today());
    bool good = dialog_prompt(title, _("日付は R8.11.24 のように入れます"),
                              action->decision ? today : "", &typed);
    if (good)
        strings_take(values, xasprintf("%s=%s", ask->name, typed));
    xfree(&title);
    xfree(&typed);
    return good;
}

static bool ask_reason(const struct action_row *action, const char *text, char **reason)
{
    if (!action->reason_required)
        return true;
    char *title = xasprintf(_("%s: 理由"), action->label);
    char *draft = xstrdup(text);
    for (char *c = draft; *c; c++)
        if (*c == '\n')
            *c = ' ';
    bool good = dialog_prompt(title, _("理由は本人への通知と履歴に残ります"), draft, reason);
    xfree(&draft);
    xfree(&title);
    return good;
}

bool doing_ask(const struct action_row *action, const char *draft, char **reason,
               struct strings *values)
{
    bool go = ask_reason(action, draft, reason);
    for (size_t i = 0; go && i < action->ask_count; i++)
        go = ask_field(action, &action->asks[i], values);
    strings_take(values, NULL); /* ends the list */
    return go;
}

/* --- With several --- */

/* Records by themselves: while something is asked, others may change the list they stand in. */
struct marked {
    struct strings ids, names;
};

static bool has_action(const struct action_list *list, const char *name)
{
    for (size_t i = 0; i < list->count; i++)
        if (strcmp(list->items[i].name, name) == 0)
            return true;
    return false;
}

/* Which of the actions every one of the rows allows. */
static enum status narrow(struct desk *desk, const struct marked *marked,
                          const struct action_list *first, bool *everywhere, struct error *err)
{
    for (size_t i = 0; i < first->count; i++)
        everywhere[i] = true;
    for (size_t m = 1; m < marked->ids.count; m++) {
        struct action_list list;
        enum status st = action_list(desk->session, marked->ids.items[m], &list, err);
        if (st)
            return st;
        for (size_t i = 0; i < first->count; i++)
            everywhere[i] = everywhere[i] && has_action(&list, first->items[i].name);
        action_list_free(&list);
    }
    return OK;
}

static const struct action_row *choose(const struct action_list *list, const bool *everywhere,
                                       size_t count)
{
    struct strings rows = STRINGS_INIT;
    size_t *index = xcalloc(list->count + 1, sizeof *index);
    for (size_t i = 0; i < list->count; i++)
        if (everywhere[i]) {
            index[rows.count] = i;
            strings_add(&rows, list->items[i].label);
        }
    char *title = xasprintf(_("印を付けた%zu件に"), count);
    long at = -1;
    if (rows.count)
        at = dialog_choose(title, &rows, NULL, 0);
    else
        dialog_text(title, _("どれにもできる処理がありません。同じ様式・同じ状態のものに印を付けてください"));
    const struct action_row *chosen = at < 0 ? NULL : &list->items[index[at]];
    strings_free(&rows);
    xfree(&index);
    xfree(&title);
    return chosen;
}

static void run(struct desk *desk, const struct marked *marked, const struct action_row *action,
                const char *reason, const struct strings *values)
{
    struct buffer refused = BUFFER_INIT, said = BUFFER_INIT;
    size_t done = 0, count = marked->ids.count;
    for (size_t m = 0; m < count; m++) {
        const char *id = marked->ids.items[m];
        struct error err;
        char path[256];
        if (action_do(desk->session, id, action->name, reason,
                      (const char *const *)values->items, &err)) {
            buffer_printf(&refused, "%s\n    %s\n", marked->names.items[m], error_text(&err));
            continue;
        }
        done++;
        notice_write(desk->session, id, path, NULL, NULL);
    }
    buffer_printf(&said, _("%zu件に「%s」をしました。\n"), done, action->label);
    if (refused.len)
        buffer_printf(&said, _("\nできなかったもの %zu件:\n%s"), count - done,
                      buffer_text(&refused));
    dialog_text(action->label, buffer_text(&said));
    buffer_free(&refused);
    buffer_free(&said);
}

static bool act(struct desk *desk, const struct marked *marked)
{
    size_t count = marked->ids.count;
    struct action_list actions = {0};
    struct strings values = STRINGS_INIT;
    struct error err;
    char *reason = NULL;
    if (action_list(desk->session, marked->ids.items[0], &actions, &err)) {
        desk_refused(&err);
        return false;
    }
    bool *everywhere = xcalloc(actions.count + 1, sizeof *everywhere);
    enum status st = narrow(desk, marked, &actions, everywhere, &err);
    if (st)
        desk_refused(&err);
    const struct action_row *action = st ? NULL : choose(&actions, everywhere, count);
    bool go = action && doing_ask(action, "", &reason, &values);
    if (go) {
        char *question = xasprintf(_("%zu件に「%s」をします。取り消せません。よろしいですか。"), count,
                                   action->label);
        go = dialog_confirm(action->label, question);
        xfree(&question);
    }
    if (go)
        run(desk, marked, action, reason ? reason : "", &values);
    xfree(&everywhere);
    xfree(&reason);
    strings_free(&values);
    action_list_free(&actions);
    return go;
}

bool doing_marked(struct desk *desk, const struct worklist_rows *rows, const struct list *list)
{
    struct marked marked = {STRINGS_INIT, STRINGS_INIT};
    for (size_t i = 0; i < rows->count; i++) {
        const struct worklist_row *row = &rows->items[i];
        if (!list_is_marked(list, i) || !*row->id || row->is_draft)
            continue;
        strings_add(&marked.ids, row->id);
        strings_take(&marked.names, xasprintf("%s  %s", row->number, row->title));
    }
    bool done = marked.ids.count && act(desk, &marked);
    if (!marked.ids.count)
        screen_message(0, "%s", _("記録に Space で印を付けてから、まとめて処理します"));
    strings_free(&marked.ids);
    strings_free(&marked.names);
    return done;
}
