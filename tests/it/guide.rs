//! The guide for authors of apps names everything that the service can answer to a push and send in a pull.

use std::fs;
use std::path::Path;

use crate::cases::{NoDatabase, cases};
use crate::document::document;

cases![the_guide_names_every_code_of_a_push, the_guide_names_every_type_of_a_change];

/// The files that refuse pushed commands, each with its quoted words that are not codes of a push.
const SOURCES: [(&str, &[&str]); 10] = [
    ("crates/service/src/sync/push.rs", &[]),
    ("crates/service/src/sync/rights.rs", &[]),
    ("crates/service/src/counts/checks.rs", &[]),
    ("crates/service/src/counts/mod.rs", &[]),
    ("crates/service/src/counts/resend.rs", &[]),
    ("crates/service/src/counts/submit.rs", &[]),
    (
        "crates/domain/src/new_count.rs",
        &[
            "box",
            "condition",
            "depot_id",
            "expires_on",
            "in_repair",
            "inspected_on",
            "lines",
            "lot",
            "made_on",
            "note",
            "scope",
        ],
    ),
    ("crates/domain/src/command.rs", &["submit_count"]),
    ("crates/domain/src/quarantine.rs", &[]),
    ("crates/service/src/input_errors.rs", &["_at", "date", "length", "max", "min", "non_control_character", "range"]),
];

fn text_of(path: &str) -> String {
    fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(path)).unwrap()
}

/// The quoted words of a source that look like codes, without its tests, its comments, and texts for people.
fn words_of(path: &str) -> Vec<String> {
    let text = text_of(path);
    let code = text.split("#[cfg(test)]").next().unwrap();
    let told = |line: &&str| {
        !["//", "#["].iter().any(|mark| line.trim_start().starts_with(mark)) && !line.contains("message!(")
    };
    let quoted = code.lines().filter(told).flat_map(|line| line.split('"').skip(1).step_by(2));
    let is_word = |word: &&str| !word.is_empty() && word.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_');
    quoted.filter(is_word).map(ToOwned::to_owned).collect()
}

async fn the_guide_names_every_code_of_a_push(_: NoDatabase) {
    let guide = text_of("openapi/sync.md");
    let mut named = 0;
    for (path, others) in SOURCES {
        for word in words_of(path).iter().filter(|word| !others.contains(&word.as_str())) {
            assert!(
                guide.contains(&format!("`{word}`")),
                "{path} has {word}: name it in the guide, or here if it is no code"
            );
            named += 1;
        }
    }
    assert!(named >= 30, "{named} codes were found");
}

async fn the_guide_names_every_type_of_a_change(_: NoDatabase) {
    let guide = text_of("openapi/sync.md");
    let types = &document()["components"]["schemas"]["ChangeType"];
    let names: Vec<&str> = types["enum"].as_array().unwrap().iter().filter_map(|name| name.as_str()).collect();
    assert_eq!(names.len(), 8, "{types}");
    for name in names {
        assert!(guide.contains(&format!("`{name}`")), "the guide does not name {name}");
    }
}
