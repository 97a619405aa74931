//! The pages as a browser gets them.

use std::fs;
use std::io::Read as _;
use std::path::Path;
use std::sync::Arc;

use domain::account::Role;
use muster::api::settings::{DemoAccount, DemoAccounts, Settings};
use serde_json::json;
use tempfile::TempDir;

use crate::app::{Answer, TestApp};
use crate::cases::cases;
use crate::database::TestDatabase;

cases![
    a_page_is_asked_for_again_each_time_and_sent_when_it_changed,
    a_page_runs_nothing_from_elsewhere,
    what_a_page_names_is_kept_for_ever,
    a_file_comes_in_the_form_that_the_browser_likes,
    the_root_leads_browsers_and_nobody_else,
    a_path_of_no_file_is_told_as_always,
    sources_are_served_from_a_folder_and_from_nowhere_else,
    files_are_in_no_quota,
    the_board_is_told_how_one_comes_in,
    the_board_has_what_an_empty_service_can_import,
];

/// The addresses of the phone's page.
const PAGES: [&str; 5] = ["/phone", "/phone/selftest", "/enrol", "/d/T1-A", "/phone/a/b"];

const POLICY: &str = "default-src 'self'; base-uri 'none'; object-src 'none'; frame-ancestors 'none'; form-action 'self'; \
     img-src 'self' blob:";

async fn read(app: &TestApp, path: &str) -> Answer {
    let answer = app.get(path).send().await;
    assert_eq!(answer.status, 200, "{path}");
    answer
}

fn text(answer: &Answer) -> String {
    String::from_utf8(answer.body.to_vec()).unwrap()
}

/// The addresses of assets in a text.
fn assets_in(text: &str) -> Vec<String> {
    let ends = |sign| matches!(sign, '"' | '\'' | ')');
    let addresses = text.split("/assets/").skip(1).filter_map(|rest| rest.split(ends).next());
    addresses.map(|name| format!("/assets/{name}")).collect()
}

async fn a_page_is_asked_for_again_each_time_and_sent_when_it_changed(app: TestApp) {
    let first = read(&app, PAGES[0]).await;
    for path in PAGES {
        let page = read(&app, path).await;
        assert_eq!(
            (page.header("cache-control"), page.header("content-type")),
            ("no-cache", "text/html; charset=utf-8")
        );
        assert_eq!((page.body.clone(), page.header("etag")), (first.body.clone(), first.header("etag")), "{path}");
        let again = app.get(path).header("if-none-match", page.header("etag")).send().await;
        assert!(again.status == 304 && again.body.is_empty(), "{path}: {again:?}");
        assert_eq!((again.header("etag"), again.header("cache-control")), (page.header("etag"), "no-cache"));
    }
    let worker = read(&app, "/sw.js").await;
    assert_eq!(worker.header("cache-control"), "no-cache");
    assert_eq!(worker.header("content-type"), "text/javascript; charset=utf-8");
}

async fn a_page_runs_nothing_from_elsewhere(app: TestApp) {
    for path in ["/phone", "/board", "/sw.js"] {
        let answer = read(&app, path).await;
        for (name, value) in [
            ("content-security-policy", POLICY),
            ("x-content-type-options", "nosniff"),
            ("referrer-policy", "no-referrer"),
        ] {
            assert_eq!(answer.header(name), value, "{path}");
        }
        assert!(answer.headers.get("set-cookie").is_none());
    }
    for path in ["/phone", "/board"] {
        let page = text(&read(&app, path).await);
        assert!(!page.contains("style=") && !page.contains(" on") && !page.contains("<script>"), "{page}");
        assert!(!page.contains("http://") && !page.contains("https://"), "{page}");
    }
}

async fn what_a_page_names_is_kept_for_ever(app: TestApp) {
    let mut names = assets_in(&text(&read(&app, "/phone").await));
    let of_board = assets_in(&text(&read(&app, "/board").await));
    assert!(of_board.iter().any(|name| name.starts_with("/assets/board/texts/")), "{of_board:?}");
    let worker = text(&read(&app, "/sw.js").await);
    assert!(!worker.contains("/assets/board"), "the phone keeps nothing of the board: {worker}");
    names.extend(of_board);
    names.extend(assets_in(&text(&read(&app, "/sw.js").await)));
    names.retain(|name| name != "/assets/");
    assert!(names.len() > 5, "{names:?}");
    for name in names {
        let asset = read(&app, &name).await;
        assert_eq!(asset.header("cache-control"), "public, max-age=31536000, immutable", "{name}");
        assert_eq!(asset.header("x-content-type-options"), "nosniff");
        let again = app.get(&name).header("if-none-match", asset.header("etag")).send().await;
        assert_eq!(again.status, 304, "{name}");
    }
}

