-- An officer's leave for one organization not to hold what a rule asks for, from a day to a last one. The body is kept as it
-- was sent, by its hash.
CREATE TABLE exemptions (
    id BLOB NOT NULL,
    organization_id BLOB NOT NULL REFERENCES organizations (id),
    rule_code TEXT NOT NULL REFERENCES rules (code),
    valid_from TEXT NOT NULL,
    ends_on TEXT NOT NULL,
    change_set BLOB NOT NULL REFERENCES revisions (change_set) DEFERRABLE INITIALLY DEFERRED,
    author_id BLOB,
    granted_by TEXT NOT NULL,
    reason TEXT NOT NULL,
    correction_reason TEXT,
    body_sha256 TEXT NOT NULL,
    PRIMARY KEY (id),
    CHECK (valid_from <= ends_on)
);
CREATE INDEX exemptions_by_organization ON exemptions (organization_id);

-- A decision to end an exemption before its last day: the rule asks again from valid_from. The last decision holds.
CREATE TABLE exemption_ends (
    exemption_id BLOB NOT NULL REFERENCES exemptions (id),
    valid_from TEXT NOT NULL,
    change_set BLOB NOT NULL REFERENCES revisions (change_set) DEFERRABLE INITIALLY DEFERRED,
    author_id BLOB,
    ended_by TEXT NOT NULL,
    reason TEXT NOT NULL,
    PRIMARY KEY (exemption_id, change_set)
);

-- Only ever added to: the database itself refuses the rest.
CREATE TRIGGER exemptions_refuse_update BEFORE UPDATE ON exemptions
BEGIN SELECT RAISE(ABORT, 'exemptions is append-only'); END;
CREATE TRIGGER exemptions_refuse_delete BEFORE DELETE ON exemptions
BEGIN SELECT RAISE(ABORT, 'exemptions is append-only'); END;
CREATE TRIGGER exemption_ends_refuse_update BEFORE UPDATE ON exemption_ends
BEGIN SELECT RAISE(ABORT, 'exemption_ends is append-only'); END;
CREATE TRIGGER exemption_ends_refuse_delete BEFORE DELETE ON exemption_ends
BEGIN SELECT RAISE(ABORT, 'exemption_ends is append-only'); END;

-- INSERT OR REPLACE deletes without a word where a connection has recursive_triggers off.
CREATE TRIGGER exemptions_refuse_replace BEFORE INSERT ON exemptions
WHEN EXISTS (SELECT 1 FROM exemptions WHERE id = NEW.id)
BEGIN SELECT RAISE(ABORT, 'exemptions is append-only'); END;
CREATE TRIGGER exemption_ends_refuse_replace BEFORE INSERT ON exemption_ends
WHEN EXISTS (SELECT 1 FROM exemption_ends WHERE exemption_id = NEW.exemption_id AND change_set = NEW.change_set)
BEGIN SELECT RAISE(ABORT, 'exemption_ends is append-only'); END;
