//! Reading the audit: who changed what, when, by which operation and from which device, with the values before and after.

mod list;
mod table;
mod view;
mod words;

pub use list::list_audit;
