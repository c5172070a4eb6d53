// What Slack accepts as blocks, views and messages (sheet §5): each rule is a row, and what
// breaks one is told as Slack tells it, with a JSON pointer. Lengths are counted in UTF-16
// units, the stricter of the two readings.
//
// Not known here, hence refused: data_table, alert, card, carousel, container, video, file
// and the agents' blocks; the sheet advises against all of them.
export const MAX_TEXT = 40_000, MAX_UPDATE_TEXT = 4_000, MAX_BLOCKS_TEXT = 12_000, MAX_MARKDOWN = 12_000;
export const MAX_MESSAGE_BLOCKS = 50, MAX_VIEW_BLOCKS = 100, MAX_VIEW_BYTES = 250_000, MAX_ATTACHMENTS = 100;
export const MAX_METADATA = 8_000; // bytes; Slack says metadata_too_large, the sheet gives no figure

/** Collects what is wrong; `at` is the JSON pointer of what is looked at. */
export class Check {
    constructor(where) {
        this.where = where; // 'message', 'modal' or 'home'
        this.wrong = [];
        this.text = 0; // all text of all blocks, in units
        this.markdown = 0;
        this.focus = 0;
    }
    say(at, what) {
        this.wrong.push(`[ERROR] ${what} [json-pointer:${at}]`);
    }
    get messages() {
        return this.wrong;
    }
}

const isObject = (v) => v !== null && typeof v === 'object' && !Array.isArray(v);
const isHttp = (s) => { try { return /^https?:$/.test(new URL(s).protocol); } catch { return false; } };
const isDate = (s) => /^\d{4}-\d\d-\d\d$/.test(s) && !Number.isNaN(Date.parse(s)) && new Date(s).toISOString().startsWith(s);

// ---- the small grammar of rows: each field has a function (check, value, pointer) ----
const string = (min, max, test) => (c, v, at) => {
    if (typeof v !== 'string') return c.say(at, 'must be a string');
    if (v.length < min) return c.say(at, `must be more than ${min - 1} characters`);
    if (v.length > max) return c.say(at, `must be less than ${max + 1} characters`);
    if (test && !test(v)) c.say(at, 'has not the right form');
    return undefined;
};
const bool = (c, v, at) => { if (typeof v !== 'boolean') c.say(at, 'must be a boolean'); };
const integer = (min, max) => (c, v, at) => {
    if (!Number.isInteger(v) || v < min || v > max) c.say(at, `must be an integer from ${min} to ${max}`);
};
const oneOf = (...all) => (c, v, at) => { if (!all.includes(v)) c.say(at, `must be one of ${all.join(', ')}`); };
const list = (min, max, item) => (c, v, at) => {
    if (!Array.isArray(v)) return c.say(at, 'must be an array');
    if (v.length < min) return c.say(at, `no fewer than ${min} items allowed`);
    if (v.length > max) return c.say(at, `no more than ${max} items allowed`);
    v.forEach((x, i) => item(c, x, `${at}/${i}`));
    return undefined;
};
const object = (required, optional = {}, after) => (c, v, at) => {
    if (!isObject(v)) return c.say(at, 'must be an object');
    for (const [k, check] of Object.entries(required)) {
        if (v[k] === undefined) c.say(at, `missing required field: ${k}`);
        else check(c, v[k], `${at}/${k}`);
    }
    for (const [k, x] of Object.entries(v)) {
        if (k === 'type' || k in required) continue;
        if (k in optional) optional[k](c, x, `${at}/${k}`);
        else c.say(at, `invalid additional property: ${k}`);
    }
    after?.(c, v, at);
    return undefined;
};
const byType = (rows, what) => (c, v, at) => {
    if (!isObject(v)) return c.say(at, 'must be an object');
    const row = rows[v.type];
    if (!row) return c.say(at, `unsupported type: ${v.type} (${what})`);
    return row(c, v, at);
};
const only = (...where) => (check) => (c, v, at) => {
    if (!where.includes(c.where)) c.say(at, `not allowed in a ${c.where}`);
    check(c, v, at);
};

// ---- text ----
const counted = (check) => (c, v, at) => {
    if (typeof v === 'string') c.text += v.length;
    check(c, v, at);
};
const plain = (max, min = 1) => (c, v, at) => {
    if (v?.type !== 'plain_text') return c.say(at, 'must be a plain_text object');
    return object({ text: counted(string(min, max)) }, { emoji: bool })(c, v, at);
};
const anyText = (max) => (c, v, at) => {
    if (v?.type === 'mrkdwn') return object({ text: counted(string(1, max)) }, { verbatim: bool })(c, v, at);
    return plain(max)(c, v, at);
};

