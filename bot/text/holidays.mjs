// Maintainer's script: writes bot/text/holidays.inc. Run it in an empty folder with
//   npm install date-holidays@3.37
//   node holidays.mjs > holidays.inc
// after copying it there; the build itself never needs it. Raise LAST once a year, when
// the governments have announced the next one, and compare with their lists.
import Holidays from 'date-holidays';

const FIRST = 2024, LAST = 2029;
const MARKETS = ['JP', 'KR', 'TW', 'HK', 'MY', 'TH', 'SG', 'AU'];
const day = (iso) => Math.round(Date.parse(iso + 'T00:00:00Z') / 86400e3);
const iso = (n) => new Date(n * 86400e3).toISOString().slice(0, 10);
const weekday = (n) => new Date(n * 86400e3).getUTCDay(); // 0 Sunday

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
};

function listed(market) {
  const days = new Map();
  const put = (n, name) => days.has(n) || days.set(n, name);
  const calendar = new Holidays(market);
  for (let year = FIRST; year <= LAST + 1; year++) {
    for (const h of calendar.getHolidays(year, 'en')) {
      if (h.type !== 'public')
        continue;
      let start = day(h.date.slice(0, 10));
      // The library begins the three days of Seollal on the day itself, not on its eve.
      if (market === 'KR' && h.name === 'Korean New Year')
        start--;
      const length = Math.round((h.end - h.start) / 86400e3) || 1;
      for (let i = 0; i < length; i++)
        put(start + i, h.name.replaceAll('’', "'").replace('forth', 'fourth'));
    }
  }
  for (const date of REMOVED[market] ?? [])
    days.delete(day(date));
  for (const [date, name] of ADDED[market] ?? [])
    put(day(date), name);
  return days;
}

// Vesak is the full moon of the month whose eighth day Korea keeps as Buddha's birthday.
function addVesak(days) {
  for (const [n, name] of listed('KR')) {
    if (name === "Buddha's Birthday" && !days.has(n + 7))
      days.set(n + 7, 'Vesak Day');
  }
}

// Taiwan's law of May 2025 on memorial days and festivals; Labour Day binds employers
// since long before.
function addTaiwan(days) {
  for (let year = FIRST; year <= LAST; year++) {
    const put = (date, name) => day(date) >= day('2025-05-28') && days.set(day(date), name);
    days.set(day(`${year}-05-01`), 'Labour Day');
    put(`${year}-09-28`, "Teachers' Day");
    put(`${year}-10-25`, 'Taiwan Retrocession Day');
    put(`${year}-12-25`, 'Constitution Day');
  }
  for (const [n, name] of [...days]) {
    if (name === "Chinese New Year's Eve" && n >= day('2026-01-01'))
      days.set(n - 1, "Day before Chinese New Year's Eve");
  }
}

function substitute(days, n, step) {
  const name = days.get(n);
  let to = n + step;
  while (days.has(to) || weekday(to) === 0 || weekday(to) === 6)
    to += step;
  days.set(to, `${name} (substitute day)`);
}

// Sundays move on in Singapore and Malaysia, both days of the weekend in Thailand; in
// Taiwan Saturdays move back, except around the lunar new year, which the list covers.
function addSubstitutes(market, days) {
  const given = [...days.values()].filter((name) => name.endsWith('(substitute day)'));
  for (const [n, name] of [...days].sort((a, b) => a[0] - b[0])) {
    const sunday = weekday(n) === 0, saturday = weekday(n) === 6;
    // The library knows some substitutes itself.
    const near = [...days].some(([m, other]) => m !== n && Math.abs(m - n) <= 4 && (given.includes(other) &&
      other.startsWith(name) || other === name && (market === 'SG' || market === 'MY') &&
      weekday(m) === 1));
    // Songkran's three days earn one substitute at the most.
    const earned = name === 'Songkran Festival' &&
      [...days].some(([m, other]) => Math.abs(m - n) <= 4 && other === `${name} (substitute day)`);
    if (near || earned || name.includes('(substitute day)') || name.includes('New Year') && market === 'TW' ||
        name === 'The second day of the Chinese New Year')
      continue;
    if (sunday && ['SG', 'MY', 'TH', 'TW'].includes(market) || saturday && market === 'TH')
      substitute(days, n, 1);
    else if (saturday && market === 'TW')
      substitute(days, n, -1);
  }
}

console.log(`/* Public holidays ${FIRST}-${LAST} of the eight markets, substitute days included.
 * Generated by holidays.mjs from date-holidays 3.37 (c) its contributors, whose data are
 * licensed CC BY 3.0 (https://creativecommons.org/licenses/by/3.0/); changed: days that
 * governments announced otherwise were corrected, substitute days added. Days that hang
 * on a sighting of the moon are computed for years to come; Thailand's Buddhist days
 * after 2026 are not announced and absent; Australia's are the nation's, not a state's.
 * Sorted by market, then date. */`);
for (const market of MARKETS) {
  const days = listed(market);
  if (market === 'SG' || market === 'MY')
    addVesak(days);
  if (market === 'TW')
    addTaiwan(days);
  addSubstitutes(market, days);
  for (const [n, name] of [...days].sort((a, b) => a[0] - b[0])) {
    const [y, m, d] = iso(n).split('-').map(Number);
    if (y >= FIRST && y <= LAST)
      console.log(`HOLIDAY(${market}, ${y}, ${m}, ${d}, ${JSON.stringify(name)})`);
  }
}
