-- Slips at first entry, mended while nothing rests on them: what holds from a revision on, for all days. A thing without a
-- row here is as it was entered.

-- The unit of an item.
CREATE TABLE item_units (
    item_code TEXT NOT NULL REFERENCES items (code),
    change_set BLOB NOT NULL REFERENCES revisions (change_set) DEFERRABLE INITIALLY DEFERRED,
    unit TEXT NOT NULL,
    measured BOOLEAN NOT NULL,
    PRIMARY KEY (item_code, change_set)
);

-- The kind of an organization.
CREATE TABLE organization_kinds (
    organization_id BLOB NOT NULL REFERENCES organizations (id),
    change_set BLOB NOT NULL REFERENCES revisions (change_set) DEFERRABLE INITIALLY DEFERRED,
    kind TEXT NOT NULL CHECK (kind IN ('rescue_team', 'enterprise', 'bureau')),
    PRIMARY KEY (organization_id, change_set)
);

-- The organization whose stock a depot holds.
CREATE TABLE depot_owners (
    depot_id BLOB NOT NULL REFERENCES depots (id),
    change_set BLOB NOT NULL REFERENCES revisions (change_set) DEFERRABLE INITIALLY DEFERRED,
    organization_id BLOB NOT NULL REFERENCES organizations (id),
    PRIMARY KEY (depot_id, change_set)
);
CREATE INDEX depot_owners_by_organization ON depot_owners (organization_id);

-- The item that a rule names, so that the rules of an item are found.
CREATE INDEX rule_versions_by_item ON rule_versions (
    CASE WHEN json_valid(document) THEN json_extract(document, '$.selector.item') END
);

-- Only ever added to: the database itself refuses the rest.
CREATE TRIGGER item_units_refuse_update BEFORE UPDATE ON item_units
BEGIN SELECT RAISE(ABORT, 'item_units is append-only'); END;
CREATE TRIGGER item_units_refuse_delete BEFORE DELETE ON item_units
BEGIN SELECT RAISE(ABORT, 'item_units is append-only'); END;
CREATE TRIGGER organization_kinds_refuse_update BEFORE UPDATE ON organization_kinds
BEGIN SELECT RAISE(ABORT, 'organization_kinds is append-only'); END;
CREATE TRIGGER organization_kinds_refuse_delete BEFORE DELETE ON organization_kinds
BEGIN SELECT RAISE(ABORT, 'organization_kinds is append-only'); END;
CREATE TRIGGER depot_owners_refuse_update BEFORE UPDATE ON depot_owners
BEGIN SELECT RAISE(ABORT, 'depot_owners is append-only'); END;
CREATE TRIGGER depot_owners_refuse_delete BEFORE DELETE ON depot_owners
BEGIN SELECT RAISE(ABORT, 'depot_owners is append-only'); END;

-- INSERT OR REPLACE deletes without a word where a connection has recursive_triggers off.
CREATE TRIGGER item_units_refuse_replace BEFORE INSERT ON item_units
WHEN EXISTS (SELECT 1 FROM item_units WHERE item_code = NEW.item_code AND change_set = NEW.change_set)
BEGIN SELECT RAISE(ABORT, 'item_units is append-only'); END;
CREATE TRIGGER organization_kinds_refuse_replace BEFORE INSERT ON organization_kinds
WHEN EXISTS (SELECT 1 FROM organization_kinds WHERE organization_id = NEW.organization_id AND change_set = NEW.change_set)
BEGIN SELECT RAISE(ABORT, 'organization_kinds is append-only'); END;
CREATE TRIGGER depot_owners_refuse_replace BEFORE INSERT ON depot_owners
WHEN EXISTS (SELECT 1 FROM depot_owners WHERE depot_id = NEW.depot_id AND change_set = NEW.change_set)
BEGIN SELECT RAISE(ABORT, 'depot_owners is append-only'); END;
