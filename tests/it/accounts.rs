//! Accounts: the permissions to create, change, close and open them.

use db::locks::Locks;
use futures_util::future::join;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::app::{Answer, TestApp};
use crate::cases::cases;
use crate::seed;

cases![
    an_account_is_made_once_and_signs_in,
    an_account_without_a_password_signs_in_by_a_code_and_sets_one,
    role_and_place_must_fit,
    a_user_name_is_taken_once,
    a_change_says_which_state_it_was_made_on,
    what_cannot_be_changed_is_refused,
    an_officer_manages_quartermasters_and_nobody_else,
    an_admin_below_does_not_reach_those_above,
    nobody_raises_themselves,
    accounts_are_listed_by_what_is_asked_for,
    closing_is_said_once_and_can_be_undone,
    the_last_admin_is_not_closed,
    of_two_admins_who_close_each_other_one_stays,
    a_reset_takes_the_password_away_and_gives_a_code,
    every_change_of_an_account_is_audited,
];

impl TestApp {
    /// An account as the admin sees it, by its user name.
    pub async fn account(&self, username: &str) -> Value {
        let list = self.get(&format!("/api/v1/accounts?q={username}&limit=500")).as_("admin").send().await.expect(200);
        let items = list["items"].as_array().unwrap();
        let found = items.iter().find(|account| account["username"] == username);
        found.unwrap_or_else(|| panic!("no account {username}: {list}")).clone()
    }

    /// The same account with its `ETag`.
    pub async fn account_with_tag(&self, username: &str) -> (Value, String) {
        let id = self.account(username).await["id"].as_str().unwrap().to_owned();
        let answer = self.get(&format!("/api/v1/accounts/{id}")).as_("admin").send().await;
        (answer.expect(200), answer.header("etag").to_owned())
    }

    async fn save(&self, caller: &str, id: &str, tag: Option<&str>, body: &Value) -> Answer {
        let request = self.put(&format!("/api/v1/accounts/{id}")).as_(caller).json(body);
        match tag {
            Some(tag) => request.header("if-match", tag).send().await,
            None => request.send().await,
        }
    }

    /// Creates an account of the bureau.
    async fn make(&self, username: &str, role: &str, region: &str) -> String {
        let id = Uuid::new_v4().to_string();
        let body = json!({
            "username": username, "display_name": username, "role": role, "region": region,
            "password": seed::PASSWORD
        });
        self.save("root", &id, None, &body).await.expect(201);
        id
    }

    /// Adds an admin of the province, which is above the regions of the seed.
    async fn with_root(&self) {
        use base::id::AccountId;
        use db::{accounts, regions};
        use domain::account::{Account, Belongs, Role};
        use domain::revision::Revision;
        let plant = |change: &mut db::write::Change<'_>| {
            let regions = regions::list(change.connection, Revision::LATEST)?;
            let top = regions.iter().find(|region| region.parent_id.is_none()).unwrap().id;
            let (username, display_name) = ("root".to_owned(), "Root".to_owned());
            let belongs = Belongs::Region(top);
            let (id, role) = (AccountId::new(), Role::Admin);
            let account = Account { id, username, role, display_name, belongs, closed: false };
            accounts::insert(change, &account, None, seed::now())
        };
        self.db.write(crate::rows::tester(), Locks::none(), plant).await.unwrap();
    }

    async fn close(&self, caller: &str, id: &str) -> Answer {
        let path = format!("/api/v1/accounts/{id}/close");
        self.post(&path).as_(caller).json(&json!({"reason": "left the brigade"})).send().await
    }
}

fn storekeeper() -> Value {
    json!({
        "username": "t1-store", "display_name": "Storekeeper", "role": "quartermaster", "organization": "T1",
        "password": seed::PASSWORD
    })
}

