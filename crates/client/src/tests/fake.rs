//! A service in memory that answers as the API defines, over a network with prescribed faults. It shares no code with
//! the real one.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::io::Read as _;
use std::rc::Rc;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ed25519_dalek::{Signer as _, SigningKey};
use serde_json::{Value, json};

use crate::transport::{Request, Response, TransportError};
use base::content::Content;

/// A fault of one exchange.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// The request does not arrive.
    LoseRequest,
    /// The service acts, and the answer does not arrive.
    LoseAnswer,
    /// The phone is killed before the request goes out.
    KillBefore,
    /// The phone is killed when the answer has arrived, before any of it is stored.
    KillAfter,
}

/// A command as it is stored.
#[derive(Clone)]
pub struct Stored {
    /// The bytes of its data.
    pub data: String,
    /// Its sequence number.
    pub seq: i64,
    /// Its receipt, if it was applied.
    pub receipt: Option<String>,
    /// The decision on it, if any.
    pub decision: Value,
    /// The resulting count.
    pub count_id: String,
    /// The code, if it was deposited.
    pub deposited: Option<&'static str>,
}

/// The service.
pub struct Fake {
    /// Everything received.
    pub stored: BTreeMap<String, Stored>,
    /// Ids that go into quarantine.
    pub suspicious: BTreeSet<String>,
    /// The data that every phone may see.
    pub things: BTreeMap<(String, String), Value>,
    /// Its past states, named by cursors.
    pub past: Vec<BTreeMap<(String, String), Value>>,
    /// Counts restores; a cursor of another one is answered with a reset.
    pub generation: usize,
    /// The number of changes on a page.
    pub page: usize,
    /// The maximum size of a request, decompressed, in bytes.
    pub largest: usize,
    /// The id of the account.
    pub account: uuid::Uuid,
    /// The code, if the session has ended.
    pub ended: Option<&'static str>,
    /// The key that signs receipts.
    pub key: SigningKey,
    /// Earlier keys that are still served.
    pub retired: Vec<SigningKey>,
    /// The requests received.
    pub requests: Vec<Request>,
    /// The faults, by the number of the exchange, from 0.
    pub faults: BTreeMap<usize, Fault>,
    /// Answers given in place of the service's own, by path and method, while there are any.
    pub instead: Vec<(&'static str, &'static str, Response)>,
    /// A change made to the results of a push.
    pub mangle: Option<fn(&mut Vec<Value>)>,
    /// The number of exchanges begun.
    pub exchanges: usize,
    used_refresh: usize,
    access: usize,
    expired_below: usize,
    positions: i64,
}

/// A handle on the service.
pub type Shared = Rc<RefCell<Fake>>;

/// An answer in JSON.
pub fn answer(status: u16, body: &Value) -> Response {
    let headers = vec![("Content-Type".to_owned(), "application/json".to_owned())];
    Response { status, headers, body: body.to_string().into_bytes() }
}

/// A problem.
pub fn problem(status: u16, code: &str) -> Response {
    answer(status, &json!({ "status": status, "code": code, "title": code, "detail": format!("it is {code}") }))
}

/// The bytes of a request's body, decompressed.
pub fn body_of(request: &Request) -> Vec<u8> {
    if request.header("content-encoding") != Some("gzip") {
        return request.body.clone();
    }
    let mut body = Vec::new();
    flate2::read::GzDecoder::new(request.body.as_slice()).read_to_end(&mut body).unwrap();
    body
}

fn kid(key: &SigningKey) -> String {
    URL_SAFE_NO_PAD.encode(&key.verifying_key().as_bytes()[..6])
}

/// A receipt by a key, with the hash of its claims.
pub fn receipt(key: &SigningKey, claims: &Value) -> String {
    let mut claims = claims.clone();
    claims["hash"] = domain::record::link::hash_in_payload(claims.to_string().as_bytes()).unwrap().into();
    let header = json!({ "alg": "EdDSA", "typ": "muster-receipt+jws", "kid": kid(key) });
    let part = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
    let text = format!("{}.{}", part(&header), part(&claims));
    let signature = key.sign(text.as_bytes());
    format!("{text}.{}", URL_SAFE_NO_PAD.encode(signature.to_bytes()))
}

impl Fake {
    /// A service with a depot that is open, one that is closed, and two items.
    pub fn new() -> Self {
        let mut fake = Self {
            stored: BTreeMap::new(),
            suspicious: BTreeSet::new(),
            things: BTreeMap::new(),
            past: Vec::new(),
            generation: 0,
            page: 2,
            largest: 1024 * 1024,
            account: uuid::Uuid::from_u128(3),
            ended: None,
            key: SigningKey::from_bytes(&[1; 32]),
            retired: Vec::new(),
            requests: Vec::new(),
            faults: BTreeMap::new(),
            instead: Vec::new(),
            mangle: None,
            exchanges: 0,
            used_refresh: 0,
            access: 0,
            expired_below: 0,
            positions: 0,
        };
        let depot = uuid::Uuid::from_u128(7).to_string();
        fake.put("depot", "T3-D1", json!({ "id": depot, "name_en": "Main store", "open": true }));
        fake.put("depot", "T3-D9", json!({ "id": depot, "name_en": "Old store", "open": false }));
        fake.put("item", "L2010101", json!({ "name_en": "Rope", "unit": "m", "measured": true }));
        fake.put("item", "L2010103", json!({ "name_en": "Mask", "unit": "set" }));
        fake.commit();
        fake
    }

