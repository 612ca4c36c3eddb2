/* Records taken in from CSV files and given out again. */
#include "town_fixture.h"

#include "office/csv_export.h"
#include "office/csv_import.h"
#include "office/letters.h"
#include "office/recordset.h"
#include "store/projection.h"
#include "text/encoding.h"

/* --- Files --- */

struct said {
    struct buffer problems, left_out, losses, file;
};

static void said_free(struct said *s)
{
    buffer_free(&s->problems);
    buffer_free(&s->left_out);
    buffer_free(&s->losses);
    buffer_free(&s->file);
}

static void on_problem(void *context, const struct csv_problem *p)
{
    struct said *s = context;
    buffer_printf(&s->problems, "%zu %s%s %s\n", p->line, p->warning ? "? " : "", p->column,
                  p->reason);
}

static void on_left_out(void *context, const char *heading)
{
    buffer_printf(&((struct said *)context)->left_out, "%s ", heading);
}

static enum status on_bytes(void *context, const void *data, size_t len, struct error *err)
{
    (void)err;
    buffer_add(&((struct said *)context)->file, data, len);
    return OK;
}

static void on_loss(void *context, const struct csv_loss *l)
{
    buffer_printf(&((struct said *)context)->losses, "%s %s %s -> %s\n", l->column, l->letter,
                  l->codes,
                  l->written   ? l->written
                  : l->skipped ? "(skipped)"
                               : "(stopped)");
}

static char *file_of(const char *name, const char *data, size_t len)
{
    struct error err = {0};
    char *path = file_path(fixture_dir, name);
    must(file_write(path, data, len, &err), &err);
    return path;
}

static enum status take_in(struct session *user, const struct csv_import *how, const char *data,
                           size_t len, struct said *said, struct csv_import_result *result,
                           struct error *err)
{
    struct csv_import with = *how;
    struct csv_import_events events = {said, on_problem, on_left_out, NULL};
    char *path = file_of("in.csv", data, len);
    *said = (struct said){0};
    if (!with.form)
        with.form = "csv_note";
    with.path = path;
    enum status st = csv_import(user, &with, &events, result, err);
    xfree(&path);
    return st;
}

/* All rows go in. */
static void takes(struct session *user, const char *encoding, const char *data, size_t len,
                  long rows)
{
    struct error err = {0};
    struct said said;
    struct csv_import_result result;
    must(take_in(user, &(struct csv_import){.encoding = encoding}, data, len, &said, &result, &err),
         &err);
    assert_string_equal(buffer_text(&said.problems), "");
    assert_int_equal(result.count, rows);
    assert_true(result.kept);
    csv_import_result_free(&result);
    said_free(&said);
}

static struct said give_out(struct session *user, const struct csv_export *how,
                            struct csv_export_result *result)
{
    struct error err = {0};
    struct said said = {0};
    struct csv_export_result own;
    struct csv_export with = *how;
    struct csv_export_events events = {&said, on_bytes, on_loss, NULL};
    if (!with.form)
        with.form = "csv_note";
    must(csv_export(user, &with, &events, result ? result : &own, &err), &err);
    return said;
}

static void gives(struct session *user, const struct csv_export *how, const char *expected)
{
    struct said said = give_out(user, how, NULL);
    assert_string_equal(buffer_text(&said.file), expected);
    said_free(&said);
}

static struct strings columns_of(const char *names)
{
    struct strings list = STRINGS_INIT;
    strings_split(&list, names, ',');
    return list;
}

/* A copy of the office in which the form is known. */
static struct place fresh(const char *name)
{
    char *dir = fixture_copy(name, "office");
    struct place p = place_enter(dir, "yamada");
    xfree(&dir);
    return p;
}

static int build(void **state)
{
    struct error err = {0};
    struct buffer registry = BUFFER_INIT;
    fixture_build(state);
    char *dir = file_path(fixture_dir, "town");
    char *form = file_path(getenv("SATOMADO_SRCDIR"), "tests/unit/office/csv_form.yaml");
    struct place town = place_enter(dir, "admin");
    must(setup_install_form(town.user, form, &err), &err);
    must(setup_registry_text(town.user, &registry, &err), &err);
    place_leave(&town);
    fixture_accept("office", &registry);
    buffer_free(&registry);
    xfree(&form);
    xfree(&dir);
    return 0;
}

/* --- Bytes --- */

