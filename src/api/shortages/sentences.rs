//! A shortage and its proof in sentences, for people: every statement here is also in the fields beside it.

use base::total::Total;
use domain::assessment::{Assessment, Explanation};
use domain::explanation::Sentence;
use domain::interval::Interval;
use domain::labels::Labelled as _;
use domain::reference_data::ReferenceData;
use domain::stock::LeftOut;
use domain::wording::{self, Wording};
use text::language::Language;
use text::messages::message;

/// The sentences: the figures, their basis, the working of each rule, the units that are not usable, the excluded counts,
/// notes on the counts used, and the reasons why figures are unknown.
pub fn sentences(
    line: &Assessment,
    explanation: &Explanation,
    reference_data: &ReferenceData,
    language: Language,
) -> Vec<Sentence> {
    let wording = Wording { reference_data, day: line.as_of, language };
    let unit = wording.unit_of(&line.selector, &line.unit);
    let in_words = |interval: Interval| wording::interval(interval, unit);
    let figures = message!(
        "explained-figures",
        what = wording.selector(&line.selector),
        required = match line.required {
            Interval::UNKNOWN => message!("explained-required-open"),
            known => message!("explained-required", quantity = in_words(known)),
        },
        usable = match line.usable {
            Interval::UNKNOWN => message!("explained-usable-open"),
            known => message!("explained-usable", quantity = in_words(known)),
        },
        shortage = match line.shortage {
            Interval::UNKNOWN => message!("explained-shortage-open"),
            known => message!("explained-shortage", quantity = in_words(known)),
        },
        status = line.status.label(),
    );
    let rests = message!("explained-rests", strength = line.strength.label(), basis = line.basis.label());
    let rules = explanation.scopes.iter().flat_map(|scope| &scope.rules).map(|rule| {
        let title = language.choose(&rule.standard.title_en, &rule.standard.title_zh);
        let citation = wording::citation(&rule.standard.code, title, &rule.clause, &rule.rule, language);
        message!("explained-rule", citation = citation, working = &rule.words.working)
    });
    let left_out = (!line.left_out.is_empty()).then(|| {
        let part = |(reason, total): (&LeftOut, &Total)| {
            let quantity = wording::total(*total, unit);
            message!("explained-left-out-part", quantity = quantity, reason = reason.label()).text(language)
        };
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
    let contested = line.contested.then(|| message!("explained-contested"));
    let inspections = explanation.depots.iter().filter_map(|depot| Some((depot, depot.inspection.as_ref()?)));
    let accepted = inspections.filter_map(|(depot, inspection)| {
        let acceptance = inspection.acceptance.as_ref()?;
        Some(message!(
            "explained-accepted",
            depot = &depot.depot_code,
            accepted_by = &acceptance.accepted_by,
            reason = &acceptance.reason,
        ))
    });
    let lots_left_out = explanation.depots.iter().flat_map(|depot| {
        let counts = depot.counts.iter().flat_map(|count| &count.lots_not_mentioned);
        counts.map(move |lot| {
            let day = || lot.expires_on.map(|day| day.to_string()).unwrap_or_default();
            let name = lot.lot.as_ref().map_or_else(day, |number| number.written().to_owned());
            let quantity = wording::total(lot.quantity, unit);
            message!("explained-lot-not-mentioned", depot = &depot.depot_code, lot = name, quantity = quantity)
        })
    });
    let flags = (!line.flags.is_empty()).then(|| {
        let words = line.flags.iter().map(|flag| flag.label().text(language));
        message!("explained-flags", list = words.collect::<Vec<_>>())
    });
    let reasons = line
        .reasons
        .iter()
        .map(|reason| reason.in_words(&reason.fact.as_deref().map(|key| wording.fact(key)).unwrap_or_default()));
    let all = [figures, rests]
        .into_iter()
        .chain(rules)
        .chain(left_out)
        .chain(taken_out)
        .chain(conflict)
        .chain(contested)
        .chain(accepted)
        .chain(lots_left_out)
        .chain(flags)
        .chain(reasons);
    all.map(|message| Sentence(message.text(language))).collect()
}
