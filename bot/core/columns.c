#include "bot/core/columns.h"

#include <string.h>

#define HEAD                                                                           \
    { "id", COL_ID }, { "created_at", COL_TIME },                                      \
    {                                                                                  \
        "changed_at", COL_TIME                                                         \
    }
#define COLUMNS(kind) static const struct column kind##_columns[]

COLUMNS(member) = { HEAD, { "handle", COL_TEXT }, { "name", COL_TEXT },
    { "role", COL_WORD }, { "market", COL_WORD }, { "zone", COL_TEXT },
    { "locale", COL_WORD }, { "team", COL_TEXT }, { "partner", COL_REF },
    { "state", COL_WORD }, { "last_on", COL_DAY }, { "source", COL_WORD }, { 0 } };
COLUMNS(partner) = { HEAD, { "name", COL_TEXT }, { "reading", COL_TEXT },
    { "aliases", COL_TEXT }, { "is_person", COL_FLAG }, { "type", COL_WORD },
    { "market", COL_WORD }, { "silo", COL_TEXT }, { "stage", COL_WORD },
    { "commission", COL_PERCENT }, { "commission_mode", COL_WORD },
    { "renewal_commission", COL_PERCENT }, { "first_level_support", COL_FLAG },
    { "support_language", COL_WORD }, { "agreement_on", COL_DAY },
    { "signed_on", COL_DAY }, { "ended_on", COL_DAY }, { "source", COL_WORD }, { 0 } };
COLUMNS(customer) = { HEAD, { "name", COL_TEXT }, { "reading", COL_TEXT },
    { "aliases", COL_TEXT }, { "market", COL_WORD }, { "industry", COL_TEXT },
    { "source", COL_WORD }, { 0 } };
COLUMNS(person) = { HEAD, { "name", COL_TEXT }, { "reading", COL_TEXT },
    { "aliases", COL_TEXT }, { "partner", COL_REF }, { "customer", COL_REF },
    { "title", COL_TEXT }, { "department", COL_TEXT }, { "honorific", COL_TEXT },
    { "seniority", COL_NUMBER }, { "language", COL_WORD }, { "duty", COL_WORD },
    { "mail", COL_TEXT }, { "phone", COL_TEXT }, { "messengers", COL_TEXT },
    { "source", COL_WORD }, { 0 } };
COLUMNS(deal) = { HEAD, { "name", COL_TEXT }, { "customer", COL_REF },
    { "partner", COL_REF }, { "product", COL_TEXT }, { "kind", COL_WORD },
    { "origin", COL_WORD }, { "model", COL_WORD }, { "relation", COL_WORD },
    { "owner", COL_REF }, { "co_owner", COL_REF }, { "amount", COL_AMOUNT },
    { "list_amount", COL_AMOUNT }, { "currency", COL_CURRENCY }, { "market", COL_WORD },
    { "state", COL_WORD }, { "stage", COL_WORD }, { "registered_at", COL_TIME },
    { "decided_at", COL_TIME }, { "decided_by", COL_REF }, { "closed_at", COL_TIME },
    { "closed_owner", COL_REF }, { "closed_co_owner", COL_REF },
    { "live_at", COL_TIME }, { "merged_into", COL_REF }, { "sourced_by", COL_REF },
    { "sourced_at", COL_TIME }, { "reason", COL_NOTE }, { "source", COL_WORD }, { 0 } };
COLUMNS(deal_event) = { HEAD, { "deal", COL_REF }, { "what", COL_WORD },
    { "value", COL_TEXT }, { "at", COL_TIME }, { "member", COL_REF }, { 0 } };
#define TOUCHED                                                                        \
    { "at", COL_TIME }, { "minutes", COL_NUMBER }, { "channel", COL_WORD },            \
        { "outcome", COL_WORD }, { "internal", COL_FLAG }, { "inquiry", COL_FLAG },    \
        { "place", COL_TEXT }, { "member", COL_REF }, { "customer", COL_REF },         \
        { "deal", COL_REF }, { "people", COL_REFS }, { "partners", COL_REFS },         \
        { "others", COL_NUMBER }, { "amount", COL_AMOUNT },                            \
        { "currency", COL_CURRENCY }, { "cues", COL_TEXT }, { "text", COL_NOTE },      \
        { "level", COL_LEVEL },                                                        \
    {                                                                                  \
        "source", COL_WORD                                                             \
    }
COLUMNS(touch) = { HEAD, TOUCHED, { 0 } };
COLUMNS(meeting) = { HEAD, { "state", COL_WORD }, TOUCHED, { 0 } };
COLUMNS(attendee) = { HEAD, { "touch_point", COL_REF }, { "person", COL_REF },
    { "label", COL_TEXT }, { "manner", COL_WORD }, { 0 } };
