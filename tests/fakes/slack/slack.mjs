// A fake Slack on the loopback: a workspace, its Web API and Socket Mode, and the people in
// it. What it imitates, and from where it is known: README.md beside this file.
import { Clock } from './clock.mjs';
import { Person } from './people.mjs';
import { SocketMode } from './socket.mjs';
import { Web } from './web.mjs';
import { Workspace } from './workspace.mjs';

const SCOPES = ['app_mentions:read', 'channels:read', 'chat:write', 'commands', 'files:write', 'groups:read', 'im:history', 'im:write',
    'reactions:write', 'users:read', 'users:read.email'];

export class FakeSlack {
    /** echo: the bot's own posts come back as events, as Slack sends them (§3.3).
     *  rates: the limits of §4.2 are kept. skewMs: how wrong the clock is. */
    constructor({ skewMs = 0, rates = true, echo = true, pingMs, scopes = SCOPES } = {}) {
        this.clock = new Clock(skewMs);
        this.echo = echo;
        this.breaches = []; // what the program did against Slack's rules: { kind, detail }
        this.watchers = new Set();
        this.hung = new Set(); // requests that never get an answer
        this.ws = new Workspace({ clock: this.clock });
        this.scopes = new Set(scopes);
        this.appToken = `xapp-1-${this.ws.appId}-1-fake`;
        this.botToken = 'xoxb-1-fake';
        this.tokens = new Map([[this.appToken, { kind: 'app' }], [this.botToken, { kind: 'bot' }]]);
        this.changed = this.changed.bind(this);
        this.note = this.note.bind(this);
        this.socket = new SocketMode({ clock: this.clock, appId: this.ws.appId, note: this.note, changed: this.changed, ...(pingMs !== undefined ? { pingMs } : {}) });
        this.web = new Web(this, { rates });
        this.socket.onAck = (d, payload) => d.onAck?.(payload);
        this.people = new Map();
        this.log = []; // what became visible, in order: { m, change }
    }
    async start(port = 0) {
        await new Promise((done, failed) => this.web.server.once('error', failed).listen(port, '127.0.0.1', done));
        this.port = this.web.server.address().port;
        this.base = `http://127.0.0.1:${this.port}`;
        return this;
    }
    /** What a program is started with. */
    get env() {
        return { SLACK_API_URL: `${this.base}/api/`, SLACK_APP_TOKEN: this.appToken, SLACK_BOT_TOKEN: this.botToken };
    }
    async stop() {
        this.clock.stop();
        this.socket.stop();
        this.web.server.closeAllConnections();
        await new Promise((done) => this.web.server.close(done));
    }
    note(kind, detail) {
        this.breaches.push({ kind, detail });
        this.changed();
    }

    // ---- waiting ----
    changed() {
        if (this.watchers.size) for (const look of [...this.watchers]) look();
    }
    /** Resolves with what `condition` returns once that is true; looked at after each change. */
    until(condition, what, ms = 60_000) {
        return new Promise((done, failed) => {
            const end = (then, value) => { clearTimeout(timer); this.watchers.delete(look); then(value); };
            const look = () => {
                let v;
                try { v = condition(); } catch (e) { end(failed, e); return; }
                if (v) end(done, v);
            };
            const timer = setTimeout(() => end(failed, new Error(`${what}: not within ${ms / 1000} s\n${this.state()}`)), ms);
            this.watchers.add(look);
            look();
        });
    }
    connected(n = 1) {
        return this.until(() => this.socket.ready.length >= n, `${n} connection(s) with hello`);
    }
    settled() {
        return this.until(() => this.socket.settled, 'an acknowledgement of everything');
    }
    state() {
        const { socket, web } = this;
        return [`connections: ${socket.connections.map((c) => `${c.n}${c.open ? (c.ready ? ' ready' : ' open') : ' gone'}`).join(', ') || 'none'}`,
            `deliveries: ${socket.deliveries.length}, of them acknowledged ${socket.deliveries.filter((d) => d.acked).length}, given up ${socket.deliveries.filter((d) => d.failed).length}`,
            `last calls: ${web.calls.slice(-5).map((c) => `${c.method} ${c.status ?? 'open'} ${c.answer?.error ?? ''}`).join('; ')}`,
            `breaches: ${JSON.stringify(this.breaches.slice(-5))}`].join('\n');
    }

