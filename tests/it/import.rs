//! Importing and exporting tables: CSV in GB18030, workbooks, bad rows of every kind.

use std::process::Command;

use chrono::NaiveDate;
use db::Db;
use db::locks::Locks;
use db::organizations;
use db::url::DatabaseUrl;
use domain::actor::{Actor, Holder, Rights};
use domain::change::{COUNTERS, Editor};
use domain::revision::{Revision, in_force};
use encoding_rs::GB18030;
use rust_xlsxwriter::{ExcelDateTime, Format, Workbook};
use serde_json::json;
use service::export;
use service::import::{self, Defaults, Import, Report, Tally};
use tables::form::Form;
use tables::{Encoding, Input, Options, write_csv, write_xlsx};
use text::language::Language;
use tokio_util::sync::CancellationToken;

use crate::app::TestApp;
use crate::cases::cases;
use crate::database::TestDatabase;
use crate::rules;
use crate::seed;

cases![
    a_banner_is_set_up_from_files_of_many_shapes,
    planted_bad_rows_are_each_told_and_nothing_is_written,
    a_column_that_is_missing_says_nothing_and_a_later_day_is_a_change,
    a_rule_that_is_no_rate_becomes_one_by_its_number_only,
    what_is_exported_is_exported_the_same_after_an_import_elsewhere,
    the_data_of_the_project_are_imported_as_they_are,
    the_examples_of_the_readme_are_imported,
    an_officer_imports_over_the_api_and_reads_what_is_wrong,
    what_all_regions_share_is_not_changed_from_below,
    the_commands_tell_what_they_did_and_exit_by_it,
    an_import_that_nobody_waits_for_writes_nothing,
    a_blank_name_becomes_the_other_that_is_stored,
    an_import_for_an_account_needs_its_rights_when_it_is_written,
    what_follows_from_a_table_that_could_not_be_read_is_not_told,
    the_answer_says_what_was_taken,
    a_packed_file_is_unpacked_no_further_than_its_limit,
    a_template_is_imported_as_it_is_and_its_examples_fit_together,
    names_of_packs_and_positions_survive_export_and_import,
    all_faults_of_a_standard_are_told_at_once,
];

pub const WORKBOOK: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

pub fn file(name: &str, bytes: impl Into<Vec<u8>>) -> Input {
    Input { name: name.to_owned(), bytes: bytes.into(), charset: None }
}

fn gb18030(text: &str) -> Vec<u8> {
    GB18030.encode(text).0.into_owned()
}

pub async fn bring(db: &Db, inputs: Vec<Input>) -> Report {
    let asked = Import {
        inputs,
        options: Options::default(),
        editor: Editor::operator(seed::now()),
        defaults: Defaults {
            valid_from: Some(day("2026-01-01")),
            reason: Some("set up".to_owned()),
            ..Defaults::default()
        },
        receipts: None,
        dry_run: false,
        stop: CancellationToken::new(),
    };
    import::import(db, Actor::command("muster import"), asked).await.unwrap()
}

/// A workbook of sheets of texts; `2026/1/5` becomes a date and digits become a number.
pub fn workbook(sheets: &[(&str, &[&[&str]])]) -> Vec<u8> {
    let mut workbook = Workbook::new();
    let date = Format::new().set_num_format("yyyy/m/d");
    for (name, rows) in sheets {
        let sheet = workbook.add_worksheet().set_name(*name).unwrap();
        for (line, row) in (0..).zip(*rows) {
            for (column, text) in (0..).zip(*row) {
                if let Ok(number) = text.parse::<f64>() {
                    sheet.write_number(line, column, number).unwrap();
                } else if text.contains('/') {
                    let parts: Vec<u16> = text.split('/').map(|part| part.parse().unwrap()).collect();
                    let at = ExcelDateTime::from_ymd(parts[0], parts[1] as u8, parts[2] as u8).unwrap();
                    sheet.write_datetime_with_format(line, column, &at, &date).unwrap();
                } else if !text.is_empty() {
                    sheet.write_string(line, column, *text).unwrap();
                }
            }
        }
    }
    workbook.save_to_buffer().unwrap()
}

