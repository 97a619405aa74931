//! One rule book: `PUT` and `POST /import` accept and refuse the same inputs, with the same codes at the same fields, for
//! the same people.

use std::collections::BTreeMap;

use base::error::Error;
use db::locks::Locks;
use db::write::Change;
use db::{accounts, regions};
use domain::account::{Belongs, Role};
use domain::revision::Revision;
use serde_json::{Value, json};
use tables::write_xlsx;
use uuid::Uuid;

use crate::app::{Answer, TestApp};
use crate::cases::cases;
use crate::database::TestDatabase;
use crate::import::{bring, file, tables_of, without_reasons};
use crate::rows::tester;
use crate::{rules, seed, standards, targets};

cases![
    regions_are_kept_by_the_same_rules_both_ways,
    organizations_are_kept_by_the_same_rules_both_ways,
    depots_are_kept_by_the_same_rules_both_ways,
    the_catalogue_is_kept_by_the_same_rules_both_ways,
    the_dictionary_is_kept_by_the_same_rules_both_ways,
    facts_are_kept_by_the_same_rules_both_ways,
    adoptions_are_decided_by_the_same_rules_both_ways,
    targets_are_declared_by_the_same_rules_both_ways,
    standards_are_published_by_the_same_rules_both_ways,
    each_role_may_do_the_same_both_ways,
    a_statement_is_kept_where_it_repeats_what_holds,
    a_mark_that_is_brought_back_covers_no_more_than_before,
    what_is_exported_is_brought_back_without_a_change,
    barcodes_that_were_given_on_are_brought_back,
];

/// The expected result of an input.
enum Outcome {
    /// Stored; the same input sent the other way changes nothing.
    Taken,
    /// Refused.
    Refused {
        /// The code by `PUT`.
        put: &'static str,
        /// The pointer by `PUT`; empty if no field is at fault.
        pointer: &'static str,
        /// The code by import: the same, unless the path of the `PUT` names something unknown.
        import: &'static str,
        /// The column.
        column: &'static str,
    },
}

/// A fault of a field.
fn fault(code: &'static str, pointer: &'static str, column: &'static str) -> Outcome {
    Outcome::Refused { put: code, pointer, import: code, column }
}

/// A refusal that does not concern a field: 403 and 409.
fn refused(code: &'static str, column: &'static str) -> Outcome {
    fault(code, "", column)
}

/// A path that names nothing the caller may know of. A row of a table has no path, and names it in a column.
fn unknown(import: &'static str, column: &'static str) -> Outcome {
    Outcome::Refused { put: "not_found", pointer: "", import, column }
}

/// A code that something beyond reach uses.
fn taken_elsewhere() -> Outcome {
    fault("unavailable", "", "code")
}

/// One input, sent both ways.
struct Row {
    /// The case, in words.
    tries: &'static str,
    /// The user name of the sender.
    by: &'static str,
    /// The path of the request; `POST` if it ends an adoption.
    path: &'static str,
    body: Value,
    /// The table, with its header.
    table: &'static str,
    outcome: Outcome,
}

