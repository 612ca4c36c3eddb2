/* 人物の重複候補: pairs that agree in name and birthday, telephone or address and whom nobody has
 * judged to be the same or others. */
#include "base/intl.h"
#include "base/xmem.h"
#include "office/worklist_internal.h"
#include "store/search.h"
#include "text/era.h"

static char *person_line(struct session *session, const char *person)
{
    struct record record;
    struct date birth;
    char day[ERA_TEXT_SIZE] = "";
    if (record_load(session->office->store, person, &record, NULL))
        return xstrdup(person);
    if (iso_date_parse(&birth, record_value(&record, "birth_date")))
        era_format_short(day, sizeof day, birth);
    char *line = xasprintf("%s %s", record_value(&record, "title"), day);
    record_free(&record);
    return line;
}

static void add_pair(struct session *session, const struct search_twin *twin,
                     struct worklist_rows *out)
{
    static const struct {
        unsigned bit;
        const char *text;
    } reasons[] = {{SAME_KANA_BIRTH, N_("カナと生年月日")},
                   {SAME_PHONE, N_("電話")},
                   {SAME_ADDRESS, N_("住所")}};
    struct buffer why = BUFFER_INIT;
    char *one = person_line(session, twin->a), *other = person_line(session, twin->b);
    char *both = xasprintf("%s / %s", one, other);
    for (size_t i = 0; i < ARRAY_LEN(reasons); i++)
        if (twin->same & reasons[i].bit)
            buffer_printf(&why, "%s%s", why.len ? _("・") : "", _(reasons[i].text));
    buffer_add_text(&why, _("が同じ"));
    worklist_add(out, (struct worklist_row){.id = twin->a,
                                            .other = twin->b,
                                            .title = both,
                                            .note = (char *)(uintptr_t)buffer_text(&why),
                                            .is_person = true});
    buffer_free(&why);
    xfree(&one);
    xfree(&other);
    xfree(&both);
}

enum status worklist_load_twins(struct session *session, long offset, long limit,
                                struct worklist_rows *out, struct error *err)
{
    struct search_twins twins;
    enum status st = search_twins(session->office->store, session_may(session, MAY_READ_PROTECTED),
                                  offset, limit, &twins, err);
    if (st)
        return st;
    out->total = twins.total;
    for (size_t i = 0; i < twins.count; i++)
        add_pair(session, &twins.items[i], out);
    search_twins_free(&twins);
    return OK;
}
