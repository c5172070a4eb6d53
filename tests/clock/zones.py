#!/usr/bin/env python3
"""Does everything come at its local minute, once? Members in every zone of the eight markets
plan follow-ups for each hour, meetings, and talks that are asked about afterwards; clock_play
lets the time pass minute by minute. When each had to come is computed here, by Python's own
zoneinfo over Debian's tzdata.

    zones.py --play .build/release/tests/clock_play             two years, every zone and hour
    zones.py --play .build/dev/tests/clock_play --sample yes    two days and both changes of the
                                                                clocks, drawn by date (--seed)

A wall time in the hour that is skipped is refused, and moved forward by that hour where a
recurrence falls into it; of the hour that comes twice the first is taken."""
import argparse
import datetime
import random
import subprocess
import sys
from pathlib import Path
from zoneinfo import ZoneInfo

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / 'holidays'))
import compare  # noqa: E402

UTC = datetime.timezone.utc
MINUTE, HOUR, DAY = (datetime.timedelta(minutes=n) for n in (1, 60, 1440))
MARKETS = 'JP KR TW HK MY TH SG AU'.split()
WORLD = ['partner Denko agency JP', 'champion Tanaka Denko 課長', 'customer Acme JP', 'contact Sato Acme', 'customer Borealis JP']
HOLIDAYS = compare.ours()


def zones():
    """(market, zone), as IANA's own table has them."""
    for line in Path('/usr/share/zoneinfo/zone.tab').read_text().splitlines():
        field = line.split('\t')
        if field[0] in MARKETS:
            yield field[0], field[2]


def millis(at):
    return round(at.timestamp() * 1000)


def instant(day, hour, minute, zone):
    """Of a wall time; what does not exist comes that much later."""
    return datetime.datetime(day.year, day.month, day.day, hour, minute, tzinfo=ZoneInfo(zone)).astimezone(UTC)


def exists(day, hour, minute, zone):
    there = instant(day, hour, minute, zone).astimezone(ZoneInfo(zone))
    return (there.date(), there.hour, there.minute) == (day, hour, minute)


def works(market, day):
    """None of Taiwan's working Saturdays falls into these years."""
    return day.weekday() < 5 and day not in HOLIDAYS.get((market, ''), {})


def business_day(market, day, n):
    """The n-th behind the day; 0: the day itself or the next one."""
    while n or not works(market, day):
        day += DAY
        n -= 1 if n and works(market, day) else 0
    return day


