// Figures on the phone: each with its reasons and records, in both languages.
import assert from 'node:assert/strict';
import { be, fits, lastCard, picture, say, tap, textOf } from './phone.mjs';

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
};
