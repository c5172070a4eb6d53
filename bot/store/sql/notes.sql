-- Only what says `opens:` can read words, any other statement fails to be prepared (wall.h):
-- note_text_read, note_text_export and note_text_scan, all with the viewer; note_text_search
-- reads terms, with the viewer too; note_text_forget_made compares and returns nothing; what
-- erases (forget_, retention_) gives words to the engine alone, which puts others in their place.
-- Who may read: the author; level all: every member of the team, and
-- a partner's user where the record is its partner's (not yet: none may); deal: those on
-- the deal; managers: managers of the author's team, and the country manager of the
-- record's market; offrecord: named readers, none of them a partner's user.

-- name: note_text_next
-- The id and revision of the text to be added: a new one, or a further one of $id.
select coalesce($id, (select coalesce(max(id), 0) + 1 from note_text)),
       (select coalesce(max(rev), 0) + 1 from note_text where id = $id);

-- name: note_text_insert
insert into note_text (id, rev, author_id, level, deal_id, market, text, created_ms)
values ($id, $rev, $author, $level, $deal, $market, $text, $now);

-- name: note_text_forget_made
-- opens: note_text
-- The notes that a command made of a line which was taken back; not what was written later.
update note_text set text = ''
where author_id = $member and id != $line
  and instr((select l.text from note_text l where l.id = $line and l.rev = 1), text) > 0
  and id in (
    select coalesce(p.note_id, n.note_id) from change_group g join journal j on j.group_id = g.id
    left join touch_point p on j.tbl = 'touch_point' and p.id = j.row
    left join note n on j.tbl = 'note' and n.id = j.row
    where g.member_id = $member and g.conversation = $conversation and g.at_ms = $at and j.before is null);

-- name: note_text_forget
update note_text set text = '' where id = $line and author_id = $member;

-- name: note_text_put
-- The one change of a revision: somebody's name is taken out of it, or it has grown too old.
update note_text set text = $text where id = $id and rev = $rev;

-- name: forget_texts
-- opens: note_text
-- While somebody is being forgotten, and only then, without a viewer: core/redact.c looks
-- for their names in it, puts it back and keeps nothing.
select rowid, id, rev, text from note_text
where rowid > $after and text != '' and exists (select 1 from forgotten where done_ms is null)
order by rowid limit $max;

-- name: forget_revisions
-- opens: note_text
-- The same of one text.
select rev, text from note_text
where id = $note and text != '' and exists (select 1 from forgotten where done_ms is null) order by rev;

-- name: retention_count
-- opens: note_text
-- How many notes among the texts up to $to are older than $cut, whether a younger one is among
-- them, and the last text there is. Gives no words.
select count(distinct iif(created_ms < $cut and market is not null and text != '', id, null)),
       coalesce(max(created_ms) >= $cut, 0), (select coalesce(max(rowid), 0) from note_text)
from note_text where rowid > $after and rowid <= $to;

-- name: retention_rows
-- opens: note_text
-- The oldest texts, to be taken out of the word index by their terms and emptied; none unless
-- an administrator set how long notes are kept.
select rowid, id, rev, text, created_ms from note_text
where rowid > $after and coalesce((select value from setting where key = 'retention' and void_ms is null
                                   order by id desc limit 1), 'off') != 'off'
order by rowid limit $max;

-- name: note_text_empty
-- Of a record that never came to be: the words go, the number stays taken.
update note_text set text = '' where id = $id;

-- name: note_reader_insert
insert into note_reader (note_id, member_id) values ($note, $member)
on conflict (note_id, member_id) where void_ms is null do nothing;

-- name: note_reader_void
update note_reader set void_ms = $now
where note_id = $note and member_id = $member and void_ms is null;

-- name: note_reader_list
select member_id from note_reader where note_id = $note and void_ms is null
order by id limit $max;

-- fragment: note_readable
-- Whether the viewer v may read the text x, by its level and its named readers.
(x.author_id = v.id
 or (x.level = 'all' and v.role != 'partner')
 or (v.role != 'partner'
     and exists (select 1 from note_reader r where r.note_id = x.id and r.member_id = v.id and r.void_ms is null))
 or (x.level in ('deal', 'managers') and (
      (v.role = 'manager' and v.team = (select team from member where id = x.author_id))
   or (v.role = 'country' and v.market = coalesce(x.market, ''))))
 or (x.level = 'deal' and (
      exists (select 1 from deal d where d.id = x.deal_id and v.id in (d.owner_id, d.co_owner_id))
   or exists (select 1 from touch_point p where p.deal_id = x.deal_id and p.member_id = v.id and p.void_ms is null)
   -- The team of the deal that it became part of.
   or exists (select 1 from deal g join deal d on d.id = g.merged_into
              where g.id = x.deal_id and (v.id in (d.owner_id, d.co_owner_id)
                or exists (select 1 from touch_point p where p.deal_id = d.id and p.member_id = v.id and p.void_ms is null))))))

