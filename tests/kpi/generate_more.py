"""What else random stores hold (generate.py): how partners are trained, known and rated,
what customers say and pay later, sign-offs, money of the team. Days fall on the edges
that definitions name: a due day, 7 days before a registration, 90, 91 and 180 days ago."""
from datetime import date

PRODUCTS = [None, "CMS", "CRM"]
CAPABILITIES = ["presales", "technical", "implement", "onboard", "train", "maintain", "support", "renewal"]
MARKETS = ["JP", "KR", "AU", "SG"]
DAY = 86400000


def some(w, n):
    """About n rows; in the store of one row one."""
    return w.r.randint(0, 2 * n) if n > 1 else 1


def day_near(w):
    """A day of the last two years, often on an edge: today, a month's or a window's end."""
    r = w.r
    ago = r.choice([0, 1, 30, 31, 89, 90, 91, 180, 364, 365, 366, r.randint(0, 700), r.randint(0, 300)])
    day = w.today - ago
    return r.choice([day, day, w.month_start(day), w.month_start(day) - 1])


def of_partner(w, chance=0.85):
    return w.maybe(chance, w.r.choice(w.partners)) if w.partners else None


def add_users(w, n):
    """Users of partners."""
    for i in range(n):
        w.users.append(w.add(
            "member", handle=f"user{i}", name=f"User {i}", role="partner", market="JP", zone="Asia/Tokyo",
            locale="en", team="", partner_id=w.r.choice(w.partners), created_ms=0))


def add_trainings(w, n):
    r = w.r
    for _ in range(some(w, n)):
        person, partner = r.choice(w.people)
        enrolled = day_near(w) - 30
        due = enrolled + r.choice([30, 30, 10, 90])
        done = w.maybe(0.7, min(w.today, due + r.choice([-20, -1, 0, 0, 1, 40])))
        if done is not None and done < enrolled:
            done = enrolled
        certified = w.maybe(0.8, done)
        if certified is not None and w.deals and r.random() < 0.5:
            # The edges of the lag, and of the certificate's end.
            certified = w.day_of(r.choice(w.deals)["registered"]) - r.choice([6, 7, 8, 100])
            enrolled, done = min(enrolled, certified), certified
        expires = None
        if certified is not None and r.random() < 0.4:
            expires = certified + r.choice([7, 8, 100, 365])
        w.stand("training", person_id=person, partner_id=partner, product=r.choice(PRODUCTS),
                enrolled_day=enrolled, due_day=due, due_assumed=int(r.random() < 0.3), done_day=done,
                certified_day=certified, expires_day=expires, member_id=1, created_ms=0)


def add_check_ins(w, n):
    for p in w.partners:
        for _ in range(some(w, n)):
            w.add("check_in", partner_id=p, at_day=w.today - w.r.randint(0, 300),
                  what=w.r.choice(["update", "update", "check"]))


def add_capabilities(w, n):
    r = w.r
    for _ in range(some(w, n) if w.partners else 0):
        out = r.random() < 0.2
        w.stand("capability", partner_id=r.choice(w.partners), what=r.choice(CAPABILITIES),
                score=r.randint(0, 5), at_day=day_near(w), member_id=r.choice(w.members), outsourced=int(out),
                to_firm="Some firm" if out else None, created_ms=0)


def add_networks(w, n):
    r = w.r
    for p in w.partners:
        for _ in range(r.choice([0, 1, 1, 2])):
            w.stand("network_size", partner_id=p, accounts=r.choice([0, 1, 5, 20, 60]), at_day=day_near(w),
                    member_id=1, created_ms=0)
    for _ in range(some(w, n) if w.partners else 0):
        w.stand("network_account", partner_id=r.choice(w.partners), customer_id=r.choice(w.customers),
                at_day=day_near(w), member_id=1, created_ms=0)


def add_introductions(w, n):
    r = w.r
    for _ in range(some(w, n)):
        person, _ = r.choice(w.people)
        giver = {"by_person": person, "by_partner": None}
        if w.partners and r.random() < 0.6:
            giver = {"by_person": None, "by_partner": r.choice(w.partners)}
        to = r.choice(["customer", "customer", "person", "partner", "both"])
        other, _ = r.choice(w.people)
        w.stand("introduction", **giver,
                person_id=other if to in ("person", "both") else None,
                customer_id=r.choice(w.customers) if to in ("customer", "both") or not w.partners else None,
                partner_id=r.choice(w.partners) if to == "partner" and w.partners else None,
                member_id=1, at_ms=w.instant(w.today - 500, w.today))