/* Every double-byte code of CP932, 94 a record, in rows "00,codes". */
static void all_codes(struct buffer *csv, long *rows)
{
    long n = 0;
    for (int lead = 0x81; lead <= 0xFC; lead++)
        for (int trail = 0x40; trail <= 0xFC; trail++) {
            char code[2] = {(char)lead, (char)trail};
            struct buffer text = BUFFER_INIT;
            if ((lead < 0xA0 || lead >= 0xE0) &&
                encoding_decode("CP932", code, 2, &text, NULL) == OK) {
                if (n % 94 == 0)
                    buffer_printf(csv, "%s%03ld,a", n ? "\r\n" : "", n / 94);
                buffer_add(csv, code, 2);
                n++;
            }
            buffer_free(&text);
        }
    buffer_add_text(csv, "\r\n");
    assert_int_equal(n, 9604);
    *rows = (n + 93) / 94;
}

static void same_bytes(struct session *user, const struct buffer *expected)
{
    struct strings columns = columns_of("subject,memo");
    struct said said =
        give_out(user, &(struct csv_export){.encoding = "CP932", .columns = &columns}, NULL);
    assert_string_equal(buffer_text(&said.losses), "");
    assert_int_equal(said.file.len, expected->len);
    assert_memory_equal(said.file.data, expected->data, expected->len);
    said_free(&said);
    strings_free(&columns);
}

static void an_untouched_field_goes_out_as_it_came(void **state)
{
    (void)state;
    struct error err = {0};
    struct buffer csv = BUFFER_INIT;
    long rows;
    struct place p = fresh("bytes");
    buffer_add_text(&csv, "subject,memo\r\n");
    all_codes(&csv, &rows);
    takes(p.user, "CP932", csv.data, csv.len, rows);
    same_bytes(p.user, &csv);
    must(projection_rebuild(office_store(p.office), NULL, NULL, &err), &err);
    same_bytes(p.user, &csv);

    /* To the town, in a bundle. */
    struct day_result day;
    closed(p.dir, clock_today(), &day);
    char *dir = fixture_copy("bytes", "town");
    struct place town = place_enter(dir, "kacho");
    applied(town.user, day.bundle);
    same_bytes(town.user, &csv);
    place_leave(&town);
    place_leave(&p);
    buffer_free(&csv);
    xfree(&dir);
}

static void a_changed_field_goes_out_as_it_is_written_now(void **state)
{
    (void)state;
    struct error err = {0};
    static const char csv[] = "subject,memo\r\n\xEE\xE0,\xEE\xE0\r\n"; /* 髙 as NEC has it */
    struct strings columns = columns_of("subject,memo");
    struct csv_export how = {.encoding = "CP932", .columns = &columns};
    struct recordset *set;
    struct entry *entry;
    bool there;
    struct place p = fresh("changed");
    takes(p.user, "CP932", csv, sizeof csv - 1, 1);
    gives(p.user, &how, csv);
    must(recordset_open(p.user, "csv_note", NULL, &set, &err), &err);
    must(recordset_next(set, &there, &err), &err);
    must(entry_open(p.user, recordset_id(set), &entry, &err), &err);
    recordset_close(&set);
    must(entry_type(entry, "memo", "髙い", &err), &err);
    must(entry_correct(entry, "clerk", "書き足し", &err), &err);
    must(entry_type(entry, "memo", "髙", &err), &err);
    must(entry_correct(entry, "clerk", "書き直し", &err), &err);
    entry_free(&entry);
    gives(p.user, &how, "subject,memo\r\n\xEE\xE0,\xFB\xFC\r\n");
    how.encoding = "UTF-8";
    gives(p.user, &how, "subject,memo\r\n髙,髙\r\n");
    place_leave(&p);
    strings_free(&columns);
}

/* --- Values --- */

static const char everything[] =
    "subject,memo,people,amount,happened_on,place,seen,place_other,agreed,phone,"
    "tool[1].tool_name,tool[1].tool_count,tool[1].part[1].part_name,tool[1].part[2].part_name,"
    "tool[2].tool_name,tool[2].tool_count,tool[2].part[1].part_name,tool[2].part[2].part_name\r\n"
    "'=1+1,\"一行目\n\"\"二\"\"行目,\",12,-1500.5,2026-11-24,other,hall kitchen,裏,yes,"
    "'+81-267-00-0000,鎌,2,刃,柄,鍬,,,\r\n"
    "''@x,,0,,,,,,,,,,,,,,,\r\n"
    "'-,𠮷葛󠄀,,,,hall,,,,,,,,,鋤,1,,\r\n";

