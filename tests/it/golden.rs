//! OrganizationData that are hashed or signed, byte for byte: a file for each sample of each kind and each version.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use auth::receipts::ReceiptKeys;
use base::content::hexadecimal;
use base::id::CountId;
use base::quantity::Quantity;
use chrono::{DateTime, NaiveDate, Utc};
use db::acceptances::AcceptanceRow;
use db::counts::{CountRow, LineRow, VoidRow};
use db::quarantine::DecisionRow;
use db::resolutions::{NamedRow, ResolutionRow, ResolutionVoidRow};
use db::sql_types::{Day, Instant};
use domain::count::{CountKind, CountScope, Held, LotCondition};
use domain::quarantine::Decision;
use domain::receipt::{FIRST, Link, LinkKind};
use domain::record::link::link_hash;
use domain::record::{self, RecordVersion, v1};
use domain::revision::Revision;
use service::records::{CountRecord, Record, ResolutionRecord};
use sha2::{Digest as _, Sha256};
use uuid::Uuid;

use crate::cases::{NoDatabase, cases};

cases![what_is_hashed_has_the_same_bytes_for_ever, golden_files_are_only_added, a_changed_field_changes_the_record,];

fn id<T: From<Uuid>>(number: u128) -> T {
    T::from(Uuid::from_u128(0x0198_f5a2_0000_7000_8000_0000_0000_0000 + number))
}

fn at(microseconds: i64) -> Instant {
    Instant(DateTime::<Utc>::from_timestamp_micros(1_795_482_123_000_000 + microseconds).unwrap())
}

fn day(text: &str) -> Option<Day> {
    Some(Day(text.parse::<NaiveDate>().unwrap()))
}

fn quantity(text: &str) -> Quantity {
    text.parse().unwrap()
}

fn text(text: &str) -> Option<String> {
    Some(text.to_owned())
}

/// A count that says all it can.
fn full_count() -> (CountRow, Vec<LineRow>, Vec<CountId>) {
    let row = CountRow {
        id: id(1),
        depot_id: id(2),
        organization_id: id(3),
        account_id: id(4),
        change_set: id(5),
        kind: CountKind::Own,
        scope: CountScope::Full,
        counted_at: at(-60_000_001),
        effective_at: at(-60_000_000),
        received_at: at(4),
        device: text("tablet-1 平板"),
        seq: Some(41),
        sent_at: Some(at(-7)),
        clock_offset_us: Some(-7_200_000_000),
        catalogue_revision: Some(Revision(12)),
        counted_by: "Night shift 夜班 \"B\"".to_owned(),
        note: text("after the drill\n演练之后 \u{1f6d1} \\ / \u{7f}"),
        body: b"{ \"scope\": \"full\" }".to_vec(),
        body_sha256: "ab".repeat(32),
        flags: String::new(),
    };
    let line = |position: i64| LineRow {
        count_id: row.id,
        depot_id: row.depot_id,
        source: row.source(),
        effective_at: row.effective_at,
        position,
        item_code: "L2010103".to_owned(),
        quantity: quantity("40"),
        lot: None,
        expires_on: None,
        made_on: None,
        inspected_on: None,
        condition: LotCondition::Serviceable,
        held: Held::Here,
        pack: None,
        packs: None,
        pack_size: None,
        note: None,
        place: None,
    };
    let lines = vec![
        LineRow {
            quantity: quantity("62.5"),
            lot: text("B2209 批"),
            expires_on: day("2027-09-30"),
            made_on: day("2024-02-29"),
            inspected_on: day("1999-12-31"),
            pack: text("box"),
            packs: Some(quantity("2.5")),
            pack_size: Some(quantity("25")),
            note: text("wet"),
            ..line(0)
        },
        LineRow { quantity: quantity("0"), condition: LotCondition::InRepair, ..line(1) },
        LineRow { quantity: quantity("999999999.999"), condition: LotCondition::Unserviceable, ..line(2) },
        LineRow { quantity: quantity("0.001"), held: Held::Lent, ..line(3) },
    ];
    (row, lines, vec![id(6), id(7)])
}

