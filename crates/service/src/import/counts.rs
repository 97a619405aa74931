//! Count lists by codes: the rows of one depot and time are one count of whoever imports them.

use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, NaiveDate, TimeDelta, TimeZone as _, Utc};
use uuid::Uuid;
use validator::Validate as _;

use super::plan::{Plan, counted_ahead};
use crate::counts::checks::{depot_closed, line_faults};
use crate::counts::{DeviceSaid, Submission, kind_of};
use crate::input_errors::of_validation;
use crate::ledger::{listed, submit_all};
use crate::ledgers::lots::CountLines;
use base::content::Content;
use base::error::{Error, Fault};
use base::id::{AccountId, CountId, DepotId, OrganizationId};
use base::time::local_day;
use base::total::Total;
use db::connection::AnyConnection;
use db::sql_types::Instant;
use domain::change::PutOutcome;
use domain::count::{Count, Held};
use domain::item::ItemCode;
use domain::naming::day_fault;
use domain::new_count::{NewCount, NewCountLine};
use domain::region::{day_at, day_begins, zone_on};
use domain::revision::Revision;
use tables::Placed;
use tables::form::Form;
use tables::forms::{CountAmount, CountRow, CountTime};
use text::messages::{Message, message};

/// The namespace of the ids of these counts.
const NAMESPACE: Uuid = Uuid::from_u128(0x6d75_7374_6572_4c69_8673_7473_436f_7573);

/// The most times that a count list may come back as it was before.
const COMEBACKS: usize = 20;

/// A count under construction: its organization, and its rows.
struct Listed<'t> {
    organization: OrganizationId,
    rows: Vec<&'t Placed<CountRow>>,
}