static void everything_comes_back_exactly(void **state)
{
    (void)state;
    struct said said;
    struct place p = fresh("values"), other = fresh("again");
    struct strings columns = columns_of(
        "subject,memo,people,amount,happened_on,place,seen,place_other,agreed,phone,tool");
    struct csv_export how = {.columns = &columns};
    /* A row's number counts rows there are: the second tool alone becomes the first. */
    struct buffer expected = BUFFER_INIT;
    buffer_add_text(&expected, everything);
    char *last = strstr(expected.data, ",,,,,鋤,1,,");
    buffer_splice(&expected, (size_t)(last - expected.data), strlen(",,,,,鋤,1,,"), ",鋤,1,,,,,,",
                  strlen(",鋤,1,,,,,,"));
    takes(p.user, NULL, everything, sizeof everything - 1, 3);
    said = give_out(p.user, &how, NULL);
    assert_string_equal(buffer_text(&said.file), expected.data);
    takes(other.user, NULL, said.file.data, said.file.len, 3);
    gives(other.user, &how, said.file.data);
    said_free(&said);
    /* All columns, as people read them, and in another encoding. */
    static const struct csv_export hows[] = {
        {.encoding = NULL},
        {.labels = true},
        {.mark = true},
        {.encoding = "UTF-16LE"},
        {.encoding = "EUC-JISX0213", .geta = true},
    };
    for (size_t i = 0; i < ARRAY_LEN(hows); i++) {
        struct place third = fresh("third");
        said = give_out(p.user, &hows[i], NULL);
        struct error err = {0};
        struct said heard;
        struct csv_import_result result;
        must(take_in(third.user, &(struct csv_import){.encoding = hows[i].encoding}, said.file.data,
                     said.file.len, &heard, &result, &err),
             &err);
        assert_string_equal(buffer_text(&heard.problems), "");
        assert_non_null(strstr(buffer_text(&heard.left_out), "id "));
        if (!hows[i].geta)
            gives(third.user, &how, expected.data);
        csv_import_result_free(&result);
        said_free(&heard);
        said_free(&said);
        place_leave(&third);
    }
    strings_free(&columns);
    buffer_free(&expected);
    place_leave(&p);
    place_leave(&other);
}

static void headings_and_values_as_people_write_them(void **state)
{
    (void)state;
    static const char csv[] =
        "#備考,件名,日付,場所,見た所,金額,同意,道具[1].名,道具[1].部品[1].名\r\n"
        "x,甲,令和8年11月24日,台所,広間、台所,\"1,500円\",はい,鎌,刃\r\n"
        "x,乙,S63.7.14,2,,,,,\r\n";
    struct strings columns = columns_of(
        "件名,happened_on,place,seen,amount,agreed,tool[1].tool_name,道具[1].部品[1].名");
    struct place p = fresh("people");
    takes(p.user, NULL, csv, sizeof csv - 1, 2);
    struct csv_export how = {.columns = &columns};
    gives(p.user, &how,
          "subject,happened_on,place,seen,amount,agreed,tool[1].tool_name,"
          "tool[1].part[1].part_name\r\n"
          "甲,2026-11-24,kitchen,hall kitchen,1500,yes,鎌,刃\r\n"
          "乙,1988-07-14,kitchen,,,,,\r\n");
    how.labels = true;
    how.where = "${happened_on} > date('2000-01-01') and selected(${seen}, 'hall')";
    gives(p.user, &how,
          "件名,日付,場所,見た所,金額,同意,道具[1].名,道具[1].部品[1].名\r\n"
          "甲,令和8年11月24日,台所,広間、台所,\"1,500\",はい,鎌,刃\r\n");
    strings_free(&columns);
    place_leave(&p);
}

