/*
 * cli/groups: the tables of commands, one a file.
 */
#ifndef CLI_GROUPS_H
#define CLI_GROUPS_H

#include "cli/cli.h"
#include "office/reference.h"

extern const struct cli_command cli_setup[];
extern const struct cli_command cli_setting[];
extern const struct cli_command cli_users[];
extern const struct cli_command cli_town[];
extern const struct cli_command cli_calendar[];
extern const struct cli_command cli_reference[];
extern const struct cli_command cli_form[];
extern const struct cli_command cli_record[];
extern const struct cli_command cli_qr[];
extern const struct cli_command cli_act[];
extern const struct cli_command cli_report[];
extern const struct cli_command cli_conflict[];
extern const struct cli_command cli_exchange[];
extern const struct cli_command cli_person[];
extern const struct cli_command cli_day[];
extern const struct cli_command cli_worklist[];
extern const struct cli_command cli_bundle[];
extern const struct cli_command cli_rebuild[];
extern const struct cli_command cli_held[];
extern const struct cli_command cli_journal[];
extern const struct cli_command cli_care[];
extern const struct cli_command cli_text[];

/* At the town, after an import: which version goes out with the next bundle. */
void cli_tell_version(const struct cli *cli, enum reference_kind kind);

#endif
