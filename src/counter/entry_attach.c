/* 添付 at the counter: which file, what it is a copy of, and that no individual number is on it. */
#include <stdlib.h>
#include <string.h>

#include "base/files.h"
#include "base/intl.h"
#include "base/xmem.h"
#include "counter/entry_screen.h"
#include "office/office.h"
#include "ui/dialog.h"
#include "ui/paint.h"

/* --- Which file --- */

/* Where the last one was found: a scanner puts all of them into the same folder. */
static char *start_directory(const struct entry_screen *s)
{
    const char *set = office_setting(s->desk->office, "attach.directory"), *home = getenv("HOME");
    return xstrdup(s->desk->files                       ? s->desk->files
                   : *set && file_is_dir(set)           ? set
                   : home && *home && file_is_dir(home) ? home
                                                        : "/");
}

static char *parent_of(const char *dir)
{
    const char *slash = strrchr(dir, '/');
    return !slash || slash == dir ? xstrdup("/") : xstrndup(dir, (size_t)(slash - dir));
}

static char *file_row(const char *dir, const char *name)
{
    char *path = file_path(dir, name);
    char *row = xasprintf("%s  %lluKB", name, ((unsigned long long)file_size(path) + 999) / 1000);
    xfree(&path);
    return row;
}

/* What the window offers: a path to type, the folder above, folders, files. */
enum { ROW_PATH, ROW_UP, ROW_FIRST };

static long choose_row(const char *dir, const struct strings *dirs, const struct strings *files)
{
    struct strings rows = STRINGS_INIT;
    strings_add(&rows, _("（パスを打つ）"));
    strings_add(&rows, _("../ （上のフォルダー）"));
    for (size_t i = 0; i < dirs->count; i++)
        strings_take(&rows, xasprintf("%s/", dirs->items[i]));
    for (size_t i = 0; i < files->count; i++)
        strings_take(&rows, file_row(dir, files->items[i]));
    long at = dialog_choose(dir, &rows, NULL, rows.count > ROW_FIRST ? ROW_FIRST : ROW_UP);
    strings_free(&rows);
    return at;
}

/* The folder or file a row stands for, NULL when given up. The caller frees. */
static char *row_path(const char *dir, const struct strings *dirs, const struct strings *files,
                      long at)
{
    char *typed = NULL;
    if (at == ROW_UP)
        return parent_of(dir);
    if (at == ROW_PATH)
        return dialog_prompt(_("添付"), _("ファイルかフォルダーのパス"), dir, &typed) ? typed
                                                                                      : NULL;
    size_t i = at < 0 ? 0 : (size_t)at - ROW_FIRST;
    if (at < 0)
        return NULL;
    return file_path(dir, i < dirs->count ? dirs->items[i] : files->items[i - dirs->count]);
}

/* NULL when given up. The caller frees. */
static char *choose_file(struct entry_screen *s)
{
    char *path = start_directory(s);
    while (path && file_is_dir(path)) {
        struct strings dirs = STRINGS_INIT, files = STRINGS_INIT;
        struct error err;
        char *dir = path;
        path = NULL;
        if (file_list(dir, &dirs, &files, &err)) {
            desk_refused(&err);
            path = parent_of(dir);
            if (strcmp(path, dir) == 0) /* even the root cannot be read */
                xfree(&path);
        } else {
            path = row_path(dir, &dirs, &files, choose_row(dir, &dirs, &files));
            xfree(&s->desk->files);
            s->desk->files = xstrdup(dir);
        }
        strings_free(&dirs);
        strings_free(&files);
        xfree(&dir);
    }
    return path;
}

/* --- What is done with it --- */

static void attach(struct entry_screen *s)
{
    struct error err;
    char *label = instance_label(entry_instance(s->entry), &entry_slot(s)->field->label, s->focus);
    char *file = choose_file(s), *copy_of = NULL;
    if (file && dialog_prompt(_("添付"), _("何の写し（何の写真）ですか"), label, &copy_of) &&
        dialog_confirm(
            _("個人番号の確認"),
            _("個人番号の面・記号番号が写っていないことを確認しましたか。\n"
              "マイナンバーカードの裏、通知カード、保険証の記号・番号は添付できません。"))) {
        if (entry_attach(s->entry, s->focus, file, copy_of, true, &err))
            desk_refused(&err);
        else
            screen_message(0, "%s",
                           entry_is_final(s->entry) ? _("添付しました。F10 で訂正として残ります")
                                                    : _("添付しました。下書きに残っています"));
    }
    xfree(&file);
    xfree(&copy_of);
    xfree(&label);
}

static void write_out(struct entry_screen *s)
{
    struct error err;
    char *path = NULL;
    if (!dialog_prompt(_("添付を書き出す"), _("新しいファイルのパス"),
                       s->desk->files ? s->desk->files : "", &path))
        return;
    if (entry_attachment_export(s->entry, s->focus, path, &err))
        desk_refused(&err);
    else
        screen_message(0, _("%s に書き出しました"), path);
    xfree(&path);
}

void attachment_remove(struct entry_screen *s)
{
    struct error err;
    if (!*instance_get(entry_instance(s->entry), s->focus) ||
        !dialog_confirm(_("添付を外す"), entry_is_final(s->entry)
                                             ? _("この添付を外しますか。履歴には残ります。")
                                             : _("この添付を外しますか。")))
        return;
    if (entry_detach(s->entry, s->focus, &err))
        desk_refused(&err);
}

void attachment_open(struct entry_screen *s)
{
    static const struct {
        const char *label;
        void (*run)(struct entry_screen *s);
    } ways[] = {{N_("別のファイルに替える"), attach},
                {N_("書き出す"), write_out},
                {N_("外す"), attachment_remove}};
    struct strings rows = STRINGS_INIT;
    if (!*instance_get(entry_instance(s->entry), s->focus)) {
        attach(s);
        return;
    }
    for (size_t i = 0; i < ARRAY_LEN(ways); i++)
        strings_add(&rows, _(ways[i].label));
    char *text = entry_display(s->entry, s->focus);
    long at = dialog_choose(text, &rows, NULL, 0);
    if (at >= 0)
        ways[at].run(s);
    strings_free(&rows);
    xfree(&text);
}
