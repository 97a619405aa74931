-- An officer's leave for one organization not to hold what a rule asks for, from a day to a last one. The body is kept as it
-- was sent, by its hash.
CREATE TABLE exemptions (
    id UUID NOT NULL,
    organization_id UUID NOT NULL REFERENCES organizations (id),
    rule_code TEXT NOT NULL REFERENCES rules (code),
    valid_from DATE NOT NULL,
    ends_on DATE NOT NULL,
    change_set UUID NOT NULL REFERENCES revisions (change_set) DEFERRABLE INITIALLY DEFERRED,
    author_id UUID,
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
    exemption_id UUID NOT NULL REFERENCES exemptions (id),
    valid_from DATE NOT NULL,
    change_set UUID NOT NULL REFERENCES revisions (change_set) DEFERRABLE INITIALLY DEFERRED,
    author_id UUID,
    ended_by TEXT NOT NULL,
    reason TEXT NOT NULL,
    PRIMARY KEY (exemption_id, change_set)
);

-- Only ever added to: the database itself refuses the rest.
CREATE TRIGGER exemptions_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON exemptions
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER exemption_ends_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON exemption_ends
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
