//! The table of organizations by status: a row for each cause of what is unknown, and one for an organization without any.

use serde::Serialize;

use super::view::{CauseView, OrganizationStatusView};
use crate::api::ask::Ask;
use crate::api::cells::{Columns, joined, word};
use crate::api::fields::Fields;
use base::error::Error;
use domain::labels::sector_label;
use domain::organization_status::StatusBasis;
use domain::revision::Revision;
use domain::summary::StatusNumbers;
use text::language::Language;

/// A row of the table.
#[derive(Default, Serialize)]
pub struct StatusRow {
    organization: String,
    organization_name: String,
    region: String,
    region_name: String,
    organization_kind: String,
    sector: String,
    established_status: String,
    together_status: String,
    basis: String,
    lines_met: u32,
    lines_short: u32,
    lines_unknown: u32,
    lines_not_set: u32,
    lines_not_required: u32,
    not_evaluated: u32,
    cause: String,
    cause_lines: String,
    rules: String,
    depots: String,
    facts: String,
    ask: String,
    keeper: String,
    as_of: String,
    revision: i64,
}

/// The columns of the table.
pub fn columns(fields: &Fields, language: Language) -> Result<Columns<StatusRow>, Error> {
    Columns::new(language, |column| fields.takes_any(members_of(&column)))
}

/// The rows of an organization, by the figures on a basis and as of a revision.
pub fn rows(
    one: &OrganizationStatusView,
    basis: StatusBasis,
    revision: Revision,
    fields: &Fields,
    language: Language,
) -> impl Iterator<Item = StatusRow> {
    let shown = if fields.takes("causes") { one.causes.as_slice() } else { &[] };
    let none = shown.is_empty().then_some(None);
    shown.iter().map(Some).chain(none).map(move |cause| row(one, cause, basis, revision, language))
}

/// The members of an organization's status that a column shows; none for what belongs to the page.
fn members_of<'c>(column: &'c &'c str) -> &'c [&'c str] {
    match *column {
        "organization_name" => &["organization"],
        "region_name" => &["region"],
        "organization_kind" => &["kind"],
        "established_status" => &["established"],
        "together_status" => &["together"],
        "lines_met" | "lines_short" | "lines_unknown" | "lines_not_set" | "lines_not_required" | "not_evaluated" => {
            &["established", "together"]
        }
        "cause" | "cause_lines" | "rules" | "depots" | "facts" | "ask" | "keeper" => &["causes"],
        "basis" | "revision" => &[],
        _ => std::slice::from_ref(column),
    }
}

fn row(
    one: &OrganizationStatusView,
    cause: Option<&CauseView>,
    basis: StatusBasis,
    Revision(revision): Revision,
    language: Language,
) -> StatusRow {
    let figures = one.on(basis);
    let StatusNumbers { met, short, unknown, not_set, not_required } = figures.lines;
    let region = one.region.as_ref();
    let sector = one.sector.as_deref().unwrap_or_default();
    let ask = cause.map_or(&[][..], |cause| &cause.ask);
    StatusRow {
        organization: one.organization.code.clone(),
        organization_name: one.organization.name.clone(),
        region: region.map(|region| region.code.clone()).unwrap_or_default(),
        region_name: region.map(|region| region.name.clone()).unwrap_or_default(),
        organization_kind: word(one.kind, language),
        sector: match language {
            Language::English => sector.to_owned(),
            Language::Chinese => sector_label(sector).text(language),
        },
        established_status: word(one.established.status, language),
        together_status: word(one.together.status, language),
        basis: word(basis, language),
        lines_met: met,
        lines_short: short,
        lines_unknown: unknown,
        lines_not_set: not_set,
        lines_not_required: not_required,
        not_evaluated: figures.not_evaluated,
        cause: cause.map(|cause| word(cause.code, language)).unwrap_or_default(),
        cause_lines: cause.map(|cause| cause.lines.to_string()).unwrap_or_default(),
        rules: cause.map(|cause| joined(cause.rules.iter().cloned(), language)).unwrap_or_default(),
        depots: cause.map(|cause| depots(cause, language)).unwrap_or_default(),
        facts: cause.map(|cause| facts(cause, language)).unwrap_or_default(),
        ask: joined(ask.iter().map(|one| one.cell(language)), language),
        keeper: joined(ask.iter().filter_map(|one: &Ask| one.keeper.clone()), language),
        as_of: one.as_of.to_string(),
        revision,
    }
}

fn depots(cause: &CauseView, language: Language) -> String {
    joined(cause.depots.iter().map(|depot| depot.code.clone()), language)
}

/// The facts by their keys, for people by their names.
fn facts(cause: &CauseView, language: Language) -> String {
    let named = cause.facts.iter().map(|fact| match language {
        Language::English => fact.key.clone(),
        Language::Chinese => fact.name.clone(),
    });
    joined(named, language)
}
