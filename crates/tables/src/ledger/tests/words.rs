//! Quantities and days in words.

use std::collections::HashMap;
use std::sync::OnceLock;

use proptest::prelude::*;

use super::super::day::{DayKind, LedgerDay, UnreadDay, days_in};
use super::super::numerals::tests::written;
use super::super::quantity::{LedgerQuantity, UnreadQuantity, read};
use super::super::{day, labels};
use super::amount;

#[test]
fn quantities_are_read_exactly_or_keep_their_words() {
    use UnreadQuantity as Why;
    for (text, expected) in [
        ("3", "3"),
        ("3套", "3套"),
        ("40根", "40根"),
        ("2m³", "2m³"),
        ("2m3", "2m3"),
        ("2箱", "2箱"),
        ("3 套", "3套"),
        ("３套", "3套"),
        ("1,200", "1200"),
        ("1，200只", "1200只"),
        ("12,345,678.5kg", "12345678.5kg"),
        ("十二套", "12套"),
        ("两台", "2台"),
        ("一套", "1套"),
        ("一千零五具", "1005具"),
        ("2.5kg", "2.5kg"),
        ("3(套)", "3套"),
        ("3（套）", "3套"),
        ("0", "0"),
        ("零", "0"),
        ("05", "5"),
        ("2台/套", "2台/套"),
        ("2箱×50双", "100双=2箱×50"),
        ("2箱*50双", "100双=2箱×50"),
        ("2箱 x 50 双", "100双=2箱×50"),
        ("2箱（每箱50双）", "100双=2箱×50"),
        ("2箱(50双/箱)", "100双=2箱×50"),
        ("十桶×25kg", "250kg=10桶×25"),
        ("1.5箱×2个", "3个=1.5箱×2"),
    ] {
        assert_eq!(amount(&read(text, None)), expected, "{text}");
    }
    for (text, why) in [
        ("", Why::Blank),
        (" ", Why::Blank),
        ("-", Why::Dash),
        ("——", Why::Dash),
        ("/", Why::Dash),
        ("无", Why::Dash),
        ("若干", Why::Vague),
        ("约20", Why::Vague),
        ("10余", Why::Vague),
        ("20多个", Why::Vague),
        ("3套以上", Why::Vague),
        ("一套半", Why::Vague),
        ("3+2", Why::Several),
        ("3-5", Why::Several),
        ("3~5套", Why::Several),
        ("3/5", Why::Several),
        ("3套2个", Why::Several),
        ("2根×20米", Why::Several),
        ("1 200", Why::Several),
        ("2箱(50双)", Why::Ambiguous),
        ("一", Why::Ambiguous),
        ("2022年", Why::UnknownUnit),
        ("50%", Why::UnknownUnit),
        ("3级", Why::UnknownUnit),
        ("1.2万", Why::NotANumber),
        ("3百个", Why::NotANumber),
        ("1,20", Why::NotANumber),
        ("1,2000", Why::NotANumber),
        ("1e3", Why::Several),
        ("一百二", Why::NotANumber),
        ("三5", Why::NotANumber),
        ("套", Why::NotANumber),
        ("-3", Why::Negative),
        ("0.1234", Why::TooPrecise),
        ("1000000000", Why::TooLarge),
        ("99999箱×99999个", Why::TooLarge),
        ("1.3.5", Why::NotANumber),
    ] {
        assert_eq!(read(text, None), LedgerQuantity::Unread { words: text.to_owned(), why }, "{text}");
    }
    // A unit that only the row knows.
    assert_eq!(amount(&read("3樽", None)), "?3樽?unknown_unit");
    assert_eq!(amount(&read("3樽", Some("樽"))), "3樽");
}

#[test]
fn days_are_read_exactly_or_keep_their_words() {
    use UnreadDay as Why;
    let said = |text: &str, kind| match day::read(text, kind) {
        LedgerDay::Day(day) => day.to_string(),
        LedgerDay::NoEnd => "∞".to_owned(),
        LedgerDay::Unread { words, why } => {
            assert_eq!(words, text);
            <&str>::from(why).to_owned()
        }
    };
    let why = |why: Why| <&str>::from(why).to_owned();
    for (text, end, past) in [
        ("2026-10-31", "2026-10-31".to_owned(), "2026-10-31".to_owned()),
        ("2026.10.31", "2026-10-31".to_owned(), "2026-10-31".to_owned()),
        ("2026/10/31", "2026-10-31".to_owned(), "2026-10-31".to_owned()),
        ("20261031", "2026-10-31".to_owned(), "2026-10-31".to_owned()),
        ("2026年10月31日", "2026-10-31".to_owned(), "2026-10-31".to_owned()),
        ("２０２６年１０月３１日", "2026-10-31".to_owned(), "2026-10-31".to_owned()),
        ("至2026年10月31日", "2026-10-31".to_owned(), why(Why::NotADay)),
        ("2026年10月", "2026-10-31".to_owned(), why(Why::Month)),
        ("2026.10", "2026-10-31".to_owned(), why(Why::Month)),
        ("2028-02", "2028-02-29".to_owned(), why(Why::Month)),
        ("2026.1", why(Why::Ambiguous), why(Why::Ambiguous)),
        ("2026.01", "2026-01-31".to_owned(), why(Why::Month)),
        ("2026年1月", "2026-01-31".to_owned(), why(Why::Month)),
        ("2026年", why(Why::Year), why(Why::Year)),
        ("2026", why(Why::Year), why(Why::Year)),
        ("长期", "∞".to_owned(), why(Why::NotADay)),
        ("永久", "∞".to_owned(), why(Why::NotADay)),
        ("无", "∞".to_owned(), why(Why::Dash)),
        ("/", "∞".to_owned(), why(Why::Dash)),
        ("—", "∞".to_owned(), why(Why::Dash)),
        ("24个月", why(Why::Span), why(Why::Span)),
        ("3年", why(Why::Span), why(Why::Span)),
        ("2024.01-2027.01", why(Why::Range), why(Why::Range)),
        ("2024年1月至2027年1月", why(Why::Range), why(Why::Range)),
        ("2026-02-30", why(Why::NotADay), why(Why::NotADay)),
        ("2026年13月", why(Why::NotADay), why(Why::NotADay)),
        ("31/10/2026", why(Why::NotADay), why(Why::NotADay)),
        ("见瓶身", why(Why::NotADay), why(Why::NotADay)),
    ] {
        assert_eq!((said(text, DayKind::End), said(text, DayKind::Past)), (end, past), "{text}");
    }
}

