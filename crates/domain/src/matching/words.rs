//! Words taken apart: the core of a name, the measures that it states, and the notes in brackets or in the specification.

use std::collections::BTreeSet;
use std::str::FromStr as _;

use super::alias::LedgerWords;
use super::units::{Dimension, LONGEST_MEASURING, is_unit_word, measuring};
use crate::folding::{compact, plain};
use base::quantity::Quantity;

/// The longest name that is compared with those of the catalogue, in characters: the longest name that an item may have.
pub(super) const LONGEST_NAME: usize = 200;

/// The number of notes of one row that are read.
const MOST_NOTES: usize = 16;

/// The characters and words that names of many things have; they weigh less.
const COMMON: &str = "消防应急救援抢险式型用专便携移动手提多功能防护";

/// The weights of a common symbol and of any other.
const WEIGHTS: (u32, u32) = (1, 3);

/// A measure that words state: the dimension, and thousandths of its least unit.
pub(super) type Measure = (Dimension, i128);

/// A part of a name that is compared as a whole: a Chinese character, or a run of other letters or of digits.
pub(super) type Symbol = String;

/// A text taken apart.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Reading {
    /// The name without brackets and measures, compact; without them it would be empty, the whole name.
    pub(super) core: String,
    /// The core in symbols.
    pub(super) symbols: Vec<Symbol>,
    /// The measures that it states.
    pub(super) measures: BTreeSet<Measure>,
    /// The words in brackets, compact, but for those of units.
    pub(super) notes: BTreeSet<String>,
}

impl Reading {
    /// Takes a name apart.
    pub(super) fn of_name(name: &str) -> Self {
        let text = plain(name);
        let (outside, inside) = split_brackets(&text);
        let mut measures = BTreeSet::new();
        let outside = without_unit_at_end(&take_measures(&outside, &mut measures)).to_owned();
        let inside = take_measures(&inside, &mut measures);
        let kept = if compact(&outside).is_empty() { &text } else { &outside };
        Self { core: compact(kept), symbols: symbols_of(kept), measures, notes: notes_of(&inside) }
    }

    /// Adds what a specification states.
    pub(super) fn with_specification(mut self, specification: &str) -> Self {
        let rest = take_measures(&plain(specification), &mut self.measures);
        self.notes.extend(notes_of(&rest).into_iter().take(MOST_NOTES));
        self
    }

    /// The name and the specification of a row.
    pub(super) fn of_row(words: &LedgerWords<'_>) -> Self {
        Self::of_name(words.name).with_specification(words.specification).with_specification(words.model)
    }

    /// The weight of the core.
    pub(super) fn weight(&self) -> u32 {
        self.symbols.iter().map(|symbol| weight_of(symbol)).sum()
    }
}

/// The weight of a symbol in comparisons of names.
pub(super) fn weight_of(symbol: &str) -> u32 {
    if COMMON.contains(symbol) { WEIGHTS.0 } else { WEIGHTS.1 }
}

/// The text outside of brackets and the text inside; a bracket that is never closed reaches to the end.
fn split_brackets(text: &str) -> (String, String) {
    let (mut outside, mut inside) = (String::new(), String::new());
    let mut depth = 0_usize;
    for character in text.chars() {
        match character {
            '(' | '[' | '{' | '【' | '〔' | '「' | '『' | '<' | '《' => {
                depth = depth.saturating_add(1);
                inside.push(' ');
            }
            ')' | ']' | '}' | '】' | '〕' | '」' | '』' | '>' | '》' => {
                depth = depth.saturating_sub(1);
                outside.push(' ');
            }
            character if depth > 0 => inside.push(character),
            character => outside.push(character),
        }
    }
    (outside, inside)
}

/// A name without the unit that some ledgers write behind it, as in 黄沙/m3.
fn without_unit_at_end(name: &str) -> &str {
    match name.trim_end().rsplit_once(['/', ' ']) {
        Some((rest, unit)) if is_unit_word(unit) && !rest.trim().is_empty() => rest,
        _ => name,
    }
}

