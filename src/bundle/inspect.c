#include "bundle/inspect.h"

#include <string.h>

#include "bundle/reader.h"

enum status bundle_inspect(const char *file, struct buffer *out, struct error *err)
{
    struct reader *reader = NULL;
    enum status st = reader_open(file, NULL, &reader, err);
    if (!st)
        header_print(reader_header(reader), out);
    reader_free(&reader);
    return st;
}

enum status bundle_content(const char *file, const uint8_t identity[AGE_KEY_SIZE], bundle_line line,
                           void *context, struct error *err)
{
    struct reader *reader = NULL;
    uint8_t identities[1][AGE_KEY_SIZE];
    enum status st = reader_open(file, NULL, &reader, err);
    memcpy(identities[0], identity, AGE_KEY_SIZE);
    if (!st)
        st = reader_plain(reader, identities, 1, line, context, err);
    explicit_bzero(identities, sizeof identities);
    reader_free(&reader);
    return st;
}

enum status bundle_summary(const char *file, struct bundle_summary *out, struct error *err)
{
    struct reader *reader = NULL;
    enum status st = reader_open(file, NULL, &reader, err);
    if (!st) {
        const struct bundle_header *header = reader_header(reader);
        header_id(header, out->id);
        memcpy(out->from, header->from, sizeof out->from);
        out->kind = bundle_kind_name(header->kind);
        out->number = (long)header->number;
    }
    reader_free(&reader);
    return st;
}
