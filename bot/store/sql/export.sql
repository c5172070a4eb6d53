-- The rows of the files that `export` writes, in the order and with the columns of
-- core/columns.c. Only what stands; members are named by their handle, records as people
-- type them. A text is given as (id, revision) and read with the viewer (notes.sql).

-- fragment: export_changes
-- When each row of a table was first and last changed, as far as the journal tells.
select j.row, min(g.at_ms) as first_ms, max(g.at_ms) as last_ms
from journal j join change_group g on g.id = j.group_id

-- name: export_members
select 'U' || x.id, x.created_ms, coalesce(h.last_ms, x.created_ms), x.handle, x.name, x.role,
  x.market, x.zone, x.locale, x.team, 'P' || x.partner_id, x.state,
  (select max(l.last_day) from leaving l where l.member_id = x.id and l.void_ms is null), x.source
from member x left join (
-- use: export_changes
where j.tbl = 'member' group by j.row) h on h.row = x.id
where x.void_ms is null order by x.id;

-- name: export_partners
select 'P' || x.id, x.created_ms, coalesce(h.last_ms, x.created_ms), x.name,
  (select group_concat(n.text, ';') from name n where n.kind = 'P' and n.ref = x.id and n.sort = 'reading' and n.void_ms is null),
  (select group_concat(n.text, ';') from name n where n.kind = 'P' and n.ref = x.id and n.sort != 'reading' and n.void_ms is null),
  x.person, x.type, x.market, x.silo, x.stage, x.commission_bp, x.commission_mode, x.renewal_bp,
  x.first_level, x.support_language, x.agreement_day, x.signed_day, x.ended_day, x.source
from partner x left join (
-- use: export_changes
where j.tbl = 'partner' group by j.row) h on h.row = x.id
where x.void_ms is null order by x.id;

-- name: export_customers
select 'A' || x.id, x.created_ms, coalesce(h.last_ms, x.created_ms), x.name,
  (select group_concat(n.text, ';') from name n where n.kind = 'A' and n.ref = x.id and n.sort = 'reading' and n.void_ms is null),
  (select group_concat(n.text, ';') from name n where n.kind = 'A' and n.ref = x.id and n.sort != 'reading' and n.void_ms is null),
  x.market, x.industry, x.source
from customer x left join (
-- use: export_changes
where j.tbl = 'customer' group by j.row) h on h.row = x.id
where x.void_ms is null order by x.id;

-- name: export_people
select 'C' || x.id, x.created_ms, coalesce(h.last_ms, x.created_ms), x.name,
  (select group_concat(n.text, ';') from name n where n.kind = 'C' and n.ref = x.id and n.sort = 'reading' and n.void_ms is null),
  (select group_concat(n.text, ';') from name n where n.kind = 'C' and n.ref = x.id and n.sort != 'reading' and n.void_ms is null),
  'P' || x.partner_id, 'A' || x.customer_id, x.title, x.department, x.honorific, x.seniority,
  x.language, x.duty,
  (select group_concat(m.handle, ';') from messenger m where m.person_id = x.id and m.network = 'mail' and m.void_ms is null),
  (select group_concat(m.handle, ';') from messenger m where m.person_id = x.id and m.network = 'phone' and m.void_ms is null),
  (select group_concat(m.network || ':' || m.handle, ';') from messenger m
   where m.person_id = x.id and m.network not in ('mail', 'phone') and m.void_ms is null), x.source
from person x left join (
-- use: export_changes
where j.tbl = 'person' group by j.row) h on h.row = x.id
where x.void_ms is null order by x.id;

-- name: export_deals
select 'D' || x.id, x.created_ms, coalesce(h.last_ms, x.created_ms), x.name, 'A' || x.customer_id,
  'P' || x.partner_id, x.product, x.kind, x.origin, x.model, x.relation, o.handle, co.handle,
  x.value_minor, x.list_minor, x.currency, x.market, x.state, x.stage, x.registered_ms,
  x.decided_ms, d.handle, x.closed_ms, cl.handle, cc.handle, x.live_ms, 'D' || x.merged_into,
  'P' || s.partner_id, s.at_ms, x.reason_note, null, x.source
