/* What a scanned QR code says, and whether it is to be believed. */
#include <stdio.h>
#include <string.h>

#include "base/intl.h"
#include "base/xmem.h"
#include "form/workflow.h"
#include "crypto/token.h"
#include "office/card.h"
#include "office/office_internal.h"
#include "office/worklist_internal.h"
#include "text/era.h"
#include "text/kana.h"

struct reading {
    struct session *session;
    const struct field *field;
    struct token token;
    struct card_found *out;
};

static void in_words(char out[ERA_TEXT_SIZE], struct date day)
{
    era_format_day(out, ERA_TEXT_SIZE, day);
}

/* --- The token alone --- */

static enum status of_this_town(const struct reading *r, char town[HASH_HEX_SIZE],
                                struct error *err)
{
    struct registry_town here;
    enum status st =
        registry_town(office_registry(r->session->office), REGISTRY_NEWEST, &here, err);
    if (st)
        return st;
    memcpy(town, here.fingerprint, HASH_HEX_SIZE);
    if (!str_starts(town, r->token.town))
        st = error_set(err, E_DENIED, _("ほかの町のQRです。%sのものではありません"), here.name);
    registry_town_free(&here);
    return st;
}

/* A card stays good when the key that signed it ends later: a counter may be replaced. */
static enum status not_revoked(const struct reading *r, const char *device, struct error *err)
{
    struct registry_revocation gone;
    char issued[ISO_DATE_SIZE];
    enum status st = registry_revocation(office_registry(r->session->office), REGISTRY_NEWEST,
                                         device, &gone, NULL);
    if (st)
        return OK;
    iso_date(issued, r->token.issued);
    if (strncmp(issued, gone.at, strlen(issued)) >= 0)
        st = error_set(err, E_CRYPTO,
                       _("失効した端末で作られたQRです。新しいものを作り直してください"));
    registry_revocation_free(&gone);
    return st;
}

static enum status believed(const struct reading *r, struct error *err)
{
    const struct token *token = &r->token;
    struct registry_device device;
    char town[HASH_HEX_SIZE], day[ERA_TEXT_SIZE];
    enum status st = of_this_town(r, town, err);
    if (st)
        return st;
    if (registry_device_like(office_registry(r->session->office), REGISTRY_NEWEST, token->device,
                             &device, NULL))
        return error_set(err, E_CRYPTO,
                         _("この町の登録簿にない端末で作られたQRです。登録簿が古いときは、町からの"
                           "送付便を取り込むと読めます"));
    if (!token_holds(token, device.key, town))
        st = error_set(err, E_CRYPTO,
                       _("QRの署名が合いません。書き換えられたか、読み違えたものです"));
    if (!st)
        st = not_revoked(r, device.id, err);
    if (!st && token->until.year && date_compare(clock_today(), token->until) > 0) {
        in_words(day, token->until);
        st = error_set(err, E_RULE, _("有効期限（%s）を過ぎています"), day);
    }
    r->out->printed_by = device_place(r->session->office, device.id);
    registry_device_free(&device);
    return st;
}

/* --- What is asked for --- */

static enum token_kind kind_of(const struct form *form)
{
    return form->person ? TOKEN_PERSON : TOKEN_SHEET;
}

/* What is asked for is known before the record is here. */
static enum status right_kind(const struct reading *r, struct error *err)
{
    struct strings forms = STRINGS_INIT;
    bool right = !r->field;
    strings_split(&forms, r->field ? r->field->to : "", ' ');
    for (size_t i = 0; !right && i < forms.count; i++) {
        const struct form *form;
        right =
            catalogue_form(r->session->office->catalogue, forms.items[i], 0, &form, NULL) == OK &&
            kind_of(form) == r->token.kind;
    }
    strings_free(&forms);
    if (right)
        return OK;
    return error_set(err, E_INVALID,
                     r->token.kind == TOKEN_PERSON
                         ? _("人の登録証のQRです。ここでは用紙のQRを読み取ります")
                         : _("用紙のQRです。ここでは人の登録証を読み取ります"));
}

/* --- The record --- */

bool card_state_good(const struct form *form, const char *state)
{
    const struct workflow_state *known = workflow_state(form->workflow, state);
    return form->card && known &&
           (form->card->states.count ? strings_find(&form->card->states, state) >= 0
                                     : known->in_force);
}

static enum status still_good(const struct reading *r, const struct form *form,
                              const struct record *record, struct error *err)
{
    const char *state = record_value(record, "state");
    const char *since =
        form->card && form->card->since ? record_value(record, form->card->since) : "";
    struct date day;
    char words[ERA_TEXT_SIZE];
    if (record->merge.disposed)
        return error_set(err, E_RULE, _("廃棄された記録のQRです"));
    if (!card_state_good(form, state))
        return error_set(err, E_RULE, _("このQRはもう使えません（%s: %s）"),
                         label_text(&form->title, office_language(r->session->office)),
                         r->out->state);
    if (!iso_date_parse(&day, since) || date_compare(r->token.issued, day) >= 0)
        return OK;
    in_words(words, day);
    return error_set(err, E_RULE,
                     _("再発行（%s）の前の古いものです。新しいものを読み取ってください"), words);
}

static enum status look_up(const struct reading *r, struct error *err)
{
    struct record record;
    const struct form *form;
    struct session *session = r->session;
    struct card_found *out = r->out;
    if (record_load_for(session, r->token.record, &record, err))
        return error_set(err, E_NOT_FOUND, _("正しいQRですが、その記録がまだここに届いていません"));
    enum status st = catalogue_form(session->office->catalogue, record.form, 0, &form, err);
    if (!st) {
        const char *language = office_language(session->office);
        snprintf(out->form, sizeof out->form, "%s", record.form);
        out->title = xstrdup(record_value(&record, "title"));
        out->receipt_no = xstrdup(record_value(&record, "receipt_no"));
        out->state = xstrdup(state_text(form, record_value(&record, "state"), language));
        if (r->field && !field_points_at(r->field, record.form))
            st = error_set(err, E_INVALID, _("「%s」のQRです。ここでは読み取れません"),
                           label_text(&form->title, language));
    }
    if (!st)
        st = still_good(r, form, &record, err);
    record_free(&record);
    return st;
}

enum status card_read(struct session *session, const struct field *field, const char *text,
                      struct card_found *out, struct error *err)
{
    struct reading r = {.session = session, .field = field, .out = out};
    *out = (struct card_found){0};
    enum status st = session_require(session, MAY_READ, err);
    if (st)
        return st;
    /* A keyboard that writes kana sends full-width letters. */
    char *half = kana_ascii(text);
    char *from = half + strspn(half, " ");
    for (char *end = from + strlen(from); end > from && end[-1] == ' ';)
        *--end = '\0';
    st = token_read(from, &r.token, err);
    xfree(&half);
    snprintf(out->record, sizeof out->record, "%s", r.token.record);
    out->issued = r.token.issued;
    out->until = r.token.until;
    if (!st)
        st = believed(&r, err);
    if (!st)
        st = right_kind(&r, err);
    if (!st)
        st = look_up(&r, err);
    return st;
}

void card_found_free(struct card_found *found)
{
    xfree(&found->title);
    xfree(&found->receipt_no);
    xfree(&found->state);
    xfree(&found->printed_by);
}
