//! The tables, as the migrations create them on both databases; a test compares the columns.
#![expect(
    missing_docs,
    reason = "the macro makes modules and types for each column; the migrations say what they mean"
)]

diesel::table! {
    use diesel::sql_types::{BigInt, Binary, Bool, Double, Nullable, Text};

    use crate::sql_types::{DaySql, IdSql, InstantSql};

    revisions (revision) {
        revision -> BigInt,
        change_set -> IdSql,
        at -> InstantSql,
        #[sql_name = "in_books"]
        is_reference_data -> Bool,
    }
}

diesel::table! {
    use diesel::sql_types::{BigInt, Binary, Bool, Double, Nullable, Text};

    use crate::sql_types::{DaySql, IdSql, InstantSql};

    regions (id) {
        id -> IdSql,
        code -> Text,
        parent_id -> Nullable<IdSql>,
        change_set -> IdSql,
    }
}

diesel::table! {
    use diesel::sql_types::{BigInt, Binary, Bool, Double, Nullable, Text};

    use crate::sql_types::{DaySql, IdSql, InstantSql};

    region_versions (region_id, valid_from, change_set) {
        region_id -> IdSql,
        valid_from -> DaySql,
        change_set -> IdSql,
        author_id -> Nullable<IdSql>,
        name_en -> Text,
        name_zh -> Text,
        time_zone -> Nullable<Text>,
        validity_days -> Nullable<BigInt>,
        inspection_stands_days -> Nullable<BigInt>,
    }
}

diesel::table! {
    use diesel::sql_types::{BigInt, Binary, Bool, Double, Nullable, Text};

    use crate::sql_types::{DaySql, IdSql, InstantSql};

    organizations (id) {
        id -> IdSql,
        code -> Text,
        region_id -> IdSql,
        kind -> Text,
        change_set -> IdSql,
    }
}

diesel::table! {
    use diesel::sql_types::{BigInt, Binary, Bool, Double, Nullable, Text};

    use crate::sql_types::{DaySql, IdSql, InstantSql};

    organization_versions (organization_id, valid_from, change_set) {
        organization_id -> IdSql,
        valid_from -> DaySql,
        change_set -> IdSql,
        author_id -> Nullable<IdSql>,
        name_en -> Text,
        name_zh -> Text,
        organization_type -> Nullable<Text>,
        sector -> Nullable<Text>,
        hosted_by -> Nullable<IdSql>,
        active -> Bool,
        credit_code -> Nullable<Text>,
        address -> Nullable<Text>,
    }
}

diesel::table! {
    use diesel::sql_types::{BigInt, Binary, Bool, Double, Nullable, Text};

    use crate::sql_types::{DaySql, IdSql, InstantSql};

    depots (id) {
        id -> IdSql,
        code -> Text,
        organization_id -> IdSql,
        change_set -> IdSql,
    }
}

diesel::table! {
    use diesel::sql_types::{BigInt, Binary, Bool, Double, Nullable, Text};

    use crate::sql_types::{DaySql, IdSql, InstantSql};

    contacts (id) {
        id -> IdSql,
        organization_id -> Nullable<IdSql>,
        depot_id -> Nullable<IdSql>,
        role -> Text,
        name -> Nullable<Text>,
        phone -> Nullable<Text>,
        certificate -> Nullable<Text>,
        purpose -> Text,
        ended_from -> Nullable<DaySql>,
        change_set -> IdSql,
        erased_at -> Nullable<InstantSql>,
        erased_by -> Nullable<IdSql>,
    }
}

diesel::table! {
    use diesel::sql_types::{BigInt, Binary, Bool, Double, Nullable, Text};

    use crate::sql_types::{DaySql, IdSql, InstantSql};

    contact_reads (contact_id, day, account_id) {
        contact_id -> IdSql,
        account_id -> IdSql,
        day -> DaySql,
        operation -> Text,
        at -> InstantSql,
    }
}

