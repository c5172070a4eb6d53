// Maintainer's script: writes bot/text/holidays.inc. Run it in an empty folder with
//   npm install date-holidays@3.37
//   node holidays.mjs > holidays.inc
// after copying it there; the build itself never needs it. Raise LAST and ANNOUNCED once a
// year, when the governments have announced the next one. tests/holidays compares the table
// with a second source and with the calendars of ICU, and lists each difference.
import Holidays from 'date-holidays';

const FIRST = 2024, LAST = 2030;
const MARKETS = ['JP', 'KR', 'TW', 'HK', 'MY', 'TH', 'SG', 'AU'];
const STATES = { MY: Object.keys(new Holidays().getStates('MY')).sort(), AU: Object.keys(new Holidays().getStates('AU')).sort() };
// The last year whose days the governments have announced: what hangs on the sky is computed
// from then on. Japan's observatory announces its equinoxes each February for the next year.
const ANNOUNCED = { JP: 2027, KR: 2026, TW: 2026, HK: 2026, MY: 2026, TH: 2026, SG: 2026, AU: 2026 };
const OF_THE_SKY = /chinese|korean|equinox|solarterm|muharram|safar|rabi|jumada|jamada|rajab|ramadan|shawwal|hijjah|deepavali|thaipusam|vesak/i;

const day = (iso) => Math.round(Date.parse(iso + 'T00:00:00Z') / 86400e3);
const iso = (n) => new Date(n * 86400e3).toISOString().slice(0, 10);
const weekday = (n) => new Date(n * 86400e3).getUTCDay(); // 0 Sunday
const yearOf = (n) => Number(iso(n).slice(0, 4));

// Where the library's calendars miss what was announced. Moon-sighted days differ by one
// from the computed ones; dates of years still to come stay computed.
const REMOVED = {
    MY: ['2024-06-16', '2024-09-15', '2025-03-30', '2025-06-06', '2025-06-26', '2025-09-04'],
    SG: ['2024-06-16'],
};
const ADDED = {
    KR: [['2024-04-10', 'National Assembly election'], ['2024-10-01', 'Armed Forces Day (temporary)'],
        ['2025-01-27', 'Temporary holiday'], ['2025-06-03', 'Presidential election'],
        ['2026-06-03', 'Local elections']],
    TW: [['2024-02-08', 'Adjusted day off'], ['2025-01-27', 'Adjusted day off'],
        ['2024-04-05', 'Tomb Sweeping Day (substitute day)'],
        ['2025-04-03', "Children's Day (substitute day)"],
        ['2027-04-06', "Children's Day (substitute day)"],
        ['2028-04-03', "Children's Day (substitute day)"],
        ['2029-04-03', "Children's Day (substitute day)"]],
    MY: [['2024-06-17', 'Feast of the Sacrifice (Eid al-Adha)'], ['2024-09-16', 'Birthday of Muhammad (Mawlid)'],
        ['2025-04-01', 'End of Ramadan (Eid al-Fitr)'], ['2025-06-07', 'Feast of the Sacrifice (Eid al-Adha)'],
        ['2025-06-27', 'Islamic New Year'], ['2025-09-05', 'Birthday of Muhammad (Mawlid)']],
    TH: [['2025-06-02', 'Special holiday'], ['2025-08-11', 'Special holiday']],
    SG: [['2024-06-17', 'Hari Raya Haji'], ['2025-05-03', 'Polling Day']],
    // South Australia's Public Holidays Act 2023: a Sunday's Anzac Day gives the Monday.
    'AU-SA': [['2027-04-26', 'Anzac Day (substitute day)']],
};
// By laws of these states the weekend is Friday and Saturday; Johor's was until the end of 2024.
const isRestDay = (market, state, n) => market === 'MY' && (['02', '03', '11'].includes(state) || state === '01' && yearOf(n) < 2025)
    ? weekday(n) === 5 : weekday(n) === 0;
const isWeekend = (market, state, n) => weekday(n) === 6 || isRestDay(market, state, n);

