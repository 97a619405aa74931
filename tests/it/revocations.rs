//! Revocations kept beside the keys, and carried out again on a restored database.

use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};

use auth::revocations::{KeptRevocation, Revocation, RevocationLog};
use base::id::{AccountId, ChangeSetId};
use chrono::{TimeDelta, Utc};
use db::job::{Step, Watch};
use domain::revision::{Recorded, Revision};
use futures_util::future::{Either, select};
use serde_json::{Value, json};
use service::revocations;
use tempfile::TempDir;

use crate::app::{Lasting, TestApp};
use crate::cases::cases;
use crate::clients::of_the_banner;
use crate::database::TestDatabase;
use crate::process::{outcome, text_of};
use crate::seed;

cases![
    what_was_revoked_since_the_backup_is_carried_out_again,
    what_is_newer_than_a_revocation_stays,
    a_revocation_that_is_repeated_is_kept_once,
    a_revocation_is_kept_though_the_client_has_gone,
    an_import_into_a_restored_database_first_carries_out_what_was_revoked,
];

/// The newest revision.
async fn newest(app: &TestApp) -> Revision {
    app.db.read(|snapshot| Ok(snapshot.newest_revision())).await.unwrap()
}

async fn what_was_revoked_since_the_backup_is_carried_out_again(app: TestApp) {
    let folder = TempDir::new().unwrap();
    let log = RevocationLog::beside(folder.path());
    let phone = app.sign_in("t2", Some("a phone")).await;
    let (closed, signed_out) = (app.sign_in("t1", None).await, app.sign_in("e1", None).await);
    let account = |signed_in: &Value| signed_in["user"]["id"].as_str().unwrap().parse().unwrap();
    let ended = app.family(&signed_out["refresh_token"], None).await;
    let known = app.db.read(|snapshot| {
        let newest = snapshot.newest_revision();
        Ok(db::revisions::change_set_of(snapshot.connection, newest)?.unwrap())
    });
    // Revisions have the time of the database, whatever the clock of the application.
    let (at, since, known) = (app.clock.now(), Utc::now(), known.await.unwrap());
    let kept = |second: i64, revocation| {
        let (change_set, recorded_at) = (ChangeSetId::new(), since + TimeDelta::microseconds(second));
        let recorded = Some(Recorded { change_set, at: recorded_at });
        KeptRevocation { at: at + TimeDelta::seconds(second), recorded, revocation }
    };
    let hash = auth::passwords::hash("quite another password").unwrap();
    let officer = app.sign_in("officer", None).await;
    let made = app.make_client(&of_the_banner(&["catalogue:read"])).await;
    let client = made.id.parse().unwrap();
    let device = phone["device"]["id"].as_str().unwrap().parse().unwrap();
    let session_ended = Revocation::SessionEnded { account: ended.account, session: ended.session };
    let known_to_the_backup = Revocation::AccountClosed { account: account(&officer), reason: "known".to_owned() };
    let all = [
        kept(6, Revocation::ClientClosed { client, reason: "the contract ended".to_owned() }),
        kept(1, Revocation::AccountClosed { account: account(&closed), reason: "left".to_owned() }),
        // Two that were committed in the other order.
        kept(3, Revocation::AccountReopened { account: account(&phone) }),
        kept(2, Revocation::AccountClosed { account: account(&phone), reason: "by mistake".to_owned() }),
        KeptRevocation { at, recorded: Some(Recorded { change_set: known, at }), revocation: known_to_the_backup },
        KeptRevocation { at, recorded: None, revocation: session_ended },
        kept(4, Revocation::DeviceWithdrawn { account: account(&phone), device, reason: "lost".to_owned() }),
        kept(5, Revocation::PasswordChanged { account: account(&phone), hash: Some(hash), session: None }),
        kept(7, Revocation::AccountClosed { account: AccountId::new(), reason: "younger than the backup".to_owned() }),
    ];
    log.append(&all).unwrap();
    revocations::apply(&app.db, &log, "muster serve").await.unwrap();
    let applied = newest(&app).await;
    // Whoever signs in from then on stays signed in, and what is done to them since stands.
    app.post(&format!("/api/v1/accounts/{}/reopen", account(&closed))).as_("admin").send().await.expect(200);
    let since = newest(&app).await;
    assert_eq!(since.0, applied.0 + 1);
    revocations::apply(&app.db, &log, "muster serve").await.unwrap();
    assert_eq!(newest(&app).await, since);
    for ended in [&closed, &phone, &signed_out] {
        assert_eq!(app.me(ended).await.problem(401), "session_ended");
    }
    app.sign_in("t1", None).await;
    assert_eq!(app.ask(Some(&made), "grant_type=client_credentials").await.status.as_u16(), 401);
    app.me(&officer).await.expect(200);
    let sign_in = async |password: &str| {
        let body = json!({"username": "t2", "password": password});
        app.post("/api/v1/auth/login").json(&body).send().await
    };
    sign_in("quite another password").await.expect(200);
    assert_eq!(sign_in(seed::PASSWORD).await.problem(401), "credentials_wrong");
    // The audit knows the account by its user name.
    let path = "/api/v1/audit?kind=account&subject=t2";
    let audit = app.get(path).as_("admin").send().await.expect(200);
    assert!(audit["items"].as_array().unwrap().iter().any(|entry| entry["action"] == "muster serve"), "{audit}");
}

