#include "form/parameter.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/intl.h"
#include "base/xmem.h"
#include "form/loader_internal.h"
#include "text/calendar.h"

/* --- Values --- */

static bool is_number(const char *text, bool whole, double *out)
{
    char *end;
    *out = strtod(text, &end);
    return *text && !*end && strspn(text, whole ? "-0123456789" : "-.0123456789") == strlen(text);
}

static enum status check_value(struct loading *l, const struct yaml *at, const struct parameter *p,
                               const struct yaml *row, const char *value)
{
    const char *low = yaml_text(row, "min"), *high = yaml_text(row, "max");
    bool whole = strcmp(p->type, "integer") == 0;
    double number;
    struct date date;
    if (whole || strcmp(p->type, "decimal") == 0) {
        if (!is_number(value, whole, &number))
            return load_fail(l, at, _("「%s」の値「%s」は数ではありません"), p->key, value);
        if ((low && number < atof(low)) || (high && number > atof(high)))
            return load_fail(l, at, _("「%s」の値は%sから%sまでです（%s）"), p->key, low ? low : "",
                             high ? high : "", value);
    }
    if (strcmp(p->type, "boolean") == 0 && strcmp(value, "true") != 0 &&
        strcmp(value, "false") != 0)
        return load_fail(l, at, _("「%s」の値は true か false です（%s）"), p->key, value);
    if (strcmp(p->type, "date") == 0 && !iso_date_parse(&date, value))
        return load_fail(l, at, _("「%s」の値「%s」は日付（2026-04-01 の形）ではありません"),
                         p->key, value);
    struct closed_days days;
    struct error why;
    int open, close;
    if ((strcmp(p->type, "closed_days") == 0 && closed_days_read(value, &days, &why)) ||
        (strcmp(p->type, "hours") == 0 && hours_read(value, &open, &close, &why)))
        return load_fail(l, at, "%s: %s", p->key, why.detail);
    if (strcmp(p->type, "choice") == 0 && strings_find(&p->choices, value) < 0)
        return load_fail(l, at, _("「%s」の値「%s」は選べません"), p->key, value);
    return OK;
}

static enum status load_value(struct loading *l, const struct yaml *value, struct parameter *p,
                              const struct yaml *row)
{
    const char *from = yaml_text(value, "from"), *is = yaml_text(value, "is");
    struct date date;
    if (!from || !is || !iso_date_parse(&date, from))
        return load_fail(l, value, _("「%s」の値は {from: 施行日, is: 値} です"), p->key);
    if (p->count && date_compare(p->values[p->count - 1].from, date) >= 0)
        return load_fail(l, value, _("「%s」の施行日は早い順に書いてください"), p->key);
    p->values = xroom(p->values, p->count, sizeof *p->values);
    p->values[p->count++] = (struct parameter_value){date, xstrdup(is)};
    return check_value(l, value, p, row, is);
}

static const char *const days[] = {
    [AT_FILING] = "filing", [AT_DECISION] = "decision", [AT_TODAY] = "today"};

