// The HTTP side (sheet §2.2, §4): the Web API, response addresses and uploads. Every call
// is recorded with its answer; tokens, content types, argument names and types and rates
// are checked before a method runs; and `fail` makes the next calls go wrong.
import { createServer } from 'node:http';
import { METHODS, RUN, allowedPerMinute, contentWrong } from './methods.mjs';
import { RESPONSE_USES } from './workspace.mjs';

const MAX_BODY = 8 << 20;
const POST_BURST = 5; // "short bursts are allowed" above one message a second
const RESPONSE_FIELDS = new Set(['text', 'blocks', 'attachments', 'response_type', 'replace_original', 'delete_original', 'thread_ts', 'mrkdwn',
    'unfurl_links', 'unfurl_media', 'metadata', 'parse', 'link_names']);

export class Web {
    constructor(slack, { rates = true } = {}) {
        this.slack = slack;
        this.rates = rates;
        this.calls = [];
        this.keep = true;
        this.failures = []; // { method, times, ...what }
        this.windows = new Map(); // method -> times of the last minute
        this.buckets = new Map(); // channel -> { tokens, at }
        this.server = createServer((req, res) => this.#serve(req, res));
        this.server.on('upgrade', (req, socket) => {
            if (req.url.startsWith('/link/')) slack.socket.upgrade(req, socket);
            else socket.destroy();
        });
        this.server.keepAliveTimeout = 30_000;
    }
    /** The next `times` calls of `method` ('*': of any; 'response_url', 'upload') go wrong.
     *  Instead of being done: { error } · { status, retryAfter, body } · { reset } · { hang }.
     *  After it was done: { lose: 'reset' | 'hang' | 'status' }: the answer is lost.
     *  { delayMs } before anything, { garbage }: an answer that is no JSON. `when(args)` chooses. */
    fail(method, what, times = 1) {
        const f = { method, times, ...what };
        this.failures.push(f);
        return f;
    }
    heal() {
        this.failures = [];
    }
    #failure(method, args) {
        const f = this.failures.find((x) => x.times > 0 && (x.method === method || (x.method === '*' && method !== 'control')) && (!x.when || x.when(args)));
        if (f) f.times--;
        return f;
    }
    of(method) {
        return this.calls.filter((c) => c.method === method);
    }

