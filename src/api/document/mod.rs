//! The OpenAPI document: what utoipa reads off the handlers, completed so that every generator of clients can read it.
//!
//! Each step is a file of its own. What holds for every operation is written once, in its step, and not at every handler.

mod answers;
mod base;
mod changes;
mod components;
mod limits;
pub mod parameters;
mod profiles;
mod values;
mod walk;

use std::sync::OnceLock;

use actix_web::http::header::EntityTag;
use serde::Serialize;
use serde_json::Value;
use utoipa::openapi::OpenApi;

pub use base::base;

use super::{offered, reply, scopes};

/// The complete document, with its members in the order in which people read it.
#[derive(Clone, Debug, Serialize)]
pub struct Document {
    openapi: Value,
    info: Value,
    servers: Value,
    tags: Value,
    paths: Value,
    components: Value,
    #[serde(skip)]
    written: OnceLock<(Vec<u8>, EntityTag)>,
}

impl Document {
    /// The document as JSON, and the tag of its content. It is written once.
    pub fn written(&self) -> (&[u8], &EntityTag) {
        let (bytes, tag) = self.written.get_or_init(|| {
            // Values that were read can always be written.
            let bytes = serde_json::to_vec(self).unwrap_or_default();
            let tag = reply::tag_of(None, &bytes);
            (bytes, tag)
        });
        (bytes, tag)
    }
}

/// Adds to the operations what the tables of the API say of them: scopes, and forms of answers.
pub fn with_tables(mut document: OpenApi) -> OpenApi {
    limits::set(&mut document);
    scopes::document(&mut document);
    offered::document(&mut document);
    document
}

/// The copies of the document.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Profile {
    /// All operations, as OpenAPI 3.1.
    Everything,
    /// All operations, as OpenAPI 3.0, for programs that cannot read 3.1.
    EverythingAs30,
    /// The operations that third-party programs may call.
    Programs,
    /// The same as OpenAPI 3.0.
    ProgramsAs30,
}

/// Every copy.
pub const PROFILES: [Profile; 4] =
    [Profile::Everything, Profile::EverythingAs30, Profile::Programs, Profile::ProgramsAs30];

impl Profile {
    /// The path at which the service serves it.
    pub fn path(self) -> &'static str {
        match self {
            Self::Everything => "/api/openapi.json",
            Self::EverythingAs30 => "/api/openapi-3.0.json",
            Self::Programs => "/api/programs.json",
            Self::ProgramsAs30 => "/api/programs-3.0.json",
        }
    }
}

/// A copy of the complete document, as served; that with everything is checked in. It is the same in every worker, and made
/// once.
pub fn complete(profile: Profile, described: impl FnOnce() -> OpenApi) -> &'static Document {
    static COPIES: [OnceLock<Document>; PROFILES.len()] = [const { OnceLock::new() }; PROFILES.len()];
    let [everything, everything_as_3_0, programs, programs_as_3_0] = &COPIES;
    let copy = match profile {
        Profile::Everything => everything,
        Profile::EverythingAs30 => everything_as_3_0,
        Profile::Programs => programs,
        Profile::ProgramsAs30 => programs_as_3_0,
    };
    copy.get_or_init(|| make(&described(), profile))
}

fn make(document: &OpenApi, profile: Profile) -> Document {
    let mut whole = serde_json::to_value(document).unwrap_or_default();
    changes::tell_data(&mut whole);
    components::tidy(&mut whole);
    answers::complete(&mut whole);
    parameters::complete(&mut whole);
    values::mark_open(&mut whole);
    values::limit_files(&mut whole);
    values::complete(&mut whole);
    if matches!(profile, Profile::Programs | Profile::ProgramsAs30) {
        profiles::for_programs(&mut whole);
    }
    if matches!(profile, Profile::EverythingAs30 | Profile::ProgramsAs30) {
        profiles::as_3_0(&mut whole);
    }
    let mut part = |name: &str| whole.get_mut(name).map(Value::take).unwrap_or_default();
    Document {
        openapi: part("openapi"),
        info: part("info"),
        servers: part("servers"),
        tags: part("tags"),
        paths: part("paths"),
        components: part("components"),
        written: OnceLock::new(),
    }
}
