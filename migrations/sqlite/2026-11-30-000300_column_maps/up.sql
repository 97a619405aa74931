-- The columns in which a region wants tables, by a name. The last row of a name says what they are, or that it was withdrawn; a
-- document is a column map as JSON.
CREATE TABLE column_maps (
    region_id BLOB NOT NULL REFERENCES regions (id),
    name TEXT NOT NULL,
    change_set BLOB NOT NULL REFERENCES revisions (change_set) DEFERRABLE INITIALLY DEFERRED,
    author_id BLOB,
    withdrawn BOOLEAN NOT NULL,
    document TEXT NOT NULL,
    PRIMARY KEY (region_id, name, change_set)
);
CREATE INDEX column_maps_by_change_set ON column_maps (change_set);

-- Only ever added to: the database itself refuses the rest.
CREATE TRIGGER column_maps_refuse_update BEFORE UPDATE ON column_maps
BEGIN SELECT RAISE(ABORT, 'column_maps is append-only'); END;
CREATE TRIGGER column_maps_refuse_delete BEFORE DELETE ON column_maps
BEGIN SELECT RAISE(ABORT, 'column_maps is append-only'); END;

-- INSERT OR REPLACE deletes without a word where a connection has recursive_triggers off.
CREATE TRIGGER column_maps_refuse_replace BEFORE INSERT ON column_maps
WHEN EXISTS (SELECT 1 FROM column_maps WHERE region_id = NEW.region_id AND name = NEW.name AND change_set = NEW.change_set)
BEGIN SELECT RAISE(ABORT, 'column_maps is append-only'); END;
