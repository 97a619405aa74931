-- Reference data: what a figure or its rendering reads. Each thing has a row that never changes and a history of
-- versions; a version is only ever added. For a day, the row with the latest valid_from not after it holds; of equal
-- ones the one with the highest revision.

CREATE TABLE regions (
    id BLOB NOT NULL PRIMARY KEY,
    code TEXT NOT NULL UNIQUE,
    parent_id BLOB REFERENCES regions (id),
    change_set BLOB NOT NULL REFERENCES revisions (change_set) DEFERRABLE INITIALLY DEFERRED
);

-- What a region is called and what it sets for those below it; NULL takes the parent's.
CREATE TABLE region_versions (
    region_id BLOB NOT NULL REFERENCES regions (id),
    valid_from TEXT NOT NULL,
    change_set BLOB NOT NULL REFERENCES revisions (change_set) DEFERRABLE INITIALLY DEFERRED,
    author_id BLOB,
    name_en TEXT NOT NULL,
    name_zh TEXT NOT NULL,
    time_zone TEXT,
    validity_days BIGINT CHECK (validity_days BETWEEN 1 AND 3650),
    PRIMARY KEY (region_id, valid_from, change_set)
);

CREATE TABLE organizations (
    id BLOB NOT NULL PRIMARY KEY,
    code TEXT NOT NULL UNIQUE,
    region_id BLOB NOT NULL REFERENCES regions (id),
    kind TEXT NOT NULL CHECK (kind IN ('rescue_team', 'enterprise', 'bureau')),
    change_set BLOB NOT NULL REFERENCES revisions (change_set) DEFERRABLE INITIALLY DEFERRED
);
CREATE INDEX organizations_by_region ON organizations (region_id);

-- What an organization is called and does; active is false from the day it ceased to be.
CREATE TABLE organization_versions (
    organization_id BLOB NOT NULL REFERENCES organizations (id),
    valid_from TEXT NOT NULL,
    change_set BLOB NOT NULL REFERENCES revisions (change_set) DEFERRABLE INITIALLY DEFERRED,
    author_id BLOB,
    name_en TEXT NOT NULL,
    name_zh TEXT NOT NULL,
    organization_type TEXT,
    sector TEXT,
    hosted_by BLOB REFERENCES organizations (id),
    active BOOLEAN NOT NULL,
    PRIMARY KEY (organization_id, valid_from, change_set)
);

CREATE TABLE depots (
    id BLOB NOT NULL PRIMARY KEY,
    code TEXT NOT NULL UNIQUE,
    organization_id BLOB NOT NULL REFERENCES organizations (id),
    change_set BLOB NOT NULL REFERENCES revisions (change_set) DEFERRABLE INITIALLY DEFERRED
);
CREATE INDEX depots_by_organization ON depots (organization_id);

-- What a depot is like (position in WGS 84); open is false from the day it was closed.
CREATE TABLE depot_versions (
    depot_id BLOB NOT NULL REFERENCES depots (id),
    valid_from TEXT NOT NULL,
    change_set BLOB NOT NULL REFERENCES revisions (change_set) DEFERRABLE INITIALLY DEFERRED,
    author_id BLOB,
    name_en TEXT NOT NULL,
    name_zh TEXT NOT NULL,
    latitude DOUBLE PRECISION CHECK (latitude BETWEEN -90 AND 90),
    longitude DOUBLE PRECISION CHECK (longitude BETWEEN -180 AND 180),
    keeper TEXT,
    holding TEXT NOT NULL CHECK (holding IN ('physical', 'agreement', 'capacity')),
    open BOOLEAN NOT NULL,
    PRIMARY KEY (depot_id, valid_from, change_set)
);

-- A class of items and what it is called.
CREATE TABLE item_classes (
    code TEXT NOT NULL,
    valid_from TEXT NOT NULL,
    change_set BLOB NOT NULL REFERENCES revisions (change_set) DEFERRABLE INITIALLY DEFERRED,
    author_id BLOB,
    name_en TEXT NOT NULL,
    name_zh TEXT NOT NULL,
    PRIMARY KEY (code, valid_from, change_set)
);

