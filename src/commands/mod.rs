//! The commands of the command line, one file each.

pub mod backup;
pub mod demo;
pub mod export;
pub mod import;
pub mod migrate;
pub mod openapi;
pub mod phone;
pub mod restore;
mod revocations;
pub mod serve;
mod stop;
pub mod verify;

use std::error::Error;
use std::net::TcpListener;

use db::open_error::OpenError;
use db::url::DatabaseUrl;
use db::{Db, migrations};

/// Listens on an address.
fn bind(address: &str) -> Result<TcpListener, String> {
    TcpListener::bind(address).map_err(|error| format!("the address {address} cannot be listened on: {error}"))
}

/// Opens an existing database that is up to date: none is created by mistake, or changed while others serve it.
fn open(database: &DatabaseUrl) -> Result<Db, Box<dyn Error>> {
    match migrations::look(database)?.pending.len() {
        0 => Ok(Db::open(database)?),
        pending => Err(OpenError::Behind(pending).into()),
    }
}
