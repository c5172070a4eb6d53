#include "handlers/handlers.h"

#include <stddef.h>

const struct command *const commands[] = { &touch_command, &inquiry_command, &met_command, &plan_command, &calendar_command, &brief_command, &identify_command, &consensus_command,
    &champion_command, &contact_command, &partner_command, &customer_command, &supports_command, &silo_command,
    &network_command, &opens_command, &nps_command, &prefers_command, &served_command, &gate_command, &tech_command,
    &trained_command, &activity_command, &lead_command,
    &casestudy_command, &capability_command, &focus_command, &perception_command, &belongs_command,
    &task_command, &asset_command, &shadow_command, &duty_command,
    &merge_command, &unmerge_command, &forget_command, &speaks_command, &access_command, &tag_command,
    &away_command,
    &deal_reg_command, &deal_approve_command, &deal_decline_command, &deal_stage_command, &deal_won_command, &deal_lost_command,
    &deal_paused_command, &deal_resumed_command, &deal_reopen_command, &deal_expire_command,
    &deal_live_command, &deal_change_command, &deal_merge_command, &deal_refund_command,
    &deal_sourced_command, &renewal_command, &legal_command,
    &committee_command, &risk_command, &objection_command, &pitch_command, &first_command,
    &references_command, &ringi_command, &holds_command, &owner_command,
    &members_command, &role_command, &invite_command, &suspend_command, &reinstate_command,
    &team_command, &leaving_command, &season_command, &target_command, &rate_command,
    &market_command, &milestone_command, &holiday_command, &setting_command, &retention_command,
    &follow_command, &today_command, &morning_command, &cadence_command, &notify_command, &done_command, &snooze_command, &wording_command, &kpi_command,
    &chart_command, &digest_command, &digest_off_command, &digest_on_command, &warnings_command,
    &why_command, &list_command, &export_command, &mine_command, &show_command, &timeline_command, &find_command, &gated_command, &senior_command,
    &handover_command, &intro_command, &introduce_command, &quiet_command,
    &undo_command, &redo_command, &edit_command, &share_command, &unshare_command,
    &cue_command, &cues_command, &help_command, &lang_command,
    &zone_command, &style_command, &whoami_command, &link_command, &sessions_command,
    &sessions_end_command, &sessions_end_all_command, NULL };