def add_marketing(w, n):
    r = w.r
    activities = []
    for _ in range(some(w, n)):
        leads = r.choice([None, 0, 1, 10, 40])
        meetings = r.choice([None, 0, 1, 5])
        activities.append(w.stand(
            "activity", kind=r.choice(["webinar", "localised_content", "press_release", "case_study", "other"]),
            joint=int(r.random() < 0.5), partner_id=of_partner(w), market=w.maybe(0.7, r.choice(MARKETS)),
            at_day=day_near(w), leads=leads, meetings=meetings, member_id=1, created_ms=0))
    meetings = [row for row, in w.db.execute("select id from touch_point where kind = 'M' and void_ms is null")]
    for _ in range(some(w, n)):
        w.stand("lead", activity_id=w.maybe(0.6, r.choice(activities)) if activities else None,
                partner_id=of_partner(w, 0.6), customer_id=r.choice(w.customers),
                person_id=w.maybe(0.5, r.choice(w.people)[0]),
                touch_id=w.maybe(0.4, r.choice(meetings)) if meetings else None,
                deal_id=w.maybe(0.3, r.choice(w.standing)) if w.standing else None,
                at_ms=w.instant(w.today - 400, w.today), member_id=1, created_ms=0)


def add_stories(w, n):
    r = w.r
    for _ in range(some(w, n)):
        w.stand("case_study", customer_id=r.choice(w.customers), partner_id=of_partner(w, 0.6),
                market=r.choice(MARKETS), language="ja", translated_from=w.maybe(0.3, r.choice(MARKETS)),
                published_day=day_near(w), member_id=1, created_ms=0)


def add_answers(w, n):
    """Many for one partner and market, so that some have a score."""
    r = w.r
    for _ in range(some(w, n)):
        person, customer = w.maybe(0.6, r.choice(w.people)[0]), w.maybe(0.8, r.choice(w.customers))
        if person is None and customer is None:
            customer = r.choice(w.customers)
        w.stand("nps", customer_id=customer, person_id=person, partner_id=of_partner(w, 0.7),
                score=r.choice([0, 5, 6, 7, 8, 9, 9, 10, 10]), how=r.choice(["survey", "spoken"]),
                at_day=day_near(w), member_id=1, created_ms=0)


def add_perceptions(w, n):
    r = w.r
    for _ in range(some(w, n)):
        partner = of_partner(w, 0.7)
        customer = w.maybe(0.5, r.choice(w.customers)) if partner else r.choice(w.customers)
        at = w.instant(w.today - 400, w.today)
        solved = r.random() < 0.4
        w.stand("perception", sign=r.choice(["negative", "negative", "positive"]), partner_id=partner,
                customer_id=customer, note_id=w.text(), at_ms=at, member_id=1,
                state="resolved" if solved else "open", answer_id=w.text() if solved else None,
                resolved_ms=w.instant(w.day_of(at) + 1, w.today) if solved else None,
                resolved_by=1 if solved else None, created_ms=at)


