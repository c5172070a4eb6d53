// The Messaging API as a bot calls it: routes, limits, quota, retry keys, reply tokens and
// errors as LINE documents them. Keeps every call in `calls`, what people see in the
// account's state (line.mjs), and misbehaves where `faults` says so.
import { randomUUID } from 'node:crypto';
import { checkMessages, checkRichMenu } from './rules.mjs';

const MINUTE = 60_000, DAY = 24 * 60 * MINUTE;
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;
const RETRIABLE = new Set(['/v2/bot/message/push', '/v2/bot/message/multicast', '/v2/bot/message/broadcast']);
const BODY_MAX = 2 * 1024 * 1024;

class Refusal extends Error {
    constructor(status, message, more = {}) {
        super(message);
        Object.assign(this, { status, body: { message, ...more.body }, headers: more.headers ?? {} });
    }
}
const invalid = (details) =>
    new Refusal(400, `The request body has ${details.length} error(s)`, { body: { details } });

export class Api {
    constructor(account) {
        this.account = account;
        this.calls = [];  // {method, path, body, status, key, requestId}
        this.faults = []; // {path, times, status, message, delay, hang, drop, afterwards}
        this.keys = new Map(); // retry key: {at, requestId, sent, body}
        this.menus = new Map();
        this.aliases = new Map();
        this.menuOf = new Map();
        this.used = 0;
        this.quota = null; // null: no limit
        this.waiting = [];
    }

    /** The next `times` calls whose path contains `path` go wrong in the way that is given:
     *  {status, message} answers so, {hang} never answers, {drop} closes the connection,
     *  {afterwards: true} does the work first. */
    fault(path, how) {
        this.faults.push({ path, times: 1, ...how });
    }

    async serve(req, res) {
        const chunks = [];
        let size = 0;
        for await (const chunk of req) {
            size += chunk.length;
            if (size <= BODY_MAX) chunks.push(chunk);
        }
        const url = new URL(req.url, 'http://line'), requestId = randomUUID();
        const call = { method: req.method, path: url.pathname, query: url.searchParams, headers: req.headers,
            raw: Buffer.concat(chunks), requestId, key: req.headers['x-line-retry-key'] };
        const fault = this.faults.find((f) => f.times > 0 && call.path.includes(f.path));
        if (fault) fault.times--;
        let answer = { status: fault?.status, body: { message: fault?.message ?? 'fault' }, headers: {} };
        if (!fault || fault.afterwards) {
            const real = this.#answer(call, size);
            if (!fault) answer = real;
        }
        call.status = answer.status;
        this.calls.push(call);
        this.#wake();
        if (fault?.hang) return;
        if (fault?.drop) return void req.socket.destroy();
        res.writeHead(answer.status, { 'x-line-request-id': requestId, 'content-type': 'application/json', ...answer.headers });
        res.end(answer.raw ?? JSON.stringify(answer.body));
    }

