//! The shortage tables: one header row, `null` as an empty field.
//!
//! In English they are for programs: the columns are the names of the fields, and codes are not translated. In Chinese
//! they are for people: columns and codes are in words, after a byte order mark, without which Excel would read them as
//! GBK.

use chrono::SecondsFormat;
use serde::Serialize;

use super::line::ShortageLine;
use super::view::{ShortagePage, Summary, SummaryGroup};
use crate::api::list_table::truth;
use base::error::Error;
use base::total::Total;
use domain::count::CountFlag;
use domain::interval::Interval;
use domain::labels::{Labelled, unit_label};
use domain::requirement::Basis;
use domain::rule::Selector;
use domain::stock::{LeftOut, LeftOutTotals};
use domain::summary::{StatusNumbers, Sum, Tally};
use tables::{Output, PlainTable};
use text::language::Language;
use text::messages::{Message, message};

/// A row of the table of lines.
#[derive(Default, Serialize)]
struct LineRow {
    organization: String,
    organization_name: String,
    item: String,
    item_name: String,
    unit: String,
    strength: String,
    basis: String,
    status: String,
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

/// The table of lines.
pub fn of_lines(page: &ShortagePage, language: Language) -> Result<PlainTable, Error> {
    write(page.items.iter().map(|line| row_of_line(line, page.revision.0, language)), language)
}

fn row_of_line(line: &ShortageLine, revision: i64, language: Language) -> LineRow {
    let (item, item_name) = match (&line.item, &line.selector) {
        (Some(item), _) => (item.code.clone(), item.name.clone()),
        (None, Selector::Item(code)) => (code.clone(), String::new()),
        (None, selector) => {
            (selector.items().into_iter().map(String::as_str).collect::<Vec<_>>().join("|"), line.name.clone())
        }
    };
    LineRow {
        organization: line.organization.code.clone(),
        organization_name: line.organization.name.clone(),
        item,
        item_name,
        unit: unit(&line.unit, language),
        strength: word(line.strength, language),
        basis: word(line.basis, language),
        status: word(line.status, language),
        required_min: line.required.min.to_string(),
        required_max: upper(line.required),
        usable_min: line.usable.min.to_string(),
        usable_max: upper(line.usable),
        shortage_min: line.shortage.min.to_string(),
        shortage_max: upper(line.shortage),
        left_out: left_out(&line.left_out, language),
        conflict: truth(line.conflict, language),
        contested: truth(line.contested, language),
        flags: flags(&line.flags, language),
        last_counted_at: line
            .last_counted_at
            .map(|instant| instant.to_rfc3339_opts(SecondsFormat::Micros, true))
            .unwrap_or_default(),
        as_of: line.as_of.to_string(),
        revision,
        line: line.line.to_string(),
    }
}

fn upper(interval: Interval) -> String {
    interval.max.map(|max| max.to_string()).unwrap_or_default()
}

fn left_out(totals: &LeftOutTotals, language: Language) -> String {
    let part = |(reason, total): (&LeftOut, &Total)| match total.known() {
        Some(quantity) => format!("{} {quantity}", word(*reason, language)),
        None => message!("cell-left-out-out-of-range", reason = word(*reason, language)).text(language),
    };
    totals.iter().map(part).collect::<Vec<_>>().join(language.choose("; ", "；"))
}

fn flags(flags: &[CountFlag], language: Language) -> String {
    let words = flags.iter().map(|flag| word(*flag, language));
    words.collect::<Vec<_>>().join(language.choose("; ", "；"))
}

/// A code as it appears in a table of the language.
fn word<C: Labelled + Copy>(code: C, language: Language) -> String {
    match language {
        Language::English => code.into().to_owned(),
        Language::Chinese => code.label().text(language),
    }
}

fn unit(unit: &str, language: Language) -> String {
    match language {
        Language::English => unit.to_owned(),
        Language::Chinese => unit_label(unit).text(language),
    }
}

/// A row of the table of groups: one for each basis.
#[derive(Default, Serialize)]
struct GroupRow {
    key: String,
    name: String,
    unit: String,
    organizations: u32,
    not_covered: u32,
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
    organizations_met: u32,
    organizations_short: u32,
    organizations_unknown: u32,
    organizations_not_set: u32,
    organizations_not_required: u32,
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

/// The table of groups.
pub fn of_groups(summary: &Summary, language: Language) -> Result<PlainTable, Error> {
    let rows = summary.groups.iter().flat_map(|group| {
        [(Basis::Established, &group.figures.established), (Basis::Indicative, &group.figures.indicative)]
            .map(|(basis, tally)| row_of_group(group, word(basis, language), tally, summary.revision.0, language))
    });
    write(rows, language)
}

fn row_of_group(group: &SummaryGroup, basis: String, tally: &Tally, revision: i64, language: Language) -> GroupRow {
    let StatusNumbers { met, short, unknown, not_set, not_required } = tally.lines;
    let worst = tally.organizations;
    let quantities = tally.quantities;
    let named = quantities.map(|sums| {
        [("required", sums.required), ("usable", sums.usable), ("shortage", sums.shortage)]
            .into_iter()
            .filter(|(_, sum)| sum.out_of_range)
            .map(|(name, _)| Message::new(format!("cell-sum-{name}")).text(language))
            .collect::<Vec<_>>()
    });
    let out_of_range = named.unwrap_or_default().join(language.choose("; ", "；"));
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
        not_covered: group.figures.not_covered,
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
        organizations_met: worst.met,
        organizations_short: worst.short,
        organizations_unknown: worst.unknown,
        organizations_not_set: worst.not_set,
        organizations_not_required: worst.not_required,
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

/// The table of rows below their header, which is there even without rows.
fn write<T: Default + Serialize>(rows: impl Iterator<Item = T>, language: Language) -> Result<PlainTable, Error> {
    let names = fields(&T::default(), true)?;
    let headers = names.iter().map(|name| Message::new(format!("column-{name}")).text(language)).collect();
    let cells = |row: T| Ok(fields(&row, false)?.iter().map(Output::from).collect());
    Ok(PlainTable { headers, rows: rows.map(cells).collect::<Result<_, Error>>()? })
}

/// The fields of a row as texts, or their names.
fn fields<T: Serialize>(row: &T, names: bool) -> Result<csv::StringRecord, Error> {
    let failed = |error: csv::Error| Error::internal("a table cannot be written", error);
    let mut writer = csv::WriterBuilder::new().has_headers(names).from_writer(Vec::new());
    writer.serialize(row).map_err(failed)?;
    let line = writer.into_inner().map_err(|error| Error::internal("a table cannot be written", error.into_error()))?;
    let mut record = csv::StringRecord::new();
    let mut reader = csv::ReaderBuilder::new().has_headers(false).from_reader(line.as_slice());
    reader.read_record(&mut record).map_err(failed)?;
    Ok(record)
}