from deal x left join (
-- use: export_changes
where j.tbl = 'deal' group by j.row) h on h.row = x.id
left join member o on o.id = x.owner_id left join member co on co.id = x.co_owner_id
left join member d on d.id = x.decided_by left join member cl on cl.id = x.closed_owner_id
left join member cc on cc.id = x.closed_co_owner_id
left join deal_source s on s.deal_id = x.id and s.void_ms is null
where x.void_ms is null order by x.id;

-- name: export_deal_events
select x.id, coalesce(h.first_ms, x.at_ms), coalesce(h.last_ms, x.at_ms), 'D' || x.deal_id,
  x.what, x.value, x.at_ms, m.handle
from deal_event x join deal d on d.id = x.deal_id and d.void_ms is null left join (
-- use: export_changes
where j.tbl = 'deal_event' group by j.row) h on h.row = x.id
left join member m on m.id = x.member_id
where x.void_ms is null order by x.id;

-- name: export_touch_points
select 'T' || x.no, x.created_ms, coalesce(h.last_ms, x.created_ms), x.at_ms, x.minutes,
  x.channel, x.outcome, x.internal, x.inquiry, x.place, m.handle, 'A' || x.customer_id,
  'D' || x.deal_id,
  (select group_concat('C' || p.person_id, ';') from touch_person p
   where p.touch_id = x.id and p.person_id is not null and p.void_ms is null),
  (select group_concat('P' || p.partner_id, ';') from touch_partner p where p.touch_id = x.id and p.void_ms is null),
  x.others, x.amount_minor, x.currency, x.cues, x.note_id, x.note_rev, x.source
from touch_point x left join (
-- use: export_changes
where j.tbl = 'touch_point' group by j.row) h on h.row = x.id
left join member m on m.id = x.member_id
where x.kind = 'T' and x.void_ms is null order by x.id;

-- name: export_meetings
select 'M' || x.no, x.created_ms, coalesce(h.last_ms, x.created_ms), x.state, x.at_ms, x.minutes,
  x.channel, x.outcome, x.internal, x.inquiry, x.place, m.handle, 'A' || x.customer_id,
  'D' || x.deal_id,
  (select group_concat('C' || p.person_id, ';') from touch_person p
   where p.touch_id = x.id and p.person_id is not null and p.void_ms is null),
  (select group_concat('P' || p.partner_id, ';') from touch_partner p where p.touch_id = x.id and p.void_ms is null),
  x.others, x.amount_minor, x.currency, x.cues, x.note_id, x.note_rev, x.source
from touch_point x left join (
-- use: export_changes
where j.tbl = 'touch_point' group by j.row) h on h.row = x.id
left join member m on m.id = x.member_id
where x.kind = 'M' and x.void_ms is null order by x.id;

-- name: export_attendees
select x.id, coalesce(h.first_ms, t.created_ms), coalesce(h.last_ms, t.created_ms),
  t.kind || t.no, 'C' || x.person_id, x.label, x.manner
from touch_person x join touch_point t on t.id = x.touch_id and t.void_ms is null left join (
-- use: export_changes
where j.tbl = 'touch_person' group by j.row) h on h.row = x.id
where x.void_ms is null order by x.id;

-- name: export_consensus
select 'N' || x.id, x.created_ms, coalesce(h.last_ms, x.created_ms), t.kind || t.no,
  'A' || x.customer_id, 'D' || x.deal_id, 'P' || x.partner_id, x.layer, x.stance,
  'C' || x.from_person,
  (select group_concat(coalesce('C' || s.person_id, s.label) || '=' || s.stance, ';')
   from note_stance s where s.note_id = x.id and s.void_ms is null),
  m.handle, x.at_ms, x.confidence, x.note_id, x.note_rev, x.decision_id, null, x.concerns_id,
  null, x.next_id, null, x.source
