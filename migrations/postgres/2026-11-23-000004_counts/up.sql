-- What was seen, as it was sent. A count is never changed; it is voided, or a later count speaks instead.
CREATE TABLE counts (
    id UUID NOT NULL PRIMARY KEY,
    depot_id UUID NOT NULL REFERENCES depots (id),
    organization_id UUID NOT NULL REFERENCES organizations (id),
    account_id UUID NOT NULL REFERENCES accounts (id),
    change_set UUID NOT NULL REFERENCES revisions (change_set) DEFERRABLE INITIALLY DEFERRED,
    kind TEXT NOT NULL CHECK (kind IN ('own', 'inspection')),
    scope TEXT NOT NULL CHECK (scope IN ('full', 'listed')),
    counted_at TIMESTAMPTZ NOT NULL,
    effective_at TIMESTAMPTZ NOT NULL,
    received_at TIMESTAMPTZ NOT NULL,
    device TEXT,
    seq BIGINT CHECK (seq >= 0),
    sent_at TIMESTAMPTZ,
    clock_offset_us BIGINT,
    catalogue_revision BIGINT CHECK (catalogue_revision > 0),
    counted_by TEXT NOT NULL,
    note TEXT,
    body BYTEA NOT NULL,
    body_sha256 TEXT NOT NULL CHECK (length(body_sha256) = 64)
);
CREATE INDEX counts_by_organization ON counts (organization_id, effective_at);
CREATE INDEX counts_by_depot ON counts (depot_id, effective_at);

-- One line: units of one item that share lot, expiry, condition and place. Quantities are thousandths of the unit. Depot,
-- source and time are those of the count, so that an index finds the last lines of each source for an item in a depot.
CREATE TABLE count_lines (
    count_id UUID NOT NULL REFERENCES counts (id),
    depot_id UUID NOT NULL REFERENCES depots (id),
    source TEXT NOT NULL,
    effective_at TIMESTAMPTZ NOT NULL,
    position BIGINT NOT NULL CHECK (position >= 0),
    item_code TEXT NOT NULL REFERENCES items (code),
    quantity BIGINT NOT NULL CHECK (quantity >= 0),
    lot TEXT,
    expires_on DATE,
    made_on DATE,
    inspected_on DATE,
    condition TEXT NOT NULL CHECK (condition IN ('serviceable', 'in_repair', 'unserviceable')),
    held TEXT NOT NULL CHECK (held IN ('here', 'lent')),
    pack TEXT,
    packs BIGINT CHECK (packs >= 0),
    pack_size BIGINT CHECK (pack_size > 0),
    note TEXT,
    PRIMARY KEY (count_id, position)
);
CREATE INDEX count_lines_by_item ON count_lines (depot_id, item_code, source, effective_at);

-- The counts that a count settles by name.
CREATE TABLE count_resolves (
    count_id UUID NOT NULL REFERENCES counts (id),
    resolved_id UUID NOT NULL REFERENCES counts (id),
    PRIMARY KEY (count_id, resolved_id)
);
CREATE INDEX count_resolves_by_resolved ON count_resolves (resolved_id);

-- A count taken back, with the reason.
CREATE TABLE voids (
    count_id UUID NOT NULL PRIMARY KEY REFERENCES counts (id),
    change_set UUID NOT NULL REFERENCES revisions (change_set) DEFERRABLE INITIALLY DEFERRED,
    account_id UUID NOT NULL REFERENCES accounts (id),
    voided_at TIMESTAMPTZ NOT NULL,
    reason TEXT NOT NULL,
    body BYTEA NOT NULL,
    body_sha256 TEXT NOT NULL CHECK (length(body_sha256) = 64)
);

-- Only ever added to: the database itself refuses the rest.
CREATE TRIGGER counts_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON counts
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER count_lines_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON count_lines
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER count_resolves_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON count_resolves
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER voids_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON voids
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
