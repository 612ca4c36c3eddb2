/*
 * form/ledgers: the town's ledgers (台帳) and the forms of each, in the order they are shown:
 * forms/ledgers.yaml. Set-up installs the forms it names, the registry carries its text, office's
 * catalogue asks it for titles and order.
 *
 *   ledgers:
 *     - name: furusato
 *       label: ふるさと住民登録
 *       forms: [furusato_basic, furusato_premium]   # forms/furusato/furusato_basic.yaml ...
 *       reports: [report_furusato]                  # forms/reports/report_furusato.yaml ...
 */
#ifndef FORM_LEDGERS_H
#define FORM_LEDGERS_H

#include "form/definition.h"

struct ledger {
    char *name;
    struct label label;
    struct strings forms, reports;
};
struct ledgers {
    struct ledger *items;
    size_t count;
};

/* E_PARSE names file, line and column: a ledger without name or label, one twice, a form twice. */
enum status ledgers_load(const char *text, const char *file, struct ledgers **out,
                         struct error *err);
void ledgers_free(struct ledgers **ledgers);
/* Where a form of a ledger stands; what is not named comes after all that is. NULL has no order. */
size_t ledgers_place(const struct ledgers *ledgers, const char *ledger, const char *form);
/* NULL when it is not named. Borrowed. */
const struct ledger *ledgers_find(const struct ledgers *ledgers, const char *name);

#endif
