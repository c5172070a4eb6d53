// A picture or a file of a reply in LINE: fetched from the program's own address or from the
// relay's, or told as text where there is neither. Pictures that no chart would give are put
// into a stored message while the program is down.
//
//   node tests/line/picture.mjs --program .build/dev/nemawashi [--work DIR] [--only WORDS]
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import https from 'node:https';
import { join, resolve } from 'node:path';
import { Server, options, workDir } from '../server.mjs';
import { World, certificate, find, read, runSteps } from './world.mjs';

const o = options({ program: '.build/dev/nemawashi', work: '.', only: '' });
const dir = workDir(o.work, 'picture');
Object.assign(World, { program: resolve(o.program), dir });

const PNG = Buffer.from('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8BQDwAEhQGAhKmMIQAAAABJRU5ErkJggg==', 'base64');
const ALT = '接点 1月3 2月5';

/** An answer that LINE could not take at first gets a picture; resolves with what arrives. */
async function pushed(w, user, png = PNG) {
    w.line.api.fault('/reply', { status: 500 });
    await w.deliver([w.line.text(user, '電話 田中様 電光 20分')]);
    await w.server.until(() => w.sql("select count(*) from outbox where state = 'pending' and attempts = 1 and due_ms <= " + (w.now + 1000)) === '1');
    await w.server.kill('SIGTERM');
    const part = JSON.stringify({ kind: 'chart', alt: ALT, name: 'touch.png', png: png.toString('base64') });
    execFileSync('sqlite3', [w.db], { input: `update message set body = json_insert(body, '$.parts[#]', json('${part}'))
        where id = (select message_id from outbox where state = 'pending');\n` });
    await w.start();
    await w.before?.();
    const next = w.next(user);
    w.later(1000);
    return next();
}
/** From its next start on the program is known by this address, on the port of now. */
function reachable(w, url) {
    Object.assign(w.env, { NEMAWASHI_PUBLIC_URL: url, NEMAWASHI_LISTEN: `127.0.0.1:${w.server.port}` });
}
/** GET, trusting the test's own authority. */
function get(url, ca) {
    return new Promise((done, failed) => https.get(url, { ca, agent: false }, (res) => {
        const chunks = [];
        res.on('data', (d) => chunks.push(d));
        res.on('end', () => done({ status: res.statusCode, type: res.headers['content-type'], body: Buffer.concat(chunks) }));
    }).on('error', failed));
}
const files = certificate(dir), ca = readFileSync(files.cert);
const tls = { NEMAWASHI_TLS_CERT: files.cert, NEMAWASHI_TLS_KEY: files.key };

/** What was shown is a picture that LINE can fetch for a day, and the card without its words. */
async function fetched(w, m, origin) {
    const [image, card] = m.messages, url = new URL(image.originalContentUrl);
    assert.equal(image.type, 'image');
    assert.equal(image.previewImageUrl, image.originalContentUrl);
    assert.equal(url.origin, origin.replace(/\/$/, ''));
    assert.match(url.pathname, /^\/lent\/[0-9a-f]{48}\.png$/, 'a name that nobody guesses');
    assert.equal(card.type, 'flex');
    assert.doesNotMatch(read({ messages: [card] }), new RegExp(ALT), 'the picture says it');
    const at = new URL(url.pathname, origin);
    const seen = await get(at, ca);
    assert.deepEqual([seen.status, seen.type], [200, 'image/png']);
    assert.deepEqual(seen.body, PNG);
    const guess = url.pathname.replace(/[0-9a-f]\.png$/, (c) => `${c[0] === '0' ? 1 : 0}.png`);
    assert.equal((await get(new URL(guess, origin), ca)).status, 404);
    w.later(24 * 3600_000 - 60_000);
    assert.equal((await get(at, ca)).status, 200, 'a day long');
    w.later(120_000);
    assert.equal((await get(at, ca)).status, 404, 'and no longer');
    assert.ok(!w.server.said.includes(url.pathname.slice(6, 20)), 'the log does not tell the name');
}

