//! `muster labels`: the labels of depots' lines as a page to print.

use std::fs;

use tempfile::TempDir;

use crate::cases::cases;
use crate::database::TestDatabase;
use crate::phone_command::{Command, planted};
use crate::process::{Service, outcome, text_of};

cases![the_lines_of_a_depot_are_printed_with_their_numbers_and_addresses];

async fn the_lines_of_a_depot_are_printed_with_their_numbers_and_addresses(database: TestDatabase) {
    planted(&database).await;
    let folder = TempDir::new().unwrap();
    let service = Service::start(folder.path(), &text_of(&database.url), &[]);
    let phone = Command { folder: folder.path() };
    phone.sign_in(&service.base);
    phone.must(&["sync"]);
    phone.must(&["count", "--depot", "T1-A", "--item", "BOOTS=1", "--item", "SAND=0"]);
    phone.must(&["sync"]);
    let labels: Vec<(String, i64)> = phone
        .open()
        .mirrored("item")
        .unwrap()
        .into_iter()
        .map(|item| (item.key, item.data["label"].as_i64().unwrap()))
        .collect();

    let settings =
        [("DATABASE_URL", text_of(&database.url)), ("MUSTER_PUBLIC_URL", "https://m.example.cn/".to_owned())];
    let settings = settings.each_ref().map(|(name, value)| (*name, value.as_str()));
    let print =
        |arguments: &[&str]| outcome(folder.path(), &[&["labels", "--to", "l.html"], arguments].concat(), &settings);
    assert_eq!(print(&["--depot", "T1-A"]), (0, String::new()));
    let page = || fs::read_to_string(folder.path().join("l.html")).unwrap();
    let of_depot = page();
    assert_eq!(of_depot.matches("<li>").count(), 2);
    assert_eq!(of_depot.matches("<svg").count(), 2);
    assert!(
        of_depot.contains("<html lang=\"zh-CN\">") && of_depot.contains("单位") | of_depot.contains("库"),
        "{of_depot}"
    );
    for item in ["BOOTS", "SAND"] {
        let (_, number) = labels.iter().find(|(code, _)| code == item).unwrap();
        assert!(of_depot.contains(&format!("<p class=\"number\">{number:04}</p>")), "{item}: {number}");
        let address = format!("https://m.example.cn/d/T1-A#{item}");
        let drawn = muster::api::qr::svg_of(&address).unwrap();
        assert!(of_depot.contains(drawn.split_once("?>").unwrap().1), "{address}");
    }

    // An organization is all its open depots; a file is never replaced unasked.
    let (code, said) = print(&["--organization", "T1"]);
    assert!(code == 1 && said.contains("is there already"), "{code} {said}");
    assert_eq!(print(&["--organization", "T1", "--overwrite"]), (0, String::new()));
    assert_eq!(page(), of_depot);
    let (code, said) = print(&["--depot", "T1-A", "--depot", "NONE", "--overwrite"]);
    assert!(code == 1 && said.contains("has this code: NONE"), "{code} {said}");
    let (code, said) = print(&["--depot", "T1-A", "--depot", "T1", "--overwrite"]);
    assert!(code == 1 && said.contains("has this code: T1"), "an organization is no depot: {code} {said}");
    assert_eq!(print(&[]).0, 2);
    let (code, said) = outcome(folder.path(), &["labels", "--depot", "T1-A", "--to", "m.html"], &settings[..1]);
    assert!(code == 2 && said.contains("MUSTER_PUBLIC_URL is not set"), "{code} {said}");
}
