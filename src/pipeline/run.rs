//! One run: gather feeds → settle → gather pages → compose → publish.

use super::announcements;
use super::app::App;
use super::backfill::Backfill;
use super::compose::{self, Composed};
use super::due::{self, Due};
use super::feed_builder::{self, Rendering};
use super::gather;
use super::host_hold::limit_hosts;
use super::mail;
use super::outcome::{Ending, VisitOutcome};
use super::page_hosts::PageHosts;
use super::pages::{self, PageRequest};
use super::private_feeds;
use super::reading_lists;
use super::retention;
use super::robots::HostRules;
use super::run_report::{FailedSource, RunError, RunOptions, RunReport, Step};
use super::search_index::{self, IndexExtent};
use super::settle::{self, Settled};
use super::stage_panics::StagePanics;
use super::topic_evaluator::TopicEvaluator;
use super::withdrawn_pages::{self, Suspects};
use crate::fetch::HostLimiter;
use crate::model::{
    Changes, EntryId, EntryRevision, FailureReason, HostKey, PageVisit, Problem, RunSummary, SourceId, SourceState, Timestamp, loggable_url,
};
use crate::schedule::address;
use crate::store::StoreError;
use std::collections::{BTreeMap, BTreeSet};
use std::future::{Future, poll_fn};
use std::sync::Arc;
use std::task::Poll;
use std::time::Duration;
use tokio::sync::watch;
use tokio::task::JoinSet;
use tokio::time::Instant;
use tracing::{Instrument, Span};

/// The machine counts as offline when at least so many hosts fail and no server is reached.
const OFFLINE_HOSTS: usize = 3;

/// How long a run prunes before it publishes; the next one goes on.
const MAX_PRUNE_TIME: Duration = Duration::from_secs(10);

/// How long a run writes to the full-text index; the next one goes on.
const MAX_INDEX_TIME: Duration = Duration::from_secs(10);

/// Does one run. `stop` ends it early: what was fetched is kept, the rest waits for the next run.
///
/// # Errors
/// [`RunError`] when the store or the output fails; a failing source is no error.
pub async fn run(
    app: &Arc<App>,
    options: &RunOptions,
    now: Timestamp,
    stop: &watch::Receiver<bool>,
    report_progress: &(dyn Fn(Step) + Send + Sync),
) -> Result<RunReport, RunError> {
    // The run's number is known once its record is stored.
    let span = tracing::info_span!("run", run.id = tracing::field::Empty);
    let run = async {
        let app = reading_lists::refresh(app, options, now, stop.clone()).await?;
        run_stages(&app, options, now, stop, report_progress).await
    };
    run.instrument(span).await
}

async fn run_stages(
    app: &Arc<App>,
    options: &RunOptions,
    now: Timestamp,
    stop: &watch::Receiver<bool>,
    report_progress: &(dyn Fn(Step) + Send + Sync),
) -> Result<RunReport, RunError> {
    let mut running = RunState::new(app, options, now, stop.clone(), report_progress).await?;
    running.gather_feeds().await?;
    if !running.report.offline && !running.stopped() {
        running.compose().await?;
    }
    if !running.stopped() {
        running.prune().await?;
        running.evaluate_topics().await?;
        running.publish().await?;
        running.index().await?;
    }
    running.finish().await
}

struct RunState<'a> {
    app: Arc<App>,
    now: Timestamp,
    stop: watch::Receiver<bool>,
    report_progress: &'a (dyn Fn(Step) + Send + Sync),
    limiter: Arc<HostLimiter>,
    rules: Arc<HostRules>,
    page_hosts: Arc<PageHosts>,
    /// How many older pages each source is asked for.
    backfill: usize,
    due: Due,
    started: Instant,
    states_before: BTreeMap<SourceId, SourceState>,
    feeds_deadline: Instant,
    deadline: Instant,
    open_visits: JoinSet<Result<Vec<VisitOutcome>, StoreError>>,
    /// Visits that failed before any server was reached: recorded as failures once any server was reached, which shows that the network works.
    unreached: Vec<VisitOutcome>,
    server_reached: bool,
    /// Whether there was a visit that this machine could not make.
    is_machine_at_fault: bool,
    is_clock_confirmed: bool,
    report: RunReport,
}

