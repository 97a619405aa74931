-- What a device last said of itself: one row for each account that pushes from it, under the name the device gives itself.
-- queued is how many commands still waited on it when it had been answered.
CREATE TABLE device_reports (
    account_id BLOB NOT NULL REFERENCES accounts (id),
    device TEXT NOT NULL,
    signed_in_as BLOB REFERENCES devices (id),
    heard_at BIGINT NOT NULL,
    clock_offset_us BIGINT,
    queued BIGINT NOT NULL CHECK (queued >= 0),
    queued_since BIGINT,
    PRIMARY KEY (account_id, device),
    CHECK ((queued = 0) = (queued_since IS NULL))
);

-- The numbers under which commands arrived: what is missing between them never did. A number twice means a device that
-- was restored from a copy. seq begins at 1, or at 0 where an app counts so. flags are words with blanks between.
CREATE TABLE device_commands (
    account_id BLOB NOT NULL REFERENCES accounts (id),
    device TEXT NOT NULL,
    seq BIGINT NOT NULL CHECK (seq >= 0),
    command_id BLOB NOT NULL,
    received_at BIGINT NOT NULL,
    counted_at BIGINT,
    flags TEXT NOT NULL,
    PRIMARY KEY (account_id, device, seq, command_id)
);
CREATE INDEX device_commands_by_command ON device_commands (command_id);

-- Commands that arrived and could not be applied as they were sent, by id and content. Nothing that arrived is thrown away.
-- problem is what the sender was told, in every language, and code its code.
CREATE TABLE quarantine (
    id BLOB NOT NULL PRIMARY KEY,
    command_id BLOB NOT NULL,
    sha256 TEXT NOT NULL CHECK (length(sha256) = 64),
    change_set BLOB NOT NULL REFERENCES revisions (change_set) DEFERRABLE INITIALLY DEFERRED,
    account_id BLOB NOT NULL REFERENCES accounts (id),
    organization_id BLOB REFERENCES organizations (id),
    sender_role TEXT NOT NULL CHECK (sender_role IN ('quartermaster', 'viewer', 'officer', 'admin')),
    kind TEXT NOT NULL,
    body BLOB NOT NULL,
    receipt TEXT,
    device TEXT NOT NULL,
    seq BIGINT CHECK (seq >= 0),
    sent_at BIGINT,
    clock_offset_us BIGINT,
    received_at BIGINT NOT NULL,
    effective_at BIGINT NOT NULL,
    deposited BOOLEAN NOT NULL,
    code TEXT NOT NULL,
    problem TEXT NOT NULL,
    UNIQUE (command_id, sha256)
);
CREATE INDEX quarantine_by_account ON quarantine (account_id);

-- What an officer made of one. count_id is the count that it became; organization_id is whose chain the decision is in.
CREATE TABLE quarantine_decisions (
    quarantine_id BLOB NOT NULL PRIMARY KEY REFERENCES quarantine (id),
    change_set BLOB NOT NULL REFERENCES revisions (change_set) DEFERRABLE INITIALLY DEFERRED,
    account_id BLOB NOT NULL REFERENCES accounts (id),
    organization_id BLOB REFERENCES organizations (id),
    decided_at BIGINT NOT NULL,
    decision TEXT NOT NULL CHECK (decision IN ('applied', 'set_aside')),
    reason TEXT NOT NULL,
    count_id BLOB REFERENCES counts (id),
    body BLOB NOT NULL,
    body_sha256 TEXT NOT NULL CHECK (length(body_sha256) = 64),
    CHECK ((decision = 'applied') = (count_id IS NOT NULL))
);

-- Only ever added to: the database itself refuses the rest.
CREATE TRIGGER device_commands_refuse_update BEFORE UPDATE ON device_commands
BEGIN SELECT RAISE(ABORT, 'device_commands is append-only'); END;
CREATE TRIGGER device_commands_refuse_delete BEFORE DELETE ON device_commands
BEGIN SELECT RAISE(ABORT, 'device_commands is append-only'); END;
CREATE TRIGGER quarantine_refuse_update BEFORE UPDATE ON quarantine
BEGIN SELECT RAISE(ABORT, 'quarantine is append-only'); END;
CREATE TRIGGER quarantine_refuse_delete BEFORE DELETE ON quarantine
BEGIN SELECT RAISE(ABORT, 'quarantine is append-only'); END;
CREATE TRIGGER quarantine_decisions_refuse_update BEFORE UPDATE ON quarantine_decisions
BEGIN SELECT RAISE(ABORT, 'quarantine_decisions is append-only'); END;
CREATE TRIGGER quarantine_decisions_refuse_delete BEFORE DELETE ON quarantine_decisions
BEGIN SELECT RAISE(ABORT, 'quarantine_decisions is append-only'); END;

-- INSERT OR REPLACE deletes without a word where a connection has recursive_triggers off.
CREATE TRIGGER device_commands_refuse_replace BEFORE INSERT ON device_commands
WHEN EXISTS (SELECT 1 FROM device_commands WHERE account_id = NEW.account_id AND device = NEW.device
    AND seq = NEW.seq AND command_id = NEW.command_id)
BEGIN SELECT RAISE(ABORT, 'device_commands is append-only'); END;
CREATE TRIGGER quarantine_refuse_replace BEFORE INSERT ON quarantine
WHEN EXISTS (SELECT 1 FROM quarantine WHERE id = NEW.id OR command_id = NEW.command_id AND sha256 = NEW.sha256)
BEGIN SELECT RAISE(ABORT, 'quarantine is append-only'); END;
CREATE TRIGGER quarantine_decisions_refuse_replace BEFORE INSERT ON quarantine_decisions
WHEN EXISTS (SELECT 1 FROM quarantine_decisions WHERE quarantine_id = NEW.quarantine_id)
BEGIN SELECT RAISE(ABORT, 'quarantine_decisions is append-only'); END;