async fn an_account_is_made_once_and_signs_in(app: TestApp) {
    let id = Uuid::new_v4().to_string();
    let made = app.save("officer", &id, None, &storekeeper()).await.expect(201);
    assert_eq!((&made["repeated"], &made["account"]["id"]), (&json!(false), &json!(id)));
    assert_eq!(made["account"]["organization"]["code"], "T1");
    let again = app.save("officer", &id, None, &storekeeper()).await.expect(200);
    assert_eq!((&again["repeated"], &again["account"]), (&json!(true), &made["account"]));
    let signed_in = app.sign_in("t1-store", None).await;
    assert_eq!(signed_in["user"]["organization"]["code"], "T1");
}

async fn an_account_without_a_password_signs_in_by_a_code_and_sets_one(app: TestApp) {
    let mut body = storekeeper();
    body.as_object_mut().unwrap().remove("password");
    let made = app.save("officer", &Uuid::new_v4().to_string(), None, &body).await.expect(201);
    assert_eq!(made["account"]["has_password"], false);
    let credentials = json!({"username": "t1-store", "password": seed::PASSWORD});
    let login = app.post("/api/v1/auth/login").json(&credentials);
    assert_eq!(login.send().await.problem(401), "credentials_wrong");
    let code = app.issue("t1-store").await["code"].clone();
    let enrol = app.post("/api/v1/auth/enrol").json(&json!({"code": code, "device_name": "phone"}));
    let signed_in = enrol.send().await.expect(200);
    let set = app.post("/api/v1/me/password").bearing(&signed_in["access_token"]);
    set.json(&json!({"new": seed::PASSWORD})).send().await.expect(200);
    app.post("/api/v1/auth/login").json(&credentials).send().await.expect(200);
    let change = app.post("/api/v1/me/password").bearing(&signed_in["access_token"]);
    let missing = change.json(&json!({"new": "six brigades and a river"})).send().await.expect(422);
    assert_eq!(missing["errors"][0]["pointer"], "/current");
}

async fn role_and_place_must_fit(app: TestApp) {
    let cases = [
        (json!({"role": "quartermaster", "region": "159900"}), "/organization", "organization_needed"),
        (
            json!({"role": "quartermaster", "organization": "T1", "region": "159900"}),
            "/organization",
            "organization_needed",
        ),
        (json!({"role": "viewer", "organization": "T1"}), "/region", "region_needed"),
        (json!({"role": "quartermaster", "organization": "T9"}), "/organization", "organization_unknown"),
        (json!({"role": "viewer", "region": "999999"}), "/region", "region_unknown"),
        (json!({"role": "viewer", "region": "159900", "username": "李 四"}), "/username", "username_letters"),
        (json!({"role": "viewer", "region": "159900", "password": "Password123"}), "/password", "password_guessable"),
    ];
    for (part, pointer, code) in cases {
        let mut body = json!({"username": "somebody", "display_name": "Somebody"});
        body.as_object_mut().unwrap().extend(part.as_object().unwrap().clone());
        let problem = app.save("admin", &Uuid::new_v4().to_string(), None, &body).await.expect(422);
        let fault = &problem["errors"][0];
        assert_eq!((&fault["pointer"], &fault["code"]), (&json!(pointer), &json!(code)), "{body}");
    }
}

async fn a_user_name_is_taken_once(app: TestApp) {
    let mut body = storekeeper();
    body["username"] = json!("T2");
    let taken = app.save("admin", &Uuid::new_v4().to_string(), None, &body).await;
    assert_eq!(taken.problem(409), "unavailable");
    let body = storekeeper();
    let (one, other) = (Uuid::new_v4().to_string(), Uuid::new_v4().to_string());
    let (one, other) = join(app.save("admin", &one, None, &body), app.save("admin", &other, None, &body)).await;
    let mut statuses = [one.status.as_u16(), other.status.as_u16()];
    statuses.sort_unstable();
    assert_eq!(statuses, [201, 409], "{one:?} {other:?}");
}

