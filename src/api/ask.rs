//! Whom to ask about what is unknown.

use std::collections::BTreeSet;

use chrono::NaiveDate;
use serde::Serialize;

use super::cells::{named, word};
use super::keeper_names::KeeperNames;
use domain::causes::Askable;
use domain::depot::Depot;
use domain::revision::{in_force, in_force_or_first};
use text::language::Language;

/// Someone to ask about what is unknown.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, utoipa::ToSchema)]
#[schema(example = json!({"who": "keeper", "depot": "T3-D1", "keeper": "Storekeeper of T3"}))]
pub struct Ask {
    /// Whose task it is.
    pub who: Askable,
    /// The code of the depot, if a keeper is to be asked.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    #[schema(max_length = 64)]
    pub depot: Option<String>,
    /// The name of that keeper, if it is on record.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    #[schema(max_length = 200)]
    pub keeper: Option<String>,
}

impl Ask {
    /// Those to ask, each once, with the keepers of the depots on a day.
    pub fn all(
        asked: impl IntoIterator<Item = (Askable, Option<String>)>,
        depots: &[Depot],
        day: NaiveDate,
        names: KeeperNames<'_>,
    ) -> Vec<Self> {
        let one = |(who, code): (Askable, Option<String>)| {
            let depot = code.as_ref().and_then(|code| depots.iter().find(|depot| depot.code == *code));
            let keeper = depot.and_then(|depot| keeper_of(depot, day, names));
            Self { who, depot: code, keeper }
        };
        asked.into_iter().map(one).collect::<BTreeSet<_>>().into_iter().collect()
    }

    /// The cell of a table.
    pub fn cell(&self, language: Language) -> String {
        let details = [&self.depot, &self.keeper].map(|detail| detail.as_deref().unwrap_or_default());
        named(word(self.who, language), &details, language)
    }
}

/// The name of a depot's keeper on a day.
pub fn keeper_of(depot: &Depot, day: NaiveDate, names: KeeperNames<'_>) -> Option<String> {
    names.name(in_force_or_first(&depot.versions, day)?.value.keeper?)
}

/// The depots that are open on a day, in the order of their codes.
pub fn open_depots(depots: &[Depot], day: NaiveDate) -> Vec<&Depot> {
    let mut open: Vec<&Depot> =
        depots.iter().filter(|depot| in_force(&depot.versions, day).is_some_and(|row| row.value.open)).collect();
    open.sort_by(|one, other| one.code.cmp(&other.code));
    open
}