class Plan:
    """What is said from `first` to `last`, and what must come of it."""

    def __init__(self, places, first, last, rng):
        self.places, self.first, self.last, self.rng = places, first, last, rng
        self.says, self.wanted = [], []
        for i, (market, zone) in enumerate(places):
            self.handle, self.market, self.zone = f'z{i}', market, zone
            self.japanese = i % 3 == 1
            for n in range((last - first).days):
                self.add_day((first + n * DAY).astimezone(ZoneInfo(zone)).date())
            for n in range((last - first) // HOUR):
                self.add_hour(first + n * HOUR + self.rng.randrange(60) * MINUTE)
        self.says.sort(key=lambda s: s[0])

    def say(self, at, text, kind, due):
        if self.first <= at < self.last:
            self.says.append((at, self.handle, text, kind, due))

    def add_day(self, today):
        """The hours of tomorrow, each at a minute of its own; a meeting; on Tuesdays a talk."""
        noon, tomorrow = instant(today, 12, 0, self.zone), today + DAY
        for hour in range(24):
            minute = self.rng.choice((0, 1, 30, 45, 59))
            self.follow(noon, tomorrow, hour, minute, f'{tomorrow} {hour:02}:{minute:02}')
        hour, minute = self.rng.randrange(24), self.rng.choice((0, 15, 45))
        if exists(tomorrow, hour, minute, self.zone):
            starts = instant(tomorrow, hour, minute, self.zone)
            self.say(noon + MINUTE, f'plan Borealis {tomorrow} {hour:02}:{minute:02}', 'plan',
                     (starts - 5 * MINUTE, starts + HOUR))
        if today.weekday() == 1:
            second = business_day(self.market, today, 1)
            third = business_day(self.market, second, 2)
            self.say(instant(today, 18, 5, self.zone), 'met Acme with Sato 60m: nobody objected', 'met',
                     (instant(today, 19, 30, self.zone), instant(second, 10, 0, self.zone), instant(third, 10, 0, self.zone)))

    def add_hour(self, now):
        """In the words of somebody who counts from now on."""
        today, minutes = now.astimezone(ZoneInfo(self.zone)).date(), self.rng.randrange(2, 1000)
        hour, minute = self.rng.randrange(24), self.rng.choice((0, 20, 30))
        self.say(now, f'follow Tanaka in {minutes} minutes', 'follow', now + minutes * MINUTE)
        self.follow(now, today + DAY, hour, minute, f'{"明日" if self.japanese else "tomorrow"} {hour:02}:{minute:02}')

    def follow(self, at, day, hour, minute, words):
        due = instant(day, hour, minute, self.zone) if exists(day, hour, minute, self.zone) else None
        self.say(at, f'フォロー Tanaka {words}' if self.japanese else f'follow Tanaka {words}', 'follow', due)

    def text(self):
        members = [f'member\tz{i}\tmanager\t{market}\t{zone}\t{"ja" if i % 3 == 1 else "en"}'
                   for i, (market, zone) in enumerate(self.places)]
        before = [f'say\t0\tz0\t{text}' for text in WORLD]
        return '\n'.join(members + before + [f'say\t{millis(at)}\t{who}\t{text}' for at, who, text, _, _ in self.says]) + '\n'


class Judge:
    def __init__(self, plan, told):
        self.plan, self.wrong, self.checked = plan, [], 0
        self.answers, self.came, self.lists, self.digests = {}, {}, {}, {}
        for line in told.splitlines():
            word, *rest = line.split('\t')
            if word == 'answer':
                self.answers.setdefault(int(rest[0]) - len(WORLD) - 1, rest[1:])
            elif word == 'came':
                key = rest[3] if rest[2].startswith(('remind.', 'plan.')) else rest[2]
                self.came.setdefault((rest[1], key), []).append((int(rest[0]), rest[2]))
            elif word in ('morning', 'digest'):
                of = self.lists if word == 'morning' else self.digests
                of.setdefault(rest[1], []).append((int(rest[0]), rest[2]))
            else:
                self.wrong.append(line)

    def expect(self, holds, *what):
        self.checked += 1
        if not holds:
            self.wrong.append(' · '.join(str(w) for w in what))

    def judge(self):
        talks = {}
        for i, (at, who, text, kind, due) in enumerate(self.plan.says):
            status, code, record = self.answers.get(i, ('none', 'none', '-'))
            zone = self.plan.places[int(who[1:])][1]
            if due is None:
                self.expect(code == 'when.skipped', zone, at, text, code, 'was not refused')
                continue
            self.expect(status == 'ok' and record != '-', zone, at, text, status, code)
            if kind == 'met':
                talks.setdefault(who, []).extend(millis(d) for d in due)
                continue
            came = [at for at, _ in self.came.pop((who, record), [])]
            wanted = [millis(d) for d in (due if kind == 'plan' else (due,))]
            self.expect(came == wanted, zone, at, text, record, 'came', self.at(came, zone), 'wanted', self.at(wanted, zone))
        for i, (market, zone) in enumerate(self.plan.places):
            self.judge_recurring(f'z{i}', market, zone, talks.get(f'z{i}', []))
        for (who, record), came in self.came.items():
            self.expect(False, who, record, came, 'came without being planned')
        return self.wrong

    def at(self, list_ms, zone):
        return [datetime.datetime.fromtimestamp(ms / 1000, ZoneInfo(zone)).isoformat() for ms in list_ms]

    def judge_recurring(self, who, market, zone, talks):
        """Lists of each working morning, the digest of each week, what champions are asked."""
        last = self.plan.last + 4 * DAY
        came = sorted(at for key in [k for k in self.came if k[0] == who and k[1].startswith('F')]
                      for at, code in self.came.pop(key) if code.startswith('remind.champion'))
        wanted = sorted(ms for ms in talks if ms < millis(last))
        self.expect(came == wanted, zone, 'of champions came', self.at(came, zone), 'wanted', self.at(wanted, zone))
        day = self.plan.first.astimezone(ZoneInfo(zone)).date()
        mornings, digests = [], []
        while (due := instant(day, 8, 30, zone)) < last:
            monday = day - day.weekday() * DAY
            if works(market, day):
                mornings.append(millis(due))
            if day == business_day(market, monday, 0):
                digests.append(millis(due))
            day += DAY
        began = min((at for at, handle, *_ in self.plan.says if handle == who), default=last)
        for name, wanted, came in (('mornings', mornings, [at for at, _ in self.lists.get(who, [])]),
                                   ('digests', digests, [at for at, _ in self.digests.get(who, [])])):
            wanted = [ms for ms in wanted if ms > millis(began)]
            self.expect(sorted(came) == wanted, zone, name, self.at(set(came) ^ set(wanted), zone), len(came), len(wanted))
        told = [at for at, _ in self.came.pop((who, 'digest.title'), [])]
        self.expect(len(told) == len(set(told)) and set(told) <= set(digests), zone, 'digests shown', self.at(told, zone))
        shown = [at for at, _ in self.came.pop((who, 'today.list'), [])]
        self.expect(len(shown) == len(set(shown)) and set(shown) <= set(mornings), zone, 'lists shown', self.at(shown, zone))
        for at, local in self.lists.get(who, []) + self.digests.get(who, []):
            self.expect(self.at([at], zone)[0][:16] == local, zone, local, 'came at', self.at([at], zone))


def run(play, places, first, days, seed):
    first = datetime.datetime(first.year, first.month, first.day, tzinfo=UTC)
    last = first + days * DAY
    plan = Plan(places, first, last, random.Random(seed))
    done = subprocess.run([play, str(millis(first)), str(millis(last + 4 * DAY))], input=plan.text(), capture_output=True, text=True)
    if done.returncode:
        sys.exit(f'clock_play: {done.stderr}')
    judge = Judge(plan, done.stdout)
    wrong = judge.judge()
    print(f'{first.date()} and {days} days: {len(places)} zones, {len(plan.says)} lines, {judge.checked} checks, {len(wrong)} wrong', flush=True)
    for line in wrong[:20]:
        print('  ' + line)
    return not wrong and judge.checked > len(plan.says)


def changes(zone, year):
    """The days on which its clocks are changed."""
    day = datetime.date(year, 1, 1)
    offset = lambda d: instant(d, 12, 0, zone).astimezone(ZoneInfo(zone)).utcoffset()  # noqa: E731
    return [d for d in (day + n * DAY for n in range(366)) if offset(d) != offset(d - DAY)]


def main():
    p = argparse.ArgumentParser()
    p.add_argument('--play', required=True)
    p.add_argument('--sample')
    p.add_argument('--seed', type=int, default=datetime.date.today().toordinal())
    p.add_argument('--year', type=int, default=2026)
    o = p.parse_args()
    places, rng, ok = list(zones()), random.Random(o.seed), True
    print(f'seed {o.seed}')
    if o.sample:
        always = [z for z in places if z[1] in ('Australia/Sydney', 'Australia/Lord_Howe')]
        few = always + rng.sample([z for z in places if z not in always], 4)
        for day in changes('Australia/Sydney', o.year + rng.randrange(2)):
            ok = run(o.play, few, day - DAY, 2, o.seed) and ok
        ok = run(o.play, few, datetime.date(o.year, 1, 1) + rng.randrange(728) * DAY, 2, o.seed) and ok
        sys.exit(not ok)
    for month in range(24):
        first = datetime.date(o.year + month // 12, month % 12 + 1, 1)
        ok = run(o.play, places, first, ((first + 31 * DAY).replace(day=1) - first).days, o.seed + month) and ok
    sys.exit(not ok)


if __name__ == '__main__':
    main()
