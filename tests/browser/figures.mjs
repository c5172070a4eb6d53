// Figures on the phone: each with its reasons and records, in both languages.
import assert from 'node:assert/strict';
import { be, buttonsOf, fits, lastCard, page, picture, say, tap, textOf } from './phone.mjs';

// The ten figures of the first issue: what they are called, and what their lists hold.
const figures = [
    ['K1', /^Partners · /, /^契約パートナー数 · /, /P\d+ /],
    ['K5', /^Deal registrations · /, /^案件登録.* · /, /D\d+ /],
    ['K6', /^Win rate · /, /^勝率 · /, /D\d+ /],
    ['K7', /^Close rate · /, /^成約率 · /, /D\d+ /],
    ['K8', /^Close rate per salesperson · /, /^担当別成約率 · /, /D\d+ /],
    ['K9', /^Time to close · /, /^受注までの日数 · /, /D\d+ /],
    ['K11', /^Touch points per close · /, /^1受注あたりの接点数 · /, /D\d+ /],
    ['K12', /^Communication mix · /, /^接点手段の内訳 · /, /[TM]\d+ /],
    ['K34', /^Follow-up SLA · /, /^個別確認の期限内実施率 · /, /M\d+ /],
    ['K35', /^Consensus capture · /, /^温度感の記録率 · /, /M\d+ /],
];
async function askFigures(language, why, list) {
    for (const [kpi, en, ja, record] of figures) {
        const name = language === 'en' ? en : ja;
        assert.match(await say(`kpi ${kpi}`), name);
        assert.match(await textOf(lastCard()), /\d/);
        await fits();
        await picture(`${kpi}-${language}`);
        const reason = await tap(why);
        assert.match(reason, / = .* · Asia\/Tokyo/, `${kpi}: the formula, the period and the zone`);
        await fits();
        if (['K6', 'K12', 'K34'].includes(kpi)) await picture(`${kpi}-why-${language}`);
        const rows = await tap(list);
        assert.match(rows, name);
        assert.match(rows, record, `${kpi}: its records`);
        await fits();
        if (['K6', 'K11', 'K35'].includes(kpi)) await picture(`${kpi}-list-${language}`);
    }
}

export const figureSteps = {
    async 'a manager asks for ten figures in English'() {
        await be('Mika');
        await askFigures('en', 'Why', 'List');
        await say('kpi win rate');
        const [, k, n] = /\((\d+)\/(\d+)\)/.exec(await textOf(lastCard()));
        assert.match(await say('why'), new RegExp(`Won ${k} · Lost ${n - k}`));
        await say('touch points per close japan fy by partner');
        await fits();
        await picture('by-partner');
    },
    async 'a manager asks for ten figures in Japanese'() {
        await be('Jun');
        await askFigures('ja', '根拠', '一覧');
        await say('数字 電光 今四半期');
        await fits();
        await picture('denko-ja');
        await say('ヘルプ');
        await fits();
        await picture('help-ja');
    },
    async 'a figure has its chart and its file one tap away, readable in both lights'() {
        const drawn = [
            ['Mika', 'win rate', /^Win rate · /, ['Why', 'List', 'Chart', 'CSV'], 'line-en'],
            ['Mika', 'communication mix', /^Communication mix · /, ['Why', 'List', 'Chart', 'CSV'], 'stack-en'],
            ['Mika', 'registrations by partner', /^Deal registrations · /, ['Why', 'List', 'Chart', 'CSV'], 'bars-en'],
            ['Jun', '成約率', /^成約率 · /, ['根拠', '一覧', 'グラフ', 'CSV'], 'funnel-ja'],
            ['Jun', '頭打ち 電光', /^急増と頭打ち · /, ['根拠', '一覧', 'グラフ', 'CSV'], 'curve-ja'],
        ];
        let who = '';
        for (const [name, line, title, buttons, shot] of drawn) {
            if (who !== name) await be(who = name);
            assert.match(await say(line), title);
            assert.deepEqual(await buttonsOf(lastCard()), buttons);
            await fits();
            assert.match(await tap(buttons[2]), title, `${line}: its chart`);
            for (const colorScheme of ['light', 'dark']) {
                await page.emulateMedia({ colorScheme });
                const image = lastCard().locator('img:visible').first();
                await image.waitFor();
                const [wide, high] = await image.evaluate((i) => i.decode().then(() => [i.naturalWidth, i.naturalHeight]));
                assert.ok(wide >= 600 && high >= 300, `${line}: ${wide} x ${high}`);
                assert.match(await image.getAttribute('alt'), /\d/, `${line}: the picture in words`);
                await fits();
                await picture(`chart-${shot}-${colorScheme}`);
            }
            await page.emulateMedia({ colorScheme: 'light' });
        }
        await be('Mika');
        await say('win rate');
        assert.match(await tap('CSV'), /win-rate.*\.csv/i);
        await fits();
        await picture('figure-csv');
    },
    async 'scorecards and comparisons fit the phone, in both lights'() {
        const asked = [
            ['Mika', ['kpi Denko', 'kpi Japan', 'kpi Kenji', 'kpi', 'kpi Denko all', 'compare Denko and Hakuyodo', 'win rate by month']],
            ['Jun', ['数字 電光', '数字 日本', '数字', '電光と白楊堂を比べて', '勝率の推移']],
        ];
        for (const [name, lines] of asked) {
            await be(name);
            for (const [i, line] of lines.entries()) {
                assert.match(await say(line), /\d/);
                for (const colorScheme of ['light', 'dark']) {
                    await page.emulateMedia({ colorScheme });
                    await fits();
                    await picture(`card-${name}-${i + 1}-${colorScheme}`);
                }
                await page.emulateMedia({ colorScheme: 'light' });
            }
        }
    },
};
