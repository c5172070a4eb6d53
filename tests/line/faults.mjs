// Everything that goes wrong between LINE and a bot, one fault after the other, each with a
// LINE and a store of its own: what was acknowledged is stored, once, and answered, once;
// what is no webhook of LINE leaves nothing. The same list runs with a bot on the official
// SDK (sdk_bot.mjs); a table shows both. The SDK's failures do not fail the run.
//
//   node tests/line/faults.mjs --program .build/dev/nemawashi [--client both|nemawashi|sdk]
//        [--only WORDS] [--size 30] [--seed N] [--work DIR]
import { execFileSync, spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import http from 'node:http';
import http2 from 'node:http2';
import net from 'node:net';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { FakeLine } from '../fakes/line/line.mjs';
import { mind, options, within, workDir } from '../server.mjs';
import { START, World, read } from './world.mjs';

const o = options({ program: '.build/dev/nemawashi', client: 'nemawashi', only: '', size: 30, seed: Date.now() % 1e9, work: '.' });
const dir = workDir(o.work, 'line-faults');
Object.assign(World, { program: resolve(o.program), dir });
let state = o.seed;
const random = (n) => { // the same numbers for the same seed
    state = (state * 1103515245 + 12345) % 2147483648;
    return Math.floor(state / 65536) % n;
};
const text = (marker) => `電話 田中様 電光 20分：${marker}。`;

class Nemawashi {
    static title = 'nemawashi';
    async open() {
        this.world = await World.open();
        this.line = this.world.line;
        this.user = await this.world.member('haruka');
    }
    later(ms) {
        this.world.later(ms);
    }
    start() {
        return this.world.start();
    }
    kill() {
        return this.world.server.kill();
    }
    stored(marker) {
        return Number(this.world.sql(`select count(*) from touch_point t join note_text n on n.id = t.note_id where n.text = '${marker}。'`));
    }
    /** Time passes until all that waits in the inbox is answered: the limit of a minute too. */
    caughtUp() {
        const { world } = this;
        return world.server.until(() => {
            world.later(1_000);
            return world.sql('select count(*) from inbox where done_ms is null') === '0';
        });
    }
    /** Until nothing is due any more. */
    quiet() {
        const { world } = this;
        return world.server.until(() => world.sql(`select count(*) from outbox where state = 'pending' and due_ms <= ${world.now}`) === '0');
    }
    get said() {
        return this.world.server.said;
    }
    async close() {
        await this.world.close();
    }
}

class Sdk {
    static title = '@line/bot-sdk';
    static serial = 0;
    async open() {
        this.now = START;
        this.said = '';
        this.file = join(dir, `sdk-${++Sdk.serial}`);
        this.line = await new FakeLine({ now: () => this.now }).start();
        this.user = this.line.person();
        await this.start();
    }
    later(ms) {
        this.now += ms;
    }
    async start() {
        this.child = spawn(process.execPath, [fileURLToPath(new URL('sdk_bot.mjs', import.meta.url)), this.file], { stdio: ['ignore', 'pipe', 'pipe'],
            env: { ...process.env, LINE_CHANNEL_SECRET: this.line.secret, LINE_CHANNEL_ACCESS_TOKEN: this.line.token, LINE_API_URL: this.line.url } });
        this.gone = mind(this.child);
        this.child.stderr.on('data', (d) => { this.said += d; });
        const port = await within(new Promise((done) => this.child.stdout.on('data', (d) => done(Number(/port: (\d+)/.exec(d)[1])))), 'the SDK');
        this.line.webhook = `http://127.0.0.1:${port}/line/webhook`;
    }
    async kill() {
        this.child.kill('SIGKILL');
        await this.gone;
    }
    stored(marker) {
        const all = existsSync(`${this.file}.db`) ? execFileSync('sqlite3', [`${this.file}.db`, 'select body from event'], { encoding: 'utf8' })
            : readFileSync(this.file, 'utf8');
        return all.split(`：${marker}。`).length - 1;
    }
    quiet() {} // it tries nothing twice
    async close() {
        await this.kill();
        await this.line.stop();
    }
}

/** A bot in a fault's world, with what every fault asks of it. */
class Trial {
    constructor(client) {
        Object.assign(this, { client, line: client.line, user: client.user, serial: 0, problems: [] });
    }
    check(holds, what) {
        if (!holds) this.problems.push(what);
    }
    event(marker = `m${++this.serial}`) {
        return { marker, event: this.line.text(this.user, text(marker)) };
    }
    async status(events, how) {
        return (await within(this.line.deliver(events, how), 'an answer to the webhook', 15_000)).status;
    }
    async refused(want, events, how) {
        const got = await this.status(events, how).catch((e) => e.code);
        this.check(want.includes(got), `answered ${got}`);
    }
    answers(marker) {
        return this.line.shown.filter((m) => read(m).includes(`${marker}。`)).length;
    }
    /** Until one or all are answered, while time passes; false: that never comes. */
    async answered(markers, ms = 10_000) {
        for (const ends = Date.now() + ms; Date.now() < ends;) {
            if ([markers].flat().every((m) => this.answers(m))) return true;
            this.client.later(1000);
            await new Promise((done) => setTimeout(done, 100)); // a lease of 2 min is 12 s of ours
        }
        return false;
    }
    /** It was acknowledged: there once, and answered once. */
    async settled(marker, { answer = true } = {}) {
        if (answer) this.check(await this.answered(marker), 'never answered');
        const n = this.client.stored(marker);
        this.check(n > 0, 'acknowledged and lost');
        this.check(n < 2, `stored ${n} times`);
        this.check(this.answers(marker) < 2, `answered ${this.answers(marker)} times`);
    }
    /** The next message is taken and answered as if nothing had been. */
    async goesOn() {
        const { marker, event } = this.event('after');
        this.check(await this.status([event]).catch((e) => e.code) === 200, 'the next message is not taken');
        await this.settled(marker);
    }
}

const nothing = (how, want) => async (t) => {
    const { marker, event } = t.event();
    await t.refused(want, [event], how(t, event));
    t.check(t.client.stored(marker) === 0, 'stored');
    await t.goesOn();
};
const body = (t, events) => JSON.stringify({ destination: t.line.botId, events });

const FAULTS = {
    'wrong signature': nothing((t) => ({ signature: t.line.sign('something else') }), [401]),
    'no signature': nothing(() => ({ signature: null }), [401]),
    'broken JSON': nothing((t, e) => ({ raw: body(t, [e]).slice(0, -2) }), [400]),
    'a body of 2 MB': nothing((t, e) => ({ raw: body(t, [{ ...e, fill: 'x'.repeat(2 << 20) }]) }), [413, 'EPIPE', 'ECONNRESET']),
    async 'wrong content type'(t) {
        const { marker, event } = t.event();
        await t.refused([200], [event], { type: 'text/plain' });
        await t.settled(marker);
    },
    async 'a replayed body'(t) {
        const { marker, event } = t.event(), raw = body(t, [event]);
        const all = await Promise.all(Array.from({ length: 5 }, () => t.status([], { raw })));
        all.push(await t.status([], { raw }));
        t.check(all.every((s) => s === 200), `answered ${all}`);
        await t.goesOn();
        await t.settled(marker);
    },
    async 'slow-loris clients'(t) {
        const { port } = new URL(t.line.webhook), slow = [];
        for (let i = 0; i < 200; i++) {
            const s = net.connect(port, '127.0.0.1').on('error', () => {});
            s.write(`POST /line/webhook HTTP/1.1\r\nHost: x\r\n${i % 2 ? 'Content-' : 'Content-Length: 900\r\n\r\n{"ev'}`);
            slow.push(s);
        }
        const { event } = t.event(), { ms } = await t.line.deliver([event]);
        t.check(ms < 2000, `${ms.toFixed(0)} ms`);
        await t.goesOn();
        for (const s of slow) s.destroy();
        return `others wait ${ms.toFixed(0)} ms`;
    },
    async 'a client of HTTP/2'(t) {
        const h2 = http2.connect(new URL(t.line.webhook).origin).on('error', () => {});
        const gone = new Promise((done) => h2.once('close', done));
        h2.request({ ':method': 'POST', ':path': '/line/webhook' }).on('error', () => {}).end('{}');
        await within(gone, 'the end of the connection', 15_000);
        await t.goesOn();
    },
    async 'GET instead of POST'(t) {
        const status = await new Promise((done) => http.get(t.line.webhook, { agent: false }, (r) => done(r.resume().statusCode)));
        t.check(status === 404 || status === 405, `answered ${status}`);
        await t.goesOn();
    },
    async 'events of the year 2030'(t) {
        const { marker, event } = t.event();
        Object.assign(event, { hologram: { a: [1] }, timestamp: Date.parse('2030-01-01T00:00:00Z') });
        const unknown = t.line.event('telepathy', t.line.in(t.user), { telepathy: { thought: 'blue' } });
        await t.refused([200], [unknown, event], {});
        await t.settled(marker);
    },
    async 'blocked in mid-conversation'(t) {
        const { marker, event } = t.event();
        t.line.api.fault('/reply', { status: 500 });
        t.check(await t.status([event]) === 200, 'not taken');
        await within(t.line.api.called((c) => c.path.endsWith('/reply')), 'the first try');
        t.check(await t.status([t.line.unfollow(t.user)]) === 200, 'not taken');
        t.client.later(61_000);
        await t.client.quiet();
        t.check(t.line.api.calls.every((c) => !c.path.endsWith('/push')), 'pushed to somebody who blocked it');
        t.check(await t.status([t.line.follow(t.user, true)]) === 200, 'not taken');
        await t.goesOn();
        await t.settled(marker, { answer: false });
    },
    async 'an expired reply token'(t) {
        const { marker, event } = t.event();
        t.client.later(61_000);
        t.check(await t.status([event]) === 200, 'not taken');
        await t.settled(marker);
    },
    async 'a reply token that was used'(t) {
        const { marker, event } = t.event();
        t.line.replyTokens.get(event.replyToken).used = true;
        t.check(await t.status([event]) === 200, 'not taken');
        await t.settled(marker);
    },
    async 'a revoked access token'(t) {
        const { marker, event } = t.event(), seen = t.line.api.calls.length;
        t.line.tokens.delete(t.line.token);
        t.check(await t.status([event]) === 200, 'not taken');
        await within(t.line.api.called((c) => c.status === 401 && t.line.api.calls.indexOf(c) >= seen), 'the refusal');
        t.line.tokens.set(t.line.token, Infinity);
        await t.settled(marker);
        t.check(!t.client.said.includes(t.line.token), 'the token is in the log');
    },
    async 'redelivery'(t) {
        const all = Array.from({ length: 5 }, () => t.event());
        for (const { event } of all) {
            t.check(await t.status([event]) === 200, 'not taken');
            t.check(await t.status(t.line.again([event])) === 200, 'a redelivery is not taken');
        }
        for (const { marker } of all) await t.settled(marker);
    },
    async 'kill -9 under load'(t) {
        const all = Array.from({ length: o.size }, () => t.event()), open = new Set(all);
        const deliver = async (x, events) => {
            if (await t.status(events).catch(() => 0) === 200) open.delete(x);
        };
        let kills = 0;
        for (let at = 0; at < all.length;) {
            const batch = all.slice(at, at += 1 + random(8));
            const sent = batch.map((x) => deliver(x, [x.event]));
            if (random(2)) {
                await Promise.race(sent);
                await t.client.kill();
                await t.client.start();
                kills++;
            }
            await Promise.all(sent);
        }
        for (let i = 0; open.size && i < 20; i++) await Promise.all([...open].map((x) => deliver(x, t.line.again([x.event]))));
        t.check(!open.size, `${open.size} are never taken`);
        t.client.later(180_000); // leases of the dead
        await t.client.caughtUp?.();
        await t.answered(all.map((x) => x.marker), 30_000);
        for (const { marker } of all) {
            t.check(t.answers(marker) > 0, 'never answered');
            const n = t.client.stored(marker);
            t.check(n === 1, n ? `stored ${n} times` : 'acknowledged and lost');
        }
        const twice = all.filter((x) => t.answers(x.marker) > 1).length;
        return `${kills} kills, ${twice} answered again`; // a reply's lost answer can't be known
    },
};

async function attempt(Client, fault) {
    const client = new Client();
    let t, note = '';
    try {
        await client.open();
        t = new Trial(client);
        note = await fault(t) ?? '';
        await client.close();
    } catch (e) {
        await client.kill?.().catch(() => {});
        return { ok: false, text: String(e.message).split('\n')[0], detail: `${e.stack}\n${client.said?.slice(-2000)}` };
    }
    const wrong = new Map();
    for (const p of t.problems) wrong.set(p, (wrong.get(p) ?? 0) + 1);
    const told = [...wrong].map(([p, n]) => (n > 1 ? `${p} (${n} ×)` : p)).join('; ');
    return { ok: !told, text: told || note, detail: told };
}

const clients = { nemawashi: [Nemawashi], sdk: [Sdk], both: [Nemawashi, Sdk] }[o.client];
if (!clients) throw new Error('--client nemawashi, sdk or both');
console.log(`seed ${o.seed}, ${o.size} messages under load`);
const wide = Math.max(...Object.keys(FAULTS).map((k) => k.length));
console.log(`${'fault'.padEnd(wide)}  ${clients.map((c) => c.title.padEnd(32)).join('  ')}`);
let failed = 0;
for (const [name, fault] of Object.entries(FAULTS)) {
    if (!name.includes(o.only)) continue;
    const cells = [], details = [];
    for (const Client of clients) {
        const r = await attempt(Client, fault);
        cells.push(`${r.ok ? 'ok' : 'FAILS'}${r.text ? `: ${r.text}` : ''}`.padEnd(32));
        if (!r.ok && Client === Nemawashi) details.push(r.detail);
    }
    failed += details.length;
    console.log(`${name.padEnd(wide)}  ${cells.join('  ')}`.trimEnd());
    for (const d of details) console.log(d.replace(/^/gm, '        '));
}
console.log(failed ? `${failed} failed` : 'nothing lost, nothing twice');
process.exit(failed ? 1 : 0);