CREATE TABLE items (
    code TEXT NOT NULL PRIMARY KEY,
    unit TEXT NOT NULL,
    measured BOOLEAN NOT NULL,
    change_set BLOB NOT NULL REFERENCES revisions (change_set) DEFERRABLE INITIALLY DEFERRED
);

-- What the catalogue says of an item; packs is a JSON list of {"name", "size"}, barcodes one of texts.
CREATE TABLE item_versions (
    item_code TEXT NOT NULL REFERENCES items (code),
    valid_from TEXT NOT NULL,
    change_set BLOB NOT NULL REFERENCES revisions (change_set) DEFERRABLE INITIALLY DEFERRED,
    author_id BLOB,
    name_en TEXT NOT NULL,
    name_zh TEXT NOT NULL,
    class TEXT NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('equipment', 'material')),
    perishable BOOLEAN NOT NULL,
    shelf_life_months BIGINT CHECK (shelf_life_months > 0),
    packs TEXT NOT NULL,
    barcodes TEXT NOT NULL,
    retired BOOLEAN NOT NULL,
    PRIMARY KEY (item_code, valid_from, change_set)
);

CREATE TABLE fact_definitions (
    key TEXT NOT NULL PRIMARY KEY,
    kind TEXT NOT NULL CHECK (kind IN ('number', 'tag')),
    unit TEXT,
    change_set BLOB NOT NULL REFERENCES revisions (change_set) DEFERRABLE INITIALLY DEFERRED
);

-- What the dictionary says of a fact.
CREATE TABLE fact_definition_versions (
    fact_key TEXT NOT NULL REFERENCES fact_definitions (key),
    valid_from TEXT NOT NULL,
    change_set BLOB NOT NULL REFERENCES revisions (change_set) DEFERRABLE INITIALLY DEFERRED,
    author_id BLOB,
    name_en TEXT NOT NULL,
    name_zh TEXT NOT NULL,
    definition_en TEXT NOT NULL,
    definition_zh TEXT NOT NULL,
    PRIMARY KEY (fact_key, valid_from, change_set)
);

-- What was recorded of an organization: a number in thousandths, or a tag that is so or not; both NULL withdraws it.
CREATE TABLE facts (
    organization_id BLOB NOT NULL REFERENCES organizations (id),
    fact_key TEXT NOT NULL REFERENCES fact_definitions (key),
    valid_from TEXT NOT NULL,
    change_set BLOB NOT NULL REFERENCES revisions (change_set) DEFERRABLE INITIALLY DEFERRED,
    author_id BLOB,
    number BIGINT CHECK (number >= 0),
    tag BOOLEAN,
    PRIMARY KEY (organization_id, fact_key, valid_from, change_set),
    CHECK (number IS NULL OR tag IS NULL)
);

-- From when an organization's fact sheet covers the whole dictionary.
CREATE TABLE fact_sheets (
    organization_id BLOB NOT NULL REFERENCES organizations (id),
    valid_from TEXT NOT NULL,
    change_set BLOB NOT NULL REFERENCES revisions (change_set) DEFERRABLE INITIALLY DEFERRED,
    author_id BLOB,
    complete BOOLEAN NOT NULL,
    PRIMARY KEY (organization_id, valid_from, change_set)
);

CREATE TABLE standards (
    code TEXT NOT NULL PRIMARY KEY,
    change_set BLOB NOT NULL REFERENCES revisions (change_set) DEFERRABLE INITIALLY DEFERRED
);

