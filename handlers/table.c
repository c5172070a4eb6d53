#include "handlers/handlers.h"

#include <stddef.h>

const struct command *const commands[] = { &touch_command, &met_command, &consensus_command,
    &champion_command, &contact_command, &partner_command, &customer_command,
    &deal_reg_command, &deal_stage_command, &deal_won_command, &deal_lost_command,
    &deal_paused_command, &deal_resumed_command, &deal_reopen_command, &deal_expire_command,
    &follow_command, &today_command, &done_command, &snooze_command, &kpi_command,
    &why_command, &list_command, &show_command, &timeline_command, &find_command,
    &undo_command, &redo_command, &edit_command, &help_command, &lang_command,
    &zone_command, &whoami_command, &link_command, NULL };
