DROP TABLE acceptances;

-- Refused where there are links of acceptances: they are not thrown away.
ALTER TABLE receipts RENAME TO receipts_before;
CREATE TABLE receipts (
    organization_id BLOB NOT NULL REFERENCES organizations (id),
    position BIGINT NOT NULL CHECK (position > 0),
    change_set BLOB NOT NULL REFERENCES revisions (change_set) DEFERRABLE INITIALLY DEFERRED,
    kind TEXT NOT NULL CHECK (kind IN ('count', 'void', 'resolution', 'resolution_void', 'decision')),
    subject_id BLOB NOT NULL,
    sha256 TEXT NOT NULL CHECK (length(sha256) = 64),
    record_sha256 TEXT NOT NULL CHECK (length(record_sha256) = 64),
    received_at BIGINT NOT NULL,
    effective_at BIGINT,
    previous_hash TEXT NOT NULL CHECK (length(previous_hash) = 64),
    hash TEXT NOT NULL CHECK (length(hash) = 64),
    key_id TEXT NOT NULL,
    jws TEXT NOT NULL,
    record_version BIGINT CHECK (record_version > 0),
    PRIMARY KEY (organization_id, position),
    UNIQUE (kind, subject_id)
);
INSERT INTO receipts SELECT * FROM receipts_before;
DROP TABLE receipts_before;

-- Only ever added to: the database itself refuses the rest.
CREATE TRIGGER receipts_refuse_update BEFORE UPDATE ON receipts
BEGIN SELECT RAISE(ABORT, 'receipts is append-only'); END;
CREATE TRIGGER receipts_refuse_delete BEFORE DELETE ON receipts
BEGIN SELECT RAISE(ABORT, 'receipts is append-only'); END;

-- INSERT OR REPLACE deletes without a word where a connection has recursive_triggers off.
CREATE TRIGGER receipts_refuse_replace BEFORE INSERT ON receipts
WHEN EXISTS (SELECT 1 FROM receipts WHERE organization_id = NEW.organization_id AND position = NEW.position
    OR kind = NEW.kind AND subject_id = NEW.subject_id)
BEGIN SELECT RAISE(ABORT, 'receipts is append-only'); END;
