//! The state of a source as anybody may read it: neither an address nor what a server said stands in it.

use super::app::App;
use super::remedy::remedy;
use crate::config::Source;
use crate::model::{SourceHealth, SourceId, SourceState};
use crate::publish::{SourceAdvice, SourceCondition};
use crate::store::StoreError;
use crate::text::messages::Messages;
use std::collections::BTreeMap;

/// The states of the sources, read once for all pages that tell them.
pub type SourceStates = BTreeMap<SourceId, SourceState>;

/// Reads the state of each source that was visited.
///
/// # Errors
/// [`StoreError`] when the store cannot be read.
pub fn source_states(app: &App) -> Result<SourceStates, StoreError> {
    let states = app.store.source_states()?.into_iter();
    Ok(states.map(|state| (state.source.clone(), state)).collect())
}

/// Returns the state of an enabled source. One that is enabled again counts as new until it is visited.
#[must_use]
pub fn source_condition(source: &Source, state: &SourceState, messages: Messages) -> SourceCondition {
    let health = match state.health {
        SourceHealth::Paused => SourceHealth::New,
        health => health,
    };
    let advice = remedy(source, state).map(|remedy| SourceAdvice {
        text: messages.translate(remedy.advice).into_owned(),
        command: remedy.public_command().map(str::to_owned),
        language: messages.language().tag(),
    });
    SourceCondition {
        health,
        since: state.since.or(state.failing_since).filter(|_| health != SourceHealth::New),
        reason: state.reason,
        advice,
    }
}
