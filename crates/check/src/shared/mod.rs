//! Units that several lines could use, or that count in several ways: the ways to serve the lines follow from their
//! selectors, and the lines are served once more.

mod doubt;
mod flow;
mod search;
mod turn;

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value, json};

use crate::rules::{Reason, shown_reasons};
use crate::selector::{SELECTORS, items_of, kinds_items, line_id, parts_of};
use crate::state::State;
use crate::stock::Depot;
use crate::value::STRENGTHS;
use crate::value::{
    LIMIT, Pair, Read, UNKNOWN, Unreadable, get, interval, larger, list, number, object, only, rank, same, shown, text,
    total, whole,
};

use turn::{OPEN, Side, Turn};

/// The most earlier lines whose reasons a line names.
const MOST_EARLIER: usize = 20;

/// Checks the units and the turns, and gives the line's own turn as the document has it, with the causes for which it is not
/// known what those before it take. `causes` are those of the line itself: of its requirement, and of its stock.
pub fn check(
    state: &mut State<'_>,
    depots: &[Depot],
    causes: [Vec<Reason>; 2],
    shared: &Value,
    pointer: &str,
) -> Read<(Option<Value>, Vec<Reason>)> {
    let supplies: Vec<Pair> =
        list(shared, "supplies")?.iter().map(|supply| interval(get(supply, "usable")?)).collect::<Read<_>>()?;
    let found = list(shared, "turns")?;
    let mut turns: Vec<Turn> = found.iter().map(|turn| Turn::read(turn, supplies.len())).collect::<Read<_>>()?;
    let document = state.document;
    let (organization, own_selector) = (text(document, "organization")?, state.selector.clone());
    let mut own = None;
    for (place, (turn, stated)) in turns.iter_mut().zip(found).enumerate() {
        let at = format!("{pointer}/turns/{place}");
        let selector = object(stated, "selector")?;
        let strength = text(stated, "strength")?;
        state.differences.member(stated, "line", &json!(line_id(organization, selector, strength)?), &at);
        state.name_items(selector)?;
        let is_same = |other: &Value| other.get("selector").is_some_and(|other| same(other, selector));
        turn.within = found.iter().take(place).rposition(is_same);
        state.differences.member(stated, "within", &json!(turn.within), &at);
        let before = place.checked_sub(1).and_then(|before| found.get(before));
        if let Some(before) = before
            && rank(&STRENGTHS, text(before, "strength")?)? < rank(&STRENGTHS, strength)?
        {
            state.differences.note(format!("{at}/strength"), json!(text(before, "strength")?), json!(strength));
        }
        check_slots(state, shared, stated, &at)?;
        if same(selector, &own_selector) && document.get("strength") == stated.get("strength") {
            state.differences.member(stated, "required", &shown(state.required), &at);
            state.differences.member(stated, "agreement", &shown(state.agreement), &at);
            for (name, pair) in [("covered", state.covered), ("own_agreement", state.own_agreement)] {
                let expected = turn.within.map_or(Value::Null, |_| shown(pair));
                state.differences.member(stated, name, &expected, &at);
            }
            check_own(state, depots, turn, selector, &at)?;
            own = Some((place, stated.clone()));
        } else {
            state.unprovable.insert("other_lines");
        }
    }
    check_supplies(state, shared, &turns, pointer)?;
    let selector_of = |stated: &Value| found.iter().position(|other| is_one_selector(other, stated)).unwrap_or(0);
    let selectors: Vec<usize> = found.iter().map(selector_of).collect();
    let doubted = doubt::doubted(&supplies, &turns, &selectors);
    check_numbers(state, &supplies, &turns, &doubted, found, pointer)?;
    let Some((place, stated)) = own else {
        state.differences.note(format!("{pointer}/turns"), get(document, "line")?.clone(), Value::Null);
        return Ok((None, Vec::new()));
    };
    let [of_rules, of_stock] = causes;
    let is_counted = turns.iter().any(|turn| turn.within == Some(place));
    let with_stock = is_counted || doubted.get(place).is_some_and(|doubted| !doubted.is_empty());
    let expected = shown_reasons(of_rules.into_iter().chain(of_stock.into_iter().filter(|_| with_stock)));
    state.differences.member(&stated, "reasons", &expected, &format!("{pointer}/turns/{place}"));
    let earlier = earlier_causes(&turns, found, place)?;
    Ok((Some(stated), earlier))
}

