/* The families of commands. A command is a row in its family's table; adding one means
 * a row there, its words in the catalogue and a transcript. */
#ifndef HANDLERS_H
#define HANDLERS_H

#include "bot/core/command.h"
#include "bot/store/agenda.h"

extern const struct command touch_command;                            /* touch.c */
extern const struct command met_command;                              /* meeting.c */
extern const struct command identify_command, senior_command;         /* attendees.c */
extern const struct command consensus_command;                        /* consensus.c */
extern const struct command champion_command, contact_command;        /* people.c */
extern const struct command speaks_command, access_command, tag_command; /* profile.c */
extern const struct command away_command;                             /* away.c */
extern const struct command partner_command, supports_command;        /* partner.c */
extern const struct command silo_command;                             /* silo.c */
extern const struct command customer_command;                         /* firms.c */
extern const struct command network_command, opens_command;           /* network.c */
extern const struct command nps_command;                              /* satisfaction.c */
extern const struct command activity_command, lead_command;           /* activity.c, lead.c */
extern const struct command casestudy_command;                        /* casestudy.c */
extern const struct command capability_command, focus_command;        /* capability.c */
extern const struct command perception_command;                       /* perception.c */
extern const struct command task_command, asset_command;              /* task.c, asset.c */
extern const struct command inquiry_command;                           /* touch.c */
extern const struct command shadow_command, duty_command;             /* shadow.c */
extern const struct command belongs_command;                          /* belongs.c */
extern const struct command trained_command;                          /* training.c */
extern const struct command prefers_command, served_command;          /* account.c */
extern const struct command tech_command;                             /* tech.c */
extern const struct command merge_command, unmerge_command;           /* merge.c */
extern const struct command forget_command;                           /* forget.c */
extern const struct command deal_reg_command, deal_stage_command, deal_won_command,
    deal_lost_command, deal_paused_command, deal_resumed_command, deal_reopen_command,
    deal_expire_command, deal_live_command;                            /* deals.c */
extern const struct command deal_approve_command, deal_decline_command; /* approval.c */
extern const struct command deal_change_command, deal_merge_command, deal_refund_command; /* deal_facts.c */
extern const struct command deal_sourced_command, renewal_command, legal_command; /* deal_parts.c */
extern const struct command season_command, target_command, team_command,
    leaving_command;                                                   /* team.c */
extern const struct command gate_command, gated_command;                             /* gate.c */
extern const struct command rate_command, setting_command;            /* rates.c */
extern const struct command retention_command;                        /* retention.c */
extern const struct command holiday_command;                          /* holiday.c */
extern const struct command market_command, milestone_command;        /* markets.c */
extern const struct command follow_command, done_command, snooze_command; /* follow.c */
extern const struct command today_command, morning_command;           /* today.c */
extern const struct command cadence_command;                          /* cadence.c */
extern const struct command notify_command;                           /* notify.c */
extern const struct command wording_command;                          /* wording.c */
extern const struct command plan_command;                             /* plan.c */
extern const struct command calendar_command;                         /* calendar.c */
extern const struct command brief_command;                            /* brief.c */
extern const struct command committee_command, risk_command, pitch_command; /* committee.c */
extern const struct command objection_command;                        /* objection.c */
extern const struct command ringi_command, holds_command;             /* ringi.c */
extern const struct command owner_command;                            /* owner.c */
extern const struct command first_command, references_command;        /* first.c */
extern const struct command handover_command;                         /* handover.c */
extern const struct command intro_command, introduce_command, quiet_command; /* intro.c */
extern const struct command show_command;                             /* look.c, cards.c */
extern const struct command list_command;                             /* list.c */
extern const struct command export_command;                           /* export.c */
extern const struct command mine_command;                             /* mine.c */
extern const struct command timeline_command, find_command;           /* timeline.c, find.c */
extern const struct command undo_command, redo_command;                /* undo.c */
extern const struct command edit_command;                             /* correct.c */
extern const struct command share_command, unshare_command;           /* share.c */
extern const struct command cue_command, cues_command;                /* cues.c */
extern const struct command help_command;                             /* help.c */
extern const struct command lang_command, zone_command, style_command,
    whoami_command; /* self.c */
extern const struct command members_command, role_command, invite_command, suspend_command,
    reinstate_command; /* members.c */
extern const struct command link_command;                             /* link.c */
extern const struct command sessions_command, sessions_end_command, sessions_end_all_command; /* sessions.c */
extern const struct command kpi_command, why_command;                 /* kpis.c */
extern const struct command chart_command;                            /* chart.c */
extern const struct command digest_command, digest_off_command, digest_on_command; /* digest.c */
extern const struct command warnings_command;                         /* warnings.c */

/* A zone's name, a city of the lexicon in any language, or any city that is one of a zone;
 * NULL: none. How a zone is called: Sydney (Australia/Sydney). self.c */
const char *zone_named(struct call *c, const char *name);
char *zone_label(struct call *c, const char *zone);

/* A calendar file as planned meetings: what it would change with the question whether it shall,
 * the same without a trace, or the change. calendar.c */
enum calendar_how { CALENDAR_ASK, CALENDAR_SHOW, CALENDAR_DO };
bool calendar_file(struct call *c, const char *text, enum calendar_how how, struct err *e) MUST_CHECK;

/* A calendar that was fetched, written at once and told; the first time also where it plans
 * nothing. calendar.c */
bool calendar_fetched(struct call *c, const struct calendar_row *row, const char *text, struct err *e) MUST_CHECK;
/* The member's own meetings and follow-ups as a calendar file, without anybody's words. feed.c */
bool calendar_feed(struct call *c, struct buf *out, struct err *e) MUST_CHECK;

/* For managers: what partners submitted in their market and nobody decided yet. approval.c */
bool put_waiting(struct reply *r, struct err *e);

/* The KPI share of `list`: the records behind the figure asked last. */
bool kpi_list(struct call *c, struct err *e);

#endif
