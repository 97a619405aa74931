//! Submitting and voiding counts: exactly once by id, for ever.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, NaiveDate, Utc};

use super::chain;
use super::records::CountRecord;
use super::sequence_log::{self, NumberedCommand};
use auth::receipts::ReceiptKeys;
use base::content::Content;
use base::error::{Error, Fault};
use base::id::{CommandId, CountId, DepotId, OrganizationId};
use base::quantity::Quantity;
use base::time::{CLOCK_TOLERANCE, observe};
use db::connection::AnyConnection;
use db::counts::{CountRow, LineRow, VoidRow};
use db::locks::{Key, LockedOrganization};
use db::receipts::EvidenceRow;
use db::sql_types::{Day, Instant};
use db::write::Change;
use domain::account::{Belongs, Role};
use domain::actor::{Author, Subject, SubjectKind};
use domain::count::{CountKind, CountScope};
use domain::item::{Item, ItemCode};
use domain::labels::unit_label;
use domain::new_count::{CheckedCount, NewCount, NewCountLine};
use domain::quarantine::quarantine_id;
use domain::receipt::LinkKind;
use domain::revision::{Revision, in_force, in_force_or_first};
use domain::rule::Selector;
use text::messages::message;

/// The device data sent beside the content.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DeviceSaid {
    /// The name the device gives itself.
    pub name: Option<String>,
    /// Its sequence number for this command.
    pub seq: Option<i64>,
    /// The time it sent the request, by its own clock.
    pub sent_at: Option<DateTime<Utc>>,
}

/// A count to be stored.
#[derive(Clone, Debug)]
pub struct Submission {
    /// Its id, made by the client.
    pub id: CountId,
    /// Its checked values.
    pub count: CheckedCount,
    /// Its content as sent.
    pub content: Content,
    /// Its device data.
    pub device: DeviceSaid,
    /// The time the server received it.
    pub received_at: DateTime<Utc>,
    /// The effective time, if fixed earlier or by accompanying commands; otherwise computed here.
    pub effective_at: Option<DateTime<Utc>>,
    /// The catalogue of the person counting, if known here.
    pub catalogue: Catalogue,
    /// The receipt that it was given before the server was restored from a backup.
    pub evidence: Option<String>,
    /// The command that brought it: its id differs from the count's if an officer applied one whose id was taken.
    pub command: CommandId,
}

impl Submission {
    /// A count that arrives for the first time, from someone who can correct it.
    pub fn new(
        id: CountId,
        (count, content): (CheckedCount, Content),
        device: DeviceSaid,
        received_at: DateTime<Utc>,
    ) -> Self {
        Self {
            id,
            count,
            content,
            device,
            received_at,
            effective_at: None,
            catalogue: Catalogue::Asked,
            evidence: None,
            command: CommandId(id.0),
        }
    }
}

/// The treatment of a count's catalogue revision.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Catalogue {
    /// An unknown one is a fault: the sender can correct it.
    Asked,
    /// One that is not known is passed over, and the catalogue is taken as it was when the count was made: after a restore
    /// a device may name a revision that is gone.
    IfKnown,
}

/// The outcome of a submission.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SubmitOutcome {
    /// It was stored now.
    Stored,
    /// It had been stored before.
    Repeated,
}

