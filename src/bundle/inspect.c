#include "bundle/inspect.h"

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
