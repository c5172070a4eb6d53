#!/usr/bin/env python3
"""Each figure computed plainly from the files of `nemawashi export`, straight from its
definition (README.md says which readings were found by comparing). Slow and simple on purpose.

    figures.py FOLDER ZONE NOW FROM TO [K6 …] [partner=P1] [market=JP]

prints them; agree.py compares them with what the program says."""
import sys
from datetime import date

import figures_deals as deals
import figures_money as money
import figures_partners as partners
import figures_talk as talk
from question import Question
from records import Records, instant

FIGURES = {f"K{n}": getattr(home, f"k{n}") for home in (partners, deals, talk, money)
           for n in range(1, 44) if hasattr(home, f"k{n}")}
FIGURES["K2"] = partners.k1
FIGURES = dict(sorted(FIGURES.items(), key=lambda f: int(f[0][1:])))


def main():
    folder, zone, now, first, last, *rest = sys.argv[1:]
    scope = dict(a.split("=") for a in rest if "=" in a)
    names = [a for a in rest if "=" not in a] or FIGURES
    q = Question(Records(folder, zone), instant(now), date.fromisoformat(first),
                 date.fromisoformat(last), **scope)
    for name in names:
        print(name, FIGURES[name](q))


if __name__ == "__main__":
    main()
