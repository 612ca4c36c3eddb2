#include "house.h"

#include <locale.h>
#include <stdio.h>
#include <string.h>

#include "base/buffer.h"
#include "base/strings.h"
#include "base/xmem.h"
#include "bundle/unpack.h"
#include "crypto/keyring.h"
#include "measure.h"
#include "store/database.h"
#include "store/journal.h"

int house_child(int argc, char **argv)
{
    static const struct {
        const char *name;
        int (*run)(void);
    } children[] = {{KEYRING_CHILD_ARGUMENT, keyring_child_main},
                    {UNPACK_CHILD, unpack_child_main}};
    for (size_t i = 0; argc == 2 && i < ARRAY_LEN(children); i++)
        if (strcmp(argv[1], children[i].name) == 0)
            return children[i].run();
    setlocale(LC_ALL, "C.UTF-8");
    return -1;
}

void house_open(struct house *h, const char *dir, const char *login)
{
    struct error err;
    must(office_open(dir, &h->office, &err), &err);
    must(session_login(h->office, login, "okugiri-demo", &h->session, &err), &err);
}

void house_close(struct house *h)
{
    session_free(&h->session);
    office_free(&h->office);
}

/* --- People --- */

struct part {
    const char *text, *kana;
};
static const struct part family_first[] = {
    {"霧", "キリ"}, {"瀬", "セ"},   {"早", "ハヤ"},   {"水", "ミズ"}, {"奥", "オク"},
    {"石", "イシ"}, {"雪", "ユキ"}, {"葛", "クズ"},   {"髙", "タカ"}, {"𠮷", "ヨシ"},
    {"渡", "ワタ"}, {"桐", "キリ"}, {"白", "シラ"},   {"黒", "クロ"}, {"青", "アオ"},
    {"朝", "アサ"}, {"夕", "ユウ"}, {"東", "ヒガシ"}, {"西", "ニシ"}, {"南", "ミナミ"},
    {"北", "キタ"}, {"松", "マツ"}, {"竹", "タケ"},   {"梅", "ウメ"}, {"稲", "イナ"},
    {"藤", "フジ"}, {"鷹", "タカ"}, {"鶴", "ツル"},   {"亀", "カメ"}, {"熊", "クマ"},
};
static const struct part family_last[] = {
    {"山", "ヤマ"}, {"川", "カワ"},   {"﨑", "サキ"}, {"邊", "ベ"},   {"野", "ノ"},
    {"原", "ハラ"}, {"谷", "タニ"},   {"沢", "サワ"}, {"路", "ジ"},   {"島", "シマ"},
    {"田", "タ"},   {"尾", "オ"},     {"橋", "ハシ"}, {"峰", "ミネ"}, {"岡", "オカ"},
    {"木", "キ"},   {"村", "ムラ"},   {"井", "イ"},   {"上", "ウエ"}, {"下", "シタ"},
    {"森", "モリ"}, {"林", "バヤシ"}, {"池", "イケ"}, {"塚", "ヅカ"}, {"戸", "ト"},
    {"浜", "ハマ"}, {"根", "ネ"},     {"宮", "ミヤ"}, {"本", "モト"}, {"越", "コシ"},
};
static const struct part given_first[] = {
    {"千", "チ"},   {"悠", "ユウ"}, {"健", "ケン"}, {"澄", "スミ"}, {"靖", "ヤス"},
    {"一", "イチ"}, {"美", "ミ"},   {"陽", "ヨウ"}, {"晴", "ハル"}, {"文", "フミ"},
    {"光", "ミツ"}, {"和", "カズ"}, {"真", "マ"},   {"直", "ナオ"}, {"幸", "ユキ"},
    {"静", "シズ"}, {"良", "ヨシ"}, {"久", "ヒサ"}, {"亜", "ア"},   {"紗", "サ"},
};
static const struct part given_last[] = {
    {"子", "コ"}, {"吾", "ゴ"}, {"尋", "ヒロ"}, {"真", "マ"}, {"江", "エ"},
    {"路", "ロ"}, {"穂", "ホ"}, {"樹", "キ"},   {"人", "ト"}, {"香", "カ"},
    {"夫", "オ"}, {"代", "ヨ"}, {"里", "リ"},   {"奈", "ナ"}, {"彦", "ヒコ"},
    {"花", "カ"}, {"太", "タ"}, {"乃", "ノ"},   {"音", "ネ"}, {"希", "キ"},
};

