//! The outcome of a visit: the new state of a source after an answer, or after none. No I/O and no clock.

use super::ingest::{Ingest, Keyed, LeftOut};
use crate::config::{Placed, Source};
use crate::fetch::{Answer, CacheHints};
use crate::html::reservations;
use crate::model::{
    Cadence, Changes, Digest128, EntryId, FailureReason, FeedMeta, HostKey, HostState, Identity, Problem, Provenance, SourceId,
    SourceState, Timestamp,
};
use crate::schedule::cadence::{self, EntryCounts};
use crate::schedule::{self, Pace, address, health, holds};
use std::time::Duration;
use url::Url;

/// The least number of entries without any date that are of note: a short feed may have none by chance.
const MIN_UNDATED_ENTRIES: usize = 3;

/// How a visit ended, for the summary of the run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ending {
    /// The feed was fetched.
    Fresh,
    /// The feed has not changed.
    Unchanged,
    /// The visit failed.
    Failed,
    /// The feed was not requested, since its host is held.
    Deferred,
}

/// The result of a visit.
#[derive(Debug)]
pub struct VisitOutcome {
    /// The source.
    pub source: SourceId,
    /// How it ended.
    pub ending: Ending,
    /// What the store is to apply.
    pub changes: Changes,
    /// Whether a request was sent: a source whose secret is missing says nothing about the network.
    pub asked: bool,
    /// The host of a visit that failed before any server was reached. When all visits of a run fail like this, the machine is offline.
    pub unreached: Option<HostKey>,
}

impl VisitOutcome {
    /// No request was sent.
    #[must_use]
    pub fn deferred(source: SourceId) -> Self {
        Self {
            source,
            ending: Ending::Deferred,
            changes: Changes::default(),
            asked: true,
            unreached: None,
        }
    }

    /// This machine could not send a request: nothing is known of the source, which stays due.
    #[must_use]
    pub fn fault_of_machine(source: SourceId) -> Self {
        Self {
            asked: false,
            ..Self::deferred(source)
        }
    }

    /// Returns the source's new state, when the visit was completed.
    #[must_use]
    pub fn state(&self) -> Option<&SourceState> {
        self.changes.sources.first().filter(|_| self.ending != Ending::Deferred)
    }
}

/// Details of a failed visit.
#[derive(Default)]
pub struct FailureNotes {
    /// The earliest next visit, as the server asked.
    pub retry_after: Option<Timestamp>,
    /// The answer, if there was one.
    pub answer: Option<Box<Answer>>,
    /// A URL that may work instead.
    pub suggestion: Option<Url>,
    /// The state of a host that asked to wait.
    pub host: Option<HostState>,
    /// The addresses and hosts that asked to wait, each with the time until when.
    pub held: Vec<(String, Timestamp)>,
}

impl FailureNotes {
    /// Keeps the answer.
    #[must_use]
    pub fn of(answer: Box<Answer>) -> Self {
        Self {
            answer: Some(answer),
            ..Self::default()
        }
    }
}

/// A parsed feed.
pub struct ParsedVisit<'a> {
    /// The feed's metadata.
    pub meta: &'a FeedMeta,
    /// Its entries.
    pub entries: Vec<Keyed>,
    /// Those of their keys that the store knows.
    pub known: &'a [(crate::model::EntryKey, Identity)],
    /// The problems of the document.
    pub problems: Vec<Problem>,
    /// Whether the document does not end in the middle.
    pub is_whole: bool,
    /// The digest of the body; none when the connection was cut.
    pub hash: Option<Digest128>,
}

/// Which entries a visit may bring.
#[derive(Debug, Clone, Copy)]
pub struct EntryLimits {
    /// The age beyond which new entries are not stored.
    pub keep: Duration,
    /// How many new entries a day a source may bring beyond its own cadence; 0 for no limit.
    pub max_new: usize,
}

/// One visit to one source, before its outcome is known.
#[derive(Clone)]
pub struct FeedVisit {
    /// The source.
    pub source: Source,
    /// Its state before the visit.
    pub before: SourceState,
    /// The URL that is requested; none when the source has no feed URL.
    pub asked: Option<Url>,
    /// How often it may be visited.
    pub pace: Pace,
    /// Which entries it may bring.
    pub limits: EntryLimits,
    /// The `now` of the run.
    pub now: Timestamp,
}