static enum status load_parameter(struct loading *l, const struct yaml *key, const struct yaml *row,
                                  struct town_profile *profile)
{
    static const char *const types[] = {"integer", "decimal", "boolean",     "text",
                                        "choice",  "date",    "closed_days", "hours"};
    static const char *const keys[] = {"label",   "type",   "min",     "max",   "at",
                                       "article", "source", "choices", "values"};
    enum status st = load_keys(l, row, _("設定値の項目"), keys, ARRAY_LEN(keys));
    if (st)
        return st;
    const char *type = yaml_text(row, "type"), *at = yaml_text(row, "at");
    const char *article = yaml_text(row, "article"), *source = yaml_text(row, "source");
    const struct yaml *values = yaml_get(row, "values");
    profile->items = xroom(profile->items, profile->count, sizeof *profile->items);
    struct parameter *p = &profile->items[profile->count++];
    *p = (struct parameter){.key = xstrdup(key->text),
                            .type = xstrdup(type ? type : ""),
                            .article = xstrdup(article  ? article
                                               : source ? source
                                                        : "")};
    bool known = false;
    for (size_t i = 0; type && i < ARRAY_LEN(types); i++)
        known = known || strcmp(types[i], type) == 0;
    if (!known)
        return load_unknown(l, type ? yaml_get(row, "type") : row, _("設定値の型"), p->type, types,
                            ARRAY_LEN(types));
    size_t day = AT_FILING;
    while (at && day < ARRAY_LEN(days) && strcmp(days[day], at) != 0)
        day++;
    if (day == ARRAY_LEN(days))
        return load_fail(l, yaml_get(row, "at"), _("at は filing、decision、today のどれかです"));
    p->at = (enum parameter_day)day;
    if (!values || values->kind != YAML_LIST || !values->count)
        return load_fail(l, row, _("「%s」に値（values）がありません"), p->key);
    load_label(row, "label", &p->label);
    st = load_words(l, yaml_get(row, "choices"), &p->choices);
    for (size_t i = 0; !st && i < values->count; i++)
        st = load_value(l, values->items[i], p, row);
    return st;
}

static enum status load_profile(struct loading *l, const struct yaml *root,
                                struct town_profile *profile)
{
    const struct yaml *town = yaml_get(root, "town"), *list = yaml_get(root, "parameters");
    static const char *const parts[] = {"town", "parameters"};
    enum status st = load_keys(l, root, _("町の設定の部分"), parts, ARRAY_LEN(parts));
    if (st)
        return st;
    if (!town || town->kind != YAML_MAP || !yaml_text(town, "name"))
        return load_fail(l, root, _("町の名（town: name）がありません"));
    for (size_t i = 0; i + 1 < town->count; i += 2)
        if (town->items[i + 1]->kind == YAML_TEXT) {
            strings_add(&profile->facts, town->items[i]->text);
            strings_add(&profile->facts, town->items[i + 1]->text);
        }
    if (list && list->kind != YAML_MAP)
        return load_fail(l, list, _("parameters は「名: 設定値」です"));
    for (size_t i = 0; !st && list && i + 1 < list->count; i += 2)
        st = load_parameter(l, list->items[i], list->items[i + 1], profile);
    return st;
}

enum status town_profile_load(const char *text, const char *file, struct town_profile **out,
                              struct error *err)
{
    struct loading l = {.file = file, .err = err};
    struct yaml *root;
    *out = NULL;
    enum status st = yaml_read(text, file, &root, err);
    if (st)
        return st;
    *out = xcalloc(1, sizeof **out);
    st = load_profile(&l, root, *out);
    yaml_drop(&root);
    if (st)
        town_profile_free(out);
    return st;
}

void town_profile_free(struct town_profile **slot)
{
    struct town_profile *profile = *slot;
    if (!profile)
        return;
    for (size_t i = 0; i < profile->count; i++) {
        struct parameter *p = &profile->items[i];
        xfree(&p->key);
        xfree(&p->type);
        xfree(&p->article);
        label_free(&p->label);
        strings_free(&p->choices);
        for (size_t v = 0; v < p->count; v++)
            xfree(&p->values[v].value);
        xfree(&p->values);
    }
    strings_free(&profile->facts);
    xfree(&profile->items);
    xfree(slot);
}

const char *town_profile_fact(const struct town_profile *profile, const char *key)
{
    for (size_t i = 0; i + 1 < profile->facts.count; i += 2)
        if (strcmp(profile->facts.items[i], key) == 0)
            return profile->facts.items[i + 1];
    return NULL;
}

const struct parameter *town_profile_parameter(const struct town_profile *profile, const char *key)
{
    for (size_t i = 0; i < profile->count; i++)
        if (strcmp(profile->items[i].key, key) == 0)
            return &profile->items[i];
    return NULL;
}

const char *town_profile_value(const struct town_profile *profile, const char *key, struct date on)
{
    const struct parameter *p = town_profile_parameter(profile, key);
    const char *value = NULL;
    for (size_t i = 0; p && i < p->count; i++)
        if (date_compare(p->values[i].from, on) <= 0)
            value = p->values[i].value;
    return value;
}

