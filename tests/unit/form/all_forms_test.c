/* The forms that come with the program: each loads, speaks both languages and asks for nothing the
 * towns have not set. */
#include "form_fixture.h"

#include <glob.h>

#include "form/answer.h"
#include "form/parameter.h"

struct shipped {
    struct workflows *workflows;
    struct town_profile *town;
    struct form *forms[64];
    size_t count;
};

static char *read_all(const char *path)
{
    struct buffer text = BUFFER_INIT;
    struct error err = {0};
    if (file_read(path, 1 << 20, &text, &err))
        fail_msg("%s", error_text(&err));
    return buffer_steal(&text);
}

static struct town_profile *town_of(const char *path)
{
    char *text = read_all(path);
    struct town_profile *town;
    struct error err = {0};
    if (town_profile_load(text, path, &town, &err))
        fail_msg("%s", error_text(&err));
    xfree(&text);
    return town;
}

static void find(const char *pattern, glob_t *found)
{
    char *whole = xasprintf("%s/forms/%s", getenv("SATOMADO_SRCDIR"), pattern);
    assert_int_equal(glob(whole, 0, NULL, found), 0);
    xfree(&whole);
}

static int load_all(void **state)
{
    static struct shipped shipped;
    glob_t found;
    shipped.workflows = shipped_workflows();
    find("towns/okugiri.yaml", &found);
    shipped.town = town_of(found.gl_pathv[0]);
    globfree(&found);
    find("*/*.yaml", &found);
    for (size_t i = 0; i < found.gl_pathc; i++) {
        const char *path = found.gl_pathv[i];
        struct error err = {0};
        if (strstr(path, "/common/") || strstr(path, "/towns/"))
            continue;
        assert_true(shipped.count < ARRAY_LEN(shipped.forms));
        char *text = read_all(path);
        if (form_load(text, path, shipped.workflows, from_common, NULL,
                      &shipped.forms[shipped.count++], &err))
            fail_msg("%s", error_text(&err));
        xfree(&text);
    }
    globfree(&found);
    *state = &shipped;
    return shipped.count < 8;
}

static int free_all(void **state)
{
    struct shipped *shipped = *state;
    for (size_t i = 0; i < shipped->count; i++)
        form_free(&shipped->forms[i]);
    workflows_free(&shipped->workflows);
    town_profile_free(&shipped->town);
    return 0;
}

static void own_texts_load_again(void **state)
{
    struct shipped *s = *state;
    for (size_t i = 0; i < s->count; i++) {
        struct form *again;
        struct error err = {0};
        if (form_load(s->forms[i]->text, s->forms[i]->id, s->workflows, NULL, NULL, &again, &err))
            fail_msg("%s", error_text(&err));
        assert_string_equal(again->text, s->forms[i]->text);
        assert_int_equal(again->field_count, s->forms[i]->field_count);
        assert_int_equal(again->check_count, s->forms[i]->check_count);
        form_free(&again);
    }
}

/* --- Both languages --- */

static bool has(const struct label *label, const char *language)
{
    for (size_t i = 0; i < label->count; i++)
        if (strcmp(label->items[i].language, language) == 0)
            return *label->items[i].text;
    return false;
}

static size_t placeholders(const char *text)
{
    size_t count = 0;
    for (; *text; text++)
        count += *text == '{';
    return count;
}

/* `must`: may not be left out altogether. */
static void speaks_both(const struct form *form, const char *what, const char *name,
                        const struct label *label, bool must)
{
    if (!must && !label->count)
        return;
    if (!has(label, "ja") || !has(label, "en"))
        fail_msg("%s: %s of %s", form->id, what, name);
    if (!placeholders(label_text(label, "ja")) != !placeholders(label_text(label, "en")))
        fail_msg("%s: {} in %s of %s", form->id, what, name);
}

