"""Stock: which counts of an item in a depot are current, and how many of the units they found are usable."""

import unicodedata

from .rules import reason, shown_reasons
from .values import (
    LIMIT, NEVER, UNKNOWN, ZERO, Unreadable, day, get, hull, instant, larger, later, member, months_later, note, number,
    shown, text_of, th, total, whole,
)

WINDOW = 15 * 60 * 1_000_000  # microseconds
CONDITIONS = ["serviceable", "in_repair", "unserviceable"]
HELD = ["here", "lent"]
LEFT_OUT = ["expired", "unserviceable", "in_repair", "lent", "inspection_overdue", "agreement", "capacity"]
FLAGS = [
    "clock_corrected", "clock_went_back", "seq_reused", "seq_jumped", "counted_ahead", "catalogue_unknown",
    "before_catalogue", "ledger", "lots_not_mentioned",
]
DOUBTS = {"expiry_missing": "expiry_missing", "inspection_unknown": "inspection_unknown", "out_of_range": "out_of_range"}
INVISIBLE = [
    (0xAD, 0xAD), (0x34F, 0x34F), (0x61C, 0x61C), (0x115F, 0x1160), (0x17B4, 0x17B5), (0x180B, 0x180F), (0x200B, 0x200F),
    (0x202A, 0x202E), (0x2060, 0x206F), (0x3164, 0x3164), (0xFE00, 0xFE0F), (0xFEFF, 0xFEFF), (0xFFA0, 0xFFA0),
    (0xFFF9, 0xFFFB), (0xE0000, 0xE0FFF),
]


def plain_lot(written):
    """A lot number after NFKC, without white space and invisible signs, upper-cased; None stays None."""
    if written is None:
        return None
    if not isinstance(written, str):
        raise Unreadable("lot")
    normal = unicodedata.normalize("NFKC", written)
    # The separators of information count as white space for Python alone.
    space = lambda sign: sign.isspace() and not 0x1C <= ord(sign) <= 0x1F
    hidden = lambda sign: any(first <= ord(sign) <= last for first, last in INVISIBLE)
    kept = "".join(sign for sign in normal if not space(sign) and not hidden(sign))
    return unicodedata.normalize("NFKC", kept.upper())


def ranked(value):
    """Absent before present."""
    return (value is not None, value if value is not None else 0)


class Count:
    """A count with its bearing on one item."""

    def __init__(self, header, bearing, zone, pointer):
        self.header, self.bearing, self.pointer = header, bearing, pointer
        self.id = get(header, "id", str)
        self.inspection = get(header, "kind") == "inspection"
        if header["kind"] not in ("own", "inspection") or get(header, "scope") not in ("full", "listed"):
            raise Unreadable("kind")
        self.effective, self.received = instant(get(header, "effective_at")), instant(get(header, "received_at"))
        seq = get(header, "seq")
        self.seq = (False, 0) if seq is None else (True, whole(seq))
        source = get(header, "source", dict)
        if sorted(source) not in (["account"], ["device"]):
            raise Unreadable("source")
        self.source = tuple(source.items())
        self.resolves = get(header, "resolves", list)
        self.day = zone.day_of(self.effective)
        self.lines = [Line(line, bearing.get("shelf_life_months")) for line in get(bearing, "lines", list)]

    def order(self):
        return self.effective, self.received, self.id

    def order_in_source(self):
        return self.effective, self.seq, self.received, self.id

    def before(self, other):
        """Its order among others of its source, or of all: negative, 0 or positive."""
        one, two = (self.order_in_source(), other.order_in_source()) if self.source == other.source else (self.order(), other.order())
        return (one > two) - (one < two)