static void a_map_names_what_headings_do_not(void **state)
{
    (void)state;
    struct error err = {0};
    struct said said;
    struct csv_import_result result;
    static const char csv[] = "標題,個人番号,人\r\n甲,123456789018,3\r\n";
    static const char map[] = "column,field\r\n標題,subject\r\n個人番号,\r\n人,people\r\n";
    struct strings columns = columns_of("subject,people");
    struct place p = fresh("map");
    assert_int_equal(
        take_in(p.user, &(struct csv_import){0}, csv, sizeof csv - 1, &said, &result, &err),
        E_PARSE);
    assert_non_null(strstr(error_text(&err), "標題"));
    csv_import_result_free(&result);
    said_free(&said);
    char *file = file_of("map.csv", map, sizeof map - 1);
    must(take_in(p.user, &(struct csv_import){.map = file}, csv, sizeof csv - 1, &said, &result,
                 &err),
         &err);
    assert_string_equal(buffer_text(&said.left_out), "個人番号 ");
    csv_import_result_free(&result);
    said_free(&said);
    gives(p.user, &(struct csv_export){.columns = &columns}, "subject,people\r\n甲,3\r\n");
    static const char twice[] = "subject,件名\r\n甲,乙\r\n";
    assert_int_equal(
        take_in(p.user, &(struct csv_import){0}, twice, sizeof twice - 1, &said, &result, &err),
        E_PARSE);
    csv_import_result_free(&result);
    said_free(&said);
    strings_free(&columns);
    xfree(&file);
    place_leave(&p);
}

/* --- Rows that are refused --- */

static void what_was_written_out_here_is_not_taken_twice(void **state)
{
    (void)state;
    struct error err = {0};
    struct said heard;
    struct csv_import_result result;
    struct place p = fresh("twice");
    takes(p.user, NULL, everything, sizeof everything - 1, 3);
    struct said said = give_out(p.user, &(struct csv_export){.encoding = NULL}, NULL);
    must(take_in(p.user, &(struct csv_import){.encoding = NULL}, said.file.data, said.file.len,
                 &heard, &result, &err),
         &err);
    assert_int_equal(result.refused, 3);
    assert_int_equal(result.count, 0);
    assert_non_null(strstr(buffer_text(&heard.problems), "id この記録はもうここにあります"));
    csv_import_result_free(&result);
    said_free(&heard);
    said_free(&said);
    place_leave(&p);
}

static const char mixed[] = "subject,memo,people,place,place_other\r\n"
                            "甲,よい,1,,\r\n"
                            ",件名がない,1,,\r\n"
                            "丙,,201,,\r\n"
                            "丁,番号は123456789018,\"\n9\",mars,\r\n"
                            "戊,,1,hall,余分\r\n"
                            "己,,1\r\n"
                            "庚,\xFF,1,,\r\n"
                            "辛,よい,2,,\r\n";

static void each_problem_is_named(void **state)
{
    (void)state;
    struct error err = {0};
    struct said said;
    struct csv_import_result result;
    struct strings columns = columns_of("subject,people");
    struct place p = fresh("refused");
    char *refused = file_path(fixture_dir, "refused.csv");
    struct csv_import how = {.encoding = "UTF-8", .refused = refused};
    must(take_in(p.user, &how, mixed, sizeof mixed - 1, &said, &result, &err), &err);
    assert_int_equal(result.rows, 8);
    assert_int_equal(result.refused, 6);
    assert_false(result.kept);
    assert_int_equal(result.count, 0);
    static const char *const told[] = {
        "3 subject ", "4 people ", "5 memo 個人番号", "6 place 「mars」", "7 place_other ほかの欄",
        "8  列が3",   "9  2列目",
    };
    for (size_t i = 0; i < ARRAY_LEN(told); i++)
        if (!strstr(buffer_text(&said.problems), told[i]))
            fail_msg("%s\nin\n%s", told[i], buffer_text(&said.problems));
    assert_null(strstr(buffer_text(&said.problems), "123456789018"));
    said_free(&said);
    csv_import_result_free(&result);
    gives(p.user, &(struct csv_export){.columns = &columns}, "subject,people\r\n");

    struct buffer file = BUFFER_INIT;
    must(file_read(refused, 1 << 20, &file, &err), &err);
    assert_true(str_starts(file.data, "#行,#理由,subject,memo,people,place,place_other\r\n3,"));
    assert_null(strstr(file.data, "123456789018"));
    assert_non_null(strstr(file.data, ",戊,,1,hall,余分\r\n"));
    assert_non_null(strstr(file.data, ",丁,,\"\n9\",mars,\r\n"));
    buffer_free(&file);

    how.dry_run = true;
    how.keep_good = true;
    must(take_in(p.user, &how, mixed, sizeof mixed - 1, &said, &result, &err), &err);
    assert_int_equal(result.count, 0);
    csv_import_result_free(&result);
    said_free(&said);
    gives(p.user, &(struct csv_export){.columns = &columns}, "subject,people\r\n");

    how.dry_run = false;
    must(take_in(p.user, &how, mixed, sizeof mixed - 1, &said, &result, &err), &err);
    assert_int_equal(result.count, 2);
    assert_int_equal(result.records[0].line, 2);
    assert_int_equal(result.records[1].line, 10);
    csv_import_result_free(&result);
    said_free(&said);
    gives(p.user, &(struct csv_export){.columns = &columns}, "subject,people\r\n甲,1\r\n辛,2\r\n");
    strings_free(&columns);
    xfree(&refused);
    place_leave(&p);
}

