// LINE against the real program: a fake LINE (tests/fakes/line), `nemawashi serve`, a held
// clock. Every message that the bot sends is held against LINE's published limits.
//
//   node tests/line/line.mjs --program .build/dev/nemawashi [--work DIR] [--only WORDS]
import assert from 'node:assert/strict';
import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import http from 'node:http';
import http2 from 'node:http2';
import net from 'node:net';
import tls from 'node:tls';
import { join, resolve } from 'node:path';
import { options, workDir } from '../server.mjs';
import { World, certificate, find, read, runSteps, words } from './world.mjs';

const o = options({ program: '.build/dev/nemawashi', work: '.', only: '' });
const program = resolve(o.program);
const dir = workDir(o.work, 'line');
Object.assign(World, { program, dir });

const steps = {
    async 'following asks for the code, the code makes a member, in both languages'() {
        const w = await World.open();
        for (const [handle, language, greeting, done] of [
            ['haruka', 'ja', /連携/, /連携しました/], ['kenji', 'en', /link/, /Haruka|Kenji/i]]) {
            const user = w.line.person({ language }), next = w.next(user);
            assert.equal((await w.deliver([w.line.follow(user)])).status, 200);
            const first = await next();
            assert.match(read(first), greeting);
            assert.equal(first.how, 'reply');
            assert.equal(words(first.messages).split('\n').length, 1, 'one line');
            const refused = await w.say(user, 'today');
            assert.doesNotMatch(read(refused), /F\d|Tanaka|田中/);
            assert.match(read(await w.say(user, w.code(handle))), done);
            assert.match(read(await w.say(user, 'whoami')), new RegExp(handle, 'i'));
        }
        assert.equal(w.sql("select count(*) from inbox where member_id is null and (body is not null or hash != '')"), '0',
            'of a stranger nothing but the contact is kept');
        assert.equal(w.line.api.used, 0, 'all of it was free');
        await w.close();
    },
    async 'the administrator that the settings name is known at once'() {
        const w = await World.open();
        await w.server.kill('SIGTERM');
        const user = w.line.person({ language: 'ja' });
        Object.assign(w.env, { NEMAWASHI_ADMIN: `line:${user}`, NEMAWASHI_DB: join(dir, 'empty.db') });
        w.db = join(dir, 'empty.db');
        await w.start();
        const next = w.next(user);
        await w.deliver([w.line.follow(user)]);
        assert.match(read(await next()), /Admin/i);
        assert.match(read(await w.say(user, 'link')), /[A-Z0-9]{4}-[A-Z0-9]{4}/);
        await w.close();
    },
    async 'a code is tried five times'() {
        const w = await World.open(), user = w.line.person(), code = w.code('haruka');
        for (let i = 0; i < 5; i++) assert.match(read(await w.say(user, '2222-2222')), /無効|invalid|not|no longer/i);
        const before = w.line.shown.length;
        assert.equal((await w.deliver([w.line.text(user, code)])).status, 200);
        w.later(61_000);
        assert.doesNotMatch(read(await w.say(user, '2222-3333')), /連携しました|you can use/i);
        assert.equal(w.line.shown.length, before + 1, 'the sixth try is not answered');
        assert.match(read(await w.say(user, code)), /連携しました|Haruka/);
        await w.close();
    },
    async 'a contact in one line, its buttons, and the picker of a reminder'() {
        const w = await World.open(), haruka = await w.member('haruka'), kenji = await w.member('kenji', 'en');
        const before = w.touches();
        const logged = await w.say(haruka, '電話 田中様 電光 きのう 20分：法務がまだ引っかかってる🍎');
        assert.match(read(logged), /電話 · 電光デジタル 田中様 · 20分/);
        assert.match(read(logged), /「法務がまだ引っかかってる🍎」/);
        assert.equal(logged.how, 'reply');
        assert.match(logged.messages[0].altText, /^T\d+ · 電話/);
        const edit = find(logged, (v) => v.label === '修正');
        assert.equal(edit.inputOption, 'openKeyboard');
        assert.match(edit.fillInText, /^edit T\d+ $/);
        const follow = await w.tap(haruka, logged, '今夜19:30にフォロー');
        assert.match(read(follow), /F\d+/);
        assert.match(read(await w.tap(haruka, logged, '取消')), /T\d+を取消/);
        const english = await w.say(kenji, 'zoom Tanaka Denko 45m: legal still worried');
        assert.match(read(english), /Zoom · .*45 min/);
        assert.equal(w.touches(), before + 2);
        await w.tap(kenji, english, 'Follow up tonight 19:30');
        await w.settled();
        const next = w.next(kenji);
        w.at(Date.parse('2026-03-02T19:30:00+09:00'));
        const reminder = await next();
        assert.equal(reminder.how, 'push');
        const pick = find(reminder, (v) => v.type === 'datetimepicker');
        const moved = w.next(kenji);
        await w.deliver([w.line.postback(kenji, pick.data, { params: { datetime: '2026-03-05T15:00' } })]);
        assert.match(read(await moved()), /5 Mar.*15:00|Thu.*15:00/);
        await w.close();
    },
    async 'the same event again is one event'() {
        const w = await World.open(), haruka = await w.member('haruka'), before = w.touches();
        const e = w.line.text(haruka, '電話 田中様 電光 20分：一度だけ'), next = w.next(haruka);
        const twice = await Promise.all([w.deliver([e]), w.deliver([e])]);
        assert.deepEqual(twice.map((r) => r.status), [200, 200]);
        await next();
        assert.equal((await w.deliver(w.line.again([e]))).status, 200);
        assert.equal((await w.deliver([e, e])).status, 200);
        await w.say(haruka, '私は誰');
        assert.equal(w.touches(), before + 1);
        assert.equal(w.line.shown.filter((m) => /一度だけ/.test(read(m))).length, 1);
        await w.close();
    },
    async 'what is no webhook of LINE'() {
        const old = 'f'.repeat(32), w = await World.open({ secretBefore: old });
        const haruka = await w.member('haruka'), rows = () => w.sql('select count(*) from inbox');
        const e = () => w.line.text(haruka, '電話 田中様 電光 20分'), before = rows();
        const status = async (events, how) => (await w.deliver(events, how)).status;
        assert.equal(await status([e()], { signature: w.line.sign('something else') }), 401);
        assert.equal(await status([e()], { signature: null }), 401);
        assert.equal(await status([e()], { signature: '' }), 401);
        assert.equal(await status([e()], { signature: 'x'.repeat(44) }), 401);
        assert.equal(await status([], { raw: '{"events":[' }), 400);
        assert.equal(await status([], { raw: '' }), 400);
        assert.equal(await status([], { raw: Buffer.from('{"events":["\xff"]}', 'latin1') }), 400);
        assert.equal(await status([], { raw: JSON.stringify({ events: [], fill: 'x'.repeat(2 * 1024 * 1024) }) }).catch(() => 413), 413);
        assert.equal(await new Promise((done) => http.get(w.line.webhook, { agent: false }, (r) => done(r.resume().statusCode))), 405);
        assert.equal(rows(), before, 'nothing of it was stored');
        assert.equal(await status([]), 200, 'the connectivity check');
        const ok = [{}, { header: 'X-LINE-Signature' }, { chunk: 1 }, { type: 'text/plain' }];
        for (const how of ok) assert.equal(await status([w.line.text(haruka, '私は誰')], how), 200);
        const raw = JSON.stringify({ destination: w.line.botId, events: [w.line.text(haruka, '私は誰')] });
        assert.equal(await status([], { raw, signature: w.line.sign(raw, old) }), 200, 'the secret before');
        assert.equal(Number(rows()), Number(before) + 5);
        await w.close();
    },
    async 'clients that hang, and one that speaks HTTP/2'() {
        const w = await World.open(), haruka = await w.member('haruka'), { port } = new URL(w.server.url);
        const slow = [];
        for (let i = 0; i < 40; i++) {
            const s = net.connect(port, '127.0.0.1');
            s.on('error', () => {});
            s.write(i % 2 ? 'POST /line/webhook HTTP/1.1\r\nHost: x\r\nContent-' : 'POST /line/webhook HTTP/1.1\r\nHost: x\r\nContent-Length: 900\r\n\r\n{"ev');
            slow.push(s);
        }
        const h2 = http2.connect(w.server.url);
        h2.on('error', () => {});
        const gone = new Promise((done) => h2.once('close', done));
        const req = h2.request({ ':method': 'POST', ':path': '/line/webhook' });
        req.on('error', () => {});
        req.end('{}');
        assert.match(read(await w.say(haruka, '私は誰')), /Haruka|春/i);
        const timed = await w.deliver([w.line.text(haruka, '私は誰')]);
        assert.ok(timed.ms < 1000, `${timed.ms} ms`);
        h2.destroy();
        await w.wait(gone, 'the end of HTTP/2');
        for (const s of slow) s.destroy();
        await w.close();
    },
    async 'over TLS, with clients that would speak HTTP/2'() {
        const { cert, key } = certificate(dir);
        const w = await World.open({ env: { NEMAWASHI_TLS_CERT: cert, NEMAWASHI_TLS_KEY: key } }), ca = readFileSync(cert);
        const haruka = await w.member('haruka', 'ja', { ca });
        assert.match(read(await w.say(haruka, '私は誰', { ca })), /Haruka/i);
        const socket = tls.connect({ host: '127.0.0.1', port: new URL(w.server.url).port, ca, ALPNProtocols: ['h2', 'http/1.1'] });
        await w.wait(new Promise((done) => socket.once('secureConnect', done)), 'the handshake');
        assert.equal(socket.alpnProtocol, 'http/1.1', 'over HTTP/2 the signature would be lost');
        socket.destroy();
        await w.close();
    },
    async 'events of years to come spoil nothing'() {
        const w = await World.open(), haruka = await w.member('haruka'), kenji = await w.member('kenji', 'en');
        const before = w.touches(), later = w.line.text(haruka, '電話 田中様 電光 20分：二番目'), first = w.line.text(kenji, 'zoom Tanaka Denko 45m: first');
        Object.assign(first, { hologram: { a: [1] }, timestamp: first.timestamp - 1000 });
        const next = w.next(haruka);
        const raw = JSON.stringify({ future: 1, events: [later, { type: 'hologram', source: { type: 'user', userId: haruka } }, null, 7,
            w.line.event('telepathy', w.line.in(haruka), { telepathy: {} }), { ...w.line.text(haruka, '電話 田中様 電光 20分'), mode: 'standby' }, first] }, null, 2)
            .replace('二番目', '\\u4e8c\\u756a\\u76ee');
        assert.equal((await w.deliver([], { raw })).status, 200);
        assert.match(read(await next()), /二番目/);
        await w.wait(w.line.seen((m) => m.chat === kenji && /first/.test(read(m))), 'the other answer');
        assert.equal(w.touches(), before + 2);
        assert.ok(w.sql("select (select max(id) from inbox where hash != '' and member_id = (select id from member where handle = 'haruka')) >"
            + " (select max(id) from inbox where hash != '' and member_id = (select id from member where handle = 'kenji'))") === '1', 'by time');
        const old = w.line.text(haruka, '電話 田中様 電光 20分');
        old.timestamp -= 8 * 24 * 3600_000;
        const ahead = w.line.text(haruka, '電話 田中様 電光 20分：未来');
        ahead.timestamp = Date.parse('2030-01-01T00:00:00Z');
        const seen = w.next(haruka);
        assert.equal((await w.deliver([old, ahead])).status, 200);
        assert.match(read(await seen()), /今日10:00/, 'what LINE dates ahead is now');
        assert.equal(w.touches(), before + 3, 'what is older than a week is not taken');
        await w.close();
    },
    async 'a token that has died: the answer is pushed, once'() {
        const w = await World.open(), haruka = await w.member('haruka');
        const e = w.line.text(haruka, '電話 田中様 電光 20分：遅れた');
        w.later(61_000);
        const next = w.next(haruka);
        await w.deliver([e]);
        const m = await next();
        assert.equal(m.how, 'push');
        assert.match(read(m), /遅れた/);
        const push = w.line.api.calls.filter((c) => c.path.endsWith('/push'));
        assert.match(push[0].key, /^[0-9a-f-]{36}$/, 'a retry key from the first attempt on');
        assert.equal(w.line.api.used, 1);
        await w.close();
    },
    async 'nobody knows whether LINE took it'() {
        const w = await World.open(), haruka = await w.member('haruka'), api = w.line.api;
        const replies = () => api.calls.filter((c) => c.path.endsWith('/reply')).length;
        // A reply that was taken before the line broke: asked again with the same token, and done.
        api.fault('/reply', { drop: true, afterwards: true });
        let from = replies();
        await w.say(haruka, '電話 田中様 電光 20分：切れた');
        await w.again();
        await w.wait(api.called((c) => c.path.endsWith('/reply') && c.status === 400), 'the second try');
        assert.equal(replies(), from + 2);
        // One that was not taken is taken the second time.
        api.fault('/reply', { status: 500 });
        from = replies();
        const answer = w.line.say(haruka, '私は誰');
        await w.wait(api.called((c) => c.path.endsWith('/reply') && c.status === 500), 'the failure');
        await w.again();
        assert.equal((await w.wait(answer, 'the second try')).how, 'reply');
        // A push that was taken: 409, and done.
        const late = w.line.text(haruka, '電話 田中様 電光 20分：二度');
        w.later(61_000);
        api.fault('/push', { status: 500, afterwards: true });
        await w.deliver([late]);
        await w.wait(api.called((c) => c.path.endsWith('/push')), 'the first push');
        await w.again();
        const again = await w.wait(api.called((c) => c.path.endsWith('/push') && c.status === 409), 'the second push');
        assert.equal(again.key, api.calls.find((c) => c.path.endsWith('/push')).key);
        await w.say(haruka, '私は誰');
        for (const text of ['切れた', '二度'])
            assert.equal(w.line.shown.filter((m) => read(m).includes(text)).length, 1, text);
        await w.server.until(() => w.sql("select count(*) from outbox where state = 'pending'") === '0');
        await w.close();
    },
    async 'both kinds of 429, and a month that ends'() {
        const w = await World.open(), haruka = await w.member('haruka'), kenji = await w.member('kenji', 'en'), api = w.line.api;
        const late = () => {
            const e = w.line.text(haruka, '私は誰');
            w.later(61_000);
            return w.deliver([e]);
        };
        api.fault('/push', { status: 429, message: 'The API rate limit has been exceeded. Try again later.' });
        let next = w.next(haruka);
        await late();
        await w.wait(api.called((c) => c.path.endsWith('/push') && c.status === 429), 'the limit of the rate');
        await w.again();
        await next();
        // The month: nothing is pushed, the answer comes along with the next free reply.
        const seen = w.line.shown.length, pushes = api.calls.length;
        api.quota = api.used;
        await late();
        await w.wait(api.called((c) => api.calls.indexOf(c) >= pushes && c.path.endsWith('/push') && c.status === 429), 'the month');
        const both = await w.say(haruka, '今日');
        assert.equal(both.how, 'reply');
        assert.match(read(both), /Haruka/i, 'what was held');
        assert.match(read(both), /今日のフォロー/, 'and what was asked');
        assert.equal(w.line.shown.length, seen + 1, 'in one message');
        await w.close();
    },
    async 'the quota is told to administrators, and near its end reminders wait'() {
        const w = await World.open(), api = w.line.api, kenji = await w.member('kenji', 'en');
        assert.equal(spawnSync(program, ['member', '--db', w.db, 'add', 'boss', 'Boss', 'admin']).status, 0);
        const boss = await w.member('boss');
        const restart = async (used) => {
            await w.server.kill('SIGTERM');
            Object.assign(api, { quota: 20, used });
            const from = api.calls.length;
            await w.start();
            await w.wait(api.called((c) => c.path.endsWith('/consumption') && api.calls.indexOf(c) >= from), 'the question');
        };
        await restart(15);
        await w.say(kenji, 'follow tanaka denko 11:00');
        await w.say(kenji, 'follow suzuki 11:00');
        await w.settled();
        const told = w.next(boss), reminded = w.next(kenji);
        w.at(Date.parse('2026-03-02T11:00:00+09:00'));
        const two = await reminded();
        assert.equal(two.how, 'push');
        assert.equal(two.messages.length, 2, 'two reminders, one message');
        assert.match(read(await told()), /20.*16|16.*20/);
        await restart(19);
        await w.say(kenji, 'follow tanaka denko 12:00');
        await w.settled();
        const pushes = api.used;
        w.at(Date.parse('2026-03-02T12:00:00+09:00'));
        await w.server.until(() => w.sql("select count(*) from outbox where state = 'pending' and attempts = 0 and due_ms > " + (w.now + 3600_000)) === '1');
        const both = await w.say(kenji, 'whoami');
        assert.equal(both.how, 'reply');
        assert.match(read(both), /Tanaka|田中/, 'the reminder came along');
        assert.match(read(both), /Kenji/);
        assert.equal(api.used, pushes);
        await w.server.until(() => w.sql("select count(*) from outbox where state = 'pending'") === '0');
        await w.close();
    },
    async 'who blocks the account gets nothing until they are back'() {
        const w = await World.open(), haruka = await w.member('haruka');
        await w.say(haruka, 'フォロー 田中様 電光 11:00');
        const late = w.line.text(haruka, '私は誰');
        w.later(61_000);
        w.line.api.fault('/push', { status: 500 });
        await w.deliver([late]);
        await w.wait(w.line.api.called((c) => c.path.endsWith('/push')), 'a push that fails');
        assert.equal((await w.deliver([w.line.unfollow(haruka)])).status, 200);
        const calls = w.line.api.calls.length;
        await w.again();
        await w.server.until(() => w.sql("select state from outbox order by id desc limit 1") === 'dead');
        w.at(Date.parse('2026-03-02T11:00:00+09:00'));
        await w.server.until(() => w.sql("select state from follow order by id desc limit 1") === 'sent');
        const next = w.next(haruka);
        assert.equal((await w.deliver([w.line.follow(haruka, true)])).status, 200);
        assert.match(read(await next()), /お帰りなさい/);
        assert.ok(w.line.api.calls.slice(calls).every((c) => !c.path.endsWith('/push')));
        assert.match(read(await w.say(haruka, '今日')), /田中様/, 'nothing is lost');
        await w.close();
    },
    async 'in a group it answers to its name, and shows nothing that is not for all'() {
        const w = await World.open(), haruka = await w.member('haruka'), kenji = await w.member('kenji', 'en');
        const stranger = w.line.person(), group = w.line.group(haruka, kenji, stranger), rows = () => w.sql('select count(*) from inbox');
        const joined = w.next(group);
        await w.deliver([w.line.event('join', { type: 'group', groupId: group })]);
        assert.match(read(await joined()), /Nemawashi, today/);
        const before = rows(), shown = w.line.shown.length;
        for (const text of ['電話 田中様 電光 20分：秘密', 'today', '根回しが大事だ'])
            assert.equal((await w.deliver([w.line.text(haruka, text, { group })])).status, 200);
        await w.deliver([w.line.event('message', w.line.in(haruka, group), { message: { id: '1', type: 'image' } }),
            w.line.event('memberJoined', { type: 'group', groupId: group }, { joined: { members: [{ type: 'user', userId: stranger }] } })]);
        assert.equal(rows(), before, 'what is said to others is not kept');
        const called = await w.say(haruka, '根回し、電話 田中様 電光 20分：グループから', { group });
        assert.match(read(called), /電話 · 電光デジタル 田中様/);
        assert.equal(called.chat, group);
        assert.match(read(await w.say(kenji, 'zoom Tanaka Denko 45m', { group, mention: true })), /Zoom/);
        const quoted = await w.say(kenji, 'zoom Tanaka Denko 15m', { group, quote: called.ids[0] });
        assert.match(read(quoted), /15 min/, 'an answer to what it said is meant for it');
        const others = w.line.shown.length, kept = rows();
        assert.equal((await w.deliver([w.line.text(kenji, 'zoom Tanaka Denko 10m', { group, quote: '460000000000999999' })])).status, 200);
        assert.deepEqual([w.line.shown.length, rows()], [others, kept], 'an answer to somebody else is not');
        const alone = w.next(haruka), secret = '根回し、温度感 青葉食品 電光の田中部長 反対 オフレコ：役員は反対';
        const told = await w.say(haruka, secret, { group });
        assert.match(read(told), /1対1/);
        assert.doesNotMatch(read(told), /役員は反対|N\d/);
        assert.match(read(await alone()), /役員は反対/);
        assert.doesNotMatch(read(await w.say(stranger, '根回し、今日', { group })), /田中|F\d/);
        assert.match(read(await w.say(undefined, '根回し、今日', { group })), /1対1/, 'nobody knows who that is');
        for (const m of w.line.shown.slice(shown).filter((x) => x.chat === group)) assert.equal(m.how, 'reply', 'a group is never pushed to');
        await w.close();
    },
    async 'a message that was taken back, an edit, and both out of order'() {
        const w = await World.open(), haruka = await w.member('haruka'), group = w.line.group(haruka);
        const marker = 'うそのような本当の話', e = w.line.text(haruka, `電話 田中様 電光 20分：${marker}`), next = w.next(haruka);
        await w.deliver([e]);
        await next();
        const held = () => execFileSync('sqlite3', [w.db, `select count(*) from note_text where instr(text, '${marker}')`], { encoding: 'utf8' }).trim();
        assert.equal(held(), '2');
        assert.equal((await w.deliver([w.line.unsend(haruka, e.message.id)])).status, 200);
        assert.equal(held(), '0');
        assert.doesNotMatch(read(await w.say(haruka, '一覧 接点')), new RegExp(marker));
        const early = w.line.text(haruka, '電話 田中様 電光 20分：早すぎた'), before = w.touches();
        await w.deliver([w.line.unsend(haruka, early.message.id)]);
        await w.deliver([early]);
        assert.equal(w.touches(), before);
        const first = w.line.text(haruka, '根回し、電話 田中様 電光 20分', { group });
        w.later(1000);
        const edit = w.line.edited(haruka, first.message.id, '根回し、電話 田中様 電光 30分', group), seen = w.next(group);
        await w.deliver([edit]);
        assert.match(read(await seen()), /30分/);
        await w.deliver([first]);
        assert.equal(w.touches(), before + 1, 'the newest version counts, however late the first one comes');
        await w.close();
    },
    async 'the rich menu: installed, each member has that of their language'() {
        const w = await World.open(), api = w.line.api;
        // Not spawnSync: the fake has to answer meanwhile.
        const install = async () => {
            const p = spawn(program, ['line', 'menu'], { env: { ...process.env, ...w.env } });
            let said = '';
            for (const s of [p.stdout, p.stderr]) s.on('data', (d) => { said += d; });
            const status = await w.wait(new Promise((done) => p.once('exit', done)), 'the end of the program');
            assert.equal(status, 0, said);
            return said;
        };
        await install();
        const first = api.aliases.get('nemawashi-ja');
        assert.match(await install(), /nemawashi-ja: richmenu-/);
        assert.equal(api.menus.size, 2, 'the menus of before are gone');
        assert.notEqual(api.aliases.get('nemawashi-ja'), first);
        for (const [alias, id] of api.aliases) {
            const { picture, areas, size } = api.menus.get(id);
            assert.deepEqual(picture.subarray(0, 8), Buffer.from('89504e470d0a1a0a', 'hex'));
            assert.deepEqual([picture.readUInt32BE(16), picture.readUInt32BE(20)], [size.width, size.height]);
            assert.ok(picture.length < 1024 * 1024, `${picture.length}`);
            assert.equal(areas.length, 6);
            if (process.env.PICTURES) writeFileSync(join(process.env.PICTURES, `${alias}.png`), picture);
        }
        assert.equal(api.menuOf.get('all'), api.aliases.get('nemawashi-en'));
        await w.server.kill('SIGTERM');
        await w.start();
        await w.wait(api.called((c) => c.path.endsWith('/alias/list')), 'the question');
        const haruka = await w.member('haruka'), shows = (l) => w.server.until(() => api.menuOf.get(haruka) === api.aliases.get(`nemawashi-${l}`));
        await w.say(haruka, '私は誰');
        await shows('ja');
        await w.say(haruka, 'lang en');
        await w.say(haruka, 'whoami');
        await shows('en');
        const menu = api.menus.get(api.aliases.get('nemawashi-ja')), next = w.next(haruka);
        const today = menu.areas.find((a) => a.action.label === '今日');
        await w.deliver([w.line.postback(haruka, today.action.data)]);
        assert.match(read(await next()), /follow-up/i);
        await w.close();
    },
    async 'the doctor says what LINE lacks'() {
        const w = await World.open();
        const doctor = async () => {
            const p = spawn(program, ['doctor', '--db', w.db], { env: { ...process.env, ...w.env } });
            let said = '';
            for (const s of [p.stdout, p.stderr]) s.on('data', (d) => { said += d; });
            await w.wait(new Promise((done) => p.once('close', done)), 'the end of the program');
            assert.ok(!said.includes(w.line.secret) && !said.includes(w.line.token), 'it prints a secret');
            return said;
        };
        Object.assign(w.line.api, { quota: 200, used: 160 });
        assert.match(await doctor(), /account Nemawashi \(@nema\)[^]*160 of 200 used[^]*\/line\/webhook/);
        w.line.active = false;
        assert.match(await doctor(), /switch "Use webhook" on/);
        w.line.tokens.clear();
        assert.match(await doctor(), /LINE answers 401/);
        await w.close();
    },
    async 'a card that LINE refuses arrives as text'() {
        const w = await World.open(), haruka = await w.member('haruka');
        w.line.api.fault('/reply', { status: 400, message: 'The request body has 1 error(s)' });
        const m = await w.say(haruka, '電話 田中様 電光 20分：文字だけ');
        assert.equal(m.how, 'reply');
        assert.equal(m.messages[0].type, 'text');
        assert.match(m.messages[0].text, /電話 · 電光デジタル 田中様.*\n「文字だけ」/);
        await w.close();
    },
    async 'what is no text, and a token that was revoked'() {
        const w = await World.open(), haruka = await w.member('haruka');
        const send = async (message) => {
            const next = w.next(haruka);
            await w.deliver([w.line.event('message', w.line.in(haruka), { message })]);
            return next();
        };
        assert.match(read(await send({ id: '1', type: 'image', contentProvider: { type: 'line' } })), /文字/);
        assert.match(read(await send({ id: '2', type: 'audio', duration: 60000 })), /文字/);
        const shown = w.line.shown.length;
        await w.deliver([w.line.event('message', w.line.in(haruka), { message: { id: '3', type: 'sticker', packageId: '1', stickerId: '2' } })]);
        w.line.tokens.delete(w.line.token);
        assert.equal((await w.deliver([w.line.text(haruka, '私は誰')])).status, 200);
        await w.wait(w.line.api.called((c) => c.status === 401), 'the refusal');
        await w.server.until(() => /channel access token is refused/.test(w.server.said));
        w.line.tokens.set(w.line.token, Infinity);
        await w.again();
        const answer = await w.wait(w.line.seen((m) => w.line.shown.indexOf(m) >= shown), 'the answer after all');
        assert.match(read(answer), /Haruka|春/i);
        await w.close();
    },
    async 'without a long-lived token it fetches short-lived ones'() {
        const w = await World.open({ env: { LINE_CHANNEL_ACCESS_TOKEN: undefined, LINE_CHANNEL_ID: '2000000001' } });
        const haruka = await w.member('haruka'), { api } = w.line;
        assert.match(read(await w.say(haruka, '私は誰')), /Haruka/i);
        const bearers = api.calls.filter((c) => c.path.endsWith('/reply')).map((c) => c.headers.authorization);
        assert.match(bearers.at(-1), /^Bearer stateless-/);
        // One that has ended is replaced.
        w.later(16 * 60_000);
        const from = api.calls.length, answer = w.line.say(haruka, '今日');
        await w.wait(api.called((c) => c.status === 401 && api.calls.indexOf(c) >= from), 'the refusal');
        await w.wait(api.called((c) => c.path === '/oauth2/v3/token' && api.calls.indexOf(c) >= from), 'another token');
        await w.again();
        assert.match(read(await w.wait(answer, 'the answer after all')), /フォロー/);
        // What waits at the start waits for the first token too, and nobody is alarmed.
        api.fault('/reply', { status: 500 });
        const late = w.line.text(haruka, '私は誰');
        await w.deliver([late]);
        await w.server.until(() => w.sql("select count(*) from outbox where state = 'pending' and attempts = 1 and due_ms <= " + (w.now + 1000)) === '1');
        await w.server.kill('SIGTERM');
        w.later(1000);
        const next = w.next(haruka), before = api.calls.length;
        await w.start();
        for (let done = next(), told; !told;) {
            w.later(1000);
            told = await Promise.race([done, new Promise((go) => setTimeout(go, 100))]);
        }
        assert.doesNotMatch(w.server.said, /refused/);
        assert.ok(api.calls.slice(before).every((c) => c.status !== 401), 'nothing is asked without a token');
        await w.close();
    },
    async 'nothing stored, nothing acknowledged; and somebody who waits sees that'() {
        const w = await World.open(), haruka = await w.member('haruka');
        execFileSync('sqlite3', ['-cmd', '.timeout 5000', w.db, 'create trigger no before insert on inbox begin select raise(abort, \'full\'); end'], { stdio: 'pipe' });
        const e = w.line.text(haruka, '電話 田中様 電光 20分：あとで'), before = w.touches();
        assert.equal((await w.deliver([e])).status, 503);
        const lock = spawn('sqlite3', ['-cmd', '.timeout 5000', w.db], { stdio: ['pipe', 'pipe', 'inherit'] });
        lock.stdin.write("drop trigger no;\nbegin immediate;\n.print locked\n");
        await w.wait(new Promise((done) => lock.stdout.once('data', done)), 'the lock');
        const next = w.next(haruka), again = w.deliver(w.line.again([e]));
        await w.wait(w.line.api.called((c) => c.path.endsWith('/loading/start')), 'the loading animation');
        lock.stdin.end('rollback;\n');
        assert.equal((await again).status, 200);
        assert.match(read(await next()), /あとで/);
        assert.equal(w.touches(), before + 1);
        await w.close();
    },
};

await runSteps(steps, o.only);
