//! The small world of the tests that work through the API: a banner in its region, two teams and an enterprise with a
//! depot each, three items, and an account for each role.

use std::sync::OnceLock;

use auth::passwords;
use base::error::Error;
use base::id::{AccountId, DepotId, OrganizationId, RegionId};
use chrono::{DateTime, NaiveDate, TimeZone, Utc};
use db::sql_types::Day;
use db::write::Change;
use db::{accounts, depots, items, organizations, regions};
use domain::account::{Account, Belongs, Role};
use domain::depot::{DepotVersion, Holding};
use domain::item::{ItemClass, ItemKind, ItemVersion, Unit};
use domain::organization::{OrganizationKind, OrganizationVersion};
use domain::region::RegionVersion;
use domain::revision::Revision;

/// The password of every account.
pub const PASSWORD: &str = "six teams, forty-eight enterprises";

/// The time at which a test begins: ten in the morning in Shanghai.
pub fn now() -> DateTime<Utc> {
    Utc.with_ymd_and_hms(2026, 11, 23, 2, 0, 0).unwrap()
}

/// The day from which everything holds.
fn from() -> Day {
    Day(NaiveDate::from_ymd_opt(2026, 1, 1).unwrap())
}

/// Adds everything: codes `T1`, `T2`, `E1` with depots `T1-A`, `T2-A`, `E1-A` and quartermasters `t1`, `t2`, `e1`; the
/// bureau's `viewer`, `officer` and `admin`; counted items `BOOTS` and `MASK`, the latter perishable, and `SAND` by the
/// kg.
pub fn plant(change: &mut Change<'_>) -> Result<(), Error> {
    let province = region(change, "150000", None)?;
    let banner = region(change, "159900", Some(province))?;
    let mut people = vec![
        ("viewer", Role::Viewer, Belongs::Region(banner)),
        ("officer", Role::Officer, Belongs::Region(banner)),
        ("admin", Role::Admin, Belongs::Region(banner)),
    ];
    let kinds = [
        ("T1", OrganizationKind::RescueTeam),
        ("T2", OrganizationKind::RescueTeam),
        ("E1", OrganizationKind::Enterprise),
    ];
    for ((code, kind), username) in kinds.into_iter().zip(["t1", "t2", "e1"]) {
        let version = OrganizationVersion {
            name_en: format!("Organization {code}"),
            name_zh: format!("单位{code}"),
            organization_type: (kind == OrganizationKind::RescueTeam).then(|| "fire_station".to_owned()),
            sector: (kind == OrganizationKind::Enterprise).then(|| "hazchem".to_owned()),
            hosted_by: None,
            credit_code: None,
            address: None,
            active: true,
        };
        let organization = OrganizationId::new();
        organizations::insert(change, organization, code, banner, kind, from(), &version)?;
        let depot = DepotVersion {
            name_en: format!("Depot {code}"),
            name_zh: format!("{code}库"),
            position: None,
            keeper: None,
            second_keeper: None,
            holding: Holding::Physical,
            open: true,
        };
        let owner = change.for_organization(organization)?;
        depots::insert(change, DepotId::new(), &format!("{code}-A"), owner, from(), &depot)?;
        people.push((username, Role::Quartermaster, Belongs::Organization(organization)));
    }
    let class = ItemClass { name_en: "Protection".to_owned(), name_zh: "防护".to_owned() };
    items::insert_class(change, "protection", from(), &class)?;
    for (code, unit, measured, perishable) in
        [("BOOTS", "pair", false, false), ("MASK", "piece", false, true), ("SAND", "kg", true, false)]
    {
        let version = ItemVersion {
            name_en: code.to_lowercase(),
            name_zh: format!("物资{code}"),
            class: "protection".to_owned(),
            kind: if measured { ItemKind::Material } else { ItemKind::Equipment },
            perishable,
            shelf_life_months: None,
            specification: None,
            service_life_months: None,
            packs: vec![],
            barcodes: vec![],
            retired: false,
        };
        items::insert(change, code, &Unit { name: unit.to_owned(), measured }, from(), &version)?;
    }
    people.into_iter().try_for_each(|person| account(change, person))
}

/// Adds a region `159901` below the banner, with an admin of its own, `admin-below`.
pub fn plant_below(change: &mut Change<'_>) -> Result<(), Error> {
    let all = regions::list(change.connection, Revision::LATEST)?;
    let banner = all.iter().find(|region| region.code == "159900").unwrap().id;
    let below = region(change, "159901", Some(banner))?;
    account(change, ("admin-below", Role::Admin, Belongs::Region(below)))
}

/// Adds an account.
pub fn account(change: &mut Change<'_>, (username, role, belongs): (&str, Role, Belongs)) -> Result<(), Error> {
    static HASH: OnceLock<String> = OnceLock::new();
    let password_hash = HASH.get_or_init(|| passwords::hash(PASSWORD).unwrap());
    let (username, display_name) = (username.to_owned(), format!("Holder of {username}"));
    let account = Account { id: AccountId::new(), username, role, display_name, belongs, closed: false };
    accounts::insert(change, &account, Some(password_hash), now())
}

fn region(change: &mut Change<'_>, code: &str, parent: Option<RegionId>) -> Result<RegionId, Error> {
    let version = RegionVersion {
        name_en: format!("Region {code}"),
        name_zh: format!("地区{code}"),
        time_zone: None,
        validity_days: None,
        inspection_stands_days: None,
    };
    let id = RegionId::new();
    regions::insert(change, id, code, parent, from(), &version)?;
    Ok(id)
}
