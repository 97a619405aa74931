//! Making the first account, asked of the application itself.

use auth::setup_code::SetupCode;
use chrono::TimeDelta;
use db::locks::Locks;
use db::write::Change;
use serde_json::{Value, json};
use service::setup::make_code;

use crate::answers;
use crate::app::TestApp;
use crate::cases::cases;
use crate::database::TestDatabase;
use crate::document::operations;
use crate::rows::tester;
use crate::seed;

cases![
    the_answer_is_what_the_document_says,
    a_code_ends_after_a_day,
    a_region_at_the_top_is_taken_over_by_its_code,
    with_an_account_there_is_no_code,
    guessing_the_code_is_slowed_down,
];

async fn made_code(app: &TestApp) -> Option<SetupCode> {
    let make = |change: &mut Change<'_>| {
        let locked = change.for_accounts()?;
        make_code(change, locked, seed::now())
    };
    app.db.write(tester(), Locks::none().accounts(), make).await.unwrap().value
}

/// The code that makes the first account.
pub async fn code(app: &TestApp) -> SetupCode {
    made_code(app).await.unwrap()
}

/// A body that uses it, with a region at the top.
pub fn body(code: &SetupCode, region: &str) -> Value {
    json!({
        "code": code.reveal(), "username": "chief", "password": "twelve letters", "display_name": "Chief",
        "region": {"code": region, "name_en": "League", "name_zh": "盟"}
    })
}

async fn the_answer_is_what_the_document_says(database: TestDatabase) {
    let app = TestApp::bare(database).await;
    let code = code(&app).await;
    let answer = app.post("/api/v1/setup").json(&body(&code, "152900")).send().await;
    let operation = operations().into_iter().find(|operation| operation.id == "set_up").unwrap();
    let (_, said) = operation.responses().find(|(status, _)| *status == 201).unwrap();
    answers::check("set_up 201", &said["content"]["application/json"]["schema"], &answer.expect(201));
    assert_eq!(answer.header("cache-control"), "no-store");
    let region = app.get("/api/v1/regions").as_("chief").send().await.expect(200)["items"][0].clone();
    assert_eq!(region["code"], "152900");
}

async fn a_code_ends_after_a_day(database: TestDatabase) {
    let app = TestApp::bare(database).await;
    let code = code(&app).await;
    for (hours, status) in [(25, 403), (23, 201)] {
        app.clock.set(seed::now() + TimeDelta::hours(hours));
        let answer = app.post("/api/v1/setup").json(&body(&code, "152900")).send().await;
        assert_eq!(answer.status, status, "after {hours} hours");
    }
}

async fn a_region_at_the_top_is_taken_over_by_its_code(database: TestDatabase) {
    let app = TestApp::bare(database).await;
    let version = domain::region::RegionVersion {
        name_en: "Prefecture".to_owned(),
        name_zh: "州".to_owned(),
        time_zone: None,
        validity_days: None,
        inspection_stands_days: None,
    };
    let from = db::sql_types::Day(seed::now().date_naive());
    let insert = move |change: &mut db::write::Change<'_>| {
        db::regions::insert(change, base::id::RegionId::new(), "150000", None, from, &version)
    };
    app.db.write(tester(), Locks::none(), insert).await.unwrap();
    let code = code(&app).await;
    let refused = app.post("/api/v1/setup").json(&body(&code, "152900")).send().await;
    assert_eq!(refused.problem(409), "other_region_at_the_top");
    let made = app.post("/api/v1/setup").json(&body(&code, "150000")).send().await.expect(201);
    assert_eq!((&made["region"]["code"], &made["region"]["name"]), (&json!("150000"), &json!("Prefecture")));
}

async fn with_an_account_there_is_no_code(app: TestApp) {
    assert!(made_code(&app).await.is_none());
    let answer = app.post("/api/v1/setup").json(&body(&SetupCode::generate(), "150000")).send().await;
    assert_eq!(answer.problem(409), "already_set_up");
}

async fn guessing_the_code_is_slowed_down(database: TestDatabase) {
    let app = TestApp::bare(database).await;
    let code = code(&app).await;
    for _ in 0..20 {
        let wrong = app.post("/api/v1/setup").json(&body(&SetupCode::generate(), "152900")).send().await;
        assert_eq!(wrong.problem(403), "setup_code_wrong");
    }
    let slowed = app.post("/api/v1/setup").json(&body(&code, "152900")).send().await;
    assert_eq!(slowed.problem(429), "too_many_attempts", "the right code has to wait too");
    let seconds = slowed.header("retry-after").parse().unwrap();
    app.clock.set(seed::now() + TimeDelta::seconds(seconds));
    app.post("/api/v1/setup").json(&body(&code, "152900")).send().await.expect(201);
}
