//! The commands of the command line, one file each.

pub mod account;
mod arguments;
pub mod backup;
pub mod check_standards;
pub mod demo;
pub mod explain;
pub mod export;
pub mod generate;
pub mod import;
mod input;
mod keys;
pub mod labels;
mod ledgers;
pub mod migrate;
mod open_files;
pub mod openapi;
mod output_files;
pub mod phone;
pub mod rebuild;
pub mod restore;
pub mod serve;
mod stop;
mod upkeep;
pub mod verify;

use std::error::Error;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, TcpListener};
use std::sync::Arc;

use db::open_error::OpenError;
use db::url::DatabaseUrl;
use db::{Db, migrations};
use muster::api::metrics::Metrics;
use muster::api::tls::{Identity, TlsError};
use rustls::ServerConfig;

/// Listens on an address.
fn bind(address: &str) -> Result<TcpListener, String> {
    TcpListener::bind(address).map_err(|error| format!("the address {address} cannot be listened on: {error}"))
}

/// Metrics with their listener, if there is an address for it.
fn metrics_on(address: Option<&str>) -> Result<(Option<Arc<Metrics>>, Option<TcpListener>), Box<dyn Error>> {
    let Some(address) = address else { return Ok((None, None)) };
    let listener = bind(address)?;
    tracing::info!(address = %listener.local_addr()?, "metrics are served");
    Ok((Some(Arc::default()), Some(listener)))
}

/// The TLS of an identity, whose files are looked at from now on.
fn offer(identity: Option<Identity>) -> Result<Option<Arc<ServerConfig>>, TlsError> {
    let Some(identity) = identity else { return Ok(None) };
    let config = identity.config()?;
    actix_web::rt::spawn(identity.watch());
    Ok(Some(config))
}

/// Opens an existing database that is up to date: none is created by mistake, or changed while others serve it.
fn open(database: &DatabaseUrl) -> Result<Db, Box<dyn Error>> {
    require_up_to_date(database)?;
    Ok(Db::open(database)?)
}

/// Requires that no migration is pending.
fn require_up_to_date(database: &DatabaseUrl) -> Result<(), OpenError> {
    match migrations::look(database)?.pending.len() {
        0 => Ok(()),
        pending => Err(OpenError::Behind(pending)),
    }
}

/// The address at which a program on this machine can connect to one that listens on an address.
fn reachable(address: SocketAddr) -> SocketAddr {
    let ip = match address.ip() {
        IpAddr::V4(ip) if ip.is_unspecified() => Ipv4Addr::LOCALHOST.into(),
        IpAddr::V6(ip) if ip.is_unspecified() => Ipv6Addr::LOCALHOST.into(),
        ip => ip,
    };
    SocketAddr::new(ip, address.port())
}

/// A number with its noun, in the singular or the plural: `1 link`, `2 links`.
pub fn numbered(number: usize, noun: &str) -> String {
    format!("{number} {noun}{}", if number == 1 { "" } else { "s" })
}

/// A text from outside for the terminal: what steers one, such as the sequences for colours, is left out.
pub fn printable(text: &str) -> String {
    text.chars().filter(|sign| !sign.is_control()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_for_all_networks_is_shown_as_this_machine() {
        assert_eq!(reachable("0.0.0.0:80".parse().unwrap()).to_string(), "127.0.0.1:80");
        assert_eq!(reachable("[::]:80".parse().unwrap()).to_string(), "[::1]:80");
        assert_eq!(reachable("10.1.2.3:80".parse().unwrap()).to_string(), "10.1.2.3:80");
    }
}