impl Plan<'_> {
    pub(super) fn plan_counts(
        &mut self,
        connection: &mut AnyConnection,
        rows: &[Placed<CountRow>],
    ) -> Result<(), Error> {
        let Some(signing) = self.signing_for(rows, &["depot"]) else { return Ok(()) };
        kind_of(&signing.author, None)?;
        let mut counts: BTreeMap<(DepotId, DateTime<Utc>, Option<String>), Listed<'_>> = BTreeMap::new();
        let mut counters: BTreeMap<(DepotId, DateTime<Utc>, &str), &Option<String>> = BTreeMap::new();
        for row in rows {
            let Some((organization, depot, at)) = self.counted_at(row) else { continue };
            let counter = counters.entry((depot, at, &row.value.item)).or_insert(&row.value.counted_by);
            if *counter != &row.value.counted_by {
                // Each would be a count of its own, and the second would take the place of the first.
                let fault =
                    Fault::new("/counted_by", "counted_by_two", message!("count-by-two", item = &row.value.item));
                self.tell(row, &["counted_by", "item"], fault);
                continue;
            }
            let key = (depot, at, row.value.counted_by.clone());
            counts.entry(key).or_insert_with(|| Listed { organization, rows: Vec::new() }).rows.push(row);
        }
        let mut standing: BTreeMap<OrganizationId, Vec<Count>> = BTreeMap::new();
        for ((depot, counted_at, counted_by), Listed { organization, rows }) in counts {
            let mut lines: Vec<NewCountLine> = Vec::new();
            let mut of_lines: Vec<&Placed<CountRow>> = Vec::new();
            for row in rows {
                if let Some(line) = line_of(&row.value) {
                    lines.push(line);
                    of_lines.push(row);
                }
            }
            let count = NewCount { counted_by, ..listed(depot, counted_at, lines) };
            let internal = |error| Error::internal("a count cannot be written as JSON", error);
            let content = Content::of(&count).map_err(internal)?;
            let day = self.day_in(organization, counted_at);
            let faults = match count.validate() {
                Err(errors) => of_validation(&errors),
                Ok(()) => match count.clone().check() {
                    Err(faults) => faults,
                    Ok(checked) => line_faults(&checked, &self.world.reference_data.items, day),
                },
            };
            if !faults.is_empty() {
                for fault in faults {
                    self.tell_line(&of_lines, fault);
                }
                continue;
            }
            let last = db::counts::last_of_account(connection, depot, counted_at, signing.author.account)?;
            let (id, is_stored) = id_of(connection, signing.author.account, &content.sha256, last.map(|(id, _)| id))?;
            let outcome = if is_stored { PutOutcome::Repeated } else { PutOutcome::Created };
            for _ in &of_lines {
                self.tally(Form::Counts, outcome);
            }
            if is_stored {
                continue;
            }
            let before = match standing.entry(organization) {
                Entry::Occupied(known) => known.into_mut(),
                Entry::Vacant(place) => place.insert(self.standing(connection, organization)?),
            };
            let left_out = left_out(connection, before, &count)?;
            if !left_out.is_empty() {
                for (item, detail) in left_out {
                    let row = of_lines.iter().find(|row| row.value.item == item);
                    row.inspect(|row| {
                        self.tell(row, &["place", "item"], Fault::new("/place", "place_left_out", detail))
                    });
                }
                continue;
            }
            let checked = count.check().map_err(Error::Invalid)?;
            // After the one before, whatever the clock says: of two the later one holds.
            let before = last.map(|(_, Instant(at))| at + TimeDelta::microseconds(1));
            let now = before.map_or(self.editor.now, |before| before.max(self.editor.now));
            let submission = Submission {
                effective_at: Some(counted_at),
                is_restated: true,
                ..Submission::new(id, checked, content, DeviceSaid::default(), now)
            };
            let signing = signing.clone();
            self.organizations.insert(organization);
            self.steps.push(Box::new(move |change| {
                let locked = change.for_organization(organization)?;
                submit_all(change, signing.signer(), locked, &[submission])
            }));
        }
        Ok(())
    }

    /// The counts that bear on the stock of an organization now: a list that comes after none of them takes nothing away.
    fn standing(&self, connection: &mut AnyConnection, organization: OrganizationId) -> Result<Vec<Count>, Error> {
        let Some(organization) = self.world.organizations.get(organization) else { return Ok(Vec::new()) };
        let (longest, end) =
            (self.world.reference_data.longest_validity_days(), self.editor.now + TimeDelta::microseconds(1));
        let alone = std::slice::from_ref(organization);
        let records = db::reference_data::records(connection, alone, Revision::LATEST, longest, |_| end)?;
        Ok(records.into_iter().flat_map(|records| records.counts).filter(|count| !count.voided).collect())
    }

    /// The organization, the depot and the time of a row; `None` after reporting a fault.
    fn counted_at(&mut self, row: &Placed<CountRow>) -> Option<(OrganizationId, DepotId, DateTime<Utc>)> {
        let code = &row.value.depot;
        let known = self.world.known_depot(self.editor, code).map(|depot| (depot.id, depot.organization_id));
        let Some((depot, organization)) = known else {
            if !code.is_empty() && !self.was_refused(Form::Depots, code) {
                let fault = Fault::new("/depot", "depot_unknown", message!("count-depot-unknown"));
                self.tell(row, &["depot"], fault);
            }
            return None;
        };
        let time = row.value.counted?;
        let region = self.world.organizations.get(organization)?.region_id;
        let regions = &self.world.reference_data.regions;
        let at = match time {
            CountTime::Day(day) => day_begins(regions, region, day),
            CountTime::Local(time) => {
                let zone = zone_on(regions, region, time.date());
                zone.from_local_datetime(&time).earliest()?.with_timezone(&Utc)
            }
            CountTime::Instant(at) => at,
        };
        let day = self.day_in(organization, at);
        if at > self.editor.now {
            self.tell(row, &["counted_on", "counted_at"], counted_ahead(day));
            return None;
        }
        if let Some(fault) = day_fault("/counted_on", day) {
            self.tell(row, &["counted_on", "counted_at"], fault);
            return None;
        }
        if let Some(fault) = self.world.depots.get(depot).and_then(|depot| depot_closed(depot, day)) {
            self.tell(row, &["depot"], fault);
            return None;
        }
        (!row.faulty).then_some((organization, depot, at))
    }

    fn day_in(&self, organization: OrganizationId, at: DateTime<Utc>) -> NaiveDate {
        let region = self.world.organizations.get(organization).map(|one| one.region_id);
        let regions = &self.world.reference_data.regions;
        region.map_or_else(|| local_day(at, base::time::DEFAULT_ZONE), |region| day_at(regions, region, at))
    }

    /// Reports a fault of a count at the row of its line.
    fn tell_line(&mut self, rows: &[&Placed<CountRow>], fault: Fault) {
        let mut parts = fault.pointer.trim_start_matches('/').split('/');
        let (first, number, field) = (parts.next().unwrap_or_default(), parts.next(), parts.next());
        let row = match first {
            "lines" => number.and_then(|number| number.parse::<usize>().ok()).and_then(|number| rows.get(number)),
            _ => rows.first(),
        };
        let columns: Vec<&str> = match (first, field) {
            ("lines", Some(field)) => vec![field, "item"],
            ("lines", None) => vec!["item"],
            (field, _) => vec![field, "depot"],
        };
        if let Some(row) = row.or(rows.first()) {
            self.tell(row, &columns, fault.clone());
        }
    }
}

