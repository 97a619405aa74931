//! `muster generate`: data for measuring.

use serde_json::{Value, json};
use tempfile::TempDir;

use crate::cases::cases;
use crate::database::TestDatabase;
use crate::process::{Service, outcome, text_of};

cases![banners_are_generated_with_as_many_counts_as_asked_for, every_depot_can_have_its_count];

const PASSWORD: &str = "a password for generated banners";

async fn banners_are_generated_with_as_many_counts_as_asked_for(database: TestDatabase) {
    let folder = TempDir::new().unwrap();
    let url = text_of(&database.url);
    let settings = [("DATABASE_URL", url.as_str()), ("MUSTER_DATA_DIR", "data")];
    let sizes = ["--banners", "2", "--counts-per-organization", "60", "--only", "T3", "--only", "B2-HC-01"];
    let generate = [&["generate", "--password", PASSWORD][..], &sizes].concat();
    let (code, said) = outcome(folder.path(), &generate, &settings);
    assert!(code == 0 && said.contains("2 of 2 banners"), "{said}");
    let (code, said) = outcome(folder.path(), &generate, &settings);
    assert!(code == 65 && said.contains("the database is not empty"), "{code} {said}");

    let service = Service::start(folder.path(), &url, &[("MUSTER_DATA_DIR", "data")]);
    let read = |username: &str, path: &str| -> Value {
        let asked = json!({"username": username, "password": PASSWORD});
        let signed_in = service.call("POST", "/api/v1/auth/login", &[], Some(&asked)).body;
        let token = format!("Bearer {}", signed_in["access_token"].as_str().unwrap());
        service.call("GET", path, &[("authorization", &token)], None).body
    };
    for (bureau, quartermaster, organization, other) in
        [("admin", "t3", "T3", "B2-T3"), ("b2-admin", "b2-hc-01", "B2-HC-01", "HC-01")]
    {
        let counts = read(bureau, "/api/v1/counts?limit=100");
        let of = |count: &Value| count["organization"]["code"].as_str().unwrap().to_owned();
        let owners: Vec<String> = counts["items"].as_array().unwrap().iter().map(of).collect();
        assert_eq!(owners, [organization; 60], "{counts}");
        let organizations = read(bureau, "/api/v1/organizations?limit=100");
        assert_eq!(organizations["items"].as_array().unwrap().len(), 54);
        assert!(!organizations.to_string().contains(&format!("\"{other}\"")));
        let lines = read(quartermaster, "/api/v1/shortages?limit=500");
        assert!(lines["items"].as_array().unwrap().len() > 10, "{lines}");
        let stock = read(quartermaster, "/api/v1/stock?limit=500");
        assert!(stock["items"].as_array().unwrap().len() > 10, "{stock}");
    }
}

async fn every_depot_can_have_its_count(database: TestDatabase) {
    let folder = TempDir::new().unwrap();
    let url = text_of(&database.url);
    let settings = [("DATABASE_URL", url.as_str()), ("MUSTER_DATA_DIR", "data")];
    let generate = ["generate", "--password", PASSWORD, "--counts-per-depot", "1", "--only", "T3"];
    let (code, said) = outcome(folder.path(), &generate, &settings);
    assert!(code == 0 && said.contains("3 counts of 1 of 1 organizations"), "{said}");
    let service = Service::start(folder.path(), &url, &[("MUSTER_DATA_DIR", "data")]);
    let asked = json!({"username": "all", "password": PASSWORD});
    let signed_in = service.call("POST", "/api/v1/auth/login", &[], Some(&asked)).body;
    let token = format!("Bearer {}", signed_in["access_token"].as_str().unwrap());
    let counts = service.call("GET", "/api/v1/counts?limit=100", &[("authorization", &token)], None).body;
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let of = |count: &Value| (text(&count["depot"]["code"]), text(&count["effective_at"])[..10].to_owned());
    let mut counted: Vec<(String, String)> = counts["items"].as_array().unwrap().iter().map(of).collect();
    counted.sort();
    let depots: Vec<&str> = counted.iter().map(|(depot, _)| depot.as_str()).collect();
    assert_eq!(depots, ["T3-D1", "T3-D2", "T3-D3"], "{counts}");
    assert!(counted.iter().all(|(_, day)| *day == counted[0].1), "{counted:?}");
}
