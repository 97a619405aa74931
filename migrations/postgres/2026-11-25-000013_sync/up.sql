-- What a device last said of itself: one row for each account that pushes from it, under the name the device gives itself.
-- queued is how many commands still waited on it when it had been answered.
CREATE TABLE device_reports (
    account_id UUID NOT NULL REFERENCES accounts (id),
    device TEXT NOT NULL,
    signed_in_as UUID REFERENCES devices (id),
    heard_at TIMESTAMPTZ NOT NULL,
    clock_offset_us BIGINT,
    queued BIGINT NOT NULL CHECK (queued >= 0),
    queued_since TIMESTAMPTZ,
    PRIMARY KEY (account_id, device),
    CHECK ((queued = 0) = (queued_since IS NULL))
);

-- The numbers under which commands arrived: what is missing between them never did. A number twice means a device that
-- was restored from a copy. seq begins at 1, or at 0 where an app counts so. flags are words with blanks between.
CREATE TABLE device_commands (
    account_id UUID NOT NULL REFERENCES accounts (id),
    device TEXT NOT NULL,
    seq BIGINT NOT NULL CHECK (seq >= 0),
    command_id UUID NOT NULL,
    received_at TIMESTAMPTZ NOT NULL,
    counted_at TIMESTAMPTZ,
    flags TEXT NOT NULL,
    PRIMARY KEY (account_id, device, seq, command_id)
);
CREATE INDEX device_commands_by_command ON device_commands (command_id);

-- Commands that arrived and could not be applied as they were sent, by id and content. Nothing that arrived is thrown away.
-- problem is what the sender was told, in every language, and code its code.
CREATE TABLE quarantine (
    id UUID NOT NULL PRIMARY KEY,
    command_id UUID NOT NULL,
    sha256 TEXT NOT NULL CHECK (length(sha256) = 64),
    change_set UUID NOT NULL REFERENCES revisions (change_set) DEFERRABLE INITIALLY DEFERRED,
    account_id UUID NOT NULL REFERENCES accounts (id),
    organization_id UUID REFERENCES organizations (id),
    sender_role TEXT NOT NULL CHECK (sender_role IN ('quartermaster', 'viewer', 'officer', 'admin')),
    kind TEXT NOT NULL,
    body BYTEA NOT NULL,
    receipt TEXT,
    device TEXT NOT NULL,
    seq BIGINT CHECK (seq >= 0),
    sent_at TIMESTAMPTZ,
    clock_offset_us BIGINT,
    received_at TIMESTAMPTZ NOT NULL,
    effective_at TIMESTAMPTZ NOT NULL,
    deposited BOOLEAN NOT NULL,
    code TEXT NOT NULL,
    problem TEXT NOT NULL,
    UNIQUE (command_id, sha256)
);
CREATE INDEX quarantine_by_account ON quarantine (account_id);

-- What an officer made of one. count_id is the count that it became; organization_id is whose chain the decision is in.
CREATE TABLE quarantine_decisions (
    quarantine_id UUID NOT NULL PRIMARY KEY REFERENCES quarantine (id),
    change_set UUID NOT NULL REFERENCES revisions (change_set) DEFERRABLE INITIALLY DEFERRED,
    account_id UUID NOT NULL REFERENCES accounts (id),
    organization_id UUID REFERENCES organizations (id),
    decided_at TIMESTAMPTZ NOT NULL,
    decision TEXT NOT NULL CHECK (decision IN ('applied', 'set_aside')),
    reason TEXT NOT NULL,
    count_id UUID REFERENCES counts (id),
    body BYTEA NOT NULL,
    body_sha256 TEXT NOT NULL CHECK (length(body_sha256) = 64),
    CHECK ((decision = 'applied') = (count_id IS NOT NULL))
);

-- Only ever added to: the database itself refuses the rest.
CREATE TRIGGER device_commands_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON device_commands
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER quarantine_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON quarantine
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER quarantine_decisions_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON quarantine_decisions
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
