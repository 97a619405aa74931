//! The names that rows of ledgers have: of organizations, depots and their keepers, items and classes on a day.

use std::collections::BTreeMap;

use base::error::Error;
use base::id::ContactId;
use chrono::{DateTime, NaiveDate, Utc};
use db::connection::AnyConnection;
use domain::depot::Depot;
use domain::item::{Item, ItemClass};
use domain::labels::unit_label;
use domain::organization::Organization;
use domain::reference_data::ReferenceData;
use domain::revision::{Dated, Revision, in_force_or_first};
use tables::Output;
use text::language::Language;
use text::messages::message;

use super::cells::{Cell, Row, day_in};
use super::columns::Ledger;
use super::details::months_in_words;
use crate::shortages::OnDay;

/// The names of contacts, taken out one by one by whoever notes that they are read.
pub type Keepers<'a> = &'a dyn Fn(ContactId) -> Option<String>;

/// The names of item classes, and the language of all names.
#[derive(Clone, Debug)]
pub struct Names {
    /// The language.
    pub language: Language,
    classes: BTreeMap<String, Vec<Dated<ItemClass>>>,
    /// True for a ledger with a column for keepers: of one without, nobody's name is read.
    has_keepers: bool,
    /// The same for second keepers.
    has_second_keepers: bool,
}

/// All that the rows of an organization are told with.
#[derive(Clone, Copy)]
pub struct Told<'a> {
    /// The reference data.
    pub reference_data: &'a ReferenceData,
    /// The organization's data, and its day.
    pub on_day: &'a OnDay,
    /// The revision.
    pub revision: Revision,
    /// The names.
    pub names: &'a Names,
    /// The names of keepers.
    pub keepers: Keepers<'a>,
}

impl Told<'_> {
    /// The months from production to expiry of an item, as on the day of a count.
    pub fn shelf_life(&self, item: &str, counted_at: DateTime<Utc>) -> Option<u32> {
        let zone = self.reference_data.zone_of(&self.on_day.records.organization, self.on_day.day);
        self.reference_data.item_on(item, day_in(counted_at, zone))?.shelf_life_months
    }
}

impl Names {
    /// The names that a ledger has, as of a revision.
    ///
    /// # Errors
    /// If the database fails.
    pub fn load(connection: &mut AnyConnection, revision: Revision, ledger: &Ledger) -> Result<Self, Error> {
        let has = |key: &str| ledger.place_of(key).is_some();
        let (has_keepers, has_second_keepers) = (has("keeper"), has("second_keeper"));
        let classes = db::items::list_classes(connection, revision)?;
        Ok(Self { language: ledger.language, classes, has_keepers, has_second_keepers })
    }

    /// The name of a depot.
    pub fn depot(&self, depot: &Depot, day: NaiveDate) -> String {
        let version = in_force_or_first(&depot.versions, day);
        let name = version.map(|row| self.language.choose(&row.value.name_en, &row.value.name_zh).to_owned());
        name.unwrap_or_default()
    }

    /// The name of an organization.
    pub fn organization(&self, organization: &Organization, day: NaiveDate) -> String {
        let version = in_force_or_first(&organization.versions, day);
        let name = version.map(|row| self.language.choose(&row.value.name_en, &row.value.name_zh).to_owned());
        name.unwrap_or_default()
    }

    /// The name of a depot's keeper.
    pub fn keeper(&self, depot: &Depot, day: NaiveDate, keepers: Keepers<'_>) -> Option<String> {
        keepers(in_force_or_first(&depot.versions, day)?.value.keeper?)
    }

    /// The cells of an organization and its depot.
    pub fn of_depot(&self, organization: &Organization, depot: &Depot, day: NaiveDate, keepers: Keepers<'_>) -> Row {
        let version = in_force_or_first(&depot.versions, day).map(|row| &row.value);
        let keeper = version.and_then(|version| version.keeper.filter(|_| self.has_keepers));
        let second = version.and_then(|version| version.second_keeper.filter(|_| self.has_second_keepers));
        vec![
            ("organization", (&organization.code).into()),
            ("organization_name", self.organization(organization, day).into()),
            ("depot", (&depot.code).into()),
            ("depot_name", self.depot(depot, day).into()),
            ("keeper", Output::from(keeper.and_then(keepers)).into()),
            ("second_keeper", Output::from(second.and_then(keepers)).into()),
        ]
    }

    /// The cells of an item; of one that the catalogue does not have, the code alone.
    pub fn of_item(&self, code: &str, item: Option<&Item>, day: NaiveDate) -> Row {
        let mut row: Row = vec![("item", code.into())];
        let Some(item) = item else { return row };
        row.push(("unit", unit_label(&item.unit.name).text(self.language).into()));
        if let Some(version) = in_force_or_first(&item.versions, day).map(|row| &row.value) {
            row.push(("name", self.language.choose(&version.name_en, &version.name_zh).into()));
            row.push(("class", self.class(&version.class, day)));
            row.push(("shelf_life_months", Output::from(version.shelf_life_months).into()));
            row.push(("specification", Output::from(version.specification.clone()).into()));
            let life = version.service_life_months.map(|months| months_in_words(months, self.language));
            row.push(("service_life", Output::from(life).into()));
            let months = version.service_life_months.or(version.shelf_life_months);
            row.push(("life_months", Output::from(months).into()));
        }
        row
    }

    fn class(&self, code: &str, day: NaiveDate) -> Cell {
        let version = self.classes.get(code).and_then(|versions| in_force_or_first(versions, day));
        let name = version.map(|row| self.language.choose(&row.value.name_en, &row.value.name_zh));
        name.unwrap_or(code).into()
    }

    /// The cells of a place in a depot.
    pub fn of_place(&self, depot: &Depot, place: Option<&str>, day: NaiveDate) -> Row {
        let name = self.depot(depot, day);
        let location = match place {
            Some(place) => message!("ledger-cell-place", depot = &name, place = place).text(self.language),
            None => name,
        };
        vec![("place", Output::from(place).into()), ("location", location.into())]
    }
}