impl FeedVisit {
    /// Prepares the visit of `source` at `now`.
    #[must_use]
    pub fn new(source: Source, before: SourceState, pace: Pace, limits: EntryLimits, now: Timestamp) -> Self {
        Self {
            limits,
            asked: address::choose(&source.urls, &before, now),
            pace: Pace {
                every: source.every.unwrap_or(pace.every),
                ..pace
            },
            source,
            before,
            now,
        }
    }

    /// Returns whether the stored validators belong to the URL that is requested, and to a document that counts as seen. A server that has said
    /// for too long that nothing has changed is asked once without them.
    #[must_use]
    pub fn has_validators(&self) -> bool {
        let same = self.asked.as_ref().map(Url::as_str) == self.before.url.as_deref();
        same && (self.before.etag.is_some() || self.before.last_modified.is_some()) && self.has_seen_document() && !self.doubts_304()
    }

    fn doubts_304(&self) -> bool {
        let since = self.before.unmodified_since;
        since.is_some_and(|since| cadence::doubts_304(self.before.cadence.as_ref(), since, self.now))
    }

    /// Returns whether the last document has no entry that would be stored now, but was not then: one that was too old, until `keep` was raised or
    /// a wrong clock set right, or one beyond the allowance of that day; and whether it would be read as it was then.
    #[must_use]
    pub fn has_seen_document(&self) -> bool {
        let is_wanted_again = self.before.seen_since.is_some_and(|since| self.now - self.limits.keep < since);
        let has_room_again = self.before.flooded && self.allowance() != Some(0);
        !(is_wanted_again || has_room_again) && self.before.reading == self.reading()
    }

    /// Returns the digest of the keys by which the source's documents are read; `None` where there are none.
    fn reading(&self) -> Option<Digest128> {
        let Source {
            list,
            strip,
            charset,
            timezone,
            ..
        } = &self.source;
        let text = |placed: &Option<Placed>| placed.as_ref().map(|placed| placed.text.clone());
        let list = list
            .as_ref()
            .map(|list| (list.link.text.clone(), text(&list.title), text(&list.date)));
        let strip = [&strip.title, &strip.text, &strip.author].map(text);
        let is_plain = list.is_none() && strip.iter().all(Option::is_none) && charset.is_none() && timezone.is_none();
        (!is_plain).then(|| Digest128::hash(format!("{list:?} {strip:?} {charset:?} {timezone:?}").as_bytes()))
    }

