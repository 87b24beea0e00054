#!/usr/bin/env python3
"""Random recurrence rules with the occurrences that python-dateutil finds for them, one rule a line:

    rule | begin | after | up to COUNT occurrences strictly after that, ending in
                           nothing: there are more; `.`: no more; `?`: given up searching; `!`: the rule is refused

A rule is an iCalendar text (its lines joined by `\\n`) or `recurrence=2 weeks;count=5;weekdays=MO,TH`. All times are UTC.

    rules.py RULES SEED [SECONDS] > rules.csv

SECONDS is how long it may search for the occurrences of one rule (default 0.25).
"""

import datetime
import random
import signal
import sys

from dateutil import rrule

SHOWN = 8
DAYS = ["MO", "TU", "WE", "TH", "FR", "SA", "SU"]
FREQUENCIES = ["YEARLY", "MONTHLY", "WEEKLY", "DAILY", "HOURLY", "MINUTELY", "SECONDLY"]
ICAL = "%Y%m%dT%H%M%S"
SECONDS_TO_SEARCH = float(sys.argv[3]) if len(sys.argv) > 3 else 0.25


class GivenUp(Exception):
    pass


class Patience:
    """Interrupts what takes too long, again and again until it is left: an exception may be lost in a generator that is closed."""

    def __init__(self):
        self.armed = False
        self.fired = False
        signal.signal(signal.SIGALRM, self.give_up)

    def give_up(self, _signal, _frame):
        if self.armed:
            self.fired = True
            raise GivenUp

    def spend(self, work, otherwise):
        signal.setitimer(signal.ITIMER_REAL, SECONDS_TO_SEARCH, SECONDS_TO_SEARCH)
        try:
            self.fired = False
            self.armed = True
            result = work()
            self.armed = False
            return otherwise() if self.fired else result
        except GivenUp:
            self.armed = False
            return otherwise()
        finally:
            self.armed = False
            signal.setitimer(signal.ITIMER_REAL, 0)


def some(rng, values, most):
    return rng.sample(values, min(len(values), rng.randint(1, most)))


def signed(rng, most):
    return rng.choice([1, 1, 1, -1]) * rng.randint(1, most)


def join(values):
    return ",".join(str(value) for value in values)


def begin(rng):
    day = datetime.datetime(rng.choice([1970, 1996, 1999, 2000, 2004, 2015, 2020, 2023, 2024, 2025, 2026, 2027, 2028, 2032]), 1, 1)
    moment = day + datetime.timedelta(days=rng.randrange(366), seconds=rng.randrange(86400))
    if rng.random() < 0.3:
        moment = moment.replace(minute=0, second=0)
    if rng.random() < 0.1:
        moment = moment.replace(month=rng.choice([1, 12]), day=rng.choice([1, 29, 30, 31]))
    return moment


def by_day(rng, frequency):
    numbered = rng.random() < (0.5 if frequency in ("YEARLY", "MONTHLY") else 0.05)
    mixed = rng.random() < 0.1
    items = []
    for day in some(rng, DAYS, 4):
        if numbered and not (mixed and rng.random() < 0.5):
            n = signed(rng, 53 if frequency == "YEARLY" and rng.random() < 0.3 else 5)
            items.append(("+" if n > 0 and rng.random() < 0.1 else "") + str(n) + day)
        else:
            items.append(day)
    return join(items)


def rule_text(rng, start):
    frequency = rng.choice(FREQUENCIES)
    parts = ["FREQ=" + frequency]
    if rng.random() < 0.55:
        most = rng.choice([2, 3, 6, 12, 40, 100, 1500])
        parts.append("INTERVAL=%d" % rng.randint(1, most))
    daily_or_rarer = frequency in ("YEARLY", "MONTHLY", "WEEKLY", "DAILY")
    if rng.random() < 0.3:
        parts.append("BYMONTH=" + join(some(rng, list(range(1, 13)), 4)))
    if rng.random() < 0.2:
        parts.append("BYMONTHDAY=" + join(signed(rng, 31) for _ in range(rng.randint(1, 4))))
    if rng.random() < 0.12:
        parts.append("BYYEARDAY=" + join(signed(rng, 366) for _ in range(rng.randint(1, 5))))
    if rng.random() < 0.12:
        parts.append("BYWEEKNO=" + join(signed(rng, 53) if rng.random() < 0.6 else rng.choice([1, 52, 53, -1]) for _ in range(rng.randint(1, 4))))
    if rng.random() < 0.35:
        parts.append("BYDAY=" + by_day(rng, frequency))
    if rng.random() < 0.25:
        parts.append("WKST=" + rng.choice(DAYS))
    if rng.random() < 0.25:
        parts.append("BYHOUR=" + join(some(rng, list(range(24)), 4)))
    if rng.random() < 0.22:
        parts.append("BYMINUTE=" + join(some(rng, list(range(60)), 4)))
    if rng.random() < 0.2:
        parts.append("BYSECOND=" + join(some(rng, list(range(60)), 4)))
    if rng.random() < 0.2:
        parts.append("BYSETPOS=" + join(signed(rng, 5 if rng.random() < 0.8 else 366) for _ in range(rng.randint(1, 3))))
    if rng.random() < 0.02:
        parts.append("BYEASTER=%d" % rng.randint(-60, 60))
    end = rng.random()
    if end < 0.25:
        parts.append("COUNT=%d" % rng.randint(1, rng.choice([3, 10, 100])))
    elif end < 0.45:
        span = rng.choice([1, 20, 400, 4000]) if daily_or_rarer else rng.choice([1, 20, 300])
        parts.append("UNTIL=" + (start + datetime.timedelta(days=rng.random() * span)).strftime(ICAL))
    tail = parts[1:]
    if rng.random() < 0.3:
        rng.shuffle(tail)
    return ";".join(parts[:1] + tail)


