//! The catalogue and its aliases, prepared for an import: rows find the items near them without a look at all others.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use chrono::NaiveDate;

use super::alias::{Alias, AliasOrigin, AliasRelation, LedgerWords, Meaning, words_key};
use super::score::{
    FLOOR, Label, LabelKind, Nearness, Row, SAME_CODE, Spelling, Statement, UNKNOWN, Weighed, least_shared,
    measures_differ, most_added, most_similar,
};
use super::units::{ItemUnit, UnitFactor, UnitFit};
use super::words::{LONGEST_NAME, Measure, Reading, symbols_of, weight_of};
use super::{Candidate, MOST_CANDIDATES, MatchOutcome, MatchReason, SureMatch};
use crate::folding::{compact, is_sign, plain, readings, without_tones};
use crate::item::{Item, ItemCode, ItemVersion};
use crate::revision::in_force_or_first;
use base::quantity::Quantity;

/// The most items that are compared in full with one row. Names are compared in the order of what they may reach at most, so
/// the limit matters only where more names than that are equally near.
const MOST_COMPARED: usize = 100;

/// The most ways to read one name in pinyin.
const MOST_READINGS: usize = 4;

/// The fewest letters that are taken for pinyin.
const FEWEST_SPELLED: usize = 2;

/// The catalogue on a day, with aliases and answers, prepared for matching.
///
/// The order of items and aliases makes no difference.
pub struct Matcher {
    items: Vec<IndexedItem>,
    labels: Vec<Entry>,
    symbols: HashMap<String, u32>,
    by_code: HashMap<String, Vec<usize>>,
    by_core: HashMap<String, Vec<usize>>,
    by_sound: HashMap<String, Vec<usize>>,
    by_spelling: BTreeMap<String, BTreeSet<usize>>,
    /// The labels that have a symbol, each with the number of times.
    by_symbol: HashMap<u32, Vec<(usize, u32)>>,
    answers: HashMap<String, Vec<(AliasOrigin, MeansItem)>>,
}

/// The item that words mean; `None` for words that mean none. With the number of its units in one of the row's, if told.
type MeansItem = Option<(usize, Option<Quantity>)>;

struct Entry {
    label: Label,
    origin: AliasOrigin,
    means: MeansItem,
}

struct IndexedItem {
    code: ItemCode,
    unit: ItemUnit,
    labels: Vec<usize>,
    /// The measures that its names in the catalogue state.
    measures: BTreeSet<Measure>,
    /// The symbols of its names and aliases.
    symbols: BTreeSet<Weighed>,
}

/// The words by which a row was decided.
struct Decisive {
    reason: MatchReason,
    means: MeansItem,
    /// The measures that a name or an alias states. `None` for a code and an answer, which need no specification.
    stated: Option<BTreeSet<Measure>>,
}

impl Matcher {
    /// Prepares the items of the catalogue on a day, without retired ones, and the aliases that name one of them. Pass for
    /// each region the answers that hold: of two different answers of one region to the same words, neither is sure.
    pub fn new(items: &BTreeMap<ItemCode, Item>, day: NaiveDate, aliases: &[Alias]) -> Self {
        let mut matcher = Self {
            items: Vec::new(),
            labels: Vec::new(),
            symbols: HashMap::new(),
            by_code: HashMap::new(),
            by_core: HashMap::new(),
            by_sound: HashMap::new(),
            by_spelling: BTreeMap::new(),
            by_symbol: HashMap::new(),
            answers: HashMap::new(),
        };
        let mut numbers: HashMap<&str, usize> = HashMap::new();
        for item in items.values() {
            let version = in_force_or_first(&item.versions, day).map(|row| &row.value);
            if let Some(version) = version.filter(|version| !version.retired) {
                numbers.insert(&item.code, matcher.items.len());
                matcher.add_item(item, version);
            }
        }
        for alias in aliases {
            let means = match &alias.meaning {
                Meaning::Item { code, factor } => match numbers.get(code.as_str()) {
                    Some(number) => Some((*number, *factor)),
                    None => continue,
                },
                Meaning::Unlisted => None,
            };
            matcher.add_alias(alias, means);
        }
        matcher
    }