impl<'a> RunState<'a> {
    async fn new(
        app: &Arc<App>,
        options: &RunOptions,
        now: Timestamp,
        stop: watch::Receiver<bool>,
        report_progress: &'a (dyn Fn(Step) + Send + Sync),
    ) -> Result<Self, RunError> {
        let policy = &app.config.fetch;
        let budget = options.budget.unwrap_or(policy.budget);
        let limiter = Arc::new(HostLimiter::new(policy.jobs, policy.host_delay));
        let (kept, asked) = (Arc::clone(app), options.clone());
        let due = run_blocking("reading what is due", move || due::find_due(&kept, &asked, now)).await?;
        limit_hosts(&limiter, &due.hosts, policy.robots, now);
        let rules = Arc::new(HostRules::default());
        let report = RunReport {
            started: now,
            summary: RunSummary {
                due: due.fetch_groups.iter().map(Vec::len).sum::<usize>() as u64,
                ..RunSummary::default()
            },
            out: app.config.site.out.clone(),
            ..RunReport::default()
        };
        let started = Instant::now();
        Ok(Self {
            app: Arc::clone(app),
            now,
            stop,
            report_progress,
            limiter,
            rules,
            page_hosts: Arc::default(),
            backfill: options.backfill,
            due,
            started,
            states_before: BTreeMap::new(),
            feeds_deadline: started + budget / 2,
            deadline: started + budget,
            open_visits: JoinSet::new(),
            unreached: Vec::new(),
            server_reached: false,
            is_machine_at_fault: false,
            is_clock_confirmed: options.is_clock_confirmed,
            report,
        })
    }

    fn stopped(&self) -> bool {
        *self.stop.borrow()
    }

    /// Gathers the feeds until all have arrived or half the budget is spent; each is committed at once.
    async fn gather_feeds(&mut self) -> Result<(), RunError> {
        let (store, now) = (self.app.store.clone(), self.now);
        self.report.id = run_blocking("beginning the run", move || store.begin_run(now)).await?;
        Span::current().record("run.id", self.report.id);
        let Due {
            fetch_groups,
            paused,
            archives,
            ..
        } = std::mem::take(&mut self.due);
        self.apply(paused).await?;
        let total = fetch_groups.len();
        self.states_before = fetch_groups
            .iter()
            .flatten()
            .map(|state| (state.source.clone(), state.clone()))
            .collect();
        for fetch_group in fetch_groups {
            self.start_visit(fetch_group).await;
        }
        let mut done = 0;
        while let Some(fetch_group) = self.next_feed().await {
            done += 1;
            (self.report_progress)(Step::Feeds(done, total));
            self.record_outcomes(fetch_group?).await?;
        }
        // An open visit may still show that the network works.
        if self.open_visits.is_empty() {
            self.record_unreached().await?;
        }
        if !archives.is_empty() && !self.report.offline {
            let backfill = Backfill {
                app: Arc::clone(&self.app),
                limiter: Arc::clone(&self.limiter),
                rules: Arc::clone(&self.rules),
                pages: self.backfill,
                now: self.now,
            };
            self.report.summary.new_entries += backfill.gather_until(archives, self.deadline, &mut self.stop).await?;
        }
        Ok(())
    }

    /// Records outcomes. Those that reached no server wait for the other visits.
    async fn record_outcomes(&mut self, fetch_group: Vec<VisitOutcome>) -> Result<(), RunError> {
        for outcome in fetch_group {
            if outcome.unreached.is_some() {
                self.unreached.push(outcome);
            } else {
                if outcome.ending == Ending::Deferred && !outcome.asked && !self.is_machine_at_fault {
                    self.is_machine_at_fault = true;
                    tracing::error!(source.id = %outcome.source, "this machine has no file descriptors left: sources stay due, and none counts as failed; see ulimit -n");
                }
                self.server_reached |= outcome.asked && outcome.ending != Ending::Deferred;
                self.record(outcome).await?;
            }
        }
        Ok(())
    }

    /// Decides whether the machine is offline; if not, records the outcomes that reached no server as failures.
    async fn record_unreached(&mut self) -> Result<(), RunError> {
        let hosts: BTreeSet<_> = self.unreached.iter().filter_map(|outcome| outcome.unreached.as_ref()).collect();
        self.report.offline = !self.server_reached && hosts.len() >= OFFLINE_HOSTS;
        if !self.report.offline {
            for outcome in std::mem::take(&mut self.unreached) {
                self.record(outcome).await?;
            }
        }
        self.report.failed_sources.sort_by(|a, b| a.state.source.cmp(&b.state.source));
        Ok(())
    }

