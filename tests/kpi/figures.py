#!/usr/bin/env python3
"""Each figure computed plainly from the files of `nemawashi export`, straight from its
definition and without a look at how the program does it. Slow and simple on purpose.

    figures.py FOLDER ZONE NOW FROM TO [K6 …] [partner=P1] [market=JP]

prints them; agree.py compares them with what the program says."""
import sys
from datetime import date, timedelta
from fractions import Fraction

from records import Records, instant


class Question:
    """A period [start, end) of days of the team zone, the moment of asking, and a scope."""

    def __init__(self, records, now, first, last, partner=None, market=None):
        self.r, self.now = records, now
        self.first, self.last = first, last  # both days included
        self.start = records.midnight(first)
        self.end = records.midnight(last + timedelta(days=1))
        self.partner, self.market = partner, market
        self.t = min(self.end, now)  # of snapshots

    def has(self, at):
        return at is not None and self.start <= at < self.end

    def of_deal(self, d):
        return (self.partner is None or d["partner"] == self.partner) and \
            (self.market is None or self.r.market(d) == self.market)

    def of_touch(self, t):
        return self.partner is None or self.partner in self.r.firms(t)

    def deals(self):
        return [d for d in self.r.registrations() if self.of_deal(d)]

    def partners(self):
        return [p for p in self.r.partners
                if (self.partner is None or p["id"] == self.partner)
                and (self.market is None or p["market"] == self.market)]


class Figure:
    """num ÷ den over n records. `value` is exact; None is n/a. `more` holds what stands
    beside it in the reply."""

    def __init__(self, num, den, n, value, **more):
        self.num, self.den, self.n, self.value, self.more = num, den, n, value, more

    def __repr__(self):
        value = "n/a" if self.value is None else f"{float(self.value):g}"
        return f"{value} ({self.num}/{self.den}, n {self.n}) {self.more or ''}"


def round_half_up(x, digits=1):
    """Away from zero at the half."""
    scaled = abs(x) * 10 ** digits
    whole = (2 * scaled.numerator + scaled.denominator) // (2 * scaled.denominator)
    return Fraction(whole if x >= 0 else -whole, 10 ** digits)


def share(num, den, **more):
    return Figure(num, den, den, Fraction(100 * num, den) if den else None, **more)


def median(values):
    v = sorted(values)
    if not v:
        return None
    half = len(v) // 2
    return Fraction(v[half]) if len(v) % 2 else Fraction(v[half - 1] + v[half], 2)


def mean(values):
    return Fraction(sum(values), len(values)) if values else None


# ---- partners ----
def signed_at(q, p, t):
    """Signed on a day before t; ended from midnight of its end date on."""
    today = q.r.day(t)
    return bool(p["signed_on"]) and p.on("signed_on") < today and \
        not (p["ended_on"] and p.on("ended_on") <= today)


def active_at(q, p, t):
    """A sign of life in [t − 90 days at midnight, t)."""
    since = q.r.midnight(q.r.day(t) - timedelta(days=90))
    signs = [c.at("at") for c in q.r.contacts() if p["id"] in q.r.firms(c)]
    signs += [d.at("registered_at") for d in q.r.registrations() if d["partner"] == p["id"]]
    signs += [x.at("at") for x in q.r.leads if x["partner"] == p["id"]]
    signs += [q.r.midnight(x.on("certified_on")) for x in q.r.trainings
              if x["partner"] == p["id"] and x["certified_on"]]
    return any(since <= at < t for at in signs)


def k1(q):
    signed = [p for p in q.partners() if signed_at(q, p, q.t)]
    return share(sum(active_at(q, p, q.t) for p in signed), len(signed))


def k3(q):
    """First registration ≤ 180 days after signing ÷ signed ≥ 180 days ago."""
    today = q.r.day(q.t)
    cohort = [p for p in q.partners()
              if p["signed_on"] and (today - p.on("signed_on")).days >= 180]
    started = 0
    for p in cohort:
        days = [(q.r.day(d.at("registered_at")) - p.on("signed_on")).days
                for d in q.r.registrations() if d["partner"] == p["id"] and d.at("registered_at") < q.t]
        started += any(n <= 180 for n in days)
    return share(started, len(cohort))


# ---- deals ----
def k5(q):
    rows = [d for d in q.deals() if q.has(d.at("registered_at"))]
    origins = ["inbound", "outbound", "network", "referral", "unknown"]
    return Figure(len(rows), None, len(rows), Fraction(len(rows)),
                  origins=[sum(d["origin"] == o for d in rows) for o in origins])


def k6(q):
    decided = [d for d in q.deals() if d["state"] in ("won", "lost") and q.has(d.at("closed_at"))]
    return share(sum(d["state"] == "won" for d in decided), len(decided))


