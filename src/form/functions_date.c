#include <math.h>
#include <string.h>

#include "base/buffer.h"
#include "base/xmem.h"
#include "form/functions_internal.h"
#include "form/instance_internal.h"
#include "text/era.h"

struct result function_today(const struct call *call)
{
    return result_date(ms_days(instance_now(call->scope->instance)), false);
}
struct result function_now(const struct call *call)
{
    return result_date(ms_days(instance_now(call->scope->instance)), true);
}

static bool call_days(const struct call *call, size_t i, double *days, bool *time)
{
    struct result value = call_value(call, i);
    bool yes = to_days(&value, days, time);
    result_free(&value);
    return yes;
}
static struct result day_or_blank(const struct call *call, bool with_time)
{
    double days;
    bool time;
    return call_days(call, 0, &days, &time) ? result_date(days, with_time) : result_text("");
}
struct result function_date(const struct call *call)
{
    return day_or_blank(call, false);
}
struct result function_date_time(const struct call *call)
{
    return day_or_blank(call, true);
}
struct result function_decimal_date_time(const struct call *call)
{
    return result_number(call_number(call, 0));
}
struct result function_decimal_time(const struct call *call)
{
    double days = call_number(call, 0);
    return result_number(days - floor(days));
}

/* The letters ODK has after %; anything else stands as it is. */
static void format_letter(struct buffer *out, char letter, const struct office_time *t)
{
    static const char *const months[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                         "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    static const char *const weekdays[] = {N_("日"), N_("月"), N_("火"), N_("水"),
                                           N_("木"), N_("金"), N_("土")};
    const struct {
        char letter;
        int digits, number;
    } numbers[] = {{'Y', 4, t->date.year},  {'y', 2, t->date.year % 100},
                   {'m', 2, t->date.month}, {'n', 1, t->date.month},
                   {'d', 2, t->date.day},   {'e', 1, t->date.day},
                   {'H', 2, t->hour},       {'h', 1, t->hour},
                   {'M', 2, t->minute},     {'S', 2, t->second},
                   {'3', 3, t->millisecond}};
    for (size_t i = 0; i < ARRAY_LEN(numbers); i++)
        if (numbers[i].letter == letter) {
            buffer_printf(out, "%0*d", numbers[i].digits, numbers[i].number);
            return;
        }
    if (letter == 'b')
        buffer_add_text(out, months[t->date.month - 1]);
    else if (letter == 'a')
        buffer_add_text(out, _(weekdays[date_weekday(t->date)]));
    else if (letter == '%')
        buffer_add_char(out, '%');
    else
        buffer_printf(out, "%%%c", letter);
}
struct result function_format_date(const struct call *call)
{
    double days;
    bool time;
    if (!call_days(call, 0, &days, &time))
        return result_text("");
    struct office_time t = office_time_at(days_ms(days));
    char *format = call_text(call, 1);
    struct buffer out = BUFFER_INIT;
    for (const char *s = format; *s; s++)
        if (*s == '%' && s[1])
            format_letter(&out, *++s, &t);
        else
            buffer_add_char(&out, *s);
    xfree(&format);
    return result_take(buffer_steal(&out));
}
struct result function_format_date_time(const struct call *call)
{
    return function_format_date(call);
}

/* --- as offices count --- */

struct result function_age_at(const struct call *call)
{
    struct date birth, on;
    if (!call_date(call, 0, &birth) || !call_date(call, 1, &on))
        return result_text("");
    return result_number(era_age(birth, on));
}
struct result function_fiscal_year(const struct call *call)
{
    struct date day;
    return call_date(call, 0, &day) ? result_number(fiscal_year(day)) : result_text("");
}
struct result function_wareki(const struct call *call)
{
    struct date day;
    char text[ERA_TEXT_SIZE];
    if (!call_date(call, 0, &day))
        return result_text("");
    era_format(text, sizeof text, day);
    return result_text(text);
}
struct result function_add_years(const struct call *call)
{
    struct date day;
    double years = call_number(call, 1);
    if (!call_date(call, 0, &day) || !(fabs(years) < 5000))
        return result_text("");
    return result_date((double)date_days(date_add_years(day, (int)years)), false);
}
struct result function_business_days(const struct call *call)
{
    const struct form_host *host = call->scope->instance->host;
    struct date from, to;
    if (!host || !host->business_days || !call_date(call, 0, &from) || !call_date(call, 1, &to))
        return result_text("");
    char *place = call_text(call, 2);
    long days = host->business_days(host->context, from, to, place);
    xfree(&place);
    return days < 0 ? result_text("") : result_number((double)days);
}
