//! The token endpoint for programs of others: the client credentials grant of RFC 6749.
//!
//! Here, and only here, RFC 6749 says how requests and failures look, as the libraries that programs bring know it: a
//! form in, `{"error": …}` out. What fails on the way to it (another method, a busy service) is a problem as ever.

mod credentials;
mod form;
mod refusal;
pub mod token;