diesel::table! {
    use diesel::sql_types::{BigInt, Binary, Bool, Double, Nullable, Text};

    use crate::sql_types::{DaySql, IdSql, InstantSql};

    depot_versions (depot_id, valid_from, change_set) {
        depot_id -> IdSql,
        valid_from -> DaySql,
        change_set -> IdSql,
        author_id -> Nullable<IdSql>,
        name_en -> Text,
        name_zh -> Text,
        latitude -> Nullable<Double>,
        longitude -> Nullable<Double>,
        holding -> Text,
        open -> Bool,
        keeper_id -> Nullable<IdSql>,
        second_keeper_id -> Nullable<IdSql>,
        datum -> Nullable<Text>,
    }
}

diesel::table! {
    use diesel::sql_types::{BigInt, Binary, Bool, Double, Nullable, Text};

    use crate::sql_types::{DaySql, IdSql, InstantSql};

    item_classes (code, valid_from, change_set) {
        code -> Text,
        valid_from -> DaySql,
        change_set -> IdSql,
        author_id -> Nullable<IdSql>,
        name_en -> Text,
        name_zh -> Text,
    }
}

diesel::table! {
    use diesel::sql_types::{BigInt, Binary, Bool, Double, Nullable, Text};

    use crate::sql_types::{DaySql, IdSql, InstantSql};

    items (code) {
        code -> Text,
        unit -> Text,
        measured -> Bool,
        change_set -> IdSql,
    }
}

diesel::table! {
    use diesel::sql_types::{BigInt, Binary, Bool, Double, Nullable, Text};

    use crate::sql_types::{DaySql, IdSql, InstantSql};

    item_versions (item_code, valid_from, change_set) {
        item_code -> Text,
        valid_from -> DaySql,
        change_set -> IdSql,
        author_id -> Nullable<IdSql>,
        name_en -> Text,
        name_zh -> Text,
        class -> Text,
        kind -> Text,
        perishable -> Bool,
        shelf_life_months -> Nullable<BigInt>,
        packs -> Text,
        barcodes -> Text,
        retired -> Bool,
        specification -> Nullable<Text>,
        service_life_months -> Nullable<BigInt>,
    }
}

diesel::table! {
    use diesel::sql_types::{BigInt, Binary, Bool, Double, Nullable, Text};

    use crate::sql_types::{DaySql, IdSql, InstantSql};

    fact_definitions (key) {
        key -> Text,
        kind -> Text,
        unit -> Nullable<Text>,
        change_set -> IdSql,
    }
}

diesel::table! {
    use diesel::sql_types::{BigInt, Binary, Bool, Double, Nullable, Text};

    use crate::sql_types::{DaySql, IdSql, InstantSql};

    fact_definition_versions (fact_key, valid_from, change_set) {
        fact_key -> Text,
        valid_from -> DaySql,
        change_set -> IdSql,
        author_id -> Nullable<IdSql>,
        name_en -> Text,
        name_zh -> Text,
        definition_en -> Text,
        definition_zh -> Text,
    }
}

diesel::table! {
    use diesel::sql_types::{BigInt, Binary, Bool, Double, Nullable, Text};

    use crate::sql_types::{DaySql, IdSql, InstantSql};

    facts (organization_id, fact_key, valid_from, change_set) {
        organization_id -> IdSql,
        fact_key -> Text,
        valid_from -> DaySql,
        change_set -> IdSql,
        author_id -> Nullable<IdSql>,
        number -> Nullable<BigInt>,
        tag -> Nullable<Bool>,
    }
}

diesel::table! {
    use diesel::sql_types::{BigInt, Binary, Bool, Double, Nullable, Text};

    use crate::sql_types::{DaySql, IdSql, InstantSql};

    fact_sheets (organization_id, valid_from, change_set) {
        organization_id -> IdSql,
        valid_from -> DaySql,
        change_set -> IdSql,
        author_id -> Nullable<IdSql>,
        complete -> Bool,
    }
}

diesel::table! {
    use diesel::sql_types::{BigInt, Binary, Bool, Double, Nullable, Text};

    use crate::sql_types::{DaySql, IdSql, InstantSql};

    standards (code) {
        code -> Text,
        change_set -> IdSql,
    }
}