static void fields_speak_both(void **state)
{
    struct shipped *s = *state;
    for (size_t i = 0; i < s->count; i++) {
        const struct form *form = s->forms[i];
        speaks_both(form, "title", "form", &form->title, true);
        speaks_both(form, "purpose", "form", &form->purpose, true);
        for (size_t k = 0; k < form->field_count; k++) {
            const struct field *f = form->fields[k];
            if (f->implicit)
                continue;
            speaks_both(form, "label", f->name, &f->label, true);
            speaks_both(form, "hint", f->name, &f->hint, false);
            speaks_both(form, "guidance_hint", f->name, &f->guidance, false);
            speaks_both(form, "required_message", f->name, &f->required_message, false);
            speaks_both(form, "constraint_message", f->name, &f->constraint_message,
                        f->constraint != NULL);
        }
        for (size_t k = 0; k < form->choice_count; k++)
            for (size_t c = 0; c < form->choices[k]->count; c++)
                speaks_both(form, "choice", form->choices[k]->items[c].name,
                            &form->choices[k]->items[c].label, true);
    }
}

/* What makes a decision go against somebody has words for the notice. */
static void rules_speak_both(void **state)
{
    struct shipped *s = *state;
    for (size_t i = 0; i < s->count; i++) {
        const struct form *form = s->forms[i];
        for (size_t k = 0; k < form->check_count; k++) {
            const struct check *c = &form->checks[k];
            speaks_both(form, "message", c->name, &c->message, true);
            speaks_both(form, "reason", c->name, &c->reason, c->severity == CHECK_DEFICIENCY);
        }
        for (size_t k = 0; k < form->workflow->state_count; k++)
            speaks_both(form, "label", form->workflow->states[k].name,
                        &form->workflow->states[k].label, true);
        for (size_t k = 0; k < form->workflow->action_count; k++)
            speaks_both(form, "label", form->workflow->actions[k].name,
                        &form->workflow->actions[k].label, true);
    }
}

/* A refusal names what is wrong and what to do: correct, look, ask, choose, wait for a day. */
static void says_what_to_do(const struct form *form, const char *name, const struct label *message)
{
    static const char *const words[] = {"ください", "要ります", "できます", "受け付け",
                                        "訂正",     "町へ",     "担当課",   "確認",
                                        "してから", "届です",   "からです", "収受"};
    const char *text = label_text(message, "ja");
    for (size_t i = 0; i < ARRAY_LEN(words); i++)
        if (strstr(text, words[i]))
            return;
    fail_msg("%s.%s does not say what to do: %s", form->id, name, text);
}

static void refusals_say_what_to_do(void **state)
{
    struct shipped *s = *state;
    for (size_t i = 0; i < s->count; i++) {
        const struct form *form = s->forms[i];
        for (size_t k = 0; k < form->field_count; k++)
            if (form->fields[k]->constraint)
                says_what_to_do(form, form->fields[k]->name, &form->fields[k]->constraint_message);
        for (size_t k = 0; k < form->check_count; k++)
            if (form->checks[k].severity <= CHECK_WARNING) {
                says_what_to_do(form, form->checks[k].name, &form->checks[k].message);
                if (!form_field(form, form->checks[k].field) &&
                    !strstr(form->checks[k].sql, "SELECT field,"))
                    fail_msg("%s.%s names no field", form->id, form->checks[k].name);
            }
        for (size_t k = 0; k < form->workflow->action_count; k++)
            if (form->workflow->actions[k].guard)
                says_what_to_do(form, form->workflow->actions[k].name,
                                &form->workflow->actions[k].guard_message);
    }
}

/* --- 届出人・受付: one definition for everything that is brought in --- */

static bool has_check(const struct form *form, const char *name)
{
    for (size_t i = 0; i < form->check_count; i++)
        if (strcmp(form->checks[i].name, name) == 0)
            return true;
    return false;
}

static void what_is_brought_in_says_by_whom(void **state)
{
    static const char *const submitter[] = {"submitter_kind", "agent_name",  "agent_relation",
                                            "agent_address",  "agent_check", "proxy_on",
                                            "proxy_kind",     "proxy_scope"};
    static const char *const reception[] = {"receipt_no",  "received_on", "received_at",
                                            "after_hours", "route",       "receiver",
                                            "paper_no",    "late_reason", "reached_town_on"};
    struct shipped *s = *state;
    const struct form *first = NULL;
    size_t seen = 0;
    for (size_t i = 0; i < s->count; i++) {
        const struct form *form = s->forms[i];
        for (size_t k = 0; k < ARRAY_LEN(reception); k++)
            if (!form_field(form, reception[k]) || !form_field(form, reception[k])->implicit)
                fail_msg("%s has no %s", form->id, reception[k]);
        if ((form->type != FORM_APPLICATION && form->type != FORM_NOTIFICATION) ||
            str_ends(form->id, "_month")) /* an office reports by itself */
            continue;
        first = first ? first : form;
        for (size_t k = 0; k < ARRAY_LEN(submitter); k++) {
            const struct field *field = form_field(form, submitter[k]);
            if (!field || strcmp(label_text(&field->label, "ja"),
                                 label_text(&form_field(first, submitter[k])->label, "ja")) != 0)
                fail_msg("%s does not ask for %s", form->id, submitter[k]);
        }
        if (!has_check(form, "E-PROXY") || !has_check(form, "W-AGENT-ID"))
            fail_msg("%s does not check who brings it", form->id);
        seen++;
    }
    assert_true(seen >= 14);
}

