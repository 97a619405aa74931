//! The nearness of a row to an item: one number, from its names, its unit and its specification.

use std::collections::BTreeSet;

use super::MatchReason;
use super::units::UnitFit;
use super::words::{Measure, Reading};

/// The least nearness of names that is worth a question.
///
/// Two names of two characters that share the last alone reach 36 (雨衣, 大衣), and 38 where the other has common characters too
/// (消防衣); the floor is above that. Tried with the embedded catalogue: of 80 things that it does not have, 14 come above 39,
/// and 43 above 30; of 1,330 other names of its items, without the help of aliases, 932 find their item among the candidates
/// at 39, and 1,083 at 30. The test `the_floor_divides_what_is_there_from_what_is_not` of the crate `reference` counts again.
pub(super) const FLOOR: u32 = 39;

/// The nearness of names that are the same, by what was compared.
pub(super) const SAME_CODE: u32 = 95;
/// The name with a note: of a 对讲机 that is 防爆, the 防爆对讲机 before the 对讲机.
const SAME_COMBINED: u32 = 92;
const SAME_NAME: u32 = 90;
const SAME_ALIAS: u32 = 86;
const NEAR_ALIAS: u32 = 78;
/// The same but for a specification, of which the row states too little, or something else.
const TOO_LITTLE_STATED: u32 = 80;
const STATED_OTHERWISE: u32 = 60;
/// A note alone is the name.
const SAME_NOTE: u32 = 70;
/// Other characters with the same sound.
const SAME_SOUND: u32 = 75;
/// The pinyin of the whole name, and its initials; parts of them get from [`SPELLED_LEAST`] on.
const SPELLED: u32 = 72;
const INITIALS: u32 = 64;
const SPELLED_LEAST: u32 = 36;
/// Other names: this share of their similarity in percent.
const SIMILAR_PERCENT: u32 = 72;

/// The loss of similarity, in percent points, where the last symbols differ: the last character of a Chinese name says what
/// the thing is (消防水带, 消防水枪).
const OTHER_HEAD: u32 = 15;

/// The points of the unit and the specification.
const UNIT_SAME: i32 = 6;
const UNIT_COMPATIBLE: i32 = 4;
const UNIT_CONTRADICTS: i32 = -20;
const MEASURES_AGREE: i32 = 4;
const MEASURES_DIFFER: i32 = -10;
const NOTES_AGREE: u32 = 4;

/// The most that unit and specification of a row add to the nearness of names.
pub(super) fn most_added(row: &Row) -> u32 {
    let of_measures = if row.reading.measures.is_empty() { 0 } else { MEASURES_AGREE };
    let of_notes = if row.notes.is_empty() { 0 } else { NOTES_AGREE };
    (UNIT_SAME + of_measures).unsigned_abs() + of_notes
}

/// A known symbol by its number, with its weight. Symbols that the catalogue does not have are [`UNKNOWN`].
pub(super) type Weighed = (u32, u32);

/// The number of symbols that occur in no name.
pub(super) const UNKNOWN: u32 = u32::MAX;

/// A row, prepared for comparing.
pub(super) struct Row {
    pub(super) reading: Reading,
    pub(super) symbols: Vec<Weighed>,
    /// The symbols in order of their numbers.
    pub(super) sorted: Vec<Weighed>,
    pub(super) weight: u32,
    /// The symbols of the notes.
    pub(super) notes: BTreeSet<Weighed>,
    /// The core with each note before and after it.
    pub(super) combined: BTreeSet<String>,
    /// The sound of the core.
    pub(super) sound: Option<String>,
    /// The core as pinyin, where it has nothing but letters.
    pub(super) spelled: Option<String>,
    /// The word for the unit, compact.
    pub(super) unit: String,
}

/// The kind of a label.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum LabelKind {
    Name,
    Alias,
    /// An alias of something near.
    Near,
    /// An answer; about all words of a row, so that it alone decides nothing for other words.
    Answer,
}

/// A name or alias by which an item is found.
pub(super) struct Label {
    pub(super) kind: LabelKind,
    pub(super) reading: Reading,
    pub(super) symbols: Vec<Weighed>,
    pub(super) sorted: Vec<Weighed>,
    pub(super) weight: u32,
    pub(super) sound: Option<String>,
    pub(super) spellings: Vec<Spelling>,
    /// The word for the unit that must be stated, compact.
    pub(super) unit: Option<String>,
}

/// A way to type a name, from one of its characters on.
pub(super) struct Spelling {
    pub(super) text: String,
    pub(super) is_initials: bool,
    /// The length of the spelling of the whole name.
    pub(super) whole: usize,
}

/// The extent to which a row states what a label asks for besides the name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Statement {
    Full,
    TooLittle,
    Otherwise,
}

