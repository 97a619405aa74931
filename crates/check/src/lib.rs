//! Checks explanations of shortages from the document alone.
