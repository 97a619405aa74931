-- The one order of everything the system learnt. A change set is numbered by the last statement of its own
-- transaction, so no committed row is without a number (the foreign keys to this table are checked at commit). in_books
-- is true where it changed what the figures of every organization are worked out from.
CREATE TABLE revisions (
    revision BIGINT NOT NULL PRIMARY KEY CHECK (revision > 0),
    change_set BLOB NOT NULL UNIQUE,
    at BIGINT NOT NULL,
    in_books BOOLEAN NOT NULL
);
CREATE INDEX revisions_in_books ON revisions (revision) WHERE in_books;

-- Only ever added to: the database itself refuses the rest.
CREATE TRIGGER revisions_refuse_update BEFORE UPDATE ON revisions
BEGIN SELECT RAISE(ABORT, 'revisions is append-only'); END;
CREATE TRIGGER revisions_refuse_delete BEFORE DELETE ON revisions
BEGIN SELECT RAISE(ABORT, 'revisions is append-only'); END;

-- INSERT OR REPLACE deletes without a word where a connection has recursive_triggers off.
CREATE TRIGGER revisions_refuse_replace BEFORE INSERT ON revisions
WHEN EXISTS (SELECT 1 FROM revisions WHERE revision = NEW.revision OR change_set = NEW.change_set)
BEGIN SELECT RAISE(ABORT, 'revisions is append-only'); END;