/* --- Names, identity and consent are never copied from the form before --- */

static void people_are_not_copied(void **state)
{
    static const char *const never[] = {"family_name",  "given_name",      "birth_date",
                                        "info_consent", "identity_method", "guardian_name",
                                        "agent_name",   "proxy_kind"};
    struct shipped *s = *state;
    size_t seen = 0;
    for (size_t i = 0; i < s->count; i++)
        for (size_t k = 0; k < ARRAY_LEN(never); k++) {
            const struct field *f = form_field(s->forms[i], never[k]);
            seen += f != NULL;
            assert_false(f && f->copyable);
        }
    assert_true(seen > ARRAY_LEN(never));
}

/* --- What the town sets --- */

static void asked_for(const struct form *form, const struct town_profile *town, const char *key)
{
    bool known = str_starts(key, "town.")
                     ? town_profile_fact(town, key + strlen("town.")) != NULL
                     : town_profile_value(town, key, (struct date){2026, 4, 1}) != NULL;
    if (!known)
        fail_msg("%s asks for %s", form->id, key);
}

static void parameters_are_set(void **state)
{
    struct shipped *s = *state;
    size_t asked = 0;
    for (size_t i = 0; i < s->count; i++)
        for (const char *at = s->forms[i]->text; (at = strstr(at, "param('")); asked++) {
            at += strlen("param('");
            /* within a quoted text the quote is doubled */
            size_t len = strcspn(at += *at == '\'', "'");
            char *key = xstrndup(at, len);
            asked_for(s->forms[i], s->town, key);
            xfree(&key);
        }
    for (size_t i = 0; i < s->count; i++)
        for (size_t k = 0; k < s->forms[i]->retention_count; k++)
            asked_for(s->forms[i], s->town, s->forms[i]->retention[k].parameter);
    for (size_t i = 0; i < s->count; i++)
        for (size_t k = 0; s->forms[i]->workflow && k < s->forms[i]->workflow->clock_count; k++)
            asked_for(s->forms[i], s->town, s->forms[i]->workflow->clocks[k].parameter);
    assert_true(asked > 10);
}

/* What C reads of a town stands there quoted; a calendar of one place is read by the name without
 * the place. */
static bool read_by_program(const char *key, const char *sources)
{
    const char *dot = strchr(strchr(key, '.') + 1, '.');
    char *quoted = xasprintf("\"%.*s\"", (int)(dot ? dot - key : (long)strlen(key)), key);
    bool is = strstr(sources, quoted);
    xfree(&quoted);
    return is;
}

static bool read_by_form(const struct shipped *s, const char *key)
{
    char *quoted = xasprintf("'%s'", key);
    bool is = false;
    for (size_t i = 0; !is && i < s->count; i++) {
        is = strstr(s->forms[i]->text, quoted);
        for (size_t k = 0; k < s->forms[i]->retention_count; k++)
            is = is || strcmp(s->forms[i]->retention[k].parameter, key) == 0;
        const struct workflow *w = s->forms[i]->workflow;
        for (size_t k = 0; w && k < w->clock_count; k++)
            is = is || strcmp(w->clocks[k].parameter, key) == 0;
    }
    xfree(&quoted);
    return is;
}

