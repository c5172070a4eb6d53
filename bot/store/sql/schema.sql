-- The store of Nemawashi: one SQLite file. This file is the truth for a fresh store;
-- migrate/NNN-*.sql brings an older one here. Instants are integer milliseconds UTC
-- (`_ms`), civil days are integers since 1970-01-01 (`_day`), money is minor units with
-- an ISO 4217 code. Records are never deleted: `void_ms` says when one was undone.
-- `source` is typed, demo or import. Free text that a person typed lives in note_text
-- and nowhere else; other tables hold its (id, rev).

-- What the file is: demo, created_ms.
create table meta (
    key   text primary key,
    value text not null
) strict, without rowid;

-- A person of our own team, or a partner's user. `handle` is unique for ever.
create table member (
    id         integer primary key,
    handle     text not null unique,  -- NFKC, lower case
    name       text not null,
    role       text not null check (role in
               ('admin','manager','country','hq','rep','partner')),
    also       integer not null default 0, -- bits of further roles: the first administrator
    market     text not null,
    zone       text not null,         -- IANA
    locale     text not null,
    team       text not null default '',
    style      text not null default 'usual' check (style in ('usual','dense','short')),
    partner_id integer references partner (id), -- role partner only
    state      text not null default 'active' check (state in ('active','suspended')),
    source     text not null default 'typed',
    created_ms integer not null,
    void_ms    integer                -- as in all journaled tables; a member is suspended, never undone
) strict;

create trigger member_void after update of void_ms on member when new.void_ms is not null
begin
    update member set state = 'suspended' where id = new.id;
end;

-- Who a member is on a network: slack:T…/U…, line:U….
create table identity (
    network      text not null,
    remote       text not null,
    member_id    integer not null references member (id),
    conversation text,                -- where the bot may write first; null: not known yet
    seen_ms      integer not null,    -- last message from there
    gone_ms      integer,             -- since when its owner shuts us out
    primary key (network, remote)
) strict, without rowid;
create index identity_by_member on identity (member_id, network);

-- One-time codes of `link`, by SHA-256: the account that sends one is the member's.
create table link_code (
    hash       text primary key,
    member_id  integer not null references member (id),
    expires_ms integer not null,
    used_ms    integer
) strict, without rowid;
create index link_code_by_member on link_code (member_id);

-- Web sessions and one-time login links, by SHA-256 of the secret. A session that was ended
-- keeps its row, so that its number never means another one.
create table session (
    hash       text primary key,
    member_id  integer not null references member (id),
    no         integer not null,      -- the member's own count: sessions end 2
    device     text not null default '', -- Chrome/Android, out of a list of ours; empty: not known
    created_ms integer not null,
    seen_ms    integer not null,      -- last used, to the minute
    expires_ms integer not null,
    ended_ms   integer,               -- by its member, by logging out, or with the membership
    unique (member_id, no)
) strict, without rowid;
create table login_token (
    hash       text primary key,
    member_id  integer not null references member (id),
    expires_ms integer not null,
    used_ms    integer
) strict, without rowid;

-- A firm or a person that sells for or with us (P3).
create table partner (
    id            integer primary key,
    name          text not null,
    type          text check (type in
                  ('referral','solutions','reseller','agency','consultancy','si')),
    market        text,
    silo          text,
    stage         text not null default 'prospect' check (stage in
                  ('prospect','legal','signed','active','ended')),
    person        integer not null default 0, -- a person who opens doors, without a firm
    commission_bp integer,            -- hundredths of a percent: 3000 = 30 %
    commission_mode text not null default 'commission' check (commission_mode in
                  ('commission','discount')), -- of first-year value, or off the list price
    renewal_bp    integer,            -- commission on renewals; null: none
    first_level   integer,            -- 1: gives first-level support, 0: does not
    support_language text,            -- in which (ISO 639)
    agreement_day integer,            -- first agreement talk
    signed_day    integer,
    ended_day     integer,
    merged_into   integer references partner (id), -- who has its records since
    source        text not null default 'typed',
    created_ms    integer not null,
    void_ms       integer
) strict;

-- A firm that buys, or might (A8).
create table customer (
    id         integer primary key,
    name       text not null,
    market     text,
    industry   text,
    merged_into integer references customer (id),
    source     text not null default 'typed',
    created_ms integer not null,
    void_ms    integer
) strict;

-- A person outside our team (C9). Belongs to a partner, a customer or neither.
create table person (
    id          integer primary key,
    name        text not null,        -- as displayed, surname first: 田中 健
    title       text,                 -- 部長
    department  text,                 -- 営業部
    honorific   text,                 -- 様, さん, -san, as the member uses it
    seniority   integer,              -- 1 most senior .. 5
    language    text,                 -- of drafts
    duty        text check (duty in ('sdr','ae','director','presales','support')),
    partner_id  integer references partner (id),
    customer_id integer references customer (id),
    note_id     integer,              -- note_text.id: what was said when they were noted
    merged_into integer references person (id),
    source      text not null default 'typed',
    created_ms  integer not null,
    void_ms     integer
) strict;
create index person_by_partner on person (partner_id);
create index person_by_customer on person (customer_id);
create index person_by_note on person (note_id) where note_id is not null;

-- Every further name of a partner (P), customer (A) or person (C): alias, reading,
-- former name. Keys for matching are computed in memory.
create table name (
    id      integer primary key,
    kind    text not null check (kind in ('P','A','C')),
    ref     integer not null,
    text    text not null,
    sort    text not null check (sort in ('alias','reading','former')),
    void_ms integer
) strict;
create index name_by_ref on name (kind, ref);

-- Where a person can be written to directly: line, whatsapp, wechat, messenger,
-- kakaotalk, telegram, mail, phone, other.
create table messenger (
    id        integer primary key,
    person_id integer not null references person (id),
    network   text not null,
    handle    text not null,
    void_ms   integer
) strict;
create index messenger_by_person on messenger (person_id);

-- What a person can be spoken to in: ISO 639 language, and how well (CEFR, or native).
create table speaks (
    id        integer primary key,
    person_id integer not null references person (id),
    language  text not null,
    level     text not null check (level in
              ('none','A1','A2','B1','B2','C1','C2','native','unknown')),
    void_ms   integer
) strict;
create index speaks_by_person on speaks (person_id);

-- How far into a customer we reach through a person.
create table access (
    id          integer primary key,
    person_id   integer not null references person (id),
    customer_id integer not null references customer (id),
    level       text not null check (level in
                ('decision_maker','influencer','user','gatekeeper')),
    member_id   integer references member (id),
    at_ms       integer not null,
    void_ms     integer
) strict;
create index access_by_customer on access (customer_id);
create index access_by_person on access (person_id);

-- Where a person learnt or worked before, as told: trained_at Oracle. `firm` is a name,
-- since most such firms are no partner and no customer.
create table tag (
    id        integer primary key,
    person_id integer not null references person (id),
    what      text not null check (what in ('trained_at','worked_at','studied_at')),
    firm      text not null,
    void_ms   integer
) strict;
create index tag_by_person on tag (person_id);

-- Firms of ours that a person worked for before the present one.
create table former_firm (
    id          integer primary key,
    person_id   integer not null references person (id),
    partner_id  integer references partner (id),
    customer_id integer references customer (id),
    title       text,
    until_ms    integer not null,     -- when we heard of the change
    void_ms     integer
) strict;
create index former_firm_by_person on former_firm (person_id);

-- When a person outside cannot be reached: reminders and sign-offs wait for it.
create table away (
    id        integer primary key,
    person_id integer not null references person (id),
    from_day  integer not null,
    to_day    integer,                -- the last day away; null: not known, or left
    reason    text not null check (reason in
              ('sick','holiday','leave','trip','left','unknown')),
    member_id integer references member (id),
    void_ms   integer
) strict;
create index away_by_person on away (person_id, from_day);

