"""A question and the shape of its answer, shared by the figures."""
from datetime import timedelta
from fractions import Fraction
from math import sqrt


class Question:
    """A period [start, end) of days of the team zone, the moment of asking, and a scope."""

    def __init__(self, records, now, first, last, partner=None, market=None):
        self.r, self.now = records, now
        self.first, self.last = first, last  # both days included
        self.start = records.midnight(first)
        self.end = records.midnight(last + timedelta(days=1))
        self.partner, self.market = partner, market
        self.t = min(self.end, now)  # of snapshots
        self.today = records.day(self.t)

    def has(self, at):
        return at is not None and self.start <= at < self.end

    def has_day(self, day):
        return day is not None and self.first <= day <= self.last

    def of_market(self, d):
        return self.market is None or self.r.market(d) == self.market

    def of_deal(self, d):
        return (self.partner is None or d["partner"] == self.partner) and self.of_market(d)

    def of_firm(self, id):
        """A record of a partner: the partner is meant, or is one of the market."""
        if self.partner and id != self.partner:
            return False
        if self.market:
            return id is not None and self.r.by_id[id]["market"] == self.market
        return True

    def of_touch(self, t):
        return self.partner is None or self.partner in self.r.firms(t)

    def deals(self):
        return [d for d in self.r.registrations() if self.of_deal(d)]

    def won(self):
        """Won in the period, whoever's."""
        return [d for d in self.r.registrations() if d["state"] == "won" and self.has(d.at("closed_at"))]

    def partners(self):
        return [p for p in self.r.partners
                if (self.partner is None or p["id"] == self.partner)
                and (self.market is None or p["market"] == self.market)]


class Figure:
    """num ÷ den over n records. `value` is exact, said with so many digits; None is n/a.
    `says` are words with further numbers that the reply must hold; `more` is for whoever
    looks for a difference."""

    def __init__(self, num, den, n, value, says=(), digits=1, **more):
        self.num, self.den, self.n, self.value, self.more = num, den, n, value, more
        self.says, self.digits = [s for s in says if s], digits

    def __repr__(self):
        value = "n/a" if self.value is None else f"{float(self.value):g}"
        return f"{value} ({self.num}/{self.den}, n {self.n}) {self.more or ''}"


def round_half_up(x, digits=1):
    """Away from zero at the half."""
    scaled = abs(Fraction(x)) * 10 ** digits
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


def wilson(k, n):
    """The 95 % interval of k of n, in percent."""
    z = 1.959963984540054
    p = k / n
    middle, half = p + z * z / (2 * n), z * sqrt(p * (1 - p) / n + z * z / (4 * n * n))
    return [100 * (middle + sign * half) / (1 + z * z / n) for sign in (-1, 1)]


def by_currency(pairs):
    """(currency, minor units) summed by currency; None is no money."""
    sums = {}
    for currency, minor in pairs:
        if minor is not None:
            sums[currency] = sums.get(currency, 0) + minor
    return sums


SIGNS = {"JPY": "¥", "KRW": "₩", "USD": "US$", "AUD": "A$", "SGD": "S$"}


def minor_digits(currency):
    return 0 if currency in ("JPY", "KRW") else 2


def shown(currency, minor):
    """As replies write money: A$773,759.88, ¥4.8M."""
    scale = 10 ** minor_digits(currency)
    sign, whole, rest = "-" if minor < 0 else "", abs(minor) // scale, abs(minor) % scale
    if whole >= 10**6 and whole % 10**4 == 0 and not rest:
        return f"{sign}{SIGNS[currency]}{whole / 10**6:g}M"
    return f"{sign}{SIGNS[currency]}{whole:,}" + (f".{rest:02}" if rest else "")


def amounts(sums):
    return [shown(c, v) for c, v in sums.items()]


def major(sums):
    """The one sum in whole units of its currency; None where there are several."""
    if len(sums) != 1:
        return None
    (currency, minor), = sums.items()
    return Fraction(minor, 10 ** minor_digits(currency))


def alone(sums):
    """The one sum in minor units; 0 where there are several or none."""
    return next(iter(sums.values())) if len(sums) == 1 else 0


def percent(k, n):
    return f"{float(round_half_up(Fraction(100 * k, n))):.1f} %" if n else "n/a"