class Line:
    def __init__(self, found, shelf_life):
        self.quantity = th(get(found, "quantity"))
        self.written = get(found, "lot")
        self.lot = plain_lot(self.written)
        days = {name: get(found, name) for name in ("expires_on", "made_on", "inspected_on")}
        self.expires, self.made, self.inspected = (None if one is None else day(one) for one in days.values())
        if get(found, "condition") not in CONDITIONS or get(found, "held") not in HELD:
            raise Unreadable("condition")
        self.condition, self.held, self.shelf_life = found["condition"], found["held"], shelf_life

    def expiry(self, perishable):
        """The last day, and whether it follows from the day of make."""
        if self.expires is not None or self.made is None or not perishable or self.shelf_life is None:
            return self.expires, False
        return months_later(self.made, whole(self.shelf_life)) or NEVER, True


class Kept:
    """The last counts of each source; only a later inspection supersedes an inspection."""

    def __init__(self, counts):
        self.last, self.inspections = {}, {}
        for count in counts:
            self.keep(self.last, count)
            if count.inspection:
                self.keep(self.inspections, count)

    @staticmethod
    def keep(last, count):
        before = last.setdefault(count.source, count)
        if before.order_in_source() < count.order_in_source():
            last[count.source] = count

    def counts(self):
        hidden = [one for source, one in self.inspections.items() if self.last[source].id != one.id]
        return list(self.last.values()) + hidden

    def latest(self):
        return max(self.counts(), key=Count.order, default=None)

    def would_keep(self, count):
        def last(of):
            return count.source not in of or of[count.source].order_in_source() < count.order_in_source()

        return last(self.last) or count.inspection and last(self.inspections)


class Terms:
    """What the line asks of counts and lots."""

    def __init__(self, as_of, validity_days, surely, perhaps, agreement):
        self.as_of, self.validity_days, self.agreement = as_of, validity_days, agreement
        self.surely, self.perhaps = surely, perhaps


def inspection_state(inspected, months, as_of):
    if months is None:
        return "in_time"
    if inspected is None:
        return "not_recorded"
    last = months_later(inspected, months)
    return "overdue" if last is not None and as_of > last else "in_time"


def of_lot(lot, quantity, terms, holding, perishable):
    """(usable, left out, doubt) of a lot; a quantity of None is out of range."""
    left_out = None
    if lot["expires"] is not None and lot["expires"] < terms.as_of:
        left_out = "expired"
    elif lot["condition"] != "serviceable":
        left_out = lot["condition"]
    elif lot["held"] == "lent":
        left_out = "lent"
    elif inspection_state(lot["inspected"], terms.surely, terms.as_of) == "overdue":
        left_out = "inspection_overdue"
    elif holding == "agreement" and not terms.agreement:
        left_out = "agreement"
    elif holding == "capacity":
        left_out = "capacity"
    if left_out:
        return ZERO, left_out, None
    if quantity is None:
        return UNKNOWN, None, "out_of_range"
    if perishable and lot["expires"] is None:
        return (0, quantity), None, "expiry_missing"
    if any(inspection_state(lot["inspected"], months, terms.as_of) != "in_time" for months in (terms.surely, terms.perhaps)):
        return (0, quantity), None, "inspection_unknown"
    return (quantity, quantity), None, None


def plus(one, other):
    """A sum that, once out of range, stays so."""
    return None if one is None or other is None or one + other >= LIMIT else one + other


