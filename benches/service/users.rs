//! Those who send requests: quartermasters of organizations spread over all banners, and two who read.

use std::collections::BTreeSet;
use std::net::SocketAddr;

use serde_json::{Value, json};

use crate::client::Client;
use crate::request::{DIGIT, Line, NOW, Request, UNIQUE};
use crate::server::{Data, PASSWORD};

/// Lines of a submitted count.
pub const LINES: usize = 60;

/// A quartermaster.
pub struct Quartermaster {
    pub username: String,
    /// The user name of an officer who manages the account.
    pub officer: String,
    pub token: String,
    pub depot_id: String,
    pub depot_code: String,
    pub organization: String,
    /// The items of a count: first those that the organization holds.
    pub items: Vec<String>,
}

/// All of them.
pub struct Users {
    pub quartermasters: Vec<Quartermaster>,
    /// The token of one who sees the first banner.
    pub of_banner: String,
    /// The token of one who sees all.
    pub of_all: String,
    /// The code of the first banner's region.
    pub region: String,
    /// An item that organizations are short of, if there is one.
    pub item: String,
    /// The path of an explanation that a quartermaster reads, with the token.
    pub explanation: (String, String),
}

/// Calls the service, for what is not measured.
pub struct Caller<'a> {
    client: Client,
    token: &'a str,
    address: SocketAddr,
}

impl<'a> Caller<'a> {
    pub async fn connect(address: SocketAddr, token: &'a str) -> Self {
        Self { client: Client::connect(address).await, token, address }
    }

    pub async fn get(&mut self, path: &str) -> Value {
        self.send(&Request::plain(&Line("GET", &format!("/api/v1{path}")), self.token, None)).await
    }

    /// Sends a request that has no part which must differ from those of others.
    pub async fn send(&mut self, request: &Request) -> Value {
        self.send_numbered(request, 0).await
    }

    pub async fn send_numbered(&mut self, request: &Request, number: u64) -> Value {
        // The service closes a connection that was idle for some seconds.
        self.client = Client::connect(self.address).await;
        let mut bytes = Vec::new();
        request.write(number, &mut 0, &mut bytes);
        self.client.call(&bytes).await
    }
}

/// The request that signs a user in.
pub fn sign_in(username: &str, is_measured: bool) -> Request {
    let (line, body) = (Line("POST", "/api/v1/auth/login"), json!({"username": username, "password": PASSWORD}));
    if is_measured { Request::new(&line, "", &[], Some(&body)) } else { Request::plain(&line, "", Some(&body)) }
}

pub async fn token_of(address: SocketAddr, username: &str) -> String {
    let answer = Caller::connect(address, "").await.send(&sign_in(username, false)).await;
    answer["access_token"].as_str().unwrap().to_owned()
}

impl Users {
    pub async fn sign_in(address: SocketAddr, data: &Data) -> Self {
        let (of_banner, of_all) = (token_of(address, "viewer").await, token_of(address, "all").await);
        let mut viewer = Caller::connect(address, &of_banner).await;
        let regions = viewer.get("/regions?limit=500").await;
        let region = regions["items"].as_array().unwrap().last().unwrap()["code"].as_str().unwrap().to_owned();
        let listed = viewer.get("/organizations?limit=500").await;
        let codes = listed["items"].as_array().unwrap().iter().map(|one| one["code"].as_str().unwrap().to_owned());
        let codes: Vec<String> =
            codes.filter(|code| data.only.is_empty() || data.only.contains(&code.as_str())).collect();
        // Where few organizations have counted, perhaps nobody is short of anything.
        let short = viewer.get("/shortages?status=short&limit=500").await;
        let some = viewer.get("/shortages?limit=500").await;
        let mut lines = [short, some].into_iter().flat_map(|page| page["items"].as_array().unwrap().clone());
        let found = lines.find(|line| !line["item"].is_null()).expect("no line of an item");
        let item = found["item"]["code"].as_str().unwrap().to_owned();
        let countable = countable(&mut viewer).await;
        let mut quartermasters = Vec::new();
        for (number, code) in codes.iter().enumerate() {
            let banner = u32::try_from(number).unwrap() % data.banners + 1;
            let prefix = if banner == 1 { String::new() } else { format!("B{banner}-") };
            quartermasters.push(Quartermaster::sign_in(address, &prefix, code, &countable).await);
        }
        let first = &quartermasters[0];
        let lines = Caller::connect(address, &first.token).await.get("/shortages?limit=50").await;
        let line = lines["items"][0]["line"].as_str().unwrap();
        let path = format!("/api/v1/organizations/{}/shortages/{line}", first.organization);
        let explanation = (path, first.token.clone());
        Self { quartermasters, of_banner, of_all, region, item, explanation }
    }
}