/// Stores a count of an organization's depot, or finds that it is stored already.
///
/// # Errors
/// `Conflict` if the id was used for other content; `Forbidden` if a quartermaster sends an inspection; `Invalid` with
/// all faults of the values against stored data. Nothing is stored then.
pub fn submit(
    change: &mut Change<'_>,
    (author, keys): (&Author, &ReceiptKeys),
    locked: LockedOrganization<'_>,
    submission: &Submission,
) -> Result<SubmitOutcome, Error> {
    let organization = locked.id();
    if let Some(stored) = db::counts::content_of(change.connection, submission.id)? {
        let (owner, stored) = stored;
        return repeated(stored, owner == organization, &submission.content);
    }
    let count = submission.count.count();
    let kind = kind_of(author, count.kind)?;
    let mut observed = observe(count.counted_at, submission.device.sent_at, submission.received_at);
    if let Some(fixed) = submission.effective_at {
        observed.effective_at = fixed;
    }
    let day = db::organizations::day_of(change.connection, organization, observed.effective_at)?;
    let mut faults = line_faults(&submission.count, &items_of(change.connection, count)?, day);
    faults.extend(depot_faults(change.connection, organization, count, day)?);
    faults.extend(reference_faults(change.connection, count)?);
    let catalogue = known_catalogue(change.connection, submission, observed.effective_at)?;
    if submission.catalogue == Catalogue::Asked
        && catalogue.is_none()
        && let Some(revision) = count.catalogue_revision
    {
        faults.push(catalogue_unknown(change.connection, revision)?);
    }
    if !faults.is_empty() {
        return Err(Error::Invalid(faults));
    }
    let row = CountRow {
        id: submission.id,
        depot_id: count.depot_id,
        organization_id: organization,
        account_id: author.account,
        change_set: change.record(Subject::new(SubjectKind::Count, submission.id)).change_set,
        kind,
        scope: count.scope,
        counted_at: Instant(count.counted_at),
        effective_at: Instant(observed.effective_at),
        received_at: Instant(submission.received_at),
        device: submission.device.name.clone(),
        seq: submission.device.seq,
        sent_at: submission.device.sent_at.map(Instant),
        clock_offset_us: observed.clock_offset.and_then(|offset| offset.num_microseconds()),
        catalogue_revision: catalogue,
        counted_by: count.counted_by.clone().unwrap_or_else(|| author.name.clone()),
        note: count.note.clone(),
        body: submission.content.bytes.clone(),
        body_sha256: submission.content.sha256.clone(),
    };
    let lines = line_rows(&row, &submission.count);
    let resolves: BTreeSet<CountId> = count.resolves.iter().copied().collect();
    db::counts::insert(change, &row, &lines, &resolves)?;
    if let (Some(device), Some(seq)) = (&row.device, row.seq) {
        let counted_at = Some(count.counted_at);
        let (account, id, received_at) = (author.account, submission.command, submission.received_at);
        let command = NumberedCommand { account, device, seq, id, counted_at, received_at };
        let sender = change.for_key(Key::sender(account))?;
        sequence_log::note(change, sender, &command)?;
    }
    let resolves: Vec<CountId> = resolves.into_iter().collect();
    chain::append_count(change, keys, locked, &CountRecord { header: &row, lines: &lines, resolves: &resolves })?;
    if let Some(jws) = &submission.evidence {
        let evidence = EvidenceRow { count_id: row.id, change_set: row.change_set, jws: jws.clone() };
        db::receipts::insert_evidence(change, &evidence)?;
    }
    Ok(SubmitOutcome::Stored)
}

/// Takes a count of an organization back, or finds that it was taken back with the same words before.
///
/// # Errors
/// `Conflict` if it was voided with another reason; `Forbidden` if a quartermaster voids an inspection.
pub fn void(
    change: &mut Change<'_>,
    (author, keys): (&Author, &ReceiptKeys),
    organization: LockedOrganization<'_>,
    (id, kind): (CountId, CountKind),
    (reason, content): (&str, &Content),
    at: DateTime<Utc>,
) -> Result<SubmitOutcome, Error> {
    if let Some(void) = db::counts::void_of(change.connection, id)? {
        if void.body_sha256 == content.sha256 {
            return Ok(SubmitOutcome::Repeated);
        }
        return Err(Error::Conflict {
            code: "already_voided",
            detail: message!("count-already-voided", reason = void.reason),
            hashes: Some((void.body_sha256, content.sha256.clone())),
        });
    }
    if kind == CountKind::Inspection && author.role == Role::Quartermaster {
        return Err(Error::Forbidden {
            code: "inspection_needs_officer",
            detail: message!("count-void-needs-officer"),
        });
    }
    let change_set = change.record(Subject::new(SubjectKind::Void, id)).change_set;
    let void = VoidRow {
        count_id: id,
        change_set,
        account_id: author.account,
        voided_at: Instant(at),
        reason: reason.to_owned(),
        body: content.bytes.clone(),
        body_sha256: content.sha256.clone(),
    };
    db::counts::insert_void(change, &void)?;
    chain::append_void(change, keys, organization, &void)?;
    Ok(SubmitOutcome::Stored)
}

