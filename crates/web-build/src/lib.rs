//! The pages in `web/`, made ready to be served.
//!
//! [`join`](Bundle::join) is for the build: the modules of a surface become one file, every file but the pages and the worker
//! is named by its content, and all addresses follow. [`loose`](Bundle::loose) is for development: the sources as they are,
//! under the addresses that they are written with. Nothing is downloaded, and no other program runs.

mod addresses;
mod bundle;
mod fault;
mod join;
mod module;
pub mod pack;
mod script;
mod sources;
mod style;
pub mod table;
mod texts;
mod worker;

pub use bundle::{Asset, Bundle};
pub use fault::Fault;
