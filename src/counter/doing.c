#include "counter/doing.h"

#include <string.h>

#include "base/intl.h"
#include "base/xmem.h"
#include "text/era.h"
#include "ui/dialog.h"
#include "ui/screen.h"

/* One field an action asks for, in any spelling of a date; NULL when given up. */
static char *ask_field(const struct action_row *action, const struct action_ask *ask,
                       const char *wrong, const char *before)
{
    char today[ERA_TEXT_SIZE], *typed = NULL, *pair = NULL;
    char *title = xasprintf("%s: %s", action->label, ask->label);
    era_format_short(today, sizeof today, clock_today());
    const char *start = before ? before : action->decision ? today : "";
    if (dialog_prompt(title, wrong ? wrong : _("日付は R8.11.24 のように入れます"), start, &typed))
        pair = xasprintf("%s=%s", ask->name, typed);
    xfree(&title);
    xfree(&typed);
    return pair;
}

static bool ask_reason(const struct action_row *action, const char *text, const char *wrong,
                       char **reason)
{
    if (!action->reason_required)
        return true;
    char *title = xasprintf(_("%s: 理由"), action->label), *typed = NULL;
    char *draft = xstrdup(*reason ? *reason : text);
    for (char *c = draft; *c; c++)
        if (*c == '\n')
            *c = ' ';
    bool good = dialog_prompt(title, wrong ? wrong : _("理由は本人への通知と履歴に残ります"), draft,
                              &typed);
    if (good) {
        xfree(reason);
        *reason = typed;
    }
    xfree(&draft);
    xfree(&title);
    return good;
}

bool doing_ask(const struct action_row *action, const char *draft, const char *wrong, char **reason,
               struct strings *values)
{
    struct strings now = STRINGS_INIT;
    bool go = ask_reason(action, draft, wrong, reason);
    for (size_t i = 0; go && i < action->ask_count; i++) {
        const char *before = i < values->count ? values->items[i] : NULL;
        char *pair =
            ask_field(action, &action->asks[i], wrong, before ? strchr(before, '=') + 1 : NULL);
        go = pair != NULL;
        if (go)
            strings_take(&now, pair);
    }
    strings_take(&now, NULL); /* ends the list */
    strings_free(values);
    *values = now;
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
        dialog_text(
            title,
            _("どれにもできる処理がありません。同じ様式・同じ状態のものに印を付けてください"));
    const struct action_row *chosen = at < 0 ? NULL : &list->items[index[at]];
    strings_free(&rows);
    xfree(&index);
    xfree(&title);
    return chosen;
}

/* Those with which something was wrong, by name; `head` only when there are any. */
static void add_wrong(struct buffer *said, const char *head, const struct action_outcomes *done,
                      bool letters)
{
    size_t count = 0;
    for (size_t i = 0; i < done->count; i++) {
        const struct action_outcome *one = &done->items[i];
        const struct error *err = letters ? &one->letter : &one->err;
        if (err->code && !count++)
            buffer_add_text(said, head);
        if (err->code)
            buffer_printf(said, "%s\n    %s\n", one->name, error_text(err));
    }
}

/* What became of each, those that were refused by name. */
static void tell(const struct action_row *action, const struct action_outcomes *done)
{
    struct buffer said = BUFFER_INIT;
    size_t letters = 0;
    for (size_t i = 0; i < done->count; i++)
        letters += *done->items[i].notice != '\0';
    buffer_printf(&said, _("%zu件に「%s」をしました。\n"), done->count - done->refused,
                  action->label);
    if (letters)
        buffer_printf(&said, _("通知書・督促状 %zu通\n"), letters);
    char *refused = xasprintf(_("\nできなかったもの %zu件:\n"), done->refused);
    add_wrong(&said, refused, done, false);
    add_wrong(&said, _("\n通知書・督促状を作れなかったもの:\n"), done, true);
    xfree(&refused);
    for (size_t i = 0; i < done->count; i++)
        if (*done->items[i].notice)
            buffer_printf(&said, "%s\n", done->items[i].notice);
    dialog_text(action->label, buffer_text(&said));
    buffer_free(&said);
}

static void run(struct desk *desk, const struct marked *marked, const struct action_row *action,
                const char *reason, bool prepared, const struct strings *values)
{
    struct action_outcomes done;
    const struct action_order order = {action->name, reason, prepared,
                                       (const char *const *)values->items};
    action_each(desk->session, &marked->ids, &order, &done);
    tell(action, &done);
    action_outcomes_free(&done);
}