/// The state of a count before it is written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Known {
    /// It was stored before.
    Stored {
        /// Its organization.
        owner: OrganizationId,
        /// The count; its id differs from the command's if an officer applied it after the id was taken.
        count: CountId,
    },
    /// Its id is new.
    New,
}

/// Looks an id up: a repeat is found by its content alone, as a client resends an old body after the shape that is asked
/// for has changed. What a device pushed with the same id and content, and an officer made a count of, is that count.
///
/// # Errors
/// `Conflict` if the id was used for other content, or by an account whose counts the caller may not see.
pub fn look_up(
    connection: &mut AnyConnection,
    belongs: Belongs,
    id: CountId,
    content: &Content,
) -> Result<Known, Error> {
    if let Some(count) = applied_from_quarantine(connection, id, content)?
        && let Some((owner, _)) = db::counts::content_of(connection, count)?
        && db::organizations::is_visible(connection, belongs, owner)?
    {
        return Ok(Known::Stored { owner, count });
    }
    let Some((owner, stored)) = db::counts::content_of(connection, id)? else { return Ok(Known::New) };
    let visible = db::organizations::is_visible(connection, belongs, owner)?;
    repeated(stored, visible, content)?;
    Ok(Known::Stored { owner, count: id })
}

/// The count that an officer made of a command with an id and content.
fn applied_from_quarantine(
    connection: &mut AnyConnection,
    id: CountId,
    content: &Content,
) -> Result<Option<CountId>, Error> {
    let found = db::quarantine::find_unnumbered(connection, quarantine_id(CommandId(id.0), &content.sha256))?;
    Ok(found.and_then(|(_, decided)| decided?.count_id))
}

/// The organization of a depot.
///
/// # Errors
/// `Invalid` if there is no such depot, or the account may not see it: the two are indistinguishable.
pub fn owner_of(connection: &mut AnyConnection, belongs: Belongs, depot: DepotId) -> Result<OrganizationId, Error> {
    match db::depots::organization_of(connection, depot)? {
        Some(owner) if db::organizations::is_visible(connection, belongs, owner)? => Ok(owner),
        _ => Err(Error::Invalid(vec![depot_unknown()])),
    }
}

/// True for a requirement line that a count affects: a full count affects every item, a listed one the items it lists.
pub fn bears_on(scope: CountScope, listed: &BTreeSet<ItemCode>, selector: &Selector) -> bool {
    match selector {
        Selector::Item(item) => scope == CountScope::Full || listed.contains(item),
        Selector::Other(_) => false,
    }
}

/// Compares a second submission with the stored one. A caller who may not see the count learns only that the id is
/// taken.
fn repeated(stored: String, visible: bool, sent: &Content) -> Result<SubmitOutcome, Error> {
    if visible && stored == sent.sha256 {
        return Ok(SubmitOutcome::Repeated);
    }
    Err(id_reused((stored, sent), visible))
}

/// The failure of an id that was used for other content.
pub(super) fn id_reused((stored, sent): (String, &Content), visible: bool) -> Error {
    Error::Conflict {
        code: "id_reused",
        detail: message!("count-id-reused"),
        hashes: visible.then(|| (stored, sent.sha256.clone())),
    }
}

