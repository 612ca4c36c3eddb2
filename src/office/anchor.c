#include "office/anchor.h"

#include <stdio.h>
#include <string.h>

#include "base/files.h"
#include "base/intl.h"
#include "base/xmem.h"
#include "office/office_internal.h"
#include "store/journal.h"

enum { FILE_LIMIT = 4 << 20 };

/* What is compared stands in lines of its own, whatever language the rest is in. */
#define HEAD_LINE     "chain %s %lld %s\n"
#define HEAD_SCAN     "chain %64s %lld %64s"
#define REGISTRY_LINE "registry %ld %s\n"
#define REGISTRY_SCAN "registry %ld %64s"

static enum status add_heads(struct office *office, struct buffer *text, struct error *err)
{
    struct strings devices = STRINGS_INIT;
    enum status st = journal_devices(office->store, &devices, err);
    for (size_t i = 0; !st && i < devices.count; i++) {
        char hash[HASH_HEX_SIZE], *place = device_place(office, devices.items[i]);
        int64_t seq;
        st = journal_head(office->store, devices.items[i], &seq, hash, err);
        if (!st)
            buffer_printf(text, "%s\n" HEAD_LINE, place, devices.items[i], (long long)seq, hash);
        xfree(&place);
    }
    strings_free(&devices);
    return st;
}

struct noting {
    struct store *store;
    const char *day;
};

static enum status note(void *context, struct error *err)
{
    const struct noting *n = context;
    return store_set_fact(n->store, ANCHOR_FACT, n->day, err);
}

enum status anchor_write(struct session *session, char path[256], struct error *err)
{
    struct office *office = session->office;
    struct registry *r = office_registry(office);
    struct buffer text = BUFFER_INIT;
    char day[ISO_DATE_SIZE], hash[HASH_HEX_SIZE] = "", *name;
    long version = registry_version(r);
    enum status st = session_require(session, MAY_ADMINISTER, err);
    if (st)
        return st;
    iso_date(day, clock_today());
    registry_hash(r, version, hash);
    buffer_printf(&text, _("記録の証し  %s  %s\n\n"), office_town(office), office_name(office));
    buffer_printf(&text, "%s\n\n" REGISTRY_LINE "\n", day, version, hash);
    st = add_heads(office, &text, err);
    buffer_printf(&text, _("\n書いた人 %s   署名 ____________________   封をした日 ____________\n"),
                  session->name);
    name = xasprintf("anchor-%s.txt", day);
    if (!st)
        st = print_text(office, name, text.data, path, err);
    if (!st)
        st = store_transaction(office->store, note, &(struct noting){office->store, day}, err);
    buffer_free(&text);
    xfree(&name);
    return st;
}

static enum status check_line(struct office *office, const char *line, size_t *heads,
                              struct error *err)
{
    char device[HASH_HEX_SIZE], hash[HASH_HEX_SIZE], here[HASH_HEX_SIZE] = "";
    long long seq;
    long version;
    bool same = true;
    if (sscanf(line, HEAD_SCAN, device, &seq, hash) == 3) {
        same = journal_joins(office->store, device, seq, hash);
        ++*heads;
    } else if (sscanf(line, REGISTRY_SCAN, &version, hash) == 2) {
        same = registry_hash(office_registry(office), version, here) && strcmp(here, hash) == 0;
        ++*heads;
    }
    return same ? OK
                : error_set(
                      err, E_CONFLICT,
                      _("証しの「%.100s」がここにありません。データが古いものに戻されたか、書き"
                        "換えられています"),
                      line);
}

enum status anchor_check(struct session *session, const char *file, size_t *heads,
                         struct error *err)
{
    struct buffer text = BUFFER_INIT;
    struct strings lines = STRINGS_INIT;
    *heads = 0;
    enum status st = file_read(file, FILE_LIMIT, &text, err);
    if (!st)
        strings_split(&lines, buffer_text(&text), '\n');
    for (size_t i = 0; !st && i < lines.count; i++)
        st = check_line(session->office, lines.items[i], heads, err);
    if (!st && !*heads)
        st = error_set(err, E_PARSE, _("%s は記録の証しではありません"), file);
    strings_free(&lines);
    buffer_free(&text);
    return st;
}
