#!/usr/bin/env python3
"""Does the program say what the definitions say? Makes random stores (generate.py), asks
the program for every figure over several periods and scopes, computes the same from the
exported files (figures.py), and compares value, numerator, denominator and n.

    agree.py --program .build/dev/nemawashi --work DIR [--first 1] [--seeds 40]
             [--only K6,K9]

A difference prints the seed, the question, both answers and what the program left out."""
import argparse
import json
import os
import re
import shutil
import subprocess
import sys
import time
from datetime import datetime
from fractions import Fraction
from pathlib import Path

import figures
import generate
from question import Question, round_half_up, wilson
from records import Records

INTERVAL = re.compile(r"95 % interval ([0-9.]+)–([0-9.]+) %")
ENV = {**os.environ, "TZ": "UTC", "LC_ALL": "C.UTF-8"}


def run(program, *args, **more):
    done = subprocess.run([program, *args], env=ENV, capture_output=True, text=True, **more)
    return done


def template(program, path):
    """A fresh store with an administrator and a manager."""
    path.unlink(missing_ok=True)
    for handle, role in (("mika", "admin"), ("boss", "manager")):
        done = run(program, "member", "--db", str(path), "add", handle, handle.title(), role,
                   "JP", "Asia/Tokyo", "en")
        if done.returncode:
            sys.exit(done.stderr)


def questions(world, names):
    asked = []
    for first, last in world.spans:
        scopes = [{}]
        if world.partners:
            scopes.append({"partner": f"P{world.r.choice(world.partners)}"})
        scopes.append({"market": world.r.choice(generate.MARKETS[:4])})
        for scope in scopes:
            for name in names:
                if scope.get("market") and name in NO_MARKET or scope and name in NO_SCOPE:
                    continue
                asked.append((name, first, last, scope))
    return asked


# By whose market a touch point counts is not settled by a definition.
NO_MARKET = ("K12", "K13", "K34", "K35")
# Targets are the team's.
NO_SCOPE = ("K38",)


def say(program, store, world, lines):
    """The reply to each line, said to the manager at the world's time."""
    if not lines:
        return []
    at = datetime.fromtimestamp(world.now / 1000, world.tz).isoformat()
    done = run(program, "chat", "--db", str(store), "--as", "boss", "--json", "--at", at,
               "--zone", world.zone, input="\n".join(lines) + "\n")
    replies = [json.loads(line) for line in done.stdout.splitlines()]
    replies = {r["in"]: r for r in replies if r["in"]}
    if len(replies) != len(lines):
        sys.exit(f"seed {world.seed}: {len(lines)} lines, {len(replies)} answers\n{done.stderr}")
    return [replies[i + 1] for i in range(len(lines))]


def ask(program, store, world, asked):
    lines = [f"kpi {name} {' '.join([*scope.values(), ''])}{first}..{last}"
             for name, first, last, scope in asked]
    return zip(lines, say(program, store, world, lines))


def texts(said):
    parts = [p.get("text", "") for p in said["parts"]]
    rows = [" · ".join(row) for p in said["parts"] for row in p.get("rows", [])]
    return "\n".join([said["title"] or "", *parts, *rows])


def amount(x):
    return None if x is None else Fraction(x)


def differs(said, ours):
    """None, or in what the answer differs."""
    k = said["kpi"]
    if k is None:
        return "no figure"
    if amount(k["num"]) != ours.num or amount(k["den"]) != ours.den or k["n"] != ours.n:
        return "count"
    if (k["value"] is None) != (ours.value is None):
        return "n/a"
    if ours.value is not None and Fraction(k["value"]) != round_half_up(ours.value, ours.digits):
        return "value"
    words = texts(said)
    for phrase in ours.says:
        if phrase not in words:
            return f"no “{phrase}”"
    interval = INTERVAL.search(words)
    if interval and ours.value is not None:
        low, high = (round_half_up(x) for x in wilson(ours.num, ours.den))
        if (Fraction(interval[1]), Fraction(interval[2])) != (low, high):
            return "interval"
    return None


class Tally:
    def __init__(self):
        self.compared, self.known, self.wrong, self.per = 0, 0, 0, {}

    def take(self, seed, world, line, said, ours):
        self.compared += 1
        self.known += ours.value is not None
        how = differs(said, ours)
        name = line.split()[1]
        per = self.per.setdefault(name, [0, 0, 0])
        per[0] += 1
        per[1] += ours.value is not None
        if not how:
            return
        per[2] += 1
        self.wrong += 1
        if per[2] <= 3:
            print(f"seed {seed} ({world.zone}): {line}: {how}\n  program  {json.dumps(said['kpi'])}\n"
                  f"  {said['title']}\n  by hand  {ours}")


def options():
    p = argparse.ArgumentParser()
    p.add_argument("--program", required=True, type=os.path.abspath)
    p.add_argument("--work", required=True, type=Path)
    p.add_argument("--first", type=int, default=1)
    p.add_argument("--seeds", type=int, default=40)
    return p


def fresh(a, name):
    """An empty folder with the store that all others begin as."""
    work = a.work / name
    shutil.rmtree(work, ignore_errors=True)
    work.mkdir(parents=True)
    template(a.program, work / "empty.db")
    return work


def store_of(work, seed):
    store = work / f"{seed}.db"
    shutil.copy(work / "empty.db", store)
    return store, generate.generate(store, seed)


def main():
    p = options()
    p.add_argument("--only", default="", help="figures, joined by commas")
    a = p.parse_args()
    names = a.only.split(",") if a.only else list(figures.FIGURES)
    work = fresh(a, "kpi")
    tally, started = Tally(), time.monotonic()
    for seed in range(a.first, a.first + a.seeds):
        store, world = store_of(work, seed)
        folder = work / str(seed)
        done = run(a.program, "export", "--db", str(store), "--zone", world.zone, str(folder))
        if done.returncode:
            sys.exit(f"seed {seed}: export: {done.stderr}")
        records = Records(folder, world.zone)
        wrong = tally.wrong
        asked = questions(world, names)
        for (line, said), (name, first, last, scope) in zip(ask(a.program, store, world, asked), asked):
            q = Question(records, world.now // 1000, first, last, **scope)
            tally.take(seed, world, line, said, figures.FIGURES[name](q))
        if tally.wrong == wrong:
            shutil.rmtree(folder)
            store.unlink()
    for name, (n, known, wrong) in tally.per.items():
        print(f"{name:4} {n:6} compared {known:6} not n/a {wrong:5} differ")
    print(f"{a.seeds} stores, {tally.compared} figures compared, {tally.known} of them not"
          f" n/a, {tally.wrong} differ ({time.monotonic() - started:.0f} s)")
    return 1 if tally.wrong or not tally.known else 0


if __name__ == "__main__":
    sys.exit(main())
