// The people of the workspace: what they type, tap and fill in becomes the payloads of the
// sheet's §2 and §3, and what they then see is awaited, never slept for.
import { randomUUID } from 'node:crypto';
import { contentWrong } from './methods.mjs';
import { checkOptions, checkView, elementsOf } from './limits.mjs';
import { MAX_VIEWS } from './workspace.mjs';

export const escape = (s) => s.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;');

/** Something said or done: `delivery` is how it came to the program. */
class Deed {
    constructor(person, channel, fields) {
        Object.assign(this, { person, channel, from: person.slack.log.length, ...fields });
    }
    get slack() {
        return this.person.slack;
    }
    /** What the bot has shown this person since, in this conversation or anywhere. */
    seen({ anywhere = false } = {}) {
        return this.slack.log.slice(this.from).filter(({ m }) => (!m.only || m.only === this.person.id) && m.bot_id === this.slack.ws.botId &&
            (anywhere || !this.channel || m.channel === this.channel.id)).map(({ m }) => m);
    }
    /** The first answer; `n` of them with `replies`. */
    async reply(what = 'an answer', how) {
        return (await this.replies(1, what, how))[0];
    }
    replies(n, what = `${n} answers`, how) {
        const { promise, ms } = how ?? {};
        return promise ?? this.slack.until(() => { const all = this.seen(how); return all.length >= n && all; }, `${what} to ${this.what}`, ms);
    }
    /** Resolves when the program has acknowledged it, or Slack gave up. */
    async acked() {
        await this.delivery.done;
        if (this.delivery.failed) throw new Error(`${this.what}: ${this.delivery.failed}\n${this.slack.state()}`);
        return this.delivery.acked;
    }
}

