//! The order of lists: by the bytes of codes, whatever the database's collation. Pages depend on it.

use base::error::Error;
use base::id::{DepotId, OrganizationId, RegionId};
use chrono::NaiveDate;
use db::locks::Locks;
use db::sql_types::Day;
use db::write::Change;
use db::{depots, facts, items, organizations, regions};
use domain::depot::{DepotVersion, Holding};
use domain::fact::{FactKind, FactText};
use domain::item::{ItemClass, ItemKind, ItemVersion, Unit};
use domain::organization::{OrganizationKind, OrganizationVersion};
use domain::region::RegionVersion;
use domain::revision::Revision;

use crate::cases::cases;
use crate::database::TestDatabase;
use crate::rows::tester;

cases![lists_are_in_the_order_of_bytes];

/// Codes in byte order, which hardly any collation agrees with.
const CODES: [&str; 6] = ["B1", "HC-01", "HC-02", "HC1", "a1", "a2"];

async fn lists_are_in_the_order_of_bytes(database: TestDatabase) {
    let db = database.open();
    db.write(tester(), Locks::none(), |change| CODES.iter().rev().try_for_each(|code| plant(change, code)))
        .await
        .unwrap();
    let lists = db
        .read(|snapshot| {
            let (connection, revision) = (&mut *snapshot.connection, Revision::LATEST);
            let organizations = organizations::list(connection, revision)?;
            let owners: Vec<_> = organizations.iter().map(|organization| organization.id).collect();
            Ok([
                organizations.into_iter().map(|organization| organization.code).collect::<Vec<_>>(),
                depots::list(connection, &owners, revision)?.into_iter().map(|depot| depot.code).collect(),
                regions::list(connection, revision)?.into_iter().map(|region| region.code).collect(),
                facts::list_definitions(connection, revision)?.into_iter().map(|fact| fact.key).collect(),
                items::list(connection, revision)?.into_keys().collect(),
                items::list_classes(connection, revision)?.into_keys().collect(),
            ])
        })
        .await
        .unwrap();
    for list in lists {
        assert_eq!(list, CODES);
    }
}

/// One thing of each kind, under the same code.
fn plant(change: &mut Change<'_>, code: &str) -> Result<(), Error> {
    let from = Day(NaiveDate::from_ymd_opt(2026, 1, 1).unwrap());
    let (name_en, name_zh) = (code.to_owned(), code.to_owned());
    let version = RegionVersion {
        name_en: name_en.clone(),
        name_zh: name_zh.clone(),
        time_zone: None,
        validity_days: None,
        inspection_stands_days: None,
    };
    let region = RegionId::new();
    regions::insert(change, region, code, None, from, &version)?;
    let version = OrganizationVersion {
        name_en: name_en.clone(),
        name_zh: name_zh.clone(),
        organization_type: None,
        sector: None,
        hosted_by: None,
        credit_code: None,
        address: None,
        active: true,
    };
    let organization = OrganizationId::new();
    organizations::insert(change, organization, code, region, OrganizationKind::RescueTeam, from, &version)?;
    let version = DepotVersion {
        name_en: name_en.clone(),
        name_zh: name_zh.clone(),
        position: None,
        keeper: None,
        second_keeper: None,
        holding: Holding::Physical,
        open: true,
    };
    let organization = change.for_organization(organization)?;
    depots::insert(change, DepotId::new(), code, organization, from, &version)?;
    let text = FactText {
        name_en: name_en.clone(),
        name_zh: name_zh.clone(),
        definition_en: name_en.clone(),
        definition_zh: name_zh.clone(),
    };
    facts::insert_definition(change, code, FactKind::Number, None, from, &text)?;
    items::insert_class(change, code, from, &ItemClass { name_en: name_en.clone(), name_zh: name_zh.clone() })?;
    let version = ItemVersion {
        name_en,
        name_zh,
        class: code.to_owned(),
        kind: ItemKind::Equipment,
        perishable: false,
        shelf_life_months: None,
        specification: None,
        service_life_months: None,
        packs: vec![],
        barcodes: vec![],
        retired: false,
    };
    items::insert(change, code, &Unit { name: "piece".to_owned(), measured: false }, from, &version)
}
