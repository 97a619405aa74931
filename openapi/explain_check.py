#!/usr/bin/env python3
"""Checks explanations of Muster with nothing but Python's standard library (3.11 or newer).

    python3 explain_check.py FILE [--keys JWKS]
    python3 explain_check.py --lines < FILE_OF_LINES

Reports four things apart, as JSON: the arithmetic, the digest, the receipts, and what a program that has only the
document cannot prove. It ends with 0 if nothing is wrong, and with 1 otherwise. With --lines it reads one explanation
a line and answers one line each. `explain.md` says what is checked and how.
"""

import argparse
import json
import pathlib
import sys
from decimal import Decimal

HERE = pathlib.Path(__file__).parent
sys.path[:0] = [str(HERE), str(HERE / "conformance")]

from explain import shared as shared_stock  # noqa: E402
from explain.rules import (  # noqa: E402
    NO, STRENGTHS, Facts, Scope, agreement_of, covered_of, groups_of, items_of, line_id, line_parts, only, required_of,
    reason, shown_reasons, strength, SELECTORS, TRUTHS,
)
from explain.stock import FLAGS, Depot, Terms, plus  # noqa: E402
from explain.values import (  # noqa: E402
    LIMIT, UNKNOWN, ZERO, Unreadable, Zone, compare, day, get, instant, is_number, member, note, number, same, shortage, shown,
    th, total, whole,
)
from run import is_signed, read, sha256, unbase64  # noqa: E402

SCHEMA = "muster-explanation/1"
ENGINES = ("3",)
CAUSES = (
    "not_begun", "ended", "weaker", "superseded", "draft", "edition_not_begun", "edition_ended", "edition_unknown",
)
ALWAYS = ("counts_complete", "facts_true", "lines_of_counts", "rules_complete")