from note x left join (
-- use: export_changes
where j.tbl = 'note' group by j.row) h on h.row = x.id
left join touch_point t on t.id = x.touch_id left join member m on m.id = x.member_id
where x.void_ms is null order by x.id;

-- name: export_champions
-- Those who left or moved on too: a meeting of then had its champion.
select x.id, x.since_ms, coalesce(h.last_ms, x.since_ms), 'C' || x.person_id,
  'A' || x.customer_id, 'P' || x.partner_id, 'D' || x.deal_id, x.since_ms,
  exists (select 1 from standing_champion s where s.id = x.id), x.power, x.stake,
  x.sells, m.handle, x.note_id, null, x.source
from champion x left join (
-- use: export_changes
where j.tbl = 'champion' group by j.row) h on h.row = x.id
left join member m on m.id = x.member_id
where x.void_ms is null order by x.id;

-- name: export_ringi
select 'R' || x.id, x.created_ms, coalesce(h.last_ms, x.created_ms), 'D' || x.deal_id, x.state,
  x.round, x.started_ms, x.ended_ms, m.handle, x.source, x.kind, x.medium, x.parallel,
  x.returned_ms, x.back_day
from ringi x left join (
-- use: export_changes
where j.tbl = 'ringi' group by j.row) h on h.row = x.id
left join member m on m.id = x.member_id
where x.void_ms is null order by x.id;

-- name: export_ringi_stamps
-- Everybody on the circuit of each round; without `what` it has not come to them, or lies
-- there since `since_at`. The member is who keeps the sign-off.
select x.id, coalesce(h.first_ms, r.created_ms), coalesce(h.last_ms, r.created_ms),
  'R' || x.ringi_id, 'C' || x.person_id, x.label, x.outcome, x.done_ms, m.handle, x.round,
  x.place, x.courtesy, x.since_ms, x.dissent_ms, x.note_id, null
from ringi_step x join ringi r on r.id = x.ringi_id and r.void_ms is null left join (
-- use: export_changes
where j.tbl = 'ringi_step' group by j.row) h on h.row = x.id
left join member m on m.id = r.member_id
where x.void_ms is null order by x.ringi_id, x.round, x.place, x.id;

-- name: export_introductions
select x.id, coalesce(h.first_ms, x.at_ms), coalesce(h.last_ms, x.at_ms), 'C' || x.by_person,
  'P' || x.by_partner, 'C' || x.person_id, 'A' || x.customer_id, 'P' || x.partner_id, m.handle,
  x.at_ms, x.note_id, null, x.source
from introduction x left join (
-- use: export_changes
where j.tbl = 'introduction' group by j.row) h on h.row = x.id
left join member m on m.id = x.member_id
where x.void_ms is null order by x.id;

-- name: export_trainings
select x.id, x.created_ms, coalesce(h.last_ms, x.created_ms), 'C' || x.person_id,
  'P' || x.partner_id, x.product, x.enrolled_day, x.due_day, x.due_assumed, x.done_day,
  x.certified_day, x.expires_day, m.handle, x.source
from training x left join (
-- use: export_changes
where j.tbl = 'training' group by j.row) h on h.row = x.id
left join member m on m.id = x.member_id
where x.void_ms is null order by x.id;

-- name: export_activities
select 'V' || x.id, x.created_ms, coalesce(h.last_ms, x.created_ms), x.kind, x.joint,
  'P' || x.partner_id, x.market, x.language, x.product, x.at_day, x.leads, x.meetings,
  m.handle, x.note_id, null, x.source
from activity x left join (
-- use: export_changes
where j.tbl = 'activity' group by j.row) h on h.row = x.id
left join member m on m.id = x.member_id
where x.void_ms is null order by x.id;

