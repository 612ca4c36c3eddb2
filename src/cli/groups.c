/* Every command of the program, in the order help shows them. */
#include "cli/groups.h"

const struct cli_command *const cli_groups[] = {
    cli_setup, cli_setting, cli_users, cli_town,     cli_calendar, cli_reference,
    cli_form,  cli_record,  cli_act,   cli_conflict, cli_exchange, cli_person,
    cli_qr,    cli_report,  cli_day,   cli_worklist, cli_bundle,   cli_rebuild,
    cli_held,  cli_journal, cli_care,  cli_text,     NULL,
};
