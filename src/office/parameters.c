#include "office/parameters.h"

#include "base/files.h"
#include "base/xmem.h"
#include "form/parameter.h"
#include "office/office_internal.h"
#include "office/setup.h"
#include "text/era.h"

enum status parameters_set(struct session *session, const char *key, const char *value,
                           const char *from, struct error *err)
{
    struct date day = clock_today();
    char *text = NULL, *changed = NULL;
    enum status st = from ? era_parse(from, 0, clock_today(), &day, err) : OK;
    if (!st)
        st = registry_text(office_registry(session->office), REGISTRY_NEWEST, REGISTRY_PARAMETERS,
                           &text, err);
    if (!st)
        st = town_profile_set(text, key, value, day, &changed, err);
    if (!st)
        st = setup_install_parameters(session, changed, err);
    xfree(&text);
    xfree(&changed);
    return st;
}

enum status parameters_check(const char *file, struct error *err)
{
    struct town_profile *profile = NULL;
    struct buffer text = BUFFER_INIT;
    enum status st = file_read(file, 1 << 20, &text, err);
    if (!st)
        st = town_profile_load(buffer_text(&text), file, &profile, err);
    town_profile_free(&profile);
    buffer_free(&text);
    return st;
}
