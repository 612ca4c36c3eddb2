/*
 * store/concealed: 閲覧制限: which records are those of protected people. The view `concealed` of
 * the database says it from the projection alone: a protected person, whoever is the same person
 * (同一人物), and every record that belongs to one of them. All reading by somebody who may not see
 * them goes through it.
 */
#ifndef STORE_CONCEALED_H
#define STORE_CONCEALED_H

#include "base/strings.h"
#include "store/store.h"

/* Ids of all of them, for `... NOT IN CONCEALED`; read once in a statement. */
#define CONCEALED "(SELECT record FROM concealed)"

/* Also where it cannot be asked: then nothing of the record is told. */
bool concealed_record(struct store *store, const char *record);
/* Their ids as a list. */
enum status concealed_records(struct store *store, struct strings *out, struct error *err);
/* Says whether they, or what is written of them, are others than before. The caller frees. */
char *concealed_stamp(struct store *store);
/* The people among them, with the end of their protection as it was written; those whose end comes
 * first stand first. */
struct concealed_person {
    char *person, *until;
};
struct concealed_people {
    struct concealed_person *items;
    size_t count;
};
enum status concealed_people(struct store *store, struct concealed_people *out, struct error *err);
void concealed_people_free(struct concealed_people *list);
/* A person and whoever is the same person, each once. */
enum status concealed_same(struct store *store, const char *person, struct strings *out,
                           struct error *err);

#endif
