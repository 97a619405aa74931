//! Signing in, staying signed in, and the headers of every request.

use chrono::{DateTime, Utc};
use serde_json::json;

use super::Phone;
use super::error::PhoneError;
use super::exchange::{Failure, Halt, ServiceAnswer, exchange};
use super::retry::Verdict;
use super::store::tokens::{self, Tokens};
use super::store::{commands, settings};
use super::transport::{Request, TransportError};
use super::wire::SignedIn;

/// Makes the body of a request at the time it is sent, because it may state that time.
pub type Body<'a> = &'a dyn Fn(DateTime<Utc>) -> Result<Vec<u8>, PhoneError>;

impl Phone {
    /// Signs in with a password; the phone must belong to the same account, or to none yet.
    ///
    /// # Errors
    /// If the service cannot be reached or refuses, or the phone belongs to another account.
    pub fn sign_in(
        &mut self,
        server: &str,
        username: &str,
        password: &str,
        device_name: &str,
    ) -> Result<(), PhoneError> {
        let token = self.device_token()?;
        let body = json!({
            "username": username, "password": password, "device_name": device_name, "device_token": token
        });
        self.begin_session(server, "/api/v1/auth/login", &body, None)
    }

    /// Signs in with a one-time code given by an officer.
    ///
    /// # Errors
    /// Same as [`Phone::sign_in`]. If the answer was lost, the same code may be sent again by this phone.
    pub fn enrol(&mut self, server: &str, code: &str, device_name: &str) -> Result<(), PhoneError> {
        let body = json!({ "code": code, "device_name": device_name, "device_token": self.device_token()? });
        // A code is typed with blanks, between which the stored key would not be found again.
        let typed: String = code.split_whitespace().collect();
        let key = self.store.change(|connection| settings::repeat_key(connection, &typed))?;
        self.begin_session(server, "/api/v1/auth/enrol", &body, Some(&key))
    }

    fn device_token(&mut self) -> Result<Option<String>, PhoneError> {
        self.store.read(|connection| settings::find(connection, settings::DEVICE_TOKEN))
    }

    fn begin_session(
        &mut self,
        server: &str,
        path: &str,
        body: &serde_json::Value,
        key: Option<&str>,
    ) -> Result<(), PhoneError> {
        let server = server.trim_end_matches('/');
        if !server.starts_with("http://") && !server.starts_with("https://") {
            return Err(PhoneError::Invalid(format!("the server {server} must begin with https:// or http://")));
        }
        let signed_in = self.ask_for_tokens(server, path, body, key).map_err(|failure| of_sign_in(server, failure))?;
        let new = tokens_of(&signed_in, self.now());
        let present = self.store.read(tokens::find)?;
        if let Some(present) = present.filter(|present| present.account != new.account) {
            // Commands waiting here must not be sent in another's name. The new session is of no use.
            let _ = self.ask(server, "/api/v1/auth/logout", &json!({ "refresh_token": new.refresh_token }), None);
            return Err(PhoneError::OtherAccount { present: present.username, other: new.username });
        }
        self.store.change(|connection| {
            settings::put(connection, settings::SERVER, server)?;
            settings::forget(connection, settings::FAILURES)?;
            if let Some(token) = &signed_in.device_token {
                settings::put(connection, settings::DEVICE_TOKEN, token)?;
            }
            commands::repeat_deposited(connection)?;
            tokens::put(connection, &new)
        })
    }

    fn ask_for_tokens(
        &mut self,
        server: &str,
        path: &str,
        body: &serde_json::Value,
        key: Option<&str>,
    ) -> Result<SignedIn, Failure> {
        self.ask(server, path, body, key)?.read()
    }

    fn ask(
        &mut self,
        server: &str,
        path: &str,
        body: &serde_json::Value,
        key: Option<&str>,
    ) -> Result<ServiceAnswer, Failure> {
        let mut headers = common_headers(&self.device_id);
        headers.extend(key.map(|key| ("idempotency-key".to_owned(), key.to_owned())));
        headers.push(("content-type".to_owned(), "application/json".to_owned()));
        let (server, path) = (server.to_owned(), path.to_owned());
        let request = Request { method: "POST", server, path, headers, body: body.to_string().into_bytes() };
        exchange(self.surroundings.transport.as_mut(), &request)
    }

    /// The tokens of the phone.
    pub(super) fn tokens(&mut self) -> Result<Tokens, PhoneError> {
        self.store.read(tokens::find)?.ok_or(PhoneError::NotSignedIn)
    }

