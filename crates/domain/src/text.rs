//! Checks of the characters in texts that people write.

use validator::ValidationError;

/// Refuses control characters other than line ends and tabs; PostgreSQL cannot store U+0000 at all.
pub fn is_text(text: &str) -> Result<(), ValidationError> {
    refuse(text, |character| character.is_control() && !matches!(character, '\n' | '\r' | '\t'))
}

/// Refuses every control character: names, codes and numbers are single lines.
pub fn is_short_text(text: &str) -> Result<(), ValidationError> {
    refuse(text, char::is_control)
}

fn refuse(text: &str, unwanted: impl Fn(char) -> bool) -> Result<(), ValidationError> {
    if text.contains(unwanted) {
        return Err(ValidationError::new("control_character"));
    }
    Ok(())
}
