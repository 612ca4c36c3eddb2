/* XLSForm in and out. */
#include "form_fixture.h"

#include <glob.h>

#include "base/strings.h"
#include "form/xlsform.h"
#include "form/yaml.h"

/* --- An exported form imported again is the same form --- */

static bool is_empty(const struct yaml *node)
{
    return node->kind == YAML_TEXT && !*node->text;
}
static size_t filled(const struct yaml *node)
{
    size_t count = node->count;
    for (size_t i = 1; node->kind == YAML_MAP && i < node->count; i += 2)
        count -= is_empty(node->items[i]) ? 2 : 0;
    return count;
}
/* The same whatever the order of keys; a list of one word is the word, an empty text none. */
static void same_node(const struct yaml *a, const struct yaml *b, const char *where)
{
    if (a->kind == YAML_LIST && b->kind == YAML_TEXT && a->count == 1)
        a = a->items[0];
    if (a->kind != b->kind || (a->kind != YAML_TEXT && filled(a) != filled(b)))
        fail_msg("%s: another kind or count (line %u: %u, line %u: %u)", where, a->line, a->count,
                 b->line, b->count);
    if (a->kind == YAML_TEXT && strcmp(a->text, b->text) != 0)
        fail_msg("%s: \"%s\" came back as \"%s\"", where, a->text, b->text);
    for (size_t i = 0; a->kind == YAML_LIST && i < a->count; i++)
        same_node(a->items[i], b->items[i], where);
    for (size_t i = 0; a->kind == YAML_MAP && i < a->count; i += 2) {
        char *deeper = xasprintf("%s/%s", where, a->items[i]->text);
        const struct yaml *other = yaml_get(b, a->items[i]->text);
        if (!other && !is_empty(a->items[i + 1]))
            fail_msg("%s did not come back", deeper);
        if (other)
            same_node(a->items[i + 1], other, deeper);
        xfree(&deeper);
    }
}

static void comes_back(const struct form *form, bool by_row)
{
    struct workbook sheets, again;
    struct xlsform_notes out = {0}, in = {0};
    struct buffer csv = BUFFER_INIT;
    struct error err = {0}, mistake = {0};
    struct workflows *workflows = shipped_workflows();
    struct yaml *one, *two;
    char *yaml;
    if (xlsform_export(form, &sheets, &out, &err))
        fail_msg("%s", error_text(&err));
    assert_int_equal(out.lost, 0);
    workbook_write(&sheets, &csv);
    if (workbook_read(buffer_text(&csv), csv.len, NULL, "x.csv", by_row, &again, &err) ||
        xlsform_import(&again, "x.csv", workflows, &yaml, &in, &mistake, &err))
        fail_msg("%s: %s", form->id, error_text(&err));
    if (mistake.code)
        fail_msg("%s: %s", form->id, error_text(&mistake));
    if (in.items.count)
        fail_msg("%s: %s", form->id, in.items.items[0]);
    assert_int_equal(yaml_read(form->text, "one", &one, NULL), OK);
    assert_int_equal(yaml_read(yaml, "two", &two, NULL), OK);
    same_node(one, two, form->id);
    yaml_drop(&one);
    yaml_drop(&two);
    xfree(&yaml);
    xlsform_notes_free(&out);
    workbook_free(&sheets);
    workbook_free(&again);
    workflows_free(&workflows);
    buffer_free(&csv);
}