/* A row sees the rows before it, and one that fails half way leaves nothing. */
static void rules_see_the_rows_before(void **state)
{
    (void)state;
    struct error err = {0};
    struct said said;
    struct csv_import_result result;
    static const char csv[] =
        "氏,名,氏カナ,名カナ,生年月日,都道府県,市区町村,番地,電話,target,relation,info_consent,"
        "person\r\n"
        "桐生,みなと,キリュウ,ミナト,S63.7.14,北峰県,雪見町,1-2,090-1111-2222,town,tourism,yes,\r\n"
        "桐生,みなと,キリュウ,ミナト,S63.7.14,北峰県,雪見町,1-2,090-1111-2222,town,tourism,yes,\r\n"
        "石動,ハル,イスルギ,ハル,S20.3.3,北峰県,白嶺市,3-4,090-3333-4444,town,tourism,yes,"
        "00000000-0000-7000-8000-000000000000\r\n";
    struct place p = fresh("rules");
    struct csv_import how = {.form = "furusato_basic", .keep_good = true, .explained = true};
    must(take_in(p.user, &how, csv, sizeof csv - 1, &said, &result, &err), &err);
    assert_non_null(strstr(buffer_text(&said.problems), "3 ?  同じ人かもしれません: 桐生"));
    assert_non_null(strstr(buffer_text(&said.problems), "4 person "));
    assert_int_equal(result.count, 2);
    assert_true(str_starts(result.records[0].number, "令9-霧沢-FB-00001-"));
    assert_true(str_starts(result.records[1].number, "令9-霧沢-FB-00002-"));
    csv_import_result_free(&result);
    said_free(&said);
    /* Of the row that was refused there is no person either. */
    struct strings columns = columns_of("family_name");
    struct csv_export people = {.form = "person", .columns = &columns};
    gives(p.user, &people, "family_name\r\n桐生\r\n桐生\r\n");
    people.where = "${family_name} = '石動'";
    gives(p.user, &people, "family_name\r\n");
    strings_free(&columns);
    place_leave(&p);
}

/* --- Letters another system lacks --- */

