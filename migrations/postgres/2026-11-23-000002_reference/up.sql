-- Reference data: what a figure or its rendering reads. Each thing has a row that never changes and a history of
-- versions; a version is only ever added. For a day, the row with the latest valid_from not after it holds; of equal
-- ones the one with the highest revision.

CREATE TABLE regions (
    id UUID NOT NULL PRIMARY KEY,
    code TEXT NOT NULL UNIQUE,
    parent_id UUID REFERENCES regions (id),
    change_set UUID NOT NULL REFERENCES revisions (change_set) DEFERRABLE INITIALLY DEFERRED
);

-- What a region is called and what it sets for those below it; NULL takes the parent's.
CREATE TABLE region_versions (
    region_id UUID NOT NULL REFERENCES regions (id),
    valid_from DATE NOT NULL,
    change_set UUID NOT NULL REFERENCES revisions (change_set) DEFERRABLE INITIALLY DEFERRED,
    author_id UUID,
    name_en TEXT NOT NULL,
    name_zh TEXT NOT NULL,
    time_zone TEXT,
    validity_days BIGINT CHECK (validity_days BETWEEN 1 AND 3650),
    PRIMARY KEY (region_id, valid_from, change_set)
);

CREATE TABLE organizations (
    id UUID NOT NULL PRIMARY KEY,
    code TEXT NOT NULL UNIQUE,
    region_id UUID NOT NULL REFERENCES regions (id),
    kind TEXT NOT NULL CHECK (kind IN ('rescue_team', 'enterprise', 'bureau')),
    change_set UUID NOT NULL REFERENCES revisions (change_set) DEFERRABLE INITIALLY DEFERRED
);
CREATE INDEX organizations_by_region ON organizations (region_id);

-- What an organization is called and does; active is false from the day it ceased to be.
CREATE TABLE organization_versions (
    organization_id UUID NOT NULL REFERENCES organizations (id),
    valid_from DATE NOT NULL,
    change_set UUID NOT NULL REFERENCES revisions (change_set) DEFERRABLE INITIALLY DEFERRED,
    author_id UUID,
    name_en TEXT NOT NULL,
    name_zh TEXT NOT NULL,
    organization_type TEXT,
    sector TEXT,
    hosted_by UUID REFERENCES organizations (id),
    active BOOLEAN NOT NULL,
    PRIMARY KEY (organization_id, valid_from, change_set)
);

CREATE TABLE depots (
    id UUID NOT NULL PRIMARY KEY,
    code TEXT NOT NULL UNIQUE,
    organization_id UUID NOT NULL REFERENCES organizations (id),
    change_set UUID NOT NULL REFERENCES revisions (change_set) DEFERRABLE INITIALLY DEFERRED
);
CREATE INDEX depots_by_organization ON depots (organization_id);

-- What a depot is like (position in WGS 84); open is false from the day it was closed.
CREATE TABLE depot_versions (
    depot_id UUID NOT NULL REFERENCES depots (id),
    valid_from DATE NOT NULL,
    change_set UUID NOT NULL REFERENCES revisions (change_set) DEFERRABLE INITIALLY DEFERRED,
    author_id UUID,
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
    valid_from DATE NOT NULL,
    change_set UUID NOT NULL REFERENCES revisions (change_set) DEFERRABLE INITIALLY DEFERRED,
    author_id UUID,
    name_en TEXT NOT NULL,
    name_zh TEXT NOT NULL,
    PRIMARY KEY (code, valid_from, change_set)
);

CREATE TABLE items (
    code TEXT NOT NULL PRIMARY KEY,
    unit TEXT NOT NULL,
    measured BOOLEAN NOT NULL,
    change_set UUID NOT NULL REFERENCES revisions (change_set) DEFERRABLE INITIALLY DEFERRED
);

-- What the catalogue says of an item; packs is a JSON list of {"name", "size"}, barcodes one of texts.
CREATE TABLE item_versions (
    item_code TEXT NOT NULL REFERENCES items (code),
    valid_from DATE NOT NULL,
    change_set UUID NOT NULL REFERENCES revisions (change_set) DEFERRABLE INITIALLY DEFERRED,
    author_id UUID,
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
    change_set UUID NOT NULL REFERENCES revisions (change_set) DEFERRABLE INITIALLY DEFERRED
);

-- What the dictionary says of a fact.
CREATE TABLE fact_definition_versions (
    fact_key TEXT NOT NULL REFERENCES fact_definitions (key),
    valid_from DATE NOT NULL,
    change_set UUID NOT NULL REFERENCES revisions (change_set) DEFERRABLE INITIALLY DEFERRED,
    author_id UUID,
    name_en TEXT NOT NULL,
    name_zh TEXT NOT NULL,
    definition_en TEXT NOT NULL,
    definition_zh TEXT NOT NULL,
    PRIMARY KEY (fact_key, valid_from, change_set)
);

