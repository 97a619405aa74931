-- The place of a line's units in the depot, such as a shelf. Lines from before have none.
ALTER TABLE count_lines ADD COLUMN place TEXT;

-- Notes on a count that are fixed when it is first received. Counts from before have none.
ALTER TABLE counts ADD COLUMN flags TEXT NOT NULL DEFAULT '';
