/* The town's parameters: refused, or each has a value or none on any day; a value set comes back.
 */
#include "base/xmem.h"
#include "form/parameter.h"
#include "fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
    char *text = fuzz_text(data, len), *changed = NULL;
    struct town_profile *town = NULL;
    struct error err = {0};
    const struct date day = {2026, 11, 24};
    if (town_profile_load(text, "town.yaml", &town, &err)) {
        if (!*err.detail)
            fuzz_fail("refused without a word");
    } else if (town->count) {
        const char *key = town->items[0].key;
        town_profile_value(town, key, day);
        if (town_profile_set(text, key, "3", day, &changed, NULL) == OK) {
            struct town_profile *again = NULL;
            const char *value = NULL;
            if (town_profile_load(changed, "again", &again, &err) == OK)
                value = town_profile_value(again, key, day);
            if (!value || *value != '3')
                fuzz_fail("a value that was set is not there");
            town_profile_free(&again);
        }
    }
    town_profile_free(&town);
    xfree(&changed);
    xfree(&text);
    return 0;
}