    fn add_item(&mut self, item: &Item, version: &ItemVersion) {
        let number = self.items.len();
        self.items.push(IndexedItem {
            code: item.code.clone(),
            unit: ItemUnit::new(&item.unit, &version.packs),
            labels: Vec::new(),
            measures: BTreeSet::new(),
            symbols: BTreeSet::new(),
        });
        self.by_code.entry(plain(&item.code)).or_default().push(number);
        for name in [&version.name_zh, &version.name_en] {
            let reading = Reading::of_name(name);
            if let Some(item) = self.items.get_mut(number) {
                item.measures.extend(&reading.measures);
            }
            self.add_label(LabelKind::Name, reading, None, AliasOrigin::Everywhere, Some((number, None)));
        }
    }

    fn add_alias(&mut self, alias: &Alias, means: MeansItem) {
        let reading =
            Reading::of_name(&alias.name).with_specification(alias.specification.as_deref().unwrap_or_default());
        let is_answer = alias.relation == AliasRelation::Same && alias.origin != AliasOrigin::Everywhere;
        let answered = alias.key().filter(|_| is_answer);
        let kind = match alias.relation {
            AliasRelation::Near => LabelKind::Near,
            AliasRelation::Same if answered.is_some() => LabelKind::Answer,
            AliasRelation::Same => LabelKind::Alias,
        };
        if let Some(key) = answered {
            self.answers.entry(key).or_default().push((alias.origin, means));
        }
        let unit = alias.unit.as_deref().map(compact).filter(|unit| !unit.is_empty());
        self.add_label(kind, reading, unit, alias.origin, means);
    }

    fn add_label(
        &mut self,
        kind: LabelKind,
        reading: Reading,
        unit: Option<String>,
        origin: AliasOrigin,
        means: MeansItem,
    ) {
        if reading.core.is_empty() || reading.core.chars().count() > LONGEST_NAME {
            return;
        }
        let number = self.labels.len();
        let symbols: Vec<Weighed> = reading.symbols.iter().map(|symbol| self.number_symbol(symbol)).collect();
        let sorted = sorted(&symbols);
        self.by_core.entry(reading.core.clone()).or_default().push(number);
        let (sound, spellings) = (sound_of(&reading.core), spellings_of(&reading.core));
        if let Some((item, _)) = means {
            for (symbol, _) in &sorted {
                let labels = self.by_symbol.entry(*symbol).or_default();
                match labels.last_mut() {
                    Some((last, times)) if *last == number => *times += 1,
                    _ => labels.push((number, 1)),
                }
            }
            for spelling in &spellings {
                self.by_spelling.entry(spelling.text.clone()).or_default().insert(number);
            }
            if let Some(sound) = &sound {
                self.by_sound.entry(sound.clone()).or_default().push(number);
            }
            if let Some(item) = self.items.get_mut(item) {
                item.labels.push(number);
                item.symbols.extend(&symbols);
            }
        }
        let weight = reading.weight();
        let label = Label { kind, reading, symbols, sorted, weight, sound, spellings, unit };
        self.labels.push(Entry { label, origin, means });
    }

    fn number_symbol(&mut self, symbol: &str) -> Weighed {
        let next = u32::try_from(self.symbols.len()).unwrap_or(UNKNOWN);
        (*self.symbols.entry(symbol.to_owned()).or_insert(next), weight_of(symbol))
    }

    /// The outcome for the words of a row.
    pub fn find(&self, words: &LedgerWords<'_>) -> MatchOutcome {
        self.find_counting(words).0
    }

