#include "bundle/intake.h"

#include <stdio.h>
#include <string.h>

#include "base/intl.h"
#include "base/xmem.h"
#include "bundle/intake_internal.h"
#include "store/journal.h"
#include "store/projection.h"

/* In the order in which they stand in a bundle; all of a kind must be there. */
static const struct section_type types[] = {
    {"chain", BUNDLE_CHAIN, true, chain_begin, chain_line, chain_end},
    {"registry", BUNDLE_EXTRACT, false, entries_begin, entries_line, entries_end},
    {"reference", BUNDLE_EXTRACT, false, reference_begin, reference_line, reference_end},
    {"records", BUNDLE_EXTRACT, false, records_begin, records_line, records_end},
    {"records", BUNDLE_COPY, false, records_begin, records_line, records_end},
    {"blobs", BUNDLE_BLOBS, false, blobs_begin, blobs_line, blobs_end},
    {"receipt", BUNDLE_RECEIPT, false, receipt_begin, receipt_line, receipt_end},
};

enum status intake_wrong(struct error *err, const char *what)
{
    return error_set(err, E_PARSE, _("送付便の中身が正しくありません（%s）。取り込んでいません"),
                     what);
}

struct intake *intake_new(struct store *store, const struct bundle_header *header,
                          const struct registry_device *signer, enum intake_mode mode,
                          struct bundle_applied *out)
{
    struct intake *in = xcalloc(1, sizeof *in);
    struct registry_device own = {0};
    char *device = journal_device(store);
    in->store = store;
    snprintf(in->own, sizeof in->own, "%s", device);
    in->header = header;
    in->signer = signer;
    in->write = mode == INTAKE_WRITE;
    in->count = mode != INTAKE_CHECK;
    in->out = out;
    in->held_before = journal_held(store);
    in->provided = xcalloc(header->require_count + 1, sizeof *in->provided);
    in->town = registry_device(store_registry(store), REGISTRY_NEWEST, device, &own, NULL) == OK &&
               strcmp(own.role, "town") == 0;
    intake_events_start(in);
    out->devices = (long)header->chain_count;
    /* An extract brings what is missing itself. */
    out->stale = header->kind != BUNDLE_EXTRACT &&
                 header->registry > registry_version(store_registry(store));
    registry_device_free(&own);
    xfree(&device);
    return in;
}

void intake_free(struct intake **slot)
{
    struct intake *in = *slot;
    if (!in)
        return;
    struct strings *lists[] = {&in->hashes,   &in->bases, &in->heads,
                               &in->received, &in->held,  &in->missing};
    for (size_t i = 0; i < ARRAY_LEN(lists); i++)
        strings_free(lists[i]);
    intake_events_free(in);
    intake_blob_free(in);
    intake_reference_free(in);
    registry_device_free(&in->device);
    xfree(&in->entry);
    xfree(&in->provided);
    xfree(slot);
}

/* --- One section after another --- */

static size_t sections_of(const struct bundle_header *header)
{
    size_t count = 0;
    for (size_t i = 0; i < ARRAY_LEN(types); i++)
        if (types[i].kind == header->kind)
            count += types[i].repeats ? header->chain_count : 1;
    return count;
}

static const struct section_type *type_named(const struct intake *in, const char *name)
{
    for (size_t i = 0; i < ARRAY_LEN(types); i++)
        if (types[i].kind == in->header->kind && strcmp(types[i].name, name) == 0)
            return &types[i];
    return NULL;
}

static enum status end_section(struct intake *in, struct error *err)
{
    return in->section ? in->section->end(in, err) : OK;
}

static enum status begin_section(struct intake *in, const struct line *line, struct error *err)
{
    const struct section_type *type = type_named(in, line_text(line, "section"));
    enum status st =
        in->awaited != AWAIT_HEADER ? intake_wrong(err, "section") : end_section(in, err);
    if (!st && (!type || type < in->section || (type == in->section && !type->repeats)))
        st = intake_wrong(err, "section");
    if (st)
        return st;
    in->section = type;
    in->sections++;
    return type->begin(in, line, err);
}

enum status intake_line(void *context, const char *text, size_t len, struct error *err)
{
    struct intake *in = context;
    struct line line;
    if (!str_starts(text, "{\"section\":"))
        return in->section ? in->section->line(in, text, len, err) : intake_wrong(err, "section");
    enum status st = line_read(text, len, &line, err);
    if (st)
        return st;
    st = line_text(&line, "section") ? begin_section(in, &line, err) : intake_wrong(err, "section");
    line_free(&line);
    return st;
}

/* --- What the header asks for --- */

/* A form that is not here holds the records written with it; another form under the same name and
 * version is something else. */
static enum status check_requires(struct intake *in, struct error *err)
{
    for (size_t i = 0; i < in->header->require_count; i++) {
        const struct bundle_require *want = &in->header->requires[i];
        struct registry_form form = {0};
        char id[48];
        long version = form_version(want->form, id);
        bool here = registry_form(store_registry(in->store), REGISTRY_NEWEST, id, version, &form,
                                  NULL) == OK;
        bool same = here && strcmp(form.hash, want->hash) == 0;
        registry_form_free(&form);
        if (here && !same)
            return error_set(err, E_CONFLICT,
                             _("様式 %s が、ここのものと同じ版なのに中身が違います。取り込んで"
                               "いません"),
                             want->form);
        if (!here && !in->provided[i] && !*in->out->unknown_form)
            snprintf(in->out->unknown_form, sizeof in->out->unknown_form, "%s", want->form);
    }
    return OK;
}

enum status intake_finish(struct intake *in, struct error *err)
{
    enum status st = end_section(in, err);
    if (!st && (in->awaited != AWAIT_HEADER || in->events != in->header->count ||
                in->sections != sections_of(in->header)))
        st = intake_wrong(err, "end");
    if (!st)
        st = intake_flush(in, err);
    if (!st && !in->write)
        st = check_requires(in, err);
    if (!st && in->write && in->out->entries)
        st = projection_retry(in->store, err);
    if (!st)
        st = distinct_count(in->records, &in->out->records, err);
    in->out->held = (long)(journal_held(in->store) - in->held_before);
    return st;
}

bool intake_waits(const struct intake *in)
{
    return in->gap;
}

bool intake_waits_for_events(const struct intake *in)
{
    return in->blob_gap;
}
