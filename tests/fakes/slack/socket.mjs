// Socket Mode (sheet §1): tickets, hello, pings, envelopes, acknowledgements, Slack's
// retries, and every way in which a connection can go wrong.
import { randomInt, randomUUID } from 'node:crypto';
import { accept, textFrame } from './ws.mjs';

const DEADLINE_MS = 3_000;
const RETRIES_MS = [0, 60_000, 300_000]; // after the deadline: at once, 1 min, 5 min (§1.10)
const MAX_SOCKETS = 10;
const APPROXIMATE_CONNECTION_S = 18_060;

/** One thing that Slack wants the program to have, over all its attempts. `acked` is what
 *  the program answered (an object), `failed` why Slack gave up; `done` resolves at either. */
class Delivery {
    constructor(n, type, payload, retried) {
        Object.assign(this, { n, type, payload, retried, attempts: [], retries: 0, acked: null, failed: null });
        this.done = new Promise((done) => { this.finish = done; });
    }
}

class Connection {
    constructor(n, peer) {
        Object.assign(this, { n, peer, ready: false, asked: [], closeCode: null, outstanding: new Set() });
        this.host = `applink-${n}`;
    }
    get open() {
        return this.peer.open;
    }
}

export class SocketMode {
    /** `note(kind, detail)` records a breach by the program; `changed()` tells who waits. */
    constructor({ clock, appId, note, changed, pingMs = 10_000 }) {
        Object.assign(this, { clock, appId, note, changed, pingMs });
        this.tickets = new Set();
        this.connections = [];
        this.deliveries = [];
        this.byEnvelope = new Map();
        this.plans = []; // what becomes of the next connections
        this.waiting = new Set(); // deliveries for which no connection was open
        this.acksLost = 0; // how many acknowledgements are to be lost
        this.handshakes = 0;
        this.keep = true; // false: a benchmark; finished deliveries are forgotten
        this.held = null; // an array: deliveries are put there, for a volley, and not sent
    }

