// Files in and out of a store that is served: what an import brings is known to the chat at
// once, an export is downloaded by its member's own session alone, and its workbook holds
// numbers as numbers and days as days.
//
//   node tests/port.mjs --program .build/dev/nemawashi [--work DIR] [--save FILE.xlsx]
import assert from 'node:assert/strict';
import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { inflateRawSync } from 'node:zlib';
import WebSocket from 'ws';
import { Server, mind, options, within, workDir } from './server.mjs';

const o = options({ program: '.build/dev/nemawashi', work: '.', save: '' });
const program = resolve(o.program), dir = workDir(o.work, 'port'), db = join(dir, 'port.db');
const server = await new Server({ program, db, args: [] }).start();
const origin = server.url.replace(/\/$/, '');

function run(...args) {
    const r = spawnSync(program, [...args, '--db', db], { encoding: 'utf8', timeout: 120_000 });
    assert.equal(r.status, 0, r.stdout + r.stderr);
    return r.stdout + r.stderr;
}

/** Who logs in by a one-time link: their cookie, and a socket that it opens. */
class Session {
    static async of(link) {
        const s = new Session();
        const answer = await fetch(new URL('/login', server.url), { method: 'POST',
            headers: { origin, 'content-type': 'application/json' }, body: JSON.stringify({ token: link.split('#')[1] }) });
        assert.equal(answer.status, 204);
        s.cookie = answer.headers.get('set-cookie').split(';')[0];
        s.waits = new Map();
        s.socket = new WebSocket(`${server.url.replace('http', 'ws')}ws`, { origin, headers: { cookie: s.cookie } });
        await within(new Promise((done, failed) => {
            s.socket.once('error', failed);
            s.socket.once('open', () => s.socket.send(JSON.stringify({ t: 'hello', v: 1, after: 0 })));
            s.socket.on('message', (data) => {
                const frame = JSON.parse(data.toString());
                if (frame.t === 'welcome') done();
                if (frame.t === 'message') s.waits.get(frame.answers)?.(frame.reply);
                if (frame.t === 'history') s.history?.(frame);
            });
        }), 'the welcome');
        return s;
    }
    say(text) {
        const id = randomUUID();
        const reply = within(new Promise((done) => this.waits.set(id, done)), text);
        this.socket.send(JSON.stringify({ t: 'say', id, text }));
        return reply;
    }
    older() {
        const frame = within(new Promise((done) => { this.history = done; }), 'the history');
        this.socket.send(JSON.stringify({ t: 'older', before: 1e9 }));
        return frame;
    }
}
const get = (url, cookie) => fetch(new URL(url, server.url), { headers: cookie ? { cookie } : {} });

/** The files of a zip, as text by name. */
function unzip(bytes) {
    const files = {};
    let at = bytes.lastIndexOf(Buffer.from('PK\x05\x06', 'latin1'));
    const n = bytes.readUInt16LE(at + 10);
    at = bytes.readUInt32LE(at + 16);
    for (let i = 0; i < n; i++) {
        const name = bytes.toString('utf8', at + 46, at + 46 + bytes.readUInt16LE(at + 28));
        const local = bytes.readUInt32LE(at + 42);
        const data = local + 30 + bytes.readUInt16LE(local + 26) + bytes.readUInt16LE(local + 28);
        files[name] = inflateRawSync(bytes.subarray(data, data + bytes.readUInt32LE(at + 20))).toString('utf8');
        at += 46 + bytes.readUInt16LE(at + 28) + bytes.readUInt16LE(at + 30) + bytes.readUInt16LE(at + 32);
    }
    return files;
}
const file = (reply) => reply.parts.find((p) => p.kind === 'file');

const admin = await Session.of(await server.login);
run('member', 'add', 'haruka', 'Haruka', 'rep', 'JP');
const haruka = await Session.of(/(http\S+)/.exec(run('link', 'haruka'))[1]);

// In: beside the server, by another process.
const csv = join(dir, '案件.csv');
writeFileSync(csv, '案件名,会社名,代理店,営業担当,金額,登録日,フェーズ,受注日\r\n' +
    '=CMS,青葉食品,電光デジタル,haruka,"4,800,000",2025/8/1,受注,2026/1/20\r\n予約,白根ホテル,電光デジタル,haruka,120万円,2026/2/2,提案中,\r\n');
assert.match(run('import', csv, '--as', 'admin'), /2 new, 0 changed/);
// The server reads other programs' names once a second; it is asked until it has.
let card;
do card = await within(admin.say('show 青葉食品'), 'a card'); while (card.status !== 'ok');
assert.match(card.title, /青葉食品/);
assert.match((await admin.say('zoom 電光デジタル 30m: they like it')).text, /T1 · Zoom · 電光デジタル/);
assert.match(run('import', csv, '--as', 'admin'), /0 new, 0 changed, 2 as they were/);