    async #serve(req, res) {
        const started = performance.now();
        const chunks = [];
        let size = 0;
        try {
            for await (const chunk of req) {
                size += chunk.length;
                if (size > MAX_BODY) { res.writeHead(413).end(); return; }
                chunks.push(chunk);
            }
        } catch { return; } // the client went away
        const body = Buffer.concat(chunks);
        const url = new URL(req.url, 'http://fake');
        const call = { n: this.calls.length + 1, at: this.slack.clock.now(), started, path: url.pathname, token: req.headers.authorization?.replace(/^Bearer /, ''),
            type: (req.headers['content-type'] ?? '').toLowerCase(), verb: req.method, args: {} };
        let run;
        if (url.pathname.startsWith('/api/')) {
            call.method = url.pathname.slice(5);
            run = this.#prepare(call, body, url);
        } else if (this.slack.ws.responses.has(url.pathname)) {
            call.method = 'response_url';
            run = this.#prepareResponse(call, body, req);
        } else if (url.pathname.startsWith('/upload/')) {
            call.method = 'upload';
            call.args = { bytes: body.length };
            run = () => this.#upload(url.pathname, body);
        } else {
            this.slack.note('path', `${req.method} ${url.pathname}`);
            res.writeHead(404).end();
            return;
        }
        if (this.keep) this.calls.push(call);
        await this.#answer(call, run, res);
        this.slack.changed();
    }
    async #answer(call, run, res) {
        const f = this.#failure(call.method, call.args) ?? {};
        call.failure = f.method && { ...f };
        this.slack.changed();
        if (f.delayMs) await new Promise((done) => this.slack.clock.after(f.delayMs, done));
        if (f.reset) return void res.socket?.resetAndDestroy();
        if (f.hang) { this.slack.hung.add(res); return undefined; }
        if (f.status) return this.#write(call, res, { status: f.status, body: f.body ?? (f.status === 429 ? '{"ok":false,"error":"ratelimited"}' : 'upstream error'),
            retryAfter: f.retryAfter });
        if (f.garbage) return this.#write(call, res, { status: 200, body: '{"ok":tr' });
        if (f.error) return this.#write(call, res, { status: 200, body: JSON.stringify({ ok: false, error: f.error }) });
        const limited = this.#limited(call);
        const out = limited ?? run();
        call.done = !limited;
        if (f.lose) {
            call.lost = true;
            if (f.lose === 'hang') { this.slack.hung.add(res); return undefined; }
            if (f.lose === 'reset') return void res.socket?.resetAndDestroy();
            return this.#write(call, res, { status: 503, body: 'upstream error' });
        }
        if (out.status) return this.#write(call, res, out);
        return this.#write(call, res, { status: 200, body: JSON.stringify(out), answer: out });
    }
    #write(call, res, { status, body, retryAfter, answer }) {
        call.status = status;
        call.ms = performance.now() - call.started;
        call.answer = answer ?? tryJson(body) ?? body;
        const headers = { 'Content-Type': /^[{[]/.test(body) ? 'application/json; charset=utf-8' : 'text/plain' };
        if (retryAfter !== undefined) headers['Retry-After'] = String(retryAfter);
        res.writeHead(status, headers).end(body);
    }

    // ---- the Web API ----
    /** Fills `call.args` and returns what to do: () => the answer. */
    #prepare(call, body, url) {
        const spec = METHODS[call.method];
        const refuse = (error, messages) => () => ({ ok: false, error, ...(messages ? { response_metadata: { messages } } : {}) });
        if (!spec) { this.slack.note('method', `${call.method} is not served`); return refuse('unknown_method'); }
        const { raw, error, json, warning } = this.#decode(call, body, url, spec);
        call.args = raw ?? {};
        if (raw && 'token' in raw) this.slack.note('token', `${call.method}: a token outside the header`);
        const denied = this.#denied(call, spec);
        if (denied) return () => denied;
        if (error) return refuse(error);
        const { args, wrong } = typed(spec, raw, json);
        call.args = args;
        for (const name of Object.keys(raw))
            if (!(name in spec.args) && name !== 'token') this.slack.note('argument', `${call.method}: there is no argument ${name}`);
        if (wrong.length) return refuse(wrong.some((w) => /blocks/.test(w)) ? 'invalid_blocks_format' : 'invalid_arguments', wrong);
        return () => {
            const out = RUN[call.method](this.slack, args);
            return warning ? { ...out, warning } : out;
        };
    }
    #decode(call, body, url, spec) {
        if (call.verb === 'GET') {
            if (spec.json || call.method === 'apps.connections.open') return { error: 'insecure_request', raw: {} };
            return { raw: Object.fromEntries(url.searchParams) };
        }
        if (call.verb !== 'POST') return { error: 'insecure_request', raw: {} };
        if (url.search) this.slack.note('query', `${call.method}: arguments in the address`);
        if (call.type.startsWith('application/x-www-form-urlencoded')) return { raw: Object.fromEntries(new URLSearchParams(body.toString())) };
        if (call.type.startsWith('application/json')) {
            if (!spec.json) { this.slack.note('type', `${call.method} understands no JSON`); return { error: 'invalid_post_type', raw: {} }; }
            const raw = tryJson(body.toString());
            if (raw === undefined) return { error: 'invalid_json', raw: {} };
            if (raw === null || typeof raw !== 'object' || Array.isArray(raw)) return { error: 'json_not_object', raw: {} };
            return { raw, json: true, warning: call.type.includes('charset') ? undefined : 'missing_charset' };
        }
        if (!body.length) return { raw: {} };
        this.slack.note('type', `${call.method}: Content-Type ${call.type || 'is missing'}`);
        return { error: 'invalid_post_type', raw: {} };
    }
    #denied(call, spec) {
        const { tokens, scopes } = this.slack;
        const token = tokens.get(call.token);
        if (!call.token) return { ok: false, error: 'not_authed' };
        if (!token) return { ok: false, error: 'invalid_auth' };
        if (token.revoked) return { ok: false, error: token.revoked };
        if (token.kind !== spec.token) return { ok: false, error: 'not_allowed_token_type' };
        if (spec.scope && token.kind === 'bot' && !scopes.has(spec.scope))
            return { ok: false, error: 'missing_scope', needed: spec.scope, provided: [...scopes].join(',') };
        return null;
    }

    // ---- rates (§4.2) ----
    #limited(call) {
        if (!this.rates || !(METHODS[call.method] || call.method === 'response_url')) return null;
        const now = this.slack.clock.now();
        const tooMany = (seconds) => {
            call.limited = true;
            return { status: 429, retryAfter: Math.max(1, Math.ceil(seconds)), body: '{"ok":false,"error":"ratelimited"}' };
        };
        if (METHODS[call.method]) {
            const times = (this.windows.get(call.method) ?? []).filter((t) => t > now - 60_000);
            this.windows.set(call.method, times);
            if (times.length >= allowedPerMinute(call.method)) return tooMany((times[0] + 60_000 - now) / 1000);
            times.push(now);
        }
        const channel = this.#postsTo(call);
        if (!channel) return null;
        const b = this.buckets.get(channel) ?? { tokens: POST_BURST, at: now };
        b.tokens = Math.min(POST_BURST, b.tokens + Math.max(0, now - b.at) / 1000);
        b.at = now;
        this.buckets.set(channel, b);
        if (b.tokens < 1) return tooMany(1 - b.tokens);
        b.tokens -= 1;
        return null;
    }
    #postsTo(call) {
        const { ws } = this.slack;
        if (call.method === 'response_url') return ws.responses.get(call.path)?.channel.id;
        if (call.method !== 'chat.postMessage') return null;
        return ws.users.has(call.args.channel) ? ws.im(call.args.channel).id : call.args.channel;
    }

    // ---- response addresses (§2.2) ----
    #prepareResponse(call, body, req) {
        const { slack } = this;
        const r = slack.ws.responses.get(call.path);
        call.args = tryJson(body.toString()) ?? {};
        if (!call.type.startsWith('application/json')) slack.note('type', `response_url: Content-Type ${call.type}`);
        if (req.headers.authorization) slack.note('token', 'a token sent to a response_url');
        for (const k of Object.keys(call.args)) if (!RESPONSE_FIELDS.has(k)) slack.note('argument', `response_url: there is no ${k}`);
        return () => {
            const refuse = (status, error) => ({ status, body: JSON.stringify({ ok: false, error }) });
            if (slack.clock.now() > r.expires) return refuse(404, 'expired_url');
            if (r.uses >= RESPONSE_USES) return refuse(404, 'used_url');
            const a = { ...call.args };
            const flag = (v) => v === true || v === 'true';
            const wrong = flag(a.delete_original) ? null : contentWrong(a, false, false);
            if (wrong) return refuse(400, wrong.error);
            r.uses++;
            if (flag(a.delete_original)) { if (r.message) r.message.gone = true; }
            else if (flag(a.replace_original) && r.message) slack.changeFromBot(r.channel, r.message, { text: '', blocks: [], ...a });
            else {
                const only = a.response_type === 'in_channel' ? undefined : r.user;
                const m = slack.ws.post(r.channel, { ...slack.ws.botMessage(a), ...(only ? { only } : {}), through: 'response_url' });
                slack.shown(m);
            }
            return { status: 200, body: 'ok' };
        };
    }
    #upload(path, body) {
        const f = [...this.slack.ws.files.values()].find((x) => x.path === path);
        if (!f) return { status: 404, body: 'no such upload' };
        if (body.length !== f.length) return { status: 400, body: `expected ${f.length} bytes` };
        f.uploaded = body;
        return { status: 200, body: `OK - ${body.length}` };
    }
}

