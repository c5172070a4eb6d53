// The published limits of LINE's message objects, checked as the platform checks them: a
// list of {message, property}, empty where all is well. Lengths are UTF-16 code units,
// except where LINE counts grapheme clusters (labels, display texts, template texts).
const graphemes = new Intl.Segmenter('en', { granularity: 'grapheme' });
const clusters = (s) => [...graphemes.segment(s)].length;
const bytes = (v) => Buffer.byteLength(JSON.stringify(v));

const SIZES = /^(xxs|xs|sm|md|lg|xl|xxl|3xl|4xl|5xl|\d+(\.\d+)?px)$/;
const GAPS = /^(none|xs|sm|md|lg|xl|xxl|\d+(\.\d+)?px)$/;
const LENGTHS = /^(\d+(\.\d+)?(px|%))$/;
const COLOUR = /^#([0-9a-fA-F]{6}|[0-9a-fA-F]{8})$/;
const BUBBLES = ['nano', 'micro', 'deca', 'hecto', 'kilo', 'mega', 'giga'];

class Check {
    constructor() {
        this.details = [];
    }
    wrong(property, message) {
        this.details.push({ message, property });
    }
    text(v, property, max, { min = 1, count = (s) => s.length } = {}) {
        if (typeof v !== 'string') return this.wrong(property, 'must be specified');
        if (v.length === 0 && min > 0) return this.wrong(property, 'May not be empty');
        if (count(v) > max) this.wrong(property, `Length must be between 0 and ${max}`);
    }
    optional(v, property, max, how) {
        if (v !== undefined) this.text(v, property, max, how);
    }
    list(v, property, max, min = 1) {
        if (Array.isArray(v) && v.length >= min && v.length <= max) return true;
        this.wrong(property, `Size must be between ${min} and ${max}`);
        return false;
    }
    one(v, property, allowed, needed = false) {
        if (v === undefined && !needed) return;
        if (!allowed.includes(v)) this.wrong(property, `must be one of: ${allowed.join(', ')}`);
    }
    like(v, property, pattern) {
        if (v !== undefined && !(typeof v === 'string' && pattern.test(v))) this.wrong(property, 'invalid property');
    }
    uri(v, property, max, schemes) {
        this.text(v, property, max);
        if (typeof v === 'string' && !schemes.test(v)) this.wrong(property, 'invalid uri');
        if (typeof v === 'string' && /[^\x21-\x7e]/.test(v)) this.wrong(property, 'invalid uri');
    }
    only(v, property, allowed) {
        for (const key of Object.keys(v)) if (!allowed.includes(key)) this.wrong(`${property}.${key}`, 'unknown property');
    }
}

const cluster = { count: clusters };
const ACTION_KEYS = {
    postback: ['type', 'label', 'data', 'displayText', 'text', 'inputOption', 'fillInText'],
    message: ['type', 'label', 'text'],
    uri: ['type', 'label', 'uri', 'altUri'],
    datetimepicker: ['type', 'label', 'data', 'mode', 'initial', 'min', 'max'],
    clipboard: ['type', 'label', 'clipboardText'],
    camera: ['type', 'label'], cameraRoll: ['type', 'label'], location: ['type', 'label'],
    richmenuswitch: ['type', 'label', 'richMenuAliasId', 'data'],
};
const PICKER = { date: /^\d{4}-\d\d-\d\d$/, time: /^\d\d:\d\d$/, datetime: /^\d{4}-\d\d-\d\d[Tt]\d\d:\d\d$/ };