    /// Returns how many new entries the visit may bring; `None` for no limit. The first document of a source is no flood.
    fn allowance(&self) -> Option<usize> {
        let cadence = self.before.cadence.as_ref().filter(|_| self.limits.max_new > 0)?;
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "a rate is neither negative nor near the bound"
        )]
        let usual = cadence.per_day.ceil() as usize;
        let spent = if self.before.new_day == Some(self.now.unix_day()) {
            usize::try_from(self.before.new_count).unwrap_or(usize::MAX)
        } else {
            0
        };
        Some(self.limits.max_new.saturating_add(usual).saturating_sub(spent))
    }

    /// The feed has not changed: a 304, or the same bytes again. Only a 200 (`whole`) removes validators that it does not state (RFC 9111, 4.3.4:
    /// after a 304 the stored ones stay in force).
    #[must_use]
    pub fn unchanged(self, answer: &Answer, whole: bool) -> VisitOutcome {
        let cadence = self
            .before
            .cadence
            .as_ref()
            .map(|before| cadence::update(before, 0, self.elapsed(), self.now));
        let mut state = self.success(answer, cadence, EntryCounts::default());
        if whole || answer.etag.is_some() {
            state.etag.clone_from(&answer.etag);
        }
        if whole || answer.last_modified.is_some() {
            state.last_modified.clone_from(&answer.last_modified);
        }
        let since = self.before.unmodified_since;
        // A time in the future was written by a clock that has since been set back.
        state.unmodified_since = (!whole).then(|| since.map_or(self.now, |since| since.min(self.now)));
        if whole {
            let of_feed = self.before.reservations.iter().filter(|word| *word == reservations::RSL);
            state.reservations = reserved(answer);
            for word in of_feed {
                reservations::add(&mut state.reservations, word);
            }
        }
        if !whole && answer.cache == CacheHints::default() {
            state.max_age = self.before.max_age;
        }
        self.done(Ending::Unchanged, state, None)
    }

    /// The feed was fetched and parsed.
    #[must_use]
    pub fn fresh(self, answer: &Answer, parsed: ParsedVisit<'_>) -> VisitOutcome {
        let dates: Vec<Timestamp> = parsed.entries.iter().filter_map(Keyed::date).collect();
        let all = parsed.entries.len();
        let mut changes = Changes::default();
        let left_out = Ingest {
            source: &self.source,
            meta: parsed.meta,
            url: &answer.final_url,
            keep: self.limits.keep,
            allowance: self.allowance(),
            now: self.now,
        }
        .add(parsed.entries, parsed.known, &mut changes);
        let new = changes.new_entries.len();
        let cadence = match &self.before.cadence {
            None => cadence::from_dates(&dates, self.now),
            // A flood is not the source's cadence: its allowance would grow with it.
            Some(before) if left_out.flooding > 0 => *before,
            Some(before) => cadence::update(before, new, self.elapsed(), self.now),
        };
        let mut state = self.success(answer, Some(cadence), EntryCounts { new, all });
        if parsed.is_whole && parsed.hash.is_some() {
            state.etag.clone_from(&answer.etag);
            state.last_modified.clone_from(&answer.last_modified);
        } else if (&state.url, &state.answered_by) != (&self.before.url, &self.before.answered_by) {
            // The validators of a document that was cut stand for all of it, and those of the last whole one are valid only where they come from.
            // Where a connection states no length, a cut is not told from a document that is written so: its validators are kept when the same
            // bytes come again.
            (state.etag, state.last_modified) = (None, None);
        }
        state.body_hash = parsed.hash;
        state.reading = self.reading();
        state.unmodified_since = None;
        state.seen_since = (left_out.too_old > 0).then(|| self.now - self.limits.keep);
        state.flooded = left_out.flooding > 0;
        let today = self.now.unix_day();
        let before = if state.new_day == Some(today) { state.new_count } else { 0 };
        (state.new_day, state.new_count) = (Some(today), before + new as u64);
        state.reservations = reserved(answer);
        for word in &parsed.meta.reservations {
            reservations::add(&mut state.reservations, word);
        }
        state.hints = parsed.meta.hints.clone();
        state.feed_title = Some(parsed.meta.title.clone()).filter(|title| !title.is_empty());
        state.feed_link = parsed.meta.link.as_ref().map(Url::to_string);
        changes.provenance.push(provenance(&self.source.id, None, answer, self.now));
        let undated = (dates.is_empty() && all >= MIN_UNDATED_ENTRIES)
            .then(|| Problem::new("undated", format!("none of {all} entries has a date that can be read")));
        let had_entries = self.before.cadence.is_some_and(|cadence| cadence.newest.is_some());
        let is_told = parsed.problems.iter().any(|problem| problem.code == "no-entries");
        let emptied = (all == 0 && had_entries && !is_told).then(|| Problem::new("no-entries", "the feed has no entries any more"));
        let told = advice(&state, &self.source).into_iter().chain(parsed.problems);
        let told = told.chain(undated).chain(emptied).chain(self.problems_of(left_out)).collect();
        changes.problems.push((self.source.id.clone(), told));
        self.done(Ending::Fresh, state, Some(changes))
    }

    /// Returns the problems of a document of which entries were left out.
    fn problems_of(&self, left_out: LeftOut) -> Vec<Problem> {
        let mut problems = Vec::new();
        if left_out.too_old > 0 {
            let days = self.limits.keep.as_secs() / (24 * 60 * 60);
            let detail = format!(
                "{} entries are older than {days} days (`keep`) and were not stored",
                left_out.too_old
            );
            problems.push(Problem::new("too-old", detail));
        }
        if left_out.flooding > 0 {
            let detail = format!(
                "{} new entries beyond its usual number and {} a day (`max_new`) were not stored",
                left_out.flooding, self.limits.max_new
            );
            problems.push(Problem::new("flood", detail));
        }
        if left_out.private_addresses > 0 {
            let detail = format!(
                "{} addresses of entries or their media lie on this machine (localhost) or in a private network and were left out",
                left_out.private_addresses
            );
            problems.push(Problem::new("private-address", detail));
        }
        problems
    }

    /// The visit failed.
    #[must_use]
    pub fn failed(self, reason: FailureReason, detail: &str, notes: FailureNotes) -> VisitOutcome {
        let mut state = self.before.clone();
        if self.asked.as_ref().map(Url::as_str) != state.url.as_deref() {
            // Validators belong to the URL that sent them.
            (state.etag, state.last_modified, state.body_hash, state.answered_by) = (None, None, None, None);
            state.unmodified_since = None;
            state.url = self.asked.as_ref().map(Url::to_string);
        }
        if let Some(asked) = &self.asked {
            state.moved = address::move_after_failure(&state, asked, reason);
        }
        if notes.answer.as_ref().is_some_and(|answer| answer.status == 304) {
            // It says so even when nothing conditional is asked: the next requests are conditional again, until that is doubted once more.
            state.unmodified_since = None;
        }
        // A body that is broken without compression, too, has another cause.
        state.uncompressed ^= reason == FailureReason::Encoding;
        state.reason = Some(reason);
        state.detail = Some(detail.to_owned());
        state.suggestion = notes.suggestion.map(String::from);
        health::count_visit(&mut state, false, self.now);
        let retry_after = self.hold(&mut state, notes.held, notes.retry_after);
        let (source, now) = (self.source.id.clone(), self.now);
        let changes = Changes {
            hosts: notes.host.into_iter().collect(),
            provenance: notes.answer.iter().map(|answer| provenance(&source, None, answer, now)).collect(),
            ..Changes::default()
        };
        let unreached = self.asked.as_ref().filter(|_| reason.is_unreached()).map(HostKey::from_url);
        let mut outcome = self.planned(Ending::Failed, state, changes, retry_after);
        outcome.unreached = unreached;
        outcome
    }

    /// The configuration does not allow a request.
    #[must_use]
    pub fn unasked(self, detail: &str) -> VisitOutcome {
        VisitOutcome {
            asked: false,
            ..self.failed(FailureReason::Setup, detail, FailureNotes::default())
        }
    }

    /// A defect of griot.
    #[must_use]
    pub fn panicked(self) -> VisitOutcome {
        let detail = "reading its feed ended in a defect of griot itself; please report it with the feed";
        self.failed(FailureReason::Defect, detail, FailureNotes::default())
    }

    /// Stores what asked to wait, where the source has addresses on several hosts; returns when the source may be visited again: at once
    /// where another address is free, else at `until`.
    fn hold(&self, state: &mut SourceState, held: Vec<(String, Timestamp)>, until: Option<Timestamp>) -> Option<Timestamp> {
        let is_alone = self
            .asked
            .as_ref()
            .is_none_or(|asked| !holds::has_other_host(&self.source.urls, asked));
        if is_alone || held.is_empty() {
            return until;
        }
        for (address, until) in held {
            holds::hold(state, address, until, self.now);
        }
        address::all_held_until(&self.source.urls, state, self.now)
    }

    /// The host of the address is held, so nothing was requested. Where the source has an address on another host, that is visited next.
    #[must_use]
    pub fn host_held(self, until: Timestamp) -> VisitOutcome {
        let mut state = self.before.clone();
        let held = self.asked.iter().map(|asked| (asked.to_string(), until)).collect();
        let is_free = self.hold(&mut state, held, Some(until)).is_none();
        let mut outcome = VisitOutcome::deferred(self.source.id);
        if is_free {
            outcome.changes.sources.push(state);
        }
        outcome
    }

    /// The server redirected to a held host. That is no failure of the source, but its server is not asked again before `until`, nor before
    /// `every` has passed.
    #[must_use]
    pub fn put_off(self, until: Timestamp) -> VisitOutcome {
        let mut state = self.before.clone();
        let held = self.asked.iter().map(|asked| (asked.to_string(), until)).collect();
        let until = self.hold(&mut state, held, Some(until));
        let soonest = self.now + self.pace.every;
        let state = SourceState {
            last_visit: Some(self.now),
            next_visit: Some(until.map_or(soonest, |until| until.max(soonest))),
            ..state
        };
        let mut outcome = VisitOutcome::deferred(self.source.id);
        outcome.changes.sources.push(state);
        outcome
    }

    fn elapsed(&self) -> Duration {
        self.before.last_success.map_or(Duration::ZERO, |last| self.now.since(last))
    }

    /// Returns the state after a successful visit.
    fn success(&self, answer: &Answer, cadence: Option<Cadence>, counts: EntryCounts) -> SourceState {
        let mut state = self.before.clone();
        health::count_visit(&mut state, true, self.now);
        holds::release(&mut state, self.now);
        let asked = self.asked.as_ref().unwrap_or(&answer.url);
        state.moved = address::move_after_success(&self.source.urls, &self.before, asked, answer.moved_to.as_ref(), self.now);
        // The validators of a redirect's target belong to the URL that is requested from now on.
        let led_to = answer.moved_to.as_ref().map(Url::as_str);
        let taken_over = state
            .moved
            .as_ref()
            .filter(|moved| moved.adopted && led_to == Some(moved.to.as_str()));
        state.url = Some(taken_over.map_or_else(|| asked.to_string(), |moved| moved.to.clone()));
        state.working_url = address::working_address(&self.source.urls, &state);
        state.answered_by = Some(answer.final_url.to_string());
        (state.reason, state.detail, state.suggestion) = (None, None, None);
        state.max_age = answer.cache.lifetime();
        state.wait = cadence.map(|cadence| cadence::wait(&cadence, counts, self.before.wait, self.elapsed(), self.pace));
        state.cadence = cadence;
        state
    }

    fn done(self, ending: Ending, state: SourceState, changes: Option<Changes>) -> VisitOutcome {
        self.planned(ending, state, changes.unwrap_or_default(), None)
    }

    /// Schedules the next visit and completes the outcome.
    fn planned(self, ending: Ending, mut state: SourceState, mut changes: Changes, retry_after: Option<Timestamp>) -> VisitOutcome {
        let health = health::assess(&state, self.before.reason, self.now);
        changes.events.extend(health::record_health(&mut state, health, self.now));
        let addresses = address::count_candidates(&self.source.urls, &state, self.now);
        state.next_visit = Some(schedule::next_visit(&state, addresses, retry_after, self.pace, self.now));
        changes.sources.push(state);
        VisitOutcome {
            source: self.source.id,
            ending,
            changes,
            asked: true,
            unreached: None,
        }
    }
}