/* The prepared reason of each, to be read before anything is done. */
static bool show_reasons(struct desk *desk, const struct marked *marked,
                         const struct action_row *action)
{
    struct buffer text = BUFFER_INIT;
    struct error err;
    size_t lacking = 0;
    for (size_t m = 0; m < marked->ids.count; m++) {
        char *reason = NULL;
        if (action_reason(desk->session, marked->ids.items[m], &reason, &err))
            reason = xstrdup(error_text(&err));
        lacking += !*reason;
        buffer_printf(&text, "%s\n    %s\n", marked->names.items[m],
                      *reason ? reason : _("（満たさない規則はない。理由の案なし）"));
        xfree(&reason);
    }
    char *title = xasprintf(_("%s: それぞれの理由"), action->label);
    dialog_text(title, buffer_text(&text));
    buffer_free(&text);
    xfree(&title);
    return lacking < marked->ids.count;
}

/* One reason for all, or each its own from the rules it does not meet. false when given up. */
static bool choose_reasons(struct desk *desk, const struct marked *marked,
                           const struct action_row *action, bool *prepared)
{
    struct strings rows = STRINGS_INIT;
    *prepared = false;
    if (!action->reason_required || !action->decision)
        return true;
    strings_add(&rows, _("それぞれの理由で（満たさない規則から作った案）"));
    strings_add(&rows, _("どれにも同じ理由で（書く）"));
    long at = dialog_choose(action->label, &rows, NULL, 0);
    strings_free(&rows);
    *prepared = at == 0;
    return at == 1 || (at == 0 && show_reasons(desk, marked, action));
}

static bool ask_all(struct desk *desk, const struct marked *marked, const struct action_row *action,
                    char **reason, bool *prepared, struct strings *values)
{
    if (!choose_reasons(desk, marked, action, prepared))
        return false;
    struct action_row asked = *action;
    asked.reason_required = action->reason_required && !*prepared;
    if (!doing_ask(&asked, "", NULL, reason, values))
        return false;
    char *question = xasprintf(_("%zu件に「%s」をします。取り消せません。よろしいですか。"),
                               marked->ids.count, action->label);
    bool go = dialog_confirm(action->label, question);
    xfree(&question);
    return go;
}

static bool act(struct desk *desk, const struct marked *marked, bool reminders)
{
    struct action_list actions = {0};
    struct strings values = STRINGS_INIT;
    struct error err;
    char *reason = NULL;
    bool prepared = false;
    if (action_list(desk->session, marked->ids.items[0], &actions, &err)) {
        desk_refused(&err);
        return false;
    }
    bool *everywhere = xcalloc(actions.count + 1, sizeof *everywhere);
    enum status st = narrow(desk, marked, &actions, everywhere, &err);
    for (size_t i = 0; reminders && i < actions.count; i++)
        everywhere[i] = everywhere[i] && actions.items[i].reminder;
    if (st)
        desk_refused(&err);
    const struct action_row *action = st ? NULL : choose(&actions, everywhere, marked->ids.count);
    bool go = action && ask_all(desk, marked, action, &reason, &prepared, &values);
    if (go)
        run(desk, marked, action, reason ? reason : "", prepared, &values);
    xfree(&everywhere);
    xfree(&reason);
    strings_free(&values);
    action_list_free(&actions);
    return go;
}

static void mark_row(struct marked *marked, const struct worklist_row *row)
{
    if (!*row->id || row->is_draft || row->is_person)
        return;
    strings_add(&marked->ids, row->id);
    strings_take(&marked->names, xasprintf("%s  %s", row->number, row->title));
}

static void marked_free(struct marked *marked)
{
    strings_free(&marked->ids);
    strings_free(&marked->names);
}

bool doing_remind(struct desk *desk, const struct worklist_rows *rows, const struct list *list)
{
    struct marked marked = {STRINGS_INIT, STRINGS_INIT};
    struct strings choices = STRINGS_INIT;
    long selected = list_selected(list);
    size_t count = 0;
    for (size_t i = 0; i < rows->count; i++)
        count += list_is_marked(list, i);
    if (selected < 0)
        return false;
    strings_add(&choices, _("選んでいる1件"));
    strings_take(&choices, xasprintf(_("この一覧の全%zu件"), rows->count));
    if (count)
        strings_take(&choices, xasprintf(_("印を付けた%zu件"), count));
    long at = dialog_choose(_("督促状"), &choices, NULL, count ? 2 : 0);
    strings_free(&choices);
    for (size_t i = 0; at >= 0 && i < rows->count; i++)
        if (at == 1 || (at == 0 && (long)i == selected) || (at == 2 && list_is_marked(list, i)))
            mark_row(&marked, &rows->items[i]);
    bool done = marked.ids.count && act(desk, &marked, true);
    marked_free(&marked);
    return done;
}

bool doing_marked(struct desk *desk, const struct worklist_rows *rows, const struct list *list)
{
    struct marked marked = {STRINGS_INIT, STRINGS_INIT};
    for (size_t i = 0; i < rows->count; i++)
        if (list_is_marked(list, i))
            mark_row(&marked, &rows->items[i]);
    bool done = marked.ids.count && act(desk, &marked, false);
    if (!marked.ids.count)
        screen_message(0, "%s", _("記録に Space で印を付けてから、まとめて処理します"));
    marked_free(&marked);
    return done;
}