const steps = {
    async 'from the program itself, over TLS'() {
        const w = await World.open({ env: tls }), haruka = await w.member('haruka', 'ja', { ca });
        const { deliver } = w;
        w.deliver = (events, how) => deliver.call(w, events, { ...how, ca });
        reachable(w, w.server.url);
        await fetched(w, await pushed(w, haruka), w.server.url);
        await w.close();
    },
    async 'a chart, and a list as a file'() {
        const w = await World.open({ env: tls }), haruka = await w.member('haruka', 'ja', { ca });
        const { deliver } = w;
        w.deliver = (events, how) => deliver.call(w, events, { ...how, ca });
        w.line.deliver = ((plain) => (events, how) => plain.call(w.line, events, { ...how, ca }))(w.line.deliver);
        reachable(w, w.server.url);
        await w.server.kill('SIGTERM');
        await w.start();
        await w.say(haruka, '電話 田中様 電光 20分');
        const [image] = (await w.say(haruka, 'グラフ 接点手段の内訳 今四半期')).messages;
        assert.equal(image.type, 'image');
        const png = await get(image.originalContentUrl, ca);
        assert.deepEqual([png.status, png.body.subarray(1, 4).toString()], [200, 'PNG']);
        for (const [line, type, name, begins] of [['出力 接点', 'text/csv; charset=utf-8', /\.csv$/, '\ufeffid,'],
            ['出力 接点 エクセル', 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet', /\.xlsx$/, 'PK']]) {
            const m = await w.say(haruka, line), open = find(m, (v) => v.type === 'uri');
            assert.match(open.label, name);
            assert.match(new URL(open.uri).pathname, /^\/lent\/[0-9a-f]{48}\.(csv|xlsx)$/);
            assert.doesNotMatch(read(m), /Slack/, 'it is here');
            const file = await get(open.uri, ca);
            assert.deepEqual([file.status, file.type], [200, type]);
            assert.ok(file.body.toString().startsWith(begins), file.body.subarray(0, 80).toString());
        }
        await w.close();
    },
    async 'lent to the relay, and again to one that forgot it'() {
        const token = 'a-token-of-this-test-alone', w = await World.open(), haruka = await w.member('haruka');
        const relay = new Server({ program: o.program, db: join(dir, 'relay.db'), clock: w.clock, args: [], run: 'relay',
            env: { NEMAWASHI_RELAY_TOKEN: token, ...tls } });
        await relay.start();
        Object.assign(w.env, { LINE_RELAY_URL: relay.url.replace('https', 'wss').replace(/\/$/, ''), NEMAWASHI_RELAY_TOKEN: token,
            SSL_CERT_FILE: files.cert });
        w.before = () => w.server.until(() => /connected to the relay/.test(w.server.said));
        const m = await pushed(w, haruka), { pathname } = new URL(m.messages[0].originalContentUrl);
        const there = async () => (await get(new URL(pathname, relay.url), ca)).status === 200;
        const until = async (what) => { while (!await there()) await w.wait(new Promise((done) => setTimeout(done, 20)), what); };
        await w.wait(until('the picture'), 'the picture');
        await relay.kill();
        await relay.start();
        await w.wait(until('the picture again'), 'the picture again');
        await fetched(w, m, relay.url);
        await relay.kill('SIGTERM');
        assert.doesNotMatch(relay.said, /Sanitizer|runtime error/);
        await w.close();
    },
    async 'the figures as text: without an address, over plain HTTP, too large, no picture'() {
        const large = Buffer.concat([PNG, Buffer.alloc(1 << 20)]);
        for (const [scheme, png] of [[null, PNG], ['http', PNG], ['https', large], ['https', Buffer.from('<svg/>')]]) {
            const w = await World.open(), haruka = await w.member('haruka');
            if (scheme) reachable(w, w.server.url.replace('http', scheme));
            const m = await pushed(w, haruka, png);
            assert.equal(m.messages.length, 1);
            assert.match(read(m), new RegExp(ALT));
            if (!scheme) assert.match(read(await w.say(haruka, '出力 接点')), /ウェブチャットとSlack/);
            await w.close();
        }
    },
};

await runSteps(steps, o.only);