COLUMNS(consensus) = { HEAD, { "touch_point", COL_REF }, { "customer", COL_REF },
    { "deal", COL_REF }, { "partner", COL_REF }, { "layer", COL_WORD },
    { "stance", COL_WORD }, { "from_person", COL_REF }, { "stances", COL_TEXT },
    { "member", COL_REF }, { "at", COL_TIME }, { "confidence", COL_WORD },
    { "text", COL_NOTE }, { "level", COL_LEVEL }, { "decision", COL_NOTE },
    { "concerns", COL_NOTE }, { "next_step", COL_NOTE }, { "source", COL_WORD },
    { 0 } };
COLUMNS(champion) = { HEAD, { "person", COL_REF }, { "customer", COL_REF },
    { "partner", COL_REF }, { "deal", COL_REF }, { "since_at", COL_TIME },
    { "standing", COL_FLAG }, { "power", COL_FLAG }, { "stake", COL_FLAG },
    { "sells", COL_FLAG }, { "member", COL_REF }, { "evidence", COL_NOTE },
    { "source", COL_WORD }, { 0 } };
COLUMNS(ringi) = { HEAD, { "deal", COL_REF }, { "state", COL_WORD },
    { "round", COL_NUMBER }, { "circulated_at", COL_TIME }, { "ended_at", COL_TIME },
    { "member", COL_REF }, { "source", COL_WORD }, { "kind", COL_WORD },
    { "medium", COL_WORD }, { "parallel", COL_FLAG }, { "returned_at", COL_TIME },
    { "back_on", COL_DAY }, { 0 } };
COLUMNS(ringi_stamp) = { HEAD, { "ringi", COL_REF }, { "person", COL_REF },
    { "label", COL_TEXT }, { "what", COL_WORD }, { "at", COL_TIME },
    { "member", COL_REF }, { "round", COL_NUMBER }, { "place", COL_NUMBER },
    { "courtesy", COL_FLAG }, { "since_at", COL_TIME }, { "dissent_at", COL_TIME },
    { "text", COL_NOTE }, { 0 } };
COLUMNS(introduction) = { HEAD, { "by_person", COL_REF }, { "by_partner", COL_REF },
    { "person", COL_REF }, { "customer", COL_REF }, { "partner", COL_REF },
    { "member", COL_REF }, { "at", COL_TIME }, { "text", COL_NOTE },
    { "source", COL_WORD }, { 0 } };
COLUMNS(training) = { HEAD, { "person", COL_REF }, { "partner", COL_REF },
    { "product", COL_TEXT }, { "enrolled_on", COL_DAY }, { "due_on", COL_DAY },
    { "due_assumed", COL_FLAG }, { "done_on", COL_DAY }, { "certified_on", COL_DAY },
    { "expires_on", COL_DAY }, { "member", COL_REF }, { "source", COL_WORD }, { 0 } };
COLUMNS(activity) = { HEAD, { "kind", COL_WORD }, { "joint", COL_FLAG },
    { "partner", COL_REF }, { "market", COL_WORD }, { "language", COL_WORD },
    { "product", COL_TEXT }, { "on", COL_DAY }, { "leads", COL_NUMBER },
    { "meetings", COL_NUMBER }, { "member", COL_REF }, { "text", COL_NOTE },
    { "source", COL_WORD }, { 0 } };
COLUMNS(lead) = { HEAD, { "activity", COL_REF }, { "partner", COL_REF },
    { "customer", COL_REF }, { "person", COL_REF }, { "meeting", COL_REF },
    { "deal", COL_REF }, { "at", COL_TIME }, { "member", COL_REF },
    { "text", COL_NOTE }, { "source", COL_WORD }, { 0 } };
COLUMNS(case_study) = { HEAD, { "customer", COL_REF }, { "partner", COL_REF },
    { "deal", COL_REF }, { "market", COL_WORD }, { "language", COL_WORD },
    { "translated_from", COL_WORD }, { "product", COL_TEXT },
    { "published_on", COL_DAY }, { "link", COL_TEXT }, { "member", COL_REF },
    { "source", COL_WORD }, { 0 } };
COLUMNS(nps) = { HEAD, { "customer", COL_REF }, { "person", COL_REF },
    { "partner", COL_REF }, { "score", COL_NUMBER }, { "how", COL_WORD },
    { "on", COL_DAY }, { "member", COL_REF }, { "text", COL_NOTE },
    { "source", COL_WORD }, { 0 } };
