//! The bureau's view: shortages, their certainty and their reasons.

mod explain;
mod line;
mod list;
mod notes;
mod selection;
mod sentences;
mod summary;
mod table;
mod view;

pub use explain::explain_shortage;
pub use line::ShortageLine;
pub use list::{list_shortages, write_all};
pub use selection::OrganizationSelection;
pub use summary::summarize_shortages;
