// The fake itself: each published limit is let through and one more is refused; each
// required argument is missed; tokens, content types, rates, triggers, hashes, response
// addresses and uploads answer as Slack does (sheet §2.2, §4, §5).
//
//   node tests/slack/limits.mjs
import assert from 'node:assert/strict';
import { METHODS, allowedPerMinute } from '../fakes/slack/methods.mjs';
import { FakeSlack } from '../fakes/slack/slack.mjs';
import { run } from './steps.mjs';

const slack = await new FakeSlack({ rates: false }).start();
const kenji = slack.person({ name: 'kenji' });
const sales = slack.channel({ name: 'sales', members: [kenji] });
const dm = kenji.im.id;

async function call(method, args = {}, { token = method.startsWith('apps.') ? slack.appToken : slack.botToken, json = METHODS[method]?.json, type, body, http = 'POST' } = {}) {
    const form = () => new URLSearchParams(Object.entries(args).map(([k, v]) => [k, typeof v === 'object' ? JSON.stringify(v) : String(v)])).toString();
    const response = await fetch(`${slack.base}/api/${method}`, { method: http, headers: { ...(token ? { Authorization: `Bearer ${token}` } : {}),
        'Content-Type': type ?? (json ? 'application/json; charset=utf-8' : 'application/x-www-form-urlencoded') },
    body: http === 'GET' ? undefined : body ?? (json ? JSON.stringify(args) : form()) });
    const text = await response.text();
    return { status: response.status, retryAfter: response.headers.get('retry-after'), ...(text.startsWith('{') ? JSON.parse(text) : { text }) };
}
const x = (n) => 'x'.repeat(n);
const plain = (text) => ({ type: 'plain_text', text });
const mrkdwn = (text) => ({ type: 'mrkdwn', text });
const times = (n, f) => Array.from({ length: n }, (_, i) => f(i));
const option = (i = 0, more = {}) => ({ text: plain(`o${i}`), value: `v${i}`, ...more });
const button = (i = 0, more = {}) => ({ type: 'button', action_id: `a${i}`, text: plain('Go'), ...more });
const actions = (...elements) => [{ type: 'actions', elements }];
const section = (more = {}) => ({ type: 'section', text: mrkdwn('hello'), ...more });
const select = (more) => ({ type: 'static_select', action_id: 's', options: [option()], ...more });
const input = (element, more = {}) => ({ type: 'input', label: plain('Name'), element: { action_id: 'a', ...element }, ...more });
const modal = (more = {}) => ({ type: 'modal', title: plain('Title'), submit: plain('Save'), blocks: [section()], ...more });

