#include "office/scanning.h"

#include <stdio.h>
#include <string.h>

#include "base/intl.h"
#include "base/xmem.h"
#include "office/card.h"
#include "office/entry_internal.h"

struct scanning {
    struct session *session;
    const struct form *form;
    struct entry *same;
    struct strings waiting; /* codes in the order they were read */
    struct strings drafted; /* codes that are in a draft by now */
    size_t counts[SCAN_OUTCOMES];
};

const char *scan_outcome_text(enum scan_outcome outcome)
{
    static const char *const words[SCAN_OUTCOMES] = {
        [SCAN_DONE] = N_("受付"),    [SCAN_TWICE] = N_("記録済み"), [SCAN_DRAFT] = N_("下書き"),
        [SCAN_REFUSED] = N_("断り"), [SCAN_SET] = N_("同じ値"),
    };
    return _(words[outcome]);
}

void scan_result_free(struct scan_result *result)
{
    xfree(&result->title);
    xfree(&result->text);
}

/* --- What stays the same --- */

/* The field that would hold a record of that form; NULL when there is none. */
static const struct field *same_field(const struct form *form, const char *to)
{
    for (size_t i = 0; i < form->scan->keeps.count; i++) {
        const struct field *field = form_field(form, form->scan->keeps.items[i]);
        if (field_points_at(field, to))
            return field;
    }
    return NULL;
}

/* The form of a record; false when it is not here for this user. */
static bool form_of(struct session *session, const char *record, char form[48])
{
    struct record found;
    if (record_load_for(session, record, &found, NULL))
        return false;
    snprintf(form, 48, "%s", found.form);
    record_free(&found);
    return true;
}

enum status scanning_forms(struct session *session, const char *about, struct form_rows *out,
                           struct error *err)
{
    struct catalogue *catalogue = session->office->catalogue;
    struct form_rows all = {0};
    char to[48] = "";
    *out = (struct form_rows){0};
    if (about && !form_of(session, about, to))
        return record_not_here(about, err);
    enum status st = catalogue_forms(catalogue, office_language(session->office), &all, err);
    for (size_t i = 0; !st && i < all.count; i++) {
        const struct form *form;
        if (!all.items[i].scans || catalogue_form(catalogue, all.items[i].id, 0, &form, NULL) ||
            (about && !same_field(form, to)))
            continue;
        out->items = xroom(out->items, out->count, sizeof *out->items);
        out->items[out->count++] = all.items[i];
        all.items[i] = (struct form_row){0};
    }
    form_rows_free(&all);
    return st;
}

/* Values of `sets` for fields that stay the same (or for the others). */
static void set_values(struct entry *entry, bool same)
{
    const struct scan *scan = entry->form->scan;
    for (size_t i = 0; i < scan->set_count; i++) {
        const char *name = scan->sets[i].field;
        if ((strings_find(&scan->keeps, name) >= 0) != same)
            continue;
        char *value = instance_evaluate(entry->instance, scan->sets[i].value, name);
        instance_put(entry->instance, name, value, NULL);
        xfree(&value);
    }
}

static enum status begin_about(struct scanning *s, const char *about, struct error *err)
{
    char to[48];
    const struct field *field = form_of(s->session, about, to) ? same_field(s->form, to) : NULL;
    return field ? entry_type(s->same, field->name, about, err)
                 : error_set(err, E_INVALID, _("この記録についての連続受付はありません"));
}

enum status scanning_new(struct session *session, const char *form_id, const char *about,
                         struct scanning **out, struct error *err)
{
    struct entry *same;
    *out = NULL;
    enum status st = entry_new(session, form_id, &same, err);
    if (st)
        return st;
    struct scanning *s = xcalloc(1, sizeof *s);
    s->session = session;
    s->form = same->form;
    s->same = same;
    if (!s->form->scan)
        st = error_set(err, E_INVALID, _("「%s」に連続受付はありません"), form_id);
    if (!st)
        set_values(same, true);
    if (!st)
        set_values(same, false);
    if (!st && about)
        st = begin_about(s, about, err);
    if (st)
        scanning_free(&s);
    *out = s;
    return st;
}

