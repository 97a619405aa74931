//! The parameters of lists without filters.

use serde::{Deserialize, Serialize};
use validator::Validate;

use super::reply::Format;

/// The selection to list.
#[derive(Debug, Deserialize, Serialize, Validate, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct ListAll {
    /// The format of the answer; overrides `Accept`.
    pub format: Option<Format>,
    /// The maximum number to list.
    #[param(minimum = 1, maximum = 500, default = 50)]
    #[validate(range(min = 1, max = 500))]
    pub limit: Option<usize>,
    /// The `next_cursor` of the page before.
    #[param(max_length = 1000)]
    #[validate(length(max = 1000))]
    pub cursor: Option<String>,
}
