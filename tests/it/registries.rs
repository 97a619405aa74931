//! The lists that an operation, a stored kind or a file must be in. Each failure names everything that is missing, and
//! where to add it; `docs/contributing.md` has the same lists in the order of the work.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use muster::api::{IDS_IN_PATHS, scopes};

use crate::answers;
use crate::cases::{NoDatabase, cases};
use crate::document::{document, operations, resolve};
use crate::openapi::VERBS;
use crate::rights;

cases![every_operation_is_in_every_list, every_list_names_what_is_there, every_file_is_part_of_its_crate];

async fn every_operation_is_in_every_list(_: NoDatabase) {
    let tags: BTreeSet<&str> =
        document()["tags"].as_array().unwrap().iter().map(|tag| tag["name"].as_str().unwrap()).collect();
    let mut missing = Vec::new();
    for operation in operations() {
        let mut say = |is_there: bool, where_to: &str, what: &str| {
            if !is_there {
                missing.push(format!("{}: {where_to}: {what}", operation.id));
            }
        };
        let verb = operation.id.split('_').next().unwrap();
        say(
            VERBS.contains(&verb),
            "`VERBS` of tests/it/openapi.rs",
            "the verb it begins with, or name it by one of those",
        );
        say(
            rights::row_of(operation.id).is_some(),
            "`ROWS` of tests/it/rights.rs",
            "whether a quartermaster, a viewer, an officer, an admin, and somebody who is not signed in may call it",
        );
        say(
            operation.is_public() || scopes::opening(operation.id).is_some(),
            "`OPERATIONS` of src/api/scopes.rs",
            "the scopes of which any opens it to programs of others, or `&[]` where it is closed to them",
        );
        for tag in operation.says["tags"].as_array().into_iter().flatten().filter_map(|tag| tag.as_str()) {
            say(tags.contains(tag), "`tags` of src/api/docs.rs", &format!("a description of the tag {tag}"));
        }
        for parameter in operation.parameters("path") {
            let name = parameter["name"].as_str().unwrap();
            let is_id = resolve(&parameter["schema"])["format"] == "uuid";
            say(
                IDS_IN_PATHS.contains(&name) == is_id,
                "`IDS_IN_PATHS` of src/api/mod.rs",
                &format!("{{{name}}} exactly where it is an id and nothing else"),
            );
            say(
                rights::is_told_of(name),
                "`OF_NOBODY` or `OF_SOMEBODY` of tests/it/rights.rs",
                &format!("whether what {{{name}}} names is somebody's"),
            );
        }
        say(
            operation.body().is_none() || answers::knows_body_of(operation.id),
            "`BODIES` of tests/it/answers.rs",
            "a body that this world takes",
        );
    }
    assert!(
        missing.is_empty(),
        "lists that an operation must be in (docs/contributing.md, \"Add an endpoint\"):\n{}\n",
        missing.join("\n")
    );
}

/// Lists must not name operations that do not exist.
async fn every_list_names_what_is_there(_: NoDatabase) {
    let there: BTreeSet<&str> = operations().iter().map(|operation| operation.id).collect();
    let lists = [
        ("`ROWS` of tests/it/rights.rs", rights::rows().map(|(id, _)| id).collect::<Vec<_>>()),
        ("`OPERATIONS` of src/api/scopes.rs", scopes::OPERATIONS.iter().map(|(id, _)| *id).collect()),
        ("`BODIES` of tests/it/answers.rs", answers::bodies().collect()),
    ];
    for (list, named) in lists {
        let mut seen = BTreeSet::new();
        for id in named {
            assert!(there.contains(id), "{list} has {id}, and there is no such operation");
            assert!(seen.insert(id), "{list} has {id} twice");
        }
    }
    let used: BTreeSet<&str> = there.iter().map(|id| id.split('_').next().unwrap()).collect();
    let unused: Vec<&&str> = VERBS.iter().filter(|verb| !used.contains(*verb)).collect();
    assert!(unused.is_empty(), "`VERBS` of tests/it/openapi.rs has {unused:?}, by which no operation begins");
}

/// A file that no `mod` names is silently not compiled: its handlers answer 404, and its tests never run.
async fn every_file_is_part_of_its_crate(_: NoDatabase) {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut folders = vec![root.join("src"), root.join("tests/it")];
    folders.extend(fs::read_dir(root.join("crates")).unwrap().map(|entry| entry.unwrap().path().join("src")));
    let (mut seen, mut missing) = (0, Vec::new());
    while let Some(folder) = folders.pop() {
        for path in fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().path()) {
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            let stem = path.file_stem().unwrap().to_str().unwrap().to_owned();
            if path.extension().is_none_or(|extension| extension != "rs") || ["lib", "main"].contains(&stem.as_str()) {
                continue;
            }
            seen += 1;
            // A folder's `mod.rs` is declared in the file above the folder.
            let (name, above) =
                if stem == "mod" { (name_of(&folder), parent_of(&folder)) } else { (stem, folder.clone()) };
            let parents = ["mod.rs", "lib.rs", "main.rs"].map(|name| above.join(name));
            let parents = parents.into_iter().chain([above.with_extension("rs")]);
            let texts = parents.filter_map(|parent| fs::read_to_string(parent).ok());
            if !texts.into_iter().any(|text| declares(&text, &name)) {
                missing.push(format!("{}: write `mod {name};` above it", path.strip_prefix(root).unwrap().display()));
            }
        }
    }
    assert!(seen > 300, "only {seen} files were found");
    assert!(missing.is_empty(), "files that are not compiled:\n{}\n", missing.join("\n"));
}

fn name_of(folder: &Path) -> String {
    folder.file_name().unwrap().to_str().unwrap().to_owned()
}

fn parent_of(folder: &Path) -> PathBuf {
    folder.parent().unwrap().to_owned()
}

fn declares(text: &str, name: &str) -> bool {
    let ends_so = format!("mod {name};");
    text.lines()
        .map(str::trim)
        .any(|line| line.strip_suffix(&ends_so).is_some_and(|before| before.is_empty() || before.starts_with("pub")))
}
