//! Organizations and depots as ledgers name them: by code, or by a name that only one has.

use std::collections::BTreeMap;

use chrono::NaiveDate;

use base::id::{DepotId, OrganizationId};
use domain::change::{Editor, World};
use domain::depot::{Depot, DepotVersion};
use domain::folding::compact;
use domain::organization::Organization;
use domain::revision::{Dated, in_force, in_force_or_first};

/// The shortest name that is looked for within a title, in characters: shorter ones stand in many words.
const SHORTEST_IN_TITLE: usize = 4;

/// The names of what an editor sees, on a day.
pub(crate) struct Names {
    organizations: BTreeMap<String, Vec<OrganizationId>>,
    depots: BTreeMap<OrganizationId, Vec<DepotNames>>,
}

struct DepotNames {
    id: DepotId,
    code: String,
    words: Vec<String>,
    versions: Vec<Dated<DepotVersion>>,
}

/// The depot of a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum DepotNamed {
    /// The words name it.
    Named(DepotId),
    /// The words do not name one, and the organization has no other: they tell a place in it.
    Only(DepotId),
    /// It is not known which.
    Unknown,
}

impl Names {
    /// The names of the organizations that an editor sees and of their depots.
    pub fn of(world: &World, editor: &Editor, day: NaiveDate) -> Self {
        let mut names = Self { organizations: BTreeMap::new(), depots: BTreeMap::new() };
        let sees = |one: &&Organization| world.known_organization(editor, &one.code).is_some();
        for one in world.organizations.iter().filter(sees) {
            let version = in_force_or_first(&one.versions, day).map(|row| &row.value);
            let words = version.map(|version| [&*version.name_zh, &*version.name_en]);
            for word in words.into_iter().flatten().chain([&*one.code]).map(compact) {
                let named = names.organizations.entry(word).or_default();
                if !named.contains(&one.id) {
                    named.push(one.id);
                }
            }
        }
        for depot in world.depots.iter() {
            names.depots.entry(depot.organization_id).or_default().push(DepotNames::of(depot, day));
        }
        names
    }

    /// The organization that words name; `None` if none or several.
    pub fn organization(&self, words: &str) -> Option<OrganizationId> {
        match self.organizations.get(&compact(words)).map(Vec::as_slice) {
            Some([only]) => Some(*only),
            _ => None,
        }
    }

    /// The organization whose whole name stands in a title, such as 某某公司应急物资台账, if it is the only one.
    pub fn organization_in_title(&self, title: &str) -> Option<OrganizationId> {
        let title = compact(title);
        let stands = |word: &str| word.chars().count() >= SHORTEST_IN_TITLE && title.contains(word);
        let mut found: Vec<(&str, &[OrganizationId])> = self
            .organizations
            .iter()
            .filter(|(word, _)| stands(word))
            .map(|(word, ids)| (word.as_str(), ids.as_slice()))
            .collect();
        // A name within a longer one that stands there too tells nothing more.
        let words: Vec<&str> = found.iter().map(|(word, _)| *word).collect();
        found.retain(|(word, _)| !words.iter().any(|longer| longer.len() > word.len() && longer.contains(word)));
        match found.as_slice() {
            [(_, [only])] => Some(*only),
            _ => None,
        }
    }

    /// The depot of an organization that words name, or else the only one that is open on a day.
    pub fn depot(&self, organization: OrganizationId, words: Option<&str>, day: NaiveDate) -> DepotNamed {
        let depots = self.depots.get(&organization).map(Vec::as_slice).unwrap_or_default();
        if let Some(wanted) = words.map(compact) {
            let named: Vec<&DepotNames> = depots.iter().filter(|depot| depot.words.contains(&wanted)).collect();
            if let [only] = named.as_slice() {
                return DepotNamed::Named(only.id);
            }
            if self.depots.iter().any(|(owner, all)| *owner != organization && all.iter().any(|one| one.code == wanted))
            {
                return DepotNamed::Unknown;
            }
        }
        let open: Vec<&DepotNames> =
            depots.iter().filter(|depot| in_force(&depot.versions, day).is_some_and(|row| row.value.open)).collect();
        match (open.as_slice(), depots) {
            ([only], _) => DepotNamed::Only(only.id),
            // Its only depot was not open then, which is to be said.
            ([], [only]) => DepotNamed::Only(only.id),
            _ => DepotNamed::Unknown,
        }
    }
}

impl DepotNames {
    fn of(depot: &Depot, day: NaiveDate) -> Self {
        let version = in_force_or_first(&depot.versions, day).map(|row| &row.value);
        let names = version.map(|version| [&*version.name_zh, &*version.name_en]).into_iter().flatten();
        let words = names.chain([&*depot.code]).map(compact).filter(|word| !word.is_empty()).collect();
        Self { id: depot.id, code: compact(&depot.code), words, versions: depot.versions.clone() }
    }
}
