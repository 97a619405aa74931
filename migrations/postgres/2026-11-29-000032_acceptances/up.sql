-- An officer's word that an organization's own count holds although an inspection found less, with the reason. It removes
-- nothing, and is never changed.
CREATE TABLE acceptances (
    id UUID NOT NULL PRIMARY KEY,
    depot_id UUID NOT NULL REFERENCES depots (id),
    organization_id UUID NOT NULL REFERENCES organizations (id),
    account_id UUID NOT NULL REFERENCES accounts (id),
    change_set UUID NOT NULL REFERENCES revisions (change_set) DEFERRABLE INITIALLY DEFERRED,
    item_code TEXT NOT NULL REFERENCES items (code),
    inspection_id UUID NOT NULL REFERENCES counts (id),
    count_id UUID NOT NULL REFERENCES counts (id),
    reason TEXT NOT NULL,
    accepted_by TEXT NOT NULL,
    accepted_at TIMESTAMPTZ NOT NULL,
    body BYTEA NOT NULL,
    body_sha256 TEXT NOT NULL CHECK (length(body_sha256) = 64)
);
CREATE INDEX acceptances_by_organization ON acceptances (organization_id);
CREATE INDEX acceptances_by_depot ON acceptances (depot_id);

-- Only ever added to: the database itself refuses the rest.
CREATE TRIGGER acceptances_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON acceptances
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

-- The chain also holds acceptances.
ALTER TABLE receipts DROP CONSTRAINT receipts_kind_check;
ALTER TABLE receipts ADD CONSTRAINT receipts_kind_check
    CHECK (kind IN ('count', 'void', 'resolution', 'resolution_void', 'acceptance', 'decision'));
