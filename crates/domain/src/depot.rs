//! Depots: the places where an organization keeps stock.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use validator::Validate;

use super::contact::{Contact, ContactOf, ContactRole, Person, is_erased_word};
use super::naming::in_both;
use super::revision::{Dated, Mend, Revision, in_force};
use base::id::{ContactId, DepotId, OrganizationId};

/// The way the stock of a depot is held.
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    Hash,
    Serialize,
    Deserialize,
    utoipa::ToSchema,
    strum::EnumString,
    strum::IntoStaticStr,
    diesel::AsExpression,
    diesel::FromSqlRow,
    strum::VariantNames,
)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
#[diesel(sql_type = diesel::sql_types::Text)]
pub enum Holding {
    /// Kept in the organization's own store.
    Physical,
    /// Held by another party under an agreement.
    Agreement,
    /// Not in stock: another party can produce it when needed.
    Capacity,
}

base::text_column!(Holding);

/// A depot with its history.
#[derive(Clone, Debug, PartialEq)]
pub struct Depot {
    /// Its id.
    pub id: DepotId,
    /// Its code, such as `T3-D1`; never changes.
    pub code: String,
    /// The organization it belongs to, for all days. A slip at the first entry is mended while nothing was counted in it.
    pub organization_id: OrganizationId,
    /// The mends of the owner, in the order of commits.
    pub mends: Vec<Mend<OrganizationId>>,
    /// Its descriptions, by day.
    pub versions: Vec<Dated<DepotVersion>>,
}

/// The description of a depot from a day.
#[derive(Clone, Debug, PartialEq)]
pub struct DepotVersion {
    /// Name in English.
    pub name_en: String,
    /// Name in Chinese.
    pub name_zh: String,
    /// Its position, if known.
    pub position: Option<Position>,
    /// The keeper, by the id of the contact: who that is, is in no history.
    pub keeper: Option<ContactId>,
    /// The second keeper, likewise.
    pub second_keeper: Option<ContactId>,
    /// The way its stock is held.
    pub holding: Holding,
    /// False from the day it was closed.
    pub open: bool,
}

impl DepotVersion {
    /// The keepers, each with its role.
    pub fn keepers(&self) -> impl Iterator<Item = (ContactRole, ContactId)> {
        let of = |role, id: Option<ContactId>| id.map(|id| (role, id));
        of(ContactRole::Keeper, self.keeper).into_iter().chain(of(ContactRole::SecondKeeper, self.second_keeper))
    }

    /// The same with another keeper of a role.
    pub fn with_keeper(self, role: ContactRole, id: Option<ContactId>) -> Self {
        match role {
            ContactRole::SecondKeeper => Self { second_keeper: id, ..self },
            _ => Self { keeper: id, ..self },
        }
    }
}

/// The system that degrees are counted in. Muster keeps them as they were measured, and converts nothing.
#[derive(
    Clone,
    Copy,
    Debug,
    Default,
    PartialEq,
    Eq,
    Hash,
    Serialize,
    Deserialize,
    utoipa::ToSchema,
    strum::EnumString,
    strum::IntoStaticStr,
    diesel::AsExpression,
    diesel::FromSqlRow,
    strum::VariantNames,
)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
#[diesel(sql_type = diesel::sql_types::Text)]
pub enum Datum {
    /// CGCS2000, the national system, and WGS 84, which satellite receivers give: they agree to decimetres.
    #[default]
    Cgcs2000,
    /// GCJ-02, of the maps of AMap and Tencent: 100 to 700 m off.
    Gcj02,
    /// BD-09, of the maps of Baidu: further off.
    Bd09,
}

base::text_column!(Datum);

/// A position with its datum.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize, Validate, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"lat": 41.05, "lon": 113.1, "datum": "cgcs2000"}))]
pub struct Position {
    /// Degrees north.
    #[schema(minimum = -90, maximum = 90)]
    #[validate(range(min = -90.0, max = 90.0))]
    pub lat: f64,
    /// Degrees east.
    #[schema(minimum = -180, maximum = 180)]
    #[validate(range(min = -180.0, max = 180.0))]
    pub lon: f64,
    /// The system of both; left out, CGCS2000 or WGS 84.
    #[serde(default)]
    pub datum: Datum,
}