    /// Stores an entry that phones may see.
    pub fn put(&mut self, kind: &str, key: &str, data: Value) {
        self.things.insert((kind.to_owned(), key.to_owned()), data);
    }

    /// Makes the present state one that a cursor can name.
    pub fn commit(&mut self) {
        self.past.push(self.things.clone());
    }

    /// Lets the access tokens issued so far expire.
    pub fn expire(&mut self) {
        self.expired_below = self.access + 1;
    }

    /// Restores the service from a backup without what was stored since.
    pub fn restore(&mut self) {
        self.stored.clear();
        self.generation += 1;
    }

    fn tokens(&mut self, refresh: usize) -> Response {
        self.access += 1;
        let user = json!({ "id": self.account, "username": "t3" });
        let (access, refresh) = (format!("a{}", self.access), format!("r{refresh}"));
        let body = json!({
            "access_token": access, "expires_in": 900, "refresh_token": refresh, "user": user,
            "device_token": "the secret of this phone"
        });
        answer(200, &body)
    }

    fn refresh(&mut self, body: &Value) -> Response {
        let sent: usize = body["refresh_token"].as_str().unwrap()[1..].parse().unwrap();
        if let Some(code) = self.ended {
            return problem(401, code);
        }
        match sent {
            sent if sent == self.used_refresh => self.tokens(sent + 1),
            sent if sent == self.used_refresh + 1 => {
                self.used_refresh = sent;
                self.tokens(sent + 1)
            }
            _ => {
                self.ended = Some("session_ended");
                problem(401, "session_ended")
            }
        }
    }

    fn sign(&mut self, id: &str, data: &str) -> String {
        self.positions += 1;
        let sha256 = Content::of_json(data.as_bytes().to_vec()).unwrap().sha256;
        let claims =
            json!({ "iss": "muster", "kind": "count", "id": id, "sha256": sha256, "position": self.positions });
        receipt(&self.key, &claims)
    }

    fn push(&mut self, request: &Request, is_deposit: bool) -> Response {
        let body = body_of(request);
        if body.len() > self.largest {
            return problem(413, "too_large");
        }
        let push: Value = serde_json::from_slice(&body).unwrap();
        // The raw bytes beside the values: a phone sends what it stored, not what it would write.
        let raw: Raw = serde_json::from_slice(&body).unwrap();
        if push["commands"].as_array().unwrap().iter().any(|command| command["data"]["poison"] == true) {
            return problem(422, "values_not_taken");
        }
        let mut results = Vec::new();
        for (command, raw) in push["commands"].as_array().unwrap().iter().zip(raw.commands) {
            results.push(self.push_one(command, raw.data.get(), is_deposit));
        }
        if let Some(mangle) = self.mangle {
            mangle(&mut results);
        }
        answer(200, &json!({ "results": results, "received_at": "2026-11-23T02:10:00Z", "revision": 1 }))
    }

    fn push_one(&mut self, command: &Value, data: &str, is_deposit: bool) -> Value {
        let (id, seq) = (command["id"].as_str().unwrap().to_owned(), command["seq"].as_i64().unwrap());
        let is_repeated = self.stored.contains_key(&id);
        if !is_repeated {
            let is_quarantined = is_deposit || self.suspicious.contains(&id);
            let receipt = match command["receipt"].as_str() {
                Some(receipt) => Some(receipt.to_owned()),
                None if is_quarantined => None,
                None => Some(self.sign(&id, data)),
            };
            let deposited = is_deposit.then(|| self.ended.unwrap_or("token_expired"));
            let (data, decision, count_id) = (data.to_owned(), Value::Null, id.clone());
            self.stored.insert(id.clone(), Stored { data, seq, receipt, decision, count_id, deposited });
        }
        let lapsed = matches!(self.stored[&id].deposited, Some("session_ended" | "token_expired"));
        if !is_deposit && lapsed && self.stored[&id].receipt.is_none() && self.stored[&id].decision.is_null() {
            let receipt = self.sign(&id, data);
            let stored = self.stored.get_mut(&id).unwrap();
            stored.receipt = Some(receipt);
            stored.decision = json!({ "status": "applied", "reason": "sent again" });
        }
        let stored = &self.stored[&id];
        assert_eq!((stored.data.as_str(), stored.seq), (data, seq), "a command came again as something else");
        let code = stored.deposited.unwrap_or("depot_unknown");
        let problem = json!({ "code": code, "detail": "it is kept" });
        match &stored.receipt {
            Some(_) if is_deposit => json!({ "id": id, "status": "applied", "repeated": true, "receipt": null }),
            Some(receipt) => json!({
                "id": id, "status": "applied", "repeated": is_repeated, "receipt": receipt,
                "count_id": stored.count_id, "decision": stored.decision,
            }),
            None => json!({
                "id": id, "status": "quarantined", "repeated": is_repeated, "problem": problem,
                "decision": stored.decision,
            }),
        }
    }

