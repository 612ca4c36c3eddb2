/* Everything wrong or worth saying about an entry: the fields' own rules, then the checks. */
#include <stdio.h>
#include <string.h>

#include "base/intl.h"
#include "base/xmem.h"
#include "office/check.h"
#include "office/entry_internal.h"
#include "office/letters.h"

void findings_clear(struct findings *findings)
{
    for (size_t i = 0; i < findings->count; i++) {
        xfree(&findings->items[i].rule);
        xfree(&findings->items[i].path);
        xfree(&findings->items[i].message);
    }
    xfree(&findings->items);
    findings->count = 0;
}

static char *explained_key(const char *rule, const char *path)
{
    return xasprintf("%s %s", rule, path);
}

static void add(struct entry *entry, const char *rule, const char *path, const char *message,
                enum finding_severity severity)
{
    struct findings *list = &entry->findings;
    char *key = explained_key(rule, path);
    list->items = xroom(list->items, list->count, sizeof *list->items);
    list->items[list->count++] = (struct finding){
        xstrdup(rule), xstrdup(path), xstrdup(message), severity,
        severity == FINDING_DEFICIENCY && strings_find(&entry->explained, key) >= 0};
    xfree(&key);
}

static void field_findings(struct entry *entry)
{
    const struct item *items;
    size_t count = instance_items(entry->instance, &items);
    for (size_t i = 0; i < count; i++) {
        const char *problem;
        if (!items[i].relevant || items[i].row_head || !field_has_value(items[i].field))
            continue;
        problem = entry_problem(entry, items[i].path, NULL);
        if (problem)
            add(entry, "", items[i].path, problem, FINDING_ERROR);
    }
}

/* Not wrong: the letter stays as it is; whoever sends it on has to know. */
static void letter_notes(struct entry *entry)
{
    const struct item *items;
    size_t count = instance_items(entry->instance, &items);
    for (size_t i = 0; i < count; i++) {
        const struct field *field = items[i].field;
        if (!items[i].relevant || items[i].row_head || field->type != FIELD_TEXT)
            continue;
        char *letters =
            letters_not_held(entry->session->office, instance_get(entry->instance, items[i].path));
        if (*letters) {
            char *message = xasprintf(_("%s は、渡す先のシステムにないことがあります"), letters);
            add(entry, RULE_LETTERS, items[i].path, message, FINDING_NOTE);
            xfree(&message);
        }
        xfree(&letters);
    }
}

static void check_found(void *context, const struct said *said)
{
    static const enum finding_severity severities[] = {
        [CHECK_ERROR] = FINDING_ERROR,
        [CHECK_DEFICIENCY] = FINDING_DEFICIENCY,
        [CHECK_WARNING] = FINDING_WARNING,
        [CHECK_NOTE] = FINDING_NOTE,
    };
    struct entry *entry = context;
    if (said->check->summary) {
        xfree(&entry->summary);
        entry->summary = xstrdup(said->message);
    }
    add(entry, said->check->name, said->field, said->message, severities[said->check->severity]);
}

static enum status find_all(struct entry *entry, bool finalise, struct error *err)
{
    findings_clear(&entry->findings);
    xfree(&entry->summary);
    entry->summary = xstrdup("");
    /* A draft may have been open since yesterday, or since before another record was filed. */
    if (finalise && !entry->final)
        instance_refresh(entry->instance);
    /* What was finalised stays as it was until somebody corrects it. */
    enum status st = entry->final && !entry->changed
                         ? OK
                         : check_fill(&entry->host, entry->instance, entry->id, err);
    field_findings(entry);
    letter_notes(entry);
    return st ? st
              : check_all(&entry->host, entry->instance, entry->id,
                          CHECK_LIVE | (finalise ? CHECK_FINALISE : 0), check_found, entry, err);
}

enum status entry_findings(struct entry *entry, bool finalise, const struct findings **out,
                           struct error *err)
{
    enum status st = OK;
    if (!entry->findings_known || (finalise && !entry->findings_final))
        st = find_all(entry, finalise, err);
    entry->findings_known = !st;
    entry->findings_final = finalise;
    *out = &entry->findings;
    return st;
}

const char *entry_summary(struct entry *entry)
{
    const struct findings *findings;
    if (!entry->findings_known)
        entry_findings(entry, false, &findings, NULL);
    return entry->summary;
}

void entry_explain(struct entry *entry, const char *rule, const char *path, bool explained)
{
    char *key = explained_key(rule, path);
    long at = strings_find(&entry->explained, key);
    if (explained && at < 0)
        strings_add(&entry->explained, key);
    if (!explained && at >= 0) {
        xfree(&entry->explained.items[at]);
        entry->explained.items[at] = entry->explained.items[--entry->explained.count];
    }
    for (size_t i = 0; i < entry->findings.count; i++) {
        struct finding *f = &entry->findings.items[i];
        if (f->severity == FINDING_DEFICIENCY && strcmp(f->rule, rule) == 0 &&
            strcmp(f->path, path) == 0)
            f->explained = explained;
    }
    entry->changed = true;
    xfree(&key);
}
