"""Figures of money, each by currency (K14–K17, K26, K38)."""
from datetime import timedelta
from fractions import Fraction

from question import (Figure, alone, amounts, by_currency, major, minor_digits, percent,
                      round_half_up, shown)


def sourced_by(q, d):
    """The partner whose evidence is older than our first touch point, attempts among them;
    what users of partners logged is not ours."""
    if not d["sourced_by"]:
        return None
    ours = [t.at("at") for t in q.r.held() if t["deal"] == d["id"] and not q.r.by_partner_user(t)]
    return d["sourced_by"] if not ours or d.at("sourced_at") < min(ours) else None


def touched_by(q, d):
    """Partners with a touch point on the deal from the day of its registration to its close."""
    firms, since = set(), q.r.midnight(q.r.day(d.at("registered_at")))
    for t in q.r.contacts_of(d):
        if since <= t.at("at") <= d.at("closed_at"):
            firms |= q.r.firms(t)
    return firms


def sourced(q, d):
    by = sourced_by(q, d)
    return by is not None and (q.partner is None or by == q.partner)


def influenced(q, d):
    by = sourced_by(q, d)
    if q.partner:
        return by != q.partner and q.partner in touched_by(q, d)
    return by is None and bool(touched_by(q, d))


def money_of(q, rows):
    return by_currency((d["currency"], d.money()) for d in rows)


def revenue(q, counts):
    rows = [d for d in q.won() if q.of_market(d) and d["amount"] is not None and counts(q, d)]
    sums = money_of(q, rows)
    return Figure(alone(sums), alone(sums), len(rows), major(sums) if rows else Fraction(0),
                  says=amounts(sums), digits=2)


def k14(q):
    return revenue(q, sourced)


def k15(q):
    return revenue(q, influenced)


def rate_on(q, base, quote, day):
    """The latest of the day or before, in the direction in which it was told."""
    if base == quote:
        return Fraction(1)
    rows = [r for r in q.r.rates if r["base"] == base and r["quote"] == quote and r.on("on") <= day]
    return Fraction(max(rows, key=lambda r: (r.on("on"), int(r["id"])))["rate"]) if rows else None


# In which a team counts: of the market of its zone.
CURRENCIES = {"Asia/Tokyo": "JPY", "Australia/Sydney": "AUD", "Asia/Kuala_Lumpur": "MYR"}


def k16(q):
    rows = [d for d in q.won() if q.of_market(d) and d["amount"] is not None]
    part = [d for d in rows if sourced(q, d) or influenced(q, d)]
    all_, ours = money_of(q, rows), money_of(q, part)
    first = money_of(q, [d for d in rows if sourced(q, d)])
    one, value = len(all_) == 1, None
    if one and alone(all_):
        value = Fraction(100 * alone(ours), alone(all_))
    ours_of = {d["id"]: converted(q, d, CURRENCIES.get(q.r.tz.key, "JPY")) for d in rows}
    if not one and None not in ours_of.values() and sum(ours_of.values()):
        value = Fraction(100 * sum(ours_of[d["id"]] for d in part), sum(ours_of.values()))

    def line(sums, currency):
        got, of = sums.get(currency, 0), all_[currency]
        return f"{percent(got, of)} ({shown(currency, got)} of {shown(currency, of)})"

    says = [f"Sourced alone {line(first, c)}" for c in all_]
    says += [f"{c} {line(ours, c)}" for c in all_ if not one]
    return Figure(alone(ours) if one else 0, alone(all_), len(rows), value, says=says if rows and (value or not one) else [])


def seller(q, d):
    """The partner that had the deal on the day it closed, and its rate in percent."""
    p = q.r.by_id.get(partner_on(q, d, q.r.day(d.at("closed_at"))))
    return p, Fraction(p["commission"]) if p and p["commission"] else None


def k17(q):
    """Commission of what was won, less that of what was refunded, in the period."""
    paid, value, n = [], [], 0
    for d in q.r.registrations():
        if d["state"] != "won" or not q.of_market(d) or d["amount"] is None:
            continue
        p, rate = seller(q, d)
        discount = p and p["commission_mode"] == "discount"
        of = d.money("list_amount") if discount else d.money()
        if rate is None or of is None or q.partner and p["id"] != q.partner:
            continue
        commission = int(round_half_up(rate * of / 100, 0))
        if q.has(d.at("closed_at")):
            n += 1
            paid.append((d["currency"], commission))
            value.append((d["currency"], d.money()))
        for x in q.r.refunds:
            if x["deal"] == d["id"] and q.has_day(x.on("on")) and x.on("on") <= q.r.day(q.now):
                back = rate * x.money() / 100
                if discount and d.money():  # the same part of what was paid on the list price
                    back = Fraction(commission * x.money(), d.money())
                paid.append((x["currency"], -int(round_half_up(back, 0))))
                value.append((x["currency"], -x.money()))
    paid, value = by_currency(paid), by_currency(value)
    net = {c: value[c] - paid[c] for c in paid}
    says = amounts(paid) + amounts(value) + amounts(net) if any(paid.values()) else []
    return Figure(alone(paid), alone(value), n, major(paid) if paid else Fraction(0), digits=2, says=says)