diesel::table! {
    use diesel::sql_types::{BigInt, Binary, Bool, Double, Nullable, Text};

    use crate::sql_types::{DaySql, IdSql, InstantSql};

    standard_versions (standard_code, valid_from, change_set) {
        standard_code -> Text,
        valid_from -> DaySql,
        change_set -> IdSql,
        author_id -> Nullable<IdSql>,
        document -> Text,
        reason -> Nullable<Text>,
    }
}

diesel::table! {
    use diesel::sql_types::{BigInt, Binary, Bool, Double, Nullable, Text};

    use crate::sql_types::{DaySql, IdSql, InstantSql};

    rules (code) {
        code -> Text,
        standard_code -> Text,
        position -> BigInt,
        change_set -> IdSql,
    }
}

diesel::table! {
    use diesel::sql_types::{BigInt, Binary, Bool, Double, Nullable, Text};

    use crate::sql_types::{DaySql, IdSql, InstantSql};

    rule_versions (rule_code, valid_from, change_set) {
        rule_code -> Text,
        valid_from -> DaySql,
        change_set -> IdSql,
        author_id -> Nullable<IdSql>,
        document -> Nullable<Text>,
        reason -> Nullable<Text>,
    }
}

diesel::table! {
    use diesel::sql_types::{BigInt, Binary, Bool, Double, Nullable, Text};

    use crate::sql_types::{DaySql, IdSql, InstantSql};

    adoptions (region_id, standard_code, valid_from, change_set) {
        region_id -> IdSql,
        standard_code -> Text,
        valid_from -> DaySql,
        change_set -> IdSql,
        author_id -> Nullable<IdSql>,
        strength -> Nullable<Text>,
        reason -> Nullable<Text>,
    }
}

diesel::table! {
    use diesel::sql_types::{BigInt, Binary, Bool, Double, Nullable, Text};

    use crate::sql_types::{DaySql, IdSql, InstantSql};

    declared_targets (organization_id, rule_code, valid_from, change_set) {
        organization_id -> IdSql,
        rule_code -> Text,
        valid_from -> DaySql,
        change_set -> IdSql,
        author_id -> Nullable<IdSql>,
        quantity -> Nullable<BigInt>,
        reason -> Nullable<Text>,
    }
}

diesel::table! {
    use diesel::sql_types::{BigInt, Binary, Bool, Double, Nullable, Text};

    use crate::sql_types::{DaySql, IdSql, InstantSql};

    accounts (id) {
        id -> IdSql,
        username -> Text,
        password_hash -> Nullable<Text>,
        role -> Text,
        display_name -> Text,
        organization_id -> Nullable<IdSql>,
        region_id -> Nullable<IdSql>,
        created_at -> InstantSql,
        closed_at -> Nullable<InstantSql>,
        closed_reason -> Nullable<Text>,
    }
}

diesel::table! {
    use diesel::sql_types::{BigInt, Binary, Bool, Double, Nullable, Text};

    use crate::sql_types::{DaySql, IdSql, InstantSql};

    setup_codes (id) {
        id -> IdSql,
        code_sha256 -> Binary,
        made_at -> InstantSql,
        expires_at -> InstantSql,
    }
}

diesel::table! {
    use diesel::sql_types::{BigInt, Binary, Bool, Double, Nullable, Text};

    use crate::sql_types::{DaySql, IdSql, InstantSql};

    counts (id) {
        id -> IdSql,
        depot_id -> IdSql,
        organization_id -> IdSql,
        account_id -> IdSql,
        change_set -> IdSql,
        kind -> Text,
        scope -> Text,
        counted_at -> InstantSql,
        effective_at -> InstantSql,
        received_at -> InstantSql,
        device -> Nullable<Text>,
        seq -> Nullable<BigInt>,
        sent_at -> Nullable<InstantSql>,
        clock_offset_us -> Nullable<BigInt>,
        catalogue_revision -> Nullable<BigInt>,
        counted_by -> Text,
        note -> Nullable<Text>,
        body -> Binary,
        body_sha256 -> Text,
        flags -> Text,
    }
}

