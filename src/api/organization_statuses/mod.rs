//! Organizations by their status: who is up to standard, who is short, and who has to be asked for what.

mod list;
mod table;
mod view;

pub use list::list_organization_statuses;