fn row(
    (tries, by): (&'static str, &'static str),
    (path, body): (&'static str, Value),
    table: &'static str,
    outcome: Outcome,
) -> Row {
    Row { tries, by, path, body, table, outcome }
}

impl TestApp {
    /// Prepares a world in which every case can be tried.
    async fn plant_parity(&self) {
        rules::adopt(self).await;
        targets::plant_need(self).await;
        self.db.write(tester(), Locks::none(), seed::plant_below).await.unwrap();
        self.db.write(tester(), Locks::none(), plant_officer_below).await.unwrap();
        let below = named(json!({"region": "159901", "kind": "enterprise", "valid_from": "2026-01-01"}));
        self.put_parity("/organizations/B1", "admin", &below).await.expect(201);
    }

    /// Sends a body on whatever state exists.
    pub async fn put_parity(&self, path: &str, by: &str, body: &Value) -> Answer {
        let send = async |state: Option<&str>| {
            let uri = format!("/api/v1{path}");
            let is_post = path.ends_with("/end") || path.ends_with("/publish");
            let request = if is_post { self.post(&uri) } else { self.put(&uri) };
            let request = request.as_(by).json(body);
            match state {
                Some(tag) => request.header("if-match", tag).send().await,
                None => request.send().await,
            }
        };
        let answer = send(Some("*")).await;
        if answer.status == 412 { send(None).await } else { answer }
    }

    pub async fn import_parity(&self, form: &str, by: &str, table: &str, dry_run: bool) -> Answer {
        let uri = format!("/api/v1/import?form={form}&name=t.csv&dry_run={dry_run}");
        self.post(&uri).as_(by).body("text/csv", table.to_owned()).send().await
    }

    /// Sends every row both ways.
    async fn same_both_ways(&self, form: &str, rows: Vec<Row>) {
        let mut gaps = Vec::new();
        for Row { tries, by, path, body, table, outcome } in rows {
            let dry = self.import_parity(form, by, table, true).await;
            let put = self.put_parity(path, by, &body).await;
            let told = format!("{form}: {tries}\nPUT: {:?}\nimport: {:?}", told(&put), told(&dry));
            let same = match outcome {
                Outcome::Taken if put.status.is_success() && dry.status == 200 => {
                    let changes = dry.json()["forms"][0]["unchanged"] == 0;
                    let again = self.import_parity(form, by, table, false).await;
                    changes && again.status == 200 && again.json()["revision"].is_null()
                }
                Outcome::Taken => false,
                Outcome::Refused { put: code, pointer, import, column } => {
                    told_of(&put) == (code.to_owned(), pointer.to_owned())
                        && told_of(&dry) == (import.to_owned(), format!("/t.csv/2/{column}"))
                }
            };
            if !same {
                println!("{told}");
                gaps.push(tries);
            }
        }
        assert_eq!(gaps, Vec::<&str>::new(), "the two ways differ");
    }
}

/// The code of a refusal, and the place of a fault.
fn told_of(answer: &Answer) -> (String, String) {
    if answer.status.is_success() {
        return ("taken".to_owned(), String::new());
    }
    let problem = answer.json();
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    match answer.status.as_u16() {
        422 => (text(&problem["errors"][0]["code"]), text(&problem["errors"][0]["pointer"])),
        _ => (text(&problem["code"]), String::new()),
    }
}

fn told(answer: &Answer) -> (u16, Value) {
    (answer.status.as_u16(), answer.json())
}

/// Adds an officer of the region below, `officer-below`.
pub fn plant_officer_below(change: &mut Change<'_>) -> Result<(), Error> {
    let all = regions::list(change.connection, Revision::LATEST)?;
    let below = all.iter().find(|region| region.code == "159901").unwrap().id;
    seed::account(change, ("officer-below", Role::Officer, Belongs::Region(below)))?;
    assert!(accounts::is_topmost(change.connection, Belongs::Region(all[1].id))?);
    Ok(())
}

/// A body with names.
fn named(more: Value) -> Value {
    let mut body = json!({"name_en": "A", "name_zh": "甲"});
    body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    body
}

async fn regions_are_kept_by_the_same_rules_both_ways(app: TestApp) {
    app.plant_parity().await;
    let new = |parent: Value| named(json!({ "parent": parent }));
    app.same_both_ways(
        "regions",
        vec![
            row(
                ("a new region", "admin"),
                ("/regions/159902", new(json!("159900"))),
                "code,parent,name_en,name_zh\n159902,159900,A,甲\n",
                Outcome::Taken,
            ),
            row(
                ("settings", "admin"),
                ("/regions/159902", named(json!({"time_zone": "Asia/Urumqi", "validity_days": 60}))),
                "code,name_en,name_zh,time_zone,validity_days\n159902,A,甲,Asia/Urumqi,60\n",
                Outcome::Taken,
            ),
            row(
                ("a past day", "admin"),
                ("/regions/159902", named(json!({"valid_from": "2026-03-01", "validity_days": 30}))),
                "code,name_en,name_zh,time_zone,validity_days,valid_from\n159902,A,甲,,30,2026-03-01\n",
                Outcome::Taken,
            ),
            row(
                ("an unknown parent", "admin"),
                ("/regions/159903", new(json!("1"))),
                "code,parent,name_en,name_zh\n159903,1,A,甲\n",
                fault("region_unknown", "/parent", "parent"),
            ),
            row(
                ("no parent", "admin"),
                ("/regions/159903", new(json!(null))),
                "code,parent,name_en,name_zh\n159903,,A,甲\n",
                fault("missing_field", "/parent", "parent"),
            ),
            row(
                ("below itself", "admin"),
                ("/regions/159903", new(json!("159903"))),
                "code,parent,name_en,name_zh\n159903,159903,A,甲\n",
                fault("region_unknown", "/parent", "parent"),
            ),
            row(
                ("another parent", "admin"),
                ("/regions/159902", new(json!("159901"))),
                "code,parent,name_en,name_zh\n159902,159901,A,甲\n",
                fault("never_changes", "/parent", "parent"),
            ),
            row(
                ("no such zone", "admin"),
                ("/regions/159902", named(json!({"time_zone": "Asia/Nowhere"}))),
                "code,name_en,name_zh,time_zone\n159902,A,甲,Asia/Nowhere\n",
                fault("time_zone_unknown", "/time_zone", "time_zone"),
            ),
            row(
                ("a validity of no days", "admin"),
                ("/regions/159902", named(json!({"validity_days": 0}))),
                "code,name_en,name_zh,validity_days\n159902,A,甲,0\n",
                fault("out_of_range", "/validity_days", "validity_days"),
            ),
            row(
                ("a code that is none", "admin"),
                ("/regions/-1", new(json!("159900"))),
                "code,parent,name_en,name_zh\n-1,159900,A,甲\n",
                fault("code_not_taken", "/region", "code"),
            ),
            row(
                ("a day of another century", "admin"),
                ("/regions/159902", named(json!({"valid_from": "2200-01-01"}))),
                "code,name_en,name_zh,valid_from\n159902,A,甲,2200-01-01\n",
                fault("out_of_range", "/valid_from", "valid_from"),
            ),
            row(
                ("an officer, whose the settings are not", "officer"),
                ("/regions/159902", named(json!({"validity_days": 3650, "valid_from": "2026-01-01"}))),
                "code,name_en,name_zh,validity_days,valid_from\n159902,A,甲,3650,2026-01-01\n",
                refused("role_not_allowed", "code"),
            ),
            row(
                ("the region above the own one", "admin-below"),
                ("/regions/159900", named(json!({"validity_days": 10}))),
                "code,name_en,name_zh,validity_days\n159900,A,甲,10\n",
                refused("outside_own_region", "code"),
            ),
            row(
                ("the own one, where a bureau stands above", "admin-below"),
                ("/regions/159901", named(json!({"validity_days": 10}))),
                "code,name_en,name_zh,validity_days\n159901,A,甲,10\n",
                refused("outside_own_region", "code"),
            ),
            row(
                ("a new one beside the own one", "admin-below"),
                ("/regions/159904", new(json!("159900"))),
                "code,parent,name_en,name_zh\n159904,159900,A,甲\n",
                refused("outside_own_region", "code"),
            ),
            row(
                ("the own one, where no bureau stands above", "admin"),
                ("/regions/159900", named(json!({"validity_days": 10}))),
                "code,name_en,name_zh,validity_days\n159900,A,甲,10\n",
                Outcome::Taken,
            ),
        ],
    )
    .await;
}

async fn organizations_are_kept_by_the_same_rules_both_ways(app: TestApp) {
    app.plant_parity().await;
    app.count("t1", "T1-A", json!([{"item": "BOOTS", "quantity": 1}])).await;
    let slip = named(json!({"region": "159900", "kind": "bureau"}));
    app.put_parity("/organizations/N9", "officer", &slip).await.expect(201);
    let of = |kind: &str, more: Value| {
        let mut body = named(json!({"region": "159900", "kind": kind}));
        body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        body
    };
    app.same_both_ways(
        "organizations",
        vec![
            row(
                ("a new team", "officer"),
                ("/organizations/T9", of("rescue_team", json!({"organization_type": "fire_station"}))),
                "code,region,kind,name_en,name_zh,organization_type\nT9,159900,rescue_team,A,甲,fire_station\n",
                Outcome::Taken,
            ),
            row(
                ("a team hosted by an enterprise", "officer"),
                (
                    "/organizations/T9",
                    of("rescue_team", json!({"organization_type": "fire_station", "hosted_by": "E1"})),
                ),
                "code,region,kind,name_en,name_zh,hosted_by\nT9,159900,rescue_team,A,甲,E1\n",
                Outcome::Taken,
            ),
            row(
                ("its end", "officer"),
                (
                    "/organizations/T9",
                    of(
                        "rescue_team",
                        json!({"organization_type": "fire_station", "hosted_by": "E1", "active": false,
                               "valid_from": "2026-12-01"}),
                    ),
                ),
                "code,region,kind,name_en,name_zh,active,valid_from\nT9,159900,rescue_team,A,甲,no,2026-12-01\n",
                Outcome::Taken,
            ),
            row(
                ("a team hosted by a team", "officer"),
                ("/organizations/T9", of("rescue_team", json!({"hosted_by": "T1"}))),
                "code,region,kind,name_en,name_zh,hosted_by\nT9,159900,rescue_team,A,甲,T1\n",
                fault("host_not_enterprise", "/hosted_by", "hosted_by"),
            ),
            row(
                ("a team hosted by itself", "officer"),
                ("/organizations/T9", of("rescue_team", json!({"hosted_by": "T9"}))),
                "code,region,kind,name_en,name_zh,hosted_by\nT9,159900,rescue_team,A,甲,T9\n",
                fault("host_not_enterprise", "/hosted_by", "hosted_by"),
            ),
            row(
                ("an enterprise that is hosted", "officer"),
                ("/organizations/E2", of("enterprise", json!({"hosted_by": "E1"}))),
                "code,region,kind,name_en,name_zh,hosted_by\nE2,159900,enterprise,A,甲,E1\n",
                fault("hosted_not_team", "/hosted_by", "hosted_by"),
            ),
            row(
                ("an unknown host", "officer"),
                ("/organizations/T9", of("rescue_team", json!({"hosted_by": "NONE"}))),
                "code,region,kind,name_en,name_zh,hosted_by\nT9,159900,rescue_team,A,甲,NONE\n",
                fault("organization_unknown", "/hosted_by", "hosted_by"),
            ),
            row(
                ("an unknown region", "officer"),
                ("/organizations/T8", named(json!({"region": "1", "kind": "enterprise"}))),
                "code,region,kind,name_en,name_zh\nT8,1,enterprise,A,甲\n",
                fault("region_unknown", "/region", "region"),
            ),
            row(
                ("a region above the own one", "officer"),
                ("/organizations/T8", named(json!({"region": "150000", "kind": "enterprise"}))),
                "code,region,kind,name_en,name_zh\nT8,150000,enterprise,A,甲\n",
                fault("region_unknown", "/region", "region"),
            ),
            row(
                ("another region", "officer"),
                ("/organizations/T9", named(json!({"region": "159901", "kind": "rescue_team"}))),
                "code,region,kind,name_en,name_zh\nT9,159901,rescue_team,A,甲\n",
                fault("never_changes", "/region", "region"),
            ),
            row(
                ("another kind", "officer"),
                ("/organizations/T1", of("bureau", json!({}))),
                "code,region,kind,name_en,name_zh\nT1,159900,bureau,A,甲\n",
                fault("never_changes", "/kind", "kind"),
            ),
            row(
                ("a slip of the kind", "officer"),
                ("/organizations/N9", of("enterprise", json!({}))),
                "code,region,kind,name_en,name_zh\nN9,159900,enterprise,A,甲\n",
                Outcome::Taken,
            ),
            row(
                ("the kind of a host", "officer"),
                ("/organizations/E1", of("rescue_team", json!({}))),
                "code,region,kind,name_en,name_zh\nE1,159900,rescue_team,A,甲\n",
                fault("never_changes", "/kind", "kind"),
            ),
            row(
                ("a code that is none", "officer"),
                ("/organizations/-T", of("enterprise", json!({}))),
                "code,region,kind,name_en,name_zh\n-T,159900,enterprise,A,甲\n",
                fault("code_not_taken", "/organization", "code"),
            ),
            row(
                ("an organization of a region above", "officer-below"),
                ("/organizations/T1", named(json!({"region": "159901", "kind": "rescue_team"}))),
                "code,region,kind,name_en,name_zh\nT1,159901,rescue_team,A,甲\n",
                // The thing counts as missing, but its code is taken.
                taken_elsewhere(),
            ),
        ],
    )
    .await;
}

async fn depots_are_kept_by_the_same_rules_both_ways(app: TestApp) {
    app.plant_parity().await;
    app.count("t1", "T1-A", json!([{"item": "BOOTS", "quantity": 1}])).await;
    let of = |organization: &str| named(json!({"organization": organization, "holding": "physical"}));
    app.same_both_ways(
        "depots",
        vec![
            row(
                ("a new depot", "officer"),
                ("/depots/D9", of("T1")),
                "code,organization,name_en,name_zh,holding\nD9,T1,A,甲,physical\n",
                Outcome::Taken,
            ),
            row(
                ("a position, and its end", "officer"),
                (
                    "/depots/D9",
                    named(json!({"holding": "agreement", "open": false, "position": {"lat": 41.5, "lon": 113.25}})),
                ),
                "code,organization,name_en,name_zh,holding,open,latitude,longitude,datum\n\
                 D9,T1,A,甲,agreement,no,41.5,113.25,WGS-84\n",
                Outcome::Taken,
            ),
            row(
                ("an unknown organization", "officer"),
                ("/depots/D8", of("NONE")),
                "code,organization,name_en,name_zh\nD8,NONE,A,甲\n",
                fault("organization_unknown", "/organization", "organization"),
            ),
            row(
                ("another owner", "officer"),
                ("/depots/T1-A", of("T2")),
                "code,organization,name_en,name_zh\nT1-A,T2,A,甲\n",
                fault("never_changes", "/organization", "organization"),
            ),
            row(
                ("an empty depot for another", "officer"),
                ("/depots/D9", of("T2")),
                "code,organization,name_en,name_zh,holding\nD9,T2,A,甲,physical\n",
                Outcome::Taken,
            ),
            row(
                ("an empty depot for one that is not there", "officer"),
                ("/depots/D9", of("NONE")),
                "code,organization,name_en,name_zh,holding\nD9,NONE,A,甲,physical\n",
                fault("organization_unknown", "/organization", "organization"),
            ),
            row(
                ("a code that is none", "officer"),
                ("/depots/-D", of("T1")),
                "code,organization,name_en,name_zh\n-D,T1,A,甲\n",
                fault("code_not_taken", "/depot", "code"),
            ),
            row(
                ("an organization of a region above", "officer-below"),
                ("/depots/D7", of("T1")),
                "code,organization,name_en,name_zh\nD7,T1,A,甲\n",
                fault("organization_unknown", "/organization", "organization"),
            ),
            row(
                ("a depot of a region above", "officer-below"),
                ("/depots/D9", of("B1")),
                "code,organization,name_en,name_zh\nD9,B1,A,甲\n",
                taken_elsewhere(),
            ),
        ],
    )
    .await;
}

async fn the_catalogue_is_kept_by_the_same_rules_both_ways(app: TestApp) {
    app.plant_parity().await;
    app.same_both_ways(
        "item_classes",
        vec![
            row(
                ("a new class", "officer"),
                ("/item-classes/water", named(json!({}))),
                "code,name_en,name_zh\nwater,A,甲\n",
                Outcome::Taken,
            ),
            row(
                ("a code that is none", "officer"),
                ("/item-classes/-w", named(json!({}))),
                "code,name_en,name_zh\n-w,A,甲\n",
                fault("code_not_taken", "/item_class", "code"),
            ),
            row(
                ("what all regions share, from below", "officer-below"),
                ("/item-classes/fire", named(json!({}))),
                "code,name_en,name_zh\nfire,A,甲\n",
                refused("not_topmost", "code"),
            ),
        ],
    )
    .await;
    let item = |more: Value| {
        let mut body = named(json!({"unit": "piece", "measured": false, "class": "protection", "kind": "material",
            "perishable": false}));
        body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        body
    };
    app.same_both_ways(
        "items",
        vec![
            row(
                ("a new item", "officer"),
                ("/items/X1", item(json!({"barcodes": ["FREE-1"], "packs": [{"name": "box", "size": 12}]}))),
                "code,name_en,name_zh,class,unit,kind,packs,barcodes\nX1,A,甲,protection,piece,material,box=12,FREE-1\n",
                Outcome::Taken,
            ),
            row(
                ("a barcode of another", "officer"),
                ("/items/X2", item(json!({"barcodes": ["FREE-1"]}))),
                "code,name_en,name_zh,class,unit,kind,barcodes\nX2,A,甲,protection,piece,material,FREE-1\n",
                refused("barcode_taken", "barcodes"),
            ),
            row(
                ("its end", "officer"),
                (
                    "/items/X1",
                    item(json!({"barcodes": ["FREE-1"], "packs": [{"name": "box", "size": 12}], "retired": true})),
                ),
                "code,name_en,name_zh,class,unit,kind,retired\nX1,A,甲,protection,piece,material,yes\n",
                Outcome::Taken,
            ),
            row(
                ("the barcode of a retired item", "officer"),
                ("/items/X2", item(json!({"barcodes": ["FREE-1"]}))),
                "code,name_en,name_zh,class,unit,kind,barcodes\nX2,A,甲,protection,piece,material,FREE-1\n",
                Outcome::Taken,
            ),
            row(
                ("a slip of the unit", "officer"),
                ("/items/X2", item(json!({"unit": "pair", "barcodes": ["FREE-1"]}))),
                "code,name_en,name_zh,class,unit,kind\nX2,A,甲,protection,pair,material\n",
                Outcome::Taken,
            ),
            row(
                ("a slip of what is measured", "officer"),
                ("/items/X2", item(json!({"unit": "pair", "barcodes": ["FREE-1"], "measured": true}))),
                "code,name_en,name_zh,class,unit,kind,measured\nX2,A,甲,protection,pair,material,yes\n",
                Outcome::Taken,
            ),
            row(
                ("another unit", "officer"),
                ("/items/BOOTS", item(json!({"unit": "piece"}))),
                "code,name_en,name_zh,class,unit,kind\nBOOTS,A,甲,protection,piece,material\n",
                fault("never_changes", "/unit", "unit"),
            ),
            row(
                ("measured, where it is counted", "officer"),
                ("/items/BOOTS", item(json!({"unit": "pair", "measured": true}))),
                "code,name_en,name_zh,class,unit,kind,measured\nBOOTS,A,甲,protection,pair,material,yes\n",
                fault("never_changes", "/measured", "measured"),
            ),
            row(
                ("an unknown class", "officer"),
                ("/items/X3", item(json!({"class": "none"}))),
                "code,name_en,name_zh,class,unit,kind\nX3,A,甲,none,piece,material\n",
                fault("class_unknown", "/class", "class"),
            ),
            row(
                ("a wrong check digit", "officer"),
                ("/items/X3", item(json!({"barcodes": ["6901234567890"]}))),
                "code,name_en,name_zh,class,unit,kind,barcodes\nX3,A,甲,protection,piece,material,6901234567890\n",
                fault("check_digit", "/barcodes/0", "barcodes"),
            ),
            row(
                ("half a piece in a pack", "officer"),
                ("/items/X3", item(json!({"packs": [{"name": "box", "size": 0.5}]}))),
                "code,name_en,name_zh,class,unit,kind,packs\nX3,A,甲,protection,piece,material,box=0.5\n",
                fault("not_whole", "/packs/0/size", "packs"),
            ),
            row(
                ("two packs of one name", "officer"),
                ("/items/X3", item(json!({"packs": [{"name": "box", "size": 1}, {"name": "box", "size": 2}]}))),
                "code,name_en,name_zh,class,unit,kind,packs\nX3,A,甲,protection,piece,material,box=1;box=2\n",
                fault("duplicate", "/packs/1/name", "packs"),
            ),
            row(
                ("a code that is none", "officer"),
                ("/items/-X", item(json!({}))),
                "code,name_en,name_zh,class,unit,kind\n-X,A,甲,protection,piece,material\n",
                fault("code_not_taken", "/item", "code"),
            ),
            row(
                ("what all regions share, from below", "officer-below"),
                ("/items/X4", item(json!({}))),
                "code,name_en,name_zh,class,unit,kind\nX4,A,甲,protection,piece,material\n",
                refused("not_topmost", "code"),
            ),
        ],
    )
    .await;
}

async fn the_dictionary_is_kept_by_the_same_rules_both_ways(app: TestApp) {
    app.plant_parity().await;
    let entry = |more: Value| {
        let mut body = named(json!({"kind": "number", "unit": "person", "definition_en": "d", "definition_zh": "丁"}));
        body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        body
    };
    app.same_both_ways(
        "dictionary",
        vec![
            row(
                ("a new entry", "officer"),
                ("/facts/divers", entry(json!({}))),
                "key,kind,unit,name_en,name_zh,definition_en,definition_zh\ndivers,number,person,A,甲,d,丁\n",
                Outcome::Taken,
            ),
            row(
                ("another kind", "officer"),
                ("/facts/divers", entry(json!({"kind": "tag", "unit": null}))),
                "key,kind,name_en,name_zh,definition_en,definition_zh\ndivers,tag,A,甲,d,丁\n",
                fault("never_changes", "/kind", "kind"),
            ),
            row(
                ("another unit", "officer"),
                ("/facts/divers", entry(json!({"unit": "kg"}))),
                "key,kind,unit,name_en,name_zh,definition_en,definition_zh\ndivers,number,kg,A,甲,d,丁\n",
                fault("never_changes", "/unit", "unit"),
            ),
            row(
                ("a tag with a unit", "officer"),
                ("/facts/wet", entry(json!({"kind": "tag", "unit": "kg"}))),
                "key,kind,unit,name_en,name_zh,definition_en,definition_zh\nwet,tag,kg,A,甲,d,丁\n",
                fault("tag_with_unit", "/unit", "unit"),
            ),
            row(
                ("a key that is none", "officer"),
                ("/facts/Wet", entry(json!({}))),
                "key,kind,unit,name_en,name_zh,definition_en,definition_zh\nWet,number,person,A,甲,d,丁\n",
                fault("key_not_taken", "/fact", "key"),
            ),
            row(
                ("what all regions share, from below", "officer-below"),
                ("/facts/wet", entry(json!({}))),
                "key,kind,unit,name_en,name_zh,definition_en,definition_zh\nwet,number,person,A,甲,d,丁\n",
                refused("not_topmost", "key"),
            ),
        ],
    )
    .await;
}

async fn facts_are_kept_by_the_same_rules_both_ways(app: TestApp) {
    app.plant_parity().await;
    let tag = json!({"kind": "tag", "name_en": "Wet", "name_zh": "湿", "definition_en": "d", "definition_zh": "丁"});
    app.put_parity("/facts/wet", "officer", &tag).await.expect(201);
    let of = |key: &str, value: Value| {
        let kind = if value.is_boolean() { "tag" } else { "number" };
        json!({"facts": [{"key": key, "value": {kind: value}}], "valid_from": "2026-11-01"})
    };
    app.same_both_ways(
        "facts",
        vec![
            row(
                ("a number", "officer"),
                ("/organizations/T2/facts", of("people", json!(8))),
                "organization,fact,value,valid_from\nT2,people,8,2026-11-01\n",
                Outcome::Taken,
            ),
            row(
                ("the same from a later day", "officer"),
                (
                    "/organizations/T2/facts",
                    json!({"facts": [{"key": "people", "value": {"number": 8}}], "valid_from": "2026-11-10"}),
                ),
                "organization,fact,value,valid_from\nT2,people,8,2026-11-10\n",
                Outcome::Taken,
            ),
            row(
                ("what is taken back", "officer"),
                (
                    "/organizations/T2/facts",
                    json!({"facts": [{"key": "people", "value": null}], "valid_from": "2026-11-12"}),
                ),
                "organization,fact,value,valid_from\nT2,people,withdrawn,2026-11-12\n",
                Outcome::Taken,
            ),
            row(
                ("a sheet that is complete", "officer"),
                ("/organizations/T2/facts", json!({"facts": [], "complete": true, "valid_from": "2026-11-14"})),
                "organization,fact,value,valid_from\nT2,sheet_complete,yes,2026-11-14\n",
                Outcome::Taken,
            ),
            row(
                ("a fact of no dictionary", "officer"),
                ("/organizations/T2/facts", of("nothing", json!(8))),
                "organization,fact,value,valid_from\nT2,nothing,8,2026-11-01\n",
                fault("fact_unknown", "/facts/0/key", "fact"),
            ),
            row(
                ("a number for a tag", "officer"),
                ("/organizations/T2/facts", of("wet", json!(8))),
                "organization,fact,value,valid_from\nT2,wet,8,2026-11-01\n",
                fault("wrong_kind", "/facts/0/value", "value"),
            ),
            row(
                ("a tag for a number", "officer"),
                ("/organizations/T2/facts", of("people", json!(true))),
                "organization,fact,value,valid_from\nT2,people,yes,2026-11-01\n",
                fault("wrong_kind", "/facts/0/value", "value"),
            ),
            row(
                ("less than nothing", "officer"),
                ("/organizations/T2/facts", of("people", json!(-8))),
                "organization,fact,value,valid_from\nT2,people,-8,2026-11-01\n",
                fault("negative", "/facts/0/value", "value"),
            ),
            row(
                ("an unknown organization", "officer"),
                ("/organizations/NONE/facts", of("people", json!(8))),
                "organization,fact,value,valid_from\nNONE,people,8,2026-11-01\n",
                unknown("organization_unknown", "organization"),
            ),
            row(
                ("an organization of a region above", "officer-below"),
                ("/organizations/T2/facts", of("people", json!(8))),
                "organization,fact,value,valid_from\nT2,people,8,2026-11-01\n",
                unknown("organization_unknown", "organization"),
            ),
        ],
    )
    .await;
}

async fn adoptions_are_decided_by_the_same_rules_both_ways(app: TestApp) {
    app.plant_parity().await;
    let mut text = standards::text("DRAFT", &[]);
    text["status"] = json!("draft");
    app.put("/api/v1/standards/DRAFT/draft").as_("officer").json(&text).send().await.expect(201);
    app.same_both_ways(
        "adoptions",
        vec![
            row(
                ("another strength from today", "officer"),
                ("/regions/159900/adoptions/STD", json!({"strength": "recommended"})),
                "region,standard,strength\n159900,STD,recommended\n",
                Outcome::Taken,
            ),
            row(
                ("a past day without a reason", "officer"),
                ("/regions/159900/adoptions/STD", json!({"strength": "optional", "valid_from": "2026-11-01"})),
                "region,standard,strength,valid_from\n159900,STD,optional,2026-11-01\n",
                fault("needs_correction_reason", "/valid_from", "valid_from"),
            ),
            row(
                ("a past day with a reason", "officer"),
                (
                    "/regions/159900/adoptions/STD",
                    json!({"strength": "optional", "valid_from": "2026-11-01", "correction_reason": "misread"}),
                ),
                "region,standard,strength,valid_from,reason\n159900,STD,optional,2026-11-01,misread\n",
                Outcome::Taken,
            ),
            row(
                ("a past day with a blank reason", "officer"),
                (
                    "/regions/159900/adoptions/STD",
                    json!({"strength": "recommended", "valid_from": "2026-10-01", "correction_reason": " "}),
                ),
                "region,standard,strength,valid_from,reason\n159900,STD,recommended,2026-10-01, \n",
                fault("needs_correction_reason", "/valid_from", "valid_from"),
            ),
            row(
                ("a day that nobody lives to see", "officer"),
                ("/regions/159900/adoptions/STD", json!({"strength": "recommended", "valid_from": "2300-01-01"})),
                "region,standard,strength,valid_from\n159900,STD,recommended,2300-01-01\n",
                fault("out_of_range", "/valid_from", "valid_from"),
            ),
            row(
                ("an end without a reason", "officer"),
                ("/regions/159900/adoptions/STD/end", json!({"valid_from": "2026-12-01"})),
                "region,standard,strength,valid_from\n159900,STD,ended,2026-12-01\n",
                fault("missing_field", "/reason", "strength"),
            ),
            row(
                ("an end", "officer"),
                ("/regions/159900/adoptions/STD/end", json!({"valid_from": "2026-12-01", "reason": "replaced"})),
                "region,standard,strength,valid_from,reason\n159900,STD,ended,2026-12-01,replaced\n",
                Outcome::Taken,
            ),
            row(
                ("an end of nothing", "officer"),
                ("/regions/159901/adoptions/STD/end", json!({"reason": "replaced"})),
                "region,standard,strength,reason\n159901,STD,ended,replaced\n",
                refused("not_adopted", "strength"),
            ),
            row(
                ("a draft", "officer"),
                ("/regions/159900/adoptions/DRAFT", json!({"strength": "mandatory"})),
                "region,standard,strength\n159900,DRAFT,mandatory\n",
                refused("standard_is_draft", "standard"),
            ),
            row(
                ("an unknown standard", "officer"),
                ("/regions/159900/adoptions/NONE", json!({"strength": "mandatory"})),
                "region,standard,strength\n159900,NONE,mandatory\n",
                unknown("standard_unknown", "standard"),
            ),
            row(
                ("an unknown region", "officer"),
                ("/regions/1/adoptions/STD", json!({"strength": "mandatory"})),
                "region,standard,strength\n1,STD,mandatory\n",
                unknown("region_unknown", "region"),
            ),
            row(
                ("a region above the own one", "officer"),
                ("/regions/150000/adoptions/STD", json!({"strength": "mandatory"})),
                "region,standard,strength\n150000,STD,mandatory\n",
                refused("outside_own_region", "region"),
            ),
        ],
    )
    .await;
    // A standard that was published with the status draft.
    app.post("/api/v1/standards/DRAFT/draft/publish")
        .as_("officer")
        .header("if-match", "*")
        .json(&json!({}))
        .send()
        .await
        .expect(201);
    app.same_both_ways(
        "adoptions",
        vec![row(
            ("a standard whose status is draft", "officer"),
            ("/regions/159900/adoptions/DRAFT", json!({"strength": "mandatory"})),
            "region,standard,strength\n159900,DRAFT,mandatory\n",
            refused("standard_is_draft", "standard"),
        )],
    )
    .await;
}

async fn targets_are_declared_by_the_same_rules_both_ways(app: TestApp) {
    app.plant_parity().await;
    let path = "/organizations/T1/targets/N1";
    app.same_both_ways(
        "targets",
        vec![
            row(
                ("a target", "officer"),
                (path, json!({"quantity": 4})),
                "organization,rule,quantity\nT1,N1,4\n",
                Outcome::Taken,
            ),
            row(
                ("a past day without a reason", "officer"),
                (path, json!({"quantity": 3, "valid_from": "2026-11-01"})),
                "organization,rule,quantity,valid_from\nT1,N1,3,2026-11-01\n",
                fault("needs_correction_reason", "/valid_from", "valid_from"),
            ),
            row(
                ("a past day with a reason", "officer"),
                (path, json!({"quantity": 3, "valid_from": "2026-11-01", "correction_reason": "by telephone"})),
                "organization,rule,quantity,valid_from,reason\nT1,N1,3,2026-11-01,by telephone\n",
                Outcome::Taken,
            ),
            row(
                ("a day before there were bureaus", "officer"),
                (path, json!({"quantity": 3, "valid_from": "1850-01-01", "correction_reason": "misread"})),
                "organization,rule,quantity,valid_from,reason\nT1,N1,3,1850-01-01,misread\n",
                fault("out_of_range", "/valid_from", "valid_from"),
            ),
            row(
                ("what is taken back", "officer"),
                (path, json!({"quantity": null, "valid_from": "2026-12-01"})),
                "organization,rule,quantity,valid_from\nT1,N1,withdrawn,2026-12-01\n",
                Outcome::Taken,
            ),
            row(
                ("half a piece", "officer"),
                (path, json!({"quantity": 1.5})),
                "organization,rule,quantity\nT1,N1,1.5\n",
                fault("not_whole", "/quantity", "quantity"),
            ),
            row(
                ("a rule with a number of its own", "officer"),
                ("/organizations/T1/targets/B1", json!({"quantity": 4})),
                "organization,rule,quantity\nT1,B1,4\n",
                fault("target_not_asked", "", "rule"),
            ),
            row(
                ("an unknown rule", "officer"),
                ("/organizations/T1/targets/NONE", json!({"quantity": 4})),
                "organization,rule,quantity\nT1,NONE,4\n",
                unknown("rule_unknown", "rule"),
            ),
            row(
                ("an unknown organization", "officer"),
                ("/organizations/NONE/targets/N1", json!({"quantity": 4})),
                "organization,rule,quantity\nNONE,N1,4\n",
                unknown("organization_unknown", "organization"),
            ),
            row(
                ("an organization of a region above", "officer-below"),
                (path, json!({"quantity": 9})),
                "organization,rule,quantity\nT1,N1,9\n",
                unknown("organization_unknown", "organization"),
            ),
        ],
    )
    .await;
}

/// A rule as a row of a table, and as JSON.
struct TriedRule {
    tries: &'static str,
    more: &'static str,
    cells: &'static str,
    /// The code and the column of the first fault.
    fault: (&'static str, &'static str),
}

async fn standards_are_published_by_the_same_rules_both_ways(app: TestApp) {
    app.plant_parity().await;
    let header = "code,standard,clause,applies_when,scope,item,n,of,at_least,at_most,unit,strength,text_en,confidence,valid_from";
    let rows = [
        TriedRule {
            tries: "an unknown item",
            more: r#""applies_when":{"all":[]},"selector":{"item":"NONE"},"quantity":{"rate":{"n":1}},"unit":"pair""#,
            cells: "always,team,NONE,1,,,,pair",
            fault: ("item_unknown", "item"),
        },
        TriedRule {
            tries: "another unit than the item's",
            more: r#""applies_when":{"all":[]},"selector":{"item":"BOOTS"},"quantity":{"rate":{"n":1}},"unit":"kg""#,
            cells: "always,team,BOOTS,1,,,,kg",
            fault: ("unit_differs", "unit"),
        },
        TriedRule {
            tries: "a fact of no dictionary to count",
            more: r#""applies_when":{"all":[]},"selector":{"item":"BOOTS"},"quantity":{"rate":{"n":1,"of":"none"}},"unit":"pair""#,
            cells: "always,team,BOOTS,1,none,,,pair",
            fault: ("fact_unknown", "of"),
        },
        TriedRule {
            tries: "a number as a tag",
            more: r#""applies_when":{"tag":"people"},"selector":{"item":"BOOTS"},"quantity":{"rate":{"n":1}},"unit":"pair""#,
            cells: "people,team,BOOTS,1,,,,pair",
            fault: ("fact_of_other_kind", "applies_when"),
        },
        TriedRule {
            tries: "bounds the wrong way round",
            more: r#""applies_when":{"all":[]},"selector":{"item":"BOOTS"},"quantity":{"rate":{"n":1,"at_least":4,"at_most":2}},"unit":"pair""#,
            cells: "always,team,BOOTS,1,,4,2,pair",
            fault: ("bounds_crossed", "at_most"),
        },
        TriedRule {
            tries: "a condition that never holds",
            more: r#""applies_when":{"all":[{"kind":"enterprise"},{"kind":"rescue_team"}]},"selector":{"item":"BOOTS"},"quantity":{"rate":{"n":1}},"unit":"pair""#,
            cells: "kind = enterprise and kind = rescue_team,team,BOOTS,1,,,,pair",
            fault: ("never_applies", "applies_when"),
        },
    ];
    for TriedRule { tries, more, cells, fault: (code, column) } in rows {
        let rule = format!(
            r#"{{"code":"Z1","clause":"1","scope":"team","strength":"mandatory","text_en":"t","text_zh":"t","confidence":"verified",{more}}}"#
        );
        let text = format!(
            r#"{{"code":"NEED","title_en":"Needs","title_zh":"需要","jurisdiction":"CN","status":"in_force","rules":[{rule}]}}"#
        );
        let draft = app.put("/api/v1/standards/NEED/draft").as_("officer").header("if-match", "*");
        let draft = draft.body("application/json", text).send().await;
        assert!(draft.status.is_success(), "{tries}: {draft:?}");
        let publish = app.post("/api/v1/standards/NEED/draft/publish").as_("officer").header("if-match", "*");
        let published = publish.json(&json!({"valid_from": "2026-12-01"})).send().await;
        assert_eq!(published.problem(409), "draft_has_faults", "{tries}");
        let draft = app.get("/api/v1/standards/NEED/draft").as_("officer").send().await.expect(200);
        assert_eq!(draft["check"]["faults"][0]["code"], code, "{tries}: {draft}");
        let (condition, rest) = cells.split_once(',').unwrap();
        let table = format!("{header}\nZ1,NEED,1,{condition},{rest},mandatory,t,verified,2026-12-01\n");
        let import = app.import_parity("rules", "officer", &table, true).await;
        assert_eq!(told_of(&import), (code.to_owned(), format!("/t.csv/2/{column}")), "{tries}: {:?}", told(&import));
    }
    // The day from which an edition takes effect.
    let standard = |rest: &str| format!("code,title_en,title_zh,jurisdiction,status{rest}");
    for (form, table, by, outcome) in [
        ("standards", standard(",valid_from\nS9,A,甲,CN,in_force,2026-11-01\n"), "officer", "needs_correction_reason"),
        ("standards", standard(",valid_from,reason\nS9,A,甲,CN,in_force,2026-11-01,misread\n"), "officer", "taken"),
        ("standards", standard("\nS9,A,甲,CN,in_force\n"), "officer", "taken"),
        ("standards", standard("\nS9,A,甲,CN,in_force\n"), "officer-below", "not_topmost"),
        (
            "rules",
            "code,standard,withdrawn,valid_from\nN1,NEED,yes,2026-11-01\n".to_owned(),
            "officer",
            "needs_correction_reason",
        ),
        ("rules", "code,standard,withdrawn\nN1,NEED,yes\n".to_owned(), "officer", "taken"),
        ("rules", "code,standard,withdrawn\nB1,NEED,yes\n".to_owned(), "officer", "rule_of_another_standard"),
        ("rules", "code,standard,withdrawn\nN1,NEED,yes\n".to_owned(), "officer-below", "not_topmost"),
    ] {
        let import = app.import_parity(form, by, &table, true).await;
        assert_eq!(told_of(&import).0, outcome, "{table}: {:?}", told(&import));
    }
}

/// The permissions to change things of one kind.
struct Right {
    kind: &'static str,
    path: &'static str,
    body: Value,
    form: &'static str,
    table: &'static str,
    /// For `t1`, `viewer`, `officer`, `admin`, `officer-below` and `admin-below`.
    expected: [&'static str; 6],
}

const WHO: [&str; 6] = ["t1", "viewer", "officer", "admin", "officer-below", "admin-below"];

async fn each_role_may_do_the_same_both_ways(app: TestApp) {
    app.plant_parity().await;
    let (no, yes, shared) = ("role_not_allowed", "taken", "not_topmost");
    // Things beyond reach count as missing, and a new thing would lack required fields.
    let (hidden, unmade) = ("not_found", "missing_field");
    let entry = json!({"kind": "tag", "name_en": "A", "name_zh": "甲", "definition_en": "d", "definition_zh": "丁"});
    let item = json!({"unit": "piece", "measured": false, "class": "protection", "kind": "material", "perishable": false,
        "name_en": "A", "name_zh": "甲"});
    let rights = [
        Right {
            kind: "a region",
            path: "/regions/159905",
            body: named(json!({"parent": "159900"})),
            form: "regions",
            table: "code,parent,name_en,name_zh\n159905,159900,A,甲\n",
            expected: [no, no, no, yes, no, "outside_own_region"],
        },
        Right {
            kind: "an organization",
            path: "/organizations/T1",
            body: named(json!({})),
            form: "organizations",
            table: "code,region,kind,name_en,name_zh\nT1,159900,rescue_team,A,甲\n",
            expected: [no, no, yes, yes, unmade, unmade],
        },
        Right {
            kind: "a depot",
            path: "/depots/T1-A",
            body: named(json!({"holding": "physical"})),
            form: "depots",
            table: "code,organization,name_en,name_zh\nT1-A,T1,A,甲\n",
            expected: [no, no, yes, yes, unmade, unmade],
        },
        Right {
            kind: "a class of items",
            path: "/item-classes/rope",
            body: named(json!({})),
            form: "item_classes",
            table: "code,name_en,name_zh\nrope,A,甲\n",
            expected: [no, no, yes, yes, shared, shared],
        },
        Right {
            kind: "an item",
            path: "/items/ROPE",
            body: item,
            form: "items",
            table: "code,name_en,name_zh,class,unit,kind\nROPE,A,甲,protection,piece,material\n",
            expected: [no, no, yes, yes, shared, shared],
        },
        Right {
            kind: "an entry of the dictionary",
            path: "/facts/deep",
            body: entry,
            form: "dictionary",
            table: "key,kind,name_en,name_zh,definition_en,definition_zh\ndeep,tag,A,甲,d,丁\n",
            expected: [no, no, yes, yes, shared, shared],
        },
        Right {
            kind: "a fact",
            path: "/organizations/T1/facts/people",
            body: json!({"value": {"number": 7}}),
            form: "facts",
            table: "organization,fact,value\nT1,people,7\n",
            expected: [no, no, yes, yes, hidden, hidden],
        },
        Right {
            kind: "an adoption",
            path: "/regions/159900/adoptions/STD",
            body: json!({"strength": "optional"}),
            form: "adoptions",
            table: "region,standard,strength\n159900,STD,optional\n",
            expected: [no, no, yes, yes, "outside_own_region", "outside_own_region"],
        },
        Right {
            kind: "a declared target",
            path: "/organizations/T1/targets/N1",
            body: json!({"quantity": 2}),
            form: "targets",
            table: "organization,rule,quantity\nT1,N1,2\n",
            // Everybody who counts may declare targets.
            expected: [yes, no, yes, yes, hidden, hidden],
        },
    ];
    for Right { kind, path, body, form, table, expected } in rights {
        for (by, expected) in WHO.into_iter().zip(expected) {
            let put = told_of(&app.put_parity(path, by, &body).await).0;
            let import = told_of(&app.import_parity(form, by, table, true).await).0;
            assert_eq!(put, expected, "{kind} by PUT, {by}");
            let by_import = match expected {
                "missing_field" if form == "organizations" => "region_unknown",
                "missing_field" | "not_found" => "organization_unknown",
                other => other,
            };
            // A thing that a caller may read but not change may be sent unchanged: an officer imports an export again.
            let is_repeat =
                import == yes && matches!(expected, "not_topmost" | "outside_own_region" | "role_not_allowed");
            assert!(import == by_import || is_repeat, "{kind} by import, {by}: {import} instead of {by_import}");
        }
    }
}

/// The value of the fact `people` of an organization on a day.
async fn people(app: &TestApp, organization: &str, day: &str) -> Value {
    let sheet = app.read(&format!("/organizations/{organization}/facts?as_of={day}")).await;
    let found = sheet["facts"].as_array().unwrap().iter().find(|fact| fact["key"] == "people").unwrap().clone();
    found["value"]["number"].clone()
}

async fn a_statement_is_kept_where_it_repeats_what_holds(app: TestApp) {
    rules::adopt(&app).await;
    let statements = [(40, "2026-01-01"), (40, "2026-11-01"), (60, "2026-07-01")];
    for (value, day) in statements {
        let body = json!({"value": {"number": value}, "valid_from": day});
        let put = app.put_parity("/organizations/T2/facts/people", "officer", &body).await;
        assert_eq!((put.status.is_success(), &put.json()["repeated"]), (true, &json!(false)), "{day}");
        let again = app.put_parity("/organizations/T2/facts/people", "officer", &body).await.expect(200);
        assert_eq!(again["repeated"], true, "{day}");
        let table = format!("organization,fact,value,valid_from\nE1,people,{value},{day}\n");
        let import = app.import_parity("facts", "officer", &table, false).await.expect(200);
        assert!(import["revision"].is_i64(), "{day}: {import}");
        let again = app.import_parity("facts", "officer", &table, false).await.expect(200);
        assert_eq!(again["revision"], json!(null), "{day}");
    }
    for organization in ["T2", "E1"] {
        for (day, value) in [("2026-06-30", 40), ("2026-07-01", 60), ("2026-10-31", 60), ("2026-11-02", 40)] {
            assert_eq!(people(&app, organization, day).await, json!(value), "{organization} on {day}");
        }
    }
    // A statement without a day is about the present, and changes nothing if it holds already.
    let undated = app
        .put_parity("/organizations/T2/facts/people", "officer", &json!({"value": {"number": 40}}))
        .await
        .expect(200);
    assert_eq!(undated["repeated"], true);
    let table = "organization,fact,value\nE1,people,40\n";
    assert_eq!(app.import_parity("facts", "officer", table, false).await.expect(200)["revision"], json!(null));
    // The same for an adoption that was decided from the first of January on.
    for (strength, day) in [("mandatory", "2026-12-10"), ("recommended", "2026-12-01")] {
        let body = json!({"strength": strength, "valid_from": day});
        let put = app.put_parity("/regions/159900/adoptions/STD", "officer", &body).await.expect(200);
        assert_eq!(put["repeated"], false, "{day}");
    }
    let listed = app.read("/adoptions?as_of=2026-12-10").await;
    assert_eq!(listed["items"][0]["strength"], "mandatory");
}

/// Numbers that look random and are the same in every run.
struct Chance(u64);

impl Chance {
    fn below(&mut self, limit: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % limit
    }

    fn of<'a, T>(&mut self, choices: &'a [T]) -> &'a T {
        &choices[usize::try_from(self.below(choices.len() as u64)).unwrap()]
    }

    /// A rule of a draft, or none.
    fn rule(&mut self, standard: &str, code: &str) -> Option<Value> {
        let item = *self.of(&["BOOTS", "I1", "I2", "SAND"]);
        let unit = *self.of(&["pair", "piece", "kg", "kg"]);
        let spare = json!({"ratio": {"for_each": 4, "reserve": 1}});
        let quantity = self
            .of(&[
                json!({"as_needed": {}}),
                json!({"rate": {"n": 2}}),
                json!({"rate": {"n": 2, "per": 5, "of": "people", "at_least": 1, "spare": spare}}),
                json!({"not_evaluated": "band"}),
                json!({"coverage": {"of": "people", "factor": 0.5, "capacity": 20, "at_most": 9}}),
                json!({"band": {"of": "people", "rows": [{"below": 30, "n": 2}, {"from": 30, "n": 4, "to": 6}]}}),
                json!({"step": {"of": "people", "from": 5, "n": 1, "more": 1, "per": 10, "rounding": "floor"}}),
                json!({"per_capita": {"n": 1.5, "of": "people", "time": 3, "time_unit": "day"}}),
                json!({"range": {"from": 2, "to": 4, "per": 5, "of": "people"}}),
                json!({"present": {}}),
                json!({"optional": {}}),
            ])
            .clone();
        let name = json!({"name_en": "air; or water", "name_zh": "空气（水）"});
        let kinds = json!([{"name_en": name["name_en"], "name_zh": name["name_zh"], "items": [item]}]);
        let selector = self
            .of(&[
                json!({"item": item}),
                json!({"item": item}),
                json!({"any_of": [{"item": item}, {"bundle": [{"item": "BOOTS"}, {"item": "I1", "quantity": 2}]}]}),
                json!({"each_of": kinds}),
                json!({"kit": [{"item": item, "quantity": 3}, {"item": "MASK"}]}),
                json!({"capability": {"name_en": "air", "name_zh": "空气", "items": [{"item": item, "factor": 2}],
                    "kinds": kinds}}),
            ])
            .clone();
        let when = self
            .of(&[json!({"all": []}), json!({"kind": "rescue_team"}), json!({"not": {"sector": "hazchem"}})])
            .clone();
        let rule = json!({"code": format!("{standard}-{code}"), "clause": "1", "applies_when": when, "scope": "team",
            "selector": selector, "quantity": quantity, "unit": unit, "text_en": "t", "text_zh": "条",
            "waived_when": self.of(&[json!(null), json!({"not": {"tag": "toxic"}})]),
            "agreement_percent": self.of(&[json!(null), json!(40)]),
            "shares_with": self.of(&[json!([]), json!(["station", "a; b"])]),
            "attribution": self.of(&[json!(null), json!("recalled")]),
            "strength": self.of(&["mandatory", "recommended"]), "confidence": "verified"});
        // A rule of which a draft says nothing is withdrawn by its publication.
        (self.below(3) > 0).then_some(rule)
    }

    /// A change of something, which may be refused.
    fn change(&mut self) -> (String, Value) {
        let day = self
            .of(&[json!(null), json!("2026-02-01"), json!("2026-06-01"), json!("2026-11-23"), json!("2026-12-15")])
            .clone();
        let name = *self.of(&["A", "B", "=C", "\"D\", d"]);
        let mut body = json!({"name_en": name, "name_zh": "甲", "valid_from": day});
        let mut also = |more: Value| body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        let reason = self.of(&[json!(null), json!("misread"), json!("two\nlines")]).clone();
        let path = match self.below(14) {
            0 => {
                let (kind, code) = *self.of(&[
                    ("rescue_team", "T1"),
                    ("rescue_team", "N1"),
                    ("enterprise", "E1"),
                    ("enterprise", "E2"),
                    // Slips of the kind, mended while nothing rests on it.
                    ("enterprise", "N1"),
                    ("rescue_team", "E2"),
                    ("bureau", "N2"),
                    ("rescue_team", "N2"),
                    ("rescue_team", "N3"),
                    ("bureau", "N3"),
                ]);
                let host = self.of(&[json!(null), json!("E1"), json!("E2"), json!("T1")]).clone();
                let host = if code == "N3" { json!(null) } else { host };
                also(json!({"kind": kind, "region": "159900", "hosted_by": host, "active": self.below(4) > 0}));
                format!("/organizations/{code}")
            }
            1 => {
                let position = self.of(&[json!(null), json!({"lat": 41.5, "lon": 113.125})]).clone();
                also(json!({"organization": self.of(&["T1", "E1"]), "holding": self.of(&["physical", "capacity"]),
                    "position": position, "open": self.below(3) > 0}));
                format!("/depots/{}", self.of(&["D1", "D2", "T1-A"]))
            }
            2 => {
                let barcodes = self.of(&[json!([]), json!(["FREE-1"]), json!(["6901234567892", "FREE-2"])]).clone();
                let (unit, measured) = *self.of(&[("piece", false), ("piece", false), ("kg", true)]);
                let packs = self
                    .of(&[json!([]), json!([{"name": "box", "size": 12}]), json!([{"name": "box", "size": 2.5}])])
                    .clone();
                also(json!({"unit": unit, "measured": measured, "class": "protection", "kind": "material",
                    "perishable": self.below(2) > 0, "barcodes": barcodes, "packs": packs,
                    "retired": self.below(3) == 0}));
                format!("/items/{}", self.of(&["I1", "I2", "I3", "MASK"]))
            }
            3 => {
                let value = self.of(&[json!(null), json!({"number": 4}), json!({"number": 2.5})]).clone();
                let facts = json!([{"key": "people", "value": value}]);
                let complete = self.of(&[json!(null), json!(true), json!(false)]).clone();
                let organization = *self.of(&["T1", "T2", "E1"]);
                let body = json!({"facts": facts, "complete": complete, "valid_from": day});
                return (format!("/organizations/{organization}/facts"), body);
            }
            4 => {
                let strength = *self.of(&["mandatory", "recommended"]);
                let standard = *self.of(&["STD", "NEED", "NEW", "OLD"]);
                let body = json!({"strength": strength, "valid_from": day, "correction_reason": reason});
                return (format!("/regions/{}/adoptions/{standard}", self.of(&["159900", "159901"])), body);
            }
            5 => {
                let body = json!({"reason": "replaced", "valid_from": day});
                return (format!("/regions/{}/adoptions/STD/end", self.of(&["159900", "159901"])), body);
            }
            6 => {
                let quantity = self.of(&[json!(null), json!(0), json!(3)]).clone();
                let body = json!({"quantity": quantity, "valid_from": day, "correction_reason": reason});
                return (format!("/organizations/{}/targets/N1", self.of(&["T1", "T2"])), body);
            }
            7 => {
                also(json!({"validity_days": self.of(&[json!(null), json!(30)]), "parent": "159900"}));
                format!("/regions/{}", self.of(&["159901", "159902"]))
            }
            8 | 9 => {
                let code = *self.of(&["NEW", "OLD"]);
                let rules: Vec<Value> = ["R1", "R2", "R3"].iter().filter_map(|rule| self.rule(code, rule)).collect();
                let body = json!({"code": code, "title_en": name, "title_zh": "标准", "jurisdiction": "CN",
                    "status": self.of(&["in_force", "in_force", "superseded"]), "rules": rules,
                    "note": self.of(&[json!(null), json!("two\nlines")])});
                return (format!("/standards/{code}/draft"), body);
            }
            10 | 11 => {
                let body = json!({"valid_from": day, "correction_reason": reason});
                return (format!("/standards/{}/draft/publish", self.of(&["NEW", "OLD"])), body);
            }
            12 => {
                let (organization, rule) = *self.of(&[("T1", "B1"), ("T2", "M1"), ("N1", "B1")]);
                let body = json!({"rule": rule, "reason": "the store is being rebuilt", "ends_on": "2026-12-31"});
                return (format!("/organizations/{organization}/exemptions/{}", Uuid::now_v7()), body);
            }
            _ => format!("/item-classes/{}", self.of(&["protection", "water"])),
        };
        (path, body)
    }
}

