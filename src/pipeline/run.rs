//! One run: gather feeds → settle → gather pages → compose → publish. The one place to see it whole.

use super::app::App;
use super::compose::{self, Composed};
use super::due::{self, Due};
use super::feed_builder::{self, TopicCount};
use super::gather;
use super::outcome::{Ending, VisitOutcome};
use super::pages::{self, PageRequest};
use super::robots::HostRules;
use super::run_report::{FailedSource, RunError, RunOptions, RunReport, Step};
use super::settle;
use crate::config::Robots;
use crate::fetch::HostLimiter;
use crate::model::{Changes, Entry, EntryId, FailureReason, HostKey, PageVisit, RunSummary, SourceId, SourceState, Timestamp};
use crate::publish::{self, Written};
use crate::schedule::{self, address};
use crate::store::StoreError;
use std::collections::{BTreeMap, BTreeSet};
use std::future::{Future, poll_fn};
use std::sync::Arc;
use std::task::Poll;
use std::time::Duration;
use tokio::sync::watch;
use tokio::task::JoinSet;
use tokio::time::Instant;

/// How many hosts must fail together before we take ourselves to be offline.
const OFFLINE_HOSTS: usize = 3;

/// Runs once. `stop` ends it cleanly: what is fetched stays, the rest waits for the next run.
///
/// # Errors
/// [`RunError`] when the store or the output fails; never for what a source does.
pub async fn run(
    app: &Arc<App>,
    options: &RunOptions,
    now: Timestamp,
    stop: &watch::Receiver<bool>,
    tell: &(dyn Fn(Step) + Send + Sync),
) -> Result<RunReport, RunError> {
    let mut conductor = Conductor::new(app, options, now, stop.clone(), tell).await?;
    if options.dry_run {
        return Ok(conductor.report);
    }
    conductor.feeds().await?;
    if !conductor.report.offline && !conductor.stopped() {
        conductor.compose().await?;
    }
    if !conductor.stopped() {
        conductor.publish().await?;
    }
    conductor.end().await
}

struct Conductor<'a> {
    app: Arc<App>,
    now: Timestamp,
    stop: watch::Receiver<bool>,
    tell: &'a (dyn Fn(Step) + Send + Sync),
    limiter: Arc<HostLimiter>,
    rules: Arc<HostRules>,
    due: Due,
    before: BTreeMap<SourceId, SourceState>,
    half: Instant,
    end: Instant,
    late: JoinSet<Result<Vec<VisitOutcome>, StoreError>>,
    /// Visits that failed before any server was reached: they are booked when one was, for then the network is there.
    unreached: Vec<VisitOutcome>,
    reached: bool,
    report: RunReport,
}

impl<'a> Conductor<'a> {
    async fn new(
        app: &Arc<App>,
        options: &RunOptions,
        now: Timestamp,
        stop: watch::Receiver<bool>,
        tell: &'a (dyn Fn(Step) + Send + Sync),
    ) -> Result<Self, RunError> {
        let policy = &app.config.fetch;
        let budget = options.budget.unwrap_or(policy.budget);
        let limiter = Arc::new(HostLimiter::new(policy.jobs, policy.host_delay));
        let (kept, asked) = (Arc::clone(app), options.clone());
        let due = off_thread("reading what is due", move || due::look(&kept, &asked, now)).await?;
        for host in &due.hosts {
            // A hold lasts a day at most: one that lies further ahead was written by a clock that has since been set back.
            if let Some(until) = host.held_until.filter(|until| *until > now && *until <= now + schedule::DAY) {
                limiter.hold(&host.host, until);
            }
        }
        let remembered = if policy.robots == Robots::Off { &[][..] } else { &due.hosts };
        let rules = Arc::new(HostRules::new(remembered, &limiter));
        let report = RunReport {
            started: now,
            due: due.fetch_groups.iter().flatten().map(|state| state.source.clone()).collect(),
            summary: RunSummary {
                due: due.fetch_groups.iter().map(Vec::len).sum::<usize>() as u64,
                ..RunSummary::default()
            },
            out: app.config.site.out.clone(),
            ..RunReport::default()
        };
        let start = Instant::now();
        Ok(Self {
            app: Arc::clone(app),
            now,
            stop,
            tell,
            limiter,
            rules,
            due,
            before: BTreeMap::new(),
            half: start + budget / 2,
            end: start + budget,
            late: JoinSet::new(),
            unreached: Vec::new(),
            reached: false,
            report,
        })
    }

    fn stopped(&self) -> bool {
        *self.stop.borrow()
    }

