// Kills the program while a rep logs, again and again: what was acknowledged is stored
// exactly once and answered exactly once.
//
//   node tests/crash/crash.mjs --program .build/dev/nemawashi [--rounds 3] [--logs 500]
//                              [--seed 1] [--work DIR]
//
// The logs are spread over the rounds. In each, the client keeps up to 16 unacknowledged
// messages on their way; after a random number of acknowledgements, and a few random
// turns of the event loop so that the blow falls at any point of the work, the program
// is killed with SIGKILL and started again on the same store. What was not acknowledged
// is sent again under the same id; and so is, now and then, what was. The program's clock
// moves on by a second with each message: no member types faster than the limit.
import { execFileSync } from 'node:child_process';
import { renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Client, Server, options, within, workDir } from '../server.mjs';

const o = options({ program: '.build/dev/nemawashi', rounds: 3, logs: 500, seed: Date.now() % 1e9, work: '.', pipeline: 16 });
console.log(`seed ${o.seed}, ${o.logs} logs, ${o.rounds} rounds`);

// A small generator (mulberry32), so that a seed repeats the run as far as timing lets.
let state = o.seed >>> 0;
function random(n) {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) % n;
}
const turn = () => new Promise((done) => setImmediate(done));

const dir = workDir(o.work, 'crash');
const db = join(dir, 'crash.db'), clock = join(dir, 'clock');
let now = Date.now();
function second() {
    writeFileSync(`${clock}.new`, `${(now += 1000)}\n`);
    renameSync(`${clock}.new`, clock);
}
second();
const server = new Server({ program: o.program, db, clock });
const logs = Array.from({ length: o.logs }, (_, i) => ({
    id: `crash-${i + 1}`, text: `zoom Tanaka Denko 30m: marker-${i + 1}`,
    message: 0, answers: new Map(), // number of each reply -> its status
}));
const byId = new Map(logs.map((log) => [log.id, log]));
let acknowledged = 0, answered = 0, newest = 0, resent = 0, changed = () => {};

function take(frame, client) {
    if (frame.t === 'refused') throw new Error(`refused: ${JSON.stringify(frame)}`);
    if (frame.t === 'ack' && byId.has(frame.id)) {
        const log = byId.get(frame.id);
        if (log.message && log.message !== frame.message)
            throw new Error(`${frame.id} was acknowledged as ${log.message} and as ${frame.message}`);
        if (!log.message) acknowledged++;
        log.message = frame.message;
    }
    if (frame.t === 'message') answer(frame);
    if (frame.t === 'history') {
        for (const m of frame.messages) {
            newest = Math.max(newest, m.id);
            if (m.dir === 'out') answer(m);
        }
        if (frame.more && !frame.older) client.send({ t: 'newer', after: newest });
    }
    changed();
}
function answer({ id, answers, reply }) {
    newest = Math.max(newest, id);
    const log = byId.get(answers);
    if (!log) return;
    if (log.answers.size === 0) answered++;
    log.answers.set(id, reply.status);
}
const when = (condition) => new Promise((done) => {
    (changed = () => { if (condition()) { changed = () => {}; done(); } })();
});

async function round(n, upTo, last) {
    const todo = logs.slice(0, upTo).filter((log) => !log.message);
    // Once more under the same id what is already stored: it must change nothing.
    const again = logs.filter((log) => log.message && random(20) === 0);
    const killAt = last ? Infinity : acknowledged + 1 + random(Math.max(1, todo.length - 1));
    const client = await Client.open(server, { as: 'kenji', after: newest, on: take });
    const say = (log) => { second(); client.send({ t: 'say', id: log.id, text: log.text }); };
    again.forEach(say);
    resent += again.length;
    let open = todo.length;
    const lost = client.closed.then(() => 'lost');
    const pump = async () => {
        const waiting = new Set();
        for (const log of todo) {
            while (waiting.size >= o.pipeline) {
                await when(() => [...waiting].some((w) => w.message) || acknowledged >= killAt);
                for (const w of waiting) if (w.message) waiting.delete(w);
                if (acknowledged >= killAt) return;
            }
            waiting.add(log);
            say(log);
            open--;
        }
        await when(() => acknowledged >= killAt || todo.every((log) => log.message));
    };
    const first = await within(Promise.race([pump(), lost]), `round ${n}`);
    if (first === 'lost') throw new Error(`round ${n}: the connection was lost before the kill\n${server.said}`);
    if (last) {
        await within(when(() => answered === logs.length), 'the last answers');
        await client.close();
        await server.kill('SIGTERM');
        return;
    }
    for (let i = random(12); i > 0; i--) await turn();
    await server.kill();
    await within(lost, 'the lost connection');
    console.log(`round ${n}: killed after ${acknowledged} acknowledged, ${open} not yet sent`);
}

function sql(query) {
    return execFileSync('sqlite3', ['-readonly', '-json', db, query], { encoding: 'utf8', maxBuffer: 1 << 28 });
}
const rows = (query) => JSON.parse(sql(query) || '[]');

function verify() {
    const wrong = [];
    const stored = new Map(rows(`
        select i.remote_id as id, count(distinct i.id) as inbox, count(distinct m.id) as line,
               count(distinct r.id) as replies, sum(i.done_ms is null) as waiting
          from inbox i
          left join message m on m.inbox_id = i.id and m.dir = 'in'
          left join message r on r.inbox_id = i.id and r.dir = 'out'
         where i.remote_id like 'crash-%' group by i.remote_id`).map((r) => [r.id, r]));
    const touches = new Map(rows(`
        select n.text as text, count(*) as n from touch_point t
          join note_text n on n.id = t.note_id and n.rev = t.note_rev
         where n.text like 'marker-%' and t.void_ms is null group by n.text`).map((r) => [r.text, r.n]));
    for (const [i, log] of logs.entries()) {
        const row = stored.get(log.id);
        const say = (what) => wrong.push(`${log.id}: ${what}`);
        if (!log.message) say('never acknowledged');
        if (!row) { say('acknowledged but not stored'); continue; }
        if (row.inbox !== 1 || row.line !== 1) say(`stored ${row.inbox} times, ${row.line} lines`);
        if (row.waiting) say('acknowledged but never done');
        if (row.replies !== 1) say(`${row.replies} replies are stored`);
        if (log.answers.size !== 1) say(`answered ${log.answers.size} times`);
        for (const status of log.answers.values()) if (status !== 'ok') say(`answered with status ${status}`);
        const n = touches.get(`marker-${i + 1}`) ?? 0;
        if (n !== 1) say(`${n} touch points`);
    }
    if (touches.size !== logs.length) wrong.push(`${touches.size} different markers are stored, not ${logs.length}`);
    const whole = sql('pragma integrity_check').trim();
    if (!whole.includes('"ok"')) wrong.push(`integrity_check: ${whole}`);
    if (sql('pragma foreign_key_check').trim()) wrong.push('foreign_key_check finds rows');
    return wrong;
}

process.on('uncaughtException', (e) => {
    console.log(`${e.message}\nthe program said:\n${server.said}`);
    process.exit(1);
});
for (let n = 1; n <= o.rounds; n++) {
    await server.start();
    await round(n, Math.ceil((o.logs * n) / (o.rounds + 1)), false);
}
await server.start();
await round(o.rounds + 1, o.logs, true);
const wrong = verify();
console.log(wrong.slice(0, 20).join('\n') ||
    `${o.logs} logs stored and answered exactly once; ${o.rounds} kills, ${resent} sent again after their acknowledgement`);
process.exit(wrong.length ? 1 : 0);
