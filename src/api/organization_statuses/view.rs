//! The answers about the status of organizations.

use chrono::{DateTime, NaiveDate, Utc};
use serde::Serialize;

use crate::api::ask::Ask;
use crate::api::keeper_names::KeeperNames;
use crate::api::labels::{DepotLabel, FactLabel, OrganizationLabel, RegionLabel};
use base::time::serialize_instant;
use domain::assessment::Assessment;
use domain::causes::{Cause, causes};
use domain::organization::OrganizationKind;
use domain::organization_status::{NumbersByBasis, StatusBasis};
use domain::reason::ReasonCode;
use domain::reference_data::{OrganizationData, ReferenceData};
use domain::revision::Revision;
use domain::summary::OrganizationFigures;

/// A cause of what is unknown about an organization.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
pub struct CauseView {
    /// Its code.
    pub code: ReasonCode,
    /// The number of mandatory lines on the basis asked for that have it.
    #[schema(minimum = 1, maximum = 1_000_000_000)]
    pub lines: u32,
    /// The codes of the rules it concerns.
    #[schema(max_items = 1000)]
    pub rules: Vec<String>,
    /// The depots it concerns.
    #[schema(max_items = 10_000)]
    pub depots: Vec<DepotLabel>,
    /// The facts that are missing.
    #[schema(max_items = 1000)]
    pub facts: Vec<FactLabel>,
    /// Those to ask.
    #[schema(max_items = 10_000)]
    pub ask: Vec<Ask>,
}

/// The status of an organization on each basis, and the causes of what is unknown.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
#[schema(example = json!({
    "organization": { "id": "0198f5a2-0000-7000-8000-000000000001", "code": "T3", "name": "Chemicals brigade" },
    "region": { "id": "0198f5a2-0000-7000-8000-000000000002", "code": "159900", "name": "Demo Banner" },
    "kind": "rescue_team", "sector": null,
    "established": {
        "status": "not_covered", "not_evaluated": 0,
        "lines": { "met": 0, "short": 0, "unknown": 0, "not_set": 0, "not_required": 0 }
    },
    "together": {
        "status": "unknown", "not_evaluated": 0,
        "lines": { "met": 30, "short": 0, "unknown": 2, "not_set": 0, "not_required": 0 }
    },
    "causes": [{
        "code": "never_counted", "lines": 2, "rules": [], "facts": [],
        "depots": [{ "id": "0198f5a2-0000-7000-8000-000000000003", "code": "T3-D1", "name": "Main store" }],
        "ask": [{ "who": "keeper", "depot": "T3-D1", "keeper": "Storekeeper of T3" }]
    }],
    "as_of": "2026-11-23"
}))]
pub struct OrganizationStatusView {
    /// The organization.
    pub organization: OrganizationLabel,
    /// Its region.
    pub region: Option<RegionLabel>,
    /// Its kind.
    pub kind: OrganizationKind,
    /// Its sector.
    #[schema(max_length = 64)]
    pub sector: Option<String>,
    /// By lines based on verified rules only.
    pub established: OrganizationFigures,
    /// By established and indicative lines together.
    pub together: OrganizationFigures,
    /// The causes of what is unknown on the basis asked for, by their codes.
    #[schema(max_items = 20)]
    pub causes: Vec<CauseView>,
    /// The organization's day.
    pub as_of: NaiveDate,
}

impl OrganizationStatusView {
    /// The status of an organization with names in a language; `None` if it is not active on that day.
    pub fn of(
        lines: &[Assessment],
        basis: StatusBasis,
        records: &OrganizationData,
        reference_data: &ReferenceData,
        day: NaiveDate,
        names: KeeperNames<'_>,
    ) -> Option<Self> {
        let language = names.language;
        let organization = &records.organization;
        let profile = organization.active_on(day)?;
        let region = reference_data.regions.iter().find(|region| region.id == organization.region_id);
        let cause = |cause: Cause| CauseView {
            code: cause.code,
            lines: cause.lines,
            rules: cause.rules.into_iter().collect(),
            depots: records
                .depots
                .iter()
                .filter(|depot| cause.depots.contains(&depot.code))
                .map(|depot| DepotLabel::of(depot, day, language))
                .collect(),
            facts: cause.facts.iter().map(|key| FactLabel::of(key, reference_data, day, language)).collect(),
            ask: Ask::all(cause.ask, &records.depots, day, names),
        };
        Some(Self {
            organization: OrganizationLabel::of(organization, day, language),
            region: region.map(|region| RegionLabel::of(region, day, language)),
            kind: organization.kind,
            sector: profile.sector.clone(),
            established: OrganizationFigures::of(lines, StatusBasis::Established),
            together: OrganizationFigures::of(lines, StatusBasis::Together),
            causes: causes(lines, basis).into_iter().map(cause).collect(),
            as_of: day,
        })
    }

    /// The figures on a basis.
    pub fn on(&self, basis: StatusBasis) -> &OrganizationFigures {
        match basis {
            StatusBasis::Established => &self.established,
            StatusBasis::Together => &self.together,
        }
    }
}

/// The numbers of all organizations chosen, whatever their status; those of a basis add up to `organizations`.
#[derive(Clone, Copy, Debug, Default, Serialize, utoipa::ToSchema)]
#[schema(example = json!({
    "organizations": 54,
    "established": { "met": 12, "short": 9, "unknown": 20, "not_covered": 13 },
    "together": { "met": 12, "short": 15, "unknown": 25, "not_covered": 2 }
}))]
pub struct OrganizationTotals {
    /// The number of organizations.
    #[schema(minimum = 0, maximum = 1_000_000_000)]
    pub organizations: u32,
    /// By their status.
    #[serde(flatten)]
    pub statuses: NumbersByBasis,
}

/// A page of organizations with their status.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct OrganizationStatusPage {
    /// The organizations, by their codes.
    #[schema(max_items = 500)]
    pub items: Vec<OrganizationStatusView>,
    /// The cursor to send for the next page; `null` on the last.
    #[schema(max_length = 1000, example = "eyJvIjoiVDMifQ")]
    pub next_cursor: Option<String>,
    /// The numbers of all organizations chosen, whatever their status; `null` on later pages.
    pub totals: Option<OrganizationTotals>,
    /// The basis of the causes and of the filter by status.
    pub basis: StatusBasis,
    /// The day asked for; `null` if it is each organization's today.
    pub as_of: Option<NaiveDate>,
    /// The revision it is computed from.
    pub revision: Revision,
    /// The time of that revision's commit.
    #[serde(serialize_with = "serialize_instant")]
    pub known_at: DateTime<Utc>,
    /// The version of the rules by which it is computed: with the same revision, day, language and engine, the answer is
    /// the same.
    #[schema(max_length = 16, example = "2")]
    pub engine: &'static str,
}
