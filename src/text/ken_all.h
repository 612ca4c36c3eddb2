/*
 * text/ken_all: the postcode book Japan Post gives out (KEN_ALL.CSV, in CP932 with half-width kana,
 * or utf_ken_all.csv): rows as they stand become places one can write into an address.
 */
#ifndef TEXT_KEN_ALL_H
#define TEXT_KEN_ALL_H

#include "base/status.h"
#include "text/csv.h"

struct postal_area {
    const char *postcode;          /* seven digits */
    const char *municipality_code; /* six digits, the last a check digit */
    const char *prefecture;
    const char *municipality; /* with its 郡 */
    const char *municipality_kana;
    const char *town; /* 町域; "" where the book names none (以下に掲載がない場合, 一円) */
    const char *kana; /* of the town, full-width katakana */
    const char *note; /* what the book says of it in parentheses: ranges of numbers, floors */
};

/* Places that own their texts. */
struct postal_areas {
    struct postal_area *items;
    size_t count;
};
void postal_areas_add(struct postal_areas *places, const struct postal_area *place);
void postal_areas_free(struct postal_areas *places);

/* Gets each place; what it points at is gone afterwards. Anything but OK stops. */
typedef enum status (*ken_all_sink)(void *context, const struct postal_area *place,
                                    struct error *err);

/* Reads all rows. A town that goes on over several rows until its parenthesis is closed is one; two
 * towns of one row are two. E_INVALID names the row that is none of this book. */
enum status ken_all_read(struct csv_reader *reader, ken_all_sink sink, void *context,
                         struct error *err);

#endif