fn is_one_selector(one: &Value, other: &Value) -> bool {
    one.get("selector").zip(other.get("selector")).is_some_and(|(one, other)| same(one, other))
}

/// The causes of the lines before one that can use the same units, directly or through others, if it has less for them; and
/// both those of the stronger lines of the same selector, of which it counts a part, and those of the lines before them.
fn earlier_causes(turns: &[Turn], found: &[Value], place: usize) -> Read<Vec<Reason>> {
    let within = |place: &usize| turns.get(*place)?.within.filter(|stronger| stronger < place);
    let counted: Vec<usize> = std::iter::successors(within(&place), within).collect();
    let mut causes = Vec::new();
    for place in [place].into_iter().chain(counted.iter().copied()) {
        causes.extend(causes_before(turns, found, place)?);
    }
    for stronger in counted.into_iter().filter_map(|stronger| found.get(stronger)) {
        causes.extend(list(stronger, "reasons")?.iter().map(Reason::read).collect::<Read<Vec<_>>>()?);
    }
    Ok(causes)
}

/// The causes of the lines before one that can use the same units, directly or through others, if it has less for them.
fn causes_before(turns: &[Turn], found: &[Value], place: usize) -> Read<Vec<Reason>> {
    let (Some(turn), Some(stated)) = (turns.get(place), found.get(place)) else { return Ok(Vec::new()) };
    if interval(get(stated, "usable")?)?.0 >= turn.most(Side::Low) {
        return Ok(Vec::new());
    }
    let mut reach = turn.supplies();
    let mut waiting: Vec<(usize, BTreeSet<usize>)> = turns.iter().take(place).map(Turn::supplies).enumerate().collect();
    let mut linked = BTreeSet::new();
    while let Some(next) = waiting.iter().position(|(_, supplies)| !supplies.is_disjoint(&reach)) {
        let (earlier, supplies) = waiting.swap_remove(next);
        reach.extend(supplies);
        linked.insert(earlier);
    }
    let (mut causes, mut named) = (Vec::new(), 0);
    for stated in linked.into_iter().filter_map(|earlier| found.get(earlier)) {
        let reasons = list(stated, "reasons")?;
        if !reasons.is_empty() && named < MOST_EARLIER {
            named += 1;
            for reason in reasons {
                causes.push(Reason::read(reason)?);
            }
        }
    }
    Ok(causes)
}

/// Serves the lines, and compares what each can have.
fn check_numbers(
    state: &mut State<'_>,
    supplies: &[Pair],
    turns: &[Turn],
    doubted: &[BTreeMap<usize, Pair>],
    found: &[Value],
    pointer: &str,
) -> Read<()> {
    let is_flow = flow::is_flow(turns);
    let mut bounded = Vec::new();
    for stated in found {
        bounded.push(get(stated, "limited")? == &json!(true) || get(stated, "capped")? == &json!(true));
    }
    let [low, high] = [Side::Low, Side::High].map(|side| assigned(supplies, turns, doubted, side, &bounded));
    for (place, (turn, stated)) in turns.iter().zip(found).enumerate() {
        let at = format!("{pointer}/turns/{place}");
        if is_flow {
            // What flows is never searched for.
            for name in ["limited", "capped"] {
                state.differences.member(stated, name, &json!(false), &at);
            }
        }
        let of = |given: &[Option<i128>]| given.get(place).copied().flatten();
        let stronger = turn.within.and_then(|stronger| turns.get(stronger).zip(found.get(stronger)));
        let stronger = match stronger {
            Some((stronger, stated)) => Some((stronger, interval(get(stated, "usable")?)?)),
            None => None,
        };
        let pair = |least: i128, most: i128| {
            let (least, most) = with_covered(turn, stronger, least, most);
            (least.min(LIMIT - 1), (most < OPEN).then(|| most.min(LIMIT - 1)))
        };
        match (of(&low), of(&high)) {
            _ if bounded.get(place) == Some(&true) => {
                state.unprovable.insert("search_limited");
                // It has no more than it would have alone.
                let usable = interval(get(stated, "usable")?)?;
                let alone = pair(turn.most(Side::Low), turn.most(Side::High));
                let within = (usable.0.min(alone.0), larger_end(usable.0, smaller_end(usable.1, alone.1)));
                state.differences.member(stated, "usable", &shown(within), &at);
            }
            (Some(low), Some(high)) => {
                let least = low.min(turn.most(Side::Low));
                let most = high.max(low).min(turn.most(Side::High)).max(least);
                state.differences.member(stated, "usable", &shown(pair(least, most)), &at);
            }
            _ => _ = state.unprovable.insert("search_too_large"),
        }
    }
    Ok(())
}

