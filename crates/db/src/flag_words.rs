//! Flags of counts as they are stored: their names, separated by spaces.

use domain::count::CountFlag;

/// Parses stored flags; unknown words are skipped.
pub fn read_flags(words: &str) -> Vec<CountFlag> {
    words.split_whitespace().filter_map(|word| word.parse().ok()).collect()
}

/// Formats flags for storage.
pub fn write_flags(flags: &[CountFlag]) -> String {
    let words: Vec<&str> = flags.iter().map(|flag| (*flag).into()).collect();
    words.join(" ")
}
