//! Signing in, staying signed in, and signing out.

pub mod enrol;
pub mod login;
pub mod logout;
pub mod refresh;
pub mod signed_in;

use super::client_address::ClientAddress;
use crate::api::state::AppState;
use domain::attempts;
use service::attempts::Places;

/// The keys under which an attempt is counted. They are hashes: neither addresses nor names typed into the wrong field are
/// stored as such.
pub fn places(state: &AppState, address: ClientAddress, username: Option<&str>) -> Places {
    let key = state.keys.secret_key("sign-in attempts");
    Places {
        address: key.hash(&attempts::network(address.0)),
        account: username.map(|name| key.hash(&name.to_lowercase())),
    }
}
