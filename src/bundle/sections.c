#include "bundle/sections.h"

void checkpoint_message(struct buffer *out, const char *town, const char *device, int64_t seq,
                        const char *head)
{
    struct line line = LINE_INIT;
    line_add_text(&line, "town", town);
    line_add_text(&line, "device", device);
    line_add_number(&line, "seq", seq);
    line_add_text(&line, "head", head);
    line_write(&line, out);
    line_free(&line);
}
