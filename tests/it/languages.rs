//! English and Chinese: answers in one language contain nothing of the other, and both say the same.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use actix_web::http::Method;
use serde_json::{Value, json};
use text::language::Language;
use text::messages::Message;
use uuid::Uuid;

use crate::app::{Answer, TestApp};
use crate::cases::{NoDatabase, cases};
use crate::rules::{adopt, count};
use crate::seed;

cases![
    every_message_is_in_the_letters_of_its_language,
    every_problem_code_has_a_title_in_both_languages,
    every_thing_that_is_not_found_has_a_word_in_both_languages,
    every_failure_is_told_in_the_language_asked_for,
    an_answer_says_in_which_language_it_is,
    the_language_is_the_one_weighed_highest,
    a_shortage_is_explained_in_the_language_asked_for,
    the_tables_are_for_programs_in_english_and_for_people_in_chinese,
    groups_are_named_in_the_language_asked_for,
    a_language_at_a_revision_has_the_same_bytes_for_ever,
];

/// Both languages.
pub const BOTH: [Language; 2] = [Language::English, Language::Chinese];

fn is_han(letter: char) -> bool {
    ('\u{4e00}'..='\u{9fff}').contains(&letter)
}

/// Checks that a text is in a language: Chinese without English phrases, English without Chinese characters.
fn assert_is_in(language: Language, text: &str, place: &str) {
    match language {
        Language::English => assert!(!text.contains(is_han), "{place}: {text}"),
        Language::Chinese => {
            assert!(text.contains(is_han), "{place}: {text}");
            // Codes, field names and units may stand alone; three words in a row are a phrase.
            let words: Vec<&str> = text.split_whitespace().collect();
            let is_word = |word: &&str| word.chars().all(|letter| letter.is_ascii_alphabetic());
            assert!(!words.windows(3).any(|three| three.iter().all(&is_word)), "{place}: {text}");
        }
    }
}

fn files_under(folder: &str, extension: &str) -> Vec<(PathBuf, String)> {
    let mut folders = vec![Path::new(env!("CARGO_MANIFEST_DIR")).join(folder)];
    let mut found = Vec::new();
    while let Some(folder) = folders.pop() {
        for path in fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()) {
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|found| found == extension) {
                let text = fs::read_to_string(&path).unwrap();
                found.push((path, text));
            }
        }
    }
    assert!(!found.is_empty(), "{folder} is empty");
    found
}

/// The words of a message around its placeholders.
fn without_placeables(text: &str) -> String {
    text.split('{').enumerate().fold(String::new(), |words, (number, part)| {
        words + if number == 0 { part } else { part.split_once('}').map_or("", |(_, rest)| rest) }
    })
}

async fn every_message_is_in_the_letters_of_its_language(_: NoDatabase) {
    for (language, folder) in BOTH.into_iter().zip(["messages/en", "messages/zh-CN"]) {
        for (path, text) in files_under(folder, "ftl") {
            for line in text.lines().filter(|line| !line.starts_with('#')) {
                let Some((key, message)) = line.split_once(" = ") else { continue };
                let words = without_placeables(message);
                // A text without letters, such as a single code, belongs to every language.
                if words.contains(char::is_alphabetic) {
                    assert_is_in(language, &words, &format!("{}: {key}", path.display()));
                }
            }
        }
    }
}

/// The literals of the sources that come right after a text, as the code of a problem does.
fn literals_after(befores: &[&str]) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for (_, text) in files_under("src", "rs").into_iter().chain(files_under("crates", "rs")) {
        let code: String = text.lines().map(|line| line.split("//").next().unwrap()).collect::<Vec<_>>().join("\n");
        for before in befores {
            let after = code.split(before).skip(1).filter_map(|rest| rest.trim_start().strip_prefix('"'));
            // A text that becomes a `String` is the code of a thing, not of a failure.
            let literals = after.filter_map(|rest| rest.split_once('"')).filter(|(_, rest)| !rest.starts_with('.'));
            found.extend(literals.map(|(literal, _)| literal.to_owned()));
        }
    }
    found
}

fn assert_both_have(key: &str) {
    for language in BOTH {
        let text = Message::new(key).find(language).unwrap_or_else(|| panic!("{} has no {key}", language.tag()));
        assert_is_in(language, &text, key);
    }
}

