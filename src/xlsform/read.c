#include "xlsform/read.h"

#include <libxml/xmlreader.h>
#include <stdlib.h>
#include <string.h>

#include "base/intl.h"
#include "base/strings.h"
#include "base/xmem.h"
#include "text/csv.h"
#include "xlsform/package.h"

enum { SHEETS_MAX = 64, ROWS_MAX = 200000, COLUMNS_MAX = 600, STRINGS_MAX = 400000 };

struct reading {
    struct package *package;
    struct strings shared; /* texts that cells name by number */
    struct buffer *csv;
    struct error *err;
};

/* --- XML: no entities, no DTD, nothing from outside --- */

static void silent(void *context, const char *message, ...)
{
    (void)context;
    (void)message;
}

struct part {
    xmlTextReaderPtr reader;
    struct buffer text;
    const char *name;
    struct error *err;
};

static enum status part_open(struct reading *r, const char *name, struct part *part)
{
    *part = (struct part){.name = name, .err = r->err};
    enum status st = package_part(r->package, name, &part->text, r->err);
    if (st)
        return st;
    part->reader = xmlReaderForMemory(buffer_text(&part->text), (int)part->text.len, NULL, NULL,
                                      XML_PARSE_NONET | XML_PARSE_NOERROR | XML_PARSE_NOWARNING |
                                          XML_PARSE_COMPACT);
    return part->reader ? OK : error_set(r->err, E_PARSE, _("xlsx の中の %s を読めません"), name);
}

static void part_close(struct part *part)
{
    if (part->reader)
        xmlFreeTextReader(part->reader);
    buffer_free(&part->text);
}

/* The next node; *end at the end of the part. */
static enum status part_next(struct part *part, bool *end)
{
    int rc = xmlTextReaderRead(part->reader);
    *end = rc == 0;
    if (rc < 0)
        return error_set(part->err, E_PARSE, _("xlsx の中の %s が壊れています"), part->name);
    int type = rc ? xmlTextReaderNodeType(part->reader) : XML_READER_TYPE_NONE;
    if (type == XML_READER_TYPE_DOCUMENT_TYPE || type == XML_READER_TYPE_ENTITY_REFERENCE)
        return error_set(part->err, E_PARSE, _("xlsx の中の %s に実体の宣言があります"),
                         part->name);
    return OK;
}

static bool part_at(const struct part *part, int type, const char *element)
{
    return xmlTextReaderNodeType(part->reader) == type &&
           strcmp((const char *)xmlTextReaderConstLocalName(part->reader), element) == 0;
}
static bool part_begins(const struct part *part, const char *element)
{
    return part_at(part, XML_READER_TYPE_ELEMENT, element);
}

/* NULL when there is none; the caller frees. */
static char *attribute(const struct part *part, const char *name)
{
    xmlChar *value = xmlTextReaderGetAttribute(part->reader, (const xmlChar *)name);
    char *text = value ? xstrdup((const char *)value) : NULL;
    xmlFree(value);
    return text;
}

/* All text of the element the reader stands at, up to its end; that of `t` elements only with
 * `runs`, and none of the readings (rPh) that Excel keeps above kanji. */
static enum status element_text(struct part *part, bool runs, struct buffer *out)
{
    int depth = xmlTextReaderDepth(part->reader), readings = 0;
    bool end, in_text = !runs;
    enum status st = OK;
    if (xmlTextReaderIsEmptyElement(part->reader))
        return OK;
    while (!(st = part_next(part, &end)) && !end && xmlTextReaderDepth(part->reader) > depth) {
        int type = xmlTextReaderNodeType(part->reader);
        if (part_at(part, XML_READER_TYPE_ELEMENT, "rPh"))
            readings += !xmlTextReaderIsEmptyElement(part->reader);
        else if (part_at(part, XML_READER_TYPE_END_ELEMENT, "rPh"))
            readings--;
        else if (runs && part_begins(part, "t"))
            in_text = true;
        else if (runs && part_at(part, XML_READER_TYPE_END_ELEMENT, "t"))
            in_text = false;
        else if ((type == XML_READER_TYPE_TEXT || type == XML_READER_TYPE_CDATA ||
                  type == XML_READER_TYPE_SIGNIFICANT_WHITESPACE) &&
                 in_text && !readings)
            buffer_add_text(out, (const char *)xmlTextReaderConstValue(part->reader));
    }
    return st;
}