diesel::table! {
    use diesel::sql_types::{BigInt, Binary, Bool, Double, Nullable, Text};

    use crate::sql_types::{DaySql, IdSql, InstantSql};

    count_lines (count_id, position) {
        count_id -> IdSql,
        depot_id -> IdSql,
        source -> Text,
        effective_at -> InstantSql,
        position -> BigInt,
        item_code -> Text,
        quantity -> BigInt,
        lot -> Nullable<Text>,
        expires_on -> Nullable<DaySql>,
        made_on -> Nullable<DaySql>,
        inspected_on -> Nullable<DaySql>,
        condition -> Text,
        held -> Text,
        pack -> Nullable<Text>,
        packs -> Nullable<BigInt>,
        pack_size -> Nullable<BigInt>,
        note -> Nullable<Text>,
        place -> Nullable<Text>,
    }
}

diesel::table! {
    use diesel::sql_types::{BigInt, Binary, Bool, Double, Nullable, Text};

    use crate::sql_types::{DaySql, IdSql, InstantSql};

    count_resolves (count_id, resolved_id) {
        count_id -> IdSql,
        resolved_id -> IdSql,
    }
}

diesel::table! {
    use diesel::sql_types::{BigInt, Binary, Bool, Double, Nullable, Text};

    use crate::sql_types::{DaySql, IdSql, InstantSql};

    count_resolves_awaited (count_id, resolved_id) {
        count_id -> IdSql,
        resolved_id -> IdSql,
    }
}

diesel::table! {
    use diesel::sql_types::{BigInt, Binary, Bool, Double, Nullable, Text};

    use crate::sql_types::{DaySql, IdSql, InstantSql};

    voids (count_id) {
        count_id -> IdSql,
        change_set -> IdSql,
        account_id -> IdSql,
        voided_at -> InstantSql,
        reason -> Text,
        body -> Binary,
        body_sha256 -> Text,
    }
}

diesel::table! {
    use diesel::sql_types::{BigInt, Binary, Bool, Double, Nullable, Text};

    use crate::sql_types::{DaySql, IdSql, InstantSql};

    voids_of_depots (count_id) {
        count_id -> IdSql,
        depot_id -> IdSql,
        effective_at -> InstantSql,
    }
}

diesel::table! {
    use diesel::sql_types::{BigInt, Binary, Bool, Double, Nullable, Text};

    use crate::sql_types::{DaySql, IdSql, InstantSql};

    audit_entries (change_set) {
        change_set -> IdSql,
        account_id -> Nullable<IdSql>,
        action -> Text,
        device -> Nullable<Text>,
        request_id -> Nullable<Text>,
    }
}

diesel::table! {
    use diesel::sql_types::{BigInt, Binary, Bool, Double, Nullable, Text};

    use crate::sql_types::{DaySql, IdSql, InstantSql};

    audit_subjects (change_set, position) {
        change_set -> IdSql,
        position -> BigInt,
        kind -> Text,
        subject -> Text,
    }
}

diesel::table! {
    use diesel::sql_types::{BigInt, Binary, Bool, Double, Nullable, Text};

    use crate::sql_types::{DaySql, IdSql, InstantSql};

    audit_changes (change_set, position) {
        change_set -> IdSql,
        position -> BigInt,
        subject_position -> BigInt,
        field -> Text,
        old_value -> Nullable<Text>,
        new_value -> Nullable<Text>,
        is_withheld -> Bool,
    }
}

diesel::table! {
    use diesel::sql_types::{BigInt, Binary, Bool, Double, Nullable, Text};

    use crate::sql_types::{DaySql, IdSql, InstantSql};

    sessions (id) {
        id -> IdSql,
        account_id -> IdSql,
        family_hash -> Binary,
        current_hash -> Binary,
        successor_salt -> Nullable<Binary>,
        successor_hash -> Nullable<Binary>,
        created_at -> InstantSql,
        last_used_at -> InstantSql,
        ended_at -> Nullable<InstantSql>,
        end_reason -> Nullable<Text>,
        current_used_at -> Nullable<InstantSql>,
        current_key_hash -> Nullable<Binary>,
        current_is_repeated -> Bool,
        repeated_in_a_row -> BigInt,
        generation -> BigInt,
    }
}

