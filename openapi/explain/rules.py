"""Rules: conditions in three-valued logic, quantities, scopes and what a line requires."""

import hashlib
import uuid
from decimal import Decimal

from .values import (
    LIMIT, UNKNOWN, ZERO, Unreadable, compare, day, get, larger, member, note, number, same, shown, th, total, whole,
)

NO, MAYBE, YES = 0, 1, 2
TRUTHS = ["no", "unknown", "yes"]
STRENGTHS = ["optional", "reference", "recommended", "mandatory"]
TESTS = ["all", "any", "not", "kind", "type", "sector", "tag", "compare", "class"]
FORMS = [
    "rate", "coverage", "band", "step", "per_capita", "ratio", "present", "range", "as_needed", "optional",
    "away_at_most", "service_life", "classes", "stated", "not_evaluated",
]
LINES = uuid.UUID(int=0x6D7573746572_5C6C_8E73_726571756972)  # the namespace of line ids
OPEN, MEANINGLESS, OUT = "open", "meaningless", "out_of_range"


class NoAmount(Exception):
    def __init__(self, cause):
        super().__init__(cause)
        self.cause = cause


def strength(value) -> int:
    if value not in STRENGTHS:
        raise Unreadable("strength")
    return STRENGTHS.index(value)


def only(value, names):
    """The only member of an object that is one of some names."""
    found = [name for name in names if name in value] if isinstance(value, dict) else []
    if len(found) != 1:
        raise Unreadable("members")
    return found[0], value[found[0]]


class Facts:
    """What the document says of each fact, of the organization and of class tables: the same everywhere."""

    def __init__(self, document, differences):
        self.organization = get(get(document, "explanation"), "organization", dict)
        self.as_of = day(get(document, "as_of"))
        self.known, self.tables, self.differences = {}, {}, differences

    def fact(self, found, is_number, pointer):
        """The value of a fact; None if it is unknown."""
        key, state = get(found, "fact", str), get(found, "state", str)
        name = "number" if is_number else "tag"
        value = found.get(name)
        expected = {"fact": key, "state": state}
        if state == "unknown":
            value = None
        elif state in ("recorded", "absent"):
            if state == "absent":
                value = expected[name] = Decimal(0) if is_number else False
            else:
                expected[name] = get(found, name)
                if is_number:
                    th(value)
                elif not isinstance(value, bool):
                    raise Unreadable("tag")
            expected["valid_from"] = get(found, "valid_from", str)
            if day(expected["valid_from"]) > self.as_of:
                note(pointer + "/valid_from", None, found["valid_from"], self.differences)
        else:
            raise Unreadable("state")
        before = self.known.setdefault((key, is_number), expected)
        compare(before, found, pointer, self.differences)
        return value

    def truth(self, condition, pointer, in_table=False) -> int:
        test, value = only(condition, TESTS)
        at = f"{pointer}/{test}"
        if test in ("all", "any"):
            if not isinstance(value, list):
                raise Unreadable(test)
            parts = [self.truth(part, f"{at}/{place}", in_table) for place, part in enumerate(value)]
            found = (min(parts, default=YES)) if test == "all" else max(parts, default=NO)
        elif test == "not":
            found = YES - self.truth(value, at, in_table)
        elif test in ("kind", "type", "sector"):
            name = "organization_type" if test == "type" else test
            member(value, "found", self.organization.get(name), at, self.differences)
            found = YES if get(value, "asked") == self.organization.get(name) else NO
        elif test == "tag":
            tag = self.fact(value, False, at)
            found = MAYBE if tag is None else (YES if tag else NO)
        elif test == "compare":
            known, asked = self.fact(get(value, "found"), True, at + "/found"), th_signed(get(value, "value"))
            if known is None:
                found = MAYBE
            else:
                known = th_signed(known)
                holds = {
                    "less_than": known < asked, "at_most": known <= asked, "equal_to": known == asked,
                    "at_least": known >= asked, "more_than": known > asked,
                }
                if get(value, "op") not in holds:
                    raise Unreadable("op")
                found = YES if holds[value["op"]] else NO
        else:
            found = self.of_class(value, at, in_table)
        member(condition, "holds", TRUTHS[found], pointer, self.differences)
        return found

    def of_class(self, value, at, in_table) -> int:
        possible, ended, rows = [], False, get(value, "rows", list)
        for place, row in enumerate(rows):
            if ended:
                note(f"{at}/rows/{place}", None, row, self.differences)
            holds = self.truth(get(row, "when"), f"{at}/rows/{place}/when", True)
            if holds != NO and get(row, "class", str) not in possible:
                possible.append(row["class"])
            ended = ended or holds == YES
        if "rule" in value:
            if not ended and None not in possible:
                possible.append(None)
        else:
            possible = []
            member(value, "verified", False, at, self.differences)
            member(value, "rows", [], at, self.differences)
        member(value, "possible", possible, at, self.differences)
        table = {name: value.get(name) for name in ("rule", "verified", "rows")}
        before = self.tables.setdefault((get(value, "table", str), in_table), table)
        for name in table:
            if not same(before[name], table[name]):
                note(f"{at}/{name}", before[name], table[name], self.differences)
        if in_table and "rule" in value:
            note(at + "/rule", None, value["rule"], self.differences)
        asked = get(value, "asked", str)
        if not possible:
            return MAYBE
        if asked not in possible:
            return NO
        return YES if len(possible) == 1 else MAYBE


