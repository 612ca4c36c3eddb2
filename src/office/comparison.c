#include "office/comparison.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/intl.h"
#include "base/xmem.h"

/* --- Which record --- */

static char *find(const struct host *host, const struct instance *instance, const char *record)
{
    const struct form *form = instance_form(instance);
    const struct previous *p = &form->previous;
    const char *value = p->same ? instance_get(instance, p->same->name) : "";
    const char *before = p->same ? instance_get(instance, p->by->name) : "";
    if (!*value || !*before)
        return NULL;
    return record_before(host->office->store, form->id, p->same->name, value, p->by->name, before,
                         record ? record : "", !session_may(host->session, MAY_READ_PROTECTED));
}

void comparison_free(struct comparison *comparison)
{
    if (!str_empty(comparison->record))
        record_free(&comparison->last);
    xfree(&comparison->record);
}

enum status comparison_find(struct comparison *comparison, struct host *host,
                            const struct instance *instance, const char *record, struct error *err)
{
    char *found = find(host, instance, record);
    if (str_eq(comparison->record, found ? found : "")) {
        xfree(&found);
        return OK;
    }
    comparison_free(comparison);
    enum status st = found ? record_load(host->office->store, found, &comparison->last, err) : OK;
    comparison->record = found && !st ? found : xstrdup("");
    if (st)
        xfree(&found);
    return st;
}

char *host_previous(void *context, const struct instance *instance, const struct field *field)
{
    struct host *host = context;
    char *record = find(host, instance, host->record), *value = NULL;
    if (record)
        value = record_lookup(host->office->store, instance_form(instance)->id, field->name,
                              "record", record, false);
    xfree(&record);
    return value;
}

/* --- How much it changed --- */

static bool number_of(const char *text, double *out)
{
    char *end;
    *out = strtod(text, &end);
    return end != text && !*end && isfinite(*out);
}

static int decimals(const char *text)
{
    const char *dot = strchr(text, '.');
    return dot ? (int)strlen(dot + 1) : 0;
}

/* As many decimals as the finer of the two has: 64.3 - 56.9 is 7.4. */
static char *difference(const char *before, const char *now, double by)
{
    int one = decimals(before), other = decimals(now);
    return xasprintf("%+.*f", one > other ? one : other, by);
}

char *comparison_change(const struct field *field, const char *before, const char *now)
{
    double old, new;
    if (!*before && !*now)
        return xstrdup("");
    if (!*before || !*now)
        return xstrdup(_("比較不能"));
    if (field->choices || !number_of(before, &old) || !number_of(now, &new))
        return xstrdup(strcmp(before, now) == 0 ? _("同じ") : _("変更"));
    if (old == new)
        return xstrdup(_("増減なし"));
    char *by = difference(before, now, new - old), *text;
    if (field->appearance & APPEAR_PERCENT)
        text = xasprintf("%spt", by);
    else if (old == 0)
        text = xstrdup(by);
    else
        text = xasprintf("%s (%+.1f%%)", by, (new - old) * 100 / fabs(old));
    xfree(&by);
    return text;
}

char *comparison_text(const struct comparison *comparison, struct host *host,
                      const struct instance *instance, const struct field *field)
{
    if (str_empty(comparison->record) || !field_is_compared(instance_form(instance), field))
        return NULL;
    const char *before = record_value(&comparison->last, field->name);
    char *change = comparison_change(field, before, instance_get(instance, field->name));
    char *shown = host_display(host, field, before);
    char *text = *change ? xasprintf(_("前回 %s  %s"), *shown ? shown : _("なし"), change) : NULL;
    xfree(&shown);
    xfree(&change);
    return text;
}
