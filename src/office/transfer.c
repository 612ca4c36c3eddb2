#include "office/transfer.h"

#include <dirent.h>
#include <stdarg.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/files.h"
#include "base/intl.h"
#include "base/xmem.h"
#include "bundle/apply.h"
#include "bundle/copy.h"
#include "bundle/inspect.h"
#include "office/concern.h"
#include "office/dispose.h"
#include "office/office_internal.h"
#include "office/reference.h"
#include "office/setup_internal.h"
#include "office/transfer_internal.h"
#include "office/veil.h"
#include "store/carried.h"
#include "store/concealed.h"
#include "store/journal.h"
#include "store/transport.h"

char *transfer_peer(struct office *office, const char *device)
{
    struct registry_device known = {0};
    char *name = NULL;
    if (registry_device(office_registry(office), REGISTRY_NEWEST, device, &known, NULL) == OK)
        name = strcmp(known.role, "town") == 0 ? xstrdup(office_town(office))
                                               : xasprintf("%s %s", known.office, known.name);
    registry_device_free(&known);
    return name ? name : xstrdup(office_town(office));
}

/* --- What waits for something before it: files kept in a folder of their own --- */

static char *waiting_dir(struct office *office)
{
    return file_path(office->dir, "bundles/waiting");
}

static void waiting_files(struct office *office, struct strings *out)
{
    char *dir = waiting_dir(office);
    if (file_is_dir(dir))
        transfer_find(dir, out, NULL);
    xfree(&dir);
}

static const char *kind_words(const char *kind)
{
    static const struct {
        const char *kind, *words;
    } kinds[] = {
        {"chain", N_("日締め")}, {"extract", N_("町から")}, {"blobs", N_("添付")},
        {"receipt", N_("受領")}, {"copy", N_("写し")},
    };
    for (size_t i = 0; i < ARRAY_LEN(kinds); i++)
        if (strcmp(kinds[i].kind, kind) == 0)
            return _(kinds[i].words);
    return kind;
}

static void add_waiting(struct office *office, struct transfer_list *out)
{
    struct strings files = STRINGS_INIT;
    waiting_files(office, &files);
    out->items = xreallocarray(out->items, out->count + files.count + 1, sizeof *out->items);
    for (size_t i = 0; i < files.count; i++) {
        struct bundle_summary s;
        if (bundle_summary(files.items[i], &s, NULL))
            continue;
        out->items[out->count++] = (struct transfer_row){
            .incoming = true,
            .waiting = true,
            .number = s.number,
            .kind = kind_words(s.kind),
            .file = xstrdup(strrchr(files.items[i], '/') + 1),
            .peer = transfer_peer(office, s.from),
            .at = xstrdup(""),
            .status = xstrdup(_("前の便を待っています")),
            .id = xstrdup(s.id),
        };
    }
    strings_free(&files);
}

/* It comes again from the stick or not at all: kept here, it goes in by itself. */
static enum status keep_waiting(struct office *office, const char *file, struct error *err)
{
    char *dir = waiting_dir(office);
    bool kept = str_starts(file, dir);
    enum status st = kept ? OK : file_make_dirs(dir, err);
    if (!st && !kept)
        st = bundle_copy(file, dir, NULL, err);
    xfree(&dir);
    return st;
}

/* --- What there is --- */

enum status transfer_list(struct session *session, struct transfer_list *out, struct error *err)
{
    struct transport_bundles rows;
    *out = (struct transfer_list){0};
    enum status st = session_require(session, MAY_READ, err);
    if (!st)
        st = transport_bundles(session->office->store, &rows, err);
    if (st)
        return st;
    add_waiting(session->office, out);
    out->items = xreallocarray(out->items, out->count + rows.count + 1, sizeof *out->items);
    for (size_t i = 0; i < rows.count; i++) {
        const struct transport_bundle *b = &rows.items[i];
        const char *slash = strrchr(b->file, '/');
        const char *status = b->incoming                       ? _("取込済")
                             : strcmp(b->kind, "receipt") == 0 ? _("作成済")
                             : *b->received                    ? _("受領済")
                                                               : _("受領待ち");
        out->items[out->count++] = (struct transfer_row){
            .incoming = b->incoming,
            .number = b->number,
            .kind = kind_words(b->kind),
            .file = xstrdup(slash ? slash + 1 : b->file),
            .peer = transfer_peer(session->office, b->peer),
            .at = xstrdup(b->at),
            .records = b->records,
            .status = xstrdup(status),
            .id = xstrdup(b->id),
        };
    }
    transport_bundles_free(&rows);
    return OK;
}

