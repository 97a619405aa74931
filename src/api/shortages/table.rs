//! The shortage tables: one header row; an upper end without a bound is a word, and a sum that is out of range an empty
//! field.
//!
//! In English they are for programs: the columns are the names of the fields, and codes are not translated. In Chinese
//! they are for people: columns and codes are in words, after a byte order mark, without which Excel would read them as
//! GBK.

use chrono::{DateTime, SecondsFormat};
use chrono_tz::Tz;
use serde::Serialize;

use super::line::ShortageLine;
use super::notes::Notes;
use super::view::{Summary, SummaryGroup};
use crate::api::cells::{Columns, joined, unit, upper, word};
use crate::api::fields::Fields;
use crate::api::list_table::truth;
use base::error::Error;
use base::total::Total;
use domain::count::CountFlag;
use domain::labels::unit_label;
use domain::organization_status::NumbersByBasis;
use domain::requirement::Basis;
use domain::revision::Revision;
use domain::rule::Selector;
use domain::stock::{LeftOut, LeftOutTotals};
use domain::summary::{StatusNumbers, Sum, Tally};
use service::ledgers::cells::{self, Cell, Row, coded, interval};
use tables::Output;
use text::language::Language;
use text::messages::{Message, message};

/// A row of the table of lines.
#[derive(Default, Serialize)]
pub struct LineRow {
    organization: String,
    organization_name: String,
    item: String,
    item_name: String,
    unit: String,
    strength: String,
    clause: String,
    basis: String,
    status: String,
    cause: String,
    ask: String,
    depots: String,
    keeper: String,
    required_min: String,
    required_max: String,
    usable_min: String,
    usable_max: String,
    shortage_min: String,
    shortage_max: String,
    left_out: String,
    conflict: String,
    contested: String,
    flags: String,
    last_counted_at: String,
    as_of: String,
    revision: i64,
    line: String,
}

/// The columns of the table of lines.
pub fn columns_of_lines(fields: &Fields, language: Language) -> Result<Columns<LineRow>, Error> {
    Columns::new(language, |column| fields.takes_any(members_of(&column)))
}

/// The members of a line that a column shows; none for what belongs to the page.
fn members_of<'c>(column: &'c &'c str) -> &'c [&'c str] {
    match *column {
        "organization_name" => &["organization"],
        "item" => &["item", "selector"],
        "item_name" => &["item", "name"],
        "clause" => &["clauses"],
        "cause" => &["reasons"],
        "depots" | "keeper" => &["ask"],
        "required_min" | "required_max" => &["required"],
        "usable_min" | "usable_max" => &["usable"],
        "shortage_min" | "shortage_max" => &["shortage"],
        "revision" => &[],
        _ => std::slice::from_ref(column),
    }
}

/// The row of a line as of a revision.
pub fn row_of_line(line: &ShortageLine, Revision(revision): Revision, language: Language) -> LineRow {
    let (item, item_name) = match (&line.item, &line.selector) {
        (Some(item), _) => (item.code.clone(), item.name.clone()),
        (None, Selector::Item(code)) => (code.clone(), String::new()),
        (None, selector) => {
            (selector.items().into_iter().map(String::as_str).collect::<Vec<_>>().join("|"), line.name.clone())
        }
    };
    let notes = line.notes.as_ref();
    let note = |of: fn(&Notes) -> &String| notes.map(|notes| of(notes).clone()).unwrap_or_default();
    LineRow {
        organization: line.organization.code.clone(),
        organization_name: line.organization.name.clone(),
        item,
        item_name,
        unit: unit(&line.unit, language),
        strength: word(line.strength, language),
        clause: note(|notes| &notes.clauses),
        basis: word(line.basis, language),
        status: word(line.status, language),
        cause: note(|notes| &notes.causes),
        ask: note(|notes| &notes.ask),
        depots: note(|notes| &notes.depots),
        keeper: note(|notes| &notes.keepers),
        required_min: line.required.min.to_string(),
        required_max: upper(line.required, language),
        usable_min: line.usable.min.to_string(),
        usable_max: upper(line.usable, language),
        shortage_min: line.shortage.min.to_string(),
        shortage_max: upper(line.shortage, language),
        left_out: left_out(&line.left_out, language),
        conflict: truth(line.conflict, language),
        contested: truth(line.contested, language),
        flags: flags(&line.flags, language),
        last_counted_at: notes
            .and_then(|notes| notes.last_counted_at)
            .map_or_else(String::new, |instant| local(instant, language)),
        as_of: line.as_of.to_string(),
        revision,
        line: line.line.to_string(),
    }
}

/// The row of a line in a ledger: its intervals are one cell each, and codes are in words in both languages.
pub fn ledger_row(line: &ShortageLine, revision: Revision, language: Language) -> Row {
    let LineRow { item, item_name, clause, cause, ask, depots, keeper, left_out, flags, last_counted_at, .. } =
        row_of_line(line, revision, language);
    vec![
        ("organization", (&line.organization.code).into()),
        ("organization_name", (&line.organization.name).into()),
        ("item", item.into()),
        ("name", item_name.into()),
        ("unit", unit_label(&line.unit).text(language).into()),
        ("strength", coded(line.strength, language)),
        ("required", interval(line.required, language)),
        ("required_min", line.required.min.into()),
        ("required_max", cells::upper(line.required, language)),
        ("usable", interval(line.usable, language)),
        ("usable_min", line.usable.min.into()),
        ("usable_max", cells::upper(line.usable, language)),
        ("shortage", interval(line.shortage, language)),
        ("shortage_min", line.shortage.min.into()),
        ("shortage_max", cells::upper(line.shortage, language)),
        ("status", coded(line.status, language)),
        ("cause", cause.into()),
        ("ask", ask.into()),
        ("depots", depots.into()),
        ("keeper", keeper.into()),
        ("left_out", left_out.into()),
        ("clause", clause.into()),
        ("basis", coded(line.basis, language)),
        ("conflict", cells::truth(line.conflict, language)),
        ("contested", cells::truth(line.contested, language)),
        ("flags", flags.into()),
        ("last_counted_at", last_counted_at.into()),
        ("as_of", line.as_of.into()),
        ("line", line.line.to_string().into()),
        ("revision", Cell::from(Output::Whole(revision.0))),
    ]
}

