//! Things named in answers: the id or code, with the name in the caller's language.

use chrono::NaiveDate;
use serde::Serialize;

use base::id::{DepotId, OrganizationId, RegionId};
use domain::depot::Depot;
use domain::fact::FactKey;
use domain::item::Item;
use domain::organization::Organization;
use domain::reference_data::ReferenceData;
use domain::region::Region;
use domain::revision::in_force_or_first;
use domain::standard::Standard;
use domain::wording::Wording;
use text::language::Language;

/// The name of an organization.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
#[schema(example = json!({"id": "0198f5a2-0000-7000-8000-000000000001", "code": "T3", "name": "Chemicals brigade"}))]
pub struct OrganizationLabel {
    /// Its id.
    pub id: OrganizationId,
    /// Its code.
    #[schema(max_length = 64)]
    pub code: String,
    /// Its name.
    #[schema(max_length = 200)]
    pub name: String,
}

impl OrganizationLabel {
    /// The name of an organization on a day.
    pub fn of(organization: &Organization, day: NaiveDate, language: Language) -> Self {
        let name = in_force_or_first(&organization.versions, day)
            .map(|row| language.choose(&row.value.name_en, &row.value.name_zh).to_owned());
        Self { id: organization.id, code: organization.code.clone(), name: name.unwrap_or_default() }
    }
}

/// The name of a region.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
#[schema(example = json!({"id": "0198f5a2-0000-7000-8000-000000000002", "code": "159900", "name": "Demo Banner"}))]
pub struct RegionLabel {
    /// Its id.
    pub id: RegionId,
    /// Its code.
    #[schema(max_length = 64)]
    pub code: String,
    /// Its name.
    #[schema(max_length = 200)]
    pub name: String,
}

impl RegionLabel {
    /// The name of a region on a day.
    pub fn of(region: &Region, day: NaiveDate, language: Language) -> Self {
        let name = in_force_or_first(&region.versions, day)
            .map(|row| language.choose(&row.value.name_en, &row.value.name_zh).to_owned());
        Self { id: region.id, code: region.code.clone(), name: name.unwrap_or_default() }
    }
}

/// The name of a depot.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
#[schema(example = json!({"id": "0198f5a2-0000-7000-8000-000000000003", "code": "T3-D1", "name": "Main store"}))]
pub struct DepotLabel {
    /// Its id.
    pub id: DepotId,
    /// Its code.
    #[schema(max_length = 64)]
    pub code: String,
    /// Its name.
    #[schema(max_length = 200)]
    pub name: String,
}

impl DepotLabel {
    /// The name of a depot on a day.
    pub fn of(depot: &Depot, day: NaiveDate, language: Language) -> Self {
        let name = in_force_or_first(&depot.versions, day)
            .map(|row| language.choose(&row.value.name_en, &row.value.name_zh).to_owned());
        Self { id: depot.id, code: depot.code.clone(), name: name.unwrap_or_default() }
    }
}

/// The name of an item.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
#[schema(example = json!({"code": "L2010101", "name": "SCBA, positive-pressure", "unit": "set"}))]
pub struct ItemLabel {
    /// Its code.
    #[schema(max_length = 32)]
    pub code: String,
    /// Its name.
    #[schema(max_length = 200)]
    pub name: String,
    /// Its unit.
    #[schema(max_length = 16)]
    pub unit: String,
}

impl ItemLabel {
    /// The name of an item on a day.
    pub fn of(item: &Item, day: NaiveDate, language: Language) -> Self {
        let name = in_force_or_first(&item.versions, day)
            .map(|row| language.choose(&row.value.name_en, &row.value.name_zh).to_owned());
        Self { code: item.code.clone(), name: name.unwrap_or_default(), unit: item.unit.name.clone() }
    }
}

/// The name of a fact.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
#[schema(example = json!({"key": "people_on_shift", "name": "People on shift"}))]
pub struct FactLabel {
    /// Its key.
    #[schema(value_type = String, max_length = 64)]
    pub key: FactKey,
    /// Its name.
    #[schema(max_length = 200)]
    pub name: String,
}

impl FactLabel {
    /// The name of a fact on a day; its key if the dictionary does not have it.
    pub fn of(key: &FactKey, reference_data: &ReferenceData, day: NaiveDate, language: Language) -> Self {
        Self { key: key.clone(), name: Wording { reference_data, day, language }.fact(key) }
    }
}

/// The title of an edition of a standard.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
#[schema(example = json!({"code": "GB30077-2013", "title": "Allocation of emergency rescue material, chemical units"}))]
pub struct StandardLabel {
    /// Its code.
    #[schema(max_length = 64)]
    pub code: String,
    /// Its title.
    #[schema(max_length = 200)]
    pub title: String,
}

impl StandardLabel {
    /// The title of a standard on a day.
    pub fn of(standard: &Standard, day: NaiveDate, language: Language) -> Self {
        let title = in_force_or_first(&standard.versions, day)
            .map(|row| language.choose(&row.value.title_en, &row.value.title_zh).to_owned());
        Self { code: standard.code.clone(), title: title.unwrap_or_default() }
    }
}
