//! serve

pub mod newsroom;