/// A new description of a depot from a day.
#[derive(Clone, Debug, PartialEq, Deserialize, Serialize, Validate, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({
    "valid_from": "2026-12-01", "organization": "T3", "name_en": "North store", "name_zh": "北库",
    "position": {"lat": 41.05, "lon": 113.1}, "keeper": "Storekeeper of T3", "holding": "physical", "open": true
}))]
pub struct NewDepot {
    /// The first day; today if left out. It holds until the first day of the next description.
    #[serde(default, deserialize_with = "base::sent::optional")]
    pub valid_from: Option<NaiveDate>,
    /// The organization it belongs to, by id or code. Required for a new depot; it changes only while nothing was counted in the
    /// depot.
    #[serde(default)]
    #[schema(min_length = 1, max_length = 64, example = "T3")]
    #[validate(length(min = 1, max = 64), non_control_character)]
    pub organization: Option<String>,
    /// Name in English; left out or blank, the same as in Chinese.
    #[serde(default)]
    #[schema(max_length = 200)]
    #[validate(length(max = 200), non_control_character)]
    pub name_en: String,
    /// Name in Chinese; left out or blank, the same as in English.
    #[serde(default)]
    #[schema(max_length = 200)]
    #[validate(length(max = 200), non_control_character)]
    pub name_zh: String,
    /// Its position, if known.
    #[serde(default)]
    #[validate(nested)]
    pub position: Option<Position>,
    /// The keeper. The name is kept as a contact of the depot; the word `erased` stands for one that was erased.
    #[serde(default)]
    #[schema(min_length = 1, max_length = 200, example = "Storekeeper of T3")]
    #[validate(length(min = 1, max = 200), non_control_character)]
    pub keeper: Option<String>,
    /// The second keeper.
    #[serde(default)]
    #[schema(min_length = 1, max_length = 200, example = "Night keeper of T3")]
    #[validate(length(min = 1, max = 200), non_control_character)]
    pub second_keeper: Option<String>,
    /// The way its stock is held.
    pub holding: Holding,
    /// False to close it, true to open it. Left out, it stays as it is; a new one is open.
    #[serde(default)]
    pub open: Option<bool>,
}

impl NewDepot {
    /// Completes the new description of a depot from the stored one. Keepers are found among the contacts of the depot by their
    /// names; those who are new are returned as well.
    pub fn version(
        &self,
        id: DepotId,
        stored: Option<&Depot>,
        contacts: &[Contact],
        from: NaiveDate,
    ) -> (DepotVersion, Vec<Contact>) {
        let before = stored.and_then(|depot| in_force(&depot.versions, from)).map(|row| &row.value);
        let (name_en, name_zh) = in_both(&self.name_en, &self.name_zh);
        let mut version = DepotVersion {
            name_en,
            name_zh,
            position: self.position,
            keeper: None,
            second_keeper: None,
            holding: self.holding,
            open: self.open.unwrap_or_else(|| before.is_none_or(|before| before.open)),
        };
        let mut new = Vec::new();
        for (role, name) in [(ContactRole::Keeper, &self.keeper), (ContactRole::SecondKeeper, &self.second_keeper)] {
            let Some(name) = name else { continue };
            let found = find_keeper(role, name, before, contacts).or_else(|| {
                let contact = (!is_erased_word(name)).then(|| new_keeper(id, role, name))?;
                let id = contact.id;
                new.push(contact);
                Some(id)
            });
            version = version.with_keeper(role, found);
        }
        (version, new)
    }
}

/// The keeper of a name. The word for an erased name is that of the keeper in force, if that one was erased; of any other it is
/// nobody's.
fn find_keeper(
    role: ContactRole,
    name: &str,
    before: Option<&DepotVersion>,
    contacts: &[Contact],
) -> Option<ContactId> {
    let of_role = contacts.iter().filter(|contact| contact.role == role);
    if is_erased_word(name) {
        let (_, id) = before?.keepers().find(|(of, _)| *of == role)?;
        return of_role.filter(|contact| contact.erased.is_some()).map(|contact| contact.id).find(|one| *one == id);
    }
    of_role.filter(|contact| contact.is_of(name)).map(|contact| contact.id).next()
}

/// A contact for the keeper of a depot, of whom only the name is known.
pub fn new_keeper(depot: DepotId, role: ContactRole, name: &str) -> Contact {
    Contact {
        id: ContactId::new(),
        of: ContactOf::Depot(depot),
        role,
        person: Person { name: Some(name.to_owned()), phone: None, certificate: None },
        purpose: role.purpose().to_owned(),
        ended_from: None,
        erased: None,
        last: Revision::LATEST,
    }
}
