-- The rows of ledgers as people keep them, in their words: each is in a count, or open until somebody decides. Names and phones of
-- people are not among the words.
CREATE TABLE ledger_rows (
    id BLOB NOT NULL PRIMARY KEY,
    organization_id BLOB NOT NULL REFERENCES organizations (id),
    depot_id BLOB REFERENCES depots (id),
    ledger_on TEXT NOT NULL,
    position BIGINT NOT NULL CHECK (position >= 0),
    words_key TEXT NOT NULL,
    content TEXT NOT NULL,
    why TEXT,
    item_code TEXT REFERENCES items (code),
    quantity BIGINT CHECK (quantity >= 0),
    count_id BLOB REFERENCES counts (id),
    change_set BLOB NOT NULL REFERENCES revisions (change_set) DEFERRABLE INITIALLY DEFERRED,
    CHECK ((why IS NULL) = (count_id IS NOT NULL)),
    CHECK ((item_code IS NULL) = (count_id IS NULL)),
    CHECK ((quantity IS NULL) = (count_id IS NULL))
);
CREATE INDEX ledger_rows_by_change_set ON ledger_rows (change_set);
CREATE INDEX ledger_rows_by_count ON ledger_rows (count_id);
CREATE INDEX ledger_rows_by_organization ON ledger_rows (organization_id, ledger_on, id);
CREATE INDEX ledger_rows_open ON ledger_rows (organization_id, words_key) WHERE why IS NOT NULL;

-- What was decided about a row that was open: the item that it is, so many of its units, and the count that it came into; or that it is
-- none of the catalogue, which may be decided again; or that a later ledger of the day has other rows with its words.
CREATE TABLE ledger_decisions (
    row_id BLOB NOT NULL REFERENCES ledger_rows (id),
    item_code TEXT REFERENCES items (code),
    quantity BIGINT CHECK (quantity >= 0),
    count_id BLOB REFERENCES counts (id),
    is_replaced BOOLEAN NOT NULL CHECK (NOT is_replaced OR count_id IS NULL),
    reason TEXT,
    decided_by TEXT NOT NULL,
    change_set BLOB NOT NULL REFERENCES revisions (change_set) DEFERRABLE INITIALLY DEFERRED,
    PRIMARY KEY (row_id, change_set),
    CHECK ((item_code IS NULL) = (count_id IS NULL)),
    CHECK ((quantity IS NULL) = (count_id IS NULL))
);
CREATE INDEX ledger_decisions_by_change_set ON ledger_decisions (change_set);
CREATE INDEX ledger_decisions_by_count ON ledger_decisions (count_id);

-- What the words of ledgers mean in a region: an item, with the number of its units in one of the ledger's where somebody has said
-- so, or none. The last answer to the same words holds.
CREATE TABLE item_answers (
    region_id BLOB NOT NULL REFERENCES regions (id),
    words_key TEXT NOT NULL,
    name TEXT NOT NULL,
    specification TEXT NOT NULL,
    unit TEXT NOT NULL,
    item_code TEXT REFERENCES items (code),
    factor BIGINT CHECK (factor > 0),
    answered_by TEXT NOT NULL,
    change_set BLOB NOT NULL REFERENCES revisions (change_set) DEFERRABLE INITIALLY DEFERRED,
    PRIMARY KEY (region_id, words_key, change_set),
    CHECK (factor IS NULL OR item_code IS NOT NULL)
);
CREATE INDEX item_answers_by_change_set ON item_answers (change_set);

CREATE TRIGGER ledger_rows_refuse_update BEFORE UPDATE ON ledger_rows
BEGIN SELECT RAISE(ABORT, 'ledger_rows is append-only'); END;
CREATE TRIGGER ledger_rows_refuse_delete BEFORE DELETE ON ledger_rows
BEGIN SELECT RAISE(ABORT, 'ledger_rows is append-only'); END;
CREATE TRIGGER ledger_decisions_refuse_update BEFORE UPDATE ON ledger_decisions
BEGIN SELECT RAISE(ABORT, 'ledger_decisions is append-only'); END;
CREATE TRIGGER ledger_decisions_refuse_delete BEFORE DELETE ON ledger_decisions
BEGIN SELECT RAISE(ABORT, 'ledger_decisions is append-only'); END;
CREATE TRIGGER item_answers_refuse_update BEFORE UPDATE ON item_answers
BEGIN SELECT RAISE(ABORT, 'item_answers is append-only'); END;
CREATE TRIGGER item_answers_refuse_delete BEFORE DELETE ON item_answers
BEGIN SELECT RAISE(ABORT, 'item_answers is append-only'); END;

-- INSERT OR REPLACE deletes without a word where a connection has recursive_triggers off.
CREATE TRIGGER ledger_rows_refuse_replace BEFORE INSERT ON ledger_rows
WHEN EXISTS (SELECT 1 FROM ledger_rows WHERE id = NEW.id)
BEGIN SELECT RAISE(ABORT, 'ledger_rows is append-only'); END;
CREATE TRIGGER ledger_decisions_refuse_replace BEFORE INSERT ON ledger_decisions
WHEN EXISTS (SELECT 1 FROM ledger_decisions WHERE row_id = NEW.row_id AND change_set = NEW.change_set)
BEGIN SELECT RAISE(ABORT, 'ledger_decisions is append-only'); END;
CREATE TRIGGER item_answers_refuse_replace BEFORE INSERT ON item_answers
WHEN EXISTS (SELECT 1 FROM item_answers WHERE region_id = NEW.region_id AND words_key = NEW.words_key AND change_set = NEW.change_set)
BEGIN SELECT RAISE(ABORT, 'item_answers is append-only'); END;
