//! The operations of a path in the document as utoipa holds it.

use utoipa::openapi::path::{Operation, PathItem};

/// The operations of a path, each with its method.
pub(super) fn operations(item: &PathItem) -> impl Iterator<Item = (&'static str, &Operation)> {
    let operations = [&item.get, &item.put, &item.post, &item.patch, &item.delete];
    METHODS.into_iter().zip(operations).filter_map(|(method, operation)| Some((method, operation.as_ref()?)))
}

/// The same, to be added to.
pub(super) fn operations_mut(item: &mut PathItem) -> impl Iterator<Item = &mut Operation> {
    [&mut item.get, &mut item.put, &mut item.post, &mut item.patch, &mut item.delete].into_iter().flatten()
}

/// The methods of operations, in their order.
pub(super) const METHODS: [&str; 5] = ["GET", "PUT", "POST", "PATCH", "DELETE"];
