/* A form from its survey and choices, an instance of it, and a host with a fixed day. */
#ifndef FORM_FIXTURE_H
#define FORM_FIXTURE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buffer.h"
#include "base/clock.h"
#include "base/files.h"
#include "base/xmem.h"
#include "form/expression.h"
#include "form/instance.h"
#include "form/loader.h"

#define SETTINGS                                                                               \
    "settings: {form_id: demo, form_title: 試し, version: 1, code: DM, ledger: demo, type: " \
    "record, previous: state, previous_by: received_on}\n"

static inline struct workflows *shipped_workflows(void)
{
    struct workflows *workflows;
    struct error err = {0};
    char *path = xasprintf("%s/forms/workflows.yaml", getenv("SATOMADO_SRCDIR"));
    struct buffer text = BUFFER_INIT;
    if (file_read(path, 1 << 20, &text, &err) ||
        workflows_load(buffer_text(&text), path, &workflows, &err))
        fail_msg("%s", error_text(&err));
    xfree(&path);
    buffer_free(&text);
    return workflows;
}
/* Fragments as they are shipped. */
static inline enum status from_common(void *context, const char *name, struct buffer *out,
                                      struct error *err)
{
    (void)context;
    char *path = xasprintf("%s/forms/common/%s.yaml", getenv("SATOMADO_SRCDIR"), name);
    enum status st = file_read(path, 1 << 20, out, err);
    xfree(&path);
    return st;
}
static inline enum status form_try(const char *rest, struct form **form, struct error *err)
{
    struct workflows *workflows = shipped_workflows();
    char *text = xasprintf("%s%s", SETTINGS, rest);
    enum status st = form_load(text, "demo.yaml", workflows, NULL, NULL, form, err);
    workflows_free(&workflows);
    xfree(&text);
    return st;
}
static inline struct form *form_of(const char *rest)
{
    struct form *form;
    struct error err = {0};
    if (form_try(rest, &form, &err))
        fail_msg("%s", error_text(&err));
    return form;
}

static inline int64_t fixed_now(void *context)
{
    (void)context;
    return office_time_ms(&(struct office_time){{2026, 11, 24}, 9, 12, 0, 0});
}
static inline void counted_row(void *context, char uuid[37])
{
    static unsigned count;
    (void)context;
    snprintf(uuid, 37, "019ac000-0000-7000-8000-%012x", ++count);
}
static inline char *fixed_parameter(void *context, const char *key, const char *received_on)
{
    (void)context;
    if (!strcmp(key, "minor.age"))
        return xstrdup(!*received_on || strcmp(received_on, "2022-04-01") >= 0 ? "18" : "20");
    return NULL;
}
static inline char *fixed_last_saved(void *context, const char *form, const char *field)
{
    (void)context;
    return xasprintf("%s の %s", form, field);
}
static inline char *fixed_reference(void *context, const char *form, const char *record,
                                    const char *field)
{
    (void)context;
    return xasprintf("%s/%.4s/%s", form, record, field ? field : "label");
}
static inline char *fixed_previous(void *context, const struct instance *instance,
                                   const struct field *field)
{
    (void)context;
    return xasprintf("%s before %s", field->name, instance_get(instance, "received_on"));
}
static inline long days_between(void *context, struct date from, struct date to, const char *place)
{
    (void)context;
    (void)place;
    return (long)(date_days(to) - date_days(from));
}
static const struct form_host host = {.language = "ja",
                                      .user = "yamada",
                                      .device = "窓口1",
                                      .now = fixed_now,
                                      .new_row = counted_row,
                                      .parameter = fixed_parameter,
                                      .last_saved = fixed_last_saved,
                                      .reference = fixed_reference,
                                      .business_days = days_between,
                                      .previous = fixed_previous};

static inline void set(struct instance *instance, const char *path, const char *value)
{
    struct error err = {0};
    if (instance_set(instance, path, value, &err))
        fail_msg("%s: %s", path, error_text(&err));
}
static inline void expect(const struct instance *instance, const char *path, const char *value)
{
    const char *is = instance_get(instance, path);
    if (strcmp(is, value) != 0)
        fail_msg("%s is \"%s\", not \"%s\"", path, is, value);
}

#endif