/// The words of a text, compact, without endings that say nothing and without units.
fn notes_of(text: &str) -> BTreeSet<String> {
    let parts = text.split(|character: char| character.is_whitespace() || matches!(character, ',' | ';' | '、' | '。'));
    let note = |part: &str| {
        let note = compact(part);
        let short = note.strip_suffix(['型', '式', '类']).filter(|short| short.chars().count() > 1);
        short.map_or(note.clone(), str::to_owned)
    };
    parts.map(note).filter(|note| !note.is_empty() && !is_unit_word(note)).take(MOST_NOTES).collect()
}

/// The symbols of a plain text.
pub(super) fn symbols_of(text: &str) -> Vec<Symbol> {
    #[derive(PartialEq)]
    enum Kind {
        Letters,
        Digits,
        Single,
    }
    let mut symbols: Vec<Symbol> = Vec::new();
    let mut last = Kind::Single;
    for character in text.chars() {
        let kind = match character {
            character if !character.is_alphanumeric() => {
                last = Kind::Single;
                continue;
            }
            '0'..='9' => Kind::Digits,
            character if character.is_ascii() => Kind::Letters,
            _ => Kind::Single,
        };
        match symbols.last_mut() {
            Some(symbol) if kind != Kind::Single && kind == last => symbol.push(character),
            _ => symbols.push(character.to_string()),
        }
        last = kind;
    }
    symbols
}

/// Moves the measures of a plain text out of it; a space stays for each.
fn take_measures(text: &str, measures: &mut BTreeSet<Measure>) -> String {
    let characters: Vec<char> = text.chars().collect();
    let mut rest = String::new();
    let mut at = 0;
    while let Some(character) = characters.get(at) {
        let after_letter = rest.ends_with(|last: char| last.is_ascii_alphanumeric());
        match measure_at(&characters, at).filter(|_| !after_letter) {
            Some((found, length)) => {
                measures.extend(found);
                rest.push(' ');
                at += length.max(1);
                // In 65mm×20m the sign belongs to neither.
                let is_times = matches!(characters.get(at), Some('x' | '×' | '*'));
                at += usize::from(is_times && characters.get(at + 1).is_some_and(char::is_ascii_digit));
            }
            None => {
                rest.push(*character);
                at += 1;
            }
        }
    }
    rest
}

/// The measures that begin at a place, and the number of characters they take: `6.8 L`, `65mm`, `4x6m`, `10-20L`.
fn measure_at(characters: &[char], start: usize) -> Option<(Vec<Measure>, usize)> {
    let mut at = start;
    let mut numbers = Vec::new();
    let mut is_range = false;
    loop {
        let (number, length) = number_at(characters, at)?;
        at += length;
        numbers.push(number);
        let after_spaces = skip_spaces(characters, at);
        if let Some((dimension, size, length)) = unit_at(characters, after_spaces) {
            let measures =
                numbers.into_iter().map(|number| (dimension, i128::from(number.thousandths()) * i128::from(size)));
            return Some((measures.collect(), after_spaces + length - start));
        }
        match characters.get(after_spaces)? {
            'x' | '×' | '*' if !is_range => {}
            '-' | '~' | '—' | '至' if numbers.len() == 1 => is_range = true,
            _ => return None,
        }
        at = skip_spaces(characters, after_spaces + 1);
    }
}

fn skip_spaces(characters: &[char], mut at: usize) -> usize {
    while characters.get(at).is_some_and(|character| character.is_whitespace()) {
        at += 1;
    }
    at
}

fn number_at(characters: &[char], at: usize) -> Option<(Quantity, usize)> {
    let is_part = |character: &&char| character.is_ascii_digit() || **character == '.';
    let text: String = characters.iter().skip(at).take_while(is_part).collect();
    let text = text.trim_end_matches('.');
    Some((Quantity::from_str(text).ok()?, text.len()))
}

