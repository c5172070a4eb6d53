// Pictures of the main cards as a phone shows them, for people to look at: the real program
// says them to the fake Slack, a small rendering of Block Kit draws them, Chromium takes
// the pictures. The rendering knows every block that we send and throws at another.
//
//   node tests/slack/preview.mjs --program .build/dev/nemawashi [--out DIR] [--locale en|ja]
import { mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { chromium } from 'playwright-core';
import { escape } from '../fakes/slack/people.mjs';
import { FakeSlack } from '../fakes/slack/slack.mjs';
import { options, workDir } from '../server.mjs';
import { Nemawashi, freshStore } from './clients.mjs';

const o = options({ program: '.build/dev/nemawashi', out: '.build/preview', work: '.', chromium: '/usr/bin/chromium', locale: 'en' });
const dir = workDir(o.work, 'slack-preview');
mkdirSync(resolve(o.out), { recursive: true });

// ---- Block Kit ----
const lines = (s) => escape(s).replace(/\n/g, '<br>');
/** mrkdwn comes escaped; we send bold labels and nothing else. */
const mrkdwn = (s) => s.replace(/\*([^*\n]+)\*/g, '<b>$1</b>').replace(/\n/g, '<br>');
const text = (t) => (t.type === 'mrkdwn' ? mrkdwn(t.text) : lines(t.text));
const inline = (e) => {
    const styles = Object.entries(e.style ?? {}).filter(([, on]) => on).map(([name]) => name).join(' ');
    return `<span class="${styles}">${lines(e.text ?? e.url ?? '')}</span>`;
};
const RICH = {
    rich_text_section: (e) => `<div>${e.elements.map(inline).join('')}</div>`,
    rich_text_quote: (e) => `<blockquote>${e.elements.map(inline).join('')}</blockquote>`,
    rich_text_preformatted: (e) => `<pre>${e.elements.map(inline).join('')}</pre>`,
    rich_text_list: (e) => `<ul>${e.elements.map((x) => `<li>${x.elements.map(inline).join('')}</li>`).join('')}</ul>`,
};
const chosen = (e) => (e.initial_option ?? e.placeholder ? text(e.initial_option?.text ?? e.placeholder) : 'Select'); // Slack's own word
const ELEMENTS = {
    button: (e) => `<span class="button ${e.style ?? ''}">${text(e.text)}</span>`,
    overflow: () => '<span class="button">⋯</span>',
    static_select: (e) => `<span class="button select">${chosen(e)} ⌄</span>`,
    external_select: (e) => `<span class="button select">${chosen(e)} ⌄</span>`,
    plain_text_input: (e) => `<div class="input ${e.multiline ? 'tall' : ''}">${lines(e.initial_value ?? '') || `<i>${e.placeholder ? text(e.placeholder) : ''}</i>`}</div>`,
    number_input: (e) => ELEMENTS.plain_text_input(e),
    datepicker: (e) => `<span class="button select">${e.initial_date ?? chosen(e)} ⌄</span>`,
    timepicker: (e) => `<span class="button select">${e.initial_time ?? chosen(e)} ⌄</span>`,
};
const element = (e) => (ELEMENTS[e.type] ?? (() => { throw new Error(`no picture of a ${e.type}`); }))(e);
const BLOCKS = {
    header: (b) => `<h3>${text(b.text)}</h3>`,
    section: (b) => `<div class="section">${b.text ? `<div>${text(b.text)}</div>` : ''}${b.fields ? `<div class="fields">${b.fields.map((f) => `<div>${text(f)}</div>`).join('')}</div>` : ''}${b.accessory ? element(b.accessory) : ''}</div>`,
    context: (b) => `<div class="context">${b.elements.map(text).join(' ')}</div>`,
    divider: () => '<hr>',
    actions: (b) => `<div class="actions">${b.elements.map(element).join('')}</div>`,
    rich_text: (b) => b.elements.map((e) => RICH[e.type](e)).join(''),
    input: (b) => `<div class="label">${text(b.label)}${b.optional ? ' <i>(optional)</i>' : ''}</div>${element(b.element)}${b.hint ? `<div class="context">${text(b.hint)}</div>` : ''}`,
    table: (b) => `<div class="table"><table>${b.rows.map((r, i) => `<tr>${r.map((c, k) => {
        const tag = i === 0 ? 'th' : 'td';
        return `<${tag} style="text-align:${b.column_settings?.[k]?.align ?? 'left'}">${c.type === 'raw_text' ? lines(c.text) : c.elements.map((e) => RICH[e.type](e)).join('')}</${tag}>`;
    }).join('')}</tr>`).join('')}</table></div>`,
};
const draw = (blocks) => blocks.map((b) => (BLOCKS[b.type] ?? (() => { throw new Error(`no picture of a ${b.type}`); }))(b)).join('\n');
const STYLE = `body{font:15px/1.46 Lato,"Noto Sans CJK JP","Noto Sans",sans-serif;color:#1d1c1d;margin:0;padding:12px;width:366px}
h3{font-size:18px;line-height:1.3;margin:4px 0 8px}.name{font-weight:900}.app{font-size:10px;background:#ddd;border-radius:2px;padding:1px 3px;color:#616061}
.section{margin:6px 0}.fields{display:grid;grid-template-columns:1fr 1fr;gap:8px 12px;margin:6px 0}.context{font-size:13px;color:#616061;margin:6px 0}
.actions{display:flex;flex-wrap:wrap;gap:8px;margin:8px 0}.button{border:1px solid #bbb;border-radius:4px;padding:4px 12px;font-weight:700;font-size:14px;max-width:320px;overflow:hidden;text-overflow:ellipsis;white-space:nowrap}
.button.primary{background:#007a5a;border-color:#007a5a;color:#fff}.select{color:#616061;font-weight:400}blockquote{border-left:4px solid #ddd;margin:6px 0;padding-left:12px}
ul{margin:4px 0;padding-left:22px}pre{background:#f8f8f8;border:1px solid #ddd;border-radius:4px;padding:8px;font-size:12px;white-space:pre-wrap}
.table{overflow-x:auto;margin:8px 0}table{border-collapse:collapse;font-size:14px}th,td{border:1px solid #ddd;padding:5px 8px;vertical-align:top}th{background:#f8f8f8}
.input{border:1px solid #bbb;border-radius:4px;padding:8px;min-height:20px}.tall{min-height:70px}.label{font-weight:700;margin:12px 0 4px}i{color:#868686;font-style:normal}.bold{font-weight:700}
.bar{display:flex;justify-content:space-between;font-weight:700;border-bottom:1px solid #ddd;padding-bottom:8px}`;
const pageOf = (body) => `<!doctype html><meta charset="utf-8"><style>${STYLE}</style>${body}`;
const message = (m) => pageOf(`<div><span class="name">Nemawashi</span> <span class="app">APP</span></div>${m.blocks ? draw(m.blocks) : `<div>${mrkdwn(m.text)}</div>`}`);
const view = (v) => pageOf(`${v.type === 'modal' ? `<div class="bar"><span>${v.close ? text(v.close) : '✕'}</span><span>${text(v.title)}</span><span>${v.submit ? text(v.submit) : ''}</span></div>` : ''}${draw(v.blocks)}`);

// ---- the cards ----
const slack = await new FakeSlack().start();
const ja = o.locale === 'ja';
const me = slack.person({ id: 'U0ME', name: 'me', real_name: ja ? '山本 遥' : 'Kenji Sato', locale: ja ? 'ja-JP' : 'en-US' });
const sales = slack.channel({ name: 'sales', members: [me] });
const clock = join(dir, 'clock');
const at = (iso) => {
    writeFileSync(`${clock}.new`, `${Date.parse(iso)}\n`);
    renameSync(`${clock}.new`, clock);
    slack.clock.offset = Date.parse(iso) - Date.now();
};
const program = new Nemawashi(slack, dir, { program: o.program, name: 'preview', clock, env: { NEMAWASHI_ADMIN: 'slack:U0ME' } });
program.db = await freshStore(o.program, dir, 'preview');
const day = new Date(Date.now() + 86_400_000).toISOString().slice(0, 10); // the demo ends today
at(`${day}T17:20:00+09:00`);
await program.start();
await slack.connected();
const LINES = ja
    ? { log: '電話 田中様 電光 20分：法務がまだ引っかかってる', ask: 'line 田中：ISOの証明書がほしいとのこと', kpi: '電光の調子は？', table: '勝率 パートナー別', list: '一覧 案件', follow: '田中様 電光 今夜フォロー', show: '見せて D1' }
    : { log: 'zoom Tanaka Denko 45m: legal still worried, wants the ISO certificate before the committee meets', ask: 'line tanaka: asked for ISO cert', kpi: 'kpi Denko', table: 'win rate by partner', list: 'list deals', follow: 'follow Tanaka Denko tonight', show: 'show D1' };
const pictures = {};
let minute = 20;
const say = async (name, line, n = 1) => {
    at(`${day}T17:${++minute}:00+09:00`);
    pictures[name] = message((await me.dm(line).replies(n)).at(-1));
};
await me.dm('help').replies(2);
for (const name of ['log', 'ask', 'kpi', 'table', 'list', 'show', 'follow']) await say(name, LINES[name]);
const before = slack.log.length;
at(`${day}T19:31:00+09:00`);
await slack.until(() => slack.log.length > before, 'the reminder');
pictures.reminder = message(slack.log.at(-1).m);
me.openHome();
pictures.home = view(await slack.until(() => me.home, 'the home tab'));
me.shortcut('touch');
pictures.modal = view(await slack.until(() => me.modal?.blocks?.some((b) => b.type === 'input') && me.modal, 'the form'));
await program.stop();
await slack.stop();

const context = await chromium.launchPersistentContext(join(dir, 'profile'), { executablePath: o.chromium, viewport: { width: 390, height: 400 }, deviceScaleFactor: 2,
    args: ['--no-sandbox', '--disable-gpu', '--no-first-run', '--disable-background-networking'] });
const page = context.pages()[0] ?? await context.newPage();
for (const [name, html] of Object.entries(pictures)) {
    await page.setContent(html);
    const path = join(resolve(o.out), `${o.locale}-${name}.png`);
    await page.screenshot({ path, fullPage: true });
    console.log(path);
}
await context.close();
process.exit(0);