/// A banner in four files: items and classes in GB18030, places in a workbook, the dictionary in tabs, a rule.
fn banner() -> Vec<Input> {
    let places: &[(&str, &[&[&str]])] = &[
        ("封面", &[]),
        (
            "单位名录",
            &[
                &["某旗应急管理局"],
                &["序号", "单位编码", "单位名称", "性质", "类型", "行业", "区划代码", "依托单位", "生效日期"],
                &["1", "D1", "化工救援队", "救援队伍", "危化救援队", "", "152722", "Q1", "2026/1/5"],
                &["2", "Q1", "甲醇厂", "企业", "", "危险化学品", "152722", "", "2026/1/5"],
            ],
        ),
        ("行政区划", &[&["代码", "名称", "上级"], &["152722", "达拉特旗", "152700"], &["152700", "鄂尔多斯市", ""]]),
        (
            "库点",
            &[
                &["编码", "名称", "单位", "纬度", "经度", "坐标系"],
                &["D1-K1", "一号库", "D1", "40.41", "110.03", "GCJ-02"],
            ],
        ),
        (
            "基本情况",
            &[&["单位编码", "队伍人数", "toxic", "资料齐全", "生效日期"], &["D1", "24", "是", "是", "2026/1/5"]],
        ),
    ];
    vec![
        file(
            "物资.csv",
            gb18030(
                "物资编码,名称,类别,单位,性质,保质期(月),包装\nF1,正压式空气呼吸器,fh,套,装备,,\nM1,防毒面具,fh,个,装备,60,箱=10\n",
            ),
        ),
        file("places.xlsx", workbook(places)),
        file("物资类别.csv", gb18030("编码;名称\r\nfh;个体防护\r\n")),
        file(
            "字典.txt",
            "键\t名称\t类型\t单位\t定义\npeople\t队伍人数\t数值\t人\t全部队员\ntoxic\t有毒\t标签\t\t涉及有毒物质\n",
        ),
        file(
            "rules.csv",
            "code,standard,clause,applies_when,scope,item,n,of,spare,unit,strength,text,confidence\n\
             R1,DB15,4.1,性质=救援队伍 且 toxic,team,F1,1,people,4:1,套,应,每人一套,示例\n",
        ),
        file("标准.csv", "标准号,名称,适用地区,状态\nDB15,旗配备要求,CN-15,现行\n"),
        file("采用.csv", "区划代码,标准号,约束力,生效日期\n152722,DB15,强制,2026年1月10日\n"),
    ]
}

async fn a_banner_is_set_up_from_files_of_many_shapes(database: TestDatabase) {
    let db = database.open();
    let report = bring(&db, banner()).await;
    assert_eq!(report.findings.faults(), []);
    assert_eq!(report.revision, Some(Revision(1)), "all of it is one change");
    let added = |added| Tally { added, ..Tally::default() };
    let expected = [
        (Form::Regions, added(2)),
        (Form::ItemClasses, added(1)),
        (Form::Items, added(2)),
        (Form::Dictionary, added(2)),
        (Form::Organizations, added(2)),
        (Form::Facts, added(3)),
        (Form::Depots, added(1)),
        (Form::Standards, added(1)),
        (Form::Rules, added(1)),
        (Form::Adoptions, added(1)),
    ];
    assert_eq!(report.forms, expected);
    let again = bring(&db, banner()).await;
    assert_eq!((again.is_good(), again.revision), (true, None), "the same files change nothing");
    assert_eq!(again.forms.len(), report.forms.len(), "{again:?}");
    assert!(again.forms.iter().all(|(_, tally)| tally.added + tally.changed == 0), "{again:?}");
    let (newest, brigade) = db
        .read(|snapshot| {
            let all = organizations::list(snapshot.connection, Revision::LATEST)?;
            let host = all.iter().find(|one| one.code == "Q1").unwrap().id;
            let brigade = all.iter().find(|one| one.code == "D1").unwrap().versions[0].clone();
            Ok((snapshot.newest.unwrap().revision, (brigade.valid_from, brigade.value.hosted_by == Some(host))))
        })
        .await
        .unwrap();
    assert_eq!((newest, brigade), (Revision(1), (day("2026-01-05"), true)));
}

