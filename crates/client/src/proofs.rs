//! The service's keys on the phone: fetched once, kept, and fetched again when a receipt names an unknown one.

use uuid::Uuid;

use super::exchange::{Failure, exchange};
use super::receipts::{Expected, KeySet, ReceiptRefusal};
use super::store::commands::Outgoing;
use super::store::settings;
use super::transport::Request;
use super::wire::Problem;
use super::{Phone, codes, session};
use crate::error::PhoneError;
use base::content::Content;

/// The path of the keys.
const KEYS_PATH: &str = "/.well-known/jwks.json";

/// The keys at hand, and the failure to fetch those that are missing.
pub struct FetchedKeys {
    /// The keys.
    pub keys: KeySet,
    /// The failure, if any.
    pub failure: Option<Failure>,
}

/// A receipt of a command, as received.
#[derive(Clone, Debug)]
pub struct Claim<'a> {
    /// The receipt.
    pub receipt: &'a str,
    /// The count that resulted from the command, as claimed.
    pub count_id: Option<Uuid>,
    /// True if an officer decided on the command, and may have corrected it.
    pub is_decided: bool,
}

impl Phone {
    /// The stored keys, together with those that receipts name and the service provides. A failure to fetch them is
    /// returned beside the keys at hand.
    pub(super) fn keys_for<'a>(
        &mut self,
        mut receipts: impl Iterator<Item = &'a str>,
    ) -> Result<FetchedKeys, PhoneError> {
        let mut keys = KeySet::default();
        if let Some(kept) = self.store.read(|connection| settings::find(connection, settings::KEYS))? {
            keys.add(kept.as_bytes());
        }
        if receipts.all(|receipt| keys.has_key_of(receipt)) {
            return Ok(FetchedKeys { keys, failure: None });
        }
        let headers = session::common_headers(&self.device_id);
        let request =
            Request { method: "GET", server: self.server()?, path: KEYS_PATH.to_owned(), headers, body: Vec::new() };
        let fetched = exchange(self.surroundings.transport.as_mut(), &request);
        let failure = match fetched {
            Ok(heard) if keys.add(&heard.body) => {
                self.store.change(|connection| settings::put(connection, settings::KEYS, &keys.to_json()))?;
                None
            }
            Ok(_) => Some(Failure::again(codes::NOT_MUSTER, "the answer is no key set")),
            Err(failure) => Some(failure),
        };
        Ok(FetchedKeys { keys, failure })
    }
}

/// Checks that a receipt is genuine and belongs to a command. Returns the count's id, and true if it covers exactly these
/// bytes.
///
/// # Errors
/// The reason why the command does not count as accepted, and stays where it is.
pub fn prove(keys: &FetchedKeys, command: &Outgoing, claim: &Claim<'_>) -> Result<(Uuid, bool), Problem> {
    let FetchedKeys { keys, failure } = keys;
    let content = Content::of_json(command.body.clone());
    let content = content.map_err(|error| Problem::own(codes::RECEIPT_WRONG, error.to_string()))?;
    let count_id = claim.count_id.unwrap_or(command.sent_as);
    let is_count = command.kind == codes::SUBMIT_COUNT;
    let expected = Expected {
        kind: is_count.then_some("count"),
        id: count_id,
        sha256: &content.sha256,
        may_be_corrected: claim.is_decided,
    };
    // Only an officer's correction can lead to another count than the one sent.
    if count_id != command.sent_as && !claim.is_decided {
        return Err(Problem::own(codes::RECEIPT_WRONG, ReceiptRefusal::OtherThing.to_string()));
    }
    match keys.check(claim.receipt, expected) {
        Ok(is_own) => Ok((count_id, is_own && count_id == command.id)),
        Err(ReceiptRefusal::UnknownKey) if failure.is_some() => {
            Err(Problem::own(codes::KEYS_UNREACHABLE, "the keys by which receipts are checked could not be fetched"))
        }
        Err(refusal) => Err(Problem::own(codes::RECEIPT_WRONG, refusal.to_string())),
    }
}
