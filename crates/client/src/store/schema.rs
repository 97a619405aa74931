//! The tables of a phone's file. Instants are microseconds since 1970 by the phone's clock, ids are UUIDs as text.

diesel::table! {
    settings (name) {
        name -> Text,
        value -> Text,
    }
}

diesel::table! {
    tokens (one) {
        one -> Integer,
        account -> Text,
        username -> Text,
        access_token -> Text,
        refresh_token -> Text,
        obtained_at -> BigInt,
        expires_in -> BigInt,
        ended -> Nullable<Text>,
    }
}

diesel::table! {
    queue (id) {
        id -> Text,
        seq -> BigInt,
        kind -> Text,
        body -> Binary,
        created_at -> BigInt,
        attempts -> Integer,
        state -> Text,
        problem -> Nullable<Text>,
    }
}

diesel::table! {
    acknowledged (id) {
        id -> Text,
        seq -> BigInt,
        kind -> Text,
        body -> Binary,
        receipt -> Text,
        is_own_content -> Bool,
        count_id -> Text,
        acknowledged_at -> BigInt,
        is_to_repeat -> Bool,
        problem -> Nullable<Text>,
        applied_body -> Nullable<Binary>,
    }
}

diesel::table! {
    quarantined (id) {
        id -> Text,
        seq -> BigInt,
        kind -> Text,
        body -> Binary,
        state -> Text,
        problem -> Nullable<Text>,
        decision -> Nullable<Text>,
        quarantined_at -> BigInt,
        is_to_repeat -> Bool,
    }
}

diesel::table! {
    mirror (kind, key) {
        kind -> Text,
        key -> Text,
        data -> Text,
    }
}
