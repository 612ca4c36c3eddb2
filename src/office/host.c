/* What forms may ask of the world. */
#include <stdlib.h>
#include <string.h>

#include "base/intl.h"
#include "base/xmem.h"
#include "crypto/random.h"
#include "form/answer.h"
#include "office/calendar.h"
#include "office/office_internal.h"
#include "office/veil.h"
#include "store/attachment.h"
#include "store/concealed.h"

static int64_t now(void *context)
{
    (void)context;
    return clock_now();
}

static void new_row(void *context, char uuid[37])
{
    (void)context;
    uuid7_new(uuid);
}

/* 決裁日 of what was decided, or is about to be; today while nobody has said another day. */
static struct date decided_on(const struct host *host)
{
    struct date day;
    return host->subject && iso_date_parse(&day, instance_get(host->subject, "decided_on"))
               ? day
               : clock_today();
}

static char *parameter(void *context, const char *key, const char *received_on)
{
    const struct town_profile *town = catalogue_town(((struct host *)context)->office->catalogue);
    struct date on;
    /* What the town is ("town.name") can be asked like a parameter. */
    if (str_starts(key, "town.")) {
        const char *fact = town ? town_profile_fact(town, key + strlen("town.")) : NULL;
        return fact ? xstrdup(fact) : NULL;
    }
    if (!iso_date_parse(&on, received_on))
        on = clock_today();
    const struct parameter *p = town ? town_profile_parameter(town, key) : NULL;
    if (p && p->at != AT_FILING)
        on = p->at == AT_DECISION ? decided_on(context) : clock_today();
    const char *value = p ? town_profile_value(town, key, on) : NULL;
    return value ? xstrdup(value) : NULL;
}

static char *last_saved(void *context, const char *form, const char *field)
{
    struct host *host = context;
    struct strings columns = STRINGS_INIT;
    struct record_cells cells;
    char *value = NULL;
    strings_add(&columns, field);
    if (record_table(host->office->store, form, &columns, "-entered_at",
                     !session_may(host->session, MAY_READ_PROTECTED), 0, 1, &cells, NULL) == OK) {
        if (cells.rows)
            value = xstrdup(cells.cells[0]);
        record_cells_free(&cells);
    }
    strings_free(&columns);
    return value;
}

static char *reference(void *context, const char *form, const char *record, const char *field)
{
    struct host *host = context;
    struct record found;
    (void)form;
    if (record_load_for(host->session, record, &found, NULL))
        return NULL;
    char *value = xstrdup(record_value(&found, field ? field : "title"));
    record_free(&found);
    return value;
}

static char *pulldata(void *context, const char *table, const char *column, const char *key_column,
                      const char *key)
{
    struct host *host = context;
    return record_lookup(host->office->store, table, column, key_column, key,
                         !session_may(host->session, MAY_READ_PROTECTED));
}

static long business_days(void *context, struct date from, struct date to, const char *place)
{
    long days;
    return calendar_business_days(((struct host *)context)->office, place, from, to, &days, NULL)
               ? -1
               : days;
}

void host_init(struct host *host, struct session *session)
{
    *host = (struct host){.office = session->office, .session = session};
    host->form = (struct form_host){
        .context = host,
        .language = office_language(session->office),
        .user = session->login,
        .device = office_counter(session->office),
        .now = now,
        .new_row = new_row,
        .parameter = parameter,
        .last_saved = last_saved,
        .reference = reference,
        .pulldata = pulldata,
        .business_days = business_days,
        .previous = host_previous,
    };
}

/* The kinds of searching that lead to where somebody lives. */
static bool is_found_by_place(const struct field *field)
{
    static const char *const kinds[] = {"address", "phone", "postcode"};
    for (size_t i = 0; field->search && i < ARRAY_LEN(kinds); i++)
        if (strcmp(field->search, kinds[i]) == 0)
            return true;
    return false;
}

bool field_tells_where(const struct form *form, const struct field *field)
{
    bool tells = is_found_by_place(field);
    for (size_t i = 0; !tells && field->merge && i < form->field_count; i++) {
        const struct field *other = form->fields[i];
        tells = other->merge && strcmp(other->merge, field->merge) == 0 && is_found_by_place(other);
    }
    return tells;
}

bool field_is_contact(const struct form *form, const struct field *field)
{
    return field->contact || field_tells_where(form, field);
}

bool session_sees(const struct session *session, const char *record)
{
    return session_may(session, MAY_READ_PROTECTED) ||
           !concealed_record(session->office->store, record);
}

enum status record_load_for(struct session *session, const char *id, struct record *out,
                            struct error *err)
{
    if (session_sees(session, id))
        return record_load(session->office->store, id, out, err);
    *out = (struct record){0};
    return record_not_here(id, err);
}

enum status print_permit(struct session *session, const char *record, struct error *err)
{
    return concealed_record(session->office->store, record)
               ? error_set(err, E_DENIED,
                           _("閲覧制限のある人の書類は印刷しません。本人に渡すものは、人物の画面の"
                             "「本人一式」で作ってください"))
               : OK;
}

/* "委任状.pdf（委任状の写し） 123KB 3f2a1c9e" */
static char *attachment_text(struct host *host, const char *blob)
{
    struct attachment a = {0};
    if (attachment_find(host->office->store, blob, &a, NULL))
        return xasprintf(_("%.8s（添付未着）"), blob);
    char *size = a.size < 1000000 ? xasprintf("%lldKB", (long long)(a.size + 999) / 1000)
                                  : xasprintf("%.1fMB", (double)a.size / 1e6);
    char *text = xasprintf(_("%s（%s）  %s  %.8s%s"), a.name, a.copy_of, size, blob,
                           a.here ? "" : _("（添付未着）"));
    xfree(&size);
    attachment_free(&a);
    return text;
}

char *host_display(struct host *host, const struct field *field, const char *value)
{
    char *title = NULL, *seen = NULL;
    if (field_is_record(field) && *value && !session_sees(host->session, value))
        title = xstrdup(_(LEFT_OUT));
    else if (field_is_record(field) && *value)
        title = reference(host, field->to, value, NULL);
    else if (field->query) /* made of other records, by whoever wrote it */
        value = seen = veil_lines(host->session, value);
    else if (field_is_attachment(field) && *value)
        title = attachment_text(host, value);
    char *text = title ? title : answer_display(field, value, host->form.language);
    xfree(&seen);
    return text;
}

enum status record_instance(struct host *host, const struct record *record, struct instance **out,
                            struct error *err)
{
    const struct form *form;
    enum status st =
        catalogue_form(host->office->catalogue, record->form, record->version, &form, err);
    *out = NULL;
    if (st)
        return st;
    *out = instance_new(form, &host->form);
    host->subject = *out;
    /* A value of a newer version of the form has no place in this one and is left alone. */
    for (size_t i = 0; i < record->merge.field_count; i++)
        instance_load(*out, record->merge.fields[i].path,
                      merge_value(&record->merge, record->merge.fields[i].path), NULL);
    char reached[ISO_DATE_SIZE];
    if (record_reached_town(host->office->store, record->id, reached, NULL) == OK && *reached)
        instance_load(*out, "reached_town_on", reached, NULL);
    instance_settle(*out, false);
    return OK;
}