class Found:
    """A count with the lots that it found."""

    def __init__(self, count, terms, holding, perishable):
        self.count, merged = count, {}
        for line in count.lines:
            if line.quantity == 0:
                continue
            expires, derived = line.expiry(perishable)
            key = (
                ranked(line.lot), ranked(expires), derived, ranked(line.inspected), CONDITIONS.index(line.condition),
                HELD.index(line.held),
            )
            lot = {
                "written": line.written, "plain": line.lot, "expires": expires, "derived": derived,
                "inspected": line.inspected, "condition": line.condition, "held": line.held,
            }
            first, quantity = merged.get(key, (lot, 0))
            merged[key] = (first, plus(quantity, line.quantity))
        lots = [merged[key] for key in sorted(merged)]
        lots.sort(key=lambda one: ranked(one[0]["written"]) if one[0]["written"] is not None else (False, ""))
        self.lots = [(lot, quantity, of_lot(lot, quantity, terms, holding, perishable)) for lot, quantity in lots]
        known = all(doubt != "out_of_range" for _, _, (_, _, doubt) in self.lots)
        self.usable = total(usable for _, _, (usable, _, _) in self.lots) if known else None
        self.not_mentioned = []

    def compared(self, asked):
        found = {}
        for lot, quantity, _ in self.lots:
            key = (lot["plain"], lot["expires"], lot["condition"], lot["held"], lot["inspected"] if asked else None)
            found[key] = plus(found.get(key, 0), quantity)
        return found

    def flags(self):
        return list(self.count.header["flags"]) + (["lots_not_mentioned"] if self.not_mentioned else [])

    def shown(self):
        header, lots = self.count.header, []
        for lot, quantity, (usable, left_out, doubt) in self.lots:
            one = {
                "lot": lot["written"], "expires_on": optional_day(lot["expires"]), "inspected_on": optional_day(lot["inspected"]),
                "condition": lot["condition"], "held": lot["held"], "quantity": number(quantity), "usable": shown(usable),
            }
            if lot["derived"]:
                one["expiry_derived"] = True
            if left_out:
                one["left_out"] = left_out
            if doubt:
                one["doubt"] = doubt
            lots.append(one)
        found = {name: get(header, name) for name in ("id", "effective_at", "counted_by", "kind", "scope")}
        found.update(source=next(iter(header["source"])), flags=self.flags(), usable=shown(self.usable or UNKNOWN), lots=lots)
        if self.not_mentioned:
            found["lots_not_mentioned"] = self.not_mentioned
        return found


def optional_day(found):
    return None if found is None else text_of(found)


def mentions(count, perishable):
    """The lots that a count mentions, by number or else by expiry, and whether it mentions all."""
    lots, everything = {}, False
    for line in count.lines:
        expires, _ = line.expiry(perishable)
        key = (line.lot, expires if line.lot is None else None)
        everything = everything or (key == (None, None) and line.quantity == 0)
        written, quantity = lots.get(key, (line.written, 0))
        lots[key] = (written, plus(quantity, line.quantity))
    return lots, everything


def not_mentioned(count, standing, since, perishable):
    own, everything = mentions(count, perishable)
    if not own or everything:
        return []
    earlier = [(one, *mentions(one, perishable)) for one in standing if one.before(count) < 0 and one.day >= since]
    keys = {key for _, lots, _ in earlier for key in lots}
    found = []
    for key in sorted(keys, key=lambda key: (ranked(key[0]) if key[0] is not None else (False, ""), ranked(key[1]) if key[1] is not None else (False, (0,)))):
        if key in own:
            continue
        last = Kept(one for one, lots, everything in earlier if everything or key in lots).latest()
        lots = next(lots for one, lots, _ in earlier if one.id == last.id)
        if key not in lots or lots[key][1] == 0:
            continue
        found.append({
            "lot": lots[key][0], "expires_on": optional_day(key[1]), "quantity": number(lots[key][1]), "count": last.id,
            "effective_at": last.header["effective_at"],
        })
    return found