-- A standard as a JSON document, without its rules. The reason of this and other rows is that of a correction, or of an end.
CREATE TABLE standard_versions (
    standard_code TEXT NOT NULL REFERENCES standards (code),
    valid_from TEXT NOT NULL,
    change_set BLOB NOT NULL REFERENCES revisions (change_set) DEFERRABLE INITIALLY DEFERRED,
    author_id BLOB,
    document TEXT NOT NULL,
    reason TEXT,
    PRIMARY KEY (standard_code, valid_from, change_set)
);

CREATE TABLE rules (
    code TEXT NOT NULL PRIMARY KEY,
    standard_code TEXT NOT NULL REFERENCES standards (code),
    position BIGINT NOT NULL,
    change_set BLOB NOT NULL REFERENCES revisions (change_set) DEFERRABLE INITIALLY DEFERRED
);
CREATE INDEX rules_by_standard ON rules (standard_code, position);

-- A rule as a JSON document; NULL withdraws it.
CREATE TABLE rule_versions (
    rule_code TEXT NOT NULL REFERENCES rules (code),
    valid_from TEXT NOT NULL,
    change_set BLOB NOT NULL REFERENCES revisions (change_set) DEFERRABLE INITIALLY DEFERRED,
    author_id BLOB,
    document TEXT,
    reason TEXT,
    PRIMARY KEY (rule_code, valid_from, change_set)
);

-- A bureau's decision that a standard binds in its region, with the strength it gives it; NULL ends it.
CREATE TABLE adoptions (
    region_id BLOB NOT NULL REFERENCES regions (id),
    standard_code TEXT NOT NULL REFERENCES standards (code),
    valid_from TEXT NOT NULL,
    change_set BLOB NOT NULL REFERENCES revisions (change_set) DEFERRABLE INITIALLY DEFERRED,
    author_id BLOB,
    strength TEXT CHECK (strength IN ('mandatory', 'recommended', 'reference', 'optional')),
    reason TEXT,
    PRIMARY KEY (region_id, standard_code, valid_from, change_set)
);

-- An organization's own number, in thousandths, where a rule says "as needed"; NULL takes it back.
CREATE TABLE declared_targets (
    organization_id BLOB NOT NULL REFERENCES organizations (id),
    rule_code TEXT NOT NULL REFERENCES rules (code),
    valid_from TEXT NOT NULL,
    change_set BLOB NOT NULL REFERENCES revisions (change_set) DEFERRABLE INITIALLY DEFERRED,
    author_id BLOB,
    quantity BIGINT CHECK (quantity >= 0),
    reason TEXT,
    PRIMARY KEY (organization_id, rule_code, valid_from, change_set)
);