function tryJson(text) {
    try { return JSON.parse(text); } catch { return undefined; }
}
/** The arguments as the types that the method wants; `wrong` says what is not. */
function typed(spec, raw, json) {
    const args = {}, wrong = [];
    for (const [name, type] of Object.entries(spec.args)) {
        const v = raw[name];
        if (v === undefined || v === null || (v === '' && type.endsWith('!'))) {
            if (type.endsWith('!')) wrong.push(`[ERROR] missing required field: ${name}`);
            continue;
        }
        const kind = type.replace('!', '');
        const bad = () => wrong.push(`[ERROR] must be a valid ${kind} [json-pointer:/${name}]`);
        if (kind === 'string') (typeof v === 'string' ? (args[name] = v) : bad());
        else if (kind === 'bool') {
            if (v === true || v === 'true' || v === '1') args[name] = true;
            else if (v === false || v === 'false' || v === '0') args[name] = false;
            else bad();
        } else if (kind === 'int') {
            const n = json ? v : Number(v);
            if (Number.isSafeInteger(n)) args[name] = n;
            else bad();
        } else {
            const parsed = typeof v === 'string' ? tryJson(v) : v;
            if (parsed === undefined || typeof parsed !== 'object') bad();
            else args[name] = parsed;
        }
    }
    return { args, wrong };
}