void transfer_list_free(struct transfer_list *list)
{
    for (size_t i = 0; i < list->count; i++) {
        struct transfer_row *r = &list->items[i];
        char **texts[] = {&r->file, &r->peer, &r->at, &r->status, &r->id};
        for (size_t t = 0; t < ARRAY_LEN(texts); t++)
            xfree(texts[t]);
    }
    xfree(&list->items);
    list->count = 0;
}

enum status transfer_find(const char *dir, struct strings *out, struct error *err)
{
    DIR *d = opendir(dir);
    if (!d)
        return error_errno(err, E_IO, _("フォルダー %s を開けません"), dir);
    for (struct dirent *e; (e = readdir(d));)
        if (e->d_name[0] != '.' && str_ends(e->d_name, ".smb"))
            strings_take(out, file_path(dir, e->d_name));
    closedir(d);
    strings_sort(out);
    return OK;
}

/* On the town the identity of the year opens bundles, elsewhere the device's own. */
static enum status identity(struct session *session, struct key_pair **opened,
                            const struct key_pair **out, struct error *err)
{
    *opened = NULL;
    *out = session->keys->device;
    if (session->office->role != OFFICE_TOWN)
        return OK;
    enum status st = keyring_open(session->office->dir, KEY_TOWN, session->login,
                                  session->keys->user, opened, err);
    *out = *opened;
    return st;
}

typedef enum status (*taking)(struct store *, const struct key_pair *, const char *,
                              struct bundle_applied *, struct error *);

/* What was written for an earlier identity of the town opens as long as that is kept. */
static enum status take_old(struct session *session, taking call, const char *file,
                            struct bundle_applied *applied, struct error *err)
{
    struct office *office = session->office;
    struct strings kept = STRINGS_INIT;
    enum status st = E_NOT_FOUND;
    keyring_list_aside(office->dir, KEY_TOWN, &kept, NULL);
    for (size_t i = 0; st == E_NOT_FOUND && i < kept.count; i++) {
        struct key_pair *old = NULL;
        if (keyring_open_aside(office->dir, KEY_TOWN, kept.items[i], session->login,
                               session->keys->user, &old, NULL) == OK)
            st = call(office->store, old, file, applied, err);
        key_pair_free(&old);
    }
    strings_free(&kept);
    return st;
}

/* --- Confirming --- */

struct confirming {
    struct session *session;
    const char *bundle; /* NULL = everything is asked for */
};

static enum status append_taken(void *context, struct error *err)
{
    const struct confirming *c = context;
    struct store *store = c->session->office->store;
    struct line body = event_body();
    if (c->bundle)
        line_add_text(&body, "bundle", c->bundle);
    else
        line_add_text(&body, "all", "yes");
    struct journal_entry entry = {OP_TAKEN, NULL, NULL, &body};
    enum status st = journal_append(store, c->session->keys, &entry, NULL, err);
    return st || !c->bundle ? st : transport_note_confirmed(store, c->bundle, err);
}

enum status transfer_request_all(struct session *session, struct error *err)
{
    struct confirming c = {session, NULL};
    enum status st = session_require(session, MAY_APPLY, err);
    if (!st && session->office->role == OFFICE_TOWN)
        st = error_set(err, E_RULE, "%s",
                       _("町に求めるのは窓口や巡回端末です。町に欠けがあるときは、窓口で「はじめか"
                         "ら全部」の便を書いてもらってください"));
    return st ? st : store_transaction(session->office->store, append_taken, &c, err);
}

static enum status confirm(struct session *session, const struct bundle_applied *a,
                           struct error *err)
{
    struct confirming c = {session, a->id};
    bool wanted = strcmp(a->kind, "extract") == 0 || strcmp(a->kind, "blobs") == 0;
    if (session->office->role == OFFICE_TOWN || !wanted ||
        transport_confirmed(session->office->store, a->id))
        return OK;
    enum status st = store_transaction(session->office->store, append_taken, &c, err);
    return st || !a->baseless ? st : transfer_request_all(session, err);
}

static void warn(struct transfer_applied *out, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));
static void warn(struct transfer_applied *out, const char *fmt, ...)
{
    va_list ap;
    va_start(ap, fmt);
    strings_take(&out->warnings, xvasprintf(fmt, ap));
    va_end(ap);
}