def k38(q):
    """Won by the teams that have a target for just this period."""
    targets = {}
    for x in q.r.targets:  # the latest for the same counts
        if x.on("from_on") == q.first and x.on("to_on") == q.last:
            targets[x["team"], x["currency"]] = x.money()
    goal = by_currency((currency, v) for (_, currency), v in targets.items())
    won, n = [], 0
    for d in q.won():
        team = d["closed_owner"] and q.r.handles[d["closed_owner"]]["team"]
        for (of, currency), _ in targets.items():
            if of == team and d["amount"] is not None:
                value = converted(q, d, currency)
                if value is not None:
                    won.append((currency, value))
                    n += 1
    sums = {c: int(round_half_up(v, 0)) for c, v in by_currency(won).items()}
    value = Fraction(100 * alone(sums), alone(goal)) if len(goal) == 1 else None
    return Figure(alone(sums) if len(goal) == 1 else 0, alone(goal), n, value, won=sums, goal=goal)


def converted(q, d, currency):
    """At the rate of its close day; None where there is none."""
    rate = rate_on(q, d["currency"], currency, q.r.day(d.at("closed_at")))
    if rate is None:
        return None
    scale = Fraction(10 ** minor_digits(currency), 10 ** minor_digits(d["currency"]))
    return rate * d.money() * scale


# ---- who stays ----
def terms_of(q, d):
    """(first day, what it is worth a year from then on), the first year first."""
    steps = [(q.r.day(d.at("closed_at")), d.money() or 0)]
    renewals = [x for x in q.r.renewals if x["deal"] == d["id"] and x["currency"] == d["currency"]]
    return steps + [(x.on("from_on"), x.money()) for x in sorted(renewals, key=lambda x: (x.on("from_on"), int(x["id"])))]


def worth(q, d, day):
    """A year's value in force at the beginning of the day."""
    value = 0
    for since, amount in terms_of(q, d):
        if since < day:
            value = amount
    return value


def partner_on(q, d, day):
    """With whom the deal was."""
    before = [x for x in q.r.deal_partners if x["deal"] == d["id"] and x.on("until_on") > day]
    if before:
        return min(before, key=lambda x: (x.on("until_on"), int(x["id"])))["partner"]
    return d["partner"]


def k26(q):
    """Customers at the start by currency: what they were worth then and at the end."""
    end = q.r.day(q.t - 1) + timedelta(days=1)
    start, after = {}, {}
    for d in q.r.registrations():
        if d["state"] != "won" or d["amount"] is None or not d["customer"] or not q.of_market(d):
            continue
        if q.r.day(d.at("closed_at")) >= end:
            continue
        then, now = partner_on(q, d, q.first), partner_on(q, d, end - timedelta(days=1))
        key = d["customer"], then, d["currency"]
        if q.partner is None or then == q.partner:
            start[key] = start.get(key, 0) + worth(q, d, q.first)
        if q.partner is None or now == then == q.partner:
            after[key] = after.get(key, 0) + worth(q, d, end)
    cohort = {k: v for k, v in start.items() if v > 0}
    sums = {}
    for key, was in cohort.items():
        currency, now = key[2], after.get(key, 0)
        a, b, c = sums.get(currency, (0, 0, 0))
        sums[currency] = a + was, b + now, c + min(was, now)
    lost, n = sum(not after.get(k) for k in cohort), len(cohort)
    says, was, now, value = [], 0, 0, None
    for currency, (a, b, c) in sums.items():
        says.append(f"{currency} NRR {percent(b, a)}, GRR {percent(c, a)} of {shown(currency, a)} at the start")
    if n:
        says.append(f"Customers lost {lost} of {n} ({percent(lost, n)})")
    if len(sums) == 1:
        (was, now, _), = sums.values()
        value = Fraction(100 * now, was)
    return Figure(now, was, n, value, says=says)
