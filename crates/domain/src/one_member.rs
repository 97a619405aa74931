//! Enums whose JSON is one object with optional members, of which exactly one is present.
//!
//! Typed languages read such an object as it is, while they cannot tell the branches of an untagged union apart.

/// Defines an enum whose JSON is an object with one member for each variant, and exactly one of them present.
///
/// The second name is that of the object with its members; it appears only in the schema and in error messages.
macro_rules! one_member {
    (
        $(#[$outer:meta])*
        pub enum $name:ident as $members:ident {
            $( $(#[doc = $doc:literal])* $(#[schema($($schema:tt)*)])* $variant:ident($word:literal $member:ident: $type:ty) ),+ $(,)?
        }
    ) => {
        $(#[$outer])*
        pub enum $name {
            $( $(#[doc = $doc])* $variant($type) ),+
        }

        $(#[$outer])*
        #[derive(Default, serde::Deserialize, utoipa::ToSchema)]
        #[serde(deny_unknown_fields)]
        struct $members {
            $(
                $(#[doc = $doc])*
                $(#[schema($($schema)*)])*
                #[schema(nullable = false)]
                #[serde(default, rename = $word)]
                $member: Option<$type>,
            )+
        }

        impl TryFrom<$members> for $name {
            type Error = String;

            fn try_from(members: $members) -> Result<Self, String> {
                let $members { $($member),+ } = members;
                let mut given = Vec::new();
                $( given.extend($member.map(Self::$variant)); )+
                match (given.pop(), given.is_empty()) {
                    (Some(only), true) => Ok(only),
                    _ => Err(format!("expected exactly one of: {}", [$($word),+].join(", "))),
                }
            }
        }

        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                Self::try_from(<$members>::deserialize(deserializer)?).map_err(serde::de::Error::custom)
            }
        }

        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                use serde::ser::SerializeMap as _;
                let mut map = serializer.serialize_map(Some(1))?;
                match self {
                    $( Self::$variant(value) => map.serialize_entry($word, value)?, )+
                }
                map.end()
            }
        }

        impl utoipa::PartialSchema for $name {
            fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::Schema> {
                use utoipa::openapi::{RefOr, Schema};
                match <$members as utoipa::PartialSchema>::schema() {
                    RefOr::T(Schema::Object(mut object)) => {
                        // utoipa reads no name that a macro passes on.
                        for (member, word) in [$((stringify!($member), $word)),+] {
                            if let Some(schema) = object.properties.remove(member) {
                                object.properties.insert(word.to_owned(), schema);
                            }
                        }
                        object.min_properties = Some(1);
                        object.max_properties = Some(1);
                        RefOr::T(Schema::Object(object))
                    }
                    other => other,
                }
            }
        }

        impl utoipa::ToSchema for $name {
            fn name() -> std::borrow::Cow<'static, str> {
                std::borrow::Cow::Borrowed(stringify!($name))
            }

            fn schemas(schemas: &mut Vec<(String, utoipa::openapi::RefOr<utoipa::openapi::Schema>)>) {
                <$members as utoipa::ToSchema>::schemas(schemas);
            }
        }
    };
}

pub(crate) use one_member;