    /// The outcome, and the number of items that were compared in full.
    pub(super) fn find_counting(&self, words: &LedgerWords<'_>) -> (MatchOutcome, usize) {
        let row = self.row(words);
        if let Some(decisive) = self.decisive(words, &row) {
            match decisive.means {
                None => return (MatchOutcome::Unlisted, 0),
                Some((item, factor)) => {
                    if let Some(sure) = self.sure(words, &row, item, factor, &decisive) {
                        return (MatchOutcome::Sure(sure), 0);
                    }
                }
            }
        }
        let (candidates, compared) = self.candidates(words, &row);
        let outcome = if candidates.is_empty() { MatchOutcome::NoMatch } else { MatchOutcome::Ask(candidates) };
        (outcome, compared)
    }

    fn row(&self, words: &LedgerWords<'_>) -> Row {
        let mut reading = Reading::of_row(words);
        if reading.core.chars().count() > LONGEST_NAME {
            reading = Reading::default();
        }
        let number = |symbol: &str| (self.symbols.get(symbol).copied().unwrap_or(UNKNOWN), weight_of(symbol));
        let symbols: Vec<Weighed> = reading.symbols.iter().map(|symbol| number(symbol)).collect();
        let notes = reading.notes.iter().flat_map(|note| symbols_of(note)).map(|symbol| number(&symbol)).collect();
        let core = &reading.core;
        let combined =
            reading.notes.iter().flat_map(|note| [format!("{note}{core}"), format!("{core}{note}")]).collect();
        let letters: String = without_tones(&reading.core, false).into_iter().collect();
        let is_spelled = letters.len() >= FEWEST_SPELLED && letters.bytes().all(|letter| letter.is_ascii_lowercase());
        Row {
            sorted: sorted(&symbols),
            weight: reading.weight(),
            notes,
            combined,
            sound: sound_of(&reading.core),
            spelled: is_spelled.then_some(letters),
            unit: compact(words.unit),
            symbols,
            reading,
        }
    }

    /// The words that decide a row: a code, else the nearest answer, else the nearest names and aliases that the row states in
    /// full, those first that ask for most. `None` if there are none, or if they mean several things.
    fn decisive(&self, words: &LedgerWords<'_>, row: &Row) -> Option<Decisive> {
        let stated: Vec<&Entry> = self
            .by_core
            .get(&row.reading.core)
            .into_iter()
            .flatten()
            .filter_map(|label| self.labels.get(*label))
            .filter(|entry| entry.label.kind != LabelKind::Answer && entry.label.statement_in(row) == Statement::Full)
            .collect();
        if let [item] = self.coded(words) {
            let means_item = |entry: &&Entry| entry.means.is_some_and(|(named, _)| named == *item);
            let is_contradicted = !stated.is_empty() && !stated.iter().any(means_item);
            return (!is_contradicted).then_some(Decisive {
                reason: MatchReason::Code,
                means: Some((*item, None)),
                stated: None,
            });
        }
        let answers = self.answers.get(&words_key(words)).map_or(&[][..], Vec::as_slice);
        let answered = answers.iter().map(|(origin, _)| *origin).min();
        let named = stated.iter().map(|entry| entry.origin).min();
        if let Some(nearest) = answered.filter(|answered| named.is_none_or(|named| *answered <= named)) {
            let means = answers.iter().filter(|(origin, _)| *origin == nearest).map(|(_, means)| *means);
            return Some(Decisive { reason: MatchReason::Answer, means: the_one(means)?, stated: None });
        }
        let nearest: Vec<&Entry> = stated.into_iter().filter(|entry| Some(entry.origin) == named).collect();
        let most = nearest.iter().map(|entry| entry.label.asks_for()).max()?;
        let exact = || nearest.iter().filter(|entry| entry.label.asks_for() == most);
        if exact().any(|entry| entry.label.kind == LabelKind::Near) {
            return None;
        }
        let means = the_one(exact().map(|entry| entry.means))?;
        let is_name = exact().any(|entry| entry.label.kind == LabelKind::Name);
        let reason = if is_name { MatchReason::Name } else { MatchReason::Alias };
        let stated = exact().flat_map(|entry| &entry.label.reading.measures).copied().collect();
        Some(Decisive { reason, means, stated: Some(stated) })
    }