    /// Gathers the feeds until all are in or half the budget is spent; good ones are committed at once.
    async fn feeds(&mut self) -> Result<(), RunError> {
        let (store, now) = (self.app.store.clone(), self.now);
        self.report.id = off_thread("beginning the run", move || store.begin_run(now)).await?;
        let Due { fetch_groups, paused, .. } = std::mem::take(&mut self.due);
        self.apply(paused).await?;
        let total = fetch_groups.len();
        self.before = fetch_groups
            .iter()
            .flatten()
            .map(|state| (state.source.clone(), state.clone()))
            .collect();
        for fetch_group in fetch_groups {
            self.begin(fetch_group).await;
        }
        let mut done = 0;
        while let Some(fetch_group) = self.next_feed().await {
            done += 1;
            (self.tell)(Step::Feeds(done, total));
            self.record_outcomes(fetch_group?).await?;
        }
        // A feed that is still on its way may yet show that the network is there.
        if self.late.is_empty() {
            self.conclude().await?;
        }
        Ok(())
    }

    /// Books what came. What reached no server waits for the word of the others.
    async fn record_outcomes(&mut self, fetch_group: Vec<VisitOutcome>) -> Result<(), RunError> {
        for outcome in fetch_group {
            if outcome.unreached.is_some() {
                self.unreached.push(outcome);
            } else {
                self.reached |= outcome.asked && outcome.ending != Ending::Deferred;
                self.record(outcome).await?;
            }
        }
        Ok(())
    }

    /// Decides whether it is we who are offline, and books what reached no server if not.
    async fn conclude(&mut self) -> Result<(), RunError> {
        let hosts: BTreeSet<_> = self.unreached.iter().filter_map(|outcome| outcome.unreached.as_ref()).collect();
        self.report.offline = !self.reached && hosts.len() >= OFFLINE_HOSTS;
        if !self.report.offline {
            for outcome in std::mem::take(&mut self.unreached) {
                self.record(outcome).await?;
            }
        }
        self.report.failed_sources.sort_by(|a, b| a.state.source.cmp(&b.state.source));
        Ok(())
    }

    /// Begins a visit: the longest due go first.
    async fn begin(&mut self, fetch_group: Vec<SourceState>) {
        let (app, limiter, rules, now) = (Arc::clone(&self.app), Arc::clone(&self.limiter), Arc::clone(&self.rules), self.now);
        let visit = async move { gather::guarded_visit(&app, &limiter, &rules, fetch_group, now).await };
        begin(&mut self.late, visit).await;
    }

    /// Returns the next feed that is in; none when all are, when half the budget is spent, or when the run is to stop.
    async fn next_feed(&mut self) -> Option<Result<Vec<VisitOutcome>, RunError>> {
        if self.stopped() {
            return None;
        }
        tokio::select! {
            joined = self.late.join_next() => joined.map(|joined| match joined {
                Ok(outcome) => outcome.map_err(RunError::from),
                Err(_) => Err(RunError::Defect("a visit")),
            }),
            () = tokio::time::sleep_until(self.half) => None,
            _ = self.stop.changed() => None,
        }
    }

    async fn record(&mut self, outcome: VisitOutcome) -> Result<(), RunError> {
        let summary = &mut self.report.summary;
        match outcome.ending {
            Ending::Fresh => summary.fresh += 1,
            Ending::Unchanged => summary.unchanged += 1,
            Ending::Failed => summary.failed += 1,
            Ending::Deferred => summary.deferred += 1,
        }
        summary.new_entries += outcome.changes.new_entries.len() as u64;
        summary.updated_entries += outcome.changes.revised_entries.len() as u64;
        let before = self
            .before
            .remove(&outcome.source)
            .unwrap_or_else(|| SourceState::new(outcome.source.clone()));
        if let Some(state) = outcome.state() {
            tracing::info!(source.id = %state.source, state = %state.health, entries = outcome.changes.new_entries.len(), reason = state.reason.map(FailureReason::as_str), "visited");
            if outcome.ending == Ending::Failed {
                self.report.failed_sources.push(FailedSource {
                    state: state.clone(),
                    before,
                });
            } else if before.failing_since.is_some() {
                self.report.recovered.push(before);
            }
        }
        self.apply(outcome.changes).await
    }

    async fn apply(&self, changes: Changes) -> Result<(), RunError> {
        let store = self.app.store.clone();
        off_thread("remembering", move || store.apply(changes)).await
    }

