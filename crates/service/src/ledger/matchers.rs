//! The matchers of regions: the catalogue with the aliases of the product and the answers of a region and those above it.

use std::collections::BTreeMap;
use std::rc::Rc;
use std::sync::OnceLock;

use chrono::NaiveDate;

use base::error::Error;
use base::id::RegionId;
use db::connection::AnyConnection;
use db::item_answers::ItemAnswer;
use domain::item::{Item, ItemCode};
use domain::matching::{Alias, LedgerWords, Matcher, Meaning, names_by_item};
use domain::region::{Region, chain};
use reference::ReferenceError;

/// Matchers, each made when it is first asked for.
pub struct Matchers<'r> {
    items: &'r BTreeMap<ItemCode, Item>,
    regions: &'r [Region],
    day: NaiveDate,
    made: BTreeMap<RegionId, Rc<Matcher>>,
    /// Answers that are given with the same change, and count before all stored ones.
    given: Vec<ItemAnswer>,
}

impl<'r> Matchers<'r> {
    /// For the catalogue as it is on a day.
    pub fn new(items: &'r BTreeMap<ItemCode, Item>, regions: &'r [Region], day: NaiveDate) -> Self {
        Self { items, regions, day, made: BTreeMap::new(), given: Vec::new() }
    }

    /// Adds answers that are not stored yet.
    #[must_use]
    pub fn with(mut self, given: Vec<ItemAnswer>) -> Self {
        self.given = given;
        self
    }

    /// The matcher of a region.
    ///
    /// # Errors
    /// If the database fails.
    pub fn of(&mut self, connection: &mut AnyConnection, region: RegionId) -> Result<Rc<Matcher>, Error> {
        if let Some(made) = self.made.get(&region) {
            return Ok(Rc::clone(made));
        }
        let above: Vec<RegionId> = chain(self.regions, region).iter().map(|region| region.id).collect();
        let mut answers: BTreeMap<(RegionId, String), ItemAnswer> = BTreeMap::new();
        let stored = db::item_answers::list(connection, &above)?.into_iter().map(|(answer, _)| answer);
        for answer in stored.chain(self.given.iter().filter(|answer| above.contains(&answer.region)).cloned()) {
            answers.insert((answer.region, answer.words_key.clone()), answer);
        }
        let mut aliases = shipped()?.to_vec();
        aliases.extend(answers.into_values().map(|answer| {
            let steps = above.iter().position(|id| *id == answer.region).unwrap_or(above.len());
            alias_of(answer, u32::try_from(steps).unwrap_or(u32::MAX))
        }));
        let matcher = Rc::new(Matcher::new(self.items, self.day, &aliases));
        self.made.insert(region, Rc::clone(&matcher));
        Ok(matcher)
    }
}

fn alias_of(answer: ItemAnswer, above: u32) -> Alias {
    let ItemAnswer { name, specification, unit, item, factor, .. } = answer;
    let words = LedgerWords { name: &name, specification: &specification, unit: &unit, ..LedgerWords::default() };
    Alias::answer(&words, item.map_or(Meaning::Unlisted, |code| Meaning::Item { code, factor }), above)
}

/// The other names by which people know the item with a code, among them those of things near to it.
///
/// # Errors
/// If the data of the product cannot be read.
pub fn other_names(item: &str) -> Result<&'static [String], Error> {
    static NAMES: OnceLock<BTreeMap<String, Vec<String>>> = OnceLock::new();
    let aliases = shipped()?;
    let names = NAMES.get_or_init(|| {
        let owned =
            |(code, names): (&str, Vec<&str>)| (code.to_owned(), names.into_iter().map(ToOwned::to_owned).collect());
        names_by_item(aliases).into_iter().map(owned).collect()
    });
    Ok(names.get(item).map_or(&[], Vec::as_slice))
}

/// The aliases that the product brings.
fn shipped() -> Result<&'static [Alias], Error> {
    static SHIPPED: OnceLock<Result<Vec<Alias>, ReferenceError>> = OnceLock::new();
    match SHIPPED.get_or_init(reference::aliases) {
        Ok(aliases) => Ok(aliases),
        Err(error) => Err(Error::internal("the aliases of items cannot be read", error)),
    }
}