def near(rng, start, days):
    return start + datetime.timedelta(days=rng.randrange(days))


def calendar_text(rng, start):
    lines = ["RRULE:" + rule_text(rng, start)]
    if rng.random() < 0.3:
        lines.append("RRULE:" + rule_text(rng, start))
    if rng.random() < 0.4:
        lines.append("RDATE:" + join(near(rng, start, 60).strftime(ICAL) for _ in range(rng.randint(1, 4))))
    if rng.random() < 0.6:
        lines.append("EXDATE:" + join(near(rng, start, 60).strftime(ICAL) for _ in range(rng.randint(1, 6))))
    if rng.random() < 0.15:
        lines.append("EXRULE:" + rule_text(rng, start))
    if rng.random() < 0.2:
        lines.insert(0, "DTSTART:" + start.strftime(ICAL))
    return "\n".join(lines)


UNITS = {"seconds": rrule.SECONDLY, "minutes": rrule.MINUTELY, "hours": rrule.HOURLY, "days": rrule.DAILY,
         "weeks": rrule.WEEKLY, "months": rrule.MONTHLY, "years": rrule.YEARLY}


def recurrence_text(rng):
    unit = rng.choice(list(UNITS))
    text = "recurrence=%d %s" % (rng.randint(1, rng.choice([1, 3, 12, 90])), unit)
    if rng.random() < 0.4:
        text += ";count=%d" % rng.randint(1, rng.choice([3, 40]))
    if rng.random() < 0.5:
        prefixes = ["", "", "1", "2", "3", "4", "L-"] if unit in ("months", "years") else [""]
        text += ";weekdays=" + join(rng.choice(prefixes) + day for day in some(rng, DAYS, 4))
    return text


def capped(series, count):
    for number, moment in enumerate(series):
        if number >= count:
            return
        yield moment


def recurrence(text, start):
    fields = dict(part.split("=") for part in text.split(";"))
    interval, unit = fields["recurrence"].split()
    count = int(fields["count"]) if "count" in fields else None
    if "weekdays" not in fields:
        return rrule.rrule(UNITS[unit], interval=int(interval), dtstart=start, count=count)
    series = rrule.rruleset()
    for item in fields["weekdays"].split(","):
        prefix, day = item[:-2], getattr(rrule, item[-2:])
        if prefix:
            day = day(-1 if prefix == "L-" else int(prefix))
        series.rrule(rrule.rrule(UNITS[unit], interval=int(interval), dtstart=start, byweekday=day))
    return series if count is None else capped(series, count)


def answer(patience, make, after, shown):
    found = []

    def search():
        try:
            for moment in make():
                if moment > after:
                    found.append(moment.strftime("%Y-%m-%dT%H:%M:%SZ"))
                    if len(found) == shown:
                        return " ".join(found)
        except ValueError as error:
            if "empty set" in str(error):
                return "!"
            return " ".join(found + ["?"])
        except (OverflowError, IndexError):
            return " ".join(found + ["?"])
        return " ".join(found + ["."])

    return patience.spend(search, lambda: " ".join(found + ["?"]))


def moment_after(rng, patience, make, start):
    """Before the begin, at one of the first occurrences, or between two."""
    if rng.random() < 0.5:
        return start - datetime.timedelta(seconds=1)
    number = rng.randrange(60)
    away = rng.choice([0, 0, -1, 1, 3600])
    passed = [start]

    def search():
        try:
            for at, moment in enumerate(make()):
                passed.append(moment)
                if at >= number:
                    break
        except (ValueError, OverflowError, IndexError):
            pass
        return passed[-1]

    return patience.spend(search, lambda: passed[-1]) + datetime.timedelta(seconds=away)


def main():
    rng = random.Random(int(sys.argv[2]))
    patience = Patience()
    for _ in range(int(sys.argv[1])):
        start = begin(rng)
        kind = rng.random()
        if kind < 0.1:
            text = recurrence_text(rng)
            make = lambda: recurrence(text, start)
        else:
            text = rule_text(rng, start) if kind < 0.85 else calendar_text(rng, start)
            make = lambda: rrule.rrulestr(text, dtstart=start)
        after = moment_after(rng, patience, make, start)
        print("|".join([text.replace("\n", "\\n"), start.isoformat() + "Z", after.isoformat() + "Z", answer(patience, make, after, SHOWN)]))


if __name__ == "__main__":
    main()
