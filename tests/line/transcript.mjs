// A transcript as tests/conversations/README.md describes it, and what LINE showed, made
// comparable: words are compared letter by letter, since lines and columns are where they
// are on a phone, and buttons by their labels. chat_line.c compares the same in process.
import { readFileSync } from 'node:fs';

const UNIT = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 };
const span = (s) => [...s.matchAll(/(\d+)([smhd])/g)].reduce((sum, [, n, unit]) => sum + n * UNIT[unit], 0);
const SPAN = '(?:\\d+[smhd])+';
const KINDS = [
    ['prose', /^#(?: |$)/, () => ({})],
    ['given', /^given (.*)$/, (m) => ({ what: m[1] })],
    ['restart', new RegExp(`^== restart(?: \\+(${SPAN}))?$`), (m) => ({ ms: m[1] ? span(m[1]) : 0 })],
    ['later', new RegExp(`^\\+(${SPAN})$`), (m) => ({ ms: span(m[1]) })],
    ['at', /^at (2\S*T\S+)$/, (m) => ({ at: Date.parse(m[1]) })],
    ['say', /^([^~>[ \t\]()|"]+)~?>(?: (.*))?$/, (m) => ({ who: m[1], what: m[2] ?? '' })],
    ['tap', /^([^~>[ \t\]()|"]+)~?\[(.*)\]$/, (m) => ({ who: m[1], what: m[2] })],
];
function lineOf(text, number) {
    for (const [kind, shape, read] of KINDS) {
        const m = shape.exec(text);
        if (m) return { kind, number, ...read(m) };
    }
    return { kind: 'output', number, text };
}

/** { clock, head, steps }: the time at which it begins, what stands above the first step,
 *  and the steps, each with `expected`: who is told what by it. */
export function readTranscript(path) {
    const lines = readFileSync(path, 'utf8').split('\n').map((l, i) => lineOf(l, i + 1));
    const first = lines.findIndex((l) => l.kind === 'say' || l.kind === 'tap');
    const head = lines.slice(0, first).filter((l) => l.kind === 'given').map((l) => l.what);
    const steps = [];
    for (const l of lines.slice(first)) {
        if (l.kind === 'output') steps.at(-1).output.push(l.text);
        else if (l.kind !== 'prose') steps.push({ ...l, output: [] });
    }
    for (const s of steps) s.expected = expected(s);
    return { clock: Date.parse(head.find((w) => w.startsWith('clock ')).slice(6)), head, steps };
}

const BUTTONS = /^\[.*\]$/, ALIGNED = / {2}/;
/** The heads of the tables among the lines: the first label, the others, and of how many rows. */
function heads(text) {
    const rows = (i) => (ALIGNED.test(text[i] ?? '') ? 1 + rows(i + 1) : 0);
    return text.flatMap((l, i) => (ALIGNED.test(l) && !ALIGNED.test(text[i - 1] ?? '')
        ? [{ first: letters(l.split(ALIGNED)[0]), others: letters(l.split(ALIGNED).slice(1).join('')), rows: rows(i + 1) }] : []));
}
/** The messages below a step, by who is told: { letters, labels }. */
function expected({ who, output }) {
    const told = new Map();
    let to = who, words = [];
    const end = () => {
        const text = words.join('\n').trimEnd().split('\n'), last = text.at(-1).trim();
        words = [];
        if (text.join('') === '') return;
        const labels = BUTTONS.test(last) ? last.slice(1, -1).split('] [') : [];
        if (labels.length) text.pop();
        const t = told.get(to) ?? { letters: '', labels: [], heads: [] };
        told.set(to, { letters: t.letters + letters(text.join('\n').replace(/^! not stored: /, '')), labels: [...t.labels, ...labels],
            heads: [...t.heads, ...heads(text)] });
    };
    for (const line of output) {
        const heading = /^\(\d\d:\d\d\) bot to (.+)>$/.exec(line);
        if (heading || line === '--') end();
        else words.push(line);
        if (heading) to = heading[1];
    }
    end();
    return told;
}

/** Letters alone. */
const letters = (s) => s.replace(/[ \n:：·–]/g, '');

/** What a person reads in LINE's messages, in the same form. */
export function seen(messages) {
    const words = [], labels = [];
    for (const m of messages) {
        putWords(words, m.contents ?? m);
        putLabels(labels, m.contents?.footer);
    }
    return { letters: letters(words.join('\n')), labels };
}
function putWords(out, v) {
    if (v.type === 'text' && v.text) out.push(v.text);
    if (v.body) putWords(out, v.body);
    for (const x of Array.isArray(v.contents) ? v.contents : []) putWords(out, x);
}
function putLabels(out, v) {
    if (v?.type === 'button' && v.action?.label) out.push(v.action.label);
    for (const x of v?.contents ?? []) putLabels(out, x);
}
/** Is `shown` the label, or as much of it as LINE has room for? */
export const shows = (shown, label) => shown === label || (shown.endsWith('…') && label.startsWith(shown.slice(0, -1)));

const sorted = (s) => [...s].sort().join('');
/** A table that is narrow on the console may be too wide for a bubble: its rows are cards
 *  there, where each label stands at its value and the first column needs none. */
const sameAsCard = (want, got) => want.heads.some((h) => h.first && h.rows &&
    sorted(want.letters.replace(h.first, '') + h.others.repeat(h.rows - 1)) === sorted(got.letters));

export const same = (want, got) => (want.letters === got.letters || sameAsCard(want, got)) && want.labels.length === got.labels.length &&
    want.labels.every((l, i) => shows(got.labels[i], l));
