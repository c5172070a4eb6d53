// Two reps and a manager use the real program in a real browser, on a phone's screen.
//
//   node tests/browser/browser.mjs --program .build/dev/nemawashi [--work DIR]
//
// Screenshots are left in DIR/screenshots, for people to look at. The program's clock is
// held in a file, so that an evening's reminder is due when the test says so.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { chromium } from 'playwright-core';
import { Server, options, workDir } from '../server.mjs';

const o = options({ program: '.build/dev/nemawashi', work: '.', chromium: '/usr/bin/chromium', only: '' });
const dir = workDir(o.work, 'browser');
const shots = resolve(o.work, 'screenshots');
rmSync(shots, { recursive: true, force: true });
mkdirSync(shots, { recursive: true });

const clock = join(dir, 'clock');
function clockAt(iso) {
    writeFileSync(`${clock}.new`, `${Date.parse(iso)}\n`);
    renameSync(`${clock}.new`, clock);
}
clockAt('2026-03-02T17:20:00+09:00');
const db = join(dir, 'browser.db');
const sql = (query) => execFileSync('sqlite3', ['-readonly', db, query], { encoding: 'utf8' }).trim();

const server = await new Server({ program: o.program, db, clock }).start();
const context = await chromium.launchPersistentContext(join(dir, 'profile'), {
    executablePath: o.chromium, viewport: { width: 390, height: 844 }, deviceScaleFactor: 2,
    hasTouch: true, isMobile: true, locale: 'en-GB', colorScheme: 'light',
    args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run',
        '--disable-background-networking', '--disable-component-update', '--disable-sync'],
});
context.setDefaultTimeout(10_000);
const page = context.pages()[0] ?? await context.newPage();
const complaints = [];
let expectLost = false;
page.on('pageerror', (e) => complaints.push(`error in the page: ${e.message}`));
page.on('console', (m) => { if (m.type() === 'error' && !expectLost) complaints.push(`console: ${m.text()}`); });
page.on('request', (r) => {
    if (!r.url().startsWith(server.url) && !/^(data|blob):/.test(r.url())) complaints.push(`asks for ${r.url()}`);
});

// ---- what a person does ----
const cards = page.locator('.card');
const lastCard = () => cards.last();
async function nextCard(act) {
    const before = await cards.count();
    await act();
    await page.waitForFunction((n) => document.querySelectorAll('.card').length > n, before);
    return lastCard().innerText();
}
const say = (text) => nextCard(async () => {
    await page.locator('#say').fill(text);
    await page.locator('#say').press('Enter');
});
const tap = (label) => nextCard(() => lastCard().locator('.buttons button, .buttons a').filter({ hasText: label }).first().tap());
/** Connected, and the conversation so far (or the greeting of an empty one) is shown. */
async function ready() {
    await page.locator('#dot.on').waitFor();
    await page.locator('#log .item, #empty:not([hidden])').first().waitFor();
}
async function be(name) {
    await page.locator('#who').tap();
    await page.locator('#members').getByText(name).first().tap();
    await page.waitForFunction((n) => document.querySelector('#who').textContent.includes(n), name);
    await ready();
}
async function fits() {
    const wide = await page.evaluate(() => [...document.querySelectorAll('body *')]
        .filter((e) => e.getBoundingClientRect().right > innerWidth + 1 && getComputedStyle(e).position !== 'fixed'
            && !e.closest('#chips'))
        .map((e) => `${e.tagName}.${e.className}`));
    assert.deepEqual(wide.slice(0, 3), [], 'something is wider than the phone');
}
let shot = 0;
async function picture(name) {
    await page.screenshot({ path: join(shots, `${String(++shot).padStart(2, '0')}-${name}.png`) });
}

