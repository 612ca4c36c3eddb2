/*
 * save: how long a clerk waits for what is on the disk when the call comes back. Each save takes
 * turns with a bare insert of the same bytes on the same file system.
 *   save DIR N: N registrations are entered and finalised in the office DIR.
 */
#include <stdio.h>
#include <stdlib.h>

#include "bare.h"
#include "base/buffer.h"
#include "base/files.h"
#include "base/xmem.h"
#include "house.h"
#include "measure.h"

struct saves {
    struct samples opened, draft, bare_draft, finalise, bare_finalise;
};

static void timed_insert(struct sqlite3 *bare, const struct buffer *text, struct samples *out)
{
    double start = measure_now();
    bare_insert(bare, text->data, text->len);
    samples_add(out, measure_now() - start);
}

/* A field was left: what changed since the last save is saved. */
static void save_draft(struct entry *entry, struct sqlite3 *bare, const struct person *p,
                       struct saves *saves)
{
    struct error err;
    struct buffer same = BUFFER_INIT;
    must(entry_save_draft(entry, "phone", &err), &err);
    must(entry_type(entry, "address", p->family, &err), &err);
    double start = measure_now();
    must(entry_save_draft(entry, "address", &err), &err);
    samples_add(&saves->draft, measure_now() - start);
    must(entry_type(entry, "address", p->address, &err), &err);
    buffer_printf(&same, "%s address %s", entry_id(entry), p->family);
    timed_insert(bare, &same, &saves->bare_draft);
    buffer_free(&same);
}

static void one(struct house *h, struct sqlite3 *bare, unsigned long number, struct saves *saves)
{
    struct person p;
    struct entry *entry;
    struct error err;
    struct buffer same = BUFFER_INIT;
    person_make(&p, number);
    double start = measure_now();
    must(entry_new(h->session, "furusato_basic", &entry, &err), &err);
    samples_add(&saves->opened, measure_now() - start);
    entry_free(&entry);

    entry = house_entry(h, &p);
    save_draft(entry, bare, &p, saves);
    house_explain(entry);
    int64_t before = house_head(h);
    start = measure_now();
    house_finalise(entry);
    samples_add(&saves->finalise, measure_now() - start);
    house_lines(h, before, &same);
    timed_insert(bare, &same, &saves->bare_finalise);
    entry_free(&entry);
    buffer_free(&same);
}

int main(int argc, char **argv)
{
    int code = house_child(argc, argv);
    if (code >= 0)
        return code;
    if (argc != 3)
        die("save DIR N");
    struct house house;
    struct saves saves = {0};
    char *path = file_path(argv[1], "bare.db");
    struct sqlite3 *bare = bare_open(path, 0);
    house_open(&house, argv[1], "yamada");
    for (long i = 0; i < strtol(argv[2], NULL, 10); i++)
        one(&house, bare, (unsigned long)i, &saves);
    report_samples("form.open", &saves.opened);
    report_samples("draft", &saves.draft);
    report_samples("draft.bare", &saves.bare_draft);
    report_samples("finalise", &saves.finalise);
    report_samples("finalise.bare", &saves.bare_finalise);
    samples_free(&saves.opened);
    samples_free(&saves.draft);
    samples_free(&saves.bare_draft);
    samples_free(&saves.finalise);
    samples_free(&saves.bare_finalise);
    house_close(&house);
    bare_close(bare);
    xfree(&path);
    return 0;
}