/// Makes a submission one that was accepted before the server was restored from a backup, as the receipt it was given says:
/// it keeps the time of its receipt and the time it counts as made.
///
/// # Errors
/// `Invalid` if the receipt is not genuine, or belongs to something else.
pub fn take_over(
    submission: &mut Submission,
    keys: &ReceiptKeys,
    (owner, receipt): (OrganizationId, &str),
) -> Result<(), Error> {
    let refuse = |detail| Error::invalid("/receipt", "receipt_not_genuine", detail);
    let link = keys.checks().check(receipt).map_err(|_| refuse(message!("receipt-not-genuine")))?.link;
    let same = link.kind == LinkKind::Count
        && link.id == submission.id.0
        && link.organization == owner
        && link.sha256 == submission.content.sha256;
    if !same {
        return Err(refuse(message!("receipt-of-another")));
    }
    submission.received_at = link.received_at;
    // The present lag of the clock is irrelevant for a time fixed earlier.
    submission.device.sent_at = None;
    submission.effective_at = link.effective_at.or(submission.effective_at);
    submission.evidence = Some(receipt.to_owned());
    Ok(())
}

/// The kind of a count: a quartermaster counts for the organization, an officer inspects it.
fn kind_of(author: &Author, asked: Option<CountKind>) -> Result<CountKind, Error> {
    let theirs = match author.role {
        Role::Quartermaster => CountKind::Own,
        Role::Viewer | Role::Officer | Role::Admin => CountKind::Inspection,
    };
    match asked {
        Some(CountKind::Inspection) if theirs == CountKind::Own => Err(Error::Forbidden {
            code: "inspection_needs_officer",
            detail: message!("count-inspection-needs-officer"),
        }),
        Some(CountKind::Own) if theirs == CountKind::Inspection => {
            Err(Error::Forbidden { code: "own_needs_quartermaster", detail: message!("count-own-needs-quartermaster") })
        }
        _ => Ok(theirs),
    }
}

fn items_of(connection: &mut AnyConnection, count: &NewCount) -> Result<BTreeMap<ItemCode, Item>, Error> {
    let codes: BTreeSet<ItemCode> = count.lines.iter().map(|line| line.item.clone()).collect();
    db::items::list_some(connection, &codes, Revision::LATEST)
}

fn line_faults(count: &CheckedCount, items: &BTreeMap<ItemCode, Item>, day: NaiveDate) -> Vec<Fault> {
    count
        .lines()
        .enumerate()
        .flat_map(|(number, (line, units))| match items.get(&line.item) {
            None => vec![Fault::new(
                format!("/lines/{number}/item"),
                "item_unknown",
                message!("line-item-unknown", item = &line.item),
            )],
            Some(item) => amount_faults(&format!("/lines/{number}"), (line, units), item, day),
        })
        .collect()
}

fn amount_faults(at: &str, (line, units): (&NewCountLine, Quantity), item: &Item, day: NaiveDate) -> Vec<Fault> {
    let mut faults = Vec::new();
    if !item.measured && !units.is_whole() {
        let field = if line.quantity.is_some() { "quantity" } else { "packs" };
        faults.push(Fault::new(
            format!("{at}/{field}"),
            "not_whole",
            message!("line-not-whole", item = &item.code, unit = unit_label(&item.unit)),
        ));
    }
    let packs = in_force_or_first(&item.versions, day).map_or(&[][..], |version| &version.value.packs);
    if let (Some(name), Some(size)) = (&line.pack, line.pack_size)
        && let Some(pack) = packs.iter().find(|pack| pack.name == *name)
        && pack.size != size
    {
        faults.push(Fault::new(
            format!("{at}/pack_size"),
            "pack_size_differs",
            message!(
                "line-pack-differs",
                pack = name,
                item = &item.code,
                size = pack.size.to_string(),
                unit = unit_label(&item.unit)
            ),
        ));
    }
    faults
}

