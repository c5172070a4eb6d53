#!/usr/bin/env python3
"""What must hold whatever the figures are, over random stores (generate.py):

- the rows of `export FIGURE` give numerator, denominator and n when they are counted, and
  `list` has as many (K12, K13 and K41 of everybody are counted by statements of their own);
- the rows of a split by partner, market or channel add up to the whole (a co-sell deal is
  two members', a touch point with two partners both partners': there they cover it), and
  each row is what asking for its partner or market says;
- a period is the sum of two that make it up, for whatever is counted by its own moment;
- what stands twice in the store for speed stands there alike (firm_touch).

    properties.py --program .build/dev/nemawashi --work DIR [--first 1] [--seeds 40]"""
import base64
import csv
import io
import sqlite3
import sys
from contextlib import closing
from datetime import timedelta

import agree
import generate

RATES = ["K1", "K2", "K3", "K6", "K7", "K8", "K34", "K35", "K41"]
DAYS = ["K9", "K13"]
COUNTS = ["K5", "K12"]
COPIED = ["K12", "K13", "K41"]  # of one partner read from firm_touch
ADDITIVE = ["K5", "K6", "K7", "K9", "K11", "K12", "K34", "K35"]
# Split, and whether a record belongs to exactly one row.
SPLITS = {"partner": {"K5": True, "K6": True, "K7": True, "K9": True, "K11": True, "K12": False},
          "market": {"K1": True, "K5": True, "K6": True, "K7": True, "K9": True, "K11": True},
          "channel": {"K12": True, "K41": True},
          "member": {"K34": True, "K35": True}}
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
    lines = [f"{verb} {what} {first}..{last}" for _, what in asked for verb in ("kpi", "export", "list")]
    replies = talk(lines)
    for i, (name, _) in enumerate(asked):
        said, file, shown = replies[3 * i:3 * i + 3]
        rows = file_rows(file)
        checks.that("rows give the figure", counted(name, rows) == figure(said),
                    lambda: f"seed {world.seed} {lines[3 * i]}: {figure(said)}, rows {counted(name, rows)}")
        checks.that("list has the rows", listed(shown) == len(rows),
                    lambda: f"seed {world.seed} {lines[3 * i]}: {len(rows)} rows, list {listed(shown)}")


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
        for one, other in (("held_touch", "firm_touch"), ("firm_touch", "held_touch")):
            n = db.execute(f"select count(*) from (select * from {one} except select * from {other})").fetchone()[0]
            checks.that("firm_touch holds what was held", n == 0,
                        lambda: f"seed {world.seed}: {n} rows of {one} are not in {other}")


def main():
    a = agree.options().parse_args()
    work = agree.fresh(a, "properties")
    checks = Checks()
    for seed in range(a.first, a.first + a.seeds):
        store, world = agree.store_of(work, seed)

        def talk(lines):
            return agree.say(a.program, store, world, lines)

        for first, last in agree.periods(world)[:2]:
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
