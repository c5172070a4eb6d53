// A day and a night of steady work in minutes: the program's clock is held and moved on minute by
// minute, four members type all day, their browsers come and go. Memory and descriptors must
// stay flat, and in the end everything is stored and answered once.
//
//   node tests/crash/soak.mjs --program .build/release/nemawashi [--hours 24] [--each 3] [--work DIR]
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFileSync, readdirSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Client, Server, options, within, workDir } from '../server.mjs';

const o = options({ program: '.build/release/nemawashi', work: '.', hours: 24, each: 3 });
const dir = workDir(o.work, 'soak');
const db = join(dir, 'soak.db'), clock = join(dir, 'clock');
let now = Date.parse('2026-03-02T08:00:00+09:00');
const START = now;
function clockAt(ms) {
    writeFileSync(`${clock}.new`, `${(now = ms)}\n`);
    renameSync(`${clock}.new`, clock);
}
clockAt(now);

// What people type, by turns; %d makes it their own.
const lines = [
    'zoom Tanaka Denko 30m: soak-%d', '電話 鈴木様 電光 20分：soak-%d', 'today', 'list deals', 'kpi Denko q1',
    'timeline Denko', 'find soak', 'follow Tanaka Denko in 20 minutes', 'undo', 'nonsense soak-%d about nothing', 'whoami', 'help touch',
    'win rate by partner', 'quiet since 30d', 'zoom Tanaka Denko 15m offrecord: soak-%d', 'done',
];

const server = new Server({ program: o.program, db, clock, env: { NEMAWASHI_BACKUP_KEEP: '3' } });
await server.start();
const waits = new Map();
let said = 0, answered = 0, reminders = 0;
function take(f) {
    assert.notEqual(f.t, 'refused', `${f.code}: ${f.text}`);
    if (f.t !== 'message') return;
    if (!f.answers) { reminders++; return; }
    const w = waits.get(f.answers);
    if (!w || w.done) return; // a second reply, or the same in an older connection
    w.done = true;
    answered++;
    w.resolve();
}
const members = ['kenji', 'haruka', 'mika', 'jun'];
const clients = new Map();
async function reopen() {
    for (const as of members) {
        await clients.get(as)?.close();
        clients.set(as, await Client.open(server, { as, after: 1e12, on: take }));
    }
    for (const path of ['', 'healthz']) await (await fetch(server.url + path, { headers: { connection: 'close' } })).text();
}
function say(as) {
    const id = `soak-${++said}`, text = lines[(said * 7 + Math.floor(said / lines.length)) % lines.length].replace('%d', said);
    return new Promise((resolve) => {
        waits.set(id, { resolve });
        clients.get(as).send({ t: 'say', id, text });
    });
}
const descriptors = () => readdirSync(`/proc/${server.child.pid}/fd`).length;
const memoryKb = () => Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${server.child.pid}/status`, 'latin1'))[1]);
// A connection that was closed, or a backup under way, may hold some for a moment.
async function leastDescriptors(wanted) {
    let n = descriptors();
    for (let i = 0; n > wanted && i < 200; i++) {
        await new Promise((done) => setTimeout(done, 20));
        n = Math.min(n, descriptors());
    }
    return n;
}

const hours = [];
console.log('hour  messages  memory MB  descriptors');
for (let hour = 1; hour <= o.hours; hour++) {
    await reopen();
    for (let minute = 0; minute < 60; minute++) {
        clockAt(now + 60_000);
        const all = [];
        for (let i = 0; i < o.each; i++) for (const as of members) all.push(say(as));
        await within(Promise.all(all), `the answers of hour ${hour}, minute ${minute}`);
        waits.clear();
    }
    hours.push({ memory: memoryKb(), fds: await leastDescriptors(hours[0]?.fds ?? 0) });
    console.log(`${String(hour).padStart(4)}  ${String(said).padStart(8)}  ${(hours.at(-1).memory / 1024).toFixed(1).padStart(9)}  ${String(hours.at(-1).fds).padStart(11)}`);
}
for (const c of clients.values()) await c.close();
await server.kill('SIGTERM');

const sql = (query) => execFileSync('sqlite3', ['-readonly', db, query], { encoding: 'utf8' }).trim();
assert.equal(answered, said, 'each message is answered');
assert.equal(sql("select count(*), count(distinct remote_id) from inbox where remote_id like 'soak-%' and done_ms is not null"), `${said}|${said}`);
assert.equal(sql('pragma integrity_check; pragma foreign_key_check'), 'ok');
assert.ok(reminders >= o.hours, `${reminders} reminders came`);
const half = Math.floor(hours.length / 2);
const most = (list, what) => Math.max(...list.map((h) => h[what]));
const early = most(hours.slice(Math.floor(half / 2), half), 'memory'), late = most(hours.slice(half), 'memory');
console.log(`memory: ${(early / 1024).toFixed(1)} MB at most before noon, ${(late / 1024).toFixed(1)} MB after; ${reminders} reminders; ${(now - START) / 3_600_000} hours`);
assert.ok(late <= early * 1.05 + 4096, 'memory is not flat');
assert.ok(most(hours, 'fds') <= hours[0].fds, 'descriptors are not flat');
console.log('flat');
process.exit(0);
