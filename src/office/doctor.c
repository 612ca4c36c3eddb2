/* What a doctor would ask of a data directory (診断). */
#include <dirent.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "base/disk.h"
#include "base/files.h"
#include "base/intl.h"
#include "base/xmem.h"
#include "office/care.h"
#include "office/duty.h"
#include "office/office_internal.h"
#include "office/reference.h"
#include "office/setup.h"
#include "store/attachment.h"
#include "store/backup.h"
#include "store/journal.h"
#include "store/numbers.h"
#include "store/transport.h"
#include "store/verify.h"
#include "text/era.h"

enum {
    SPACE_LEAST = 200 << 20,   /* bytes free */
    BACKUP_DAYS = 2,           /* older than that is a note */
    CLOCK_BACK_MS = 5 * 60000, /* a clock behind the newest event */
    CONTACT_DAYS = 7,          /* since the last receipt */
    NUMBERS_ENOUGH = 500,      /* receipt numbers left of a form */
};

struct examining {
    struct office *office;
    struct care_findings *out;
};

static void add(struct examining *x, enum care_verdict verdict, const char *what, char *answer)
{
    struct care_findings *out = x->out;
    out->items = xroom(out->items, out->count, sizeof *out->items);
    out->items[out->count++] = (struct care_finding){verdict, what, answer};
    if (verdict > out->worst)
        out->worst = verdict;
}

static void collect(void *context, const char *line)
{
    struct buffer *lines = context;
    if (lines->len < 300) /* the first few say enough; journal verify lists all */
        buffer_printf(lines, "%s%.*s", lines->len ? " / " : "", (int)strcspn(line, "\n"), line);
}

static enum status see_file(struct examining *x, struct error *err)
{
    struct buffer lines = BUFFER_INIT;
    struct verified verified;
    struct error why;
    enum status st = store_verify_quick(x->office->store, collect, &lines, &verified, &why);
    if (st == OK)
        add(x, CARE_GOOD, _("データベース"),
            xasprintf(_("ファイルと新しい記録 %lld 件に誤りはありません（すべて見るのは journal "
                        "verify）"),
                      (long long)verified.events));
    else
        add(x, CARE_BAD, _("データベース"),
            xasprintf(_("%s。控えから戻してください（satomado restore 控えのファイル）"),
                      lines.len ? buffer_text(&lines) : error_text(&why)));
    buffer_free(&lines);
    (void)err;
    return OK;
}

/* Files that others on the machine may read. */
static enum status see_modes(struct examining *x, struct error *err)
{
    static const char *const names[] = {"", "keys", STORE_FILE, "drafts.db", ATTACHMENT_FILE};
    struct buffer open_ones = BUFFER_INIT;
    (void)err;
    for (size_t i = 0; i < ARRAY_LEN(names); i++) {
        char *path = file_path(x->office->dir, names[i]);
        struct stat st;
        if (stat(path, &st) == 0 && (st.st_mode & 077))
            buffer_printf(&open_ones, " %s", path);
        xfree(&path);
    }
    if (open_ones.len)
        add(x, CARE_BAD, _("ファイルの権限"),
            xasprintf(_("ほかの利用者にも読めます:%s（chmod go= で閉じてください）"),
                      buffer_text(&open_ones)));
    else
        add(x, CARE_GOOD, _("ファイルの権限"), xstrdup(_("この機械の利用者だけが読めます")));
    buffer_free(&open_ones);
    return OK;
}

static enum status see_space(struct examining *x, struct error *err)
{
    uint64_t bytes;
    char *file = file_path(x->office->dir, STORE_FILE);
    uint64_t size = file_size(file);
    (void)err;
    xfree(&file);
    if (!file_free_space(x->office->dir, &bytes))
        return OK;
    bool tight = bytes < SPACE_LEAST || bytes < size;
    add(x, tight ? CARE_NOTE : CARE_GOOD, _("ディスクの空き"),
        xasprintf(tight
                      ? _("空き %llu MB。控えと送付便を書けなくなります。古い控えを移してください")
                      : _("空き %llu MB"),
                  (unsigned long long)(bytes >> 20)));
    return OK;
}