async fn a_change_says_which_state_it_was_made_on(app: TestApp) {
    let (account, tag) = app.account_with_tag("t1").await;
    let id = account["id"].as_str().unwrap();
    let body =
        |name: &str| json!({"username": "t1", "display_name": name, "role": "quartermaster", "organization": "T1"});
    assert_eq!(app.save("officer", id, None, &body("New")).await.problem(428), "if_match_missing");
    let changed = app.save("officer", id, Some(&tag), &body("New")).await.expect(200);
    assert_eq!((&changed["repeated"], &changed["account"]["display_name"]), (&json!(false), &json!("New")));
    assert_eq!(app.save("admin", id, Some(&tag), &body("Newer")).await.problem(412), "changed_meanwhile");
    // A repeat is not a conflict, whatever state it names.
    assert_eq!(app.save("officer", id, Some(&tag), &body("New")).await.expect(200)["repeated"], true);
    let (_, tag) = app.account_with_tag("t1").await;
    app.save("admin", id, Some(&tag), &body("Newer")).await.expect(200);
}

async fn what_cannot_be_changed_is_refused(app: TestApp) {
    let (account, tag) = app.account_with_tag("t1").await;
    let id = account["id"].as_str().unwrap();
    let base = json!({"username": "t1", "display_name": "New", "role": "quartermaster", "organization": "T1"});
    for (field, value, code) in
        [("username", "t1-renamed", "username_fixed"), ("password", "a password set here", "password_not_changed_here")]
    {
        let mut body = base.clone();
        body[field] = json!(value);
        assert_eq!(app.save("officer", id, Some(&tag), &body).await.problem(409), code);
    }
}

async fn an_officer_manages_quartermasters_and_nobody_else(app: TestApp) {
    for username in ["viewer", "officer", "admin"] {
        let (account, tag) = app.account_with_tag(username).await;
        let id = account["id"].as_str().unwrap();
        let body = json!({
            "username": username, "display_name": "New", "role": account["role"], "region": "159900"
        });
        assert_eq!(app.save("officer", id, Some(&tag), &body).await.problem(403), "account_not_manageable");
        assert_eq!(app.close("officer", id).await.problem(403), "account_not_manageable");
        for what in ["reopen", "password"] {
            let refused = app.post(&format!("/api/v1/accounts/{id}/{what}")).as_("officer").send().await;
            assert_eq!(refused.problem(403), "account_not_manageable");
        }
    }
    for role in ["viewer", "officer", "admin"] {
        let body = json!({"username": "another", "display_name": "Another", "role": role, "region": "159900"});
        let refused = app.save("officer", &Uuid::new_v4().to_string(), None, &body).await;
        assert_eq!(refused.problem(403), "account_not_manageable");
    }
    // A quartermaster cannot be given a higher role either.
    let (account, tag) = app.account_with_tag("t1").await;
    let body = json!({"username": "t1", "display_name": "New", "role": "officer", "region": "159900"});
    let refused = app.save("officer", account["id"].as_str().unwrap(), Some(&tag), &body).await;
    assert_eq!(refused.problem(403), "account_not_manageable");
}

async fn an_admin_below_does_not_reach_those_above(app: TestApp) {
    app.with_root().await;
    let above = app.make("province", "viewer", "150000").await;
    assert_eq!(app.get(&format!("/api/v1/accounts/{above}")).as_("admin").send().await.problem(404), "not_found");
    let body = json!({"username": "province", "display_name": "Taken over", "role": "viewer", "region": "159900"});
    assert_eq!(app.save("admin", &above, Some("*"), &body).await.problem(404), "not_found");
    assert_eq!(app.close("admin", &above).await.problem(404), "not_found");
    let body = json!({"username": "raised", "display_name": "Raised", "role": "viewer", "region": "150000"});
    let refused = app.save("admin", &Uuid::new_v4().to_string(), None, &body).await;
    assert_eq!(refused.problem(403), "account_not_manageable");
    app.close("root", &above).await.expect(200);
}