async fn planted_bad_rows_are_each_told_and_nothing_is_written(database: TestDatabase) {
    let db = database.open();
    assert!(bring(&db, banner()).await.is_good());
    let places: &[(&str, &[&[&str]])] = &[
        (
            "单位",
            &[
                &["编码", "名称", "性质", "所在区划", "依托单位", "生效日期"],
                &["D1", "队", "救援队伍", "152722", "Q9", "2026/1/5"],
                &["Q1", "厂", "企业", "152700", "", ""],
                &["Q2", "厂", "工厂", "150000", "", "soon"],
                &["Q3", "厂", "企业", "152722", "", ""],
                &["Q3", "厂", "企业", "152722", "", ""],
                &["", "厂", "企业", "152722", "", ""],
            ],
        ),
        ("facts", &[&["organization", "people", "toxik"], &["D1", "24.5x", "1"], &["D9", "3", ""]]),
        ("depots", &[&["code", "name", "organization", "latitude"], &["D1-K1", "库", "Q8", "95"]]),
    ];
    let report = bring(
        &db,
        vec![
            file("bad.xlsx", workbook(places)),
            file("items.csv", gb18030("物资编码,名称,类别,单位,性质\nF1,呼吸器,fh,个,装备\nF2,服,xx,套,装备\n")),
            file(
                "rules.csv",
                "code,standard,clause,applies_when,scope,item,n,of,unit,strength,text,confidence\n\
                 R2,DB15,1,toxic > 3,team,F1,1,people,套,应,t,示例\n\
                 R3,DB99,1,always,team,F9,1,toxic,套,应,t,示例\n\
                 R4,DB15,1,always,team,F1,1,,个,应,t,示例\n\
                 R5,DB15,1,kind = x and,team,F1,1,,套,应,t,示例\n",
            ),
            file("adoptions.csv", "region,standard,strength\n152799,DB15,应\n"),
        ],
    )
    .await;
    let told: Vec<(String, &str)> =
        report.findings.faults().iter().map(|fault| (fault.place.pointer(), fault.code)).collect();
    let expected = [
        ("/bad.xlsx/单位/4/F", "wrong_value"),
        ("/bad.xlsx/单位/4/C", "unknown_value"),
        ("/bad.xlsx/单位/7/A", "missing_field"),
        ("/bad.xlsx/depots/2/D", "out_of_range"),
        ("/rules.csv/5/applies_when", "condition_not_read"),
        ("/items.csv/2/单位", "never_changes"),
        ("/items.csv/3/类别", "class_unknown"),
        ("/rules.csv/2/applies_when", "fact_of_other_kind"),
        ("/rules.csv/3/standard", "standard_unknown"),
        ("/rules.csv/3/item", "item_unknown"),
        ("/rules.csv/3/of", "fact_of_other_kind"),
        ("/rules.csv/4/unit", "unit_differs"),
        ("/bad.xlsx/单位/2/E", "organization_unknown"),
        ("/bad.xlsx/单位/3/D", "never_changes"),
        ("/bad.xlsx/单位/4/D", "region_unknown"),
        ("/bad.xlsx/单位/6/A", "row_twice"),
        ("/bad.xlsx/facts/2/B", "wrong_value"),
        ("/bad.xlsx/facts/2/C", "fact_unknown"),
        ("/bad.xlsx/facts/3/A", "organization_unknown"),
        ("/bad.xlsx/depots/2/C", "organization_unknown"),
        ("/adoptions.csv/2/region", "region_unknown"),
    ];
    for (pointer, code) in expected {
        assert!(told.contains(&(pointer.to_owned(), code)), "{pointer} {code} is not told:\n{told:#?}");
    }
    let strange: Vec<_> = told.iter().filter(|(pointer, code)| !expected.contains(&(pointer.as_str(), code))).collect();
    assert!(strange.iter().all(|(pointer, _)| pointer == "/bad.xlsx/depots/2/D"), "{strange:?}");
    for fault in report.findings.faults() {
        for language in [Language::English, Language::Chinese] {
            let text = fault.message().text(language);
            assert!(!text.contains("{$") && !text.contains("import-"), "{text}");
        }
    }
    let newest = db.read(|snapshot| Ok(snapshot.newest.unwrap().revision)).await.unwrap();
    assert_eq!((report.revision, newest), (None, Revision(1)), "nothing is written");
}

async fn a_column_that_is_missing_says_nothing_and_a_later_day_is_a_change(database: TestDatabase) {
    let db = database.open();
    assert!(bring(&db, banner()).await.is_good());
    let renamed = "单位编码,单位名称,性质,区划代码,生效日期\nD1,新名救援队,救援队伍,152722,2026-06-01\n";
    let report = bring(&db, vec![file("单位.csv", renamed)]).await;
    assert_eq!(report.findings.faults(), []);
    assert_eq!(report.forms, [(Form::Organizations, Tally { changed: 1, ..Tally::default() })]);
    let all = db.read(|snapshot| organizations::list(snapshot.connection, Revision::LATEST)).await.unwrap();
    let brigade = all.iter().find(|one| one.code == "D1").unwrap();
    let on = |text| &in_force(&brigade.versions, day(text)).unwrap().value;
    assert_eq!((on("2026-05-31").name_zh.as_str(), on("2026-06-01").name_zh.as_str()), ("化工救援队", "新名救援队"));
    assert_eq!(on("2026-06-01").organization_type.as_deref(), Some("hazchem_brigade"));
    assert!(on("2026-06-01").hosted_by.is_some());
}

async fn a_blank_name_becomes_the_other_that_is_stored(database: TestDatabase) {
    let db = database.open();
    assert!(bring(&db, banner()).await.is_good());
    let both = file("items.csv", "code,name_en,name_zh\nM1,Gas mask,防毒面具\n");
    assert_eq!(bring(&db, vec![both]).await.findings.faults(), []);
    let blank = [
        file("items.csv", "code,name_en\nF1,\nM1,\n"),
        file("standards.csv", "code,title_en\nDB15,\n"),
        file("rules.csv", "code,standard,text_en\nR1,DB15,\n"),
    ];
    let report = bring(&db, blank.to_vec()).await;
    assert_eq!(report.findings.faults(), []);
    let tally = |changed, unchanged| Tally { added: 0, changed, unchanged };
    let expected = [(Form::Items, tally(1, 1)), (Form::Standards, tally(0, 1)), (Form::Rules, tally(0, 1))];
    assert_eq!(report.forms, expected);
    let items = db.read(|snapshot| db::items::list(snapshot.connection, Revision::LATEST)).await.unwrap();
    assert_eq!(items["M1"].versions.last().unwrap().value.name_en, "防毒面具");
    // A new thing has no other name.
    for (name, column, text) in [
        ("items.csv", "name_en", "code,name_en,class,unit,kind\nF9,,fh,套,装备\n"),
        ("standards.csv", "title_en", "code,title_en,jurisdiction,status\nDB16,,CN-15,现行\n"),
        (
            "rules.csv",
            "text_en",
            "code,standard,clause,applies_when,scope,item,n,of,unit,strength,text_en,confidence\n\
             R9,DB15,4.9,always,team,F1,1,people,套,应,,示例\n",
        ),
    ] {
        let report = bring(&db, vec![file(name, text)]).await;
        let places: Vec<_> = report.findings.faults().iter().map(|fault| fault.place.pointer()).collect();
        assert_eq!((places, report.revision), (vec![format!("/{name}/2/{column}")], None));
    }
}

