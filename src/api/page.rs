//! Lists in pages: a fixed order, and opaque cursors into it.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use base::error::Error;
use text::messages::message;

/// The number of entries on a page if the client sets none.
pub const DEFAULT_LIMIT: usize = 50;

/// A page of a list.
#[derive(Clone, Debug, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Page<T> {
    /// The entries, in the order of the list.
    #[schema(max_items = 500)]
    pub items: Vec<T>,
    /// The cursor to send for the next page; `null` on the last.
    #[schema(max_length = 1000, example = "eyJjb2RlIjoiSEMtMDQifQ")]
    pub next_cursor: Option<String>,
}

impl<T> Page<T> {
    /// The page that a request asks for, by its `limit` and `cursor`, of a list in memory, in the order of the keys. The
    /// list is sorted here, because a database may sort texts in its own order.
    ///
    /// # Errors
    /// `Invalid` for a cursor that does not belong to this list.
    pub fn of<K: Clone + Ord + Serialize + DeserializeOwned>(
        keyed: impl IntoIterator<Item = (K, T)>,
        limit: Option<usize>,
        cursor: Option<&str>,
    ) -> Result<Self, Error> {
        let after: Option<K> = from_cursor(cursor)?;
        let mut rest: Vec<(K, T)> =
            keyed.into_iter().filter(|(key, _)| after.as_ref().is_none_or(|after| key > after)).collect();
        rest.sort_by(|(one, _), (other, _)| one.cmp(other));
        let page = Page::cut(rest, limit, |(key, _)| key.clone())?;
        Ok(Self { items: page.items.into_iter().map(|(_, thing)| thing).collect(), next_cursor: page.next_cursor })
    }

    /// The first page of the rest of a list. One more entry than the page holds is enough to know whether there is a next
    /// page.
    pub fn cut<K: Serialize>(
        all: impl IntoIterator<Item = T>,
        limit: Option<usize>,
        key: impl Fn(&T) -> K,
    ) -> Result<Self, Error> {
        let limit = limit.unwrap_or(DEFAULT_LIMIT);
        let mut items: Vec<T> = all.into_iter().take(limit.saturating_add(1)).collect();
        let more = items.len() > limit;
        items.truncate(limit);
        let next_cursor = match items.last() {
            Some(last) if more => Some(to_cursor(&key(last))?),
            _ => None,
        };
        Ok(Self { items, next_cursor })
    }
}

/// A position in a list as an opaque text.
pub fn to_cursor<K: Serialize>(place: &K) -> Result<String, Error> {
    serde_json::to_vec(place)
        .map(|json| URL_SAFE_NO_PAD.encode(json))
        .map_err(|error| Error::internal("a cursor cannot be written", error))
}

/// The position that a cursor names.
///
/// # Errors
/// `Invalid` for a cursor that does not belong to this list.
pub fn from_cursor<K: DeserializeOwned>(cursor: Option<&str>) -> Result<Option<K>, Error> {
    cursor
        .map(|cursor| {
            URL_SAFE_NO_PAD
                .decode(cursor)
                .ok()
                .and_then(|json| serde_json::from_slice(&json).ok())
                .ok_or_else(|| Error::invalid("/cursor", "cursor_unknown", message!("cursor-unknown")))
        })
        .transpose()
}
