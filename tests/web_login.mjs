// Coming in to the web chat, being in, and being put out: links that are good once, cookies
// that no script and no other page can use, sessions that end at once, and how often one
// address may knock. Drives the real program; its clock is held in a file.
//
//   node tests/web_login.mjs --program .build/dev/nemawashi [--work DIR] [--only WORDS]
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { renameSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { createServer } from 'node:net';
import { join, resolve } from 'node:path';
import WebSocket from 'ws';
import { Client, Server, options, within, workDir } from './server.mjs';

const o = options({ program: '.build/dev/nemawashi', work: '.', only: '' });
const program = resolve(o.program), dir = workDir(o.work, 'web-login'), clock = join(dir, 'clock');
let now = Date.parse('2026-03-02T10:00:00+09:00');
function clockAt(ms) {
    writeFileSync(`${clock}.new`, `${now = ms}\n`);
    renameSync(`${clock}.new`, clock);
}
clockAt(now);
const MINUTE = 60_000;

const clean = Object.fromEntries(Object.entries(process.env).filter(([k]) => !/^(slack|line|nemawashi)_/i.test(k)));
const tool = (...args) => execFileSync(program, args, { encoding: 'utf8', env: { ...clean, NEMAWASHI_CLOCK_FILE: clock } });
const link = (server, who) => /once within an hour: (\S+)/.exec(tool('link', who, '--db', server.db))[1];
let stores = 0;
const start = (args = [], port = 0) => new Server({ program, db: join(dir, `store-${++stores}.db`), clock, args: ['--admin', 'mika', ...args], port }).start();
/** As behind a proxy on this machine that speaks https. */
async function startBehind() {
    const free = createServer().listen(0, '127.0.0.1');
    await new Promise((done) => free.once('listening', done));
    const { port } = free.address();
    await new Promise((done) => free.close(done));
    return start(['--public-url', 'https://chat.example.com'], port);
}
const originOf = (server) => server.url.replace(/\/$/, '');

const CHROME = 'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 Safari/537.36';
const IPHONE = 'Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.1 Mobile/15E148 Safari/604.1';

/** One POST, headers exactly as given. */
function post(server, path, body, headers = {}) {
    return within(new Promise((done, failed) => {
        const rq = request(server.url + path, { method: 'POST', headers: { 'content-length': Buffer.byteLength(body), ...headers } }, (rs) => {
            let text = '';
            rs.on('data', (d) => { text += d; }).on('end', () => done({ status: rs.statusCode, headers: rs.headers, text }));
        });
        rq.on('error', failed).end(body);
    }), `POST /${path}`);
}
const spend = (server, token, headers = {}) => post(server, 'login', JSON.stringify({ token }), { origin: originOf(server), ...headers });
async function login(server, who, agent = CHROME) {
    const { status, headers } = await spend(server, link(server, who).split('#')[1], { 'user-agent': agent });
    assert.equal(status, 204);
    return headers['set-cookie'][0].split(';')[0];
}

/** A browser with a cookie: says lines, hears answers, sees how its socket ends. */
class Browser {
    static async open(server, cookie) {
        const b = new Browser();
        b.frames = [];
        b.changed = () => {};
        b.n = 0;
        b.client = await Client.open(server, { headers: { cookie }, on: (f) => { b.frames.push(f); b.changed(); } });
        b.ended = new Promise((done) => b.client.socket.once('close', (code) => done(code)));
        return b;
    }
    until(find, what) {
        return within(new Promise((done) => {
            (this.changed = () => { const f = this.frames.find(find); if (f) { this.changed = () => {}; done(f); } })();
        }), what);
    }
    async say(text) {
        const id = `w-${++this.n}`;
        this.client.send({ t: 'say', id, text });
        const f = await this.until((x) => (x.t === 'message' && x.answers === id) || (x.t === 'refused' && x.id === id), `an answer to ${text}`);
        return f.reply?.text ?? f.text;
    }
}
/** What the socket says to somebody with that cookie: 'welcome', 'login', or the status it is refused with. */
function knock(server, { cookie, origin = originOf(server), headers = {} } = {}) {
    const socket = new WebSocket(`${server.url.replace('http', 'ws')}ws`, { ...(origin && { origin }), headers: { ...(cookie && { cookie }), ...headers } });
    return within(new Promise((done) => {
        socket.once('open', () => socket.send('{"t":"hello","v":1}'));
        socket.once('unexpected-response', (rq, rs) => { done(rs.statusCode); rq.destroy(); });
        socket.once('message', (d) => { done(JSON.parse(d).t); socket.close(); });
        socket.on('error', () => {});
    }), 'an answer of the socket');
}

const steps = {
    async 'a link is good once, for an hour, from our own page alone'() {
        const server = await start();
        const url = await within(server.login, 'the link'), token = url.split('#')[1];
        assert.equal((await fetch(url)).status, 200, 'looked at by a mail scanner');
        assert.equal((await fetch(`${server.url}login/${token}`)).status, 200);
        for (const origin of ['http://evil.example', 'null', `https://127.0.0.1:${server.port}`, `http://127.0.0.1:${server.port + 1}`])
            assert.equal((await spend(server, token, { origin })).status, 403, origin);
        assert.equal((await post(server, 'login', JSON.stringify({ token }))).status, 403, 'a form of another page sends no Origin we know');
        assert.equal((await spend(server, token, { host: 'evil.example' })).status, 403, 'DNS rebinding');
        for (const body of ['', '{}', '{"token":7}', '{"token":"a b"}', `{"token":"${'a'.repeat(200)}"}`, '[]', `token=${token}`])
            assert.equal((await post(server, 'login', body, { origin: originOf(server) })).status, 400, body);
        const good = await spend(server, token);
        assert.equal(good.status, 204);
        assert.match(good.headers['set-cookie'][0], /^nemawashi=[0-9a-f]{64}; HttpOnly; SameSite=Strict; Path=\/; Max-Age=7776000$/);
        assert.equal((await spend(server, token)).status, 403, 'twice');
        const late = link(server, 'mika').split('#')[1];
        clockAt(now + 61 * MINUTE);
        assert.equal((await spend(server, late)).status, 403, 'after an hour');
        await server.kill('SIGTERM');
    },
    async 'every answer tells browsers what they must not do; over https more'() {
        const server = await start(), behind = await startBehind();
        for (const s of [server, behind])
            for (const path of ['', 'app.js', 'login', 'healthz', 'nothing']) {
                const { headers } = await fetch(s.url + path);
                const policy = headers.get('content-security-policy');
                for (const part of ["default-src 'none'", "script-src 'self'", "frame-ancestors 'none'", "base-uri 'none'", "form-action 'none'"])
                    assert.ok(policy.split('; ').includes(part), `${path}: ${part}`);
                assert.ok(!/unsafe|\*/.test(policy));
                assert.equal(headers.get('x-content-type-options'), 'nosniff');
                assert.equal(headers.get('referrer-policy'), 'no-referrer');
                assert.equal(headers.get('cross-origin-opener-policy'), 'same-origin');
                assert.equal(headers.get('cross-origin-resource-policy'), 'same-origin');
                assert.match(headers.get('permissions-policy'), /camera=\(\)/);
                assert.equal(headers.get('access-control-allow-origin'), null);
                assert.equal(headers.get('strict-transport-security'), s === behind ? 'max-age=31536000' : null);
            }
        const { headers } = await spend(behind, (await behind.login).split('#')[1], { origin: 'https://chat.example.com', host: 'chat.example.com' });
        assert.match(headers['set-cookie'][0], /; Secure$/);
        await server.kill('SIGTERM');
        await behind.kill('SIGTERM');
    },
    async 'the socket opens for our own page, and knows nobody without a session'() {
        const server = await start(), cookie = await login(server, 'mika');
        assert.equal(await knock(server, { cookie }), 'welcome');
        assert.equal(await knock(server), 'login');
        assert.equal(await knock(server, { cookie: `nemawashi=${'0'.repeat(64)}` }), 'login');
        for (const origin of [null, 'http://evil.example', 'null', 'file://'])
            assert.equal(await knock(server, { cookie, origin }), 403, String(origin));
        assert.equal(await knock(server, { cookie, headers: { host: 'evil.example' } }), 403);
        clockAt(now + 91 * 24 * 60 * MINUTE);
        assert.equal(await knock(server, { cookie }), 'login', 'a session of 91 days');
        await server.kill('SIGTERM');
    },
    async 'a member sees the sessions, and one that is ended is out at once'() {
        const server = await start(), mine = await login(server, 'mika'), phone = await login(server, 'mika', IPHONE);
        const here = await Browser.open(server, mine), there = await Browser.open(server, phone);
        assert.equal(await there.say('whoami'), await here.say('whoami'));
        clockAt(now + 90 * MINUTE);
        assert.match(await here.say('sessions'), /1 · Chrome on Windows · since .* · this one\n2 · Safari on iPhone · since .* · last used 1 h ago/);
        const answer = here.say('sessions end 2');
        assert.equal(await within(there.ended, 'the end of its socket'), 4401);
        assert.ok(there.frames.some((f) => f.t === 'login'), 'its page shows the door');
        assert.match(await answer, /^Ended: 2 · Safari on iPhone/);
        assert.equal(await knock(server, { cookie: phone }), 'login');
        assert.match(await here.say('sessions'), /^.*1 browser\n1 · Chrome/);
        // This one, by its own hand: the answer first, then the door.
        const third = await Browser.open(server, await login(server, 'mika'));
        assert.match(await here.say('sessions end all'), /^1 session ended\n/);
        assert.equal(await within(third.ended, 'all others'), 4401);
        assert.match(await here.say('sessions end 1'), /^Ended: 1 · Chrome on Windows/);
        assert.equal(await within(here.ended, 'its own'), 4401);
        await server.kill('SIGTERM');
    },
    async 'logging out ends it, but another page can’t do that'() {
        const server = await start(), cookie = await login(server, 'mika');
        for (const headers of [{ origin: 'http://evil.example' }, {}])
            assert.equal((await post(server, 'logout', '', { cookie, ...headers })).status, 403);
        assert.equal(await knock(server, { cookie }), 'welcome');
        const out = await post(server, 'logout', '', { cookie, origin: originOf(server) });
        assert.equal(out.status, 204);
        assert.match(out.headers['set-cookie'][0], /^nemawashi=; .*Max-Age=0/);
        assert.equal(await knock(server, { cookie }), 'login');
        await server.kill('SIGTERM');
    },
    async 'whoever is suspended is out at once, with every link'() {
        const server = await start();
        tool('member', 'add', 'kenji', 'Kenji', 'rep', 'JP', 'Asia/Tokyo', 'en', '--db', server.db);
        const unused = link(server, 'kenji').split('#')[1];
        const admin = await Browser.open(server, await login(server, 'mika'));
        const cookie = await login(server, 'kenji'), kenji = await Browser.open(server, cookie);
        assert.match(await kenji.say('suspend member mika'), /Your role may not do this/);
        assert.match(await admin.say('suspend member kenji'), /suspended/);
        assert.equal(await within(kenji.ended, 'his socket'), 4401);
        assert.equal(await knock(server, { cookie }), 'login');
        assert.equal((await spend(server, unused)).status, 403);
        assert.match(await admin.say('reinstate member kenji'), /Kenji/);
        assert.equal(await knock(server, { cookie }), 'login', 'what was ended stays so');
        await server.kill('SIGTERM');
    },
    async 'one address may not try for ever, and others don’t wait for it'() {
        const server = await startBehind();
        const tries = async (n, forwarded) => {
            let last;
            for (let i = 0; i < n; i++)
                last = (await spend(server, 'f'.repeat(64), { origin: 'https://chat.example.com', host: 'chat.example.com', 'x-forwarded-for': forwarded })).status;
            return last;
        };
        assert.equal(await tries(20, '198.51.100.7'), 403);
        assert.equal(await tries(1, '198.51.100.7'), 429);
        assert.equal(await tries(1, '203.0.113.9, 198.51.100.7'), 429, 'what the browser itself claims does not count');
        assert.equal(await tries(1, '198.51.100.8'), 403);
        assert.equal(await tries(20, '2001:db8:1:2::1'), 403);
        assert.equal(await tries(1, '2001:db8:1:2:ffff::9'), 429, 'a network of IPv6 is one');
        clockAt(now + MINUTE);
        const token = link(server, 'mika').split('#')[1];
        assert.equal((await spend(server, token, { origin: 'https://chat.example.com', host: 'chat.example.com', 'x-forwarded-for': '198.51.100.7' })).status, 204,
            'after a minute the link is still good');
        // Frames: whoever floods is told, in words, and the socket stays.
        const socket = new WebSocket(`${server.url.replace('http', 'ws')}ws`, { origin: 'https://chat.example.com', headers: { host: 'chat.example.com', 'x-forwarded-for': '198.51.100.7' } });
        const told = within(new Promise((done) => socket.on('message', (d) => { const f = JSON.parse(d); if (f.code === 'too_fast') done(f); })), 'the limit');
        await within(new Promise((done) => socket.once('open', done)), 'the socket');
        for (let i = 0; i < 3001; i++) socket.send('{"t":"older","before":1}');
        assert.match((await told).text, /Too many messages from this network/);
        socket.close();
        await server.kill('SIGTERM');
    },
    async 'what is open to anybody names nobody'() {
        const server = await start();
        const b = await Browser.open(server, await login(server, 'mika'));
        await b.say('partner 電光デジタル agency JP');
        for (const path of ['healthz', 'metrics', '', 'login', 'nothing']) {
            const text = await (await fetch(server.url + path)).text();
            assert.doesNotMatch(text, /mika|電光/i, path);
            if (path === 'healthz') assert.equal(text, 'ok\n');
        }
        assert.equal((await spend(server, 'f'.repeat(64))).status, 403);
        const text = await (await fetch(`${server.url}metrics`)).text();
        for (const line of ['nemawashi_healthy 1', 'nemawashi_sockets 1', 'nemawashi_logins_total{link="good"} 1',
            'nemawashi_logins_total{link="bad"} 1', 'nemawashi_limited_total{what="login"} 0'])
            assert.ok(text.split('\n').includes(line), `${line} is not in\n${text}`);
        assert.equal((await fetch(`${server.url}metrics`, { headers: { 'x-forwarded-for': '198.51.100.7' } })).status, 403, 'through a proxy');
        await server.kill('SIGTERM');
    },
};

let failed = 0;
for (const [name, step] of Object.entries(steps)) {
    if (!name.includes(o.only)) continue;
    try {
        await step();
        console.log(`ok      ${name}`);
    } catch (e) {
        failed++;
        console.log(`FAILED  ${name}\n${String(e.stack ?? e).slice(0, 2000).replace(/^/gm, '        ')}`);
    }
}
process.exit(failed ? 1 : 0);
