-- Who made each change: the account, or NULL for a command of the program itself, and by which operation.
CREATE TABLE audit_entries (
    change_set UUID NOT NULL REFERENCES revisions (change_set) DEFERRABLE INITIALLY DEFERRED,
    account_id UUID REFERENCES accounts (id),
    action TEXT NOT NULL,
    device TEXT,
    request_id TEXT,
    PRIMARY KEY (change_set)
);

-- What each change was about.
CREATE TABLE audit_subjects (
    change_set UUID NOT NULL REFERENCES revisions (change_set) DEFERRABLE INITIALLY DEFERRED,
    position BIGINT NOT NULL,
    kind TEXT NOT NULL,
    subject TEXT NOT NULL,
    PRIMARY KEY (change_set, position)
);
CREATE INDEX audit_subjects_by_subject ON audit_subjects (kind, subject);

-- Only ever added to: the database itself refuses the rest.
CREATE TRIGGER audit_entries_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_entries
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER audit_subjects_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_subjects
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