/// What a line has if it counts what covers the stronger line, as far as its own rules allow.
fn with_covered(turn: &Turn, stronger: Option<(&Turn, Pair)>, least: i128, most: i128) -> (i128, i128) {
    let (Some((stronger, usable)), Some(covered), Some(own)) = (stronger, turn.covered, turn.own_agreement) else {
        return (least, most);
    };
    let held = usable.0.min(stronger.needs(Side::Low));
    let low = (least.min(turn.most_with(Side::Low, own)) + covered.0).min(held).max(least);
    let by_own = most.min(turn.most_with(Side::High, own)) + Side::High.of(covered);
    let high = by_own.min(Side::High.of(usable)).max(most);
    (low, high.max(low))
}

/// The smaller of two upper ends; `None` is unbounded.
fn smaller_end(one: Option<i128>, other: Option<i128>) -> Option<i128> {
    one.into_iter().chain(other).min()
}

/// An upper end, at least as large as a lower one.
fn larger_end(least: i128, most: Option<i128>) -> Option<i128> {
    most.map(|most| most.max(least))
}

/// What each turn can have; `None` where trying everything would take too long, or where a number is only bounded.
fn assigned(
    supplies: &[Pair],
    turns: &[Turn],
    doubted: &[BTreeMap<usize, Pair>],
    side: Side,
    bounded: &[bool],
) -> Vec<Option<i128>> {
    let doubt::Served { turns, places } = doubt::served(supplies, turns, doubted, side);
    let mut given: Vec<Option<i128>> = Vec::new();
    if flow::is_flow(&turns) {
        given.extend(flow::assigned(supplies, &turns, side).into_iter().map(Some));
    } else {
        let exact = places.iter().zip(bounded).filter(|(_, bounded)| !**bounded).map(|(place, _)| *place);
        let mut asked: BTreeSet<usize> = exact.collect();
        asked.extend(turns.iter().filter_map(|turn| turn.within));
        let mut left = search::ALL_STEPS;
        for (place, turn) in turns.iter().enumerate() {
            let before = match turn.within {
                None => Some(0),
                Some(stronger) => given
                    .get(stronger)
                    .copied()
                    .flatten()
                    .zip(turns.get(stronger))
                    .map(|(given, stronger)| given.min(stronger.want(side))),
            };
            let found = before
                .filter(|_| asked.contains(&place))
                .and_then(|before| Some(before + search::number_of(supplies, &turns, place, side, &mut left)?));
            given.push(found);
        }
    }
    places.iter().map(|place| given.get(*place).copied().flatten()).collect()
}

/// The ways to serve a turn follow from its selector.
fn check_slots(state: &mut State<'_>, shared: &Value, stated: &Value, at: &str) -> Read<()> {
    let (form, value) = only(get(stated, "selector")?, &SELECTORS)?;
    let expected = slots_of(state, form, value)?;
    let found = list(stated, "slots")?;
    let mut bare = Vec::new();
    for slot in found {
        let mut slot = slot.clone();
        for way in slot.get_mut("ways").and_then(Value::as_array_mut).ok_or(Unreadable("ways"))? {
            for part in way.get_mut("parts").and_then(Value::as_array_mut).ok_or(Unreadable("parts"))? {
                part.as_object_mut().ok_or(Unreadable("parts"))?.remove("from");
            }
        }
        bare.push(slot);
    }
    state.differences.compare(&json!(expected), &json!(bare), &format!("{at}/slots"));
    let mut seen: Map<String, Value> = Map::new();
    for (slot_number, slot) in found.iter().enumerate() {
        for (way_number, way) in list(slot, "ways")?.iter().enumerate() {
            for (part_number, part) in list(way, "parts")?.iter().enumerate() {
                let place = format!("{at}/slots/{slot_number}/ways/{way_number}/parts/{part_number}/from");
                let (item, from) = (text(part, "item")?, get(part, "from")?);
                let before = seen.entry(item.to_owned()).or_insert_with(|| from.clone());
                state.differences.compare(before, from, &place);
                check_sources(state, shared, item, list(part, "from")?, &place)?;
            }
        }
    }
    Ok(())
}