COLUMNS(perception) = { HEAD, { "sign", COL_WORD }, { "partner", COL_REF },
    { "customer", COL_REF }, { "person", COL_REF }, { "at", COL_TIME },
    { "member", COL_REF }, { "state", COL_WORD }, { "resolved_at", COL_TIME },
    { "resolved_by", COL_REF }, { "text", COL_NOTE }, { "resolution", COL_NOTE },
    { "source", COL_WORD }, { 0 } };
COLUMNS(capability) = { HEAD, { "partner", COL_REF }, { "what", COL_WORD },
    { "score", COL_NUMBER }, { "on", COL_DAY }, { "member", COL_REF },
    { "outsourced", COL_FLAG }, { "to_partner", COL_REF }, { "to_firm", COL_TEXT },
    { "evidence", COL_NOTE }, { "source", COL_WORD }, { 0 } };
COLUMNS(capability_tag) = { HEAD, { "partner", COL_REF }, { "tag", COL_WORD },
    { "from_on", COL_DAY }, { "until_on", COL_DAY }, { "member", COL_REF },
    { "source", COL_WORD }, { 0 } };
COLUMNS(access) = { HEAD, { "person", COL_REF }, { "customer", COL_REF },
    { "what", COL_WORD }, { "at", COL_TIME }, { "member", COL_REF }, { 0 } };
COLUMNS(tag) = { HEAD, { "person", COL_REF }, { "what", COL_WORD },
    { "firm", COL_TEXT }, { 0 } };
COLUMNS(renewal) = { HEAD, { "deal", COL_REF }, { "amount", COL_AMOUNT },
    { "currency", COL_CURRENCY }, { "from_on", COL_DAY }, { "to_on", COL_DAY },
    { "member", COL_REF }, { "text", COL_NOTE }, { "source", COL_WORD }, { 0 } };
COLUMNS(refund) = { HEAD, { "deal", COL_REF }, { "amount", COL_AMOUNT },
    { "currency", COL_CURRENCY }, { "on", COL_DAY }, { "member", COL_REF },
    { "text", COL_NOTE }, { "source", COL_WORD }, { 0 } };
COLUMNS(pause) = { HEAD, { "deal", COL_REF }, { "from_at", COL_TIME },
    { "to_at", COL_TIME }, { 0 } };
COLUMNS(deal_partner) = { HEAD, { "deal", COL_REF }, { "partner", COL_REF },
    { "until_on", COL_DAY }, { "member", COL_REF }, { 0 } };
COLUMNS(check_in) = { HEAD, { "partner", COL_REF }, { "on", COL_DAY },
    { "what", COL_WORD }, { "member", COL_REF }, { 0 } };
COLUMNS(network_size) = { HEAD, { "partner", COL_REF }, { "accounts", COL_NUMBER },
    { "on", COL_DAY }, { "member", COL_REF }, { "text", COL_NOTE },
    { "source", COL_WORD }, { 0 } };
COLUMNS(network_account) = { HEAD, { "partner", COL_REF }, { "customer", COL_REF },
    { "on", COL_DAY }, { "member", COL_REF }, { "source", COL_WORD }, { 0 } };
COLUMNS(rate) = { HEAD, { "base", COL_WORD }, { "quote", COL_WORD },
    { "rate", COL_RATE }, { "on", COL_DAY }, { "member", COL_REF },
    { "source", COL_WORD }, { 0 } };
COLUMNS(target) = { HEAD, { "team", COL_TEXT }, { "amount", COL_AMOUNT },
    { "currency", COL_CURRENCY }, { "from_on", COL_DAY }, { "to_on", COL_DAY },
    { "season", COL_TEXT }, { "member", COL_REF }, { "source", COL_WORD }, { 0 } };
COLUMNS(market_fact) = { HEAD, { "market", COL_WORD }, { "factor", COL_RATE },
    { "base", COL_FLAG }, { "member", COL_REF }, { 0 } };
COLUMNS(holiday) = { HEAD, { "market", COL_WORD }, { "on", COL_DAY },
    { "name", COL_TEXT }, { "worked", COL_FLAG }, { 0 } };

