#!/usr/bin/env python3
"""What must hold whatever the figures are, over random stores (generate.py):

- the rows of `export FIGURE` give numerator, denominator and n when they are counted,
  `list` has as many, and `why` counts each of them under a mark (K12, K13, K34, K35 and
  K41 of everybody are counted by statements of their own);
- the rows of a split add up to the whole (a co-sell deal is two members', a touch point with
  two partners both partners': there they cover it), and each row of a partner is what asking
  for that partner says;
- a period is the sum of two that make it up, for whatever is counted by its own moment;
- what stands twice in the store for speed stands there alike (firm_touch, meeting_heard,
  firm_account).

    properties.py --program .build/dev/nemawashi --work DIR [--first 1] [--seeds 40]"""
import base64
import csv
import io
import re
import sqlite3
import sys
from contextlib import closing
from datetime import timedelta

import agree

# K12, K34, K35 and K41 of the whole team are counted by a second statement: the rows are the first.
RATES = ["K1", "K2", "K3", "K6", "K7", "K8", "K19", "K20", "K27", "K28", "K31", "K33", "K34",
         "K35", "K36", "K41"]
COUNTS = ["K5", "K12", "K37"]
DAYS = ["K9", "K13"]
COPIED = ["K12", "K13", "K41"]  # of one partner read from firm_touch
ADDITIVE = ["K5", "K6", "K7", "K9", "K11", "K12", "K28", "K34", "K35", "K36", "K41"]
# Split, and whether a record belongs to exactly one row.
DEALS = {"K5": True, "K6": True, "K7": True, "K9": True, "K11": True, "K28": True, "K31": True,
         "K33": True}
SPLITS = {"partner": {**DEALS, "K12": False, "K20": True, "K36": True, "K37": True},
          "market": {**DEALS, "K1": True, "K20": True, "K36": True, "K37": True},
          "type": {**DEALS, "K1": True}, "silo": {**DEALS, "K1": True},
          "product": {n: once for n, once in DEALS.items() if n != "K33"},
          "team": {"K5": False, "K6": False},
          "month": {n: True for n in ("K5", "K6", "K7", "K12", "K28", "K41")},
          "channel": {"K12": True, "K41": True},
          "member": {"K5": False, "K34": True, "K35": True}}
MARK = re.compile(r" ([0-9,]+)(?:: .*)?$")
SHOWN = 20


class Sum:
    def __init__(self, num=0, den=0):
        self.num, self.den = num, den

    def take(self, num, den):
        self.num += num
        self.den += den

    def __eq__(self, other):
        return (self.num, self.den) == (other.num, other.den)

    def __repr__(self):
        return f"{self.num}/{self.den}"


def figure(reply):
    k = reply["kpi"]
    return Sum(k["num"] or 0, k["den"] or 0)


def file_rows(reply):
    for part in reply["parts"]:
        if part["kind"] == "file":
            text = base64.b64decode(part["data"]).decode("utf-8-sig")
            return list(csv.DictReader(io.StringIO(text)))
    return []


def counted(name, rows):
    if name in DAYS:
        days = [int(r["figure"]) for r in rows if r["counts"] == "denominator"]
        return Sum(sum(days), len(days))
    num = sum(r["counts"] in ("both", "numerator") for r in rows)
    den = sum(r["counts"] in ("both", "denominator") for r in rows)
    return Sum(num, 0 if name in COUNTS else den)


def listed(reply):
    """How many records a list has, the ones that are not shown included."""
    n = sum(len(p["items"]) for p in reply["parts"] if p["kind"] == "list")
    for p in reply["parts"]:
        words = p.get("text", "").split()
        if words[:2] == ["…", "and"]:
            n += int(words[2].replace(",", ""))
    return n


def marked(reply):
    """How many records `why` says each mark has, together: "Won 3: D1, D2, D9 · Lost 12"."""
    texts = [p["text"] for p in reply["parts"] if p["kind"] == "text"]
    found = [MARK.search(part) for part in texts[1].split(" · ")] if len(texts) > 1 else []
    return sum(number(m[1]) for m in found if m)


def table(reply):
    """(label, cells by column) of a split."""
    for p in reply["parts"]:
        if p["kind"] == "table":
            names = [c["label"] for c in p["columns"]]
            return [(row[0], dict(zip(names, row))) for row in p["rows"]]
    return None


def number(text):
    return int(text.replace(",", ""))


def cells_sum(name, cells):
    if "k/n" in cells:
        k, n = cells["k/n"].split("/")
        return Sum(number(k), number(n))
    if "Number" in cells:
        return Sum(number(cells["Number"]), 0)
    return Sum(0, number(cells["Deals"]))