    /// The items with the code of a row.
    fn coded(&self, words: &LedgerWords<'_>) -> &[usize] {
        self.by_code.get(&plain(words.code)).map_or(&[], Vec::as_slice)
    }

    /// The match with an item, if unit and specification agree.
    fn sure(
        &self,
        words: &LedgerWords<'_>,
        row: &Row,
        number: usize,
        factor: Option<Quantity>,
        decisive: &Decisive,
    ) -> Option<SureMatch> {
        let item = self.items.get(number)?;
        let unit = factor
            .and_then(UnitFactor::of)
            .map_or_else(|| item.unit.fit(words.unit, &row.reading.core), UnitFit::Answered);
        unit.factor()?;
        if let Some(stated) = &decisive.stated {
            let is_stated = row.reading.measures.is_subset(stated);
            let differs = !is_stated && measures_differ(&row.reading.measures, &item.measures);
            if differs || self.notes_name_another(row, number) {
                return None;
            }
        }
        Some(SureMatch { item: item.code.clone(), because: decisive.reason, unit })
    }

    /// True if a note of the row is a name of another item, or part of the name of another one that shares more than common
    /// symbols with the row's name: the 防爆 of a 对讲机, where there is a 防爆对讲机.
    fn notes_name_another(&self, row: &Row, number: usize) -> bool {
        let own = self.items.get(number).map_or(&[][..], |item| &item.labels);
        let own: Vec<&Label> = own.iter().filter_map(|label| Some(&self.labels.get(*label)?.label)).collect();
        let heaviest = row.symbols.iter().map(|(_, weight)| *weight).max().unwrap_or_default();
        let is_heavy = |symbol: &Weighed| symbol.1 == heaviest && row.symbols.contains(symbol);
        let is_other = |entry: &&Entry| entry.means.is_some_and(|(item, _)| item != number);
        let names_another = |note: &String| {
            if note.chars().count() < 2 || own.iter().any(|label| label.has(note)) {
                return false;
            }
            let numbers = symbols_of(note).into_iter().map(|symbol| self.symbols.get(&symbol));
            let labels = numbers.map(|symbol| symbol.and_then(|symbol| self.by_symbol.get(symbol)));
            // A symbol that no name has: the note is in none.
            let Some(labels) = labels.collect::<Option<Vec<_>>>() else { return false };
            let rarest = labels.into_iter().min_by_key(|labels| labels.len());
            let others = rarest.into_iter().flatten().filter_map(|(label, _)| self.labels.get(*label)).filter(is_other);
            let mut having = others.filter(|entry| entry.label.has(note)).map(|entry| &entry.label);
            having.any(|label| {
                label.reading.core == *note || (label.kind != LabelKind::Near && label.symbols.iter().any(is_heavy))
            })
        };
        row.reading.notes.iter().any(names_another)
    }

    /// The nearest items, best first, and the number of those compared in full.
    fn candidates(&self, words: &LedgerWords<'_>, row: &Row) -> (Vec<Candidate>, usize) {
        let mut near: Vec<(u32, &IndexedItem)> = self
            .near(words, row)
            .into_iter()
            .filter(|(_, most)| *most >= FLOOR)
            .filter_map(|(item, most)| Some((most, self.items.get(item)?)))
            .collect();
        near.sort_unstable_by(|(most, item), (other, next)| other.cmp(most).then_with(|| item.code.cmp(&next.code)));
        let mut best: Vec<Candidate> = Vec::new();
        let mut compared = 0;
        for (most, item) in near.into_iter().take(MOST_COMPARED) {
            let is_full = best.len() == MOST_CANDIDATES;
            if is_full && best.last().is_some_and(|last| u32::from(last.score) > most + most_added(row)) {
                break;
            }
            compared += 1;
            best.extend(self.compare(words, row, item));
            best.sort_by(rank);
            best.truncate(MOST_CANDIDATES);
        }
        (best, compared)
    }