/// Returns what the operator should know about a source that answers.
fn advice(state: &SourceState, source: &Source) -> Option<Problem> {
    if let Some(moved) = &state.moved {
        let believed = if moved.adopted { "and is asked there" } else { "so it says" };
        return Some(Problem::new(
            "moved",
            format!("the feed has moved for good to {}, {believed}", moved.to),
        ));
    }
    let works = state.working_url.as_ref()?;
    let listed = source.urls.iter().any(|url| url.as_str() == works);
    (!listed).then(|| Problem::new("address", format!("its address fails, but {works} answers")))
}

/// Returns the reservations that the headers of an answer state.
#[must_use]
pub fn reserved(answer: &Answer) -> Vec<String> {
    let mut found = reservations::from_robots(answer.x_robots_tag.iter().map(String::as_str));
    if answer.tdm_reservation.as_deref().and_then(reservations::from_tdm).is_some() {
        reservations::add(&mut found, reservations::TDM);
    }
    if answer.licence_links.iter().any(|link| reservations::is_rsl_link(link)) {
        reservations::add(&mut found, reservations::RSL);
    }
    found
}

/// Returns the provenance record of one request and its answer.
#[must_use]
pub fn provenance(source: &SourceId, entry: Option<EntryId>, answer: &Answer, now: Timestamp) -> Provenance {
    Provenance {
        source: source.clone(),
        entry,
        url: answer.url.to_string(),
        final_url: answer.final_url.to_string(),
        redirects: answer.redirects.iter().map(|(status, url)| (*status, url.to_string())).collect(),
        status: answer.status,
        etag: answer.etag.clone(),
        last_modified: answer.last_modified.clone(),
        body_hash: Digest128::hash(&answer.body),
        size: answer.body.len() as u64,
        fetched: now,
    }
}

#[cfg(test)]
mod tests;
