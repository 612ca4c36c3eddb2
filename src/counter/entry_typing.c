/* Typing into a field: what it turns into, what the input method looks for, the reading kept along.
 */
#include <string.h>

#include "base/clock.h"
#include "base/xmem.h"
#include "counter/entry_screen.h"
#include "counter/input.h"
#include "form/answer.h"
#include "text/kana.h"

/* What the built-in input method looks for here. */
static enum conversion_kind kind_of(const struct field *field)
{
    const char *search = field->search ? field->search : "";
    if (field->appearance & APPEAR_FAMILY_NAME)
        return CONVERSION_FAMILY_NAME;
    if (field->appearance & APPEAR_GIVEN_NAME)
        return CONVERSION_GIVEN_NAME;
    if ((field->appearance & APPEAR_PLACE_NAME) || strcmp(search, "address") == 0)
        return CONVERSION_PLACE;
    return strcmp(search, "name") == 0 ? CONVERSION_NAME : CONVERSION_PLAIN;
}

/* Letters stay letters where no kana can stand. */
void typing_use_input(struct entry_screen *s)
{
    const struct slot *slot = entry_slot(s);
    static const unsigned letters =
        APPEAR_HANKAKU | APPEAR_POSTCODE | APPEAR_TEL | APPEAR_AMOUNT | APPEAR_CORPORATE_NUMBER;
    if (!slot)
        input_use(CONVERSION_PLAIN);
    else if ((slot->field->type == FIELD_TEXT && !(slot->field->appearance & letters)) ||
             slot->field->type == FIELD_REFERENCE)
        input_use(kind_of(slot->field));
    else
        input_use_none();
}

static char *live(const void *field, const char *text)
{
    return answer_live(field, text);
}

static bool fits(const void *field, const char *text)
{
    struct error err;
    if (answer_fits(field, text, &err) == OK)
        return true;
    desk_refused(&err);
    return false;
}

/* --- The reading of what is typed (氏カナ) --- */

/* Path of the field that holds the reading of this one, NULL when there is none. The caller frees.
 */
static char *reading_path(struct entry_screen *s, const struct slot *slot)
{
    const struct form *form = entry_form(s->entry);
    for (size_t i = 0; slot && i < form->field_count; i++) {
        const struct field *field = form->fields[i];
        if (field->reading_of && strcmp(field->reading_of, slot->field->name) == 0)
            return *slot->row ? xasprintf("%s/%s", slot->row, field->name) : xstrdup(field->name);
    }
    return NULL;
}

static void begin_reading(struct entry_screen *s, const struct slot *slot, const char *text)
{
    char *path = reading_path(s, slot), *kana = path ? entry_edit_text(s->entry, path) : NULL;
    reading_begin(&s->reading, text, kana ? kana : "");
    xfree(&path);
    xfree(&kana);
}

/* The field for the reading follows what was converted here, as far as the whole is known. Who
 * types with another input method types it there too; what is only taken out may come back. */
static void follow_reading(struct entry_screen *s, const struct slot *slot,
                           const struct ui_event *event)
{
    char *path = reading_path(s, slot);
    if (path) {
        reading_change(&s->reading, edit_text(&s->view.edit), event->reading, input_reads);
        char *kana = reading_text(&s->reading);
        if (kana && event->reading) {
            char *katakana = kana_katakana(kana);
            entry_type(s->entry, path, katakana, NULL);
            xfree(&katakana);
        }
        xfree(&kana);
    }
    xfree(&path);
}

bool slot_is_scanned(const struct slot *slot)
{
    return slot && slot->kind == SLOT_FIELD && slot->field->type == FIELD_BARCODE &&
           field_is_record(slot->field);
}

void typing_begin(struct entry_screen *s)
{
    const struct slot *slot = entry_slot(s);
    char *text = slot && slot->kind == SLOT_FIELD && !slot_is_chosen(slot) && !slot_is_scanned(slot)
                     ? entry_edit_text(s->entry, s->focus)
                     : xstrdup("");
    field_set(&s->view, text);
    s->view.edit.lines = slot && slot->height > 1;
    s->view.edit.live = slot ? live : NULL;
    s->view.edit.fits = slot ? fits : NULL;
    s->view.edit.context = slot ? slot->field : NULL;
    typing_use_input(s);
    begin_reading(s, slot, text);
    s->typed = false;
    xfree(&text);
}

/* --- Events --- */

bool typing_event(struct entry_screen *s, const struct slot *slot, const struct ui_event *event)
{
    bool undo = event->type == EVENT_KEY && event->action == ACT_UNDO;
    if (undo || !slot || slot->kind != SLOT_FIELD ||
        instance_read_only(entry_instance(s->entry), slot->path))
        return false;
    if (!field_event(&s->view, event, slot->cells))
        return false;
    follow_reading(s, slot, event);
    if (!s->typed)
        s->typed_at = clock_mono();
    s->typed = true;
    if (event->type == EVENT_TEXT || event->type == EVENT_PASTE)
        postcode_typed(s, slot);
    return true;
}