-- A deal registration and what became of it (D12).
create table deal (
    id            integer primary key,
    name          text not null,
    customer_id   integer references customer (id),
    partner_id    integer references partner (id),  -- null: direct
    product       text,
    kind          text not null default 'new' check (kind in ('new','cross','upsell')),
    origin        text not null default 'unknown' check (origin in
                  ('inbound','outbound','network','referral','unknown')),
    model         text check (model in ('partner','cosell','direct')),
    relation      text check (relation in ('partner','us','joint')), -- who keeps the customer
    owner_id      integer references member (id),
    co_owner_id   integer references member (id),
    value_minor   integer,            -- first-year value
    list_minor    integer,            -- list price of it, where the partner has a discount
    currency      text,               -- of both
    market        text,
    state         text not null default 'registered' check (state in
                  ('registered','open','paused','won','lost','expired','merged',
                   'submitted','declined')), -- by a partner's user: not (yet) registered
    stage         text check (stage in ('contacted','qualified','proposal','legal',
                  'ringi','signed','live')),
    registered_ms integer not null,   -- submitted by a partner's user: that moment
    decided_ms    integer,            -- approved or declined; null: needed no approval
    decided_by    integer references member (id),
    closed_ms     integer,            -- won, lost, expired or merged, the last time
    closed_owner_id    integer references member (id), -- owner at that close
    closed_co_owner_id integer references member (id),
    live_ms       integer,
    merged_into   integer references deal (id),
    reason_note   integer,            -- note_text.id of the reason of pause or loss
    source        text not null default 'typed',
    created_ms    integer not null,
    void_ms       integer
) strict;
create index deal_by_partner on deal (partner_id, registered_ms);
create index deal_by_customer on deal (customer_id, registered_ms);
-- With what is summed up of all that was won.
create index deal_by_closed
    on deal (closed_ms, state, void_ms, registered_ms, currency, value_minor);
create index deal_by_registered on deal (registered_ms);
create index deal_by_decided on deal (decided_ms) where decided_ms is not null;
create index deal_submitted on deal (registered_ms) where state = 'submitted';
create index deal_by_live on deal (id) where state = 'registered' or state = 'open'; -- may expire
create index deal_by_merged on deal (merged_into) where merged_into is not null;
create index deal_by_reason on deal (reason_note) where reason_note is not null;

-- Each change of state or stage: `why` tells which deals were reopened since.
create table deal_event (
    id        integer primary key,
    deal_id   integer not null references deal (id),
    what      text not null,          -- registered, submitted, approved, declined, stage,
                                      -- won, lost, paused, resumed, reopened, expired,
                                      -- merged
    value     text,                   -- the stage; of merged, the deal that stays
    at_ms     integer not null,
    member_id integer references member (id),
    void_ms   integer
) strict;
create index deal_event_by_deal on deal_event (deal_id, at_ms);
create index deal_event_reopened on deal_event (deal_id) where what = 'reopened';

create table deal_pause (
    id      integer primary key,
    deal_id integer not null references deal (id),
    from_ms integer not null,
    to_ms   integer,                  -- null: still paused
    void_ms integer
) strict;
create index deal_pause_by_deal on deal_pause (deal_id);

-- Which partner brought a deal, with the evidence: how we know, and of which moment that
-- is. At most one stands for a deal; naming another one voids it.
create table deal_source (
    id          integer primary key,
    deal_id     integer not null references deal (id),
    partner_id  integer not null references partner (id),
    introduction_id integer references introduction (id), -- where that was the evidence
    at_ms       integer not null,     -- of the evidence, not of when it was typed
    note_id     integer,              -- note_text.id
    member_id   integer not null references member (id),
    source      text not null default 'typed',
    created_ms  integer not null,
    void_ms     integer
) strict;
create unique index deal_source_by_deal on deal_source (deal_id) where void_ms is null;
create index deal_source_by_partner on deal_source (partner_id);
create index deal_source_by_note on deal_source (note_id) where note_id is not null;

-- With which partner a deal was before, through the day before `until_day`; the present
-- one is deal.partner_id.
create table deal_partner (
    id         integer primary key,
    deal_id    integer not null references deal (id),
    partner_id integer references partner (id), -- null: direct
    until_day  integer not null,
    member_id  integer not null references member (id),
    void_ms    integer
) strict;
create index deal_partner_by_deal on deal_partner (deal_id, until_day);
create index deal_partner_by_partner on deal_partner (partner_id) where partner_id is not null;

-- Money of a won deal that was given back, on the day of that. Same currency as the deal.
create table refund (
    id           integer primary key,
    deal_id      integer not null references deal (id),
    amount_minor integer not null check (amount_minor > 0),
    currency     text not null,
    at_day       integer not null,
    note_id      integer,             -- note_text.id
    member_id    integer not null references member (id),
    source       text not null default 'typed',
    created_ms   integer not null,
    void_ms      integer
) strict;
create index refund_by_deal on refund (deal_id);
create index refund_by_note on refund (note_id) where note_id is not null;

-- The terms of a won deal after its first year, one after the other. A term of value 0 is
-- churn: the customer left on from_day, and to_day is null.
create table renewal (
    id          integer primary key,
    deal_id     integer not null references deal (id),
    value_minor integer not null check (value_minor >= 0),
    currency    text not null,
    from_day    integer not null,
    to_day      integer,              -- the last day of the term
    note_id     integer,              -- note_text.id: why they left, or paid less
    member_id   integer not null references member (id),
    source      text not null default 'typed',
    created_ms  integer not null,
    void_ms     integer,
    check ((value_minor = 0) = (to_day is null))
) strict;
create index renewal_by_deal on renewal (deal_id, from_day);
create index renewal_by_note on renewal (note_id) where note_id is not null;

-- What the lawyers of a deal still have to settle.
create table legal_item (
    id         integer primary key,
    deal_id    integer not null references deal (id),
    note_id    integer not null,      -- note_text.id
    member_id  integer not null references member (id),
    at_ms      integer not null,
    done_ms    integer,
    done_by    integer references member (id),
    source     text not null default 'typed',
    void_ms    integer
) strict;
create index legal_item_by_deal on legal_item (deal_id);
create index legal_item_by_note on legal_item (note_id);

-- A person who sells for us inside a customer or on a deal, with the evidence.
create table champion (
    id          integer primary key,
    person_id   integer not null references person (id),
    customer_id integer references customer (id),
    partner_id  integer references partner (id),
    deal_id     integer references deal (id),
    since_ms    integer not null,
    member_id   integer references member (id),
    power       integer not null default 0, -- evidence: is listened to by who decides,
    stake       integer not null default 0, -- wins something by it,
    sells       integer not null default 0, -- speaks for us when we are not there
    note_id     integer,              -- how we know, in note_text
    source      text not null default 'typed',
    void_ms     integer
) strict;
-- Those who still are: nobody who left, or moved on from the firm where that was.
create view standing_champion as
select h.* from champion h
where h.void_ms is null
  and not exists (select 1 from away w where w.person_id = h.person_id
                  and w.reason = 'left' and w.void_ms is null)
  and not exists (
    select 1 from former_firm f left join deal d on d.id = h.deal_id
    where f.person_id = h.person_id and f.void_ms is null and f.until_ms >= h.since_ms
      and (f.partner_id in (h.partner_id, d.partner_id)
           or f.customer_id in (h.customer_id, d.customer_id)));
create index champion_by_person on champion (person_id);
create index champion_by_customer on champion (customer_id, since_ms, void_ms);
create index champion_by_deal on champion (deal_id, since_ms, void_ms);
create index champion_by_partner on champion (partner_id, since_ms, void_ms) where partner_id is not null;

-- Two-way contact (T1042), attempts included (outcome), and meetings (M88): a meeting
-- that was held is itself one touch point, so both live here and count alike.
create table touch_point (
    id          integer primary key,
    kind        text not null check (kind in ('T','M')),
    no          integer not null,     -- what people type: T1042, M88
    -- Checks on what each message writes are spelt out: at each insert SQLite builds a
    -- table for an `in` of more than two.
    state       text not null default 'held' check (state = 'held' or state = 'planned'
                or state = 'cancelled' or state = 'no_show'),
    at_ms       integer not null,     -- start
    minutes     integer,
    channel     text not null default 'unknown',
    outcome     text not null default 'reached' check (outcome = 'reached'
                or outcome = 'no_answer' or outcome = 'left_message'),
    internal    integer not null default 0,
    inquiry     integer not null default 0, -- they asked for support
    place       text,                 -- word kept as typed: ランチ, lunch
    others      integer not null default 0, -- people in the room without a name: "+ 2"
    member_id   integer not null references member (id),
    customer_id integer references customer (id),
    deal_id     integer references deal (id),
    note_id     integer,              -- note_text.id
    note_rev    integer,
    cues        text,                 -- cue tags, comma separated ids
    amount_minor integer,             -- an amount that was named: quoted, asked for
    currency    text,
    link        text,                 -- of a planned one: where to join
    zone        text,                 -- of a planned one: IANA, whose wall time at_ms is
    source      text not null default 'typed',
    created_ms  integer not null,
    void_ms     integer
) strict;
create unique index touch_point_by_no on touch_point (kind, no);
create index touch_point_by_member on touch_point (member_id, at_ms);
-- With what decides whether it counts, so that figures need not look at each.
create index touch_point_by_customer
    on touch_point (customer_id, at_ms, outcome, internal, state, void_ms) where customer_id is not null;
