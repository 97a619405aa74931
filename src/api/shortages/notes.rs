//! Notes that the table of lines has for people who follow a figure up, in the language of the table.

use chrono::DateTime;
use chrono_tz::Tz;

use crate::api::ask::{Ask, keeper_of, open_depots};
use crate::api::cells::{joined, named, word};
use crate::api::keeper_names::KeeperNames;
use domain::assessment::Assessment;
use domain::reason::Reason;
use domain::reference_data::{OrganizationData, ReferenceData};
use domain::requirement::ClauseCited;
use domain::revision::in_force_or_first;
use domain::wording::{self, Wording};
use text::language::Language;

/// The notes on a line.
#[derive(Clone, Debug)]
pub struct Notes {
    /// The clauses that require it, as the language cites them.
    pub clauses: String,
    /// The reasons why its figures are not exactly known, or why nothing is required, each with what it concerns.
    pub causes: String,
    /// Those to ask.
    pub ask: String,
    /// The codes of the organization's open depots.
    pub depots: String,
    /// Their keepers.
    pub keepers: String,
    /// The time of the last current count of the item, in the organization's zone.
    pub last_counted_at: Option<DateTime<Tz>>,
}

impl Notes {
    /// The notes on a line, given those to ask about it.
    pub fn of(
        line: &Assessment,
        ask: &[Ask],
        records: &OrganizationData,
        reference_data: &ReferenceData,
        names: KeeperNames<'_>,
    ) -> Self {
        let language = names.language;
        let day = line.as_of;
        let wording = Wording { reference_data, day, language };
        let depots = open_depots(&records.depots, day);
        let keepers = depots.iter().filter_map(|depot| keeper_of(depot, day, names));
        let zone = reference_data.zone_of(&records.organization, day);
        Self {
            clauses: joined(line.clauses.iter().map(|clause| citation(clause, wording)), language),
            causes: joined(line.reasons.iter().map(|reason| cause(reason, wording)), language),
            ask: joined(ask.iter().map(|one| one.cell(language)), language),
            depots: joined(depots.iter().map(|depot| depot.code.clone()), language),
            keepers: joined(keepers, language),
            last_counted_at: line.last_counted_at.map(|instant| instant.with_timezone(&zone)),
        }
    }
}

fn citation(cited: &ClauseCited, wording: Wording<'_>) -> String {
    let ClauseCited { standard: code, clause, rule } = cited;
    let Wording { reference_data, day, language } = wording;
    let standard = reference_data.standards.iter().find(|standard| standard.code == *code);
    let row = standard.and_then(|standard| in_force_or_first(&standard.versions, day));
    let title = row.map(|row| language.choose(&row.value.title_en, &row.value.title_zh));
    wording::citation(code, title.unwrap_or(code), clause, rule, language).text(language)
}

fn cause(reason: &Reason, wording: Wording<'_>) -> String {
    let language = wording.language;
    let fact = reason.fact.as_deref().map(|key| match language {
        Language::English => key.to_owned(),
        Language::Chinese => wording.fact(key),
    });
    let detail = reason.depot.as_deref().or(fact.as_deref()).or(reason.rule.as_deref()).unwrap_or_default();
    named(word(reason.code, language), &[detail], language)
}
