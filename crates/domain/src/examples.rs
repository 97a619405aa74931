//! Examples in the API document.

/// A standard with its rules, in the form of a draft or a file of standards; null if it cannot be read.
pub fn standard() -> serde_json::Value {
    serde_json::from_str(include_str!("standard_example.json")).unwrap_or_default()
}
