//! Lot numbers. The same number may be written in many ways.

use std::cmp::Ordering;
use std::hash::{Hash, Hasher};

use serde::{Serialize, Serializer};
use unicode_normalization::UnicodeNormalization as _;

/// A lot number as somebody wrote it. Two are equal if they are the same number: compatibility forms of letters, case,
/// white space and invisible characters make no difference.
#[derive(Clone, Debug)]
pub struct LotNumber {
    written: String,
    plain: String,
}

impl LotNumber {
    /// Reads a lot number; `None` if it has no visible character.
    pub fn read(written: &str) -> Option<Self> {
        let plain = plain(written);
        (!plain.is_empty()).then(|| Self { written: written.to_owned(), plain })
    }

    /// The number as it was written.
    pub fn written(&self) -> &str {
        &self.written
    }
}

/// NFKC without white space and invisible characters, in upper case.
fn plain(written: &str) -> String {
    // NFKC leaves ASCII as it is. Stored counts are read with all their lots, and most numbers are written so.
    if written.is_ascii() {
        let visible = written.chars().filter(|character| !character.is_whitespace());
        return visible.map(|character| character.to_ascii_uppercase()).collect();
    }
    plain_of_any(written)
}

fn plain_of_any(written: &str) -> String {
    let visible = |character: &char| !character.is_whitespace() && !is_invisible(*character);
    // Upper case may decompose characters that NFKC composed, so they are composed again.
    written.nfkc().filter(visible).collect::<String>().to_uppercase().nfkc().collect()
}

/// True for invisible characters: zero-width spaces and joiners, direction marks, soft hyphens, variation selectors.
fn is_invisible(character: char) -> bool {
    matches!(
        character,
        '\u{00AD}'
            | '\u{034F}'
            | '\u{061C}'
            | '\u{115F}'..='\u{1160}'
            | '\u{17B4}'..='\u{17B5}'
            | '\u{180B}'..='\u{180F}'
            | '\u{200B}'..='\u{200F}'
            | '\u{202A}'..='\u{202E}'
            | '\u{2060}'..='\u{206F}'
            | '\u{3164}'
            | '\u{FE00}'..='\u{FE0F}'
            | '\u{FEFF}'
            | '\u{FFA0}'
            | '\u{FFF9}'..='\u{FFFB}'
            | '\u{E0000}'..='\u{E0FFF}'
    )
}

impl PartialEq for LotNumber {
    fn eq(&self, other: &Self) -> bool {
        self.plain == other.plain
    }
}

impl Eq for LotNumber {}

impl PartialOrd for LotNumber {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for LotNumber {
    fn cmp(&self, other: &Self) -> Ordering {
        self.plain.cmp(&other.plain)
    }
}

impl Hash for LotNumber {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.plain.hash(state);
    }
}

impl Serialize for LotNumber {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.written)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_number_is_written_in_many_ways() {
        let first = LotNumber::read("B2209").unwrap();
        for same in [
            "b2209",
            "Ｂ２２０９",
            " B 2209 ",
            "B2209\u{200B}",
            "\u{FEFF}B22\u{2060}09",
            "B\u{3000}2209",
            "\u{200E}b2209\u{200F}",
        ] {
            assert_eq!(LotNumber::read(same).unwrap(), first, "{same:?}");
            assert_eq!(LotNumber::read(same).unwrap().written(), same);
        }
        for other in ["B2208", "B-2209", "B2209A"] {
            assert_ne!(LotNumber::read(other).unwrap(), first, "{other:?}");
        }
    }

    proptest::proptest! {
        #[test]
        fn ascii_is_read_like_any_other_text(written in "[\\x00-\\x7F]{0,12}") {
            proptest::prop_assert_eq!(plain(&written), plain_of_any(&written));
        }
    }

    #[test]
    fn upper_case_does_not_undo_the_normal_form() {
        assert_eq!(LotNumber::read("ǆ7"), LotNumber::read("DŽ7"));
        assert_eq!(LotNumber::read("straße"), LotNumber::read("STRASSE"));
        assert_eq!(LotNumber::read("e\u{301}"), LotNumber::read("É"));
    }

    #[test]
    fn blanks_are_no_number() {
        for nothing in ["", " ", "\u{3000}", "\u{200B}\u{FEFF}"] {
            assert_eq!(LotNumber::read(nothing), None, "{nothing:?}");
        }
    }
}
