#include "office/preferences.h"

#include <string.h>

#include "base/intl.h"
#include "office/office_internal.h"

bool preferences_row(const struct office *office, size_t i, struct preference *out)
{
    if (i >= settings_count())
        return false;
    out->key = settings_row(i, &out->bounds, &out->text);
    out->value = settings_get(office->settings, out->key);
    return true;
}

enum status preferences_set(struct session *session, const char *key, const char *value,
                            struct error *err)
{
    static const char *const made_at_setup[] = {"role",         "town",   "town.root", "office",
                                                "office.short", "device", "device.id"};
    struct office *office = session->office;
    enum status st = session_require(session, MAY_ADMINISTER, err);
    for (size_t i = 0; !st && i < ARRAY_LEN(made_at_setup); i++)
        if (strcmp(key, made_at_setup[i]) == 0)
            st = error_set(err, E_DENIED, _("「%s」は設置のときに決まり、変えられません"), key);
    if (!st)
        st = settings_set(office->settings, key, value, err);
    return st ? st : settings_save(office->settings, office->dir, err);
}