def th_signed(value) -> int:
    if isinstance(value, bool) or not isinstance(value, (int, Decimal)):
        raise Unreadable("number")
    scaled = value * 1000
    if abs(scaled) >= LIMIT or scaled != int(scaled):
        raise Unreadable("quantity")
    return int(scaled)


def tables_verified(condition) -> bool:
    test, value = only(condition, TESTS)
    if test in ("all", "any"):
        return all(tables_verified(part) for part in value)
    if test == "not":
        return tables_verified(value)
    return test != "class" or "rule" not in value or value.get("verified") is True


def missing_facts(condition):
    """The facts whose absence leaves a condition unknown."""
    if get(condition, "holds") != "unknown":
        return []
    test, value = only(condition, TESTS)
    if test in ("all", "any"):
        return [fact for part in value for fact in missing_facts(part)]
    if test == "not":
        return missing_facts(value)
    if test == "tag":
        return [value["fact"]]
    if test == "compare":
        return [value["found"]["fact"]]
    if test == "class":
        return [fact for row in value["rows"] for fact in missing_facts(row["when"])]
    return []


# Selectors.


def alternatives_items(alternatives):
    if not isinstance(alternatives, list):
        raise Unreadable("alternatives")
    return [item for one in alternatives for item, _ in parts_of(one)]


def parts_of(alternative):
    """The items that one use of an alternative takes, each with its thousandths."""
    if isinstance(alternative, dict) and alternative.get("item") is not None:
        return [(get(alternative, "item", str), 1000)]
    bundle = alternative.get("bundle", []) if isinstance(alternative, dict) else None
    if not isinstance(bundle, list):
        raise Unreadable("bundle")
    return [(get(part, "item", str), th(part.get("quantity", 1))) for part in bundle]


def kinds_items(kinds):
    if not isinstance(kinds, list):
        raise Unreadable("kinds")
    return [item for kind in kinds for item in get(kind, "items", list)]


SELECTORS = ["item", "any_of", "capability", "each_of", "kit", "fact", "other"]


def items_of(selector, of_line=False):
    form, value = only(selector, SELECTORS)
    if form == "item":
        return [value]
    if form == "any_of":
        return alternatives_items(value)
    if form == "capability":
        kinds = [] if of_line else kinds_items(value.get("kinds", []))
        return alternatives_items(get(value, "items")) + kinds
    if form == "each_of":
        return kinds_items(value)
    if form == "kit":
        return [get(part, "item", str) for part in value]
    return []


def line_parts(selector):
    """The lines that a selector asks for, each with how its number follows: (selector, "same" | "times" | "once", number)."""
    form, value = only(selector, SELECTORS)
    if form in ("item", "any_of", "other"):
        return [(selector, "same", None)]
    if form == "capability":
        kinds = value.get("kinds", [])
        once = [({"each_of": kinds}, "once", len(kinds) * 1000)] if kinds else []
        return [(selector, "same", None)] + once
    if form == "each_of":
        return [(selector, "times", len(value) * 1000)]
    if form == "kit":
        return [({"item": part["item"]}, "times", th(part.get("quantity", 1))) for part in value]
    return []


