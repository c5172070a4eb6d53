// A LINE platform for tests: one official account, the people and groups that talk to it,
// the Messaging API (api.mjs) and the webhooks it sends. Loopback and a free port only. Time
// is injected; nothing here sleeps. What it imitates, and what not, is in README.md.
import { createHmac, randomBytes } from 'node:crypto';
import http from 'node:http';
import https from 'node:https';
import { Api } from './api.mjs';

const ULID = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
const hex = (n) => randomBytes(n / 2).toString('hex');
const ulid = () => [...randomBytes(26)].map((b) => ULID[b % 32]).join('').replace(/^./, '0');

export class FakeLine {
    /** `now` gives the time in ms; `secret` signs webhooks; `token` is a long-lived token. */
    constructor({ now = () => Date.now(), secret = hex(32), token = `token-${hex(16)}` } = {}) {
        Object.assign(this, { now, secret, token, channelId: '2000000001', name: 'Nemawashi', botId: `U${hex(32)}` });
        this.tokens = new Map([[token, Infinity]]);
        this.people = new Map();      // userId: {name, language, blocked}
        this.groups = new Map();      // groupId: Set of userIds
        this.replyTokens = new Map(); // token: {chat, at, used}
        this.shown = [];              // {chat, messages, how, silent, at}: what people see
        this.waiting = [];
        this.serial = 0;
        this.webhook = null;          // address of the bot
        this.active = true;           // "Use webhook" in the console
        this.api = new Api(this);
    }

    async start() {
        this.server = http.createServer((req, res) => this.api.serve(req, res));
        await new Promise((done) => this.server.listen(0, '127.0.0.1', done));
        this.url = `http://127.0.0.1:${this.server.address().port}`;
        return this;
    }
    async stop() {
        this.server.closeAllConnections();
        await new Promise((done) => this.server.close(done));
    }

    // People.

    person({ name = 'Aya', language = 'ja' } = {}) {
        const id = `U${hex(32)}`;
        this.people.set(id, { name, language, blocked: false });
        return id;
    }
    group(...members) {
        const id = `C${hex(32)}`;
        this.groups.set(id, new Set(members));
        return id;
    }
    reaches(to) {
        return to.startsWith('U') ? this.people.has(to) : this.groups.has(to);
    }
    /** How many people one message to `to` reaches: that many count against the quota. */
    listeners(to) {
        const there = (id) => this.people.get(id) && !this.people.get(id).blocked;
        return to.startsWith('U') ? Number(Boolean(there(to))) : [...this.groups.get(to)].filter(there).length;
    }
    show(chat, messages, how) {
        const sent = messages.map((m) => ({ id: String(460000000000000000n + BigInt(++this.serial)),
            ...(m.type === 'text' ? { quoteToken: hex(16) } : {}) }));
        if (!this.people.get(chat)?.blocked) this.shown.push({ chat, messages, at: this.now(), ids: sent.map((s) => s.id), ...how });
        this.waiting = this.waiting.filter(({ fits, done }) => {
            const found = this.shown.find(fits);
            if (found) done(found);
            return !found;
        });
        return sent;
    }
    /** Resolves with the first message, past or future, that fits. */
    seen(fits) {
        const found = this.shown.find(fits);
        return found ? Promise.resolve(found) : new Promise((done) => this.waiting.push({ fits, done }));
    }

    // Events. Each maker returns an event; `deliver` sends a batch of them.

    event(type, source, fields = {}, { answerable = true } = {}) {
        const e = { type, mode: 'active', timestamp: this.now(), source, webhookEventId: ulid(),
            deliveryContext: { isRedelivery: false }, ...fields };
        if (answerable) {
            e.replyToken = hex(32);
            this.replyTokens.set(e.replyToken, { chat: source.groupId ?? source.roomId ?? source.userId, at: e.timestamp, used: false });
        }
        return e;
    }
    in(user, group) {
        return group ? { type: 'group', groupId: group, ...(user ? { userId: user } : {}) } : { type: 'user', userId: user };
    }
    text(user, text, { group, mention = false, id, quote } = {}) {
        const message = { id: id ?? String(610000000000000000n + BigInt(++this.serial)), type: 'text', text,
            quoteToken: hex(16), markAsReadToken: hex(16) };
        if (quote) message.quotedMessageId = quote;
        if (mention) {
            message.text = `@${this.name} ${text}`;
            message.mention = { mentionees: [{ index: 0, length: this.name.length + 1, type: 'user', userId: this.botId, isSelf: true }] };
        }
        return this.event('message', this.in(user, group), { message });
    }
    postback(user, data, { group, params } = {}) {
        return this.event('postback', this.in(user, group), { postback: { data, ...(params ? { params } : {}) } });
    }
    follow(user, isUnblocked = false) {
        this.people.get(user).blocked = false;
        return this.event('follow', this.in(user), { follow: { isUnblocked } });
    }
    unfollow(user) {
        this.people.get(user).blocked = true;
        return this.event('unfollow', this.in(user), {}, { answerable: false });
    }
    unsend(user, messageId, group) {
        return this.event('unsend', this.in(user, group), { unsend: { messageId } }, { answerable: false });
    }
    edited(user, messageId, text, group) {
        return this.event('messageEdited', this.in(user, group), { message: { type: 'text', id: messageId, text, quoteToken: hex(16) } });
    }
    /** The same events again, as after an answer that was no 2xx. Their reply tokens live a
     *  minute from now, unless they were used or the event is older than 20 minutes. */
    again(events) {
        for (const { replyToken, timestamp } of events) {
            const token = this.replyTokens.get(replyToken);
            if (token && this.now() - timestamp <= 20 * 60_000) token.at = this.now();
        }
        return events.map((e) => ({ ...e, deliveryContext: { isRedelivery: true } }));
    }

    sign(raw, secret = this.secret) {
        return createHmac('sha256', secret).update(raw).digest('base64');
    }
    /** Sends a webhook and resolves with the bot's status: {status, ms}. `raw` replaces the
     *  body, `signature` the header (null: none), `header` its name, `chunk` cuts the body. */
    deliver(events, { raw, signature, header = 'x-line-signature', chunk = 0, path = this.webhook, ca, agent = false, type = 'application/json; charset=utf-8' } = {}) {
        const body = Buffer.from(raw ?? JSON.stringify({ destination: this.botId, events }));
        const sign = signature === undefined ? this.sign(body) : signature;
        const url = new URL(path), started = process.hrtime.bigint();
        const headers = { 'content-type': type, 'user-agent': 'LineBotWebhook/2.0', 'content-length': body.length };
        if (sign !== null) headers[header] = sign;
        return new Promise((done, failed) => {
            const req = (url.protocol === 'https:' ? https : http).request(url, { method: 'POST', headers, ca, agent }, (res) => {
                res.resume();
                res.on('end', () => done({ status: res.statusCode, ms: Number(process.hrtime.bigint() - started) / 1e6 }));
            });
            req.on('error', failed);
            if (!chunk) return void req.end(body);
            for (let i = 0; i < body.length; i += chunk) req.write(body.subarray(i, i + chunk));
            req.end();
        });
    }
    /** A person types; resolves with what the account answers in that chat. */
    async say(user, text, options = {}) {
        const e = this.text(user, text, options), chat = options.group ?? user, from = this.shown.length;
        const { status } = await this.deliver([e], options);
        if (status !== 200) throw new Error(`the webhook was answered ${status}`);
        return this.seen((m) => m.chat === chat && this.shown.indexOf(m) >= from);
    }
}
