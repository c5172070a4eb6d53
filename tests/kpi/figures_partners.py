"""Figures of partners (K1–K4, K13, K18–K22, K27–K29, K36, K37)."""
from datetime import timedelta
from fractions import Fraction
from math import sqrt

from figures_deals import open_at
from records import group
from question import Figure, median, percent, share

UPDATE_WEEKS = 12
QUARTER = 91
FOLLOW_ON = ("cross", "upsell")


def signed_at(q, p, t):
    """Signed on a day before t; ended from midnight of its end date on."""
    today = q.r.day(t)
    return bool(p["signed_on"]) and p.on("signed_on") < today and \
        not (p["ended_on"] and p.on("ended_on") <= today)


def contacts_with(q, id):
    by = q.r.once("by firm", lambda: contacts_by_firm(q.r))
    return by.get(id, [])


def contacts_by_firm(records):
    by = {}
    for t in records.contacts():
        for p in records.firms(t):
            by.setdefault(p, []).append(t)
    return by


def registrations_of(q, id):
    return [d for d in q.r.registrations() if d["partner"] == id]


def active_at(q, p, t):
    """A sign of life in [t − 90 days at midnight, t)."""
    since = q.r.midnight(q.r.day(t) - timedelta(days=90))
    signs = [c.at("at") for c in contacts_with(q, p["id"])]
    signs += [d.at("registered_at") for d in registrations_of(q, p["id"])]
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
                for d in registrations_of(q, p["id"]) if d.at("registered_at") < q.t]
        started += any(n <= 180 for n in days)
    return share(started, len(cohort))


def k4(q):
    """Days from the first agreement talk to signing, of who signed in the period."""
    days = [(p.on("signed_on") - p.on("agreement_on")).days for p in q.partners()
            if p["signed_on"] and p["agreement_on"] and q.first <= p.on("signed_on") <= q.last]
    return Figure(sum(days), len(days), len(days), median(days))


def k13(q):
    """Days between consecutive touch points with a partner, or with a customer where no
    partner was there, both in the period."""
    by = {}
    for t in q.r.contacts():
        if not q.has(t.at("at")) or q.market and q.r.market_of_touch(t) != q.market:
            continue
        firms = q.r.firms(t) or {t["customer"]} - {None}
        for firm in firms & {q.partner} if q.partner else firms:
            by.setdefault(firm, []).append(q.r.day(t.at("at")))
    gaps = [(b - a).days for days in by.values() for a, b in zip(days, days[1:])]
    return Figure(sum(gaps), len(gaps), len(gaps), median(gaps))


# ---- engagement ----
def weeks_between(first, last):
    """Mondays of the weeks that lie wholly in the days."""
    monday = first + timedelta(days=-first.weekday() % 7)
    while monday + timedelta(days=6) <= last:
        yield monday
        monday += timedelta(days=7)


def partnership(q, p, first, last):
    """The days of the period that are days of the partnership."""
    if not p["signed_on"]:
        return None
    first = max(first, p.on("signed_on"))
    if p["ended_on"]:
        last = min(last, p.on("ended_on") - timedelta(days=1))
    return first, last


def update_weeks(q, p, mondays):
    """Weeks with an update, and weeks; a week with four weekdays closed is none."""
    days = {c.on("on") for c in q.r.check_ins if c["partner"] == p["id"] and c["what"] == "update"}
    k = n = 0
    for monday in mondays:
        week = [monday + timedelta(days=i) for i in range(7)]
        if sum(not q.r.business(p["market"], d) for d in week[:5]) >= 4:
            continue
        n += 1
        k += any(d in days for d in week)
    return k, n


def k19(q):
    k = n = 0
    for p in q.partners():
        days = partnership(q, p, q.first, q.last)
        if days:
            a, b = update_weeks(q, p, weeks_between(*days))
            k, n = k + a, n + b
    return share(k, n)


def due_trainings(q, first, last):
    """Of partners, in the period of their due day, once that is over."""
    return [x for x in q.r.trainings if x["partner"] and first <= x.on("due_on") <= last
            and x.on("due_on") < q.today]


def on_time(rows):
    return sum(bool(x["done_on"]) and x.on("done_on") <= x.on("due_on") for x in rows)


