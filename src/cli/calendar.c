/* satomado holiday, calendar: the days a place is open. */
#include <stdio.h>
#include <stdlib.h>

#include "base/clock.h"
#include "base/intl.h"
#include "base/strings.h"
#include "cli/groups.h"
#include "cli/output.h"
#include "office/calendar.h"
#include "office/office.h"
#include "text/era.h"

static int import(struct cli *cli)
{
    struct error err;
    struct holidays list;
    if (calendar_import(cli->session, cli->words[0], &list, &err))
        return cli_fail(&err);
    output_line(_("祝日を%zu日取り込みました（%d年から%d年まで）"), list.count,
                list.items[0].day.year, list.items[list.count - 1].day.year);
    cli_tell_version(cli, REFERENCE_HOLIDAYS);
    holidays_free(&list);
    return EXIT_DONE;
}

/* A day option in any spelling; `otherwise` when it was not given. */
static enum status day_option(const struct cli *cli, const char *name, struct date otherwise,
                              struct date *out, struct error *err)
{
    const char *text = cli_option(cli, name);
    *out = otherwise;
    return text ? era_parse(text, 0, clock_today(), out, err) : OK;
}

static int list(struct cli *cli)
{
    static const char *const columns[] = {"day", "era", "name"};
    const char *titles[] = {_("日"), _("和暦"), _("名称")};
    struct date today = clock_today(), first, last;
    struct error err;
    struct holidays list;
    if (day_option(cli, "--from", (struct date){today.year, 1, 1}, &first, &err) ||
        day_option(cli, "--until", (struct date){9999, 12, 31}, &last, &err) ||
        calendar_holidays(cli->office, first, last, &list, &err))
        return cli_fail(&err);
    struct output *out = output_begin(cli->format, columns, titles, ARRAY_LEN(columns));
    for (size_t i = 0; i < list.count; i++) {
        char day[ISO_DATE_SIZE], era[ERA_TEXT_SIZE];
        iso_date(day, list.items[i].day);
        era_format_day(era, sizeof era, list.items[i].day);
        const char *cells[] = {day, era, list.items[i].name};
        output_row(out, cells);
    }
    output_end(&out);
    if (!list.count)
        output_note(
            "%s",
            calendar_known_until(cli->office)
                ? _("その間の祝日はありません")
                : _("祝日がまだありません。内閣府の CSV を satomado holiday import FILE で取り"
                    "込んでください"));
    holidays_free(&list);
    return EXIT_DONE;
}

static int show(struct cli *cli)
{
    static const char *const columns[] = {"day", "era", "open", "hours", "holiday"};
    const char *titles[] = {_("日"), _("和暦"), _("開庁"), _("取扱時間"), _("祝日")};
    struct error err;
    struct date first;
    const char *place = cli_option(cli, "--place"), *days = cli_option(cli, "--days");
    long count = days ? strtol(days, NULL, 10) : 14;
    if (day_option(cli, "--from", clock_today(), &first, &err))
        return cli_fail(&err);
    if (count < 1 || count > 3660)
        return cli_usage(cli, "%s", _("--days は1から3660までです"));
    struct output *out = output_begin(cli->format, columns, titles, ARRAY_LEN(columns));
    for (int64_t d = date_days(first); d < date_days(first) + count; d++) {
        char day[ISO_DATE_SIZE], era[ERA_TEXT_SIZE];
        struct date date = date_from_days(d);
        struct open_day open;
        if (calendar_day(cli->office, place ? place : office_setting(cli->office, "office.short"),
                         date, &open, &err)) {
            output_end(&out);
            return cli_fail(&err);
        }
        iso_date(day, date);
        era_format_day(era, sizeof era, date);
        const char *cells[] = {day, era, open.open ? _("開") : _("閉"), open.hours, open.holiday};
        output_row(out, cells);
    }
    output_end(&out);
    if (calendar_known_until(cli->office) < date_from_days(date_days(first) + count - 1).year)
        output_note("%s", _("祝日の分からない年が入っています（satomado holiday import）"));
    return EXIT_DONE;
}

static const struct cli_option list_options[] = {
    {"--from", "D", N_("この日から（なければ今年の初めから）")},
    {"--until", "D", N_("この日まで")},
    FORMAT_OPTION,
    {NULL, NULL, NULL},
};

static const struct cli_option show_options[] = {
    {"--place", "NAME", N_("局・支所の短い名（なければここ）")},
    {"--from", "D", N_("この日から（なければ今日）")},
    {"--days", "N", N_("日数（なければ14）")},
    FORMAT_OPTION,
    {NULL, NULL, NULL},
};

const struct cli_command cli_calendar[] = {
    {"holiday import", "FILE", N_("国民の祝日（内閣府の CSV）を取り込む"), NULL, 1, 1, import,
     NEEDS_SESSION},
    {"holiday list", "", N_("取り込んだ祝日を見る"), list_options, 0, 0, list, NEEDS_OFFICE},
    {"calendar show", "", N_("開庁日と取扱時間を見る"), show_options, 0, 0, show, NEEDS_OFFICE},
    {.name = NULL},
};
