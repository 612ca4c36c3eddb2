#include "counter/entry_layout.h"

#include <string.h>

#include "base/xmem.h"
#include "text/width.h"

enum {
    LABEL = 12,      /* cells a label gets; a longer one takes more and a line of its own */
    BOX = 3,         /* lines of a multi-line text */
    DATE_CELLS = 18, /* a date in any spelling */
    WIDEST = 120,    /* columns; wider boxes would be no easier to read */
};

/* --- What is where --- */

static bool asked(const struct field *field)
{
    switch (field->type) {
    case FIELD_CALCULATE:
    case FIELD_HIDDEN:
    case FIELD_START:
    case FIELD_END:
    case FIELD_TODAY:
    case FIELD_USERNAME:
    case FIELD_DEVICEID:
        return false;
    default:
        return true;
    }
}

/* Answers that are rarely wider than half a line. */
static bool is_short(const struct field *field)
{
    static const enum field_type types[] = {FIELD_INTEGER, FIELD_DECIMAL,     FIELD_RANGE,
                                            FIELD_TIME,    FIELD_ACKNOWLEDGE, FIELD_BARCODE};
    static const char *const searches[] = {"name", "kana", "phone", "postcode"};
    for (size_t i = 0; i < ARRAY_LEN(types); i++)
        if (field->type == types[i])
            return true;
    for (size_t i = 0; field->search && i < ARRAY_LEN(searches); i++)
        if (strcmp(field->search, searches[i]) == 0)
            return true;
    return field->appearance & (APPEAR_TEL | APPEAR_POSTCODE | APPEAR_AMOUNT);
}

static enum slot_kind kind_of(const struct item *item)
{
    if (item->field->type == FIELD_NOTE)
        return SLOT_NOTE;
    if (item->field->type == FIELD_REPEAT && !item->row_head)
        return SLOT_REPEAT;
    return item->row_head || item->field->type == FIELD_GROUP ? SLOT_HEADING : SLOT_FIELD;
}

static bool shown(const struct item *item, int section)
{
    const struct field *field = item->field;
    if (!item->relevant || field->implicit || field->section != section || !asked(field))
        return false;
    /* The section's own group is named by its tab. */
    return field->type != FIELD_GROUP || (field->parent && field->label.count);
}

/* The path of the nearest row: what stands before the last name, or the head's own path. */
static char *row_path(const struct item *item)
{
    const char *slash = strrchr(item->path, '/');
    if (!*item->row)
        return xstrdup("");
    if (item->row_head || !slash)
        return xstrdup(item->path);
    return xstrndup(item->path, (size_t)(slash - item->path));
}

/* --- Placing --- */

struct placing {
    struct layout *layout;
    int columns, half;
    bool left_taken; /* a short field stands in the left half of the last line */
    bool paired;     /* two stand in one line somewhere */
};

static void place(struct placing *p, struct slot *slot, int label)
{
    const struct field *field = slot->field;
    bool pairs = slot->kind == SLOT_FIELD && is_short(field) && label <= LABEL;
    bool right = pairs && p->left_taken;
    slot->line = right ? p->layout->lines - 1 : p->layout->lines;
    slot->column = right ? p->half : 0;
    slot->label = label < LABEL ? LABEL : label < p->half ? label : p->half;
    slot->height = field->appearance & APPEAR_MULTILINE && slot->kind == SLOT_FIELD ? BOX : 1;
    slot->beside =
        slot->kind == SLOT_FIELD && (field->type == FIELD_DATE || field->type == FIELD_DATETIME);
    int end = pairs && !right ? p->half : p->columns;
    slot->cells = slot->beside ? DATE_CELLS : end - slot->column - slot->label - 5;
    if (slot->kind == SLOT_REPEAT)
        slot->cells = 8;
    if (!right)
        p->layout->lines += slot->height;
    p->left_taken = pairs && !right;
    p->paired = p->paired || right;
}

/* Where every field has a line of its own, their brackets stand under one another. */
static void align(struct layout *layout)
{
    int widest = 0;
    for (size_t i = 0; i < layout->count; i++)
        if (layout->items[i].kind == SLOT_FIELD && layout->items[i].label > widest)
            widest = layout->items[i].label;
    for (size_t i = 0; i < layout->count; i++) {
        struct slot *slot = &layout->items[i];
        if (slot->kind != SLOT_FIELD)
            continue;
        slot->cells -= slot->beside ? 0 : widest - slot->label;
        slot->label = widest;
    }
}

/* Which row of its repeat a heading names. */
static int row_number(const struct layout *layout, const struct slot *head)
{
    int number = 1;
    for (const struct slot *slot = layout->items; slot < head; slot++)
        number = slot->kind == SLOT_REPEAT ? 1 : number + (slot->number > 0);
    return number;
}

void layout_make(struct layout *layout, const struct instance *instance, int section, int columns)
{
    const struct item *items;
    size_t count = instance_items(instance, &items);
    columns = columns < WIDEST ? columns : WIDEST;
    struct placing p = {layout, columns, columns / 2, false, false};
    layout_free(layout);
    layout->items = xcalloc(count + 1, sizeof *layout->items);
    for (size_t i = 0; i < count; i++) {
        if (!shown(&items[i], section))
            continue;
        struct slot *slot = &layout->items[layout->count++];
        slot->kind = kind_of(&items[i]);
        slot->field = items[i].field;
        slot->path = xstrdup(items[i].path);
        slot->row = row_path(&items[i]);
        slot->number = items[i].row_head ? row_number(layout, slot) : 0;
        char *label = instance_label(instance, &slot->field->label, slot->path);
        place(&p, slot, text_width(label));
        xfree(&label);
    }
    if (!p.paired)
        align(layout);
}

void layout_free(struct layout *layout)
{
    for (size_t i = 0; i < layout->count; i++) {
        xfree(&layout->items[i].path);
        xfree(&layout->items[i].row);
    }
    xfree(&layout->items);
    layout->count = 0;
    layout->lines = 0;
}

long layout_find(const struct layout *layout, const char *path)
{
    for (size_t i = 0; i < layout->count; i++)
        if (slot_takes_focus(&layout->items[i]) && strcmp(layout->items[i].path, path) == 0)
            return (long)i;
    return -1;
}

bool slot_takes_focus(const struct slot *slot)
{
    return slot->kind == SLOT_FIELD || slot->kind == SLOT_REPEAT;
}

/* --- Sections --- */

bool section_shown(const struct instance *instance, int section)
{
    const struct item *items;
    size_t count = instance_items(instance, &items);
    for (size_t i = 0; i < count; i++)
        if (shown(&items[i], section))
            return true;
    return false;
}

int section_count(const struct form *form)
{
    int count = 0;
    for (size_t i = 0; i < form->field_count; i++)
        if (form->fields[i]->section >= count)
            count = form->fields[i]->section + 1;
    return count;
}

const char *section_label(const struct form *form, int section, const char *language)
{
    for (size_t i = 0; i < form->top_count; i++)
        if (form->top[i]->section == section && form->top[i]->type == FIELD_GROUP)
            return label_text(&form->top[i]->label, language);
    return "";
}
