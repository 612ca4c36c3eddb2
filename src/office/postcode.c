#include "office/postcode.h"

#include <stdio.h>
#include <string.h>

#include "base/intl.h"
#include "base/strings.h"
#include "base/xmem.h"
#include "office/entry_internal.h"
#include "office/reference.h"
#include "store/gazetteer.h"

/* --- The book --- */

static enum status open_book(struct office *office, struct gazetteer **out, struct error *err)
{
    enum status st = office->gazetteer ? OK : gazetteer_open(office->dir, &office->gazetteer, err);
    *out = office->gazetteer;
    return st;
}

enum status postcode_import(struct session *session, const char *file, const char *encoding,
                            long *count, struct error *err)
{
    long number;
    enum status st = session_require(session, MAY_ADMINISTER, err);
    if (!st)
        st = reference_may_import(session, REFERENCE_POSTCODES, err);
    if (!st)
        st = gazetteer_import(session->office->dir, file, encoding, count, err);
    return st ? st : reference_publish(session, REFERENCE_POSTCODES, file, encoding, &number, err);
}

enum status postcode_find(struct office *office, const char *text, long limit,
                          struct postal_areas *out, struct error *err)
{
    struct gazetteer *book;
    *out = (struct postal_areas){0};
    enum status st = open_book(office, &book, err);
    return st ? st : gazetteer_find(book, text, limit, out, err);
}

char *postcode_line(const struct postal_area *place)
{
    return xasprintf(*place->note ? "%.3s-%s %s%s%s（%s）" : "%.3s-%s %s%s%s", place->postcode,
                     place->postcode + 3, place->prefecture, place->municipality, place->town,
                     place->note);
}

/* --- The fields of an entry --- */

static const char *part_of(const struct postal_area *place, enum address_part part)
{
    const char *const parts[ADDRESS_PARTS] = {
        [ADDRESS_PREFECTURE] = place->prefecture,
        [ADDRESS_MUNICIPALITY] = place->municipality,
        [ADDRESS_TOWN] = place->town,
        [ADDRESS_KANA] = place->kana,
        [ADDRESS_CODE] = place->municipality_code,
    };
    return parts[part];
}

/* Path of the field for a part: in the same row as the postcode when it is one of a repeat. NULL
 * when the form names none. The caller frees. */
static char *part_path(struct entry *entry, const char *path, enum address_part part)
{
    const struct field *field = form_path_field(entry->form, path);
    const char *name = field ? field_parameter(field, address_part_name(part)) : NULL;
    const struct field *target = name ? form_field(entry->form, name) : NULL;
    const char *slash = strrchr(path, '/');
    if (!target)
        return NULL;
    return target->repeat && slash ? xasprintf("%.*s/%s", (int)(slash - path), path, name)
                                   : xstrdup(name);
}

static const char *part_value(struct entry *entry, const char *path, enum address_part part)
{
    char *target = part_path(entry, path, part);
    const char *value = target ? instance_get(entry->instance, target) : "";
    xfree(&target);
    return value;
}

enum status entry_postal_areas(struct entry *entry, const char *path, const char *typed, long limit,
                               struct postal_areas *out, struct error *err)
{
    const char *prefecture = part_value(entry, path, ADDRESS_PREFECTURE);
    const char *municipality = part_value(entry, path, ADDRESS_MUNICIPALITY);
    const char *address = part_value(entry, path, ADDRESS_TOWN);
    struct office *office = entry->session->office;
    *out = (struct postal_areas){0};
    if (*typed)
        return postcode_find(office, typed, limit, out, err);
    char *text = *municipality || *address ? xasprintf("%s%s%s", prefecture, municipality, address)
                                           : xstrdup("");
    size_t len = strlen(text), least = len - strlen(address);
    enum status st = OK;
    /* 雪見町霧沢3-5 is in no book: shorter until something is, but not shorter than the town. */
    while (!st && *text && !out->count) {
        st = postcode_find(office, text, limit, out, err);
        do
            text[--len] = '\0';
        while (len > 0 && (text[len] & 0xc0) == 0x80);
        if (len < least)
            break;
    }
    xfree(&text);
    return st;
}