// What may be n long, and not n + 1. Blocks of a message:
const message = [
    ['blocks of a message', 50, (n) => times(n, () => ({ type: 'divider' }))],
    ['header text', 150, (n) => [{ type: 'header', text: plain(x(n)) }]],
    ['section text', 3000, (n) => [section({ text: mrkdwn(x(n)) })]],
    ['section fields', 10, (n) => [{ type: 'section', fields: times(n, () => plain('f')) }]],
    ['section field text', 2000, (n) => [{ type: 'section', fields: [mrkdwn(x(n))] }]],
    ['block_id', 255, (n) => [{ type: 'divider', block_id: x(n) }]],
    ['context elements', 10, (n) => [{ type: 'context', elements: times(n, () => plain('c')) }]],
    ['actions elements', 25, (n) => actions(...times(n, (i) => button(i)))],
    ['action_id', 255, (n) => actions(button(0, { action_id: x(n) }))],
    ['button text', 75, (n) => actions(button(0, { text: plain(x(n)) }))],
    ['button value', 2000, (n) => actions(button(0, { value: x(n) }))],
    ['button url', 3000, (n) => actions(button(0, { url: `https://a.example/${x(n - 18)}` }))],
    ['button accessibility_label', 75, (n) => actions(button(0, { accessibility_label: x(n) }))],
    ['option text', 75, (n) => actions(select({ options: [option(0, { text: plain(x(n)) })] }))],
    ['option value', 150, (n) => actions(select({ options: [option(0, { value: x(n) })] }))],
    ['option description', 75, (n) => actions(select({ options: [option(0, { description: plain(x(n)) })] }))],
    ['select options', 100, (n) => actions(select({ options: times(n, option) }))],
    ['select option_groups', 100, (n) => actions(select({ options: undefined, option_groups: times(n, (i) => ({ label: plain(`g${i}`), options: [option()] })) }))],
    ['options of a group', 100, (n) => actions(select({ options: undefined, option_groups: [{ label: plain('g'), options: times(n, option) }] }))],
    ['group label', 75, (n) => actions(select({ options: undefined, option_groups: [{ label: plain(x(n)), options: [option()] }] }))],
    ['placeholder', 150, (n) => actions(select({ placeholder: plain(x(n)) }))],
    ['overflow options', 5, (n) => actions({ type: 'overflow', action_id: 'o', options: times(n, option) })],
    ['overflow url', 3000, (n) => actions({ type: 'overflow', action_id: 'o', options: [option(0, { url: `https://a.example/${x(n - 18)}` })] })],
    ['radio_buttons options', 10, (n) => actions({ type: 'radio_buttons', action_id: 'r', options: times(n, option) })],
    ['checkboxes options', 10, (n) => actions({ type: 'checkboxes', action_id: 'c', options: times(n, option) })],
    ['confirm title', 100, (n) => actions(button(0, { confirm: { title: plain(x(n)), text: plain('?'), confirm: plain('y'), deny: plain('n') } }))],
    ['confirm text', 300, (n) => actions(button(0, { confirm: { title: plain('t'), text: plain(x(n)), confirm: plain('y'), deny: plain('n') } }))],
    ['confirm confirm', 30, (n) => actions(button(0, { confirm: { title: plain('t'), text: plain('?'), confirm: plain(x(n)), deny: plain('n') } }))],
    ['confirm deny', 30, (n) => actions(button(0, { confirm: { title: plain('t'), text: plain('?'), confirm: plain('y'), deny: plain(x(n)) } }))],
    ['image alt_text', 2000, (n) => [{ type: 'image', image_url: 'https://a.example/i.png', alt_text: x(n) }]],
    ['image title', 2000, (n) => [{ type: 'image', image_url: 'https://a.example/i.png', alt_text: 'i', title: plain(x(n)) }]],
    ['image url', 3000, (n) => [{ type: 'image', alt_text: 'i', image_url: `https://a.example/${x(n - 18)}` }]],
    ['rich text indent', 8, (n) => [{ type: 'rich_text', elements: [{ type: 'rich_text_list', style: 'bullet', indent: n,
        elements: [{ type: 'rich_text_section', elements: [{ type: 'text', text: 'i' }] }] }] }]],
    ['table rows', 100, (n) => [{ type: 'table', rows: times(n, () => [{ type: 'raw_text', text: 'c' }]) }]],
    ['table cells', 20, (n) => [{ type: 'table', rows: [times(n, () => ({ type: 'raw_text', text: 'c' }))] }]],
    ['table column_settings', 20, (n) => [{ type: 'table', rows: [[{ type: 'raw_text', text: 'c' }]], column_settings: times(n, () => ({ align: 'right' })) }]],
    ['tables of a message', 1, (n) => times(n, () => ({ type: 'table', rows: [[{ type: 'raw_text', text: 'c' }]] }))],
];
const view = [
    ['blocks of a modal', 100, (n) => modal({ blocks: times(n, () => ({ type: 'divider' })) })],
    ['title', 24, (n) => modal({ title: plain(x(n)) })],
    ['submit', 24, (n) => modal({ submit: plain(x(n)) })],
    ['close', 24, (n) => modal({ close: plain(x(n)) })],
    ['private_metadata', 3000, (n) => modal({ private_metadata: x(n) })],
    ['callback_id', 255, (n) => modal({ callback_id: x(n) })],
    ['external_id', 255, (n) => modal({ external_id: x(n) })],
    ['input label', 2000, (n) => modal({ blocks: [input({ type: 'plain_text_input' }, { label: plain(x(n)) })] })],
    ['input hint', 2000, (n) => modal({ blocks: [input({ type: 'plain_text_input' }, { hint: plain(x(n)) })] })],
    ['input min_length', 3000, (n) => modal({ blocks: [input({ type: 'plain_text_input', min_length: n })] })],
    ['input max_length', 3000, (n) => modal({ blocks: [input({ type: 'plain_text_input', max_length: n })] })],
    ['focus_on_load', 1, (n) => modal({ blocks: times(n, () => input({ type: 'plain_text_input', focus_on_load: true })) })],
];
// What is never let through.
const never = [
    ['an empty text', [section({ text: mrkdwn('') })]],
    ['an empty table cell', [{ type: 'table', rows: [[{ type: 'raw_text', text: '' }]] }]],
    ['a section of nothing', [{ type: 'section' }]],
    ['a block_id twice', times(2, () => ({ type: 'divider', block_id: 'same' }))],
    ['an action_id twice in a block', actions(button(1), button(1))],
    ['a header in mrkdwn', [{ type: 'header', text: mrkdwn('x') }]],
    ['an image without alt_text', [{ type: 'image', image_url: 'https://a.example/i.png' }]],
    ['a field that does not exist', [section({ colour: 'red' })]],
    ['a type that does not exist', [{ type: 'hero' }]],
    ['an input in a message', [input({ type: 'plain_text_input' })]],
    ['an initial_option that is none of the options', actions(select({ initial_option: option(7) }))],
    ['options and option_groups', actions(select({ option_groups: [{ label: plain('g'), options: [option()] }] }))],
    ['a button address without http', actions(button(0, { url: 'javascript:alert(1)' }))],
    ['a style that does not exist', actions(button(0, { style: 'loud' }))],
    ['a date that does not exist', actions({ type: 'datepicker', action_id: 'd', initial_date: '2026-02-31' })],
    ['a time that does not exist', actions({ type: 'timepicker', action_id: 't', initial_time: '24:00' })],
];
const post = (blocks, more = {}) => call('chat.postMessage', { channel: dm, text: 'fallback', blocks, ...more });
const open = (v) => call('views.open', { trigger_id: slack.ws.trigger(kenji.id).id, view: v });
const refused = (r, error, what) => assert.equal(r.ok ? 'ok' : r.error, error, `${what}: ${JSON.stringify(r.response_metadata ?? '')}`);
const accepted = (r, what) => assert.ok(r.ok, `${what}: ${JSON.stringify(r)}`);