class Checks:
    def __init__(self):
        self.done, self.wrong = {}, 0

    def that(self, what, ok, say):
        self.done[what] = self.done.get(what, 0) + 1
        if ok:
            return
        self.wrong += 1
        if self.wrong <= 12:
            print(f"{what}: {say()}")


def check_rows(checks, world, talk, names, first, last):
    asked = [(n, n) for n in names] + [(n, f"{n} P1") for n in COPIED if world.partners]
    lines = [f"{verb} {what} {first}..{last}" for _, what in asked for verb in ("kpi", "export", "list", "why")]
    replies = talk(lines)
    for i, (name, _) in enumerate(asked):
        line = lines[4 * i]
        said, file, shown, why = replies[4 * i:4 * i + 4]
        rows = file_rows(file)
        checks.that("rows give the figure", counted(name, rows) == figure(said),
                    lambda: f"seed {world.seed} {line}: {figure(said)}, rows {counted(name, rows)}")
        checks.that("list has the rows", listed(shown) == len(rows),
                    lambda: f"seed {world.seed} {line}: {len(rows)} rows, list {listed(shown)}")
        count = sum(r["counts"] in ("both", "numerator", "denominator") for r in rows)
        if count:
            checks.that("why has the rows", marked(why) == count,
                        lambda: f"seed {world.seed} {line}: {count} rows, why {marked(why)}")


def check_splits(checks, world, talk, first, last):
    asked = [(by, n, once) for by, which in SPLITS.items() for n, once in which.items()]
    lines = [f"kpi {n} {first}..{last} by {by}" for by, n, _ in asked]
    replies = talk(lines)
    singles = []
    for (by, name, once), line, reply in zip(asked, lines, replies):
        rows = table(reply)
        if rows is None:
            continue
        whole, total = figure(reply), Sum()
        for label, cells in rows:
            part = cells_sum(name, cells)
            total.take(part.num, part.den)
            if by == "partner" and label.startswith("Firm"):
                singles.append((f"kpi {name} {label} {first}..{last}", part))
        if "Deals" in rows[0][1]:
            whole = Sum(0, whole.den)
        ok = total == whole if once else total.num >= whole.num
        checks.that("a split covers the whole" if not once else "a split adds up", ok,
                    lambda: f"seed {world.seed} {line}: {whole}, rows {total}")
    for (line, part), reply in zip(singles, talk([line for line, _ in singles])):
        alone = figure(reply)
        if part.num == 0 and part.den:  # shown by the number of deals
            alone.num = 0 if "K9" in line or "K11" in line else alone.num
        checks.that("a row is its own figure", alone == part,
                    lambda: f"seed {world.seed} {line}: {alone}, row {part}")


def check_periods(checks, world, talk, first, last):
    cut = first + timedelta(days=world.r.randint(0, max(0, (last - first).days - 1)))
    if cut >= last:
        return
    spans = [(first, last), (first, cut), (cut + timedelta(days=1), last)]
    lines = [f"kpi {n} {a}..{b}" for n in ADDITIVE for a, b in spans]
    replies = [figure(r) for r in talk(lines)]
    for i, name in enumerate(ADDITIVE):
        whole, *parts = replies[3 * i:3 * i + 3]
        total = Sum(sum(p.num for p in parts), sum(p.den for p in parts))
        checks.that("a period is the sum of its parts", total == whole,
                    lambda: f"seed {world.seed} {lines[3 * i]}: {whole}, in two {total} (cut after {cut})")


def check_copies(checks, world, store):
    with closing(sqlite3.connect(f"file:{store}?mode=ro", uri=True)) as db:
        pairs = [("held_touch", "firm_touch"), ("held_meeting", "meeting_heard"), ("met_account", "firm_account")]
        for one, other in pairs + [pair[::-1] for pair in pairs]:
            n = db.execute(f"select count(*) from (select * from {one} except select * from {other})").fetchone()[0]
            checks.that("copies hold what they have to", n == 0,
                        lambda: f"seed {world.seed}: {n} rows of {one} are not in {other}")


def main():
    a = agree.options().parse_args()
    work = agree.fresh(a, "properties")
    checks = Checks()
    for seed in range(a.first, a.first + a.seeds):
        store, world = agree.store_of(work, seed)

        def talk(lines):
            return agree.say(a.program, store, world, lines)

        for first, last in world.spans[:2]:
            check_rows(checks, world, talk, RATES + COUNTS + DAYS + ["K11"], first, last)
            check_splits(checks, world, talk, first, last)
            check_periods(checks, world, talk, first, last)
        check_copies(checks, world, store)
        store.unlink()
    for what, n in checks.done.items():
        print(f"{n:6} × {what}")
    print(f"{a.seeds} stores, {sum(checks.done.values())} checks, {checks.wrong} wrong")
    return 1 if checks.wrong or len(checks.done) < 6 else 0


if __name__ == "__main__":
    sys.exit(main())
