//! HTTP: the published files, and the server of the demo.
//!
//! Responses are the files of `out`, byte for byte. No path of a request reaches the file system: it is looked up in the manifest.

mod access;
mod conditional;
mod connections;
pub mod demo_server;
mod document;
mod early_errors;
mod files;
mod media;
mod negotiation;
mod regular_file;
mod response;
mod server;
mod site;
mod status_pages;
mod traffic;

pub use server::files;
