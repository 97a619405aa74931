-- What became of the draft of a standard, of one that is there or is to be: the last row says whether there is one. A
-- document is a standard with its rules as JSON; what was published says from which day, and why where that was a
-- correction.
CREATE TABLE draft_versions (
    standard_code TEXT NOT NULL,
    change_set UUID NOT NULL REFERENCES revisions (change_set) DEFERRABLE INITIALLY DEFERRED,
    author_id UUID,
    fate TEXT NOT NULL CHECK (fate IN ('written', 'discarded', 'published')),
    document TEXT NOT NULL,
    valid_from DATE,
    reason TEXT,
    PRIMARY KEY (standard_code, change_set)
);

-- Only ever added to: the database itself refuses the rest.
CREATE TRIGGER draft_versions_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON draft_versions
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
