// The real program in a Slack: every example of the command table, in English and Japanese,
// as a direct message, a slash command, a mention in a thread and a form gives what the
// console gives; buttons, menus, forms, shortcuts, the home tab, edits, guests and strangers.
//
//   node tests/slack/program.mjs --program .build/dev/nemawashi [--only WORDS] [--work DIR]
import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import { copyFileSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { plainText } from '../fakes/slack/people.mjs';
import { FakeSlack } from '../fakes/slack/slack.mjs';
import { Server, options, workDir } from '../server.mjs';
import { run } from './steps.mjs';

const o = options({ program: '.build/dev/nemawashi', work: '.', only: '' });
const program = resolve(o.program);
const dir = workDir(o.work, 'slack-program');
const START = Date.parse('2026-03-02T10:00:00+09:00');
const manifest = JSON.parse(execFileSync(program, ['print', 'slack-manifest'], { encoding: 'utf8' }));
/** What people are shown to type; not calendars, which look for an address on the internet or
 *  give one that only a server has, nor one's own data, which is for a place of one's own. */
const ELSEWHERE = ['calendar', 'mine'];
const examples = (locale) => Object.entries(JSON.parse(readFileSync(`locales/${locale}.json`, 'utf8')).commands)
    .flatMap(([id, c]) => (ELSEWHERE.includes(id.split('.')[0]) ? [] : c.examples));

/** A Slack with two reps, and the program on a store of its own under a held clock. */
class World {
    static seed;
    static async open(name, { seed = World.seed } = {}) {
        const w = new World();
        w.clock = join(dir, `${name}.clock`);
        w.db = join(dir, `${name}.db`);
        w.at(START);
        if (seed) copyFileSync(seed, w.db);
        w.slack = new FakeSlack({ scopes: manifest.oauth_config.scopes.bot });
        w.slack.clock.offset = START - Date.now();
        await w.slack.start();
        w.kenji = w.slack.person({ id: 'U0KENJI', name: 'kenji', real_name: 'Kenji Sato', locale: 'en-US' });
        w.haruka = w.slack.person({ id: 'U0HARUKA', name: 'haruka', real_name: '山本 遥', locale: 'ja-JP' });
        w.sales = w.slack.channel({ name: 'sales', members: [w.kenji, w.haruka] });
        w.server = new Server({ program, db: w.db, clock: w.clock, args: [], env: w.slack.env });
        await w.server.start();
        await w.slack.connected();
        return w;
    }
    at(ms) {
        writeFileSync(`${this.clock}.new`, `${this.now = ms}\n`);
        renameSync(`${this.clock}.new`, this.clock);
    }
    /** Two seconds: nobody types faster than the limit. */
    tick(ms = 2_000) {
        this.at(this.now + ms);
        this.slack.clock.advance(ms);
    }
    async close() {
        assert.deepEqual(this.slack.breaches, []);
        await this.slack.settled();
        assert.ok(this.slack.socket.deliveries.every((d) => d.acked), 'everything was acknowledged');
        await this.server.kill('SIGTERM');
        await this.slack.stop();
    }
}

/** The answer in words: a picture or a file comes in a message of its own before it. */
async function inWords(deed, where) {
    const first = await deed.replies(1, undefined, where);
    return first[0].text ? first : (await deed.replies(2, undefined, where)).filter((m) => m.text);
}
/** The four ways into the chat; each resolves with the answers. */
const ROUTES = {
    async dm(w, person, text) {
        return inWords(person.dm(text));
    },
    async slash(w, person, text) {
        return inWords(person.slash(text));
    },
    async mention(w, person, text) {
        const deed = person.mention(w.sales, text, { thread: w.thread });
        w.thread ??= deed.message;
        const answers = await inWords(deed, { anywhere: true });
        for (const m of answers) assert.equal(m.thread_ts, w.thread.ts, `“${text}” is answered in its thread`);
        return answers;
    },
    async form(w, person, text) {
        person.shortcut('say');
        await w.slack.until(() => person.modal, 'the form');
        const { deed, errors, failed } = await person.submit({ line: text });
        assert.deepEqual([errors, failed], [undefined, undefined], text);
        return inWords(deed, { anywhere: true });
    },
};
const shown = (m) => plainText(m);
const unescape = (s) => s.replace(/&lt;/g, '<').replace(/&gt;/g, '>').replace(/&amp;/g, '&');

/** Codes are drawn anew; where one is already is no link. */
const comparable = (s) => s.replace(/\b[A-Z0-9]{4}-[A-Z0-9]{4}\b/g, 'CODE').split('\n').filter((l) => !/^(Linked: |連携先：)Slack$/.test(l));

/** Without what blocks set otherwise: spaces, quotes, and marks between a label and its value. */
const bare = (s) => s.replace(/[\s“”「」:：·*_]/g, '');

async function throughSlack(route, locale) {
    const w = await World.open(`${route}-${locale}`);
    const person = locale === 'ja' ? w.haruka : w.kenji;
    const said = [];
    for (const text of examples(locale)) {
        w.tick();
        const answers = await ROUTES[route](w, person, text);
        said.push({ text, fallback: unescape(answers[0].text), blocks: unescape(shown(answers[0])), only: answers.every((m) => m.only || m.channel === person.im.id), open: answers.filter((m) => !m.only && m.channel === w.sales.id).length });
    }
    await w.close();
    return said;
}
/** The same lines in the console: the reply's plain text. */
async function inConsole(locale) {
    const db = join(dir, `console-${locale}.db`), clock = join(dir, `console-${locale}.clock`);
    copyFileSync(World.seed, db);
    let now = START;
    const said = [];
    for (const text of examples(locale)) {
        writeFileSync(clock, `${now += 2_000}\n`);
        const child = spawn(program, ['chat', '--as', locale === 'ja' ? '山本-遥' : 'kenji-sato', '--json', '--db', db],
            { env: { ...process.env, NEMAWASHI_CLOCK_FILE: clock }, stdio: ['pipe', 'pipe', 'inherit'] });
        child.stdin.end(`${text}\n`);
        let out = '';
        child.stdout.setEncoding('utf8');
        for await (const d of child.stdout) out += d;
        const reply = JSON.parse(out.split('\n')[0]);
        said.push({ text, fallback: reply.text, status: reply.status, secret: reply.private });
    }
    return said;
}
const steps = {
    async 'two people become members at their first word'() {
        const first = join(dir, 'first.db');
        const clock = join(dir, 'first.clock');
        writeFileSync(clock, `${START}\n`);
        await (await new Server({ program, db: first, clock }).start()).kill('SIGTERM');
        // The demo's own Kenji and Haruka are others: ours get handles of their own.
        const w = await World.open('people', { seed: first });
        for (const [person, welcome] of [[w.kenji, /Welcome, Kenji Sato/], [w.haruka, /山本 遥さん、ようこそ/]]) {
            const greeted = person.dm('whoami');
            assert.match((await greeted.replies(2)).map(shown).join('\n'), welcome);
            // The first word has a welcome and its answer, not more; the next its answer alone.
            await person.dm('whoami').reply();
            assert.equal(greeted.seen().length, 3);
        }
        await w.close();
        World.seed = w.db;
        if ('every example'.includes(o.only)) inLanguage('en'); // goes on while the next steps run
    },
};
const WORDS = {
    en: { log: 'zoom Tanaka Denko 45m: legal still worried', undo: 'Undo', edit: 'Edit', follow: /^Follow up tonight/, undone: /^T\d+ undone/, guest: 'help',
        unclear: 'mumble mumble 3', form: { note: 'asked for a quote', who: 'Tanaka Denko', minutes: '30' }, channel: 'Zoom', logged: /Zoom · 田中部長.*30 min/, wrong: /minutes|number/i, today: /Due today/ },
    ja: { log: '電話 田中様 電光 きのう 20分：法務がまだ引っかかってる', undo: '取消', edit: '修正', follow: /^今夜.*フォロー/, undone: /取り消し|取消/, guest: 'ヘルプ',
        unclear: 'むにゃむにゃ 3', form: { note: '見積もりのご依頼', who: '田中様 電光', minutes: '30' }, channel: 'Zoom', logged: /Zoom.*田中.*30分/, wrong: /数字/, today: /今日/ },
};
const labels = (m) => [...plainText(m).matchAll(/\[([^\]]+)\]/g)].map((x) => x[1]);
for (const [locale, words] of Object.entries(WORDS)) {
    steps[`buttons, forms, shortcuts and the home tab in ${locale}`] = async () => {
        const w = await World.open(`taps-${locale}`);
        const { slack, sales } = w;
        const me = locale === 'ja' ? w.haruka : w.kenji;
        const logged = await me.dm(words.log).reply();
        // A follow-up from its button, and both taken back.
        const follow = labels(logged).find((l) => words.follow.test(l));
        w.tick();
        assert.match(plainText(await me.press(follow).reply()), /F\d+/);
        w.tick();
        const undo = me.press(words.undo, { message: logged });
        assert.match(plainText(await undo.reply()), words.undone);
        assert.equal(await countOf(w, "select count(*) from touch_point where void_ms is null and member_id = (select id from member where handle in ('kenji-sato', '山本-遥') and locale = '" + locale + "')"), 0, 'the touch point is taken back');
        // The button that completes a line opens it in a form.
        w.tick();
        const again = await me.dm(words.log).reply();
        w.tick();
        me.press(words.edit, { message: again });
        await slack.until(() => me.modal, 'the form of Edit');
        assert.match(me.modal.blocks[0].element.initial_value, /^(edit|修正) T\d+/);
        const edited = await me.submit({ line: `${me.modal.blocks[0].element.initial_value.trim()} 90m` });
        assert.match(plainText(await edited.deed.reply('the edit', { anywhere: true })), /90/);
        // The shortcut's form refuses what is no number, keeps what was typed and logs.
        w.tick();
        me.shortcut('touch');
        await slack.until(() => me.modal, 'the form');
        const filled = { ...words.form, channel: words.channel };
        const refusal = await me.submit({ ...filled, minutes: 'abcd' });
        assert.match(refusal.errors.minutes, words.wrong);
        const sent = await me.submit(filled);
        assert.match(plainText(await sent.deed.reply('the touch point', { anywhere: true })), words.logged);
        // A colleague's message becomes the note.
        w.tick();
        const other = locale === 'ja' ? w.kenji : w.haruka;
        const overheard = other.mention(sales, 'CFO <silent> & worried').message;
        await slack.settled();
        me.messageShortcut('touch_message', overheard);
        await slack.until(() => me.modal, 'the form with the note');
        assert.match(me.modal.blocks.find((b) => b.block_id === 'note').element.initial_value, /CFO <silent> & worried/);
        me.closeModal();
        // The home tab, and its button.
        w.tick();
        me.openHome();
        await slack.until(() => me.home, 'the home tab');
        assert.match(plainText(me.home), words.today);
        me.press(labels(me.home)[0], { view: me.home });
        await slack.until(() => me.modal, 'the form of the home tab');
        await w.close();
    };
}
async function countOf(w, query) {
    return Number(execFileSync('sqlite3', ['-readonly', w.db, query], { encoding: 'utf8' }).trim());
}
Object.assign(steps, {
    async 'an edited message, typographic quotes, addresses and bots'() {
        const w = await World.open('edits');
        const { slack, kenji } = w;
        const first = kenji.dm('mumble mumble');
        await first.reply();
        w.tick();
        const n = slack.log.length;
        await kenji.edit(first.message, 'zoom Tanaka Denko 45m: see https://acme.example and ask sato@acme.example').acked();
        await slack.until(() => slack.log.length > n, 'the answer to the edit');
        assert.match(plainText(slack.log.at(-1).m), /https:\/\/acme\.example.*sato@acme\.example/, 'no tokens of Slack are left');
        w.tick();
        const dash = kenji.dm('zoom Tanaka Denko\u00a030m: \u201cfine\u201d');
        assert.match(plainText(await dash.reply()), /30 min/);
        // Other bots, joins and the bot itself are heard and not answered.
        const before = slack.log.length;
        for (const extra of [{ bot_id: 'B0OTHER', user: 'U0OTHERBOT' }, { subtype: 'bot_message', bot_id: 'B0HOOK', user: undefined }, { subtype: 'channel_join' }])
            kenji.dm('zoom Tanaka Denko 30m: not by a person', extra);
        slack.unfurl(slack.log.at(-1).m);
        kenji.remove(first.message);
        await slack.settled();
        w.tick();
        await kenji.dm('whoami').reply();
        assert.equal(slack.log.length, before + 1);
        await w.close();
    },
    async 'guests, and people of other workspaces, are refused and told nothing'() {
        const w = await World.open('guests');
        const { slack, sales } = w;
        const guest = slack.person({ name: 'guest', is_restricted: true }), outsider = slack.person({ name: 'outsider', team_id: 'T0OTHER' });
        sales.members.add(guest.id).add(outsider.id);
        for (const p of [guest, outsider]) {
            w.tick();
            const m = await p.mention(sales, 'show Denko').reply('a refusal', { anywhere: true });
            assert.doesNotMatch(plainText(m), /電光|Denko|田中/);
            assert.equal(m.only ?? slack.ws.channels.get(m.channel).user, p.id, 'nobody else sees it');
        }
        assert.equal(await countOf(w, "select count(*) from member where name like '%guest%' or name like '%outsider%'"), 0);
        await w.close();
    },
    async 'a trigger that has run out: told what to do, nothing lost'() {
        const w = await World.open('trigger');
        const { slack, kenji } = w;
        const m = await kenji.dm(WORDS.en.log).reply();
        w.tick();
        slack.web.fail('views.open', { error: 'expired_trigger_id' });
        const deed = kenji.press('Edit', { message: m });
        await deed.acked();
        assert.match(plainText(await deed.reply('what to do', { anywhere: true })), /\w/);
        assert.equal(kenji.modal, undefined);
        w.tick();
        kenji.press('Edit', { message: m });
        await slack.until(() => kenji.modal, 'the form, the second time');
        await w.close();
    },
    async 'blocks that Slack refuses go out as plain text'() {
        const w = await World.open('refused');
        const { slack, kenji } = w;
        slack.web.fail('chat.postMessage', { error: 'invalid_blocks' });
        const m = await kenji.dm(WORDS.en.log).reply();
        assert.equal(m.blocks, undefined);
        assert.match(m.text, /T\d+ · Zoom/);
        assert.match(w.server.said, /invalid_blocks/);
        await w.close();
    },
    async 'a second process on the same store is refused; the first goes on'() {
        const w = await World.open('second');
        await assert.rejects(new Server({ program, db: w.db, args: [], env: w.slack.env }).start(), /the program ended/);
        assert.match(plainText(await w.kenji.dm('whoami').reply()), /Kenji Sato/);
        await w.close();
    },
});