-- fragment: note_record
-- The record that the text x belongs to, and when that was; null where there is none.
coalesce(
  (select kind || no from touch_point where note_id = x.id and note_rev = x.rev and void_ms is null),
  (select 'N' || id from note where note_id = x.id and note_rev = x.rev and void_ms is null),
  (select 'N' || id from note where decision_id = x.id and void_ms is null),
  (select 'N' || id from note where concerns_id = x.id and void_ms is null),
  (select 'N' || id from note where next_id = x.id and void_ms is null),
  (select 'O' || id from objection where note_id = x.id and void_ms is null),
  (select 'O' || id from objection where answer_id = x.id and void_ms is null),
  (select 'R' || ringi_id from ringi_step where note_id = x.id and void_ms is null),
  (select 'D' || deal_id from committee where risk_id = x.id and void_ms is null),
  (select 'D' || deal_id from pitch where note_id = x.id and void_ms is null),
  (select 'D' || deal_id from refund where note_id = x.id and void_ms is null),
  (select 'D' || deal_id from deal_source where note_id = x.id and void_ms is null),
  (select 'D' || deal_id from renewal where note_id = x.id and void_ms is null),
  (select 'D' || deal_id from legal_item where note_id = x.id and void_ms is null),
  (select 'A' || customer_id from technology where note_id = x.id and void_ms is null),
  (select 'A' || customer_id from gate where note_id = x.id and void_ms is null),
  (select coalesce('A' || customer_id, 'C' || person_id) from nps where note_id = x.id and void_ms is null),
  (select 'C' || id from person where note_id = x.id and void_ms is null),
  (select 'A' || customer_id from preference where note_id = x.id and void_ms is null),
  (select 'P' || partner_id from network_size where note_id = x.id and void_ms is null),
  (select coalesce('C' || by_person, 'P' || by_partner) from introduction where note_id = x.id and void_ms is null),
  (select 'D' || id from deal where reason_note = x.id and void_ms is null)) as record,
coalesce(
  (select at_ms from touch_point where note_id = x.id and void_ms is null),
  (select at_ms from note where note_id = x.id and void_ms is null),
  x.created_ms) as at

-- fragment: note_closing
-- The revisions x that may close the text t: its own, and the one that its record shows now.
select 1 from note_text x
    where x.id = t.id
      and (x.rev = t.rev or x.rev = coalesce(
        (select p.note_rev from touch_point p where p.note_id = t.id and p.void_ms is null),
        (select n.note_rev from note n where n.note_id = t.id and n.void_ms is null)))

-- name: note_text_read
-- opens: note_text
-- A revision is at most as open as the one that its record shows now: what became off
-- the record is closed in older replies too.
select t.id, t.rev, t.author_id, t.level, t.deal_id, t.market, t.text
from note_text t join member v on v.id = $viewer and v.state = 'active'
where t.id = $id
  and t.rev = coalesce($rev, (select max(rev) from note_text where id = $id))
  and not exists (
-- use: note_closing
      and not
-- use: note_readable
);

-- name: note_text_export
-- opens: note_text
-- What may leave the store in a file: of level all, and of deal and managers where the
-- viewer may read it (null: nobody); never what is its author's own or off the record,
-- also not to its author. Closed like note_text_read.
select t.text, t.level
from note_text t left join member v on v.id = $viewer and v.state = 'active'
where t.id = $id
  and t.rev = coalesce($rev, (select max(rev) from note_text where id = $id))
  and not exists (
-- use: note_closing
      and not (x.level = 'all' or (x.level in ('deal', 'managers') and coalesce(
-- use: note_readable
      , 0))));

-- name: note_seen_add
-- The viewer is shown that revision: kept where it is somebody else's, not for everyone,
-- and not closed to the viewer. As note_text_read, without the words.
insert into note_seen (note_id, member_id, at_ms)
select t.id, v.id, $now
from note_text t join member v on v.id = $viewer and v.state = 'active'
where t.id = $id and t.author_id != v.id and t.level not in ('all', 'me') and t.market is not null
  and t.rev = coalesce($rev, (select max(rev) from note_text where id = $id))
  and not exists (
-- use: note_closing
      and not
-- use: note_readable
)
on conflict (note_id, member_id) do nothing;

-- name: note_seen_list
-- To the author alone.
select s.member_id, s.at_ms from note_seen s
where s.note_id = $note
  and $viewer = (select author_id from note_text t where t.id = s.note_id order by rev desc limit 1)
