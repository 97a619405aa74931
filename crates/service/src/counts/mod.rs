//! Counts, each stored exactly once by its id, forever: submitting, voiding, and recognizing one that is sent again.

pub(crate) mod checks;
mod coverage;
mod resend;
mod rows;
mod submit;
mod void;

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};

use auth::receipts::ReceiptKeys;
use base::content::Content;
use base::error::{Error, Fault};
use base::id::{CommandId, CountId, DepotId, OrganizationId};
use db::connection::AnyConnection;
use domain::account::Belongs;
use domain::count::CountScope;
use domain::item::ItemCode;
use domain::new_count::{CheckedCount, NewCount};
use domain::receipt::LinkKind;
use domain::requirement::LineSelector;
use text::messages::message;

pub use coverage::{note_coverage, note_lots_left_out};
pub use resend::{Known, SentBefore, look_up, sent_before};
pub use rows::line_rows;
pub(crate) use submit::kind_of;
pub use submit::{NewCountStored, Submitted, submit};
pub use void::{VoidRequest, void};

/// The data about the device, sent beside the content.
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
    /// Whether it is received for the first time.
    pub first_receipt: FirstReceipt,
    /// True where its content was made with the catalogue as it is: by an officer, in the place of what was sent, or from a table.
    pub is_restated: bool,
    /// The receipt that it was given before the server was restored from a backup.
    pub evidence: Option<String>,
    /// True for one that is taken from a ledger, which nobody inspects with.
    pub is_from_ledger: bool,
    /// The command that submitted it. Its id differs from the count's if an officer applied a command whose id was taken.
    pub command: CommandId,
}

impl Submission {
    /// A count that arrives for the first time, from a sender who can correct it.
    pub fn new(
        id: CountId,
        count: CheckedCount,
        content: Content,
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
            first_receipt: FirstReceipt::Now,
            is_restated: false,
            evidence: None,
            is_from_ledger: false,
            command: CommandId(id.0),
        }
    }
}

/// The time of a count's first receipt.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FirstReceipt {
    /// It is received now.
    Now,
    /// It was received earlier, at the time in the submission: it waited in quarantine, or is taken over after a restore.
    Earlier,
}

/// The outcome of a submission.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SubmitOutcome {
    /// It was stored now.
    Stored,
    /// It had been stored before.
    Repeated,
}

/// Checks the values of a count by themselves. A count with a genuine receipt was accepted before, so rules added since
/// then do not refuse it.
///
/// # Errors
/// `Invalid` with all faults.
pub fn check(count: NewCount, keys: &ReceiptKeys, receipt: Option<&str>) -> Result<CheckedCount, Error> {
    let is_genuine = receipt.is_some_and(|receipt| keys.checks().check(receipt).is_ok());
    let checked = if is_genuine { count.check_accepted() } else { count.check() };
    checked.map_err(Error::Invalid)
}

/// Turns a submission into one that was accepted before the server was restored from a backup, as its receipt proves: it
/// keeps its time of receipt and its effective time.
///
/// # Errors
/// `Invalid` if the receipt is not genuine, or belongs to something else.
pub fn take_over(
    submission: &mut Submission,
    keys: &ReceiptKeys,
    owner: OrganizationId,
    receipt: &str,
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
    submission.first_receipt = FirstReceipt::Earlier;
    // The present lag of the clock does not matter for a time that was fixed earlier.
    submission.device.sent_at = None;
    submission.effective_at = link.effective_at.or(submission.effective_at);
    submission.evidence = Some(receipt.to_owned());
    Ok(())
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

/// The fault of a depot that does not exist, or that the caller may not know of.
fn depot_unknown() -> Fault {
    Fault::new("/depot_id", "depot_unknown", message!("count-depot-unknown"))
}

/// True for a requirement line that a count affects: a full count affects every item, a listed one the items it lists.
pub fn bears_on(scope: CountScope, listed: &BTreeSet<ItemCode>, selector: LineSelector<'_>) -> bool {
    selector.items().into_iter().any(|item| scope == CountScope::Full || listed.contains(item))
}