static void a_lacking_letter_stops_its_row(void **state)
{
    (void)state;
    struct error err = {0};
    struct csv_export_result result;
    static const char csv[] =
        "subject,memo\r\n𠮷田,\r\n山田,\r\n辻󠄀,葛󠄁と俱と\xC2\x9B\r\n";
    static const char table[] = "字,代わり,備考\r\n𠮷,吉,つちよし\r\nU+E0100,,\r\n俱,倶,\r\n";
    struct strings columns = columns_of("subject,memo");
    struct place p = fresh("letters");
    takes(p.user, NULL, csv, sizeof csv - 1, 3);
    struct csv_export how = {.columns = &columns, .encoding = "CP932"};
    struct said said = give_out(p.user, &how, &result);
    assert_string_equal(buffer_text(&said.losses), "subject 𠮷 U+20BB7 -> (stopped)\n"
                                                   "subject 辻󠄀 U+8FBB U+E0100 -> (stopped)\n"
                                                   "memo 葛󠄁 U+845B U+E0101 -> (stopped)\n"
                                                   "memo 俱 U+4FF1 -> (stopped)\n"
                                                   "memo \xC2\x9B U+009B -> (stopped)\n");
    assert_string_equal(said.file.data, "subject,memo\r\n\x8E\x52\x93\x63,\r\n");
    assert_int_equal(result.written, 1);
    assert_int_equal(result.stopped, 2);
    said_free(&said);

    how.skip = true;
    said = give_out(p.user, &how, &result);
    assert_int_equal(result.skipped, 2);
    assert_int_equal(result.stopped, 0);
    said_free(&said);

    char *file = file_of("table.csv", table, sizeof table - 1);
    assert_int_equal(substitutions_import(p.user, file, NULL, NULL, &err), E_DENIED);
    struct place admin = place_enter(p.dir, "admin");
    struct substitutions in;
    must(substitutions_import(admin.user, file, NULL, &in, &err), &err);
    assert_int_equal(in.count, 3);
    substitutions_free(&in);
    place_leave(&admin);
    how.skip = false;
    how.substitute = true;
    said = give_out(p.user, &how, &result);
    assert_string_equal(buffer_text(&said.losses), "subject 𠮷 U+20BB7 -> 吉\n"
                                                   "subject 辻󠄀 U+8FBB U+E0100 -> 辻\n"
                                                   "memo 葛󠄁 U+845B U+E0101 -> (stopped)\n"
                                                   "memo 俱 U+4FF1 -> 倶\n"
                                                   "memo \xC2\x9B U+009B -> (stopped)\n");
    said_free(&said);
    how.geta = true;
    said = give_out(p.user, &how, &result);
    assert_int_equal(result.written, 3);
    assert_string_equal(said.file.data, "subject,memo\r\n\x8B\x67\x93\x63,\r\n"
                                        "\x8E\x52\x93\x63,\r\n"
                                        "\x92\xD2,\x81\xAC\x82\xC6\x8B\xE4\x82\xC6\x81\xAC\r\n");
    said_free(&said);
    xfree(&file);
    strings_free(&columns);
    place_leave(&p);
}

static void a_bad_table_is_refused(void **state)
{
    (void)state;
    static const struct {
        const char *csv, *where;
    } rows[] = {
        {"𠮷,吉\r\n", ":1"},
        {"字,代わり\r\n𠮷田,吉田\r\n", ":2"},
        {"字,代わり\r\n𠮷,吉\r\nU+20BB7,土\r\n", ":3"},
        {"字,代わり\r\n吉,吉\r\n", ":2"},
        {"字,代わり\r\n吉\r\n", ":2"},
    };
    struct place p = fresh("table");
    struct place admin = place_enter(p.dir, "admin");
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct error err = {0};
        char *file = file_of("table.csv", rows[i].csv, strlen(rows[i].csv));
        assert_int_equal(substitutions_import(admin.user, file, NULL, NULL, &err), E_PARSE);
        assert_true(str_ends(err.where, rows[i].where));
        xfree(&file);
    }
    place_leave(&admin);
    place_leave(&p);
}

/* A letter the receiver lacks is noted where it is typed, and stops nothing. */
static void a_name_is_noted_quietly(void **state)
{
    (void)state;
    struct error err = {0};
    const struct findings *list;
    struct place p = fresh("note");
    struct entry *entry = begun(p.user, "csv_note", (const char *const[]){"subject=𠮷田", NULL});
    must(entry_findings(entry, true, &list, &err), &err);
    assert_int_equal(list->count, 1);
    assert_int_equal(list->items[0].severity, FINDING_NOTE);
    assert_string_equal(list->items[0].path, "subject");
    assert_non_null(strstr(list->items[0].message, "「𠮷」（U+20BB7、JIS外）"));
    must(entry_type(entry, "subject", "髙田", &err), &err);
    must(entry_findings(entry, true, &list, &err), &err);
    assert_int_equal(list->count, 0);
    entry_free(&entry);
    place_leave(&p);
}

int main(int argc, char **argv)
{
    FIXTURE_CHILDREN(argc, argv);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_untouched_field_goes_out_as_it_came),
        cmocka_unit_test(a_changed_field_goes_out_as_it_is_written_now),
        cmocka_unit_test(everything_comes_back_exactly),
        cmocka_unit_test(headings_and_values_as_people_write_them),
        cmocka_unit_test(a_map_names_what_headings_do_not),
        cmocka_unit_test(what_was_written_out_here_is_not_taken_twice),
        cmocka_unit_test(each_problem_is_named),
        cmocka_unit_test(rules_see_the_rows_before),
        cmocka_unit_test(a_lacking_letter_stops_its_row),
        cmocka_unit_test(a_bad_table_is_refused),
        cmocka_unit_test(a_name_is_noted_quietly),
    };
    return cmocka_run_group_tests(tests, build, fixture_tear);
}
