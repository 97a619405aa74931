//! Checks of the characters in texts that people write.

use validator::ValidationError;

/// Refuses control characters other than line ends and tabs; PostgreSQL cannot store U+0000 at all. Texts of one line, such
/// as names and codes, use `non_control_character` of the crate validator.
pub fn is_text(text: &str) -> Result<(), ValidationError> {
    if text.contains(|character: char| character.is_control() && !matches!(character, '\n' | '\r' | '\t')) {
        return Err(ValidationError::new("control_character"));
    }
    Ok(())
}
