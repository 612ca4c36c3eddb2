#include "office/paper.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/intl.h"
#include "base/xmem.h"
#include "office/veil.h"
#include "office/office_internal.h"
#include "text/era.h"
#include "text/width.h"

enum {
    PAGE = 78,    /* cells of a line */
    LABEL = 22,   /* of a question */
    BOX = 3,      /* one box and the line before it */
    ROWS = 3,     /* blank rows of a repeat */
    CHOICES = 40, /* more of them are written by name */
};

struct sheet {
    struct buffer *out;
    const struct form *form;
    const char *language;
    int indent;
};

/* --- Lines --- */

static void spaces(struct buffer *out, int cells)
{
    for (int i = 0; i < cells; i++)
        buffer_add_char(out, ' ');
}

static void rule(struct buffer *out)
{
    for (int i = 0; i < PAGE; i++)
        buffer_add_char(out, '-');
    buffer_add_char(out, '\n');
}

/* A text in lines that fit between `left` and the edge; the first goes on where the line stands. */
static void wrapped(struct buffer *out, const char *text, int left)
{
    while (text_width(text) > PAGE - left) {
        size_t fits = text_fit(text, PAGE - left);
        if (!fits)
            break;
        buffer_add(out, text, fits);
        buffer_add_char(out, '\n');
        spaces(out, left);
        text += fits;
    }
    buffer_printf(out, "%s\n", text);
}

/* The question at the left; what is longer takes a line of its own. */
static void ask(struct sheet *s, const struct field *field)
{
    char *label =
        xasprintf("%s%s", field->required ? "*" : " ", label_text(&field->label, s->language));
    int cells = s->indent + text_width(label);
    spaces(s->out, s->indent);
    buffer_add_text(s->out, label);
    if (cells >= LABEL) {
        buffer_add_char(s->out, '\n');
        cells = 0;
    }
    spaces(s->out, LABEL - cells);
    xfree(&label);
}

static void boxes(struct sheet *s, int count, const char *after)
{
    int most = (PAGE - LABEL - 1 - text_width(after)) / BOX;
    buffer_add_char(s->out, '|');
    for (int i = 0; i < count && i < most; i++)
        buffer_add_text(s->out, "__|");
    buffer_printf(s->out, "%s\n", after);
}

static void lines(struct sheet *s, int count)
{
    for (int n = 0; n < count; n++) {
        spaces(s->out, n ? LABEL : 0);
        for (int i = LABEL; i < PAGE; i++)
            buffer_add_char(s->out, '_');
        buffer_add_char(s->out, '\n');
    }
}

/* --- Questions --- */

static long most(const struct field *field, const char *key, long otherwise)
{
    const char *value = field_parameter(field, key);
    return value ? atol(value) : otherwise;
}

static void text_answer(struct sheet *s, const struct field *field)
{
    const char *search = field->search ? field->search : "";
    if (field->appearance & APPEAR_MULTILINE)
        lines(s, 3);
    else if (field->appearance & APPEAR_POSTCODE)
        buffer_add_text(s->out, "|__|__|__| - |__|__|__|__|\n");
    else if (field->appearance & APPEAR_TEL)
        buffer_add_text(s->out, "(            )            -\n");
    else if (field->appearance & APPEAR_CORPORATE_NUMBER)
        boxes(s, 13, "");
    else if (strcmp(search, "name") == 0 || strcmp(search, "kana") == 0 ||
             field->appearance & (APPEAR_KATAKANA | APPEAR_HIRAGANA))
        boxes(s, 18, "");
    else if (field_parameter(field, "max-characters"))
        boxes(s, (int)most(field, "max-characters", 18), "");
    else
        lines(s, 1);
}