#[test]
fn a_heading_says_its_day_only_where_it_is_one() {
    let days = |text: &str| labels::days_of_heading(text).iter().map(ToString::to_string).collect::<Vec<_>>().join(" ");
    assert_eq!(days("2026年10月31日应急物资台账"), "2026-10-31");
    assert_eq!(days("应急物资台账（截至2026年10月31日）"), "2026-10-31");
    assert_eq!(days("应急物资台账(2026.10.31)"), "2026-10-31");
    assert_eq!(days("（2026年10月31日）"), "2026-10-31");
    assert_eq!(days("截止到 2026-10-31"), "2026-10-31");
    assert_eq!(days("2026年10月应急物资台账"), "");
    assert_eq!(days("根据2025年3月1日通知要求填写"), "");
    assert_eq!(days("2026年1月1日至2026年10月31日台账"), "2026-01-01 2026-10-31");
    assert_eq!(days_in(&"2026年10月31日".repeat(50)).len(), 4);
}

/// The first numerals with their numbers.
fn counted_up() -> &'static HashMap<String, i64> {
    static NUMERALS: OnceLock<HashMap<String, i64>> = OnceLock::new();
    NUMERALS.get_or_init(|| (0..60_000_u32).map(|number| (written(number), i64::from(number))).collect())
}

/// The number that a text says, worked out slowly and another way: digit by digit, or by counting numerals up.
fn slowly(text: &str) -> Option<i64> {
    let signs: Vec<char> = text
        .chars()
        .map(|sign| char::from_u32(u32::from(sign).wrapping_sub(0xfee0)).filter(char::is_ascii_digit).unwrap_or(sign))
        .filter(|sign| !sign.is_whitespace() && !matches!(sign, ',' | '，'))
        .collect();
    let mut at = 0;
    let mut next = || -> Option<i64> {
        while at < signs.len() && !signs[at].is_ascii_digit() && !"零一二三五两十百千万".contains(signs[at]) {
            at += 1;
        }
        let numeral: String =
            signs[at.min(signs.len())..].iter().take_while(|sign| "零一二三五两十百千万".contains(**sign)).collect();
        if !numeral.is_empty() {
            at += numeral.chars().count();
            let plain = numeral.replace('两', "二");
            return counted_up().get(&plain).map(|number| number * 1000);
        }
        let (mut thousandths, mut decimals, mut any) = (0_i64, None::<u32>, false);
        while let Some(sign) = signs.get(at).filter(|sign| sign.is_ascii_digit() || **sign == '.') {
            at += 1;
            match (sign.to_digit(10), &mut decimals) {
                (None, _) => decimals = Some(0),
                (Some(digit), None) => thousandths = thousandths * 10 + i64::from(digit) * 1000,
                (Some(digit), Some(place)) => {
                    *place += 1;
                    thousandths += i64::from(digit) * [100, 10, 1].get(*place as usize - 1).copied().unwrap_or(0);
                }
            }
            any = true;
        }
        any.then_some(thousandths)
    };
    next()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(384))]

    #[test]
    fn a_quantity_is_never_another_number(
        text in "[0-9３０]{0,4}[,，.]{0,1}[0-9]{0,3}[ ]{0,1}[套个箱约余若干+×x()（）每\\-/~零一二三五两十百千万半kgm³件]{0,4}[0-9]{0,2}[双套)）]{0,2}",
    ) {
        if let LedgerQuantity::Read { quantity, packs, .. } = read(&text, None) {
            match packs {
                None if quantity.thousandths() < 60_000_000 => {
                    prop_assert_eq!(Some(quantity.thousandths()), slowly(&text), "{}", text);
                }
                None => {}
                Some(packs) => {
                    prop_assert_eq!(Some(packs.packs.thousandths()), slowly(&text), "{}", text);
                    let digits: String = text.rsplit(|sign: char| !sign.is_ascii_digit() && !"双套)）/箱".contains(sign)).next().unwrap()
                        .chars().filter(char::is_ascii_digit).collect();
                    prop_assert_eq!(packs.size.thousandths(), digits.parse::<i64>().unwrap() * 1000, "{}", text);
                    prop_assert_eq!(quantity.thousandths() * 1000, packs.packs.thousandths() * packs.size.thousandths());
                }
            }
        }
    }

    #[test]
    fn no_words_bring_the_readers_down(text in any::<String>(), other in "[0-9年月日.:：/\\-至截 ]{0,40}") {
        for text in [&text, &other] {
            let _ = read(text, Some(text));
            let _ = (day::read(text, DayKind::End), day::read(text, DayKind::Past), days_in(text));
            let _ = (labels::in_text(text), labels::days_of_heading(text), labels::is_numbered(text), labels::is_sum(text));
        }
    }
}