async fn what_is_newer_than_a_revocation_stays(app: TestApp) {
    let folder = TempDir::new().unwrap();
    let log = RevocationLog::beside(folder.path());
    let ids = [app.account_id("t1").await, app.account_id("t2").await].map(|id| id.parse::<AccountId>().unwrap());
    let [changed, reset] = ids;
    let issue = async || {
        let body = json!({"account": changed});
        app.post("/api/v1/enrolments").as_("admin").json(&body).send().await.expect(201)["code"].clone()
    };
    let (old_session, old_code) = (app.sign_in("t1", Some("old")).await, issue().await);
    let (at, recorded_at) = (app.clock.now() + TimeDelta::seconds(1), Utc::now());
    app.clock.set(at + TimeDelta::seconds(1));
    let (new_session, new_code) = (app.sign_in("t1", Some("new")).await, issue().await);
    let kept = |account| {
        let hash = auth::passwords::hash("six brigades and a river").unwrap();
        let recorded = Some(Recorded { change_set: ChangeSetId::new(), at: recorded_at });
        KeptRevocation {
            at,
            recorded,
            revocation: Revocation::PasswordChanged { account, hash: Some(hash), session: None },
        }
    };
    // A password that was changed later is the one that counts.
    app.post(&format!("/api/v1/accounts/{reset}/password")).as_("admin").json(&json!({})).send().await.expect(200);
    log.append(&[kept(changed), kept(reset)]).unwrap();
    revocations::apply(&app.db, &log, "muster serve").await.unwrap();
    assert_eq!(app.me(&old_session).await.problem(401), "session_ended");
    app.me(&new_session).await.expect(200);
    let enrol = async |code: &Value| {
        let body = json!({"code": code, "device_name": "phone"});
        app.post("/api/v1/auth/enrol").json(&body).send().await.status.as_u16()
    };
    assert_eq!((enrol(&old_code).await, enrol(&new_code).await), (401, 200));
    let hash = app.db.read(move |snapshot| Ok(db::accounts::password_hash(snapshot.connection, reset)?));
    assert_eq!(hash.await.unwrap(), None);
}

/// The application with keys in a folder, and a watcher of its commits.
async fn with_keys(database: TestDatabase, folder: &Path, watch: Option<Watch>) -> TestApp {
    let database = TestApp::over(database).await.into_database().await;
    TestApp::again(Arc::new(database), Lasting::with_keys(folder), watch).await
}