async fn a_file_comes_in_the_form_that_the_browser_likes(app: TestApp) {
    let page = text(&read(&app, "/phone").await);
    let script = assets_in(&page).into_iter().find(|name| name.ends_with(".js")).unwrap();
    let plain = read(&app, &script).await;
    assert!(plain.headers.get("content-encoding").is_none());
    for (asked, coding) in [("gzip, deflate, br, zstd", "br"), ("gzip", "gzip"), ("br;q=0.1, gzip", "gzip"), ("x", "")]
    {
        let answer = app.get(&script).header("accept-encoding", asked).send().await;
        assert_eq!(answer.header("vary").to_lowercase(), "accept-encoding", "{asked}");
        let mut unpacked = Vec::new();
        match coding {
            "br" => brotli::Decompressor::new(&*answer.body, 4096).read_to_end(&mut unpacked).unwrap(),
            "gzip" => flate2::read::GzDecoder::new(&*answer.body).read_to_end(&mut unpacked).unwrap(),
            _ => (&*answer.body).read_to_end(&mut unpacked).unwrap(),
        };
        assert_eq!(answer.headers.get("content-encoding").map_or("", |value| value.to_str().unwrap()), coding);
        assert_eq!(unpacked, plain.body, "{asked}");
    }
}

async fn the_root_leads_browsers_and_nobody_else(app: TestApp) {
    let (phone, desk) = ("Mozilla/5.0 (Linux; Android 10; K) Mobile", "Mozilla/5.0 (Windows NT 10.0; Win64; x64)");
    for (agent, hint, page) in [
        ("", "", "/phone"),
        (phone, "", "/phone"),
        (phone, "?1", "/phone"),
        (desk, "", "/board"),
        (desk, "?0", "/board"),
        (desk, "?1", "/phone"),
        ("Mozilla/5.0 (X11; Linux x86_64)", "?0", "/board"),
    ] {
        let browser = app.get("/").header("accept", "text/html,application/xhtml+xml,*/*;q=0.8");
        let browser = browser.header("user-agent", agent).header("sec-ch-ua-mobile", hint).send().await;
        assert_eq!((browser.status.as_u16(), browser.header("location")), (302, page), "{agent} {hint}");
        assert_eq!(browser.header("vary"), "Accept, Sec-CH-UA-Mobile, User-Agent");
    }
    for accept in [None, Some("*/*"), Some("application/json"), Some("text/html;q=0")] {
        let request = app.get("/");
        let request = match accept {
            Some(accept) => request.header("accept", accept),
            None => request,
        };
        assert_eq!(request.send().await.problem(404), "no_such_path", "{accept:?}");
    }
}

async fn a_path_of_no_file_is_told_as_always(app: TestApp) {
    for path in ["/assets/none.js", "/assets/", "/assets/phone/main.js", "/phones", "/d/", "/d/a/b", "/index.html"] {
        assert_eq!(app.get(path).send().await.problem(404), "no_such_path", "{path}");
    }
    let wrong = app.post("/phone").send().await;
    assert_eq!((wrong.problem(405).as_str(), wrong.header("allow")), ("method_not_allowed", "GET, HEAD, OPTIONS"));
}

fn write(folder: &Path, path: &str, text: &str) {
    let path = folder.join(path);
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, text).unwrap();
}