def cohort_of(q):
    return [d for d in q.deals() if q.has(d.at("registered_at"))]


def k7(q):
    rows = cohort_of(q)
    live = sum(d["state"] in ("registered", "open", "paused") for d in rows)
    cycle = {"JP": 270, "SG": 90, "AU": 90}
    young = sum((q.r.day(q.now) - q.r.day(d.at("registered_at"))).days < cycle.get(q.r.market(d), 180)
                for d in rows)
    return share(sum(d["state"] == "won" for d in rows), len(rows), open=live, young=young)


def k8(q):
    """K7, and by owner at close (now while open); both of a co-sell get it."""
    by = {}
    for d in cohort_of(q):
        closed = d["closed_at"] is not None
        owners = [d["closed_owner"] if closed else d["owner"]]
        if d["model"] == "cosell":
            owners.append(d["closed_co_owner"] if closed else d["co_owner"])
        for handle in {o for o in owners if o}:
            k, n = by.get(handle, (0, 0))
            by[handle] = (k + (d["state"] == "won"), n + 1)
    figure = k7(q)
    figure.more = {"members": by}
    return figure


def won_in(q):
    return [d for d in q.deals() if d["state"] == "won" and q.has(d.at("closed_at"))]


def k9(q):
    days, net = [], []
    for d in won_in(q):
        total = (q.r.day(d.at("closed_at")) - q.r.day(d.at("registered_at"))).days
        paused = sum((q.r.day(p.at("to_at") or q.now) - q.r.day(p.at("from_at"))).days
                     for p in q.r.pauses if p["deal"] == d["id"])
        days.append(total)
        net.append(total - paused)
    p90 = sorted(days)[-(-9 * len(days) // 10) - 1] if days else None  # nearest rank
    return Figure(sum(days), len(days), len(days), median(days), mean=mean(days), p90=p90,
                  net=median(net))


# ---- touch points ----
def k11(q):
    contacts = q.r.contacts()
    counts = [sum(t["deal"] == d["id"] and t.at("at") <= d.at("closed_at") for t in contacts)
              for d in won_in(q)]
    return Figure(sum(counts), len(counts), len(counts), mean(counts), median=median(counts))


def shares_of(counts):
    """Tenths of a percent by largest remainder; ties: larger count, then channel name."""
    total = sum(counts.values())
    tenths = {c: 1000 * n // total for c, n in counts.items()}
    order = sorted(counts, key=lambda c: (-(1000 * counts[c] % total), -counts[c], c))
    for c in order[:1000 - sum(tenths.values())]:
        tenths[c] += 1
    return tenths


def k12(q):
    counts = {}
    for t in q.r.contacts():
        if q.has(t.at("at")) and q.of_touch(t):
            counts[t["channel"]] = counts.get(t["channel"], 0) + 1
    n = sum(counts.values())
    return Figure(n, None, n, Fraction(n), tenths=shares_of(counts) if n else {}, counts=counts)


# ---- meetings ----
def meetings_in(q):
    return [m for m in q.r.held_meetings() if q.has(m.at("at")) and q.of_touch(m)]


def has_champion(q, m):
    """Somebody who by then sold for us: in the room, or else on its deal, at its customer or
    at a partner present, who can be asked afterwards."""
    firms = q.r.firms(m)
    for c in q.r.champions:
        if c.at("since_at") > m.at("at"):
            continue
        if m["deal"] and c["deal"] == m["deal"] or m["customer"] and c["customer"] == m["customer"]:
            return True
        if c["partner"] in firms or c["person"] in m.refs("people"):
            return True
    return False


def k34(q):
    done = n = 0
    for m in meetings_in(q):
        if not has_champion(q, m):
            continue
        market = q.r.market_of_touch(m)
        last = q.r.business_add(market, q.r.day(m.at("at")), 2)
        deadline = q.r.midnight(last + timedelta(days=1))
        heard = any(c["touch_point"] == m["id"] and c["layer"] == "after" and c.at("at") < deadline
                    for c in q.r.consensus)
        if not heard and q.now < deadline:
            continue  # pending
        done += heard
        n += 1
    return share(done, n)


def k35(q):
    rows = meetings_in(q)
    caught = sum(any(c["touch_point"] == m["id"] and c["stance"] and c.at("at") - m.at("at") <= 86400
                     for c in q.r.consensus) for m in rows)
    return share(caught, len(rows))


FIGURES = {"K1": k1, "K2": k1, "K3": k3, "K5": k5, "K6": k6, "K7": k7, "K8": k8, "K9": k9,
           "K11": k11, "K12": k12, "K34": k34, "K35": k35}


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
