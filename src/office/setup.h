/*
 * office/setup: making a data directory and its keys; the fictitious town for trying out.
 */
#ifndef OFFICE_SETUP_H
#define OFFICE_SETUP_H

#include <stdbool.h>

#include "base/status.h"

struct setup {
    const char *dir;
    const char *town_file; /* forms/towns/NAME.yaml */
    const char *office;    /* "霧沢郵便局" */
    const char *device;    /* "窓口1" */
    const char *role;      /* counter | laptop | town */
    const char *admin;     /* login of the first administrator */
    const char *password;
};

/* Creates directory, keys, and on the town the registry with forms and parameters. */
enum status setup_init(const struct setup *setup, struct error *err);

struct demo {
    const char *dir;
    long people;
    long days;
    unsigned long seed;
};

/* DIR/office, DIR/branch, DIR/laptop, DIR/town, enrolled with each other, with people and history;
 * the same for the same seed. */
enum status demo_make(const struct demo *demo, struct error *err);

#endif