/// A count that says no more than it must.
fn sparse_count() -> CountRow {
    let (row, ..) = full_count();
    CountRow {
        kind: CountKind::Inspection,
        scope: CountScope::Listed,
        device: None,
        seq: None,
        sent_at: None,
        clock_offset_us: None,
        catalogue_revision: None,
        note: None,
        ..row
    }
}

fn void() -> VoidRow {
    VoidRow {
        count_id: id(1),
        change_set: id(5),
        account_id: id(4),
        voided_at: at(0),
        reason: "The wrong depot. 库点选错".to_owned(),
        body: b"{\"reason\":\"The wrong depot.\"}".to_vec(),
        body_sha256: "cd".repeat(32),
    }
}

fn resolution() -> (ResolutionRow, Vec<NamedRow>) {
    let item_code = "L2010103".to_owned();
    let row = ResolutionRow {
        id: id(8),
        depot_id: id(2),
        organization_id: id(3),
        account_id: id(4),
        change_set: id(5),
        item_code: item_code.clone(),
        reason: "Counted again. 已复核".to_owned(),
        resolved_by: "Duty officer 值班员".to_owned(),
        resolved_at: at(999_999),
        body: b"{}".to_vec(),
        body_sha256: "ef".repeat(32),
    };
    let named = |count: u128| NamedRow { resolution_id: row.id, count_id: id(count), item_code: item_code.clone() };
    let named = vec![named(1), named(9)];
    (row, named)
}

fn resolution_void() -> ResolutionVoidRow {
    ResolutionVoidRow {
        resolution_id: id(8),
        change_set: id(5),
        account_id: id(4),
        voided_by: "Duty officer 值班员".to_owned(),
        voided_at: at(1),
        reason: "Neither was right.".to_owned(),
        body: b"{\"reason\":\"Neither was right.\"}".to_vec(),
        body_sha256: "01".repeat(32),
    }
}

fn acceptance() -> AcceptanceRow {
    AcceptanceRow {
        id: id(11),
        depot_id: id(2),
        organization_id: id(3),
        account_id: id(4),
        change_set: id(5),
        item_code: "L2010103".to_owned(),
        inspection_id: id(9),
        count_id: id(1),
        reason: "Delivery note shown. 已核对送货单".to_owned(),
        accepted_by: "Duty officer 值班员".to_owned(),
        accepted_at: at(3),
        body: b"{\"reason\":\"Delivery note shown.\"}".to_vec(),
        body_sha256: "67".repeat(32),
    }
}

fn decision(decision: Decision) -> DecisionRow {
    let is_applied = decision == Decision::Applied;
    DecisionRow {
        quarantine_id: id(10),
        change_set: id(5),
        account_id: id(4),
        organization_id: is_applied.then(|| id(3)),
        decided_at: at(2),
        decision,
        reason: "meant their own depot 应为本单位".to_owned(),
        count_id: is_applied.then(|| id(1)),
        body: b"{\"reason\":\"x\"}".to_vec(),
        body_sha256: "23".repeat(32),
    }
}

fn link(kind: LinkKind) -> Link {
    Link {
        organization: id(3),
        position: 17,
        kind,
        id: id(1),
        sha256: "ab".repeat(32),
        record_sha256: "cd".repeat(32),
        received_at: at(4).0,
        effective_at: (kind == LinkKind::Count).then(|| at(-60_000_000).0),
        previous: if kind == LinkKind::Count { FIRST.to_owned() } else { "45".repeat(32) },
    }
}

/// A key that is always the same, and guards nothing.
const KEY: &str = "-----BEGIN PRIVATE KEY-----\nMC4CAQAwBQYDK2VwBCIEIAABAgMEBQYHCAkKCwwNDg8QERITFBUWFxgZGhscHR4f\n-----END PRIVATE KEY-----\n";

