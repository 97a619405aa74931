//! The token endpoint for programs of others: the client credentials grant of RFC 6749.
//!
//! Only here do requests and failures have the form of RFC 6749, which OAuth libraries expect: a form comes in, and
//! `{"error": …}` goes out. Failures outside the endpoint itself (another method, a busy service) are problems as
//! everywhere.

mod credentials;
mod form;
mod refusal;
pub mod token;