create index touch_point_by_deal
    on touch_point (deal_id, at_ms, outcome, internal, state, void_ms, member_id)
    where deal_id is not null;
create index touch_point_by_at on touch_point (at_ms);
create index touch_point_planned on touch_point (member_id, at_ms) where state = 'planned' and void_ms is null;
create index touch_point_inquiry on touch_point (at_ms) where inquiry = 1;
-- All that is counted of everybody's touch points, in the order in which it is (sql/kpi/touches.sql).
create index touch_point_by_outcome
    on touch_point (kind, outcome, internal, channel, at_ms, state, void_ms)
    where state = 'held' and void_ms is null;
create index touch_point_by_note on touch_point (note_id) where note_id is not null;

-- Who was there; `label` names somebody not yet identified (部長).
create table touch_person (
    id        integer primary key,
    touch_id  integer not null references touch_point (id),
    person_id integer references person (id),
    label     text,
    manner    text check (manner is null or manner = 'silent' or manner = 'asleep'),
    void_ms   integer
) strict;
create index touch_person_by_touch on touch_person (touch_id, person_id, void_ms);
create index touch_person_by_person on touch_person (person_id) where person_id is not null;

-- One record that was found to be another of its kind: what `gone` had is `kept`'s since.
-- Undone (void) by unmerge, at any time, by what merge_move remembers; a deal by undo.
create table merge (
    id        integer primary key,
    kind      text not null check (kind in ('P','A','C','D')),
    gone      integer not null,
    kept      integer not null,
    member_id integer not null references member (id),
    at_ms     integer not null,
    void_ms   integer
) strict;
create index merge_by_gone on merge (kind, gone) where void_ms is null;
create index merge_by_kept on merge (kind, kept) where void_ms is null;
-- What became of each row: moved, its column names `kept` since; doubled, voided because
-- `kept` had the same; filled, an empty column of `kept` took what `gone` had; named, a
-- further name that was added.
create table merge_move (
    id       integer primary key,
    merge_id integer not null references merge (id),
    tbl      text not null,
    row      integer not null,
    col      text not null,
    how      text not null check (how in ('moved','doubled','filled','named')),
    void_ms  integer
) strict;
create index merge_move_by_merge on merge_move (merge_id, tbl);

-- A person who wished to be forgotten. The record stays, without a name, under its number,
-- so that what is counted stays the same; no undo reaches it. An older backup that is put
-- back takes this row along from the store that it replaces, and forgets once more.
create table forgotten (
    id        integer primary key,
    kind      text not null check (kind = 'C'),
    ref       integer not null,
    made_ms   integer not null,       -- the record's created_ms: elsewhere its number is another's
    notes     integer not null default 0, -- 1: what was heard from them goes too
    member_id integer not null references member (id), -- the administrator
    at_ms     integer not null,
    names     text,                   -- while texts are searched: what for, as JSON
    step      integer not null default 0, -- which texts are being searched; 0: nothing is erased yet
    place     integer not null default 0, -- the last row that was
    done_ms   integer,                -- no text and no log of the file has the name any more
    void_ms   integer                 -- as in all journaled tables; never set
) strict;
create unique index forgotten_by_ref on forgotten (kind, ref);
create index forgotten_open on forgotten (id) where done_ms is null;
-- By what an import would bring them back: their names, as a hash with a key of this store.
create table forgotten_name (
    hash         text primary key,
    forgotten_id integer not null references forgotten (id)
) strict, without rowid;
-- Texts that are about them and are still to be emptied.
create table forgotten_note (
    note_id      integer primary key, -- note_text.id
    forgotten_id integer not null references forgotten (id)
) strict;

-- Which partners a touch point was with: through their staff or named.
create table touch_partner (
    id         integer primary key,
    touch_id   integer not null references touch_point (id),
    partner_id integer not null references partner (id),
    void_ms    integer
) strict;
-- Figures read these two and not the table.
create index touch_partner_by_touch on touch_partner (touch_id, partner_id, void_ms);
create index touch_partner_by_partner on touch_partner (partner_id, touch_id, void_ms);

-- Touch points that were held, firm by firm and in the order of time: a row for each partner
-- that took part, or one of the customer (negative) or of no firm (0) where none did. Figures
-- read a firm's history from a few pages here. It says nothing that touch_point and
-- touch_partner do not (held_touch is what it has to hold): the triggers below keep it, so
-- that no command, undo, merge or import can forget it; nobody else writes it.
create table firm_touch (
    firm        integer not null,     -- partner.id, -customer.id or 0
    at_ms       integer not null,
    touch_id    integer not null,
    kind        text not null,        -- from here on as in touch_point
    no          integer not null,
    outcome     text not null,
    internal    integer not null,
    channel     text not null,
    deal_id     integer,
    customer_id integer,
    member_id   integer not null,
    primary key (firm, at_ms, touch_id)
) strict, without rowid;
-- The few that do not count.
create index firm_touch_out on firm_touch (firm, at_ms, internal, outcome)
    where outcome != 'reached' or internal != 0;
create view held_touch as
select coalesce(x.partner_id, -t.customer_id, 0) as firm, t.at_ms, t.id as touch_id, t.kind,
       t.no, t.outcome, t.internal, t.channel, t.deal_id, t.customer_id, t.member_id
from touch_point t left join touch_partner x on x.touch_id = t.id and x.void_ms is null
where t.state = 'held' and t.void_ms is null;
create trigger firm_touch_added after insert on touch_point
    when new.state = 'held' and new.void_ms is null begin
    insert or ignore into firm_touch select * from held_touch where touch_id = new.id;
end;
create trigger firm_touch_changed after update of kind, no, state, at_ms, outcome, internal,
    channel, deal_id, customer_id, member_id, void_ms on touch_point
    when old.state = 'held' and old.void_ms is null begin
    delete from firm_touch where touch_id = old.id and at_ms = old.at_ms
      and firm in (select partner_id from touch_partner where touch_id = old.id
                   union all select coalesce(-old.customer_id, 0));
    insert or ignore into firm_touch select * from held_touch where touch_id = new.id;
end;
-- Held at last, or shown by an import: a hundred thousand times, so it looks for nothing.
create trigger firm_touch_shown after update of state, void_ms on touch_point
    when new.state = 'held' and new.void_ms is null
     and not (old.state = 'held' and old.void_ms is null) begin
    insert or ignore into firm_touch select * from held_touch where touch_id = new.id;
end;
create trigger firm_touch_removed after delete on touch_point begin
    delete from firm_touch where touch_id = old.id and at_ms = old.at_ms
      and firm in (select partner_id from touch_partner where touch_id = old.id
                   union all select coalesce(-old.customer_id, 0));
end;
create trigger firm_touch_joined after insert on touch_partner
    when (select t.state = 'held' and t.void_ms is null from touch_point t
          where t.id = new.touch_id) begin
    delete from firm_touch
    where (firm, at_ms, touch_id) = (select coalesce(-t.customer_id, 0), t.at_ms, t.id
                                     from touch_point t where t.id = new.touch_id);
    insert or ignore into firm_touch select * from held_touch where touch_id = new.touch_id;
end;
create trigger firm_touch_moved after update of touch_id, partner_id, void_ms
    on touch_partner begin
    delete from firm_touch where touch_id in (old.touch_id, new.touch_id)
      and at_ms in (select t.at_ms from touch_point t where t.id in (old.touch_id, new.touch_id))
      and firm in (select old.partner_id union all
                   select coalesce(-t.customer_id, 0) from touch_point t
                   where t.id in (old.touch_id, new.touch_id));
    insert or ignore into firm_touch
    select * from held_touch where touch_id in (old.touch_id, new.touch_id);
end;
create trigger firm_touch_left after delete on touch_partner begin
    delete from firm_touch
    where (firm, at_ms, touch_id) = (select old.partner_id, t.at_ms, t.id
                                     from touch_point t where t.id = old.touch_id);
    insert or ignore into firm_touch select * from held_touch where touch_id = old.touch_id;
end;