static void choices(struct sheet *s, const struct field *field, const char *mark)
{
    int cells = LABEL;
    size_t count = 0;
    for (size_t i = 0; i < field->choices->count; i++)
        count += !field->choices->items[i].removed;
    if (count > CHOICES) {
        lines(s, 1);
        return;
    }
    for (size_t i = 0; i < field->choices->count; i++) {
        const struct choice *choice = &field->choices->items[i];
        if (choice->removed)
            continue;
        char *text = xasprintf("%s %s", mark, label_text(&choice->label, s->language));
        if (cells > LABEL && cells + 3 + text_width(text) > PAGE) {
            buffer_add_char(s->out, '\n');
            spaces(s->out, LABEL);
            cells = LABEL;
        } else if (cells > LABEL) {
            spaces(s->out, 3);
            cells += 3;
        }
        buffer_add_text(s->out, text);
        cells += text_width(text);
        xfree(&text);
    }
    buffer_add_char(s->out, '\n');
}

static void answer(struct sheet *s, const struct field *field)
{
    switch (field->type) {
    case FIELD_SELECT_ONE:
        choices(s, field, "( )");
        return;
    case FIELD_SELECT_MULTIPLE:
        choices(s, field, "[ ]");
        return;
    case FIELD_ACKNOWLEDGE:
        buffer_add_text(s->out, _("[ ] はい\n"));
        return;
    case FIELD_DATE:
        buffer_add_text(s->out, _("大・昭・平・令 |__|__| 年 |__|__| 月 |__|__| 日\n"));
        return;
    case FIELD_DATETIME:
        buffer_add_text(s->out, _("令 |__|__| 年 |__|__| 月 |__|__| 日 |__|__| 時 |__|__| 分\n"));
        return;
    case FIELD_TIME:
        buffer_add_text(s->out, _("|__|__| 時 |__|__| 分\n"));
        return;
    case FIELD_INTEGER:
    case FIELD_RANGE:
        boxes(s, field->appearance & APPEAR_AMOUNT ? 9 : 5,
              field->appearance & APPEAR_AMOUNT ? _(" 円") : "");
        return;
    case FIELD_DECIMAL:
        buffer_add_text(s->out, "|__|__|__|__| . |__|__|\n");
        return;
    case FIELD_IMAGE:
    case FIELD_FILE:
        buffer_add_text(s->out, _("[ ] 写しを受け取った（個人番号の面は受け取らない）\n"));
        return;
    case FIELD_TEXT:
        text_answer(s, field);
        return;
    default:
        lines(s, 1);
    }
}

static void fields(struct sheet *s, struct field *const *list, size_t count);

static void repeat(struct sheet *s, const struct field *field)
{
    for (int row = 1; row <= ROWS; row++) {
        spaces(s->out, s->indent);
        buffer_printf(s->out, "(%d)\n", row);
        s->indent += 2;
        fields(s, field->children, field->child_count);
        s->indent -= 2;
    }
}

/* What the program makes nobody writes. */
static bool is_written(const struct field *field)
{
    return field_is_asked(field) && !field->implicit && !(field->calculation && !field->trigger) &&
           !(field->read_only && field->default_value);
}

static void one(struct sheet *s, const struct field *field)
{
    const char *label = label_text(&field->label, s->language);
    const char *hint = label_text(&field->hint, s->language);
    if (!is_written(field))
        return;
    if (field->type == FIELD_GROUP || field->type == FIELD_REPEAT) {
        if (*label) {
            buffer_printf(s->out, "\n%*s[%s]%s\n", s->indent, "", label,
                          field->relevant ? _(" （当てはまるときだけ）") : "");
        }
        if (field->type == FIELD_REPEAT)
            repeat(s, field);
        else
            fields(s, field->children, field->child_count);
    } else if (field->type == FIELD_NOTE) {
        if (*label && !strstr(label, "${")) {
            spaces(s->out, s->indent + 1);
            wrapped(s->out, label, s->indent + 1);
        }
    } else if (*label) {
        ask(s, field);
        answer(s, field);
        if (*hint && !strstr(hint, "${")) {
            char *text = xasprintf("(%s)", hint);
            spaces(s->out, LABEL);
            wrapped(s->out, text, LABEL);
            xfree(&text);
        }
    }
}

static void fields(struct sheet *s, struct field *const *list, size_t count)
{
    for (size_t i = 0; i < count; i++)
        one(s, list[i]);
}

/* --- Sheets --- */

