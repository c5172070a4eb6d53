// A year of a team in minutes: the program's clock is held and moved from one event to the next.
// Four members plan follow-ups and meetings, hold meetings, send a deal round for stamps, take
// things back; now and then the program is stopped for up to three hours, or killed while it
// stores or sends. Everything must come once, at its minute, or at the start after a stop; every
// working morning has one list, every week one digest; memory stays flat.
//
//   node tests/clock/year.mjs --program .build/release/nemawashi [--days 365] [--seed N] [--work DIR]
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Client, Server, options, within, workDir } from '../server.mjs';

const o = options({ program: '.build/release/nemawashi', work: '.', days: 365, seed: Date.now() % 1e9 });
const MINUTE = 60_000, HOUR = 60 * MINUTE, DAY = 24 * HOUR, TOKYO = 9 * HOUR;
const members = ['kenji', 'haruka', 'mika', 'jun'], managers = ['mika', 'jun'];
const QUIET = [150, 210]; // days without a stop, over which memory is compared
const SHORT = o.days < 30;
console.log(`seed ${o.seed}, ${o.days} days`);

let state = o.seed >>> 0; // mulberry32
function random(n) {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) % n;
}
const pick = (list) => list[random(list.length)];

// Days are numbers since 1970, by Tokyo's calendar; there clocks are never changed.
const dayOf = (ms) => Math.floor((ms + TOKYO) / DAY);
const wall = (day, minutes) => day * DAY - TOKYO + minutes * MINUTE;
const iso = (ms) => new Date(ms + TOKYO).toISOString().slice(0, 16);
const off = new Set([...readFileSync('bot/text/holidays.inc', 'utf8').matchAll(/^HOLIDAY\(JP, "", (\d+), (\d+), (\d+),/gm)]
    .map(([, y, m, d]) => Date.UTC(y, m - 1, d) / DAY));
const works = (day) => (day + 3) % 7 < 5 && !off.has(day); // 1970-01-01 was a Thursday
function businessDay(day, n) {
    while (n > 0 || !works(day)) if (works(++day) && n > 0) n--;
    return day;
}

const dir = workDir(o.work, 'year'), db = join(dir, 'year.db'), clock = join(dir, 'clock');
const FIRST = dayOf(Date.parse('2026-01-05T00:00+09:00'));
let now = wall(FIRST, 7 * 60);
function clockAt(ms) {
    assert.ok(ms >= now);
    writeFileSync(`${clock}.new`, `${(now = ms)}\n`);
    renameSync(`${clock}.new`, clock);
}
clockAt(now);
const server = new Server({ program: o.program, db, clock, env: { NEMAWASHI_BACKUP_KEEP: '2' } });

// ---- what was seen ----
let changed = () => {}, newest = 0;
const acked = new Set(), answers = new Map(), seen = new Set(); // numbers of messages
const unasked = new Map(); // "kenji remind.follow F12" -> how often
const codeOf = (reply) => (reply.code === 'plan.began' ? 'plan.join' : reply.code); // the nudge of a meeting that it missed
const keyOf = (who, code, id) => `${who} ${code} ${id}`;
function takeMessage(who, m) {
    newest = Math.max(newest, m.id);
    if (seen.has(m.id)) return;
    seen.add(m.id);
    if (m.answers) {
        if (!answers.has(m.answers)) answers.set(m.answers, m.reply);
        return;
    }
    const key = keyOf(who, codeOf(m.reply), m.reply.records[0]?.id);
    unasked.set(key, (unasked.get(key) ?? 0) + 1);
}
function take(frame, client) {
    const who = client.who;
    assert.notEqual(frame.t, 'refused', JSON.stringify(frame));
    if (frame.t === 'ack') acked.add(frame.id);
    if (frame.t === 'message') takeMessage(who, frame);
    if (frame.t === 'history') {
        for (const m of frame.messages) if (m.dir === 'out') takeMessage(who, m);
        const last = frame.messages.at(-1)?.id;
        if (frame.more && !frame.older) client.send({ t: 'newer', after: last });
    }
    changed();
}
const until = (holds, what) => within(new Promise((done) => {
    (changed = () => { if (holds()) { changed = () => {}; done(); } })();
}), what, 60_000, () => `${shown()}\n${server.said.slice(-2000)}`);
// What the store has of the last day, where something did not come.
const shown = () => execFileSync('sqlite3', ['-readonly', '-header', db, `select f.id, f.kind, step, touch_id, m.handle, due_local, f.state, (sent_ms - due_ms) / 60000
    as late, f.created_ms / 60000 as made from follow f join member m on m.id = f.member_id where due_ms between ${now - DAY} and ${now + DAY} order by due_ms`], { encoding: 'utf8' });

const clients = new Map();
let had = 0; // all connections have seen the messages up to this one
async function connect() {
    for (const as of members) {
        const on = (frame, client) => { client.who = as; take(frame, client); };
        clients.set(as, await Client.open(server, { as, after: had, on }));
    }
}

// ---- what has to come ----
let wanted = []; // { who, code, id, due }, in no order; without id: any of that code
const settled = []; // the same with `at`, the clock when it had come
const counts = new Map(); // of those without an id, by "who code"
function expect(who, code, id, due) {
    wanted.push({ who, code, id, due });
}
const countOf = (who, code) => [...unasked].reduce((n, [key, times]) => n + (key.startsWith(`${who} ${code} F`) ? times : 0), 0);
function cameSoFar(w) {
    if (w.id) return unasked.has(keyOf(w.who, w.code, w.id));
    const key = `${w.who} ${w.code}`;
    const before = counts.get(key) ?? 0, same = wanted.filter((x) => !x.id && x.due <= now && x.who === w.who && x.code === w.code);
    return countOf(w.who, w.code) >= before + same.length;
}
async function settle() {
    const due = wanted.filter((w) => w.due <= now);
    await until(() => due.every(cameSoFar), `${iso(now)}: ${JSON.stringify(due.filter((w) => !cameSoFar(w)))}`);
    for (const w of due) if (!w.id) counts.set(`${w.who} ${w.code}`, (counts.get(`${w.who} ${w.code}`) ?? 0) + 1);
    settled.push(...due.map((w) => ({ ...w, at: now })));
    wanted = wanted.filter((w) => w.due > now);
    had = newest;
}

// ---- accidents ----
let stops = 0, kills = 0, lived = 0;
async function again() {
    await server.start();
    await connect();
    lived = 0;
}
async function stop() {
    stops++;
    await server.kill('SIGTERM');
    clockAt(now + random(180) * MINUTE);
    await again();
}
// The blow falls at a random moment of what goes on: that is no waiting for anything.
async function kill() {
    kills++;
    await new Promise((done) => setTimeout(done, random(80)));
    await server.kill('SIGKILL');
    await again();
}

// ---- what is typed ----
let serial = 0;
async function say(who, text, killed = false) {
    const id = `year-${++serial}`;
    clients.get(who).send({ t: 'say', id, text });
    if (killed) {
        await kill();
        clients.get(who).send({ t: 'say', id, text });
    }
    await until(() => acked.has(id) && answers.has(id), `${iso(now)} ${who}> ${text}`);
    const reply = answers.get(id);
    assert.ok(['ok', 'draft'].includes(reply.status), `${text}: ${reply.text}`);
    return reply;
}
const idOf = (reply, letter) => reply.records.find((r) => r.id.startsWith(letter)).id;
const later = (days) => wall(dayOf(now) + 1 + random(days), 8 * 60 + random(11 * 60));
const words = (ms) => iso(ms).replace('T', ' ');
const ten = (day) => wall(day, 600);
const actions = [
    async (who, killed) => {
        const due = later(20);
        expect(who, 'remind.follow', idOf(await say(who, `follow Okubo ${words(due)}`, killed), 'F'), due);
    },
    async (who, killed) => {
        const begins = later(9), id = idOf(await say(who, `plan Borealis ${words(begins)}`, killed), 'M');
        expect(who, 'plan.join', id, begins - 5 * MINUTE);
        expect(who, 'plan.after', id, begins + HOUR);
    },
    async (who, killed) => {
        const today = dayOf(now), evening = wall(today, 19 * 60 + 30);
        await say(who, 'met Yubari Foods 60m: nobody objected', killed);
        const first = evening > now ? today : businessDay(today, 1);
        const second = businessDay(first, 1);
        for (const due of [evening > now ? evening : ten(first), ten(second), ten(businessDay(second, 2))]) expect(who, 'remind.champion', '', due);
    },
    async (who, killed) => {
        const mine = wanted.filter((w) => w.who === who && w.code === 'remind.follow');
        if (!mine.length) return;
        const w = pick(mine), due = later(20);
        if (random(2)) {
            await say(who, `done ${w.id}`, killed);
            wanted = wanted.filter((x) => x !== w);
        } else {
            await say(who, `snooze ${w.id} ${words(due)}`, killed);
            w.due = due;
        }
    },
    async (who, killed) => {
        const deal = idOf(await say(who, `deal reg Yubari Foods via Denko ¥1.2M inbound: round ${serial}`, killed), 'D');
        await say(who, `ringi ${deal} purchase order paper Okubo>部長`);
        const chase = businessDay(dayOf(now), 3);
        expect(who, 'ringi.chase', '', ten(chase));
        expect(who, 'ringi.way_out', '', ten(businessDay(chase, 3)));
    },
];

// ---- the year ----
await server.start();
await connect();
for (const text of ['customer Borealis JP', 'customer Yubari Foods JP', 'champion Okubo Yubari Foods reading オオクボ', 'cadence Denko 14d']) await say('kenji', text);
for (const as of members) await say(as, 'today'); // from now on there are lists and digests
for (const { day } of await sql("select day from own_day where market = 'JP' and works = 0 and void_ms is null")) off.add(day); // the invented team's own
const known = await sql('select coalesce(max(id), 0) as n from follow'), memory = [];
async function sql(query) {
    return JSON.parse(execFileSync('sqlite3', ['-readonly', '-json', db, query], { encoding: 'utf8', maxBuffer: 1 << 30 }) || '[]');
}
const memoryKb = () => Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${server.child.pid}/status`, 'latin1'))[1]);
for (let n = 0; n < o.days; n++) {
    const day = FIRST + n, calm = n >= QUIET[0] && n < QUIET[1];
    const typed = Array.from({ length: 4 }, () => wall(day, 8 * 60 + 40 + random(11 * 60))).sort((a, b) => a - b);
    const ends = wall(day + 1, 0) - MINUTE;
    while (now < ends) {
        const due = Math.min(...wanted.map((w) => w.due), works(day) && now < wall(day, 510) ? wall(day, 510) : Infinity);
        const next = Math.min(due, typed[0] ?? Infinity, ends);
        if (next > now) clockAt(next);
        const blow = calm ? 99 : random(SHORT ? 8 : 40); // a few days must have their accidents too
        if (blow === 0) await stop();
        if (blow === 1) await kill();
        await settle();
        if (typed.length && typed[0] <= now) {
            typed.shift();
            await actions[random(20) ? random(4) : 4](pick(members), blow === 2);
        }
    }
    lived++;
    if (calm && lived > 10) memory.push(memoryKb());
    if (n % 30 === 29) console.log(`${iso(now).slice(0, 10)}  ${settled.length} came, ${stops} stops, ${kills} kills, ${(memoryKb() / 1024).toFixed(1)} MB`);
}
for (const c of clients.values()) await c.close();
await server.kill('SIGTERM');

// ---- the store says the same ----
const stored = new Map(), anyStored = new Map();
for (const row of await sql(`select m.handle as who, x.at_ms as at, x.body as body from message x join member m on m.id = x.member_id
        where x.dir = 'out' and x.inbox_id is null`)) {
    const reply = JSON.parse(row.body), id = reply.records[0]?.id;
    const into = (map, key) => map.set(key, [...(map.get(key) ?? []), row.at]);
    into(stored, keyOf(row.who, codeOf(reply), id));
    into(anyStored, `${row.who} ${reply.code}`);
}
for (const [key, at] of stored) if (/ [FM]\d+$/.test(key)) assert.equal(at.length, 1, `${key} came ${at.length} times`);
const ours = new Set();
for (const w of settled) {
    if (!w.id) continue;
    const [at] = stored.get(keyOf(w.who, w.code, w.id)) ?? [0];
    assert.ok(at >= w.due && at <= w.at, `${w.who} ${w.code} ${w.id}: due ${iso(w.due)}, came ${iso(at)}, the clock was at ${iso(w.at)}`);
    ours.add(keyOf(w.who, w.code, w.id));
}
for (const code of ['remind.champion', 'ringi.chase', 'ringi.way_out'])
    for (const who of members) {
        const came = (anyStored.get(`${who} ${code}`) ?? []).sort((a, b) => a - b);
        const due = settled.filter((w) => w.who === who && w.code === code).sort((a, b) => a.at - b.at || a.due - b.due);
        assert.equal(came.length - due.length, 0, `${who} ${code}: ${came.length} came, ${due.length} were due`);
        due.forEach((w, i) => assert.ok(came[i] >= w.due && came[i] <= w.at, `${who} ${code}: due ${iso(w.due)}, came ${iso(came[i])}`));
    }
for (const key of stored.keys()) {
    const [who, code, id] = key.split(' ');
    if (['remind.follow', 'plan.join', 'plan.after'].includes(code) && Number(id.slice(1)) > known[0].n && id[0] === 'F')
        assert.ok(ours.has(key), `${key} was not to come to ${who}`);
}
const days = Array.from({ length: o.days }, (_, n) => FIRST + n).filter((d) => wall(d, 510) > wall(FIRST, 420) && works(d));
const mondays = days.filter((d) => businessDay(d - ((d + 3) % 7), 0) === d);
const lists = await sql("select m.handle as who, i.remote_id as id, i.done_ms as done from inbox i join member m on m.id = i.member_id where i.remote_id glob 'morning:*' or i.remote_id glob 'digest:*'");
for (const who of members) {
    const of = (kind) => lists.filter((l) => l.who === who && l.id.startsWith(kind)).map((l) => l.id).sort();
    assert.deepEqual(of('morning:'), days.map((d) => `morning:${iso(wall(d, 510))}`), `the morning lists of ${who}`);
    assert.deepEqual(of('digest:'), managers.includes(who) ? mondays.map((d) => `digest:${iso(wall(d, 510))}`) : [], `the digests of ${who}`);
}
assert.ok(lists.every((l) => l.done), 'a list was never made');
const whole = execFileSync('sqlite3', ['-readonly', db, 'pragma integrity_check; pragma foreign_key_check'], { encoding: 'utf8' }).trim();
assert.equal(whole, 'ok');
assert.ok(settled.length > (SHORT ? 0 : o.days) && stops + kills > 0);
console.log(`${settled.length} came, each once; ${lists.length} lists; ${stops} stops and ${kills} kills`);
if (memory.length > 20) {
    const third = Math.floor(memory.length / 3), early = Math.max(...memory.slice(0, third)), late = Math.max(...memory.slice(-third));
    console.log(`memory: ${(early / 1024).toFixed(1)} MB, later ${(late / 1024).toFixed(1)} MB`);
    assert.ok(late <= early * 1.05 + 4096, 'memory is not flat');
}
process.exit(0);