-- With which customers a partner was in touch, and since when: counted touch points of
-- firm_touch, from which the triggers keep it (met_account is what it has to hold).
create table firm_account (
    firm        integer not null,     -- partner.id
    customer_id integer not null,
    first_ms    integer not null,     -- the first touch point
    primary key (firm, customer_id)
) strict, without rowid;
create view met_account as
select firm, customer_id, min(at_ms) as first_ms from firm_touch
where firm > 0 and customer_id is not null and outcome = 'reached' and internal = 0
group by firm, customer_id;
create trigger firm_account_added after insert on firm_touch
    when new.firm > 0 and new.customer_id is not null and new.outcome = 'reached'
     and new.internal = 0 begin
    insert into firm_account values (new.firm, new.customer_id, new.at_ms)
    on conflict do update set first_ms = excluded.first_ms where excluded.first_ms < first_ms;
end;
create trigger firm_account_removed after delete on firm_touch
    when old.firm > 0 and old.customer_id is not null and old.outcome = 'reached'
     and old.internal = 0 begin
    delete from firm_account where firm = old.firm and customer_id = old.customer_id
      and first_ms = old.at_ms;
    insert into firm_account
    select f.firm, f.customer_id, f.at_ms from firm_touch f
    where f.firm = old.firm and f.at_ms >= old.at_ms and f.customer_id = old.customer_id
      and f.outcome = 'reached' and f.internal = 0
      and not exists (select 1 from firm_account a
                      where a.firm = old.firm and a.customer_id = old.customer_id)
    order by f.at_ms limit 1;
end;

-- A consensus note (N45): what a room or a person thinks. Layers are both kept: in the
-- room, and heard afterwards. The text is in note_text.
create table note (
    id          integer primary key,
    touch_id    integer references touch_point (id), -- the meeting it is about
    customer_id integer references customer (id),
    deal_id     integer references deal (id),
    partner_id  integer references partner (id),
    layer       text not null check (layer in ('room','after')),
    stance      text check (stance in ('for','against','split','unknown')),
    from_person integer references person (id),
    member_id   integer not null references member (id),
    at_ms       integer not null,
    note_id     integer,              -- note_text.id; null: a stance without words
    note_rev    integer,
    confidence  text check (confidence in ('high','medium','low')), -- of who noted it
    decision_id integer,              -- note_text.id of what was decided,
    concerns_id integer,              -- what worries them,
    next_id     integer,              -- and the next step, each by itself
    source      text not null default 'typed',
    created_ms  integer not null,
    void_ms     integer
) strict;
create index note_by_touch on note (touch_id);
create index note_by_deal on note (deal_id, at_ms);
create index note_by_customer on note (customer_id, at_ms);
create index note_by_partner on note (partner_id, at_ms) where partner_id is not null;
create index note_by_person on note (from_person, at_ms) where from_person is not null;
create index note_by_at on note (at_ms);
create index note_by_note on note (note_id) where note_id is not null;
create index note_by_decision on note (decision_id) where decision_id is not null;
create index note_by_concerns on note (concerns_id) where concerns_id is not null;
create index note_by_next on note (next_id) where next_id is not null;

-- Meetings that were held, in the order of time: when we first heard of each afterwards, and
-- when its first stance was noted. As with firm_touch it says nothing that is not elsewhere
-- (held_meeting is what it has to hold), and the triggers keep it.
create table meeting_heard (
    at_ms       integer not null,     -- as in touch_point
    touch_id    integer not null,
    over_ms     integer not null,     -- when it ended or was written down, the later
    internal    integer not null,
    customer_id integer,
    deal_id     integer,
    heard_ms    integer,              -- the first note of layer after; null: none
    stance_ms   integer,              -- the first note with a stance
    primary key (at_ms, touch_id)
) strict, without rowid;
create view held_meeting as
select t.at_ms, t.id as touch_id,
       max(t.at_ms + coalesce(t.minutes, 0) * 60000, t.created_ms) as over_ms, t.internal,
       t.customer_id, t.deal_id,
       (select min(n.at_ms) from note n
        where n.touch_id = t.id and n.layer = 'after' and n.void_ms is null) as heard_ms,
       (select min(n.at_ms) from note n
        where n.touch_id = t.id and n.stance is not null and n.void_ms is null) as stance_ms
from touch_point t
where t.kind = 'M' and t.state = 'held' and t.void_ms is null;
create trigger meeting_heard_added after insert on touch_point when new.kind = 'M' begin
    insert or ignore into meeting_heard select * from held_meeting where touch_id = new.id;
end;
create trigger meeting_heard_changed after update of kind, state, at_ms, minutes, internal,
    customer_id, deal_id, created_ms, void_ms on touch_point
    when old.kind = 'M' or new.kind = 'M' begin
    delete from meeting_heard where at_ms = old.at_ms and touch_id = old.id;
    insert or ignore into meeting_heard select * from held_meeting where touch_id = new.id;
end;
create trigger meeting_heard_removed after delete on touch_point when old.kind = 'M' begin
    delete from meeting_heard where at_ms = old.at_ms and touch_id = old.id;
end;
create trigger meeting_heard_noted after insert on note when new.touch_id is not null begin
    update meeting_heard
    set (heard_ms, stance_ms) = (select v.heard_ms, v.stance_ms from held_meeting v
                                 where v.touch_id = new.touch_id)
    where touch_id = new.touch_id
      and at_ms = (select t.at_ms from touch_point t where t.id = new.touch_id);
end;
create trigger meeting_heard_renoted after update of touch_id, layer, stance, at_ms, void_ms
    on note begin
    update meeting_heard
    set (heard_ms, stance_ms) = (select v.heard_ms, v.stance_ms from held_meeting v
                                 where v.touch_id = meeting_heard.touch_id)
    where (at_ms, touch_id) in (select t.at_ms, t.id from touch_point t
                                where t.id = old.touch_id or t.id = new.touch_id);
end;
create trigger meeting_heard_unnoted after delete on note when old.touch_id is not null begin
    update meeting_heard
    set (heard_ms, stance_ms) = (select v.heard_ms, v.stance_ms from held_meeting v
                                 where v.touch_id = old.touch_id)
    where touch_id = old.touch_id
      and at_ms = (select t.at_ms from touch_point t where t.id = old.touch_id);
end;

-- Who stood where in a consensus note: the person, or the title where the name is not
-- known. Summaries count these; names are shown by the note alone.
create table note_stance (
    id        integer primary key,
    note_id   integer not null references note (id),
    person_id integer references person (id),
    label     text,
    stance    text not null check (stance in ('for','against','split','unknown')),
    void_ms   integer
) strict;
create index note_stance_by_note on note_stance (note_id);

-- Who decides on a deal together, and what each of them personally stands to lose.
create table committee (
    id         integer primary key,
    deal_id    integer not null references deal (id),
    person_id  integer not null references person (id),
    risk_id    integer,               -- note_text.id; null: not known
    member_id  integer not null references member (id), -- who named them
    source     text not null default 'typed',
    created_ms integer not null,
    void_ms    integer
) strict;
create index committee_by_deal on committee (deal_id);
create index committee_by_risk on committee (risk_id) where risk_id is not null;

-- What was said against a deal (O7), and what we answered.
create table objection (
    id          integer primary key,
    deal_id     integer not null references deal (id),
    person_id   integer references person (id), -- who raised it
    type        text not null check (type in
                ('legal','security','price','precedent','personal')),
    state       text not null default 'open' check (state in ('open','answered')),
    note_id     integer,              -- note_text.id of the objection
    answer_id   integer,              -- and of the answer
    member_id   integer not null references member (id),
    at_ms       integer not null,
    answered_ms integer,
    answered_by integer references member (id),
    source      text not null default 'typed',
    created_ms  integer not null,
    void_ms     integer
) strict;
create index objection_by_deal on objection (deal_id);
create index objection_by_note on objection (note_id) where note_id is not null;
create index objection_by_answer on objection (answer_id) where answer_id is not null;