-- Only ever added to: the database itself refuses the rest.
CREATE TRIGGER regions_refuse_update BEFORE UPDATE ON regions
BEGIN SELECT RAISE(ABORT, 'regions is append-only'); END;
CREATE TRIGGER regions_refuse_delete BEFORE DELETE ON regions
BEGIN SELECT RAISE(ABORT, 'regions is append-only'); END;
CREATE TRIGGER region_versions_refuse_update BEFORE UPDATE ON region_versions
BEGIN SELECT RAISE(ABORT, 'region_versions is append-only'); END;
CREATE TRIGGER region_versions_refuse_delete BEFORE DELETE ON region_versions
BEGIN SELECT RAISE(ABORT, 'region_versions is append-only'); END;
CREATE TRIGGER organizations_refuse_update BEFORE UPDATE ON organizations
BEGIN SELECT RAISE(ABORT, 'organizations is append-only'); END;
CREATE TRIGGER organizations_refuse_delete BEFORE DELETE ON organizations
BEGIN SELECT RAISE(ABORT, 'organizations is append-only'); END;
CREATE TRIGGER organization_versions_refuse_update BEFORE UPDATE ON organization_versions
BEGIN SELECT RAISE(ABORT, 'organization_versions is append-only'); END;
CREATE TRIGGER organization_versions_refuse_delete BEFORE DELETE ON organization_versions
BEGIN SELECT RAISE(ABORT, 'organization_versions is append-only'); END;
CREATE TRIGGER depots_refuse_update BEFORE UPDATE ON depots
BEGIN SELECT RAISE(ABORT, 'depots is append-only'); END;
CREATE TRIGGER depots_refuse_delete BEFORE DELETE ON depots
BEGIN SELECT RAISE(ABORT, 'depots is append-only'); END;
CREATE TRIGGER depot_versions_refuse_update BEFORE UPDATE ON depot_versions
BEGIN SELECT RAISE(ABORT, 'depot_versions is append-only'); END;
CREATE TRIGGER depot_versions_refuse_delete BEFORE DELETE ON depot_versions
BEGIN SELECT RAISE(ABORT, 'depot_versions is append-only'); END;
CREATE TRIGGER item_classes_refuse_update BEFORE UPDATE ON item_classes
BEGIN SELECT RAISE(ABORT, 'item_classes is append-only'); END;
CREATE TRIGGER item_classes_refuse_delete BEFORE DELETE ON item_classes
BEGIN SELECT RAISE(ABORT, 'item_classes is append-only'); END;
CREATE TRIGGER items_refuse_update BEFORE UPDATE ON items
BEGIN SELECT RAISE(ABORT, 'items is append-only'); END;
CREATE TRIGGER items_refuse_delete BEFORE DELETE ON items
BEGIN SELECT RAISE(ABORT, 'items is append-only'); END;
CREATE TRIGGER item_versions_refuse_update BEFORE UPDATE ON item_versions
BEGIN SELECT RAISE(ABORT, 'item_versions is append-only'); END;
CREATE TRIGGER item_versions_refuse_delete BEFORE DELETE ON item_versions
BEGIN SELECT RAISE(ABORT, 'item_versions is append-only'); END;
CREATE TRIGGER fact_definitions_refuse_update BEFORE UPDATE ON fact_definitions
BEGIN SELECT RAISE(ABORT, 'fact_definitions is append-only'); END;
CREATE TRIGGER fact_definitions_refuse_delete BEFORE DELETE ON fact_definitions
BEGIN SELECT RAISE(ABORT, 'fact_definitions is append-only'); END;
CREATE TRIGGER fact_definition_versions_refuse_update BEFORE UPDATE ON fact_definition_versions
BEGIN SELECT RAISE(ABORT, 'fact_definition_versions is append-only'); END;
CREATE TRIGGER fact_definition_versions_refuse_delete BEFORE DELETE ON fact_definition_versions
BEGIN SELECT RAISE(ABORT, 'fact_definition_versions is append-only'); END;
CREATE TRIGGER facts_refuse_update BEFORE UPDATE ON facts
BEGIN SELECT RAISE(ABORT, 'facts is append-only'); END;
CREATE TRIGGER facts_refuse_delete BEFORE DELETE ON facts
BEGIN SELECT RAISE(ABORT, 'facts is append-only'); END;
CREATE TRIGGER fact_sheets_refuse_update BEFORE UPDATE ON fact_sheets
BEGIN SELECT RAISE(ABORT, 'fact_sheets is append-only'); END;
CREATE TRIGGER fact_sheets_refuse_delete BEFORE DELETE ON fact_sheets
BEGIN SELECT RAISE(ABORT, 'fact_sheets is append-only'); END;
CREATE TRIGGER standards_refuse_update BEFORE UPDATE ON standards
BEGIN SELECT RAISE(ABORT, 'standards is append-only'); END;
CREATE TRIGGER standards_refuse_delete BEFORE DELETE ON standards
BEGIN SELECT RAISE(ABORT, 'standards is append-only'); END;
CREATE TRIGGER standard_versions_refuse_update BEFORE UPDATE ON standard_versions
BEGIN SELECT RAISE(ABORT, 'standard_versions is append-only'); END;
CREATE TRIGGER standard_versions_refuse_delete BEFORE DELETE ON standard_versions
BEGIN SELECT RAISE(ABORT, 'standard_versions is append-only'); END;
CREATE TRIGGER rules_refuse_update BEFORE UPDATE ON rules
BEGIN SELECT RAISE(ABORT, 'rules is append-only'); END;
CREATE TRIGGER rules_refuse_delete BEFORE DELETE ON rules
BEGIN SELECT RAISE(ABORT, 'rules is append-only'); END;
CREATE TRIGGER rule_versions_refuse_update BEFORE UPDATE ON rule_versions
BEGIN SELECT RAISE(ABORT, 'rule_versions is append-only'); END;
CREATE TRIGGER rule_versions_refuse_delete BEFORE DELETE ON rule_versions
BEGIN SELECT RAISE(ABORT, 'rule_versions is append-only'); END;
CREATE TRIGGER adoptions_refuse_update BEFORE UPDATE ON adoptions
BEGIN SELECT RAISE(ABORT, 'adoptions is append-only'); END;
CREATE TRIGGER adoptions_refuse_delete BEFORE DELETE ON adoptions
BEGIN SELECT RAISE(ABORT, 'adoptions is append-only'); END;
CREATE TRIGGER declared_targets_refuse_update BEFORE UPDATE ON declared_targets
BEGIN SELECT RAISE(ABORT, 'declared_targets is append-only'); END;
CREATE TRIGGER declared_targets_refuse_delete BEFORE DELETE ON declared_targets
BEGIN SELECT RAISE(ABORT, 'declared_targets is append-only'); END;

