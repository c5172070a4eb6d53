// The days of holidays.inc that hang on the moon or the sun, computed a second time through the
// calendars of ICU (Intl): Chinese (Taiwan, Hong Kong, Singapore, Malaysia), Dangi (Korea),
// Umm al-Qura (Islamic days, which a sighting may move by one).
//
//   node tests/holidays/sky.mjs
//
// Rules: the Chinese month begins on the day of the new moon at 120° E (GB/T 33661-2017),
// Dangi likewise at 135° E; Tomb Sweeping is the day of the sun at 15°; the equinoxes at 0° and
// 180° (Japan's, by its law). Deepavali follows a Hindu calendar that ICU does not have.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';

const rows = [...readFileSync(new URL('../../bot/text/holidays.inc', import.meta.url), 'utf8')
    .matchAll(/HOLIDAY\((\w+), "", (\d+), (\d+), (\d+), "(.*)", "[^"]*", "\w+", (\w+)\)/g)]
    .map(([, market, y, m, d, name, kind]) => ({ market, at: Date.UTC(y, m - 1, d), year: Number(y), name, kind }));
const format = (calendar) => new Intl.DateTimeFormat(`en-u-ca-${calendar}`, { month: 'numeric', day: 'numeric', timeZone: 'UTC' });
const calendars = { chinese: format('chinese'), dangi: format('dangi'), islamic: format('islamic-umalqura') };
const DAY = 86400e3;

/** [names of the day, calendar, "month/day", days that it may be off]. */
const RULES = [
    [/^(Chinese New Year|Lunar New Year’s Day|Lunar New Year's Day)$/, 'chinese', ['1/1', '1/2'], 0],
    [/^The second day of the Chinese New Year$/, 'chinese', ['1/2'], 0],
    [/^The third day of (the Chinese|Lunar) New Year$/, 'chinese', ['1/3'], 0],
    [/^(Dragon Boat Festival|Tuen Ng Festival)$/, 'chinese', ['5/5'], 0],
    [/^Mid-Autumn Festival$/, 'chinese', ['8/15'], 0],
    [/^The day following the Chinese Mid-Autumn Festival$/, 'chinese', ['8/16'], 0],
    [/^Chung Yeung Festival$/, 'chinese', ['9/9'], 0],
    [/^Birthday of the Buddha$/, 'chinese', ['4/8'], 0],
    [/^(Vesak Day|Visakha Bucha Day)$/, 'chinese', ['4/15'], 1],
    [/^Korean New Year$/, 'dangi', ['12/29', '12/30', '1/1', '1/2'], 0],
    [/^Korean Thanksgiving$/, 'dangi', ['8/14', '8/15', '8/16'], 0],
    [/^Buddha's Birthday$/, 'dangi', ['4/8'], 0],
    [/^(End of Ramadan \(Eid al-Fitr\)|Hari Raya Puasa)$/, 'islamic', ['10/1', '10/2'], 1],
    [/^(Feast of the Sacrifice \(Eid al-Adha\)|Hari Raya Haji)$/, 'islamic', ['12/10'], 1],
    [/^Islamic New Year$/, 'islamic', ['1/1'], 1],
    [/^Birthday of Muhammad \(Mawlid\)$/, 'islamic', ['3/12'], 1],
    [/^Day of Nuzul Al-Quran$/, 'islamic', ['9/17'], 1],
];
/** Two new moons minutes from midnight at 120° E, which ICU's formula puts on the wrong side: by the
 *  almanacs that of 6 February 2027 is at 15:56 UT, before it, that of 2 February 2030 at 16:07, behind. */
const BORDERLINE = [[Date.UTC(2027, 1, 1), Date.UTC(2027, 2, 7)], [Date.UTC(2030, 1, 1), Date.UTC(2030, 2, 5)]];

const seen = new Map(RULES.map(([name]) => [name, 0]));
const wrong = [];
for (const row of rows) {
    const rule = RULES.find(([name]) => name.test(row.name));
    if (!rule) continue;
    const [name, calendar, days, off] = rule;
    const slack = calendar === 'chinese' && BORDERLINE.some(([from, to]) => row.at >= from && row.at <= to) ? 1 : off;
    const near = Array.from({ length: 2 * slack + 1 }, (_, i) => calendars[calendar].format(new Date(row.at + (i - slack) * DAY)));
    if (!near.some((d) => days.includes(d))) wrong.push(`${row.market} ${new Date(row.at).toISOString().slice(0, 10)} ${row.name}: ICU has ${near}`);
    seen.set(name, seen.get(name) + 1);
}
assert.deepEqual(wrong, []);
for (const [name, n] of seen) assert.ok(n >= 5, `${name}: ${n} rows`);

/** The sun's longitude in degrees, to about a hundredth (Meeus, Astronomical Algorithms, chapter 25). */
function sun(at) {
    const t = (at / DAY + 2440587.5 - 2451545) / 36525, rad = Math.PI / 180;
    const mean = 280.46646 + 36000.76983 * t, m = (357.52911 + 35999.05029 * t) * rad;
    const centre = (1.914602 - 0.004817 * t) * Math.sin(m) + 0.019993 * Math.sin(2 * m) + 0.000289 * Math.sin(3 * m);
    return (((mean + centre - 0.00569 - 0.00478 * Math.sin((125.04 - 1934.136 * t) * rad)) % 360) + 360) % 360;
}
/** Does the sun pass the longitude on this civil day, `hours` east of Greenwich? */
const passes = (at, longitude, hours) => {
    const past = (v) => ((sun(v - hours * 3600e3) - longitude + 540) % 360) - 180 >= 0;
    return !past(at) && past(at + DAY);
};
for (const [market, name, longitude, hours] of [['JP', 'Spring Equinox Day', 0, 9], ['JP', 'Autumnal Equinox Day', 180, 9],
    ['TW', 'Tomb Sweeping Day', 15, 8], ['HK', 'Ching Ming Festival', 15, 8]]) {
    const days = rows.filter((r) => r.market === market && r.name === name);
    assert.ok(days.length >= 2, `${name}: ${days.length}`);
    for (const r of days) assert.ok(passes(r.at, longitude, hours), `${market} ${new Date(r.at).toISOString().slice(0, 10)} ${name}`);
}
console.log(`${[...seen.values()].reduce((a, b) => a + b)} days of the moon and those of the sun agree`);