-- A sign-off that circulates at a customer (R4): a ringisho, or what goes round without
-- paper. A deal may have several, each with its own circuit.
create table ringi (
    id          integer primary key,
    deal_id     integer not null references deal (id),
    kind        text not null default 'other' check (kind in ('po','contract','hire','other')),
    medium      text check (medium in ('paper','workflow','informal')), -- null: not known
    parallel    integer not null default 0, -- 1: all at the same time
    round       integer not null default 1, -- each return for revision begins a new one
    state       text not null default 'circulating' check (state in
                ('circulating','returned','approved','rejected','withdrawn')),
    started_ms  integer not null,     -- since when it circulates; of the first round
    returned_ms integer,              -- since when it is being revised
    back_day    integer,              -- when it is expected back from there
    ended_ms    integer,              -- approved, rejected or withdrawn
    member_id   integer not null references member (id),
    source      text not null default 'typed',
    created_ms  integer not null,
    void_ms     integer
) strict;
create index ringi_by_deal on ringi (deal_id);

-- Who stamps it, in the order of the circuit. A round of revision has its own steps.
create table ringi_step (
    id         integer primary key,
    ringi_id   integer not null references ringi (id),
    round      integer not null,
    place      integer not null,      -- 1 is the first
    person_id  integer references person (id),
    label      text,                  -- 本部長: a title whose name nobody knows
    courtesy   integer not null default 0, -- 1: is shown it, decides nothing
    since_ms   integer,               -- since when it lies there; null: not yet
    done_ms    integer,               -- when it went on
    outcome    text check (outcome in ('stamped','returned')),
    dissent_ms integer,               -- holds it because he is against it, since then
    note_id    integer,               -- note_text.id
    void_ms    integer,
    check ((person_id is null) != (label is null))
) strict;
create index ringi_step_by_ringi on ringi_step (ringi_id, round, place);
create index ringi_step_by_person on ringi_step (person_id) where person_id is not null;
create index ringi_step_by_note on ringi_step (note_id) where note_id is not null;

-- How a deal is argued for: away from a risk, or towards a gain.
create table pitch (
    id         integer primary key,
    deal_id    integer not null references deal (id),
    direction  text not null check (direction in ('away','towards')),
    note_id    integer not null,      -- note_text.id
    member_id  integer not null references member (id),
    at_ms      integer not null,
    source     text not null default 'typed',
    void_ms    integer
) strict;
create index pitch_by_deal on pitch (deal_id);
create index pitch_by_note on pitch (note_id);

-- A customer that would be the first of its industry, and who backs that.
create table first_buyer (
    id          integer primary key,
    customer_id integer not null references customer (id),
    person_id   integer references person (id),
    partner_id  integer references partner (id),
    member_id   integer not null references member (id),
    at_ms       integer not null,
    void_ms     integer
) strict;
create index first_buyer_by_customer on first_buyer (customer_id);

-- Somebody introduced us, or one person to another: a person, or a partner that is one
-- (referral), opened the door to the person or the firm.
create table introduction (
    id          integer primary key,
    by_person   integer references person (id),
    by_partner  integer references partner (id),
    person_id   integer references person (id),
    customer_id integer references customer (id),
    partner_id  integer references partner (id),
    member_id   integer not null references member (id),
    at_ms       integer not null,
    note_id     integer,              -- note_text.id
    source      text not null default 'typed',
    void_ms     integer,
    check ((by_person is null) != (by_partner is null))
) strict;
create index introduction_by_person on introduction (person_id) where person_id is not null;
create index introduction_by_customer on introduction (customer_id) where customer_id is not null;
create index introduction_by_partner on introduction (partner_id) where partner_id is not null;
create index introduction_by_giver on introduction (by_person) where by_person is not null;
create index introduction_by_referrer on introduction (by_partner) where by_partner is not null;
create index introduction_by_at on introduction (at_ms);
create index introduction_by_note on introduction (note_id) where note_id is not null;

-- Which member keeps the contact with a person, where it was handed over; otherwise it
-- is who spoke with the person last.
create table keeper (
    id        integer primary key,
    person_id integer not null references person (id),
    member_id integer not null references member (id),
    since_ms  integer not null,
    by_member integer not null references member (id),
    void_ms   integer
) strict;
create index keeper_by_person on keeper (person_id, id);

-- Groups of agencies that a partner belongs to (partner.silo is `code`), besides those
-- that the lexicon knows.
create table silo (
    id        integer primary key,
    code      text not null,          -- lower case, without spaces
    name      text not null,
    aliases   text,                   -- further names, comma separated
    member_id integer not null references member (id),
    void_ms   integer
) strict;
create unique index silo_by_code on silo (code) where void_ms is null;

-- How many accounts a partner can open, as estimated on a day. The latest one counts.
create table network_size (
    id         integer primary key,
    partner_id integer not null references partner (id),
    accounts   integer not null check (accounts >= 0),
    at_day     integer not null,
    note_id    integer,               -- note_text.id: whom it knows, and from where
    member_id  integer not null references member (id),
    source     text not null default 'typed',
    created_ms integer not null,
    void_ms    integer
) strict;
create index network_size_by_partner on network_size (partner_id, at_day);
create index network_size_by_note on network_size (note_id) where note_id is not null;

-- Accounts that a partner declared to be in its network: it can open them. When one was
-- approached is read from registrations, introductions and touch points.
create table network_account (
    id          integer primary key,
    partner_id  integer not null references partner (id),
    customer_id integer not null references customer (id),
    at_day      integer not null,     -- declared on
    member_id   integer not null references member (id),
    source      text not null default 'typed',
    created_ms  integer not null,
    void_ms     integer
) strict;
create index network_account_by_partner on network_account (partner_id);
create index network_account_by_customer on network_account (customer_id);

-- What a partner does for its own customers, from a day on, until another day.
create table capability_tag (
    id         integer primary key,
    partner_id integer not null references partner (id),
    tag        text not null check (tag in
               ('media','analytics','cro','personalisation','martech','data')),
    from_day   integer not null,
    to_day     integer,               -- the first day without it; null: still
    member_id  integer not null references member (id),
    source     text not null default 'typed',
    created_ms integer not null,
    void_ms    integer
) strict;
create index capability_tag_by_partner on capability_tag (partner_id);

-- What a partner can do for us, as somebody rated it on a day. Not rated is not 0.
create table capability (
    id         integer primary key,
    partner_id integer not null references partner (id),
    what       text not null check (what in ('presales','technical','implement','onboard',
               'train','maintain','support','renewal')),
    score      integer not null check (score between 0 and 5),
    at_day     integer not null,
    member_id  integer not null references member (id), -- who rated it
    outsourced integer not null default 0, -- others do it in its name:
    to_partner integer references partner (id), -- one of our partners,
    to_firm    text,                  -- or a firm that is none
    note_id    integer,               -- note_text.id: the evidence
    source     text not null default 'typed',
    created_ms integer not null,
    void_ms    integer
) strict;
create index capability_by_partner on capability (partner_id, what, at_day);
create index capability_by_note on capability (note_id) where note_id is not null;
create index capability_by_to_partner on capability (to_partner) where to_partner is not null;

-- A training of a partner's person, from enrolment to certificate.
create table training (
    id            integer primary key,
    person_id     integer not null references person (id),
    partner_id    integer references partner (id), -- where the person worked then
    product       text,
    enrolled_day  integer not null,
    due_day       integer not null,
    due_assumed   integer not null default 0, -- 1: nobody said when; 30 days after enrolment
    done_day      integer,
    certified_day integer,            -- null: none was given
    expires_day   integer,            -- the first day on which it no longer holds
    member_id     integer not null references member (id),
    source        text not null default 'typed',
    created_ms    integer not null,
    void_ms       integer
) strict;
create index training_by_person on training (person_id);
create index training_by_partner on training (partner_id, due_day) where partner_id is not null;

-- Marketing, by a partner alone or together with us, and what came of it (V4).
create table activity (
    id         integer primary key,
    kind       text not null check (kind in
               ('webinar','localised_content','press_release','case_study','other')),
    joint      integer not null default 0,
    partner_id integer references partner (id), -- null: ours alone
    market     text,
    language   text,
    product    text,
    at_day     integer not null,
    leads      integer,               -- as counted; null: not told
    meetings   integer,               -- booked from them
    note_id    integer,               -- note_text.id: what it was about
    member_id  integer not null references member (id),
    source     text not null default 'typed',
    created_ms integer not null,
    void_ms    integer
) strict;
create index activity_by_partner on activity (partner_id, at_day) where partner_id is not null;
create index activity_by_day on activity (at_day);
create index activity_by_note on activity (note_id) where note_id is not null;