// ---- rich text ----
const style = object({}, { bold: bool, italic: bool, strike: bool, code: bool, underline: bool });
const inline = byType({
    text: object({ text: counted(string(1, 3000)) }, { style }),
    link: object({ url: string(1, 3000, isHttp) }, { text: counted(string(1, 3000)), style, unsafe: bool }),
    user: object({ user_id: string(1, 50) }, { style }),
    usergroup: object({ usergroup_id: string(1, 50) }, { style }),
    channel: object({ channel_id: string(1, 50) }, { style }),
    team: object({ team_id: string(1, 50) }, { style }),
    emoji: object({ name: string(1, 100) }, { unicode: string(1, 100), skin_tone: integer(1, 6), style }),
    broadcast: object({ range: oneOf('here', 'channel', 'everyone') }, { style }),
    date: object({ timestamp: integer(0, 1e11), format: string(1, 255) }, { fallback: counted(string(1, 255)), url: string(1, 3000), style }),
    color: object({ value: string(1, 20) }, { style }),
}, 'rich text');
const richSection = object({ elements: list(0, 1000, inline) });
const richBlock = byType({
    rich_text_section: richSection,
    rich_text_list: object({ style: oneOf('bullet', 'ordered'), elements: list(1, 1000, richSection) },
        { indent: integer(0, 8), border: integer(0, 1), offset: integer(0, 1e6) }),
    rich_text_quote: object({ elements: list(0, 1000, inline) }, { border: integer(0, 1) }),
    rich_text_preformatted: object({ elements: list(0, 1000, inline) }, { border: integer(0, 1) }),
}, 'rich text');
const richText = (c, v, at) => object({ elements: list(1, 1000, richBlock) }, { block_id: string(1, 255) })(c, v, at);

// ---- elements ----
const placeholder = plain(150);
const actionId = string(1, 255);
const confirm = object({ title: plain(100), text: anyText(300), confirm: plain(30), deny: plain(30) }, { style: oneOf('primary', 'danger') });
const focus = (c, v, at) => {
    bool(c, v, at);
    if (v === true && ++c.focus > 1) c.say(at, 'only one element may have focus_on_load');
};
const option = (label = plain(75)) => object({ text: label, value: string(1, 150) }, { description: plain(75) });
const overflowOption = object({ text: plain(75), value: string(1, 150) }, { description: plain(75), url: string(1, 3000, isHttp) });
const group = object({ label: plain(75), options: list(1, 100, option()) });
const allOptions = (v) => v.options ?? (v.option_groups ?? []).flatMap((g) => g?.options ?? []);
const among = (c, v, at, field, values) => {
    const same = (a, b) => JSON.stringify(sorted(a)) === JSON.stringify(sorted(b));
    values.forEach((x, i) => {
        if (!allOptions(v).some((o) => same(o, x))) c.say(`${at}/${field}${Array.isArray(v[field]) ? `/${i}` : ''}`, 'is none of the options');
    });
};
function sorted(v) {
    if (Array.isArray(v)) return v.map(sorted);
    if (!isObject(v)) return v;
    return Object.fromEntries(Object.entries(v).filter(([k]) => k !== 'emoji').sort(([a], [b]) => (a < b ? -1 : 1)).map(([k, x]) => [k, sorted(x)]));
}
const interactive = { action_id: actionId, confirm, focus_on_load: focus };
const select = { ...interactive, placeholder };
const static_ = (extra, multi) => object({}, { ...select, options: list(1, 100, option()), option_groups: list(1, 100, group), ...extra }, (c, v, at) => {
    if ((v.options === undefined) === (v.option_groups === undefined)) c.say(at, 'exactly one of options and option_groups');
    const field = multi ? 'initial_options' : 'initial_option';
    if (v[field]) among(c, v, at, field, multi ? v[field] : [v[field]]);
});
const max_selected_items = integer(1, 1000);
const ids = list(1, 1000, string(1, 50));
const dispatch = object({}, { trigger_actions_on: list(1, 2, oneOf('on_enter_pressed', 'on_character_entered')) });
const time = string(5, 5, (s) => /^([01]\d|2[0-3]):[0-5]\d$/.test(s));
const text = { action_id: actionId, placeholder, focus_on_load: focus, dispatch_action_config: dispatch };
const imageSource = (c, v, at) => { if (!v.image_url === !v.slack_file) c.say(at, 'exactly one of image_url and slack_file'); };
const slackFile = object({}, { id: string(1, 50), url: string(1, 3000) });
const radioLabel = anyText(75);