void scanning_free(struct scanning **slot)
{
    struct scanning *s = *slot;
    if (!s)
        return;
    entry_free(&s->same);
    strings_free(&s->waiting);
    strings_free(&s->drafted);
    xfree(slot);
}

struct entry *scanning_same(struct scanning *s)
{
    return s->same;
}

const char *scanning_lacks(struct scanning *s)
{
    const struct strings *keeps = &s->form->scan->keeps;
    const char *problem = NULL;
    for (size_t i = 0; !problem && i < keeps->count; i++)
        if (instance_relevant(s->same->instance, keeps->items[i]))
            problem = entry_problem(s->same, keeps->items[i], NULL);
    return problem;
}

/* --- One code --- */

static void tell(struct scan_result *out, enum scan_outcome outcome, const char *title,
                 const char *text, const char *record)
{
    bool blank = title[strspn(title, " ")] == '\0'; /* a name nobody knows yet */
    *out = (struct scan_result){
        .outcome = outcome, .title = xstrdup(blank ? "" : title), .text = xstrdup(text)};
    snprintf(out->record, sizeof out->record, "%s", record);
}

/* What the draft keeps of a field, typed or taken. */
static const char *draft_text(const struct draft_values *values, const char *path)
{
    for (size_t i = 0; i < values->count; i++) {
        const char *at = values->items[i].path;
        if (strcmp(str_starts(at, TYPED_PREFIX) ? at + strlen(TYPED_PREFIX) : at, path) == 0)
            return values->items[i].value;
    }
    return "";
}

static const char *entry_text(const struct entry *entry, const char *path)
{
    const struct refused *refused = entry_refused(entry, path);
    return refused ? refused->typed : instance_get(entry->instance, path);
}

static bool same_reading(const struct scanning *s, const struct entry *entry,
                         const struct draft_values *draft)
{
    const struct strings *keeps = &s->form->scan->keeps;
    const char *read = s->form->scan->field->name;
    bool same = strcmp(draft_text(draft, read), entry_text(entry, read)) == 0;
    for (size_t i = 0; same && i < keeps->count; i++)
        same = strcmp(draft_text(draft, keeps->items[i]), entry_text(entry, keeps->items[i])) == 0;
    return same;
}

/* The same code was left as a draft before, by a row that somebody or a power cut ended. */
static bool drafted_before(struct scanning *s, const struct entry *entry)
{
    struct draft_list list;
    bool found = false;
    if (drafts_for(s->session, DRAFTS_ALL, s->session->login, &list, NULL))
        return false;
    char *form = form_name(entry->form);
    for (size_t i = 0; !found && i < list.count; i++) {
        struct draft draft;
        struct draft_values values;
        if (strcmp(list.items[i].form, form) != 0 ||
            draft_read(s->session->office->drafts, list.items[i].id, &draft, &values, NULL))
            continue;
        found = same_reading(s, entry, &values);
        draft_values_free(&values);
        draft_free(&draft);
    }
    xfree(&form);
    draft_list_free(&list);
    return found;
}

static void leave_draft(struct scanning *s, struct entry *entry, const char *code, const char *why,
                        struct scan_result *out)
{
    struct error err;
    if (drafted_before(s, entry)) {
        strings_add(&s->drafted, code);
        tell(out, SCAN_TWICE, entry_title(entry), _("もう下書きに残してあります"), "");
        return;
    }
    if (entry_save_draft(entry, s->form->scan->field->name, &err)) {
        tell(out, SCAN_REFUSED, entry_title(entry), error_text(&err), "");
        return;
    }
    strings_add(&s->drafted, code);
    tell(out, SCAN_DRAFT, entry_title(entry), why, entry->id);
}

/* The first finding that keeps it from being recorded by itself, NULL when none does. *twice: it is
 * one that says it is there already. */
static const struct finding *hindrance(const struct scanning *s, const struct findings *findings,
                                       bool *twice)
{
    const struct finding *first = NULL;
    *twice = false;
    for (size_t i = 0; i < findings->count; i++) {
        const struct finding *f = &findings->items[i];
        if (strings_find(&s->form->scan->twice, f->rule) >= 0) {
            *twice = true;
            return f;
        }
        if (!first && f->severity != FINDING_NOTE)
            first = f;
    }
    return first;
}

