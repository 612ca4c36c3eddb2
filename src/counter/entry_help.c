/* F1 in an entry: what is asked, how it may be written, what must hold; then the keys. */
#include <string.h>

#include "base/buffer.h"
#include "base/intl.h"
#include "base/xmem.h"
#include "counter/entry_screen.h"
#include "counter/input.h"
#include "ui/screen.h"

/* How the answers of a type may be written. */
static const char *way_of_writing(const struct field *field)
{
    static const struct {
        enum field_type type;
        const char *text;
    } ways[] = {
        {FIELD_DATE, N_("R8.11.24、令和8年11月24日、3630714（3=昭和）、2026-11-24、今日")},
        {FIELD_TIME, N_("9:12、0912、9時12分、午後3:05")},
        {FIELD_DATETIME, N_("R8.11.24 9:12、202611240912")},
        {FIELD_INTEGER, N_("整数。全角でも、1,000 のように区切ってもよい")},
        {FIELD_DECIMAL, N_("数。12.5")},
        {FIELD_RANGE, N_("範囲のある数")},
        {FIELD_SELECT_ONE, N_("番号、名前のはじめの字、左右の矢印。F2 で一覧")},
        {FIELD_SELECT_MULTIPLE, N_("番号で印を付ける・外す。F2 で一覧")},
        {FIELD_ACKNOWLEDGE, N_("Space で印を付ける・外す")},
        {FIELD_BARCODE, N_("読取り機をそのまま使える。手で打ってもよい")},
        {FIELD_GEOPOINT, N_("緯度と経度を空白で区切る: 36.3500 138.6300")},
        {FIELD_REFERENCE, N_("F2 で一覧。文字を打つとしぼり込む")},
        {FIELD_IMAGE, N_("F2 で画像のファイルを選ぶ。20MBまで")},
        {FIELD_FILE, N_("F2 でファイルを選ぶ。20MBまで")},
    };
    for (size_t i = 0; i < ARRAY_LEN(ways); i++)
        if (ways[i].type == field->type)
            return _(ways[i].text);
    return "";
}

static void add_line(struct buffer *out, const char *head, const char *text)
{
    if (*text)
        buffer_printf(out, "%s%s%s", out->len ? "\n" : "", head, text);
}

void entry_help(struct entry_screen *s)
{
    const struct slot *slot = entry_slot(s);
    struct instance *in = entry_instance(s->entry);
    struct buffer about = BUFFER_INIT;
    if (slot) {
        const struct field *field = slot->field;
        const struct {
            const char *head;
            const struct label *label;
        } texts[] = {{"- ", &field->label},
                     {"", &field->guidance},
                     {"", &field->hint},
                     {N_("条件: "), &field->constraint_message}};
        for (size_t i = 0; i < ARRAY_LEN(texts); i++) {
            char *text = instance_label(in, texts[i].label, slot->path);
            add_line(&about, *texts[i].head ? _(texts[i].head) : "", text);
            xfree(&text);
        }
        add_line(&about, _("書き方: "), way_of_writing(field));
        if (slot->kind == SLOT_FIELD && instance_read_only(in, slot->path))
            add_line(&about, "", _("この欄は自動で入ります"));
        else if (slot->kind == SLOT_FIELD && instance_required(in, slot->path))
            add_line(&about, "", _("必ず要る欄です"));
        if (field->copyable)
            add_line(&about, "", _("F3 で前件の値を写せます"));
    }
    screen_help(buffer_text(&about), input_help());
    buffer_free(&about);
}