async fn an_import_for_an_account_needs_its_rights_when_it_is_written(app: TestApp) {
    let (account, _) =
        app.db.read(|snapshot| db::accounts::find_by_username(snapshot.connection, "officer")).await.unwrap().unwrap();
    let close = format!("/api/v1/accounts/{}/close", account.id);
    app.post(&close).as_("admin").json(&json!({"reason": "left"})).send().await.expect(200);
    let (role, belongs) = (account.role, account.belongs);
    let rights = Rights { holder: Holder::Account(account.id), allowed: COUNTERS, role, belongs, scopes: None };
    let asked = Import {
        receipts: None,
        inputs: vec![file("item_classes.csv", "code,name\nnew,新\n")],
        options: Options::default(),
        editor: Editor::of(role, belongs, seed::now()),
        defaults: Defaults::default(),
        dry_run: false,
        stop: CancellationToken::new(),
    };
    let actor = Actor { author: Some(account.author()), rights: Some(rights), ..Actor::command("muster import") };
    let refused = import::import(&app.db, actor, asked).await.unwrap_err();
    assert!(matches!(refused, base::error::Error::Unauthenticated { code: "account_closed", .. }), "{refused:?}");
}

async fn a_rule_that_is_no_rate_becomes_one_by_its_number_only(database: TestDatabase) {
    let db = database.open();
    assert!(bring(&db, banner()).await.is_good());
    let rules = "code,standard,clause,applies_when,scope,item,quantity,unit,strength,text,confidence\n\
        R2,DB15,4.2,toxic,team,M1,as_needed,个,应,按需,示例\nR3,DB15,4.3,toxic,team,M1,not_evaluated: sum,个,应,见表,示例\n";
    assert_eq!(bring(&db, vec![file("rules.csv", rules)]).await.findings.faults(), []);
    let before = tables_of(&db).await;
    let blank = "code,standard,at_least,per,spare\nR2,DB15,,,\nR3,DB15,,,\n";
    let report = bring(&db, vec![file("rules.csv", blank)]).await;
    assert_eq!((report.findings.faults(), report.revision), (&[][..], None));
    for column in ["at_least", "per", "of", "at_most"] {
        let value = if column == "of" { "people" } else { "3" };
        let table = format!("code,standard,{column}\nR2,DB15,{value}\nR3,DB15,{value}\n");
        let report = bring(&db, vec![file("rules.csv", table)]).await;
        let told: Vec<_> =
            report.findings.faults().iter().map(|fault| (fault.code, fault.message().to_string())).collect();
        assert!(told.iter().all(|(code, _)| *code == "column_missing") && !told.is_empty(), "{column}: {told:?}");
    }
    assert_eq!(tables_of(&db).await, before);
    let number = bring(&db, vec![file("rules.csv", "code,standard,n,per\nR2,DB15,2,3\n")]).await;
    assert_eq!((number.findings.faults(), number.revision.is_some()), (&[][..], true));
}

async fn all_faults_of_a_standard_are_told_at_once(database: TestDatabase) {
    let db = database.open();
    assert!(bring(&db, banner()).await.is_good());
    let rule = |code: String, clause: &str, item: &str, unit: &str| {
        json!({
            "code": code, "clause": clause, "applies_when": {"all": []}, "scope": "team", "selector": {"item": item},
            "quantity": {"rate": {"n": 1}}, "unit": unit, "strength": "mandatory", "text_en": "x", "text_zh": "x",
            "confidence": "verified",
        })
    };
    let standard = |rules: Vec<serde_json::Value>| {
        let text = json!({
            "code": "DB16", "title_en": "DB16", "title_zh": "DB16", "jurisdiction": "CN", "status": "in_force", "rules": rules,
        });
        vec![file("DB16.json", text.to_string())]
    };
    let long = "4".repeat(300);
    let faulty = vec![
        rule("R3".to_owned(), &long, "F1", "set"),
        rule("R4".to_owned(), "4.2", "NOITEM", "set"),
        rule("R5".to_owned(), "4.3", "NOTHING", "set"),
    ];
    let report = bring(&db, standard(faulty)).await;
    let codes: Vec<&str> = report.findings.faults().iter().map(|fault| fault.code).collect();
    assert_eq!(codes.iter().filter(|code| **code == "item_unknown").count(), 2, "{codes:?}");
    assert!(codes.len() > 2, "{codes:?}");
    let many = |number: usize| (0..number).map(|place| rule(format!("R1{place:04}"), "4.1", "F1", "set")).collect();
    let report = bring(&db, standard(many(1_001))).await;
    let codes: Vec<&str> = report.findings.faults().iter().map(|fault| fault.code).collect();
    assert!(codes.contains(&"list_too_long") && report.revision.is_none(), "{codes:?}");
}

