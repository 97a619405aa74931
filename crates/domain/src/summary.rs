//! Summaries of assessments. Quantities are summed only within one item; every other grouping counts lines and
//! organizations, so that no surplus hides another's shortage.

use serde::Serialize;

use super::assessment::{Assessment, Status};
use super::interval::Interval;
use super::organization_status::{
    LineState, LineStates, NumbersByBasis, OrganizationStatus, StatesByBasis, StatusBasis,
};
use super::requirement::Basis;
use super::rule::Strength;
use base::id::OrganizationId;
use base::total::Total;

/// Numbers of mandatory lines by status.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct StatusNumbers {
    /// Nothing is missing.
    #[schema(minimum = 0, maximum = 1_000_000_000)]
    pub met: u32,
    /// Something is certainly missing.
    #[schema(minimum = 0, maximum = 1_000_000_000)]
    pub short: u32,
    /// Something may be missing.
    #[schema(minimum = 0, maximum = 1_000_000_000)]
    pub unknown: u32,
    /// A target is not declared.
    #[schema(minimum = 0, maximum = 1_000_000_000)]
    pub not_set: u32,
    /// Nothing is required.
    #[schema(minimum = 0, maximum = 1_000_000_000)]
    pub not_required: u32,
}

impl StatusNumbers {
    fn add(&mut self, status: Status) {
        let number = match status {
            Status::Met => &mut self.met,
            Status::Short => &mut self.short,
            Status::Unknown => &mut self.unknown,
            Status::NotSet => &mut self.not_set,
            Status::NotRequired => &mut self.not_required,
            // Lines that are not mandatory are not counted here.
            Status::At | Status::Below => return,
        };
        *number = number.saturating_add(1);
    }
}

/// The mandatory lines of one organization on a basis, and the status that follows from them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct OrganizationFigures {
    /// Its status: `not_covered` if every line is not required or not evaluated, or there is none; `short` if one is short;
    /// `unknown` if one is unknown or not set; else `met`.
    pub status: OrganizationStatus,
    /// Its lines by status.
    pub lines: StatusNumbers,
    /// The number of lines that are unknown because a rule is not evaluated yet.
    #[schema(minimum = 0, maximum = 1_000_000_000)]
    pub not_evaluated: u32,
}

impl OrganizationFigures {
    /// The figures of an organization on a basis, from all its lines.
    pub fn of(lines: &[Assessment], basis: StatusBasis) -> Self {
        let mut states = LineStates::default();
        let mut figures = Self { status: states.status(), lines: StatusNumbers::default(), not_evaluated: 0 };
        for line in lines.iter().map(LineState::from).filter(|line| basis.includes(*line)) {
            states.add(line);
            figures.lines.add(line.status);
            figures.not_evaluated = figures.not_evaluated.saturating_add(u32::from(line.is_not_evaluated));
        }
        figures.status = states.status();
        figures
    }
}

/// A sum of intervals: the bounded ends added up, and the number of unbounded ones.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct Sum {
    /// The sum of the lower ends; `null` if it is 10⁹ or more.
    #[schema(value_type = Option<base::quantity::Quantity>)]
    pub min: Total,
    /// The sum of the bounded upper ends; `null` if it is 10⁹ or more.
    #[schema(value_type = Option<base::quantity::Quantity>)]
    pub max: Total,
    /// The number of unbounded upper ends; unless it is 0, the sum can be anything from `min` up.
    #[schema(minimum = 0, maximum = 1_000_000_000)]
    pub unbounded: u32,
    /// True if a sum is 10⁹ or more and therefore `null`; absent otherwise.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    #[schema(required = false)]
    pub out_of_range: bool,
}

impl Sum {
    fn add(&mut self, part: Interval) {
        self.min = self.min.plus(part.min);
        match part.max {
            Some(max) => self.max = self.max.plus(max),
            None => self.unbounded = self.unbounded.saturating_add(1),
        }
        self.out_of_range = self.min.is_out_of_range() || self.max.is_out_of_range();
    }
}

/// The quantities of one item, in its unit.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct ItemSums {
    /// The sum of requirements.
    pub required: Sum,
    /// The sum of usable stock.
    pub usable: Sum,
    /// The sum of shortages.
    pub shortage: Sum,
}

/// The mandatory lines of a group on one basis.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct Tally {
    /// Lines by status.
    pub lines: StatusNumbers,
    /// Quantities; only if the group is one item.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub quantities: Option<ItemSums>,
}