async fn sources_are_served_from_a_folder_and_from_nowhere_else(database: TestDatabase) {
    let folder = TempDir::new().unwrap();
    for (path, text) in [
        ("web/phone/index.html", "<script type=\"module\" src=\"/assets/phone/main.js\"></script>"),
        ("web/phone/main.js", "import { a } from \"./a.js\";\n"),
        ("web/phone/a.js", "export const a = 1;\n"),
        ("web/phone/sw.js", "const VERSION = \"development\";\nconst PRECACHE = [];\n"),
        ("messages/en/web.ftl", "web-a = One\n"),
        ("secret.txt", "secret"),
        ("secret.js", "secret"),
    ] {
        write(folder.path(), path, text);
    }
    let settings = Settings { web_dir: Some(folder.path().join("web")), ..Settings::default() };
    let app = TestApp::with_settings(database, settings).await;
    assert!(text(&read(&app, "/phone").await).contains("/assets/phone/main.js"));
    assert_eq!(text(&read(&app, "/assets/texts/en.json").await), "[\"One\"]");
    assert!(text(&read(&app, "/sw.js").await).contains("[\"/phone\",\"/assets/phone/a.js\""));
    let main = read(&app, "/assets/phone/main.js").await;
    assert_eq!(main.header("cache-control"), "no-cache");
    write(folder.path(), "web/phone/main.js", "changed();\n");
    let changed = read(&app, "/assets/phone/main.js").await;
    assert!(text(&changed) == "changed();\n" && changed.header("etag") != main.header("etag"));
    for path in [
        "/assets/../secret.txt",
        "/assets/phone/../../secret.js",
        "/assets/%2e%2e/secret.js",
        "/assets/..%2fsecret.js",
        "/assets/phone/..%5c..%5csecret.js",
        "/assets//secret.js",
        "/assets/phone/sw.js",
        "/assets/phone/a.js%00",
    ] {
        let answer = app.get(path).send().await;
        assert_eq!(answer.problem(404), "no_such_path", "{path}");
    }
    #[cfg(unix)]
    {
        std::os::unix::fs::symlink(folder.path().join("secret.js"), folder.path().join("web/phone/link.js")).unwrap();
        assert_eq!(app.get("/assets/phone/link.js").send().await.problem(404), "no_such_path");
    }
    write(folder.path(), "web/phone/sw.js", "const VERSION = 1;");
    assert_eq!(app.get("/phone").send().await.problem(500), "internal");
}

async fn files_are_in_no_quota(database: TestDatabase) {
    let quotas = domain::quota::Quotas { address: 1, window_seconds: 60, ..Default::default() };
    let app = TestApp::with_settings(database, Settings { quotas, ..Settings::default() }).await;
    for _ in 0..30 {
        read(&app, "/phone").await;
    }
    assert!(read(&app, "/phone").await.headers.get("ratelimit").is_none());
    let api: Vec<_> = [app.get("/api/openapi.json").send().await, app.get("/api/openapi.json").send().await]
        .iter()
        .map(|answer| answer.status.as_u16())
        .collect();
    assert_eq!(api, [200, 429]);
}

async fn the_board_is_told_how_one_comes_in(database: TestDatabase) {
    let app = TestApp::bare(database).await;
    let entry = read(&app, "/board/entry.json").await;
    assert_eq!(entry.json(), json!({"is_new": true, "demo": null}));
    assert_eq!(entry.header("cache-control"), "private, no-cache");
    let account = DemoAccount { username: "viewer".to_owned(), role: Role::Viewer };
    let demo = DemoAccounts { accounts: vec![account], password: "known to all".to_owned() };
    let settings = Settings { demo: Some(Arc::new(demo)), ..Settings::default() };
    let app = TestApp::with_settings(app.into_database().await, settings).await;
    let entry = read(&app, "/board/entry.json").await;
    // A request without a connection comes from nowhere on this machine: the demo's tests have one that does.
    let accounts = json!([{"username": "viewer", "role": "viewer"}]);
    assert_eq!(entry.json(), json!({"is_new": false, "demo": {"accounts": accounts, "password": null}}));
}

async fn the_board_has_what_an_empty_service_can_import(app: TestApp) {
    let supply = read(&app, "/board/supply.json").await.json();
    let files = supply["files"].as_array().unwrap();
    assert_eq!(files[0]["name"], "item_classes.csv");
    for file in files {
        let (name, text) = (file["name"].as_str().unwrap(), file["text"].as_str().unwrap());
        let carried = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("data").join(name)).unwrap();
        assert_eq!(text, carried, "{name}");
    }
    assert_eq!(files.len(), 40);
}