    // ---- the world ----
    /** Someone of the workspace; see people.mjs for what people can do. */
    person(fields) {
        const p = new Person(this, this.ws.addUser(fields));
        this.people.set(fields.name, p);
        return p;
    }
    channel(fields) {
        return this.ws.addChannel({ ...fields, members: (fields.members ?? []).map((m) => m.id ?? m) });
    }
    revoke(which, error = 'token_revoked') {
        this.tokens.get(which === 'app' ? this.appToken : this.botToken).revoked = error;
    }
    restore(which) {
        delete this.tokens.get(which === 'app' ? this.appToken : this.botToken).revoked;
    }

    // ---- events (§3) ----
    /** An event in its wrapper; `as` changes fields of the wrapper. */
    event(event, { eventId = this.ws.eventId(), as = {}, ...how } = {}) {
        const { ws } = this;
        return this.socket.deliver('events_api', {
            token: 'deprecated', team_id: ws.team.id, context_team_id: ws.team.id, context_enterprise_id: null, api_app_id: ws.appId, event,
            type: 'event_callback', event_id: eventId, event_time: ws.seconds(), authorizations: [{ enterprise_id: null, team_id: ws.team.id, user_id: ws.botUser,
                is_bot: true, is_enterprise_install: false }], is_ext_shared_channel: false, event_context: `1-${event.type}-${ws.team.id}-${event.channel ?? ''}`, ...as,
        }, how);
    }
    messageEvent(channel, m) {
        const { only, gone, through, reactions, metadata, ...shown } = m;
        return { ...shown, channel_type: channel.is_im ? 'im' : channel.is_private ? 'group' : 'channel', event_ts: m.ts };
    }
    shown(m, change = false) {
        this.log.push({ m, change });
        this.changed();
    }
    postFromBot(channel, args) {
        const m = this.ws.post(channel, this.ws.botMessage(args));
        // The program subscribes to message.im alone.
        if (this.echo && channel.is_im) this.event(this.messageEvent(channel, m));
        this.shown(m);
        return m;
    }
    changeFromBot(channel, m, { text, blocks, attachments, metadata }) {
        const before = { ...m };
        if (text !== undefined) m.text = text;
        // Text without blocks takes the blocks away (§4.5).
        if (blocks !== undefined) m.blocks = blocks.length ? this.ws.withBlockIds(blocks) : undefined;
        else if (text !== undefined) m.blocks = undefined;
        if (attachments !== undefined) m.attachments = attachments;
        if (metadata !== undefined) m.metadata = metadata;
        m.changes = (m.changes ?? 0) + 1;
        if (!m.blocks) m.edited = { user: m.user, ts: this.ws.ts() };
        if (this.echo && channel.is_im && !m.only) this.#changedEvent(channel, m, before);
        this.shown(m, true);
    }
    #changedEvent(channel, m, before) {
        const ts = this.ws.ts();
        const bare = ({ channel: c, only, gone, through, changes, metadata, ...rest }) => rest;
        return this.event({ type: 'message', subtype: 'message_changed', hidden: true, channel: channel.id, channel_type: channel.is_im ? 'im' : 'channel', ts, event_ts: ts,
            message: bare(m), previous_message: bare(before) });
    }
    /** Slack unfolds a link of `m`, also one of the bot: an edit that changes no word (§3.3). */
    unfurl(m) {
        const channel = this.ws.channels.get(m.channel), before = { ...m };
        m.attachments = [{ id: 1, from_url: 'https://acme.example/', title: 'Acme', fallback: 'Acme' }];
        return this.#changedEvent(channel, m, before);
    }
    edited(m, text) {
        const channel = this.ws.channels.get(m.channel), before = { ...m };
        Object.assign(m, { text, edited: { user: m.user, ts: this.ws.ts() } });
        return this.#changedEvent(channel, m, before);
    }
    deleted(m) {
        const channel = this.ws.channels.get(m.channel), ts = this.ws.ts();
        m.gone = true;
        const { channel: c, ...previous_message } = m;
        return this.event({ type: 'message', subtype: 'message_deleted', hidden: true, channel: channel.id, channel_type: channel.is_im ? 'im' : 'channel', ts, event_ts: ts,
            deleted_ts: m.ts, previous_message });
    }
}