class Checker:
    """The arithmetic of one explanation."""

    def __init__(self, document):
        self.document, self.explanation = document, get(document, "explanation", dict)
        self.differences, self.unprovable, self.open_ratios = [], set(ALWAYS), []
        self.facts = Facts(document, self.differences)
        self.zone = Zone(get(self.explanation, "zone", str))
        self.strength = strength(get(document, "strength"))
        self.items = {get(item, "item", str): item for item in get(self.explanation, "items", list)}
        self.selector = get(document, "selector", dict)
        self.line_items = sorted(set(items_of(self.selector, True)))
        self.named_items = set(self.line_items)
        self.headers = {}
        for place, header in enumerate(get(self.explanation, "counts", list)):
            self.headers[get(header, "id", str)] = (header, place)
        self.on_record = get(self.explanation, "depots_on_record", list)
        self.earlier = []  # the causes of lines before it that share its units
        self.holdings = {get(one, "depot_code", str): get(one, "holding", str) for one in self.on_record}

    def item(self, code):
        if code not in self.items:
            raise Unreadable("items")
        return self.items[code]

    def item_measured(self, code):
        return get(self.item(code), "measured") is True

    def perishable(self, code):
        return get(self.item(code), "perishable") is True

    def measured(self, selector):
        form, value = only(selector, SELECTORS)
        if form in ("item", "any_of"):
            return any([self.item_measured(item) for item in items_of(selector)])
        return form == "capability"

    def header(self, count):
        if count not in self.headers:
            raise Unreadable("counts")
        return self.headers[count][0]

    def header_at(self, count):
        return f"/explanation/counts/{self.headers[count][1]}"

    def run(self):
        self.check_rules()
        self.check_asked()
        self.check_stock()
        self.check_figures()
        self.check_passed_over()
        codes = [item["item"] for item in self.explanation["items"]]
        compare(sorted(self.named_items), codes, "/explanation/items", self.differences)

    def check_rules(self):
        explanation, differences = self.explanation, self.differences
        self.groups = groups_of(get(explanation, "sharing", list))
        self.scopes = [
            Scope(self, scope, self.selector, f"/explanation/scopes/{place}")
            for place, scope in enumerate(get(explanation, "scopes", list))
        ]
        self.rules = [rule for scope in self.scopes for rule in scope.rules]
        summed, settled = required_of(self.scopes, "required"), required_of(self.scopes, "settled")
        self.required_out = summed is None
        self.required, self.settled = summed or UNKNOWN, settled or UNKNOWN
        member(self.document, "required", shown(self.required), "", differences)
        asking = [rule for rule in self.rules if rule.asks] or self.rules
        basis = "established" if all(rule.verified for rule in asking) else "indicative"
        member(self.document, "basis", basis, "", differences)
        first = min(self.rules, key=lambda rule: (-rule.strength, rule.code), default=None)
        unit = get(first.found, "unit") if first else ""
        clauses = []
        for rule in asking:
            clause = {"standard": get(rule.found["standard"], "code"), "clause": get(rule.found, "clause"), "rule": rule.code}
            if clause not in clauses:
                clauses.append(clause)
        member(self.document, "clauses", clauses, "", differences)
        if "item" in self.selector:
            unit = get(self.item(self.selector["item"]), "unit") or unit
        if "each_of" in self.selector and any("once" in rule.found for rule in self.rules):
            unit = "kind"
        member(self.document, "unit", unit, "", differences)
        expected = line_id(get(self.document, "organization", str), self.selector, STRENGTHS[self.strength])
        member(self.document, "line", expected, "", differences)

    def check_asked(self):
        explanation, differences = self.explanation, self.differences
        asking = [rule for rule in self.rules if rule.asks]

        def of(name):
            return [(rule, whole(rule.found[name])) for rule in asking if rule.found.get(name) is not None]

        validity = get(explanation, "validity", dict)
        setting = get(validity, "setting", dict)
        days, region = min((days for _, days in of("validity_days")), default=None), None
        surely = any(rule.surely_applies for rule, _ in of("validity_days"))
        perhaps_shorter = not surely and len(of("validity_days")) < len(asking) and days is not None
        if days is None or (perhaps_shorter and whole(get(setting, "days")) < days):
            days, region = whole(get(setting, "days")), setting.get("region")
        expected = {"days": days, "setting": setting}
        expected["rules"] = [rule.code for rule, set_by in of("validity_days") if set_by == days]
        if region is not None:
            expected["region"] = region
        compare(expected, validity, "/explanation/validity", differences)
        months = of("inspected_within_months")
        sure = min((number_ for rule, number_ in months if rule.surely_applies), default=None)
        perhaps = min((number_ for _, number_ in months), default=None)
        expected = {"surely_within_months": sure, "perhaps_within_months": perhaps}
        compare(expected, get(explanation, "inspection"), "/explanation/inspection", differences)
        self.agreement = ZERO if "each_of" in self.selector else agreement_of(self.scopes)
        self.own_agreement = ZERO if "each_of" in self.selector else agreement_of(self.scopes, self.strength)
        self.covered = covered_of(self.scopes, self.strength)
        member(explanation, "agreement", shown(self.agreement), "/explanation", differences)
        self.terms = Terms(self.facts.as_of, days, sure, perhaps, self.agreement != ZERO)

    def check_stock(self):
        explanation, differences = self.explanation, self.differences
        for place, depot in enumerate(self.on_record):
            if day(get(depot, "valid_from")) > self.facts.as_of:
                note(f"/explanation/depots_on_record/{place}/valid_from", None, depot["valid_from"], differences)
        open_depots = [one for one in self.on_record if get(one, "open") is True]
        wanted = [(item, depot) for item in self.line_items for depot in open_depots]
        depots, evidence = get(explanation, "depots", list), get(explanation, "evidence", list)
        self.depots = []
        for name, found in [("depots", depots), ("evidence", evidence)]:
            if len(found) != len(wanted):
                note("/explanation/" + name, len(wanted), len(found), differences)
        for place, ((item, on_record), of_item) in enumerate(zip(wanted, evidence)):
            depot = Depot(self, on_record, item, of_item, f"/explanation/evidence/{place}")
            self.depots.append(depot)
            if place < len(depots):
                compare(depot.shown(), depots[place], f"/explanation/depots/{place}", differences)

    def check_figures(self):
        document, explanation, differences = self.document, self.explanation, self.differences
        depots, limited = self.depots, False
        sums = [total(depot.usable for depot in depots if depot.item == item) for item in self.line_items]
        out_of_range = any(depot.out_of_range for depot in depots) or None in sums
        shared = explanation.get("shared")
        if "other" in self.selector or not self.on_record:
            usable = UNKNOWN
        elif out_of_range:
            usable = None
        elif shared is None:
            usable = total(depot.usable for depot in depots)
            if "item" not in self.selector or self.agreement != ZERO:
                note("/explanation/shared", "present", None, differences)
        else:
            turn = shared_stock.check(self, shared, "/explanation/shared")
            usable = self.of_turn(turn)
            limited = turn is not None and get(turn.found, "limited") is True
        if shared is not None and ("other" in self.selector or not self.on_record or out_of_range):
            note("/explanation/shared", None, "present", differences)
        known = usable or UNKNOWN
        missing = shortage(self.required, known)
        for name, expected in [("usable", known), ("shortage", missing)]:
            member(document, name, shown(expected), "", differences)
        member(document, "status", self.status(missing, known), "", differences)
        times = [depot.counts[0].count.header["effective_at"] for depot in depots if depot.counts]
        member(document, "last_counted_at", max(times, default=None, key=instant), "", differences)
        left_out = {}
        for depot in depots:
            for name, quantity in depot.left_out.items():
                left_out[name] = plus(left_out.get(name, 0), quantity)
        member(document, "left_out", {name: number(left_out[name]) for name in left_out}, "", differences)
        member(document, "conflict", any(depot.conflict for depot in depots), "", differences)
        member(document, "contested", any(depot.state == "contested" for depot in depots), "", differences)
        flags = {flag for depot in depots for flag in depot.flags()}
        if not flags <= set(FLAGS):
            raise Unreadable("flags")
        member(document, "flags", sorted(flags, key=FLAGS.index), "", differences)
        member(document, "reasons", shown_reasons(self.reasons(usable, limited)), "", differences)

    def of_turn(self, turn):
        if turn is None:
            return UNKNOWN
        high = turn.found["usable"]["max"]
        pair = th(turn.found["usable"]["min"]), None if high is None else th(high)
        return None if pair[0] >= LIMIT - 1 or pair[1] == LIMIT - 1 else pair

    def status(self, missing, usable):
        if self.required[1] == 0:
            return "not_required"
        mandatory = self.strength == STRENGTHS.index("mandatory")
        if missing[0] > 0:
            return "short" if mandatory else "below"
        if missing[1] == 0:
            return "met" if mandatory else "at"
        lacks = any(
            rule.surely_applies and rule.lacks_target and not any(one.asks and not one.lacks_target and one.surely_applies for one in scope.rules)
            for scope in self.scopes for rule in scope.rules
        )
        return "not_set" if lacks and shortage(self.settled, usable)[1] == 0 else "unknown"

    def causes(self):
        """The causes for which the requirement is not known, and those of stock."""
        of_rules = [] if self.required[0] == self.required[1] else self.reasons_of_rules()
        causes = [one for one in of_rules if one[0] not in ("exempt", "waived")]
        return causes, [one for depot in self.depots for one in depot.reasons()]

    def reasons_of_rules(self):
        found = []
        for scope in self.scopes:
            is_open = scope.required[0] != scope.required[1]
            found += [one for rule in scope.rules if is_open or not rule.asks for one in rule.reasons()]
        if self.required_out and not any(scope.out_of_range for scope in self.scopes):
            governing = [rule for scope in self.scopes for rule in scope.rules if scope.governs(rule)]
            found += [reason("out_of_range", rule=rule.code) for rule in governing]
        return found

    def reasons(self, usable, limited):
        found = self.reasons_of_rules()
        missing = shortage(self.required, usable or UNKNOWN)
        if missing[0] != missing[1]:
            # What earlier lines take is not known, or how much agreements may meet.
            found += self.earlier
            if self.agreement[0] != self.agreement[1] and any(depot.holding == "agreement" for depot in self.depots):
                found += [one for rule in self.rules for one in rule.reasons()]
        if "other" in self.selector:
            if self.required[1] != 0:
                found.append(reason("not_evaluated", form="selector"))
        elif not self.on_record:
            found.append(reason("no_depot"))
        else:
            found += [one for depot in self.depots for one in depot.reasons()]
        if limited and missing[0] != missing[1]:
            found.append(reason("search_limit"))
        if usable is None and not any(depot.out_of_range for depot in self.depots):
            found.append(reason("out_of_range"))
        return found

    def check_passed_over(self):
        differences, as_of = self.differences, self.facts.as_of
        passed_over = get(self.explanation, "passed_over", dict)
        for place, rule in enumerate(get(passed_over, "rules", list)):
            at = f"/explanation/passed_over/rules/{place}"
            by = get(rule, "adoption", dict)
            for found, from_ in [(at + "/rule_valid_from", get(rule, "rule_valid_from")), (at + "/adoption/valid_from", get(by, "valid_from"))]:
                if day(from_) > as_of:
                    note(found, None, from_, differences)
            if get(by, "region") not in self.facts.organization["regions"]:
                note(at + "/adoption/region", None, by["region"], differences)
            holds = self.facts.truth(get(rule, "condition"), at + "/condition")
            own = min(strength(get(rule, "rule_strength")), strength(get(get(rule, "adoption"), "strength")))
            member(rule, "strength", STRENGTHS[own], at, differences)
            cause = "does_not_apply" if holds == NO else "weaker" if own < self.strength else None
            member(rule, "cause", cause, at, differences)
            if not any(same(part[0], self.selector) for part in line_parts(get(rule, "selector", dict))):
                note(at + "/selector", self.selector, rule["selector"], differences)
        for place, adoption in enumerate(get(passed_over, "adoptions", list)):
            at, cause = f"/explanation/passed_over/adoptions/{place}", get(adoption, "cause", str)
            if cause not in CAUSES:
                raise Unreadable("cause")
            begins, found = day(get(adoption, "valid_from")), get(adoption, "strength")
            if get(adoption, "region") not in self.facts.organization["regions"]:
                note(at + "/region", None, adoption["region"], differences)
            if (cause == "not_begun") != (begins > as_of):
                note(at + "/valid_from", None, adoption["valid_from"], differences)
            if cause != "not_begun" and (cause == "ended") != (found is None):
                note(at + "/strength", None, found, differences)
            if (cause in ("weaker", "superseded")) != ("by" in adoption):
                note(at + "/by", None, adoption.get("by"), differences)
            decides = adoption.get("day")
            if (cause in ("edition_not_begun", "edition_ended")) != (decides is not None):
                note(at + "/day", None, decides, differences)
            elif decides is not None and (day(decides) > as_of) != (cause == "edition_not_begun"):
                note(at + "/day", None, decides, differences)


