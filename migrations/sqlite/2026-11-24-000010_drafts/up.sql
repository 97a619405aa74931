-- What became of the draft of a standard, of one that is there or is to be: the last row says whether there is one. A
-- document is a standard with its rules as JSON; what was published says from which day, and why where that was a
-- correction.
CREATE TABLE draft_versions (
    standard_code TEXT NOT NULL,
    change_set BLOB NOT NULL REFERENCES revisions (change_set) DEFERRABLE INITIALLY DEFERRED,
    author_id BLOB,
    fate TEXT NOT NULL CHECK (fate IN ('written', 'discarded', 'published')),
    document TEXT NOT NULL,
    valid_from TEXT,
    reason TEXT,
    PRIMARY KEY (standard_code, change_set)
);

-- Only ever added to: the database itself refuses the rest.
CREATE TRIGGER draft_versions_refuse_update BEFORE UPDATE ON draft_versions
BEGIN SELECT RAISE(ABORT, 'draft_versions is append-only'); END;
CREATE TRIGGER draft_versions_refuse_delete BEFORE DELETE ON draft_versions
BEGIN SELECT RAISE(ABORT, 'draft_versions is append-only'); END;

-- INSERT OR REPLACE deletes without a word where a connection has recursive_triggers off.
CREATE TRIGGER draft_versions_refuse_replace BEFORE INSERT ON draft_versions
WHEN EXISTS (SELECT 1 FROM draft_versions WHERE standard_code = NEW.standard_code AND change_set = NEW.change_set)
BEGIN SELECT RAISE(ABORT, 'draft_versions is append-only'); END;
