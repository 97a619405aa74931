//! What the bureau reads: who is short of what, how sure the figure is, and why.

mod explain;
mod line;
mod list;
mod selection;
mod sentences;
mod summary;
mod table;

pub use explain::explain_shortage;
pub use line::ShortageLine;
pub use list::list_shortages;
pub use summary::summarize_shortages;