static void every_form_comes_back(void **state)
{
    (void)state;
    char *pattern = xasprintf("%s/forms/*/*.yaml", getenv("SATOMADO_SRCDIR"));
    struct workflows *workflows = shipped_workflows();
    glob_t files;
    size_t tried = 0;
    assert_int_equal(glob(pattern, 0, NULL, &files), 0);
    for (size_t i = 0; i < files.gl_pathc; i++) {
        struct buffer text = BUFFER_INIT;
        struct error err = {0};
        struct form *form;
        if (strstr(files.gl_pathv[i], "/common/") || strstr(files.gl_pathv[i], "/towns/"))
            continue;
        assert_int_equal(file_read(files.gl_pathv[i], 1 << 20, &text, &err), OK);
        if (!strstr(buffer_text(&text), "survey:")) {
            buffer_free(&text);
            continue;
        }
        if (form_load(buffer_text(&text), files.gl_pathv[i], workflows, from_common, NULL, &form,
                      &err))
            fail_msg("%s", error_text(&err));
        comes_back(form, false);
        comes_back(form, true);
        form_free(&form);
        buffer_free(&text);
        tried++;
    }
    assert_true(tried >= 8);
    globfree(&files);
    workflows_free(&workflows);
    xfree(&pattern);
}

/* What the shipped forms do not have. */
static void odd_things_come_back(void **state)
{
    (void)state;
    struct form *form = form_of(
        "survey:\n"
        "  - type: group\n"
        "    name: g\n"
        "    label: 群\n"
        "    relevant: \"${b} = 'x, \\\"y\\\"'\"\n"
        "    survey:\n"
        "      - {type: repeat, name: r, repeat_count: '${n}', survey: [{type: datetime, name: at, "
        "default: now()}]}\n"
        "  - {type: integer, name: n, default: '1', appearance: amount, parameters: start=1 "
        "end=9}\n"
        "  - {type: text, name: t, default: '1', trigger: n, calculation: '${n} + 1'}\n"
        "  - {type: text, name: quoted, default: \"'1'\"}\n"
        "  - {type: text, name: address, default: \"'1-2-3'\"}\n"
        "  - {type: text, name: apostrophe, default: '\"it''s\"'}\n"
        "  - {type: text, name: both, default: \"concat('a', ${b})\"}\n"
        "  - {type: text, name: formula, default: \"'${b}'\"}\n"
        "  - {type: date, name: d, default: \"'2026-04-01'\"}\n"
        "  - {type: date, name: next, default: today() + 1}\n"
        "  - {type: text, name: b, label: \"a\\nb\", 'label::English (en)': A, 'hint::かな "
        "(kana)': "
        "か, required: yes, read_only: no}\n"
        "  - {type: reference, name: who, to: person}\n"
        "  - {type: select_one c, name: choice, choice_filter: 'area = ${b}'}\n"
        "choices:\n"
        "  c: [{name: 'yes', label: はい, area: x, removed: yes}, {name: 'no', label: いいえ}]\n"
        "queries: {q: SELECT 1 AS n}\n"
        "checks:\n"
        "  - {name: C, when: [live, finalise], severity: note, with: [q], message: '{n}', sql: "
        "\"\\n "
        "SELECT n\\n FROM q\\n\"}\n"
        "workflow:\n"
        "  extends: notification\n"
        "  states: [{name: parked, label: 棚上げ, open: yes}]\n"
        "  actions: [{name: park, label: 棚, from: ['', received], to: parked, roles: [clerk], "
        "sets: "
        "{t: '''x'''}}]\n"
        "list: {columns: [n, t], sort: -n}\n"
        "print: [{any: thing}]\n");
    comes_back(form, false);
    comes_back(form, true);
    form_free(&form);
}

/* --- XLSForms as people write them --- */

struct imported {
    char *yaml;
    struct xlsform_notes notes;
    struct error mistake;
};

