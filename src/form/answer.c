#include "form/answer.h"

#include <ctype.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buffer.h"
#include "base/language.h"
#include "base/xmem.h"
#include "form/evaluate.h"
#include "text/era.h"
#include "text/individual_number.h"
#include "text/kana.h"
#include "text/romaji.h"
#include "text/utf8.h"

enum { NUMBER_DIGITS = 15 }; /* before the point: what a double holds exactly */

/* What a parser needs; text is the typed one without blanks around it, half-width where the type
 * is not text. */
struct typing {
    const struct field *field;
    const char *text;
    struct date today;
    struct error *err;
};

static enum status refuse(const struct typing *t, enum status code, const char *message)
{
    const char *label = label_text(&t->field->label, language_prefer(""));
    error_set(t->err, code, "%s: %s", *label ? label : t->field->name, message);
    return t->err ? error_field(t->err, t->field->name) : code;
}

static char *trimmed(const char *text)
{
    static const char wide_space[] = "\xe3\x80\x80";
    size_t len;
    for (;;) {
        if (str_starts(text, wide_space))
            text += 3;
        else if (*text && isspace((unsigned char)*text))
            text++;
        else
            break;
    }
    len = strlen(text);
    while (len) {
        if (isspace((unsigned char)text[len - 1]))
            len--;
        else if (len >= 3 && !memcmp(text + len - 3, wide_space, 3))
            len -= 3;
        else
            break;
    }
    return xstrndup(text, len);
}
/* Without the bytes of `drop`. */
static char *without(const char *text, const char *drop)
{
    struct buffer out = BUFFER_INIT;
    for (; *text; text++)
        if (!strchr(drop, *text))
            buffer_add_char(&out, *text);
    return buffer_steal(&out);
}
static bool all_digits(const char *text)
{
    return *text && strspn(text, "0123456789") == strlen(text);
}
bool answer_plain_digits(const struct field *field)
{
    switch (field->type) {
    case FIELD_DATE:
    case FIELD_TIME:
    case FIELD_DATETIME:
    case FIELD_CALCULATE:
        return true;
    default:
        return field->appearance & (APPEAR_TEL | APPEAR_CORPORATE_NUMBER);
    }
}

/* --- text and its appearances --- */