    fn pull(&mut self, request: &Request) -> Response {
        let cursor = request.path.split_once("cursor=").map(|(_, cursor)| cursor.replace("%2E", "."));
        let mut is_reset = false;
        let (from, skip) = match cursor.as_deref().map(|text| text.split('.').collect::<Vec<_>>()) {
            None => (None, 0),
            Some(parts) => {
                let numbers: Vec<usize> = parts.iter().map(|part| part.parse().unwrap()).collect();
                is_reset = numbers[0] != self.generation;
                if is_reset { (None, 0) } else { (numbers[1].checked_sub(1), numbers[2]) }
            }
        };
        let nothing = BTreeMap::new();
        let before = from.map_or(&nothing, |from| &self.past[from]);
        let mut changes = Vec::new();
        for ((kind, key), data) in &self.things {
            if before.get(&(kind.clone(), key.clone())) != Some(data) {
                changes.push(json!({ "type": kind, "op": "put", "key": key, "data": data }));
            }
        }
        for (kind, key) in before.keys().filter(|name| !self.things.contains_key(*name)) {
            changes.push(json!({ "type": kind, "op": "delete", "key": key, "data": null }));
        }
        let page: Vec<Value> = changes.iter().skip(skip).take(self.page).cloned().collect();
        let is_more = skip + page.len() < changes.len();
        if self.past.last() != Some(&self.things) {
            self.commit();
        }
        let (from, skip) =
            if is_more { (from.map_or(0, |from| from + 1), skip + page.len()) } else { (self.past.len(), 0) };
        let cursor = format!("{}.{from}.{skip}", self.generation);
        let body = json!({
            "changes": page, "cursor": cursor, "more": is_more, "reset": is_reset, "revision": self.past.len(),
        });
        answer(200, &body)
    }

    fn serve(&mut self, request: &Request) -> Response {
        let path = request.path.split('?').next().unwrap();
        let place = self.instead.iter().position(|(method, of, _)| *method == request.method && *of == path);
        if let Some(place) = place {
            return self.instead.remove(place).2;
        }
        let json = || serde_json::from_slice::<Value>(&body_of(request)).unwrap();
        match (request.method, path) {
            ("POST", "/api/v1/auth/login" | "/api/v1/auth/enrol") => {
                self.ended = None;
                self.used_refresh += 100;
                let next = self.used_refresh + 1;
                self.tokens(next)
            }
            ("POST", "/api/v1/auth/refresh") => self.refresh(&json()),
            ("POST", "/api/v1/auth/logout") => answer(200, &json!({ "signed_out": true })),
            ("GET", "/.well-known/jwks.json") => {
                let key = |key: &SigningKey| {
                    let x = URL_SAFE_NO_PAD.encode(key.verifying_key().as_bytes());
                    json!({ "kty": "OKP", "crv": "Ed25519", "alg": "EdDSA", "use": "sig", "kid": kid(key), "x": x })
                };
                let keys: Vec<Value> = self.retired.iter().chain([&self.key]).map(key).collect();
                answer(200, &json!({ "keys": keys }))
            }
            (method, "/api/v1/sync") => {
                let bearer = request.header("authorization").unwrap().strip_prefix("Bearer a").unwrap();
                let is_expired = bearer.parse::<usize>().unwrap() < self.expired_below;
                let is_deposit = self.ended.is_some() || request.path.ends_with("?deposit=true");
                match self.ended {
                    Some(code) if method == "GET" => problem(401, code),
                    _ if is_expired && !is_deposit => problem(401, "token_expired"),
                    _ if method == "GET" => self.pull(request),
                    _ => self.push(request, is_deposit),
                }
            }
            _ => problem(404, "no_such_path"),
        }
    }

    /// Performs one exchange over the network.
    pub fn exchange(shared: &Shared, request: &Request) -> Result<Response, TransportError> {
        let fault = {
            let mut fake = shared.borrow_mut();
            let number = fake.exchanges;
            fake.exchanges += 1;
            fake.faults.get(&number).copied()
        };
        let lost = || TransportError("the network is gone".to_owned());
        match fault {
            Some(Fault::LoseRequest) => return Err(lost()),
            Some(Fault::KillBefore) => kill(),
            _ => {}
        }
        let response = {
            let mut fake = shared.borrow_mut();
            fake.requests.push(request.clone());
            fake.serve(request)
        };
        match fault {
            Some(Fault::LoseAnswer) => Err(lost()),
            Some(Fault::KillAfter) => kill(),
            _ => Ok(response),
        }
    }
}

/// Ends the phone's work abruptly, as a kill does, without output.
fn kill() -> ! {
    std::panic::resume_unwind(Box::new("killed"))
}

#[derive(serde::Deserialize)]
struct Raw {
    commands: Vec<RawCommand>,
}

#[derive(serde::Deserialize)]
struct RawCommand {
    data: Box<serde_json::value::RawValue>,
}