static void join(const struct part *first, size_t firsts, const struct part *last, size_t lasts,
                 unsigned long number, char text[32], char kana[64])
{
    const struct part *a = &first[number % firsts], *b = &last[number / firsts % lasts];
    snprintf(text, 32, "%s%s", a->text, b->text);
    snprintf(kana, 64, "%s%s", a->kana, b->kana);
}

/* Neighbouring numbers give people who have nothing in common. */
static unsigned long mix(unsigned long x)
{
    x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9UL;
    x = (x ^ (x >> 27)) * 0x94d049bb133111ebUL;
    return x ^ (x >> 31);
}

void person_make(struct person *p, unsigned long number)
{
    unsigned long r = mix(number + 1), day = r % 25000, home = mix(r);
    join(family_first, ARRAY_LEN(family_first), family_last, ARRAY_LEN(family_last), r >> 16,
         p->family, p->family_kana);
    join(given_first, ARRAY_LEN(given_first), given_last, ARRAY_LEN(given_last), r >> 40, p->given,
         p->given_kana);
    iso_date(p->birth, date_from_days((long)day - 11000));
    snprintf(p->address, sizeof p->address, "%lu丁目%lu番地%lu", home % 9 + 1, home / 9 % 60 + 1,
             home / 540 % 30 + 1);
    snprintf(p->phone, sizeof p->phone, "090-%04lu-%04lu", number / 10000 % 10000, number % 10000);
}

/* --- Records --- */

struct entry *house_entry(struct house *h, const struct person *p)
{
    const struct {
        const char *path, *typed;
    } values[] = {
        {"family_name", p->family},
        {"given_name", p->given},
        {"family_kana", p->family_kana},
        {"given_kana", p->given_kana},
        {"birth_date", p->birth},
        {"prefecture", PERSON_PREFECTURE},
        {"municipality", PERSON_MUNICIPALITY},
        {"address", p->address},
        {"phone", p->phone},
        {"relation", "tourism volunteer"},
        {"info_consent", "yes"},
    };
    struct error err;
    struct entry *entry;
    must(entry_new(h->session, "furusato_basic", &entry, &err), &err);
    for (size_t i = 0; i < ARRAY_LEN(values); i++)
        must(entry_type(entry, values[i].path, values[i].typed, &err), &err);
    return entry;
}

void house_explain(struct entry *entry)
{
    struct error err;
    const struct findings *findings;
    must(entry_findings(entry, true, &findings, &err), &err);
    for (size_t i = 0; i < findings->count; i++)
        if (findings->items[i].severity == FINDING_DEFICIENCY)
            entry_explain(entry, findings->items[i].rule, findings->items[i].path, true);
}

void house_finalise(struct entry *entry)
{
    struct error err;
    struct receipt receipt;
    must(entry_finalise(entry, "", &receipt, &err), &err);
}

/* --- The chain --- */

int64_t house_head(struct house *h)
{
    struct store *store = office_store(h->office);
    struct error err;
    char *device = journal_device(store), hash[HASH_HEX_SIZE];
    int64_t seq;
    must(journal_head(store, device, &seq, hash, &err), &err);
    xfree(&device);
    return seq;
}

void house_lines(struct house *h, int64_t after, struct buffer *out)
{
    struct store *store = office_store(h->office);
    struct error err;
    struct statement *s;
    char *device = journal_device(store);
    enum status st = database_query(store_database(store), &err, &s,
                                    "SELECT header, body, seal FROM event WHERE device=? AND seq>?"
                                    " AND extract=0 ORDER BY seq, id",
                                    "ti", device, after);
    while (!st && statement_next(s, &st, &err))
        for (int i = 0; i < statement_columns(s); i++)
            if (!statement_is_null(s, i))
                buffer_printf(out, "%s\n", statement_text(s, i));
    statement_close(&s);
    must(st, &err);
    xfree(&device);
}
