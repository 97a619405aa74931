//! The house: rooms in one direction, and what each must not know. See `src/lib.rs`.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use crate::cases::{NoDatabase, cases};

cases![
    rooms_look_one_way_only,
    rooms_keep_to_their_trade,
    the_phone_knows_the_service_by_its_api_alone,
    only_the_settings_read_the_environment,
];

/// A room may use any after it and none before it.
const ROOMS: [&str; 12] =
    ["main", "commands", "config", "demo", "app", "api", "service", "backup", "tables", "reference", "db", "domain"];

/// What a room takes from one before it all the same: the domain's derives name the types as which its values are stored,
/// and handlers name what requests share.
const LENT: [(&str, &str); 2] = [("domain", "crate::db::sql_types::"), ("api", "crate::app::State")];

async fn rooms_look_one_way_only(_: NoDatabase) {
    for Source { room, path, code } in sources() {
        let lent = LENT.iter().filter(|(borrower, _)| *borrower == room);
        let code = lent.fold(code, |code, (_, what)| code.replace(what, ""));
        let before = ROOMS.iter().take_while(|name| **name != room);
        for name in before.filter(|_| ROOMS.contains(&room.as_str())) {
            for way in [format!("crate::{name}"), format!("super::super::{name}"), format!("muster::{name}")] {
                assert!(!names(&code, &way), "{} uses {name}, which is not for {room}", path.display());
            }
        }
        assert!(!code.contains("crate::{"), "{}: write one `use crate::...` a line", path.display());
    }
}

async fn rooms_keep_to_their_trade(_: NoDatabase) {
    for Source { room, path, code } in sources() {
        let strangers: &[&str] = match room.as_str() {
            "api" => &["diesel"],
            "service" => &["actix_web", "actix_rt"],
            "tables" => &["actix_web", "actix_rt", "utoipa", "tokio", "diesel", "crate::db"],
            "db" => &["actix_web", "actix_rt", "utoipa"],
            "domain" => &["actix_web", "actix_rt", "tokio", "diesel::prelude", "diesel::dsl", "RunQueryDsl"],
            _ => &[],
        };
        for stranger in strangers {
            assert!(!names(&code, stranger), "{}: {room} does not speak {stranger}", path.display());
        }
        if room == "domain" {
            let derives = ["diesel::AsExpression", "diesel::FromSqlRow", "diesel::sql_types::", "#[diesel(sql_type"];
            let rest = derives.iter().fold(code, |code, derive| code.replace(derive, ""));
            assert!(!rest.contains("diesel"), "{}: the domain knows diesel by derives only", path.display());
        }
    }
}

/// What an app may be copied from stands on nothing of the service's but what things are.
async fn the_phone_knows_the_service_by_its_api_alone(_: NoDatabase) {
    let sources = sources();
    assert!(sources.iter().any(|source| source.room == "phone"), "the phone was not found");
    let rooms: BTreeSet<&str> = sources.iter().map(|source| source.room.as_str()).collect();
    for Source { room, path, code } in &sources {
        if room == "phone" {
            for other in rooms.iter().filter(|other| !["phone", "domain", "main", "lib"].contains(other)) {
                let way = format!("crate::{other}");
                assert!(!names(code, &way), "{} uses {other}, which is the service's", path.display());
            }
        } else if !["commands", "exit", "main"].contains(&room.as_str()) {
            for way in ["crate::phone", "muster::phone"] {
                assert!(!names(code, way), "{} uses the phone, which is nothing of the service's", path.display());
            }
        }
    }
}

async fn only_the_settings_read_the_environment(_: NoDatabase) {
    for Source { room, path, code } in sources() {
        let may = ["config"].contains(&room.as_str());
        assert!(
            may || !names(&code, "std::env") && !names(&code, "env::var"),
            "{}: take it as a setting",
            path.display()
        );
    }
}

struct Source {
    /// The first part of its path under `src`.
    room: String,
    path: PathBuf,
    /// Its text without comments.
    code: String,
}

fn sources() -> Vec<Source> {
    let mut found = Vec::new();
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut folders = vec![root.clone()];
    while let Some(folder) = folders.pop() {
        for path in fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()) {
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                let first = path.strip_prefix(&root).unwrap().iter().next().unwrap().to_str().unwrap();
                let room = first.trim_end_matches(".rs").to_owned();
                let text = fs::read_to_string(&path).unwrap();
                let code = text.lines().map(|line| line.split("//").next().unwrap()).collect::<Vec<_>>().join("\n");
                found.push(Source { room, path, code });
            }
        }
    }
    assert!(found.iter().any(|source| source.room == "domain"), "the sources were not found");
    found
}

/// Whether a path stands in a text, not as part of a longer name.
fn names(code: &str, path: &str) -> bool {
    let part_of_a_name = |character: char| character.is_alphanumeric() || character == '_';
    code.match_indices(path).any(|(at, _)| {
        let (before, after) = (code[..at].chars().next_back(), code[at + path.len()..].chars().next());
        !before.is_some_and(part_of_a_name) && !after.is_some_and(part_of_a_name)
    })
}
