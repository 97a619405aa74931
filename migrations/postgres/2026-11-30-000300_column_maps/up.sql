-- The columns in which a region wants tables, by a name. The last row of a name says what they are, or that it was withdrawn; a
-- document is a column map as JSON.
CREATE TABLE column_maps (
    region_id UUID NOT NULL REFERENCES regions (id),
    name TEXT NOT NULL,
    change_set UUID NOT NULL REFERENCES revisions (change_set) DEFERRABLE INITIALLY DEFERRED,
    author_id UUID,
    withdrawn BOOLEAN NOT NULL,
    document TEXT NOT NULL,
    PRIMARY KEY (region_id, name, change_set)
);
CREATE INDEX column_maps_by_change_set ON column_maps (change_set);

-- Only ever added to: the database itself refuses the rest.
CREATE TRIGGER column_maps_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON column_maps
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