fn keys() -> ReceiptKeys {
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir(folder.path().join("receipts")).unwrap();
    auth::secret_file::write(&folder.path().join("receipts/golden.pem"), KEY.as_bytes()).unwrap();
    ReceiptKeys::load_or_create(folder.path()).unwrap()
}

const KINDS: [(&str, LinkKind); 6] = [
    ("count", LinkKind::Count),
    ("void", LinkKind::Void),
    ("resolution", LinkKind::Resolution),
    ("resolution_void", LinkKind::ResolutionVoid),
    ("acceptance", LinkKind::Acceptance),
    ("decision", LinkKind::Decision),
];

/// The bytes of every sample in every version, by the name of its file.
fn samples() -> BTreeMap<String, Vec<u8>> {
    let (full, lines, resolves) = full_count();
    let sparse = sparse_count();
    let (header, named) = resolution();
    let (applied, set_aside) = (decision(Decision::Applied), decision(Decision::SetAside));
    let (void, resolution_void, acceptance) = (void(), resolution_void(), acceptance());
    let records = [
        ("count-full", Record::Count(CountRecord { header: &full, lines: &lines, resolves: &resolves })),
        ("count-sparse", Record::Count(CountRecord { header: &sparse, lines: &[], resolves: &[] })),
        ("void", Record::Void(&void)),
        ("resolution", Record::Resolution(ResolutionRecord { header: &header, named: &named })),
        ("resolution_void", Record::ResolutionVoid(&resolution_void)),
        ("acceptance", Record::Acceptance(&acceptance)),
        ("decision-applied", Record::Decision(&applied)),
        ("decision-set_aside", Record::Decision(&set_aside)),
    ];
    let mut samples = BTreeMap::new();
    for version in RecordVersion::ALL {
        for (name, record) in &records {
            let bytes = record.bytes(version).unwrap();
            assert_eq!(record.digest(version).unwrap(), hexadecimal(&Sha256::digest(&bytes)));
            samples.insert(format!("v{}/{name}", version.number()), bytes);
        }
    }
    // Links and receipts have one form, whatever the version of the record.
    for (name, kind) in KINDS {
        let bytes = record::canonical(&v1::Link::from(&link(kind))).unwrap();
        assert_eq!(link_hash(&link(kind)).unwrap(), hexadecimal(&Sha256::digest(&bytes)));
        samples.insert(format!("v1/link-{name}"), bytes);
    }
    let count = link(LinkKind::Count);
    let receipt = keys().sign(&count, &link_hash(&count).unwrap()).unwrap();
    samples.insert("v1/receipt".to_owned(), receipt.into_bytes());
    samples
}

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden")
}

/// The files that are there.
fn files() -> BTreeMap<String, Vec<u8>> {
    let entries = |folder: &Path| fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect::<Vec<_>>();
    let versions = entries(&folder()).into_iter().filter(|path| path.is_dir());
    let name = |path: &Path| path.strip_prefix(folder()).unwrap().to_str().unwrap().to_owned();
    versions.flat_map(|version| entries(&version)).map(|path| (name(&path), fs::read(path).unwrap())).collect()
}

async fn what_is_hashed_has_the_same_bytes_for_ever(_: NoDatabase) {
    let (samples, files) = (samples(), files());
    for (name, bytes) in &samples {
        let Some(file) = files.get(name) else {
            panic!(
                "tests/golden/{name} is missing: a version has a file for each sample. Of a new one it is\n{}",
                String::from_utf8_lossy(bytes)
            );
        };
        assert_eq!(
            String::from_utf8_lossy(file),
            String::from_utf8_lossy(bytes),
            "tests/golden/{name}: chains and receipts that are stored were made over the bytes of the file. Leave this \
             form as it was, and add a new version of the record beside it (tests/golden/README.md)"
        );
    }
    let (samples, files): (Vec<_>, Vec<_>) = (samples.keys().collect(), files.keys().collect());
    assert_eq!(samples, files, "a golden file is of no sample: a version never ends");
}

