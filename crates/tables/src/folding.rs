//! Texts in one form, whatever the width, case and signs in which people type them.

/// Replaces full-width letters, digits and signs by plain ones, because people type them without noticing.
pub(crate) fn half_width(text: &str) -> String {
    text.chars()
        .map(|character| match character {
            '\u{3000}' | '\u{a0}' => ' ',
            '\u{ff01}'..='\u{ff5e}' => char::from_u32(u32::from(character) - 0xfee0).unwrap_or(character),
            _ => character,
        })
        .collect()
}

/// A name in the form used for comparison: case, blanks, width and the signs common in headers do not matter.
pub fn plain(text: &str) -> String {
    half_width(text)
        .chars()
        .filter(|character| !character.is_whitespace() && !matches!(character, '_' | '-' | '*' | ':' | '.' | '\''))
        .flat_map(char::to_lowercase)
        .collect()
}