-- INSERT OR REPLACE deletes without a word where a connection has recursive_triggers off.
CREATE TRIGGER regions_refuse_replace BEFORE INSERT ON regions
WHEN EXISTS (SELECT 1 FROM regions WHERE id = NEW.id OR code = NEW.code)
BEGIN SELECT RAISE(ABORT, 'regions is append-only'); END;
CREATE TRIGGER region_versions_refuse_replace BEFORE INSERT ON region_versions
WHEN EXISTS (SELECT 1 FROM region_versions WHERE region_id = NEW.region_id AND valid_from = NEW.valid_from AND change_set = NEW.change_set)
BEGIN SELECT RAISE(ABORT, 'region_versions is append-only'); END;
CREATE TRIGGER organizations_refuse_replace BEFORE INSERT ON organizations
WHEN EXISTS (SELECT 1 FROM organizations WHERE id = NEW.id OR code = NEW.code)
BEGIN SELECT RAISE(ABORT, 'organizations is append-only'); END;
CREATE TRIGGER organization_versions_refuse_replace BEFORE INSERT ON organization_versions
WHEN EXISTS (SELECT 1 FROM organization_versions WHERE organization_id = NEW.organization_id AND valid_from = NEW.valid_from AND change_set = NEW.change_set)
BEGIN SELECT RAISE(ABORT, 'organization_versions is append-only'); END;
CREATE TRIGGER depots_refuse_replace BEFORE INSERT ON depots
WHEN EXISTS (SELECT 1 FROM depots WHERE id = NEW.id OR code = NEW.code)
BEGIN SELECT RAISE(ABORT, 'depots is append-only'); END;
CREATE TRIGGER depot_versions_refuse_replace BEFORE INSERT ON depot_versions
WHEN EXISTS (SELECT 1 FROM depot_versions WHERE depot_id = NEW.depot_id AND valid_from = NEW.valid_from AND change_set = NEW.change_set)
BEGIN SELECT RAISE(ABORT, 'depot_versions is append-only'); END;
CREATE TRIGGER item_classes_refuse_replace BEFORE INSERT ON item_classes
WHEN EXISTS (SELECT 1 FROM item_classes WHERE code = NEW.code AND valid_from = NEW.valid_from AND change_set = NEW.change_set)
BEGIN SELECT RAISE(ABORT, 'item_classes is append-only'); END;
CREATE TRIGGER items_refuse_replace BEFORE INSERT ON items
WHEN EXISTS (SELECT 1 FROM items WHERE code = NEW.code)
BEGIN SELECT RAISE(ABORT, 'items is append-only'); END;
CREATE TRIGGER item_versions_refuse_replace BEFORE INSERT ON item_versions
WHEN EXISTS (SELECT 1 FROM item_versions WHERE item_code = NEW.item_code AND valid_from = NEW.valid_from AND change_set = NEW.change_set)
BEGIN SELECT RAISE(ABORT, 'item_versions is append-only'); END;
CREATE TRIGGER fact_definitions_refuse_replace BEFORE INSERT ON fact_definitions
WHEN EXISTS (SELECT 1 FROM fact_definitions WHERE key = NEW.key)
BEGIN SELECT RAISE(ABORT, 'fact_definitions is append-only'); END;
CREATE TRIGGER fact_definition_versions_refuse_replace BEFORE INSERT ON fact_definition_versions
WHEN EXISTS (SELECT 1 FROM fact_definition_versions WHERE fact_key = NEW.fact_key AND valid_from = NEW.valid_from AND change_set = NEW.change_set)
BEGIN SELECT RAISE(ABORT, 'fact_definition_versions is append-only'); END;
CREATE TRIGGER facts_refuse_replace BEFORE INSERT ON facts
WHEN EXISTS (SELECT 1 FROM facts WHERE organization_id = NEW.organization_id AND fact_key = NEW.fact_key AND valid_from = NEW.valid_from AND change_set = NEW.change_set)
BEGIN SELECT RAISE(ABORT, 'facts is append-only'); END;
CREATE TRIGGER fact_sheets_refuse_replace BEFORE INSERT ON fact_sheets
WHEN EXISTS (SELECT 1 FROM fact_sheets WHERE organization_id = NEW.organization_id AND valid_from = NEW.valid_from AND change_set = NEW.change_set)
BEGIN SELECT RAISE(ABORT, 'fact_sheets is append-only'); END;
CREATE TRIGGER standards_refuse_replace BEFORE INSERT ON standards
WHEN EXISTS (SELECT 1 FROM standards WHERE code = NEW.code)
BEGIN SELECT RAISE(ABORT, 'standards is append-only'); END;
CREATE TRIGGER standard_versions_refuse_replace BEFORE INSERT ON standard_versions
WHEN EXISTS (SELECT 1 FROM standard_versions WHERE standard_code = NEW.standard_code AND valid_from = NEW.valid_from AND change_set = NEW.change_set)
BEGIN SELECT RAISE(ABORT, 'standard_versions is append-only'); END;
CREATE TRIGGER rules_refuse_replace BEFORE INSERT ON rules
WHEN EXISTS (SELECT 1 FROM rules WHERE code = NEW.code)
BEGIN SELECT RAISE(ABORT, 'rules is append-only'); END;
CREATE TRIGGER rule_versions_refuse_replace BEFORE INSERT ON rule_versions
WHEN EXISTS (SELECT 1 FROM rule_versions WHERE rule_code = NEW.rule_code AND valid_from = NEW.valid_from AND change_set = NEW.change_set)
BEGIN SELECT RAISE(ABORT, 'rule_versions is append-only'); END;
CREATE TRIGGER adoptions_refuse_replace BEFORE INSERT ON adoptions
WHEN EXISTS (SELECT 1 FROM adoptions WHERE region_id = NEW.region_id AND standard_code = NEW.standard_code AND valid_from = NEW.valid_from AND change_set = NEW.change_set)
BEGIN SELECT RAISE(ABORT, 'adoptions is append-only'); END;
CREATE TRIGGER declared_targets_refuse_replace BEFORE INSERT ON declared_targets
WHEN EXISTS (SELECT 1 FROM declared_targets WHERE organization_id = NEW.organization_id AND rule_code = NEW.rule_code AND valid_from = NEW.valid_from AND change_set = NEW.change_set)
BEGIN SELECT RAISE(ABORT, 'declared_targets is append-only'); END;