static enum status see_encryption(struct examining *x, struct error *err)
{
    enum disk_cover cover = disk_cover(x->office->dir);
    bool laptop = x->office->role == OFFICE_LAPTOP;
    (void)err;
    if (cover == DISK_ENCRYPTED)
        add(x, CARE_GOOD, _("ディスクの暗号"), xstrdup(_("暗号化されています")));
    else
        add(x, laptop && cover == DISK_PLAIN ? CARE_BAD : CARE_NOTE, _("ディスクの暗号"),
            xstrdup(cover == DISK_PLAIN
                        ? _("暗号化されていません。機械を盗まれると住民の記録が読まれます（LUKS "
                            "などで暗号化してください）")
                        : _("暗号化されているか分かりません")));
    if (disk_plain_swap())
        add(x, CARE_NOTE, _("スワップ"),
            xstrdup(_("暗号化されていないスワップがあります。切るか、暗号化してください")));
    return OK;
}

static enum status see_clock(struct examining *x, struct error *err)
{
    char *newest = NULL;
    int64_t last;
    enum status st = journal_newest_time(x->office->store, &newest, err);
    if (!st && iso_time_parse(&last, newest) && clock_now() < last - CLOCK_BACK_MS)
        add(x, CARE_BAD, _("時計"),
            xasprintf(_("最後の記録（%s）より前を指しています。時計を直してください"), newest));
    else if (!st)
        add(x, CARE_GOOD, _("時計"), xstrdup(_("最後の記録のあとを指しています")));
    xfree(&newest);
    return st;
}

static enum status see_backups(struct examining *x, struct error *err)
{
    struct backup_files files;
    char *dir = file_path(x->office->dir, "backup");
    enum status st = backup_list(dir, &files, err);
    if (!st && !files.count) {
        add(x, CARE_NOTE, _("控え"), xstrdup(_("まだ一つもありません（satomado backup）")));
    } else if (!st) {
        char day[64];
        int64_t age = date_days(clock_today()) - date_days(files.items[0].day);
        era_format(day, sizeof day, files.items[0].day);
        add(x, age > BACKUP_DAYS ? CARE_NOTE : CARE_GOOD, _("控え"),
            xasprintf(age > BACKUP_DAYS ? _("%zu 個。新しいものでも %s です（satomado backup）")
                                        : _("%zu 個。新しいものは %s"),
                      files.count, day));
    }
    backup_files_free(&files);
    xfree(&dir);
    return st;
}

static enum status see_town(struct examining *x, struct error *err)
{
    int64_t seq, epoch, at;
    char hash[HASH_HEX_SIZE];
    char *time = NULL;
    long version = registry_version(office_registry(x->office));
    if (!version) {
        add(x, CARE_NOTE, _("町とのつながり"),
            xstrdup(_("まだ町に登録されていません（satomado key enrol）")));
        return OK;
    }
    if (x->office->role == OFFICE_TOWN) {
        add(x, CARE_GOOD, _("登録簿"), xasprintf(_("%ld番まで"), version));
        return OK;
    }
    char day[ERA_TEXT_SIZE] = "";
    enum status st =
        transport_received(x->office->store, x->office->device, &seq, hash, &epoch, err);
    if (!st)
        st = transport_newest_receipt(x->office->store, &time, err);
    bool old = false;
    if (!st && iso_time_parse(&at, time)) {
        old = clock_now() - at > CONTACT_DAYS * INT64_C(86400000);
        era_format(day, sizeof day, office_time_at(at).date);
    }
    if (!st)
        add(x, !seq || old ? CARE_NOTE : CARE_GOOD, _("町とのつながり"),
            !seq ? xasprintf(_("登録簿は%ld番。受領はまだ届いていません"), version)
                 : xasprintf(
                       old ? _("登録簿は%ld番。最後の受領は %s。送付便の行き来を確かめてください")
                           : _("登録簿は%ld番。最後の受領は %s"),
                       version, day));
    xfree(&time);
    return st;
}

static enum status see_references(struct examining *x, struct error *err)
{
    struct buffer text = BUFFER_INIT;
    bool behind = false;
    (void)err;
    for (int kind = 0; kind < REFERENCE_KINDS; kind++) {
        struct reference_row row;
        reference_row(x->office, (enum reference_kind)kind, &row);
        if (!row.newest)
            continue;
        buffer_printf(&text, row.used ? _("%s%s 第%ld版") : "%s%s", text.len ? "、" : "",
                      _(row.label), row.used);
        /* The town has to have what it sends; elsewhere it is in use. */
        if (x->office->role == OFFICE_TOWN ? !row.missing : row.used == row.newest)
            continue;
        behind = true;
        buffer_printf(
            &text,
            x->office->role == OFFICE_TOWN
                ? _("（第%ld版の中身がここにありません。もう一度取り込んでください）")
                : _("（第%ld版がまだ届いていません。町からの便を取り込んでください。来ないときは "
                    "bundle "
                    "request）"),
            row.newest);
    }
    if (text.len)
        add(x, behind ? CARE_NOTE : CARE_GOOD, _("町の参照データ"), buffer_steal(&text));
    buffer_free(&text);
    return OK;
}

