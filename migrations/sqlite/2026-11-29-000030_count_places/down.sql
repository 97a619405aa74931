ALTER TABLE counts DROP COLUMN flags;
ALTER TABLE count_lines DROP COLUMN place;
