//! What can be asked for on the command line: one file for each command.

pub mod backup;
pub mod demo;
pub mod migrate;
pub mod openapi;
pub mod restore;
pub mod serve;
mod stop;
pub mod verify;

use std::net::TcpListener;

/// Listens on an address.
fn bind(address: &str) -> Result<TcpListener, String> {
    TcpListener::bind(address).map_err(|error| format!("the address {address} cannot be listened on: {error}"))
}
