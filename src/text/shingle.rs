//! shingle
