// The Web API methods that the fake serves (sheet §4.3): what each takes, its tier, and
// what it does. An argument that the sheet does not name is noted as a breach.
import { MAX_ATTACHMENTS, MAX_TEXT, MAX_UPDATE_TEXT, checkMessageBlocks, checkMetadata, checkView } from './limits.mjs';
import { MAX_VIEWS } from './workspace.mjs';

const no = (error, messages) => ({ ok: false, error, ...(messages?.length ? { response_metadata: { messages } } : {}) });
const yes = (fields = {}) => ({ ok: true, ...fields });
const TIER = { 1: 1, 2: 20, 3: 50, 4: 100, posts: 300, many: 600 }; // calls a minute that are allowed

/** token: which kind; json: whether a JSON body is understood; args: `!` marks required. */
export const METHODS = {
    'apps.connections.open': { token: 'app', tier: 3, json: false, scope: 'connections:write', args: {} },
    'auth.test': { token: 'bot', tier: 'many', json: true, args: {} },
    'users.info': { token: 'bot', tier: 4, json: false, scope: 'users:read', args: { user: 'string!', include_locale: 'bool' } },
    'users.list': { token: 'bot', tier: 2, json: false, scope: 'users:read', args: { cursor: 'string', limit: 'int', include_locale: 'bool', team_id: 'string' } },
    'chat.postMessage': { token: 'bot', tier: 'posts', json: true, scope: 'chat:write', args: { channel: 'string!', text: 'string', blocks: 'json', attachments: 'json',
        thread_ts: 'string', reply_broadcast: 'bool', unfurl_links: 'bool', unfurl_media: 'bool', mrkdwn: 'bool', parse: 'string', link_names: 'bool', metadata: 'json' } },
    'chat.postEphemeral': { token: 'bot', tier: 4, json: true, scope: 'chat:write', args: { channel: 'string!', user: 'string!', text: 'string', blocks: 'json',
        attachments: 'json', thread_ts: 'string', parse: 'string', link_names: 'bool' } },
    'chat.update': { token: 'bot', tier: 3, json: true, scope: 'chat:write', args: { channel: 'string!', ts: 'string!', text: 'string', blocks: 'json', attachments: 'json',
        metadata: 'json', parse: 'string', link_names: 'bool', reply_broadcast: 'bool' } },
    'chat.delete': { token: 'bot', tier: 3, json: true, scope: 'chat:write', args: { channel: 'string!', ts: 'string!' } },
    'conversations.open': { token: 'bot', tier: 3, json: true, scope: 'im:write', args: { users: 'string', channel: 'string', return_im: 'bool', prevent_creation: 'bool' } },
    'conversations.info': { token: 'bot', tier: 3, json: false, scope: 'channels:read', args: { channel: 'string!', include_locale: 'bool', include_num_members: 'bool' } },
    'conversations.history': { token: 'bot', tier: 3, json: true, args: { channel: 'string!', cursor: 'string', limit: 'int', oldest: 'string',
        latest: 'string', inclusive: 'bool', include_all_metadata: 'bool' } },
    'conversations.replies': { token: 'bot', tier: 3, json: true, args: { channel: 'string!', ts: 'string!', cursor: 'string', limit: 'int',
        oldest: 'string', latest: 'string', inclusive: 'bool', include_all_metadata: 'bool' } },
    'views.open': { token: 'bot', tier: 4, json: true, args: { trigger_id: 'string!', view: 'json!' } },
    'views.push': { token: 'bot', tier: 4, json: true, args: { trigger_id: 'string!', view: 'json!' } },
    'views.update': { token: 'bot', tier: 4, json: true, args: { view_id: 'string', external_id: 'string', view: 'json!', hash: 'string' } },
    'views.publish': { token: 'bot', tier: 4, json: true, args: { user_id: 'string!', view: 'json!', hash: 'string' } },
    'reactions.add': { token: 'bot', tier: 3, json: true, scope: 'reactions:write', args: { channel: 'string!', timestamp: 'string!', name: 'string!' } },
    'files.getUploadURLExternal': { token: 'bot', tier: 4, json: false, scope: 'files:write', args: { filename: 'string!', length: 'int!', snippet_type: 'string', alt_txt: 'string' } },
    'files.completeUploadExternal': { token: 'bot', tier: 4, json: true, scope: 'files:write', args: { files: 'json!', channel_id: 'string', thread_ts: 'string',
        initial_comment: 'string', blocks: 'json' } },
};
export const allowedPerMinute = (method) => TIER[METHODS[method].tier];

