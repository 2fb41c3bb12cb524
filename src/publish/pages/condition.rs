//! The state of a source in words.

use super::super::calendar::{Calendar, TimeView};
use super::super::source_labels::SourceLabels;
use super::super::source_page::{SourceAdvice, SourceCondition};
use super::message::message;
use crate::model::{FailureReason, SourceHealth, Timestamp};

/// The state of a source, in words.
pub(super) struct StateView {
    pub word: &'static str,
    pub since: Option<TimeView>,
    pub reason: Option<ReasonInWords>,
    /// What can be done, as markup.
    pub advice: Option<String>,
}

/// The cause of a state.
pub(super) struct ReasonInWords {
    pub words: &'static str,
    pub code: &'static str,
}

impl StateView {
    pub(super) fn new(calendar: &Calendar, words: &SourceLabels, condition: &SourceCondition) -> Self {
        Self {
            advice: condition.advice.as_ref().map(in_words),
            ..Self::of(calendar, words, condition.health, condition.since, condition.reason)
        }
    }

    /// Returns the words for a state alone.
    pub(super) fn of(
        calendar: &Calendar,
        words: &SourceLabels,
        health: SourceHealth,
        since: Option<Timestamp>,
        reason: Option<FailureReason>,
    ) -> Self {
        let place = SourceHealth::ALL.iter().position(|known| *known == health).unwrap_or_default();
        let reason = reason.and_then(|reason| {
            let place = FailureReason::all().position(|known| known == reason)?;
            Some(ReasonInWords {
                words: words.reasons[place],
                code: reason.as_str(),
            })
        });
        Self {
            word: words.states[place],
            since: since.map(|since| calendar.full(since)),
            reason,
            advice: None,
        }
    }
}

fn in_words(advice: &SourceAdvice) -> String {
    message(&advice.text, advice.language, advice.command.as_deref())
}
