/* 保存期間の過ぎた記録: forms say which records are kept how long, parameters of the town the
 * years. */
#include "base/intl.h"
#include "base/xmem.h"
#include "form/parameter.h"
#include "form/workflow.h"
#include "office/worklist_internal.h"
#include "store/record.h"
#include "text/era.h"

enum { YEARS_MOST = 200 };

/* The first day is not counted (民法140条): what began on the 1st of April is kept through the 1st
 * of April. What began before the day given here is over. */
static struct date begun_before(struct date today, long years)
{
    struct date day = date_add_years(today, (int)-years);
    bool leap = today.month == 2 && today.day == 29 && day.day == 28;
    return leap ? (struct date){day.year, 3, 1} : day;
}

static void closed_states(const struct form *form, const struct retention *kept,
                          struct strings *out)
{
    for (size_t i = 0; i < kept->states.count; i++)
        strings_add(out, kept->states.items[i]);
    for (size_t i = 0; !kept->states.count && i < form->workflow->state_count; i++)
        if (!form->workflow->states[i].open)
            strings_add(out, form->workflow->states[i].name);
}

static enum status add_aged(struct session *session, const struct record_age *age, long years,
                            struct worklist_rows *out, struct error *err)
{
    const struct record_filter filter = {.record = age->record};
    struct record_rows rows;
    struct date since;
    enum status st = record_query(session->office->store, &filter, 0, 1, &rows, err);
    if (!st && rows.count && iso_date_parse(&since, age->since)) {
        char until[ISO_DATE_SIZE], text[ERA_TEXT_SIZE];
        iso_date(until, date_add_years(since, (int)years));
        era_format(text, sizeof text, since);
        worklist_add_record(session->office, &rows.items[0], out);
        struct worklist_row *row = &out->items[out->count - 1];
        xfree(&row->when);
        xfree(&row->note);
        row->when = xstrdup(until);
        if (!session_sees(session, age->record)) { /* listed all the same: its time is over */
            xfree(&row->title);
            row->title = xstrdup("");
        }
        row->note = xasprintf(_("%sから%ld年"), text, years);
    }
    record_rows_free(&rows);
    return st;
}

/* What is left of offset and limit after the lists before. */
struct part {
    long offset, limit;
};

static enum status add_form(struct session *session, const struct form *form,
                            const struct retention *kept, struct part *part,
                            struct worklist_rows *out, struct error *err)
{
    struct office *office = session->office;
    const struct town_profile *town = catalogue_town(office->catalogue);
    const char *value = town ? town_profile_value(town, kept->parameter, clock_today()) : NULL;
    long years = 0;
    struct strings states = STRINGS_INIT;
    struct record_ages ages;
    char before[ISO_DATE_SIZE];
    if (!town_profile_whole(value, YEARS_MOST, &years) ||
        !years) /* the town has not said how long */
        return OK;
    iso_date(before, begun_before(clock_today(), years));
    closed_states(form, kept, &states);
    enum status st = record_older(office->store, form->id, &states, &kept->from, before,
                                  part->offset, part->limit, &ages, err);
    strings_free(&states);
    if (st)
        return st;
    for (size_t i = 0; !st && i < ages.count; i++)
        st = add_aged(session, &ages.items[i], years, out, err);
    out->total += ages.total;
    part->offset = part->offset > ages.total ? part->offset - ages.total : 0;
    if (part->limit >= 0)
        part->limit -= (long)ages.count;
    record_ages_free(&ages);
    return st;
}

enum status worklist_load_kept(struct session *session, long offset, long limit,
                               struct worklist_rows *out, struct error *err)
{
    struct office *office = session->office;
    struct form_rows rows;
    struct part part = {offset, limit};
    enum status st = catalogue_forms(office->catalogue, office_language(office), &rows, err);
    for (size_t i = 0; !st && i < rows.count; i++) {
        const struct form *form;
        st = catalogue_form(office->catalogue, rows.items[i].id, 0, &form, err);
        for (size_t k = 0; !st && k < form->retention_count; k++)
            st = add_form(session, form, &form->retention[k], &part, out, err);
    }
    form_rows_free(&rows);
    return st;
}