/* A parameter that changes nothing would be a promise that nobody keeps. */
static void every_parameter_is_read(void **state)
{
    struct shipped *s = *state;
    struct buffer sources = BUFFER_INIT;
    glob_t found;
    char *pattern = xasprintf("%s/src/office/*.c", getenv("SATOMADO_SRCDIR"));
    assert_int_equal(glob(pattern, 0, NULL, &found), 0);
    for (size_t i = 0; i < found.gl_pathc; i++) {
        char *text = read_all(found.gl_pathv[i]);
        buffer_add_text(&sources, text);
        xfree(&text);
    }
    for (size_t i = 0; i < s->town->count; i++) {
        const char *key = s->town->items[i].key;
        if (!read_by_form(s, key) && !read_by_program(key, buffer_text(&sources)))
            fail_msg("nothing reads %s", key);
    }
    assert_false(read_by_program("premium.nothing", buffer_text(&sources)));
    globfree(&found);
    xfree(&pattern);
    buffer_free(&sources);
}

/* --- No 個人番号, whatever the field is for --- */

static void no_field_takes_an_individual_number(void **state)
{
    static const char *const spellings[] = {"123456789018", "1234 5678 9018", "1234-5678-9018",
                                            "１２３４５６７８９０１８",
                                            "番号は1234・5678・9018です"};
    const struct date today = {2026, 11, 24};
    struct shipped *s = *state;
    size_t tried = 0;
    for (size_t i = 0; i < s->count; i++)
        for (size_t k = 0; k < s->forms[i]->field_count; k++) {
            const struct field *f = s->forms[i]->fields[k];
            /* typed, and digits there are no telephone's or company's */
            if (f->implicit || !field_has_value(f) || field_is_attachment(f) ||
                answer_plain_digits(f))
                continue;
            for (size_t n = 0; n < ARRAY_LEN(spellings); n++, tried++) {
                char *value = NULL;
                struct error err = {0};
                enum status st = answer_parse(f, spellings[n], today, &value, &err);
                if (!st || (f->type == FIELD_TEXT && !f->appearance && st != E_RULE))
                    fail_msg("%s.%s takes %s", s->forms[i]->id, f->name, spellings[n]);
                xfree(&value);
            }
        }
    assert_true(tried > 1000);
}

/* calendar.closed.霧沢: of a place only. */
static bool is_of_place(const struct town_profile *town, const char *key)
{
    const char *dot = strrchr(key, '.');
    char *whole = xstrndup(key, dot ? (size_t)(dot - key) : 0);
    bool found = town_profile_parameter(town, whole) != NULL;
    xfree(&whole);
    return found;
}

/* Each town answers what the other is asked. */
static void towns_are_whole(void **state)
{
    struct shipped *s = *state;
    glob_t found;
    find("towns/*.yaml", &found);
    for (size_t i = 0; i < found.gl_pathc; i++) {
        if (str_ends(found.gl_pathv[i], "-demo.yaml")) /* a sample's history, no profile */
            continue;
        struct town_profile *town = town_of(found.gl_pathv[i]);
        const char *code = town_profile_fact(town, "code");
        assert_non_null(code);
        assert_int_equal(strspn(code, "0123456789"), 6);
        assert_int_equal(strlen(code), 6);
        assert_non_null(town_profile_fact(town, "prefecture"));
        for (size_t k = 0; k < town->count; k++) {
            assert_true(has(&town->items[k].label, "ja") && has(&town->items[k].label, "en"));
            assert_true(*town->items[k].article);
            if (!is_of_place(town, town->items[k].key) &&
                !town_profile_parameter(s->town, town->items[k].key))
                fail_msg("%s is of one town only", town->items[k].key);
        }
        for (size_t k = 0; k < s->town->count; k++)
            if (!is_of_place(s->town, s->town->items[k].key) &&
                !town_profile_parameter(town, s->town->items[k].key))
                fail_msg("%s has no %s", found.gl_pathv[i], s->town->items[k].key);
        town_profile_free(&town);
    }
    globfree(&found);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(own_texts_load_again),
        cmocka_unit_test(fields_speak_both),
        cmocka_unit_test(rules_speak_both),
        cmocka_unit_test(refusals_say_what_to_do),
        cmocka_unit_test(what_is_brought_in_says_by_whom),
        cmocka_unit_test(people_are_not_copied),
        cmocka_unit_test(parameters_are_set),
        cmocka_unit_test(towns_are_whole),
        cmocka_unit_test(every_parameter_is_read),
        cmocka_unit_test(no_field_takes_an_individual_number),
    };
    return cmocka_run_group_tests_name("all_forms", tests, load_all, free_all);
}