/** Days of a market or one of its states: number of the day -> { name, source, computed }. */
function listed(market, state) {
    const days = new Map();
    const put = (n, v) => days.has(n) || days.set(n, v);
    const calendar = state ? new Holidays(market, state) : new Holidays(market);
    for (let year = FIRST; year <= LAST + 1; year++) {
        for (const h of calendar.getHolidays(year, 'en')) {
            if (h.type !== 'public' || !/^\d+-\d+-\d+ 00:00:00/.test(h.date)) // from the evening on only
                continue;
            let start = day(h.date.slice(0, 10));
            // The library begins the three days of Seollal on the day itself, not on its eve.
            if (market === 'KR' && h.name === 'Korean New Year')
                start--;
            const length = Math.round((h.end - h.start) / 86400e3) || 1;
            const computed = OF_THE_SKY.test(`${h.rule} ${h.name}`) && yearOf(start) > ANNOUNCED[market];
            const ja = market === 'JP' ? calendar.getHolidays(year, 'jp').find((o) => o.date === h.date && o.rule === h.rule).name : '';
            for (let i = 0; i < length; i++)
                put(start + i, { ja: ja.replace(/^.* \(振替休日\)$/, '振替休日'), name: h.name.replaceAll('’', "'").replace('forth', 'fourth'), source: 'list', computed });
        }
    }
    for (const date of REMOVED[market] ?? [])
        days.delete(day(date));
    for (const [date, name] of [...ADDED[market] ?? [], ...ADDED[`${market}-${state}`] ?? []])
        put(day(date), { name, source: 'notice', computed: day(date) > day('2026-12-31') });
    return days;
}

/** The civil day on which a day of the Chinese calendar, by ICU, falls in a year. */
const chinese = new Intl.DateTimeFormat('en-u-ca-chinese', { month: 'numeric', day: 'numeric', timeZone: 'UTC' });
function lunar(year, month, dayOfMonth) {
    for (let n = day(`${year}-01-15`); n < day(`${year + 1}-01-15`); n++)
        if (chinese.format(new Date(n * 86400e3)) === `${month}/${dayOfMonth}`)
            return n;
    throw new Error(`no ${month}/${dayOfMonth} in ${year}`);
}

// Vesak is the full moon of the month whose eighth day Korea keeps as Buddha's birthday.
function addVesak(market, days) {
    for (let year = FIRST; year <= LAST; year++) {
        const n = lunar(year, 4, 15);
        if (!days.has(n))
            days.set(n, { name: 'Vesak Day', source: 'rule', computed: year > ANNOUNCED[market] });
    }
}

// The full moons of the third, sixth and eighth month of Thailand's lunar calendar, and the day
// after the last: within a day those of the first, fourth and sixth Chinese month.
function addThaiMoons(days) {
    for (let year = ANNOUNCED.TH + 1; year <= LAST; year++) {
        const moons = [[lunar(year, 1, 15), 'Makha Bucha Day'], [lunar(year, 4, 15), 'Visakha Bucha Day'],
            [lunar(year, 4, 15) + 59, 'Asarnha Bucha Day'], [lunar(year, 4, 15) + 60, 'Buddhist Lent Day']];
        for (const [n, name] of moons)
            days.has(n) || days.set(n, { name, source: 'rule', computed: true });
    }
}

// A holiday of banks and private employers, by the Labour Protection Act.
function addThaiLabourDay(days) {
    for (let year = FIRST; year <= LAST; year++)
        days.set(day(`${year}-05-01`), { name: 'Labour Day', source: 'rule', computed: false });
}

// Taiwan's law of May 2025 on memorial days and festivals; Labour Day binds employers
// since long before.
function addTaiwan(days) {
    const law = (name) => ({ name, source: 'rule', computed: false });
    for (let year = FIRST; year <= LAST; year++) {
        const put = (date, name) => day(date) >= day('2025-05-28') && days.set(day(date), law(name));
        days.set(day(`${year}-05-01`), law('Labour Day'));
        put(`${year}-09-28`, "Teachers' Day");
        put(`${year}-10-25`, 'Taiwan Retrocession Day');
        put(`${year}-12-25`, 'Constitution Day');
    }
    for (const [n, v] of [...days])
        if (v.name === "Chinese New Year's Eve" && n >= day('2026-01-01'))
            days.set(n - 1, { ...v, name: "Day before Chinese New Year's Eve", source: 'rule' });
}

