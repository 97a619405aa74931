//! The parties for whom an attempt to sign in counts.

use crate::api::client_address::ClientAddress;
use crate::api::state::AppState;
use auth::random_secret::RandomSecret;
use base::id::{AccountId, ClientId};
use domain::attempts::{Tried, network};
use service::attempts::{Place, Places};

fn place(state: &AppState, tried: Tried, name: &str) -> Place {
    Place::of(&state.keys, tried, name)
}

/// The parties for a user name with a password, from a device without a secret of the account.
pub fn of_stranger(state: &AppState, address: ClientAddress, username: &str) -> Places {
    let (address, username) = (network(address.0), username.to_lowercase());
    let at_address = format!("{address} {username}");
    Places {
        gates: vec![place(state, Tried::Address, &address), place(state, Tried::Account, &username)],
        counted: vec![place(state, Tried::AccountAtAddress, &at_address)],
    }
}

/// The party for a device with a secret of the account, which the failures of others do not delay.
pub fn of_device(state: &AppState, token: &RandomSecret) -> Places {
    Places { gates: vec![place(state, Tried::Device, &token.reveal())], counted: Vec::new() }
}

/// The party for the signed-in holder of an account who is asked for the password again. Its failures count at sign-in
/// too.
pub fn of_holder(state: &AppState, account: AccountId, username: &str) -> Places {
    Places {
        gates: vec![place(state, Tried::Holder, &account.to_string())],
        counted: vec![place(state, Tried::Account, &username.to_lowercase())],
    }
}

/// The parties for a one-time code.
pub fn of_code(state: &AppState, address: ClientAddress) -> Places {
    Places { gates: vec![place(state, Tried::CodeAddress, &network(address.0))], counted: Vec::new() }
}

/// The parties for a client's secret; `None` for text that is not a client's id.
pub fn of_client(state: &AppState, address: ClientAddress, client: Option<ClientId>) -> Places {
    let address = place(state, Tried::ClientAddress, &network(address.0));
    let client = client.map(|id| place(state, Tried::Client, &id.to_string()));
    Places { gates: std::iter::once(address).chain(client).collect(), counted: Vec::new() }
}