static void sheet(struct session *session, const struct form *form, const char *number,
                  struct buffer *out)
{
    struct office *office = session->office;
    struct sheet s = {.out = out, .form = form, .language = office_language(office)};
    const char *title = label_text(&form->title, s.language);
    const char *purpose = label_text(&form->purpose, s.language);
    buffer_add_text(out, title);
    char *right = xasprintf(_("紙の受付番号 %s"), number);
    int gap = PAGE - text_width(title) - text_width(right);
    if (gap < 1)
        buffer_add_char(out, '\n');
    spaces(out, gap < 1 ? PAGE - text_width(right) : gap);
    buffer_printf(out, "%s\n%s  %s  %s@%ld\n", right, office_town(office), office_name(office),
                  form->id, form->version);
    xfree(&right);
    buffer_add_text(out, _("受付 令 |__|__| 年 |__|__| 月 |__|__| 日 |__|__| 時 |__|__| 分  "
                           "受けた人 ______________\n"));
    buffer_add_text(out,
                    _("* は必ず要るところです。個人番号（マイナンバー）は書かないでください。\n"));
    rule(out);
    fields(&s, form->top, form->top_count);
    rule(out);
    if (*purpose) {
        char *text = xasprintf(_("利用目的: %s"), purpose);
        wrapped(out, text, 0);
        xfree(&text);
    }
    buffer_add_text(out, _("上の内容に相違ありません。   署名 ______________________________\n\n"));
    buffer_add_text(out, _("職員記入  入力した日 ____________  受付番号 ____________________"
                           "  入力者 ________\n"));
    buffer_add_char(out, '\f');
}

/* "霧沢-紙4F-0001": the office, two digits of the device, so that two counters never print the
 * same, and how many were printed. */
static char *paper_number(struct office *office, long n)
{
    char *number = xasprintf("%s-紙%.2s-%04ld", settings_get(office->settings, "office.short"),
                             office->device, n);
    return number;
}

struct numbering {
    struct office *office;
    long copies, first;
};

static enum status take_numbers(void *context, struct error *err)
{
    struct numbering *n = context;
    char *last = store_fact(n->office->store, "paper.last");
    n->first = strtol(last, NULL, 10) + 1;
    char *next = xasprintf("%ld", n->first + n->copies - 1);
    enum status st = store_set_fact(n->office->store, "paper.last", next, err);
    xfree(&last);
    xfree(&next);
    return st;
}

enum status paper_print(struct session *session, const char *form_id, long copies,
                        struct buffer *out, char path[256], struct error *err)
{
    struct numbering numbers = {session->office, copies, 1};
    const struct form *form;
    enum status st = session_require(session, MAY_ENTER, err);
    if (!st && (copies < 1 || copies > PAPER_COPIES_MAX))
        st = error_set(err, E_LIMIT, _("枚数は1から%dまでです"), PAPER_COPIES_MAX);
    if (!st)
        st = catalogue_form(session->office->catalogue, form_id, 0, &form, err);
    if (!st)
        st = store_transaction(session->office->store, take_numbers, &numbers, err);
    for (long i = 0; !st && i < copies; i++) {
        char *number = paper_number(session->office, numbers.first + i);
        sheet(session, form, number, out);
        xfree(&number);
    }
    if (st)
        return st;
    char *name = xasprintf("paper-%s-%04ld.txt", form_id, numbers.first);
    st = print_text(session->office, name, buffer_text(out), path, err);
    xfree(&name);
    return st;
}

enum status paper_unused(struct session *session, const char *paper_no, struct error *err)
{
    struct form_rows forms;
    struct office *office = session->office;
    if (!*paper_no)
        return OK;
    enum status st = catalogue_forms(office->catalogue, office_language(office), &forms, err);
    for (size_t i = 0; !st && i < forms.count; i++) {
        char *number = record_lookup(office->store, forms.items[i].id, "receipt_no", "paper_no",
                                     paper_no, false);
        bool told = number && *number && veil_text(session, NULL, number) == number;
        if (number)
            st = error_set(err, E_EXISTS, _("紙の受付番号 %s は %s で入力済みです"), paper_no,
                           told ? number : forms.items[i].title);
        xfree(&number);
    }
    form_rows_free(&forms);
    return st;
}