/// The items that are counted in whole units.
async fn countable(caller: &mut Caller<'_>) -> Vec<String> {
    let page = caller.get("/items?limit=500").await;
    let items = page["items"].as_array().unwrap();
    let whole = items.iter().filter(|item| item["measured"] == false);
    whole.map(|item| item["code"].as_str().unwrap().to_owned()).collect()
}

impl Quartermaster {
    async fn sign_in(address: SocketAddr, prefix: &str, code: &str, countable: &[String]) -> Self {
        let (organization, officer) = (format!("{prefix}{code}"), format!("{}officer", prefix.to_lowercase()));
        let username = organization.to_lowercase();
        let token = token_of(address, &username).await;
        let mut caller = Caller::connect(address, &token).await;
        let depots = caller.get("/depots?limit=1").await;
        let stock = caller.get("/stock?limit=500").await;
        let depot = &depots["items"][0];
        let text = |value: &Value| value.as_str().unwrap().to_owned();
        let held: BTreeSet<String> = stock["items"]
            .as_array()
            .unwrap()
            .iter()
            .map(|line| text(&line["item"]["code"]))
            .filter(|item| countable.contains(item))
            .collect();
        let others = countable.iter().filter(|item| !held.contains(*item)).cloned();
        let items = held.iter().cloned().chain(others).take(LINES).collect();
        let (depot_id, depot_code) = (text(&depot["id"]), text(&depot["code"]));
        Self { username, officer, depot_id, depot_code, organization, items, token }
    }

    /// A count of the first items, as it is sent.
    fn count(&self, lines: usize) -> Value {
        self.count_with(lines, DIGIT.parse().unwrap(), NOW)
    }

    /// A count of the first items with a quantity of each, made at a time.
    pub fn count_with(&self, lines: usize, quantity: u64, counted_at: &str) -> Value {
        let lines: Vec<Value> = (self.items.iter().zip(10..).take(lines))
            .map(|(item, lot)| {
                json!({"item": item, "quantity": quantity, "lot": format!("LOT{lot:06}"), "expires_on": "2029-06-15"})
            })
            .collect();
        json!({"depot_id": self.depot_id, "scope": "listed", "counted_at": counted_at, "lines": lines})
    }

    /// `PUT /counts/{id}` with a new count at the present time.
    pub fn submit(&self, lines: usize, is_minimal: bool) -> Request {
        let path = format!("/api/v1/counts/00000000-0000-4000-8000-{UNIQUE}");
        let headers: &[&str] = if is_minimal { &["Prefer: return=minimal"] } else { &[] };
        Request::new(&Line("PUT", &path), &self.token, headers, Some(&self.count(lines)))
    }

    /// The same, to be read here.
    pub fn submit_plain(&self, lines: usize) -> Request {
        let path = format!("/api/v1/counts/00000000-0000-4000-8000-{UNIQUE}");
        Request::plain(&Line("PUT", &path), &self.token, Some(&self.count(lines)))
    }

    /// `POST /sync` with so many new counts from a device of its own.
    pub fn push(&self, device: &str, commands: usize, lines: usize, is_measured: bool) -> Request {
        let command = || {
            let id = format!("00000000-0000-4000-8000-{UNIQUE}");
            json!({"id": id, "seq": "@seq@", "type": "submit_count", "data": self.count(lines)})
        };
        let commands: Vec<Value> = (0..commands).map(|_| command()).collect();
        let body = json!({"device_id": device, "sent_at": NOW, "queued": commands.len(), "commands": commands});
        let line = Line("POST", "/api/v1/sync");
        if is_measured {
            Request::new(&line, &self.token, &[], Some(&body))
        } else {
            Request::plain(&line, &self.token, Some(&body))
        }
    }

    pub fn get(&self, path: &str) -> Request {
        Request::new(&Line("GET", &format!("/api/v1{path}")), &self.token, &[], None)
    }

    /// The cursor of a device that has everything, and the pages of a first pull.
    pub async fn cursor(&self, address: SocketAddr) -> (String, usize) {
        let mut caller = Caller::connect(address, &self.token).await;
        let (mut path, mut pages) = ("/sync".to_owned(), 0);
        loop {
            let pulled = caller.get(&path).await;
            pages += 1;
            let cursor = pulled["cursor"].as_str().unwrap().to_owned();
            if pulled["more"] == false {
                return (cursor, pages);
            }
            path = format!("/sync?cursor={cursor}");
        }
    }
}
