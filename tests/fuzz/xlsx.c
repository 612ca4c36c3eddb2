/* An .xlsx file: refused with a word, or rows. */
#include "fuzz.h"
#include "xlsform/read.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
    struct buffer csv = BUFFER_INIT;
    struct error err = {0};
    if (xlsx_read(data, len, &csv, &err) && !*err.detail)
        fuzz_fail("refused without a word");
    buffer_free(&csv);
    return 0;
}