export class Person {
    constructor(slack, user) {
        Object.assign(this, { slack, user, id: user.id, name: user.name });
    }
    get im() {
        return this.slack.ws.im(this.id);
    }
    get #who() {
        return { id: this.id, username: this.name, name: this.name, team_id: this.user.team_id };
    }
    get #team() {
        const { id, domain } = this.slack.ws.team;
        return { id, domain };
    }

    // ---- typing ----
    #message(channel, text, { thread, files, raw = false, blocks, ...rest } = {}) {
        const { ws } = this.slack;
        const e = raw ? { text, elements: [{ type: 'text', text }] } : encodeTyped(text, this.slack);
        return ws.post(channel, { user: this.id, team: this.user.team_id, client_msg_id: randomUUID(), text: e.text,
            blocks: blocks ?? [{ type: 'rich_text', block_id: 'typed', elements: [{ type: 'rich_text_section', elements: e.elements }] }],
            ...(thread ? { thread_ts: thread.thread_ts ?? thread.ts, parent_user_id: thread.user } : {}), ...(files ? { files, subtype: 'file_share' } : {}), ...rest });
    }
    /** A direct message to the bot. `how` goes to the event: { eventId, as, envelopeId }. */
    dm(text, options = {}, how = {}) {
        const channel = this.im;
        const deed = new Deed(this, channel, { what: `“${text}”` });
        deed.message = this.#message(channel, text, options);
        deed.delivery = this.slack.event(this.slack.messageEvent(channel, deed.message), how);
        return deed;
    }
    /** A message in a channel that names the bot, by itself at the start where it does not. */
    mention(channel, text, { thread, both = false, ...options } = {}, how = {}) {
        const { ws } = this.slack;
        const deed = new Deed(this, channel, { what: `@bot “${text}”` });
        const full = text.includes(`@${ws.botName}`) ? text : `@${ws.botName} ${text}`;
        deed.message = this.#message(channel, full, { thread, ...options });
        const { channel_type, ...event } = this.slack.messageEvent(channel, deed.message);
        // An app that also subscribes message.* gets the same message twice (§1, rule 4).
        if (both) deed.twin = this.slack.event({ ...event, channel_type });
        deed.delivery = this.slack.event({ ...event, type: 'app_mention' }, how);
        return deed;
    }
    slash(text, { command = '/nema', channel = this.im } = {}) {
        const { ws, socket, clock } = this.slack;
        const deed = new Deed(this, channel, { what: `${command} ${text}` });
        const trigger = ws.trigger(this.id), response = ws.response('commands', { user: this.id, channel });
        deed.response = response;
        deed.trigger = trigger;
        deed.at = clock.now();
        deed.delivery = socket.deliver('slash_commands', {
            token: 'deprecated', team_id: ws.team.id, team_domain: ws.team.domain, channel_id: channel.id, channel_name: ws.channelName(channel),
            user_id: this.id, user_name: this.name, command, text: encodeTyped(text, this.slack, true).text, api_app_id: ws.appId,
            is_enterprise_install: 'false', response_url: this.slack.base + response.path, trigger_id: trigger.id,
        }, { accepts: true });
        deed.delivery.onAck = (payload) => this.#answered(payload, deed);
        return deed;
    }
    #answered(payload, deed) {
        if (payload.text === undefined && payload.blocks === undefined && payload.response_type === undefined) return;
        const wrong = contentWrong(payload, payload.response_type === 'in_channel');
        if (wrong) { this.slack.note('ack', `the answer in an acknowledgement: ${JSON.stringify(wrong)}`); return; }
        const only = payload.response_type === 'in_channel' ? undefined : this.id;
        this.slack.shown(this.slack.ws.post(deed.channel, { ...this.slack.ws.botMessage(payload), ...(only ? { only } : {}), through: 'ack' }));
    }
    edit(message, text) {
        const deed = new Deed(this, this.slack.ws.channels.get(message.channel), { what: `an edit to “${text}”` });
        deed.delivery = this.slack.edited(message, encodeTyped(text, this.slack).text);
        return deed;
    }
    remove(message) {
        const deed = new Deed(this, this.slack.ws.channels.get(message.channel), { what: 'a deletion' });
        deed.delivery = this.slack.deleted(message);
        return deed;
    }

    // ---- looking ----
    /** All that this person sees, oldest first. */
    sees(channel = this.im) {
        return this.slack.ws.visible(channel, this.id);
    }
    get modal() {
        return this.slack.ws.stack(this.id).at(-1);
    }
    get home() {
        return this.slack.ws.homes.get(this.id);
    }
    openHome(tab = 'home') {
        const { ws } = this.slack;
        const deed = new Deed(this, this.im, { what: 'opening the home tab' });
        deed.delivery = this.slack.event({ type: 'app_home_opened', user: this.id, channel: this.im.id, tab, event_ts: ws.ts(),
            ...(tab === 'home' && this.home ? { view: ws.viewOf(this.home) } : {}) });
        return deed;
    }

    // ---- tapping ----
    /** Taps the button with this label: in `view`, on `message`, or on the latest message that has it. */
    press(label, where = {}) {
        return this.#tap(where, `[${label}]`, (e) => e.type === 'button' && e.text?.text === label,
            (e) => ({ type: 'button', text: { ...e.text, text: escape(e.text.text) }, ...(e.value !== undefined ? { value: e.value } : {}), ...(e.url ? { url: e.url } : {}) }));
    }
    /** Chooses the option with this label from a select, an overflow menu or radio buttons. */
    choose(label, where = {}) {
        const has = (e) => (e.options ?? (e.option_groups ?? []).flatMap((g) => g.options)).find((o) => o.text.text === label);
        return this.#tap(where, `(${label})`, (e) => ['static_select', 'overflow', 'radio_buttons'].includes(e.type) && has(e),
            (e) => ({ type: e.type, selected_option: has(e) }));
    }
    #tap({ message, view, channel }, what, fits, action) {
        const { ws, socket } = this.slack;
        const found = view ? search([view], fits) : search(message ? [message] : this.#everything(channel), fits);
        if (!found) throw new Error(`${this.name} sees nothing like ${what}:\n${(view ? [view] : this.#everything(channel)).slice(-3).map(plainText).join('\n--\n')}`);
        const { item, block, element } = found;
        const trigger = ws.trigger(this.id), action_ts = ws.ts();
        const payload = { type: 'block_actions', user: this.#who, api_app_id: ws.appId, token: 'deprecated', trigger_id: trigger.id, team: this.#team,
            enterprise: null, is_enterprise_install: false,
            actions: [{ action_id: element.action_id, block_id: block.block_id, ...action(element), action_ts }] };
        let home = null;
        if (item.owner) {
            payload.container = { type: 'view', view_id: item.id };
            payload.view = ws.viewOf(item);
        } else {
            home = ws.channels.get(item.channel);
            const response = ws.response('actions', { user: this.id, channel: home, message: item });
            const { only, gone, through, changes, channel: c, metadata, ...shown } = item;
            payload.container = { type: 'message', message_ts: item.ts, channel_id: home.id, is_ephemeral: !!only, ...(item.thread_ts ? { thread_ts: item.thread_ts } : {}) };
            payload.channel = { id: home.id, name: ws.channelName(home) };
            payload.message = shown;
            payload.state = { values: {} };
            payload.response_url = this.slack.base + response.path;
        }
        const deed = new Deed(this, home, { what, item, trigger, payload });
        deed.delivery = socket.deliver('interactive', payload, { accepts: true });
        return deed;
    }
    #everything(channel) {
        const all = channel ? this.sees(channel) : [...this.slack.ws.channels.values()].flatMap((c) => (c.members.has(this.id) || c.user === this.id ? this.sees(c) : []));
        return all.filter((m) => m.bot_id === this.slack.ws.botId).sort((a, b) => (a.ts < b.ts ? -1 : 1));
    }
    shortcut(callback_id) {
        const { ws, socket } = this.slack;
        const deed = new Deed(this, null, { what: `the shortcut ${callback_id}`, trigger: ws.trigger(this.id) });
        deed.delivery = socket.deliver('interactive', { type: 'shortcut', callback_id, trigger_id: deed.trigger.id, action_ts: ws.ts(), team: this.#team,
            user: this.#who, token: 'deprecated', is_enterprise_install: false, enterprise: null }, { accepts: true });
        return deed;
    }
    messageShortcut(callback_id, message) {
        const { ws, socket } = this.slack;
        const channel = ws.channels.get(message.channel);
        const deed = new Deed(this, channel, { what: `the message shortcut ${callback_id}`, trigger: ws.trigger(this.id) });
        const { only, gone, channel: c, ...shown } = message;
        deed.delivery = socket.deliver('interactive', { type: 'message_action', callback_id, trigger_id: deed.trigger.id, action_ts: ws.ts(), team: this.#team,
            user: this.#who, token: 'deprecated', is_enterprise_install: false, enterprise: null, channel: { id: channel.id, name: ws.channelName(channel) },
            message_ts: message.ts, message: shown, response_url: this.slack.base + ws.response('app', { user: this.id, channel, message }).path }, { accepts: true });
        return deed;
    }

    // ---- forms ----
    /** Fills the open modal, by label or block_id, and sends it. Resolves with
     *  { errors } or { view } (what is on top now, or null), or { failed }. */
    async submit(values = {}) {
        const { ws, socket } = this.slack;
        const view = this.modal;
        if (!view) throw new Error(`${this.name} has no form open`);
        const filled = {}, left = { ...values };
        for (const block of view.blocks.filter((b) => b.type === 'input')) {
            const key = block.label.text in left ? block.label.text : block.block_id;
            const state = fill(block, left[key]);
            delete left[key];
            (filled[block.block_id] ??= {})[block.element.action_id ?? 'value'] = state;
        }
        if (Object.keys(left).length) throw new Error(`the form has no ${Object.keys(left).join(', ')}:\n${plainText(view)}`);
        view.state = { values: filled };
        const trigger = ws.trigger(this.id);
        const delivery = socket.deliver('interactive', { type: 'view_submission', team: this.#team, user: this.#who, api_app_id: ws.appId, token: 'deprecated',
            trigger_id: trigger.id, view: ws.viewOf(view), response_urls: [], is_enterprise_install: false, enterprise: null }, { accepts: true });
        const from = this.slack.log.length;
        await delivery.done;
        const deed = new Deed(this, null, { what: 'the form', delivery, from });
        if (delivery.failed) return { failed: delivery.failed, deed };
        return { ...this.#submitted(view, delivery.acked), deed };
    }
    #submitted(view, answer) {
        const { ws, note } = this.slack;
        const stack = ws.stack(this.id);
        const kind = answer.response_action;
        if (kind === 'errors') {
            const inputs = new Set(view.blocks.filter((b) => b.type === 'input').map((b) => b.block_id));
            for (const [k, v] of Object.entries(answer.errors ?? {}))
                if (!inputs.has(k) || typeof v !== 'string' || !v) note('ack', `an error for ${k}, which is no input of the form`);
            if (!Object.keys(answer.errors ?? {}).length) note('ack', 'errors without an error');
            return { errors: answer.errors, view };
        }
        if (kind === 'clear') stack.length = 0;
        else if (kind === 'update' || kind === 'push') {
            const wrong = checkView(answer.view, 'modal');
            if (wrong) { note('ack', `the view in an acknowledgement: ${wrong.messages.join('; ')}`); return { failed: 'trouble', view }; }
            if (kind === 'update') ws.updateView(view, answer.view);
            else if (stack.length >= MAX_VIEWS) { note('ack', 'a fourth view'); return { failed: 'trouble', view }; }
            else stack.push(ws.makeView(answer.view, this.id, { root: view.root_view_id, previous: view.id }));
        } else {
            if (Object.keys(answer).length) note('ack', `an answer to a form that Slack does not know: ${JSON.stringify(answer)}`);
            stack.splice(stack.indexOf(view), 1);
        }
        this.slack.changed();
        return { view: this.modal ?? null };
    }
    closeModal() {
        const { ws, socket } = this.slack;
        const view = ws.stack(this.id).pop();
        if (!view?.notify_on_close) return null;
        return socket.deliver('interactive', { type: 'view_closed', team: this.#team, user: this.#who, api_app_id: ws.appId, token: 'deprecated',
            view: { ...ws.viewOf(view), state: { values: {} } }, is_cleared: false, is_enterprise_install: false, enterprise: null }, { accepts: true });
    }
    /** Types into an external_select; resolves with the options offered. */
    async suggest(label, value) {
        const { ws, socket, note } = this.slack;
        const view = this.modal;
        const block = view.blocks.find((b) => b.label?.text === label || b.block_id === label);
        const delivery = socket.deliver('interactive', { type: 'block_suggestion', value, block_id: block.block_id, action_id: block.element.action_id, user: this.#who,
            team: this.#team, api_app_id: ws.appId, token: 'deprecated', view: ws.viewOf(view), container: { type: 'view', view_id: view.id } }, { accepts: true });
        await delivery.done;
        const wrong = checkOptions(delivery.acked?.options ?? []);
        if (wrong) note('ack', `the options offered: ${wrong.join('; ')}`);
        return delivery.acked?.options ?? [];
    }
}

// ---- what is typed, as Slack encodes it (§3.5) ----
/** `@name` of a person, addresses and mail become tokens; the rest is escaped. In a slash
 *  command the token carries the name. */
export function encodeTyped(text, slack, slash = false) {
    const { ws } = slack;
    const byName = (n) => [...ws.users.values()].find((u) => u.name === n);
    const out = [], elements = [];
    let at = 0;
    const plain = (s) => { if (s) { out.push(escape(s)); elements.push({ type: 'text', text: s }); } };
    for (const m of text.matchAll(/https?:\/\/[^\s<>]+|[\w.+-]+@[\w-]+(?:\.[\w-]+)+|@([\w-]+)/g)) {
        const [token, name] = m;
        const user = name && byName(name);
        if (name && !user) continue;
        plain(text.slice(at, m.index));
        at = m.index + token.length;
        if (user) {
            out.push(slash ? `<@${user.id}|${user.name}>` : `<@${user.id}>`);
            elements.push({ type: 'user', user_id: user.id });
        } else if (token.startsWith('http')) {
            out.push(`<${escape(token)}>`);
            elements.push({ type: 'link', url: token });
        } else {
            out.push(`<mailto:${token}|${token}>`);
            elements.push({ type: 'link', url: `mailto:${token}`, text: token });
        }
    }
    plain(text.slice(at));
    return { text: out.join(''), elements };
}

function search(items, fits) {
    for (const item of [...items].reverse())
        for (const block of item.blocks ?? [])
            for (const element of elementsOf(block)) if (fits(element)) return { item, block, element };
    return null;
}

/** The state of one input, as the phone would send it; a value that the phone would not
 *  let through is an error of the test. */
function fill(block, value) {
    const e = block.element, type = e.type;
    const required = () => { if (!block.optional) throw new Error(`“${block.label.text}” must be filled in`); };
    const given = value !== undefined && value !== null && value !== '';
    const optionOf = (label) => {
        const all = e.options ?? (e.option_groups ?? []).flatMap((g) => g.options);
        const o = all.find((x) => x.text.text === label || x.value === label);
        if (!o) throw new Error(`“${block.label.text}” does not offer ${label}`);
        return o;
    };
    switch (type) {
    case 'plain_text_input': case 'number_input': case 'email_text_input': case 'url_text_input': {
        const v = value === undefined ? e.initial_value ?? null : value || null;
        if (v === null) required();
        if (v !== null && e.max_length && v.length > e.max_length) throw new Error(`“${block.label.text}” takes ${e.max_length} characters`);
        return { type, value: v };
    }
    case 'static_select': case 'radio_buttons': case 'external_select': {
        const o = given ? (typeof value === 'object' ? value : optionOf(value)) : e.initial_option ?? null;
        if (!o) required();
        return { type, selected_option: o };
    }
    case 'multi_static_select': case 'checkboxes': {
        const all = given ? value.map(optionOf) : e.initial_options ?? [];
        if (!all.length) required();
        return { type, selected_options: all };
    }
    case 'datepicker': case 'timepicker': case 'datetimepicker': case 'users_select': {
        const [field, initial] = { datepicker: ['selected_date', 'initial_date'], timepicker: ['selected_time', 'initial_time'],
            datetimepicker: ['selected_date_time', 'initial_date_time'], users_select: ['selected_user', 'initial_user'] }[type];
        const v = given ? value : e[initial] ?? null;
        if (v === null) required();
        return { type, [field]: v };
    }
    default:
        throw new Error(`the fake does not fill in a ${type}`);
    }
}

/** A message or view as lines that a test can compare. Buttons: `[Label]`; menus: `(a|b)`. */
export function plainText(m) {
    const t = (o) => (o?.text ?? '');
    const rich = (e) => (e.elements ? e.elements.map(rich).join(e.type === 'rich_text_list' ? '\n' : '') : e.text ?? (e.user_id ? `<@${e.user_id}>` : e.url ?? e.fallback ?? e.name ?? ''));
    const element = (e) => {
        if (e.type === 'button') return `[${t(e.text)}]`;
        if (e.options) return `(${e.options.map((o) => t(o.text)).join('|')})`;
        if (e.type === 'image') return `{${e.alt_text}}`;
        return e.type === 'mrkdwn' || e.type === 'plain_text' ? e.text : `{${e.type}}`;
    };
    const block = (b) => {
        switch (b.type) {
        case 'header': return t(b.text);
        case 'section': return [t(b.text), ...(b.fields ?? []).map(t), b.accessory ? element(b.accessory) : ''].filter(Boolean).join('\n');
        case 'context': case 'actions': return b.elements.map(element).join(' ');
        case 'input': return `${t(b.label)}: ${element(b.element)}`;
        case 'image': return `{${b.alt_text}}`;
        case 'markdown': return b.text;
        case 'rich_text': return b.elements.map(rich).join('\n');
        case 'table': return b.rows.map((r) => r.map((c) => c.text ?? rich(c)).join(' | ')).join('\n');
        default: return '';
        }
    };
    const body = (m.blocks ?? []).map(block).filter(Boolean).join('\n');
    if (m.title) return [t(m.title), body, m.submit ? `[${t(m.submit)}]` : ''].filter(Boolean).join('\n');
    return body || m.text || '';
}
