//! Examples that the API document shows.

/// A standard with its rules, as a draft or a file of standards writes it; null if it cannot be read.
pub fn standard() -> serde_json::Value {
    serde_json::from_str(include_str!("standard_example.json")).unwrap_or_default()
}