/// So that nobody mends the file to fit the code.
async fn golden_files_are_only_added(_: NoDatabase) {
    let sums = fs::read_to_string(folder().join("SHA256SUMS")).unwrap();
    let landed: BTreeMap<&str, &str> = sums
        .lines()
        .map(|line| line.split_once("  ").map(|(sum, name)| (name, sum)).expect("lines are those of sha256sum"))
        .collect();
    let there: BTreeMap<String, String> =
        files().into_iter().map(|(name, bytes)| (name, hexadecimal(&Sha256::digest(bytes)))).collect();
    for (name, sum) in &landed {
        let found = there.get(*name).map(String::as_str);
        assert_eq!(found, Some(*sum), "tests/golden/{name} has landed and never changes: add a new version instead");
    }
    let new: Vec<&String> = there.keys().filter(|name| !landed.contains_key(name.as_str())).collect();
    assert!(new.is_empty(), "the files of a new version are added to tests/golden/SHA256SUMS by sha256sum: {new:?}");
    assert!(landed.len() >= 13);
}

/// Every field of a row is in its record, so that none can be changed behind the chain's back; but the place of a line, which
/// verifying compares with the body, and the flags, on which no figure rests.
async fn a_changed_field_changes_the_record(_: NoDatabase) {
    let (row, lines, resolves) = full_count();
    let digest = |header: &CountRow, lines: &[LineRow], resolves: &[CountId]| {
        Record::Count(CountRecord { header, lines, resolves }).digest(RecordVersion::CURRENT).unwrap()
    };
    let mut seen = BTreeSet::from([digest(&row, &lines, &resolves)]);
    let headers: [fn(&mut CountRow); 19] = [
        |row| row.id = id(99),
        |row| row.depot_id = id(99),
        |row| row.organization_id = id(99),
        |row| row.account_id = id(99),
        |row| row.change_set = id(99),
        |row| row.kind = CountKind::Inspection,
        |row| row.scope = CountScope::Listed,
        |row| row.counted_at = at(99),
        |row| row.effective_at = at(99),
        |row| row.received_at = at(99),
        |row| row.device = None,
        |row| row.seq = None,
        |row| row.sent_at = None,
        |row| row.clock_offset_us = None,
        |row| row.catalogue_revision = None,
        |row| row.counted_by.clear(),
        |row| row.note = None,
        |row| row.body.clear(),
        |row| row.body_sha256.clear(),
    ];
    for change in headers {
        let mut changed = row.clone();
        change(&mut changed);
        assert!(seen.insert(digest(&changed, &lines, &resolves)), "{changed:?}");
    }
    let of_lines: [fn(&mut LineRow); 17] = [
        |line| line.count_id = id(99),
        |line| line.depot_id = id(99),
        |line| line.source.clear(),
        |line| line.effective_at = at(99),
        |line| line.position = 99,
        |line| line.item_code.clear(),
        |line| line.quantity = quantity("62.501"),
        |line| line.lot = None,
        |line| line.expires_on = None,
        |line| line.made_on = None,
        |line| line.inspected_on = None,
        |line| line.condition = LotCondition::InRepair,
        |line| line.held = Held::Lent,
        |line| line.pack = None,
        |line| line.packs = None,
        |line| line.pack_size = None,
        |line| line.note = None,
    ];
    for change in of_lines {
        let mut changed = lines.clone();
        change(&mut changed[0]);
        assert!(seen.insert(digest(&row, &changed, &resolves)), "{changed:?}");
    }
    assert!(seen.insert(digest(&row, &lines[1..], &resolves)));
    assert!(seen.insert(digest(&row, &lines, &resolves[1..])));
}
