//! Where a genuine receipt stands against the chain that is stored now.

use std::fmt;

use base::error::Error;
use db::connection::AnyConnection;
use domain::receipt::Receipt;

/// What the present chain has of what a genuine receipt was given for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Standing {
    /// The very link.
    Present(i64),
    /// The same thing with the same content, in another link at this place.
    Elsewhere(i64),
    /// Nothing.
    Absent,
    /// Something of other content under its id.
    OtherContent,
}

impl fmt::Display for Standing {
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

/// Looks for what a receipt was given for, in a transaction of the caller's.
///
/// # Errors
/// Where the database fails.
pub fn standing(connection: &mut AnyConnection, receipt: &Receipt) -> Result<Standing, Error> {
    let Some(row) = db::receipts::find(connection, receipt.link.kind, receipt.link.id)? else {
        return Ok(Standing::Absent);
    };
    Ok(if row.link() == receipt.link {
        Standing::Present(row.position)
    } else if row.sha256 == receipt.link.sha256 && row.organization_id == receipt.link.organization {
        Standing::Elsewhere(row.position)
    } else {
        Standing::OtherContent
    })
}
