//! The form in which texts are compared, by searches and by the matching of ledgers: full and half width, traditional and
//! simplified characters, and case make no difference. And the sounds of characters, as pinyin without tones.

use pinyin::ToPinyinMulti as _;
use unicode_normalization::UnicodeNormalization as _;
use unicode_normalization::char::is_combining_mark;

/// A text as it is compared: full-width letters become plain, traditional characters become simplified, and case does not
/// matter.
pub fn plain(text: &str) -> String {
    fast2s::convert(text.nfkc().collect::<String>().trim()).to_lowercase()
}

/// A text in plain form without spaces, punctuation and brackets. Between two digits one mark stays, so that 6.8 L is not
/// 68 L: the decimal point, `x` for every sign of multiplication, and `-` for the rest.
pub fn compact(text: &str) -> String {
    let mut letters = String::new();
    let mut between = String::new();
    for character in plain(text).chars() {
        if !character.is_alphanumeric() {
            between.push(character);
            continue;
        }
        if character.is_ascii_digit() && !between.is_empty() && letters.ends_with(|last: char| last.is_ascii_digit()) {
            letters.push(mark_between_digits(&between));
        }
        between.clear();
        letters.push(character);
    }
    letters
}

fn mark_between_digits(between: &str) -> char {
    if between == "." {
        '.'
    } else if between.contains(['×', '*']) {
        'x'
    } else {
        '-'
    }
}

/// True for a character that has a sound in pinyin.
pub fn is_sign(character: char) -> bool {
    character.to_pinyin_multi().is_some()
}

/// The readings of a character in plain letters, the most usual first: 重 is `zhong` and `chong`. None but for Chinese
/// characters.
pub fn readings(character: char) -> Vec<String> {
    let mut readings: Vec<String> = Vec::new();
    for reading in character.to_pinyin_multi().into_iter().flatten() {
        let reading: String = without_tones(reading.plain(), false).into_iter().collect();
        if !readings.contains(&reading) {
            readings.push(reading);
        }
    }
    readings
}

/// A word as pinyin: tone marks are removed, and on request also tone numbers, which follow a syllable; `ü` becomes `v`,
/// as on a keyboard.
pub fn without_tones(word: &str, numbers: bool) -> Vec<char> {
    let mut sounds = Vec::new();
    let mut after_vowel = false;
    let mut letters = word.nfd().peekable();
    while let Some(letter) = letters.next() {
        match letter {
            'u' if letters.peek() == Some(&'\u{308}') => sounds.push('v'),
            '\'' | '’' | '-' => {}
            '1'..='5' if numbers && after_vowel => {}
            letter if is_combining_mark(letter) => {}
            letter => sounds.push(letter),
        }
        after_vowel = match letter {
            'a' | 'e' | 'i' | 'o' | 'u' | 'v' => true,
            letter => after_vowel && (letter.is_ascii_lowercase() || is_combining_mark(letter)),
        };
    }
    sounds
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn width_script_case_and_punctuation_make_no_difference() {
        for (text, expected) in [
            ("空气呼吸器（6.8L）", "空气呼吸器6.8l"),
            ("空氣呼吸器(６．８Ｌ)", "空气呼吸器6.8l"),
            ("空气 呼吸器 【6.8 L】", "空气呼吸器6.8l"),
            ("篷布4×6m", "篷布4x6m"),
            ("篷布 4 * 6 m", "篷布4x6m"),
            ("篷布4X6M", "篷布4x6m"),
            ("储水桶10~20L", "储水桶10-20l"),
            ("土工布 ㎡", "土工布m2"),
            ("MFZ/ABC4", "mfzabc4"),
            ("……", ""),
        ] {
            assert_eq!(compact(text), expected, "{text}");
        }
        assert_ne!(compact("6.8L"), compact("68L"));
        assert_ne!(compact("10 20"), compact("1020"));
    }

    #[test]
    fn a_character_may_have_several_readings() {
        assert_eq!(readings('重')[..2], ["zhong", "chong"]);
        assert_eq!(readings('绿')[..2], ["lv", "lu"]);
        assert!(readings('a').is_empty() && !is_sign('a') && is_sign('绿'));
    }
}