static enum status letters(const struct typing *t, char **value)
{
    bool lines = t->field->appearance & APPEAR_MULTILINE;
    if (!utf8_valid(*value, strlen(*value)))
        return refuse(t, E_INVALID, _("文字コードが壊れています。入力し直してください"));
    for (const char *s = *value; *s; s++)
        if (((unsigned char)*s < 0x20 && !(lines && (*s == '\n' || *s == '\t'))) || *s == 0x7f)
            return refuse(t, E_INVALID, _("改行などの制御文字は使えません。取り除いてください"));
    return OK;
}
static char *replace(char **value, char *with)
{
    xfree(value);
    return *value = with;
}
/* Letters typed into a field of kana are read as romaji. */
static void kana_of_letters(char **value)
{
    replace(value, kana_ascii(*value));
    if (strpbrk(*value, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"))
        replace(value, romaji_to_hiragana(*value));
    replace(value, kana_zenkaku(*value));
}
static enum status appear_katakana(const struct typing *t, char **value)
{
    kana_of_letters(value);
    replace(value, kana_katakana(*value));
    replace(value, kana_compose(*value));
    return kana_is_katakana(*value)
               ? OK
               : refuse(t, E_INVALID, _("カタカナで入力してください（例: ヤマダ）"));
}
static enum status appear_hiragana(const struct typing *t, char **value)
{
    kana_of_letters(value);
    replace(value, kana_hiragana(*value));
    replace(value, kana_compose(*value));
    return kana_is_hiragana(*value)
               ? OK
               : refuse(t, E_INVALID, _("ひらがなで入力してください（例: やまだ）"));
}
static enum status appear_zenkaku(const struct typing *t, char **value)
{
    (void)t;
    replace(value, kana_zenkaku(*value));
    return OK;
}
static enum status appear_hankaku(const struct typing *t, char **value)
{
    replace(value, kana_hankaku(*value));
    return kana_is_hankaku(*value)
               ? OK
               : refuse(t, E_INVALID, _("半角の英数字・カナで入力してください"));
}
static void to_digits(char **value, const char *drop)
{
    replace(value, kana_ascii(*value));
    replace(value, kana_plain_hyphens(*value));
    replace(value, without(*value, drop));
}
static enum status appear_postcode(const struct typing *t, char **value)
{
    to_digits(value, "- ");
    if (str_starts(*value, "〒"))
        replace(value, xstrdup(*value + strlen("〒")));
    if (!all_digits(*value) || strlen(*value) != 7)
        return refuse(t, E_INVALID, _("郵便番号は7桁の数字です（例: 384-0000）"));
    replace(value, xasprintf("%.3s-%s", *value, *value + 3));
    return OK;
}
static enum status appear_tel(const struct typing *t, char **value)
{
    to_digits(value, " ");
    for (char *s = *value; *s; s++)
        if (*s == '(' || *s == ')')
            *s = '-';
    if (**value == '-')
        replace(value, xstrdup(*value + 1));
    char *digits = without(*value + (**value == '+'), "-");
    size_t len = strlen(digits);
    bool good = all_digits(digits) &&
                (**value == '+' ? len >= 7 && len <= 15 : *digits == '0' && len >= 10 && len <= 11);
    xfree(&digits);
    if (good)
        return OK;
    return refuse(t, E_INVALID,
                  _("電話番号は市外局番から入力してください（例: 0267-00-0000。海外は + から）"));
}
/* Check digit as 法人番号の指定等に関する省令 第2条 has it. */
static enum status appear_corporate_number(const struct typing *t, char **value)
{
    int sum = 0;
    to_digits(value, "- ");
    if (!all_digits(*value) || strlen(*value) != 13)
        return refuse(t, E_INVALID, _("法人番号は13桁の数字です"));
    for (int n = 1; n <= 12; n++)
        sum += ((*value)[13 - n] - '0') * (n % 2 ? 1 : 2);
    if ((*value)[0] - '0' != 9 - sum % 9)
        return refuse(t, E_INVALID,
                      _("法人番号の検査数字が合いません。書類の番号と見比べてください"));
    return OK;
}

static const struct {
    unsigned appearance;
    enum status (*apply)(const struct typing *t, char **value);
} appearances[] = {
    {APPEAR_ZENKAKU, appear_zenkaku},
    {APPEAR_HANKAKU, appear_hankaku},
    {APPEAR_KATAKANA, appear_katakana},
    {APPEAR_HIRAGANA, appear_hiragana},
    {APPEAR_POSTCODE, appear_postcode},
    {APPEAR_TEL, appear_tel},
    {APPEAR_CORPORATE_NUMBER, appear_corporate_number},
};

static enum status parse_text(const struct typing *t, char **value)
{
    enum status st;
    *value = xstrdup(t->text);
    st = letters(t, value);
    for (size_t i = 0; i < ARRAY_LEN(appearances) && !st; i++)
        if (t->field->appearance & appearances[i].appearance)
            st = appearances[i].apply(t, value);
    return st;
}

/* --- numbers --- */

/* Bounds that the column `parameters` gives. */
static enum status in_bounds(const struct typing *t, const char *number)
{
    const char *start = field_parameter(t->field, "start"), *end = field_parameter(t->field, "end");
    double n = number_of_text(number);
    char *message;
    if ((!start || n >= number_of_text(start)) && (!end || n <= number_of_text(end)))
        return OK;
    if (start && end)
        message = xasprintf(_("%sから%sまでの数で入力してください"), start, end);
    else
        message =
            xasprintf(start ? _("%s以上の数で入力してください") : _("%s以下の数で入力してください"),
                      start ? start : end);
    refuse(t, E_INVALID, message);
    xfree(&message);
    return E_INVALID;
}

static enum status parse_number(const struct typing *t, char **value)
{
    bool whole = t->field->type == FIELD_INTEGER;
    char *text = kana_plain_hyphens(t->text), *s;
    replace(&text, without(text, ", "));
    if (str_ends(text, "円"))
        text[strlen(text) - strlen("円")] = '\0';
    s = text + (*text == '+');
    bool negative = *s == '-';
    s += negative;
    char *point = strchr(s, '.');
    size_t digits = point ? (size_t)(point - s) : strlen(s);
    bool good = digits >= 1 && digits <= NUMBER_DIGITS && strspn(s, "0123456789") == digits;
    if (point)
        good = good && !whole && all_digits(point + 1) && strlen(point + 1) <= 9;
    while (good && s[0] == '0' && isdigit((unsigned char)s[1]))
        s++;
    if (good && strspn(s, "0.") == strlen(s))
        negative = false;
    *value = good ? xasprintf("%s%s", negative ? "-" : "", s) : NULL;
    xfree(&text);
    if (!good)
        return refuse(t, E_INVALID,
                      digits > NUMBER_DIGITS ? _("数は15桁までです")
                      : whole                ? _("整数で入力してください（例: 12）")
                                             : _("数で入力してください（例: 12.5）"));
    return in_bounds(t, *value);
}

/* --- dates and times --- */

static enum status parse_date(const struct typing *t, char **value)
{
    struct date day;
    char iso[ISO_DATE_SIZE];
    struct error why = {0};
    if (!strcmp(t->text, "今日") || !strcmp(t->text, "本日")) {
        day = t->today;
    } else if (era_parse(t->text, ERA_BARE_YEAR, t->today, &day, &why)) {
        char *detail = xstrdup(*why.detail ? why.detail : status_text(why.code));
        refuse(t, E_INVALID, detail);
        xfree(&detail);
        return E_INVALID;
    }
    iso_date(iso, day);
    *value = xstrdup(iso);
    return OK;
}

/* 9:12, 0912, 9時12分, 9時, 午後3:05; seconds are left out. */
static bool read_time(const char *text, int *hour, int *minute)
{
    int add = 0, read = 0;
    if (str_starts(text, "午前") || str_starts(text, "午後")) {
        add = str_starts(text, "午後") ? 12 : 0;
        text += strlen("午前");
    }
    *minute = 0;
    if (all_digits(text) && (strlen(text) == 4 || strlen(text) == 3)) {
        int both = atoi(text);
        *hour = both / 100;
        *minute = both % 100;
    } else if (sscanf(text, "%2d:%2d%n", hour, minute, &read) == 2 && read) {
        if (text[read] && text[read] != ':')
            return false;
    } else if (sscanf(text, "%2d時%n", hour, &read) == 1 && read) {
        const char *rest = text + read;
        if (*rest && (sscanf(rest, "%2d分%n", minute, &read) != 1 || rest[read]))
            return false;
    } else {
        return false;
    }
    if (add && *hour > 12)
        return false;
    if (add)
        *hour = *hour % 12 + add;
    return *hour >= 0 && *hour <= 23 && *minute >= 0 && *minute <= 59;
}
static enum status bad_time(const struct typing *t)
{
    return refuse(t, E_INVALID, _("時刻は 9:12 のように入力してください"));
}
static enum status parse_time(const struct typing *t, char **value)
{
    int hour, minute;
    if (!read_time(t->text, &hour, &minute))
        return bad_time(t);
    *value = xasprintf("%02d:%02d", hour, minute);
    return OK;
}
/* Where the time begins: after the last space, or the last four of 12 (or 11) digits. */
static size_t time_begins(const char *text)
{
    const char *space = strrchr(text, ' ');
    size_t len = strlen(text);
    if (space)
        return (size_t)(space + 1 - text);
    return all_digits(text) && (len == 12 || len == 11) ? len - 4 : 0;
}

enum status answer_moment(const char *typed, struct date today, int64_t *ms, struct error *err)
{
    char *bare = trimmed(typed), *text = kana_ascii(bare);
    struct office_time at = {0};
    enum status st = OK;
    if (!iso_time_parse(ms, text)) {
        size_t time = time_begins(text);
        char *day = xstrndup(text, time), *date = trimmed(day);
        if (!time || !read_time(text + time, &at.hour, &at.minute))
            st = error_set(err, E_INVALID,
                           _("日付と時刻を空白で区切って入力してください（例: R8.11.24 9:12）"));
        else
            st = era_parse(date, ERA_BARE_YEAR, today, &at.date, err);
        if (!st)
            *ms = office_time_ms(&at);
        xfree(&day);
        xfree(&date);
    }
    xfree(&bare);
    xfree(&text);
    return st;
}

static enum status parse_datetime(const struct typing *t, char **value)
{
    int64_t ms;
    char iso[ISO_TIME_SIZE];
    struct error why = {0};
    if (answer_moment(t->text, t->today, &ms, &why)) {
        char *detail = xstrdup(*why.detail ? why.detail : status_text(why.code));
        refuse(t, E_INVALID, detail);
        xfree(&detail);
        return E_INVALID;
    }
    iso_time(iso, ms);
    *value = xstrdup(iso);
    return OK;
}

/* --- choices --- */

/* Letters folded so that full and half width, hiragana and katakana are one. */
static char *choice_key(const char *text)
{
    char *wide = kana_zenkaku(text), *key = kana_katakana(wide);
    xfree(&wide);
    return key;
}
static bool has_label(const struct choice *choice, const char *key)
{
    bool same = false;
    for (size_t i = 0; i < choice->label.count && !same; i++) {
        char *other = choice_key(choice->label.items[i].text);
        same = !strcmp(other, key);
        xfree(&other);
    }
    return same;
}
/* By name, by its number among those still offered, by label in any language. */
static const struct choice *find_choice(const struct choice_list *list, const char *text)
{
    const struct choice *choice = list ? choice_find(list, text) : NULL;
    if (!list || (choice && !choice->removed))
        return choice;
    char *key = choice_key(text);
    long number = all_digits(text) && strlen(text) < 6 ? atol(text) : 0;
    for (size_t i = 0; i < list->count && !choice; i++)
        if (!list->items[i].removed && (--number == 0 || has_label(&list->items[i], key)))
            choice = &list->items[i];
    xfree(&key);
    return choice;
}
static enum status no_choice(const struct typing *t, const char *text)
{
    char *message =
        xasprintf(_("「%s」という選択肢はありません。番号か名前で選んでください"), text);
    refuse(t, E_INVALID, message);
    xfree(&message);
    return E_INVALID;
}
static enum status parse_one(const struct typing *t, char **value)
{
    const struct choice *choice = find_choice(t->field->choices, t->text);
    if (!choice)
        return no_choice(t, t->text);
    *value = xstrdup(choice->name);
    return OK;
}
static enum status parse_multiple(const struct typing *t, char **value)
{
    static const char *const separators[] = {"、", "，", "・", "　", ",", ";"};
    const struct choice_list *list = t->field->choices;
    struct buffer spaced = BUFFER_INIT, out = BUFFER_INIT;
    enum status st = OK;
    if (!list || find_choice(list, t->text)) /* one label that has a separator in it */
        return parse_one(t, value);
    for (const char *s = t->text; *s;) {
        size_t i = 0;
        while (i < ARRAY_LEN(separators) && !str_starts(s, separators[i]))
            i++;
        buffer_add_char(&spaced, i < ARRAY_LEN(separators) ? ' ' : *s);
        s += i < ARRAY_LEN(separators) ? strlen(separators[i]) : 1;
    }
    bool *chosen = xcalloc(list->count + 1, sizeof *chosen);
    char *words = buffer_steal(&spaced), *rest = NULL;
    for (char *word = strtok_r(words, " ", &rest); word && !st; word = strtok_r(NULL, " ", &rest)) {
        const struct choice *choice = find_choice(list, word);
        if (choice)
            chosen[choice - list->items] = true;
        else
            st = no_choice(t, word);
    }
    for (size_t i = 0; i < list->count; i++)
        if (chosen[i])
            buffer_printf(&out, "%s%s", out.len ? " " : "", list->items[i].name);
    *value = buffer_steal(&out);
    xfree(&chosen);
    xfree(&words);
    return st;
}
static enum status parse_acknowledge(const struct typing *t, char **value)
{
    static const char *const yes[] = {"yes", "y", "1",  "はい", "ハイ", "true",
                                      "ok",  "○", "〇", "レ",   "✓",    "済"};
    static const char *const no[] = {"no", "n", "0", "いいえ", "false", "×"};
    for (size_t i = 0; i < ARRAY_LEN(yes); i++)
        if (!strcasecmp(t->text, yes[i])) {
            *value = xstrdup("yes");
            return OK;
        }
    for (size_t i = 0; i < ARRAY_LEN(no); i++)
        if (!strcasecmp(t->text, no[i])) {
            *value = xstrdup("");
            return OK;
        }
    return refuse(t, E_INVALID, _("確認したら「はい」と入力してください"));
}

/* --- others --- */

static enum status parse_geopoint(const struct typing *t, char **value)
{
    char *text = without(t->text, ",");
    double at[4] = {0};
    int read = 0;
    int count = sscanf(text, "%lf %lf %n", &at[0], &at[1], &read);
    for (char *s = text; *s; s++)
        if (!strchr("0123456789.- ", *s))
            count = 0;
    xfree(&text);
    if (count != 2 || !(fabs(at[0]) <= 90) || !(fabs(at[1]) <= 180))
        return refuse(t, E_INVALID,
                      _("緯度と経度を空白で区切って入力してください（例: 36.3500 138.6300）"));
    char *commas = xstrdup(t->text), *rest = NULL;
    struct buffer out = BUFFER_INIT;
    for (char *part = strtok_r(commas, ", ", &rest); part; part = strtok_r(NULL, ", ", &rest))
        buffer_printf(&out, "%s%s", out.len ? " " : "", part);
    xfree(&commas);
    *value = buffer_steal(&out);
    return OK;
}
static enum status parse_reference(const struct typing *t, char **value)
{
    size_t len = strlen(t->text);
    bool good = len == 36 && strspn(t->text, "0123456789abcdef-") == len;
    for (size_t i = 0; i < len && good; i++)
        good = (t->text[i] == '-') == (i == 8 || i == 13 || i == 18 || i == 23);
    if (!good)
        return refuse(t, E_INVALID, _("一覧から記録を選んでください"));
    *value = xstrdup(t->text);
    return OK;
}
/* Only the program knows the hash of a file. */
static enum status parse_attachment(const struct typing *t, char **value)
{
    (void)value;
    return refuse(t, E_INVALID, _("ファイルを選んで添付してください（F2）"));
}
static enum status parse_nothing(const struct typing *t, char **value)
{
    (void)value;
    return refuse(t, E_INVALID, _("この項目には入力できません"));
}

/* Which parser a type has; text types keep what was typed, the others get it trimmed and half
 * width. */
static const struct {
    enum status (*parse)(const struct typing *t, char **value);
    bool as_typed;
    bool free; /* any digits may be typed: asked for an individual number */
} parsers[] = {
    [FIELD_TEXT] = {parse_text, true, true},
    [FIELD_INTEGER] = {parse_number, false, true},
    [FIELD_DECIMAL] = {parse_number, false, true},
    [FIELD_RANGE] = {parse_number, false, true},
    [FIELD_DATE] = {parse_date, false, false},
    [FIELD_TIME] = {parse_time, false, false},
    [FIELD_DATETIME] = {parse_datetime, false, false},
    [FIELD_SELECT_ONE] = {parse_one, false, false},
    [FIELD_SELECT_MULTIPLE] = {parse_multiple, false, false},
    [FIELD_ACKNOWLEDGE] = {parse_acknowledge, false, false},
    [FIELD_NOTE] = {parse_nothing, false, false},
    [FIELD_CALCULATE] = {parse_text, true, false},
    [FIELD_HIDDEN] = {parse_text, true, true},
    [FIELD_BARCODE] = {parse_text, true, true},
    [FIELD_IMAGE] = {parse_attachment, false, false},
    [FIELD_FILE] = {parse_attachment, false, false},
    [FIELD_GEOPOINT] = {parse_geopoint, false, false},
    [FIELD_REFERENCE] = {parse_reference, false, false},
    [FIELD_START] = {parse_datetime, false, false},
    [FIELD_END] = {parse_datetime, false, false},
    [FIELD_TODAY] = {parse_date, false, false},
    [FIELD_USERNAME] = {parse_text, true, true},
    [FIELD_DEVICEID] = {parse_text, true, true},
    [FIELD_GROUP] = {parse_nothing, false, false},
    [FIELD_REPEAT] = {parse_nothing, false, false},
};

#define NUMBER_REFUSED                                                                                \
    N_("個人番号（マイナンバー）と見られる12桁の数字は記録できません。" \
       "番号を除いて入力してください")

enum status answer_free_text(const char *text, struct error *err)
{
    return individual_number_in(text) ? error_set(err, E_RULE, "%s", _(NUMBER_REFUSED)) : OK;
}

enum status answer_parse(const struct field *field, const char *typed, struct date today,
                         char **value, struct error *err)
{
    struct typing t = {field, NULL, today, err};
    bool as_typed = parsers[field->type].as_typed;
    char *bare = trimmed(typed), *half = kana_ascii(bare);
    enum status st = OK;
    *value = NULL;
    t.text = as_typed ? typed : half;
    if (!*bare)
        *value = xstrdup("");
    else if (parsers[field->type].free && !answer_plain_digits(field) &&
             individual_number_in(typed))
        st = refuse(&t, E_RULE, _(NUMBER_REFUSED));
    else
        st = parsers[field->type].parse(&t, value);
    if (!st && parsers[field->type].free)
        st = answer_fits(field, *value, err);
    if (st)
        xfree(value);
    xfree(&bare);
    xfree(&half);
    return st;
}

/* --- as shown --- */

static char *with_commas(const char *number)
{
    struct buffer out = BUFFER_INIT;
    size_t sign = *number == '-', digits = strspn(number + sign, "0123456789");
    buffer_add(&out, number, sign);
    for (size_t i = 0; i < digits; i++) {
        if (i && (digits - i) % 3 == 0)
            buffer_add_char(&out, ',');
        buffer_add_char(&out, number[sign + i]);
    }
    buffer_add_text(&out, number + sign + digits);
    return buffer_steal(&out);
}
static char *choice_labels(const struct choice_list *list, const char *names, const char *language)
{
    struct buffer out = BUFFER_INIT;
    char *words = xstrdup(names), *rest = NULL;
    for (char *name = strtok_r(words, " ", &rest); name; name = strtok_r(NULL, " ", &rest)) {
        const struct choice *choice = list ? choice_find(list, name) : NULL;
        const char *label = choice ? label_text(&choice->label, language) : "";
        if (out.len)
            buffer_add_text(&out, "、");
        buffer_add_text(&out, *label ? label : name);
    }
    xfree(&words);
    return buffer_steal(&out);
}
/* A day or a moment with its day written by `format`; as it is stored when it is none. */
static char *day_text(const char *value, void (*format)(char *, size_t, struct date))
{
    char text[ERA_TEXT_SIZE];
    struct date day;
    int64_t ms;
    if (iso_date_parse(&day, value)) {
        format(text, sizeof text, day);
        return xstrdup(text);
    }
    if (!iso_time_parse(&ms, value))
        return xstrdup(value);
    struct office_time at = office_time_at(ms);
    format(text, sizeof text, at.date);
    return xasprintf("%s %d:%02d", text, at.hour, at.minute);
}
char *answer_display(const struct field *field, const char *value, const char *language)
{
    if (str_empty(value))
        return xstrdup("");
    switch (field->type) {
    case FIELD_DATE:
    case FIELD_DATETIME:
    case FIELD_TODAY:
    case FIELD_START:
    case FIELD_END:
        return day_text(value, era_format);
    case FIELD_SELECT_ONE:
    case FIELD_SELECT_MULTIPLE:
        return choice_labels(field->choices, value, language);
    case FIELD_ACKNOWLEDGE:
    case FIELD_CALCULATE: /* of any kind: now() gives a moment */
        return strcmp(value, "yes") == 0  ? xstrdup(_("はい"))
               : strcmp(value, "no") == 0 ? xstrdup(_("いいえ"))
                                          : day_text(value, era_format);
    default:
        return field->appearance & APPEAR_AMOUNT ? with_commas(value) : xstrdup(value);
    }
}
char *answer_edit_text(const struct field *field, const char *value)
{
    switch (field->type) {
    case FIELD_DATE:
    case FIELD_DATETIME:
        return day_text(value, era_format_short);
    default:
        return xstrdup(value);
    }
}