/// The depot must be the organization's, and open on the day of the count. A depot that is somebody else's is answered
/// as one that is not there.
fn depot_faults(
    connection: &mut AnyConnection,
    organization: OrganizationId,
    count: &NewCount,
    day: NaiveDate,
) -> Result<Vec<Fault>, Error> {
    let depots = db::depots::list(connection, &[organization], Revision::LATEST)?;
    let Some(depot) = depots.iter().find(|depot| depot.id == count.depot_id) else {
        return Ok(vec![depot_unknown()]);
    };
    if in_force(&depot.versions, day).is_some_and(|version| version.value.open) {
        return Ok(Vec::new());
    }
    Ok(vec![Fault::new(
        "/depot_id",
        "depot_closed",
        message!("count-depot-closed", depot = &depot.code, day = day.to_string()),
    )])
}

/// The fault of a depot that the caller may not know of, or that is not there.
fn depot_unknown() -> Fault {
    Fault::new("/depot_id", "depot_unknown", message!("count-depot-unknown"))
}

fn reference_faults(connection: &mut AnyConnection, count: &NewCount) -> Result<Vec<Fault>, Error> {
    let mut faults = Vec::new();
    if count.survey_id.is_some() {
        faults.push(Fault::new("/survey_id", "survey_unknown", message!("count-survey-unknown")));
    }
    let resolves: BTreeSet<CountId> = count.resolves.iter().copied().collect();
    let found = db::counts::existing_in_depot(connection, count.depot_id, &resolves)?;
    faults.extend(count.resolves.iter().enumerate().filter(|(_, id)| !found.contains(id)).map(|(number, id)| {
        Fault::new(
            format!("/resolves/{number}"),
            "count_unknown",
            message!("count-resolves-unknown", id = id.to_string()),
        )
    }));
    Ok(faults)
}

/// The catalogue revision that a count names, where it is known here. One that is passed over where it is not must have been
/// there when the count was made: after a restore its number may stand for something else.
fn known_catalogue(
    connection: &mut AnyConnection,
    submission: &Submission,
    effective_at: DateTime<Utc>,
) -> Result<Option<Revision>, Error> {
    let Some(revision) = submission.count.count().catalogue_revision else { return Ok(None) };
    let found = db::revisions::find(connection, revision)?;
    let was_there =
        |at: DateTime<Utc>| submission.catalogue == Catalogue::Asked || at <= effective_at + CLOCK_TOLERANCE;
    Ok(found.filter(|learnt| was_there(learnt.at)).map(|learnt| learnt.revision))
}

fn catalogue_unknown(connection: &mut AnyConnection, revision: Revision) -> Result<Fault, Error> {
    let newest = db::revisions::newest(connection)?.map_or(Revision(0), |newest| newest.revision);
    let detail = message!("revision-unknown", revision = revision.0, newest = newest.0);
    Ok(Fault::new("/catalogue_revision", "revision_unknown", detail))
}

/// The lines of a count as they are stored.
pub fn line_rows(count: &CountRow, checked: &CheckedCount) -> Vec<LineRow> {
    let lines = (0_i64..).zip(checked.lines());
    lines.map(|(position, (line, units))| line_row(count, position, line, units)).collect()
}

fn line_row(count: &CountRow, position: i64, line: &NewCountLine, units: Quantity) -> LineRow {
    LineRow {
        count_id: count.id,
        depot_id: count.depot_id,
        source: count.source(),
        effective_at: count.effective_at,
        position,
        item_code: line.item.clone(),
        quantity: units,
        lot: line.lot.clone(),
        expires_on: line.expires_on.map(Day),
        made_on: line.made_on.map(Day),
        inspected_on: line.inspected_on.map(Day),
        condition: line.condition,
        held: line.held,
        pack: line.pack.clone(),
        packs: line.packs,
        pack_size: line.pack_size,
        note: line.note.clone(),
    }
}
