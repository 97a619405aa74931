//! The rows of a band: in order, without gaps, and each within reach.

use std::collections::BTreeSet;

use super::findings::Findings;
use crate::rule::{Band, BandRow};
use base::quantity::Quantity;
use text::messages::message;

/// The most rows of a band.
const MOST_ROWS: usize = 100;

/// Checks the rows of a band.
pub(super) fn check(at: &str, band: &Band, is_counted: bool, found: &mut Findings) {
    let at = format!("{at}/rows");
    if band.rows.is_empty() {
        found.fault(&at, "list_empty", message!("check-list-empty"));
        return;
    }
    if band.rows.len() > MOST_ROWS {
        found.fault(&at, "list_too_long", message!("check-list-too-long", most = MOST_ROWS));
        return;
    }
    let mut are_sound = true;
    for (number, row) in band.rows.iter().enumerate() {
        are_sound &= check_row(&format!("{at}/{number}"), row, band.and.is_some(), is_counted, found);
    }
    if are_sound {
        let grid = Grid::of(band);
        if found.spend(grid.first.len() * grid.second.len() * band.rows.len()) {
            reach(&at, band, &grid, found);
            gaps(&at, band, &grid, found);
        }
    }
}

/// Checks one row; false if it has a fault.
fn check_row(at: &str, row: &BandRow, has_second: bool, is_counted: bool, found: &mut Findings) -> bool {
    let BandRow { from, below, and_from, and_below, n, to } = row;
    let mut is_sound = true;
    for (name, from, below) in [("below", from, below), ("and_below", and_from, and_below)] {
        if let Some(below) = below
            && *below <= from.unwrap_or_default()
        {
            let detail =
                message!("check-row-crossed", from = from.unwrap_or_default().to_string(), below = below.to_string());
            found.fault(format!("{at}/{name}"), "row_crossed", detail);
            is_sound = false;
        }
    }
    for (name, value) in [("from", *from), ("and_from", *and_from), ("n", Some(*n))] {
        if value.is_some_and(|value| value < Quantity::ZERO) {
            found.fault(format!("{at}/{name}"), "negative", message!("draft-negative"));
            is_sound = false;
        }
    }
    if let Some(to) = to
        && to < n
    {
        let detail = message!("draft-bounds-crossed", least = n.to_string(), most = to.to_string());
        found.fault(format!("{at}/to"), "bounds_crossed", detail);
    }
    for (name, value) in [("and_from", and_from), ("and_below", and_below)] {
        if value.is_some() && !has_second {
            found.fault(format!("{at}/{name}"), "no_second_fact", message!("check-no-second-fact"));
            is_sound = false;
        }
    }
    if is_counted && !n.is_whole() {
        found.warn(format!("{at}/n"), "not_whole", message!("draft-not-whole"));
    }
    is_sound
}

/// The plane of the two facts, cut at all ends of the rows: within a cell the same rows fit.
struct Grid {
    /// The first value of each cell, from 0 up.
    first: Vec<Quantity>,
    second: Vec<Quantity>,
}

impl Grid {
    fn of(band: &Band) -> Self {
        let ends = |ends: fn(&BandRow) -> [Option<Quantity>; 2]| -> Vec<Quantity> {
            let all: BTreeSet<Quantity> = band.rows.iter().flat_map(ends).flatten().chain([Quantity::ZERO]).collect();
            all.into_iter().collect()
        };
        Self { first: ends(|row| [row.from, row.below]), second: ends(|row| [row.and_from, row.and_below]) }
    }

    /// The cells, each by the first values in it.
    fn cells(&self) -> impl Iterator<Item = (Quantity, Quantity)> {
        self.first.iter().flat_map(|first| self.second.iter().map(|second| (*first, *second)))
    }
}

fn fits(row: &BandRow, (first, second): (Quantity, Quantity)) -> bool {
    let within = |from: Option<Quantity>, below: Option<Quantity>, value: Quantity| {
        from.is_none_or(|from| value >= from) && below.is_none_or(|below| value < below)
    };
    within(row.from, row.below, first) && within(row.and_from, row.and_below, second)
}

/// Reports rows that no value reaches, and rows that overlap earlier ones.
fn reach(at: &str, band: &Band, grid: &Grid, found: &mut Findings) {
    let mut reached = BTreeSet::new();
    let mut overlapped = BTreeSet::new();
    for cell in grid.cells() {
        let mut fitting = band.rows.iter().enumerate().filter(|(_, row)| fits(row, cell)).map(|(number, _)| number);
        let Some(first) = fitting.next() else { continue };
        reached.insert(first);
        overlapped.extend(fitting.map(|later| (later, first)));
    }
    for number in (0..band.rows.len()).filter(|number| !reached.contains(number)) {
        let detail = message!("check-row-unreached", row = number + 1);
        found.fault(format!("{at}/{number}"), "row_unreached", detail);
    }
    let mut told = BTreeSet::new();
    for (later, first) in overlapped {
        if reached.contains(&later) && told.insert(later) {
            let detail = message!("check-rows-overlap", row = later + 1, first = first + 1);
            found.warn(format!("{at}/{later}"), "rows_overlap", detail);
        }
    }
}

/// Reports the first value that no row fits, although rows fit below and above it.
fn gaps(at: &str, band: &Band, grid: &Grid, found: &mut Findings) {
    let covered = |cell| band.rows.iter().any(|row| fits(row, cell));
    let gap_in = |cells: &[(Quantity, Quantity)]| {
        let first = cells.iter().position(|cell| covered(*cell))?;
        let last = cells.iter().rposition(|cell| covered(*cell))?;
        cells.iter().take(last).skip(first).copied().find(|cell| !covered(*cell))
    };
    let along_first = grid.second.iter().find_map(|second| {
        let cells: Vec<_> = grid.first.iter().map(|first| (*first, *second)).collect();
        Some((&band.of, gap_in(&cells)?.0))
    });
    let along_second = || {
        grid.first.iter().find_map(|first| {
            let cells: Vec<_> = grid.second.iter().map(|second| (*first, *second)).collect();
            Some((band.and.as_ref()?, gap_in(&cells)?.1))
        })
    };
    if let Some((fact, value)) = along_first.or_else(along_second) {
        let detail = message!("check-row-gap", fact = fact, value = value.to_string());
        found.warn(at, "band_gap", detail);
    }
}