def without_words(value):
    if isinstance(value, dict):
        return {name: without_words(part) for name, part in value.items() if name != "words"}
    return [without_words(part) for part in value] if isinstance(value, list) else value


def digest(document):
    stated = document.get("sha256")
    found = sha256(without_words({name: value for name, value in document.items() if name != "sha256"}))
    return {"verdict": "ok" if stated == found else "wrong", "expected": found, "found": stated}


def receipts(document, key_set):
    """The receipt of each count that has one, against the count and against the keys."""
    wrong, given, unchecked = [], 0, 0
    keys = None if key_set is None else {key["kid"]: key for key in key_set["keys"] if key.get("crv") == "Ed25519"}
    counts = document.get("explanation", {}).get("counts", [])
    for place, count in enumerate(counts):
        if count.get("receipt") is None:
            continue
        given += 1
        cause = None
        try:
            head, body, signature = count["receipt"].split(".")
            header, claims = read(unbase64(head).decode()), read(unbase64(body).decode())
            link = {name: value for name, value in claims.items() if name not in ("iss", "hash")}
            if header["alg"] != "EdDSA" or header["typ"] != "muster-receipt+jws" or claims["iss"] != "muster":
                cause = "unreadable"
            elif sha256(link) != claims["hash"]:
                cause = "wrong_hash"
            elif (claims["kind"], claims["id"], claims["organization"]) != ("count", count["id"], document["organization"]):
                cause = "other_thing"
            elif any(claims[name] != count.get(name) for name in ("sha256", "effective_at", "received_at")):
                cause = "other_content"
            elif keys is None:
                unchecked += 1
            elif header["kid"] not in keys:
                cause = "unknown_key"
            elif not is_signed(unbase64(keys[header["kid"]]["x"]), f"{head}.{body}".encode(), unbase64(signature)):
                cause = "wrong_signature"
        except (ValueError, KeyError, TypeError, AttributeError):
            cause = "unreadable"
        if cause:
            wrong.append({"pointer": f"/explanation/counts/{place}/receipt", "cause": cause})
    verdict = "wrong" if wrong else "none" if not given else "no_keys" if unchecked else "ok"
    return {"verdict": verdict, "given": given, "wrong": wrong}