/// True where each of two texts states a measure of one dimension that the other does not.
pub(super) fn measures_differ(one: &BTreeSet<Measure>, other: &BTreeSet<Measure>) -> bool {
    one.difference(other).any(|(dimension, _)| other.difference(one).any(|(of_other, _)| of_other == dimension))
}

impl Label {
    /// The extent to which a row with the same core states the label's measures, notes and unit.
    pub(super) fn statement_in(&self, row: &Row) -> Statement {
        if measures_differ(&row.reading.measures, &self.reading.measures) {
            return Statement::Otherwise;
        }
        let has_measures = self.reading.measures.is_subset(&row.reading.measures);
        let has_notes = self.reading.notes.is_subset(&row.reading.notes);
        let has_unit = self.unit.as_ref().is_none_or(|unit| *unit == row.unit);
        if has_measures && has_notes && has_unit { Statement::Full } else { Statement::TooLittle }
    }

    /// The number of things that the label asks for besides the name.
    pub(super) fn asks_for(&self) -> usize {
        self.reading.measures.len() + self.reading.notes.len() + usize::from(self.unit.is_some())
    }

    /// The nearness of the row's name to the label, with its reason; nothing below the floor.
    pub(super) fn nearness(&self, row: &Row) -> Option<(u32, MatchReason)> {
        let found = if self.reading.core == row.reading.core && !row.reading.core.is_empty() {
            let (points, reason) = match self.kind {
                LabelKind::Name => (SAME_NAME, MatchReason::Name),
                LabelKind::Alias => (SAME_ALIAS, MatchReason::Alias),
                LabelKind::Near => (NEAR_ALIAS, MatchReason::Alias),
                LabelKind::Answer => (SAME_ALIAS, MatchReason::Answer),
            };
            let points = match self.statement_in(row) {
                Statement::Full => points,
                Statement::TooLittle => points.min(TOO_LITTLE_STATED),
                Statement::Otherwise => STATED_OTHERWISE,
            };
            Some((points, reason))
        } else if row.combined.contains(&self.reading.core) {
            Some((SAME_COMBINED, MatchReason::Specification))
        } else if row.reading.notes.contains(&self.reading.core) {
            Some((SAME_NOTE, MatchReason::Specification))
        } else if self.sound.is_some() && self.sound == row.sound {
            Some((SAME_SOUND, MatchReason::Pinyin))
        } else {
            let spelled = self.spellings.iter().filter_map(|spelling| spelling.nearness(row)).max();
            let similar = (similarity(row, self) * SIMILAR_PERCENT / 100, MatchReason::Characters);
            spelled.into_iter().chain([similar]).max_by_key(|(points, reason)| (*points, std::cmp::Reverse(*reason)))
        };
        found.filter(|(points, _)| *points >= FLOOR)
    }
}

impl Spelling {
    fn nearness(&self, row: &Row) -> Option<(u32, MatchReason)> {
        let typed = row.spelled.as_ref().filter(|typed| self.text.starts_with(*typed))?;
        let (most, reason) = self.most();
        let (typed, whole) = (u32::try_from(typed.len()).ok()?, u32::try_from(self.whole.max(1)).ok()?);
        Some((SPELLED_LEAST + (most - SPELLED_LEAST) * typed.min(whole) / whole, reason))
    }

    /// The nearness of a row that spells all of it.
    pub(super) const fn most(&self) -> (u32, MatchReason) {
        if self.is_initials { (INITIALS, MatchReason::PinyinInitials) } else { (SPELLED, MatchReason::Pinyin) }
    }
}

/// The similarity of two names in percent: the weight of the symbols they share, in any order and in the same order, of
/// the weight of all.
fn similarity(row: &Row, label: &Label) -> u32 {
    let whole = row.weight + label.weight;
    if whole == 0 {
        return 0;
    }
    let shared = in_common(&row.sorted, &label.sorted) + in_order(&row.symbols, &label.symbols);
    let is_same_head = row.symbols.last() == label.symbols.last();
    (shared * 100 / whole).saturating_sub(if is_same_head { 0 } else { OTHER_HEAD })
}

/// The most that the similarity of names may be, given the weight they share at most.
pub(super) fn most_similar(shared: u32, row: u32, label: u32) -> u32 {
    (2 * shared.min(label) * 100 / (row + label).max(1)) * SIMILAR_PERCENT / 100
}

/// The least weight that a name must share with a row to come above the floor: 2·100·shared ≥ similarity·(row + shared),
/// as a name weighs no less than what it shares.
pub(super) fn least_shared(row: u32) -> u32 {
    let similarity = (FLOOR * 100).div_ceil(SIMILAR_PERCENT);
    (similarity * row).div_ceil(200 - similarity)
}

