"""What `nemawashi export` wrote, as plain rows, and the calendar that the figures need:
days of the team zone, business days of a market. Knows nothing of the program but the
names of its columns."""
import csv
from bisect import bisect_left
from datetime import date, datetime, timedelta, timezone
from pathlib import Path
from zoneinfo import ZoneInfo


def instant(text):
    """Seconds since 1970, or None."""
    return int(datetime.fromisoformat(text).timestamp()) if text else None


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


class Records:
    def __init__(self, folder, zone):
        self.tz = ZoneInfo(zone)
        for path in Path(folder).glob("*.csv"):
            with open(path, encoding="utf-8-sig", newline="") as f:
                rows = [Row({k: v or None for k, v in r.items()}) for r in csv.DictReader(f)]
            setattr(self, path.stem, rows)
        self.closed = {(h["market"], h.on("on")) for h in self.holidays if not h.flag("worked")}
        self.worked = {(h["market"], h.on("on")) for h in self.holidays if h.flag("worked")}

    def day(self, at):
        """The day of the team zone."""
        return datetime.fromtimestamp(at, timezone.utc).astimezone(self.tz).date()

    def midnight(self, day):
        return int(datetime(day.year, day.month, day.day, tzinfo=self.tz).timestamp())

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
        return [d for d in self.deals if d["state"] not in ("merged", "submitted", "declined")]

    def by_id(self, rows, id):
        return next((r for r in rows if r["id"] == id), None)

    def market(self, d):
        """Where a deal names none, its partner's, else its customer's."""
        customer = self.by_id(self.customers, d["customer"])
        partner = self.by_id(self.partners, d["partner"])
        return d["market"] or (partner and partner["market"]) or (customer and customer["market"])

    def market_of_touch(self, t):
        """Of its deal, else of a partner's, else of its customer, else of who held it."""
        deal = self.by_id(self.deals, t["deal"])
        customer = self.by_id(self.customers, t["customer"])
        firms = [self.by_id(self.partners, p) for p in sorted(t.refs("partners"), key=lambda p: int(p[1:]))]
        member = next(m for m in self.members if m["handle"] == t["member"])
        return (deal and self.market(deal)) or next((p["market"] for p in firms), None) \
            or (customer and customer["market"]) or member["market"]

    # ---- touch points ----
    def contacts(self):
        """Touch points: two-way contact, and meetings that were held."""
        meetings = [m for m in self.meetings if m["state"] == "held"]
        return [t for t in self.touch_points + meetings
                if t["outcome"] == "reached" and not t.flag("internal")]

    def held_meetings(self):
        return [m for m in self.meetings if m["state"] == "held" and not m.flag("internal")]

    def firms(self, touch):
        """The partners a touch point was with, or whose user logged it."""
        logged_by = [m["partner"] for m in self.members
                     if m["handle"] == touch["member"] and m["role"] == "partner" and m["partner"]]
        return set(touch.refs("partners") + logged_by)


def count_between(times, first, last):
    """How many of the sorted times are in [first, last)."""
    return bisect_left(times, last) - bisect_left(times, first)