async fn every_problem_code_has_a_title_in_both_languages(_: NoDatabase) {
    let mut codes = literals_after(&[" code: ", "unauthenticated(", "forbidden(", "conflict(", "too_many("]);
    let table = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("src/api/problem.rs")).unwrap();
    let of_kinds = table.lines().filter_map(|line| line.split_once("(StatusCode::")?.1.split('"').nth(1));
    codes.extend(of_kinds.map(ToOwned::to_owned));
    for known in ["not_found", "internal", "token_missing", "id_reused", "already_voided", "if_match_missing"] {
        assert!(codes.contains(known), "the sources are read in a way that misses {known}");
    }
    for code in codes {
        assert_both_have(&format!("title-{code}"));
    }
}

async fn every_thing_that_is_not_found_has_a_word_in_both_languages(_: NoDatabase) {
    let things = literals_after(&["NotFound(", " thing: "]);
    assert!(things.contains("requirement line"), "{things:?}");
    for thing in things {
        assert_both_have(&format!("thing-{}", thing.replace([' ', '_'], "-")));
    }
}

/// Every text of a problem for people.
fn told(problem: &Value) -> Vec<&str> {
    let faults = problem["errors"].as_array().into_iter().flatten().map(|fault| fault["detail"].as_str().unwrap());
    [&problem["title"], &problem["detail"]].into_iter().map(|text| text.as_str().unwrap()).chain(faults).collect()
}