diesel::table! {
    use diesel::sql_types::{BigInt, Binary, Bool, Double, Nullable, Text};

    use crate::sql_types::{DaySql, IdSql, InstantSql};

    device_tokens (token_hash) {
        token_hash -> Binary,
        account_id -> IdSql,
        session_id -> IdSql,
        last_used_at -> InstantSql,
    }
}

diesel::table! {
    use diesel::sql_types::{BigInt, Binary, Bool, Double, Nullable, Text};

    use crate::sql_types::{DaySql, IdSql, InstantSql};

    second_factors (account_id) {
        account_id -> IdSql,
        seed -> Binary,
        key_id -> Text,
        created_at -> InstantSql,
        confirmed_at -> Nullable<InstantSql>,
        last_step -> Nullable<BigInt>,
    }
}

diesel::table! {
    use diesel::sql_types::{BigInt, Binary, Bool, Double, Nullable, Text};

    use crate::sql_types::{DaySql, IdSql, InstantSql};

    recovery_codes (account_id, code_hash) {
        account_id -> IdSql,
        code_hash -> Binary,
    }
}

diesel::table! {
    use diesel::sql_types::{BigInt, Binary, Bool, Double, Nullable, Text};

    use crate::sql_types::{DaySql, IdSql, InstantSql};

    exemptions (id) {
        id -> IdSql,
        organization_id -> IdSql,
        rule_code -> Text,
        valid_from -> DaySql,
        ends_on -> DaySql,
        change_set -> IdSql,
        author_id -> Nullable<IdSql>,
        granted_by -> Text,
        reason -> Text,
        correction_reason -> Nullable<Text>,
        body_sha256 -> Text,
    }
}

diesel::table! {
    use crate::sql_types::{IdSql, InstantSql};
    use diesel::sql_types::BigInt;

    unavailable_answers (account_id) {
        account_id -> IdSql,
        answers -> BigInt,
        since -> InstantSql,
    }
}

diesel::table! {
    use crate::sql_types::{IdSql, InstantSql};
    use diesel::sql_types::{BigInt, Binary, Nullable};

    count_drafts (account_id, id) {
        account_id -> IdSql,
        id -> IdSql,
        depot_id -> Nullable<IdSql>,
        content -> Binary,
        version -> BigInt,
        updated_at -> InstantSql,
    }
}

diesel::table! {
    use crate::sql_types::InstantSql;
    use diesel::sql_types::Binary;

    request_quotas (key_hash) {
        key_hash -> Binary,
        full_at -> InstantSql,
    }
}

diesel::table! {
    use diesel::sql_types::{BigInt, Binary, Bool, Double, Nullable, Text};

    use crate::sql_types::{DaySql, IdSql, InstantSql};

    sign_in_attempts (tried, key_hash) {
        tried -> Text,
        key_hash -> Binary,
        failures -> BigInt,
        last_failed_at -> InstantSql,
        blocked_until -> Nullable<InstantSql>,
    }
}

diesel::table! {
    use diesel::sql_types::{BigInt, Binary, Bool, Double, Nullable, Text};

    use crate::sql_types::{DaySql, IdSql, InstantSql};

    exemption_ends (exemption_id, change_set) {
        exemption_id -> IdSql,
        valid_from -> DaySql,
        change_set -> IdSql,
        author_id -> Nullable<IdSql>,
        ended_by -> Text,
        reason -> Text,
    }
}

diesel::table! {
    use diesel::sql_types::{BigInt, Binary, Bool, Double, Nullable, Text};

    use crate::sql_types::{DaySql, IdSql, InstantSql};

    devices (id) {
        id -> IdSql,
        account_id -> IdSql,
        session_id -> IdSql,
        name -> Text,
        created_at -> InstantSql,
        last_seen_at -> InstantSql,
        withdrawn_at -> Nullable<InstantSql>,
        withdrawn_reason -> Nullable<Text>,
    }
}