const ELEMENTS = {
    button: object({ text: plain(75) }, { ...interactive, value: string(1, 2000), url: string(1, 3000, isHttp),
        style: oneOf('primary', 'danger'), accessibility_label: string(1, 75) }),
    static_select: static_({ initial_option: option() }, false),
    multi_static_select: static_({ initial_options: list(1, 100, option()), max_selected_items }, true),
    external_select: object({}, { ...select, min_query_length: integer(0, 1000), initial_option: option() }),
    users_select: object({}, { ...select, initial_user: string(1, 50) }),
    multi_users_select: object({}, { ...select, initial_users: ids, max_selected_items }),
    conversations_select: object({}, { ...select, initial_conversation: string(1, 50), default_to_current_conversation: bool,
        response_url_enabled: bool, filter: object({}, { include: list(1, 4, oneOf('im', 'mpim', 'private', 'public')), exclude_external_shared_channels: bool, exclude_bot_users: bool }) }),
    channels_select: object({}, { ...select, initial_channel: string(1, 50), response_url_enabled: bool }),
    overflow: object({ options: list(1, 5, overflowOption) }, { action_id: actionId, confirm }),
    radio_buttons: object({ options: list(1, 10, option(radioLabel)) }, { ...interactive, initial_option: option(radioLabel) },
        (c, v, at) => { if (v.initial_option) among(c, v, at, 'initial_option', [v.initial_option]); }),
    checkboxes: object({ options: list(1, 10, option(radioLabel)) }, { ...interactive, initial_options: list(1, 10, option(radioLabel)) },
        (c, v, at) => { if (Array.isArray(v.initial_options)) among(c, v, at, 'initial_options', v.initial_options); }),
    datepicker: object({}, { ...select, initial_date: string(10, 10, isDate) }),
    timepicker: object({}, { ...select, initial_time: time, timezone: string(1, 100) }),
    datetimepicker: object({}, { ...interactive, initial_date_time: integer(1_000_000_000, 9_999_999_999) }),
    plain_text_input: object({}, { ...text, multiline: bool, initial_value: string(0, 3000), min_length: integer(0, 3000), max_length: integer(1, 3000) },
        (c, v, at) => {
            if (v.initial_value && v.max_length && v.initial_value.length > v.max_length) c.say(`${at}/initial_value`, 'is longer than max_length');
        }),
    number_input: only('modal')(object({ is_decimal_allowed: bool }, { ...text, min_value: string(1, 30), max_value: string(1, 30), initial_value: string(1, 30) })),
    email_text_input: only('modal')(object({}, { ...text, initial_value: string(0, 3000) })),
    url_text_input: only('modal')(object({}, { ...text, initial_value: string(0, 3000) })),
    rich_text_input: only('modal')(object({}, { ...text, initial_value: richText })),
    image: object({ alt_text: string(1, 2000) }, { image_url: string(1, 3000, isHttp), slack_file: slackFile }, imageSource),
};
const some = (...names) => byType(Object.fromEntries(names.map((n) => [n, ELEMENTS[n]])), 'here');
const SELECTS = ['static_select', 'multi_static_select', 'external_select', 'users_select', 'multi_users_select', 'conversations_select', 'channels_select'];
const PICKERS = ['radio_buttons', 'checkboxes', 'datepicker', 'timepicker'];
const inContext = byType({
    image: ELEMENTS.image,
    plain_text: plain(3000),
    mrkdwn: anyText(3000),
}, 'context');

