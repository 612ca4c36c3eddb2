#include "office/card.h"

#include <stdio.h>
#include <string.h>

#include "base/intl.h"
#include "base/xmem.h"
#include "crypto/token.h"
#include "office/entry_internal.h"
#include "office/slip.h"
#include "office/worklist_internal.h"
#include "text/era.h"
#include "text/qr.h"

/* --- What stands on it --- */

static void add_line(struct card_face *face, const char *label, const char *value)
{
    if (!*value)
        return;
    strings_add(&face->lines, label);
    strings_add(&face->lines, value);
}

static void add_fields(struct card_face *face, struct host *host, const struct form *form,
                       const struct record *record)
{
    const char *language = host->form.language;
    char day[ERA_TEXT_SIZE];
    add_line(face, _("町"), office_town(host->office));
    add_line(face, _("様式"), label_text(&form->title, language));
    for (size_t i = 0; i < form->card->fields.count; i++) {
        const struct field *field = form_field(form, form->card->fields.items[i]);
        char *value = host_display(host, field, record_value(record, field->name));
        add_line(face, label_text(&field->label, language), value);
        xfree(&value);
    }
    era_format_day(day, sizeof day, clock_today());
    add_line(face, _("発行日"), day);
}

static enum status sign(struct session *session, const struct form *form,
                        const struct record *record, struct card_face *face, struct error *err)
{
    struct registry_town town;
    struct token token = {.kind = form->person ? TOKEN_PERSON : TOKEN_SHEET,
                          .issued = clock_today()};
    char text[TOKEN_LENGTH + 1];
    snprintf(token.record, sizeof token.record, "%s", record->id);
    if (form->card->until)
        iso_date_parse(&token.until, record_value(record, form->card->until));
    enum status st = registry_town(office_registry(session->office), REGISTRY_NEWEST, &town, err);
    if (st)
        return st;
    if (token_sign(&token, &session_keys(session)->device->seal, town.fingerprint, text))
        face->token = xstrdup(text);
    else
        st = error_set(err, E_INVALID, _("QRに書けない日付です"));
    registry_town_free(&town);
    return st;
}

static enum status may_make(struct session *session, const struct form *form,
                            const struct record *record, struct error *err)
{
    const char *language = office_language(session->office), *state = record_value(record, "state");
    if (!form->card)
        return error_set(err, E_RULE, _("「%s」に、QRを付けて渡すものはありません"),
                         label_text(&form->title, language));
    if (!card_state_good(form, state))
        return error_set(err, E_RULE, _("「%s」は、状態が「%s」のときは出せません"),
                         label_text(&form->card->label, language),
                         state_text(form, state, language));
    return OK;
}

static enum status note_read(struct session *session, const struct form *form, const char *record,
                             struct error *err)
{
    char *name = form_name(form);
    enum status st = record_note_read(session, record, name, err);
    xfree(&name);
    return st;
}

/* *form (may be NULL): the version whose part `card` counts, the newest. */
static enum status make(struct session *session, const char *id, struct card_face *out,
                        const struct form **form, struct error *err)
{
    struct record record;
    struct host host;
    *out = (struct card_face){0};
    enum status st = session_require(session, MAY_ENTER, err);
    if (!st)
        st = record_load_for(session, id, &record, err);
    if (st)
        return st;
    host_init(&host, session);
    st = catalogue_form(session->office->catalogue, record.form, 0, form, err);
    if (!st)
        st = may_make(session, *form, &record, err);
    if (!st)
        st = note_read(session, *form, id, err);
    if (!st)
        st = sign(session, *form, &record, out, err);
    if (!st) {
        out->title = xstrdup(label_text(&(*form)->card->label, host.form.language));
        add_fields(out, &host, *form, &record);
    }
    record_free(&record);
    return st;
}

enum status card_make(struct session *session, const char *record, struct card_face *out,
                      struct error *err)
{
    const struct form *form;
    return make(session, record, out, &form, err);
}

void card_face_free(struct card_face *face)
{
    xfree(&face->token);
    xfree(&face->title);
    strings_free(&face->lines);
}

/* --- On paper --- */

/* In pieces, for whoever has to type it. */
static void add_token(struct buffer *out, const char *token)
{
    enum { PIECE = 51 };
    for (size_t at = 0; token[at]; at += PIECE)
        buffer_printf(out, "%.*s\n", PIECE, token + at);
}

static void add_code(struct buffer *out, const char *token)
{
    struct strings lines = STRINGS_INIT;
    struct error err;
    if (qr_lines(token, QR_PAPER, &lines, &err)) {
        buffer_printf(out, "%s\n", error_text(&err));
        add_token(out, token);
    }
    for (size_t i = 0; i < lines.count; i++)
        buffer_printf(out, "%s\n", lines.items[i]);
    strings_free(&lines);
}

static void add_rows(struct buffer *out, const struct card *card, const char *language)
{
    if (!card->rows)
        return;
    buffer_printf(out, "\n    %s\n", label_text(&card->row_label, language));
    for (long i = 1; i <= card->rows; i++)
        buffer_printf(out,
                      "%3ld "
                      "____________________________________________________________________\n",
                      i);
}

enum status card_print(struct session *session, const char *record, char path[256], char **text,
                       struct error *err)
{
    struct card_face face;
    struct buffer page = BUFFER_INIT;
    const struct form *form;
    enum status st = make(session, record, &face, &form, err);
    if (!st)
        st = print_permit(session, record, err);
    if (!st) {
        buffer_printf(&page, "%s\n\n", face.title);
        for (size_t i = 0; i < face.lines.count; i += 2)
            slip_line(&page, face.lines.items[i], face.lines.items[i + 1]);
        add_code(&page, face.token);
        add_rows(&page, form->card, office_language(session->office));
        char *name = xasprintf("card-%s.txt", record);
        st = print_text(session->office, name, buffer_text(&page), path, err);
        xfree(&name);
    }
    if (text)
        *text = st ? NULL : buffer_steal(&page);
    buffer_free(&page);
    card_face_free(&face);
    return st;
}
