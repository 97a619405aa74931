//! Reading query strings: unknown parameters are refused, and every fault is reported with its place.

use std::borrow::Cow;
use std::future::{Ready, ready};

use actix_web::dev::Payload;
use actix_web::{FromRequest, HttpRequest};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use validator::Validate;

use super::declared::DeclaredQueries;
use super::fields::Fields;
use crate::api::error::ApiError;
use base::error::Error;
use service::input_errors;

/// The parameters of an operation that has none.
#[derive(Debug, Deserialize, Validate)]
#[serde(deny_unknown_fields)]
pub struct NoParameters {}

/// The parameters of a query string, checked.
#[derive(Debug)]
pub struct Query<T>(pub T);

impl<T: DeserializeOwned + Validate> Query<T> {
    fn read(query: &str) -> Result<Self, ApiError> {
        let reader = serde_html_form::Deserializer::from_bytes(query.as_bytes());
        let value: T = serde_path_to_error::deserialize(reader)
            .map_err(|error| ApiError::Malformed(vec![input_errors::of_query(&error)]))?;
        value.validate().map_err(|errors| Error::Invalid(input_errors::of_validation(&errors)))?;
        Ok(Self(value))
    }
}

impl<T: DeserializeOwned + Validate> FromRequest for Query<T> {
    type Error = ApiError;
    type Future = Ready<Result<Self, ApiError>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        // Of a list, `fields` is about the answer, whatever its other parameters are.
        let others = Fields::of(request).map(|fields| match fields.is_all() {
            true => Cow::Borrowed(request.query_string()),
            false => Cow::Owned(Fields::without(request.query_string())),
        });
        ready(DeclaredQueries::check(request).and(others).and_then(|query| Self::read(&query)))
    }
}
