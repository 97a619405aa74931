//! Lot numbers: the same number is written in many ways.

use std::cmp::Ordering;
use std::hash::{Hash, Hasher};

use serde::{Serialize, Serializer};
use unicode_normalization::UnicodeNormalization as _;

/// A lot number as somebody wrote it. Two are equal if they are the same number: compatible forms of letters, upper and
/// lower case, white space and invisible signs make no difference.
#[derive(Clone, Debug)]
pub struct LotNumber {
    written: String,
    plain: String,
}

impl LotNumber {
    /// Reads a lot number; `None` if nothing of it is visible.
    pub fn read(written: &str) -> Option<Self> {
        let plain = plain(written);
        (!plain.is_empty()).then(|| Self { written: written.to_owned(), plain })
    }

    /// The number as it was written.
    pub fn written(&self) -> &str {
        &self.written
    }
}

/// NFKC without white space and invisible signs, in upper case.
fn plain(written: &str) -> String {
    let visible = |character: &char| !character.is_whitespace() && !is_invisible(*character);
    // Upper case may take apart what NFKC composed, so it is composed again.
    written.nfkc().filter(visible).collect::<String>().to_uppercase().nfkc().collect()
}

/// True for signs that are not drawn: zero-width spaces and joiners, marks of direction, soft hyphens, variation selectors.
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