/** Both languages at once: most of the time is Slack's one message a second. */
let everything;
const inLanguage = async (locale) => {
    everything ??= Object.fromEntries(['en', 'ja'].map((l) => [l, Promise.all([inConsole(l), ...Object.keys(ROUTES).map((r) => throughSlack(r, l))])]));
    return everything[locale];
};
for (const locale of ['en', 'ja']) {
    steps[`every example in ${locale}: the same by message, command, mention and form as in the console`] = async () => {
        const [terminal, ...routes] = await inLanguage(locale);
        const differ = [];
        terminal.forEach((wanted, i) => {
            assert.notEqual(wanted.status, 'error', wanted.text);
            // The console's last lines are its buttons; in Slack they are blocks.
            const lines = comparable(wanted.fallback);
            const buttons = [];
            while (/^\[.*\]$/.test(lines.at(-1) ?? '')) buttons.unshift(...lines.pop().slice(1, -1).split('] ['));
            for (const [r, said] of routes.entries()) {
                const missing = buttons.filter((b) => !said[i].blocks.includes(b.slice(0, 60))); // labels are cut
                const mine = comparable(said[i].fallback), at = lines.findIndex((l, k) => l !== mine[k]);
                const whole = at < 0 && mine.length === lines.length;
                // What one member alone is shown: a locked phone has the title, the blocks say it all.
                const blocks = bare(comparable(said[i].blocks).join('\n'));
                const titled = said[i].only && mine.length === 1 && mine[0] === lines[0] && lines.every((l) => blocks.includes(bare(l)));
                if (!(whole || titled) || missing.length)
                    differ.push(`${Object.keys(ROUTES)[r]}: ${wanted.text}\n  console: ${lines[at]}\n  slack:   ${mine[at]}${missing.length ? `\n  without: ${missing}` : ''}`);
                if (wanted.secret && said[i].open) differ.push(`${Object.keys(ROUTES)[r]}: ${wanted.text}: what is private was shown to the channel`);
            }
        });
        assert.equal(differ.length, 0, `${differ.length} differ\n${differ.slice(0, 40).join('\n')}`);
        assert.ok(terminal.some((t) => t.secret), 'some answer is private');
        return `${terminal.length} examples, ${terminal.filter((t) => t.secret).length} private`;
    };
}

const [first, ...others] = Object.entries(steps);
const chosen = others.filter(([name]) => name.includes(o.only));
await run(Object.fromEntries([first, ...chosen]), { stopAtFailure: false });
