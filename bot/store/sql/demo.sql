-- What the demo alone stores: updates by partners, and that its records are invented.

-- name: demo_update
insert into check_in (partner_id, at_day, what) values ($partner, $day, 'update');

-- name: demo_decided
-- Submitted by a partner's user: approved so much later.
update deal set decided_ms = registered_ms + $after, decided_by = $member where id = $id;

-- name: demo_mark_deal_source
update deal_source set source = 'demo';

-- name: demo_mark_renewal
update renewal set source = 'demo';

-- name: demo_mark_network_size
update network_size set source = 'demo';

-- name: demo_mark_network_account
update network_account set source = 'demo';

-- name: demo_mark_capability
update capability set source = 'demo';

-- name: demo_mark_training
update training set source = 'demo';

-- name: demo_mark_activity
update activity set source = 'demo';

-- name: demo_mark_lead
update lead set source = 'demo';

-- name: demo_mark_case_study
update case_study set source = 'demo';

-- name: demo_mark_nps
update nps set source = 'demo';

-- name: demo_mark_perception
update perception set source = 'demo';

-- name: demo_mark_target
update target set source = 'demo';

-- name: demo_mark_rate
update rate set source = 'demo';