-- Somebody who wants to hear more (L9): from which activity or partner, the meeting that
-- came of it, and the deal. Without either it is an orphan.
create table lead (
    id          integer primary key,
    activity_id integer references activity (id),
    partner_id  integer references partner (id),
    customer_id integer not null references customer (id),
    person_id   integer references person (id),
    touch_id    integer references touch_point (id), -- the meeting
    deal_id     integer references deal (id),
    at_ms       integer not null,
    note_id     integer,              -- note_text.id
    member_id   integer not null references member (id),
    source      text not null default 'typed',
    created_ms  integer not null,
    void_ms     integer
) strict;
create index lead_by_activity on lead (activity_id) where activity_id is not null;
create index lead_by_partner on lead (partner_id, at_ms) where partner_id is not null;
create index lead_by_customer on lead (customer_id);
create index lead_by_deal on lead (deal_id) where deal_id is not null;
create index lead_by_touch on lead (touch_id) where touch_id is not null;
create index lead_by_note on lead (note_id) where note_id is not null;

-- A published story of a customer: of which market the customer is, in which language.
-- A translation of a story from elsewhere says where that was, and is not a local one.
create table case_study (
    id           integer primary key,
    customer_id  integer not null references customer (id),
    partner_id   integer references partner (id),
    deal_id      integer references deal (id),
    market       text not null,       -- for which it was published
    language     text not null,
    translated_from text,             -- the market of the customer; null: a local story
    product      text,
    published_day integer not null,
    link         text,
    member_id    integer not null references member (id),
    source       text not null default 'typed',
    created_ms   integer not null,
    void_ms      integer
) strict;
create index case_study_by_customer on case_study (customer_id);
create index case_study_by_partner on case_study (partner_id) where partner_id is not null;
create index case_study_by_market on case_study (market, published_day);

-- Would they recommend us: an answer of a person, or of a firm where nobody is named.
create table nps (
    id          integer primary key,
    customer_id integer references customer (id),
    person_id   integer references person (id),
    partner_id  integer references partner (id), -- through whom, at the time of the answer
    score       integer not null check (score between 0 and 10),
    how         text not null default 'spoken' check (how in ('survey','spoken')),
    at_day      integer not null,
    note_id     integer,              -- note_text.id
    member_id   integer not null references member (id),
    source      text not null default 'typed',
    created_ms  integer not null,
    void_ms     integer,
    check (customer_id is not null or person_id is not null)
) strict;
create index nps_by_customer on nps (customer_id, at_day) where customer_id is not null;
create index nps_by_person on nps (person_id, at_day) where person_id is not null;
create index nps_by_partner on nps (partner_id, at_day) where partner_id is not null;
create index nps_by_day on nps (at_day);
create index nps_by_note on nps (note_id) where note_id is not null;

-- What is said about us or a partner in the market (W6), and from whom we have it. A
-- negative one stays open until somebody says how it was resolved.
create table perception (
    id          integer primary key,
    sign        text not null check (sign in ('positive','negative')),
    partner_id  integer references partner (id),
    customer_id integer references customer (id),
    person_id   integer references person (id), -- who said it
    note_id     integer not null,     -- note_text.id
    at_ms       integer not null,
    member_id   integer not null references member (id),
    state       text not null default 'open' check (state in ('open','resolved')),
    answer_id   integer,              -- note_text.id: how it was resolved
    resolved_ms integer,
    resolved_by integer references member (id),
    source      text not null default 'typed',
    created_ms  integer not null,
    void_ms     integer,
    check (partner_id is not null or customer_id is not null),
    check ((state = 'resolved') = (answer_id is not null))
) strict;
create index perception_by_partner on perception (partner_id) where partner_id is not null;
create index perception_by_customer on perception (customer_id) where customer_id is not null;
create index perception_by_note on perception (note_id);
create index perception_by_answer on perception (answer_id) where answer_id is not null;

-- Which partner a customer wants to work with, since when and who said so. The latest counts.
create table preference (
    id          integer primary key,
    customer_id integer not null references customer (id),
    partner_id  integer not null references partner (id),
    person_id   integer references person (id), -- who said so
    at_day      integer not null,
    note_id     integer,              -- note_text.id
    member_id   integer not null references member (id),
    source      text not null default 'typed',
    created_ms  integer not null,
    void_ms     integer
) strict;
create index preference_by_customer on preference (customer_id, at_day);
create index preference_by_partner on preference (partner_id);
create index preference_by_note on preference (note_id) where note_id is not null;

-- Partners that served a customer before, as told: without a deal of ours.
create table served (
    id          integer primary key,
    customer_id integer not null references customer (id),
    partner_id  integer not null references partner (id),
    from_day    integer,
    to_day      integer,              -- null: still, or not known
    member_id   integer not null references member (id),
    void_ms     integer
) strict;
create index served_by_customer on served (customer_id);
create index served_by_partner on served (partner_id);

-- What a customer runs today: its kind (CMS), name and version, since which year.
create table technology (
    id          integer primary key,
    customer_id integer not null references customer (id),
    kind        text,                 -- as typed: CMS, CRM
    name        text not null,
    version     text,
    since_year  integer,
    note_id     integer,              -- note_text.id: what locks them in
    at_day      integer not null,
    member_id   integer not null references member (id),
    source      text not null default 'typed',
    created_ms  integer not null,
    void_ms     integer
) strict;
create index technology_by_customer on technology (customer_id);
create index technology_by_note on technology (note_id) where note_id is not null;

-- An integrator that stands between us and a customer, and what it is there.
create table gate (
    id          integer primary key,
    customer_id integer not null references customer (id),
    partner_id  integer references partner (id), -- one of our partners,
    firm        text,                 -- or a firm that is none
    part        text not null default 'gatekeeper' check (part in
                ('decision_maker','stakeholder','gatekeeper','ally')),
    note_id     integer,              -- note_text.id
    at_day      integer not null,
    member_id   integer not null references member (id),
    source      text not null default 'typed',
    created_ms  integer not null,
    void_ms     integer,
    check ((partner_id is null) != (firm is null))
) strict;
create index gate_by_customer on gate (customer_id);
create index gate_by_partner on gate (partner_id) where partner_id is not null;
create index gate_by_note on gate (note_id) where note_id is not null;

-- Work that makes a partner ready for its market (J5).
create table task (
    id         integer primary key,
    partner_id integer not null references partner (id),
    market     text,
    what       text not null check (what in ('site','deck','contract','process','other')),
    owner_id   integer references member (id),
    due_day    integer,
    done_day   integer,
    note_id    integer,               -- note_text.id
    member_id  integer not null references member (id),
    source     text not null default 'typed',
    created_ms integer not null,
    void_ms    integer
) strict;
create index task_by_partner on task (partner_id);
create index task_by_note on task (note_id) where note_id is not null;

-- Material, of which the editable original is needed to put it into another language (G8).
create table asset (
    id            integer primary key,
    name          text not null,      -- of the file
    language      text,
    partner_id    integer references partner (id),
    customer_id   integer references customer (id),
    editable      integer,            -- is there an editable original? null: not known
    place         text,               -- where that is
    text_in_image integer not null default 0, -- pictures hold words: they are to be redrawn
    localised     text,               -- where the localised copy is
    member_id     integer not null references member (id),
    source        text not null default 'typed',
    created_ms    integer not null,
    void_ms       integer
) strict;
create index asset_by_partner on asset (partner_id) where partner_id is not null;
create index asset_by_customer on asset (customer_id) where customer_id is not null;

-- A junior who came along to a meeting to learn.
create table shadow (
    id        integer primary key,
    touch_id  integer not null references touch_point (id),
    member_id integer not null references member (id),
    void_ms   integer
) strict;
create index shadow_by_touch on shadow (touch_id);
create index shadow_by_member on shadow (member_id);

-- What the team set; the latest of a key counts: ranking (on, off) of individuals, expiry
-- (days without contact), weights (percent of the five stages, space separated).
create table setting (
    id        integer primary key,
    key       text not null,
    value     text not null,
    member_id integer not null references member (id),
    at_ms     integer not null,
    void_ms   integer
) strict;
create index setting_by_key on setting (key, id);

-- An administrator's word about a market's day, before the table of holidays that the program
-- has: off, or worked. Which state stands for a market is the setting state.MY.
create table own_day (
    id        integer primary key,
    market    text not null,
    day       integer not null,
    works     integer not null check (works in (0, 1)),
    name      text not null default '',
    source    text not null default 'typed' check (source in ('typed', 'ics', 'demo')),
    member_id integer not null references member (id),
    at_ms     integer not null,
    void_ms   integer
) strict;
create index own_day_by_market on own_day (market, day) where void_ms is null;

