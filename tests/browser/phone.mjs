// A phone's screen in a real browser, the real program behind it with its clock held in a
// file, and what a person does and sees there. One for all the steps of browser.mjs.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { chromium } from 'playwright-core';
import { Server, options, workDir } from '../server.mjs';

export const o = options({ program: '.build/dev/nemawashi', work: '.', chromium: '/usr/bin/chromium', only: '' });
export const dir = workDir(o.work, 'browser');
export const shots = resolve(o.work, 'screenshots');
rmSync(shots, { recursive: true, force: true });
mkdirSync(shots, { recursive: true });

export const clock = join(dir, 'clock');
export function clockAt(iso) {
    writeFileSync(`${clock}.new`, `${Date.parse(iso)}\n`);
    renameSync(`${clock}.new`, clock);
}
clockAt('2026-03-02T17:20:00+09:00');
const db = join(dir, 'browser.db');
export const sql = (query) => execFileSync('sqlite3', ['-readonly', db, query], { encoding: 'utf8' }).trim();

export const server = await new Server({ program: o.program, db, clock }).start();
export const context = await chromium.launchPersistentContext(join(dir, 'profile'), {
    executablePath: o.chromium, viewport: { width: 390, height: 844 }, deviceScaleFactor: 2,
    hasTouch: true, isMobile: true, locale: 'en-GB', colorScheme: 'light',
    args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run',
        '--disable-background-networking', '--disable-component-update', '--disable-sync'],
});
context.setDefaultTimeout(10_000);
export const page = context.pages()[0] ?? await context.newPage();
export const complaints = [];
export const ours = new Set([server.url]);
/** Set while the program is down on purpose: the browser complains then. */
export const lost = { expected: false };
page.on('pageerror', (e) => complaints.push(`error in the page: ${e.message}`));
page.on('console', (m) => { if (m.type() === 'error' && !lost.expected) complaints.push(`console: ${m.text()}`); });
page.on('request', (r) => {
    if (![...ours].some((url) => r.url().startsWith(url)) && !/^(data|blob):/.test(r.url()))
        complaints.push(`asks for ${r.url()}`);
});

// ---- what a person does and sees ----
export const cards = page.locator('.card');
export const lastCard = () => cards.last();
/** What is read: a space that may not break is a space. */
export const textOf = async (locator) => (await locator.innerText()).replaceAll('\u00a0', ' ');
export const titleOf = (card) => textOf(card.locator('.title'));
export const buttonsOf = (card) => card.locator('.buttons > *').allInnerTexts();
export const moreCards = (n) => page.waitForFunction((count) => document.querySelectorAll('.card').length >= count, n);
export async function nextCard(act) {
    const before = await cards.count();
    await act();
    await moreCards(before + 1);
    return textOf(lastCard());
}
export const say = (text) => nextCard(async () => {
    await page.locator('#say').fill(text);
    await page.locator('#say').press('Enter');
});
export const tap = (label) => nextCard(() => lastCard().locator('.buttons button, .buttons a').filter({ hasText: label }).first().tap());
export const chip = (label) => nextCard(() => page.locator('#chips button').filter({ hasText: label }).first().tap());
/** Connected, and the conversation so far (or the greeting of an empty one) is shown. */
export async function ready() {
    await page.locator('#dot.on').waitFor();
    await page.locator('#log .item, #empty:not([hidden])').first().waitFor();
}
export async function be(name) {
    await page.locator('#who').tap();
    await page.locator('#members').getByText(name).first().tap();
    await page.waitForFunction((n) => document.querySelector('#who').textContent.includes(n), name);
    await ready();
}
/** Nothing is wider than the phone, longer than its page, cut off, too small for a thumb, or one button too many. */
export async function fits() {
    const wrong = await page.evaluate(() => {
        const name = (e) => `${e.tagName}.${e.className} “${e.textContent.slice(0, 30)}”`;
        const seen = [...document.querySelectorAll('body *')].filter((e) => e.checkVisibility());
        const high = (e) => {
            const s = getComputedStyle(e);
            return e.offsetHeight + parseFloat(s.marginTop) + parseFloat(s.marginBottom);
        };
        return [
            ...(document.documentElement.scrollHeight > innerHeight + 1 ? ['the page itself scrolls'] : []),
            ...seen.filter((e) => e.getBoundingClientRect().right > innerWidth + 1 && !e.closest('#chips'))
                .map((e) => `wider than the phone: ${name(e)}`),
            ...seen.filter((e) => e.matches('.card, .tablewrap, .bubble') && e.scrollWidth > e.clientWidth + 1)
                .map((e) => `cut off: ${name(e)}`),
            ...seen.filter((e) => e.matches('.buttons > *, .chips button, .send, #who, .empty button, .list button') && high(e) < 44)
                .map((e) => `small for a thumb, ${high(e)} px: ${name(e)}`),
            ...seen.filter((e) => e.matches('.buttons') && e.children.length > 4).map((e) => `more than four buttons: ${name(e)}`),
        ];
    });
    assert.deepEqual(wrong.slice(0, 5), []);
}
let shot = 0;
export async function picture(name) {
    await page.evaluate(() => Promise.all(document.getAnimations().map((a) => a.finished.catch(() => {}))));
    await page.screenshot({ path: join(shots, `${String(++shot).padStart(2, '0')}-${name}.png`) });
}