def arithmetic(text):
    """What does not follow from the rest of the document, and what cannot be proven from it."""
    document = json.loads(text, parse_float=Decimal, parse_int=int)
    if get(document, "schema") != SCHEMA:
        raise Unreadable("schema")
    checker = Checker(document)
    if get(document, "engine") not in ENGINES:
        checker.unprovable.add("engine")
    instant(get(document, "known_at"))
    checker.run()
    return checker.differences, sorted(checker.unprovable)


def check(text, key_set=None):
    """The report about one explanation."""
    document = read(text)
    try:
        differences, unprovable = arithmetic(text)
        verdict = {"verdict": "wrong" if differences else "ok", "differences": differences}
    except (Unreadable, KeyError, TypeError, ValueError, AttributeError, IndexError, RecursionError) as error:
        verdict, unprovable = {"verdict": "unreadable", "cause": str(error), "differences": []}, []
    if not isinstance(document, dict):
        document = {}
    return {
        "arithmetic": verdict, "digest": digest(document), "receipts": receipts(document, key_set),
        "not_provable_here": unprovable,
    }


def is_fine(report):
    return report["arithmetic"]["verdict"] == "ok" and report["digest"]["verdict"] == "ok" and report["receipts"]["verdict"] != "wrong"


def plain(value):
    if isinstance(value, Decimal):
        return int(value) if value == int(value) else float(value)
    raise TypeError


def main():
    parser = argparse.ArgumentParser(description="Checks an explanation of Muster.")
    parser.add_argument("file", nargs="?", help="the explanation; - or nothing reads standard input")
    parser.add_argument("--keys", help="the key set of the service, from its /.well-known/jwks.json")
    parser.add_argument("--lines", action="store_true", help="read one explanation a line, and answer one line each")
    options = parser.parse_args()
    key_set = json.loads(pathlib.Path(options.keys).read_text()) if options.keys else None
    source = sys.stdin if options.file in (None, "-") else open(options.file, encoding="utf-8")
    if options.lines:
        fine = True
        for line in source:
            report = check(line, key_set)
            fine = fine and is_fine(report)
            print(json.dumps(report, default=plain, ensure_ascii=False, separators=(",", ":")), flush=True)
    else:
        report = check(source.read(), key_set)
        fine = is_fine(report)
        print(json.dumps(report, default=plain, ensure_ascii=False, indent=2))
    sys.exit(0 if fine else 1)


if __name__ == "__main__":
    main()
