//! The forms of answers in the document: every list can be had as a table, and every operation refuses what it does not
//! offer.

use std::collections::{BTreeSet, HashMap};

use actix_web::{HttpRequest, web};
use serde_json::json;
use utoipa::openapi::path::{Operation, Parameter, ParameterBuilder, ParameterIn, ParameterStyle};
use utoipa::openapi::schema::{ArrayBuilder, ArrayItems, ObjectBuilder, Schema, SchemaType, Type};
use utoipa::openapi::{Components, Content, OpenApi, Ref, RefOr, Required, Response, ResponseBuilder};

use super::list_table::{Column, columns_of};
use super::negotiation::{CSV, JSON, WORKBOOK};
use super::path_items::{operations, operations_mut};
use super::problem::MEDIA_TYPE;
use base::error::Error;

/// Says of every list that it can be had as a table, and of every operation which answer refuses other forms.
pub fn document(document: &mut OpenApi) {
    let Some(components) = document.components.as_ref() else { return };
    for operation in document.paths.paths.values_mut().flat_map(operations_mut) {
        if let Some(RefOr::T(answer)) = operation.responses.responses.get_mut("200")
            && let Some(columns) = columns_of_list(answer, components)
        {
            operation.parameters.get_or_insert_default().push(RefOr::T(fields(&columns)));
            // Some lists have tables of their own.
            if answer.content.len() == 1 {
                add_tables(answer, &columns);
                let description = operation.description.get_or_insert_default();
                description.push_str(TABLES);
            }
        }
        add_refusal(operation);
    }
}

/// The sentences about tables in the description of each list.
const TABLES: &str = "\n\nReturns JSON pages, or a table as CSV or XLSX, by `Accept` or `format`. The table has a column for \
    each value: in English under stable names and with codes, for programs; in Chinese in words. Where more follows than it \
    holds, the header `Link` (`rel=\"next\"`) names the next part.";

/// The parameter by which a list has only some members of its entries.
fn fields(columns: &[Column]) -> Parameter {
    let members: Vec<String> = members_of(columns).into_iter().collect();
    let number = members.len();
    let name = ObjectBuilder::new().schema_type(SchemaType::Type(Type::String)).enum_values(Some(members)).build();
    let names = ArrayBuilder::new().items(name).max_items(Some(number)).build();
    ParameterBuilder::new()
        .name("fields")
        .parameter_in(ParameterIn::Query)
        .required(Required::False)
        .description(Some(FIELDS))
        .style(Some(ParameterStyle::Form))
        .explode(Some(true))
        .schema(Some(names))
        .build()
}

/// The description of that parameter.
const FIELDS: &str = "The members that each entry has, also separated by commas; all if left out. The answer then lacks the \
    others, also those that its schema requires: read it without the schema, or as a table, whose columns are only those of the \
    members named.";

fn members_of(columns: &[Column]) -> BTreeSet<String> {
    columns.iter().map(|column| column.member().to_owned()).collect()
}

/// The columns of every list, by the id of its operation.
#[derive(Debug, Default)]
pub struct ListColumns(HashMap<String, Vec<Column>>);

impl ListColumns {
    /// The columns of the lists of a document.
    pub fn of(document: &OpenApi) -> Self {
        let operations = document.paths.paths.values().flat_map(operations);
        let columns = operations.filter_map(|(_, operation)| {
            let RefOr::T(answer) = operation.responses.responses.get("200")? else { return None };
            let columns = columns_of_list(answer, document.components.as_ref()?)?;
            Some((operation.operation_id.clone()?, columns))
        });
        Self(columns.collect())
    }

    /// The columns of the list that a request asks for.
    ///
    /// # Errors
    /// `Internal` for a request of something else.
    pub fn for_request(request: &HttpRequest) -> Result<Vec<Column>, Error> {
        Self::find(request).cloned().ok_or(Error::Internal("a list has no columns in the document", None))
    }

    /// The members of the entries of the list that a request asks for; `None` for a request of something else.
    pub fn members(request: &HttpRequest) -> Option<BTreeSet<String>> {
        Self::find(request).map(|columns| members_of(columns))
    }

    fn find(request: &HttpRequest) -> Option<&Vec<Column>> {
        request.app_data::<web::Data<Self>>()?.0.get(request.match_name()?)
    }
}

/// The columns of a list in pages; `None` for any other answer.
fn columns_of_list(answer: &Response, components: &Components) -> Option<Vec<Column>> {
    let RefOr::T(content) = answer.content.get(JSON)? else { return None };
    let find = |name: &str| components.schemas.get(name);
    let page = resolve(content.schema.as_ref()?, components)?;
    let Schema::Object(page) = page else { return None };
    page.properties.get("next_cursor")?;
    let Schema::Array(items) = resolve(page.properties.get("items")?, components)? else { return None };
    let ArrayItems::RefOrSchema(item) = &items.items else { return None };
    Some(columns_of(item, &find))
}

/// The schema that a reference leads to; `None` for one that leads nowhere.
pub(super) fn resolve<'c>(schema: &'c RefOr<Schema>, components: &'c Components) -> Option<&'c Schema> {
    match schema {
        RefOr::T(schema) => Some(schema),
        RefOr::Ref(reference) => {
            resolve(components.schemas.get(reference.ref_location.rsplit('/').next()?)?, components)
        }
    }
}

fn add_tables(answer: &mut Response, columns: &[Column]) {
    let header = columns.iter().map(|column| column.name.as_str()).collect::<Vec<_>>().join(",");
    let text = || ObjectBuilder::new().schema_type(SchemaType::Type(Type::String)).build();
    let csv = Content::builder().schema(Some(text())).example(Some(json!(format!("{header}\n")))).build();
    answer.content.insert(CSV.to_owned(), csv.into());
    answer.content.insert(WORKBOOK.to_owned(), Content::builder().schema(Some(text())).build().into());
}

/// An answer without a body is in every form, and refuses none.
fn add_refusal(operation: &mut Operation) {
    let has_body = operation.responses.responses.iter().any(|(status, answer)| {
        status.starts_with('2') && matches!(answer, RefOr::T(answer) if !answer.content.is_empty())
    });
    if !has_body {
        return;
    }
    let problem = Content::builder().schema(Some(Ref::from_schema_name("Problem"))).build();
    let refusal = ResponseBuilder::new()
        .description("The answer cannot be had in a form that `Accept` takes.")
        .content(MEDIA_TYPE, problem)
        .build();
    operation.responses.responses.insert("406".to_owned(), refusal.into());
}
