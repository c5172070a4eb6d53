// One workspace as Slack keeps it: people, conversations, messages (also those that one
// person alone can see), views, files, triggers and response addresses.
import { randomBytes } from 'node:crypto';

export const TRIGGER_MS = 3_000, RESPONSE_MS = 30 * 60_000, RESPONSE_USES = 5, MAX_VIEWS = 3;
const id = (letter) => letter + randomBytes(6).toString('hex').slice(0, 10).toUpperCase();

export class Workspace {
    constructor({ clock, team = 'T0ACME', domain = 'acme', appId = 'A0NEMA', botUser = 'U0NEMA', botId = 'B0NEMA', botName = 'nemawashi' }) {
        Object.assign(this, { clock, appId, botUser, botId, botName });
        this.team = { id: team, domain };
        this.users = new Map();
        this.channels = new Map();
        this.views = new Map();
        this.homes = new Map(); // user -> view
        this.stacks = new Map(); // user -> views that are open, the top one last
        this.files = new Map();
        this.triggers = new Map();
        this.responses = new Map();
        this.lastTs = 0;
        this.addUser({ id: botUser, name: botName, real_name: 'Nemawashi', is_bot: true });
    }

    // ---- people and conversations ----
    addUser({ id: userId = id('U'), name, real_name = name, tz = 'Asia/Tokyo', tz_offset = 32_400, locale = 'en-US',
        team_id = this.team.id, email, ...flags }) {
        const user = { id: userId, team_id, name, real_name, deleted: false, is_bot: false, is_admin: false, is_owner: false,
            is_restricted: false, is_ultra_restricted: false, tz, tz_label: tz, tz_offset, locale, updated: this.seconds(),
            profile: { real_name, display_name: name, email, team: team_id }, ...flags };
        this.users.set(userId, user);
        return user;
    }
    addChannel({ id: channelId = id('C'), name, members = [], is_private = false, bot = true, ...flags }) {
        const c = { id: channelId, name, is_channel: !is_private, is_group: is_private, is_private, is_im: false, is_archived: false,
            is_ext_shared: false, ...flags, members: new Set([...members, ...(bot ? [this.botUser] : [])]), messages: [] };
        this.channels.set(channelId, c);
        return c;
    }
    /** The direct conversation of the bot and `user`. */
    im(user) {
        for (const c of this.channels.values()) if (c.is_im && c.user === user) return c;
        const c = { id: id('D'), is_im: true, is_archived: false, user, members: new Set([user, this.botUser]), messages: [] };
        this.channels.set(c.id, c);
        return c;
    }
    channelName(c) {
        return c.is_im ? 'directmessage' : c.is_private ? 'privategroup' : c.name;
    }
    seconds() {
        return Math.floor(this.clock.now() / 1000);
    }
    /** Unique, in order, a string: never a float. */
    ts() {
        this.lastTs = Math.max(this.lastTs + 1, Math.floor(this.clock.now() * 1000));
        const s = String(this.lastTs);
        return `${s.slice(0, -6)}.${s.slice(-6)}`;
    }
    eventId() {
        return id('Ev');
    }

    // ---- messages ----
    post(channel, fields) {
        const m = { type: 'message', ts: this.ts(), team: this.team.id, ...fields, channel: channel.id };
        channel.messages.push(m);
        return m;
    }
    botMessage({ text = '', blocks, attachments, thread_ts, metadata }) {
        const m = { user: this.botUser, bot_id: this.botId, app_id: this.appId, text,
            bot_profile: { id: this.botId, app_id: this.appId, name: this.botName, team_id: this.team.id } };
        if (blocks?.length) m.blocks = this.withBlockIds(blocks);
        if (attachments?.length) m.attachments = attachments;
        if (thread_ts) m.thread_ts = thread_ts;
        if (metadata) m.metadata = metadata;
        return m;
    }
    withBlockIds(blocks) {
        return blocks.map((b) => ({ ...b, block_id: b.block_id || randomBytes(3).toString('base64url') }));
    }
    find(channel, ts) {
        return channel.messages.find((m) => m.ts === ts && !m.gone);
    }
    /** What `user` sees in `channel`, oldest first: nobody else's ephemeral messages. */
    visible(channel, user) {
        return channel.messages.filter((m) => !m.gone && (!m.only || m.only === user));
    }

    // ---- what interactions carry ----
    trigger(user) {
        const t = { id: `${this.seconds()}.${randomBytes(4).readUInt32BE(0)}.${randomBytes(8).toString('hex')}`,
            user, expires: this.clock.now() + TRIGGER_MS, used: false };
        this.triggers.set(t.id, t);
        return t;
    }
    /** Takes a trigger: { trigger } or { error }. */
    exchange(triggerId) {
        const t = this.triggers.get(triggerId);
        if (!t) return { error: 'invalid_trigger_id' };
        if (t.used) return { error: 'exchanged_trigger_id' };
        if (this.clock.now() > t.expires) return { error: 'expired_trigger_id' };
        t.used = true;
        return { trigger: t };
    }
    response(kind, { user, channel, message }) {
        const r = { path: `/${kind}/${this.team.id}/${this.seconds()}/${randomBytes(12).toString('hex')}`,
            expires: this.clock.now() + RESPONSE_MS, uses: 0, user, channel, message };
        this.responses.set(r.path, r);
        return r;
    }

    // ---- views ----
    makeView(view, user, { root, previous } = {}) {
        const v = { ...view, id: id('V'), team_id: this.team.id, app_id: this.appId, bot_id: this.botId, app_installed_team_id: this.team.id,
            callback_id: view.callback_id ?? '', private_metadata: view.private_metadata ?? '', external_id: view.external_id ?? '',
            title: view.title ?? null, submit: view.submit ?? null, close: view.close ?? null, clear_on_close: view.clear_on_close ?? false,
            notify_on_close: view.notify_on_close ?? false, previous_view_id: previous ?? null, state: { values: {} } };
        v.root_view_id = root ?? v.id;
        v.blocks = this.withBlockIds(view.blocks);
        v.hash = this.hash();
        this.views.set(v.id, v);
        v.owner = user;
        return v;
    }
    updateView(v, view) {
        const kept = { id: v.id, root_view_id: v.root_view_id, previous_view_id: v.previous_view_id, owner: v.owner };
        const fresh = this.makeView(view, v.owner, {});
        this.views.delete(fresh.id);
        Object.assign(v, fresh, kept, { hash: this.hash() });
        this.views.set(v.id, v);
        return v;
    }
    hash() {
        return `${this.seconds()}.${randomBytes(6).toString('base64url')}`;
    }
    stack(user) {
        if (!this.stacks.has(user)) this.stacks.set(user, []);
        return this.stacks.get(user);
    }
    viewOf(v) {
        const { owner, ...shown } = v;
        return shown;
    }
    newFile(name, length) {
        const f = { id: id('F'), name, length, uploaded: null, complete: false, path: `/upload/v1/${randomBytes(16).toString('hex')}` };
        this.files.set(f.id, f);
        return f;
    }
}