def k20(q):
    rows = [x for x in due_trainings(q, q.first, q.last) if q.of_firm(x["partner"])]
    return share(on_time(rows), len(rows), assumed=sum(x.flag("due_assumed") for x in rows))


def components(q, p):
    """(weight, share) of each that there is. Weeks are the last twelve that are over,
    those of K19 among them."""
    today, parts = q.r.day(q.t - 1), []
    monday = q.today - timedelta(days=q.today.weekday())
    days = partnership(q, p, monday - timedelta(days=7 * UPDATE_WEEKS), monday - timedelta(days=1))
    k, n = update_weeks(q, p, weeks_between(*days))
    if n:
        parts.append((25, Fraction(k, n)))
    deals = [d for d in open_at(q) if d["partner"] == p["id"]]
    if deals:
        since = today - timedelta(days=30)
        touched = sum(any(q.r.day(t.at("at")) >= since and t.at("at") < q.t for t in q.r.contacts_of(d))
                      for d in deals)
        parts.append((25, Fraction(touched, len(deals))))
    due = [x for x in due_trainings(q, q.today - timedelta(days=365), today) if x["partner"] == p["id"]]
    if due:
        parts.append((15, Fraction(on_time(due), len(due))))
    since = q.r.midnight(q.today - timedelta(days=90))
    regs = sum(since <= d.at("registered_at") < q.t for d in registrations_of(q, p["id"]))
    parts.append((15, min(Fraction(1), Fraction(regs, 3))))
    times = [t.at("at") for t in contacts_with(q, p["id"]) if t.at("at") < q.t]
    days = (today - q.r.day(max(times))).days if times else None
    parts.append((20, 0.5 ** (days / 30) if times else 0))
    return parts


def k18(q):
    """Of several the mean; n is the number of components of who has fewest."""
    scores, found = [], []
    for p in q.partners():
        if signed_at(q, p, q.t):
            parts = components(q, p)
            scores.append(100 * sum(w * float(c) for w, c in parts) / sum(w for w, _ in parts))
            found.append(len(parts))
    return Figure(sum(found), 5 * len(found), min(found, default=0),
                  Fraction(sum(scores) / len(scores)) if scores else None)


# ---- what they can do ----
def certified_on(q, person, product, day):
    return any(x["person"] == person and x["certified_on"]
               and x.on("certified_on") + timedelta(days=7) <= day
               and not (x["expires_on"] and x.on("expires_on") <= day) for x in q.r.trainings)


def entries_on(q, d):
    """Whatever was logged on a deal by its close, attempts and internal entries too."""
    all_ = q.r.once("entries", lambda: group(
        q.r.touch_points + [m for m in q.r.meetings if m["state"] == "held"], "deal"))
    return [t for t in all_.get(d["id"], []) if t.at("at") <= d.at("closed_at")]


def k21(q):
    """Led by: a person of its partner was there."""
    arms, outside = {True: [0, 0], False: [0, 0]}, 0
    for d in q.deals():
        if d["state"] not in ("won", "lost") or not q.has(d.at("closed_at")):
            continue
        people = {c for t in entries_on(q, d) for c in t.refs("people")
                  if d["partner"] and q.r.by_id[c]["partner"] == d["partner"]}
        if not people:
            outside += 1
            continue
        day = q.r.day(d.at("registered_at"))
        arm = arms[any(certified_on(q, c, d["product"], day) for c in people)]
        arm[0] += d["state"] == "won"
        arm[1] += 1
    (a, m), (b, n) = arms[True], arms[False]
    value, more = None, {}
    if m >= 10 and n >= 10:
        value = Fraction(100 * a, m) - Fraction(100 * b, n)
        p = (a + b) / (m + n)
        error = sqrt(p * (1 - p) * (1 / m + 1 / n))
        z = (a / m - b / n) / error if error else 0
        more = {"z": z, "phi": z / sqrt(m + n)}
    return Figure(a + b, m + n, m + n, value, arms=(a, m, b, n), outside=outside, **more)


FOCUS = {"media": "Media", "analytics": "Analytics", "cro": "CRO", "personalisation": "Personalisation",
         "martech": "Martech", "data": "Data"}
LEARNT = {"trained_at": "Trained at", "worked_at": "Formerly at", "studied_at": "Studied at"}


