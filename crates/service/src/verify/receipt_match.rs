//! The comparison of a genuine receipt with the chain stored now.

use std::fmt;

use base::error::Error;
use db::connection::AnyConnection;
use domain::receipt::Receipt;

/// The present chain's record of a receipt's subject.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ReceiptMatch {
    /// The very link.
    Present(i64),
    /// The same subject with the same content, in another link at this position.
    Elsewhere(i64),
    /// Nothing.
    Absent,
    /// Other content under its id.
    OtherContent,
}

impl fmt::Display for ReceiptMatch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Present(position) => {
                write!(f, "genuine, and the present chain has that very link at place {position}")
            }
            Self::Elsewhere(position) => {
                write!(f, "genuine, from before a restore: the present chain has it at place {position}")
            }
            Self::Absent => f.write_str("genuine, from before a restore: the present chain does not have it"),
            Self::OtherContent => f.write_str("genuine, but the present chain has other content under its id"),
        }
    }
}

/// Looks for a receipt's subject, in the caller's transaction.
///
/// # Errors
/// If the database fails.
pub fn match_receipt(connection: &mut AnyConnection, receipt: &Receipt) -> Result<ReceiptMatch, Error> {
    let Some(row) = db::receipts::find(connection, receipt.link.kind, receipt.link.id)? else {
        return Ok(ReceiptMatch::Absent);
    };
    Ok(if row.link() == receipt.link {
        ReceiptMatch::Present(row.position)
    } else if row.sha256 == receipt.link.sha256 && row.organization_id == receipt.link.organization {
        ReceiptMatch::Elsewhere(row.position)
    } else {
        ReceiptMatch::OtherContent
    })
}