static struct imported import_text(const char *csv, const char *encoding)
{
    struct imported in = {0};
    struct workbook sheets;
    struct error err = {0};
    struct workflows *workflows = shipped_workflows();
    if (workbook_read(csv, strlen(csv), encoding, "f.csv", false, &sheets, &err) ||
        xlsform_import(&sheets, "f.csv", workflows, &in.yaml, &in.notes, &in.mistake, &err))
        fail_msg("%s", error_text(&err));
    workbook_free(&sheets);
    workflows_free(&workflows);
    return in;
}
static void imported_free(struct imported *in)
{
    xfree(&in->yaml);
    xlsform_notes_free(&in->notes);
}
static void says(const struct imported *in, const char *what)
{
    if (!strstr(in->yaml, what))
        fail_msg("\"%s\" is not in\n%s", what, in->yaml);
}
static void notes(const struct imported *in, const char *where, const char *what)
{
    for (size_t i = 0; i < in->notes.items.count; i++)
        if (str_starts(in->notes.items.items[i], where) && strstr(in->notes.items.items[i], what))
            return;
    for (size_t i = 0; i < in->notes.items.count; i++)
        print_message("%s\n", in->notes.items.items[i]);
    fail_msg("no note %s %s", where, what);
}

static void spellings_are_understood(void **state)
{
    (void)state;
    struct imported in = import_text(
        "\xEF\xBB\xBFSurvey\n"
        ",Type,Name,Label::English (en),label::日本語 (ja),Hint:English,bind::relevant,Required "
        "Message,read only,default,appearance,Parameters,Calculate\n"
        ",begin group,Household,Household,世帯,,,,,,,,\n"
        ",select one from yes_no or_other,HasDog,Dog?,犬,Say,,,,no,minimal,,\n"
        ",int,dogs,How many,何頭,,\"selected(${HasDog}, 'yes')\",,,1,thousands-sep,start = 1; "
        "end=10,\n"
        ",end_group,,,,,,,,,,,\n"
        ",begin repeat,child,Child,子,,,,,,,,\n"
        ",date time,born,Born,生,,,,,2020-01-01,,,\n"
        ",string,address,Where,所,,,No address,yes,1-2-3,,,\n"
        ",end repeat,,,,,,,,,,,\n"
        ",calculate,today,,,,,,,,,,${HasDog}\n"
        ",select_multiple yes_no,many,m,m,,,,,,w1 multiline,,\n"
        "\n"
        "CHOICES\n"
        ",list name,value,label::English (en),label::日本語 (ja),photo\n"
        ",yes_no,yes,Yes,はい,a.png\n"
        ",yes_no,no,No,いいえ,\n"
        "settings\n"
        ",title,id_string,version,style\n"
        ",Dogs,Dog Form,2.1,pages\n",
        NULL);
    if (in.mistake.code)
        fail_msg("%s\n%s", error_text(&in.mistake), in.yaml);
    says(&in, "form_id: dog_form");
    says(&in, "form_title: Dogs");
    says(&in, "label: 世帯");
    says(&in, "label::English (en): Household");
    says(&in, "hint::English: Say");
    says(&in, "type: select_one yes_no\n");
    says(&in, "name: hasdog_other");
    says(&in, "name: other");
    says(&in, "relevant: selected(${hasdog}, 'yes')");
    says(&in, "parameters: start=1 end=10");
    says(&in, "appearance: amount");
    says(&in, "type: datetime");
    says(&in, "default: '''2020-01-01'''");
    says(&in, "default: '''1-2-3'''");
    says(&in, "default: '''no'''");
    says(&in, "calculation: ${hasdog}");
    says(&in, "name: today_2");
    says(&in, "photo: a.png");
    notes(&in, "f.csv:4:3", "HasDog");
    notes(&in, "f.csv:4:11", "minimal");
    notes(&in, "f.csv:20:4", "version");
    notes(&in, "f.csv:19:5", "style");
    assert_int_equal(in.notes.lost, 3); /* minimal, w1, style */
    imported_free(&in);
}

