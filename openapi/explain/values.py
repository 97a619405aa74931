"""Values of explanations: quantities as whole thousandths, intervals, days, instants, and the comparison of two values."""

from datetime import date, datetime, timedelta
from decimal import Decimal

LIMIT = 10**12  # thousandths: a quantity is below 10⁹
KINDS = (str, list, dict)


class Unreadable(Exception):
    """The document is not an explanation: something is missing or of another type."""


def get(value, name, kind=object):
    """A member that must be there."""
    if not isinstance(value, dict) or name not in value or not isinstance(value[name], kind):
        raise Unreadable(name)
    if kind is int and isinstance(value[name], bool):
        raise Unreadable(name)
    return value[name]


def th(number) -> int:
    """A number in thousandths; a negative one counts as zero, as in the rules of figures."""
    if isinstance(number, bool) or not isinstance(number, (int, Decimal)):
        raise Unreadable("number")
    scaled = number * 1000
    if abs(scaled) >= LIMIT or scaled != int(scaled):
        raise Unreadable("quantity")
    return max(int(scaled), 0)


def whole(value) -> int:
    if isinstance(value, bool) or not isinstance(value, int):
        raise Unreadable("number")
    return value


def number(thousandths):
    """Thousandths as a number of JSON; None is null."""
    return None if thousandths is None else Decimal(thousandths) / 1000


def interval(value):
    """An interval as a pair of thousandths; None is unbounded."""
    high = get(value, "max")
    return th(get(value, "min")), None if high is None else th(high)


def shown(pair) -> dict:
    return {"min": number(pair[0]), "max": number(pair[1])}


UNKNOWN = (0, None)
ZERO = (0, 0)


def larger(one, other):
    return max(one[0], other[0]), None if one[1] is None or other[1] is None else max(one[1], other[1])


def hull(one, other):
    return min(one[0], other[0]), None if one[1] is None or other[1] is None else max(one[1], other[1])


def total(pairs):
    """The sum, end by end; None if an end is out of range."""
    pairs = list(pairs)
    low = sum(pair[0] for pair in pairs)
    high = None if any(pair[1] is None for pair in pairs) else sum(pair[1] for pair in pairs)
    # A sum that has left the range stays out of it, and an unbounded part makes the end unbounded.
    return None if low >= LIMIT or (high is not None and high >= LIMIT) else (low, high)


def shortage(required, usable):
    least = 0 if usable[1] is None else max(0, required[0] - usable[1])
    return least, None if required[1] is None else max(0, required[1] - usable[0])


def day(text):
    """A day as (year, month, day), which compares as days do."""
    try:
        found = date.fromisoformat(text)
    except (TypeError, ValueError):
        raise Unreadable("day") from None
    if found.isoformat() != text:
        raise Unreadable("day")
    return found.year, found.month, found.day


NEVER = (262142, 12, 31)  # a day beyond the calendar
FIRST = (-262143, 1, 1)


def text_of(found) -> str:
    return "+262142-12-31" if found == NEVER else "%04d-%02d-%02d" % found


def later(found, days: int):
    try:
        moved = date(*found) + timedelta(days)
    except OverflowError:
        return NEVER if days > 0 else FIRST
    return moved.year, moved.month, moved.day


def months_later(found, months: int):
    """The same day so many months on, the month's last where there is none; None beyond the calendar."""
    year, month = found[0] + (found[1] - 1 + months) // 12, (found[1] - 1 + months) % 12 + 1
    if year > 9999:
        return None
    lengths = [31, 29 if year % 4 == 0 and (year % 100 != 0 or year % 400 == 0) else 28]
    lengths += [31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
    return year, month, min(found[2], lengths[month - 1])


def instant(text) -> int:
    """An instant in microseconds."""
    try:
        if not isinstance(text, str) or len(text) != 27 or text[-1] != "Z":
            raise ValueError
        found = datetime.fromisoformat(text[:-1])
    except ValueError:
        raise Unreadable("instant") from None
    since = found - datetime(1970, 1, 1)
    return (since.days * 86_400 + since.seconds) * 1_000_000 + since.microseconds


def instant_text(micros: int) -> str:
    found = datetime(1970, 1, 1) + timedelta(microseconds=micros)
    return found.strftime("%Y-%m-%dT%H:%M:%S.") + "%06dZ" % found.microsecond


class Zone:
    """Days of a time zone: each ends at the first instant of the next, and none is repeated."""

    def __init__(self, name):
        from zoneinfo import ZoneInfo

        try:
            self.zone = ZoneInfo(name)
        except Exception:
            raise Unreadable("zone") from None

    def day_of(self, micros: int):
        moment = datetime(1970, 1, 1) + timedelta(microseconds=micros)
        from datetime import timezone

        local = moment.replace(tzinfo=timezone.utc).astimezone(self.zone)
        found = (local.year, local.month, local.day)
        if local.hour >= 22 and self.end_of(found) <= micros:
            return later(found, 1)
        return found

    def end_of(self, found) -> int:
        from datetime import timezone

        midnight = datetime(*later(found, 1))
        for quarters in range(97):
            wall = (midnight + timedelta(minutes=15 * quarters)).replace(tzinfo=self.zone, fold=0)
            back = wall.astimezone(timezone.utc).astimezone(self.zone)
            if back.replace(tzinfo=None) == wall.replace(tzinfo=None):
                since = wall.astimezone(timezone.utc).replace(tzinfo=None) - datetime(1970, 1, 1)
                return (since.days * 86_400 + since.seconds) * 1_000_000 + since.microseconds
        raise Unreadable("zone")


def escaped(name) -> str:
    return str(name).replace("~", "~0").replace("/", "~1")


def is_number(value) -> bool:
    return isinstance(value, (int, Decimal)) and not isinstance(value, bool)


def compare(expected, found, pointer, differences):
    """Notes each place at which a value found is not the one expected; words are not compared."""
    if isinstance(expected, dict) and isinstance(found, dict):
        for name in sorted(set(expected) | set(found)):
            if name == "words":
                continue
            at = pointer + "/" + escaped(name)
            if name not in found:
                note(at, expected[name], None, differences)
            elif name not in expected:
                note(at, None, found[name], differences)
            else:
                compare(expected[name], found[name], at, differences)
    elif isinstance(expected, list) and isinstance(found, list):
        if len(expected) != len(found):
            note(pointer, expected, found, differences)
            return
        for place, (one, other) in enumerate(zip(expected, found)):
            compare(one, other, f"{pointer}/{place}", differences)
    elif is_number(expected) and is_number(found):
        if expected != found:
            note(pointer, expected, found, differences)
    elif type(expected) is not type(found) or expected != found:
        note(pointer, expected, found, differences)


def note(pointer, expected, found, differences):
    differences.append({"pointer": pointer, "expected": expected, "found": found})


def member(value, name, expected, pointer, differences):
    """Compares one member; None stands for one that must be left out or null."""
    found = value.get(name)
    compare(expected, found, pointer + "/" + escaped(name), differences)


def same(one, other) -> bool:
    differences = []
    compare(one, other, "", differences)
    return not differences