const struct record_kind record_kinds[] = {
    { .name = "members", .columns = member_columns, .rows = STMT_EXPORT_MEMBERS },
    { .name = "partners",
        .columns = partner_columns,
        .rows = STMT_EXPORT_PARTNERS,
        .imported = true },
    { .name = "customers",
        .columns = customer_columns,
        .rows = STMT_EXPORT_CUSTOMERS,
        .imported = true },
    { .name = "people",
        .columns = person_columns,
        .rows = STMT_EXPORT_PEOPLE,
        .imported = true },
    { .name = "deals",
        .columns = deal_columns,
        .rows = STMT_EXPORT_DEALS,
        .imported = true },
    { .name = "deal_events",
        .columns = deal_event_columns,
        .rows = STMT_EXPORT_DEAL_EVENTS },
    { .name = "touch_points",
        .columns = touch_columns,
        .rows = STMT_EXPORT_TOUCH_POINTS,
        .imported = true },
    { .name = "meetings", .columns = meeting_columns, .rows = STMT_EXPORT_MEETINGS },
    { .name = "attendees", .columns = attendee_columns, .rows = STMT_EXPORT_ATTENDEES },
    { .name = "consensus",
        .columns = consensus_columns,
        .rows = STMT_EXPORT_CONSENSUS },
    { .name = "champions",
        .columns = champion_columns,
        .rows = STMT_EXPORT_CHAMPIONS },
    { .name = "ringi", .columns = ringi_columns, .rows = STMT_EXPORT_RINGI },
    { .name = "ringi_stamps",
        .columns = ringi_stamp_columns,
        .rows = STMT_EXPORT_RINGI_STAMPS },
    { .name = "introductions",
        .columns = introduction_columns,
        .rows = STMT_EXPORT_INTRODUCTIONS },
    { .name = "trainings", .columns = training_columns, .rows = STMT_EXPORT_TRAININGS },
    { .name = "activities",
        .columns = activity_columns,
        .rows = STMT_EXPORT_ACTIVITIES },
    { .name = "leads", .columns = lead_columns, .rows = STMT_EXPORT_LEADS },
    { .name = "case_studies",
        .columns = case_study_columns,
        .rows = STMT_EXPORT_CASE_STUDIES },
    { .name = "nps", .columns = nps_columns, .rows = STMT_EXPORT_NPS },
    { .name = "perceptions",
        .columns = perception_columns,
        .rows = STMT_EXPORT_PERCEPTIONS },
    { .name = "capabilities",
        .columns = capability_columns,
        .rows = STMT_EXPORT_CAPABILITIES },
    { .name = "capability_tags",
        .columns = capability_tag_columns,
        .rows = STMT_EXPORT_CAPABILITY_TAGS },
    { .name = "access", .columns = access_columns, .rows = STMT_EXPORT_ACCESS },
    { .name = "tags", .columns = tag_columns, .rows = STMT_EXPORT_TAGS },
    { .name = "renewals", .columns = renewal_columns, .rows = STMT_EXPORT_RENEWALS },
    { .name = "refunds", .columns = refund_columns, .rows = STMT_EXPORT_REFUNDS },
    { .name = "pauses", .columns = pause_columns, .rows = STMT_EXPORT_PAUSES },
    { .name = "deal_partners",
        .columns = deal_partner_columns,
        .rows = STMT_EXPORT_DEAL_PARTNERS },
    { .name = "check_ins", .columns = check_in_columns, .rows = STMT_EXPORT_CHECK_INS },
    { .name = "network_sizes",
        .columns = network_size_columns,
        .rows = STMT_EXPORT_NETWORK_SIZES },
    { .name = "network_accounts",
        .columns = network_account_columns,
        .rows = STMT_EXPORT_NETWORK_ACCOUNTS },
    { .name = "rates", .columns = rate_columns, .rows = STMT_EXPORT_RATES },
    { .name = "targets", .columns = target_columns, .rows = STMT_EXPORT_TARGETS },
    { .name = "market_facts",
        .columns = market_fact_columns,
        .rows = STMT_EXPORT_MARKET_FACTS },
    { .name = "holidays", .columns = holiday_columns, .no_rows = true },
    { 0 },
};

const struct record_kind *record_kind_find(const char *name)
{
    for (const struct record_kind *k = record_kinds; k->name; k++)
        if (!strcmp(k->name, name))
            return k;
    return NULL;
}

const char *column_type_text(enum column_type type)
{
    static const char *const texts[] = { [COL_ID] = "id",
        [COL_REF] = "id of a record, or handle",
        [COL_REFS] = "ids joined by ;",
        [COL_TEXT] = "text",
        [COL_WORD] = "word",
        [COL_NUMBER] = "number",
        [COL_FLAG] = "0 or 1",
        [COL_TIME] = "time with offset",
        [COL_DAY] = "day",
        [COL_AMOUNT] = "decimal, of currency",
        [COL_CURRENCY] = "ISO 4217",
        [COL_PERCENT] = "percent",
        [COL_RATE] = "decimal",
        [COL_NOTE] = "words, where the reader may have them",
        [COL_LEVEL] = "word" };
    return texts[type];
}