/// Everything in a database, as tables.
pub async fn tables_of(db: &Db) -> Vec<tables::Sheet> {
    let forms: Vec<Form> = Form::exported().collect();
    let read = move |snapshot: &mut db::read::Snapshot<'_>| {
        export::sheets(snapshot.connection, &forms, false, &Editor::operator(seed::now()), true)
    };
    db.read(read).await.unwrap().sheets
}

/// The same tables without the reasons: statements about days that were not past then need a reason when they are
/// imported.
pub fn without_reasons(mut sheets: Vec<tables::Sheet>) -> Vec<tables::Sheet> {
    let rows = sheets.iter_mut().flat_map(|sheet| &mut sheet.rows);
    rows.for_each(|row| row.retain(|(column, _)| *column != "reason"));
    sheets
}

async fn what_is_exported_is_exported_the_same_after_an_import_elsewhere(database: TestDatabase) {
    let backend = database.backend;
    let app = TestApp::over(database).await;
    rules::adopt(&app).await;
    rules::mark_sheet_complete(&app, "E1").await;
    let first = tables_of(&app.db).await;
    assert!(first.iter().filter(|sheet| !sheet.rows.is_empty()).count() >= 9, "{first:#?}");
    let csv = |sheet: &tables::Sheet| {
        file(&format!("{}.csv", sheet.form.name()), write_csv(sheet, Encoding::Gb18030).unwrap())
    };
    for inputs in [vec![file("all.xlsx", write_xlsx(&first).unwrap())], first.iter().map(csv).collect()] {
        let elsewhere = TestDatabase::create(backend);
        let db = elsewhere.open();
        let report = bring(&db, inputs).await;
        assert_eq!(report.findings.faults(), []);
        assert_eq!(without_reasons(tables_of(&db).await), without_reasons(first.clone()));
    }
}

async fn the_data_of_the_project_are_imported_as_they_are(database: TestDatabase) {
    let db = database.open();
    let data = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("data");
    let mut inputs = Vec::new();
    for folder in [data.clone(), data.join("standards")] {
        for path in std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()) {
            let name = path.file_name().unwrap().to_str().unwrap().to_owned();
            if path.is_file() && name != "README.md" && name != "item_aliases.csv" {
                inputs.push(file(&name, std::fs::read(&path).unwrap()));
            }
        }
    }
    let report = bring(&db, inputs.clone()).await;
    assert_eq!(report.findings.faults(), []);
    let rules = report.forms.iter().find(|(form, _)| *form == Form::Rules).unwrap().1.added;
    assert!(rules > 200, "{rules}");
    assert_eq!(bring(&db, inputs).await.revision, None);
}

async fn the_examples_of_the_readme_are_imported(database: TestDatabase) {
    let db = database.open();
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/banner");
    let files = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let inputs = files.map(|path| file(path.file_name().unwrap().to_str().unwrap(), std::fs::read(&path).unwrap()));
    let report = bring(&db, inputs.collect()).await;
    assert_eq!((report.findings.faults(), report.findings.warnings()), (&[][..], &[][..]));
    assert_eq!((report.revision, report.forms.len()), (Some(Revision(1)), Form::exported().count()));
}