/// A complete sheet covers the dictionary of its time; importing an export again does not extend that.
async fn a_mark_that_is_brought_back_covers_no_more_than_before(app: TestApp) {
    app.plant_parity().await;
    let complete = json!({"valid_from": "2026-11-01", "complete": true, "facts": []});
    assert!(app.put_parity("/organizations/T1/facts", "admin", &complete).await.status.is_success());
    let entry = json!({
        "kind": "number", "unit": "piece", "name_en": "Rafts", "name_zh": "皮筏",
        "definition_en": "Rafts held.", "definition_zh": "皮筏数。"
    });
    assert!(app.put_parity("/facts/rafts", "admin", &entry).await.status.is_success());
    let book = app.get("/api/v1/export").as_("admin").send().await;
    let media_type = book.header("content-type").to_owned();
    let back = app.post("/api/v1/import").as_("admin").body(&media_type, book.body).send().await;
    assert_eq!(back.expect(200)["revision"], json!(null), "{}", back.json());
}

async fn what_is_exported_is_brought_back_without_a_change(app: TestApp) {
    app.plant_parity().await;
    let mut kinds = BTreeMap::<String, usize>::new();
    for seed in 0..6 {
        let mut chance = Chance(seed);
        let mut taken = 0;
        for _ in 0..90 {
            let (path, body) = chance.change();
            let put = app.put_parity(&path, "admin", &body).await;
            assert!(put.status.as_u16() < 500, "{path} {body}: {put:?}");
            taken += usize::from(put.status.is_success());
            let kind = path.split('/').next_back().filter(|last| *last == "draft" || *last == "publish");
            if put.status.is_success() {
                *kinds.entry(kind.unwrap_or("other").to_owned()).or_default() += 1;
            }
        }
        assert!(taken > 35, "seed {seed}: {taken} of 90 were taken");
        // The next day as well: values in force need no reason to continue.
        let now = app.clock.now();
        for later in [chrono::TimeDelta::zero(), chrono::TimeDelta::days(1)] {
            app.clock.set(now + later);
            let book = app.get("/api/v1/export").as_("admin").send().await;
            let media_type = book.header("content-type").to_owned();
            let back = app.post("/api/v1/import").as_("admin").body(&media_type, book.body).send().await;
            assert_eq!(back.expect(200)["revision"], json!(null), "seed {seed}: {}", back.json());
        }
        app.clock.set(now);
        // Also into an empty database, whatever was done before.
        let first = tables_of(&app.db).await;
        let elsewhere = TestDatabase::create(app.database().backend);
        let db = elsewhere.open();
        let report = bring(&db, vec![file("all.xlsx", write_xlsx(&first).unwrap())]).await;
        assert!(report.is_good(), "seed {seed}: {:?}", report.findings);
        assert_eq!(without_reasons(tables_of(&db).await), without_reasons(first), "seed {seed}");
    }
    let mends = app.db.read(|snapshot| {
        let items = db::items::list(snapshot.connection, Revision::LATEST)?;
        let organizations = db::organizations::list(snapshot.connection, Revision::LATEST)?;
        let ids: Vec<_> = organizations.iter().map(|one| one.id).collect();
        let depots = db::depots::list(snapshot.connection, &ids, Revision::LATEST)?;
        let mended =
            (items.values().any(|item| !item.mends.is_empty()), depots.iter().any(|one| !one.mends.is_empty()));
        Ok((mended, organizations.iter().any(|one| !one.mends.is_empty())))
    });
    assert_eq!(mends.await.unwrap(), ((true, true), true), "slips of each kind were mended");
    assert!(kinds["publish"] > 5 && kinds["draft"] > 10, "{kinds:?}");
}