-- A calendar at an address that a member named; the clock fetches it. Such an address is often
-- a secret itself: no log and no other member sees it.
create table calendar (
    id         integer primary key,
    member_id  integer not null references member (id),
    url        text not null,
    host       text not null,         -- how it is called in replies
    next_ms    integer not null,      -- when it is fetched next
    fetched_ms integer,               -- last time that it could be read
    failed     integer not null default 0, -- times in a row that it could not
    made_ms    integer not null,
    void_ms    integer
) strict;
create index calendar_by_member on calendar (member_id) where void_ms is null;
create index calendar_by_time on calendar (next_ms) where void_ms is null;

-- Which event of a calendar a planned meeting is, so that the next file changes it instead of
-- planning it again. Nothing of the event itself is kept here. Undo leaves these alone: what a
-- member took back is not planned anew by the next reading.
create table calendar_event (
    id          integer primary key,
    member_id   integer not null references member (id),
    calendar_id integer references calendar (id), -- null: of a file
    uid         text not null,        -- SHA-256 of the event's or the series' own id
    occurrence  integer not null,     -- of a series: the day its rule gave; else 0
    print       text not null,        -- SHA-256 of all that it said; off: it was called off
    touch_id    integer not null references touch_point (id)
) strict;
create unique index calendar_event_by_uid on calendar_event (member_id, uid, occurrence);
create index calendar_event_by_touch on calendar_event (touch_id);
create index calendar_event_by_calendar on calendar_event (calendar_id) where calendar_id is not null;

-- The address at which a member's phone reads what is planned here: SHA-256 of its secret.
create table calendar_feed (
    member_id integer primary key references member (id),
    hash      text not null unique,
    made_ms   integer not null
) strict;

-- Periods with a name, such as the bonus seasons, both days included.
create table season (
    id        integer primary key,
    name      text not null,
    from_day  integer not null,
    to_day    integer not null,
    member_id integer not null references member (id),
    void_ms   integer,
    check (from_day <= to_day)
) strict;

-- What a team is to win in a period, both days included. The latest for the same counts.
create table target (
    id           integer primary key,
    team         text not null,
    amount_minor integer not null check (amount_minor > 0),
    currency     text not null,
    from_day     integer not null,
    to_day       integer not null,
    season_id    integer references season (id),
    member_id    integer not null references member (id),
    source       text not null default 'typed',
    created_ms   integer not null,
    void_ms      integer,
    check (from_day <= to_day)
) strict;
create index target_by_team on target (team, from_day);

-- 1 `base` = rate_nano / 10^9 `quote` from this day on, until a later one.
create table rate (
    id        integer primary key,
    base      text not null,
    quote     text not null,
    rate_nano integer not null check (rate_nano > 0),
    at_day    integer not null,
    member_id integer not null references member (id),
    source    text not null default 'typed',
    void_ms   integer
) strict;
create index rate_by_pair on rate (base, quote, at_day);

-- What is set for a market; without a row the built-in values hold.
create table market_fact (
    id           integer primary key,
    market       text not null,
    factor_milli integer check (factor_milli > 0), -- its cycle, 3000 = 3 × the base cycle
    base         integer not null default 0, -- 1: others are compared with it
    tam_id       integer,             -- note_text.id: how large it is
    member_id    integer not null references member (id),
    void_ms      integer
) strict;
create unique index market_fact_by_market on market_fact (market) where void_ms is null;
create index market_fact_by_tam on market_fact (tam_id) where tam_id is not null;

-- Steps of us in a market that no other record tells.
create table milestone (
    id        integer primary key,
    market    text not null,
    what      text not null check (what in
              ('first_partner','first_rep','first_direct_win','entity','office')),
    at_day    integer not null,
    member_id integer not null references member (id),
    void_ms   integer
) strict;
create index milestone_by_market on milestone (market, at_day);

-- The last day of a member in the team. Figures group those behind it as left.
create table leaving (
    id        integer primary key,
    member_id integer not null references member (id),
    last_day  integer not null,
    by_member integer not null references member (id),
    void_ms   integer
) strict;
create index leaving_by_member on leaving (member_id);

-- A sign of life of a partner: a message of its user or an imported row, and whether that
-- changed a record (update) or not (check). One row a partner, day and kind is enough.
-- Written outside the journal: undoing the change takes no sign of life away.
create table check_in (
    id         integer primary key,
    partner_id integer not null references partner (id),
    at_day     integer not null,      -- of the team zone
    what       text not null check (what = 'update' or what = 'check'),
    member_id  integer references member (id), -- null: imported
    void_ms    integer
) strict;
create index check_in_by_partner on check_in (partner_id, at_day);

-- The only place of free text. Readable through one statement, which takes the viewer
-- (notes.sql). A revision is never changed; an edit adds one.
create table note_text (
    id         integer not null,
    rev        integer not null,
    author_id  integer not null references member (id),
    level      text not null check (level = 'me' or level = 'all' or level = 'deal'
               or level = 'managers' or level = 'offrecord'), -- see touch_point.state
    deal_id    integer,
    market     text,
    text       text not null,
    created_ms integer not null,
    primary key (id, rev)
) strict;
-- The private texts of a member's records, which only instr searches. Copies of typed
-- lines have no market and are no records.
create index note_text_private on note_text (author_id, id)
    where market is not null and (level = 'me' or level = 'offrecord');
-- Named readers of a text: who may read it besides those of its level.
create table note_reader (
    id        integer primary key,
    note_id   integer not null,       -- note_text.id
    member_id integer not null references member (id),
    void_ms   integer
) strict;
create unique index note_reader_by_note on note_reader (note_id, member_id) where void_ms is null;
create index note_reader_by_member on note_reader (member_id, note_id);
-- Who was shown somebody else's words that are not for everyone, for its author to see:
-- the first time of each reader.
create table note_seen (
    note_id   integer not null,       -- note_text.id
    member_id integer not null references member (id),
    at_ms     integer not null,
    primary key (note_id, member_id)
) strict, without rowid;

-- Where words are found: split terms (text/terms.h) of the texts that others may read.
-- Texts of level me and off the record are never in it. It holds no text, so that a row
-- is taken out by the terms it was put in with; note_indexed says of which revision.
create virtual table note_index using fts5 (terms, content='', columnsize=0, detail=none,
    tokenize="unicode61 remove_diacritics 2 categories 'L* N* M*'");
create table note_indexed (
    note_id integer primary key,
    rev     integer not null
) strict;

-- A file that is imported. Its new records are written in slices with void_ms = -id, so
-- that nobody reads them, and what it changes in others waits in import_change. One small
-- transaction marks it `applied`; it is then shown, in that transaction as far as that is
-- quick and slice by slice behind it, also by who comes after a crash. A batch that is
-- still `writing` when nobody writes it is removed.
create table import_batch (
    id        integer primary key,
    file      text not null,          -- its name without the folder
    member_id integer references member (id),
    state     text not null default 'writing' check (state in ('writing','applied','shown')),
    at_ms     integer not null
) strict;
create index import_batch_open on import_batch (id) where state != 'shown';
-- Where the rows are that a batch added, until they are shown; between them others stand.
create table import_span (
    id        integer primary key,
    batch_id  integer not null references import_batch (id),
    tbl       text not null check (tbl in
              ('partner','customer','person','name','messenger','deal','deal_event','touch_point')),
    first_row integer not null,
    last_row  integer not null
) strict;
create index import_span_by_batch on import_span (batch_id);
-- What a batch changes in a record that was there, until it is shown: the columns as JSON.
create table import_change (
    id       integer primary key,
    batch_id integer not null references import_batch (id),
    kind     text not null check (kind in ('P','A','C','D','T')),
    ref      integer not null,        -- the row, also of T
    columns  text not null
) strict;
create index import_change_by_batch on import_change (batch_id);
-- What a record was called where it came from, so that a second import finds it: an id of
-- that system, or a hash of the line that has none.
create table import_key (
    kind     text not null check (kind in ('P','A','C','D','T')),
    key      text not null,
    ref      integer not null,        -- the row, also of T
    batch_id integer not null references import_batch (id),
    primary key (kind, key)
) strict, without rowid;
create index import_key_by_batch on import_key (batch_id);

