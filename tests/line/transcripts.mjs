// The transcripts behind the relay: what members type is posted to `nemawashi relay`, the
// bot (`nemawashi serve`) reaches it by a WebSocket of its own and answers through LINE's
// API, and people must be shown the words and buttons that the transcript has. Every
// transcript begins with a store of its own; relay and LINE stay the same for many.
//
//   node tests/line/transcripts.mjs --program .build/dev/nemawashi --runner .build/dev/tests/chat_runner
//        [--sample N] [--only WORDS] [--work DIR]
//
// --sample N plays the N whose contents have the smallest hashes: which ones changes with
// them. Without it all are played.
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { copyFileSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { FakeLine } from '../fakes/line/line.mjs';
import { checkMessages } from '../fakes/line/rules.mjs';
import { Server, options, workDir } from '../server.mjs';
import { readTranscript, same, seen, shows } from './transcript.mjs';
import { find } from './world.mjs';

const o = options({ program: '.build/dev/nemawashi', runner: '.build/dev/tests/chat_runner', work: '.', sample: 0, only: '' });
const program = resolve(o.program), runner = resolve(o.runner), dir = workDir(o.work, 'relay-transcripts');
const token = 'a-token-of-this-test-alone', run = promisify(execFile);
process.setMaxListeners(0);
const PATIENCE_MS = 20_000, SIDE_BY_SIDE = 2;

const hash = (text) => createHash('sha256').update(text).digest('hex');
const sql = async (db, query) => (await run('sqlite3', ['-cmd', '.timeout 5000', '-readonly', db, query])).stdout.trim();
const userId = (handle) => `U${hash(handle).slice(0, 32)}`;

/** When a live deal expires, by the midnights of Tokyo: which no row of the store says. */
const EXPIRIES = `select max((max(d.registered_ms, coalesce((select max(t.at_ms) from touch_point t where t.deal_id = d.id and t.state = 'held'
            and t.outcome = 'reached' and t.internal = 0 and t.void_ms is null), 0), coalesce((select max(v.at_ms) from deal_event v
            where v.deal_id = d.id and v.void_ms is null and v.what in ('stage', 'resumed', 'reopened', 'approved')), 0))
        + 32400000) / 86400000 + coalesce((select value + 0 from setting where key = 'expiry' and void_ms is null order by id desc limit 1), 90),
        (d.created_ms + 32400000) / 86400000 + 1) * 86400000 - 32400000 as d
    from deal d where d.state in ('registered', 'open') and d.void_ms is null`;
/** Again and again until it holds. */
async function until(holds, what) {
    for (const ends = Date.now() + PATIENCE_MS; !(await holds()); await new Promise((done) => setTimeout(done, 4)))
        if (Date.now() > ends) throw new Error(typeof what === 'function' ? what() : `${what}: never`);
}

/** A store as it is above the first line; those with the same head share one. */
const stores = new Map();
function storeOf(path, head) {
    const key = head.join('\n'), n = stores.size;
    if (!stores.has(key)) {
        const db = join(dir, `head-${n}.db`);
        stores.set(key, run(runner, ['--line', '--store', db, path]).then(() => db));
    }
    return stores.get(key);
}

/** A relay and a LINE, for one transcript after another. */
class Stage {
    static serial = 0;
    async open() {
        const n = ++Stage.serial;
        this.clock = join(dir, `clock-${n}`);
        this.held = join(dir, `held-${n}.db`);
        this.line = await new FakeLine({ now: () => this.now }).start();
        this.relay = new Server({ program, db: this.held, args: [], env: { NEMAWASHI_RELAY_TOKEN: token }, run: 'relay' });
        await this.relay.start();
        this.line.webhook = `${this.relay.url}line/webhook`;
        return this;
    }
    async close() {
        await this.relay.kill('SIGTERM');
        await this.line.stop();
        if (/Sanitizer|runtime error/.test(this.relay.said)) throw new Error(this.relay.said.slice(-3000));
    }
    at(ms) {
        this.now = ms;
        writeFileSync(`${this.clock}.new`, `${ms}\n`);
        renameSync(`${this.clock}.new`, this.clock);
    }
    async begin(path) {
        this.play = readTranscript(path);
        this.path = path;
        this.db = join(dir, `play-${hash(path).slice(0, 12)}.db`);
        copyFileSync(await storeOf(path, this.play.head), this.db);
        this.at(this.play.clock);
        const { line, relay } = this;
        line.shown.length = 0;
        line.people.clear();
        line.api.keys.clear(); // stores of one head make the same retry keys
        this.handles = new Map();
        await this.meet();
        this.bot = new Server({ program, db: this.db, clock: this.clock, args: [], env: { LINE_CHANNEL_SECRET: line.secret,
            LINE_CHANNEL_ACCESS_TOKEN: line.token, LINE_API_URL: line.url, LINE_RELAY_URL: relay.url.replace('http', 'ws').replace(/\/$/, ''),
            NEMAWASHI_RELAY_TOKEN: token, NEMAWASHI_ZONE: 'Asia/Tokyo' } });
        await this.bot.start();
        this.told = 0; // messages that were compared
    }
    /** Where a transcript has no `given digests`, nobody gets a list by himself: as in the runner. */
    async holdLists() {
        if (readFileSync(this.path, 'utf8').includes('\ngiven digests')) return;
        await run('sqlite3', ['-cmd', '.timeout 5000', this.db, `delete from regular; create trigger if not exists held
            before insert on regular begin select raise(ignore); end`]);
    }
    async meet() {
        await this.holdLists();
        for (const handle of [...(await sql(this.db, 'select handle from member')).split('\n'), 'stranger']) {
            this.line.people.set(userId(handle), { name: handle, language: this.path.includes('/ja/') ? 'ja' : 'en', blocked: false });
            this.handles.set(userId(handle), handle);
        }
    }
    /** One more member, on the same store. */
    async given(what) {
        const head = `${this.clock}-given.chat`;
        await this.idle();
        await this.bot.kill('SIGTERM');
        writeFileSync(head, `given clock ${new Date(this.now).toISOString().slice(0, 16)}+00:00\ngiven ${what}\n`);
        await run(runner, ['--line', '--store', this.db, head]);
        await this.meet();
        await this.bot.start();
    }
    async end() {
        await this.idle();
        await this.compare({ number: 'end', expected: new Map() });
        await until(async () => (await sql(this.held, 'select count(*) from held')) === '0', 'the relay forgets');
        await this.bot.kill('SIGTERM');
        if (/Sanitizer|runtime error/.test(this.bot.said)) throw new Error(this.bot.said.slice(-3000));
        for (const m of this.line.shown) {
            const wrong = checkMessages(m.messages, {});
            if (wrong.length) throw new Error(`LINE would not take this: ${JSON.stringify(wrong)}`);
        }
    }
    /** Nothing is left to do at this time. */
    idle() {
        return until(async () => (await sql(this.db, `select (select count(*) from inbox where done_ms is null)
            + (select count(*) from outbox where state = 'pending' and (claimed_ms is not null or due_ms <= ${this.now}))
            + (select count(*) from regular where due_ms <= ${this.now})
            + (select count(*) from (${EXPIRIES}) where d <= ${this.now})
            + (select count(*) from follow where state = 'open' and void_ms is null and due_ms <= ${this.now})`)) === '0',
        () => `there is always something to do\n${this.bot.said.slice(-2000)}`);
    }
    /** Time passes, what falls due in between at its own minute. */
    async pass(to) {
        for (;;) {
            await this.idle();
            const next = Number(await sql(this.db, `select min(d) from (select due_ms d from follow where state = 'open' and void_ms is null
                union all select due_ms from outbox where state = 'pending'
                union all select due_ms from regular union all ${EXPIRIES}) where d <= ${to}`));
            if (!next) break;
            this.at(next);
        }
        this.at(to);
        await this.idle();
    }
    async type(who, line) {
        const text = line.replaceAll('\\n', '\n').replace(/<([\w.]+\.ics)>$/, (_, file) => readFileSync(`tests/conversations/calendars/${file}`, 'utf8'));
        const { status } = await this.line.deliver([this.line.text(userId(who), text)]);
        if (status !== 200) throw new Error(`the webhook was answered ${status}`);
    }
    async tap(who, label) {
        const mine = this.line.shown.filter((m) => m.chat === userId(who)).reverse();
        const action = mine.flatMap((m) => [...m.messages].reverse()).map((m) => find(m, (v) => v.label && v.type && shows(v.label, label))).find(Boolean);
        if (!action) throw new Error(`no message to ${who} has a button [${label}]`);
        const typed = action.fillInText ?? action.clipboardText;
        if (typed !== undefined) await this.type(who, typed);
        else await this.line.deliver([this.line.postback(userId(who), action.data)]);
    }
    async step(s) {
        if (s.kind === 'say') await this.type(s.who, s.what);
        else if (s.kind === 'tap') await this.tap(s.who, s.what);
        else if (s.kind === 'restart') {
            await this.idle();
            await this.bot.kill('SIGTERM');
            this.at(this.now + s.ms);
            await this.bot.start();
        } else if (s.kind === 'given') await this.given(s.what);
        else await this.pass(s.at ?? this.now + s.ms);
        if (!s.expected.size) await this.idle();
        await this.compare(s);
    }
    /** What was shown since the step before, by who was told. */
    got() {
        const told = new Map();
        for (const m of this.line.shown.slice(this.told)) {
            const to = this.handles.get(m.chat) ?? m.chat, { letters, labels } = seen(m.messages), t = told.get(to) ?? { letters: '', labels: [] };
            told.set(to, { letters: t.letters + letters, labels: [...t.labels, ...labels] });
        }
        return told;
    }
    async compare({ number, expected }) {
        let got;
        await until(() => {
            got = this.got();
            return got.size === expected.size && [...expected].every(([to, want]) => got.has(to) && same(want, got.get(to)));
        }, () => `${this.path}:${number}:\n- ${JSON.stringify([...expected])}\n+ ${JSON.stringify([...got])}\n${this.bot.said.slice(-1500)}`);
        this.told = this.line.shown.length;
    }
}

const all = ['en', 'ja'].flatMap((l) => readdirSync(`tests/conversations/${l}`).filter((f) => f.endsWith('.chat')).map((f) => `tests/conversations/${l}/${f}`))
    .filter((p) => p.includes(o.only))
    // Nobody answers at the addresses of `given calendar`: tests/calendar.mjs has such calendars.
    .filter((p) => !readFileSync(p, 'utf8').includes('\ngiven calendar '));
const byHash = all.map((p) => [hash(p + readFileSync(p, 'utf8')), p]).sort().map(([, p]) => p);
const chosen = o.sample ? byHash.slice(0, o.sample) : all;
let failed = 0, played = 0;
async function work() {
    const stage = await new Stage().open();
    for (let path = chosen.shift(); path; path = chosen.shift()) {
        const from = performance.now();
        try {
            await stage.begin(path);
            for (const s of stage.play.steps) await stage.step(s);
            await stage.end();
            played++;
            console.log(`ok      ${path}  ${((performance.now() - from) / 1000).toFixed(1)} s`);
        } catch (e) {
            failed++;
            console.log(`FAILED  ${path}\n${String(e.stack ?? e).slice(0, 4000).replace(/^/gm, '        ')}`);
            await stage.bot?.kill('SIGKILL').catch(() => {});
            await until(async () => (await sql(stage.held, 'select count(*) from held')) === '0', 'the relay forgets').catch(() => {});
        }
    }
    await stage.close();
}
await Promise.all(Array.from({ length: SIDE_BY_SIDE }, work));
console.log(failed ? `${failed} failed` : `all ${played} passed`);
process.exit(failed ? 1 : 0);
