DROP TABLE count_resolves_awaited;
ALTER TABLE sessions DROP COLUMN generation;
