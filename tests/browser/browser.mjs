// Two reps and a manager use the real program in a real browser, on a phone's screen.
//
//   node tests/browser/browser.mjs --program .build/dev/nemawashi [--work DIR]
//
// Screenshots are left in DIR/screenshots, for people to look at. The program's clock is
// held in a file, so that an evening's reminder is due when the test says so.
import assert from 'node:assert/strict';
import { request } from 'node:http';
import { join } from 'node:path';
import { Client, Server, within } from '../server.mjs';
import { figureSteps } from './figures.mjs';
import {
    be, buttonsOf, cards, chip, clock, clockAt, complaints, context, dir, fits, lastCard,
    lost, moreCards, nextCard, o, ours, page, picture, ready, say, server, shots, sql,
    tap, textOf, titleOf,
} from './phone.mjs';

// ---- the steps; each begins where the one before ended ----
const steps = {
    async 'the page opens with the demo said aloud, and three things to try'() {
        await page.goto(server.url);
        await ready();
        assert.match(await textOf(page.locator('#demo')), /demo/i);
        assert.equal(await page.locator('#empty button').count(), 3);
        await fits();
        await picture('open');
        await page.locator('#empty button').first().tap();
        assert.equal(await page.locator('#say').inputValue(), 'zoom Tanaka Denko 45m: legal still worried');
    },
    async 'a rep logs a call in English'() {
        await be('Kenji');
        await say('zoom Tanaka Denko 45m: legal still worried');
        const card = lastCard();
        assert.match(await titleOf(card), /^T\d+ · Zoom · 田中部長 \(電光デジタル\) · 45 min · ≈today 17:20$/);
        assert.equal(await textOf(card.locator('.note')), 'legal still worried');
        assert.match(await textOf(card), /≈Deal D12 Aoba CMS · 7th touch point, last 4 days ago/);
        assert.deepEqual(await buttonsOf(card), ['Follow up tonight 19:30', 'Edit', 'Undo']);
        await fits();
        await picture('logged-en');
    },
    async 'what was assumed is a button to change it'() {
        const assumed = lastCard().locator('.assumed');
        assert.deepEqual(await assumed.allInnerTexts(), ['≈today 17:20', '≈Deal D12 Aoba CMS']);
        await assumed.first().tap();
        assert.match(await page.locator('#say').inputValue(), /^edit T\d+ $/);
        await page.keyboard.type('dinner');
        assert.match(await nextCard(() => page.keyboard.press('Enter')), /^T\d+ · dinner/i);
        assert.match(await tap('Undo'), /T\d+/);
    },
    async 'a tap on Undo takes it back'() {
        await say('zoom Tanaka Denko 15m: sent by mistake');
        const before = Number(sql('select count(*) from touch_point where void_ms is null'));
        assert.match(await tap('Undo'), /^T\d+ undone/);
        assert.equal(Number(sql('select count(*) from touch_point where void_ms is null')), before - 1);
    },
    async 'two people have that name: a tap answers'() {
        const said = await say('line tanaka: asked for ISO cert');
        assert.match(said, /^Which tanaka\?/i);
        assert.match(said, /1 田中 健 部長 · 電光デジタル/);
        assert.match(said, /2 田中 真理 · 白楊堂/);
        assert.deepEqual(await buttonsOf(lastCard()), ['1 田中 健', '2 田中 真理', 'New person']);
        await picture('which-tanaka');
        assert.match(await tap('田中 健'), /^T\d+ · LINE · 田中部長 \(電光デジタル\)/);
    },
    async 'two people have that name: a number answers'() {
        assert.match(await say('line tanaka: sent the ISO cert'), /^Which tanaka\?/i);
        assert.match(await say('2'), /^T\d+ · LINE · 田中.* \(白楊堂\)/);
    },
    async 'a follow-up set for tonight comes tonight, exactly once'() {
        await say('zoom Tanaka Denko 30m: sends the revised terms');
        assert.match(await tap('19:30'), /^F\d+ · Follow up 田中部長 \(電光デジタル\) · today 19:30/);
        const due = Number(sql(`select count(*) from follow f join member m on m.id = f.member_id
            where m.handle = 'kenji' and f.state = 'open' and f.void_ms is null
              and f.due_ms <= ${Date.parse('2026-03-02T19:30:00+09:00')}`));
        const before = await cards.count();
        clockAt('2026-03-02T19:29:59+09:00');
        await say('whoami'); // what was due earlier today is here by now; ours is not
        clockAt('2026-03-02T19:30:01+09:00');
        await moreCards(before + due + 1);
        assert.match(await textOf(lastCard()), /^Follow up: 田中部長 \(電光デジタル\)/);
        await picture('reminder');
        await say('whoami');
        assert.equal(await cards.count(), before + due + 2);
        // Nor again after the program was down.
        lost.expected = true;
        await server.kill();
        await page.locator('#state').waitFor({ state: 'visible' });
        await server.start();
        await page.locator('#dot.on').waitFor();
        lost.expected = false;
        await say('whoami');
        assert.equal(await cards.count(), before + due + 3);
    },
    async 'a rep corrects by typing: channel, length, day, and back again'() {
        await say('zoom Tanaka Denko 45m: legal still worried');
        assert.match(await say('no, dinner'), /^T\d+ · Dinner · .*\n+Was: Zoom\n/);
        assert.match(await say('actually 90m'), /· 90 min · .*\n+Was: 45 min\n/);
        await picture('corrected-once-en');
        assert.match(await say('make that yesterday 15:00'), /· Sun 1 Mar 15:00\n+Was: today /);
        await fits();
        await picture('corrected-en');
        assert.match(await say('undo 3'), /^3 changes undone\n/);
        await fits();
        await picture('undo-3-en');
        assert.match(await tap('Redo'), /^3 changes made again\n/);
    },
    async 'a rep corrects by buttons: Edit, a cue, the readers, a draft'() {
        await say('zoom Suzuki 30m: he will consider it, then silent');
        await lastCard().locator('.buttons').getByText('Edit', { exact: true }).tap();
        assert.match(await page.locator('#say').inputValue(), /^edit T\d+ $/);
        await page.locator('#say').fill('');
        await fits();
        await picture('cues-en');
        assert.match(await chip('Not “silent”'), /^T\d+ · Zoom · .*\n+Cue: will consider$/m);
        assert.match(await tap('Undo'), /^Back to: T\d+/);
        await say('dinner Tanaka Denko offrecord: CFO sees no budget before April');
        await fits();
        await picture('off-record-en');
        await say('the lawyers are still thinking about it');
        await say('line tanaka: needs the contract');
        assert.match(await say('drafts'), /^Drafts · \d/);
        await fits();
        await picture('drafts-en');
        assert.match(await tap('Finish Q'), /^Which tanaka\?/);
        assert.match(await say('2'), /^T\d+ · LINE/);
        await say('drafts');
        assert.match(await tap('Throw Q'), /^Thrown away/);
        clockAt('2026-03-02T22:10:00+09:00');
        assert.match(await say('no, lunch'), /^Which record is that about\?/);
        await fits();
        await picture('which-record-en');
        assert.match(await tap('T'), /^T\d+ · In person/);
        assert.match(await say('zoom Suzuki mon tue: budget'), /^mon or tue\?/);
        await picture('two-dates-en');
        await say('1');
        await say('cues');
        await fits();
        await picture('cues-counted-en');
    },
    async 'a rep logs in Japanese and reads Japanese'() {
        await be('Haruka');
        await picture('open-ja');
        await say('電話 田中様 電光 きのう 20分：法務がまだ引っかかってる');
        const card = lastCard();
        assert.match(await titleOf(card), /^T\d+ · 電話 · 電光デジタル 田中様 · 20分 · 3\/1\(日\)$/);
        assert.equal(await textOf(card.locator('.note')), '法務がまだ引っかかってる');
        assert.match(await textOf(card), /≈案件 D12 Aoba CMS · 接点は計\d+回 · 直近は/);
        assert.deepEqual(await buttonsOf(card), ['明日10:00にフォロー', '修正', '取消']);
        assert.equal(await card.getAttribute('lang'), 'ja');
        await fits();
        await picture('logged-ja');
        assert.match(await tap('取消'), /T\d+を取消/);
        assert.match(await say('LINE 田中：ISO認証の件'), /どちらの田中.*ですか？/);
        await picture('which-tanaka-ja');
    },
    async 'a rep corrects in Japanese, by typing and by buttons'() {
        await be('Haruka');
        await say('電話 鈴木様 20分：検討しますとのこと、ずっと無言');
        await fits();
        await picture('cues-ja');
        assert.match(await chip('「沈黙」を外す'), /サイン：検討します$/m);
        assert.match(await say('違う、会食'), /^T\d+ · 会食 · .*\n+変更前：電話\n/);
        assert.match(await say('修正 オフレコ'), /オフレコ（閲覧は自分のみ）/);
        await fits();
        await picture('corrected-ja');
        assert.match(await say('取消 2'), /^2件を取り消しました\n/);
        await fits();
        await picture('undo-2-ja');
        await say('法務がまだ悩んでいるらしい');
        assert.match(await say('下書き'), /^下書き · /);
        await fits();
        await picture('drafts-ja');
        assert.match(await tap('破棄'), /破棄/);
    },
    async 'a meeting and what was heard afterwards'() {
        await be('Kenji');
        assert.match(await say('met Acme 60m, Sato: nobody objected'), /^M\d+ · Meeting with Acme · 60 min/);
        assert.deepEqual(await buttonsOf(lastCard()), ['For', 'Against', 'Split', 'Unknown']);
        await fits();
        await picture('met');
        assert.match(await tap('For'), /^N\d+ · Acme · in the room · for/);
        await say('consensus Acme from Tanaka Denko against offrecord: CFO sees no budget before April');
        assert.match(await titleOf(lastCard()), /^N\d+ · Acme · heard afterwards from 田中 健 部長 · against .*· off the record: you only$/);
        assert.match(await textOf(lastCard()), /In the room: for.* → heard: against/);
        await fits();
        await picture('consensus');
    },
    async 'a long note, and words without a place to break'() {
        await say(`zoom Tanaka Denko 30m: ${'The auditors want the data in Tokyo, the CFO wants it cheap. '.repeat(20)}`);
        await fits();
        await say(`zoom Tanaka Denko 30m: https://example.com/${'a'.repeat(200)}`);
        await fits();
        await picture('long-note');
    },
    async 'mistakes say what to type next'() {
        assert.match(await say('zoon tanaka'), /“zoon”.*Zoom/s);
        assert.match(await say('zoom Tanaka Denko 31 feb'), /31 Feb.*28 Feb.*3|1 Mar/s);
        await picture('no-such-day');
        assert.match(await say('deal won D9999'), /no deal D9999/);
        await fits();
        await picture('no-such-deal');
    },
    async 'a list, a card and the timeline of a firm'() {
        for (const line of ['list deals denko', 'show denko', 'timeline acme', 'kpi denko this quarter', 'help', 'today']) {
            await say(line);
            await fits();
            await picture(line.replaceAll(' ', '-'));
        }
    },
    ...figureSteps,
    async 'by keyboard alone, with suggestions'() {
        await be('Kenji');
        const box = page.locator('#say');
        await box.focus();
        await page.keyboard.type('who');
        await page.locator('#suggest li').first().waitFor();
        await picture('suggestions');
        await page.keyboard.press('ArrowUp');
        assert.equal(await page.locator('#suggest li[aria-selected="true"]').count(), 1);
        await page.keyboard.press('Escape');
        assert.equal(await page.locator('#suggest').isHidden(), true);
        await box.fill('');
        // Enter belongs to the input method while it composes.
        await page.keyboard.type('whoami');
        const before = await page.locator('.bubble').count();
        await box.evaluate((e) => e.dispatchEvent(new KeyboardEvent('keydown', { key: 'Enter', isComposing: true, bubbles: true })));
        assert.equal(await page.locator('.bubble').count(), before);
        assert.match(await nextCard(() => page.keyboard.press('Enter')), /kenji/i);
        await page.keyboard.press('ArrowUp');
        assert.equal(await box.inputValue(), 'whoami');
        await page.keyboard.press('Shift+Enter');
        assert.equal(await box.inputValue(), 'whoami\n');
        await box.fill('');
        // From the composer backwards to the last answer's button, and it works.
        for (let i = 0; i < 40; i++) {
            await page.keyboard.press('Shift+Tab');
            if (await page.evaluate(() => Boolean(document.activeElement.closest('.card:last-child .buttons, .item:last-child .buttons')))) break;
        }
        assert.match(await nextCard(() => page.keyboard.press('Enter')), /\S/);
        // Everything that can be tapped has a name.
        const nameless = await page.evaluate(() => [...document.querySelectorAll('button, a, textarea')]
            .filter((e) => e.checkVisibility() && !(e.innerText || e.getAttribute('aria-label') || '').trim())
            .map((e) => e.outerHTML.slice(0, 80)));
        assert.deepEqual(nameless, []);
        if (await page.evaluate(() => document.documentElement.lang) !== 'en') await say('lang en');
    },
    async 'offline it says so, and sends exactly once afterwards'() {
        lost.expected = true;
        const before = await cards.count();
        await server.kill();
        await page.locator('#state').waitFor({ state: 'visible' });
        for (const n of [1, 2]) {
            await page.locator('#say').fill(`zoom Tanaka Denko 30m: offline-${n}`);
            await page.locator('#say').press('Enter');
        }
        assert.match(await textOf(page.locator('#state')), /Offline – 2 messages waiting/);
        await picture('offline');
        await server.start();
        await moreCards(before + 2);
        await ready();
        assert.equal(await page.locator('#state').isHidden(), true);
        await say('whoami');
        assert.equal(await cards.count(), before + 3);
        for (const n of [1, 2])
            assert.equal(sql(`select count(*) from touch_point t join note_text n on n.id = t.note_id
                and n.rev = t.note_rev where n.text = 'offline-${n}'`), '1');
        lost.expected = false;
    },
    async 'what was said elsewhere meanwhile is there on reconnect'() {
        lost.expected = true;
        const before = await cards.count();
        await context.setOffline(true);
        await page.evaluate(() => dispatchEvent(new Event('offline')));
        await page.locator('#state').waitFor({ state: 'visible' });
        // Once more under the same id after the answer: the same message, the same answer.
        const acks = [], answers = [];
        let told;
        const both = new Promise((done) => { told = done; });
        const once = { t: 'say', id: 'elsewhere-1', text: 'zoom Tanaka Denko 20m: said elsewhere' };
        const other = await Client.open(server, { as: 'kenji', after: 1e9, on(f, client) {
            if (f.t === 'ack') acks.push(f.message);
            if (f.t !== 'message' || f.answers !== once.id) return;
            if (answers.push(f.id) === 1) client.send(once);
            else told();
        } });
        other.send(once);
        await within(both, 'the answer twice');
        await other.close();
        assert.equal(acks.length, 2);
        assert.equal(acks[0], acks[1]);
        assert.equal(answers[0], answers[1]);
        await context.setOffline(false);
        await page.evaluate(() => dispatchEvent(new Event('online')));
        await moreCards(before + 1);
        assert.match(await textOf(lastCard()), /said elsewhere/);
        assert.equal(sql("select count(*) from note_text where text = 'said elsewhere'"), '1');
        lost.expected = false;
    },
    async 'a reload shows the conversation again, and older upwards'() {
        const before = await textOf(lastCard());
        await page.reload();
        await ready();
        assert.equal(await textOf(lastCard()), before);
        await fits();
        // As far up as it goes: the first thing ever said.
        await page.waitForFunction(() => {
            document.getElementById('scroll').scrollTop = 0;
            return document.querySelector('.bubble').textContent === 'zoom Tanaka Denko 45m: legal still worried';
        });
        await picture('older');
    },
    async 'in the dark'() {
        await page.emulateMedia({ colorScheme: 'dark' });
        const [ink, paper] = await page.evaluate(() => {
            const light = (c) => c.match(/\d+(\.\d+)?/g).slice(0, 3).reduce((a, b) => a + Number(b), 0);
            const style = getComputedStyle(document.body);
            return [light(style.color), light(style.backgroundColor)];
        });
        assert.ok(ink > paper + 250, `ink ${ink} on paper ${paper}`);
        await say('zoom Tanaka Denko 45m: legal still worried');
        await picture('dark');
        await page.locator('#who').tap();
        await picture('members-dark');
        await page.keyboard.press('Escape');
        await be('Jun');
        await say('kpi K12');
        await picture('dark-ja');
        await page.emulateMedia({ colorScheme: 'light' });
    },
    async 'every text has contrast enough, in both lights'() {
        for (const colorScheme of ['light', 'dark']) {
            await page.emulateMedia({ colorScheme });
            const weak = await page.evaluate(() => {
                const rgb = (c) => c.match(/\d+(\.\d+)?/g).map(Number);
                const lum = (c) => rgb(c).slice(0, 3).map((v) => v / 255)
                    .map((v) => (v <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4))
                    .reduce((a, v, i) => a + v * [0.2126, 0.7152, 0.0722][i], 0);
                const behind = (e) => {
                    for (; e; e = e.parentElement) {
                        const c = rgb(getComputedStyle(e).backgroundColor);
                        if (c.length < 4 || c[3] > 0) return getComputedStyle(e).backgroundColor;
                    }
                    return 'rgb(255, 255, 255)';
                };
                return [...document.querySelectorAll('body *')]
                    .filter((e) => e.checkVisibility() && [...e.childNodes].some((n) => n.nodeType === 3 && n.data.trim()))
                    .map((e) => {
                        const [a, b] = [lum(getComputedStyle(e).color), lum(behind(e))].sort((x, y) => y - x);
                        return [(a + 0.05) / (b + 0.05), `${e.tagName}.${e.className} “${e.textContent.slice(0, 20)}”`];
                    })
                    .filter(([ratio]) => ratio < 4.5).map(([ratio, what]) => `${ratio.toFixed(2)} ${what}`);
            });
            assert.deepEqual(weak.slice(0, 3), [], colorScheme);
        }
        await page.emulateMedia({ colorScheme: 'light' });
    },
    async 'without the demo a link opens the chat, once'() {
        const team = await new Server({ program: o.program, db: join(dir, 'team.db'), clock, args: ['--admin', 'mika'] }).start();
        ours.add(team.url);
        const link = await within(team.login, 'the login link');
        const origin = team.url.replace(/\/$/, '');
        const token = link.split('#')[1];
        const post = (headers) => fetch(`${team.url}login`, { method: 'POST', body: JSON.stringify({ token }),
            headers: { 'content-type': 'application/json', ...headers } }).then((r) => r.status);
        await page.goto(team.url);
        await page.locator('#door').waitFor();
        await picture('door');
        await fetch(link); // a preview of the link uses nothing up
        assert.equal(await post({ origin: 'http://evil.example' }), 403);
        await page.goto(link);
        await ready();
        assert.match(await textOf(page.locator('#who')), /mika/);
        assert.equal(await page.evaluate(() => location.href.includes('login')), false, 'the token is still in the address');
        assert.equal(await page.locator('#demo').isHidden(), true);
        assert.match(await say('whoami'), /mika/);
        await fits();
        await picture('team');
        const cookie = (await context.cookies(team.url)).find((c) => c.name === 'nemawashi');
        assert.equal(cookie.httpOnly, true);
        assert.equal(cookie.sameSite, 'Strict');
        assert.equal(await post({ origin }), 403, 'the link was taken twice');
        await page.reload();
        await ready();
        assert.match(await textOf(lastCard()), /mika/);
        await page.locator('#who').tap();
        await page.locator('#members button').tap();
        await page.locator('#door').waitFor();
        await page.goto(server.url);
        await team.kill('SIGTERM');
    },
    async 'risks come first, names are a tap away, and a style changes no fact'() {
        await be('Kenji');
        await say('lang english');
        await say('consensus D18 Suzuki Sakuragawa unknown');
        const card = await say('show D18');
        assert.ok(card.indexOf('stands to lose') < card.indexOf('Customer'), card);
        assert.match(card, /1 unknown/);
        await picture('risks');
        assert.match(await tap('Names'), /Unknown\s+鈴木様/);
        await say('handover D12');
        await fits();
        await picture('handover');
        await say('style short');
        await say('show D12');
        assert.equal(await lastCard().locator('.fields').first().isVisible(), false);
        await fits();
        await picture('short');
        await lastCard().locator('summary').tap();
        assert.equal(await lastCard().locator('.fields').first().isVisible(), true);
        assert.match(await tap('All of it'), /Customer\s+青葉食品/);
        await say('style dense');
        await say('show D12');
        await fits();
        await picture('dense');
        await say('style usual');
    },
    async 'a page of somebody else gets in nowhere'() {
        const knock = (headers, path = '/ws') => new Promise((done, failed) => {
            const rq = request({ host: '127.0.0.1', port: server.port, path, headers: {
                ...(path === '/ws' ? { connection: 'Upgrade', upgrade: 'websocket', 'sec-websocket-version': '13',
                    'sec-websocket-key': 'dGhlIHNhbXBsZSBub25jZQ==' } : {}), ...headers } });
            rq.on('upgrade', (r, socket) => { socket.destroy(); done(101); });
            rq.on('response', (r) => { r.resume(); done(r.statusCode); });
            rq.on('error', failed);
            rq.end();
        });
        const host = server.host, origin = `http://${host}`;
        assert.equal(await knock({ host, origin }), 101);
        assert.equal(await knock({ host, origin: 'http://evil.example' }), 403);
        assert.equal(await knock({ host, origin: `http://${host}.evil.example` }), 403);
        assert.equal(await knock({ host, origin: 'null' }), 403);
        assert.equal(await knock({ host }), 403);
        assert.equal(await knock({ host: 'evil.example', origin }), 403);
        assert.equal(await knock({ host: 'evil.example' }, '/'), 421);
        assert.equal(await knock({ host }, '/'), 200);
    },
    async 'a day without a failure leaves its starts in the log, and nothing typed'() {
        const lines = server.said.split('\n').filter(Boolean);
        assert.ok(lines.length > 0);
        for (const line of lines)
            assert.match(line, /^<6>level=info msg="keeper: backup '[^']*' made and checked"$|^<6>level=info msg="serving http:\/\/127\.0\.0\.1:\d+ from store '[^']*', version [\d.]+"$/);
    },
    async 'nothing was asked of anybody else, and no script failed'() {
        assert.deepEqual(complaints, []);
    },
};

let failed = 0, run = 0;
for (const [name, step] of Object.entries(steps)) {
    if (o.only && !name.includes(o.only) && run > 0) continue;
    run++;
    try {
        await step();
        console.log(`ok      ${name}`);
    } catch (e) {
        failed++;
        console.log(`FAILED  ${name}\n${String(e.message ?? e).replace(/^/gm, '        ')}`);
        await picture(`failed-${failed}`).catch(() => {});
    }
}
if (failed) console.log(`the program said:\n${server.said}`);
console.log(`${run - failed} steps passed, ${failed} failed; screenshots in ${shots}`);
await context.close();
await server.kill('SIGTERM');
process.exit(failed ? 1 : 0);
