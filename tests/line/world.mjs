// The world that tests of LINE share: a fake LINE, the real program on a store of its own, a
// held clock; and how their steps are run.
import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { copyFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { FakeLine } from '../fakes/line/line.mjs';
import { checkMessages } from '../fakes/line/rules.mjs';
import { Server, within } from '../server.mjs';

process.setMaxListeners(0); // one a server
export const START = Date.parse('2026-03-02T10:00:00+09:00');

/** One store, one clock, one channel; the demo's team, some of whom use LINE. */
export class World {
    static program; // what is tested, and where its stores lie: set before the first one
    static dir;
    static seed;
    static serial = 0;
    /** `env` adds to the program's environment; `line` are options of the fake. */
    static async open({ secretBefore, env, line } = {}) {
        const w = new World(), { program, dir } = World, name = `w${++World.serial}`;
        w.clock = join(dir, `${name}-clock`);
        w.db = join(dir, `${name}.db`);
        w.at(START);
        if (!World.seed) {
            World.seed = join(dir, 'seed.db');
            await (await new Server({ program, db: World.seed, clock: w.clock }).start()).kill('SIGTERM');
        }
        copyFileSync(World.seed, w.db);
        w.line = await new FakeLine({ now: () => w.now, ...line }).start();
        w.env = { LINE_CHANNEL_SECRET: w.line.secret, LINE_CHANNEL_ACCESS_TOKEN: w.line.token, LINE_API_URL: w.line.url };
        if (secretBefore) w.env.LINE_CHANNEL_SECRET_PREVIOUS = secretBefore;
        Object.assign(w.env, env);
        await w.start();
        return w;
    }
    async start() {
        this.server = await new Server({ program: World.program, db: this.db, clock: this.clock, args: [], env: this.env }).start();
        this.line.webhook = `${this.server.url}line/webhook`;
    }
    at(ms) {
        this.now = ms;
        writeFileSync(`${this.clock}.new`, `${ms}\n`);
        renameSync(`${this.clock}.new`, this.clock);
    }
    later(ms) {
        this.at(this.now + ms);
    }
    async close() {
        await this.server.kill('SIGTERM');
        assert.doesNotMatch(this.server.said, /Sanitizer|runtime error/);
        for (const secret of [this.line.secret, this.line.token, ...this.said ?? []])
            assert.ok(!this.server.said.includes(secret), 'the log holds a secret or what somebody typed');
        for (const m of this.line.shown) assert.deepEqual(checkMessages(m.messages, { group: m.chat.startsWith('C') }), []);
        await this.line.stop();
        assert.equal(this.sql('pragma integrity_check; pragma foreign_key_check'), 'ok');
    }
    sql(query) {
        return execFileSync('sqlite3', ['-readonly', this.db, query], { encoding: 'utf8' }).trim();
    }
    touches() {
        return Number(this.sql('select count(*) from touch_point'));
    }
    wait(promise, what) {
        return within(promise, what, 30_000, () => this.server.said.slice(-3000));
    }
    /** Types a line; resolves with the answer's messages. */
    async say(user, text, options) {
        (this.said ??= []).push(text);
        return this.wait(this.line.say(user, text, options), text);
    }
    deliver(events, how) {
        return this.wait(this.line.deliver(events, how), 'an answer to the webhook');
    }
    /** The attempt has failed and the next one is settled; then that one's time comes. */
    async again() {
        await this.server.until(() => this.sql(`select count(*) from outbox where state = 'pending' and attempts > 0 and due_ms > ${this.now} and due_ms <= ${this.now + 1000}`) === '1');
        this.later(1000);
    }
    /** What was sent is known to be: before time jumps, or its lease runs out and it goes again. */
    async settled() {
        await this.server.until(() => this.sql("select count(*) from outbox where state = 'pending' and attempts > 0") === '0');
    }
    /** The next message to `chat` after those seen so far. */
    next(chat) {
        const from = this.line.shown.length;
        return () => this.wait(this.line.seen((m) => m.chat === chat && this.line.shown.indexOf(m) >= from), 'a message');
    }
    async tap(user, message, label) {
        const action = find(message, (v) => v.label === label && v.type === 'postback');
        assert.ok(action, `no button ${label} in ${JSON.stringify(message.messages)}`);
        const next = this.next(user);
        assert.equal((await this.deliver([this.line.postback(user, action.data)])).status, 200);
        return next();
    }
    code(handle) {
        const r = spawnSync(World.program, ['chat', '--db', this.db, '--as', handle], { input: 'link\n', encoding: 'utf8',
            env: { ...process.env, NEMAWASHI_CLOCK_FILE: this.clock } });
        const code = /[A-Z0-9]{4}-[A-Z0-9]{4}/.exec(r.stdout);
        assert.ok(code, r.stdout + r.stderr);
        return code[0];
    }
    async member(handle, language = 'ja', options = {}) {
        const user = this.line.person({ name: handle, language });
        await this.wait(this.line.say(user, this.code(handle), options), 'the code');
        return user;
    }
}

/** The first object anywhere in `v` that fits. */
export function find(v, fits) {
    if (!v || typeof v !== 'object') return undefined;
    if (!Array.isArray(v) && fits(v)) return v;
    for (const x of Object.values(v)) {
        const found = find(x, fits);
        if (found) return found;
    }
    return undefined;
}
/** All words of a message: what a person reads. */
export function words(v) {
    if (Array.isArray(v)) return v.map(words).filter(Boolean).join('\n');
    if (!v || typeof v !== 'object') return '';
    const own = [v.type === 'text' ? v.text : '', v.action?.label ?? ''].filter(Boolean);
    return [...own, ...Object.values(v).map(words).filter(Boolean)].join('\n');
}
export const read = (m) => words(m.messages);

/** A certificate for 127.0.0.1: its files. */
export function certificate(dir) {
    const cert = join(dir, 'cert.pem'), key = join(dir, 'key.pem');
    execFileSync('openssl', ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-keyout', key,
        '-out', cert, '-days', '2', '-subj', '/CN=localhost', '-addext', 'subjectAltName=IP:127.0.0.1'], { stdio: 'pipe' });
    return { cert, key };
}

/** Runs those whose name contains `only`, and ends the process. */
export async function runSteps(steps, only) {
    let failed = 0, passed = 0;
    for (const [name, step] of Object.entries(steps)) {
        if (!name.includes(only)) continue;
        try {
            await step();
            passed++;
            console.log(`ok      ${name}`);
        } catch (e) {
            failed++;
            console.log(`FAILED  ${name}\n${String(e.stack ?? e).slice(0, 3000).replace(/^/gm, '        ')}`);
        }
    }
    console.log(`${passed} passed, ${failed} failed`);
    process.exit(failed ? 1 : 0);
}
