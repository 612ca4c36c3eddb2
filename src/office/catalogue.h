/*
 * office/catalogue: the forms, workflows and parameters of the registry, loaded when they are
 * needed and kept. The rest of the office asks it for a form; the store asks it for schemas.
 */
#ifndef OFFICE_CATALOGUE_H
#define OFFICE_CATALOGUE_H

#include "base/clock.h"
#include "form/definition.h"
#include "form/parameter.h"
#include "store/store.h"

struct catalogue;

/* The store must outlive it; its schemas are set. */
struct catalogue *catalogue_new(struct store *store);
void catalogue_free(struct catalogue **catalogue);

/* version 0 = the newest. E_NOT_FOUND names the form. Borrowed as long as the catalogue. */
enum status catalogue_form(struct catalogue *catalogue, const char *id, long version,
                           const struct form **out, struct error *err);
/* "id@version". */
enum status catalogue_form_named(struct catalogue *catalogue, const char *name,
                                 const struct form **out, struct error *err);
/* The newest forms in the order of forms/ledgers.yaml, those nobody enters by hand (人物) left out.
 */
struct form_row {
    char *id;
    char *title;   /* in the language */
    char *reading; /* title in kana (`form_title::かな (kana)`) and the id, to find it by */
    char *ledger;
    char *ledger_title; /* in the language */
    size_t place;       /* in that order */
    bool person;        /* about one person */
    bool scans;         /* records are made from scanned codes, too (連続受付) */
};
struct form_rows {
    struct form_row *items;
    size_t count;
};
enum status catalogue_forms(struct catalogue *catalogue, const char *language,
                            struct form_rows *out, struct error *err);
/* Of the reports (forms with the part `report`) likewise; they are not among the forms. */
enum status catalogue_reports(struct catalogue *catalogue, const char *language,
                              struct form_rows *out, struct error *err);
void form_rows_free(struct form_rows *rows);

/* Makes the tables of every form known, so that rules find them; after the registry changed. */
enum status catalogue_prepare(struct catalogue *catalogue, struct error *err);

/* The town's facts and parameters; NULL before set-up. Borrowed until the registry changes. */
const struct town_profile *catalogue_town(struct catalogue *catalogue);

#endif
