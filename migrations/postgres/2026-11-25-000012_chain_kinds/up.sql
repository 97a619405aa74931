-- The chain also holds resolutions and decisions.
ALTER TABLE receipts DROP CONSTRAINT receipts_kind_check;
ALTER TABLE receipts ADD CONSTRAINT receipts_kind_check
    CHECK (kind IN ('count', 'void', 'resolution', 'resolution_void', 'decision'));

-- The receipt that a count was given before the server was restored from an older backup, kept as it was sent again. The
-- count's link in the present chain is a new one.
CREATE TABLE evidence (
    count_id UUID NOT NULL PRIMARY KEY REFERENCES counts (id),
    change_set UUID NOT NULL REFERENCES revisions (change_set) DEFERRABLE INITIALLY DEFERRED,
    jws TEXT NOT NULL
);

-- Only ever added to: the database itself refuses the rest.
CREATE TRIGGER evidence_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON evidence
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
