//! Tests of assessments: tables of cases, and properties against a slow, plain second implementation of the definitions.

mod bearing;
mod edges;
mod editions;
mod exemptions;
mod explanation;
mod forms;
mod golden;
mod histories;
mod random;
mod reference;
mod terms;
