/* The families of commands. A command is a row in its family's table; adding one means
 * a row there, its words in the catalogue and a transcript. */
#ifndef HANDLERS_H
#define HANDLERS_H

#include "bot/core/command.h"

extern const struct command touch_command;                            /* touch.c */
extern const struct command met_command;                              /* meeting.c */
extern const struct command consensus_command;                        /* consensus.c */
extern const struct command champion_command, contact_command;        /* people.c */
extern const struct command partner_command, customer_command;        /* firms.c */
extern const struct command deal_reg_command, deal_stage_command, deal_won_command,
    deal_lost_command, deal_paused_command, deal_resumed_command, deal_reopen_command,
    deal_expire_command;                                               /* deals.c */
extern const struct command follow_command, today_command, done_command,
    snooze_command;                                                    /* follow.c */
extern const struct command show_command;                             /* look.c, cards.c */
extern const struct command list_command;                             /* list.c */
extern const struct command timeline_command, find_command;           /* timeline.c, find.c */
extern const struct command undo_command, redo_command, edit_command; /* correct.c */
extern const struct command help_command;                             /* help.c */
extern const struct command lang_command, zone_command, whoami_command; /* self.c */
extern const struct command link_command;                             /* link.c */
extern const struct command kpi_command, why_command;                 /* kpis.c */

/* The KPI share of `list`: the records behind the figure asked last. */
bool kpi_list(struct call *c, struct err *e);

#endif