    // ---- connecting ----
    issue(base) {
        const ticket = randomUUID();
        this.tickets.add(ticket);
        return `${base.replace(/^http/, 'ws')}/link/?ticket=${ticket}&app_id=${this.appId}`;
    }
    /** What shall become of the coming connections, one plan each:
     *  { status: 408 } or { html: true } instead of the handshake; { silent: true }: no hello;
     *  { helloMs: n }: a late hello; { disconnect: reason }: instead of hello; { reset: true }. */
    plan(...plans) {
        this.plans.push(...plans);
    }
    upgrade(req, socket) {
        socket.on('error', () => {});
        this.handshakes++;
        const plan = this.plans.shift() ?? {};
        const ticket = new URL(req.url, 'http://fake').searchParams.get('ticket');
        if (plan.reset) return socket.resetAndDestroy?.() ?? socket.destroy();
        if (plan.status) return refuse(socket, plan.status);
        if (plan.html) return socket.end('HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nConnection: close\r\nContent-Length: 14\r\n\r\n<html>no</html');
        if (!this.tickets.delete(ticket)) {
            this.note('ticket', 'a WebSocket address was used twice, or is none of ours');
            return refuse(socket, 404);
        }
        if (req.headers.authorization) this.note('handshake', 'an Authorization header in the handshake');
        const peer = accept(req, socket);
        if (!peer) return this.note('handshake', 'no RFC 6455 handshake of version 13');
        const c = new Connection(this.connections.length + 1, peer);
        this.connections.push(c);
        peer.on('problem', (what) => this.note('frame', what));
        peer.on('text', (text) => this.#answer(c, text));
        peer.on('pong', (payload) => this.#pong(c, payload));
        peer.on('close', (code) => { c.closeCode = code; c.closedByClient = true; this.changed(); });
        peer.on('gone', () => this.#gone(c));
        if (plan.disconnect) {
            this.disconnect(c, plan.disconnect);
            this.changed();
            return undefined;
        }
        if (plan.silent) { this.changed(); return undefined; }
        if (plan.helloMs) this.clock.after(plan.helloMs, () => this.hello(c));
        else this.hello(c);
        return undefined;
    }
    get live() {
        return this.connections.filter((c) => c.open);
    }
    get ready() {
        return this.connections.filter((c) => c.open && c.ready && !c.leaving);
    }
    hello(c) {
        if (!c.open) return;
        const count = this.live.length;
        if (count > MAX_SOCKETS) {
            this.disconnect(c, 'too_many_websockets');
            return;
        }
        c.peer.send(JSON.stringify({
            type: 'hello', connection_info: { app_id: this.appId }, num_connections: count,
            debug_info: { host: c.host, build_number: 54, approximate_connection_time: APPROXIMATE_CONNECTION_S },
        }));
        c.ready = true;
        this.#ping(c);
        for (const d of this.waiting) { this.waiting.delete(d); this.#attempt(d); }
        this.changed();
    }
    #ping(c) {
        if (!this.pingMs) return;
        c.pinger = this.clock.after(this.pingMs, () => {
            if (!c.open) return;
            if (!this.pingsOff && !c.peer.deaf) {
                const payload = `Ping from ${c.host}`;
                c.asked.push(payload);
                c.peer.ping(payload);
                if (c.asked.length > 3) this.note('ping', `${c.host}: three pings without a pong`);
            }
            this.#ping(c);
        });
    }
    #pong(c, payload) {
        const wanted = c.asked.shift();
        if (wanted !== undefined && payload.toString() !== wanted) this.note('pong', `a pong with other words than its ping: ${payload}`);
        this.changed();
    }
    #gone(c) {
        this.clock.cancel(c.pinger);
        for (const a of c.outstanding) this.#missed(a, 'the connection ended');
        this.changed();
    }

    // ---- envelopes ----
    /** Sends `payload`. Events are `retried`; slash commands and taps are not. */
    deliver(type, payload, { accepts = false, retried = type === 'events_api', envelopeId } = {}) {
        const d = new Delivery(this.deliveries.length + 1, type, payload, retried);
        d.accepts = accepts;
        d.firstId = envelopeId;
        if (this.held) { this.held.push(d); return d; }
        if (this.keep) this.deliveries.push(d);
        this.#attempt(d);
        return d;
    }
    /** For a benchmark: sends what was held, `width` of it unacknowledged at a time, and
     *  resolves to the milliseconds of each. What it costs here is not to be what is
     *  measured: frames are made before, and nobody looks after deadlines. What a client
     *  had in hand when it gave a connection up is sent on its next one. */
    async volley(held, width) {
        const frames = held.map((d) => { const id = randomUUID(); return { id, bytes: textFrame(envelope(d, id)) }; });
        const sent = new Map(), took = [];
        let { peer } = this.ready[0], next = 0;
        const send = () => {
            const f = frames[next++];
            if (!f) return;
            sent.set(f.id, { at: performance.now(), f });
            peer.sendRaw(f.bytes);
        };
        const look = setInterval(() => {
            if (peer.open || !this.ready.length) return;
            ({ peer } = this.ready[0]);
            for (const { f } of sent.values()) peer.sendRaw(f.bytes);
        }, 50);
        await new Promise((done) => {
            this.inVolley = (id) => {
                const s = sent.get(id);
                if (!s) return false;
                sent.delete(id);
                took.push(performance.now() - s.at);
                if (took.length === frames.length) done();
                else send();
                return true;
            };
            for (let i = 0; i < width; i++) send();
        });
        this.inVolley = null;
        clearInterval(look);
        return took;
    }
    #attempt(d) {
        const open = this.ready;
        if (open.length === 0) {
            if (d.retried) this.waiting.add(d); // covered by the schedule: the retry is the first delivery
            else this.#giveUp(d, 'dispatch_failed');
            return;
        }
        this.attempt(d, open.length === 1 ? open[0] : open[randomInt(open.length)]);
    }
    /** One more attempt on connection `c`; `id` is the envelope's, a new one unless given. */
    attempt(d, c, id = d.firstId ?? randomUUID()) {
        d.firstId = undefined;
        const a = { id, d, c, at: performance.now(), ms: null };
        d.attempts.push(a);
        this.byEnvelope.set(id, a);
        c.outstanding.add(a);
        a.timer = this.clock.after(DEADLINE_MS, () => this.#missed(a, 'timeout'));
        c.peer.send(envelope(d, id));
    }
    /** The same thing once more although it was acknowledged: with the same envelope id, or a new one. */
    again(d, { sameEnvelope = false, attempt = d.retries + 1 } = {}) {
        d.retries = attempt;
        const c = this.ready[0];
        this.attempt(d, c, sameEnvelope ? d.attempts[0].id : randomUUID());
        return d;
    }
    #missed(a, why) {
        const { d, c } = a;
        this.clock.cancel(a.timer);
        if (!c.outstanding.delete(a) || d.acked) return;
        a.missed = why;
        this.lastMissed = d;
        if (!d.retried) { this.#giveUp(d, 'operation_timeout'); return; }
        if ([...this.live].some((other) => [...other.outstanding].some((x) => x.d === d))) return;
        if (d.retries >= RETRIES_MS.length) { this.#giveUp(d, 'three retries'); return; }
        const wait = RETRIES_MS[d.retries++];
        d.next = this.clock.after(wait, () => { d.next = null; this.#attempt(d); });
        this.changed();
    }
    #giveUp(d, why) {
        d.failed = why;
        d.finish(d);
        this.changed();
    }
    /** What waits for its retry is due now: the minutes of §1.10 without waiting for them. */
    retryNow() {
        for (const d of this.deliveries) {
            if (!d.next || d.acked || d.failed) continue;
            this.clock.cancel(d.next);
            d.next = null;
            this.#attempt(d);
        }
    }
    #answer(c, text) {
        let body;
        try { body = JSON.parse(text); } catch { this.note('ack', 'an answer that is no JSON'); return; }
        if (this.inVolley?.(body?.envelope_id)) return;
        const a = this.byEnvelope.get(body?.envelope_id);
        const extra = Object.keys(body ?? {}).filter((k) => k !== 'envelope_id' && k !== 'payload');
        if (extra.length) this.note('ack', `an answer with ${extra.join(', ')}`);
        if (!a) { this.note('ack', `an answer for an envelope that was not sent: ${body?.envelope_id}`); return; }
        if (this.acksLost > 0) { this.acksLost--; a.lost = true; this.changed(); return; }
        const again = a.d.attempts.filter((x) => x.id === a.id).length;
        a.acks = (a.acks ?? 0) + 1;
        if (a.acks > again) this.note('ack', 'a second answer for one envelope');
        if (a.c !== c) { a.elsewhere = true; return; } // unconfirmed in the sheet: then it does not count
        this.clock.cancel(a.timer);
        c.outstanding.delete(a);
        a.ms = performance.now() - a.at;
        const d = a.d;
        const payload = body.payload ?? {};
        if (!d.accepts && Object.keys(payload).length) this.note('ack', `${d.type}: a payload where none is accepted`);
        if (!this.keep) this.byEnvelope.delete(a.id);
        if (!d.acked) {
            d.acked = payload;
            this.clock.cancel(d.next);
            this.waiting.delete(d);
            this.onAck?.(d, payload, a);
            d.finish(d);
        }
        this.changed();
    }
    /** All that was sent has been answered, or given up. */
    get settled() {
        return this.deliveries.every((d) => d.acked || d.failed) && this.live.every((c) => c.outstanding.size === 0);
    }

    // ---- misbehaviour ----
    disconnect(c, reason) {
        c.peer.send(JSON.stringify({ type: 'disconnect', reason, debug_info: { host: c.host } }));
        if (reason === 'too_many_websockets') { c.peer.close(1000); c.peer.socket.end(); }
    }
    /** A refresh as Slack does it: `warning`, then after `graceMs` the end. */
    refresh(c = this.ready[0], { reason = 'refresh_requested', graceMs = 10_000 } = {}) {
        this.disconnect(c, reason);
        c.refreshed = true;
        this.clock.after(graceMs, () => { if (c.open) { c.peer.close(1000); c.peer.socket.end(); } });
        return c;
    }
    reset(c = this.ready[0]) {
        c.peer.reset();
        return c;
    }
    /** Open, silent, and still given its share of what is delivered. */
    zombie(c = this.ready[0]) {
        c.peer.deafen();
        return c;
    }
    ignoreClose(c = this.ready[0]) {
        c.peer.answersClose = false;
        return c;
    }
    stop() {
        for (const c of this.live) c.peer.socket.destroy();
    }
}

function envelope(d, id) {
    const out = { envelope_id: id, type: d.type, accepts_response_payload: d.accepts };
    if (d.type === 'events_api') {
        out.retry_attempt = d.retries;
        out.retry_reason = d.retries ? 'timeout' : '';
    }
    out.payload = d.payload;
    return JSON.stringify(out);
}
function refuse(socket, status) {
    socket.end(`HTTP/1.1 ${status} No\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
}
