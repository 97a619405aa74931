//! The parties for whom an attempt to sign in counts.

use crate::api::client_address::ClientAddress;
use crate::api::state::AppState;
use auth::random_secret::RandomSecret;
use base::id::{AccountId, ClientId};
use domain::attempts::{Tried, network};
use service::attempts::{Parties, Party};

fn party(state: &AppState, tried: Tried, name: &str) -> Party {
    Party::of(&state.keys, tried, name)
}

/// Those of a user name with a password, from a device that holds no secret of the account.
pub fn of_stranger(state: &AppState, address: ClientAddress, username: &str) -> Parties {
    let (address, username) = (network(address.0), username.to_lowercase());
    let at_address = format!("{address} {username}");
    Parties {
        gates: vec![party(state, Tried::Address, &address), party(state, Tried::Account, &username)],
        counted: vec![party(state, Tried::AccountAtAddress, &at_address)],
    }
}

/// Those of a device that holds a secret of the account: neither strangers nor neighbours hold it up.
pub fn of_device(state: &AppState, token: &RandomSecret) -> Parties {
    Parties { gates: vec![party(state, Tried::Device, &token.reveal())], counted: Vec::new() }
}

/// Those of the signed-in holder of an account, who is asked for the password once more. Its failures count at sign-in too.
pub fn of_holder(state: &AppState, account: AccountId, username: &str) -> Parties {
    Parties {
        gates: vec![party(state, Tried::Holder, &account.to_string())],
        counted: vec![party(state, Tried::Account, &username.to_lowercase())],
    }
}

/// Those of a code of an account's second factor. A thief may have the password, and be signed in on a stolen device: so codes
/// count apart from passwords, and together wherever they are tried.
pub fn of_second_factor(state: &AppState, account: AccountId) -> Parties {
    Parties { gates: vec![party(state, Tried::SecondFactor, &account.to_string())], counted: Vec::new() }
}

/// Those of a one-time code.
pub fn of_code(state: &AppState, address: ClientAddress) -> Parties {
    Parties { gates: vec![party(state, Tried::CodeAddress, &network(address.0))], counted: Vec::new() }
}

/// Those of a client's secret; `None` for text that is no client's id.
pub fn of_client(state: &AppState, address: ClientAddress, client: Option<ClientId>) -> Parties {
    let address = party(state, Tried::ClientAddress, &network(address.0));
    let client = client.map(|id| party(state, Tried::Client, &id.to_string()));
    Parties { gates: std::iter::once(address).chain(client).collect(), counted: Vec::new() }
}
