// The forms of tables that the service reads and writes.

/** The forms of tables, in the order in which one needs the other. */
export const FORMS = ["regions", "item_classes", "items", "dictionary", "organizations", "facts", "depots", "standards", "rules", "adoptions", "targets", "item_answers", "ledger", "counts"];
