"""What `nemawashi export` wrote, as plain rows, and the calendar that the figures need:
days of the team zone, business days of a market. Knows nothing of the program but the
names of its columns."""
import csv
from datetime import date, datetime, timedelta, timezone
from fractions import Fraction
from functools import lru_cache
from pathlib import Path
from zoneinfo import ZoneInfo

WITHOUT_MINOR = ("JPY", "KRW")


@lru_cache(None)
def instant(text):
    """Seconds since 1970, or None."""
    return int(datetime.fromisoformat(text).timestamp()) if text else None


@lru_cache(None)
def civil(text):
    return date.fromisoformat(text) if text else None


class Row(dict):
    """A line of a file; what is empty is None."""

    def at(self, column):
        return instant(self[column])

    def on(self, column):
        return civil(self[column])

    def flag(self, column):
        return self[column] == "1"

    def refs(self, column):
        return self[column].split(";") if self[column] else []

    def number(self, column):
        return int(self[column]) if self[column] else None

    def money(self, column="amount"):
        """In minor units of `currency`."""
        if self[column] is None:
            return None
        return int(Fraction(self[column]) * (1 if self["currency"] in WITHOUT_MINOR else 100))


class Records:
    def __init__(self, folder, zone):
        self.tz = ZoneInfo(zone)
        self.days, self.kept = {}, {}
        for path in Path(folder).glob("*.csv"):
            with open(path, encoding="utf-8-sig", newline="") as f:
                rows = [Row({k: v or None for k, v in r.items()}) for r in csv.DictReader(f)]
            setattr(self, path.stem, rows)
        self.closed = {(h["market"], h.on("on")) for h in self.holidays if not h.flag("worked")}
        self.worked = {(h["market"], h.on("on")) for h in self.holidays if h.flag("worked")}
        self.by_id = {r["id"]: r for rows in (self.partners, self.customers, self.people, self.deals,
                                              self.touch_points, self.meetings) for r in rows}
        self.handles = {m["handle"]: m for m in self.members}

    def once(self, what, make):
        """Made the first time it is asked for."""
        if what not in self.kept:
            self.kept[what] = make()
        return self.kept[what]

    # ---- days ----
    def day(self, at):
        """The day of the team zone."""
        if at not in self.days:
            self.days[at] = datetime.fromtimestamp(at, timezone.utc).astimezone(self.tz).date()
        return self.days[at]

    def midnight(self, day):
        return int(datetime(day.year, day.month, day.day, tzinfo=self.tz).timestamp())

    def clock(self, day, hour):
        return int(datetime(day.year, day.month, day.day, hour, tzinfo=self.tz).timestamp())

    def business(self, market, day):
        if (market, day) in self.worked:
            return True
        return day.weekday() < 5 and (market, day) not in self.closed

    def business_add(self, market, day, n):
        """The n-th business day after the day."""
        while n:
            day += timedelta(days=1)
            n -= self.business(market, day)
        return day

    def business_between(self, market, first, last):
        """Business days in (first, last]."""
        days = (first + timedelta(days=i) for i in range(1, (last - first).days + 1))
        return sum(self.business(market, d) for d in days)

    # ---- deals ----
    def registrations(self):
        """Merged (and void) ones are out everywhere; submitted and declined ones are none."""
        return self.once("registrations", lambda: [
            d for d in self.deals if d["state"] not in ("merged", "submitted", "declined")])

    def market(self, d):
        """Where a deal names none, its partner's, else its customer's."""
        customer, partner = self.by_id.get(d["customer"]), self.by_id.get(d["partner"])
        return d["market"] or (partner and partner["market"]) or (customer and customer["market"])

    def market_of_touch(self, t):
        """The one its deal names, else of a partner that was there, else of its customer, else
        of who held it."""
        deal, customer = self.by_id.get(t["deal"]), self.by_id.get(t["customer"])
        firms = [self.by_id.get(p) for p in sorted(t.refs("partners"), key=lambda p: int(p[1:]))]
        member = self.handles[t["member"]]
        return (deal and deal["market"]) or next((p["market"] for p in firms), None) \
            or (customer and customer["market"]) or member["market"]

    def pauses_of(self, d):
        all_of = self.once("pauses", lambda: group(self.pauses, "deal"))
        return all_of.get(d["id"], [])

    def live_at(self, d, t):
        """Registered before t, and by then neither closed for good nor not yet reopened."""
        if d.at("registered_at") >= t:
            return False
        events = self.once("events", lambda: group(self.deal_events, "deal")).get(d["id"], [])
        turns = [(e.at("at"), int(e["id"]), e["what"] != "reopened") for e in events
                 if e["what"] in ("won", "lost", "expired", "reopened") and e.at("at") < t]
        return not max(turns)[2] if turns else True

    def paused_at(self, d, t):
        return any(p.at("from_at") < t and (p["to_at"] is None or p.at("to_at") >= t)
                   for p in self.pauses_of(d))

    # ---- touch points ----
    def held(self):
        """Touch points, attempts among them, and meetings that were held; none is internal."""
        return self.once("held", lambda: sorted(
            (t for t in self.touch_points + [m for m in self.meetings if m["state"] == "held"]
             if not t.flag("internal")), key=lambda t: t.at("at")))

    def contacts(self):
        """Two-way contact alone, oldest first."""
        return self.once("contacts", lambda: [t for t in self.held() if t["outcome"] == "reached"])

    def contacts_of(self, d):
        return self.once("by deal", lambda: group(self.contacts(), "deal")).get(d["id"], [])

    def held_meetings(self):
        return [t for t in self.held() if t["id"].startswith("M")]

    def by_partner_user(self, touch):
        m = self.handles[touch["member"]]
        return m["partner"] if m["role"] == "partner" else None

    def firms(self, touch):
        """The partners a touch point was with, or whose user logged it."""
        user = self.by_partner_user(touch)
        return set(touch.refs("partners") + ([user] if user else []))


def group(rows, column):
    by = {}
    for r in rows:
        by.setdefault(r[column], []).append(r)
    return by
