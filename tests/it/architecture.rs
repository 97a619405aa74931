//! The boundaries that Cargo does not enforce. Cargo refuses the use of a crate that is not a dependency; these tests fix
//! which crates may depend on which, and the limits of the top package and of the domain.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use crate::cases::{NoDatabase, cases};

cases![
    crates_look_one_way_only,
    the_phone_and_the_checks_of_the_trade_know_no_service,
    the_package_at_the_top_looks_one_way_only,
    the_domain_makes_no_query,
    only_the_settings_read_the_environment,
];

/// A crate may depend only on those before it.
const CRATES: [&str; 11] =
    ["check", "web-build", "text", "base", "domain", "db", "tables", "auth", "reference", "service", "client"];

/// The parts of the top package: each may use only those before it.
const TOP: [&str; 6] = ["api", "demo", "config", "exit", "commands", "main"];

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).to_owned()
}

/// The crates of this workspace that a crate depends on; including those of its tests if `for_tests` is set.
fn dependencies(manifest: &str, for_tests: bool) -> BTreeSet<&'static str> {
    let section = if for_tests { "[dev-dependencies]" } else { "[dependencies]" };
    let lines = manifest.lines().skip_while(|line| line.trim() != section).skip(1);
    let names = lines.take_while(|line| !line.starts_with('[')).filter_map(|line| line.split(['.', ' ', '=']).next());
    let names: BTreeSet<&str> = names.collect();
    CRATES.into_iter().filter(|name| names.contains(name)).collect()
}

fn manifest_of(name: &str) -> String {
    fs::read_to_string(root().join("crates").join(name).join("Cargo.toml")).unwrap()
}

async fn crates_look_one_way_only(_: NoDatabase) {
    let folders: BTreeSet<String> = fs::read_dir(root().join("crates"))
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    assert_eq!(folders, CRATES.map(ToOwned::to_owned).into(), "give a new crate its place in CRATES");
    for (place, name) in CRATES.into_iter().enumerate() {
        let before: BTreeSet<&str> = CRATES.into_iter().take(place).collect();
        let used = dependencies(&manifest_of(name), false);
        assert!(used.is_subset(&before), "{name} may use {before:?} and uses {used:?}");
    }
    let top = fs::read_to_string(root().join("Cargo.toml")).unwrap();
    assert_eq!(dependencies(&top, false).len(), CRATES.len(), "the dependencies are read in a way that misses some");
}

async fn the_phone_and_the_checks_of_the_trade_know_no_service(_: NoDatabase) {
    let of_phone = dependencies(&manifest_of("client"), false);
    assert!(of_phone.is_subset(&["text", "base", "domain"].into()), "the phone uses {of_phone:?}");
    let of_domain = dependencies(&manifest_of("domain"), false);
    assert_eq!(of_domain, ["text", "base"].into());
    for (name, stranger) in [
        ("domain", "actix-web"),
        ("domain", "tokio"),
        ("db", "actix-web"),
        ("db", "utoipa"),
        ("tables", "diesel"),
        ("tables", "utoipa"),
        ("service", "actix-web"),
        ("service", "diesel"),
    ] {
        let manifest = manifest_of(name);
        let manifest = manifest.split("[dev-dependencies]").next().unwrap();
        assert!(!manifest.lines().any(|line| line.starts_with(stranger)), "{name} depends on {stranger}");
    }
}

async fn the_package_at_the_top_looks_one_way_only(_: NoDatabase) {
    for Source { room, path, code } in sources(&root().join("src")) {
        let Some(place) = TOP.iter().position(|name| *name == room) else { continue };
        for later in TOP.iter().skip(place + 1) {
            for way in [format!("crate::{later}"), format!("muster::{later}")] {
                assert!(!names(&code, &way), "{} uses {later}, which is not for {room}", path.display());
            }
        }
    }
}

async fn the_domain_makes_no_query(_: NoDatabase) {
    for Source { path, code, .. } in sources(&root().join("crates/domain/src")) {
        let derives = ["diesel::AsExpression", "diesel::FromSqlRow", "diesel::sql_types::", "#[diesel(sql_type"];
        let rest = derives.iter().fold(code, |code, derive| code.replace(derive, ""));
        assert!(!rest.contains("diesel"), "{}: the domain knows diesel by derives only", path.display());
    }
}

async fn only_the_settings_read_the_environment(_: NoDatabase) {
    let all = sources(&root().join("src")).into_iter().chain(sources(&root().join("crates")));
    for Source { room, path, code } in all {
        // A test outside the program is told its number of cases by the environment.
        let is_test = path.iter().any(|part| part == "tests");
        assert!(
            room == "config" || is_test || !names(&code, "std::env") && !names(&code, "env::var"),
            "{}: take it as a setting",
            path.display()
        );
    }
}

/// A source file.
pub struct Source {
    /// The first part of its path under the folder.
    pub room: String,
    /// Its path.
    pub path: PathBuf,
    /// Its text without comments.
    pub code: String,
}

/// All source files under a folder.
pub fn sources(root: &Path) -> Vec<Source> {
    let mut found = Vec::new();
    let mut folders = vec![root.to_owned()];
    while let Some(folder) = folders.pop() {
        for path in fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()) {
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                let first = path.strip_prefix(root).unwrap().iter().next().unwrap().to_str().unwrap();
                let room = first.trim_end_matches(".rs").to_owned();
                let text = fs::read_to_string(&path).unwrap();
                let code = text.lines().map(|line| line.split("//").next().unwrap()).collect::<Vec<_>>().join("\n");
                found.push(Source { room, path, code });
            }
        }
    }
    assert!(found.len() > 2, "the sources under {} were not found", root.display());
    found
}

/// True if a text contains a path as a whole name, not as part of a longer one.
fn names(code: &str, path: &str) -> bool {
    let part_of_a_name = |character: char| character.is_alphanumeric() || character == '_';
    code.match_indices(path).any(|(at, _)| {
        let (before, after) = (code[..at].chars().next_back(), code[at + path.len()..].chars().next());
        !before.is_some_and(part_of_a_name) && !after.is_some_and(part_of_a_name)
    })
}
