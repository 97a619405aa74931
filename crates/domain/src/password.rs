//! Rules for new passwords: long, and not easily guessed (NIST SP 800-63B, 5.1.1.2). There is no rule about the kinds
//! of characters.

/// The minimum length in characters.
pub const SHORTEST: usize = 10;

/// The maximum length in characters: a long sentence fits, and hashing it costs no more.
pub const LONGEST: usize = 256;

/// Common passwords of ten characters and more, in lower case.
const GUESSED_FIRST: [&str; 32] = [
    "0123456789",
    "0987654321",
    "1122334455",
    "123123123123",
    "1234512345",
    "1234567890",
    "12345678910",
    "123456789a",
    "123456789abc",
    "123qweasdzxc",
    "1234qwerasdf",
    "1q2w3e4r5t",
    "1q2w3e4r5t6y",
    "1qaz2wsx3edc",
    "5201314520",
    "9876543210",
    "a123456789",
    "abc1234567",
    "abcd123456",
    "abcd1234567",
    "administrator",
    "changeme123",
    "iloveyou123",
    "letmein123",
    "password01",
    "password12",
    "password123",
    "password1234",
    "passw0rd123",
    "qwertyuiop",
    "welcome123",
    "woaini1314",
];

/// The reasons why a password is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Weakness {
    /// It has fewer than [`SHORTEST`] characters.
    TooShort,
    /// It is a common password.
    Guessable,
    /// It is little more than the user name.
    LikeUsername,
}

/// Checks whether an account may choose a password.
///
/// # Errors
/// The reason why it may not.
pub fn check(password: &str, username: &str) -> Result<(), Weakness> {
    if password.chars().count() < SHORTEST {
        return Err(Weakness::TooShort);
    }
    let lower = password.to_lowercase();
    let mut letters = lower.chars();
    let first = letters.next();
    if GUESSED_FIRST.contains(&lower.as_str()) || letters.all(|letter| Some(letter) == first) {
        return Err(Weakness::Guessable);
    }
    // The rest of it, without the user name, must be long enough.
    let username = username.to_lowercase();
    if !username.is_empty() && lower.contains(&username) && lower.replace(&username, "").chars().count() < 6 {
        return Err(Weakness::LikeUsername);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn length_matters_and_what_it_is_made_of_does_not() {
        let cases = [
            ("correct horse battery", Ok(())),
            ("应急物资储备清点仓库一", Ok(())),
            ("ninechars", Err(Weakness::TooShort)),
            ("九个字符短了一点点", Err(Weakness::TooShort)),
            ("aaaaaaaaaaaa", Err(Weakness::Guessable)),
            ("PassWord123", Err(Weakness::Guessable)),
            ("quartermaster", Err(Weakness::LikeUsername)),
            ("Quartermaster2026", Err(Weakness::LikeUsername)),
            ("quartermaster of the north store", Ok(())),
        ];
        for (password, expected) in cases {
            assert_eq!(check(password, "quartermaster"), expected, "{password}");
        }
    }

    #[test]
    fn the_list_holds_only_what_length_lets_through() {
        for password in GUESSED_FIRST {
            assert!(password.len() >= SHORTEST && password == password.to_lowercase(), "{password}");
        }
    }
}
