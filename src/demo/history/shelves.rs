//! The shelves of an organization: derived from its rules, with some items too few, expired, broken or lent.

use std::collections::BTreeMap;

use chrono::{Days, Months, NaiveDate};

use super::{Scene, draw, draw_below};
use crate::demo::{EXAMPLE_ITEM, EXAMPLE_ORGANIZATION};
use base::quantity::Quantity;
use domain::count::{Held, LotCondition};
use domain::item::{Item, ItemKind, ItemVersion};
use domain::new_count::NewCountLine;
use domain::requirement::{LineSelector, RuleContext, lines};
use domain::rule::Alternative;

/// The quantity of the example's item in each depot of the example's organization, in the order of their codes: five
/// fewer than its rules require.
const EXAMPLE_SHARES: [i16; 3] = [EXAMPLE_COUNTED, 8, 5];

/// The quantity of the example's item in the example's depot.
pub(super) const EXAMPLE_COUNTED: i16 = 11;

/// A round of counting.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Round {
    /// The round before the last.
    Before,
    /// The last round.
    Last,
}

/// An item that rules require of an organization.
struct Need<'a> {
    item: &'a Item,
    version: &'a ItemVersion,
    required: Quantity,
}

/// The stock found by a round on a day, depot by depot.
pub(super) fn shelves(scene: Scene<'_>, round: Round, on: NaiveDate) -> Vec<Vec<NewCountLine>> {
    let depots = scene.records.depots.len();
    let mut shelves = vec![Vec::new(); depots];
    for need in needs(scene) {
        let shares = shares(scene, &need, round, depots);
        for (number, (shelf, share)) in shelves.iter_mut().zip(shares).enumerate() {
            if let Some(quantity) = share {
                shelf.extend(lots(scene, &need, on, number, quantity));
            }
        }
    }
    shelves
}