fn slots_of(state: &State<'_>, form: &str, value: &Value) -> Read<Vec<Value>> {
    let single = |item: &str| -> Read<Value> {
        let divisible = state.is_item_measured(item)?;
        Ok(json!({"factor": 1, "divisible": divisible, "parts": [{"item": item, "quantity": 1}]}))
    };
    let way = |alternative: &Value| -> Read<Value> {
        let (mut divisible, mut shown) = (true, Vec::new());
        for (item, quantity) in parts_of(alternative)? {
            divisible = state.is_item_measured(item)? && divisible;
            shown.push(json!({"item": item, "quantity": number(Some(quantity))}));
        }
        let factor = alternative.get("factor").cloned().unwrap_or_else(|| json!(1));
        Ok(json!({"factor": factor, "divisible": divisible, "parts": shown}))
    };
    let elements = |value: &Value| value.as_array().cloned().ok_or(Unreadable("selector"));
    Ok(match form {
        "item" => vec![json!({"ways": [single(value.as_str().ok_or(Unreadable("item"))?)?]})],
        "any_of" => vec![json!({"ways": elements(value)?.iter().map(way).collect::<Read<Vec<_>>>()?})],
        "capability" => vec![json!({"ways": list(value, "items")?.iter().map(way).collect::<Read<Vec<_>>>()?})],
        "each_of" => {
            let kinds = elements(value)?;
            let slot = |kind: &Value| {
                let items = kinds_items(std::slice::from_ref(kind))?;
                let ways = items.into_iter().map(single).collect::<Read<Vec<_>>>()?;
                Ok(json!({"kinds": kinds.len(), "ways": ways}))
            };
            kinds.iter().map(slot).collect::<Read<_>>()?
        }
        _ => Vec::new(),
    })
}

fn check_sources(state: &mut State<'_>, shared: &Value, item: &str, from: &[Value], place: &str) -> Read<()> {
    for (number, source) in from.iter().enumerate() {
        let supply = usize::try_from(whole(get(source, "supply")?)?).ok();
        let supply = supply.and_then(|supply| shared.get("supplies")?.get(supply)).ok_or(Unreadable("supply"))?;
        if supply.get("item") != Some(&json!(item)) {
            let found = supply.get("item").cloned().unwrap_or_default();
            state.differences.note(format!("{place}/{number}/supply"), json!(item), found);
        }
        let agreement = state.holding_of(supply) == Some("agreement");
        state.differences.member(source, "agreement", &json!(agreement), &format!("{place}/{number}"));
    }
    Ok(())
}

/// What the line sees of its items is what the depots have.
fn check_own(state: &mut State<'_>, depots: &[Depot], turn: &Turn, selector: &Value, at: &str) -> Read<()> {
    let each = selector.get("each_of").is_some();
    let mut items = items_of(selector, true)?;
    items.sort_unstable();
    items.dedup();
    for item in items {
        let depots = depots.iter().filter(|depot| depot.item == item);
        let depots = depots.filter(|depot| !(each && depot.holding == "agreement"));
        let have = total(depots.map(|depot| depot.usable)).unwrap_or(UNKNOWN);
        let part = turn.parts().find(|part| part.item == item).ok_or(Unreadable("parts"))?;
        let seen = total(part.from.iter().map(|source| source.usable)).unwrap_or(UNKNOWN);
        if seen != have {
            state.differences.note(format!("{at}/slots"), shown(have), shown(seen));
        }
    }
    Ok(())
}

/// A supply has what the line sees that can use most of it.
fn check_supplies(state: &mut State<'_>, shared: &Value, turns: &[Turn], pointer: &str) -> Read<()> {
    for (place, supply) in list(shared, "supplies")?.iter().enumerate() {
        let at = format!("{pointer}/supplies/{place}");
        let sources = turns.iter().flat_map(Turn::parts).flat_map(|part| &part.from);
        let seen = sources.filter(|source| source.supply == place).map(|source| source.usable).reduce(larger);
        let holding = state.holding_of(supply);
        let is_agreement = holding == Some("agreement");
        if let (Some(depot), None) = (supply.get("depot"), holding) {
            state.differences.note(format!("{at}/depot"), Value::Null, depot.clone());
        }
        if let (Some(seen), false) = (seen, is_agreement) {
            state.differences.member(supply, "usable", &shown(seen), &at);
        }
    }
    Ok(())
}
