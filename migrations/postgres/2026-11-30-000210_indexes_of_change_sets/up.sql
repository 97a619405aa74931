-- PostgreSQL checks such a reference from its own row alone, and needs no index for it.
SELECT 1;