fn left_out(totals: &LeftOutTotals, language: Language) -> String {
    let part = |(reason, total): (&LeftOut, &Total)| match total.known() {
        Some(quantity) => format!("{} {quantity}", word(*reason, language)),
        None => message!("cell-left-out-out-of-range", reason = word(*reason, language)).text(language),
    };
    joined(totals.iter().map(part), language)
}

fn flags(flags: &[CountFlag], language: Language) -> String {
    joined(flags.iter().map(|flag| word(*flag, language)), language)
}

/// A time of the organization's zone: with its offset for programs, to the minute for people.
fn local(instant: DateTime<Tz>, language: Language) -> String {
    match language {
        Language::English => instant.to_rfc3339_opts(SecondsFormat::Secs, false),
        Language::Chinese => instant.format("%Y-%m-%d %H:%M").to_string(),
    }
}

/// A row of the table of groups: one for each basis.
#[derive(Default, Serialize)]
pub struct GroupRow {
    key: String,
    name: String,
    unit: String,
    organizations: u32,
    recommended: u32,
    reference: u32,
    optional: u32,
    not_evaluated: u32,
    basis: String,
    lines_met: u32,
    lines_short: u32,
    lines_unknown: u32,
    lines_not_set: u32,
    lines_not_required: u32,
    established_organizations_met: u32,
    established_organizations_short: u32,
    established_organizations_unknown: u32,
    established_organizations_not_covered: u32,
    together_organizations_met: u32,
    together_organizations_short: u32,
    together_organizations_unknown: u32,
    together_organizations_not_covered: u32,
    required_min: String,
    required_max: String,
    required_unbounded: String,
    usable_min: String,
    usable_max: String,
    usable_unbounded: String,
    shortage_min: String,
    shortage_max: String,
    shortage_unbounded: String,
    out_of_range: String,
    revision: i64,
}

/// The columns of the table of groups.
pub fn columns_of_groups(language: Language) -> Result<Columns<GroupRow>, Error> {
    Columns::new(language, |_| true)
}

/// The rows of the table of groups.
pub fn rows_of_groups(summary: &Summary, language: Language) -> impl Iterator<Item = GroupRow> {
    summary.groups.iter().flat_map(move |group| {
        [(Basis::Established, &group.figures.established), (Basis::Indicative, &group.figures.indicative)]
            .map(|(basis, tally)| row_of_group(group, word(basis, language), tally, summary.revision.0, language))
    })
}

fn row_of_group(group: &SummaryGroup, basis: String, tally: &Tally, revision: i64, language: Language) -> GroupRow {
    let StatusNumbers { met, short, unknown, not_set, not_required } = tally.lines;
    let NumbersByBasis { established, together } = group.figures.organization_statuses;
    let quantities = tally.quantities;
    let named = quantities.map(|sums| {
        [("required", sums.required), ("usable", sums.usable), ("shortage", sums.shortage)]
            .into_iter()
            .filter(|(_, sum)| sum.out_of_range)
            .map(|(name, _)| Message::new(format!("cell-sum-{name}")).text(language))
            .collect::<Vec<_>>()
    });
    let out_of_range = joined(named.unwrap_or_default(), language);
    let [required, usable, shortage] = [
        quantities.map(|sums| sums.required),
        quantities.map(|sums| sums.usable),
        quantities.map(|sums| sums.shortage),
    ]
    .map(ends);
    let ([required_min, required_max, required_unbounded], [usable_min, usable_max, usable_unbounded]) =
        (required, usable);
    let [shortage_min, shortage_max, shortage_unbounded] = shortage;
    GroupRow {
        key: group.key.clone(),
        name: group.name.clone(),
        unit: unit(group.unit.as_deref().unwrap_or_default(), language),
        organizations: group.figures.organizations,
        recommended: group.figures.recommended,
        reference: group.figures.reference,
        optional: group.figures.optional,
        not_evaluated: group.figures.not_evaluated,
        basis,
        lines_met: met,
        lines_short: short,
        lines_unknown: unknown,
        lines_not_set: not_set,
        lines_not_required: not_required,
        established_organizations_met: established.met,
        established_organizations_short: established.short,
        established_organizations_unknown: established.unknown,
        established_organizations_not_covered: established.not_covered,
        together_organizations_met: together.met,
        together_organizations_short: together.short,
        together_organizations_unknown: together.unknown,
        together_organizations_not_covered: together.not_covered,
        required_min,
        required_max,
        required_unbounded,
        usable_min,
        usable_max,
        usable_unbounded,
        shortage_min,
        shortage_max,
        shortage_unbounded,
        out_of_range,
        revision,
    }
}

fn ends(sum: Option<Sum>) -> [String; 3] {
    let end = |total: Total| total.known().map(|quantity| quantity.to_string()).unwrap_or_default();
    sum.map_or_else(Default::default, |sum| [end(sum.min), end(sum.max), sum.unbounded.to_string()])
}
