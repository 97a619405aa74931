"""Units that several lines could use, or that count in several ways: served again, in an order of trying of its own."""

from collections import deque
from math import gcd

from .rules import CODES, SELECTORS, items_of, kinds_items, line_id, only, parts_of, shown_reasons, strength
from .values import (
    LIMIT, UNKNOWN, ZERO, Unreadable, get, interval, larger, member, note, number, same, shown, th, total, whole,
)

UNBOUNDED = 1 << 60
OPEN = UNBOUNDED >> 10
STEPS = 20_000  # for one line
ALL_STEPS = 200_000  # for all lines together
MOST_EARLIER = 20  # earlier lines whose reasons a line names


class TooLarge(Exception):
    """Trying everything would take too long."""


def end_of(pair, side):
    return pair[0] if side == "low" else UNBOUNDED if pair[1] is None else pair[1]


def uses_for(wanted, factor, grain):
    return UNBOUNDED if wanted >= UNBOUNDED or factor == 0 else min(-(-wanted * 1000 // (factor * grain)) * grain, UNBOUNDED)


def uses_within(allowed, factor, grain):
    return UNBOUNDED if allowed >= UNBOUNDED or factor == 0 else min(allowed * 1000 // (factor * grain) * grain, UNBOUNDED)


def value_of(uses, factor):
    return min(uses * factor // 1000, UNBOUNDED)


class Way:
    def __init__(self, found):
        self.factor = th(get(found, "factor"))
        self.grain = 1 if get(found, "divisible") is True else 1000
        self.parts = []
        for part in get(found, "parts", list):
            sources = [
                (whole(get(one, "supply")), interval(get(one, "usable")), get(one, "agreement") is True)
                for one in get(part, "from", list)
            ]
            self.parts.append((get(part, "item", str), th(get(part, "quantity")), sources))

    def sources(self):
        return [source for _, _, sources in self.parts for source in sources]


class Turn:
    """A line in its turn."""

    def __init__(self, found, supplies):
        self.found, self.required = found, interval(get(found, "required"))
        self.within = found.get("within")
        self.agreed = interval(get(found, "agreement"))
        self.covered = None if found.get("covered") is None else interval(found["covered"])
        self.own_agreed = None if found.get("own_agreement") is None else interval(found["own_agreement"])
        self.holds = None  # what others leave to it, where that does not follow from what it requires
        layer = found.get("layer")
        self.layer = None if layer is None else (get(layer, "group", str), get(layer, "layer", str))
        self.slots = []
        for slot in get(found, "slots", list):
            kinds = slot.get("kinds")
            self.slots.append((None if kinds is None else max(whole(kinds), 1), [Way(way) for way in get(slot, "ways", list)]))
        for way in self.ways():
            if any(not 0 <= source[0] < supplies for source in way.sources()):
                raise Unreadable("supply")

    def ways(self):
        return [way for _, ways in self.slots for way in ways]

    def needs(self, side):
        """All it may need on the low side, what it surely does on the high side."""
        return (UNBOUNDED if self.required[1] is None else self.required[1]) if side == "low" else self.required[0]

    def want(self, side):
        """What others leave to it."""
        return self.needs(side) if self.holds is None else self.holds

    def agreement(self, side):
        return end_of(self.agreed, side)

    def slot_most(self, side, kinds):
        needed = self.needs(side)
        return UNBOUNDED if kinds is None or needed >= UNBOUNDED else needed // kinds

    def supplies(self):
        return {source[0] for way in self.ways() for source in way.sources()}

    def most(self, side, agreed=None):
        """What it could have if it were alone; of stock under an agreement only what may meet it."""

        def value(with_agreed):
            found = 0
            for way in self.ways():
                uses = []
                for _, quantity, sources in way.parts:
                    units = sum(end_of(usable, side) for _, usable, agreed in sources if with_agreed or not agreed)
                    uses.append(UNBOUNDED if units >= OPEN else min(units * 1000 // max(quantity, 1), UNBOUNDED))
                least = min(uses, default=0)
                found += UNBOUNDED if least >= OPEN else min(least * way.factor // 1000, UNBOUNDED)
            return found

        return min(value(True), value(False) + end_of(self.agreed if agreed is None else agreed, side))


class Part(Turn):
    """What a turn takes, or may take, beside it: a turn that no line of the document is."""

    def __init__(self, layer, within, slots, required, agreed, holds=None):
        self.found, self.layer, self.within, self.slots, self.holds = {}, layer, within, slots, holds
        self.required, self.agreed, self.covered, self.own_agreed = required, agreed, None, None


def doubts(supplies, turns):
    """For each turn, what it sees of the supplies of which it sees less than others, and not surely how much; only where a
    later line of another selector can use them."""
    found = []
    for place, turn in enumerate(turns):
        seen = {supply: usable for way in turn.ways() for supply, usable, _ in way.sources()}
        later = [one for one in turns[place + 1:] if not same(one.found["selector"], turn.found["selector"])]
        beyond = set().union(*(one.supplies() for one in later))
        found.append({
            supply: seen[supply] for supply in sorted(seen)
            if seen[supply] != supplies[supply] and seen[supply][0] != seen[supply][1] and supply in beyond
        })
    return found


def with_doubts(supplies, turns, side):
    """The turns of one side, each with what it may take (low) or surely takes (high) of what it doubts, and their places."""
    served, places, holding = [], [], []
    for turn, doubted in zip(turns, doubts(supplies, turns)):
        within = None if turn.within is None else holding[turn.within]
        places.append(len(served))
        held = Part(turn.layer, within, turn.slots, turn.required, turn.agreed)
        held.found = turn.found
        served.append(held)
        holding.append(len(served) - 1)
        if side == "low":
            served += [part for part in (may_take(supplies, turn, one, doubted[one]) for one in doubted) if part]
        elif doubted:
            held.holds = 0
            holding[-1] = len(served)
            served.append(surely_takes(turn, within, doubted))
    return served, places


def may_take(supplies, turn, supply, usable):
    high = UNBOUNDED if usable[1] is None else usable[1]
    units = max(min(high, supplies[supply][0]) - usable[0], 0)
    wanted = 0
    for way in turn.ways():
        uses = uses_for(turn.needs("low"), way.factor, way.grain)
        wanted += sum(value_of(uses, quantity) for _, quantity, sources in way.parts if any(one[0] == supply for one in sources))
    want = min(wanted, units)
    if want == 0:
        return None
    way = Way({"factor": 1, "divisible": True, "parts": []})
    way.parts = [("", 1000, [(supply, (units, units), False)])]
    return Part(turn.layer, None, [(None, [way])], (want, want), (UNBOUNDED, None))


def surely_takes(turn, within, doubted):
    """Of what it doubts, only what it surely sees; and in all less by what the rest would count for."""
    slots, less = [], 0
    for kinds, ways in turn.slots:
        sure = []
        for way in ways:
            copy = Way({"factor": 0, "divisible": True, "parts": []})
            copy.factor, copy.grain = way.factor, way.grain
            for item, quantity, sources in way.parts:
                unsure = [doubted[one] for one in doubted if any(source[0] == one for source in sources)]
                if any(high is None for _, high in unsure):
                    less = UNBOUNDED
                else:
                    less += value_of(sum(high - low for low, high in unsure) * 1000 // max(quantity, 1), way.factor)
                bounded = [
                    (one, (usable[0], doubted[one][0]) if one in doubted else usable, agreed) for one, usable, agreed in sources
                ]
                copy.parts.append((item, quantity, bounded))
            sure.append(copy)
        slots.append((kinds, sure))
    holds = 0 if less >= OPEN else max(turn.needs("high") - less, 0)
    return Part(turn.layer, within, slots, turn.required, turn.agreed, holds)


def is_flow(turns):
    for turn in turns:
        if len({(way.factor, way.grain) for way in turn.ways()}) > 1:
            return False
        if any(len(way.parts) != 1 or way.parts[0][1] != 1000 for way in turn.ways()):
            return False
    layers = [turn.layer for turn in turns if turn.layer]
    return not any(one[0] == other[0] and one[1] != other[1] for one in layers for other in layers)


def flow(supplies, turns, side):
    """What each turn can have where every unit counts the same: the most that flows, turn by turn."""
    left, out = {}, {}

    def arc(one, other, capacity):
        left[one, other] = left.get((one, other), 0) + capacity
        left.setdefault((other, one), 0)
        out.setdefault(one, set()).add(other)
        out.setdefault(other, set()).add(one)

    def push():
        flowed = 0
        while True:
            came, waiting = {"source": None}, deque(["source"])
            while waiting and "sink" not in came:
                node = waiting.popleft()
                for other in sorted(out.get(node, ()), key=str):
                    if other not in came and left[node, other] > 0:
                        came[other] = node
                        waiting.append(other)
            if "sink" not in came:
                return flowed
            path, node = [], "sink"
            while came[node] is not None:
                path.append((came[node], node))
                node = came[node]
            least = min(left[step] for step in path)
            for one, other in path:
                left[one, other] -= least
                left[other, one] += least
            flowed += least

    for place, supply in enumerate(supplies):
        arc(("supply", place), "sink", end_of(supply, side))
    measures = []
    for place, turn in enumerate(turns):
        ways = turn.ways()
        factor, grain = (ways[0].factor, ways[0].grain) if ways else (1000, 1000)
        measures.append((factor, grain))
        arc("source", ("turn", place), 0)
        arc(("turn", place), ("agreed", place), uses_within(turn.agreement(side), factor, grain))
        for number_, (kinds, ways) in enumerate(turn.slots):
            arc(("turn", place), ("slot", place, number_), uses_for(turn.slot_most(side, kinds), factor, grain))
            for way_number, way in enumerate(ways):
                for source_number, (supply, usable, agreement) in enumerate(way.sources()):
                    middle = ("way", place, number_, way_number, source_number)
                    arc(("agreed", place) if agreement else ("slot", place, number_), middle, end_of(usable, side))
                    arc(middle, ("supply", supply), end_of(usable, side))
    given, taken = [], []
    for place, turn in enumerate(turns):
        factor, grain = measures[place]
        before = 0 if turn.within is None else taken[turn.within]
        tap = ("source", ("turn", place))
        saved = dict(left)
        left[tap] += UNBOUNDED
        given.append(value_of(before + push(), factor))
        left.clear()
        left.update(saved)
        left[tap] += max(uses_for(turn.want(side), factor, grain) - before, 0)
        taken.append(before + push())
        left[tap] = 0
    return given


class Search:
    """Tries every way to serve the turns up to one, in their order."""

    def __init__(self, supplies, turns, asked, side, most):
        self.places, self.steps, self.known, self.most = [], 0, {}, most
        for place, turn in enumerate(turns[: asked + 1]):
            before = 0 if turn.within is None else turns[turn.within].want(side)
            is_open = place == asked or turn.want(side) >= UNBOUNDED
            want = UNBOUNDED if is_open else max(turn.want(side) - before, 0)
            for kinds, ways in turn.slots:
                self.places.append((ways, min(want, turn.slot_most(side, kinds)), turn.agreement(side), turn.layer, place == asked))
        self.layers = sorted({layer for _, _, _, layer, _ in self.places if layer})
        self.side, self.supplies = side, len(supplies)
        self.state = tuple(end_of(supply, side) for supply in supplies) + (0,) * (len(supplies) * len(self.layers))

    def run(self):
        best = self.best(0, self.state)
        return sum(value for value, (_, _, _, _, asked) in zip(best, self.places) if asked)

    def step(self):
        self.steps += 1
        if self.steps > self.most:
            raise TooLarge

    def best(self, place, state):
        """What the turns from one on are given, the first as much as it can have, then the next."""
        if place == len(self.places):
            return ()
        if (place, state) not in self.known:
            ways, want, agreement, _, _ = self.places[place]
            tried = {}
            self.ways(place, 0, state, 0, agreement, tried)
            most = max((min(value, want) for value in tried.values()), default=0)
            last = place + 1 == len(self.places)
            later = [self.best(place + 1, after) for after in tried if min(tried[after], want) == most and not last]
            self.known[place, state] = (most,) + max(later, default=())
        return self.known[place, state]

    def ways(self, place, way_number, state, value, agreement, tried):
        self.step()
        ways, want, _, _, _ = self.places[place]
        if way_number == len(ways):
            tried[state] = max(tried.get(state, 0), value)
            return
        way = ways[way_number]
        uses = min(uses_for(max(want - value, 0), way.factor, way.grain), self.most_uses(place, way, state, agreement))
        uses -= uses % way.grain
        once = way_number + 1 == len(ways) or self.is_exclusive(place, way_number)
        while True:
            found = self.draws(place, way, uses, state, agreement)
            for after, agreed in found:
                left = max(agreement - agreed, 0)
                self.ways(place, way_number + 1, after, value + value_of(uses, way.factor), left, tried)
            # A bundle may name an item twice: fewer uses are possible than its parts allow one by one.
            if uses == 0 or once and found:
                return
            uses -= way.grain

    def is_exclusive(self, place, way_number):
        """Neither another way of the turn nor a later turn can use what a way uses."""
        ways = self.places[place][0]
        own = {source[0] for source in ways[way_number].sources()}
        beside = [way for number_, way in enumerate(ways) if number_ != way_number]
        beside += [way for later in self.places[place + 1:] for way in later[0]]
        agreed = any(source[2] for source in ways[way_number].sources()) and len(ways) > 1
        return not agreed and not any(source[0] in own for way in beside for source in way.sources())

    def at(self, layer, supply):
        return self.supplies * (1 + self.layers.index(layer)) + supply

    def available(self, place, source, state):
        layer = self.places[place][3]
        held = state[self.at(layer, source[0])] if layer else 0
        return min(state[source[0]] + held, end_of(source[1], self.side))

    def most_uses(self, place, way, state, agreement):
        uses = []
        for _, quantity, sources in way.parts:
            own = sum(self.available(place, one, state) for one in sources if not one[2])
            agreed = sum(self.available(place, one, state) for one in sources if one[2])
            agreed = min(agreed, self.agreed_most(way, quantity, agreement))
            uses.append(min((own + agreed) * 1000 // max(quantity, 1) // way.grain * way.grain, UNBOUNDED))
        return min(uses, default=0)

    def agreed_most(self, way, quantity, agreement):
        within = uses_within(agreement, way.factor, way.grain)
        return 1 << 80 if within >= UNBOUNDED else value_of(within, quantity)

    def draws(self, place, way, uses, state, agreement):
        """Every state that uses of a way lead to, with the part of them that comes from agreements."""
        found = {(state, 0)}
        for _, quantity, sources in way.parts:
            wanted, after = value_of(uses, quantity), set()
            for before, units in found:
                after |= {(one, units + agreed) for one, agreed in self.split(place, wanted, sources, before, self.agreed_most(way, quantity, agreement))}
            found = after
        first = max(way.parts[0][1], 1) if way.parts else 1000
        return sorted({(one, value_of(units * 1000 // first, way.factor)) for one, units in found})

    def split(self, place, wanted, sources, state, agreed_most):
        """Every way to draw units from the sources."""
        available = [self.available(place, one, state) for one in sources]
        grain = gcd(wanted, *(min(one, wanted) for one in available)) or 1
        found = set()

        def draw(number_, left, state, agreed):
            self.step()
            if left == 0:
                found.add((state, agreed))
                return
            if number_ == len(sources):
                return
            source = sources[number_]
            rest = sum(available[number_ + 1:])
            most = min(available[number_], left)
            if source[2]:
                most = min(most, max(agreed_most - agreed, 0))
            taken = most
            while taken >= 0 and taken + rest >= left:
                draw(number_ + 1, left - taken, self.taken(place, source[0], taken, state), agreed + (taken if source[2] else 0))
                taken -= grain

        draw(0, wanted, state, 0)
        return found

    def taken(self, place, supply, units, state):
        """First units that other layers of the group hold, then free ones, which those may use from then on."""
        layer, after = self.places[place][3], list(state)
        if layer:
            held = self.at(layer, supply)
            of_others = min(after[held], units)
            after[held] -= of_others
            units -= of_others
            for other in self.layers:
                if other[0] == layer[0] and other[1] != layer[1]:
                    after[self.at(other, supply)] += units
        after[supply] -= units
        return tuple(after)


def is_bounded(turn):
    """True for a line whose number the search left open, or looked for up to what is required only."""
    return get(turn.found, "limited") is True or get(turn.found, "capped") is True


def assigned(supplies, turns, side):
    """What each turn can have; None where trying everything would take too long, or where a number is only bounded."""
    served, places = with_doubts(supplies, turns, side)
    if is_flow(served):
        given = flow(supplies, served, side)
        return [given[place] for place in places]
    given, left, stronger = [], ALL_STEPS, {turn.within for turn in served}
    exact = {place for turn, place in zip(turns, places) if not is_bounded(turn)}
    for place, turn in enumerate(served):
        before = 0
        if turn.within is not None:
            before = None if given[turn.within] is None else min(given[turn.within], served[turn.within].want(side))
        found = None
        if before is not None and (place in stronger or place in exact):
            search = Search(supplies, served, place, side, min(STEPS, left))
            try:
                found = before + search.run()
            except TooLarge:
                pass
            left = max(left - search.steps, 0)
        given.append(found)
    return [given[place] for place in places]


def with_covered(turns, turn, least, most):
    """What a line has if it counts what covers the stronger line, as far as its own rules allow."""
    if turn.within is None or turn.covered is None or turn.own_agreed is None:
        return least, most
    stronger = turns[turn.within]
    usable = interval(get(stronger.found, "usable"))
    own_low, own_high = min(least, turn.most("low", turn.own_agreed)), min(most, turn.most("high", turn.own_agreed))
    low = max(min(usable[0], stronger.needs("low"), own_low + turn.covered[0]), least)
    high = max(min(end_of(usable, "high"), own_high + end_of(turn.covered, "high")), most)
    return low, max(high, low)


def earlier_reasons(turns, own):
    """The causes of the lines before one that can use the same units, directly or through others, if it has less for them;
    and both those of the stronger lines of the same selector, of which it counts a part, and of the lines before them."""
    place = turns.index(own)
    found, stronger = reasons_before(turns, place), own.within
    while stronger is not None:
        found += reasons_before(turns, stronger) + stated_reasons(turns[stronger].found)
        stronger = turns[stronger].within
    return found


def reasons_before(turns, place):
    """The causes of the lines before one that can use the same units, directly or through others, if it has less for them."""
    own = turns[place]
    if interval(get(own.found, "usable"))[0] >= own.most("low"):
        return []
    reach, waiting, linked, found = set(own.supplies()), list(range(place)), [], []
    while (one := next((number_ for number_ in waiting if turns[number_].supplies() & reach), None)) is not None:
        waiting.remove(one)
        linked.append(one)
        reach |= turns[one].supplies()
    unknown = [turns[one].found for one in sorted(linked) if get(turns[one].found, "reasons", list)]
    for stated in unknown[:MOST_EARLIER]:
        found += stated_reasons(stated)
    return found


def stated_reasons(stated):
    found = []
    for reason in get(stated, "reasons", list):
        if get(reason, "code", str) not in CODES:
            raise Unreadable("code")
        found.append(tuple(reason.get(name) for name in ("code", "rule", "fact", "form", "depot")))
    return found


def end_in(value, low, high):
    """A value, moved into what lies between two ends; None is unbounded."""
    ends = [end for end in (value, high) if end is not None]
    return max(min(ends), low) if ends else None


def check(checker, shared, pointer):
    """Checks the units and the turns, and gives the line's own turn."""
    differences = checker.differences
    supplies = [interval(get(one, "usable")) for one in get(shared, "supplies", list)]
    found = get(shared, "turns", list)
    turns = [Turn(one, len(supplies)) for one in found]
    own, lines = None, checker.document
    for place, turn in enumerate(turns):
        at, stated = f"{pointer}/turns/{place}", turn.found
        selector = get(stated, "selector", dict)
        expected = line_id(lines["organization"], selector, get(stated, "strength", str))
        member(stated, "line", expected, at, differences)
        checker.named_items.update(items_of(selector))
        before = [number_ for number_ in range(place) if same(found[number_].get("selector"), selector)]
        member(stated, "within", before[-1] if before else None, at, differences)
        turn.within = before[-1] if before else None
        if place and strength(found[place - 1].get("strength")) < strength(stated["strength"]):
            note(at + "/strength", found[place - 1]["strength"], stated["strength"], differences)
        check_slots(checker, shared, turn, selector, at)
        if same(selector, get(lines, "selector")) and stated["strength"] == lines.get("strength"):
            own = turn
            member(stated, "required", shown(checker.required), at, differences)
            member(stated, "agreement", shown(checker.agreement), at, differences)
            for name, pair in [("covered", checker.covered), ("own_agreement", checker.own_agreement)]:
                member(stated, name, shown(pair) if before else None, at, differences)
            check_own(checker, turn, selector, at)
        else:
            checker.unprovable.add("other_lines")
    check_supplies(checker, shared, turns, pointer)
    if is_flow(turns):
        # What flows is never searched for.
        for place, turn in enumerate(turns):
            for name in ("limited", "capped"):
                member(turn.found, name, False, f"{pointer}/turns/{place}", differences)
    low, high = assigned(supplies, turns, "low"), assigned(supplies, turns, "high")
    for place, turn in enumerate(turns):
        at = f"{pointer}/turns/{place}/usable"
        if is_bounded(turn):
            checker.unprovable.add("search_limited")
            # It has no more than it would have alone.
            usable = interval(get(turn.found, "usable"))
            least, most = with_covered(turns, turn, turn.most("low"), turn.most("high"))
            least = min(usable[0], least, LIMIT - 1)
            upper = end_in(usable[1], usable[0], None if most >= OPEN else min(most, LIMIT - 1))
            member(turn.found, "usable", shown((least, upper)), f"{pointer}/turns/{place}", differences)
        elif low[place] is None or high[place] is None:
            checker.unprovable.add("search_too_large")
        else:
            least = min(low[place], turn.most("low"))
            most = max(min(max(high[place], low[place]), turn.most("high")), least)
            least, most = with_covered(turns, turn, least, most)
            pair = min(least, LIMIT - 1), None if most >= OPEN else min(most, LIMIT - 1)
            member(turn.found, "usable", shown(pair), f"{pointer}/turns/{place}", differences)
    if own is not None:
        of_rules, of_stock = checker.causes()
        place = turns.index(own)
        with_stock = doubts(supplies, turns)[place] or any(turn.within == place for turn in turns)
        expected = shown_reasons(of_rules + (of_stock if with_stock else []))
        member(own.found, "reasons", expected, f"{pointer}/turns/{place}", differences)
        checker.earlier = earlier_reasons(turns, own)
    if own is None:
        note(pointer + "/turns", lines.get("line"), None, differences)
    return own


def check_slots(checker, shared, turn, selector, at):
    """The ways to serve a turn follow from its selector."""
    form, value = only(selector, SELECTORS)
    measured = checker.item_measured
    single = lambda item: {"factor": 1, "divisible": measured(item), "parts": [{"item": item, "quantity": 1}]}

    def way(alternative):
        parts = parts_of(alternative)
        return {
            "factor": alternative.get("factor", 1), "divisible": all([measured(item) for item, _ in parts]),
            "parts": [{"item": item, "quantity": number(quantity)} for item, quantity in parts],
        }

    if form == "item":
        slots = [{"ways": [single(value)]}]
    elif form in ("any_of", "capability"):
        slots = [{"ways": [way(one) for one in (value if form == "any_of" else get(value, "items", list))]}]
    elif form == "each_of":
        slots = [{"kinds": len(value), "ways": [single(item) for item in kinds_items([kind])]} for kind in value]
    else:
        slots = []
    bare = [
        {**{name: slot[name] for name in slot if name != "ways"}, "ways": [
            {**one, "parts": [{name: part[name] for name in part if name != "from"} for part in get(one, "parts", list)]}
            for one in get(slot, "ways", list)
        ]}
        for slot in get(turn.found, "slots", list)
    ]
    from .values import compare

    compare(slots, bare, at + "/slots", checker.differences)
    seen = {}
    for number_, slot in enumerate(turn.found["slots"]):
        for way_number, one in enumerate(slot["ways"]):
            for part_number, part in enumerate(one["parts"]):
                place = f"{at}/slots/{number_}/ways/{way_number}/parts/{part_number}/from"
                compare(seen.setdefault(part["item"], part["from"]), part["from"], place, checker.differences)
                for source_number, source in enumerate(part["from"]):
                    supply = shared["supplies"][source["supply"]]
                    if supply.get("item") != part["item"]:
                        note(f"{place}/{source_number}/supply", part["item"], supply.get("item"), checker.differences)
                    holding = checker.holdings.get(supply.get("depot"))
                    member(source, "agreement", holding == "agreement", f"{place}/{source_number}", checker.differences)


def check_own(checker, turn, selector, at):
    """What the line sees of its items is what the depots have."""
    each = "each_of" in selector
    for item in sorted(set(items_of(selector, True))):
        depots = [one for one in checker.depots if one.item == item and not (each and one.holding == "agreement")]
        have = total(one.usable for one in depots) or UNKNOWN
        sources = next((sources for way in turn.ways() for name, _, sources in way.parts if name == item), None)
        if sources is None:
            raise Unreadable("parts")
        seen = total(usable for _, usable, _ in sources) or UNKNOWN
        if seen != have:
            note(f"{at}/slots", shown(have), shown(seen), checker.differences)


def check_supplies(checker, shared, turns, pointer):
    """A supply has what the line sees that can use most of it."""
    seen = [None] * len(shared["supplies"])
    for turn in turns:
        for way in turn.ways():
            for supply, usable, _ in way.sources():
                seen[supply] = usable if seen[supply] is None else larger(seen[supply], usable)
    for place, supply in enumerate(shared["supplies"]):
        at, depot = f"{pointer}/supplies/{place}", supply.get("depot")
        if depot is not None and depot not in checker.holdings:
            note(at + "/depot", None, depot, checker.differences)
        if checker.holdings.get(depot) != "agreement" and seen[place] is not None:
            member(supply, "usable", shown(seen[place]), at, checker.differences)