static void what_cannot_be_said_is_told(void **state)
{
    (void)state;
    struct imported in = import_text("survey,,,,\n"
                                     ",type,name,label,media::image,constraint,choice_filter\n"
                                     ",audit,audit,,,\n"
                                     ",geoshape,land,Land,,\n"
                                     ",rank yn,order,Order,,\n"
                                     ",select_one_from_file towns.csv,town,Town,,,area = ${a}\n"
                                     ",text,a,A,a.png,\n"
                                     ",,b,B,,\n"
                                     ",end group,,,,\n"
                                     ",begin group,g,G,,\n"
                                     ",integer,c,C,,. > ${d\n"
                                     "choices,,\n"
                                     ",list_name,name,label\n"
                                     ",yn,a b,\n"
                                     ",,c,C\n"
                                     "entities,,\n"
                                     ",dataset,label\n"
                                     ",trees,${a}\n",
                                     NULL);
    notes(&in, "f.csv:2:5", "media::image");
    notes(&in, "f.csv:3:2", "audit");
    notes(&in, "f.csv:4:2", "geoshape");
    notes(&in, "f.csv:5:2", "rank");
    notes(&in, "f.csv:6:2", "towns.csv");
    notes(&in, "f.csv:6:7", "choice_filter");
    notes(&in, "f.csv:8:2", "型のない");
    notes(&in, "f.csv:9:2", "始まりのない");
    notes(&in, "f.csv:11:2", "終わりのない");
    notes(&in, "f.csv:14:3", "a_b");
    notes(&in, "f.csv:14:", "名札のない");
    notes(&in, "f.csv:15:", "list_name");
    notes(&in, "f.csv:17:2", "entities");
    assert_string_equal(in.mistake.where, "f.csv:11:6");
    imported_free(&in);
}

static void cp932_is_read(void **state)
{
    (void)state;
    struct imported in =
        import_text("survey\r\n,type,name,label\r\n,text,a,\x8E\x81\x96\xBC\r\n", NULL);
    says(&in, "label: 氏名");
    assert_int_equal(in.mistake.code, OK);
    notes(&in, "f.csv:0:2", "form_id");
    imported_free(&in);
}

static void other_languages_are_no_japanese(void **state)
{
    (void)state;
    struct imported in =
        import_text("survey\n,type,name,label,label::French (fr)\n,text,a,Name,Nom\n"
                    "settings\n,form_id,default_language\n,a,English (en)\n",
                    NULL);
    says(&in, "label::English (en): Name");
    says(&in, "label::French (fr): Nom");
    imported_free(&in);
}

/* --- What is none --- */

static void other_files_are_refused(void **state)
{
    (void)state;
    static const struct {
        const char *csv, *where;
    } rows[] = {
        {"", "f.csv"},
        {"type,name\ntext,a\n", "f.csv"},
        {",type\n", "f.csv:1:1"},
        {"survey\n,type\n,text\nsurvey\n", "f.csv:4:1"},
        {"survey\n,\"type\n", "f.csv:"},
        {"choices\n,list_name\n", "f.csv"},
    };
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct workbook sheets = {0};
        struct xlsform_notes none = {0};
        struct error err = {0}, mistake;
        struct workflows *workflows = shipped_workflows();
        char *yaml = NULL;
        enum status st =
            workbook_read(rows[i].csv, strlen(rows[i].csv), NULL, "f.csv", false, &sheets, &err);
        if (!st)
            st = xlsform_import(&sheets, "f.csv", workflows, &yaml, &none, &mistake, &err);
        if (!st || !str_starts(err.where, rows[i].where))
            fail_msg("%zu: %s", i, st ? error_text(&err) : "taken");
        workbook_free(&sheets);
        xlsform_notes_free(&none);
        workflows_free(&workflows);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_form_comes_back),
        cmocka_unit_test(odd_things_come_back),
        cmocka_unit_test(spellings_are_understood),
        cmocka_unit_test(what_cannot_be_said_is_told),
        cmocka_unit_test(cp932_is_read),
        cmocka_unit_test(other_languages_are_no_japanese),
        cmocka_unit_test(other_files_are_refused),
    };
    return cmocka_run_group_tests_name("xlsform", tests, NULL, NULL);
}
