"""Figures of deals: how many, how long, how they stand (K5–K11, K30, K31, K33, K39, K40)."""
from datetime import timedelta
from fractions import Fraction

from question import Figure, mean, median, minor_digits, round_half_up, share

BASE_CYCLE = 90
FACTORS = {"JP": 3, "KR": 2, "TW": 2, "HK": 2, "TH": 2, "MY": 2, "SG": 1, "AU": 1}
COACH_DAYS = 30
UNTOUCHED = 60  # business days


def k5(q):
    rows = cohort_of(q)
    origins = ["inbound", "outbound", "network", "referral", "unknown"]
    return Figure(len(rows), None, len(rows), Fraction(len(rows)),
                  origins=[sum(d["origin"] == o for d in rows) for o in origins])


def k6(q):
    decided = [d for d in q.deals() if d["state"] in ("won", "lost") and q.has(d.at("closed_at"))]
    return share(sum(d["state"] == "won" for d in decided), len(decided))


def cohort_of(q):
    return [d for d in q.deals() if q.has(d.at("registered_at"))]


def cycle_of(q, market):
    """The days that a deal of the market is expected to take."""
    told = [Fraction(m["factor"]) for m in q.r.market_facts if m["market"] == market and m["factor"]]
    return BASE_CYCLE * (told[0] if told else FACTORS.get(market, 2))


