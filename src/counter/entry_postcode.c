/* Addresses from a postcode: filled while it is typed, chosen from a list with F2. */
#include "base/intl.h"
#include "base/strings.h"
#include "base/xmem.h"
#include "counter/entry_screen.h"
#include "form/answer.h"
#include "office/postcode.h"
#include "ui/dialog.h"
#include "ui/paint.h"

enum { LISTED = 500 };

static bool is_postcode(const struct slot *slot)
{
    return slot && slot->kind == SLOT_FIELD && (slot->field->appearance & APPEAR_POSTCODE) &&
           field_parameter(slot->field, address_part_name(ADDRESS_MUNICIPALITY));
}

/* Said of fields that were not written over. */
static void say_kept(bool kept, const char *otherwise)
{
    screen_message(kept ? STYLE_WARNING : 0, "%s",
                   kept ? _("住所の欄に別のことが書いてあるので、その欄はそのままにしました")
                        : otherwise);
}

void postcode_typed(struct entry_screen *s, const struct slot *slot)
{
    struct error err;
    size_t count;
    bool kept;
    const char *typed = edit_text(&s->view.edit);
    if (!is_postcode(slot) || !answer_full(slot->field, typed))
        return;
    enum status st = entry_fill_address(s->entry, s->focus, typed, &count, &kept, &err);
    if (st == E_NOT_FOUND)
        return; /* there is no book: typing goes on as without */
    if (st)
        desk_refused(&err);
    else if (!count)
        screen_message(
            STYLE_WARNING, "%s",
            _("この番号は郵便番号簿にありません。番号を確かめるか、住所を打ってください"));
    else if (count > 1 && !kept)
        screen_message(0, _("この番号の町域は%zu件です。F2 で選べます"), count);
    else
        say_kept(kept, _("郵便番号から住所を入れました"));
}

static void take(struct entry_screen *s, const struct postal_area *place)
{
    struct error err;
    bool kept;
    if (entry_take_area(s->entry, s->focus, place, &kept, &err))
        desk_refused(&err);
    else
        say_kept(kept, _("郵便番号と住所を入れました"));
    typing_begin(s);
    entry_keep(s);
}

/* Places for what is typed, for the address that is written, or for what is asked; E_CANCELLED:
 * nothing was. */
static enum status look_up(struct entry_screen *s, const char *typed, struct postal_areas *found,
                           struct error *err)
{
    char *asked = NULL;
    enum status st = entry_postal_areas(s->entry, s->focus, typed, LISTED, found, err);
    if (st || found->count)
        return st;
    if (!dialog_prompt(_("郵便番号をさがす"), _("番号の始め、または町の名（漢字・かな・ローマ字）"),
                       typed, &asked))
        return E_CANCELLED;
    st = entry_postal_areas(s->entry, s->focus, asked, LISTED, found, err);
    xfree(&asked);
    return st;
}

bool postcode_choose(struct entry_screen *s)
{
    struct error err;
    struct postal_areas found = {0};
    struct strings rows = STRINGS_INIT, readings = STRINGS_INIT;
    if (!is_postcode(entry_slot(s)))
        return false;
    char *typed = entry_edit_text(s->entry, s->focus);
    enum status st = look_up(s, typed, &found, &err);
    xfree(&typed);
    for (size_t i = 0; i < found.count; i++) {
        strings_take(&rows, postcode_line(&found.items[i]));
        strings_add(&readings, found.items[i].kana);
    }
    if (st && st != E_CANCELLED)
        desk_refused(&err);
    else if (!st && !found.count)
        screen_message(STYLE_WARNING, "%s", _("郵便番号簿に見つかりません"));
    long at = found.count ? dialog_choose(_("郵便番号と町域"), &rows, &readings, 0) : -1;
    if (at >= 0)
        take(s, &found.items[at]);
    strings_free(&rows);
    strings_free(&readings);
    postal_areas_free(&found);
    return true;
}