/* Keys of the year, the escrow (which opens every bundle: it belongs into a safe), the month's
 * proof. */
static enum status see_duties(struct examining *x, struct error *err)
{
    static const char *const commands[DUTY_KINDS] = {
        [DUTY_YEAR] = "key rotate",        [DUTY_ESCROW] = "key rotate --escrow",
        [DUTY_ESCROW_AWAY] = "key escrow", [DUTY_ROOT_COPY] = "key root --to",
        [DUTY_ANCHOR] = "journal anchor",  [DUTY_REBUILT] = "town rebuilt",
    };
    struct duty list[DUTY_KINDS];
    struct buffer due = BUFFER_INIT;
    size_t count = duty_of_office(x->office, list);
    (void)err;
    for (size_t i = 0; i < count; i++)
        if (list[i].due)
            buffer_printf(&due, _("%s%s（%s）"), due.len ? "、" : "", _(list[i].title),
                          commands[i]);
    if (due.len)
        add(x, CARE_NOTE, _("町の鍵と証し"), xasprintf(_("すること: %s"), buffer_text(&due)));
    else if (count)
        add(x, CARE_GOOD, _("町の鍵と証し"), xstrdup(_("いますることはありません")));
    buffer_free(&due);
    return OK;
}

/* The form whose numbers come to their end first. */
static enum status see_numbers(struct examining *x, struct error *err)
{
    struct registry *registry = office_registry(x->office);
    struct registry_forms forms;
    long least = NUMBERS_ENOUGH;
    const char *code = "";
    if (!registry_version(registry))
        return OK;
    enum status st = registry_forms(registry, REGISTRY_NEWEST, &forms, err);
    for (size_t i = 0; !st && i < forms.count; i++) {
        long left;
        if (str_empty(forms.items[i].code))
            continue;
        if (numbers_left(x->office->store, registry, x->office->device, forms.items[i].code,
                         clock_today(), &left, NULL) == OK &&
            left < least) {
            least = left;
            code = forms.items[i].code;
        }
    }
    if (!st && least < NUMBERS_ENOUGH)
        add(x, CARE_NOTE, _("受付番号"),
            xasprintf(
                _("「%s」の残りは %ld です。町に次の枠を頼んでください（町で key numbers %.16s）"),
                code, least, x->office->device));
    else if (!st)
        add(x, CARE_GOOD, _("受付番号"), xstrdup(_("枠は足りています")));
    registry_forms_free(&forms);
    return st;
}

/* Two devices with one key, a copied directory: the town has to give one of the records a branch.
 */
static enum status see_doubles(struct examining *x, struct error *err)
{
    struct strings numbers = STRINGS_INIT;
    enum status st = numbers_duplicates(x->office->store, &numbers, err);
    if (!st && numbers.count)
        add(x, CARE_BAD, _("受付番号の重なり"),
            xasprintf(_("%zu 個の番号が二件以上の記録にあります（%s など）。町で枝番を付けて"
                        "ください（satomado record number）"),
                      numbers.count, numbers.items[0]));
    strings_free(&numbers);
    return st;
}

static enum status see_held(struct examining *x, struct error *err)
{
    int64_t held = journal_held(x->office->store);
    (void)err;
    add(x, held ? CARE_NOTE : CARE_GOOD, _("保留の記録"),
        held ? xasprintf(_("%lld 件が待っています（satomado bundle held list）"), (long long)held)
             : xstrdup(_("ありません")));
    return OK;
}

enum status care_doctor(struct office *office, struct care_findings *out, struct error *err)
{
    static enum status (*const questions[])(struct examining *, struct error *) = {
        see_file, see_modes, see_space,  see_encryption, see_clock,   see_backups,
        see_town, see_held,  see_duties, see_numbers,    see_doubles, see_references,
    };
    struct examining x = {office, out};
    enum status st = OK;
    *out = (struct care_findings){0};
    for (size_t i = 0; !st && i < ARRAY_LEN(questions); i++)
        st = questions[i](&x, err);
    if (st)
        care_findings_free(out);
    return st;
}

void care_findings_free(struct care_findings *list)
{
    for (size_t i = 0; i < list->count; i++)
        xfree(&list->items[i].answer);
    xfree(&list->items);
    list->count = 0;
}