    /// Requests the next pair of tokens for the present one. A lost answer costs nothing: the stored pair is sent
    /// again, and gets the same successor.
    fn refresh(&mut self, used: &Tokens) -> Result<Tokens, Halt> {
        let server = self.server()?;
        let body = json!({ "refresh_token": used.refresh_token });
        // Stored before it is sent: somebody who copied the token does not know it.
        let key = self.store.change(|connection| settings::repeat_key(connection, &used.refresh_token))?;
        match self.ask_for_tokens(&server, "/api/v1/auth/refresh", &body, Some(&key)) {
            Ok(signed_in) => {
                let next = tokens_of(&signed_in, self.now());
                self.store.change(|connection| tokens::replace(connection, used, &next))?;
                Ok(self.tokens()?)
            }
            // If the refresh itself is refused, no further refresh can help, whatever the code.
            Err(failure) if matches!(failure.verdict, Verdict::Refresh | Verdict::SignIn) => {
                self.end_session(used, &failure)?;
                Err(Halt::Unheard(Failure { verdict: Verdict::SignIn, ..failure }))
            }
            Err(failure) => Err(Halt::Unheard(failure)),
        }
    }

    fn end_session(&mut self, of: &Tokens, failure: &Failure) -> Result<(), PhoneError> {
        self.store.change(|connection| tokens::end(connection, of, &failure.problem.code))
    }

    /// Sends a request in the name of the signed-in account, refreshing its tokens if needed.
    pub(super) fn call(
        &mut self,
        method: &'static str,
        path: &str,
        body: Option<Body<'_>>,
    ) -> Result<ServiceAnswer, Halt> {
        let server = self.server()?;
        let mut tokens = self.tokens()?;
        let mut may_refresh = tokens.ended.is_none();
        if may_refresh && !tokens.are_fresh(self.now().timestamp_micros()) {
            tokens = self.refresh(&tokens)?;
            may_refresh = false;
        }
        loop {
            let mut headers = common_headers(&self.device_id);
            headers.push(("authorization".to_owned(), format!("Bearer {}", tokens.access_token)));
            let mut packed = Vec::new();
            if let Some(body) = body {
                packed = super::exchange::pack(&body(self.now())?)?;
                headers.push(("content-type".to_owned(), "application/json".to_owned()));
                headers.push(("content-encoding".to_owned(), "gzip".to_owned()));
            }
            let request = Request { method, server: server.clone(), path: path.to_owned(), headers, body: packed };
            match exchange(self.surroundings.transport.as_mut(), &request) {
                Ok(heard) => {
                    self.heard_at = Some((self.now(), heard.date));
                    return Ok(heard);
                }
                Err(failure) if failure.verdict == Verdict::Refresh && may_refresh => {
                    tokens = self.refresh(&tokens)?;
                    may_refresh = false;
                }
                Err(failure) if failure.verdict == Verdict::SignIn && tokens.ended.is_none() => {
                    self.end_session(&tokens, &failure)?;
                    return Err(Halt::Unheard(failure));
                }
                Err(failure) => return Err(Halt::Unheard(failure)),
            }
        }
    }

    /// The service's address.
    pub(super) fn server(&mut self) -> Result<String, PhoneError> {
        let server = self.store.read(|connection| settings::find(connection, settings::SERVER))?;
        server.ok_or(PhoneError::NotSignedIn)
    }
}

fn tokens_of(signed_in: &SignedIn, now: DateTime<Utc>) -> Tokens {
    let SignedIn { user, access_token, refresh_token, expires_in, .. } = signed_in;
    let (account, obtained_at) = (user.id.to_string(), now.timestamp_micros());
    let (access_token, refresh_token) = (access_token.clone(), refresh_token.clone());
    Tokens::new(account, user.username.clone(), access_token, refresh_token, obtained_at, *expires_in)
}

/// The headers that every request carries.
pub(super) fn common_headers(device_id: &str) -> Vec<(String, String)> {
    let headers = [("accept", "application/json"), ("accept-encoding", "gzip"), ("muster-device", device_id)];
    headers.into_iter().map(|(name, value)| (name.to_owned(), value.to_owned())).collect()
}

fn of_sign_in(server: &str, failure: Failure) -> PhoneError {
    let server = server.to_owned();
    match failure.problem {
        problem if problem.code == super::codes::NOT_MUSTER => PhoneError::NotMuster(server, problem.detail),
        problem if problem.status == 0 => PhoneError::Unreachable(server, TransportError(problem.detail)),
        problem if (500..600).contains(&problem.status) => PhoneError::Later(server, problem),
        problem => PhoneError::Refused(problem),
    }
}
