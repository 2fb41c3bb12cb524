//! config

mod types;
pub use types::*;
