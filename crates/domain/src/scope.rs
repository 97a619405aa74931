//! Scopes: the permissions of a client, each a word.

use std::collections::BTreeSet;
use std::fmt;

use serde::{Deserialize, Serialize};

/// One permission of a client.
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    Serialize,
    Deserialize,
    utoipa::ToSchema,
    strum::EnumString,
    strum::IntoStaticStr,
    strum::EnumIter,
)]
pub enum Scope {
    /// Reads the catalogue, the depots and the standards.
    #[serde(rename = "catalogue:read")]
    #[strum(serialize = "catalogue:read")]
    CatalogueRead,
    /// Reads counts and the stock derived from them.
    #[serde(rename = "stock:read")]
    #[strum(serialize = "stock:read")]
    StockRead,
    /// Reads shortages and their explanations.
    #[serde(rename = "shortages:read")]
    #[strum(serialize = "shortages:read")]
    ShortagesRead,
    /// Submits and voids counts.
    #[serde(rename = "counts:write")]
    #[strum(serialize = "counts:write")]
    CountsWrite,
}

impl Scope {
    /// The word for it.
    pub fn word(self) -> &'static str {
        self.into()
    }
}

/// A set of scopes, in a fixed order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ScopeSet(BTreeSet<Scope>);

impl ScopeSet {
    /// Reads words separated by single blanks, as RFC 6749 writes them; `None` if one is not a scope.
    pub fn read(text: &str) -> Option<Self> {
        text.split(' ').map(|word| word.parse().ok()).collect::<Option<BTreeSet<_>>>().map(Self)
    }

    /// True if a scope is in the set.
    pub fn contains(&self, scope: Scope) -> bool {
        self.0.contains(&scope)
    }

    /// True if all of them are in another set.
    pub fn is_within(&self, others: &Self) -> bool {
        self.0.is_subset(&others.0)
    }

    /// The scopes that are in both sets.
    pub fn shared_with(&self, others: &Self) -> Self {
        Self(self.0.intersection(&others.0).copied().collect())
    }

    /// Iterates over the scopes.
    pub fn iter(&self) -> impl Iterator<Item = Scope> {
        self.0.iter().copied()
    }
}

impl FromIterator<Scope> for ScopeSet {
    fn from_iter<T: IntoIterator<Item = Scope>>(scopes: T) -> Self {
        Self(scopes.into_iter().collect())
    }
}

/// Formats the words with single blanks between them, as [`ScopeSet::read`] reads them.
impl fmt::Display for ScopeSet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let words: Vec<&str> = self.0.iter().map(|scope| scope.word()).collect();
        f.write_str(&words.join(" "))
    }
}

#[cfg(test)]
mod tests {
    use strum::IntoEnumIterator as _;

    use super::*;

    #[test]
    fn scopes_are_read_as_they_are_written() {
        let all: ScopeSet = Scope::iter().collect();
        assert_eq!(all.to_string(), "catalogue:read stock:read shortages:read counts:write");
        assert_eq!(ScopeSet::read(&all.to_string()), Some(all.clone()));
        assert_eq!(
            ScopeSet::read("counts:write catalogue:read counts:write").unwrap().to_string(),
            "catalogue:read counts:write"
        );
        for scope in Scope::iter() {
            assert_eq!(serde_json::to_value(scope).unwrap(), scope.word());
        }
    }

    #[test]
    fn what_is_no_scope_is_none() {
        for text in [
            "",
            " ",
            "stock",
            "stock:write",
            "Stock:read",
            "stock:read ",
            "stock:read  counts:write",
            "stock:read,counts:write",
        ] {
            assert_eq!(ScopeSet::read(text), None, "{text:?}");
        }
    }

    #[test]
    fn scopes_within_others_are_those_that_both_have() {
        let (few, many) = (ScopeSet::read("stock:read").unwrap(), ScopeSet::read("stock:read counts:write").unwrap());
        assert!(few.is_within(&many) && !many.is_within(&few));
        assert_eq!(many.shared_with(&few), few);
        assert_eq!(few.shared_with(&ScopeSet::default()), ScopeSet::default());
    }
}