def plain(thousandths: int) -> str:
    text = f"{thousandths // 1000}.{thousandths % 1000:03d}".rstrip("0").rstrip(".")
    return text


def line_id(organization, selector, strength_name):
    form, value = only(selector, SELECTORS)
    if form in ("item", "other"):
        name = f"{organization}\n{strength_name}\n{form}\n{value}"
    else:
        name = f"{organization}\n{strength_name}\nselector\n{written(selector)}"
    digest = bytearray(hashlib.sha1(LINES.bytes + name.encode()).digest()[:16])
    digest[6], digest[8] = digest[6] & 0x0F | 0x50, digest[8] & 0x3F | 0x80
    return str(uuid.UUID(bytes=bytes(digest)))


ORDER = ["item", "bundle", "factor", "quantity", "name_en", "name_zh", "items", "kinds"]


def written(value) -> str:
    """JSON without blanks, members in the order of the form's definition."""
    import json

    if isinstance(value, dict):
        names = [name for name in ORDER if name in value] + [name for name in value if name not in ORDER]
        return "{" + ",".join(json.dumps(name, ensure_ascii=False) + ":" + written(value[name]) for name in names) + "}"
    if isinstance(value, list):
        return "[" + ",".join(written(part) for part in value) + "]"
    if isinstance(value, (int, Decimal)) and not isinstance(value, bool):
        return plain(th(value))
    if isinstance(value, str):
        return json_text(value)
    raise Unreadable("selector")


def json_text(value: str) -> str:
    short = {'"': '\\"', "\\": "\\\\", "\n": "\\n", "\r": "\\r", "\t": "\\t", "\b": "\\b", "\f": "\\f"}
    return '"' + "".join(short.get(sign) or (sign if sign >= " " else f"\\u{ord(sign):04x}") for sign in value) + '"'


# Quantities. All numbers are thousandths.