async fn a_revocation_that_is_repeated_is_kept_once(database: TestDatabase) {
    let folder = TempDir::new().unwrap();
    let app = with_keys(database, folder.path(), None).await;
    let phone = app.sign_in("t2", Some("a phone")).await;
    let token = json!({"refresh_token": app.sign_in("t1", None).await["refresh_token"]});
    let withdraw = format!("/api/v1/devices/{}/withdraw", phone["device"]["id"].as_str().unwrap());
    for _ in 0..3 {
        app.post("/api/v1/auth/logout").json(&token).send().await.expect(200);
        app.post(&withdraw).as_("t2").json(&json!({"reason": "lost"})).send().await.expect(200);
    }
    let kept = app.keys.revocations().read().unwrap().revocations;
    assert_eq!(kept.len(), 2, "{kept:?}");
    // The withdrawal is a change of its own, which the database knows.
    let recorded = kept[1].recorded.unwrap();
    let known =
        app.db.read(move |snapshot| Ok(db::revisions::known_among(snapshot.connection, &[recorded.change_set])?));
    assert_eq!(known.await.unwrap().len(), 1);
}

async fn a_revocation_is_kept_though_the_client_has_gone(database: TestDatabase) {
    let folder = TempDir::new().unwrap();
    let (committed, mut is_committed) = tokio::sync::mpsc::unbounded_channel();
    let (go_on, may_go_on) = std::sync::mpsc::channel::<()>();
    let (is_armed, may_go_on) = (Arc::new(AtomicBool::new(false)), Mutex::new(may_go_on));
    let watch: Watch = Arc::new({
        let is_armed = Arc::clone(&is_armed);
        move |step| {
            if step == Step::Committed && is_armed.swap(false, Ordering::SeqCst) {
                committed.send(()).unwrap();
                may_go_on.lock().unwrap().recv().unwrap();
            }
        }
    });
    let app = with_keys(database, folder.path(), Some(watch)).await;
    let token = json!({"refresh_token": app.sign_in("t1", None).await["refresh_token"]});
    is_armed.store(true, Ordering::SeqCst);
    // It is committed, and nobody has been told: the client closes the connection, which drops the handler.
    let request = Box::pin(app.post("/api/v1/auth/logout").json(&token).send());
    let gone = select(request, Box::pin(is_committed.recv())).await;
    assert!(matches!(&gone, Either::Right(_)));
    drop(gone);
    go_on.send(()).unwrap();
    app.db.close().await.unwrap();
    assert_eq!(app.keys.revocations().read().unwrap().revocations.len(), 1);
}

async fn an_import_into_a_restored_database_first_carries_out_what_was_revoked(database: TestDatabase) {
    let folder = tempfile::tempdir().unwrap();
    let app = TestApp::over(database).await;
    let (officer, _) =
        app.db.read(|snapshot| db::accounts::find_by_username(snapshot.connection, "officer")).await.unwrap().unwrap();
    let at = Utc::now();
    let kept = KeptRevocation {
        at,
        recorded: Some(Recorded { change_set: ChangeSetId::new(), at }),
        revocation: Revocation::AccountClosed { account: officer.id, reason: "left".to_owned() },
    };
    std::fs::create_dir(folder.path().join("keys")).unwrap();
    RevocationLog::beside(&folder.path().join("keys")).append(&[kept]).unwrap();
    let database = app.into_database().await;
    let path = folder.path().join("item_classes.csv");
    std::fs::write(&path, "code,name\nnew,新\n").unwrap();
    let data = folder.path().to_str().unwrap();
    let url = text_of(&database.url);
    let run = |options: &[&str]| {
        let arguments =
            [&["import", "--as", "officer", "--data-dir", data], options, &[path.to_str().unwrap()]].concat();
        outcome(folder.path(), &arguments, &[("DATABASE_URL", &url)])
    };
    assert_eq!(run(&["--dry-run"]).0, 0, "a check changes nothing");
    let (code, log) = run(&[]);
    assert!(code == 1 && log.contains("there is no open account \"officer\""), "{code} {log}");
}