// Out: a link of this member's session, and of nobody else's.
const reply = await haruka.say('export deals');
const link = file(reply);
assert.equal(link.data, undefined);
assert.match(link.url, /^\/file\/[0-9a-f]{48}$/);
const mine = await get(link.url, haruka.cookie);
assert.equal(mine.status, 200);
assert.match(mine.headers.get('content-type'), /^text\/csv/);
assert.match(mine.headers.get('content-disposition'), /^attachment; filename\*=UTF-8''deals-\d{4}-\d\d-\d\d\.csv$/);
assert.equal(mine.headers.get('cache-control'), 'no-store');
const text = Buffer.from(await mine.arrayBuffer());
assert.equal(text.subarray(0, 3).toString('hex'), 'efbbbf');
assert.match(text.toString('utf8'), /\r\nD1,[^\r]*,=CMS,A1,P1,[^\r]*,4800000,,JPY,JP,won,/);
for (const cookie of [undefined, admin.cookie, 'nemawashi=0123456789abcdef'])
    assert.equal((await get(link.url, cookie)).status, 404);
assert.equal((await get(`/file/${'0'.repeat(48)}`, haruka.cookie)).status, 404);
// What was answered before is a link in the history too; the same one, as long as it lives.
const before = (await haruka.older()).messages.map((m) => m.reply && file(m.reply)).filter(Boolean);
assert.deepEqual(before.map((f) => f.url), [link.url]);

// The workbook.
const book = file(await haruka.say('export deals excel'));
const xlsx = Buffer.from(await (await get(book.url, haruka.cookie)).arrayBuffer());
if (o.save) writeFileSync(o.save, xlsx);
const parts = unzip(xlsx);
const sheet = parts['xl/worksheets/sheet1.xml'];
const cell = (ref) => new RegExp(`<c r="${ref}"([^>]*)>(.*?)</c>`).exec(sheet);
const strings = [...parts['xl/sharedStrings.xml'].matchAll(/<si><t[^>]*>(.*?)<\/t><\/si>/g)].map((m) => m[1]);
const heads = [...sheet.matchAll(/<c r="([A-Z]+)1"[^>]*><v>(\d+)<\/v>/g)].map((m) => [strings[m[2]], m[1]]);
const column = Object.fromEntries(heads);
const amount = cell(`${column.amount}2`), registered = cell(`${column.registered_at}2`), name = cell(`${column.name}2`);
assert.doesNotMatch(amount[1], /t="/); // a number
assert.match(amount[2], /<v>4800000<\/v>/);
assert.doesNotMatch(registered[1], /t="/);
assert.match(registered[2], /<v>45870\.5<\/v>/); // noon of 2025-08-01
assert.match(registered[1], /s="[1-9]/); // with a format of its own
assert.match(parts['xl/styles.xml'], /yyyy-mm-dd hh:mm/);
assert.match(name[1], /t="s"/); // no formula, though it begins like one
assert.doesNotMatch(sheet, /<f>/);
assert.match(sheet, /<autoFilter ref="A1:/);

assert.equal((await admin.say('export drafts')).status, 'refused');

// An import that is killed in the middle leaves nothing, once somebody looks.
const large = join(dir, 'large.csv'), rows = 12_000;
writeFileSync(large, '活動日,会社名,先方担当者,担当者,内容,活動ID\r\n' + Array.from({ length: rows }, (_, i) =>
    `2026/1/${i % 28 + 1},会社${i % 50},担当 ${i},haruka,${'長い話'.repeat(12)} ${i},A${i}\r\n`).join(''));
const sql = (query) => execFileSync('sqlite3', ['-readonly', db, query], { encoding: 'utf8' }).trim();
const importing = spawn(program, ['import', large, '--kind', 'touch_points', '--db', db], { stdio: ['ignore', 'ignore', 'pipe'] });
const gone = mind(importing);
let said = '';
await within(new Promise((done) => importing.stderr.on('data', (d) => { if (/written [3-9]0 %/.test(said += d)) done(); })), 'half an import', 120_000, () => said);
importing.kill('SIGKILL');
await gone;
assert.notEqual(sql('select count(*) from touch_point where void_ms < 0'), '0'); // it was in the middle
assert.equal(sql('select count(*) from touch_point where void_ms is null'), '1'); // and nobody has seen anything
await server.kill('SIGTERM');
const again = await new Server({ program, db, args: [] }).start();
assert.equal(sql(`select (select count(*) from touch_point), (select count(*) from import_batch where state != 'shown'),
    (select count(*) from import_span), (select count(*) from import_key where kind = 'T'),
    (select count(*) from note_text where text like '長い話%')`), '1|0|0|0|0');
assert.equal(sql('pragma integrity_check; pragma foreign_key_check'), 'ok');
await again.kill('SIGTERM');
console.log('files come in and go out as they should');
process.exit(0);
