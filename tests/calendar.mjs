// Calendars over the network: what is fetched and what never is, and the one that a phone reads.
//
//   node tests/calendar.mjs --program .build/dev/nemawashi --fetcher .build/dev/tests/fetcher [--work DIR]
import assert from 'node:assert/strict';
import { execFile, execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import https from 'node:https';
import net from 'node:net';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { randomUUID } from 'node:crypto';
import { Client, Server, options, within, workDir } from './server.mjs';

const o = options({ program: '.build/dev/nemawashi', fetcher: '.build/dev/tests/fetcher', work: '.' });
const dir = workDir(o.work, 'calendar');
const cert = join(dir, 'cert.pem'), key = join(dir, 'key.pem');
execFileSync('openssl', ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-keyout', key,
    '-out', cert, '-days', '2', '-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost'], { stdio: 'ignore' });
const calendar = 'BEGIN:VCALENDAR\r\nVERSION:2.0\r\nEND:VCALENDAR\r\n';

// A server of calendars that also leads astray.
let asked = 0;
const pages = {
    '/good.ics': (res) => res.end(calendar),
    '/large.ics': (res) => res.end(calendar + 'X'.repeat(1024 * 1024)),
    '/bytes.ics': (res) => res.end(Buffer.from([0x42, 0xff, 0x00])),
    '/gone.ics': (res) => { res.statusCode = 404; res.end('no'); },
    '/moved.ics': (res) => { res.writeHead(302, { location: '/good.ics' }); res.end(); },
    '/round.ics': (res) => { res.writeHead(302, { location: '/round.ics' }); res.end(); },
    '/plain.ics': (res) => { res.writeHead(302, { location: `http://localhost:${port}/good.ics` }); res.end(); },
    '/inside.ics': (res) => { res.writeHead(302, { location: `https://10.0.0.1:${port}/good.ics` }); res.end(); },
};
const server = https.createServer({ cert: readFileSync(cert), key: readFileSync(key) }, (req, res) => { asked++; pages[req.url](res); });
server.listen(0, '127.0.0.1');
await once(server, 'listening');
const { port } = server.address();
const at = (path, host = 'localhost') => `https://${host}:${port}${path}`;
const fetched = async (...args) => (await promisify(execFile)(resolve(o.fetcher), [cert, ...args])).stdout.trim().split('\n');

const rows = {
    [at('/good.ics')]: `fetched 200 ${calendar.length}`,
    [at('/moved.ics')]: `fetched 200 ${calendar.length}`,
    [at('/large.ics')]: 'calendar.too_long 200 0',
    [at('/bytes.ics')]: 'calendar.letters 200 0',
    [at('/gone.ics')]: 'calendar.why.status 404 0',
    [at('/round.ics')]: 'calendar.why.unreached 302 0',
    [at('/plain.ics')]: 'calendar.why.unreached 302 0',
    [at('/inside.ics')]: 'calendar.why.inside 302 0',
    [at('/good.ics', '127.0.0.1')]: 'calendar.why.unreached 0 0', // the certificate is localhost's
    [`http://localhost:${port}/good.ics`]: 'calendar.why.unreached 0 0',
};
assert.deepEqual(await fetched('--loopback', ...Object.keys(rows)), Object.values(rows));

// Without the switch nobody here is asked, by whatever name; not so much as a connection.
const before = asked;
let connections = 0;
server.on('connection', () => { connections++; });
const inside = [at('/good.ics'), at('/good.ics', '127.0.0.1'), at('/good.ics', '127.1'), at('/good.ics', '2130706433'), at('/good.ics', '0.0.0.0'),
    `https://[::1]:${port}/`, `https://[::ffff:127.0.0.1]:${port}/`, 'https://10.1.2.3/', 'https://169.254.169.254/', 'https://192.168.0.1/',
    'https://100.64.0.1/', 'https://[fd00::1]/', 'https://[fe80::1]/', 'https://[2002:7f00:1::]/', 'https://[64:ff9b::7f00:1]/'];
assert.deepEqual(await fetched(...inside), inside.map(() => 'calendar.why.inside 0 0'));
assert.equal(asked, before);
assert.equal(connections, 0);

// The program: an address inside is told, and never asked.
const clock = join(dir, 'clock');
writeFileSync(clock, String(Date.parse('2026-03-02T17:20:00+09:00')));
const program = await new Server({ program: o.program, db: join(dir, 'calendar.db'), clock }).start();
const replies = [];
let heard = () => {};
const client = await Client.open(program, { as: 'kenji', on: (f) => { if (f.t === 'message') { replies.push(f.reply.text); heard(); } } });
async function until(pattern) {
    await within(new Promise((done) => { heard = () => { if (replies.some((r) => pattern.test(r))) done(); }; heard(); }), `a reply like ${pattern}`, 30_000, () => replies.join('\n--\n'));
    return replies.find((r) => pattern.test(r));
}
const say = (text) => client.send({ t: 'say', id: randomUUID(), text });
say(`calendar add ${at('/good.ics')}`);
await until(/localhost could not be read: its name leads to a private address/);
assert.equal(connections, 0);

// One's own: at the address that was said once.
say('plan Acme tomorrow 10:00 zoom: the secret price is 42');
await until(/Planned with/);
say('calendar new');
const address = /http:\/\/\S+\/calendar\/[0-9a-f]{48}\.ics/.exec(await until(/\/calendar\//))[0];
const first = await fetch(address);
const body = Buffer.from(await first.arrayBuffer());
assert.equal(first.status, 200);
assert.match(first.headers.get('content-type'), /^text\/calendar; charset=utf-8/);
assert.equal((await fetch(address, { headers: { 'if-none-match': first.headers.get('etag') } })).status, 304);
for (const line of body.toString().split('\r\n')) assert.ok(Buffer.byteLength(line) <= 75, line);
const read = JSON.parse(execFileSync('/usr/bin/python3', ['-B', 'tests/read_calendar.py'], { input: body, encoding: 'utf8' }));
const mine = read.events.filter((e) => e.uid.startsWith('M') && e.start === '2026-03-03T01:00:00+00:00');
assert.equal(mine.length, 1, JSON.stringify(read));
assert.equal(mine[0].end, '2026-03-03T02:00:00+00:00');
assert.equal(new Set(read.events.map((e) => e.uid)).size, read.events.length);
assert.doesNotMatch(body.toString(), /secret price/);

// The secret is nowhere in the store; other names and a revoked one open nothing.
const secret = /([0-9a-f]{48})/.exec(address)[1];
for (const file of ['calendar.db', 'calendar.db-wal']) assert.ok(!readFileSync(join(dir, file)).includes(secret), file);
assert.equal((await fetch(address.replace(secret, 'f'.repeat(48)))).status, 404);
assert.equal((await fetch(address.replace('.ics', ''))).status, 404);
say('calendar revoke');
await until(/opens nothing any more\.$/m);
await within((async () => { while ((await fetch(address)).status !== 404); })(), 'the end of the address');
client.close();
await program.kill('SIGTERM');
server.closeAllConnections();
server.close();
console.log('calendar: fetched from outside alone, and read at a secret address');