    /// Settles what waits, gathers the pages it needs, and composes it.
    async fn compose(&mut self) -> Result<(), RunError> {
        let (app, now) = (Arc::clone(&self.app), self.now);
        let Settled { waiting, wanted, given_up } = off_thread("settling", move || settled(&app, now)).await?;
        let given_up = Changes {
            page_visits: given_up,
            ..Changes::default()
        };
        self.apply(given_up).await?;
        let missing = self.pages(wanted).await?;
        if self.stopped() {
            return Ok(());
        }
        (self.tell)(Step::Compose);
        // An entry waits one run for its page, then it goes out with the feed's own text.
        let ready: Vec<Entry> = waiting
            .into_iter()
            .filter(|entry| !(missing.contains(&entry.id) && entry.first_seen == now))
            .collect();
        let app = Arc::clone(&self.app);
        let Composed {
            changes,
            copies,
            new_stories,
            updated_stories,
        } = off_thread("composing", move || {
            // Articles that came late are among them.
            let changed = app.store.unjudged()?;
            compose::compose(&app, ready, changed, now)
        })
        .await?;
        let summary = &mut self.report.summary;
        (summary.copies, summary.new_stories, summary.updated_stories) = (copies, new_stories, updated_stories);
        self.apply(changes).await
    }

    /// Gathers pages until all are in or the budget is spent, and returns the entries whose page may still come. They are begun in the
    /// order of need.
    async fn pages(&mut self, wanted: Vec<PageRequest>) -> Result<BTreeSet<EntryId>, RunError> {
        let total = wanted.len();
        let mut open: BTreeMap<EntryId, u32> = wanted.iter().map(|wanted| (wanted.entry.id, wanted.tries)).collect();
        let mut missing: BTreeSet<EntryId> = open.keys().copied().collect();
        let mut visits = JoinSet::new();
        for wanted in wanted {
            let (app, limiter, rules, now) = (Arc::clone(&self.app), Arc::clone(&self.limiter), Arc::clone(&self.rules), self.now);
            begin(&mut visits, async move { pages::visit(&app, &limiter, &rules, wanted, now).await }).await;
        }
        while !visits.is_empty() && !self.stopped() {
            let joined = tokio::select! {
                joined = visits.join_next() => joined,
                () = tokio::time::sleep_until(self.end) => None,
                _ = self.stop.changed() => None,
            };
            let Some(joined) = joined else { break };
            let Ok(outcome) = joined else {
                tracing::error!("fetching a page panicked; its entry goes on with the feed's own text");
                continue;
            };
            (self.tell)(Step::Pages(total - visits.len(), total));
            open.remove(&outcome.entry);
            if !outcome.may_come {
                missing.remove(&outcome.entry);
            }
            self.report.summary.articles += outcome.changes.articles.len() as u64;
            self.apply(outcome.changes).await?;
        }
        // Whoever this run did not come to is not forgotten when its entry goes out without it.
        let unasked = open.into_iter().map(|(entry, tries)| PageVisit {
            entry,
            tries,
            next: Some(self.now),
            reason: "budget".to_owned(),
        });
        let changes = Changes {
            page_visits: unasked.collect(),
            hosts: self.rules.take_news(),
            ..Changes::default()
        };
        self.apply(changes).await?;
        Ok(missing)
    }

    /// Writes the topic feeds: first what subscribers are told is remembered, then it is told.
    async fn publish(&mut self) -> Result<(), RunError> {
        (self.tell)(Step::Publish);
        let (app, now) = (Arc::clone(&self.app), self.now);
        let (topics, written) = off_thread("publishing", move || publish_now(&app, now)).await?;
        self.report.topics = topics;
        self.report.written = written;
        Ok(())
    }

    /// Waits for late feeds as long as the budget lasts: they are committed now and composed in the next run.
    async fn end(mut self) -> Result<RunReport, RunError> {
        while !self.late.is_empty() && !self.stopped() && !self.report.offline {
            let joined = tokio::select! {
                joined = self.late.join_next() => joined,
                () = tokio::time::sleep_until(self.end) => None,
                _ = self.stop.changed() => None,
            };
            let Some(joined) = joined else { break };
            let Ok(fetch_group) = joined else { continue };
            self.record_outcomes(fetch_group?).await?;
        }
        if !self.report.offline {
            self.conclude().await?;
        }
        if !self.late.is_empty() {
            self.leave_off().await?;
        }
        if !self.report.offline {
            let changes = Changes {
                hosts: self.rules.take_news(),
                ..Changes::default()
            };
            self.apply(changes).await?;
        }
        self.report.stopped = self.stopped();
        let (store, id, now, summary) = (self.app.store.clone(), self.report.id, self.now, self.report.summary.clone());
        off_thread("ending the run", move || store.end_run(id, now, &summary)).await?;
        Ok(self.report)
    }