def add_terms(w):
    """Renewals of won deals, refunds, and customers that left."""
    r = w.r
    for d in w.deals:
        if d["state"] != "won":
            continue
        value, currency = w.db.execute("select value_minor, currency from deal where id = ?", (d["id"],)).fetchone()
        if value is None:
            continue
        since = w.day_of(d["closed"])
        if value and r.random() < 0.15:
            w.stand("refund", deal_id=d["id"], amount_minor=r.choice([1, max(1, value // 3), value]),
                    currency=currency, at_day=min(w.today, since + r.randint(0, 200)), member_id=1, created_ms=0)
        since += r.choice([365, 180, 90, 31])
        while r.random() < 0.6 and since <= w.today + 30:
            amount = r.choice([value, value + 1, value * 3 // 2, value // 2, 0])
            w.stand("renewal", deal_id=d["id"], value_minor=amount, currency=currency, from_day=since,
                    to_day=since + 364 if amount else None, member_id=1, created_ms=0)
            if not amount:
                break
            value, since = amount, since + r.choice([365, 120])


def add_rates(w):
    """Of some pairs on some days: what closed before has none."""
    r = w.r
    for quote in ("JPY", "AUD", "MYR"):
        for base in ("JPY", "USD", "KRW", "AUD", "SGD"):
            for _ in range(r.choice([0, 1, 1, 2, 3])):
                w.stand("rate", base=base, quote=quote,
                        rate_nano=r.choice([150, 98, 110, 1]) * 10**9 + r.randint(0, 999999999),
                        at_day=w.today - r.choice([0, 100, 500, 600, r.randint(0, 600)]), member_id=1)


def add_targets(w):
    """For periods that are asked for, and for others."""
    r, epoch = w.r, date(1970, 1, 1)
    for days in w.spans:
        first, last = ((d - epoch).days for d in days)
        for team in ("east", "west"):
            if r.random() < 0.5:
                w.stand("target", team=team, amount_minor=r.choice([1, 10**6, 4 * 10**7]),
                        currency=r.choice(["JPY", "JPY", "USD"]), from_day=first, to_day=max(first, last - r.choice([0, 0, 1])),
                        member_id=1, created_ms=0)


def add_markets(w):
    r = w.r
    base = r.choice(MARKETS + [None])
    for market in MARKETS:
        if market == base or r.random() < 0.4:
            w.add("market_fact", market=market, factor_milli=r.choice([None, 1000, 2500, 333]),
                  base=int(market == base), member_id=1)


def add_away(w):
    """Champions who left, or moved on."""
    r = w.r
    for person, partner in w.people:
        if r.random() < 0.05:
            w.add("away", person_id=person, from_day=w.today - r.randint(0, 200), reason=r.choice(["left", "sick"]))
        if r.random() < 0.05 and (partner or w.customers):
            w.add("former_firm", person_id=person, partner_id=partner,
                  customer_id=None if partner else r.choice(w.customers),
                  until_ms=w.instant(w.today - 500, w.today))


def add_ringi(w, n):
    """Sign-offs one after the other or at once, returned, ended, and with a way back."""
    r = w.r
    for _ in range(some(w, n) if w.standing else 0):
        d = r.choice([x for x in w.deals if x["state"] != "merged"])
        at = w.instant(w.day_of(d["registered"]), w.today)
        state = r.choice(["circulating", "returned", "approved", "approved", "rejected", "withdrawn"])
        parallel, rounds = int(r.random() < 0.3), r.choice([1, 1, 2])
        ringi = w.add("ringi", deal_id=d["id"], parallel=parallel, round=rounds, state=state, started_ms=at,
                      back_day=w.maybe(0.6, w.today + r.choice([-1, 0, 1, 10])) if state == "returned" else None,
                      member_id=1, created_ms=at)
        last = add_steps(w, ringi, parallel, rounds, state, at)
        w.db.execute("update ringi set ended_ms = ?, returned_ms = ? where id = ?",
                     (last if state in ("approved", "rejected", "withdrawn") else None,
                      last if state == "returned" else None, ringi))


def add_steps(w, ringi, parallel, rounds, state, at):
    r = w.r
    for number in range(1, rounds + 1):
        ends, since = [at], at
        holders = r.choice([1, 2, 3])
        returned = number < rounds or state == "returned"
        for place in range(1, holders + 1):
            last = place == holders
            waits = last and number == rounds and state == "circulating"
            done = min(w.now - 1000, since + r.choice([0, 3600000, DAY, 3 * DAY, 9 * DAY]))
            outcome = None if waits else "returned" if last and returned else "stamped"
            person = w.maybe(0.6, r.choice(w.people)[0])
            w.add("ringi_step", ringi_id=ringi, round=number, place=place, person_id=person,
                  label=None if person else "Director", since_ms=since, done_ms=None if waits else done,
                  outcome=outcome, courtesy=int(r.random() < 0.1))
            if not waits:
                ends.append(done)
            since = since if parallel else done
        at = min(w.now - 1000, max(ends) + r.choice([0, DAY]) * (number < rounds))
    return at


FIRMS = ["Oracle", "SAP", "Salesforce"]
FOCUS = ["media", "analytics", "cro", "personalisation", "martech", "data"]


def add_backgrounds(w, n):
    """Who learnt where, what partners do from a day on until another, who decides."""
    r = w.r
    for person, _ in w.people:
        if r.random() < 0.4:
            w.stand("tag", person_id=person, what=r.choice(["trained_at", "trained_at", "worked_at", "studied_at"]),
                    firm=r.choice(FIRMS))
        if w.customers and r.random() < 0.5:
            w.stand("access", person_id=person, customer_id=r.choice(w.customers),
                    level=r.choice(["decision_maker", "decision_maker", "influencer", "user"]), member_id=1,
                    at_ms=w.midnight(day_near(w)))
    for _ in range(some(w, n) if w.partners else 0):
        first = day_near(w)
        if w.deals and r.random() < 0.5:
            first = w.day_of(r.choice(w.deals)["registered"]) + r.choice([-1, 0, 1])
        w.stand("capability_tag", partner_id=r.choice(w.partners), tag=r.choice(FOCUS), from_day=first,
                to_day=w.maybe(0.3, first + r.choice([1, 30, 200])), member_id=1, created_ms=0)


def add_more(w, size):
    n = max(1, size)
    add_trainings(w, n * 2)
    add_check_ins(w, 12)
    add_capabilities(w, n * 3)
    add_networks(w, n)
    add_introductions(w, n)
    add_marketing(w, n)
    add_stories(w, n)
    add_answers(w, n * 4)
    add_perceptions(w, n)
    add_terms(w)
    add_rates(w)
    add_targets(w)
    add_markets(w)
    add_away(w)
    add_ringi(w, n)
    add_backgrounds(w, n * 2)
