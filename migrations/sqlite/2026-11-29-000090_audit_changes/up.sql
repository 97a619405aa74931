-- The values that a change made others, of things whose rows keep no earlier state: accounts, clients, devices and codes.
-- Values are JSON. A value that is not told, such as a person's name or a password, is not stored either.
CREATE TABLE audit_changes (
    change_set BLOB NOT NULL REFERENCES revisions (change_set) DEFERRABLE INITIALLY DEFERRED,
    position BIGINT NOT NULL,
    subject_position BIGINT NOT NULL,
    field TEXT NOT NULL,
    old_value TEXT,
    new_value TEXT,
    is_withheld BOOLEAN NOT NULL,
    PRIMARY KEY (change_set, position)
);

-- Only ever added to: the database itself refuses the rest.
CREATE TRIGGER audit_changes_refuse_update BEFORE UPDATE ON audit_changes
BEGIN SELECT RAISE(ABORT, 'audit_changes is append-only'); END;
CREATE TRIGGER audit_changes_refuse_delete BEFORE DELETE ON audit_changes
BEGIN SELECT RAISE(ABORT, 'audit_changes is append-only'); END;
CREATE TRIGGER audit_changes_refuse_replace BEFORE INSERT ON audit_changes
WHEN EXISTS (SELECT 1 FROM audit_changes WHERE change_set = NEW.change_set AND position = NEW.position)
BEGIN SELECT RAISE(ABORT, 'audit_changes is append-only'); END;