-- name: export_leads
select 'L' || x.id, x.created_ms, coalesce(h.last_ms, x.created_ms), 'V' || x.activity_id,
  'P' || x.partner_id, 'A' || x.customer_id, 'C' || x.person_id, t.kind || t.no,
  'D' || x.deal_id, x.at_ms, m.handle, x.note_id, null, x.source
from lead x left join (
-- use: export_changes
where j.tbl = 'lead' group by j.row) h on h.row = x.id
left join touch_point t on t.id = x.touch_id left join member m on m.id = x.member_id
where x.void_ms is null order by x.id;

-- name: export_case_studies
select x.id, x.created_ms, coalesce(h.last_ms, x.created_ms), 'A' || x.customer_id,
  'P' || x.partner_id, 'D' || x.deal_id, x.market, x.language, x.translated_from, x.product,
  x.published_day, x.link, m.handle, x.source
from case_study x left join (
-- use: export_changes
where j.tbl = 'case_study' group by j.row) h on h.row = x.id
left join member m on m.id = x.member_id
where x.void_ms is null order by x.id;

-- name: export_nps
select x.id, x.created_ms, coalesce(h.last_ms, x.created_ms), 'A' || x.customer_id,
  'C' || x.person_id, 'P' || x.partner_id, x.score, x.how, x.at_day, m.handle, x.note_id, null,
  x.source
from nps x left join (
-- use: export_changes
where j.tbl = 'nps' group by j.row) h on h.row = x.id
left join member m on m.id = x.member_id
where x.void_ms is null order by x.id;

-- name: export_perceptions
select 'W' || x.id, x.created_ms, coalesce(h.last_ms, x.created_ms), x.sign, 'P' || x.partner_id,
  'A' || x.customer_id, 'C' || x.person_id, x.at_ms, m.handle, x.state, x.resolved_ms, r.handle,
  x.note_id, null, x.answer_id, null, x.source
from perception x left join (
-- use: export_changes
where j.tbl = 'perception' group by j.row) h on h.row = x.id
left join member m on m.id = x.member_id left join member r on r.id = x.resolved_by
where x.void_ms is null order by x.id;

-- name: export_capabilities
select x.id, x.created_ms, coalesce(h.last_ms, x.created_ms), 'P' || x.partner_id, x.what,
  x.score, x.at_day, m.handle, x.outsourced, 'P' || x.to_partner, x.to_firm, x.note_id, null,
  x.source
from capability x left join (
-- use: export_changes
where j.tbl = 'capability' group by j.row) h on h.row = x.id
left join member m on m.id = x.member_id
where x.void_ms is null order by x.id;

-- name: export_capability_tags
select x.id, x.created_ms, coalesce(h.last_ms, x.created_ms), 'P' || x.partner_id, x.tag,
  x.from_day, x.to_day, m.handle, x.source
from capability_tag x left join (
-- use: export_changes
where j.tbl = 'capability_tag' group by j.row) h on h.row = x.id
left join member m on m.id = x.member_id
where x.void_ms is null order by x.id;

-- name: export_access
select x.id, coalesce(h.first_ms, x.at_ms), coalesce(h.last_ms, x.at_ms), 'C' || x.person_id,
  'A' || x.customer_id, x.level, x.at_ms, m.handle
from access x join person c on c.id = x.person_id and c.void_ms is null left join (
-- use: export_changes
where j.tbl = 'access' group by j.row) h on h.row = x.id
left join member m on m.id = x.member_id
where x.void_ms is null order by x.id;

-- name: export_tags
select x.id, coalesce(h.first_ms, c.created_ms), coalesce(h.last_ms, c.created_ms),
  'C' || x.person_id, x.what, x.firm
from tag x join person c on c.id = x.person_id and c.void_ms is null left join (
-- use: export_changes
where j.tbl = 'tag' group by j.row) h on h.row = x.id
where x.void_ms is null order by x.id;

-- name: export_renewals
select x.id, x.created_ms, coalesce(h.last_ms, x.created_ms), 'D' || x.deal_id, x.value_minor,
  x.currency, x.from_day, x.to_day, m.handle, x.note_id, null, x.source