/** `where`: template, quickReply, flex or richMenu. */
function action(c, a, property, where, { labelMax = 20, labelNeeded = true } = {}) {
    if (!a || typeof a !== 'object' || !ACTION_KEYS[a.type]) return c.wrong(`${property}.type`, 'invalid action type');
    c.only(a, property, ACTION_KEYS[a.type]);
    if (labelNeeded || a.label !== undefined) c.text(a.label, `${property}.label`, labelMax, cluster);
    if (['camera', 'cameraRoll', 'location'].includes(a.type) && where !== 'quickReply')
        c.wrong(`${property}.type`, 'only in quick replies');
    if (a.type === 'richmenuswitch' && where !== 'richMenu') c.wrong(`${property}.type`, 'only in rich menus');
    if (['postback', 'datetimepicker', 'richmenuswitch'].includes(a.type)) c.text(a.data, `${property}.data`, 300);
    if (a.type === 'postback') {
        c.optional(a.displayText, `${property}.displayText`, 300, cluster);
        c.one(a.inputOption, `${property}.inputOption`, ['closeRichMenu', 'openRichMenu', 'openKeyboard', 'openVoice']);
        c.optional(a.fillInText, `${property}.fillInText`, 300, cluster);
        if (a.fillInText !== undefined && a.inputOption !== 'openKeyboard')
            c.wrong(`${property}.fillInText`, 'only with inputOption openKeyboard');
    } else if (a.type === 'message') {
        c.text(a.text, `${property}.text`, 300, cluster);
    } else if (a.type === 'uri') {
        c.uri(a.uri, `${property}.uri`, 1000, /^(https?|line|tel):/);
        if (a.altUri !== undefined && where === 'quickReply') c.wrong(`${property}.altUri`, 'not in quick replies');
    } else if (a.type === 'clipboard') {
        c.text(a.clipboardText, `${property}.clipboardText`, 1000);
    } else if (a.type === 'datetimepicker') {
        c.one(a.mode, `${property}.mode`, Object.keys(PICKER), true);
        for (const key of ['initial', 'min', 'max'])
            if (PICKER[a.mode]) c.like(a[key], `${property}.${key}`, PICKER[a.mode]);
    }
}

function box(c, v, property, depth) {
    c.only(v, property, ['type', 'layout', 'contents', 'spacing', 'margin', 'flex', 'action', 'paddingAll', 'paddingTop',
        'paddingBottom', 'paddingStart', 'paddingEnd', 'backgroundColor', 'borderColor', 'borderWidth', 'cornerRadius',
        'width', 'maxWidth', 'height', 'maxHeight', 'justifyContent', 'alignItems', 'position', 'background']);
    c.one(v.layout, `${property}.layout`, ['horizontal', 'vertical', 'baseline'], true);
    for (const key of ['spacing', 'margin']) c.like(v[key], `${property}.${key}`, GAPS);
    for (const key of ['backgroundColor', 'borderColor']) c.like(v[key], `${property}.${key}`, COLOUR);
    for (const key of ['width', 'height']) c.like(v[key], `${property}.${key}`, LENGTHS);
    if (!Array.isArray(v.contents)) return c.wrong(`${property}.contents`, 'must be specified');
    v.contents.forEach((part, i) => {
        if (v.layout === 'baseline' && !['icon', 'text', 'filler'].includes(part?.type))
            c.wrong(`${property}.contents[${i}]`, 'not in a baseline box');
        component(c, part, `${property}.contents[${i}]`, depth + 1);
    });
    if (v.action) action(c, v.action, `${property}.action`, 'flex', { labelMax: 40, labelNeeded: false });
}

function flexText(c, v, property) {
    c.only(v, property, ['type', 'text', 'contents', 'size', 'weight', 'style', 'color', 'wrap', 'maxLines', 'align',
        'gravity', 'flex', 'margin', 'scaling', 'adjustMode', 'action', 'decoration', 'lineSpacing', 'position']);
    if (Array.isArray(v.contents)) v.contents.forEach((s, i) => {
        if (s?.type !== 'span') c.wrong(`${property}.contents[${i}]`, 'only spans');
        else c.text(s.text, `${property}.contents[${i}].text`, 2000);
    });
    else c.text(v.text, `${property}.text`, 2000);
    c.like(v.size, `${property}.size`, SIZES);
    c.like(v.color, `${property}.color`, COLOUR);
    c.like(v.margin, `${property}.margin`, GAPS);
    c.one(v.weight, `${property}.weight`, ['regular', 'bold']);
    c.one(v.align, `${property}.align`, ['start', 'center', 'end']);
    if (v.action) action(c, v.action, `${property}.action`, 'flex', { labelMax: 40, labelNeeded: false });
}

