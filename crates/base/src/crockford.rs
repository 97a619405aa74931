//! Crockford's base 32, in which codes are written that people read and type: no letter can be mistaken for another.

/// The letters, by their value.
const LETTERS: [char; 32] = [
    '0', '1', '2', '3', '4', '5', '6', '7', '8', '9', 'A', 'B', 'C', 'D', 'E', 'F', 'G', 'H', 'J', 'K', 'M', 'N', 'P',
    'Q', 'R', 'S', 'T', 'V', 'W', 'X', 'Y', 'Z',
];

/// The letter of the lowest five bits.
pub fn letter(bits: u8) -> char {
    LETTERS.get(usize::from(bits % 32)).copied().unwrap_or('0')
}

/// True for one of the letters.
pub fn is_letter(letter: char) -> bool {
    LETTERS.contains(&letter)
}

/// The letters of typed text: case, blanks and hyphens do not matter, O is read as 0, and I and L as 1. Anything else is left
/// as it is.
pub fn read(typed: &str) -> String {
    let marks = |letter: &char| letter.is_whitespace() || *letter == '-';
    let read = |letter: char| match letter.to_ascii_uppercase() {
        'O' => '0',
        'I' | 'L' => '1',
        letter => letter,
    };
    typed.chars().filter(|letter| !marks(letter)).map(read).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_are_read_as_people_type_them() {
        assert_eq!(read(" oO-iIlL z\t鞋"), "001111Z鞋");
        let all: String = (0..32).map(letter).collect();
        assert_eq!(read(&all.to_lowercase()), all);
        assert!(all.chars().all(is_letter) && !"UILO鞋".chars().any(is_letter));
        assert_eq!(letter(33), '1');
    }
}
