//! Tables as people keep them: stock, counts, what expires, and lists to count by. A row is a thing with its cells by the keys
//! of their columns; a [`Ledger`](columns::Ledger) says which of them a table has, in which order and under which heads.
//!
//! A quantity that is not known is never 0: its cell says so in words, or between which numbers it lies.

pub mod cells;
pub mod columns;
pub mod count_list;
pub mod counts;
mod details;
pub mod expiring;
pub mod lots;
pub mod names;
pub mod stock;
