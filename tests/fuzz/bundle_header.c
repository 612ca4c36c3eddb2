/* The header of a bundle: refused with a reason, or what was read prints back byte for byte. */
#include <string.h>

#include "base/buffer.h"
#include "bundle/header.h"
#include "fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
    struct bundle_header header;
    struct buffer again = BUFFER_INIT;
    struct error err = {0};
    size_t at = 0;
    if (header_parse(&header, data, len, &at, &err)) {
        if (!*err.detail)
            fuzz_fail("refused without a word");
        return 0;
    }
    header_print(&header, &again);
    if (at > len || again.len != at || memcmp(again.data, data, at) != 0)
        fuzz_fail("a header that does not print back");
    buffer_clear(&again);
    header_json(&header, &again);
    header_free(&header);
    buffer_free(&again);
    return 0;
}