    /** Resolves with the first call, past or future, that fits. */
    called(fits) {
        const found = this.calls.find(fits);
        return found ? Promise.resolve(found) : new Promise((done) => this.waiting.push({ fits, done }));
    }
    #wake() {
        this.waiting = this.waiting.filter(({ fits, done }) => {
            const found = this.calls.find(fits);
            if (found) done(found);
            return !found;
        });
    }

    #answer(call, size) {
        try {
            if (size > BODY_MAX) throw new Refusal(413, 'Request entity too large');
            if (call.method === 'POST' && call.headers['content-length'] === undefined && !call.headers['transfer-encoding'])
                throw new Refusal(411, 'Length required');
            if (call.path === '/oauth2/v3/token') return { status: 200, body: this.#token(call), headers: {} };
            this.#authenticate(call);
            if (call.key !== undefined && !RETRIABLE.has(call.path))
                throw new Refusal(400, 'The retry key is not available for this API');
            const body = this.#route(call);
            return { status: body?.status ?? 200, body: body?.json ?? {}, raw: body?.raw, headers: body?.headers ?? {} };
        } catch (e) {
            if (!(e instanceof Refusal)) throw e;
            return { status: e.status, body: e.body, headers: e.headers };
        }
    }

    #token(call) {
        const form = new URLSearchParams(call.raw.toString());
        if (form.get('client_id') !== this.account.channelId || form.get('client_secret') !== this.account.secret)
            throw new Refusal(400, undefined, { body: { error: 'invalid_client', error_description: "Invalid 'client_credentials'." } });
        const token = `stateless-${randomUUID()}`;
        this.account.tokens.set(token, this.account.now() + 15 * MINUTE);
        return { token_type: 'Bearer', access_token: token, expires_in: 900 };
    }

    #authenticate(call) {
        const token = /^Bearer (.+)$/.exec(call.headers.authorization ?? '')?.[1];
        const ends = token && this.account.tokens.get(token);
        if (!ends || ends < this.account.now())
            throw new Refusal(401, 'Authentication failed due to the following reason: invalid token. Confirm that the access token in the authorization header is valid.');
    }

    #json(call) {
        if (!/^application\/json/.test(call.headers['content-type'] ?? '')) throw new Refusal(415, 'Unsupported media type');
        try {
            const text = new TextDecoder('utf-8', { fatal: true }).decode(call.raw);
            call.body = JSON.parse(text);
        } catch {
            throw new Refusal(400, 'The request body could not be parsed as JSON (line: -, column: -)');
        }
        return call.body;
    }

    #route(call) {
        const at = `${call.method} ${call.path}`, part = call.path.split('/');
        if (at === 'POST /v2/bot/message/reply') return this.#reply(this.#json(call));
        if (at === 'POST /v2/bot/message/push') return this.#push(call, this.#json(call));
        if (/^POST \/v2\/bot\/message\/validate\/(reply|push)$/.test(at)) {
            const details = checkMessages(this.#json(call).messages, { group: true });
            if (details.length) throw invalid(details);
            return {};
        }
        if (at === 'GET /v2/bot/message/quota')
            return { json: this.quota === null ? { type: 'none' } : { type: 'limited', value: this.quota } };
        if (at === 'GET /v2/bot/message/quota/consumption') return { json: { totalUsage: this.used } };
        if (at === 'GET /v2/bot/info')
            return { json: { userId: this.account.botId, basicId: '@nema', displayName: this.account.name, chatMode: 'bot', markAsReadMode: 'auto' } };
        if (at === 'GET /v2/bot/channel/webhook/endpoint') {
            if (!this.account.webhook) throw new Refusal(404, 'Webhook endpoint not found');
            return { json: { endpoint: this.account.webhook, active: this.account.active } };
        }
        if (call.method === 'GET' && part[3] === 'profile') return { json: this.#profile(part[4]) };
        if (at === 'POST /v2/bot/chat/loading/start') return this.#loading(this.#json(call));
        if (at === 'POST /v2/bot/chat/markAsRead') return this.#read(this.#json(call));
        if (at.startsWith('GET /v2/bot/message/') && part[5] === 'content') throw new Refusal(404, 'not found');
        if (part[3] === 'richmenu' || part[3] === 'user') return this.#menu(call, at, part);
        throw new Refusal(404, 'Not found');
    }

    #details(messages, to) {
        const details = checkMessages(messages, { group: /^[CR]/.test(to ?? '') });
        if (details.length) throw invalid(details);
    }

    #reply(body) {
        const token = this.account.replyTokens.get(body.replyToken), now = this.account.now();
        this.#details(body.messages, token?.chat);
        if (!token || token.used || now - token.at > MINUTE) throw new Refusal(400, 'Invalid reply token');
        token.used = true;
        return { json: { sentMessages: this.account.show(token.chat, body.messages, { how: 'reply' }) } };
    }

    #push(call, body) {
        const now = this.account.now(), known = this.keys.get(call.key);
        if (call.key !== undefined && !UUID.test(call.key)) throw new Refusal(400, 'Invalid retry key');
        if (known && now - known.at < DAY)
            throw new Refusal(409, 'The retry key is already accepted', { body: { sentMessages: known.sent },
                headers: { 'x-line-accepted-request-id': known.requestId } });
        if (!/^[UCR][0-9a-f]{32}$/.test(body.to ?? ''))
            throw new Refusal(400, 'The property, to, in the request body is invalid (line: -, column: -)');
        this.#details(body.messages, body.to);
        if (!this.account.reaches(body.to)) throw new Refusal(400, 'Failed to send messages');
        const people = this.account.listeners(body.to);
        if (this.quota !== null && this.used + people > this.quota) throw new Refusal(429, 'You have reached your monthly limit.');
        this.used += people;
        const sent = this.account.show(body.to, body.messages, { how: 'push', silent: body.notificationDisabled === true });
        if (call.key !== undefined) this.keys.set(call.key, { at: now, requestId: call.requestId, sent });
        return { json: { sentMessages: sent } };
    }

    #profile(user) {
        const person = this.account.people.get(user);
        if (!person || person.blocked) throw new Refusal(404, 'Not found');
        return { displayName: person.name, userId: user, language: person.language };
    }

    #loading(body) {
        const details = [], s = body.loadingSeconds ?? 20;
        if (!/^U[0-9a-f]{32}$/.test(body.chatId ?? '')) details.push({ message: 'invalid property', property: 'chatId' });
        if (s < 5 || s > 60) details.push({ message: 'Must be between 5 and 60', property: 'loadingSeconds' });
        if (s % 5) details.push({ message: 'must be a multiple of five', property: 'loadingSeconds' });
        if (details.length) throw invalid(details);
        return { status: 202 };
    }

    #read(body) {
        if (typeof body.markAsReadToken !== 'string') throw invalid([{ message: 'must be specified', property: 'markAsReadToken' }]);
        return {};
    }

    #menu(call, at, part) {
        if (at === 'POST /v2/bot/richmenu' || at === 'POST /v2/bot/richmenu/validate') {
            const menu = this.#json(call), details = checkRichMenu(menu);
            if (details.length) throw invalid(details);
            if (part[4] === 'validate') return {};
            const id = `richmenu-${randomUUID().replaceAll('-', '')}`;
            this.menus.set(id, { ...menu, richMenuId: id, picture: null });
            return { json: { richMenuId: id } };
        }
        if (at === 'GET /v2/bot/richmenu/list')
            return { json: { richmenus: [...this.menus.values()].map(({ picture, ...menu }) => menu) } };
        if (part[4] === 'alias') return this.#alias(call, part);
        if (part[3] === 'richmenu' && part[5] === 'content') return this.#picture(call, part[4]);
        if (part[3] === 'richmenu' && call.method === 'DELETE') {
            this.menus.delete(part[4]);
            return {};
        }
        if (part[3] === 'user' && part[5] === 'richmenu') {
            const menu = part[6] && this.menus.get(part[6]);
            if (call.method === 'POST' && !menu) throw new Refusal(404, 'Not found');
            if (call.method === 'POST' && !menu.picture)
                throw new Refusal(400, 'must upload richmenu image before applying it to user');
            if (call.method === 'POST') this.menuOf.set(part[4], part[6]);
            if (call.method === 'DELETE') this.menuOf.delete(part[4]);
            if (call.method === 'GET') {
                if (!this.menuOf.has(part[4])) throw new Refusal(404, 'Not found');
                return { json: { richMenuId: this.menuOf.get(part[4]) } };
            }
            return {};
        }
        throw new Refusal(404, 'Not found');
    }

    #alias(call, part) {
        if (call.method === 'GET' && part[5] === 'list')
            return { json: { aliases: [...this.aliases].map(([richMenuAliasId, richMenuId]) => ({ richMenuAliasId, richMenuId })) } };
        if (call.method === 'DELETE') {
            if (!this.aliases.delete(part[5])) throw new Refusal(404, 'Not found');
            return {};
        }
        const body = this.#json(call), name = part[5] ?? body.richMenuAliasId;
        if (!/^[a-z0-9_-]{1,32}$/.test(name ?? '')) throw invalid([{ message: 'invalid property', property: 'richMenuAliasId' }]);
        if (!this.menus.has(body.richMenuId)) throw new Refusal(400, 'richmenu not found');
        if (!part[5] && this.aliases.has(name)) throw new Refusal(400, 'conflict richmenu alias id');
        if (part[5] && !this.aliases.has(name)) throw new Refusal(404, 'Not found');
        this.aliases.set(name, body.richMenuId);
        return {};
    }

    #picture(call, id) {
        const menu = this.menus.get(id);
        if (!menu) throw new Refusal(404, 'Not found');
        if (!['image/png', 'image/jpeg'].includes(call.headers['content-type'])) throw new Refusal(415, 'Unsupported media type');
        if (call.raw.length > 1024 * 1024) throw new Refusal(413, 'Request entity too large');
        if (menu.picture) throw new Refusal(400, 'An image has already been uploaded to the richmenu');
        menu.picture = call.raw;
        return {};
    }
}
