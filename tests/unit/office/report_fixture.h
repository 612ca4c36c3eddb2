/* Reports in tests: their rows as they are read, and a page that is as wide as paper. */
#ifndef TESTS_REPORT_FIXTURE_H
#define TESTS_REPORT_FIXTURE_H

#include "rules_fixture.h"

#include "office/report.h"
#include "text/width.h"

enum { PAPER_CELLS = 80 };

/* Every line of its page. */
static inline void fits_on_paper(const struct report_result *result)
{
    struct buffer page = BUFFER_INIT;
    struct strings lines = STRINGS_INIT;
    report_text(result, true, &page);
    strings_split(&lines, buffer_text(&page), '\n');
    for (size_t i = 0; i < lines.count; i++)
        if (text_width(lines.items[i]) > PAPER_CELLS)
            fail_msg("%s: %s", result->id, lines.items[i]);
    buffer_free(&page);
    strings_free(&lines);
}

/* The rows of a report for answers "name=typed". */
static inline struct report_result answered(const struct town *t, const char *id,
                                            const char *const *answers)
{
    struct report_result result;
    struct strings values = STRINGS_INIT;
    struct error err = {0};
    for (size_t i = 0; answers && answers[i]; i++)
        strings_add(&values, answers[i]);
    must(report_run(t->clerk, id, NULL, &values, &result, &err), &err);
    strings_free(&values);
    fits_on_paper(&result);
    return result;
}

/* Each row as "a|b|c", in order, and the totals of the page. */
static inline void gives(const struct town *t, const char *id, const char *const *answers,
                         const char *const *rows)
{
    struct report_result r = answered(t, id, answers);
    size_t columns = r.report->column_count, at = 0;
    for (size_t row = 0; row < r.rows; row++, at++) {
        struct buffer line = BUFFER_INIT;
        for (size_t c = 0; c < columns; c++)
            buffer_printf(&line, "%s%s", c ? "|" : "", r.shown.items[row * columns + c]);
        if (!rows[at])
            fail_msg("%s: no row expected but %s", id, buffer_text(&line));
        assert_string_equal(buffer_text(&line), rows[at]);
        buffer_free(&line);
    }
    if (rows[at])
        fail_msg("%s: missing %s", id, rows[at]);
    report_result_free(&r);
}

#define ROWS(...) ((const char *const[]){__VA_ARGS__, NULL})
#define NOTHING   ((const char *const[]){NULL})

static inline void page_says(const struct town *t, const char *id, const char *const *answers,
                             const char *text)
{
    struct report_result r = answered(t, id, answers);
    struct buffer page = BUFFER_INIT;
    report_text(&r, true, &page);
    if (!strstr(buffer_text(&page), text))
        fail_msg("%s: %s is not in\n%s", id, text, buffer_text(&page));
    buffer_free(&page);
    report_result_free(&r);
}

#endif
