/* What the registry says of travelling: registered media, which records a device is to have. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/intl.h"
#include "base/xmem.h"
#include "store/registry_internal.h"
#include "store/store.h"

static int by_uuid(const void *a, const void *b)
{
    return strcmp(((const struct registry_medium *)a)->uuid,
                  ((const struct registry_medium *)b)->uuid);
}

static struct registry_medium *medium_named(struct registry_media *list, const char *uuid)
{
    for (size_t i = 0; i < list->count; i++)
        if (strcmp(list->items[i].uuid, uuid) == 0)
            return &list->items[i];
    list->items = xroom(list->items, list->count, sizeof *list->items);
    list->items[list->count] = (struct registry_medium){.uuid = xstrdup(uuid)};
    return &list->items[list->count++];
}

enum status registry_media(struct registry *r, long at, struct registry_media *out,
                           struct error *err)
{
    long newest = registry_version(r), last = at && at < newest ? at : newest;
    (void)err;
    *out = (struct registry_media){0};
    for (long i = 1; i <= last; i++) {
        const struct line *line = &r->entries[i - 1].line;
        const char *kind = line_text(line, "kind"), *uuid = line_text(line, "uuid");
        const char *label = line_text(line, "label"), *state = line_text(line, "state");
        if (!kind || strcmp(kind, "medium") != 0 || !uuid || !label || !state)
            continue;
        struct registry_medium *m = medium_named(out, uuid);
        xfree(&m->label);
        m->label = xstrdup(label);
        m->version = i;
        m->retired = strcmp(state, "retired") == 0;
    }
    if (out->count)
        qsort(out->items, out->count, sizeof *out->items, by_uuid);
    return OK;
}

void registry_media_free(struct registry_media *list)
{
    for (size_t i = 0; i < list->count; i++) {
        xfree(&list->items[i].uuid);
        xfree(&list->items[i].label);
    }
    xfree(&list->items);
    list->count = 0;
}

enum status registry_add_medium(struct registry *r, const struct key_pair *root,
                                const struct registry_medium *medium, struct error *err)
{
    struct line line = registry_begin(r, "medium");
    line_add_text(&line, "uuid", medium->uuid);
    line_add_text(&line, "label", medium->label ? medium->label : "");
    line_add_text(&line, "state", medium->retired ? "retired" : "in_use");
    return registry_append(r, root, &line, err);
}

bool registry_town_since(struct registry *r, const char *member, char at[32])
{
    long version = 0;
    const char *now = NULL;
    const struct registry_entry *e;
    at[0] = '\0';
    while ((e = registry_find(r, REGISTRY_NEWEST, "town", NULL, NULL, &version))) {
        const char *is = line_text(&e->line, member), *time = line_text(&e->line, "at");
        if (!is || !time || (now && strcmp(is, now) != 0))
            break;
        now = is;
        snprintf(at, 32, "%s", time);
    }
    return now != NULL;
}

enum status registry_scope(struct registry *r, long at, const char *device, struct strings *rules,
                           long *version, struct error *err)
{
    long found = 0;
    const struct registry_entry *e = registry_find(r, at, "scope", "device", device, &found);
    const struct strings *list = e ? line_list(&e->line, "rules") : NULL;
    (void)err;
    if (version)
        *version = e ? found : 0;
    for (size_t i = 0; list && i < list->count; i++)
        strings_add(rules, list->items[i]);
    return OK;
}

enum status registry_add_scope(struct registry *r, const struct key_pair *root, const char *device,
                               const struct strings *rules, struct error *err)
{
    struct line line = registry_begin(r, "scope");
    line_add_text(&line, "device", device);
    struct strings *list = line_add_list(&line, "rules");
    for (size_t i = 0; i < rules->count; i++)
        strings_add(list, rules->items[i]);
    return registry_append(r, root, &line, err);
}
