//! The network: HTTP/1.1 with TLS, one request at a time.

use std::io::Read as _;
use std::time::Duration;

use ureq::Agent;
use ureq::http;

use super::transport::{Request, Response, Transport, TransportError};

/// The time limit for connecting.
const CONNECT: Duration = Duration::from_secs(10);

/// The time limit for a request with its whole answer, allowing for slow rural connections.
const WHOLE: Duration = Duration::from_secs(120);

/// The maximum number of bytes read of an answer.
const LARGEST: u64 = 64 * 1024 * 1024;

/// Carries requests over the network. Certificates are checked against the roots that browsers trust.
pub struct Http {
    agent: Agent,
}

impl Http {
    /// Makes a client, which keeps its connections.
    pub fn new() -> Self {
        let config = Agent::config_builder()
            // Every status is an answer, and Muster sends no redirects.
            .http_status_as_error(false)
            .max_redirects(0)
            .timeout_connect(Some(CONNECT))
            .timeout_global(Some(WHOLE))
            .user_agent(concat!("muster-phone/", env!("CARGO_PKG_VERSION")))
            .build();
        Self { agent: config.into() }
    }
}

impl Default for Http {
    fn default() -> Self {
        Self::new()
    }
}

impl Transport for Http {
    fn send(&mut self, request: &Request) -> Result<Response, TransportError> {
        let lost = |error: &dyn std::fmt::Display| TransportError(error.to_string());
        let url = format!("{}{}", request.server, request.path);
        let mut building = http::Request::builder().method(request.method).uri(url);
        for (name, value) in &request.headers {
            building = building.header(name, value);
        }
        let answer = if request.method == "GET" {
            self.agent.run(building.body(()).map_err(|error| lost(&error))?)
        } else {
            self.agent.run(building.body(request.body.as_slice()).map_err(|error| lost(&error))?)
        };
        let mut answer = answer.map_err(|error| lost(&error))?;
        let mut body = Vec::new();
        answer.body_mut().as_reader().take(LARGEST).read_to_end(&mut body).map_err(|error| lost(&error))?;
        let text = |(name, value): (&http::HeaderName, &http::HeaderValue)| {
            Some((name.as_str().to_owned(), value.to_str().ok()?.to_owned()))
        };
        Ok(Response {
            status: answer.status().as_u16(),
            headers: answer.headers().iter().filter_map(text).collect(),
            body,
        })
    }
}