function substitute(market, state, days, n, step) {
    const v = days.get(n);
    let to = n + step;
    while (days.has(to) || isWeekend(market, state, to))
        to += step;
    days.set(to, { name: `${v.name} (substitute day)`, source: 'rule', computed: v.computed });
}

// Rest days move on in Singapore and Malaysia, both days of the weekend in Thailand; in
// Taiwan Saturdays move back, except around the lunar new year, which the list covers.
function addSubstitutes(market, state, days) {
    const given = [...days.values()].filter((v) => v.name.endsWith('(substitute day)')).map((v) => v.name);
    for (const [n, { name }] of [...days].sort((a, b) => a[0] - b[0])) {
        const rest = isRestDay(market, state, n), saturday = weekday(n) === 6;
        // The library knows some substitutes itself.
        const near = [...days].some(([m, { name: other }]) => m !== n && Math.abs(m - n) <= 4 && (given.includes(other) &&
            other.startsWith(name) || other === name && (market === 'SG' || market === 'MY') &&
            weekday(m) === 1));
        // Songkran's three days earn one substitute at the most.
        const earned = name === 'Songkran Festival' &&
            [...days].some(([m, { name: other }]) => Math.abs(m - n) <= 4 && other === `${name} (substitute day)`);
        if (near || earned || name.includes('(substitute day)') || name.includes('New Year') && market === 'TW' ||
            name === 'The second day of the Chinese New Year')
            continue;
        if (rest && ['SG', 'MY', 'TH', 'TW'].includes(market) || saturday && market === 'TH')
            substitute(market, state, days, n, 1);
        else if (saturday && market === 'TW')
            substitute(market, state, days, n, -1);
    }
}

function calendarOf(market, state) {
    const days = listed(market, state);
    if (market === 'SG' || market === 'MY')
        addVesak(market, days);
    if (market === 'TH') {
        addThaiMoons(days);
        addThaiLabourDay(days);
    }
    if (market === 'TW')
        addTaiwan(days);
    addSubstitutes(market, state, days);
    return new Map([...days].filter(([n]) => yearOf(n) >= FIRST && yearOf(n) <= LAST));
}

function print(market, state, days) {
    for (const [n, v] of [...days].sort((a, b) => a[0] - b[0])) {
        const [y, m, d] = iso(n).split('-').map(Number);
        console.log(v ? `HOLIDAY(${market}, "${state}", ${y}, ${m}, ${d}, ${JSON.stringify(v.name)}, "${v.ja ?? ''}", "${v.source}", ${v.computed ? 'COMPUTED' : 'ANNOUNCED'})`
            : `HOLIDAY(${market}, "${state}", ${y}, ${m}, ${d}, "", "", "list", NOT_KEPT)`);
    }
}

console.log(`/* Public holidays ${FIRST}-${LAST} of the eight markets, and where a state differs from its
 * nation (Malaysia's by their number in ISO 3166-2); substitute days included.
 * Generated by holidays.mjs from date-holidays 3.37 (c) its contributors, whose data are
 * licensed CC BY 3.0 (https://creativecommons.org/licenses/by/3.0/); changed: days that
 * governments announced otherwise were corrected, substitute days added.
 * Names in English and, Japan's, in Japanese. Source: "list", that data; "notice", a government's own announcement; "rule", a rule of
 * holidays.mjs. COMPUTED: it hangs on the moon, the sun or a sighting, and nobody has
 * announced it yet. NOT_KEPT: the state works on a day of the nation.
 * Sorted by market, state (the nation first), then date. */`);
for (const market of MARKETS) {
    const nation = calendarOf(market, '');
    print(market, '', nation);
    for (const state of STATES[market] ?? []) {
        const own = calendarOf(market, state), differs = new Map();
        for (const [n, v] of own)
            if (!nation.has(n))
                differs.set(n, v);
        for (const n of nation.keys())
            if (!own.has(n) && !isWeekend(market, state, n))
                differs.set(n, null);
        print(market, state, differs);
    }
}