-- A follow-up (F31). Local date, time and zone are what is stored; due_ms is computed
-- from them and again at each change of zone rules.
create table follow (
    id          integer primary key,
    member_id   integer not null references member (id),
    kind        text not null default 'follow' check (kind in ('follow','champion','ringi',
                'join','after','go','story','referral')),
    -- champion clock: 1 evening, 2, 3; ringi: 1 chase, 2 way out; go: which item of the list.
    -- join is five minutes before a planned meeting, after at its end; story and referral are
    -- asked of the customer of a won deal.
    step        integer not null default 1,
    person_id   integer references person (id),
    customer_id integer references customer (id),
    partner_id  integer references partner (id),
    deal_id     integer references deal (id),
    touch_id    integer references touch_point (id),
    ringi_id    integer references ringi (id),
    note_id     integer,              -- what to do, in note_text
    due_local   text not null,        -- 2026-03-02T19:30
    zone        text not null,
    due_ms      integer not null,
    state       text not null default 'open' check (state in ('open','sent','done')),
    sent_ms     integer,
    done_ms     integer,
    source      text not null default 'typed',
    created_ms  integer not null,
    void_ms     integer
) strict;
create index follow_by_due on follow (due_ms) where state = 'open' and void_ms is null;
create index follow_join on follow (due_ms) where kind = 'join' and state = 'open' and void_ms is null;
create index follow_by_member on follow (member_id, due_ms);
create index follow_by_deal on follow (deal_id) where deal_id is not null;
create index follow_by_touch on follow (touch_id) where touch_id is not null;
create index follow_by_ringi on follow (ringi_id) where ringi_id is not null;

-- What arrived. The body is kept only while the event waits; id and hash stay. Of
-- somebody who is no member yet it waits under `sender`, the account on the network,
-- until the network has told who that is; of a stranger nothing but the row is kept.
create table inbox (
    id           integer primary key,
    network      text not null,
    member_id    integer references member (id),
    sender       text,
    remote_id    text not null,
    conversation text not null,
    received_ms  integer not null,
    hash         text not null,       -- SHA-256 of the text; empty: a stranger's
    body         text,                -- null once done
    done_ms      integer,
    message      text,                -- the network's id of what was said, where it is not
                                      -- remote_id; edit:… and unsend:… of what changed it
    check (member_id is not null or sender is not null)
) strict;
create unique index inbox_by_remote on inbox (network, member_id, remote_id);
create unique index inbox_by_sender on inbox (network, sender, remote_id) where member_id is null;
create index inbox_by_message on inbox (network, message) where message is not null;
create index inbox_waiting on inbox (member_id, conversation, id) where done_ms is null;

-- The conversation as the member sees it. A member's own line is a reference into
-- note_text; a reply is the neutral reply as JSON, with notes as references that are
-- resolved for the viewer when it is shown.
create table message (
    id           integer primary key,
    network      text not null,
    member_id    integer not null references member (id),
    conversation text not null,
    dir          text not null check (dir in ('in','out')),
    at_ms        integer not null,
    inbox_id     integer references inbox (id), -- the event it is or answers
    note_id      integer,             -- dir in
    body         text,                -- dir out
    remote       text,                -- dir out: what the network calls it, once it has it
    replaces     integer              -- dir out: the message whose place it takes there
) strict;
create index message_by_conversation on message (member_id, conversation, id);
create index message_by_inbox on message (inbox_id) where inbox_id is not null;

-- Replies and reminders on their way. A claim moves due_ms forward: rows of a crashed
-- courier come due by themselves.
create table outbox (
    id         integer primary key,
    message_id integer not null references message (id),
    network    text not null,
    member_id  integer not null references member (id), -- with conversation: the message's,
    conversation text not null,                         -- in which the order is kept
    due_ms     integer not null,
    attempts   integer not null default 0,
    state      text not null default 'pending' check (state = 'pending' or state = 'done'
               or state = 'dead'), -- see touch_point.state
    claimed_ms integer, -- since when the courier has it; null: nobody
    done_ms    integer
) strict;
create index outbox_due on outbox (network, due_ms) where state = 'pending';
create index outbox_by_conversation on outbox (member_id, conversation, id) where state = 'pending';
create index outbox_by_message on outbox (message_id);

-- What a relay (nemawashi relay) keeps for its bot: whatever was posted to it, unverified,
-- until the bot has stored it. Empty in the store of a bot.
create table held (
    id          integer primary key autoincrement, -- never used twice: acknowledged by it
    received_ms integer not null,
    signature   text not null,        -- the header, as it came
    body        text not null         -- base64 of the raw bytes
) strict;

-- A question that waits for its answer, and drafts: the typed text (note_text), what
-- has been settled so far, and what may be answered. Survives restarts.
create table ask (
    id           integer primary key,
    member_id    integer not null references member (id),
    conversation text not null,
    code         text not null,       -- catalogue key of the question; draft
    note_id      integer not null,
    received_ms  integer not null,    -- of the text: ≈now stays what it was
    bindings     text not null,       -- JSON object: what was settled by answers
    options      text not null,       -- JSON array of {label, words, bind}
    state        text not null default 'open' check (state in ('open','answered','dropped')),
    created_ms   integer not null
) strict;
create index ask_open on ask (member_id, conversation, id) where state = 'open';

-- What comes to a member by itself at a regular hour: the morning list of whoever logs, the
-- weekly digest of whoever leads. When it is due next; computed as for follow. A row comes
-- with a member's first message.
create table regular (
    member_id integer not null references member (id),
    kind      text not null check (kind in ('morning','digest')),
    due_local text not null,          -- local date and time, 2026-03-09T08:30
    zone      text not null,          -- IANA, of due_local
    due_ms    integer not null,
    primary key (member_id, kind)
) strict, without rowid;
create index regular_by_due on regular (due_ms);

-- What a member was warned of in a digest. It is said again only when it was gone in
-- between.
create table warning (
    id        integer primary key,
    member_id integer not null references member (id),
    kind      text not null,          -- negative, plateau, concentration, trained …
    about     text not null check (about in ('P','A','D')),
    ref       integer not null,       -- of that kind
    told_ms   integer not null,
    gone_ms   integer                 -- null: it still stands
) strict;
-- How often a person, a partner or a deal wants to hear of us, as its member set it.
create table cadence (
    id         integer primary key,
    person_id  integer references person (id),
    partner_id integer references partner (id),
    deal_id    integer references deal (id),
    days       integer not null check (days > 0),
    member_id  integer not null references member (id),
    at_ms      integer not null,      -- counted from then on where nobody was in touch yet
    void_ms    integer
) strict;
create index cadence_by_member on cadence (member_id) where void_ms is null;

-- What the morning list told a member: once for each mark, which is another one as soon as
-- there is something new to tell (the last touch point, a day).
create table told (
    member_id integer not null references member (id),
    kind      text not null,          -- cadence, stalled, expiry, training, plateau …
    ref       integer not null,       -- of that kind
    mark      integer not null,
    told_ms   integer not null,
    primary key (member_id, kind, ref, mark)
) strict, without rowid;

-- What a member chose about reminders.
create table notice (
    id        integer primary key,
    member_id integer not null references member (id),
    key       text not null,          -- morning, days, digest, digest_day, quiet, via, mute.champion …
    value     text not null,          -- 08:30; 12345; 17:00; 5; 22:00-07:00; line; on
    at_ms     integer not null,
    void_ms   integer
) strict;
create index notice_by_member on notice (member_id, key) where void_ms is null;

create unique index warning_standing on warning (member_id, kind, about, ref) where gone_ms is null;

-- What "it" means to a member in a conversation: latest record, latest figure.
create table focus (
    member_id    integer not null references member (id),
    conversation text not null,
    what         text not null,       -- record, kpi
    value        text not null,
    at_ms        integer not null,
    primary key (member_id, conversation, what)
) strict, without rowid;

-- Every change keeps who, when, before and after. A group is one command of one member;
-- journal rows are written by triggers (journal.c), so that no command can forget.
create table change_group (
    id           integer primary key,
    member_id    integer not null references member (id),
    conversation text not null,
    command      text not null,
    record       text,                -- T1042: what the group is about
    at_ms        integer not null,
    undoes       integer,             -- groups too; without foreign keys, whose check
    undone_by    integer              -- at each delete would scan the table
) strict;
create index change_group_by_member on change_group (member_id, id);
create index change_group_by_record on change_group (record) where record is not null;
create table journal (
    id       integer primary key,
    group_id integer not null references change_group (id),
    tbl      text not null,
    row      integer not null,
    before   text                     -- JSON of the columns; null: the row was inserted
) strict;
create index journal_by_group on journal (group_id, id);