async fn an_officer_imports_over_the_api_and_reads_what_is_wrong(app: TestApp) {
    let csv = gb18030("编码,名称,类别,单位,性质,生效日期\nROPE,救生绳,protection,根,装备,2026-11-23\n");
    let post = |query: &str| app.post(&format!("/api/v1/import?form=items{query}")).as_("officer");
    let dry = post("&dry_run=true").body("text/csv; charset=gb18030", csv.clone()).send().await.expect(200);
    assert_eq!((&dry["revision"], &dry["forms"][0]["added"]), (&json!(null), &json!(1)));
    app.get("/api/v1/items/ROPE").as_("officer").send().await.expect(404);
    let done = post("").body("text/csv", csv.clone()).send().await.expect(200);
    assert!(done["revision"].is_i64(), "{done}");
    app.get("/api/v1/items/ROPE").as_("officer").send().await.expect(200);
    let again = post("").body("text/csv", csv).send().await.expect(200);
    assert_eq!((&again["revision"], &again["forms"][0]["unchanged"]), (&json!(null), &json!(1)));

    let bad = workbook(&[(
        "物资目录",
        &[&["编码", "名称", "类别", "单位", "性质"], &["ROPE", "绳", "protection", "米", "器械"]],
    )]);
    let request = app.post("/api/v1/import?name=a/b.xlsx").as_("officer").header("accept-language", "zh-CN");
    let refused = request.body(WORKBOOK, bad).send().await.expect(422);
    assert_eq!(refused["errors"][0]["pointer"], "/a~1b.xlsx/物资目录/2/E");
    assert_eq!(refused["errors"][0]["code"], "unknown_value");
    assert!(refused["errors"][0]["detail"].as_str().unwrap().contains("可选值"), "{refused}");
    assert_eq!(
        app.post("/api/v1/import").as_("officer").body("text/plain", "x").send().await.problem(415),
        "unsupported_media_type"
    );
    assert_eq!(
        app.post("/api/v1/import?form=x").as_("officer").body("text/csv", "x").send().await.problem(422),
        "values_not_taken"
    );
    app.post("/api/v1/import").as_("viewer").body("text/csv", "x").send().await.problem(403);

    let table =
        app.get("/api/v1/export?form=items&format=csv").as_("officer").header("accept-language", "zh").send().await;
    let text = String::from_utf8(table.body.to_vec()).unwrap();
    assert!(text.starts_with("\u{feff}物资编码,") && text.contains("ROPE"), "{text}");
    assert_eq!(app.get("/api/v1/export?format=csv").as_("officer").send().await.problem(422), "values_not_taken");
    let book = app.get("/api/v1/export").as_("officer").send().await;
    assert_eq!((book.status.as_u16(), book.header("content-type")), (200, WORKBOOK));
    let unchanged = app.post("/api/v1/import").as_("officer").body(WORKBOOK, book.body).send().await;
    assert_eq!(unchanged.expect(200)["revision"], json!(null), "what is the province's may be repeated");
}

async fn what_all_regions_share_is_not_changed_from_below(app: TestApp) {
    app.db.write(crate::rows::tester(), Locks::none(), seed::plant_below).await.unwrap();
    let post = |form: &str, text: &'static str| {
        app.post(&format!("/api/v1/import?form={form}")).as_("admin-below").body("text/csv", text).send()
    };
    let code = |answer: serde_json::Value| answer["errors"][0]["code"].as_str().unwrap().to_owned();
    assert_eq!(code(post("item_classes", "code,name\nrope,绳\n").await.expect(422)), "not_topmost");
    let organization = "code,name,kind,region\nX1,厂,企业,159900\n";
    assert_eq!(code(post("organizations", organization).await.expect(422)), "region_unknown");
    assert_eq!(code(post("facts", "organization,fact,value\nT1,people,3\n").await.expect(422)), "organization_unknown");
    assert_eq!(code(post("depots", "code,name,organization\nX,库,T1\n").await.expect(422)), "organization_unknown");
    post("organizations", "code,name,kind,region\nX1,厂,企业,159901\n").await.expect(200);
    post("regions", "code,name,parent\n1599011,镇,159901\n").await.expect(200);
}

fn muster(database: &TestDatabase, arguments: &[&str]) -> (i32, String, String) {
    let url = match &database.url {
        DatabaseUrl::Sqlite(path) => format!("sqlite:{}", path.display()),
        DatabaseUrl::Postgres(url) => url.clone(),
    };
    let output = Command::new(env!("CARGO_BIN_EXE_muster")).args(arguments).env("DATABASE_URL", url).output().unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    (output.status.code().unwrap(), text(output.stdout), text(output.stderr))
}