async fn nobody_raises_themselves(app: TestApp) {
    app.with_root().await;
    let (account, tag) = app.account_with_tag("admin").await;
    let id = account["id"].as_str().unwrap();
    let body = |role: &str, region: &str| json!({"username": "admin", "display_name": "Holder of admin", "role": role, "region": region});
    assert_eq!(
        app.save("admin", id, Some(&tag), &body("admin", "150000")).await.problem(403),
        "account_not_manageable"
    );
    assert_eq!(app.save("admin", id, Some(&tag), &body("officer", "159900")).await.problem(403), "own_account");
    let reset = app.post(&format!("/api/v1/accounts/{id}/password")).as_("admin").send().await;
    assert_eq!(reset.problem(403), "own_account");
    let mut renamed = body("admin", "159900");
    renamed["display_name"] = json!("Another name");
    app.save("admin", id, Some(&tag), &renamed).await.expect(200);
}

async fn accounts_are_listed_by_what_is_asked_for(app: TestApp) {
    app.with_root().await;
    let id = app.account("t2").await["id"].as_str().unwrap().to_owned();
    app.close("officer", &id).await.expect(200);
    let cases = [
        ("", "admin e1 officer t1 t2 viewer"),
        ("?role=quartermaster", "e1 t1 t2"),
        ("?organization=T1", "t1"),
        ("?region=159900&open=true", "admin e1 officer t1 viewer"),
        ("?open=false", "t2"),
        ("?q=HOLDER%20of", "admin e1 officer t1 t2 viewer"),
        ("?q=of%20t1", "t1"),
    ];
    for (query, expected) in cases {
        for caller in ["officer", "admin"] {
            let list = app.get(&format!("/api/v1/accounts{query}")).as_(caller).send().await.expect(200);
            let names: Vec<&str> =
                list["items"].as_array().unwrap().iter().map(|one| one["username"].as_str().unwrap()).collect();
            let expected: Vec<&str> = expected.split(' ').collect();
            assert_eq!(names, expected, "{query} as {caller}");
        }
    }
    let page = app.get("/api/v1/accounts?limit=2").as_("admin").send().await.expect(200);
    let cursor = page["next_cursor"].as_str().unwrap();
    let next = app.get(&format!("/api/v1/accounts?limit=2&cursor={cursor}")).as_("admin").send().await.expect(200);
    assert_eq!((&page["items"][1]["username"], &next["items"][0]["username"]), (&json!("e1"), &json!("officer")));
    assert_eq!(app.get("/api/v1/accounts?organization=T9").as_("admin").send().await.problem(404), "not_found");
}

async fn closing_is_said_once_and_can_be_undone(app: TestApp) {
    let id = app.account("t1").await["id"].as_str().unwrap().to_owned();
    let code = app.issue("t1").await["code"].clone();
    let closed = app.close("officer", &id).await.expect(200);
    assert_eq!((&closed["repeated"], &closed["account"]["open"]), (&json!(false), &json!(false)));
    assert_eq!(closed["account"]["closed_reason"], "left the brigade");
    assert_eq!(app.close("admin", &id).await.expect(200)["repeated"], true);
    let credentials = json!({"username": "t1", "password": seed::PASSWORD});
    let login = app.post("/api/v1/auth/login").json(&credentials).send().await;
    assert_eq!(login.problem(401), "credentials_wrong");
    let path = format!("/api/v1/accounts/{id}/reopen");
    let opened = app.post(&path).as_("officer").send().await.expect(200);
    assert_eq!((&opened["repeated"], &opened["account"]["closed_at"]), (&json!(false), &Value::Null));
    assert_eq!(app.post(&path).as_("officer").send().await.expect(200)["repeated"], true);
    app.sign_in("t1", None).await;
    let enrol = app.post("/api/v1/auth/enrol").json(&json!({"code": code, "device_name": "phone"}));
    assert_eq!(enrol.send().await.problem(401), "code_not_accepted");
}

