// Behind the relay: LINE posts to `nemawashi relay`, the bot has no address that anybody
// could reach. Either side is killed at random points; nothing is lost, nothing doubled.
//
//   node tests/line/relay.mjs --program .build/dev/nemawashi [--work DIR] [--seed N] [--messages N]
import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { renameSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import WebSocket from 'ws';
import { FakeLine } from '../fakes/line/line.mjs';
import { Server, options, within, workDir } from '../server.mjs';

const o = options({ program: '.build/dev/nemawashi', work: '.', seed: Date.now() % 100000, messages: 60 });
process.setMaxListeners(0);
const program = resolve(o.program);
const dir = workDir(o.work, 'relay'), clock = join(dir, 'clock'), token = 'a-token-of-this-test-alone';
let now = Date.parse('2026-03-02T10:00:00+09:00');
function at(ms) {
    now = ms;
    writeFileSync(`${clock}.new`, `${ms}\n`);
    renameSync(`${clock}.new`, clock);
}
at(now);
/** The same numbers for the same seed, so that a failure can be played again. */
let state = o.seed;
const random = (n) => {
    state = (state * 1103515245 + 12345) % 2147483648;
    return Math.floor(state / 65536) % n;
};

const line = await new FakeLine({ now: () => now }).start();
const db = join(dir, 'bot.db'), held = join(dir, 'relay.db');
await (await new Server({ program, db, clock }).start()).kill('SIGTERM');
const sql = (file, query) => execFileSync('sqlite3', ['-cmd', '.timeout 5000', '-readonly', file, query], { encoding: 'utf8' }).trim();
const relay = new Server({ program, db: held, clock, args: [], env: { NEMAWASHI_RELAY_TOKEN: token }, run: 'relay' });
await relay.start();
line.webhook = `${relay.url}line/webhook`;
const bot = new Server({ program, db, clock, args: [], env: { LINE_CHANNEL_SECRET: line.secret, LINE_CHANNEL_ACCESS_TOKEN: line.token,
    LINE_API_URL: line.url, LINE_RELAY_URL: relay.url.replace('http', 'ws').replace(/\/$/, ''), NEMAWASHI_RELAY_TOKEN: token } });
await bot.start();
const wait = (promise, what) => within(promise, what, 60_000, () => `${relay.said.slice(-1500)}\n--\n${bot.said.slice(-1500)}`);
const empty = () => relay.until(() => sql(held, 'select count(*) from held') === '0');
/** Everything that the relay handed over is answered; time passes, so that no rate holds it. */
const answered = () => bot.until(() => {
    at(now + 1000);
    return sql(db, 'select count(*) from inbox where done_ms is null') === '0';
});
const words = (m) => JSON.stringify(m.messages);

const haruka = line.person();
const code = /[A-Z0-9]{4}-[A-Z0-9]{4}/.exec(spawnSync(program, ['chat', '--db', db, '--as', 'haruka'],
    { input: 'link\n', encoding: 'utf8', env: { ...process.env, NEMAWASHI_CLOCK_FILE: clock } }).stdout)[0];
const touches = () => Number(sql(db, 'select count(*) from touch_point'));

const steps = {
    async 'a webhook goes through, is answered for free, and is forgotten'() {
        assert.match(words(await wait(line.say(haruka, code), 'the code')), /連携しました/);
        const m = await wait(line.say(haruka, '電話 田中様 電光 20分：中継'), 'the answer');
        assert.match(words(m), /中継/);
        assert.equal(m.how, 'reply');
        await empty();
        assert.ok(!sql(held, 'select count(*) from note_text, inbox').match(/[1-9]/), 'the relay keeps nothing else');
    },
    async 'what is not signed by LINE ends at the bot'() {
        const before = touches(), e = line.text(haruka, '電話 田中様 電光 20分');
        assert.equal((await line.deliver([e], { signature: line.sign('else') })).status, 200);
        await empty();
        await bot.until(() => /wrong signature/.test(bot.said));
        assert.equal((await line.deliver([e], { signature: null })).status, 401);
        assert.equal((await line.deliver([], { raw: 'x'.repeat(2 << 20) }).catch(() => ({ status: 413 }))).status, 413);
        assert.equal(touches(), before);
    },
    async 'nobody else is the bot'() {
        const refused = new WebSocket(`${relay.url.replace('http', 'ws')}relay`, { headers: { authorization: 'Bearer wrong' } });
        const status = await wait(new Promise((done) => { refused.once('unexpected-response', (_, res) => done(res.statusCode)); refused.on('error', () => {}); }), 'the refusal');
        assert.equal(status, 401);
        assert.ok(!relay.said.includes(token) && !bot.said.includes(token));
    },
    async 'it keeps what the bot cannot take yet'() {
        const before = touches();
        await bot.kill();
        for (let i = 0; i < 40; i++) assert.equal((await line.deliver([line.text(haruka, `電話 田中様 電光 20分：待つ${i}`)])).status, 200);
        await relay.kill();
        await relay.start();
        assert.equal(sql(held, 'select count(*) from held'), '40');
        await bot.start();
        await empty();
        await answered();
        assert.equal(touches(), before + 40);
        const order = sql(db, "select group_concat(text, ',') from (select text from note_text where text like '待つ%' and level != 'me' order by id)");
        assert.equal(order, Array.from({ length: 40 }, (_, i) => `待つ${i}`).join(','));
    },
    async 'kill -9 of either side loses and doubles nothing'() {
        const before = touches(), open = new Map();
        for (let i = 0; i < o.messages; i++) {
            const e = line.text(haruka, `電話 田中様 電光 20分：殺${i}。`);
            open.set(i, e);
            if (random(6) === 0) {
                const victim = random(2) ? relay : bot;
                await victim.kill();
                await victim.start();
            }
            const sent = line.deliver([e]).then((r) => { if (r.status === 200) open.delete(i); }, () => {});
            if (random(8) === 0) {
                const victim = random(2) ? relay : bot;
                await victim.kill();
                await victim.start();
            }
            await sent;
        }
        while (open.size) // LINE redelivers what was not answered 200
            for (const [i, e] of open) await line.deliver(line.again([e])).then((r) => { if (r.status === 200) open.delete(i); }, () => {});
        await empty();
        await answered();
        assert.equal(touches(), before + o.messages);
        for (let i = 0; i < o.messages; i++)
            assert.equal(sql(db, `select count(*) from touch_point t join note_text n on n.id = t.note_id where n.text = '殺${i}。'`), '1', `殺${i}`);
        at(now + 180_000); // leases of the dead
        await bot.until(() => sql(db, "select count(*) from outbox where state = 'pending'") === '0');
        for (let i = 0; i < o.messages; i++)
            assert.ok(line.shown.some((m) => words(m).includes(`殺${i}。`)), `the answer to 殺${i}`);
    },
    async 'what the bot lends is served for as long as it said'() {
        await bot.kill('SIGTERM');
        const socket = new WebSocket(`${relay.url.replace('http', 'ws')}relay`, { headers: { authorization: `Bearer ${token}` } });
        await wait(new Promise((done) => socket.once('open', done)), 'the socket');
        const png = Buffer.from('89504e470d0a1a0a', 'hex'), name = `${'n'.repeat(32)}.png`;
        const lend = (f) => new Promise((done) => {
            socket.once('message', (d) => done(JSON.parse(d.toString()).t));
            socket.send(JSON.stringify({ t: 'lend', name, type: 'image/png', seconds: 60, body: png.toString('base64'), ...f }));
        });
        assert.equal(await wait(lend({}), 'the answer'), 'lent');
        for (const bad of [{ name: 'short' }, { type: 'text/html' }, { seconds: 90000 }, { body: '*' },
            { name: `../${name}` }, { body: Buffer.alloc((1 << 20) + 1).toString('base64') }])
            assert.equal(await wait(lend(bad), 'the answer'), 'not_lent', JSON.stringify(bad).slice(0, 60));
        const got = await fetch(`${relay.url}lent/${name}`);
        assert.equal(got.headers.get('content-type'), 'image/png');
        assert.deepEqual(Buffer.from(await got.arrayBuffer()), png);
        assert.equal((await fetch(`${relay.url}lent/${'m'.repeat(32)}.png`)).status, 404);
        at(now + 61_000);
        assert.equal((await fetch(`${relay.url}lent/${name}`)).status, 404);
        socket.close();
    },
};

let failed = 0;
for (const [name, step] of Object.entries(steps)) {
    if (failed) break; // each builds on those before
    try {
        await step();
        console.log(`ok      ${name}`);
    } catch (e) {
        failed++;
        console.log(`FAILED  ${name} (--seed ${o.seed})\n${String(e.stack ?? e).slice(0, 3000).replace(/^/gm, '        ')}`);
    }
}
for (const p of [bot, relay]) {
    await p.kill('SIGTERM');
    if (/Sanitizer|runtime error/.test(p.said)) {
        failed++;
        console.log(p.said.slice(-3000));
    }
}
await line.stop();
console.log(failed ? 'failed' : 'all passed');
process.exit(failed ? 1 : 0);