diesel::table! {
    use diesel::sql_types::{BigInt, Binary, Bool, Double, Nullable, Text};

    use crate::sql_types::{DaySql, IdSql, InstantSql};

    enrolments (id) {
        id -> IdSql,
        account_id -> IdSql,
        code_hash -> Binary,
        note -> Nullable<Text>,
        created_at -> InstantSql,
        expires_at -> InstantSql,
        used_at -> Nullable<InstantSql>,
        device_id -> Nullable<IdSql>,
        withdrawn_at -> Nullable<InstantSql>,
    }
}

diesel::table! {
    use diesel::sql_types::{BigInt, Binary, Bool, Double, Nullable, Text};

    use crate::sql_types::{DaySql, IdSql, InstantSql};

    column_maps (region_id, name, change_set) {
        region_id -> IdSql,
        name -> Text,
        change_set -> IdSql,
        author_id -> Nullable<IdSql>,
        withdrawn -> Bool,
        document -> Text,
    }
}

diesel::table! {
    use diesel::sql_types::{BigInt, Binary, Bool, Double, Nullable, Text};

    use crate::sql_types::{DaySql, IdSql, InstantSql};

    draft_versions (standard_code, change_set) {
        standard_code -> Text,
        change_set -> IdSql,
        author_id -> Nullable<IdSql>,
        fate -> Text,
        document -> Text,
        valid_from -> Nullable<DaySql>,
        reason -> Nullable<Text>,
    }
}

diesel::table! {
    use diesel::sql_types::{BigInt, Binary, Bool, Double, Nullable, Text};

    use crate::sql_types::{DaySql, IdSql, InstantSql};

    receipts (organization_id, position) {
        organization_id -> IdSql,
        position -> BigInt,
        change_set -> IdSql,
        kind -> Text,
        subject_id -> IdSql,
        sha256 -> Text,
        record_sha256 -> Text,
        received_at -> InstantSql,
        effective_at -> Nullable<InstantSql>,
        previous_hash -> Text,
        hash -> Text,
        key_id -> Text,
        jws -> Text,
        record_version -> Nullable<BigInt>,
    }
}

diesel::table! {
    use diesel::sql_types::{BigInt, Binary, Bool, Double, Nullable, Text};

    use crate::sql_types::{DaySql, IdSql, InstantSql};

    device_reports (account_id, device) {
        account_id -> IdSql,
        device -> Text,
        signed_in_as -> Nullable<IdSql>,
        heard_at -> InstantSql,
        clock_offset_us -> Nullable<BigInt>,
        queued -> BigInt,
        queued_since -> Nullable<InstantSql>,
        app -> Nullable<Text>,
    }
}

diesel::table! {
    use diesel::sql_types::{BigInt, Binary, Bool, Double, Nullable, Text};

    use crate::sql_types::{DaySql, IdSql, InstantSql};

    device_commands (account_id, device, seq, command_id) {
        account_id -> IdSql,
        device -> Text,
        seq -> BigInt,
        command_id -> IdSql,
        received_at -> InstantSql,
        counted_at -> Nullable<InstantSql>,
        flags -> Text,
    }
}

diesel::table! {
    use diesel::sql_types::{BigInt, Binary, Bool, Double, Nullable, Text};

    use crate::sql_types::{DaySql, IdSql, InstantSql};

    quarantine (id) {
        id -> IdSql,
        command_id -> IdSql,
        sha256 -> Text,
        change_set -> IdSql,
        account_id -> IdSql,
        organization_id -> Nullable<IdSql>,
        sender_role -> Text,
        kind -> Text,
        body -> Binary,
        receipt -> Nullable<Text>,
        device -> Text,
        seq -> Nullable<BigInt>,
        sent_at -> Nullable<InstantSql>,
        clock_offset_us -> Nullable<BigInt>,
        received_at -> InstantSql,
        effective_at -> InstantSql,
        deposited -> Bool,
        code -> Text,
        problem -> Text,
    }
}