/// The units that the last count before found and a new count leaves out, though it names others by place: of each item the words
/// for the first. A list that is filled in by place speaks of the whole depot nevertheless, so units that nobody looked for would
/// be gone; and what was lent would be so without a word. A list with one line that names no place speaks of all that is there.
fn left_out(
    connection: &mut AnyConnection,
    standing: &[Count],
    count: &NewCount,
) -> Result<Vec<(ItemCode, Message)>, Error> {
    let mut named: BTreeMap<&str, BTreeSet<(Option<&str>, Held)>> = BTreeMap::new();
    for line in &count.lines {
        named.entry(&line.item).or_default().insert((line.place.as_deref(), line.held));
    }
    let mut last: BTreeMap<&str, &Count> = BTreeMap::new();
    for one in standing.iter().filter(|one| one.depot_id == count.depot_id && one.effective_at <= count.counted_at) {
        for line in one.lines.iter().filter(|line| named.contains_key(line.item.as_str())) {
            let known = last.entry(&line.item).or_insert(one);
            if (known.effective_at, known.received_at) < (one.effective_at, one.received_at) {
                *known = one;
            }
        }
    }
    let lines = CountLines::load(connection, last.values().map(|one| one.id))?;
    let mut left_out = Vec::new();
    for (item, one) in last {
        let Some(named) = named.get(item) else { continue };
        let is_whole = named.iter().all(|(place, _)| place.is_none());
        let is_missing = |(place, held): &(Option<String>, Held)| {
            !(named.contains(&(place.as_deref(), *held)) || is_whole && *held == Held::Here)
        };
        let mut found = lines.by_place(one.id, item).into_iter();
        let Some(((place, held), sum)) = found.find(|(key, sum)| *sum != Total::ZERO && is_missing(key)) else {
            continue;
        };
        let number = sum.known().map_or_else(String::new, |sum| sum.to_string());
        let detail = match (place, held) {
            (_, Held::Lent) => message!("count-lent-left-out", item = item, number = number),
            (Some(place), _) => message!("count-place-left-out", item = item, place = place, number = number),
            (None, _) => message!("count-rest-left-out", item = item, number = number),
        };
        left_out.push((item.to_owned(), detail));
    }
    Ok(left_out)
}

/// The id of a count that an account sends of a depot and a time, and whether it is stored already as `last`, the last that it sent of
/// them. A list that was corrected and then comes as it was at first is another count: the last one sent holds.
fn id_of(
    connection: &mut AnyConnection,
    account: AccountId,
    sha256: &str,
    last: Option<CountId>,
) -> Result<(CountId, bool), Error> {
    let mut seed = format!("{account}/{sha256}");
    for comeback in 1..=COMEBACKS {
        let id = CountId(Uuid::new_v5(&NAMESPACE, seed.as_bytes()));
        let is_stored = !db::counts::fixed(connection, &[id])?.is_empty();
        if !is_stored || last == Some(id) {
            return Ok((id, is_stored));
        }
        seed = format!("{account}/{sha256}/{comeback}");
    }
    Err(Error::conflict("count_changed_too_often", message!("count-changed-too-often", most = COMEBACKS)))
}

fn line_of(row: &CountRow) -> Option<NewCountLine> {
    let (quantity, pack, packs, pack_size) = match row.amount.clone()? {
        CountAmount::Units(quantity) => (Some(quantity), None, None, None),
        CountAmount::Packs { pack, packs, size } => (None, Some(pack), Some(packs), Some(size)),
    };
    Some(NewCountLine {
        item: row.item.clone(),
        quantity,
        pack,
        packs,
        pack_size,
        lot: row.lot.clone(),
        expires_on: row.expires_on,
        made_on: row.made_on,
        inspected_on: row.inspected_on,
        condition: row.condition,
        held: row.held,
        place: row.place.clone(),
        note: row.note.clone(),
    })
}
