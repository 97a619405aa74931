//! The format of an answer.

use actix_web::HttpRequest;
use serde::{Deserialize, Serialize};

use super::negotiation::{CSV, JSON, WORKBOOK, best_of};
use super::page::DEFAULT_LIMIT;

/// The format of an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Format {
    /// JSON, in pages.
    Json,
    /// A CSV table with a header row.
    Csv,
    /// A workbook with that table.
    Xlsx,
}

/// The most things in a table of what grows without end, unless the client sets a limit.
const TABLE_LIMIT: usize = 2_000;

impl Format {
    /// The format requested by name, or the one that `Accept` likes best.
    pub fn of(named: Option<Self>, request: &HttpRequest) -> Self {
        named.unwrap_or_else(|| match best_of(request, &[JSON, CSV, WORKBOOK]) {
            Some(CSV) => Self::Csv,
            Some(WORKBOOK) => Self::Xlsx,
            _ => Self::Json,
        })
    }

    /// The limit of a list that is read whole: a table has all of it if the client sets none.
    pub fn limit(self, asked: Option<usize>) -> Option<usize> {
        asked.or(match self {
            Self::Json => None,
            Self::Csv | Self::Xlsx => Some(usize::MAX),
        })
    }

    /// The limit of a list that grows without end.
    pub fn limit_of_growing(self, asked: Option<usize>) -> usize {
        asked.unwrap_or(match self {
            Self::Json => DEFAULT_LIMIT,
            Self::Csv | Self::Xlsx => TABLE_LIMIT,
        })
    }
}