    /// The items that may be near, each with the most that its name may reach.
    fn near(&self, words: &LedgerWords<'_>, row: &Row) -> HashMap<usize, u32> {
        let mut near: HashMap<usize, u32> = HashMap::new();
        let mut reach = |label: usize, most: u32| {
            if let Some((item, _)) = self.labels.get(label).and_then(|entry| entry.means) {
                let known = near.entry(item).or_default();
                *known = (*known).max(most);
            }
        };
        let names = std::iter::once(&row.reading.core).chain(&row.reading.notes).chain(&row.combined);
        for label in names.filter_map(|name| self.by_core.get(name)).flatten() {
            reach(*label, SAME_CODE);
        }
        for label in row.sound.iter().filter_map(|sound| self.by_sound.get(sound)).flatten() {
            reach(*label, SAME_CODE);
        }
        if let Some(spelled) = &row.spelled {
            let beginning = self.by_spelling.range(spelled.clone()..).take_while(|(text, _)| text.starts_with(spelled));
            for label in beginning.flat_map(|(_, labels)| labels) {
                reach(*label, SAME_CODE);
            }
        }
        for (label, shared) in self.sharing(row) {
            if let Some(entry) = self.labels.get(label) {
                reach(label, most_similar(shared, row.weight, entry.label.weight));
            }
        }
        for item in self.coded(words) {
            near.insert(*item, SAME_CODE);
        }
        near
    }

    /// The labels that share enough with a row to come above the floor, with the weight that they share at most. The most
    /// frequent symbols are left out as long as no label can come above the floor by them alone.
    fn sharing(&self, row: &Row) -> HashMap<usize, u32> {
        let mut counted: BTreeMap<Weighed, u32> = BTreeMap::new();
        for symbol in &row.sorted {
            *counted.entry(*symbol).or_default() += 1;
        }
        let labels_of = |symbol: &Weighed| self.by_symbol.get(&symbol.0).map_or(&[][..], Vec::as_slice);
        let mut symbols: Vec<(Weighed, u32)> = counted.into_iter().collect();
        symbols.sort_by_key(|(symbol, _)| std::cmp::Reverse(labels_of(symbol).len()));
        let least = least_shared(row.weight);
        let mut left_out = 0;
        let mut shared: HashMap<usize, u32> = HashMap::new();
        for ((symbol, weight), times) in symbols {
            if left_out + weight * times < least {
                left_out += weight * times;
                continue;
            }
            for (label, there) in labels_of(&(symbol, weight)) {
                *shared.entry(*label).or_default() += weight * times.min(*there);
            }
        }
        shared.values_mut().for_each(|weight| *weight += left_out);
        shared
    }

    /// The item as a candidate, if one of its names or its code is near enough.
    fn compare(&self, words: &LedgerWords<'_>, row: &Row, item: &IndexedItem) -> Option<Candidate> {
        let is_coded =
            self.coded(words).iter().any(|coded| self.items.get(*coded).is_some_and(|it| it.code == item.code));
        let labels = item.labels.iter().filter_map(|label| self.labels.get(*label)).map(|entry| &entry.label);
        let nearest = labels
            .filter_map(|label| Some((label.nearness(row)?, Some(label))))
            .chain(is_coded.then_some(((SAME_CODE, MatchReason::Code), None)))
            .max_by_key(|((points, reason), label)| {
                // The rest makes the choice independent of the order of aliases.
                (*points, std::cmp::Reverse(*reason), label.map(|label| (label.asks_for(), &label.reading.measures)))
            });
        let (name, label) = nearest?;
        let mut measures = item.measures.clone();
        measures.extend(label.map(|label| &label.reading.measures).into_iter().flatten());
        let unit = item.unit.fit(words.unit, &row.reading.core);
        let nearness = Nearness { name, unit: &unit, measures: &measures, symbols: &item.symbols };
        let (score, reasons) = nearness.score(row);
        Some(Candidate { item: item.code.clone(), score, reasons, unit })
    }

