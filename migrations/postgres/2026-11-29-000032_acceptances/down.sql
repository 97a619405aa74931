DROP TABLE acceptances;

-- Refused where there are links of acceptances: they are not thrown away.
ALTER TABLE receipts DROP CONSTRAINT receipts_kind_check;
ALTER TABLE receipts ADD CONSTRAINT receipts_kind_check
    CHECK (kind IN ('count', 'void', 'resolution', 'resolution_void', 'decision'));
