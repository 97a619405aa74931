//! The password of the demo's accounts: given, kept from the last run, or generated.

use std::fs;
use std::io;
use std::path::Path;

use auth::secret_file;

/// The longest password accepted.
const LONGEST: usize = 200;

/// Letters that are easy to distinguish, seen or heard.
const CONSONANTS: [char; 14] = ['b', 'd', 'f', 'g', 'h', 'k', 'm', 'n', 'p', 'r', 's', 't', 'v', 'z'];
const VOWELS: [char; 5] = ['a', 'e', 'i', 'o', 'u'];

/// Refuses a password that no sign-in could send.
pub fn check(password: &str) -> Result<String, String> {
    if password.is_empty() || password.chars().count() > LONGEST {
        return Err(format!("give 1 to {LONGEST} characters"));
    }
    if password.contains(char::is_control) {
        return Err("control characters cannot be typed in".to_owned());
    }
    Ok(password.to_owned())
}

/// The password of this run: the given one, or the one kept in the file, or a generated one. The file keeps it.
pub fn of_this_start(path: &Path, given: Option<String>) -> Result<String, String> {
    let failed = |error: io::Error| format!("the password in {} cannot be kept: {error}", path.display());
    let kept = match fs::read_to_string(path) {
        Ok(text) => check(text.trim_end_matches('\n')).ok(),
        Err(error) if error.kind() == io::ErrorKind::NotFound => None,
        Err(error) => return Err(failed(error)),
    };
    let password = given.or_else(|| kept.clone()).unwrap_or_else(made_up);
    if kept.as_ref() != Some(&password) {
        secret_file::write(path, format!("{password}\n").as_bytes()).map_err(failed)?;
    }
    Ok(password)
}

/// Generates three groups of two syllables, such as `kado-mire-suta`: some 37 bits, and each guess costs a hash.
fn made_up() -> String {
    let group = || -> String { [syllable(), syllable()].into_iter().flatten().collect() };
    [group(), group(), group()].join("-")
}

fn syllable() -> [char; 2] {
    [one_of(&CONSONANTS), one_of(&VOWELS)]
}

fn one_of(letters: &[char]) -> char {
    letters.get(rand::random_range(0..letters.len())).copied().unwrap_or('a')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_is_made_up_once_and_a_given_one_takes_its_place() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("password.txt");
        let first = of_this_start(&path, None).unwrap();
        assert_eq!(first.split('-').map(str::len).collect::<Vec<_>>(), [4, 4, 4]);
        assert_eq!(of_this_start(&path, None).unwrap(), first);
        assert_eq!(of_this_start(&path, Some("it's mine".into())).unwrap(), "it's mine");
        assert_eq!(of_this_start(&path, None).unwrap(), "it's mine");
    }
}
