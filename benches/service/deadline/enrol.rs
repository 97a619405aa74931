//! A session for each phone: an officer's code signs a device in, which hashes no password.

use std::cell::RefCell;
use std::net::SocketAddr;

use futures_util::future::join_all;
use serde_json::json;

use crate::request::{Line, Request};
use crate::users::{Caller, Users, token_of};

/// The devices that are signed in at once.
const AT_ONCE: usize = 16;

/// The tokens of so many devices, which belong to the quartermasters in turn.
pub async fn devices(address: SocketAddr, users: &Users, number: usize) -> Vec<String> {
    let mut officers = std::collections::BTreeMap::new();
    for one in &users.quartermasters {
        if !officers.contains_key(&one.officer) {
            officers.insert(one.officer.clone(), token_of(address, &one.officer).await);
        }
    }
    let (next, tokens) = (RefCell::new(0..number), RefCell::new(vec![String::new(); number]));
    join_all((0..AT_ONCE).map(async |_| {
        loop {
            let Some(phone) = next.borrow_mut().next() else { break };
            let quartermaster = &users.quartermasters[phone % users.quartermasters.len()];
            let body = json!({"account": quartermaster.username, "note": format!("phone {phone}")});
            let (officer, line) = (&officers[&quartermaster.officer], Line("POST", "/api/v1/enrolments"));
            let issue = Request::plain(&line, officer, Some(&body));
            let issued = Caller::connect(address, officer).await.send(&issue).await;
            let body = json!({"code": issued["code"], "device_name": format!("phone {phone}")});
            let line = Line("POST", "/api/v1/auth/enrol");
            let signed_in = Caller::connect(address, "").await.send(&Request::plain(&line, "", Some(&body))).await;
            tokens.borrow_mut()[phone] = signed_in["access_token"].as_str().unwrap().to_owned();
        }
    }))
    .await;
    tokens.into_inner()
}
