DROP TABLE item_answers;
DROP TABLE ledger_decisions;
DROP TABLE ledger_rows;
