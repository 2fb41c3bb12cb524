//! The page of the sources' health. It tells nothing that changes with each run: no time of a visit that went well, and visits by whole days only.

use super::app::App;
use super::health_feed::is_trouble;
use super::run_report::RunError;
use super::site_info::site_messages;
use super::source_condition::{SourceStates, source_condition};
use crate::model::time::Zone;
use crate::model::{Digest128, Digester, SourceState, Timestamp};
use crate::publish::{self, CHART_DAYS, GroupSummary, HealthLine, HealthPage, OutputFolder, SiteInfo};
use std::time::Duration;

/// The group of the page in the manifest; a topic's name cannot hold a slash.
const GROUP: &str = "/health.html";

/// Writes the page as of `now`, where something has changed that it tells.
///
/// # Errors
/// [`RunError`] when the store or the output fails.
pub fn write_health_page(
    app: &App,
    site: &SiteInfo,
    settings: Digest128,
    states: &SourceStates,
    now: Timestamp,
    folder: &mut OutputFolder,
) -> Result<(), RunError> {
    let sources = lines(app, states);
    let today = Zone::named(&site.timezone).civil(now).date();
    let mut stamp = Digester::new();
    stamp.update(settings.as_bytes()).update_terminated(&format!("{today} {sources:?}"));
    let stamp = stamp.finish();
    if folder.current(GROUP, stamp).is_some() && folder.keep(GROUP).is_some() {
        return Ok(());
    }
    // The first day may begin earlier than the same time of that day.
    let since = now - Duration::from_hours((u64::from(CHART_DAYS) + 2) * 24);
    let page = HealthPage {
        sources,
        today: now,
        runs: app.store.visit_counts(since)?,
    };
    let file = publish::render_health_page(site, &page);
    folder.write(GROUP, stamp, GroupSummary::default(), &[file])?;
    Ok(())
}

/// Returns the enabled sources, in the order of the configuration.
fn lines(app: &App, states: &SourceStates) -> Vec<HealthLine> {
    let messages = site_messages(&app.config);
    let enabled = app.config.sources.iter().filter(|source| source.enabled);
    let line = enabled.map(|source| {
        let state = states.get(&source.id).cloned();
        let state = state.unwrap_or_else(|| SourceState::new(source.id.clone()));
        let condition = source_condition(source, &state, messages);
        HealthLine {
            id: source.id.to_string(),
            name: source.name.clone(),
            country: source.country.clone(),
            is_trouble: is_trouble(condition.health),
            condition,
            next_try: state.next_visit.filter(|_| state.reason.is_some()),
            newest: state.cadence.and_then(|cadence| cadence.newest),
            usual_gap: state.cadence.and_then(|cadence| cadence.usual_gap),
        }
    });
    line.collect()
}
