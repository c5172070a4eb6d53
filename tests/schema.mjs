// Validates neutral replies against bot/core/reply.schema.json:
//   node tests/schema.mjs DIR          every line of DIR/*.jsonl {at, reply}
//   node tests/schema.mjs --self-test  proves that the schema refuses what it should
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import Ajv from 'ajv';

const schema = JSON.parse(
    readFileSync(new URL('../bot/core/reply.schema.json', import.meta.url), 'utf8'));
const valid = new Ajv({ allErrors: true, strict: true, strictTypes: false,
    strictRequired: false, allowUnionTypes: true, discriminator: true }).compile(schema);

// What JSON Schema cannot say: a row has as many cells as there are columns.
function problems(reply) {
    const found = valid(reply) ? [] : valid.errors
        .map((e) => `${e.instancePath || '/'} ${e.message} ${JSON.stringify(e.params)}`);
    for (const [i, part] of (reply.parts ?? []).entries())
        if (part.kind === 'table' && Array.isArray(part.rows) && Array.isArray(part.columns))
            for (const row of part.rows)
                if (row.length !== part.columns.length)
                    found.push(`/parts/${i} a row of ${row.length} cells in ${part.columns.length} columns`);
    return found;
}

function check(dir) {
    const files = readdirSync(dir).filter((name) => name.endsWith('.jsonl'));
    let replies = 0, bad = 0;
    for (const file of files) {
        for (const line of readFileSync(join(dir, file), 'utf8').split('\n')) {
            if (!line) continue;
            const { at, reply } = JSON.parse(line);
            const found = problems(reply);
            replies++;
            if (found.length) {
                bad++;
                console.log(`${at}: ${reply.code}\n  ${found.slice(0, 8).join('\n  ')}`);
            }
        }
    }
    console.log(`${replies} replies of ${files.length} transcripts, ${bad} of another shape`);
    return replies > 0 && bad === 0;
}

const good = {
    seq: 1, in: 1, to: 'kenji', private: false, status: 'ok', code: 'touch.logged',
    locale: 'en', title: 'T1 · Zoom', text: 'T1 · Zoom',
    parts: [
        { kind: 'text', text: 'a', soft: true }, { kind: 'note', text: '' },
        { kind: 'fields', fields: [{ label: 'a', value: '' }] },
        { kind: 'table', columns: [{ label: '', align: 'right' }], rows: [['1']] },
        { kind: 'list', items: [{ text: 'a', say: 'show T1', note: 'n' }] },
        { kind: 'warning', text: 'a' }, { kind: 'progress', done: 0, total: 3, label: 'a' },
        { kind: 'chart', alt: 'a', points: [1, 2] },
    ],
    buttons: [{ label: 'Undo', say: 'undo T1', style: 'quiet', url: 'https://line.me/' }],
    quick: [{ label: 'a', say: 'b' }],
    records: [{ id: 'T1', verb: 'created', fields: { at: '2026-03-02T17:20:00+09:00', minutes: 45, people: ['C1'] } }],
    assumed: ['at'],
    kpi: { id: 'K1', scope: 'P3', from: '2026-01-01', to: '2026-03-31', zone: 'Asia/Tokyo', num: 1,
        den: 2, value: '50.0', unit: 'percent', n: 2, small: true, excluded: ['D1'] },
};
// Each breach takes the good reply and spoils one place.
const breaches = {
    'a property too many': (r) => { r.extra = 1; },
    'no text': (r) => { delete r.text; },
    'an empty text': (r) => { r.text = ''; },
    'an unknown status': (r) => { r.status = 'fine'; },
    'a code that is no key': (r) => { r.code = 'Touch logged'; },
    'an unknown part': (r) => { r.parts[0].kind = 'poem'; },
    'a part with a property too many': (r) => { r.parts[0].bold = true; },
    'a note that is still a reference': (r) => { r.parts[1] = { kind: 'note', note: 4, rev: 1 }; },
    'a field without a value': (r) => { delete r.parts[2].fields[0].value; },
    'a number in a cell': (r) => { r.parts[3].rows[0][0] = 1; },
    'a row too long': (r) => { r.parts[3].rows[0].push('2'); },
    'an unknown alignment': (r) => { r.parts[3].columns[0].align = 'middle'; },
    'an item without text': (r) => { delete r.parts[4].items[0].text; },
    'an empty list': (r) => { r.parts[4].items = []; },
    'progress without an end': (r) => { delete r.parts[6].total; },
    'a chart without words': (r) => { delete r.parts[7].alt; },
    'an unknown button style': (r) => { r.buttons[0].style = 'loud'; },
    'a button that says nothing': (r) => { r.buttons[0].say = ''; },
    'a chip with a style': (r) => { r.quick[0].style = 'plain'; },
    'a record without a number': (r) => { r.records[0].id = 'T'; },
    'an unknown verb': (r) => { r.records[0].verb = 'eaten'; },
    'a field with a tree': (r) => { r.records[0].fields.at = { a: 1 }; },
    'a fraction in a record': (r) => { r.records[0].fields.minutes = 4.5; },
    'a figure that is no decimal': (r) => { r.kpi.value = 50.5; },
    'a kpi without its period': (r) => { delete r.kpi.from; },
    'the same field assumed twice': (r) => { r.assumed = ['at', 'at']; },
};
function selfTest() {
    let failed = 0;
    for (const reply of [good, { ...good, kpi: null, parts: [] }]) {
        if (problems(reply).length) {
            console.log('a good reply is refused:', problems(reply));
            failed++;
        }
    }
    for (const [name, spoil] of Object.entries(breaches)) {
        const reply = structuredClone(good);
        spoil(reply);
        if (!problems(reply).length) {
            console.log(`not refused: ${name}`);
            failed++;
        }
    }
    console.log(`${Object.keys(breaches).length} breaches tried, ${failed} wrong`);
    return failed === 0;
}

const [arg] = process.argv.slice(2);
if (!arg) {
    console.error('usage: schema.mjs DIR | --self-test');
    process.exit(2);
}
process.exit((arg === '--self-test' ? selfTest() : check(arg)) ? 0 : 1);