from renewal x left join (
-- use: export_changes
where j.tbl = 'renewal' group by j.row) h on h.row = x.id
left join member m on m.id = x.member_id
where x.void_ms is null order by x.id;

-- name: export_refunds
select x.id, x.created_ms, coalesce(h.last_ms, x.created_ms), 'D' || x.deal_id, x.amount_minor,
  x.currency, x.at_day, m.handle, x.note_id, null, x.source
from refund x left join (
-- use: export_changes
where j.tbl = 'refund' group by j.row) h on h.row = x.id
left join member m on m.id = x.member_id
where x.void_ms is null order by x.id;

-- name: export_pauses
select x.id, coalesce(h.first_ms, x.from_ms), coalesce(h.last_ms, x.from_ms), 'D' || x.deal_id,
  x.from_ms, x.to_ms
from deal_pause x join deal d on d.id = x.deal_id and d.void_ms is null left join (
-- use: export_changes
where j.tbl = 'deal_pause' group by j.row) h on h.row = x.id
where x.void_ms is null order by x.id;

-- name: export_deal_partners
-- With whom a deal was before.
select x.id, coalesce(h.first_ms, d.created_ms), coalesce(h.last_ms, d.created_ms),
  'D' || x.deal_id, 'P' || x.partner_id, x.until_day, m.handle
from deal_partner x join deal d on d.id = x.deal_id and d.void_ms is null left join (
-- use: export_changes
where j.tbl = 'deal_partner' group by j.row) h on h.row = x.id
left join member m on m.id = x.member_id
where x.void_ms is null order by x.id;

-- name: export_check_ins
-- Outside the journal, so nothing tells more than the day.
select x.id, null, null, 'P' || x.partner_id, x.at_day, x.what, m.handle
from check_in x left join member m on m.id = x.member_id
where x.void_ms is null order by x.id;

-- name: export_network_sizes
select x.id, x.created_ms, coalesce(h.last_ms, x.created_ms), 'P' || x.partner_id, x.accounts,
  x.at_day, m.handle, x.note_id, null, x.source
from network_size x left join (
-- use: export_changes
where j.tbl = 'network_size' group by j.row) h on h.row = x.id
left join member m on m.id = x.member_id
where x.void_ms is null order by x.id;

-- name: export_network_accounts
select x.id, x.created_ms, coalesce(h.last_ms, x.created_ms), 'P' || x.partner_id,
  'A' || x.customer_id, x.at_day, m.handle, x.source
from network_account x left join (
-- use: export_changes
where j.tbl = 'network_account' group by j.row) h on h.row = x.id
left join member m on m.id = x.member_id
where x.void_ms is null order by x.id;

-- name: export_rates
-- One base is `rate` / 10^9 quote.
select x.id, h.first_ms, h.last_ms, x.base, x.quote, x.rate_nano, x.at_day, m.handle, x.source
from rate x left join (
-- use: export_changes
where j.tbl = 'rate' group by j.row) h on h.row = x.id
left join member m on m.id = x.member_id
where x.void_ms is null order by x.id;

-- name: export_targets
select x.id, x.created_ms, coalesce(h.last_ms, x.created_ms), x.team, x.amount_minor, x.currency,
  x.from_day, x.to_day, s.name, m.handle, x.source
from target x left join (
-- use: export_changes
where j.tbl = 'target' group by j.row) h on h.row = x.id
left join season s on s.id = x.season_id left join member m on m.id = x.member_id
where x.void_ms is null order by x.id;

-- name: export_market_facts
-- What was set for a market: the factor of its cycle (nano, as rates), and whether others
-- are compared with it.
select x.id, h.first_ms, h.last_ms, x.market, x.factor_milli * 1000000, x.base, m.handle
from market_fact x left join (
-- use: export_changes
where j.tbl = 'market_fact' group by j.row) h on h.row = x.id
left join member m on m.id = x.member_id
where x.void_ms is null order by x.id;