/// Barcodes pass from one item to another, from a retired item or on the same day, in either order of the rows.
async fn barcodes_that_were_given_on_are_brought_back(app: TestApp) {
    let item = |barcodes: Value, retired: bool, day: &str| {
        named(
            json!({"unit": "piece", "measured": false, "class": "protection", "kind": "material", "perishable": false,
            "barcodes": barcodes, "retired": retired, "valid_from": day}),
        )
    };
    for (code, body) in [
        ("Z", item(json!(["FREE-1"]), false, "2026-02-01")),
        ("Z", item(json!(["FREE-1"]), true, "2026-06-01")),
        ("A", item(json!(["FREE-1"]), false, "2026-06-01")),
        ("C", item(json!(["FREE-2"]), false, "2026-02-01")),
        ("B", item(json!(["FREE-3"]), false, "2026-02-01")),
        ("C", item(json!([]), false, "2026-07-01")),
        ("B", item(json!(["FREE-2"]), false, "2026-07-01")),
        ("C", item(json!(["FREE-3"]), false, "2026-07-01")),
    ] {
        let put = app.put_parity(&format!("/items/{code}"), "admin", &body).await;
        assert!(put.status.is_success(), "{code} {body}: {put:?}");
    }
    let first = tables_of(&app.db).await;
    let inputs = || vec![file("all.xlsx", write_xlsx(&first).unwrap())];
    let elsewhere = TestDatabase::create(app.database().backend);
    let db = elsewhere.open();
    let report = bring(&db, inputs()).await;
    assert!(report.is_good(), "{:?}", report.findings);
    assert_eq!(without_reasons(tables_of(&db).await), without_reasons(first.clone()));
    assert_eq!(bring(&db, inputs()).await.revision, None);
    // If two items have a barcode at the same time, it is reported once, at the second.
    let table = "code,name_en,name_zh,class,unit,kind,barcodes\nX,A,甲,protection,piece,material,FREE-9\n\
        Y,A,甲,protection,piece,material,FREE-9\n";
    let told = app.import_parity("items", "admin", table, true).await.expect(422);
    let errors: Vec<_> = told["errors"].as_array().unwrap().iter().map(|error| &error["pointer"]).collect();
    assert_eq!(errors, ["/t.csv/3/barcodes"], "{told}");
}