/* --- Shared texts --- */

static enum status read_shared(struct reading *r)
{
    struct part part;
    struct error none;
    bool end = false;
    struct error *err = r->err;
    r->err = &none;
    enum status st = part_open(r, "xl/sharedStrings.xml", &part);
    r->err = err;
    if (st == E_NOT_FOUND) { /* a book of numbers only */
        part_close(&part);
        return OK;
    }
    if (st && err)
        *err = none;
    part.err = err;
    while (!st && !(st = part_next(&part, &end)) && !end) {
        struct buffer text = BUFFER_INIT;
        if (!part_begins(&part, "si"))
            continue;
        if (r->shared.count >= STRINGS_MAX)
            st = error_set(err, E_LIMIT, "%s", _("xlsx の中の文字が多すぎます"));
        else
            st = element_text(&part, true, &text);
        strings_add(&r->shared, buffer_text(&text));
        buffer_free(&text);
    }
    part_close(&part);
    return st;
}

/* --- One sheet --- */

/* "C5" -> 2; -1 when it is none. */
static long column_of(const char *reference)
{
    long column = 0;
    const char *s = reference;
    for (; *s >= 'A' && *s <= 'Z' && column < 1 << 20; s++)
        column = column * 26 + (*s - 'A' + 1);
    return s == reference ? -1 : column - 1;
}

/* A number as XLSForm wants it: 2026112401, not 2026112401.0 or 2.026112401E9. */
static void add_number(struct buffer *out, const char *text)
{
    char *end;
    double number = strtod(text, &end);
    if (end == text || *end || number != (double)(long long)number ||
        !(number > -1e15 && number < 1e15))
        buffer_add_text(out, text);
    else
        buffer_printf(out, "%lld", (long long)number);
}

/* The value of a cell: the reader stands at <c>. */
static enum status cell_value(struct reading *r, struct part *part, struct buffer *out)
{
    int depth = xmlTextReaderDepth(part->reader);
    char *type = attribute(part, "t");
    bool end;
    enum status st = OK;
    if (xmlTextReaderIsEmptyElement(part->reader)) {
        xfree(&type);
        return OK;
    }
    while (!st && !(st = part_next(part, &end)) && !end &&
           xmlTextReaderDepth(part->reader) > depth) {
        struct buffer text = BUFFER_INIT;
        if (part_begins(part, "is")) {
            st = element_text(part, true, out);
        } else if (part_begins(part, "v")) {
            st = element_text(part, false, &text);
            const char *value = buffer_text(&text);
            if (type && strcmp(type, "s") == 0) {
                char *rest;
                unsigned long i = strtoul(value, &rest, 10);
                if (*value && !*rest && i < r->shared.count)
                    buffer_add_text(out, r->shared.items[i]);
            } else if (type && strcmp(type, "b") == 0) {
                buffer_add_text(out, strcmp(value, "1") == 0 ? "TRUE" : "FALSE");
            } else if (!type || strcmp(type, "n") == 0) {
                add_number(out, value);
            } else {
                buffer_add_text(out, value);
            }
        }
        buffer_free(&text);
    }
    xfree(&type);
    return st;
}

static enum status row_limit(struct reading *r)
{
    return error_set(r->err, E_LIMIT, "%s", _("行または列が多すぎます"));
}

/* The cells of a row up to the last that is not empty: the reader stands at <row>. Spreadsheets
 * keep empty cells, formatted ones, far out to the right and below. */
static enum status row_cells(struct reading *r, struct part *part, struct strings *cells)
{
    int depth = xmlTextReaderDepth(part->reader);
    long last = -1;
    bool end = false;
    enum status st = OK;
    bool empty = xmlTextReaderIsEmptyElement(part->reader);
    while (!empty && !st && !(st = part_next(part, &end)) && !end &&
           xmlTextReaderDepth(part->reader) > depth) {
        struct buffer value = BUFFER_INIT;
        if (!part_begins(part, "c"))
            continue;
        char *reference = attribute(part, "r");
        long column = reference ? column_of(reference) : last + 1;
        xfree(&reference);
        st = cell_value(r, part, &value);
        if (!st && (column <= last || (value.len && column >= COLUMNS_MAX)))
            st = row_limit(r);
        last = column;
        while (!st && value.len && cells->count < (size_t)column)
            strings_add(cells, "");
        if (!st && value.len)
            strings_add(cells, buffer_text(&value));
        buffer_free(&value);
    }
    return st;
}