async fn the_commands_tell_what_they_did_and_exit_by_it(database: TestDatabase) {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name).to_str().unwrap().to_owned();
    for input in banner() {
        std::fs::write(path(&input.name), input.bytes).unwrap();
    }
    let files: Vec<String> = banner().iter().map(|input| path(&input.name)).collect();
    let with = |options: &[&'static str]| -> Vec<String> {
        ["import"].iter().chain(options).map(ToString::to_string).chain(files.clone()).collect()
    };
    let run = |arguments: Vec<String>| {
        let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
        muster(&database, &arguments)
    };
    let (code, told, _) = run(with(&["--dry-run"]));
    assert!(
        code == 1 && told.contains("[needs_correction_reason]"),
        "an adoption of a past day needs a reason: {told}"
    );
    let (code, told, log) = run(with(&["--dry-run", "--language", "zh-CN", "--reason", "set up"]));
    assert_eq!((code, told.contains("试运行")), (0, true), "{told}{log}");
    let (code, told, log) = run(with(&["--report", "json", "--reason", "set up"]));
    let report: serde_json::Value = serde_json::from_str(&told).unwrap();
    assert_eq!((code, &report["revision"], &report["fault_count"]), (0, &json!(1), &json!(0)), "{told}{log}");
    std::fs::write(path("bad.csv"), "code,name,kind,region\nX,,企业,nowhere\n").unwrap();
    let (code, told, log) = run(["import", "--form", "organizations", &path("bad.csv")].map(str::to_owned).to_vec());
    assert_eq!((code, log.as_str()), (1, "muster: 2 faults: nothing was written.\n"), "{told}");
    assert!(told.contains("bad.csv, row 2, column \"region\": There is no region nowhere"), "{told}");
    let (code, _, log) = run(["export", "--format", "csv", "--to", &path("out")].map(str::to_owned).to_vec());
    assert_eq!((code, log.as_str()), (0, ""));
    let items = std::fs::read_to_string(path("out/items.csv")).unwrap();
    assert!(items.contains("防毒面具") && items.contains("箱=10"), "{items}");
    let (code, told, log) = run(["import", &path("out/items.csv")].map(str::to_owned).to_vec());
    assert_eq!((code, told.contains("already stored")), (0, true), "{told}{log}");
    let template =
        ["export", "--template", "--language", "zh-CN", "--to", &path("模板.xlsx")].map(str::to_owned).to_vec();
    assert_eq!(run(template).0, 0);
    let none =
        ["import", "--database-url", &format!("sqlite:{}", path("none")), &path("bad.csv")].map(str::to_owned).to_vec();
    let (code, _, log) = run(none);
    assert!(code == 66 && !folder.path().join("none").exists(), "{log}");
}

async fn an_import_that_nobody_waits_for_writes_nothing(database: TestDatabase) {
    let db = database.open();
    let stop = CancellationToken::new();
    stop.cancel();
    let asked = Import {
        receipts: None,
        inputs: banner(),
        options: Options::default(),
        editor: Editor::operator(seed::now()),
        defaults: Defaults {
            valid_from: Some(day("2026-01-01")),
            reason: Some("set up".to_owned()),
            ..Defaults::default()
        },
        dry_run: false,
        stop,
    };
    let given_up = import::import(&db, Actor::command("muster import"), asked).await;
    assert!(matches!(given_up, Err(base::error::Error::Busy(_))), "{given_up:?}");
    assert!(db.read(|snapshot| Ok(snapshot.newest.is_none())).await.unwrap());
}

async fn what_follows_from_a_table_that_could_not_be_read_is_not_told(database: TestDatabase) {
    let db = database.open();
    let items = "code,name,class,unit,kind\nF1,呼吸器,fh,套,装备\nF2,服,fh,套,装备\n";
    let cases = [
        ("code,name\n\"fh,个体防护\n", vec![("/item_classes.csv/2", "quote_not_closed")]),
        ("code,name\nf\u{200b}h,个体防护\n", vec![("/item_classes.csv/2/code", "invisible_character")]),
        (
            "kode,name\nfh,个体防护\n",
            vec![("/item_classes.csv/1/kode", "column_unknown"), ("/item_classes.csv/1", "column_missing")],
        ),
        ("code,name\nfh,\n", vec![("/item_classes.csv/2/name", "missing_field")]),
        ("code,name\nxx,个体防护\n", vec![("/items.csv/2/class", "class_unknown")]),
    ];
    for (classes, expected) in cases {
        let report = bring(&db, vec![file("item_classes.csv", classes), file("items.csv", items)]).await;
        let told: Vec<(String, &str)> =
            report.findings.faults().iter().map(|fault| (fault.place.pointer(), fault.code)).collect();
        let expected: Vec<(String, &str)> = expected.into_iter().map(|(at, code)| (at.to_owned(), code)).collect();
        assert_eq!(told, expected, "{classes}");
    }
}

async fn the_answer_says_what_was_taken(app: TestApp) {
    let text = "code,name_en,name_zh\nmask,Masks,防毒面具濾毒罐呼吸器\n";
    let encoded = |encoding: &'static encoding_rs::Encoding| encoding.encode(text).0.into_owned();
    let post = |media_type: &str, bytes: Vec<u8>| {
        app.post("/api/v1/import?form=item_classes&dry_run=true").as_("officer").body(media_type, bytes).send()
    };
    let taken = |answer: serde_json::Value| {
        (answer["files"][0]["encoding"].clone(), answer["files"][0]["encoding_certainty"].clone())
    };
    let big5 = encoded(encoding_rs::BIG5);
    assert_eq!(taken(post("text/csv", big5.clone()).await.expect(200)), (json!("big5"), json!("likely")));
    assert_eq!(taken(post("text/csv; charset=big5", big5).await.expect(200)), (json!("big5"), json!("declared")));
    assert_eq!(taken(post("text/csv", text.into()).await.expect(200)), (json!("utf-8"), json!("certain")));
    let kana = encoding_rs::SHIFT_JIS.encode("code,name\nmask,防毒マスク\n").0.into_owned();
    assert_eq!(taken(post("text/csv", kana).await.expect(200)).0, json!("shift_jis"));
    let strange = post("text/csv", b"code,name\nmask,M\xfcller\n".to_vec()).await.expect(422);
    assert_eq!(
        (&strange["errors"][0]["code"], &strange["errors"][0]["pointer"]),
        (&json!("encoding_implausible"), &json!("/body.csv/2"))
    );
    let refused = post("text/plain", text.into()).await.expect(415);
    assert!(refused["detail"].as_str().unwrap().contains("text/csv"), "{refused}");
    let json = app.post("/api/v1/auth/login").body("text/plain", "x").send().await.expect(415);
    assert!(json["detail"].as_str().unwrap().contains("application/json"), "{json}");
    let rows: String = (0..360).map(|number| format!("X{number},a,c,set,tool\n")).collect();
    let many = format!("code,name,class,unit,kind\n{rows}");
    let many = app.post("/api/v1/import?form=items").as_("officer").body("text/csv", many).send().await.expect(422);
    let kinds: Vec<_> =
        many["errors"].as_array().unwrap().iter().filter(|fault| fault["code"] == "unknown_value").collect();
    assert_eq!(kinds.len(), 1, "{many}");
    assert!(kinds[0]["detail"].as_str().unwrap().contains("2–361"), "{many}");
}

