/* Files that somebody made to do harm, or a program to do wrong: each is refused, or taken, before
 * anybody notices. */
#include "form_fixture.h"

#include <time.h>

#include "base/strings.h"

/* Seconds of the processor for a file of the largest size allowed; a fast machine takes a tenth. */
#ifdef __SANITIZE_ADDRESS__
enum { SECONDS = 20 };
#else
enum { SECONDS = 2 };
#endif
enum { SIZE = 1000000 };

/* head, then `row` (with %d for its number, and %e for the next one's) as often as fits, then tail
 */
struct flood {
    const char *name, *head, *row, *tail;
    enum status status;
    const char *where;
};
#define TEXT_A "survey: [{type: text, name: a}]\n"
static const struct flood floods[] = {
    {"brackets", "survey: ", "[", "", E_PARSE, "demo.yaml:2:41"},
    {"braces", "survey: ", "{a: ", "", E_PARSE, "demo.yaml:2"},
    {"aliases", "survey: &a [x]\nchoices: &b [*a", ", *a", "]", E_PARSE, "demo.yaml:2:9"},
    {"keys", TEXT_A "x: {", "k%d: 1, ", "}", E_PARSE, "demo.yaml:3:1"},
    {"fields", "survey:\n", "- {type: text, name: f%d}\n", "", OK, ""},
    {"one reads the next", "survey:\n", "- {type: calculate, name: f%d, calculation: '${f%e}'}\n",
     "- {type: text, name: f%d}\n", OK, ""},
    {"a cycle", "survey:\n- {type: calculate, name: z, calculation: '${f0}'}\n",
     "- {type: calculate, name: f%d, calculation: '${f%e}'}\n",
     "- {type: calculate, name: f%d, calculation: '${z}'}\n", E_PARSE, "demo.yaml:"},
    {"all read one", "survey:\n- {type: integer, name: z}\n",
     "- {type: calculate, name: f%d, calculation: '${z}'}\n", "", OK, ""},
    {"choices", "survey: [{type: select_one c, name: a}]\nchoices:\n c:\n",
     " - {name: c%d, label: x}\n", "", OK, ""},
    {"lists", "survey: [{type: select_one c, name: a}]\nchoices:\n",
     " c%d: [{name: c, label: x}]\n", "", E_PARSE, "demo.yaml:2:17"},
    {"checks", TEXT_A "checks:\n",
     "- {name: c%d, when: live, severity: note, sql: x, message: m}\n", "", E_PARSE,
     "demo.yaml:4:1"},
    {"states", TEXT_A "workflow: {states: [", "{name: s%d, label: x}, ", "]}", E_PARSE,
     "demo.yaml:3:20"},
    {"languages", "survey:\n- {type: text, name: a", ", 'label::L%d (l%d)': x", "}\n", OK, ""},
    {"a long sum", "survey: [{type: text, name: a, constraint: '1", "+1", "'}]", E_PARSE,
     "demo.yaml:2"},
    {"parentheses", "survey: [{type: text, name: a, constraint: '", "(", "'}]", E_PARSE,
     "demo.yaml:2"},
    {"a long regex", "survey: [{type: text, name: a, constraint: \"regex(., '", "(a*", "')\"}]",
     E_PARSE, "demo.yaml:2"},
    {"an open quote", "survey: [{type: text, name: a, label: \"", "x ", "", E_PARSE, "demo.yaml:2"},
    {"includes", "survey: [", "{include: a}, ", "]", E_PARSE, "demo.yaml:2:10"},
};

static void add_row(struct buffer *out, const char *row, int number)
{
    for (const char *s = row; *s; s++)
        if (s[0] == '%' && (s[1] == 'd' || s[1] == 'e'))
            buffer_printf(out, "%d", number + (*++s == 'e'));
        else
            buffer_add_char(out, *s);
}

static void floods_are_held(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(floods); i++) {
        struct buffer text = BUFFER_INIT;
        struct error err = {0};
        struct form *form;
        int number = 0;
        add_row(&text, floods[i].head, 0);
        while (text.len < SIZE)
            add_row(&text, floods[i].row, number++);
        add_row(&text, floods[i].tail, number);
        clock_t start = clock();
        enum status st = form_try(buffer_text(&text), &form, &err);
        double seconds = (double)(clock() - start) / CLOCKS_PER_SEC;
        if (st != floods[i].status || !str_starts(err.where, floods[i].where) || seconds > SECONDS)
            fail_msg("%s: %d %.200s, %.2f s", floods[i].name, st, error_text(&err), seconds);
        form_free(&form);
        buffer_free(&text);
    }
}

/* More than a form may have is refused before it is read at all. */
static void ten_megabytes_are_too_many(void **state)
{
    (void)state;
    struct error err = {0};
    struct form *form;
    size_t len = 10 << 20;
    char *text = xmalloc(len + 1);
    memset(text, '[', len);
    text[len] = '\0';
    clock_t start = clock();
    assert_int_equal(form_try(text, &form, &err), E_LIMIT);
    assert_true(clock() - start < CLOCKS_PER_SEC);
    xfree(&text);
}

/* What a record of such a form does: rows that ask for rows, a regex that goes astray. */
static void a_record_stays_answerable(void **state)
{
    (void)state;
    struct form *form = form_of("survey:\n"
                                "- {type: integer, name: n}\n"
                                "- type: repeat\n"
                                "  name: a\n"
                                "  repeat_count: '${n}'\n"
                                "  survey: [{type: text, name: x, constraint: \"regex(., "
                                "'(a*)*b')\"}, {type: calculate, name: "
                                "y, calculation: 'sum(${n}) + count(${a})'}]\n");
    struct instance *instance = instance_new(form, &host);
    clock_t start = clock();
    instance_start(instance);
    set(instance, "n", "999999999");
    size_t rows = instance_row_count(instance, "a");
    assert_true(rows > 0 && rows <= 1000);
    char *path = xasprintf("a/%s/x", instance_row(instance, "a", 0));
    set(instance, path, "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!");
    assert_non_null(instance_problem(instance, path, NULL));
    double seconds = (double)(clock() - start) / CLOCKS_PER_SEC;
    if (seconds > SECONDS)
        fail_msg("%.2f s", seconds);
    xfree(&path);
    instance_free(&instance);
    form_free(&form);
}

/* Repeats within repeats ask for 200 rows each: 200^4 together. */
static void rows_do_not_multiply(void **state)
{
    (void)state;
    struct form *form = form_of(
        "survey:\n"
        "- {type: repeat, name: a, repeat_count: '200', survey: [{type: repeat, name: b, "
        "repeat_count: '200', survey: [{type: repeat, name: c, repeat_count: '200', survey: "
        "[{type: repeat, name: d, repeat_count: '200', survey: [{type: text, name: x}]}]}]}]}\n");
    struct instance *instance = instance_new(form, &host);
    const struct item *items;
    clock_t start = clock();
    instance_start(instance);
    size_t count = instance_items(instance, &items);
    double seconds = (double)(clock() - start) / CLOCKS_PER_SEC;
    if (count < 2000 || count > 20000 || seconds > SECONDS)
        fail_msg("%zu items, %.2f s", count, seconds);
    instance_free(&instance);
    form_free(&form);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(floods_are_held),
        cmocka_unit_test(ten_megabytes_are_too_many),
        cmocka_unit_test(a_record_stays_answerable),
        cmocka_unit_test(rows_do_not_multiply),
    };
    return cmocka_run_group_tests_name("hostile", tests, NULL, NULL);
}