/// The figures of a group.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct Figures {
    /// The number of organizations.
    #[schema(minimum = 0, maximum = 1_000_000_000)]
    pub organizations: u32,
    /// Organizations by their status, each once on each basis, so that the numbers of a basis add up to
    /// `organizations`. The status is that of the lines of the group: `not_covered` if every mandatory one is not required
    /// or not evaluated, or there is none; `short` if one is short; `unknown` if one is unknown or not set; else `met`.
    pub organization_statuses: NumbersByBasis,
    /// Mandatory lines based on verified rules only.
    pub established: Tally,
    /// Mandatory lines based on a rule that is transcribed from memory or illustrative.
    pub indicative: Tally,
    /// The number of recommended lines.
    #[schema(minimum = 0, maximum = 1_000_000_000)]
    pub recommended: u32,
    /// The number of reference lines.
    #[schema(minimum = 0, maximum = 1_000_000_000)]
    pub reference: u32,
    /// The number of optional lines.
    #[schema(minimum = 0, maximum = 1_000_000_000)]
    pub optional: u32,
    /// The number of mandatory lines that are unknown because a rule is not evaluated yet; they count as unknown as well.
    #[schema(minimum = 0, maximum = 1_000_000_000)]
    pub not_evaluated: u32,
}

/// The figures of a line that summaries add up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LineFigures {
    /// Its state.
    pub state: LineState,
    /// The number required.
    pub required: Interval,
    /// The number usable.
    pub usable: Interval,
}

impl From<&Assessment> for LineFigures {
    fn from(line: &Assessment) -> Self {
        let Assessment { required, usable, .. } = *line;
        Self { state: line.into(), required, usable }
    }
}

/// Collects the figures of one group, organization by organization.
#[derive(Clone, Debug, Default)]
pub struct Group {
    figures: Figures,
    with_quantities: bool,
    /// The organization that lines were added of last.
    last: Option<(OrganizationId, StatesByBasis)>,
}

impl Group {
    /// An empty group; `with_quantities` if all its lines have one name, so that those of an item have one unit.
    pub fn new(with_quantities: bool) -> Self {
        Self { with_quantities, ..Self::default() }
    }

    /// Counts an active organization, with or without lines here. An inactive organization must not be counted, because
    /// it does not exist on that day. All that is added of one organization must be added in a row.
    pub fn add_organization(&mut self, organization: OrganizationId) {
        self.states_of(organization);
    }

    /// Counts a line. Its quantities are summed up only if it requires an item: the units of another selector may differ from
    /// rule to rule.
    pub fn add(&mut self, organization: OrganizationId, line: &LineFigures, is_of_item: bool) {
        self.states_of(organization).add(line.state);
        let other = match line.state.strength {
            Strength::Mandatory => return self.add_mandatory(line, is_of_item),
            Strength::Recommended => &mut self.figures.recommended,
            Strength::Reference => &mut self.figures.reference,
            Strength::Optional => &mut self.figures.optional,
        };
        *other = other.saturating_add(1);
    }

    fn states_of(&mut self, organization: OrganizationId) -> &mut StatesByBasis {
        if self.last.is_none_or(|(last, _)| last != organization) {
            self.count_last();
        }
        let (_, states) = self.last.get_or_insert((organization, StatesByBasis::default()));
        states
    }

    fn count_last(&mut self) {
        if let Some((_, states)) = self.last.take() {
            self.figures.organizations = self.figures.organizations.saturating_add(1);
            self.figures.organization_statuses.add(states);
        }
    }

    fn add_mandatory(&mut self, line: &LineFigures, is_of_item: bool) {
        if line.state.is_not_evaluated {
            self.figures.not_evaluated = self.figures.not_evaluated.saturating_add(1);
        }
        let tally = match line.state.basis {
            Basis::Established => &mut self.figures.established,
            Basis::Indicative => &mut self.figures.indicative,
        };
        tally.lines.add(line.state.status);
        if self.with_quantities && is_of_item {
            let sums = tally.quantities.get_or_insert_default();
            sums.required.add(line.required);
            sums.usable.add(line.usable);
            sums.shortage.add(line.required.shortage_against(line.usable));
        }
    }

    /// The figures of everything added.
    pub fn figures(mut self) -> Figures {
        self.count_last();
        self.figures
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rule::{Rule, Selector};
    use crate::sample::{SCBA, World, exactly, rate, rule, whole};

    #[test]
    fn only_quantities_of_items_are_summed() {
        let of_words = Rule { selector: Selector::Other("ladders".to_owned()), ..rule("R2", SCBA, rate(3, None)) };
        let world = World::new().with_rule(rule("R1", SCBA, rate(2, None))).with_rule(of_words);
        let sums = world.assess().into_iter().map(|line| {
            let mut group = Group::new(true);
            group.add(line.organization, &LineFigures::from(&*line), matches!(line.selector, Selector::Item(_)));
            group.figures().established.quantities.map(|sums| sums.required.min)
        });
        assert_eq!(sums.collect::<Vec<_>>(), [Some(Total::from(whole(2))), None]);
    }

    #[test]
    fn a_sum_that_is_out_of_range_is_null_by_name_whatever_comes_first() {
        let parts = [exactly(999_999_999), Interval::UNKNOWN, exactly(1)];
        for order in [[0, 1, 2], [1, 2, 0], [2, 0, 1]] {
            let mut sum = Sum::default();
            order.iter().for_each(|place| sum.add(parts[*place]));
            let json = serde_json::to_value(sum).unwrap();
            let expected = serde_json::json!({ "min": null, "max": null, "unbounded": 1, "out_of_range": true });
            assert_eq!(json, expected);
        }
    }
}