// ---- blocks ----
const block_id = string(1, 255);
const cell = byType({ raw_text: object({ text: counted(string(1, 3000)) }), rich_text: richText }, 'cell');
const BLOCKS = {
    header: object({ text: plain(150) }, { block_id, level: integer(1, 4) }),
    section: object({}, { block_id, text: anyText(3000), fields: list(1, 10, anyText(2000)), expand: bool,
        accessory: some('button', 'overflow', 'datetimepicker', 'image', ...SELECTS, ...PICKERS) },
    (c, v, at) => { if (v.text === undefined && v.fields === undefined) c.say(at, 'text or fields is required'); }),
    divider: object({}, { block_id }),
    context: object({ elements: list(1, 10, inContext) }, { block_id }),
    actions: object({ elements: list(1, 25, some('button', 'overflow', 'datetimepicker', ...SELECTS, ...PICKERS)) }, { block_id }),
    input: only('modal', 'home')(object({ label: plain(2000), element: some('plain_text_input', 'number_input', 'email_text_input', 'url_text_input',
        'rich_text_input', 'datetimepicker', ...SELECTS, ...PICKERS) }, { block_id, hint: plain(2000), optional: bool, dispatch_action: bool })),
    image: object({ alt_text: string(1, 2000) }, { block_id, title: plain(2000), image_url: string(1, 3000, isHttp), slack_file: slackFile }, imageSource),
    markdown: only('message')(object({ text: counted(string(1, MAX_MARKDOWN)) }, { block_id }, (c, v) => { c.markdown += v.text?.length ?? 0; })),
    rich_text: richText,
    table: only('message')(object({ rows: list(1, 100, list(1, 20, cell)) },
        { block_id, column_settings: list(0, 20, object({}, { align: oneOf('left', 'center', 'right'), is_wrapped: bool })) })),
};
const anyBlock = byType(BLOCKS, 'block');

function checkBlocks(c, blocks, at, max) {
    if (!Array.isArray(blocks)) { c.say(at, 'must be an array'); return; }
    if (blocks.length > max) c.say(at, `no more than ${max} items allowed`);
    const seen = new Set();
    blocks.forEach((b, i) => {
        const here = `${at}/${i}`;
        anyBlock(c, b, here);
        if (typeof b?.block_id === 'string') {
            if (seen.has(b.block_id)) c.say(`${here}/block_id`, 'block_id must be unique');
            seen.add(b.block_id);
        }
        const actions = new Set();
        for (const e of elementsOf(b)) {
            if (typeof e?.action_id !== 'string') continue;
            if (actions.has(e.action_id)) c.say(here, `action_id ${e.action_id} must be unique in its block`);
            actions.add(e.action_id);
        }
    });
    if (blocks.filter((b) => b?.type === 'table').length > 1) c.say(at, 'only one table in a message');
    if (c.markdown > MAX_MARKDOWN) c.say(at, `no more than ${MAX_MARKDOWN} characters of markdown`);
}
export function elementsOf(block) {
    if (!block) return [];
    return [...(Array.isArray(block.elements) && block.type === 'actions' ? block.elements : []), block.accessory, block.element].filter(Boolean);
}

/** What is wrong with the blocks of a message: { error, messages } or null. */
export function checkMessageBlocks(blocks, { countText = true } = {}) {
    const c = new Check('message');
    checkBlocks(c, blocks, '/blocks', MAX_MESSAGE_BLOCKS);
    if (c.wrong.length) return { error: 'invalid_blocks', messages: c.messages };
    if (countText && c.text > MAX_BLOCKS_TEXT) return { error: 'msg_blocks_too_long', messages: [`${c.text} characters in all blocks`] };
    return null;
}

const viewField = {
    callback_id: string(0, 255), private_metadata: string(0, 3000), external_id: string(0, 255),
    blocks: (c, v, at) => checkBlocks(c, v, at, MAX_VIEW_BLOCKS),
};
const MODAL = object({ title: plain(24), blocks: viewField.blocks }, { ...viewField, submit: plain(24), close: plain(24),
    clear_on_close: bool, notify_on_close: bool, submit_disabled: bool });
const HOME = object({ blocks: viewField.blocks }, viewField);
export function checkView(view, type) {
    const c = new Check(type);
    if (!isObject(view)) return { error: 'invalid_arguments', messages: ['[ERROR] must be an object [json-pointer:/view]'] };
    if (Buffer.byteLength(JSON.stringify(view)) > MAX_VIEW_BYTES) return { error: 'view_too_large', messages: [] };
    if (view.type !== type) c.say('/view/type', `must be ${type}`);
    (type === 'modal' ? MODAL : HOME)(c, view, '/view');
    if (type === 'modal' && !view.submit && Array.isArray(view.blocks) && view.blocks.some((b) => b?.type === 'input'))
        c.say('/view', 'a view with an input block must have a submit');
    return c.wrong.length ? { error: 'invalid_arguments', messages: c.messages } : null;
}

export function checkMetadata(metadata) {
    if (!isObject(metadata) || typeof metadata.event_type !== 'string' || !isObject(metadata.event_payload)) return 'invalid_metadata_format';
    return Buffer.byteLength(JSON.stringify(metadata)) > MAX_METADATA ? 'metadata_too_large' : null;
}
export function checkOptions(options) {
    const c = new Check('message');
    list(0, 100, option())(c, options, '/options');
    return c.wrong.length ? c.wrong : null;
}