static void warn_all(struct office *office, const struct bundle_applied *a,
                     struct transfer_applied *out)
{
    enum { MINUTE = 60000, DAY = 24 * 60 * MINUTE };
    if (a->ended)
        warn(
            out, "%s",
            _("失効した端末の送付便です。町が認めた分のほかは保留になります。どう認めるかは、保留の"
              "記録に出ます"));
    if (a->stale)
        warn(out,
             _("ここの登録簿は、送った側より古いものです。町からの便を先に取り込んでください"));
    if (a->missed)
        warn(out, _("町からの前の便が届いていませんでした。その中身は、この便に入っています"));
    if (a->baseless)
        warn(out, _("この便は、ここにない便の続きです。足りない記録があるので、町に全部を求めました"
                    "（次の町あての便で伝わります）"));
    if (a->forks) {
        char *device = transfer_peer(office, a->fork);
        warn(out,
             _("%s "
               "の記録が二つに分かれています（端末の複写か、古い控え）。両方を保留にし、町の判断を"
               "待ちます"),
             device);
        xfree(&device);
    }
    if (a->ahead_ms)
        warn(out, _("送った端末の時計が%lld日ほど進んでいます。日付を確かめてください"),
             (long long)(a->ahead_ms / DAY));
    if (a->back_ms)
        warn(out, _("送った端末の時計が途中で%lld分戻っています。日付を確かめてください"),
             (long long)(a->back_ms / MINUTE));
    if (*a->unknown_form)
        warn(out, _("様式 %s がここにありません。その記録は、様式が届くまで保留です"),
             a->unknown_form);
}

void transfer_applied_free(struct transfer_applied *applied)
{
    xfree(&applied->from);
    strings_free(&applied->changes);
    strings_free(&applied->warnings);
}

/* What cannot be put to use does not take the bundle back: it is tried again at each log-in. */
static void take_up_references(struct office *office, struct transfer_applied *out)
{
    struct error why;
    if (reference_take_up(office, &out->changes, &why))
        warn(out, _("町の参照データを使えるようにできませんでした: %s"), error_text(&why));
}

static enum status take(struct session *session, taking call, const char *file,
                        const char *identity_file, struct transfer_applied *out, struct error *err)
{
    struct office *office = session->office;
    struct key_pair *opened;
    const struct key_pair *key;
    struct bundle_applied applied;
    *out = (struct transfer_applied){0};
    enum status st = session_require(session, MAY_APPLY, err);
    if (!st && identity_file)
        st = setup_read_identity(identity_file, &opened, err);
    else if (!st)
        st = identity(session, &opened, &key, err);
    if (st)
        return st;
    st = call(office->store, identity_file ? opened : key, file, &applied, err);
    if (st == E_NOT_FOUND && !identity_file && office->role == OFFICE_TOWN &&
        take_old(session, call, file, &applied, NULL) == OK)
        st = OK;
    key_pair_free(&opened);
    if (!st && call == bundle_apply)
        st = confirm(session, &applied, err);
    if (!st && call == bundle_apply)
        st = dispose_carry_out(session, err);
    if (!st && applied.entries)
        st = catalogue_prepare(office->catalogue, err);
    if (!st && call == bundle_apply)
        st = concern_look(session, err);
    bool rewrapped = false, withdrawn = false;
    if (!st && call == bundle_apply)
        st = setup_keep_escrow(session, &rewrapped, err);
    if (rewrapped)
        strings_add(&out->changes,
                    _("預託鍵が替わったので、この端末の鍵を新しい預託鍵でも開けるようにしました"));
    if (!st && applied.entries)
        st = setup_withdraw_ended(office, &withdrawn, err);
    if (withdrawn)
        strings_add(&out->changes,
                    _("失効した利用者の鍵では、この端末の鍵を開けられないようにしました"));
    if (st)
        return st;
    if (call == bundle_apply)
        take_up_references(office, out);
    out->from = transfer_peer(office, applied.from);
    out->number = applied.number;
    out->events = applied.events;
    out->records = applied.records;
    out->decisions = applied.decisions;
    out->held = applied.held;
    out->blobs = applied.blobs;
    out->receipt = applied.receipt;
    out->again = applied.again;
    warn_all(office, &applied, out);
    return OK;
}

/* --- After it: what waited, and old files nobody needs --- */