def k7(q):
    rows = cohort_of(q)
    live = sum(d["state"] in ("registered", "open", "paused") for d in rows)
    young = sum((q.r.day(q.now) - q.r.day(d.at("registered_at"))).days < cycle_of(q, q.r.market(d))
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
    return [d for d in q.won() if q.of_deal(d)]


def days_to_close(q, d):
    return (q.r.day(d.at("closed_at")) - q.r.day(d.at("registered_at"))).days


def k9(q):
    days, net = [], []
    for d in won_in(q):
        total = days_to_close(q, d)
        if total < 0:
            continue  # listed as an error of the data
        paused = sum((q.r.day(p.at("to_at") or q.now) - q.r.day(p.at("from_at"))).days
                     for p in q.r.pauses_of(d))
        days.append(total)
        net.append(total - paused)
    p90 = sorted(days)[-(-9 * len(days) // 10) - 1] if days else None  # nearest rank
    return Figure(sum(days), len(days), len(days), median(days), mean=mean(days), p90=p90,
                  net=median(net))


def k10(q):
    """Against the base market's, or that of the markets whose factor was 1 at first where none is set; n/a
    if either has fewer than five."""
    base = {m["market"] for m in q.r.market_facts if m.flag("base")} or \
        {m for m, factor in FACTORS.items() if factor == 1}
    here, there = [], []
    for d in q.won():
        market, days = q.r.market(d), days_to_close(q, d)
        if days < 0 or q.partner and d["partner"] != q.partner:
            continue
        if market in base:
            there.append(days)
        elif market and market == (q.market or market):
            here.append(days)
    n = min(len(here), len(there))
    value = median(here) / median(there) if n >= 5 and median(there) else None
    return Figure(int(2 * (median(here) or 0)), int(2 * (median(there) or 0)), n, value)


def k11(q):
    counts = [sum(t.at("at") <= d.at("closed_at") for t in q.r.contacts_of(d)) for d in won_in(q)]
    return Figure(sum(counts), len(counts), len(counts), mean(counts), median=median(counts))


# ---- how open deals stand ----
def open_at(q):
    """Open and not paused at the snapshot."""
    return [d for d in q.deals() if q.r.live_at(d, q.t) and not q.r.paused_at(d, q.t)]


def last_touch(q, d):
    """When it was last touched, or else registered."""
    times = [t.at("at") for t in q.r.contacts_of(d) if t.at("at") < q.t]
    return max(times) if times else d.at("registered_at")


def idle(q, d, since):
    """Business days of its market since then."""
    return q.r.business_between(q.r.market(d), q.r.day(since), q.r.day(q.t - 1))


def k30(q):
    live = [d for d in open_at(q) if idle(q, d, last_touch(q, d)) < UNTOUCHED]
    won = won_in(q)
    values = [(d["currency"], d.money()) for d in won if d["amount"] is not None]
    days = [n for n in (days_to_close(q, d) for d in won) if n >= 0]
    rate = k6(q)
    value = None
    currencies = {c for c, _ in values}
    digits = minor_digits(min(currencies)) if currencies else 0
    if len(currencies) == 1 and median(days):
        value = len(live) * rate.value / 100 * median([v for _, v in values]) / median(days) / 10**digits
    return Figure(len(live), rate.den, rate.den, value, digits=digits,
                  rate=(rate.num, rate.den), days=median(days), money=values)


def pace(q, d):
    """Its own rhythm: the median gap between its touch points, in calendar days (K13)."""
    days = [q.r.day(t.at("at")) for t in q.r.contacts_of(d) if t.at("at") < q.t]
    return median([(b - a).days for a, b in zip(days, days[1:])])


def waits(q, d):
    """Its ringi was returned and is expected back on a day that has not passed."""
    return any(r["deal"] == d["id"] and r["state"] == "returned" and r["back_on"]
               and r.on("back_on") >= q.r.day(q.t - 1) for r in q.r.ringi)


def k31(q):
    rows = open_at(q)
    rows = [d for d in rows if not waits(q, d)]
    stalled = 0
    for d in rows:
        last = last_touch(q, d)
        days = (q.r.day(q.t - 1) - q.r.day(last)).days
        stalled += idle(q, d, last) >= 10 and days >= 2 * (pace(q, d) or 0)
    return share(stalled, len(rows))


def champions_of(q, d):
    """Champions, still, of the deal, of its customer or of its partner."""
    return [c for c in q.r.champions if c.flag("standing") and c.at("since_at") < q.t
            and any(c[who] and c[who] == d[at] for who, at in
                    (("deal", "id"), ("customer", "customer"), ("partner", "partner")))]


def met_lately(q, person):
    since = q.r.day(q.t - 1) - timedelta(days=COACH_DAYS)
    return any(person in t.refs("people") and q.r.day(t.at("at")) >= since and t.at("at") < q.t
               for t in q.r.contacts())


def k33(q):
    rows, found, coached = open_at(q), 0, 0
    for d in rows:
        near = [c for c in champions_of(q, d) if met_lately(q, c["person"])]
        champion = any(c.flag("power") and c.flag("stake") and c.flag("sells") for c in near)
        found += champion
        coached += not champion and any(c.flag("stake") and c.flag("sells") for c in near)
    return share(found, len(rows), coached=coached)


def k39(q):
    """Days from first touch to signature, and from there to live, as shares of both."""
    before = after = n = 0
    for d in won_in(q):
        times = [t.at("at") for t in q.r.contacts_of(d)]
        if not d["live_at"] or d.at("live_at") >= q.now or not times:
            continue
        signed = q.r.day(d.at("closed_at"))
        first, live = q.r.day(min(times)), q.r.day(d.at("live_at"))
        if first > signed or live < signed:
            continue  # dates out of order
        before += (signed - first).days
        after += (live - signed).days
        n += 1
    return Figure(before, before + after, n, Fraction(100 * before, before + after) if before + after else None)


def business_seconds(q, market, start, end):
    """Of Monday to Friday, 09:00 to 18:00 in the team zone, less the market's holidays."""
    total, day = 0, q.r.day(start)
    while day <= q.r.day(end):
        if day.weekday() < 5 and q.r.business(market, day):
            opens, closes = q.r.clock(day, 9), q.r.clock(day, 18)
            total += max(0, min(end, closes) - max(start, opens))
        day += timedelta(days=1)
    return total


def k40(q):
    times = [business_seconds(q, q.r.market(d), d.at("registered_at"), d.at("decided_at"))
             for d in q.r.deals if d["state"] != "merged" and q.has(d.at("decided_at")) and q.of_deal(d)]
    minutes = [int(round_half_up(Fraction(s, 60), 0)) for s in times]
    value = median(minutes)
    return Figure(sum(minutes), len(minutes), len(minutes), None if value is None else value / 60)
