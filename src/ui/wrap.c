#include "ui/wrap.h"

#include <string.h>

#include "base/xmem.h"
#include "ui/field.h"
#include "ui/paint.h"

size_t wrap_height(const char *text, int cells)
{
    size_t *starts, count = wrap_lines(text, cells, &starts);
    xfree(&starts);
    return count ? count : 1;
}

int wrap_paint(const char *text, size_t first, int row, int column, int rows, int cells,
               unsigned style)
{
    size_t *starts, count = wrap_lines(text, cells, &starts);
    int painted = 0;
    for (size_t at = first; painted < rows && at < count; at++) {
        size_t end = at + 1 < count ? starts[at + 1] : strlen(text);
        while (end > starts[at] && text[end - 1] == '\n')
            end--;
        char *piece = xstrndup(text + starts[at], end - starts[at]);
        paint_text(row + painted++, column, cells, piece, style);
        xfree(&piece);
    }
    xfree(&starts);
    return painted;
}