// ---- the steps; each begins where the one before ended ----
const steps = {
    async 'the page opens with the demo said aloud'() {
        await page.goto(server.url);
        await ready();
        assert.match(await page.locator('#demo').innerText(), /demo/i);
        await fits();
        await picture('open');
    },
    async 'a rep logs a call in English'() {
        await be('Kenji');
        const said = await say('zoom Tanaka Denko 45m: legal still worried');
        assert.match(said, /T\d+ · Zoom/);
        assert.match(said, /田中/);
        assert.match(said, /45 min/);
        assert.match(said, /legal still worried/);
        await fits();
        await picture('logged-en');
    },
    async 'a tap on Undo takes it back'() {
        const before = sql('select count(*) from touch_point where void_ms is null');
        await tap('Undo');
        assert.equal(Number(sql('select count(*) from touch_point where void_ms is null')), before - 1);
    },
    async 'two people have that name: it asks'() {
        const said = await say('line tanaka: asked for ISO cert');
        assert.match(said, /田中 健/);
        assert.match(said, /田中 真理/);
        await picture('which-tanaka');
        assert.match(await tap('田中 健'), /T\d+ · LINE/);
    },
    async 'a follow-up set for tonight comes tonight, once'() {
        await say('zoom Tanaka Denko 30m: sends the revised terms');
        await tap('19:30');
        const before = await cards.count();
        clockAt('2026-03-02T19:30:01+09:00');
        await page.waitForFunction((n) => document.querySelectorAll('.card').length > n, before, { timeout: 30_000 });
        await picture('reminder');
        await say('whoami'); // what else was due would have come before this answer
        assert.equal(await cards.count(), before + 2);
    },
    async 'a rep logs in Japanese and reads Japanese'() {
        await be('Haruka');
        const said = await say('電話 田中様 電光 きのう 20分：法務がまだ引っかかってる');
        assert.match(said, /T\d+ · 電話/);
        assert.match(said, /20分/);
        assert.match(said, /法務がまだ引っかかってる/);
        await fits();
        await picture('logged-ja');
    },
    async 'a meeting and what was heard afterwards'() {
        await be('Kenji');
        assert.match(await say('met Acme 60m, Sato: nobody objected'), /M\d+/);
        const said = await say('consensus Acme from Tanaka Denko against offrecord: CFO sees no budget before April');
        assert.match(said, /N\d+/);
        await picture('consensus');
    },
    async 'a manager asks for the figures in English'() {
        await be('Mika');
        for (const kpi of ['K1', 'K5', 'K6', 'K7', 'K8', 'K9', 'K11', 'K12', 'K34', 'K35']) {
            const said = await say(`kpi ${kpi}`);
            assert.match(said, /\S/);
            await fits();
        }
        await say('kpi win rate by partner');
        await picture('kpi-en');
        assert.match(await say('why'), /won/i);
        await picture('why-en');
        assert.match(await say('list'), /D\d+/);
    },
    async 'a manager asks in Japanese'() {
        await be('Jun');
        await say('kpi K6');
        await fits();
        await picture('kpi-ja');
        assert.match(await say('why'), /成約|受注/);
    },
    async 'by keyboard alone, with suggestions'() {
        await be('Kenji');
        await page.locator('#say').focus();
        await page.keyboard.type('who');
        await page.locator('#suggest li').first().waitFor();
        await picture('suggestions');
        await page.keyboard.press('Escape');
        assert.equal(await page.locator('#suggest').isHidden(), true);
        await page.locator('#say').fill('');
        const said = await nextCard(async () => {
            await page.keyboard.type('whoami');
            await page.keyboard.press('Enter');
        });
        assert.match(said, /kenji/i);
        // Everything that can be tapped has a name and can be reached.
        const nameless = await page.evaluate(() => [...document.querySelectorAll('button, a, textarea')]
            .filter((e) => e.checkVisibility() && !(e.innerText || e.getAttribute('aria-label') || '').trim())
            .map((e) => e.outerHTML.slice(0, 80)));
        assert.deepEqual(nameless, []);
    },
    async 'offline it says so, and sends exactly once afterwards'() {
        expectLost = true;
        const before = await cards.count();
        await server.kill();
        await page.locator('#state').waitFor({ state: 'visible' });
        for (const n of [1, 2]) {
            await page.locator('#say').fill(`zoom Tanaka Denko 30m: offline-${n}`);
            await page.locator('#say').press('Enter');
        }
        await picture('offline');
        await server.start();
        await page.waitForFunction((n) => document.querySelectorAll('.card').length >= n, before + 2, { timeout: 30_000 });
        await ready();
        assert.equal(await page.locator('#state').isHidden(), true);
        await say('whoami');
        assert.equal(await cards.count(), before + 3);
        for (const n of [1, 2])
            assert.equal(sql(`select count(*) from touch_point t join note_text n on n.id = t.note_id
                and n.rev = t.note_rev where n.text = 'offline-${n}'`), '1');
        expectLost = false;
    },
    async 'a reload shows the conversation again'() {
        const before = await lastCard().innerText();
        await page.reload();
        await ready();
        assert.equal(await lastCard().innerText(), before);
        await fits();
    },
    async 'in the dark'() {
        await page.emulateMedia({ colorScheme: 'dark' });
        const [ink, paper] = await page.evaluate(() => {
            const light = (c) => c.match(/\d+(\.\d+)?/g).slice(0, 3).reduce((a, b) => a + Number(b), 0);
            const style = getComputedStyle(document.body);
            return [light(style.color), light(style.backgroundColor)];
        });
        assert.ok(ink > paper + 250, `ink ${ink} on paper ${paper}`);
        await picture('dark');
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
