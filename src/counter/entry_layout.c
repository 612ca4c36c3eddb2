#include "counter/entry_layout.h"

#include <string.h>

#include "base/xmem.h"
#include "text/width.h"

enum {
    LABEL = 12,      /* cells a label gets; a longer one takes more and a line of its own */
    BOX = 3,         /* lines of a multi-line text */
    COMPARED = 30,   /* cells for "前回 1,200  -100 (-8.3%)" */
    DATE_CELLS = 18, /* a date in any spelling */
    WIDEST = 120,    /* columns; wider boxes would be no easier to read */
};

/* --- What is where --- */

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

/* --- Rows of a repeat as lines of a table --- */

enum { TABLE_COLUMNS = 12, ROW_NUMBER = 4, INDENT = 4, GROW = 24 };

struct table {
    const struct field *repeat;
    struct {
        const struct field *field;
        int column, cells;
    } columns[TABLE_COLUMNS];
    size_t count; /* 0: its rows stand field under field */
    int indent;
    int rows;     /* placed so far under the last head */
    int row_line; /* of the row being placed */
};

static int choice_cells(const struct field *field)
{
    int cells = 6;
    for (size_t i = 0; i < field->choices->count; i++)
        for (size_t k = 0; k < field->choices->items[i].label.count; k++) {
            int width = text_width(field->choices->items[i].label.items[k].text);
            cells = width > cells ? width : cells;
        }
    return cells < 16 ? cells : 16;
}

/* The least a column needs. */
static int column_cells(const struct field *field)
{
    static const struct {
        enum field_type type;
        int cells;
    } types[] = {{FIELD_INTEGER, 8},  {FIELD_DECIMAL, 8},     {FIELD_RANGE, 8},
                 {FIELD_TIME, 6},     {FIELD_DATE, 10},       {FIELD_DATETIME, 16},
                 {FIELD_BARCODE, 14}, {FIELD_ACKNOWLEDGE, 4}, {FIELD_GEOPOINT, 22}};
    if (field->type == FIELD_SELECT_ONE)
        return choice_cells(field);
    for (size_t i = 0; i < ARRAY_LEN(types); i++)
        if (types[i].type == field->type)
            return types[i].cells + (field->appearance & APPEAR_AMOUNT ? 4 : 0);
    return 14;
}

static bool grows(const struct field *field)
{
    return field->type == FIELD_TEXT || field->type == FIELD_REFERENCE ||
           field->type == FIELD_SELECT_MULTIPLE || field_is_attachment(field);
}

/* Columns from left to right; what room is left goes to those that may need it. */
static void spread(struct table *t, int room)
{
    int growing = 0, column = t->indent + ROW_NUMBER - 1;
    for (size_t i = 0; i < t->count; i++) {
        growing += grows(t->columns[i].field);
        room -= t->columns[i].cells + 3;
    }
    for (size_t i = 0; i < t->count; i++) {
        int more = growing && grows(t->columns[i].field) ? room / growing : 0;
        t->columns[i].cells += more < GROW ? more : GROW;
        t->columns[i].column = column;
        column += t->columns[i].cells + 3;
    }
}

/* A table where every field of a row fits into one line; repeats inside stand below it. */
static void make_table(struct table *t, const struct instance *instance, const struct field *repeat,
                       int columns)
{
    *t = (struct table){.repeat = repeat};
    for (const struct field *f = repeat->repeat; f; f = f->repeat)
        t->indent += INDENT;
    int room = columns - 2 - t->indent - ROW_NUMBER;
    for (size_t i = 0, used = 0; i < repeat->child_count; i++) {
        const struct field *f = repeat->children[i];
        if (f->type == FIELD_REPEAT || !field_is_asked(f))
            continue;
        char *label = instance_label(instance, &f->label, NULL);
        int cells = column_cells(f), name = text_width(label) - 1;
        xfree(&label);
        cells = name > cells && name <= LABEL ? name : cells;
        used += (size_t)cells + 3;
        if (t->count == TABLE_COLUMNS || (int)used > room || f->type == FIELD_GROUP ||
            f->type == FIELD_NOTE || f->appearance & APPEAR_MULTILINE) {
            t->count = 0;
            return;
        }
        t->columns[t->count].field = f;
        t->columns[t->count++].cells = cells;
    }
    spread(t, room);
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
    if (!item->relevant || field->implicit || field->section != section || !field_is_asked(field))
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
    const struct instance *instance;
    int columns, half;
    bool left_taken; /* a short field stands in the left half of the last line */
    bool paired;     /* two stand in one line somewhere */
    struct table *tables;
    size_t table_count;
};

/* NULL for what stands in no repeat. Borrowed until the next one is made. */
static struct table *table_of(struct placing *p, const struct field *repeat)
{
    for (size_t i = 0; i < p->table_count; i++)
        if (p->tables[i].repeat == repeat)
            return &p->tables[i];
    if (!repeat)
        return NULL;
    p->tables = xroom(p->tables, p->table_count, sizeof *p->tables);
    make_table(&p->tables[p->table_count], p->instance, repeat, p->columns);
    return &p->tables[p->table_count++];
}

