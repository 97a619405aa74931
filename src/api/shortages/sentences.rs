//! A shortage and its proof in sentences, for people: nothing is said here that is not in the fields beside it.

use serde::Serialize;

use base::quantity::Quantity;
use domain::assessment::{Assessment, Explanation};
use domain::books::Books;
use domain::item::Item;
use domain::labels::{Labelled as _, unit_label};
use domain::reason::Reason;
use domain::revision::in_force_or_first;
use domain::rule::Selector;
use domain::stock::LeftOut;
use text::language::Language;
use text::messages::message;

/// Something said of a shortage, in the language asked for.
#[derive(Debug, Serialize, utoipa::ToSchema)]
#[schema(max_length = 2000, example = "Counted and not usable: expired 5.")]
pub struct Sentence(String);

/// The sentences: the figures, what they rest on, the working of each rule, what is not usable, which
/// counts were taken out, what is odd about the others, and what is not known.
pub fn sentences(line: &Assessment, explanation: &Explanation, books: &Books, language: Language) -> Vec<Sentence> {
    let figures = message!(
        "explained-figures",
        what = what(line, books, language),
        required = line.required.in_words(),
        usable = line.usable.in_words(),
        shortage = line.shortage.in_words(),
        unit = unit_label(&line.unit),
        status = line.status.label(),
    );
    let rests = message!("explained-rests", strength = line.strength.label(), basis = line.basis.label());
    let rules = explanation.scopes.iter().flat_map(|scope| &scope.rules).map(|rule| {
        message!(
            "explained-rule",
            standard = &rule.standard.code,
            clause = &rule.clause,
            rule = &rule.rule,
            working = &rule.working,
        )
    });
    let left_out = (!line.left_out.is_empty()).then(|| {
        let part = |(reason, quantity): (&LeftOut, &Quantity)| format!("{} {quantity}", reason.label().text(language));
        message!("explained-left-out", list = line.left_out.iter().map(part).collect::<Vec<_>>())
    });
    let taken_out = explanation.depots.iter().flat_map(|depot| depot.taken_out.iter().map(move |count| (depot, count)));
    let taken_out = taken_out.map(|(depot, count)| {
        message!(
            "explained-taken-out",
            counted_by = &count.counted_by,
            depot = &depot.depot_code,
            resolved_by = &count.resolution.resolved_by,
            reason = &count.resolution.reason,
        )
    });
    let conflict = line.conflict.then(|| message!("explained-conflict"));
    let flags = (!line.flags.is_empty()).then(|| {
        let words = line.flags.iter().map(|flag| flag.label().text(language));
        message!("explained-flags", list = words.collect::<Vec<_>>())
    });
    let reasons = line.reasons.iter().map(|reason| reason.in_words(&fact_name(reason, line, books, language)));
    let all = [figures, rests]
        .into_iter()
        .chain(rules)
        .chain(left_out)
        .chain(taken_out)
        .chain(conflict)
        .chain(flags)
        .chain(reasons);
    all.map(|message| Sentence(message.text(language))).collect()
}

fn what(line: &Assessment, books: &Books, language: Language) -> String {
    let name = |item: &Item| {
        in_force_or_first(&item.versions, line.as_of)
            .map(|row| language.choose(&row.value.name_en, &row.value.name_zh).to_owned())
    };
    match &line.selector {
        Selector::Item(code) => books.items.get(code).and_then(name).unwrap_or_else(|| code.clone()),
        Selector::Other(words) => words.clone(),
    }
}

fn fact_name(reason: &Reason, line: &Assessment, books: &Books, language: Language) -> String {
    let Some(key) = &reason.fact else { return String::new() };
    books
        .dictionary
        .iter()
        .find(|entry| entry.key == *key)
        .and_then(|entry| in_force_or_first(&entry.versions, line.as_of))
        .map_or_else(|| key.clone(), |row| language.choose(&row.value.name_en, &row.value.name_zh).to_owned())
}