async fn a_packed_file_is_unpacked_no_further_than_its_limit(app: TestApp) {
    use std::io::Write as _;
    let mut packer = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    packer.write_all(b"code,name\n").unwrap();
    let part = b"A,b\n".repeat(1 << 18);
    (0..20).for_each(|_| packer.write_all(&part).unwrap());
    let request = app.post("/api/v1/import?form=item_classes").as_("officer").header("content-encoding", "gzip");
    assert_eq!(request.body("text/csv", packer.finish().unwrap()).send().await.problem(413), "too_large");
}

async fn a_template_is_imported_as_it_is_and_its_examples_fit_together(app: TestApp) {
    for language in ["en", "zh-CN"] {
        let book =
            app.get("/api/v1/export?template=true").as_("officer").header("accept-language", language).send().await;
        let report = app.post("/api/v1/import").as_("officer").body(WORKBOOK, book.body).send().await.expect(200);
        assert_eq!((&report["revision"], report["warnings"][0]["code"].as_str()), (&json!(null), Some("row_left_out")));
        let elsewhere = TestDatabase::create(app.database().backend);
        let db = elsewhere.open();
        let mut sheets = export::templates(&Form::exported().collect::<Vec<_>>(), language == "zh-CN");
        for cell in sheets.iter_mut().flat_map(|sheet| &mut sheet.rows).flatten() {
            if let tables::Output::Text(text) = &mut cell.1 {
                *text = text.trim_start_matches("# ").to_owned();
            }
        }
        let report = bring(&db, vec![file("filled.xlsx", write_xlsx(&sheets).unwrap())]).await;
        assert_eq!((report.findings.faults(), report.forms.len()), (&[][..], Form::exported().count()));
    }
}

async fn names_of_packs_and_positions_survive_export_and_import(app: TestApp) {
    let packs = json!([{"name": "a;b=c", "size": 12}, {"name": "\"x\"", "size": 2}, {"name": "盒：大", "size": 3}]);
    let item = json!({"name_en": "Rope", "name_zh": "绳", "class": "protection", "unit": "根", "measured": false, "kind": "equipment",
        "perishable": false, "packs": packs, "barcodes": ["12345678905", "a;b"]});
    app.put_on("/items/ROPE", "officer", &item, None).await.expect(201);
    let position = json!({"lat": 40.123_456_789_012_34, "lon": 110.987_654_321_098_76});
    let depot = json!({"organization": "T1", "name_en": "Far", "name_zh": "远", "position": position, "holding": "physical", "open": true});
    app.put_on("/depots/T1-FAR", "officer", &depot, None).await.expect(201);
    for query in ["", "?form=items&format=csv", "?form=depots&format=csv"] {
        let table = app.get(&format!("/api/v1/export{query}")).as_("officer").send().await;
        let media_type = table.header("content-type").to_owned();
        let form = query.split(['=', '&']).nth(1).map(|form| format!("?form={form}")).unwrap_or_default();
        let back = app.post(&format!("/api/v1/import{form}")).as_("officer").body(&media_type, table.body).send().await;
        assert_eq!(back.expect(200)["revision"], json!(null), "{query}");
    }
    for (path, body, field) in [
        ("/items/ROPE", json!({"name_en": "Rope ", "name_zh": "绳"}), "/name_en"),
        (
            "/items/ROPE",
            json!({"name_en": "Rope", "name_zh": "绳", "packs": [{"name": " box", "size": 2}]}),
            "/packs/0/name",
        ),
    ] {
        let mut body = body;
        for field in ["class", "kind", "perishable"] {
            body[field] = item[field].clone();
        }
        let refused = app.put_on(path, "officer", &body, Some("*")).await.expect(422);
        assert_eq!(
            (&refused["errors"][0]["code"], &refused["errors"][0]["pointer"]),
            (&json!("blank_at_end"), &json!(field))
        );
    }
}
