//! Pages for people: the index, topics, stories, sources, the region, the health of the sources, and what the desk is about. They have no script, hold
//! absolute times only, and load nothing but the publishers' own pictures. Pure.

mod about;
mod chart;
mod condition;
mod filters;
mod found;
mod frame;
mod health;
mod index;
mod message;
mod region;
mod source;
mod story;
mod story_line;
mod topic;

#[cfg(test)]
mod tests;

pub(super) use about::about;
pub(super) use found::found;
pub use found::{Mistake, Selection};
pub(super) use frame::{FAVICON, ICON, ICON_NAME, STYLE_SHEET, anchor, story_page};
pub(super) use health::health;
pub(super) use index::index;
pub(super) use region::region;
pub(super) use source::source;
pub(super) use story::story;
pub(super) use topic::FORMAT;