static long take_waiting(struct session *session)
{
    struct strings files = STRINGS_INIT;
    long taken = 0, before;
    waiting_files(session->office, &files);
    do {
        before = taken;
        for (size_t i = 0; i < files.count; i++) {
            struct transfer_applied next;
            if (!file_exists(files.items[i]))
                continue;
            enum status st = take(session, bundle_apply, files.items[i], NULL, &next, NULL);
            transfer_applied_free(&next);
            if (st == E_HELD)
                continue;
            unlink(files.items[i]); /* also one that turned out to be no good */
            taken += !st;
        }
    } while (taken > before);
    strings_free(&files);
    return taken;
}

/* Whom they are for has what is in them. Only what lies in this data directory or was carried out
 * from it is touched: a copy of the directory knows the files of the one it was made from. A stick
 * that is not in the machine keeps its file and its line in the register. What cannot be noted does
 * not take the bundle back: it is told. */
static void remove_superseded(struct session *session, struct transfer_applied *out)
{
    struct store *store = session->office->store;
    struct transport_bundles list;
    struct error why;
    char now[ISO_TIME_SIZE];
    iso_time(now, clock_now());
    if (transport_superseded(store, &list, &why)) {
        warn(out, _("届いた送付便のファイルを片付けられませんでした: %s"), error_text(&why));
        return;
    }
    const char *outcome = session->office->role == OFFICE_TOWN ? _("相手の取込みにより消去")
                                                               : _("町の受領により消去");
    for (size_t i = 0; i < list.count; i++) {
        const char *file = list.items[i].file;
        bool own = str_starts(file, session->office->dir);
        if (!own && !carried_is_out(store, list.items[i].id, file))
            continue;
        bool gone = unlink(file) == 0;
        enum status st = gone ? carried_close_file(store, list.items[i].id, file, now,
                                                   session->login, outcome, &why)
                              : OK;
        if (!st && (gone || own))
            st = transport_removed(store, list.items[i].id, &why);
        if (st)
            warn(out,
                 gone ? _("送付便 %s は消しましたが、そう記せませんでした: %s")
                      : _("送付便 %s がないことを記せませんでした: %s"),
                 file, error_text(&why));
    }
    transport_bundles_free(&list);
}

/* Somebody whom the bundle says to be protected is on papers that were written before; also where
 * what comes after the bundle failed. What cannot be removed does not take the bundle back. *out:
 * NULL when there is nobody to be told. */
static void protect_papers(struct office *office, const char *before, struct transfer_applied *out)
{
    struct error why;
    char *now = concealed_stamp(office->store);
    if (!str_eq(before, now) && veil_papers(office, &why) && out)
        warn(out,
             _("閲覧制限になった人の印刷物（print/）を消せませんでした。手で消してください: %s"),
             error_text(&why));
    xfree(&now);
}

enum status transfer_apply(struct session *session, const char *file, struct transfer_applied *out,
                           struct error *err)
{
    return transfer_apply_with(session, file, NULL, out, err);
}

enum status transfer_apply_with(struct session *session, const char *file, const char *identity,
                                struct transfer_applied *out, struct error *err)
{
    struct error why;
    char *hidden = concealed_stamp(session->office->store);
    enum status st = take(session, bundle_apply, file, identity, out, &why);
    if (st == E_HELD && keep_waiting(session->office, file, err) == OK) {
        error_set(err, E_HELD, _("%s。この便は預かり、届いたら自動で取り込みます"),
                  error_text(&why));
    } else if (st) {
        if (err)
            *err = why;
    } else {
        if (out->receipt || session->office->role == OFFICE_TOWN)
            remove_superseded(session, out);
        out->followed = take_waiting(session);
    }
    protect_papers(session->office, hidden, st ? NULL : out);
    xfree(&hidden);
    return st;
}

enum status transfer_verify(struct session *session, const char *file, const char *identity,
                            struct transfer_applied *out, struct error *err)
{
    return take(session, bundle_verify, file, identity, out, err);
}

enum status transfer_content(const char *file, const char *identity,
                             enum status (*line)(void *context, const char *text, size_t len,
                                                 struct error *err),
                             void *context, struct error *err)
{
    struct key_pair *key = NULL;
    enum status st = setup_read_identity(identity, &key, err);
    if (!st)
        st = bundle_content(file, key->identity, line, context, err);
    key_pair_free(&key);
    return st;
}
