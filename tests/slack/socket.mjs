// The fake's Socket Mode, with a bare WebSocket as the client: tickets, hello, pings,
// deadlines and retries, and what it holds a client to (sheet §1).
//
//   node tests/slack/socket.mjs
import assert from 'node:assert/strict';
import WebSocket from 'ws';
import { FakeSlack } from '../fakes/slack/slack.mjs';
import { run } from './steps.mjs';

let slack, kenji;
/** One connection; `got` are its messages. */
class Wire {
    static async open(url) {
        const w = new Wire();
        w.got = [];
        w.bytes = 0;
        w.pings = [];
        w.ws = new WebSocket(url ?? slack.socket.issue(slack.base), { perMessageDeflate: false, maxPayload: 64 << 20 });
        w.ws.once('close', (code) => { w.code = code; slack.changed(); });
        w.ws.on('message', (d) => { w.bytes = d.length; try { w.got.push(JSON.parse(d.toString())); } catch { w.got.push(d.toString().slice(0, 50)); } slack.changed(); });
        w.ws.on('ping', (d) => { w.pings.push(d.toString()); slack.changed(); });
        w.ws.on('error', (e) => { w.error = e; slack.changed(); });
        await new Promise((done, failed) => { w.ws.once('open', done); w.ws.once('error', failed); w.ws.once('unexpected-response', (q, r) => failed(new Error(`HTTP ${r.statusCode}`))); });
        return w;
    }
    until(n, what) {
        return slack.until(() => this.got.length >= n, what);
    }
    /** Resolves with the close code. */
    end() {
        return slack.until(() => this.code, 'the end of the connection', 10_000);
    }
    ack(i, payload) {
        this.ws.send(JSON.stringify({ envelope_id: this.got[i].envelope_id, ...(payload ? { payload } : {}) }));
    }
}
async function fresh(options) {
    await slack?.stop();
    slack = await new FakeSlack({ pingMs: 0, ...options }).start();
    kenji = slack.person({ name: 'kenji' });
}
const breaches = () => slack.breaches.map((b) => b.detail);