-- What was recorded of an organization: a number in thousandths, or a tag that is so or not; both NULL withdraws it.
CREATE TABLE facts (
    organization_id UUID NOT NULL REFERENCES organizations (id),
    fact_key TEXT NOT NULL REFERENCES fact_definitions (key),
    valid_from DATE NOT NULL,
    change_set UUID NOT NULL REFERENCES revisions (change_set) DEFERRABLE INITIALLY DEFERRED,
    author_id UUID,
    number BIGINT CHECK (number >= 0),
    tag BOOLEAN,
    PRIMARY KEY (organization_id, fact_key, valid_from, change_set),
    CHECK (number IS NULL OR tag IS NULL)
);

-- From when an organization's fact sheet covers the whole dictionary.
CREATE TABLE fact_sheets (
    organization_id UUID NOT NULL REFERENCES organizations (id),
    valid_from DATE NOT NULL,
    change_set UUID NOT NULL REFERENCES revisions (change_set) DEFERRABLE INITIALLY DEFERRED,
    author_id UUID,
    complete BOOLEAN NOT NULL,
    PRIMARY KEY (organization_id, valid_from, change_set)
);

CREATE TABLE standards (
    code TEXT NOT NULL PRIMARY KEY,
    change_set UUID NOT NULL REFERENCES revisions (change_set) DEFERRABLE INITIALLY DEFERRED
);

-- A standard as a JSON document, without its rules. The reason of this and other rows is that of a correction, or of an end.
CREATE TABLE standard_versions (
    standard_code TEXT NOT NULL REFERENCES standards (code),
    valid_from DATE NOT NULL,
    change_set UUID NOT NULL REFERENCES revisions (change_set) DEFERRABLE INITIALLY DEFERRED,
    author_id UUID,
    document TEXT NOT NULL,
    reason TEXT,
    PRIMARY KEY (standard_code, valid_from, change_set)
);

CREATE TABLE rules (
    code TEXT NOT NULL PRIMARY KEY,
    standard_code TEXT NOT NULL REFERENCES standards (code),
    position BIGINT NOT NULL,
    change_set UUID NOT NULL REFERENCES revisions (change_set) DEFERRABLE INITIALLY DEFERRED
);
CREATE INDEX rules_by_standard ON rules (standard_code, position);

-- A rule as a JSON document; NULL withdraws it.
CREATE TABLE rule_versions (
    rule_code TEXT NOT NULL REFERENCES rules (code),
    valid_from DATE NOT NULL,
    change_set UUID NOT NULL REFERENCES revisions (change_set) DEFERRABLE INITIALLY DEFERRED,
    author_id UUID,
    document TEXT,
    reason TEXT,
    PRIMARY KEY (rule_code, valid_from, change_set)
);

-- A bureau's decision that a standard binds in its region, with the strength it gives it; NULL ends it.
CREATE TABLE adoptions (
    region_id UUID NOT NULL REFERENCES regions (id),
    standard_code TEXT NOT NULL REFERENCES standards (code),
    valid_from DATE NOT NULL,
    change_set UUID NOT NULL REFERENCES revisions (change_set) DEFERRABLE INITIALLY DEFERRED,
    author_id UUID,
    strength TEXT CHECK (strength IN ('mandatory', 'recommended', 'reference', 'optional')),
    reason TEXT,
    PRIMARY KEY (region_id, standard_code, valid_from, change_set)
);

-- An organization's own number, in thousandths, where a rule says "as needed"; NULL takes it back.
CREATE TABLE declared_targets (
    organization_id UUID NOT NULL REFERENCES organizations (id),
    rule_code TEXT NOT NULL REFERENCES rules (code),
    valid_from DATE NOT NULL,
    change_set UUID NOT NULL REFERENCES revisions (change_set) DEFERRABLE INITIALLY DEFERRED,
    author_id UUID,
    quantity BIGINT CHECK (quantity >= 0),
    reason TEXT,
    PRIMARY KEY (organization_id, rule_code, valid_from, change_set)
);

-- Only ever added to: the database itself refuses the rest.
CREATE TRIGGER regions_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON regions
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER region_versions_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON region_versions
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER organizations_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON organizations
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER organization_versions_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON organization_versions
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER depots_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON depots
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER depot_versions_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON depot_versions
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER item_classes_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON item_classes
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER items_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON items
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER item_versions_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON item_versions
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER fact_definitions_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON fact_definitions
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER fact_definition_versions_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON fact_definition_versions
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER facts_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON facts
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER fact_sheets_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON fact_sheets
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER standards_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON standards
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER standard_versions_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON standard_versions
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER rules_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON rules
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER rule_versions_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON rule_versions
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER adoptions_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON adoptions
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER declared_targets_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON declared_targets
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
