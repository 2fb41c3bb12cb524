//! x
mod xpath;