def k42(q):
    """K6, and the same of the deals of each tag, of a person who was there or of the partner."""
    by, decided = {}, [d for d in q.deals() if d["state"] in ("won", "lost") and q.has(d.at("closed_at"))]
    for d in decided:
        people = {c for t in entries_on(q, d) for c in t.refs("people")
                  if d["partner"] and q.r.by_id[c]["partner"] == d["partner"]}
        day = q.r.day(d.at("registered_at"))
        tags = {f"{LEARNT[x['what']]} {x['firm']}" for x in q.r.tags if x["person"] in people}
        tags |= {FOCUS[x["tag"]] for x in q.r.capability_tags
                 if d["partner"] and x["partner"] == d["partner"] and x.on("from_on") <= day
                 and (x["until_on"] is None or day < x.on("until_on"))}
        for tag in tags or {"No tag"}:
            k, n = by.get(tag, (0, 0))
            by[tag] = k + (d["state"] == "won"), n + 1
    won = sum(d["state"] == "won" for d in decided)
    return share(won, len(decided), says=[f"{tag} · {percent(k, n)} · {k}/{n}" for tag, (k, n) in by.items()])


CAPABILITIES = ["presales", "technical", "implement", "onboard", "train", "maintain", "support", "renewal"]


def k22(q):
    """Each of eight: the median of what each rater last said of a partner in the twelve
    months."""
    day = q.r.day(q.t - 1)
    since, latest = a_year_before(day), {}
    for x in q.r.capabilities:
        if q.of_firm(x["partner"]) and since < x.on("on") <= day:
            key, order = (x["what"], x["partner"], x["member"]), (x.on("on"), int(x["id"]))
            if key not in latest or order > latest[key][0]:
                latest[key] = order, int(x["score"])
    medians = []
    for what in CAPABILITIES:
        scores = [score for (w, _, _), (_, score) in latest.items() if w == what]
        if scores:
            medians.append(median(scores))
    return Figure(len(medians), len(CAPABILITIES), len(medians), median(medians))


def a_year_before(day):
    try:
        return day.replace(year=day.year - 1)
    except ValueError:  # 29 February
        return day.replace(year=day.year - 1, day=28)


# ---- their networks ----
def quarters_of(q, p):
    """The registrations of each full 91-day quarter from the signing day."""
    n = ((q.today - p.on("signed_on")).days) // QUARTER
    quarters = [[] for _ in range(max(0, n))]
    for d in registrations_of(q, p["id"]):
        i = (q.r.day(d.at("registered_at")) - p.on("signed_on")).days // QUARTER
        if 0 <= i < len(quarters):
            quarters[i].append(d)
    return quarters


def course_of(q, p):
    """How a partner's registrations went: once a plateau, it stays until the ratio is 0.7."""
    quarters = quarters_of(q, p)
    counts = [len(x) for x in quarters]
    if len(counts) < 2:
        return "too young"
    first = counts[:4]
    spike = max(Fraction(a + b, 2) for a, b in zip(first, first[1:]))
    if len(counts) < 6:
        return "young"
    if spike < 2:
        return "never spiked"
    state = "steady"
    for n in range(6, len(counts) + 1):
        ratio = Fraction(counts[n - 2] + counts[n - 1], 2) / spike
        lately = quarters[n - 2] + quarters[n - 1]
        fresh = Fraction(sum(d["kind"] == "new" for d in lately), len(lately)) if lately else 0
        if ratio <= Fraction(35, 100) and fresh <= Fraction(20, 100):
            state = "plateau"
        elif state == "plateau" and ratio >= Fraction(70, 100):
            state = "revived"
    return state


def k27(q):
    courses = [course_of(q, p) for p in q.partners() if signed_at(q, p, q.t)]
    old = [c for c in courses if c in ("plateau", "revived", "steady", "never spiked")]
    return share(sum(c == "plateau" for c in old), len(old),
                 courses={c: courses.count(c) for c in courses})


def k28(q):
    """Accounts outside the declared network that are no follow-on sale."""
    rows = [d for d in q.deals() if d["partner"] and q.has(d.at("registered_at"))]
    hunted = 0
    for d in rows:
        day = q.r.day(d.at("registered_at"))
        known = any(a["partner"] == d["partner"] and a["customer"] == d["customer"] and a.on("on") <= day
                    for a in q.r.network_accounts)
        hunted += not known and d["kind"] not in FOLLOW_ON and d["origin"] not in ("unknown", "network")
    return share(hunted, len(rows), unknown=sum(d["origin"] == "unknown" for d in rows))


