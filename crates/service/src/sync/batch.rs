//! The commands that a device pushes at once, as they are read, and the organizations that they are about.

use std::collections::BTreeSet;

use auth::receipts::ReceiptKeys;
use base::error::Error;
use base::id::OrganizationId;
use chrono::{DateTime, Utc};
use db::connection::AnyConnection;
use domain::account::Belongs;
use domain::command::{Command, Pushed};
use domain::new_count::is_plausible;
use domain::receipt::{Link, LinkKind};
use serde_json::value::RawValue;

use super::rights::Sender;
use crate::counts;

/// The commands that a device pushes at once.
#[derive(Clone, Debug)]
pub struct Batch {
    /// The sender.
    pub sender: Sender,
    /// The device, by the name it gives itself.
    pub device: String,
    /// The instant of sending, by the device's clock.
    pub sent_at: Option<DateTime<Utc>>,
    /// The number of commands that waited on the device then, these included.
    pub queued: Option<i64>,
    /// What the app on the device says of itself.
    pub app: Option<String>,
    /// The commands, in the order sent.
    pub commands: Vec<Pushed>,
    /// The instant of receipt.
    pub received_at: DateTime<Utc>,
}

impl Batch {
    /// Reads the commands of a push, each by itself. A time of sending that no clock shows is taken as not told.
    pub fn read(
        sender: Sender,
        device: String,
        sent_at: Option<DateTime<Utc>>,
        received_at: DateTime<Utc>,
        queued: Option<i64>,
        app: Option<String>,
        commands: &[Box<RawValue>],
    ) -> Self {
        let sent_at = sent_at.filter(|instant| is_plausible(*instant));
        let commands = commands.iter().enumerate().map(|(place, command)| Pushed::read(place, command)).collect();
        Self { sender, device, sent_at, queued, app, commands, received_at }
    }

    /// The commands among what was pushed.
    pub(super) fn commands(&self) -> impl Iterator<Item = &Command> {
        self.commands.iter().filter_map(|pushed| match pushed {
            Pushed::Command(command) => Some(command.as_ref()),
            Pushed::Nothing { .. } => None,
        })
    }
}

/// The organizations whose locks a push needs: that of the sender, and the owners of the depots that its commands name, where
/// the sender sees them or a receipt names them.
pub fn organizations_of(
    connection: &mut AnyConnection,
    keys: &ReceiptKeys,
    batch: &Batch,
) -> Result<BTreeSet<OrganizationId>, Error> {
    let belongs = batch.sender.account.belongs;
    let mut organizations: BTreeSet<OrganizationId> = own_organization(belongs).into_iter().collect();
    for command in batch.commands() {
        organizations.extend(owner_of_depot_in(connection, belongs, command)?);
        organizations.extend(own_receipt(command, keys).map(|link| link.organization));
    }
    Ok(organizations)
}

pub(super) fn own_organization(belongs: Belongs) -> Option<OrganizationId> {
    match belongs {
        Belongs::Organization(own) => Some(own),
        Belongs::Region(_) => None,
    }
}

/// The owner of the depot that a command names, where the command can be read and the sender sees the depot.
pub(super) fn owner_of_depot_in(
    connection: &mut AnyConnection,
    belongs: Belongs,
    command: &Command,
) -> Result<Option<OrganizationId>, Error> {
    #[derive(serde::Deserialize)]
    struct NamesDepot {
        depot_id: base::id::DepotId,
    }
    let Ok(NamesDepot { depot_id }) = serde_json::from_slice(&command.content.bytes) else { return Ok(None) };
    match counts::owner_of(connection, belongs, depot_id) {
        Ok(owner) => Ok(Some(owner)),
        Err(Error::Invalid(_)) => Ok(None),
        Err(error) => Err(error),
    }
}

/// The link in the genuine receipt that came with a command, where it is of the very count.
pub(super) fn own_receipt(command: &Command, keys: &ReceiptKeys) -> Option<Link> {
    let link = keys.checks().check(command.receipt.as_deref()?).ok()?.link;
    let is_own = link.kind == LinkKind::Count && link.id == command.id.0 && link.sha256 == command.content.sha256;
    is_own.then_some(link)
}
