//! Dedupe: which original an entry repeats, which story it joins, and which entry leads a story. Pure and in memory.
//!
//! The caller fills an [`Index`] with stored decisions ([`Index::insert`]), begins a step ([`Index::begin_step`]) and passes new entries one by one, in the
//! order of (time, source, guid), to [`Index::assign`]; [`Index::finish_step`] tells what the step decides otherwise in the end. The same entries in the
//! same order give the same decisions on every machine. Whether two documents of one source are the same entry is not decided here but by their
//! stored identity keys.

mod boilerplate;
mod copies;
mod copy_text;
mod decision;
mod encoding;
mod entry;
mod fingerprint;
mod frequent_terms;
mod index;
mod keys;
mod lead;
mod lexicon;
mod pair_comparison;
mod policy;
mod postings;
mod shared_words;
mod skeleton;
mod stories;
mod story_features;
mod story_pair;

pub use boilerplate::OutletMemory;
pub use decision::Decision;
pub use entry::{DedupeEntry, KnownEntry, KnownStory};
pub use fingerprint::{EntryText, Fingerprint};
pub use index::Index;
pub use lead::{LeadCandidate, select_lead};
pub use pair_comparison::{PairComparison, PairText};
pub use policy::{DEDUPE_WINDOW, DedupePolicy};
pub use shared_words::words_of_terms;

#[cfg(test)]
mod encoding_tests;
#[cfg(test)]
mod story_tests;
#[cfg(test)]
mod tests;