static struct slot *add_slot(struct placing *p, const struct item *item, enum slot_kind kind)
{
    struct layout *layout = p->layout;
    layout->items = xroom(layout->items, layout->count, sizeof *layout->items);
    struct slot *slot = &layout->items[layout->count++];
    *slot = (struct slot){.kind = kind,
                          .field = item->field,
                          .path = xstrdup(item->path),
                          .row = row_path(item),
                          .height = 1};
    return slot;
}

static void place(struct placing *p, struct slot *slot, int label)
{
    const struct form *form = instance_form(p->instance);
    const struct field *field = slot->field;
    bool compared = slot->kind == SLOT_FIELD && field_is_compared(form, field) &&
                    !(field->appearance & APPEAR_MULTILINE);
    bool pairs = slot->kind == SLOT_FIELD && is_short(field) && label <= LABEL && !compared;
    bool right = pairs && p->left_taken;
    slot->line = right ? p->layout->lines - 1 : p->layout->lines;
    slot->column = right ? p->half : 0;
    slot->label = label < LABEL ? LABEL : label < p->half ? label : p->half;
    slot->height = field->appearance & APPEAR_MULTILINE && slot->kind == SLOT_FIELD ? BOX : 1;
    slot->beside =
        slot->kind == SLOT_FIELD && (field->type == FIELD_DATE || field->type == FIELD_DATETIME);
    int end = pairs && !right ? p->half : p->columns;
    slot->compared = compared && !slot->beside ? COMPARED : 0;
    slot->cells =
        slot->beside ? DATE_CELLS : end - slot->column - slot->label - 5 - slot->compared;
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
        if (layout->items[i].kind == SLOT_FIELD && !layout->items[i].cell &&
            layout->items[i].label > widest)
            widest = layout->items[i].label;
    for (size_t i = 0; i < layout->count; i++) {
        struct slot *slot = &layout->items[i];
        if (slot->kind != SLOT_FIELD || slot->cell)
            continue;
        slot->cells -= slot->beside ? 0 : widest - slot->label;
        slot->label = widest;
    }
}

/* The head of a row takes its line; over the first one stand the labels. */
static void place_row(struct placing *p, struct table *t, const struct item *item)
{
    for (size_t i = 0; !t->rows && i < t->count; i++) {
        struct slot *slot = add_slot(p, item, SLOT_LABEL);
        slot->field = t->columns[i].field;
        slot->line = p->layout->lines;
        slot->column = t->columns[i].column;
        slot->cells = t->columns[i].cells;
    }
    p->layout->lines += !t->rows;
    struct slot *slot = add_slot(p, item, SLOT_ROW);
    slot->line = t->row_line = p->layout->lines++;
    slot->column = t->indent;
    slot->number = ++t->rows;
    p->left_taken = false;
}

/* False when it is no column of the table. */
static bool place_cell(struct placing *p, struct table *t, const struct item *item)
{
    for (size_t i = 0; i < t->count; i++) {
        if (t->columns[i].field != item->field)
            continue;
        struct slot *slot = add_slot(p, item, SLOT_FIELD);
        slot->line = t->row_line;
        slot->column = t->columns[i].column;
        slot->cells = t->columns[i].cells;
        slot->cell = true;
        return true;
    }
    return false;
}

static void place_item(struct placing *p, const struct item *item)
{
    enum slot_kind kind = kind_of(item);
    struct table *around = table_of(p, item->row_head ? item->field : item->field->repeat);
    if (item->row_head && around->count) {
        place_row(p, around, item);
        return;
    }
    if (kind == SLOT_FIELD && around && place_cell(p, around, item))
        return;
    struct slot *slot = add_slot(p, item, kind);
    slot->number = item->row_head ? ++around->rows : 0;
    char *label = instance_label(p->instance, &slot->field->label, slot->path);
    place(p, slot, text_width(label));
    xfree(&label);
    if (kind == SLOT_REPEAT) {
        struct table *own = table_of(p, item->field);
        own->rows = 0;
        slot->column = own->indent;
    }
}

void layout_make(struct layout *layout, const struct instance *instance, int section, int columns)
{
    const struct item *items;
    size_t count = instance_items(instance, &items);
    columns = columns < WIDEST ? columns : WIDEST;
    struct placing p = {
        .layout = layout, .instance = instance, .columns = columns, .half = columns / 2};
    layout_free(layout);
    for (size_t i = 0; i < count; i++)
        if (shown(&items[i], section))
            place_item(&p, &items[i]);
    if (!p.paired)
        align(layout);
    xfree(&p.tables);
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
        if (form->top[i]->section == section &&
            (form->top[i]->type == FIELD_GROUP || form->top[i]->type == FIELD_REPEAT))
            return label_text(&form->top[i]->label, language);
    return "";
}