static void write_row(struct reading *r, const struct strings *cells)
{
    csv_add_cell(r->csv, "", 0, CSV_FIRST);
    if (!cells->count)
        csv_add_cell(r->csv, "", 0, CSV_NEXT);
    for (size_t i = 0; i < cells->count; i++)
        csv_add_cell(r->csv, cells->items[i], strlen(cells->items[i]), CSV_NEXT);
    csv_end_row(r->csv);
}

/* One row, and before it the empty ones since the last that was written. */
static enum status read_row(struct reading *r, struct part *part, long number, long *written)
{
    static const struct strings none = STRINGS_INIT;
    struct strings cells = STRINGS_INIT;
    enum status st = row_cells(r, part, &cells);
    if (!st && cells.count && number > ROWS_MAX)
        st = row_limit(r);
    while (!st && cells.count && *written < number - 1) {
        write_row(r, &none);
        ++*written;
    }
    if (!st && cells.count) {
        write_row(r, &cells);
        *written = number;
    }
    strings_free(&cells);
    return st;
}

static enum status read_sheet(struct reading *r, const char *name, const char *path)
{
    struct part part;
    bool end = false;
    long row = 0, written = 0;
    csv_add_cell(r->csv, name, strlen(name), CSV_ALONE);
    csv_end_row(r->csv);
    enum status st = part_open(r, path, &part);
    while (!st && !(st = part_next(&part, &end)) && !end) {
        if (!part_begins(&part, "row"))
            continue;
        char *number = attribute(&part, "r");
        long at = number ? atol(number) : row + 1;
        xfree(&number);
        if (at <= row)
            st = row_limit(r);
        else
            st = read_row(r, &part, at, &written);
        row = at;
    }
    part_close(&part);
    return st;
}

/* --- The book --- */

struct links {
    struct strings ids, paths;
};

/* What the ids of the book's sheets stand for. */
static enum status read_links(struct reading *r, struct links *links)
{
    struct part part;
    bool end = false;
    enum status st = part_open(r, "xl/_rels/workbook.xml.rels", &part);
    while (!st && !(st = part_next(&part, &end)) && !end) {
        if (!part_begins(&part, "Relationship"))
            continue;
        char *id = attribute(&part, "Id"), *target = attribute(&part, "Target");
        char *mode = attribute(&part, "TargetMode");
        if (id && target && (!mode || strcmp(mode, "External") != 0) &&
            links->ids.count < PACKAGE_PARTS_MAX) {
            strings_add(&links->ids, id);
            strings_take(&links->paths,
                         *target == '/' ? xstrdup(target + 1) : xasprintf("xl/%s", target));
        }
        xfree(&id);
        xfree(&target);
        xfree(&mode);
    }
    part_close(&part);
    return st;
}

static enum status read_book(struct reading *r)
{
    struct links links = {STRINGS_INIT, STRINGS_INIT};
    struct part part;
    bool end = false;
    size_t sheets = 0;
    enum status st = read_links(r, &links);
    if (st) {
        strings_free(&links.ids);
        strings_free(&links.paths);
        return st;
    }
    st = part_open(r, "xl/workbook.xml", &part);
    while (!st && !(st = part_next(&part, &end)) && !end) {
        if (!part_begins(&part, "sheet"))
            continue;
        char *name = attribute(&part, "name"), *id = attribute(&part, "r:id");
        long at = id ? strings_find(&links.ids, id) : -1;
        if (++sheets > SHEETS_MAX)
            st = error_set(r->err, E_LIMIT, "%s", _("シートが多すぎます"));
        else if (name && *name && at >= 0)
            st = read_sheet(r, name, links.paths.items[at]);
        xfree(&name);
        xfree(&id);
    }
    part_close(&part);
    strings_free(&links.ids);
    strings_free(&links.paths);
    return st;
}

enum status xlsx_read(const void *data, size_t len, struct buffer *csv, struct error *err)
{
    struct reading r = {.csv = csv, .err = err};
    xmlSetGenericErrorFunc(NULL, silent);
    enum status st = package_open(data, len, &r.package, err);
    if (!st)
        st = read_shared(&r);
    if (!st)
        st = read_book(&r);
    package_close(&r.package);
    strings_free(&r.shared);
    return st;
}
