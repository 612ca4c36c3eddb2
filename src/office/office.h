/*
 * office/office: one opened data directory, the ground every use case stands on.
 *
 * Holds the store, the drafts, the registry's forms and the town's parameters as they are known
 * here. Used by counter, cli and tests; knows no screen. One process opens one office; several
 * processes may open the same directory at once.
 */
#ifndef OFFICE_OFFICE_H
#define OFFICE_OFFICE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/clock.h"
#include "base/status.h"

struct office;
struct store;
struct registry;
struct catalogue;

/* What a data directory is for: `role=` in its settings. */
enum office_role {
    OFFICE_COUNTER, /* 窓口 */
    OFFICE_LAPTOP,  /* 集落支援員の端末 */
    OFFICE_TOWN,    /* 町の担当課 */
};

/* The language set in dir, if there is one, is in force from now on: for what is said before dir is
 * opened, or instead. office_open() does it by itself. */
void office_prefer_language(const char *dir);
/* Opens dir. E_NOT_FOUND when nothing was set up there (the message says how to). */
enum status office_open(const char *dir, struct office **out, struct error *err);
void office_free(struct office **office);

/* Borrowed parts, alive as long as the office. */
struct store *office_store(struct office *office);
struct registry *office_registry(struct office *office);
struct catalogue *office_catalogue(struct office *office);
const char *office_dir(const struct office *office);
enum office_role office_role(const struct office *office);
/* "霧沢郵便局", "窓口1", "奥霧町": as the registry and the settings name them. */
const char *office_name(const struct office *office);
const char *office_counter(const struct office *office);
const char *office_town(const struct office *office);
bool office_is_training(const struct office *office);
/* A setting of the data directory (設定); "" or 0 for a key nobody knows. */
const char *office_setting(const struct office *office, const char *key);
long office_setting_number(const struct office *office, const char *key);
/* Language in force here (base/language), also of labels from forms: "ja", "en", "ja_easy". */
const char *office_language(const struct office *office);

/* Another process wrote since the last call: what screens show may be old. */
bool office_changed(struct office *office);

/* The numbers of the top line: of everything; session_counts() of what somebody may see. */
struct office_counts {
    long unsent;     /* 未送信: finalised here, in no written bundle */
    long unreceived; /* 未受領: in a bundle, the town's receipt is not here yet */
    long held;       /* 保留 */
    long drafts;     /* 下書き */
};
enum status office_counts(struct office *office, struct office_counts *out, struct error *err);

#endif
