-- Slips at first entry, mended while nothing rests on them: what holds from a revision on, for all days. A thing without a
-- row here is as it was entered.

-- The unit of an item.
CREATE TABLE item_units (
    item_code TEXT NOT NULL REFERENCES items (code),
    change_set UUID NOT NULL REFERENCES revisions (change_set) DEFERRABLE INITIALLY DEFERRED,
    unit TEXT NOT NULL,
    measured BOOLEAN NOT NULL,
    PRIMARY KEY (item_code, change_set)
);

-- The kind of an organization.
CREATE TABLE organization_kinds (
    organization_id UUID NOT NULL REFERENCES organizations (id),
    change_set UUID NOT NULL REFERENCES revisions (change_set) DEFERRABLE INITIALLY DEFERRED,
    kind TEXT NOT NULL CHECK (kind IN ('rescue_team', 'enterprise', 'bureau')),
    PRIMARY KEY (organization_id, change_set)
);

-- The organization whose stock a depot holds.
CREATE TABLE depot_owners (
    depot_id UUID NOT NULL REFERENCES depots (id),
    change_set UUID NOT NULL REFERENCES revisions (change_set) DEFERRABLE INITIALLY DEFERRED,
    organization_id UUID NOT NULL REFERENCES organizations (id),
    PRIMARY KEY (depot_id, change_set)
);
CREATE INDEX depot_owners_by_organization ON depot_owners (organization_id);

-- The item that a rule names, so that the rules of an item are found.
CREATE INDEX rule_versions_by_item ON rule_versions ((document::json -> 'selector' ->> 'item'));

-- Only ever added to: the database itself refuses the rest.
CREATE TRIGGER item_units_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON item_units
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER organization_kinds_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON organization_kinds
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER depot_owners_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON depot_owners
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