order by s.at_ms, s.member_id limit $max;

-- name: note_text_search
-- opens: note_index
-- The indexed texts that hold all terms of $match, those entered last first. A text is
-- found by the revision that its record stands at, and without a record it is not found.
select record, at, id, rev from (
  select
-- use: note_record
  , x.id, x.rev
  from note_index i cross join note_indexed w on w.note_id = i.rowid
  cross join note_text x on x.id = w.note_id and x.rev = w.rev
  cross join member v on v.id = $viewer and v.state = 'active'
  where i.note_index match $match
    and
-- use: note_readable
  order by i.rowid desc)
where record is not null limit $max;

-- name: note_text_scan
-- opens: note_text
-- The private texts that are the viewer's own or that he is a named reader of, and that
-- hold $needle.
select record, at, id, rev from (
  select
-- use: note_record
  , x.id, x.rev
  from (select id from note_text where author_id = $viewer and market is not null
          and (level = 'me' or level = 'offrecord')
        union select note_id from note_reader where member_id = $viewer and void_ms is null) k
  cross join note_text x on x.id = k.id
    and x.rev = (select max(rev) from note_text l where l.id = x.id)
  cross join member v on v.id = $viewer and v.state = 'active'
  where (x.level = 'me' or x.level = 'offrecord')
    and instr(lower(x.text), lower($needle)) > 0
    and
-- use: note_readable
  order by x.id desc)
where record is not null limit $max;

-- name: note_indexed_rev
select rev from note_indexed where note_id = $note;

-- name: note_indexed_put
insert into note_indexed (note_id, rev) values ($note, $rev)
on conflict (note_id) do update set rev = excluded.rev;

-- name: note_indexed_drop
delete from note_indexed where note_id = $note;

-- name: note_index_add
insert into note_index (rowid, terms) values ($note, $terms);

-- name: note_index_remove
-- $terms: exactly those it was put in with.
insert into note_index (note_index, rowid, terms) values ('delete', $note, $terms);

-- name: note_index_merge
-- Rewrites at most $pages pages of the index; negative: begins to make one segment of
-- all, which leaves no trace of what was removed.
insert into note_index (note_index, rank) values ('merge', $pages);

-- name: touch_cues
-- Lists of cues by the state of the deal. A cue read in a note that is off the record or
-- for its author only is as private as the note.
select p.cues, d.state, count(*) from touch_point p left join deal d on d.id = p.deal_id
where p.cues is not null and p.void_ms is null and p.state = 'held'
  and p.at_ms >= $from and p.at_ms < $to and ($customer is null or p.customer_id = $customer)
  and (p.member_id = $viewer or not exists (select 1 from note_text t
    where t.id = p.note_id and t.rev = p.note_rev and t.level in ('me', 'offrecord')))
group by p.cues, d.state order by count(*) desc limit $max;

-- name: note_text_facts
select id, rev, author_id, level, deal_id, market from note_text
where id = $id order by rev desc limit 1;

-- name: note_insert
insert into note (touch_id, customer_id, deal_id, partner_id, layer, stance, from_person,
                  member_id, at_ms, note_id, note_rev, confidence, decision_id, concerns_id,
                  next_id, source, created_ms)
values ($touch, $customer, $deal, $partner, $layer, $stance, $from, $member, $at,
        $note, $rev, $confidence, $decision, $concerns, $next, $source, $now);

-- name: note_find
select id, touch_id, customer_id, deal_id, partner_id, layer, stance, from_person,
       member_id, at_ms, note_id, note_rev, source, confidence, decision_id,
       concerns_id, next_id
from note where id = $id and void_ms is null;

-- name: note_update
update note set touch_id = $touch, customer_id = $customer, deal_id = $deal,
  partner_id = $partner, layer = $layer, stance = $stance, from_person = $from,
  at_ms = $at, note_id = $note, note_rev = $rev, confidence = $confidence,
  decision_id = $decision, concerns_id = $concerns, next_id = $next where id = $id;

-- name: note_list_touch
select id, touch_id, customer_id, deal_id, partner_id, layer, stance, from_person,
       member_id, at_ms, note_id, note_rev, source, confidence, decision_id,
       concerns_id, next_id
from note
where touch_id = $touch and void_ms is null
  and ($from is null or at_ms >= $from) and ($to is null or at_ms < $to)
order by at_ms desc, id desc limit $max;

-- name: note_list_deal
select id, touch_id, customer_id, deal_id, partner_id, layer, stance, from_person,
       member_id, at_ms, note_id, note_rev, source, confidence, decision_id,
       concerns_id, next_id
from note
where deal_id = $deal and void_ms is null
  and ($from is null or at_ms >= $from) and ($to is null or at_ms < $to)