function component(c, v, property, depth = 0) {
    if (!v || typeof v !== 'object') return c.wrong(property, 'must be specified');
    if (depth > 10) return c.wrong(property, 'nested too deep');
    if (v.type === 'box') return box(c, v, property, depth);
    if (v.type === 'text') return flexText(c, v, property);
    if (v.type === 'button') {
        c.only(v, property, ['type', 'action', 'style', 'color', 'height', 'flex', 'margin', 'gravity', 'scaling', 'adjustMode', 'position']);
        c.one(v.style, `${property}.style`, ['primary', 'secondary', 'link']);
        c.one(v.height, `${property}.height`, ['sm', 'md']);
        c.like(v.color, `${property}.color`, COLOUR);
        return action(c, v.action, `${property}.action`, 'flex', { labelMax: 40 });
    }
    if (v.type === 'separator') {
        c.only(v, property, ['type', 'margin', 'color']);
        c.like(v.color, `${property}.color`, COLOUR);
        return c.like(v.margin, `${property}.margin`, GAPS);
    }
    if (v.type === 'image') {
        c.uri(v.url, `${property}.url`, 2000, /^https:/);
        if (v.action) action(c, v.action, `${property}.action`, 'flex', { labelMax: 40, labelNeeded: false });
        return undefined;
    }
    if (v.type === 'icon') return c.uri(v.url, `${property}.url`, 2000, /^https:/);
    if (v.type === 'filler') return undefined;
    return c.wrong(`${property}.type`, `invalid component type: ${v.type}`);
}

function bubble(c, v, property) {
    if (v?.type !== 'bubble') return c.wrong(`${property}.type`, 'must be bubble');
    c.only(v, property, ['type', 'size', 'direction', 'header', 'hero', 'body', 'footer', 'styles', 'action']);
    c.one(v.size, `${property}.size`, BUBBLES);
    if (bytes(v) > 30 * 1024) c.wrong(property, 'Size must be at most 30 KB');
    for (const part of ['header', 'body', 'footer'])
        if (v[part] !== undefined) {
            if (v[part]?.type !== 'box') c.wrong(`${property}.${part}`, 'must be a box');
            else component(c, v[part], `${property}.${part}`);
        }
    if (v.hero !== undefined) component(c, v.hero, `${property}.hero`);
    return undefined;
}

function flex(c, m, property) {
    c.text(m.altText, `${property}.altText`, 1500);
    const v = m.contents;
    if (v?.type === 'carousel') {
        if (!c.list(v.contents, `${property}.contents.contents`, 12)) return;
        if (bytes(v) > 50 * 1024) c.wrong(`${property}.contents`, 'Size must be at most 50 KB');
        v.contents.forEach((b, i) => bubble(c, b, `${property}.contents.contents[${i}]`));
        if (new Set(v.contents.map((b) => b?.size ?? 'mega')).size > 1)
            c.wrong(`${property}.contents`, 'all bubbles of a carousel have one size');
    } else bubble(c, v, `${property}.contents`);
}

function template(c, m, property) {
    const t = m.template ?? {}, at = `${property}.template`;
    c.text(m.altText, `${property}.altText`, 1500);
    const picture = (v) => v.thumbnailImageUrl !== undefined || v.title !== undefined;
    const actions = (list, where, max, min = 1) => {
        if (c.list(list, `${where}.actions`, max, min)) list.forEach((a, i) => action(c, a, `${where}.actions[${i}]`, 'template'));
    };
    if (t.type === 'buttons') {
        c.text(t.text, `${at}.text`, picture(t) ? 60 : 160, cluster);
        c.optional(t.title, `${at}.title`, 40, cluster);
        actions(t.actions, at, 4);
    } else if (t.type === 'confirm') {
        c.text(t.text, `${at}.text`, 240, cluster);
        actions(t.actions, at, 2, 2);
    } else if (t.type === 'carousel') {
        if (!c.list(t.columns, `${at}.columns`, 10)) return;
        t.columns.forEach((col, i) => {
            c.text(col.text, `${at}.columns[${i}].text`, picture(col) ? 60 : 120, cluster);
            c.optional(col.title, `${at}.columns[${i}].title`, 40, cluster);
            actions(col.actions, `${at}.columns[${i}]`, 3);
        });
        if (new Set(t.columns.map((col) => col.actions?.length)).size > 1 || new Set(t.columns.map(picture)).size > 1)
            c.wrong(`${at}.columns`, 'all columns have the same number of actions, and all or none a picture or title');
    } else c.wrong(`${at}.type`, 'invalid template type');
}

