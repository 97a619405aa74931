-- An officer's word that named counts do not speak for an item, with the reason. It is never changed; it is taken back.
CREATE TABLE resolutions (
    id BLOB NOT NULL PRIMARY KEY,
    depot_id BLOB NOT NULL REFERENCES depots (id),
    organization_id BLOB NOT NULL REFERENCES organizations (id),
    account_id BLOB NOT NULL REFERENCES accounts (id),
    change_set BLOB NOT NULL REFERENCES revisions (change_set) DEFERRABLE INITIALLY DEFERRED,
    item_code TEXT NOT NULL REFERENCES items (code),
    reason TEXT NOT NULL,
    resolved_by TEXT NOT NULL,
    resolved_at BIGINT NOT NULL,
    body BLOB NOT NULL,
    body_sha256 TEXT NOT NULL CHECK (length(body_sha256) = 64)
);
CREATE INDEX resolutions_by_organization ON resolutions (organization_id);

-- The counts that it takes out. The item is that of the resolution, so that an index finds whether a line is named.
CREATE TABLE resolution_counts (
    resolution_id BLOB NOT NULL REFERENCES resolutions (id),
    count_id BLOB NOT NULL REFERENCES counts (id),
    item_code TEXT NOT NULL REFERENCES items (code),
    PRIMARY KEY (resolution_id, count_id)
);
CREATE INDEX resolution_counts_by_count ON resolution_counts (count_id, item_code);

-- A resolution taken back, with the reason.
CREATE TABLE resolution_voids (
    resolution_id BLOB NOT NULL PRIMARY KEY REFERENCES resolutions (id),
    change_set BLOB NOT NULL REFERENCES revisions (change_set) DEFERRABLE INITIALLY DEFERRED,
    account_id BLOB NOT NULL REFERENCES accounts (id),
    voided_by TEXT NOT NULL,
    voided_at BIGINT NOT NULL,
    reason TEXT NOT NULL,
    body BLOB NOT NULL,
    body_sha256 TEXT NOT NULL CHECK (length(body_sha256) = 64)
);

-- Only ever added to: the database itself refuses the rest.
CREATE TRIGGER resolutions_refuse_update BEFORE UPDATE ON resolutions
BEGIN SELECT RAISE(ABORT, 'resolutions is append-only'); END;
CREATE TRIGGER resolutions_refuse_delete BEFORE DELETE ON resolutions
BEGIN SELECT RAISE(ABORT, 'resolutions is append-only'); END;
CREATE TRIGGER resolution_counts_refuse_update BEFORE UPDATE ON resolution_counts
BEGIN SELECT RAISE(ABORT, 'resolution_counts is append-only'); END;
CREATE TRIGGER resolution_counts_refuse_delete BEFORE DELETE ON resolution_counts
BEGIN SELECT RAISE(ABORT, 'resolution_counts is append-only'); END;
CREATE TRIGGER resolution_voids_refuse_update BEFORE UPDATE ON resolution_voids
BEGIN SELECT RAISE(ABORT, 'resolution_voids is append-only'); END;
CREATE TRIGGER resolution_voids_refuse_delete BEFORE DELETE ON resolution_voids
BEGIN SELECT RAISE(ABORT, 'resolution_voids is append-only'); END;

-- INSERT OR REPLACE deletes without a word where a connection has recursive_triggers off.
CREATE TRIGGER resolutions_refuse_replace BEFORE INSERT ON resolutions
WHEN EXISTS (SELECT 1 FROM resolutions WHERE id = NEW.id)
BEGIN SELECT RAISE(ABORT, 'resolutions is append-only'); END;
CREATE TRIGGER resolution_counts_refuse_replace BEFORE INSERT ON resolution_counts
WHEN EXISTS (SELECT 1 FROM resolution_counts WHERE resolution_id = NEW.resolution_id AND count_id = NEW.count_id)
BEGIN SELECT RAISE(ABORT, 'resolution_counts is append-only'); END;
CREATE TRIGGER resolution_voids_refuse_replace BEFORE INSERT ON resolution_voids
WHEN EXISTS (SELECT 1 FROM resolution_voids WHERE resolution_id = NEW.resolution_id)
BEGIN SELECT RAISE(ABORT, 'resolution_voids is append-only'); END;
