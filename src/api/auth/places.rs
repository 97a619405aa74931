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

/// Those of a user name with a password, from a device that holds no secret of the account.
pub fn of_stranger(state: &AppState, address: ClientAddress, username: &str) -> Places {
    let (address, username) = (network(address.0), username.to_lowercase());
    let at_address = format!("{address} {username}");
    Places {
        gates: vec![place(state, Tried::Address, &address), place(state, Tried::Account, &username)],
        counted: vec![place(state, Tried::AccountAtAddress, &at_address)],
    }
}

/// Those of a device that holds a secret of the account: neither strangers nor neighbours hold it up.
pub fn of_device(state: &AppState, token: &RandomSecret) -> Places {
    Places { gates: vec![place(state, Tried::Device, &token.reveal())], counted: Vec::new() }
}

/// Those of the signed-in holder of an account, who is asked for the password once more. Its failures count at sign-in too.
pub fn of_holder(state: &AppState, account: AccountId, username: &str) -> Places {
    Places {
        gates: vec![place(state, Tried::Holder, &account.to_string())],
        counted: vec![place(state, Tried::Account, &username.to_lowercase())],
    }
}

/// Those of a code of an account's second factor. A thief may have the password, and be signed in on a stolen device: so codes
/// count apart from passwords, and together wherever they are tried.
pub fn of_second_factor(state: &AppState, account: AccountId) -> Places {
    Places { gates: vec![place(state, Tried::SecondFactor, &account.to_string())], counted: Vec::new() }
}

/// Those of a one-time code.
pub fn of_code(state: &AppState, address: ClientAddress) -> Places {
    Places { gates: vec![place(state, Tried::CodeAddress, &network(address.0))], counted: Vec::new() }
}

/// Those of a client's secret; `None` for text that is no client's id.
pub fn of_client(state: &AppState, address: ClientAddress, client: Option<ClientId>) -> Places {
    let address = place(state, Tried::ClientAddress, &network(address.0));
    let client = client.map(|id| place(state, Tried::Client, &id.to_string()));
    Places { gates: std::iter::once(address).chain(client).collect(), counted: Vec::new() }
}
