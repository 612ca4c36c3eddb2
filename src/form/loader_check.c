/* Rows of `checks`. */
#include <string.h>

#include "base/intl.h"
#include "base/xmem.h"
#include "form/loader_internal.h"

static long word_index(const char *word, const char *const *words, size_t count)
{
    for (size_t i = 0; word && i < count; i++)
        if (strcmp(words[i], word) == 0)
            return (long)i;
    return -1;
}

static enum status load_when(struct loading *l, const struct yaml *row, struct check *check)
{
    static const char *const words[] = {"live", "finalise", "decide"};
    struct strings when = STRINGS_INIT;
    const struct yaml *node = yaml_get(row, "when");
    enum status st = load_words(l, node, &when);
    for (size_t i = 0; !st && i < when.count; i++) {
        long bit = word_index(when.items[i], words, ARRAY_LEN(words));
        if (bit < 0)
            st = load_unknown(l, node, "when", when.items[i], words, ARRAY_LEN(words));
        else
            check->when |= 1u << bit;
    }
    if (!st && !check->when)
        st = load_fail(l, row, _("規則「%s」にいつ調べるか（when）がありません"), check->name);
    strings_free(&when);
    return st;
}

static enum status load_check(struct loading *l, const struct yaml *row)
{
    static const char *const severities[] = {"error", "deficiency", "warning", "note"};
    struct form *form = l->form;
    const char *name = yaml_text(row, "name"), *severity = yaml_text(row, "severity");
    const char *sql = yaml_text(row, "sql"), *field = yaml_text(row, "field");
    const char *summary = yaml_text(row, "summary");
    if (!name || !sql)
        return load_fail(l, row, _("規則には name と sql が要ります"));
    form->checks = xreallocarray(form->checks, form->check_count + 1, sizeof *form->checks);
    struct check *check = &form->checks[form->check_count++];
    *check = (struct check){.name = xstrdup(name),
                            .summary = summary && yaml_is_true(summary),
                            .field = xstrdup(field ? field : ""),
                            .sql = xstrdup(sql),
                            .line = row->line};
    load_label(row, "message", &check->message);
    load_label(row, "reason", &check->reason);
    long found = word_index(severity, severities, ARRAY_LEN(severities));
    if (found < 0)
        return load_unknown(l, row, "severity", severity ? severity : "", severities,
                            ARRAY_LEN(severities));
    check->severity = (enum check_severity)found;
    if (!check->message.count)
        return load_fail(l, row, _("規則「%s」に message がありません"), name);
    if (field && !form_field(form, field))
        return load_fail(l, yaml_get(row, "field"), _("規則「%s」の欄「%s」はありません"), name,
                         field);
    return load_when(l, row, check);
}

enum status load_checks(struct loading *l, const struct yaml *checks)
{
    enum status st = OK;
    if (checks && checks->kind != YAML_LIST)
        return load_fail(l, checks, _("checks は規則の並びです"));
    for (size_t i = 0; !st && checks && i < checks->count; i++)
        st = load_check(l, checks->items[i]);
    return st;
}
