"""Compares bot/text/holidays.inc with sources that it was not made from: Debian's
python3-workalendar (JP KR TW HK SG and AU with its states) and gcal (MY and TH). Debian has no
second list of Malaysia's states.

    compare.py [--show]    compared are the weekdays (MY's states: their own) without work

Each difference stands in decisions.tsv with what we hold and why; one that is missing there,
or is no difference any more, fails. --show prints all in the form of decisions.tsv.
"""
import datetime
import re
import subprocess
import sys
import warnings
from pathlib import Path

from workalendar.asia import HongKong, Japan, Singapore, SouthKorea, Taiwan
from workalendar import oceania

HERE = Path(__file__).resolve().parent
TABLE = HERE.parent.parent / 'bot' / 'text' / 'holidays.inc'
YEARS = range(2024, 2031)
WORKALENDAR = {
    ('JP', ''): Japan, ('KR', ''): SouthKorea, ('TW', ''): Taiwan, ('HK', ''): HongKong, ('SG', ''): Singapore,
    ('AU', 'ACT'): oceania.AustralianCapitalTerritory, ('AU', 'NSW'): oceania.NewSouthWales,
    ('AU', 'NT'): oceania.NorthernTerritory, ('AU', 'QLD'): oceania.Queensland, ('AU', 'SA'): oceania.SouthAustralia,
    ('AU', 'TAS'): oceania.Tasmania, ('AU', 'VIC'): oceania.Victoria, ('AU', 'WA'): oceania.WesternAustralia,
}
GCAL = {('TH', ''): 'TH', ('MY', ''): 'MY'}
MONTHS = 'Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec'.split()
ROW = re.compile(r'HOLIDAY\((\w+), "(\w*)", (\d+), (\d+), (\d+), "(.*)", "[^"]*", "(\w+)", (\w+)\)')


def is_weekend(market, state, date):
    friday = market == 'MY' and (state in ('02', '03', '11') or state == '01' and date.year < 2025)
    return date.weekday() in ((4, 5) if friday else (5, 6))


def ours():
    """(market, state) -> {date: name}, a state's with the nation's."""
    rows = {}
    for line in TABLE.read_text().splitlines():
        m = ROW.match(line)
        if m:
            date = datetime.date(int(m[3]), int(m[4]), int(m[5]))
            rows.setdefault((m[1], m[2]), {})[date] = None if m[8] == 'NOT_KEPT' else m[6]
    merged = {}
    for (market, state), days in rows.items():
        all_days = {**rows[market, ''], **days}
        merged[market, state] = {d: name for d, name in all_days.items() if name is not None}
    return merged


def by_workalendar(calendar):
    days = {}
    for year in YEARS:
        with warnings.catch_warnings():
            warnings.simplefilter('ignore')  # "this computation may be wrong": hence the comparison
            days.update({d: name for d, name in calendar().holidays(year) if d.year == year})
    return days


def by_gcal(code):
    """Marked + or #: legal holidays; * and -: of some regions, or days of remembrance."""
    days = {}
    for year in YEARS:
        text = subprocess.run(['gcal', '-u', '-q', code, '-n', str(year)], check=True, capture_output=True, text=True).stdout
        for name, day, month in re.findall(r'^(.+?) \(\w+\) +[+#] \w\w, [: ]([ \d]\d)[: ](\w{3}) \d{4}', text, re.M):
            days[datetime.date(year, MONTHS.index(month) + 1, int(day))] = name
    return days


def differences():
    table, found = ours(), {}
    for (market, state), days in sorted(table.items()):
        key = (market, state)
        theirs = by_workalendar(WORKALENDAR[key]) if key in WORKALENDAR else by_gcal(GCAL[key]) if key in GCAL else None
        if theirs is None:
            continue
        for date in sorted(set(days) ^ set(theirs)):
            if not is_weekend(market, state, date):
                found[market, state or '-', date.isoformat()] = (days.get(date, '-'), theirs.get(date, '-'))
    return found


def decisions():
    rows = {}
    for line in (HERE / 'decisions.tsv').read_text().splitlines():
        if line and not line.startswith('#'):
            market, state, date, _, _, reason = line.split('\t')
            rows[market, state, date] = reason
    return rows


def main():
    found = differences()
    if '--show' in sys.argv:
        for key, (we, they) in found.items():
            print(*key, we, they, sep='\t')
        return 0
    decided = decisions()
    for key in sorted(set(found) - set(decided)):
        print('not decided:', *key, *found[key], sep='\t')
    for key in sorted(set(decided) - set(found)):
        print('no difference any more:', *key, sep='\t')
    for key, reason in decided.items():
        if not reason.strip():
            print('no reason:', *key)
    print(f'{len(found)} differences, {len(decided)} decided')
    return 0 if set(found) == set(decided) and all(r.strip() for r in decided.values()) else 1


if __name__ == '__main__':
    sys.exit(main())
