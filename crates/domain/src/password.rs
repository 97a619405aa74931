//! Which passwords may be chosen: long ones that are not the first to be guessed (NIST SP 800-63B, 5.1.1.2). No rule says
//! what letters they are made of.

/// The least number of characters.
pub const SHORTEST: usize = 10;

/// The greatest number of characters: a long sentence fits, and hashing it costs no more.
pub const LONGEST: usize = 256;

/// Passwords of ten characters and more that everybody tries first, in lower case.
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

/// Why a password may not be chosen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Weakness {
    /// It has fewer than [`SHORTEST`] characters.
    TooShort,
    /// It is one of those that are tried first.
    Guessable,
    /// It is the user name with little more.
    LikeUsername,
}

/// Looks whether a password may be chosen for an account.
///
/// # Errors
/// Why it may not.
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
    // What is left of it without the user name must not be next to nothing.
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
