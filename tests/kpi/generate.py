#!/usr/bin/env python3
"""Makes a random store for a seed: rows go straight into a fresh file whose tables
`nemawashi` made, so that also what no command would write in that order is met. The rows
keep what the program promises (a won deal has a close, a merged deal's touch points are
the survivor's). Seeds 1 and 2 are the empty store and the store with one row of each.

Instants are whole seconds, except the last millisecond of a day: the export has seconds.
"""
import random
import sqlite3
from datetime import date, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import generate_more as more

ZONES = ["Asia/Tokyo", "Australia/Sydney", "UTC", "Asia/Kuala_Lumpur", "Australia/Sydney"]
MARKETS = ["JP", "KR", "AU", "SG", "TW", "TH", "HK", "MY"]
MONEY = {"JP": "JPY", "KR": "KRW", "AU": "AUD", "SG": "SGD", "TW": "TWD", "TH": "THB",
         "HK": "HKD", "MY": "MYR"}
CHANNELS = ["zoom", "line", "phone", "in_person", "email", "dinner", "unknown", "whatsapp"]
TYPES = ["referral", "solutions", "reseller", "agency", "consultancy", "si"]
DAY = 86400000
EPOCH = date(1970, 1, 1)


class World:
    """A store being filled, and what has been put there so far."""

    def __init__(self, path, seed):
        self.db = sqlite3.connect(path)
        self.db.execute("pragma synchronous = off")
        self.r = random.Random(seed)
        self.seed = seed
        self.zone = ZONES[seed % len(ZONES)]
        self.tz = ZoneInfo(self.zone)
        # Around half a year's end, and around both changes of Sydney's clocks.
        now = self.r.choice([datetime(2026, 7, 2, 12), datetime(2026, 4, 6, 9, 30),
                             datetime(2026, 10, 5, 18), datetime(2026, 7, 15, 0, 5)])
        self.now = int(now.replace(tzinfo=self.tz).timestamp() * 1000)
        self.today = (now.date() - EPOCH).days
        self.numbers = {"T": 0, "M": 0}
        self.texts = 0
        self.members, self.users = [1, 2], []

    def add(self, table, **columns):
        names = ", ".join(columns)
        marks = ", ".join("?" * len(columns))
        cursor = self.db.execute(f"insert into {table} ({names}) values ({marks})",
                                 list(columns.values()))
        return cursor.lastrowid

    def stand(self, table, **columns):
        """The same, sometimes undone at once and done again: nothing refers to an undone row."""
        if self.r.random() < 0.05:
            self.add(table, **columns, void_ms=self.now - 1000)
        return self.add(table, **columns)

    def maybe(self, chance, value):
        return value if self.r.random() < chance else None

    def void(self, chance=0.05):
        return self.maybe(chance, self.now - 1000)

    def midnight(self, day):
        d = EPOCH + timedelta(days=day)
        local = datetime(d.year, d.month, d.day, tzinfo=self.tz)
        return int(local.timestamp() * 1000)

    def instant(self, first, last):
        """Between two days; often at an edge of a day, and then often of a month."""
        first, last = min(first, last), max(first, last)
        day = self.r.randint(first, last)
        if self.r.random() < 0.25:
            if self.r.random() < 0.7:
                start = self.month_start(day)
                day = start if start >= first else day
            edge = self.r.choice([-1, 0, 1000])
            at = self.midnight(day) + edge
        else:
            at = self.midnight(day) + self.r.randint(0, 86399) * 1000
        return min(at, self.now - 1000)

    def month_start(self, day):
        return ((EPOCH + timedelta(days=day)).replace(day=1) - EPOCH).days

    def text(self, level="all"):
        self.texts += 1
        self.db.execute("insert into note_text (id, rev, author_id, level, market, text,"
                        " created_ms) values (?, 1, 1, ?, 'JP', 'said', ?)",
                        (self.texts, level, self.now))
        return self.texts

    def day_of(self, ms):
        """The day of the team zone."""
        local = datetime.fromtimestamp(ms // 1000, timezone.utc).astimezone(self.tz)
        return (local.date() - EPOCH).days


def add_members(w, n):
    for i in range(n):
        state = w.r.choice(["active", "active", "active", "suspended"])
        m = w.add("member", handle=f"rep{i}", name=f"Rep {i}", role="rep",
                  market=w.r.choice(MARKETS[:4]), zone="Asia/Tokyo", locale="en",
                  team=w.r.choice(["east", "west"]), state=state, created_ms=0)
        if state == "suspended":
            w.add("leaving", member_id=m, last_day=w.today - w.r.randint(1, 200), by_member=1)
        w.members.append(m)


def add_partner(w, i):
    stage = w.r.choice(["prospect", "legal", "signed", "active", "active", "active", "ended"])
    signed = ended = None
    if stage in ("signed", "active", "ended"):
        signed = w.today - w.r.choice([0, 1, 30, 89, 90, 91, 179, 180, 181, w.r.randint(0, 900)])
    if stage == "ended":
        ended = min(w.today, signed + w.r.randint(0, 400))
        ended = w.r.choice([ended, max(signed, w.today)])
    talk = signed if signed is not None else w.today
    return w.stand("partner", name=f"Firm{i}", type=w.r.choice(TYPES + [None]),
                 market=w.r.choice(MARKETS[:4]), silo=w.r.choice([None, "dentsu", "wpp"]),
                 stage=stage, person=int(w.r.random() < 0.1),
                 commission_bp=w.r.choice([None, 2500, 3000, 3333, 4000]),
                 commission_mode=w.r.choice(["commission", "commission", "discount"]),
                 agreement_day=w.maybe(0.6, talk - w.r.randint(0, 300)),
                 signed_day=signed, ended_day=ended, created_ms=w.now)


def add_person(w, i, partner, customer):
    return w.stand("person", name=f"Person{i}", seniority=w.r.choice([None, 1, 3]),
                 partner_id=partner, customer_id=customer, created_ms=0)


def add_deal(w, i):
    r = w.r
    market = r.choice(MARKETS[:4])
    registered = w.instant(w.today - 500, w.today)
    state = r.choice(["registered", "open", "open", "paused", "won", "won", "won", "won",
                      "lost", "lost", "lost", "expired", "merged", "submitted", "declined"])
    closed = None
    if state in ("won", "lost", "expired", "merged"):
        closed = max(registered, w.instant(w.day_of(registered), w.today))
        if r.random() < 0.05:
            closed = registered
    owner, co_owner = r.choice(w.members), w.maybe(0.25, r.choice(w.members))
    if co_owner == owner:
        co_owner = None
    value = w.maybe(0.85, r.choice([0, 1, 99999, 3000000, 4800000, r.randint(1, 10**8)]))
    partner = w.maybe(0.75, r.choice(w.partners)) if w.partners else None
    deal = w.add(
        "deal", name=f"Deal{i}", customer_id=w.maybe(0.9, r.choice(w.customers)),
        partner_id=partner, product=r.choice([None, "CMS", "CRM"]),
        kind=r.choice(["new", "new", "new", "cross", "upsell"]),
        origin=r.choice(["inbound", "outbound", "network", "referral", "unknown"]),
        model=r.choice([None, "partner", "cosell", "direct"]), owner_id=w.maybe(0.95, owner),
        co_owner_id=co_owner, value_minor=value,
        list_minor=None if value is None else w.maybe(0.5, value * 4 // 3),
        currency=None if value is None else r.choice([MONEY[market], MONEY[market], "USD"]),
        market=w.maybe(0.95, market), state=state,
        stage="signed" if state == "won" else r.choice([None, "contacted", "proposal", "ringi"]),
        registered_ms=registered,
        decided_ms=decided_at(w, state, registered, closed),
        closed_ms=closed, closed_owner_id=owner if closed else None,
        closed_co_owner_id=co_owner if closed else None,
        live_ms=w.maybe(0.4, min(w.now - 1000, closed + r.randint(0, 90) * DAY)) if state == "won" else None,
        created_ms=registered, void_ms=w.void())
    add_deal_history(w, deal, state, registered, closed, partner)
    return {"id": deal, "state": state, "registered": registered, "closed": closed, "partner": partner}


def decided_at(w, state, registered, closed):
    """Of what a partner's user registered; a rep's own needs no decision."""
    if state == "submitted" or state != "declined" and w.r.random() < 0.7:
        return None
    later = registered + w.r.choice([0, 1, 60, 7200, 86400, 3 * 86400, 10 * 86400]) * 1000
    return min(later, closed or w.now - 1000)


def add_deal_history(w, deal, state, registered, closed, partner):
    r = w.r
    end = closed or w.now - 1000
    w.add("deal_event", deal_id=deal, what="submitted" if state == "submitted" else "registered",
          at_ms=registered, member_id=1)
    if r.random() < 0.15 and end > registered + 4 * DAY:  # reopened: an earlier close
        first = registered + (end - registered) // 2 // 1000 * 1000
        w.add("deal_event", deal_id=deal, what=r.choice(["won", "lost"]), at_ms=first, member_id=1)
        w.add("deal_event", deal_id=deal, what="reopened", at_ms=first + DAY, member_id=1)
    at = registered
    for _ in range(r.choice([0, 0, 0, 1, 2])):  # pauses that are over
        start = at + r.randint(0, 20) * DAY
        stop = start + r.choice([0, 3600000, DAY, 30 * DAY])
        if stop > end:
            break
        w.add("deal_pause", deal_id=deal, from_ms=start, to_ms=stop, void_ms=w.void(0.1))
        at = stop
    if state == "paused":
        start = max(at, w.instant(w.day_of(at), w.today))
        w.add("deal_pause", deal_id=deal, from_ms=start)
        w.add("deal_event", deal_id=deal, what="paused", at_ms=start, member_id=1)
    if closed:
        w.add("deal_event", deal_id=deal, what=state, at_ms=closed, member_id=1)
    if partner and r.random() < 0.4:
        w.add("deal_source", deal_id=deal, partner_id=r.choice([partner, r.choice(w.partners)]),
              at_ms=registered + r.choice([-40, -1, 0, 1, 30]) * DAY, member_id=1, created_ms=0)
    if w.partners and r.random() < 0.15:
        w.add("deal_partner", deal_id=deal, partner_id=w.maybe(0.8, r.choice(w.partners)),
              until_day=w.day_of(registered) + r.randint(0, 60), member_id=1)


def merge_deals(w):
    """Each merged deal goes into one that stands; without one it is expired instead."""
    standing = [d["id"] for d in w.deals if d["state"] != "merged"]
    for d in w.deals:
        if d["state"] != "merged":
            continue
        if not standing:
            w.db.execute("update deal set state = 'expired' where id = ?", (d["id"],))
            w.db.execute("update deal_event set what = 'expired' where what = 'merged' and deal_id = ?", (d["id"],))
            d["state"] = "expired"
            continue
        d["into"] = w.r.choice(standing)
        w.db.execute("update deal set merged_into = ? where id = ?", (d["into"], d["id"]))
        w.add("merge", kind="D", gone=d["id"], kept=d["into"], member_id=1, at_ms=d["closed"])


def add_touch(w):
    r = w.r
    kind = r.choice(["T", "T", "M"])
    w.numbers[kind] += 1
    deal = w.maybe(0.8, r.choice(w.deals)) if w.deals else None
    first = w.day_of(deal["registered"]) - 20 if deal else w.today - 500
    at = w.instant(first, w.today)
    if deal and deal["closed"] and r.random() < 0.3:
        at = min(w.now - 1000, deal["closed"] + r.choice([-86400000, -1000, 0, 0, 1000]))
    attempt = kind == "T" and r.random() < 0.2
    target = deal.get("into", deal["id"]) if deal else None
    customer = w.db.execute("select customer_id from deal where id = ?", (target,)).fetchone()[0] \
        if target and r.random() < 0.7 else w.maybe(0.9, r.choice(w.customers))
    member = r.choice(w.users if w.users and r.random() < 0.1 else w.members)
    touch = w.add(
        "touch_point", kind=kind, no=w.numbers[kind],
        state=r.choice(["held"] * 6 + ["planned", "cancelled", "no_show"]) if kind == "M" else "held",
        at_ms=at, minutes=r.choice([None, 30, 60]), channel=r.choice(CHANNELS),
        outcome=r.choice(["no_answer", "left_message"]) if attempt else "reached",
        internal=int(r.random() < 0.06), inquiry=int(r.random() < 0.05),
        member_id=member, customer_id=customer, deal_id=target,
        created_ms=at, void_ms=w.void())
    user = w.db.execute("select partner_id from member where id = ?", (member,)).fetchone()[0]
    firms = {user} if user else set()  # what a partner's user logs is with that partner
    known = [p for p in w.people if deal and deal["partner"] and p[1] == deal["partner"]]
    people = known if known and r.random() < 0.4 else w.people
    for person, partner in r.sample(people, min(len(people), r.choice([0, 1, 1, 2]))):
        w.add("touch_person", touch_id=touch, person_id=person, void_ms=w.void(0.03))
        if partner:
            firms.add(partner)
    if w.partners and r.random() < 0.15:
        firms.add(r.choice(w.partners))
    for p in firms:
        w.add("touch_partner", touch_id=touch, partner_id=p, void_ms=w.void(0.03) if p != user else None)
    if kind == "M":
        add_notes(w, touch, at, customer, target)


def add_notes(w, touch, at, customer, deal):
    """The stance in the room, and what was heard afterwards, early, late or never."""
    r = w.r
    gaps = {"room": [0, 1000, 3600000, DAY, DAY, DAY + 1000, 2 * DAY, 9 * DAY],
            "after": [3600000, DAY, 2 * DAY, 2 * DAY, 3 * DAY, 4 * DAY, 5 * DAY, 6 * DAY, 20 * DAY]}
    for layer in ("room", "after"):
        for _ in range(r.choice([0, 1, 1, 2])):
            heard = at + r.choice(gaps[layer])
            if layer == "after" and r.random() < 0.4:  # to the end of a day
                heard = w.midnight(w.day_of(heard)) + r.choice([-1, 0])
            if not at <= heard < w.now:
                continue
            text = w.text(r.choice(["all", "offrecord", "me"])) if r.random() < 0.6 else None
            w.add("note", touch_id=touch, customer_id=customer, deal_id=deal, layer=layer,
                  stance=r.choice(["for", "against", "split", "unknown", None]), member_id=1,
                  at_ms=heard, note_id=text, note_rev=text and 1, created_ms=heard,
                  void_ms=w.void())


def add_champions(w, n):
    for _ in range(n):
        person, partner = w.r.choice(w.people)
        at = w.instant(w.today - 500, w.today)
        scope = w.r.choice(["customer", "deal", "partner"])
        champion = {"customer_id": None, "deal_id": None, "partner_id": partner}
        if scope == "customer":
            champion["customer_id"] = w.r.choice(w.customers)
        elif scope == "deal" and w.deals:
            champion["deal_id"] = w.r.choice(w.deals)["id"]
        elif not partner:
            champion["customer_id"] = w.r.choice(w.customers)
        w.add("champion", person_id=person, since_ms=at, member_id=1,
              power=int(w.r.random() < 0.6), stake=int(w.r.random() < 0.6),
              sells=int(w.r.random() < 0.6), void_ms=w.void(), **champion)


def spans(w):
    """Periods to ask for: a whole month, quarter, half year or year around changes of
    clocks, one to date, and one day."""
    r, today = w.r, EPOCH + timedelta(days=w.today)
    year, month = r.choice([(2025, 7), (2025, 10), (2026, 1), (2026, 4)])
    span = r.choice([1, 3, 6, 12])
    first = date(year, month, 1)
    last = date(year + (month + span - 1) // 12, (month + span - 1) % 12 + 1, 1) - timedelta(days=1)
    day = today - timedelta(days=r.randint(0, 200))
    return [(first, min(last, today)), (today - timedelta(days=r.randint(60, 400)), today), (day, day)]


def generate(path, seed):
    """Fills the store; gives the World, whose zone and now the figures are asked with."""
    w = World(path, seed)
    w.partners, w.customers, w.people, w.deals = [], [], [], []
    w.spans = spans(w)
    if seed == 1:
        return finish(w)
    size = 0 if seed == 2 else w.r.choice([1, 3, 10, 10, 25, 40])
    add_members(w, 1 if size == 0 else 4)
    w.partners = [add_partner(w, i) for i in range(max(1, size // 2))]
    more.add_users(w, 0 if size == 0 else 2)
    w.customers = [w.add("customer", name=f"Buyer{i}", market=w.r.choice(MARKETS[:4] + [None]),
                         created_ms=0) for i in range(max(1, size // 2))]
    for i in range(max(1, size)):
        partner = w.maybe(0.5, w.r.choice(w.partners))
        customer = None if partner else w.r.choice(w.customers)
        w.people.append((add_person(w, i, partner, customer), partner))
    w.deals = [add_deal(w, i) for i in range(max(1, size * 3))]
    merge_deals(w)
    for _ in range(max(1, size * 12)):
        add_touch(w)
    add_champions(w, max(1, size // 2))
    w.standing = [d["id"] for d in w.deals if d["state"] != "merged"]
    more.add_more(w, size)
    return finish(w)


def finish(w):
    w.db.commit()
    w.db.close()
    return w
