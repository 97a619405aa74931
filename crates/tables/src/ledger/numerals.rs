//! Chinese numerals as people write quantities: `十二`, `一百零五`, `两千`, `一万二千`.
//!
//! Only the full form is read. `一百二` is 120 to one reader and 102 to another, so it is none.

/// The maximum length of a numeral in characters: 九千九百九十九万九千九百九十九.
const LONGEST: usize = 16;

/// True for a character of a numeral.
pub(super) fn is_numeral(character: char) -> bool {
    digit(character).is_some() || power(character).is_some() || matches!(character, '零' | '〇' | '万')
}

/// The number that a numeral says, below 10⁸; `None` for any other text.
pub(super) fn read(text: &str) -> Option<u32> {
    if text.chars().nth(LONGEST).is_some() {
        return None;
    }
    if matches!(text, "零" | "〇") {
        return Some(0);
    }
    match text.split_once('万') {
        None => section(text, false),
        Some((thousands, "")) => Some(section(thousands, false)? * 10_000),
        Some((thousands, rest)) => {
            let rest = section(rest, true)?;
            Some(section(thousands, false)? * 10_000 + rest)
        }
    }
}

/// The number below 10⁴ that a part of a numeral says. After 万, a missing 千 is spoken as 零.
fn section(text: &str, follows: bool) -> Option<u32> {
    if text == "两" {
        return (!follows).then_some(2);
    }
    // The power of the last part, and the digit whose power is still to come.
    let (mut total, mut last, mut zero) = (0, 10_000, false);
    let mut open: Option<(char, u32)> = None;
    for character in text.chars() {
        if let Some(power) = power(character) {
            let digit = match open.take() {
                // Twenty is 二十; 两 goes with hundreds and thousands only.
                Some(('两', _)) if power == 10 => return None,
                Some((_, digit)) => digit,
                // 十二 alone is 12.
                None if power == 10 && total == 0 && !zero && !follows => 1,
                None => return None,
            };
            if power >= last || zero != has_gap(power, last, follows) {
                return None;
            }
            (total, last, zero) = (total + digit * power, power, false);
        } else if let Some(digit) = digit(character) {
            if open.replace((character, digit)).is_some() {
                return None;
            }
        } else {
            let is_expected = matches!(character, '零' | '〇') && open.is_none() && !zero && (total > 0 || follows);
            if !is_expected {
                return None;
            }
            zero = true;
        }
    }
    match open {
        Some(('两', _)) => None,
        Some((_, digit)) => (zero == has_gap(1, last, follows)).then_some(total + digit),
        None => (!zero && total > 0).then_some(total),
    }
}

/// True if a part is spoken with 零 before it: powers between it and the last part are missing.
fn has_gap(power: u32, last: u32, follows: bool) -> bool {
    if last == 10_000 { follows && power < 1_000 } else { power * 10 < last }
}

fn digit(character: char) -> Option<u32> {
    Some(match character {
        '一' => 1,
        '二' | '两' => 2,
        '三' => 3,
        '四' => 4,
        '五' => 5,
        '六' => 6,
        '七' => 7,
        '八' => 8,
        '九' => 9,
        _ => return None,
    })
}

fn power(character: char) -> Option<u32> {
    Some(match character {
        '十' => 10,
        '百' => 100,
        '千' => 1_000,
        _ => return None,
    })
}

#[cfg(test)]
pub(super) mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Writes a number below 10⁸ as a numeral, digit by digit.
    pub fn written(number: u32) -> String {
        const DIGITS: [&str; 10] = ["零", "一", "二", "三", "四", "五", "六", "七", "八", "九"];
        const POWERS: [&str; 8] = ["千", "百", "十", "万", "千", "百", "十", ""];
        if number == 0 {
            return "零".to_owned();
        }
        let digits: Vec<usize> = format!("{number:08}").bytes().map(|digit| usize::from(digit - b'0')).collect();
        let mut text = String::new();
        for (at, digit) in digits.iter().enumerate() {
            if *digit > 0 {
                let is_after_zero = at > 0 && digits[at - 1] == 0 && !text.is_empty();
                // A zero at the end of the thousands is not spoken before a full 千.
                if is_after_zero && !(at == 4 && text.ends_with('万')) {
                    text.push('零');
                }
                text.push_str(DIGITS[*digit]);
                if at != 3 {
                    text.push_str(POWERS[at]);
                }
            }
            if at == 3 && !text.is_empty() {
                text.push('万');
            }
        }
        match text.strip_prefix("一十") {
            Some(rest) => format!("十{rest}"),
            None => text,
        }
    }

    #[test]
    fn numerals_are_read_in_full_or_not_at_all() {
        for (text, number) in [
            ("一", 1),
            ("两", 2),
            ("十", 10),
            ("十二", 12),
            ("二十", 20),
            ("一百零五", 105),
            ("一百一十", 110),
            ("两百", 200),
            ("一千零二十", 1020),
            ("两千零一", 2001),
            ("一万", 10_000),
            ("十万", 100_000),
            ("一万二千", 12_000),
            ("两万零三", 20_003),
            ("零", 0),
        ] {
            assert_eq!(read(text), Some(number), "{text}");
        }
        for text in [
            "",
            "一百二",
            "一万二",
            "一百十",
            "二〇二六",
            "一二",
            "百",
            "千",
            "万",
            "十十",
            "一百零",
            "两十",
            "零五",
            "一百零五十",
            "一万零二千",
            "二十零五",
            "万万",
            "一亿",
            "三两",
            "一千二十",
            "半",
        ] {
            assert_eq!(read(text), None, "{text}");
        }
    }

    proptest! {
        #[test]
        fn every_number_is_read_back(number in prop_oneof![0..20_000_u32, 0..100_000_000_u32]) {
            prop_assert_eq!(read(&written(number)), Some(number), "{}", written(number));
        }

        #[test]
        fn a_numeral_says_no_other_number(text in "[零一二三五九两十百千万]{0,8}") {
            if let Some(number) = read(&text) {
                // 十 after 万 may only be spoken as 一十.
                prop_assert_eq!(written(number), text.replace('两', "二").replacen("一十", "十", usize::from(text.starts_with("一十"))));
            }
        }
    }
}