await run({
    async 'each limit of blocks, and one more'() {
        for (const [what, n, make] of message) {
            accepted(await post(make(n)), `${what}: ${n}`);
            refused(await post(make(n + 1)), 'invalid_blocks', `${what}: ${n + 1}`);
        }
        return `${message.length} limits`;
    },
    async 'each limit of views, and one more'() {
        for (const [what, n, make] of view) {
            accepted(await open(make(n)), `${what}: ${n}`);
            refused(await open(make(n + 1)), 'invalid_arguments', `${what}: ${n + 1}`);
        }
        const home = (n) => call('views.publish', { user_id: kenji.id, view: { type: 'home', blocks: times(n, () => ({ type: 'divider' })) } });
        accepted(await home(100), 'home');
        refused(await home(101), 'invalid_arguments', 'home');
        const heavy = (n) => modal({ private_metadata: x(2900), blocks: times(90, (i) => section({ text: mrkdwn(x(i < 80 ? 2990 : n)) })) });
        accepted(await open(heavy(10)), '250 KB');
        refused(await open(heavy(2990)), 'view_too_large', '250 KB');
        refused(await open(modal({ submit: undefined, blocks: [input({ type: 'plain_text_input' })] })), 'invalid_arguments', 'an input without a submit');
    },
    async 'what is never let through'() {
        for (const [what, blocks] of never) refused(await post(blocks), 'invalid_blocks', what);
    },
    async 'all text of a message'() {
        const of = (n) => times(6, () => section({ text: mrkdwn(x(n / 6)) }));
        accepted(await post(of(12_000)), '12,000 characters');
        refused(await post(of(12_006)), 'msg_blocks_too_long', '12,006 characters');
        accepted(await post([{ type: 'markdown', text: x(12_000) }]), 'markdown');
        refused(await post([{ type: 'markdown', text: x(12_001) }]), 'invalid_blocks', 'markdown');
        const { message: long } = await call('chat.postMessage', { channel: dm, text: x(40_001) });
        assert.equal(long.text.length, 40_000, 'cut, not refused');
        const { ts } = long;
        accepted(await call('chat.update', { channel: dm, ts, text: x(4_000) }), 'an update of 4,000');
        refused(await call('chat.update', { channel: dm, ts, text: x(4_001) }), 'msg_too_long', 'an update of 4,001');
        accepted(await call('chat.postMessage', { channel: dm, text: 'a', attachments: times(100, () => ({ text: 'a' })) }), 'attachments');
        refused(await call('chat.postMessage', { channel: dm, text: 'a', attachments: times(101, () => ({ text: 'a' })) }), 'too_many_attachments', 'attachments');
        const metadata = (n) => ({ event_type: 't', event_payload: { x: x(n) } });
        accepted(await call('chat.postMessage', { channel: dm, text: 'a', metadata: metadata(100) }), 'metadata');
        refused(await call('chat.postMessage', { channel: dm, text: 'a', metadata: metadata(8_000) }), 'metadata_too_large', 'metadata');
    },
    async 'each required argument, each type, each kind of body'() {
        const valid = { string: 'x', bool: true, int: 1, json: {} };
        for (const [method, spec] of Object.entries(METHODS)) {
            for (const [name, type] of Object.entries(spec.args)) {
                const all = Object.fromEntries(Object.entries(spec.args).filter(([n, t]) => t.endsWith('!') && n !== name).map(([n, t]) => [n, valid[t.replace('!', '')]]));
                if (type.endsWith('!')) {
                    const r = await call(method, all);
                    assert.match(r.error, /^(invalid_arguments|invalid_blocks_format)$/, `${method} without ${name}`);
                    assert.match(r.response_metadata.messages.join(), new RegExp(`missing required field: ${name}`));
                }
                const wrong = { 'string': spec.json ? 5 : null, 'bool': 'maybe', 'int': '1.5', 'json': '[' }[type.replace('!', '')];
                if (wrong !== null) assert.match((await call(method, { ...all, [name]: wrong })).error, /invalid_arguments|invalid_blocks_format/, `${method}: ${name} = ${wrong}`);
            }
            refused(await call(method, {}, { token: null }), 'not_authed', method);
            refused(await call(method, {}, { token: 'xoxb-other' }), 'invalid_auth', method);
            refused(await call(method, {}, { token: spec.token === 'app' ? slack.botToken : slack.appToken }), 'not_allowed_token_type', method);
            if (!spec.json) refused(await call(method, {}, { json: true }), 'invalid_post_type', `${method} as JSON`);
            else {
                refused(await call(method, {}, { body: '{"a":' }), 'invalid_json', method);
                refused(await call(method, {}, { body: '[]' }), 'json_not_object', method);
            }
            if (spec.scope && spec.token === 'bot') {
                slack.scopes.delete(spec.scope);
                const r = await call(method, {});
                refused(r, 'missing_scope', method);
                assert.equal(r.needed, spec.scope);
                slack.scopes.add(spec.scope);
            }
        }
        refused(await call('chat.postMessage', { channel: dm, text: 'x' }, { type: 'text/plain' }), 'invalid_post_type', 'text/plain');
        refused(await call('no.method', {}), 'unknown_method', 'no.method');
        refused(await call('apps.connections.open', {}, { http: 'GET' }), 'insecure_request', 'GET');
        assert.equal((await call('auth.test', {}, { type: 'application/json', body: '{}' })).warning, 'missing_charset');
        const before = slack.breaches.length;
        await call('chat.postMessage', { channel: dm, text: 'x', priority: 'high' });
        assert.deepEqual(slack.breaches.slice(before), [{ kind: 'argument', detail: 'chat.postMessage: there is no argument priority' }]);
        slack.revoke('bot');
        refused(await call('auth.test'), 'token_revoked', 'a revoked token');
        slack.restore('bot');
    },
    async 'where a message may go'() {
        const { channel } = await call('chat.postMessage', { channel: kenji.id, text: 'to the person' });
        assert.equal(channel, dm, 'a user becomes the conversation');
        const { ts } = await call('chat.postMessage', { channel: sales.id, text: 'parent' });
        refused(await call('chat.update', { channel: kenji.id, ts, text: 'x' }), 'channel_not_found', 'an update under a user id');
        refused(await call('chat.update', { channel: sales.id, ts: '1.000001', text: 'x' }), 'message_not_found', 'an update of nothing');
        const said = kenji.dm('mine').message;
        refused(await call('chat.update', { channel: dm, ts: said.ts, text: 'x' }), 'cant_update_message', 'an update of another\'s message');
        refused(await call('chat.delete', { channel: dm, ts: said.ts }), 'cant_delete_message', 'deleting another\'s message');
        const reply = await call('chat.postMessage', { channel: sales.id, text: 'reply', thread_ts: ts });
        refused(await call('chat.postMessage', { channel: sales.id, text: 'x', thread_ts: reply.ts }), 'cannot_reply_to_message', 'a reply to a reply');
        refused(await call('chat.postMessage', { channel: slack.channel({ name: 'old', is_archived: true }).id, text: 'x' }), 'is_archived', 'an archived channel');
        refused(await call('chat.postMessage', { channel: slack.channel({ name: 'closed', bot: false }).id, text: 'x' }), 'not_in_channel', 'a channel without the bot');
        refused(await call('chat.postMessage', { channel: dm }), 'no_text', 'nothing');
        const stranger = slack.person({ name: 'stranger' });
        refused(await call('chat.postEphemeral', { channel: sales.id, user: stranger.id, text: 'x' }), 'user_not_in_channel', 'ephemeral to someone outside');
        const { message_ts } = await call('chat.postEphemeral', { channel: sales.id, user: kenji.id, text: 'only you' });
        refused(await call('chat.update', { channel: sales.id, ts: message_ts, text: 'x' }), 'message_not_found', 'an update of an ephemeral message');
        assert.ok(kenji.sees(sales).some((m) => m.text === 'only you'));
        assert.ok(!stranger.sees(sales).some((m) => m.text === 'only you'));
        accepted(await call('reactions.add', { channel: dm, timestamp: said.ts, name: 'eyes' }), 'a reaction');
        refused(await call('reactions.add', { channel: dm, timestamp: said.ts, name: 'eyes' }), 'already_reacted', 'twice');
        refused(await call('reactions.add', { channel: dm, timestamp: said.ts, name: ':eyes:' }), 'invalid_name', 'colons');
        const blocks = [section()];
        const { ts: withBlocks } = await post(blocks);
        await call('chat.update', { channel: dm, ts: withBlocks, text: 'only text' });
        assert.equal(slack.ws.find(kenji.im, withBlocks).blocks, undefined, 'text without blocks takes the blocks away');
    },
    async 'a message is found again by its metadata'() {
        refused(await call('conversations.history', { channel: sales.id }), 'missing_scope', 'the history of a channel');
        slack.scopes.add('channels:history');
        const metadata = { event_type: 'nemawashi', event_payload: { key: 'k-1' } };
        const { ts } = await call('chat.postMessage', { channel: sales.id, text: 'with a key', metadata });
        await call('chat.postMessage', { channel: sales.id, text: 'in its thread', thread_ts: ts, metadata: { event_type: 'nemawashi', event_payload: { key: 'k-2' } } });
        const history = await call('conversations.history', { channel: sales.id, include_all_metadata: true, oldest: ts, inclusive: true, limit: 5 });
        assert.deepEqual(history.messages.map((m) => m.metadata?.event_payload.key), ['k-1']);
        const bare = await call('conversations.history', { channel: sales.id });
        assert.ok(bare.messages.every((m) => !m.metadata), 'only on request');
        const replies = await call('conversations.replies', { channel: sales.id, ts, include_all_metadata: true });
        assert.deepEqual(replies.messages.map((m) => m.metadata.event_payload.key), ['k-1', 'k-2']);
        const paged = await call('conversations.history', { channel: dm, limit: 1 });
        assert.equal(paged.has_more, true);
        const next = await call('conversations.history', { channel: dm, limit: 1, cursor: paged.response_metadata.next_cursor });
        assert.ok(next.messages[0].ts < paged.messages[0].ts);
    },
    async 'triggers, hashes and the stack of views'() {
        const t = slack.ws.trigger(kenji.id);
        accepted(await call('views.open', { trigger_id: t.id, view: modal() }), 'a fresh trigger');
        refused(await call('views.open', { trigger_id: t.id, view: modal() }), 'exchanged_trigger_id', 'a used trigger');
        const late = slack.ws.trigger(kenji.id);
        slack.clock.advance(3_001);
        refused(await call('views.open', { trigger_id: late.id, view: modal() }), 'expired_trigger_id', 'a late trigger');
        refused(await call('views.open', { trigger_id: 'x', view: modal() }), 'invalid_trigger_id', 'no trigger');
        const push = () => call('views.push', { trigger_id: slack.ws.trigger(kenji.id).id, view: modal() });
        accepted(await push(), 'the second view');
        accepted(await push(), 'the third view');
        refused(await push(), 'push_limit_reached', 'the fourth view');
        const v = kenji.modal;
        accepted(await call('views.update', { view_id: v.id, hash: v.hash, view: modal() }), 'the right hash');
        refused(await call('views.update', { view_id: v.id, hash: '1.old', view: modal() }), 'hash_conflict', 'an old hash');
        accepted(await open(modal({ external_id: 'once' })), 'an external id');
        refused(await open(modal({ external_id: 'once' })), 'duplicate_external_id', 'the same again');
        refused(await call('views.update', { view_id: 'V0', view: modal() }), 'not_found', 'a view that is not open');
    },
    async 'response addresses: five uses, thirty minutes, replace and delete'() {
        const respond = (r, body, headers = { 'Content-Type': 'application/json' }) => fetch(slack.base + r.path, { method: 'POST', headers, body: JSON.stringify(body) });
        const r = slack.ws.response('commands', { user: kenji.id, channel: sales });
        for (let i = 0; i < 5; i++) assert.equal((await respond(r, { text: `${i}` })).status, 200);
        const used = await respond(r, { text: '6' });
        assert.equal(used.status, 404);
        assert.equal((await used.json()).error, 'used_url');
        const old = slack.ws.response('commands', { user: kenji.id, channel: sales });
        slack.clock.advance(30 * 60_000 + 1);
        assert.equal((await (await respond(old, { text: 'late' })).json()).error, 'expired_url');
        const { ts } = await call('chat.postMessage', { channel: sales.id, text: 'tap me', blocks: [section(), ...actions(button())] });
        const m = slack.ws.find(sales, ts);
        const on = slack.ws.response('actions', { user: kenji.id, channel: sales, message: m });
        await respond(on, { replace_original: true, text: 'tapped' });
        assert.deepEqual([m.text, m.blocks], ['tapped', undefined]);
        await respond(on, { delete_original: true });
        assert.ok(!kenji.sees(sales).includes(m));
        assert.equal((await respond(slack.ws.response('commands', { user: kenji.id, channel: sales }), {})).status, 400, 'nothing to say');
    },
    async 'the tiers, and one message a second in a conversation'() {
        slack.web.rates = true;
        for (const method of Object.keys(METHODS).filter((m) => METHODS[m].tier !== 'posts')) {
            slack.clock.advance(60_001);
            for (let i = 0; i < allowedPerMinute(method); i++) assert.notEqual((await call(method)).status, 429, `${method} ${i + 1}`);
            const r = await call(method);
            assert.equal(r.status, 429, `${method}: one more`);
            assert.ok(Number(r.retryAfter) >= 1);
            slack.clock.advance(Number(r.retryAfter) * 1000);
            assert.notEqual((await call(method)).status, 429, `${method} after Retry-After`);
        }
        slack.clock.advance(60_001);
        for (let i = 0; i < 5; i++) accepted(await call('chat.postMessage', { channel: dm, text: 'burst' }), 'a short burst');
        const r = await call('chat.postMessage', { channel: dm, text: 'too fast' });
        assert.deepEqual([r.status, r.retryAfter], [429, '1']);
        accepted(await call('chat.postMessage', { channel: sales.id, text: 'elsewhere' }), 'another conversation');
        slack.clock.advance(1_000);
        accepted(await call('chat.postMessage', { channel: dm, text: 'a second later' }), 'a second later');
        slack.web.rates = false;
    },
    async 'an upload in three steps'() {
        const bytes = Buffer.from('name,count\n電光,3\n');
        const { upload_url, file_id } = await call('files.getUploadURLExternal', { filename: 'figures.csv', length: bytes.length });
        const send = (body) => fetch(upload_url, { method: 'POST', headers: { 'Content-Type': 'application/octet-stream' }, body });
        refused(await call('files.completeUploadExternal', { files: [{ id: file_id }], channel_id: dm }), 'file_not_found', 'before the bytes');
        assert.equal((await send('short')).status, 400);
        assert.equal(await (await send(bytes)).text(), `OK - ${bytes.length}`);
        accepted(await call('files.completeUploadExternal', { files: [{ id: file_id, title: 'Figures' }], channel_id: dm }), 'the end');
        assert.equal(kenji.sees().at(-1).files[0].title, 'Figures');
        assert.match((await call('files.getUploadURLExternal', { filename: 'x', length: 0 })).error, /invalid_arguments/);
    },
});
await slack.stop();