    /// The candidates by comparison with every item, without the index: what the index must find.
    #[cfg(test)]
    pub(super) fn candidates_of_all(&self, words: &LedgerWords<'_>) -> Vec<Candidate> {
        let row = self.row(words);
        let mut all: Vec<Candidate> = self.items.iter().filter_map(|item| self.compare(words, &row, item)).collect();
        all.sort_by(rank);
        all.truncate(MOST_CANDIDATES);
        all
    }
}

impl Label {
    /// True if its name or its notes have a word.
    fn has(&self, word: &str) -> bool {
        self.reading.core.contains(word) || self.reading.notes.iter().any(|note| note.contains(word))
    }
}

/// The order of candidates: best first, then by code.
fn rank(one: &Candidate, other: &Candidate) -> std::cmp::Ordering {
    other.score.cmp(&one.score).then_with(|| one.item.cmp(&other.item))
}

/// The meaning that all have; `None` where they differ or there is none.
fn the_one(mut means: impl Iterator<Item = MeansItem>) -> Option<MeansItem> {
    let first = means.next()?;
    means.all(|other| other == first).then_some(first)
}

fn sorted(symbols: &[Weighed]) -> Vec<Weighed> {
    let mut sorted = symbols.to_vec();
    sorted.sort_unstable();
    sorted
}

/// The sound of a name of at least two Chinese characters, by their most usual readings.
fn sound_of(core: &str) -> Option<String> {
    let is_long_enough = core.chars().filter(|character| is_sign(*character)).nth(1).is_some();
    let sound = |character: char| readings(character).into_iter().next().unwrap_or_else(|| character.to_string());
    is_long_enough.then(|| core.chars().map(sound).collect::<Vec<_>>().join(" "))
}

/// The ways to type a name in pinyin and in initials, from each of its characters on.
fn spellings_of(core: &str) -> Vec<Spelling> {
    if !core.chars().any(is_sign) {
        return Vec::new();
    }
    let mut texts = HashSet::new();
    let mut spellings = Vec::new();
    for syllables in readings_of(core) {
        let initials: Vec<String> =
            syllables.iter().map(|syllable| syllable.chars().take(1).collect::<String>()).collect();
        for (parts, is_initials) in [(&syllables, false), (&initials, true)] {
            let whole = parts.iter().map(String::len).sum();
            for from in 0..parts.len() {
                let text: String = parts.iter().skip(from).map(String::as_str).collect();
                if text.len() >= FEWEST_SPELLED && texts.insert((text.clone(), is_initials)) {
                    spellings.push(Spelling { text, is_initials, whole });
                }
            }
        }
    }
    spellings
}

/// The syllables of a name: by the most usual readings, and with another reading of one character each, up to a limit.
fn readings_of(core: &str) -> Vec<Vec<String>> {
    let ways: Vec<Vec<String>> = core
        .chars()
        .map(|character| {
            let readings = readings(character);
            if readings.is_empty() { vec![character.to_string()] } else { readings }
        })
        .collect();
    let usual: Vec<String> = ways.iter().filter_map(|ways| ways.first().cloned()).collect();
    let others = ways.iter().enumerate().flat_map(|(at, ways)| ways.iter().skip(1).map(move |other| (at, other)));
    let changed = others.map(|(at, other)| {
        let mut syllables = usual.clone();
        if let Some(syllable) = syllables.get_mut(at) {
            syllable.clone_from(other);
        }
        syllables
    });
    std::iter::once(usual.clone()).chain(changed).take(MOST_READINGS).collect()
}
