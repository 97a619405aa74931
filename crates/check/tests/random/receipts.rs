//! Receipts of counts.

use std::fs;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use check::Keys;
use ed25519_dalek::{Signer as _, SigningKey};
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

use crate::python;
use crate::worlds::Worlds;

fn encoded(value: &Value) -> String {
    URL_SAFE_NO_PAD.encode(value.to_string())
}

fn sha256(value: &Value) -> String {
    let bytes = serde_json_canonicalizer::to_vec(value).unwrap();
    Sha256::digest(&bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}

/// The receipt of a count.
fn receipt(document: &Value, count: &Value, key: &SigningKey, kid: &str) -> String {
    let mut claims = json!({
        "organization": document["organization"], "position": 1, "kind": "count", "id": count["id"],
        "sha256": count["sha256"], "record_sha256": "00", "received_at": count["received_at"],
        "effective_at": count["effective_at"], "previous": "00",
    });
    let hash = sha256(&claims);
    claims["iss"] = json!("muster");
    claims["hash"] = json!(hash);
    let head = json!({"typ": "muster-receipt+jws", "alg": "EdDSA", "kid": kid});
    let signed = format!("{}.{}", encoded(&head), encoded(&claims));
    let signature = key.sign(signed.as_bytes());
    format!("{signed}.{}", URL_SAFE_NO_PAD.encode(signature.to_bytes()))
}

#[test]
fn receipts_are_checked_against_the_counts_and_the_keys() {
    let key = SigningKey::from_bytes(&[7; 32]);
    let other = SigningKey::from_bytes(&[8; 32]);
    let set = |key: &SigningKey| {
        let x = URL_SAFE_NO_PAD.encode(key.verifying_key().to_bytes());
        json!({"keys": [{"kty": "OKP", "crv": "Ed25519", "alg": "EdDSA", "use": "sig", "kid": "one", "x": x}]})
            .to_string()
    };
    let with_counts =
        |document: &Value| document["explanation"]["counts"].as_array().is_some_and(|counts| !counts.is_empty());
    let documents = Worlds::new(3).map(|document| serde_json::from_str::<Value>(&document).unwrap());
    let document = documents.into_iter().find(with_counts).unwrap();
    let count = document["explanation"]["counts"][0].clone();
    let with = |receipt: Value, change: &dyn Fn(&mut Value)| {
        let mut changed = document.clone();
        changed["explanation"]["counts"][0]["receipt"] = receipt;
        change(&mut changed);
        changed.to_string()
    };
    let genuine = receipt(&document, &count, &key, "one");
    let [head, body, signature] = genuine.split('.').collect::<Vec<_>>().try_into().unwrap();
    let altered = format!("{head}.{body}.{}", receipt(&document, &count, &other, "one").rsplit('.').next().unwrap());
    let nothing = |_: &mut Value| {};
    let cases: Vec<(&str, String, bool, &str)> = vec![
        ("genuine", with(json!(genuine), &nothing), true, "ok"),
        ("without keys", with(json!(genuine), &nothing), false, "no_keys"),
        ("none", document.to_string(), true, "none"),
        (
            "another hash",
            with(json!(genuine), &|document| document["explanation"]["counts"][0]["sha256"] = json!("ab")),
            true,
            "wrong",
        ),
        (
            "another time",
            with(json!(genuine), &|document| {
                document["explanation"]["counts"][0]["received_at"] = json!("2026-11-23T00:00:00.000001Z");
            }),
            true,
            "wrong",
        ),
        ("another signature", with(json!(altered), &nothing), true, "wrong"),
        ("another key", with(json!(receipt(&document, &count, &key, "two")), &nothing), true, "wrong"),
        ("no receipt", with(json!(format!("{head}.{signature}")), &nothing), true, "wrong"),
    ];
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("keys.json");
    fs::write(&path, set(&key)).unwrap();
    let keys = Keys::read(&set(&key)).unwrap();
    for (name, text, with_keys, verdict) in cases {
        let report = check::check(&text, with_keys.then_some(&keys)).unwrap();
        let theirs = python::check(&[text], with_keys.then_some(path.as_path()));
        assert_eq!(report.receipts.verdict(), verdict, "{name}: {:?}", report.receipts);
        if let Some(theirs) = theirs {
            assert_eq!(report.shown()["receipts"], theirs[0]["receipts"], "{name}");
        }
    }
}