bool town_profile_whole(const char *value, long most, long *out)
{
    long number = 0;
    if (!value || !*value)
        return false;
    for (const char *c = value; *c; c++) {
        long digit = *c - '0';
        if (digit < 0 || digit > 9 || digit > most || number > (most - digit) / 10)
            return false;
        number = number * 10 + digit;
    }
    *out = number;
    return true;
}

/* --- Changing --- */

/* In the order of days; the same day replaces. */
static void insert_value(struct yaml *values, const char *day, const char *value)
{
    struct yaml *row = yaml_new(YAML_MAP), *list = yaml_new(YAML_LIST);
    yaml_put(row, "from", yaml_new_text(day));
    yaml_put(row, "is", yaml_new_text(value));
    size_t i = 0;
    while (i < values->count && strcmp(yaml_text(values->items[i], "from"), day) < 0)
        i++;
    if (i < values->count && strcmp(yaml_text(values->items[i], "from"), day) == 0) {
        yaml_add(list, row);
        yaml_splice(values, i, list);
    } else {
        yaml_add(values, row);
        memmove(values->items + i + 1, values->items + i,
                (values->count - 1 - i) * sizeof *values->items);
        values->items[i] = row;
    }
    yaml_drop(&list);
}

enum status town_profile_set(const char *text, const char *key, const char *value, struct date from,
                             char **out, struct error *err)
{
    struct yaml *root;
    struct town_profile *profile = NULL;
    struct buffer fresh = BUFFER_INIT;
    struct error why = {0};
    char day[ISO_DATE_SIZE];
    iso_date(day, from);
    *out = NULL;
    enum status st = yaml_read(text, "parameters.yaml", &root, err);
    if (st)
        return st;
    struct yaml *values = yaml_get(yaml_get(yaml_get(root, "parameters"), key), "values");
    if (!values) {
        st = error_set(err, E_NOT_FOUND, _("設定値「%s」はありません"), key);
    } else {
        insert_value(values, day, value);
        yaml_write(root, &fresh);
        st = town_profile_load(buffer_text(&fresh), key, &profile, &why);
        /* The file was right before: it is the value that is wrong. */
        if (st)
            st = error_set(err, E_INVALID, "%s", why.detail);
        town_profile_free(&profile);
    }
    yaml_drop(&root);
    if (!st)
        *out = buffer_steal(&fresh);
    buffer_free(&fresh);
    return st;
}

/* Whether the key is that of another with the name of a place behind it. */
static bool is_of_place(const struct yaml *list, const char *key)
{
    const char *dot = strrchr(key, '.');
    char *whole = dot ? xstrndup(key, (size_t)(dot - key)) : NULL;
    bool found = whole && yaml_get(list, whole);
    xfree(&whole);
    return found;
}

enum status town_profile_complete(const char *text, const char *other, const char *file,
                                  struct strings *keys, char **out, struct error *err)
{
    struct yaml *root, *more = NULL;
    struct buffer fresh = BUFFER_INIT;
    size_t before = keys->count;
    *out = NULL;
    enum status st = yaml_read(text, "parameters.yaml", &root, err);
    if (st)
        return st;
    st = yaml_read(other, file, &more, err);
    if (!st && !yaml_get(root, "parameters"))
        yaml_put(root, "parameters", yaml_new(YAML_MAP));
    struct yaml *own = yaml_get(root, "parameters");
    struct yaml *list = st ? NULL : yaml_get(more, "parameters");
    for (size_t i = 0; list && i + 1 < list->count; i += 2) {
        const char *key = list->items[i]->text;
        if (yaml_get(own, key) || is_of_place(list, key))
            continue;
        strings_add(keys, key);
        yaml_put(own, key, list->items[i + 1]);
        list->items[i + 1] = yaml_new(YAML_MAP);
    }
    if (keys->count > before) {
        yaml_write(root, &fresh);
        *out = buffer_steal(&fresh);
    }
    buffer_free(&fresh);
    yaml_drop(&root);
    yaml_drop(&more);
    return st;
}