/// Sends a request in both languages; both are refused in the same way, apart from the words. Returns the codes of the
/// faults.
async fn refused(
    app: &TestApp,
    (method, path): (Method, &str),
    username: Option<&str>,
    (header, body): (Option<(&'static str, &str)>, Option<(&str, &str)>),
    status: u16,
) -> BTreeSet<String> {
    let mut codes = Vec::new();
    for language in BOTH {
        let mut request = app.request(method.clone(), path).header("accept-language", language.tag());
        if let Some(username) = username {
            request = request.as_(username);
        }
        if let Some((name, value)) = header {
            request = request.header(name, value);
        }
        if let Some((media_type, body)) = body {
            request = request.body(media_type, body.to_owned());
        }
        let answer: Answer = request.send().await;
        let code = answer.problem(status);
        let place = format!("{method} {path} {body:?}: {code}");
        for text in told(&answer.json()) {
            assert_is_in(language, text, &place);
        }
        assert_eq!(answer.header("content-language"), language.tag(), "{place}");
        assert!(answer.header("vary").contains("Accept-Language"), "{place}");
        let faults = answer.json()["errors"].as_array().cloned().unwrap_or_default();
        let faults = faults.iter().map(|fault| fault["code"].as_str().unwrap().to_owned());
        codes.push((code, faults.collect::<BTreeSet<_>>()));
    }
    assert_eq!(codes[0], codes[1], "{path}");
    let (code, mut faults) = codes.swap_remove(0);
    faults.insert(code);
    faults
}

async fn every_failure_is_told_in_the_language_asked_for(app: TestApp) {
    adopt(&app).await;
    let (id, _) = app.count("t1", "T1-A", json!([{"item": "BOOTS", "quantity": 1}])).await;
    let depot = app.depot("T1-A").await;
    let mut seen = BTreeSet::new();
    let reads = [
        ("/api/v1/me", None, 401),
        ("/api/v1/nowhere", Some("viewer"), 404),
        ("/api/v1/items/NOTHING", Some("viewer"), 404),
        ("/api/v1/rules/NOTHING", Some("viewer"), 404),
        ("/api/v1/standards/NOTHING", Some("viewer"), 404),
        ("/api/v1/organizations/NOTHING", Some("viewer"), 404),
        ("/api/v1/depots/NOTHING", Some("viewer"), 404),
        ("/api/v1/shortages?region=NOTHING", Some("viewer"), 404),
        ("/api/v1/counts/0198f5a2-0000-7000-8000-000000000001", Some("viewer"), 404),
        ("/api/v1/organizations/T1/shortages/0198f5a2-0000-7000-8000-000000000001", Some("viewer"), 404),
        ("/api/v1/counts/no-id", Some("viewer"), 400),
        ("/api/v1/audit", Some("viewer"), 403),
        ("/api/v1/items?colour=red", Some("viewer"), 400),
        ("/api/v1/items/BOOTS?colour=red", Some("viewer"), 400),
        ("/api/v1/items?limit=many", Some("viewer"), 400),
        ("/api/v1/items?limit=-1", Some("viewer"), 400),
        ("/api/v1/items?limit=1&limit=2", Some("viewer"), 400),
        ("/api/v1/depots?open=perhaps", Some("viewer"), 400),
        ("/api/v1/shortages?as_of=tomorrow", Some("viewer"), 400),
        ("/api/v1/shortages?as_of=2026-02-30", Some("viewer"), 400),
        ("/api/v1/shortages?known_at=now", Some("viewer"), 400),
        ("/api/v1/shortages?status=fine", Some("viewer"), 400),
        ("/api/v1/shortages/summary", Some("viewer"), 400),
        ("/api/v1/shortages?limit=0", Some("viewer"), 422),
        ("/api/v1/items?q=%07", Some("viewer"), 422),
        ("/api/v1/shortages?revision=999", Some("viewer"), 422),
        ("/api/v1/shortages?revision=1&known_at=2026-11-23T00:00:00Z", Some("viewer"), 422),
        ("/api/v1/shortages?known_at=1980-01-01T00:00:00Z", Some("viewer"), 422),
        ("/api/v1/shortages?cursor=abc", Some("viewer"), 422),
    ];
    for (path, username, status) in reads {
        seen.append(&mut refused(&app, (Method::GET, path), username, (None, None), status).await);
    }
    let long = "x".repeat(70);
    let stale = format!("/api/v1/items?q={long}{long}");
    seen.append(&mut refused(&app, (Method::GET, &stale), Some("viewer"), (None, None), 422).await);
    seen.append(&mut refused(&app, (Method::DELETE, "/api/v1/me"), Some("viewer"), (None, None), 405).await);
    let login = (Method::POST, "/api/v1/auth/login");
    let too_large = format!("\"{}\"", "x".repeat(1_048_576));
    for (media_type, body, status) in [
        ("text/plain", "t1", 415),
        ("application/json", too_large.as_str(), 413),
        ("application/json", "{", 400),
        ("application/json", "nothing", 400),
        ("application/json", "{\"username\": 1e999}", 422),
        ("application/json", "[]", 422),
        ("application/json", "7", 422),
        ("application/json", "{}", 422),
        ("application/json", "{\"username\": \"a\", \"password\": 1}", 422),
        ("application/json", "{\"username\": \"a\", \"username\": \"a\"}", 422),
        ("application/json", "{\"username\": \"\", \"password\": \"x\"}", 422),
        ("application/json", "{\"username\": \"nobody\", \"password\": \"x\"}", 401),
    ] {
        seen.append(&mut refused(&app, login.clone(), None, (None, Some((media_type, body))), status).await);
    }
    let path = format!("/api/v1/counts/{}", Uuid::now_v7());
    let lines = [
        json!([]),
        json!([{"item": "NOTHING", "quantity": 1}]),
        json!([{"item": "BOOTS", "quantity": 1.5}]),
        json!([{"item": "BOOTS", "quantity": -1}]),
        json!([{"item": "BOOTS", "quantity": 0.0001}]),
        json!([{"item": "BOOTS", "quantity": 1e12}]),
        json!([{"item": "BOOTS", "quantity": "one"}]),
        json!([{"item": "BOOTS"}]),
        json!([{"item": "BOOTS", "quantity": 1, "pack": "box"}]),
        json!([{"item": "BOOTS", "pack": "box", "packs": 1, "pack_size": 0}]),
        json!([{"item": "BOOTS", "pack": "box", "packs": 999_999_999, "pack_size": 999}]),
        json!([{"item": "BOOTS", "quantity": 1}, {"item": "BOOTS", "quantity": 2}]),
        json!([{"item": "BOOTS", "quantity": 1, "condition": "shiny"}]),
        json!([{"item": "BOOTS", "quantity": 1, "lot": "\u{7}"}]),
        json!([{"item": "BOOTS", "quantity": 1, "colour": "red"}]),
        json!([{"item": "BOOTS", "quantity": 1, "expires_on": "soon"}]),
        json!([{"item": "BOOTS", "quantity": 1, "expires_on": "1960-01-01"}]),
        json!([{"item": "BOOTS", "quantity": 1, "made_on": "2026-02-01", "expires_on": "2026-01-01"}]),
    ];
    let mut bodies: Vec<Value> = lines.into_iter().map(|lines| count(&depot, seed::now(), lines)).collect();
    let fine = count(&depot, seed::now(), json!([{"item": "BOOTS", "quantity": 1}]));
    for (field, value) in [
        ("depot_id", json!("no id")),
        ("depot_id", json!(Uuid::now_v7())),
        ("counted_at", json!("just now")),
        ("counted_at", json!("1950-01-01T00:00:00Z")),
        ("counted_at", json!("2025-06-01T00:00:00Z")),
        ("lines", json!({})),
        ("resolves", json!([Uuid::now_v7()])),
        ("survey_id", json!(Uuid::now_v7())),
        ("counted_by", json!("")),
    ] {
        let mut body = fine.clone();
        body[field] = value;
        bodies.push(body);
    }
    for body in bodies {
        let body = body.to_string();
        let sent = Some(("application/json", body.as_str()));
        seen.append(&mut refused(&app, (Method::PUT, &path), Some("t1"), (None, sent), 422).await);
    }
    let mut inspection = fine.clone();
    inspection["kind"] = json!("inspection");
    let (fine, inspection) = (fine.to_string(), inspection.to_string());
    let fine = Some(("application/json", fine.as_str()));
    for header in [("muster-device", ""), ("muster-seq", "many"), ("muster-seq", "4"), ("muster-sent-at", "now")] {
        seen.append(&mut refused(&app, (Method::PUT, &path), Some("t1"), (Some(header), fine), 400).await);
    }
    let taken = format!("/api/v1/counts/{id}");
    let other = count(&depot, seed::now(), json!([{"item": "BOOTS", "quantity": 2}])).to_string();
    let other = Some(("application/json", other.as_str()));
    seen.append(&mut refused(&app, (Method::PUT, &taken), Some("t1"), (None, other), 409).await);
    let inspection = Some(("application/json", inspection.as_str()));
    seen.append(&mut refused(&app, (Method::PUT, &path), Some("t1"), (None, inspection), 403).await);
    let void = format!("/api/v1/counts/{id}/void");
    app.post(&void).as_("t1").json(&json!({"reason": "7"})).send().await.expect(201);
    let again = Some(("application/json", "{\"reason\": \"8\"}"));
    seen.append(&mut refused(&app, (Method::POST, &void), Some("t1"), (None, again), 409).await);
    assert!(seen.len() >= 40, "only {} codes were met: {seen:?}", seen.len());
}

async fn an_answer_says_in_which_language_it_is(app: TestApp) {
    adopt(&app).await;
    let body = count(&app.depot("T1-A").await, seed::now(), json!([{"item": "BOOTS", "quantity": 1}]));
    for language in BOTH {
        let name = language.choose("boots", "物资BOOTS");
        let path = format!("/api/v1/counts/{}", Uuid::now_v7());
        let answer = app.put(&path).as_("t1").header("accept-language", language.tag()).json(&body).send().await;
        assert_eq!(answer.expect(201)["assessments"][0]["item"]["name"], name);
        assert_eq!(answer.header("content-language"), language.tag());
        let answer = app.get("/api/v1/items/BOOTS").as_("t1").header("accept-language", language.tag()).send().await;
        assert_eq!(answer.expect(200)["name"], name);
        assert_eq!(answer.header("content-language"), language.tag());
        assert!(answer.header("vary").contains("Accept-Language"));
    }
    // An answer without words has no language header.
    assert_eq!(app.get("/health/live").send().await.header("content-language"), "");
}

async fn the_language_is_the_one_weighed_highest(app: TestApp) {
    for (header, tag) in [
        ("", "en"),
        ("zh-CN", "zh-CN"),
        ("zh-Hans-CN, en;q=0.8", "zh-CN"),
        ("en;q=0.4, zh;q=0.6", "zh-CN"),
        ("fr, en-GB;q=0.9, zh;q=0.8", "en"),
        ("zh;q=0, *;q=0.1", "en"),
        ("mn", "en"),
    ] {
        let answer = app.get("/api/v1/me").header("accept-language", header).send().await;
        assert_eq!(answer.header("content-language"), tag, "{header}");
    }
}

/// Removes the texts for people from an explanation.
fn without_words(mut explained: Value) -> Value {
    match &mut explained {
        Value::Object(members) => {
            members.remove("words");
            members.values_mut().for_each(|value| *value = without_words(value.take()));
        }
        Value::Array(parts) => parts.iter_mut().for_each(|value| *value = without_words(value.take())),
        _ => {}
    }
    explained
}

async fn a_shortage_is_explained_in_the_language_asked_for(app: TestApp) {
    adopt(&app).await;
    let seen = json!([{"item": "BOOTS", "quantity": 20}, {"item": "BOOTS", "quantity": 4, "condition": "in_repair"}]);
    app.count("t1", "T1-A", seen).await;
    let cases = [
        (
            "T1",
            [
                "boots: 30 pairs required, 20 pairs usable, 10 pairs missing. Status: short.",
                "物资BOOTS：应配30双，可用20双，短缺10双。状态：短缺。",
            ],
            [
                "2 pairs per person × 12 people (People) = 24 pairs; spare 4:1, 6 pairs; 30 pairs required",
                "人数12人，每人配2双，计24双；备份比4:1，备份6双；应配30双",
            ],
            ["Counted but not usable: 4 pairs (in repair).", "已盘点但不可用：待修4双。"],
        ),
        (
            "T2",
            [
                "boots: number required not determined yet, number usable unknown, number missing unknown. Status: unknown.",
                "物资BOOTS：应配数待定，可用数不明，短缺数不明。状态：情况不明。",
            ],
            [
                "2 pairs per person × People (not recorded) = an unknown number; spare 4:1, an unknown number; \
                 number required not determined yet",
                "人数未登记，每人配2双，计数待定；备份比4:1，备份数待定；应配数待定",
            ],
            [
                "\"People\", which rule B1 depends on, is not recorded: record it on the fact sheet.",
                "规则 B1 所需的“人数”未登记：请在基本情况表中登记。",
            ],
        ),
    ];
    for (organization, figures, working, among) in cases {
        let line = app.shortage(organization, "BOOTS").await["line"].as_str().unwrap().to_owned();
        let path = format!("/api/v1/organizations/{organization}/shortages/{line}");
        let mut programs = Vec::new();
        for (number, language) in BOTH.into_iter().enumerate() {
            let answer = app.get(&path).as_("viewer").header("accept-language", language.tag()).send().await;
            let explained = answer.expect(200);
            assert_eq!(explained["words"]["sentences"][0], figures[number]);
            assert_eq!(explained["explanation"]["scopes"][0]["rules"][0]["words"]["working"], working[number]);
            let sentences = explained["words"]["sentences"].as_array().unwrap();
            assert!(sentences.contains(&json!(among[number])), "{sentences:?}");
            for sentence in sentences {
                assert_is_in(language, sentence.as_str().unwrap(), organization);
            }
            programs.push(without_words(explained));
        }
        assert_eq!(programs[0], programs[1], "a program reads the same in both languages");
    }
}

async fn the_tables_are_for_programs_in_english_and_for_people_in_chinese(app: TestApp) {
    adopt(&app).await;
    let seen = json!([{"item": "BOOTS", "quantity": 20}, {"item": "BOOTS", "quantity": 4, "condition": "in_repair"}]);
    app.count("t1", "T1-A", seen).await;
    for path in [
        "/api/v1/shortages?format=csv",
        "/api/v1/shortages/summary?group_by=item&format=csv",
        "/api/v1/organization-statuses?format=csv",
    ] {
        let mut widths = BTreeSet::new();
        for language in BOTH {
            let answer = app.get(path).as_("viewer").header("accept-language", language.tag()).send().await;
            assert_eq!((answer.status.as_u16(), answer.header("content-language")), (200, language.tag()));
            let marked = answer.body.starts_with(b"\xef\xbb\xbf");
            assert_eq!(marked, language == Language::Chinese, "Excel needs the mark, and programs stumble over it");
            let text = String::from_utf8(answer.body.to_vec()).unwrap();
            let mut reader = csv::Reader::from_reader(text.trim_start_matches('\u{feff}').as_bytes());
            let header = reader.headers().unwrap().clone();
            for column in &header {
                assert_is_in(language, column, path);
                let is_name = column.chars().all(|letter| letter.is_ascii_lowercase() || letter == '_');
                assert_eq!(is_name, language == Language::English, "{column}");
            }
            assert_eq!(header.iter().collect::<BTreeSet<_>>().len(), header.len(), "a column is there twice");
            let rows: Vec<csv::StringRecord> = reader.records().map(Result::unwrap).collect();
            assert!(rows.iter().all(|row| row.len() == header.len()));
            widths.insert((header.len(), rows.len()));
        }
        assert_eq!(widths.len(), 1, "{path}: both languages have the same columns and rows");
    }
    let path = "/api/v1/shortages?format=csv&organization=T1&item=BOOTS";
    for (language, row) in [
        (
            "en",
            "T1,Organization T1,BOOTS,boots,pair,mandatory,\"STD, Test standard, 1 (rule B1)\",established,short,,,T1-A,,30,30,20,20,\
             10,10,in_repair 4,false,",
        ),
        (
            "zh-CN",
            "T1,单位T1,BOOTS,物资BOOTS,双,应配,《试验标准》（STD）第1条（规则B1）,已核实,短缺,,,T1-A,,30,30,20,20,10,10,待修 4,否,",
        ),
    ] {
        let answer = app.get(path).as_("viewer").header("accept-language", language).send().await;
        let text = String::from_utf8(answer.body.to_vec()).unwrap();
        assert!(text.lines().nth(1).unwrap().starts_with(row), "{text}");
    }
}

async fn groups_are_named_in_the_language_asked_for(app: TestApp) {
    adopt(&app).await;
    for (language, names) in [
        ("en", [("hazchem", "hazardous chemicals"), ("rescue_team", "rescue team")]),
        ("zh-CN", [("hazchem", "危险化学品"), ("rescue_team", "救援队伍")]),
    ] {
        let path = "/api/v1/shortages/summary?group_by=sector";
        let summary = app.get(path).as_("viewer").header("accept-language", language).send().await.expect(200);
        let groups = summary["groups"].as_array().unwrap();
        let found: Vec<(&str, &str)> =
            groups.iter().map(|group| (group["key"].as_str().unwrap(), group["name"].as_str().unwrap())).collect();
        assert_eq!(found, names);
    }
}

async fn a_language_at_a_revision_has_the_same_bytes_for_ever(app: TestApp) {
    adopt(&app).await;
    app.count("t1", "T1-A", json!([{"item": "BOOTS", "quantity": 20}])).await;
    let line = app.shortage("T1", "BOOTS").await["line"].as_str().unwrap().to_owned();
    let page = app.get("/api/v1/shortages").as_("viewer").send().await.expect(200);
    let revision = page["revision"].as_i64().unwrap();
    let paths = [
        format!("/api/v1/shortages?revision={revision}"),
        format!("/api/v1/shortages?revision={revision}&format=csv"),
        format!("/api/v1/shortages/summary?group_by=sector&revision={revision}"),
        format!("/api/v1/organizations/T1/shortages/{line}?revision={revision}"),
    ];
    let mut before = Vec::new();
    for round in 0..2 {
        for (place, (path, language)) in paths.iter().flat_map(|path| BOTH.map(|language| (path, language))).enumerate()
        {
            let answer = app.get(path).as_("viewer").header("accept-language", language.tag()).send().await;
            assert_eq!(answer.status, 200, "{path}");
            let said = (answer.body.clone(), answer.header("etag").to_owned());
            if round == 0 {
                assert!(!before.contains(&said), "{path}: the languages are told apart");
                before.push(said);
            } else {
                assert_eq!(before[place], said, "{path}");
            }
        }
        app.count("t1", "T1-A", json!([{"item": "BOOTS", "quantity": 1}])).await;
    }
}
