-- The one order of everything the system learnt. A change set is numbered by the last statement of its own
-- transaction, so no committed row is without a number (the foreign keys to this table are checked at commit). in_books
-- is true where it changed what the figures of every organization are worked out from.
CREATE TABLE revisions (
    revision BIGINT NOT NULL PRIMARY KEY CHECK (revision > 0),
    change_set UUID NOT NULL UNIQUE,
    at TIMESTAMPTZ NOT NULL,
    in_books BOOLEAN NOT NULL
);
CREATE INDEX revisions_in_books ON revisions (revision) WHERE in_books;

-- Only ever added to: the database itself refuses the rest.
CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'integrity_constraint_violation';
END;
$$;
CREATE TRIGGER revisions_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON revisions
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