await run({
    async 'a ticket is good for one connection'() {
        await fresh();
        const url = slack.socket.issue(slack.base);
        const a = await Wire.open(url);
        await a.until(1, 'hello');
        assert.equal(a.got[0].type, 'hello');
        assert.equal(a.got[0].num_connections, 1);
        await assert.rejects(Wire.open(url), /HTTP 404/);
        assert.match(breaches().join(), /used twice/);
        const b = await Wire.open();
        await b.until(1, 'hello');
        assert.equal(b.got[0].num_connections, 2);
    },
    async 'what becomes of a connection can be planned'() {
        await fresh();
        slack.socket.plan({ status: 408 }, { html: true }, { reset: true }, { disconnect: 'too_many_websockets' }, { silent: true }, { helloMs: 5_000 });
        await assert.rejects(Wire.open(), /HTTP 408/);
        await assert.rejects(Wire.open(), /HTTP 200/);
        await assert.rejects(Wire.open(), /ECONNRESET|hang up/);
        const c = await Wire.open();
        await c.until(1, 'the disconnect');
        assert.deepEqual([c.got[0].type, c.got[0].reason], ['disconnect', 'too_many_websockets']);
        assert.equal(await c.end(), 1000);
        const d = await Wire.open(), e = await Wire.open();
        slack.clock.advance(5_000);
        await e.until(1, 'the late hello');
        assert.deepEqual(d.got, []);
    },
    async 'the eleventh connection is one too many'() {
        await fresh();
        const all = [];
        for (let i = 0; i < 10; i++) { all.push(await Wire.open()); await all.at(-1).until(1, 'hello'); }
        const one = await Wire.open();
        await one.until(1, 'the refusal');
        assert.equal(one.got[0].reason, 'too_many_websockets');
        assert.equal(all[9].got[0].num_connections, 10);
    },
    async 'an event is sent again until it is acknowledged: at once, after 1 and 5 minutes'() {
        await fresh();
        const w = await Wire.open();
        await w.until(1, 'hello');
        const { delivery } = kenji.dm('hello');
        await w.until(2, 'the event');
        slack.clock.advance(3_000);
        await w.until(3, 'the first retry');
        slack.clock.advance(3_000 + 50_000);
        assert.equal(delivery.attempts.length, 2);
        slack.clock.advance(10_000);
        assert.equal(delivery.attempts.length, 3);
        await w.until(4, 'the second retry');
        slack.clock.advance(3_000 + 290_000);
        assert.equal(delivery.attempts.length, 3);
        slack.clock.advance(10_000);
        assert.equal(delivery.attempts.length, 4);
        await w.until(5, 'the third retry');
        const events = w.got.slice(1);
        assert.deepEqual(events.map((e) => [e.retry_attempt, e.retry_reason]), [[0, ''], [1, 'timeout'], [2, 'timeout'], [3, 'timeout']]);
        assert.equal(new Set(events.map((e) => e.payload.event_id)).size, 1);
        assert.equal(new Set(events.map((e) => e.envelope_id)).size, 4);
        slack.clock.advance(3_000);
        assert.equal(delivery.failed, 'three retries');
        const next = kenji.dm('again');
        await w.until(6, 'the next');
        w.ack(5);
        assert.deepEqual(await next.acked(), {});
        slack.socket.again(next.delivery, { sameEnvelope: true });
        await w.until(7, 'the same once more');
        assert.equal(w.got[6].envelope_id, w.got[5].envelope_id);
        w.ack(6);
        await slack.settled();
        assert.deepEqual(breaches(), []);
    },
    async 'an event waits for a connection; a slash command fails'() {
        await fresh();
        const event = kenji.dm('hello'), command = kenji.slash('help');
        assert.equal((await command.delivery.done).failed, 'dispatch_failed');
        const w = await Wire.open();
        await w.until(2, 'hello and the event');
        w.ack(1);
        await event.acked();
        const late = kenji.slash('help');
        await w.until(3, 'the command');
        slack.clock.advance(3_000);
        assert.equal(late.delivery.failed, 'operation_timeout');
    },
    async 'an acknowledgement can be lost, or come twice, or be of nothing'() {
        await fresh();
        const w = await Wire.open();
        await w.until(1, 'hello');
        slack.socket.acksLost = 1;
        const { delivery } = kenji.dm('hello');
        await w.until(2, 'the event');
        w.ack(1);
        await slack.until(() => slack.socket.acksLost === 0, 'the lost acknowledgement');
        assert.equal(delivery.acked, null);
        w.ws.terminate();
        const next = await Wire.open();
        await next.until(2, 'hello and the event');
        next.ack(1);
        next.ack(1);
        next.ws.send('{"envelope_id":"none"}');
        next.ws.send('{');
        await slack.until(() => slack.breaches.length >= 3, 'the breaches');
        assert.match(breaches().join('; '), /second answer.*not sent.*no JSON/);
    },
    async 'frames: 20,479 bytes pass, 20,480 end the connection; so do pieces, bytes and no UTF-8'() {
        await fresh();
        const answer = (n) => {
            const bare = JSON.stringify({ envelope_id: 'x', payload: { text: '' } }).length;
            return JSON.stringify({ envelope_id: 'x', payload: { text: 'a'.repeat(n - bare) } });
        };
        let w = await Wire.open();
        w.ws.send(answer(20_479));
        await slack.until(() => slack.breaches.length === 1, 'the answer was read');
        assert.match(breaches()[0], /was not sent/);
        w.ws.send(answer(20_480));
        assert.equal(await w.end(), 1009);
        w = await Wire.open();
        w.ws.send('{"a"', { fin: false });
        assert.equal(await w.end(), 1002);
        w = await Wire.open();
        w.ws.send(Buffer.from('{}'), { binary: true });
        assert.equal(await w.end(), 1003);
        w = await Wire.open();
        w.ws.send(Buffer.from([0x22, 0xff, 0x22]), { binary: false });
        assert.equal(await w.end(), 1007);
    },
    async 'what the server can send: fragments with a ping between, 16 MB, bytes that are no UTF-8, nothing at all'() {
        await fresh();
        let w = await Wire.open();
        await w.until(1, 'hello');
        const peer = slack.socket.ready[0].peer;
        peer.sendFragments(JSON.stringify({ type: '電光' }), 7, (i) => peer.ping(`between ${i}`));
        await w.until(2, 'the pieces');
        assert.equal(w.got[1].type, '電光');
        assert.equal(w.pings.length, 6);
        peer.sendBytes(Buffer.alloc(16 << 20, 0x78));
        await w.until(3, '16 MB');
        assert.equal(w.bytes, 16 << 20);
        peer.sendBytes(Buffer.from([0xc3, 0x28]));
        await slack.until(() => slack.socket.connections[0].closeCode === 1007, 'the client to say 1007');
        w = await Wire.open();
        await w.until(1, 'hello');
        slack.socket.zombie();
        w.ws.close();
        const d = kenji.dm('hello').delivery;
        assert.equal(d.attempts.length, 1, 'a ghost gets its share');
        assert.equal(slack.socket.ready.length, 1);
        w.ws.terminate();
    },
    async 'pings want their own words back'() {
        await fresh({ pingMs: 5_000 });
        const w = await Wire.open();
        await w.until(1, 'hello');
        slack.clock.advance(5_000);
        await slack.until(() => w.pings.length === 1 && slack.socket.connections[0].asked.length === 0, 'the pong');
        assert.equal(w.pings[0], 'Ping from applink-1');
        assert.deepEqual(breaches(), []);
        w.ws._socket.write(Buffer.from([0x8a, 0x81, 0, 0, 0, 0, 0x78])); // a pong that nobody asked for changes nothing
        slack.socket.connections[0].asked.push('Ping from applink-1');
        await slack.until(() => breaches().length, 'the wrong words');
        assert.match(breaches()[0], /other words/);
    },
    async 'the clock may be wrong'() {
        await fresh({ skewMs: -7 * 3_600_000 });
        const { message } = kenji.dm('hello');
        assert.ok(Math.abs(Number(message.ts) * 1000 - (Date.now() - 7 * 3_600_000)) < 5_000);
    },
});
await slack.stop();