diesel::table! {
    use diesel::sql_types::{BigInt, Binary, Bool, Double, Nullable, Text};

    use crate::sql_types::{DaySql, IdSql, InstantSql};

    quarantine_decisions (quarantine_id) {
        quarantine_id -> IdSql,
        change_set -> IdSql,
        account_id -> IdSql,
        organization_id -> Nullable<IdSql>,
        decided_at -> InstantSql,
        decision -> Text,
        reason -> Text,
        count_id -> Nullable<IdSql>,
        body -> Binary,
        body_sha256 -> Text,
    }
}

diesel::table! {
    use diesel::sql_types::{BigInt, Binary, Bool, Double, Nullable, Text};

    use crate::sql_types::{DaySql, IdSql, InstantSql};

    evidence (count_id) {
        count_id -> IdSql,
        change_set -> IdSql,
        jws -> Text,
    }
}

diesel::table! {
    use diesel::sql_types::{BigInt, Binary, Bool, Double, Nullable, Text};

    use crate::sql_types::{DaySql, IdSql, InstantSql};

    resolutions (id) {
        id -> IdSql,
        depot_id -> IdSql,
        organization_id -> IdSql,
        account_id -> IdSql,
        change_set -> IdSql,
        item_code -> Text,
        reason -> Text,
        resolved_by -> Text,
        resolved_at -> InstantSql,
        body -> Binary,
        body_sha256 -> Text,
    }
}

diesel::table! {
    use diesel::sql_types::{BigInt, Binary, Bool, Double, Nullable, Text};

    use crate::sql_types::{DaySql, IdSql, InstantSql};

    resolution_counts (resolution_id, count_id) {
        resolution_id -> IdSql,
        count_id -> IdSql,
        item_code -> Text,
    }
}

diesel::table! {
    use diesel::sql_types::{BigInt, Binary, Bool, Double, Nullable, Text};

    use crate::sql_types::{DaySql, IdSql, InstantSql};

    resolution_voids (resolution_id) {
        resolution_id -> IdSql,
        change_set -> IdSql,
        account_id -> IdSql,
        voided_by -> Text,
        voided_at -> InstantSql,
        reason -> Text,
        body -> Binary,
        body_sha256 -> Text,
    }
}

diesel::table! {
    use diesel::sql_types::{BigInt, Binary, Bool, Double, Nullable, Text};

    use crate::sql_types::{DaySql, IdSql, InstantSql};

    acceptances (id) {
        id -> IdSql,
        depot_id -> IdSql,
        organization_id -> IdSql,
        account_id -> IdSql,
        change_set -> IdSql,
        item_code -> Text,
        inspection_id -> IdSql,
        count_id -> IdSql,
        reason -> Text,
        accepted_by -> Text,
        accepted_at -> InstantSql,
        body -> Binary,
        body_sha256 -> Text,
    }
}

diesel::table! {
    use diesel::sql_types::{BigInt, Binary, Bool, Double, Nullable, Text};

    use crate::sql_types::{DaySql, IdSql, InstantSql};

    clients (id) {
        id -> IdSql,
        account_id -> IdSql,
        session_id -> IdSql,
        secret_hash -> Binary,
        secret_since -> InstantSql,
        scopes -> Text,
        body_sha256 -> Text,
        last_used_at -> Nullable<InstantSql>,
        requests_per_minute -> Nullable<BigInt>,
    }
}

diesel::table! {
    use diesel::sql_types::{BigInt, Binary, Bool, Double, Nullable, Text};

    use crate::sql_types::{DaySql, IdSql, InstantSql};

    item_units (item_code, change_set) {
        item_code -> Text,
        change_set -> IdSql,
        unit -> Text,
        measured -> Bool,
    }
}

diesel::table! {
    use diesel::sql_types::{BigInt, Binary, Bool, Double, Nullable, Text};

    use crate::sql_types::{DaySql, IdSql, InstantSql};

    organization_kinds (organization_id, change_set) {
        organization_id -> IdSql,
        change_set -> IdSql,
        kind -> Text,
    }
}