/// The items that rules require at any strength, each with the largest requirement of its lines, and on top of it what the
/// first alternative of each choice takes. If a fact is unknown, the organization keeps the number that it would need if the
/// fact held.
fn needs(scene: Scene<'_>) -> Vec<Need<'_>> {
    let Some(context) = RuleContext::new(scene.reference_data, scene.records, scene.today) else { return Vec::new() };
    let lines = lines(&context);
    let mut own = BTreeMap::<&str, Quantity>::new();
    let mut chosen = BTreeMap::<(LineSelector<'_>, &str), Quantity>::new();
    for line in &lines {
        let asked = line.required_without_undeclared();
        let asked = asked.max.unwrap_or(asked.min);
        match line.selector {
            LineSelector::Item(code) => {
                let most = own.entry(code).or_default();
                *most = asked.max(*most);
            }
            selector => {
                for (item, quantity) in first_choice(selector, asked) {
                    let most = chosen.entry((selector, item)).or_default();
                    *most = quantity.max(*most);
                }
            }
        }
    }
    for ((_, item), quantity) in chosen {
        let sum = own.entry(item).or_default();
        *sum = sum.plus(quantity).unwrap_or(*sum);
    }
    own.into_iter()
        .filter(|(_, required)| *required > Quantity::ZERO)
        .filter_map(|(code, required)| {
            let item = scene.reference_data.items.get(code)?;
            let required = if item.unit.measured { required } else { whole(required) };
            Some(Need { item, version: scene.reference_data.item_on(code, scene.today)?, required })
        })
        .collect()
}

/// The items that meet a requirement in the first way that its selector names.
fn first_choice(selector: LineSelector<'_>, asked: Quantity) -> Vec<(&str, Quantity)> {
    let found: Vec<(&String, Quantity)> = match selector {
        LineSelector::AnyOf(alternatives) => first_alternative(alternatives, asked),
        LineSelector::Capability(capability) => first_alternative(&capability.items, asked),
        LineSelector::EachOf(kinds) => {
            let each = i16::try_from(kinds.len())
                .map_or(asked, |kinds| share_of(asked, Quantity::whole(1), Quantity::whole(kinds.max(1))));
            kinds.iter().filter_map(|kind| Some((kind.items.first()?, each))).collect()
        }
        LineSelector::Item(_) | LineSelector::Other(_) => Vec::new(),
    };
    found.into_iter().map(|(item, quantity)| (item.as_str(), quantity)).collect()
}

fn first_alternative(alternatives: &[Alternative], asked: Quantity) -> Vec<(&String, Quantity)> {
    let Some(first) = alternatives.first() else { return Vec::new() };
    let uses = share_of(asked, Quantity::whole(1), first.factor);
    let part = |(item, number)| (item, share_of(uses, number, Quantity::whole(1)));
    first.parts().into_iter().map(part).collect()
}

/// A quantity × a number / a divisor, rounded up at the third decimal.
fn share_of(quantity: Quantity, number: Quantity, divisor: Quantity) -> Quantity {
    let divisor = i128::from(divisor.thousandths().max(1));
    let product = i128::from(quantity.thousandths()) * i128::from(number.thousandths());
    Quantity::from_thousandths((product + divisor - 1) / divisor).unwrap_or(quantity)
}

/// The next whole number.
fn whole(quantity: Quantity) -> Quantity {
    Quantity::from_thousandths((quantity.thousandths() + 999) / 1_000 * 1_000).unwrap_or(quantity)
}

/// The number of units in each depot; `None` if the item is not kept.
fn shares(scene: Scene<'_>, need: &Need<'_>, round: Round, depots: usize) -> Vec<Option<Quantity>> {
    if scene.code() == EXAMPLE_ORGANIZATION && need.item.code == EXAMPLE_ITEM {
        return EXAMPLE_SHARES.iter().map(|units| Some(Quantity::whole(*units))).collect();
    }
    let held = held(scene, need, round);
    let mut shares = vec![None; depots];
    let main = u32::try_from(depots).map_or(0, |depots| draw_below(&name(scene, need, "place"), depots));
    let aside = if held > Quantity::whole(3) && depots > 1 {
        percent(held, 30, need.item.unit.measured)
    } else {
        Quantity::ZERO
    };
    for (number, share) in (0..).zip(&mut shares) {
        if number == main {
            *share = Some(held.less(aside));
        } else if aside > Quantity::ZERO && number == (main + 1) % u32::try_from(depots).unwrap_or(1) {
            *share = Some(aside);
        }
    }
    shares
}

/// The total number of units: enough of seven items in ten, too few of two, none of one.
fn held(scene: Scene<'_>, need: &Need<'_>, round: Round) -> Quantity {
    let fate = draw_below(&name(scene, need, "level"), 100);
    let round_name = if round == Round::Last { "last" } else { "before" };
    let more = draw_below(&name(scene, need, round_name), 11);
    let measured = need.item.unit.measured;
    match fate {
        0..72 if round == Round::Last => {
            let spare = percent(need.required, more, measured);
            need.required.plus(spare).unwrap_or(need.required)
        }
        0..72 => percent(need.required, 90 + more, measured),
        72..92 => percent(need.required, 40 + 4 * more, measured),
        _ => Quantity::ZERO,
    }
}

/// The lots that make up a share.
fn lots(scene: Scene<'_>, need: &Need<'_>, on: NaiveDate, depot: usize, share: Quantity) -> Vec<NewCountLine> {
    let name = name(scene, need, &format!("depot {depot}"));
    let fate = draw_below(&name, 100);
    // The example must match the printed text.
    let plain = scene.code() == EXAMPLE_ORGANIZATION && need.item.code == EXAMPLE_ITEM;
    if plain || share == Quantity::ZERO {
        return vec![line(need, share)];
    }
    if need.version.perishable {
        return perishable_lots(scene.today, need, &name, fate, share);
    }
    let one = Quantity::whole(1).min(share);
    let rest = line(need, share.less(one));
    let aside = line(need, one);
    match fate {
        0..5 => {
            vec![rest, NewCountLine { condition: LotCondition::InRepair, note: note("sent to the maker"), ..aside }]
        }
        5..9 => vec![rest, NewCountLine { condition: LotCondition::Unserviceable, note: note("worn out"), ..aside }],
        9..12 if need.version.kind == ItemKind::Equipment => {
            vec![rest, NewCountLine { held: Held::Lent, note: note("lent to a neighbour for a drill"), ..aside }]
        }
        12..60 => vec![in_packs(need, share).unwrap_or_else(|| line(need, share))],
        60..75 if need.version.kind == ItemKind::Equipment => {
            let inspected_on = days_from(on, -i64::from(5 + draw_below(&name, 80)));
            vec![NewCountLine { inspected_on: Some(inspected_on), ..line(need, share) }]
        }
        _ => vec![line(need, share)],
    }
}

/// The lots of a perishable item: some have expired, some are about to, and some have no date.
fn perishable_lots(today: NaiveDate, need: &Need<'_>, name: &str, fate: u32, share: Quantity) -> Vec<NewCountLine> {
    let life = need.version.shelf_life_months.unwrap_or(36).max(6);
    let days = |purpose: &str, least: u32, most: u32| least + draw_below(&format!("{name} {purpose}"), most - least);
    // Everything that is counted must have been made before: the oldest counts are 200 days old.
    let late = i64::from(days("late", 110, (life * 30).saturating_sub(210).max(140)));
    let long = |quantity| lot(need, name, life, days_from(today, late), quantity);
    let half = percent(share, 50, need.item.unit.measured);
    match fate {
        0..9 => {
            let gone = percent(share, 25, need.item.unit.measured).max(Quantity::whole(1));
            vec![long(share), lot(need, name, life, days_from(today, -i64::from(days("gone", 8, 90))), gone)]
        }
        9..20 => {
            let soon = lot(need, name, life, days_from(today, i64::from(days("soon", 3, 29))), share.less(half));
            vec![long(half), soon]
        }
        20..23 => vec![line(need, share)],
        23..45 if half > Quantity::whole(2) => {
            let sooner = i64::from(days("sooner", 45, 110));
            vec![long(half), lot(need, name, life, days_from(today, sooner), share.less(half))]
        }
        45..75 => vec![in_packs(need, share).map_or_else(
            || long(share),
            |packed| NewCountLine {
                quantity: None,
                pack: packed.pack,
                packs: packed.packs,
                pack_size: packed.pack_size,
                ..long(share)
            },
        )],
        _ => vec![long(share)],
    }
}

/// A lot that expires on a day, numbered as its maker would: month of production and series.
fn lot(need: &Need<'_>, name: &str, life: u32, expires_on: NaiveDate, quantity: Quantity) -> NewCountLine {
    let made_on = expires_on.checked_sub_months(Months::new(life)).unwrap_or(expires_on);
    let number = format!("B{}-{:02}", made_on.format("%y%m"), draw(&format!("{name} {expires_on}")) % 90 + 10);
    NewCountLine { lot: Some(number), expires_on: Some(expires_on), made_on: Some(made_on), ..line(need, quantity) }
}

/// The share in whole packs, a started one counted as full, if the item comes in packs.
fn in_packs(need: &Need<'_>, share: Quantity) -> Option<NewCountLine> {
    let pack = need.version.packs.first().filter(|pack| pack.size > Quantity::ZERO && pack.size <= share)?;
    let packs = (share.thousandths() + pack.size.thousandths() - 1) / pack.size.thousandths();
    let packs = Quantity::from_thousandths(packs * 1_000).ok()?;
    Some(NewCountLine {
        quantity: None,
        pack: Some(pack.name.clone()),
        packs: Some(packs),
        pack_size: Some(pack.size),
        ..line(need, share)
    })
}

fn line(need: &Need<'_>, quantity: Quantity) -> NewCountLine {
    NewCountLine {
        item: need.item.code.clone(),
        quantity: Some(quantity),
        pack: None,
        packs: None,
        pack_size: None,
        lot: None,
        expires_on: None,
        made_on: None,
        inspected_on: None,
        condition: LotCondition::Serviceable,
        held: Held::Here,
        place: None,
        note: None,
    }
}

fn note(text: &str) -> Option<String> {
    Some(text.to_owned())
}

/// A percentage, rounded down to whole units, or to tenths of a measured unit.
fn percent(quantity: Quantity, percent: u32, measured: bool) -> Quantity {
    let step = if measured { 100 } else { 1_000 };
    let part = quantity.thousandths() * i64::from(percent) / 100;
    Quantity::from_thousandths(part / step * step).unwrap_or(quantity)
}

fn days_from(day: NaiveDate, days: i64) -> NaiveDate {
    let moved = if days < 0 {
        day.checked_sub_days(Days::new(days.unsigned_abs()))
    } else {
        day.checked_add_days(Days::new(days.unsigned_abs()))
    };
    moved.unwrap_or(day)
}

fn name(scene: Scene<'_>, need: &Need<'_>, purpose: &str) -> String {
    format!("{} {} {purpose}", scene.code(), need.item.code)
}