class Depot:
    """The stock of one item in one open depot, worked out from the counts."""

    def __init__(self, checker, on_record, item, evidence, pointer):
        self.checker, self.evidence, self.pointer = checker, evidence, pointer
        self.on_record, self.item, self.code = on_record, item, get(on_record, "depot_code", str)
        self.holding, self.perishable = get(on_record, "holding"), checker.perishable(item)
        if self.holding not in ("physical", "agreement", "capacity"):
            raise Unreadable("holding")
        self.terms = checker.terms
        differences = checker.differences
        for name, expected in [("depot", get(on_record, "depot")), ("depot_code", self.code), ("item", item)]:
            member(evidence, name, expected, pointer, differences)
        self.listed = []
        for place, bearing in enumerate(get(evidence, "counts", list)):
            header = checker.header(get(bearing, "count"))
            count = Count(header, bearing, checker.zone, f"{pointer}/counts/{place}")
            self.listed.append(count)
            member(bearing, "lists", bool(count.lines), count.pointer, differences)
            member(header, "depot_code", self.code, checker.header_at(count.id), differences)
            if count.day > self.terms.as_of:
                note(count.pointer + "/count", None, count.id, differences)
        self.state, self.conflict, self.out_of_range, self.valid_through = "never_counted", False, False, None
        is_open = self.holding == "physical" or (self.holding == "agreement" and self.terms.agreement)
        self.usable = UNKNOWN if is_open else ZERO
        self.counts, self.inspection, self.taken_out, self.left_out = [], None, [], {}
        self.weigh()

    def note(self, count, name, expected):
        member(count.bearing, name, expected, count.pointer, self.checker.differences)

    def weigh(self):
        covering = []
        for count in self.listed:
            stated = get(count.bearing, "bearing", str)
            if get(count.header, "voided") is True:
                self.note(count, "bearing", "voided")
                self.note(count, "by", None)
            elif not count.lines and count.header["scope"] == "listed":
                note(count.pointer + "/lists", True, False, self.checker.differences)
            elif stated == "not_in_catalogue" and not count.lines:
                self.note(count, "by", None)
                self.checker.unprovable.add("catalogue")
            else:
                covering.append(count)
                if not count.lines:
                    self.checker.unprovable.add("catalogue")
        if get(self.evidence, "more", int) > 0:
            self.checker.unprovable.add("counts_not_listed")
        known = {count.id: count for count in covering}
        settled = set()
        for resolver in covering:
            for name in resolver.resolves:
                named = known.get(name) if isinstance(name, str) else None
                if named and named is not resolver and resolver.effective >= named.effective and (resolver.inspection or not named.inspection):
                    settled.add(name)
        excluded = {}
        decided = sorted(get(self.evidence, "resolutions", list), key=lambda one: (
            instant(get(get(one, "resolution"), "resolved_at")), get(one["resolution"], "id", str)))
        for one in decided:
            for name in get(one, "counts", list):
                excluded.setdefault(name, one["resolution"])
        standing, out = [], []
        for count in covering:
            if count.id not in settled:
                (out if count.id in excluded else standing).append(count)
        kept = Kept(standing)
        latest = kept.latest()
        concurrent = lambda count: latest.effective - count.effective <= WINDOW
        newest_first = lambda counts: sorted(counts, key=Count.order, reverse=True)
        self.taken_out = [
            {"id": count.id, "effective_at": count.header["effective_at"], "counted_by": get(count.header, "counted_by"),
             "resolution": excluded[count.id]}
            for count in newest_first(out) if kept.would_keep(count) and (latest is None or concurrent(count))
        ]
        current = [] if latest is None else [latest] + newest_first(
            count for count in kept.counts() if count.id != latest.id and concurrent(count))
        inspection = Kept(count for count in standing if count.inspection).latest()
        if inspection and (latest.inspection or concurrent(inspection)):
            inspection = None
        self.check_bearings(covering, settled, excluded, current, inspection, kept)
        if latest:
            self.weigh_current(current, standing, covering, inspection)

    def check_bearings(self, covering, settled, excluded, current, inspection, kept):
        for count in covering:
            by = None
            if count.id in settled:
                bearing = "resolved"
                by = min((one for one in covering if one is not count and count.id in one.resolves), key=Count.order).id
            elif count.id in excluded:
                bearing, by = "taken_out", excluded[count.id]["id"]
            elif any(one is count for one in current):
                bearing = "current"
            elif count is inspection:
                bearing = "inspection"
            else:
                last = kept.last.get(count.source)
                bearing, by = "superseded", (last if last and last is not count else kept.latest()).id
            self.note(count, "bearing", bearing)
            self.note(count, "by", by)

    def weigh_current(self, current, standing, covering, inspection):
        terms, latest = self.terms, current[0]
        self.counts = [Found(count, terms, self.holding, self.perishable) for count in current]
        asked = terms.surely is not None or terms.perhaps is not None
        conflict = any(one.compared(asked) != self.counts[0].compared(asked) for one in self.counts[1:])
        through = later(latest.day, terms.validity_days)
        self.valid_through = text_of(through)
        if through < terms.as_of:
            self.state = "stale"
            return
        self.conflict, self.state = conflict, "conflict" if conflict else "counted"
        self.out_of_range = any(one.usable is None for one in self.counts)
        if self.out_of_range:
            self.usable = UNKNOWN
        else:
            self.usable = self.counts[0].usable
            for one in self.counts[1:]:
                self.usable = hull(self.usable, one.usable)
        for _, quantity, (_, left_out, _) in self.counts[0].lots:
            if left_out:
                self.left_out[left_out] = plus(self.left_out.get(left_out, 0), quantity)
        if inspection:
            self.weigh_inspection(inspection, latest, covering)
        since = later(terms.as_of, -terms.validity_days)
        for one in self.counts:
            one.not_mentioned = not_mentioned(one.count, standing, since, self.perishable)

    def weigh_inspection(self, inspection, latest, covering):
        found = Found(inspection, self.terms, self.holding, self.perishable)
        through = later(inspection.day, whole(get(inspection.header, "stands_days")))
        if found.usable is None or latest.day > through:
            return
        if not self.out_of_range and found.usable[1] >= self.usable[1]:
            return
        known, holding = {count.id: count for count in covering}, []
        for named in get(self.evidence, "acceptances", list):
            acceptance = get(named, "acceptance", dict)
            count = known.get(get(acceptance, "count", str))
            if get(named, "inspection") == inspection.id and count and not count.inspection and count.before(latest) <= 0:
                holding.append(acceptance)
        holding.sort(key=lambda one: (instant(get(one, "accepted_at")), get(one, "id", str)))
        if not holding:
            self.state = "contested"
            self.usable = min(self.usable[0], found.usable[0]), self.usable[1]
        self.inspection = (found, through, holding[0] if holding else None)

    def reasons(self):
        if self.usable[1] == self.usable[0]:
            return []
        codes = {"never_counted": "never_counted", "stale": "stale_count", "contested": "contested"}
        found = {codes[self.state]} if self.state in codes else set()
        if self.conflict:
            found.add("conflict")
        if self.state != "stale":
            counts = self.counts + ([self.inspection[0]] if self.inspection and self.state == "contested" else [])
            found |= {doubt for one in counts for _, _, (_, _, doubt) in one.lots if doubt}
        if self.out_of_range:
            found.add("out_of_range")
        return [reason(code, depot=self.code) for code in found]

    def flags(self):
        return [] if self.state == "stale" else [flag for one in self.counts for flag in one.flags()]

    def shown(self):
        found = {
            "depot": self.on_record["depot"], "depot_code": self.code, "holding": self.holding, "item": self.item,
            "state": self.state, "usable": shown(self.usable), "counts": [one.shown() for one in self.counts],
            "taken_out": self.taken_out, "left_out": {name: number(self.left_out[name]) for name in self.left_out},
            "reasons": shown_reasons(self.reasons()),
        }
        if self.valid_through is not None:
            found["valid_through"] = self.valid_through
        if self.inspection:
            inspection, through, acceptance = self.inspection
            found["inspection"] = {"count": inspection.shown(), "stands_through": text_of(through)}
            if acceptance:
                found["inspection"]["acceptance"] = acceptance
        return found