async fn the_last_admin_is_not_closed(app: TestApp) {
    let id = app.account("admin").await["id"].as_str().unwrap().to_owned();
    assert_eq!(app.close("admin", &id).await.problem(409), "last_admin");
    app.with_root().await;
    app.close("admin", &id).await.expect(200);
    let list = app.get("/api/v1/accounts?q=root").as_("root").send().await.expect(200);
    let root = list["items"][0]["id"].as_str().unwrap();
    assert_eq!(app.close("root", root).await.problem(409), "last_admin");
}

async fn of_two_admins_who_close_each_other_one_stays(app: TestApp) {
    app.with_root().await;
    for round in 0..5 {
        let names = [format!("a{round}"), format!("b{round}")];
        let ids = [app.make(&names[0], "admin", "159900").await, app.make(&names[1], "admin", "159900").await];
        let (one, other) = join(app.close(&names[0], &ids[1]), app.close(&names[1], &ids[0])).await;
        let closed = [&one, &other].iter().filter(|answer| answer.status == 200).count();
        assert_eq!(closed, 1, "{one:?} {other:?}");
    }
}

async fn a_reset_takes_the_password_away_and_gives_a_code(app: TestApp) {
    let signed_in = app.sign_in("t1", None).await;
    let earlier = app.issue("t1").await["code"].clone();
    let id = app.account("t1").await["id"].as_str().unwrap().to_owned();
    let reset = app.post(&format!("/api/v1/accounts/{id}/password")).as_("officer").send().await.expect(200);
    assert_eq!(app.me(&signed_in).await.problem(401), "session_ended");
    let credentials = json!({"username": "t1", "password": seed::PASSWORD});
    let login = app.post("/api/v1/auth/login").json(&credentials).send().await;
    assert_eq!(login.problem(401), "credentials_wrong");
    for (code, status) in [(&earlier, 401), (&reset["code"], 200)] {
        let enrol = app.post("/api/v1/auth/enrol").json(&json!({"code": code, "device_name": "phone"}));
        assert_eq!(enrol.send().await.status, status);
    }
    assert_eq!(app.account("t1").await["has_password"], false);
}

async fn every_change_of_an_account_is_audited(app: TestApp) {
    use db::schema::{accounts, audit_entries, audit_subjects};
    use diesel::prelude::*;
    let id = Uuid::new_v4().to_string();
    app.save("officer", &id, None, &storekeeper()).await.expect(201);
    let mut renamed = storekeeper();
    renamed["display_name"] = json!("Another");
    renamed.as_object_mut().unwrap().remove("password");
    app.save("admin", &id, Some("*"), &renamed).await.expect(200);
    app.save("admin", &id, Some("*"), &renamed).await.expect(200);
    app.close("officer", &id).await.expect(200);
    app.post(&format!("/api/v1/accounts/{id}/reopen")).as_("admin").send().await.expect(200);
    app.post(&format!("/api/v1/accounts/{id}/password")).as_("officer").send().await.expect(200);
    let told = app.db.read(|snapshot| {
        let rows: Vec<(String, String)> = audit_subjects::table
            .inner_join(audit_entries::table.on(audit_entries::change_set.eq(audit_subjects::change_set)))
            .inner_join(accounts::table.on(accounts::id.nullable().eq(audit_entries::account_id)))
            .filter(audit_subjects::subject.eq("t1-store"))
            .order(audit_subjects::change_set)
            .select((audit_entries::action, accounts::username))
            .load(snapshot.connection)?;
        Ok(rows)
    });
    let told: Vec<String> = told.await.unwrap().into_iter().map(|(action, who)| format!("{action} {who}")).collect();
    let expected = [
        "put_account officer",
        "put_account admin",
        "close_account officer",
        "reopen_account admin",
        "reset_password officer",
    ];
    assert_eq!(told, expected);
}