    /// Starts a visit; the longest due come first.
    async fn start_visit(&mut self, fetch_group: Vec<SourceState>) {
        let (app, limiter, rules, now) = (Arc::clone(&self.app), Arc::clone(&self.limiter), Arc::clone(&self.rules), self.now);
        let source = fetch_group.first().map(|state| state.source.as_str());
        let span = tracing::info_span!("visit", source.id = source);
        let visit = async move { gather::guarded_visit(&app, &limiter, &rules, fetch_group, now).await }.instrument(span);
        start_task(&mut self.open_visits, visit).await;
    }

    /// Returns the next outcome; none when all have arrived, when half the budget is spent, or when the run is to stop.
    async fn next_feed(&mut self) -> Option<Result<Vec<VisitOutcome>, RunError>> {
        if self.stopped() {
            return None;
        }
        tokio::select! {
            joined = self.open_visits.join_next() => joined.map(|joined| match joined {
                Ok(outcome) => outcome.map_err(RunError::from),
                Err(_) => Err(RunError::Defect("a visit")),
            }),
            () = tokio::time::sleep_until(self.feeds_deadline) => None,
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
        summary.updated_entries += EntryRevision::count_changed(&outcome.changes.revised_entries) as u64;
        let before = self
            .states_before
            .remove(&outcome.source)
            .unwrap_or_else(|| SourceState::new(outcome.source.clone()));
        if let Some(state) = outcome.state() {
            tracing::info!(
                source.id = %state.source,
                state = %state.health,
                entries = outcome.changes.new_entries.len(),
                updated = EntryRevision::count_changed(&outcome.changes.revised_entries),
                reason = state.reason.map(FailureReason::as_str),
                "visited"
            );
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
        run_blocking("remembering", move || store.apply(changes)).await
    }

    /// Settles the entries that wait, gathers the pages that they need, and composes them.
    async fn compose(&mut self) -> Result<(), RunError> {
        let (app, now, page_hosts) = (Arc::clone(&self.app), self.now, Arc::clone(&self.page_hosts));
        let Settled {
            waiting,
            wanted,
            page_visits,
        } = run_blocking("settling", move || settle::settle(&app, &page_hosts, now)).await?;
        self.apply(Changes {
            page_visits,
            ..Changes::default()
        })
        .await?;
        let missing = self.gather_pages(wanted).await?;
        self.ask_suspected_pages().await?;
        if self.stopped() || waiting.is_empty() {
            return Ok(());
        }
        (self.report_progress)(Step::Compose);
        let app = Arc::clone(&self.app);
        let (composed, problems) = run_blocking("composing", move || {
            // An entry waits one run for its page, and is then published with the feed's text.
            let missing: Vec<EntryId> = missing.into_iter().collect();
            let waits: BTreeSet<EntryId> = (app.store.compared_entries(&missing)?.into_iter())
                .filter(|entry| entry.first_seen == now)
                .map(|entry| entry.id)
                .collect();
            let ready: Vec<EntryId> = waiting.into_iter().filter(|id| !waits.contains(id)).collect();
            let panics = StagePanics::default();
            let composed = compose::compose(&app, now, &ready, &panics)?;
            Ok::<_, StoreError>((composed, panics.problems()))
        })
        .await?;
        let Composed {
            copies,
            new_stories,
            updated_stories,
        } = composed;
        let summary = &mut self.report.summary;
        (summary.copies, summary.new_stories, summary.updated_stories) = (copies, new_stories, updated_stories);
        self.record_problems(problems).await
    }

    /// Asks once more for the pages of entries that their publishers may have taken back.
    async fn ask_suspected_pages(&mut self) -> Result<(), RunError> {
        let (app, now, page_hosts) = (Arc::clone(&self.app), self.now, Arc::clone(&self.page_hosts));
        let suspects = run_blocking("reading what publishers took back", move || Suspects::find(&app, &page_hosts, now)).await?;
        if suspects.is_empty() || self.stopped() {
            return Ok(());
        }
        let (stop, deadline) = (self.stop.clone(), self.deadline);
        let is_over = || *stop.borrow() || Instant::now() >= deadline;
        let asked = withdrawn_pages::ask(&self.app, &self.limiter, &self.rules, suspects, now, is_over);
        // What is not answered in time stays due.
        match tokio::time::timeout_at(deadline, asked).await {
            Ok(changes) => self.apply(changes).await,
            Err(_) => Ok(()),
        }
    }

    /// Evaluates the topics' rules on the stories that are new or have changed, and on every story for rules that have changed.
    async fn evaluate_topics(&mut self) -> Result<(), RunError> {
        let (app, now) = (Arc::clone(&self.app), self.now);
        let problems = run_blocking("evaluating the topics", move || evaluate_topics(&app, now)).await?;
        self.record_problems(problems).await
    }

    /// Deletes what is no longer kept, on the first run of a day. Before the feeds are rendered, so that they show nothing of it, and a repeated run
    /// changes no byte.
    async fn prune(&mut self) -> Result<(), RunError> {
        // By a clock that nothing confirms, everything may seem old.
        if self.report.offline || !self.is_clock_confirmed {
            return Ok(());
        }
        let (app, now, stop) = (Arc::clone(&self.app), self.now, self.stop.clone());
        let deadline = self.deadline.min(Instant::now() + MAX_PRUNE_TIME);
        run_blocking("pruning", move || {
            if retention::is_due(&app.store, now)? {
                retention::prune(&app.store, &app.config.retention, now, || {
                    !*stop.borrow() && Instant::now() < deadline
                })?;
            }
            Ok::<_, StoreError>(())
        })
        .await
    }

    async fn record_problems(&self, problems: Vec<(SourceId, Vec<Problem>)>) -> Result<(), RunError> {
        if problems.is_empty() {
            return Ok(());
        }
        self.apply(Changes {
            problems,
            ..Changes::default()
        })
        .await
    }

    /// Gathers pages until all have arrived or the budget is spent, and returns the entries whose page may still arrive. Pages are requested in
    /// order of need.
    async fn gather_pages(&mut self, wanted: Vec<PageRequest>) -> Result<BTreeSet<EntryId>, RunError> {
        let total = wanted.len();
        let mut open: BTreeMap<EntryId, u32> = wanted.iter().map(|wanted| (wanted.entry, wanted.tries)).collect();
        let mut missing: BTreeSet<EntryId> = open.keys().copied().collect();
        let mut visits = JoinSet::new();
        for wanted in wanted {
            let (app, limiter, rules, now) = (Arc::clone(&self.app), Arc::clone(&self.limiter), Arc::clone(&self.rules), self.now);
            let page_hosts = Arc::clone(&self.page_hosts);
            let span = tracing::info_span!("page", source.id = %wanted.source, entry.url = loggable_url(&wanted.link));
            start_task(
                &mut visits,
                async move { pages::visit(&app, &limiter, &rules, &page_hosts, wanted, now).await }.instrument(span),
            )
            .await;
        }
        while !visits.is_empty() && !self.stopped() {
            let joined = tokio::select! {
                joined = visits.join_next() => joined,
                () = tokio::time::sleep_until(self.deadline) => None,
                _ = self.stop.changed() => None,
            };
            let Some(joined) = joined else { break };
            let Ok(outcome) = joined else {
                tracing::error!("fetching a page panicked; its entry goes on with the feed's own text");
                continue;
            };
            (self.report_progress)(Step::Pages(total - visits.len(), total));
            open.remove(&outcome.entry);
            if !outcome.may_come {
                missing.remove(&outcome.entry);
            }
            self.report.summary.articles += outcome.changes.articles.len() as u64;
            self.apply(outcome.changes).await?;
        }
        // Pages that this run did not get to stay due, also when their entry is published without them.
        let unasked = open.into_iter().map(|(entry, tries)| PageVisit {
            entry,
            tries,
            next: Some(self.now),
            reason: "budget".to_owned(),
        });
        let changes = Changes {
            page_visits: unasked.collect(),
            hosts: self.rules.take_changed_states(),
            ..Changes::default()
        };
        self.apply(changes).await?;
        Ok(missing)
    }

    /// Writes the topic feeds. What subscribers will get is stored before it is written.
    async fn publish(&mut self) -> Result<(), RunError> {
        (self.report_progress)(Step::Publish);
        let (app, now) = (Arc::clone(&self.app), self.now);
        let (topics, written) = run_blocking("publishing", move || {
            private_feeds::publish(&app, Rendering::Changed, now)?;
            let published = feed_builder::publish(&app, Rendering::Changed, now)?;
            announcements::queue_alerts(&app, now)?;
            mail::queue_health(&app, now)?;
            Ok::<_, RunError>(published)
        })
        .await?;
        self.report.topics = topics;
        self.report.written = written;
        Ok(())
    }

    /// Writes what is new to the full-text index. After the feeds, which do not need it.
    async fn index(&mut self) -> Result<(), RunError> {
        let (app, stop) = (Arc::clone(&self.app), self.stop.clone());
        let deadline = self.deadline.min(Instant::now() + MAX_INDEX_TIME);
        run_blocking("indexing", move || {
            search_index::keep(&app.store, &app.config.search, IndexExtent::All, || {
                !*stop.borrow() && Instant::now() < deadline
            });
            Ok::<_, StoreError>(())
        })
        .await
    }

    /// Waits for late feeds until the budget ends: they are committed now and composed in the next run.
    async fn finish(mut self) -> Result<RunReport, RunError> {
        while !self.open_visits.is_empty() && !self.stopped() && !self.report.offline {
            let joined = tokio::select! {
                joined = self.open_visits.join_next() => joined,
                () = tokio::time::sleep_until(self.deadline) => None,
                _ = self.stop.changed() => None,
            };
            let Some(joined) = joined else { break };
            let Ok(fetch_group) = joined else { continue };
            self.record_outcomes(fetch_group?).await?;
        }
        if !self.report.offline {
            self.record_unreached().await?;
        }
        if !self.open_visits.is_empty() {
            self.abort_open_visits().await?;
        }
        if !self.report.offline {
            let changes = Changes {
                hosts: self.rules.take_changed_states(),
                ..Changes::default()
            };
            self.apply(changes).await?;
        }
        self.report.stopped = self.stopped();
        let summary = &self.report.summary;
        tracing::info!(
            due = summary.due,
            fresh = summary.fresh,
            unchanged = summary.unchanged,
            failed = summary.failed,
            deferred = summary.deferred,
            entries = summary.new_entries,
            copies = summary.copies,
            articles = summary.articles,
            stories = summary.new_stories,
            files = self.report.written.changed.len(),
            offline = self.report.offline,
            duration_ms = u64::try_from(self.started.elapsed().as_millis()).unwrap_or(u64::MAX),
            "run finished"
        );
        let (store, id, now, summary) = (self.app.store.clone(), self.report.id, self.now, self.report.summary.clone());
        run_blocking("ending the run", move || store.end_run(id, now, &summary)).await?;
        Ok(self.report)
    }

    /// Aborts the open visits. Their sources stay due, but those with a request under way go behind those that this run did not get to, so that
    /// servers which never answer do not starve the others.
    async fn abort_open_visits(&mut self) -> Result<(), RunError> {
        let mut open: Vec<SourceState> = std::mem::take(&mut self.states_before).into_values().collect();
        self.report.summary.deferred += open.len() as u64;
        open.sort_by(|a, b| (a.next_visit, &a.source).cmp(&(b.next_visit, &b.source)));
        let asks = |state: &SourceState| {
            let source = &self.app.source(&state.source)?.source;
            address::choose(&source.urls, state, self.now).map(|url| HostKey::from_url(&url))
        };
        let asked = open
            .iter()
            .filter(|state| asks(state).is_some_and(|host| self.limiter.is_busy(&host)));
        let jobs = self.app.config.fetch.jobs;
        let sources: Vec<SourceState> = asked
            .take(jobs)
            .map(|state| SourceState {
                next_visit: Some(state.next_visit.map_or(self.now, |next| next.max(self.now))),
                ..state.clone()
            })
            .collect();
        self.open_visits.abort_all();
        self.apply(Changes {
            sources,
            ..Changes::default()
        })
        .await
    }
}

/// Evaluates what is new or has changed since the last evaluation; `griot publish` does this first. Returns the problems of sources
/// on whose entries a stage has panicked.
///
/// # Errors
/// [`StoreError`] when the store fails.
pub fn evaluate_topics(app: &App, now: Timestamp) -> Result<Vec<(SourceId, Vec<Problem>)>, StoreError> {
    let panics = StagePanics::default();
    let evaluator = TopicEvaluator::new(app, now, &panics)?;
    evaluator.evaluate(&due::changed_sources(app)?)?;
    Ok(panics.problems())
}

/// Starts a task and polls it once, so that it enters the queue of its host, and that of all jobs, before the next one starts, independent of
/// the threads.
async fn start_task<T: Send + 'static>(tasks: &mut JoinSet<T>, task: impl Future<Output = T> + Send + 'static) {
    let mut task = Box::pin(task);
    match poll_fn(|context| Poll::Ready(task.as_mut().poll(context))).await {
        Poll::Ready(done) => tasks.spawn(async move { done }),
        Poll::Pending => tasks.spawn(task),
    };
}

/// Does blocking work on the blocking pool; a panic becomes an error.
async fn run_blocking<T, E>(what: &'static str, work: impl FnOnce() -> Result<T, E> + Send + 'static) -> Result<T, RunError>
where
    T: Send + 'static,
    E: Send + 'static,
    RunError: From<E>,
{
    let span = Span::current();
    tokio::task::spawn_blocking(move || span.in_scope(work))
        .await
        .map_err(|_| RunError::Defect(what))?
        .map_err(RunError::from)
}