    /// Ends what is still on its way. It stays due; but who was being asked goes behind those whom this run did not come to, so that some
    /// servers which never answer starve nobody.
    async fn leave_off(&mut self) -> Result<(), RunError> {
        let mut open: Vec<SourceState> = std::mem::take(&mut self.before).into_values().collect();
        self.report.summary.deferred += open.len() as u64;
        open.sort_by(|a, b| (a.next_visit, &a.source).cmp(&(b.next_visit, &b.source)));
        let asks = |state: &SourceState| {
            let source = &self.app.source(&state.source)?.source;
            address::choose(&source.urls, state, self.now).map(|url| HostKey::of(&url))
        };
        let asked = open
            .iter()
            .filter(|state| asks(state).is_some_and(|host| self.limiter.is_asked(&host)));
        let jobs = self.app.config.fetch.jobs;
        let sources: Vec<SourceState> = asked
            .take(jobs)
            .map(|state| SourceState {
                next_visit: Some(state.next_visit.map_or(self.now, |next| next.max(self.now))),
                ..state.clone()
            })
            .collect();
        self.late.abort_all();
        self.apply(Changes {
            sources,
            ..Changes::default()
        })
        .await
    }
}

/// Renders every topic from the store and writes what changed; `griot publish` does only this.
///
/// # Errors
/// [`RunError`] when the store or the output fails.
pub fn publish_now(app: &App, now: Timestamp) -> Result<(Vec<TopicCount>, Written), RunError> {
    let rendered = feed_builder::render_site(app, now)?;
    if !rendered.published.is_empty() {
        app.store.apply(Changes {
            published: rendered.published,
            ..Changes::default()
        })?;
    }
    let written = publish::write(&app.config.site.out, app.store.database_id(), &rendered.files)?;
    Ok((rendered.topics, written))
}

/// Begins a task. It takes its place in the queue of its host, and in that of all jobs, before the next one begins, whatever the threads
/// do.
async fn begin<T: Send + 'static>(tasks: &mut JoinSet<T>, task: impl Future<Output = T> + Send + 'static) {
    let mut task = Box::pin(task);
    match poll_fn(|context| Poll::Ready(task.as_mut().poll(context))).await {
        Poll::Ready(done) => tasks.spawn(async move { done }),
        Poll::Pending => tasks.spawn(task),
    };
}

/// What there is to compose.
struct Settled {
    /// The entries that wait to be composed, in order.
    waiting: Vec<Entry>,
    /// The pages that are wanted: those that entries wait for, then those that did not come in earlier runs.
    wanted: Vec<PageRequest>,
    /// Pages that did not come and are not wanted any more.
    given_up: Vec<PageVisit>,
}

fn settled(app: &App, now: Timestamp) -> Result<Settled, StoreError> {
    let mut waiting = app.store.uncomposed()?;
    waiting.sort_by_cached_key(settle::order);
    let ids: Vec<EntryId> = waiting.iter().map(|entry| entry.id).collect();
    let mut is_done: BTreeSet<EntryId> = app.store.articles(&ids)?.into_iter().map(|(id, _)| id).collect();
    let visits = app.store.page_visits(&ids)?;
    // As in the store: no page waits for more than a day.
    let later = visits
        .iter()
        .filter(|visit| visit.next.is_none_or(|next| next > now && next <= now + schedule::DAY));
    is_done.extend(later.map(|visit| visit.entry));
    let tries: BTreeMap<EntryId, u32> = visits.iter().map(|visit| (visit.entry, visit.tries)).collect();
    let by_page = |entry: &Entry| {
        app.source(&entry.source)
            .is_some_and(|prepared| prepared.source.article == crate::config::ArticlePolicy::Page)
    };
    let mut copies = BTreeSet::new();
    if waiting.iter().any(by_page) {
        // Whoever panics here panics again when it is composed, and is booked then.
        let panics = compose::Panics::default();
        let mut index = compose::index(&app.store, &app.prepared.sources, now)?;
        for entry in &waiting {
            let merge = app.source(&entry.source).is_none_or(|prepared| prepared.source.dedupe);
            // Whose page was wanted before, still wants it: meanwhile another entry may have gone out with the same address.
            let is_copy = index.place(compose::comparable(&panics, entry, None, merge)).copy_of.is_some();
            if is_copy && !tries.contains_key(&entry.id) {
                copies.insert(entry.id);
            }
        }
    }
    let mut wanted: Vec<PageRequest> = settle::pages_wanted(&waiting, &app.prepared.sources, &is_done, &copies, now)
        .into_iter()
        .map(|entry| PageRequest {
            entry: entry.clone(),
            tries: tries.get(&entry.id).copied().unwrap_or_default(),
        })
        .collect();
    let retries = pages::retries(app, &wanted, now)?;
    wanted.extend(retries.wanted);
    Ok(Settled {
        waiting,
        wanted,
        given_up: retries.given_up,
    })
}

/// Does blocking work on the blocking pool; a panic there is an error here.
async fn off_thread<T, E>(what: &'static str, work: impl FnOnce() -> Result<T, E> + Send + 'static) -> Result<T, RunError>
where
    T: Send + 'static,
    E: Send + 'static,
    RunError: From<E>,
{
    tokio::task::spawn_blocking(work)
        .await
        .map_err(|_| RunError::Defect(what))?
        .map_err(RunError::from)
}