/// The unit at a place: the longest word that measures and that no further letter follows.
fn unit_at(characters: &[char], at: usize) -> Option<(Dimension, u32, usize)> {
    (1..=LONGEST_MEASURING).rev().find_map(|length| {
        let word: String = characters.get(at..at.checked_add(length)?)?.iter().collect();
        let (dimension, size) = measuring(&word)?;
        let next = characters.get(at + length).copied().unwrap_or(' ');
        let is_times = next == 'x' && characters.get(at + length + 1).is_some_and(char::is_ascii_digit);
        let goes_on = match word.chars().last() {
            Some('0'..='9') => next.is_ascii_alphanumeric() && !is_times,
            Some('a'..='z') => next.is_ascii_alphabetic() && !is_times,
            _ => false,
        };
        (!goes_on).then_some((dimension, size, length))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn litres(litres: i128) -> Measure {
        (Dimension::Volume, litres * 1_000_000)
    }

    fn millimetres(millimetres: i128) -> Measure {
        (Dimension::Length, millimetres * 1_000)
    }

    fn grams(grams: i128) -> Measure {
        (Dimension::Mass, grams * 1_000)
    }

    #[test]
    fn a_name_is_taken_apart() {
        let cases: [(&str, &str, &[Measure], &[&str]); 22] = [
            ("空气呼吸器（6.8L）", "空气呼吸器", &[(Dimension::Volume, 6_800_000)], &[]),
            ("空气呼吸器【正压式 6.8升】", "空气呼吸器", &[(Dimension::Volume, 6_800_000)], &["正压"]),
            ("消防水带65mm（20m/盘）", "消防水带", &[millimetres(65), millimetres(20_000)], &[]),
            ("消防水带 65mm×20米", "消防水带", &[millimetres(65), millimetres(20_000)], &[]),
            ("65mmx20m水带", "水带", &[millimetres(65), millimetres(20_000)], &[]),
            ("篷布4x6m", "篷布", &[millimetres(4_000), millimetres(6_000)], &[]),
            ("储水桶10-20L", "储水桶", &[litres(10), litres(20)], &[]),
            ("手提式ABC干粉灭火器4公斤", "手提式abc干粉灭火器", &[grams(4_000)], &[]),
            ("单帐篷12㎡", "单帐篷", &[(Dimension::Area, 120_000_000)], &[]),
            ("4h正压氧气呼吸器", "正压氧气呼吸器", &[(Dimension::Time, 14_400_000)], &[]),
            ("自救器(≥30min)", "自救器", &[(Dimension::Time, 1_800_000)], &[]),
            ("便携式H2S报警仪", "便携式h2s报警仪", &[], &[]),
            ("CO2灭火器", "co2灭火器", &[], &[]),
            ("水带 8-65-20", "水带8-65-20", &[], &[]),
            ("黄沙/m3", "黄沙", &[], &[]),
            ("灭火器（具）", "灭火器", &[], &[]),
            ("金属火灾灭火器（D类）9kg", "金属火灾灭火器", &[grams(9_000)], &["d类"]),
            ("（备用）", "备用", &[], &["备用"]),
            ("空呼(6.8L", "空呼", &[(Dimension::Volume, 6_800_000)], &[]),
            ("50米", "50米", &[millimetres(50_000)], &[]),
            ("", "", &[], &[]),
            ("2m3水箱", "水箱", &[(Dimension::Volume, 2_000_000_000)], &[]),
        ];
        for (name, core, measures, notes) in cases {
            let reading = Reading::of_name(name);
            assert_eq!(reading.core, core, "{name}");
            assert_eq!(reading.measures, measures.iter().copied().collect(), "{name}");
            assert_eq!(reading.notes, notes.iter().map(|note| (*note).to_owned()).collect(), "{name}");
        }
    }

    #[test]
    fn a_run_of_letters_is_one_symbol() {
        assert_eq!(symbols_of("abc干粉 4 kg"), ["abc", "干", "粉", "4", "kg"]);
        assert_eq!(symbols_of("life jacket"), ["life", "jacket"]);
        assert_eq!(symbols_of("pe100管"), ["pe", "100", "管"]);
    }

    #[test]
    fn the_specification_and_the_model_are_read_too() {
        let words =
            LedgerWords { name: "灭火器", specification: "4kg 手提式", model: "MFZ/ABC4", ..Default::default() };
        let reading = Reading::of_row(&words);
        assert_eq!(reading.measures, [grams(4_000)].into());
        assert_eq!(reading.notes, ["手提", "mfzabc4"].map(str::to_owned).into());
    }
}