/** What each method does; `slack` is the FakeSlack, `a` the arguments, all of the right type. */
export const RUN = {
    'apps.connections.open'(slack) {
        return yes({ url: slack.socket.issue(slack.base) });
    },
    'auth.test'(slack) {
        const { ws } = slack;
        return yes({ url: `https://${ws.team.domain}.slack.com/`, team: 'Acme', user: ws.botName, team_id: ws.team.id, user_id: ws.botUser,
            bot_id: ws.botId, app_id: ws.appId, is_enterprise_install: false });
    },
    'users.info'({ ws }, a) {
        const u = ws.users.get(a.user);
        return u ? yes({ user: shown(u, a.include_locale) }) : no('user_not_found');
    },
    'users.list'({ ws }, a) {
        const all = [...ws.users.values()], from = Number(a.cursor || 0), n = a.limit || 100;
        if (!Number.isInteger(from) || from < 0 || from > all.length) return no('invalid_cursor');
        return yes({ members: all.slice(from, from + n).map((u) => shown(u, a.include_locale)), cache_ts: ws.seconds(),
            response_metadata: { next_cursor: from + n < all.length ? String(from + n) : '' } });
    },

    // ---- messages ----
    'chat.postMessage'(slack, a) {
        const { ws } = slack;
        const channel = a.channel.startsWith('U') && ws.users.has(a.channel) ? ws.im(a.channel) : ws.channels.get(a.channel);
        const wrong = whereWrong(ws, channel) ?? contentWrong(a) ?? threadWrong(ws, channel, a);
        if (wrong) return wrong;
        const m = slack.postFromBot(channel, { ...a, text: a.text?.slice(0, MAX_TEXT) });
        return yes({ channel: channel.id, ts: m.ts, message: m });
    },
    'chat.postEphemeral'(slack, a) {
        const { ws } = slack;
        const channel = ws.channels.get(a.channel);
        const wrong = whereWrong(ws, channel) ?? contentWrong(a) ?? threadWrong(ws, channel, a);
        if (wrong) return wrong;
        if (a.text?.length > MAX_TEXT) return no('msg_too_long');
        if (!channel.members.has(a.user)) return no('user_not_in_channel');
        const m = ws.post(channel, { ...ws.botMessage(a), only: a.user });
        slack.shown(m);
        return yes({ message_ts: m.ts });
    },
    'chat.update'(slack, a) {
        const { ws } = slack;
        const channel = ws.channels.get(a.channel); // a user's id is none
        const m = channel && ws.find(channel, a.ts);
        const wrong = whereWrong(ws, channel) ?? (a.text === undefined && a.blocks === undefined && a.attachments === undefined ? no('no_text') : null) ??
            contentWrong(a, true);
        if (wrong) return wrong;
        if (a.text?.length > MAX_UPDATE_TEXT) return no('msg_too_long');
        if (!m || m.only) return no('message_not_found');
        if (m.bot_id !== ws.botId) return no('cant_update_message');
        slack.changeFromBot(channel, m, a);
        return yes({ channel: channel.id, ts: m.ts, text: m.text, message: m });
    },
    'chat.delete'(slack, a) {
        const { ws } = slack;
        const channel = ws.channels.get(a.channel), m = channel && ws.find(channel, a.ts);
        if (!channel) return no('channel_not_found');
        if (!m || m.only) return no('message_not_found');
        if (m.bot_id !== ws.botId) return no('cant_delete_message');
        m.gone = true;
        slack.changed();
        return yes({ channel: channel.id, ts: m.ts });
    },
    'reactions.add'({ ws, changed }, a) {
        const channel = ws.channels.get(a.channel), m = channel && ws.find(channel, a.timestamp);
        if (!channel) return no('channel_not_found');
        if (!m) return no('message_not_found');
        if (!/^[a-z0-9_+'-]+$/.test(a.name)) return no('invalid_name');
        m.reactions ??= [];
        if (m.reactions.some((r) => r.name === a.name)) return no('already_reacted');
        m.reactions.push({ name: a.name, users: [ws.botUser], count: 1 });
        changed();
        return yes();
    },

    // ---- conversations ----
    'conversations.open'({ ws }, a) {
        if (!a.users === !a.channel) return no(a.users ? 'users_list_not_supplied' : 'invalid_arguments');
        if (a.channel) {
            const c = ws.channels.get(a.channel);
            return c ? yes({ channel: { id: c.id }, no_op: true, already_open: true }) : no('channel_not_found');
        }
        const users = a.users.split(',');
        if (users.length !== 1) return no('invalid_arguments', ['[ERROR] the fake opens conversations with one person only']);
        const u = ws.users.get(users[0]);
        if (!u) return no('user_not_found');
        if (u.deleted) return no('user_disabled');
        const before = ws.channels.size, c = ws.im(u.id);
        return yes({ channel: { id: c.id }, ...(ws.channels.size === before ? { no_op: true, already_open: true } : {}) });
    },
    'conversations.info'({ ws }, a) {
        const c = ws.channels.get(a.channel);
        if (!c) return no('channel_not_found');
        const { members, messages, ...rest } = c;
        return yes({ channel: { ...rest, is_member: members.has(ws.botUser), num_members: members.size } });
    },
    'conversations.history'({ ws, scopes }, a) {
        const c = ws.channels.get(a.channel);
        const denied = c && historyDenied(c, scopes);
        if (denied) return denied;
        return c ? page(c.messages.filter((m) => !m.thread_ts || m.thread_ts === m.ts).reverse(), a) : no('channel_not_found');
    },
    'conversations.replies'({ ws, scopes }, a) {
        const c = ws.channels.get(a.channel);
        if (!c) return no('channel_not_found');
        const denied = historyDenied(c, scopes);
        if (denied) return denied;
        if (!ws.find(c, a.ts)) return no('thread_not_found');
        return page(c.messages.filter((m) => m.ts === a.ts || m.thread_ts === a.ts), a);
    },

    // ---- views ----
    'views.open'(slack, a) {
        return openView(slack, a, false);
    },
    'views.push'(slack, a) {
        return openView(slack, a, true);
    },
    'views.update'(slack, a) {
        const { ws } = slack;
        if (!a.view_id === !a.external_id) return no('invalid_arguments', ['[ERROR] exactly one of view_id and external_id']);
        const v = a.view_id ? ws.views.get(a.view_id) : [...ws.views.values()].find((x) => x.external_id === a.external_id);
        if (!v || (v.type === 'modal' && !ws.stack(v.owner).includes(v))) return no('not_found');
        if (a.hash && a.hash !== v.hash) return no('hash_conflict');
        const wrong = checkView(a.view, v.type);
        if (wrong) return no(wrong.error, wrong.messages);
        ws.updateView(v, a.view);
        slack.changed();
        return yes({ view: ws.viewOf(v) });
    },
    'views.publish'(slack, a) {
        const { ws } = slack;
        if (!ws.users.has(a.user_id)) return no('user_not_found');
        const wrong = checkView(a.view, 'home');
        if (wrong) return no(wrong.error, wrong.messages);
        const old = ws.homes.get(a.user_id);
        if (a.hash && old && a.hash !== old.hash) return no('hash_conflict');
        const v = old ? ws.updateView(old, a.view) : ws.makeView(a.view, a.user_id);
        ws.homes.set(a.user_id, v);
        slack.changed();
        return yes({ view: ws.viewOf(v) });
    },

    // ---- files ----
    'files.getUploadURLExternal'(slack, a) {
        if (a.length <= 0) return no('invalid_arguments', ['[ERROR] length must be above 0']);
        const f = slack.ws.newFile(a.filename, a.length);
        return yes({ upload_url: `${slack.base}${f.path}`, file_id: f.id });
    },
    'files.completeUploadExternal'(slack, a) {
        const { ws } = slack;
        if (!Array.isArray(a.files) || !a.files.length) return no('invalid_arguments');
        const files = a.files.map((f) => ws.files.get(f?.id));
        if (files.some((f) => !f || !f.uploaded)) return no('file_not_found');
        if (a.channel_id) {
            const channel = ws.channels.get(a.channel_id);
            const wrong = whereWrong(ws, channel) ?? threadWrong(ws, channel, a);
            if (wrong) return wrong;
            const m = ws.post(channel, { ...ws.botMessage({ text: a.initial_comment ?? '', thread_ts: a.thread_ts }),
                subtype: 'file_share', files: files.map((f, i) => ({ id: f.id, name: f.name, title: a.files[i].title ?? f.name })) });
            slack.shown(m);
        }
        for (const f of files) f.complete = true;
        return yes({ files: files.map((f, i) => ({ id: f.id, title: a.files[i].title ?? f.name })) });
    },
};

function shown(user, withLocale) {
    const { locale, ...u } = user;
    return withLocale ? { ...u, locale } : u;
}
function whereWrong(ws, channel) {
    if (!channel) return no('channel_not_found');
    if (channel.is_archived) return no('is_archived');
    if (!channel.members.has(ws.botUser)) return no('not_in_channel');
    if (channel.is_im && ws.users.get(channel.user)?.deleted) return no('messages_tab_disabled');
    return null;
}
/** What is wrong with the text, blocks, attachments and metadata of a message. */
export function contentWrong(a, mayBeEmpty = false, countText = true) {
    if (a.blocks !== undefined && !Array.isArray(a.blocks)) return no('invalid_blocks_format');
    if (!mayBeEmpty && !a.text && !a.blocks?.length && !a.attachments?.length) return no('no_text');
    if (a.attachments?.length > MAX_ATTACHMENTS) return no('too_many_attachments');
    if (a.metadata) {
        const wrong = checkMetadata(a.metadata);
        if (wrong) return no(wrong);
    }
    const wrong = a.blocks ? checkMessageBlocks(a.blocks, { countText }) : null;
    return wrong ? no(wrong.error, wrong.messages) : null;
}
function threadWrong(ws, channel, a) {
    if (!a.thread_ts) return null;
    const parent = ws.find(channel, a.thread_ts);
    if (!parent) return no('thread_not_found');
    if (parent.thread_ts && parent.thread_ts !== parent.ts) return no('cannot_reply_to_message', ['the timestamp of a reply, not of its parent']);
    return null;
}
/** Each kind of conversation has its own scope. */
function historyDenied(c, scopes) {
    const needed = c.is_im ? 'im:history' : c.is_private ? 'groups:history' : 'channels:history';
    return scopes.has(needed) ? null : { ...no('missing_scope'), needed, provided: [...scopes].join(',') };
}
function page(all, a) {
    const limit = Math.min(a.limit || 100, 999), from = Number(a.cursor || 0);
    const inside = (m) => (!a.oldest || m.ts > a.oldest || (a.inclusive && m.ts === a.oldest)) &&
        (!a.latest || m.ts < a.latest || (a.inclusive && m.ts === a.latest));
    const found = all.filter((m) => !m.gone && !m.only && inside(m));
    const messages = found.slice(from, from + limit).map((m) => {
        const { metadata, channel, ...rest } = m;
        return a.include_all_metadata && metadata ? { ...rest, metadata } : rest;
    });
    const more = from + limit < found.length;
    return yes({ messages, has_more: more, response_metadata: { next_cursor: more ? String(from + limit) : '' } });
}
function openView(slack, a, push) {
    const { ws } = slack;
    const wrong = checkView(a.view, 'modal');
    if (wrong) return no(wrong.error, wrong.messages);
    const { trigger, error } = ws.exchange(a.trigger_id);
    if (error) return no(error);
    const stack = ws.stack(trigger.user), top = stack.at(-1);
    if (push && !top) return no('not_found');
    if (push && stack.length >= MAX_VIEWS) return no('push_limit_reached');
    if (a.view.external_id && [...ws.views.values()].some((v) => v.external_id === a.view.external_id)) return no('duplicate_external_id');
    if (!push) stack.length = 0;
    const v = ws.makeView(a.view, trigger.user, push ? { root: top.root_view_id, previous: top.id } : {});
    stack.push(v);
    slack.changed();
    return yes({ view: ws.viewOf(v) });
}