/// The weight of the symbols in both sorted lists.
fn in_common(one: &[Weighed], other: &[Weighed]) -> u32 {
    let mut rest = other.iter().peekable();
    let mut shared = 0;
    for (symbol, weight) in one {
        while rest.next_if(|(next, _)| next < symbol).is_some() {}
        if rest.next_if(|(next, _)| next == symbol).is_some() {
            shared += weight;
        }
    }
    shared
}

/// The weight of the heaviest sequence of symbols that both have in that order.
fn in_order(one: &[Weighed], other: &[Weighed]) -> u32 {
    let mut before = vec![0; other.len() + 1];
    for (symbol, weight) in one {
        let mut now = vec![0];
        let mut left = 0;
        for ((next, _), pair) in other.iter().zip(before.windows(2)) {
            let [diagonal, above] = pair else { continue };
            left = if next == symbol { diagonal + weight } else { left.max(*above) };
            now.push(left);
        }
        before = now;
    }
    before.last().copied().unwrap_or_default()
}

/// The nearness of a row to an item: that of its best name, with the points of unit and specification.
pub(super) struct Nearness<'a> {
    pub(super) name: (u32, MatchReason),
    pub(super) unit: &'a UnitFit,
    /// The measures that the item's names and the best label state.
    pub(super) measures: &'a BTreeSet<Measure>,
    /// The symbols of all names of the item.
    pub(super) symbols: &'a BTreeSet<Weighed>,
}

impl Nearness<'_> {
    /// The score, and the reasons for and against.
    pub(super) fn score(&self, row: &Row) -> (u8, Vec<MatchReason>) {
        let (name, reason) = self.name;
        let (unit, unit_reason) = match self.unit {
            UnitFit::Same | UnitFit::Answered(_) => (UNIT_SAME, Some(MatchReason::Unit)),
            UnitFit::Compatible | UnitFit::Converted(_) | UnitFit::Pack { .. } => {
                (UNIT_COMPATIBLE, Some(MatchReason::Unit))
            }
            UnitFit::Assumed => (0, None),
            UnitFit::Missing | UnitFit::Unknown => (0, Some(MatchReason::UnitUnknown)),
            UnitFit::Contradicts => (UNIT_CONTRADICTS, Some(MatchReason::UnitContradicts)),
        };
        let differs = measures_differ(&row.reading.measures, self.measures);
        let agrees = !differs && !row.reading.measures.is_disjoint(self.measures);
        let measures = if differs {
            MEASURES_DIFFER
        } else if agrees {
            MEASURES_AGREE
        } else {
            0
        };
        let notes = self.notes_in_common(row);
        let is_specified = agrees || notes * 2 >= NOTES_AGREE;
        let total = i32::try_from(name + notes).unwrap_or(i32::MAX).saturating_add(unit + measures);
        let mut reasons = vec![reason];
        reasons.extend((is_specified && reason != MatchReason::Specification).then_some(MatchReason::Specification));
        reasons.extend(differs.then_some(MatchReason::SpecificationDiffers));
        reasons.extend(unit_reason);
        (u8::try_from(total.clamp(0, 100)).unwrap_or(100), reasons)
    }

    fn notes_in_common(&self, row: &Row) -> u32 {
        let weight = |symbols: &mut dyn Iterator<Item = &Weighed>| symbols.map(|(_, weight)| weight).sum::<u32>();
        let all = weight(&mut row.notes.iter());
        (NOTES_AGREE * weight(&mut row.notes.intersection(self.symbols))).checked_div(all).unwrap_or(0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn weighed(symbols: &[u32]) -> Vec<Weighed> {
        symbols.iter().map(|symbol| (*symbol, if *symbol == 9 { 1 } else { 3 })).collect()
    }

    #[test]
    fn symbols_are_compared_in_any_order_and_in_one() {
        let sorted = |symbols: &[u32]| {
            let mut sorted = weighed(symbols);
            sorted.sort_unstable();
            sorted
        };
        for (one, other, any, ordered) in [
            (&[1, 2, 3][..], &[1, 2, 3][..], 9, 9),
            (&[1, 2, 3], &[3, 2, 1], 9, 3),
            (&[1, 1, 2], &[1, 2, 2], 6, 6),
            (&[9, 1], &[9, 2], 1, 1),
            (&[1, 2], &[3, 4], 0, 0),
            (&[], &[3, 4], 0, 0),
        ] {
            assert_eq!(in_common(&sorted(one), &sorted(other)), any);
            assert_eq!(in_order(&weighed(one), &weighed(other)), ordered);
        }
    }

    #[test]
    fn what_shares_less_than_the_least_is_below_the_floor() {
        for row in 1..200 {
            let least = least_shared(row);
            for shared in 0..least {
                assert!(most_similar(shared, row, shared) < FLOOR, "{shared} of {row}");
            }
        }
    }
}
