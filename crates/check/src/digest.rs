//! The digest: SHA-256 of the RFC 8785 form of everything but words and the digest itself.

use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

use crate::Digest;

/// Works the digest out.
pub fn check(document: &Value) -> Digest {
    let mut covered = document.clone();
    if let Some(members) = covered.as_object_mut() {
        members.remove("sha256");
    }
    leave_out_words(&mut covered);
    let found = document.get("sha256").cloned().unwrap_or_default();
    Digest { expected: sha256(&covered), found }
}

/// SHA-256 of the RFC 8785 form of a value, in lower-case hexadecimal.
pub fn sha256(value: &Value) -> String {
    // Every value of JSON has such a form.
    let canonical = serde_json_canonicalizer::to_vec(value).unwrap_or_else(|_| json!(null).to_string().into_bytes());
    Sha256::digest(&canonical).iter().map(|byte| format!("{byte:02x}")).collect()
}

fn leave_out_words(value: &mut Value) {
    match value {
        Value::Object(members) => {
            members.remove("words");
            members.values_mut().for_each(leave_out_words);
        }
        Value::Array(parts) => parts.iter_mut().for_each(leave_out_words),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}
