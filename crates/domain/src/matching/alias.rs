//! Other names of items, and the answers that regions have given: both say which item some words mean.

use std::collections::BTreeMap;

use uuid::Uuid;

use base::quantity::Quantity;

use crate::folding::compact;
use crate::item::ItemCode;

/// The words of a row of a ledger that tell the thing. Missing words are empty.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct LedgerWords<'a> {
    /// The name.
    pub name: &'a str,
    /// The specification.
    pub specification: &'a str,
    /// The model, where the ledger has a column of its own for it.
    pub model: &'a str,
    /// The word for the unit.
    pub unit: &'a str,
    /// The code of the item, where the ledger has one.
    pub code: &'a str,
}

/// The key of words: the same for words that differ only in width, script, case, spaces and punctuation, and whether the
/// model has a column of its own. Answers are stored under it.
///
/// It is readable: the folded name, specification and unit, with `|` between them, which no folded text contains. The code is
/// no part of it, because a code needs no answer. Folding follows the tables of Unicode and of traditional characters that the
/// program was built with; keep the words beside the key, so that keys can be worked out again. Very long words have a hash for a key.
pub fn words_key(words: &LedgerWords<'_>) -> String {
    key_of(words.name, &words.specified(), words.unit)
}

impl LedgerWords<'_> {
    /// The specification and the model, as one text.
    pub fn specified(&self) -> String {
        format!("{} {}", self.specification, self.model).trim().to_owned()
    }
}

/// The longest key that is readable, in bytes: PostgreSQL indexes texts of less than 2,704.
const LONGEST_KEY: usize = 600;

fn key_of(name: &str, specification: &str, unit: &str) -> String {
    let key = [name, specification, unit].map(compact).join("|");
    if key.len() <= LONGEST_KEY { key } else { format!("#{}", Uuid::new_v5(&Uuid::NAMESPACE_OID, key.as_bytes())) }
}

/// Another name of an item, or a region's answer about the words of a ledger.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Alias {
    /// The name.
    pub name: String,
    /// The specification that must be stated for the name to mean this; `None` for any. Of an answer, the specification and
    /// model in the ledger, which may be empty.
    pub specification: Option<String>,
    /// The word for the unit that must be stated; `None` for any. Of an answer, the unit in the ledger, which may be empty.
    pub unit: Option<String>,
    /// The meaning of the words.
    pub meaning: Meaning,
    /// The relation of the name to the item.
    pub relation: AliasRelation,
    /// The origin; the nearest one that speaks decides.
    pub origin: AliasOrigin,
}

/// The meaning of the words of an alias.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Meaning {
    /// An item.
    Item {
        /// Its code.
        code: ItemCode,
        /// The number of the item's units in one of the alias's unit, where somebody has said so: 50 for a box of 50.
        factor: Option<Quantity>,
    },
    /// Something that is no item of the catalogue.
    Unlisted,
}

/// The relation of an alias to its item.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AliasRelation {
    /// Another name of the same thing.
    #[default]
    Same,
    /// A broader, narrower or neighbouring thing, which people may mean: always a question.
    Near,
}

/// The origin of an alias, nearest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum AliasOrigin {
    /// A region: the ledger's own (0), its parent (1), and so on up.
    Region(u32),
    /// The data that the product brings, for all regions.
    Everywhere,
}

impl Alias {
    /// An answer about the words of a ledger, given by a region so many steps above the ledger's own.
    pub fn answer(words: &LedgerWords<'_>, meaning: Meaning, above: u32) -> Self {
        Self {
            name: words.name.to_owned(),
            specification: Some(words.specified()),
            unit: Some(words.unit.to_owned()),
            meaning,
            relation: AliasRelation::Same,
            origin: AliasOrigin::Region(above),
        }
    }

    /// The key of the words that it answers in full, as [`words_key`]; `None` for an alias that leaves some of them open.
    pub fn key(&self) -> Option<String> {
        Some(key_of(&self.name, self.specification.as_deref()?, self.unit.as_deref()?))
    }

    /// The code of the item that it names.
    pub fn item(&self) -> Option<&ItemCode> {
        match &self.meaning {
            Meaning::Item { code, .. } => Some(code),
            Meaning::Unlisted => None,
        }
    }
}

/// The names of aliases by the item that they name, for a search of items: each once, in the order of the aliases. Those of
/// near things are among them, because a person looks at what is found.
pub fn names_by_item(aliases: &[Alias]) -> BTreeMap<&str, Vec<&str>> {
    let mut names: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for (item, alias) in aliases.iter().filter_map(|alias| Some((alias.item()?, alias))) {
        let names = names.entry(item).or_default();
        if !names.contains(&alias.name.as_str()) {
            names.push(&alias.name);
        }
    }
    names
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_key_of_an_answer_is_that_of_its_words() {
        let words = LedgerWords {
            name: "空呼 ",
            specification: "６.８L",
            model: "RHZKF6.8/30",
            unit: "具",
            ..LedgerWords::default()
        };
        assert_eq!(words_key(&words), "空呼|6.8lrhzkf6.8-30|具");
        let answer = Alias::answer(&words, Meaning::Unlisted, 0);
        assert_eq!(answer.key(), Some(words_key(&words)));
        let in_one_column = LedgerWords { specification: "6.8L RHZKF6.8/30", model: "", name: "空 呼", ..words };
        assert_eq!(words_key(&in_one_column), words_key(&words));
        let other_unit = LedgerWords { unit: "套", ..words };
        assert_ne!(words_key(&other_unit), words_key(&words));
        assert_eq!(words_key(&LedgerWords::default()), "||");
    }

    #[test]
    fn items_have_the_names_of_their_aliases() {
        let words = |name| LedgerWords { name, ..LedgerWords::default() };
        let item = |code: &str| Meaning::Item { code: code.to_owned(), factor: None };
        let aliases = [
            Alias::answer(&words("空呼"), item("A"), 0),
            Alias::answer(&words("空呼"), item("A"), 1),
            Alias::answer(&words("呼吸器"), item("A"), 0),
            Alias::answer(&words("桌子"), Meaning::Unlisted, 0),
        ];
        assert_eq!(names_by_item(&aliases), [("A", vec!["空呼", "呼吸器"])].into());
    }

    #[test]
    fn nearer_origins_come_first() {
        assert!(AliasOrigin::Region(0) < AliasOrigin::Region(1));
        assert!(AliasOrigin::Region(9) < AliasOrigin::Everywhere);
    }
}