def approached_by(q, p):
    """When each account was first approached through the partner."""
    first = {}

    def at(customer, when):
        if customer and when < q.t and (customer not in first or when < first[customer]):
            first[customer] = when

    for d in registrations_of(q, p["id"]):
        at(d["customer"], d.at("registered_at"))
    for t in contacts_with(q, p["id"]):
        at(t["customer"], t.at("at"))
    for i in q.r.introductions:
        if giver(q, i) == p["id"]:
            at(i["customer"] or i["person"] and q.r.by_id[i["person"]]["customer"], i.at("at"))
    return first


def months_before(day, n):
    month = day.month - n
    year, month = day.year + (month - 1) // 12, (month - 1) % 12 + 1
    for d in (day.day, 30, 29, 28):
        try:
            return day.replace(year=year, month=month, day=d)
        except ValueError:
            pass


def k29(q):
    """The network is as large as last estimated, and at least what was declared."""
    left = lately = n = known = 0
    day = q.r.day(q.t - 1)
    since = q.r.midnight(months_before(q.today, 6))
    for p in q.partners():
        sizes = [s for s in q.r.network_sizes if s["partner"] == p["id"] and s.on("on") <= day]
        declared = {a["customer"] for a in q.r.network_accounts
                    if a["partner"] == p["id"] and a.on("on") <= day}
        if not sizes and not declared or p["ended_on"] and p.on("ended_on") <= q.today:
            continue
        told = int(max(sizes, key=lambda s: (s.on("on"), int(s["id"])))["accounts"]) if sizes else 0
        size = max(told, len(declared))
        n, known = n + size, known + 1
        first = {c: at for c, at in approached_by(q, p).items() if not declared or c in declared}
        left += size - len(first)
        lately += sum(at >= since for at in first.values())
    left = max(0, left)
    if known and not n:  # of none at all nothing is left
        return Figure(left, lately, n, Fraction(0))
    return Figure(left, lately, n, Fraction(left * 6, lately) if n and lately else None)


def giver(q, i):
    """The partner that introduced, or whose person did."""
    return i["by_partner"] or q.r.by_id[i["by_person"]]["partner"]


def k36(q):
    """Introductions, by whomever, that led to a won deal ÷ introductions of the period."""
    steps = [0, 0, 0, 0]
    for i in q.r.introductions:
        by, customer = giver(q, i), i["customer"] or i["person"] and q.r.by_id[i["person"]]["customer"]
        market = next((q.r.by_id[x]["market"] for x in (customer, by) if x and q.r.by_id[x]["market"]), None)
        if not q.has(i.at("at")) or i["partner"] or q.partner and by != q.partner \
                or q.market and market != q.market:
            continue
        since = q.r.midnight(q.r.day(i.at("at")))  # what came on the same day came of it
        deals = [d for d in q.r.registrations() if customer and d["customer"] == customer
                 and d.at("registered_at") >= since]
        met = any(t.at("at") >= since and (customer and t["customer"] == customer
                                                or i["person"] in t.refs("people"))
                  for t in q.r.held_meetings())
        won = any(d["state"] == "won" for d in deals)
        far = 3 if won else 2 if deals else 1 if met else 0
        for step in range(far + 1):
            steps[step] += 1
    words = "Introduced {} · met {} · registered {} · won {}".format(*steps)
    return share(steps[3], steps[0], says=[words] if steps[0] else [])


def k37(q):
    """Open negatives at the snapshot."""
    rows = [x for x in q.r.perceptions if x.at("at") < q.t and of_perception(q, x)]
    negative = [x for x in rows if x["sign"] == "negative"
                and not (x["resolved_at"] and x.at("resolved_at") < q.t)]
    return Figure(len(negative), None, len(negative), Fraction(len(negative)),
                  positive=sum(x["sign"] == "positive" for x in rows))


def of_perception(q, x):
    if q.market:
        about = x["partner"] or x["customer"]
        return q.r.by_id[about]["market"] == q.market
    return q.partner is None or x["partner"] == q.partner
