"""Figures of what was said and heard (K12, K32, K34, K35), and of the market (K23–K25)."""
from datetime import timedelta
from fractions import Fraction
from math import sqrt

from figures_partners import a_year_before
from question import Figure, mean, median, percent, round_half_up, share


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


# ---- sign-offs ----
HOLDERS_SHOWN = 8


def business_days(n):
    return f"{n:,} business day" + ("" if n == 1 else "s")


def k32(q):
    """Of what was approved in the period the business days from circulating to the last stamp;
    who held it how long, and what part of the way from registration to close that was."""
    deals = {d["id"]: d for d in q.deals()}
    days, cycle, holders = [], [0, 0], {}
    for ringi in q.r.ringi:
        d = deals.get(ringi["deal"])
        stamps = [s for s in q.r.ringi_stamps if s["ringi"] == ringi["id"] and s["at"]]
        over = max([s.at("at") for s in stamps if s["what"] == "stamped"], default=ringi.at("ended_at"))
        if not d or ringi["state"] != "approved" or not q.has(over):
            continue
        market = q.r.market(d)

        def between(a, b):
            return q.r.business_between(market, q.r.day(a), q.r.day(b))

        days.append(between(ringi.at("circulated_at"), over))
        if d["state"] in ("won", "lost", "expired"):
            whole = between(d.at("registered_at"), d.at("closed_at"))
            cycle = [cycle[0] + (days[-1] if whole else 0), cycle[1] + whole]
        stays = [(s, between(s.at("since_at"), s.at("at"))) for s in stamps if s["since_at"]]
        for s, n in stays:
            beside = [(-m, int(o["place"])) for o, m in stays if o["round"] == s["round"]]
            if ringi.flag("parallel") and (-n, int(s["place"])) != min(beside):
                continue
            holders.setdefault(s["person"] or s["label"], []).append(n)
    names = {who: (q.r.by_id[who]["name"] if who in q.r.by_id else who) for who in holders}
    longest = sorted(holders, key=lambda who: (-sum(holders[who]), who.encode()))[:HOLDERS_SHOWN]
    says = [f"{names[who]} {business_days(sum(holders[who]))}"
            + (f" ({len(holders[who])} times)" if len(holders[who]) > 1 else "") for who in longest]
    if cycle[1]:
        says.append(f"{percent(*cycle)} ({cycle[0]:,}/{cycle[1]:,} business days)")
    return Figure(sum(days), len(days), len(days), median(days), says if days else (), mean=mean(days))


# ---- meetings ----
def meetings_in(q):
    return [m for m in q.r.held_meetings() if q.has(m.at("at")) and q.of_touch(m)]


def has_champion(q, m):
    """Somebody who by its end sold for us: in the room, or else on its deal, at its customer
    or at a partner present, who can be asked afterwards."""
    firms = q.r.firms(m)
    over = max(m.at("at") + 60 * int(m["minutes"] or 0), m.at("created_at"))
    for c in q.r.champions:
        if c.at("since_at") > over:
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


# ---- the market ----
def k23(q):
    """Meetings booked ÷ leads; what has no leads counted is not in the rate."""
    sides = {"0": [0, 0], "1": [0, 0]}
    for x in q.r.activities:
        if not q.has_day(x.on("on")) or not of_activity(q, x):
            continue
        rows = [l for l in q.r.leads if l["activity"] == x["id"]]
        leads = max(len(rows), x.number("leads") or 0)
        booked = max(sum(l["meeting"] is not None for l in rows), x.number("meetings") or 0)
        if leads:
            side = sides[x["joint"]]
            side[0] += booked
            side[1] += leads
    booked, leads = (a + b for a, b in zip(*sides.values()))
    figure = share(booked, leads, solo=sides["0"], joint=sides["1"])
    figure.n = leads
    return figure


def of_activity(q, x):
    if q.market:
        partner = q.r.by_id.get(x["partner"])
        return (x["market"] or partner and partner["market"]) == q.market
    return q.partner is None or x["partner"] == q.partner


def k24(q):
    """Local stories of the last twelve months ÷ customers won in the market."""
    day = q.r.day(q.t - 1)
    since = a_year_before(day)
    stories = [x for x in q.r.case_studies if since < x.on("published_on") <= day
               and local(q, x) and (q.market is None or x["market"] == q.market)
               and (q.partner is None or x["partner"] == q.partner)]
    customers = {(d["customer"], q.r.market(d)) for d in q.deals()
                 if d["state"] == "won" and d["customer"] and d.at("closed_at") < q.t}
    n = len(customers)
    return Figure(len(stories), n, n or len(stories), Fraction(100 * len(stories), n) if n else None)


def local(q, x):
    """Of a customer of the market, and not put into its language from elsewhere."""
    return x["translated_from"] in (None, x["market"]) and \
        q.r.by_id[x["customer"]]["market"] in (None, x["market"])


def k25(q):
    """One answer a person (or firm) in the period, the later."""
    latest = {}
    for x in q.r.nps:
        if not q.has_day(x.on("on")):
            continue
        who = x["person"] or x["customer"]
        key = x.on("on"), int(x["id"])
        if who not in latest or key > latest[who][0]:
            latest[who] = key, x
    scores = [int(x["score"]) for _, x in latest.values() if of_answer(q, x)]
    n = len(scores)
    p, d = sum(s >= 9 for s in scores), sum(s <= 6 for s in scores)
    if n < 10:
        return Figure(p - d, n, n, None, parts=(p, n - p - d, d))
    error = 100 * sqrt(((p + d) / n - ((p - d) / n) ** 2) / n)
    return Figure(p - d, n, n, round_half_up(Fraction(100 * (p - d), n), 0), parts=(p, n - p - d, d),
                  plus_minus=1.96 * error)


def of_answer(q, x):
    """Of its customer's market, else of the partner's."""
    if q.market:
        firms = (q.r.by_id.get(id) for id in (x["customer"], x["partner"]))
        return next((f["market"] for f in firms if f and f["market"]), None) == q.market
    return q.partner is None or x["partner"] == q.partner