diesel::table! {
    use diesel::sql_types::{BigInt, Binary, Bool, Double, Nullable, Text};

    use crate::sql_types::{DaySql, IdSql, InstantSql};

    depot_owners (depot_id, change_set) {
        depot_id -> IdSql,
        change_set -> IdSql,
        organization_id -> IdSql,
    }
}

diesel::table! {
    use diesel::sql_types::{BigInt, Binary, Nullable};

    use crate::sql_types::{IdSql, InstantSql};

    bearing_counts (depot_id) {
        depot_id -> IdSql,
        change_set -> IdSql,
        latest_effective_at -> Nullable<InstantSql>,
        form -> BigInt,
        body -> Nullable<Binary>,
    }
}

diesel::table! {
    use crate::sql_types::IdSql;

    organization_changes (organization_id) {
        organization_id -> IdSql,
        change_set -> IdSql,
        other_change_set -> IdSql,
    }
}

diesel::table! {
    use diesel::sql_types::{BigInt, Binary, Bool, Double, Nullable, Text};

    use crate::sql_types::{DaySql, IdSql, InstantSql};

    ledger_rows (id) {
        id -> IdSql,
        organization_id -> IdSql,
        depot_id -> Nullable<IdSql>,
        ledger_on -> DaySql,
        position -> BigInt,
        words_key -> Text,
        content -> Text,
        why -> Nullable<Text>,
        item_code -> Nullable<Text>,
        quantity -> Nullable<BigInt>,
        count_id -> Nullable<IdSql>,
        change_set -> IdSql,
    }
}

diesel::table! {
    use diesel::sql_types::{BigInt, Binary, Bool, Double, Nullable, Text};

    use crate::sql_types::{DaySql, IdSql, InstantSql};

    ledger_decisions (row_id, change_set) {
        row_id -> IdSql,
        item_code -> Nullable<Text>,
        quantity -> Nullable<BigInt>,
        count_id -> Nullable<IdSql>,
        is_replaced -> Bool,
        reason -> Nullable<Text>,
        decided_by -> Text,
        change_set -> IdSql,
    }
}

diesel::table! {
    use diesel::sql_types::{BigInt, Binary, Bool, Double, Nullable, Text};

    use crate::sql_types::{DaySql, IdSql, InstantSql};

    item_answers (region_id, words_key, change_set) {
        region_id -> IdSql,
        words_key -> Text,
        name -> Text,
        specification -> Text,
        unit -> Text,
        item_code -> Nullable<Text>,
        factor -> Nullable<BigInt>,
        answered_by -> Text,
        change_set -> IdSql,
    }
}

diesel::allow_tables_to_appear_in_same_query!(
    ledger_rows,
    ledger_decisions,
    item_answers,
    bearing_counts,
    organization_changes,
    item_units,
    organization_kinds,
    depot_owners,
    contacts,
    contact_reads,
    device_reports,
    device_commands,
    quarantine,
    quarantine_decisions,
    receipts,
    evidence,
    resolutions,
    resolution_counts,
    resolution_voids,
    acceptances,
    clients,
    audit_entries,
    audit_subjects,
    audit_changes,
    revisions,
    regions,
    region_versions,
    organizations,
    organization_versions,
    depots,
    depot_versions,
    item_classes,
    items,
    item_versions,
    fact_definitions,
    fact_definition_versions,
    facts,
    fact_sheets,
    standards,
    standard_versions,
    rules,
    rule_versions,
    adoptions,
    declared_targets,
    accounts,
    sessions,
    device_tokens,
    second_factors,
    recovery_codes,
    sign_in_attempts,
    unavailable_answers,
    request_quotas,
    count_drafts,
    devices,
    enrolments,
    setup_codes,
    counts,
    count_lines,
    count_resolves,
    count_resolves_awaited,
    voids,
    voids_of_depots,
    exemptions,
    exemption_ends,
    draft_versions,
    column_maps,
);