function quickReply(c, v, property) {
    if (!c.list(v?.items, `${property}.items`, 13)) return;
    v.items.forEach((item, i) => {
        if (item?.type !== 'action') c.wrong(`${property}.items[${i}].type`, 'must be action');
        if (item?.imageUrl !== undefined) c.uri(item.imageUrl, `${property}.items[${i}].imageUrl`, 2000, /^https:/);
        action(c, item?.action, `${property}.items[${i}].action`, 'quickReply');
    });
}

function textV2(c, m, property, group) {
    c.text(m.text, `${property}.text`, 5000);
    const bare = String(m.text ?? '').replaceAll('{{', '').replaceAll('}}', '');
    const used = [...bare.matchAll(/\{([0-9a-zA-Z_]{1,20})\}/g)].map((x) => x[1]);
    if (/[{}]/.test(bare.replace(/\{[0-9a-zA-Z_]{1,20}\}/g, ''))) c.wrong(`${property}.text`, 'unbalanced braces');
    const named = m.substitution ?? {};
    if (Object.keys(named).length > 100) c.wrong(`${property}.substitution`, 'Size must be between 0 and 100');
    for (const key of used) if (!(key in named)) c.wrong(`${property}.substitution.${key}`, 'must be specified');
    for (const [key, v] of Object.entries(named))
        if (v?.type === 'mention' && !group) c.wrong(`${property}.substitution.${key}`, 'mentions only in groups and rooms');
}

function message(c, m, property, group) {
    if (!m || typeof m !== 'object') return c.wrong(property, 'must be specified');
    if (m.quickReply !== undefined) quickReply(c, m.quickReply, `${property}.quickReply`);
    if (m.sender?.name !== undefined) c.text(m.sender.name, `${property}.sender.name`, 20);
    if (m.type === 'text') return c.text(m.text, `${property}.text`, 5000);
    if (m.type === 'textV2') return textV2(c, m, property, group);
    if (m.type === 'flex') return flex(c, m, property);
    if (m.type === 'template') return template(c, m, property);
    if (m.type === 'image') {
        for (const key of ['originalContentUrl', 'previewImageUrl']) c.uri(m[key], `${property}.${key}`, 2000, /^https:/);
        return undefined;
    }
    if (['sticker', 'location', 'audio', 'video', 'imagemap'].includes(m.type)) return undefined;
    return c.wrong(`${property}.type`, 'must be one of the message types');
}

export function checkMessages(messages, { group = false } = {}) {
    const c = new Check();
    if (c.list(messages, 'messages', 5)) messages.forEach((m, i) => message(c, m, `messages[${i}]`, group));
    return c.details;
}

export function checkRichMenu(menu) {
    const c = new Check();
    const { width, height } = menu?.size ?? {};
    if (!(width >= 800 && width <= 2500)) c.wrong('size.width', 'Must be between 800 and 2500');
    if (!(height >= 250)) c.wrong('size.height', 'Must be at least 250');
    if (width / height < 1.45) c.wrong('size', 'the ratio of width to height must be 1.45 or more');
    if (typeof menu?.selected !== 'boolean') c.wrong('selected', 'must be specified');
    c.text(menu?.name, 'name', 300, cluster);
    c.text(menu?.chatBarText, 'chatBarText', 14, cluster);
    if (c.list(menu?.areas, 'areas', 20)) menu.areas.forEach((area, i) => {
        const b = area?.bounds ?? {};
        if (!(b.x >= 0 && b.y >= 0 && b.width > 0 && b.height > 0 && b.x + b.width <= width && b.y + b.height <= height))
            c.wrong(`areas[${i}].bounds`, 'outside of the picture');
        action(c, area?.action, `areas[${i}].action`, 'richMenu', { labelNeeded: false });
    });
    return c.details;
}
