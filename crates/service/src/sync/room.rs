//! The room in quarantine: bounded in number and bytes, by sender and in all.

use base::error::Error;
use db::quarantine::Held;
use db::write::Change;
use text::messages::message;

use super::rights::Sender;

/// The most that may wait for an officer of what one account sent: the bytes are those of the contents, and of what is wrong
/// with them.
const WAITING: Held = Held { commands: 5_000, bytes: 32 * 1_048_576 };

/// The most of it that may be deposited.
const DEPOSITED: Held = Held { commands: 200, bytes: 2 * 1_048_576 };

/// The most bytes that may wait of all accounts together.
const WAITING_BYTES_IN_ALL: i64 = 512 * 1_048_576;

/// The seconds after which a refused deposit is worth another try: an officer must decide meanwhile.
const DEPOSIT_RETRY_SECONDS: u32 = 3600;

/// Refuses more than a sender may leave in quarantine, and more than fits in it; the bound is lower for deposits. Two senders
/// at once may together leave a push more than fits in all.
pub(super) fn require_room(change: &mut Change<'_>, sender: &Sender) -> Result<(), Error> {
    let account = Some(sender.account.id);
    let exceeds = |held: Held, most: Held| held.commands > most.commands || held.bytes > most.bytes;
    let full = |code, detail| Err(Error::TooMany { code, detail, retry_after: DEPOSIT_RETRY_SECONDS });
    let told = |most: Held| (most.commands, most.bytes);
    if sender.deposit_reason.is_some() && exceeds(db::quarantine::waiting(change.connection, account, true)?, DEPOSITED)
    {
        let (commands, bytes) = told(DEPOSITED);
        return full("deposit_full", message!("command-deposit-full", commands = commands, bytes = bytes));
    }
    let is_full = exceeds(db::quarantine::waiting(change.connection, account, false)?, WAITING)
        || db::quarantine::waiting(change.connection, None, false)?.bytes > WAITING_BYTES_IN_ALL;
    if is_full {
        let (commands, bytes) = told(WAITING);
        return full("quarantine_full", message!("command-quarantine-full", commands = commands, bytes = bytes));
    }
    Ok(())
}