def ceil(dividend: int, divisor: int) -> int:
    if divisor <= 0:
        raise NoAmount(MEANINGLESS)
    return -(-dividend // divisor)


def in_range(thousandths: int) -> int:
    if thousandths >= LIMIT:
        raise NoAmount(OUT)
    return thousandths


def facts_of(form, value):
    names = {
        "rate": ["of"], "range": ["of"], "coverage": ["of", "factor_of"], "band": ["of", "and"], "step": ["of"],
        "per_capita": ["of"],
    }
    return [value[name] for name in names.get(form, []) if value.get(name) is not None]


def limit(value, name):
    return None if value.get(name) is None else th(value[name])


def rate(n, per, basis, measured):
    return ceil(n * basis, per) if measured else n * ceil(basis, per)


def amount(quantity, counted, other, target, measured):
    """(in use, spare, total) as intervals."""
    form, value = only(quantity, FORMS)
    spare = value.get("spare") if isinstance(value, dict) else None
    for_each, reserve = (1, 0)
    if spare is not None:
        kind, share = only(spare, ["ratio", "percent"])
        for_each, reserve = (get(share, "for_each", int), get(share, "reserve", int)) if kind == "ratio" else (100, whole(share))
        if for_each == 0:
            raise NoAmount(MEANINGLESS)
    found = used(form, value, counted, other, target, measured)
    if isinstance(found, list):
        return found
    low, high, surely, surely_not = found
    has_least = form in ("rate", "coverage", "per_capita", "ratio")
    least = (limit(value, "at_least") or 0) if has_least else 0
    most = limit(value, "at_most") if has_least or form == "step" else None
    most = None if most is None else max(most, least)

    def bounded(asked, least):
        return max(asked if most is None else min(asked, most), least)

    if surely_not:
        in_use = (in_range(bounded(low, 0)),) * 2
    else:
        in_use = (
            in_range(bounded(low, least if surely else 0)),
            most if high is None else in_range(bounded(high, least)),
        )
    unit = 1 if measured else 1000

    def ends(end):
        added = ceil(end * reserve, for_each * unit) * unit
        whole_sum = ceil(end + added, unit) * unit
        return in_range(added), in_range(whole_sum)

    low_spare, low_total = ends(in_use[0])
    high_spare, high_total = (None, None) if in_use[1] is None else ends(in_use[1])
    return [in_use, ZERO if spare is None else (low_spare, high_spare), (low_total, high_total)]


def used(form, value, counted, other, target, measured):
    """The number in use before its limits: low, high, whether it is surely asked, whether surely not."""
    open_end = (0, None, False, False)

    def exactly(number, above_zero):
        return number, number, above_zero, not above_zero

    def of(name, default=1000):
        return default if value.get(name) is None else th(value[name])

    fact = lambda place: counted[place] if place < len(counted) else None
    if form in ("rate", "range"):
        size = 1000 if value.get("of") is None else fact(0)
        if size is None:
            return open_end
        n = th(get(value, "n" if form == "rate" else "from"))
        return exactly(rate(n, of("per"), size, measured), size > 0)
    if form == "coverage":
        further = 1000 if value.get("factor_of") is None else fact(1)
        capacity, unit_capacity = th(get(value, "capacity")), of("unit_capacity")
        if capacity == 0 or unit_capacity == 0:
            raise NoAmount(MEANINGLESS)
        if fact(0) == 0 or further == 0:
            return exactly(0, False)
        if fact(0) is None or further is None:
            return open_end
        units = ceil(of("factor") * further * fact(0), capacity * 1_000_000)
        return exactly(ceil(units * 1000, unit_capacity) * 1000, fact(0) > 0 and further > 0)
    if form == "band":
        rows = get(value, "rows", list)

        def ends(names):
            return [th(row[name]) for row in rows for name in names if row.get(name) is not None] + [0]

        firsts = ends(["from", "below"]) if fact(0) is None else [fact(0)]
        seconds = [0] if value.get("and") is None else (ends(["and_from", "and_below"]) if fact(1) is None else [fact(1)])
        numbers = [band_row(rows, one, two) for one in firsts for two in seconds]
        return min(numbers), max(numbers), True, False
    if form == "step":
        if fact(0) is None:
            return open_end
        per, start = th(get(value, "per")), of("from", 0)
        if per == 0:
            raise NoAmount(MEANINGLESS)
        if fact(0) == 0 or fact(0) < start:
            return exactly(0, False)
        further, rounding = fact(0) - start, get(value, "rounding", str)
        parts = further // per if rounding == "floor" else ceil(further, per)
        return exactly(th(get(value, "n")) + th(get(value, "more")) * parts, True)
    if form == "per_capita":
        if fact(0) is None:
            return open_end
        needed = th(get(value, "n")) * fact(0) * th(get(value, "time"))
        return exactly(ceil(needed, of("per") * of("per_time")), fact(0) > 0)
    if form == "ratio":
        if isinstance(other, str):
            raise NoAmount(other)
        n, per = th(get(value, "n")), of("per")
        high = None if other[1] is None else rate(n, per, other[1], measured)
        return rate(n, per, other[0], measured), high, other[0] > 0, other == ZERO
    if form == "present":
        return exactly(1000, True)
    if form == "optional":
        return [ZERO, ZERO, ZERO]
    if form == "as_needed" and target is not None:
        return [(target, target), ZERO, (target, target)]
    raise NoAmount(OPEN)


def band_row(rows, first, second):
    for row in rows:
        ends = [None if row.get(name) is None else th(row[name]) for name in ("from", "below", "and_from", "and_below")]
        above = (ends[0] is None or first >= ends[0]) and (ends[2] is None or second >= ends[2])
        if above and (ends[1] is None or first < ends[1]) and (ends[3] is None or second < ends[3]):
            return th(get(row, "n"))
    return 0


class Rule:
    """A rule applied to a line."""

    def __init__(self, checker, found, line_selector, pointer):
        self.found, self.code = found, get(found, "rule", str)
        facts, differences = checker.facts, checker.differences
        as_of = facts.as_of
        self.applies = facts.truth(get(found, "condition"), pointer + "/condition")
        self.waived = facts.truth(found["waiver"], pointer + "/waiver") if "waiver" in found else NO
        if self.applies == NO:
            note(pointer + "/applies", "yes", "no", differences)
        member(found, "applies", TRUTHS[self.applies], pointer, differences)
        adopted = get(found, "adoption")
        for dated, name, at in [
            (found, "rule_valid_from", "rule_valid_from"), (adopted, "valid_from", "adoption/valid_from"),
        ]:
            if day(get(dated, name)) > as_of:
                note(f"{pointer}/{at}", None, dated[name], differences)
        if get(found["adoption"], "region") not in facts.organization["regions"]:
            note(pointer + "/adoption/region", None, found["adoption"]["region"], differences)
        if get(get(found, "standard"), "status") == "draft":
            note(pointer + "/standard/status", None, "draft", differences)
        self.strength = min(strength(get(found, "rule_strength")), strength(get(found["adoption"], "strength")))
        member(found, "strength", STRENGTHS[self.strength], pointer, differences)
        tables = tables_verified(found["condition"]) and ("waiver" not in found or tables_verified(found["waiver"]))
        texts = get(found, "confidence") == "verified" and found.get("attribution") in (None, "verified")
        self.verified = texts and tables
        member(found, "verified", self.verified, pointer, differences)
        selector = get(found, "selector", dict)
        checker.named_items.update(items_of(selector))
        self.measured = checker.measured(selector)
        member(found, "measured", self.measured, pointer, differences)
        self.exempt = "exemption" in found
        if self.exempt:
            exemption = found["exemption"]
            if not day(get(exemption, "valid_from")) <= as_of <= day(get(exemption, "ends_on")):
                note(pointer + "/exemption", None, exemption, differences)
        self.form, self.value = only(get(found, "quantity"), FORMS)
        self.counted_facts = facts_of(self.form, self.value) if isinstance(self.value, dict) else []
        counted = get(found, "counted", list)
        compare(self.counted_facts, [get(one, "fact") for one in counted], pointer + "/counted", differences)
        numbers = [facts.fact(one, True, f"{pointer}/counted/{place}") for place, one in enumerate(counted)]
        self.numbers = [None if one is None else th(one) for one in numbers]
        self.target = None
        if "target" in found:
            self.target = th(get(found["target"], "quantity"))
            if day(get(found["target"], "valid_from")) > as_of or self.form != "as_needed":
                note(pointer + "/target", None, found["target"], differences)
        self.other, self.other_reasons = None, []
        if self.form == "ratio":
            self.count_other(checker, pointer)
        elif "counted_requirement" in found:
            note(pointer + "/counted_requirement", None, found["counted_requirement"], differences)
        self.work_out(checker, line_selector, pointer)

    def count_other(self, checker, pointer):
        """What is required of the selector that a ratio counts; a text if it has no number."""
        found = get(self.found, "counted_requirement", dict)
        at = pointer + "/counted_requirement"
        parts = line_parts(get(self.value, "to", dict))
        rules = get(found, "rules", list)
        if not parts or "kit" in self.value["to"]:
            self.other = MEANINGLESS
            member(found, "rules", [], at, checker.differences)
        elif self.code in checker.open_ratios:
            self.other = MEANINGLESS
            member(found, "rules", [], at, checker.differences)
        else:
            checker.open_ratios.append(self.code)
            beside = [Rule(checker, rule, parts[0][0], f"{at}/rules/{place}") for place, rule in enumerate(rules)]
            checker.open_ratios.pop()
            for place, rule in enumerate(beside):
                if rule.found.get("scope") != self.found.get("scope"):
                    note(f"{at}/rules/{place}/scope", self.found.get("scope"), rule.found.get("scope"), checker.differences)
                if rule.strength < self.strength:
                    own, other = STRENGTHS[self.strength], STRENGTHS[rule.strength]
                    note(f"{at}/rules/{place}/strength", own, other, checker.differences)
            faults = [rule.fault for rule in beside if rule.fault]
            self.other = faults[0] if faults else scope_required(beside)
            if isinstance(self.other, str) or self.other[0] != self.other[1]:
                self.other_reasons = [reason for rule in beside for reason in rule.reasons()]
        member(found, "required", shown(UNKNOWN if isinstance(self.other, str) else self.other), at, checker.differences)

    def work_out(self, checker, line_selector, pointer):
        differences, found = checker.differences, self.found
        self.error, self.total = None, UNKNOWN
        amounts = [UNKNOWN, UNKNOWN, UNKNOWN]
        try:
            amounts = amount(found["quantity"], self.numbers, self.other, self.target, self.measured)
        except NoAmount as error:
            self.error = error.cause
        for name, part in zip(("in_use", "spare", "total"), amounts):
            member(found, name, shown(part), pointer, differences)
        parts = [part for part in line_parts(found["selector"]) if same(part[0], line_selector)]
        if not parts:
            note(pointer + "/selector", line_selector, found["selector"], differences)
            parts = [(line_selector, "same", None)]
        stated = [part for part in parts if same(number(part[2] if part[1] == "times" else None), found.get("times"))]
        _, how, multiple = (stated or parts)[0]
        member(found, "times", number(multiple if how == "times" else None), pointer, differences)
        member(found, "once", number(multiple if how == "once" else None), pointer, differences)
        if self.error is None:
            try:
                self.total = of_part(amounts[2], how, multiple, checker.measured(line_selector))
            except NoAmount as error:
                self.error = error.cause
        known = self.total if self.error is None else UNKNOWN
        if self.exempt or self.waived == YES:
            self.result = ZERO
        elif self.waived == NO and self.applies == YES:
            self.result = known
        else:
            self.result = (0, known[1])
        member(found, "result", shown(self.result), pointer, differences)

    @property
    def asks(self):
        return not self.exempt and self.waived != YES

    @property
    def surely_applies(self):
        return self.applies == YES and self.waived == NO

    @property
    def out_of_range(self):
        return self.asks and self.error == OUT

    @property
    def fault(self):
        return self.error if self.asks and self.error not in (None, OPEN) else None

    @property
    def lacks_target(self):
        return self.asks and self.form == "as_needed" and self.target is None

    def reasons(self):
        """(code, rule, fact, form, depot) for each."""
        rule = self.code
        if self.exempt:
            return [reason("exempt", rule=rule)]
        if self.waived == YES:
            return [reason("waived", rule=rule)]
        found = []
        for name, truth in [("condition", self.applies), ("waiver", self.waived)]:
            if truth == MAYBE:
                missing = missing_facts(self.found[name])
                found += [reason("fact_unknown", rule=rule, fact=fact) for fact in missing]
                found.append(reason("condition_unknown", rule=rule))
        for fact, value in zip(self.counted_facts, self.numbers):
            if value is None:
                found.append(reason("fact_unknown", rule=rule, fact=fact))
        found += self.other_reasons
        if self.form == "as_needed" and self.error == OPEN:
            found.append(reason("target_not_declared", rule=rule))
        elif self.error in (OPEN, MEANINGLESS):
            form = self.value if self.form == "not_evaluated" else self.form
            found.append(reason("not_evaluated", rule=rule, form=form))
        elif self.error == OUT:
            found.append(reason("out_of_range", rule=rule))
        return found


def of_part(pair, how, multiple, measured):
    if how == "same":
        return pair
    if how == "once":
        return (multiple if pair[0] > 0 else 0), (0 if pair[1] == 0 else multiple)
    unit = 1 if measured else 1000

    def times(end):
        return in_range(ceil(end * multiple, 1000 * unit) * unit)

    return times(pair[0]), None if pair[1] is None else times(pair[1])


CODES = [
    "condition_unknown", "fact_unknown", "not_evaluated", "target_not_declared", "exempt", "waived", "no_depot",
    "never_counted", "stale_count", "conflict", "contested", "expiry_missing", "inspection_unknown", "out_of_range",
    "search_limit",
]


def reason(code, rule=None, fact=None, form=None, depot=None):
    return code, rule, fact, form, depot


def shown_reasons(reasons):
    """Reasons without repeats, in their order."""
    ranked = sorted(set(reasons), key=lambda one: (CODES.index(one[0]), [(part is not None, part or "") for part in one[1:]]))
    names = ("code", "rule", "fact", "form", "depot")
    return [{name: part for name, part in zip(names, one) if part is not None} for one in ranked]


def scope_lacks_target(rules, rule):
    gives = [one for one in rules if one.asks and not one.lacks_target and one.surely_applies]
    return rule.lacks_target and not gives


def scope_required(rules):
    if any(rule.out_of_range for rule in rules):
        return UNKNOWN
    required = ZERO
    for rule in rules:
        if not rule.lacks_target:
            required = larger(required, rule.result)
    return (required[0], None) if any(scope_lacks_target(rules, rule) for rule in rules) else required


class Scope:
    """One subject of a line."""

    def __init__(self, checker, found, line_selector, pointer):
        self.name = get(found, "scope", str)
        rules = get(found, "rules", list)
        self.rules = [Rule(checker, rule, line_selector, f"{pointer}/rules/{place}") for place, rule in enumerate(rules)]
        differences = checker.differences
        for place, rule in enumerate(self.rules):
            at = f"{pointer}/rules/{place}"
            member(rule.found, "scope", self.name, at, differences)
            if rule.strength < checker.strength:
                note(at + "/strength", STRENGTHS[checker.strength], STRENGTHS[rule.strength], differences)
        self.out_of_range = any(rule.out_of_range for rule in self.rules)
        self.required = scope_required(self.rules)
        self.settled = ZERO
        for rule in self.rules:
            if not rule.lacks_target:
                self.settled = larger(self.settled, rule.result)
        if self.out_of_range:
            self.settled = UNKNOWN
        self.group = checker.groups.get(self.name, self.name)
        member(found, "required", shown(self.required), pointer, differences)
        member(found, "required_without_undeclared", shown(self.settled), pointer, differences)
        member(found, "governing", [rule.code for rule in self.rules if self.governs(rule)], pointer, differences)
        member(found, "group", self.group, pointer, differences)

    def governs(self, rule):
        if rule.lacks_target and not scope_lacks_target(self.rules, rule):
            return False
        if not rule.asks and any(one.asks for one in self.rules):
            return False
        gives_least = rule.result[0] == self.required[0] and self.required[0] > 0
        return gives_least or rule.result[1] == self.required[1]


def required_of(scopes, name):
    """The sum over groups of scopes, the larger governing in each; None if it is out of range."""
    if any(scope.out_of_range for scope in scopes):
        return None
    groups = {}
    for scope in scopes:
        groups[scope.group] = larger(groups.get(scope.group, ZERO), getattr(scope, name))
    return total(groups.values())


def asking_groups(scopes):
    """The rules that ask for anything, by the scopes that share units; one without its target adds nothing to a number."""
    groups = {}
    for scope in scopes:
        for rule in scope.rules:
            if rule.asks and rule.result != ZERO and (not rule.lacks_target or scope_lacks_target(scope.rules, rule)):
                groups.setdefault(scope.group, []).append(rule)
    return groups.values()


def agreement_of(scopes, own_strength=None):
    """The most that stock under an agreement may meet: of each group the requirement, less what rules ask for beside it. A
    strength leaves out the rules of others."""
    pairs = []
    for group in asking_groups(scopes):
        rules = [rule for rule in group if own_strength is None or rule.strength == own_strength]
        if not rules:
            continue
        shares = [(rule.result, rule.found.get("agreement_percent") or 0) for rule in rules]
        needed = max(low for (low, _), _ in shares)
        beside = lambda units, percent: units - units * percent // 100
        most_beside = max(beside(needed if high is None else min(high, needed), percent) for (_, high), percent in shares)
        surely_beside = max(beside(low, percent) for (low, _), percent in shares)
        ends = [
            (None if percent else 0) if high is None else min(high * percent // 100, max(high - surely_beside, 0))
            for (_, high), percent in shares
        ]
        pairs.append((needed - most_beside, None if None in ends else max(ends)))
    return total(pairs) or UNKNOWN


def covered_of(scopes, own_strength):
    """The most that units may meet which count for a stronger line, but not for the rules of this strength."""
    pairs = []
    for rules in asking_groups(scopes):
        every, own = ZERO, ZERO
        for rule in rules:
            every = larger(every, rule.result)
            own = larger(own, rule.result) if rule.strength == own_strength else own
        least = 0 if own[1] is None else max(every[0] - own[1], 0)
        pairs.append((least, None if every[1] is None else max(every[1] - own[0], 0)))
    return total(pairs) or UNKNOWN


def groups_of(sharing):
    """Scopes that share units, each with the first of its group by name."""
    groups = {}
    for rule in sharing:
        for beside in get(rule, "shares_with", list):
            one, other = (groups.get(scope, scope) for scope in (get(rule, "scope", str), beside))
            first = min(one, other)
            groups.setdefault(one, one)
            groups.setdefault(other, other)
            for scope, group in groups.items():
                if group in (one, other):
                    groups[scope] = first
    return groups
