-- An officer's word that named counts do not speak for an item, with the reason. It is never changed; it is taken back.
CREATE TABLE resolutions (
    id UUID NOT NULL PRIMARY KEY,
    depot_id UUID NOT NULL REFERENCES depots (id),
    organization_id UUID NOT NULL REFERENCES organizations (id),
    account_id UUID NOT NULL REFERENCES accounts (id),
    change_set UUID NOT NULL REFERENCES revisions (change_set) DEFERRABLE INITIALLY DEFERRED,
    item_code TEXT NOT NULL REFERENCES items (code),
    reason TEXT NOT NULL,
    resolved_by TEXT NOT NULL,
    resolved_at TIMESTAMPTZ NOT NULL,
    body BYTEA NOT NULL,
    body_sha256 TEXT NOT NULL CHECK (length(body_sha256) = 64)
);
CREATE INDEX resolutions_by_organization ON resolutions (organization_id);

-- The counts that it takes out. The item is that of the resolution, so that an index finds whether a line is named.
CREATE TABLE resolution_counts (
    resolution_id UUID NOT NULL REFERENCES resolutions (id),
    count_id UUID NOT NULL REFERENCES counts (id),
    item_code TEXT NOT NULL REFERENCES items (code),
    PRIMARY KEY (resolution_id, count_id)
);
CREATE INDEX resolution_counts_by_count ON resolution_counts (count_id, item_code);

-- A resolution taken back, with the reason.
CREATE TABLE resolution_voids (
    resolution_id UUID NOT NULL PRIMARY KEY REFERENCES resolutions (id),
    change_set UUID NOT NULL REFERENCES revisions (change_set) DEFERRABLE INITIALLY DEFERRED,
    account_id UUID NOT NULL REFERENCES accounts (id),
    voided_by TEXT NOT NULL,
    voided_at TIMESTAMPTZ NOT NULL,
    reason TEXT NOT NULL,
    body BYTEA NOT NULL,
    body_sha256 TEXT NOT NULL CHECK (length(body_sha256) = 64)
);

-- Only ever added to: the database itself refuses the rest.
CREATE TRIGGER resolutions_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON resolutions
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER resolution_counts_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON resolution_counts
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER resolution_voids_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON resolution_voids
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