/* Was the field filled from one of these places? */
static bool filled_from(const struct postal_areas *places, enum address_part part,
                        const char *value)
{
    for (size_t i = 0; i < places->count; i++)
        if (strcmp(part_of(&places->items[i], part), value) == 0)
            return true;
    return false;
}

/* What may be written over: what is blank, what came from the book (a municipality that has its
 * code did: writing over it by hand takes the code out), and what somebody chose another place for.
 * A house number goes on behind the town and stays. */
static bool may_write(const struct postal_areas *before, enum address_part part, const char *now,
                      bool coded, bool chosen)
{
    bool town = part == ADDRESS_TOWN || part == ADDRESS_KANA;
    return !*now || filled_from(before, part, now) || ((chosen || coded) && !town);
}

static enum status fill(struct entry *entry, const char *path, const struct postal_area *place,
                        bool chosen, const struct postal_areas *before, bool *kept,
                        struct error *err)
{
    enum status st = OK;
    bool coded = *part_value(entry, path, ADDRESS_CODE);
    *kept = false;
    for (enum address_part part = 0; !st && part < ADDRESS_PARTS; part++) {
        char *target = part_path(entry, path, part);
        char *now = target ? entry_edit_text(entry, target) : NULL;
        const char *value = part_of(place, part);
        if (target && may_write(before, part, now, coded, chosen) && strcmp(now, value) != 0)
            st = entry_type(entry, target, value, err);
        else if (target && part < ADDRESS_CODE && strcmp(now, value) != 0 &&
                 !(part == ADDRESS_TOWN && *value && str_starts(now, value)))
            *kept = true;
        xfree(&target);
        xfree(&now);
    }
    return st;
}

/* The places of the postcode that stands in the field. */
static enum status places_before(struct entry *entry, const char *path, struct gazetteer *book,
                                 struct postal_areas *out, struct error *err)
{
    const char *value = instance_get(entry->instance, path); /* 009-1001 */
    char digits[8] = "";
    if (strlen(value) == 8)
        snprintf(digits, sizeof digits, "%.3s%s", value, value + 4);
    return gazetteer_postcode(book, digits, out, err);
}

static enum status put_place(struct entry *entry, const char *path, const struct postal_area *place,
                             bool chosen, bool *kept, struct error *err)
{
    struct gazetteer *book;
    struct postal_areas before = {0};
    enum status st = open_book(entry->session->office, &book, err);
    if (!st)
        st = places_before(entry, path, book, &before, err);
    if (!st)
        st = entry_type(entry, path, place->postcode, err);
    if (!st)
        st = fill(entry, path, place, chosen, &before, kept, err);
    postal_areas_free(&before);
    return st;
}

enum status entry_take_area(struct entry *entry, const char *path, const struct postal_area *place,
                            bool *kept, struct error *err)
{
    return put_place(entry, path, place, true, kept, err);
}

/* What all places of a postcode have in common. */
static struct postal_area common_place(const struct postal_areas *places)
{
    struct postal_area common = places->items[0];
    for (size_t i = 1; i < places->count; i++) {
        const struct postal_area *p = &places->items[i];
        if (strcmp(p->town, common.town) != 0)
            common.town = common.kana = "";
        if (strcmp(p->municipality_code, common.municipality_code) != 0)
            common.municipality = common.municipality_code = "";
        if (strcmp(p->prefecture, common.prefecture) != 0)
            common.prefecture = "";
    }
    return common;
}

enum status entry_fill_address(struct entry *entry, const char *path, const char *typed,
                               size_t *count, bool *kept, struct error *err)
{
    struct postal_areas places;
    enum status st = postcode_find(entry->session->office, typed, -1, &places, err);
    *count = places.count;
    *kept = false;
    if (!st && places.count) {
        struct postal_area common = common_place(&places);
        st = put_place(entry, path, &common, false, kept, err);
    }
    postal_areas_free(&places);
    return st;
}