order by at_ms desc, id desc limit $max;

-- name: note_list_customer
select id, touch_id, customer_id, deal_id, partner_id, layer, stance, from_person,
       member_id, at_ms, note_id, note_rev, source, confidence, decision_id,
       concerns_id, next_id
from note
where customer_id = $customer and void_ms is null
  and ($from is null or at_ms >= $from) and ($to is null or at_ms < $to)
order by at_ms desc, id desc limit $max;

-- name: note_list_partner
select id, touch_id, customer_id, deal_id, partner_id, layer, stance, from_person,
       member_id, at_ms, note_id, note_rev, source, confidence, decision_id,
       concerns_id, next_id
from note
where partner_id = $partner and void_ms is null
  and ($from is null or at_ms >= $from) and ($to is null or at_ms < $to)
order by at_ms desc, id desc limit $max;

-- name: note_list_person
select id, touch_id, customer_id, deal_id, partner_id, layer, stance, from_person,
       member_id, at_ms, note_id, note_rev, source, confidence, decision_id,
       concerns_id, next_id
from note
where from_person = $person and void_ms is null
  and ($from is null or at_ms >= $from) and ($to is null or at_ms < $to)
order by at_ms desc, id desc limit $max;

-- name: note_list_all
select id, touch_id, customer_id, deal_id, partner_id, layer, stance, from_person,
       member_id, at_ms, note_id, note_rev, source, confidence, decision_id,
       concerns_id, next_id
from note
where void_ms is null
  and ($from is null or at_ms >= $from) and ($to is null or at_ms < $to)
order by at_ms desc, id desc limit $max;

-- name: note_stance_insert
insert into note_stance (note_id, person_id, label, stance)
values ($note, $person, $label, $stance);

-- name: note_stance_list
select person_id, label, stance from note_stance
where note_id = $note and void_ms is null order by id limit $max;

-- name: mine_rows
-- A member's own records, for that member alone, without words: those are read when they are shown.
select kind, id, at, what, people, customer, partner, deal, note_id, rev,
       (select level from note_text l where l.id = note_id and l.rev = m.rev)
from (
  select iif(t.kind = 'M', 'meeting', 'touch point') as kind, t.kind || t.no as id, t.at_ms as at,
         t.channel || iif(t.state = 'held', '', ', ' || t.state) || iif(t.outcome = 'reached', '', ', ' || t.outcome)
           || coalesce(', ' || t.minutes || ' min', '') as what,
         (select group_concat(coalesce(p.name, x.label), '; ') from touch_person x
          left join person p on p.id = x.person_id where x.touch_id = t.id and x.void_ms is null) as people,
         (select name from customer where id = t.customer_id) as customer,
         (select group_concat(g.name, '; ') from touch_partner y join partner g on g.id = y.partner_id
          where y.touch_id = t.id and y.void_ms is null) as partner,
         'D' || t.deal_id as deal, t.note_id as note_id, t.note_rev as rev
  from touch_point t where t.member_id = $member and t.void_ms is null
  union all
  select 'consensus note', 'N' || n.id, n.at_ms, n.layer || coalesce(', ' || n.stance, ''),
         (select name from person where id = n.from_person), (select name from customer where id = n.customer_id),
         (select name from partner where id = n.partner_id), 'D' || n.deal_id, n.note_id, n.note_rev
  from note n where n.member_id = $member and n.void_ms is null
  union all
  select 'follow-up', 'F' || f.id, f.due_ms, f.kind || ', ' || f.state,
         (select name from person where id = f.person_id), (select name from customer where id = f.customer_id),
         (select name from partner where id = f.partner_id), 'D' || f.deal_id, f.note_id,
         (select max(rev) from note_text l where l.id = f.note_id)
  from follow f where f.member_id = $member and f.void_ms is null
  union all
  select 'text', null, x.created_ms, null, null, null, null, 'D' || x.deal_id, x.id, x.rev
  from note_text x
  where x.author_id = $member and x.market is not null
    and x.rev = (select max(rev) from note_text l where l.id = x.id)
    and not exists (select 1 from touch_point t where t.note_id = x.id and t.member_id = $member and t.void_ms is null)
    and not exists (select 1 from note n where n.note_id = x.id and n.member_id = $member and n.void_ms is null)
    and not exists (select 1 from follow f where f.note_id = x.id and f.member_id = $member and f.void_ms is null)
  union all
  select 'setting', null, s.at_ms, s.key || ' ' || s.value, null, null, null, null, null, null
  from notice s where s.member_id = $member and s.void_ms is null) m
where ($from is null or at >= $from) and ($to is null or at < $to)
order by kind = 'setting', at, id limit $max;
