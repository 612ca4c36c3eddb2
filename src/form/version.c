#include "form/version.h"

#include <string.h>

#include "base/intl.h"
#include "base/xmem.h"
#include "form/expression_tree.h"
#include "form/workflow.h"

static const char *repeat_name(const struct field *f)
{
    return f->repeat ? f->repeat->name : "";
}

/* --- What may not be --- */

static bool keeps_values(const struct field *f)
{
    return !f->implicit && (field_has_value(f) || f->type == FIELD_REPEAT);
}

static enum status choices_stay(const struct field *now, const struct field *old, const char *file,
                                struct error *err)
{
    for (size_t i = 0; old->choices && i < old->choices->count; i++)
        if (!choice_find(now->choices, old->choices->items[i].name))
            return error_at(err, E_RULE, file, now->line, 0,
                            _("欄「%s」の選択肢「%s」がありません。消さずに removed: yes を付けて"
                              "ください（前に選んだ記録に出すため）"),
                            old->name, old->choices->items[i].name);
    return OK;
}

static enum status field_follows(const struct field *now, const struct field *old,
                                 const struct form *before, const char *file, struct error *err)
{
    if (now->type != old->type)
        return error_at(err, E_RULE, file, now->line, 0,
                        _("欄「%s」の型は変えられません（登録簿の版 %ld では %s、この版では %s）。"
                          "別の名の欄にしてください"),
                        old->name, before->version, field_type_name(old->type),
                        field_type_name(now->type));
    if (strcmp(repeat_name(now), repeat_name(old)) != 0)
        return error_at(
            err, E_RULE, file, now->line, 0,
            _("欄「%s」は、くり返しの内と外の間で動かせません。別の名の欄にしてください"),
            old->name);
    if (old->type == FIELD_REFERENCE && strcmp(now->to, old->to) != 0)
        return error_at(err, E_RULE, file, now->line, 0,
                        _("欄「%s」の指す様式は変えられません（登録簿の版 %ld では %s）。"
                          "別の名の欄にしてください"),
                        old->name, before->version, old->to);
    return choices_stay(now, old, file, err);
}

enum status version_follows(const struct form *form, const struct form *before, const char *file,
                            struct error *err)
{
    enum status st = OK;
    if (strcmp(form->text, before->text) == 0)
        return OK;
    if (form->version <= before->version)
        return error_at(err, E_RULE, file, 0, 0, _("version は登録簿の %ld より大きくしてください"),
                        before->version);
    for (size_t i = 0; !st && i < before->field_count; i++) {
        const struct field *old = before->fields[i], *now = form_field(form, old->name);
        if (!keeps_values(old))
            continue;
        if (!now)
            return error_at(
                err, E_RULE, file, 0, 0,
                _("欄「%s」がありません。登録簿の版 %ld の欄は消せません。聞かないように"
                  "するには relevant: \"false()\" を付けてください"),
                old->name, before->version);
        st = field_follows(now, old, before, file, err);
    }
    return st;
}

/* --- What is different --- */

static const char *text_of(const struct expression *expression)
{
    return expression ? expression->text : "";
}

static bool differs(const struct expression *a, const struct expression *b)
{
    return strcmp(text_of(a), text_of(b)) != 0;
}

static bool is_asked(const struct field *f)
{
    return f->section >= 0 && f->label.count;
}

static void choice_differences(const struct field *old, const struct field *now,
                               const char *language, struct strings *out)
{
    const char *label = label_text(&now->label, language);
    for (size_t i = 0; i < now->choices->count; i++) {
        const struct choice *choice = &now->choices->items[i];
        const struct choice *before = choice_find(old->choices, choice->name);
        const char *name = label_text(&choice->label, language);
        if (!before && !choice->removed)
            strings_take(out, xasprintf(_("%s: 選択肢「%s」が増えました"), label, name));
        else if (before && choice->removed && !before->removed)
            strings_take(out, xasprintf(_("%s: 選択肢「%s」は選べなくなりました"), label, name));
        else if (before && strcmp(label_text(&before->label, language), name) != 0)
            strings_take(out, xasprintf(_("%s: 選択肢「%s」は「%s」になりました"), label,
                                        label_text(&before->label, language), name));
    }
}

static void field_differences(const struct field *old, const struct field *now,
                              const char *language, struct strings *out)
{
    const char *label = label_text(&now->label, language);
    if (strcmp(label_text(&old->label, language), label) != 0)
        strings_take(out, xasprintf(_("「%s」は「%s」になりました"),
                                    label_text(&old->label, language), label));
    const struct {
        const struct expression *before, *after;
        const char *text;
    } columns[] = {
        {old->required, now->required, N_("%s: 必ず要るかどうかが変わりました")},
        {old->relevant, now->relevant, N_("%s: 聞くときの条件が変わりました")},
        {old->constraint, now->constraint, N_("%s: 値の条件が変わりました")},
        {old->calculation, now->calculation, N_("%s: 計算が変わりました")},
        {old->read_only, now->read_only, N_("%s: 書けるかどうかが変わりました")},
        {old->choice_filter, now->choice_filter, N_("%s: 選択肢のしぼり方が変わりました")},
        {old->repeat_count, now->repeat_count, N_("%s: 行の数え方が変わりました")},
    };
    for (size_t i = 0; i < ARRAY_LEN(columns); i++)
        if (differs(columns[i].before, columns[i].after))
            strings_take(out, xasprintf(_(columns[i].text), label));
    if (now->choices)
        choice_differences(old, now, language, out);
}

static void check_differences(const struct form *before, const struct form *after,
                              struct strings *out)
{
    for (size_t i = 0; i < after->check_count; i++) {
        const struct check *old = NULL, *now = &after->checks[i];
        for (size_t k = 0; k < before->check_count; k++)
            if (strcmp(before->checks[k].name, now->name) == 0)
                old = &before->checks[k];
        if (!old)
            strings_take(out, xasprintf(_("規則 %s が増えました"), now->name));
        else if (strcmp(old->sql, now->sql) != 0 || old->severity != now->severity ||
                 old->when != now->when)
            strings_take(out, xasprintf(_("規則 %s が変わりました"), now->name));
    }
}

void version_differences(const struct form *before, const struct form *after, const char *language,
                         struct strings *out)
{
    for (size_t i = 0; i < after->field_count; i++) {
        const struct field *now = after->fields[i], *old = form_field(before, now->name);
        if (now->implicit || !is_asked(now))
            continue;
        const char *label = label_text(&now->label, language);
        if (old)
            field_differences(old, now, language, out);
        else
            strings_take(out, xasprintf(now->required ? _("欄「%s」が増えました（必ず要る欄）")
                                                      : _("欄「%s」が増えました"),
                                        label));
    }
    check_differences(before, after, out);
    if (strcmp(label_text(&before->title, language), label_text(&after->title, language)) != 0)
        strings_take(out, xasprintf(_("様式の名称が「%s」になりました"),
                                    label_text(&after->title, language)));
}