static void settle(struct scanning *s, struct entry *entry, const char *code,
                   struct scan_result *out)
{
    const struct findings *findings;
    struct receipt receipt;
    struct error err;
    bool twice;
    if (entry_findings(entry, true, &findings, &err)) {
        leave_draft(s, entry, code, error_text(&err), out);
        return;
    }
    const struct finding *f = hindrance(s, findings, &twice);
    if (f && twice)
        tell(out, SCAN_TWICE, entry_title(entry), f->message, "");
    else if (f)
        leave_draft(s, entry, code, f->message, out);
    else if (entry_settle(entry, "", &receipt, &err))
        leave_draft(s, entry, code, error_text(&err), out);
    else
        tell(out, SCAN_DONE, entry_title(entry), receipt.number, entry->id);
}

/* The card is good, or good but its record is not here: that one may come. */
static void record(struct scanning *s, const char *code, enum status read, const char *why,
                   struct scan_result *out)
{
    const struct scan *scan = s->form->scan;
    struct entry *entry;
    struct error err;
    if (strings_find(&s->drafted, code) >= 0) {
        tell(out, SCAN_TWICE, "", _("もう下書きに残してあります"), "");
        return;
    }
    if (entry_new(s->session, s->form->id, &entry, &err)) {
        tell(out, SCAN_REFUSED, "", error_text(&err), "");
        return;
    }
    for (size_t i = 0; i < scan->keeps.count; i++)
        instance_put(entry->instance, scan->keeps.items[i],
                     instance_get(s->same->instance, scan->keeps.items[i]), NULL);
    set_values(entry, false);
    entry_type(entry, scan->field->name, code, NULL);
    if (read)
        leave_draft(s, entry, code, why, out);
    else
        settle(s, entry, code, out);
    entry_free(&entry);
}

/* The field among those that stay the same for which this is the paper; NULL when it is none. */
static const struct field *paper_of(struct scanning *s, const char *code, struct card_found *found)
{
    bool good = card_read(s->session, NULL, code, found, NULL) == OK;
    return good && !field_points_at(s->form->scan->field, found->form)
               ? same_field(s->form, found->form)
               : NULL;
}

static void read_code(struct scanning *s, const char *code, struct scan_result *out)
{
    struct card_found found = {0};
    struct error err = {0};
    const struct field *field = paper_of(s, code, &found);
    if (field) {
        enum status st = entry_type(s->same, field->name, found.record, &err);
        tell(out, st ? SCAN_REFUSED : SCAN_SET, found.title, st ? error_text(&err) : "", "");
        card_found_free(&found);
        return;
    }
    card_found_free(&found);
    enum status st = card_read(s->session, s->form->scan->field, code, &found, &err);
    if (!st || st == E_NOT_FOUND)
        record(s, code, st, st ? error_text(&err) : "", out);
    else
        tell(out, SCAN_REFUSED, found.title ? found.title : "", error_text(&err), "");
    card_found_free(&found);
}

/* --- The row of codes --- */

void scanning_push(struct scanning *s, const char *text)
{
    if (*text)
        strings_add(&s->waiting, text);
}

size_t scanning_waiting(const struct scanning *s)
{
    return s->waiting.count;
}

/* While something is lacking only a paper that says what it is goes on. */
static long next_code(struct scanning *s, bool all)
{
    if (all || !scanning_lacks(s))
        return s->waiting.count ? 0 : -1;
    for (size_t i = 0; i < s->waiting.count; i++) {
        struct card_found found = {0};
        bool paper = paper_of(s, s->waiting.items[i], &found) != NULL;
        card_found_free(&found);
        if (paper)
            return (long)i;
    }
    return -1;
}

bool scanning_step(struct scanning *s, bool all, struct scan_result *out)
{
    long at = next_code(s, all);
    if (at < 0)
        return false;
    char *code = s->waiting.items[at];
    s->waiting.count--;
    memmove(&s->waiting.items[at], &s->waiting.items[at + 1],
            (s->waiting.count - (size_t)at) * sizeof *s->waiting.items);
    read_code(s, code, out);
    s->counts[out->outcome]++;
    xfree(&code);
    return true;
}

size_t scanning_count(const struct scanning *s, enum scan_outcome outcome)
{
    return s->counts[outcome];
}
