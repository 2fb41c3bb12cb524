//! One run: gather feeds → settle → gather pages → compose → publish. The one place to see it whole.

use super::compose::{self, Composed};
use super::due::{self, Due};
use super::edition::{self, TopicCount};
use super::gather;
use super::house::House;
use super::outcome::{Ending, Visited};
use super::pages::{self, Wanted};
use super::robots::HostRules;
use super::settle;
use crate::config::Robots;
use crate::fetch::Gate;
use crate::model::{Changes, Entry, EntryId, FailureReason, HostKey, PageVisit, RunSummary, SourceId, SourceState, Timestamp};
use crate::publish::{self, WriteError, Written};
use crate::schedule::{self, address};
use crate::store::StoreError;
use std::collections::{BTreeMap, BTreeSet};
use std::future::{Future, poll_fn};
use std::path::PathBuf;
use std::sync::Arc;
use std::task::Poll;
use std::time::Duration;
use tokio::sync::watch;
use tokio::task::JoinSet;
use tokio::time::Instant;

/// Why a run stopped.
#[derive(Debug, thiserror::Error)]
pub enum RunError {
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The output cannot be written.
    #[error(transparent)]
    Write(#[from] WriteError),
    /// A part of the run ended in a defect of griot itself.
    #[error("{0} ended in a defect of griot itself; nothing that was fetched is lost")]
    Defect(&'static str),
    /// Nothing that is configured matches.
    #[error("no source matches `{0}`")]
    NoSuchSource(String),
}

impl RunError {
    /// Returns a short stable code.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::Store(error) => error.code(),
            Self::Write(error) => error.code(),
            Self::Defect(_) => "defect",
            Self::NoSuchSource(_) => "no-such-source",
        }
    }
}

/// What a run is asked to do.
#[derive(Debug, Clone, Default)]
pub struct RunOptions {
    /// Fetch only these: source ids, `tag:T` or `country:ML`.
    pub only: Vec<String>,
    /// Fetch also what is not due.
    pub force: bool,
    /// Another budget than the configuration's.
    pub budget: Option<Duration>,
    /// Look what is due, and stop there.
    pub dry_run: bool,
}

/// Something that people may watch.
#[derive(Debug, Clone, Copy)]
pub enum Step {
    /// So many feeds of so many are in.
    Feeds(usize, usize),
    /// So many pages of so many are in.
    Pages(usize, usize),
    /// The entries are being composed.
    Compose,
    /// The files are being written.
    Publish,
}

/// A source that did not give its feed in this run.
#[derive(Debug, Clone)]
pub struct Trouble {
    /// Its state after the visit.
    pub state: SourceState,
    /// Its state before, to tell a hiccup from a lasting failure.
    pub before: SourceState,
}

/// What a run came to.
#[derive(Debug, Clone, Default)]
pub struct RunReport {
    /// Its number.
    pub id: i64,
    /// Its moment.
    pub started: Timestamp,
    /// Its figures.
    pub summary: RunSummary,
    /// The sources that failed, in the order of their ids.
    pub troubles: Vec<Trouble>,
    /// The former states of sources that were in trouble and are back.
    pub recovered: Vec<SourceState>,
    /// Each topic's items, and how many of them are new.
    pub topics: Vec<TopicCount>,
    /// What was written.
    pub written: Written,
    /// Where it was written.
    pub out: PathBuf,
    /// No source got past DNS or connect, and several hosts were tried: it is we who are offline.
    pub offline: bool,
    /// The run was asked to stop before its end.
    pub stopped: bool,
    /// The ids of sources that a dry run would have fetched.
    pub due: Vec<SourceId>,
}

/// How many hosts must fail together before we take ourselves to be offline.
const OFFLINE_HOSTS: usize = 3;

/// Runs once. `stop` ends it cleanly: what is fetched stays, the rest waits for the next run.
///
/// # Errors
/// [`RunError`] when the store or the output fails; never for what a source does.
pub async fn run(
    house: &Arc<House>,
    options: &RunOptions,
    now: Timestamp,
    stop: &watch::Receiver<bool>,
    tell: &(dyn Fn(Step) + Send + Sync),
) -> Result<RunReport, RunError> {
    let mut conductor = Conductor::new(house, options, now, stop.clone(), tell).await?;
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
    house: Arc<House>,
    now: Timestamp,
    stop: watch::Receiver<bool>,
    tell: &'a (dyn Fn(Step) + Send + Sync),
    gate: Arc<Gate>,
    rules: Arc<HostRules>,
    due: Due,
    before: BTreeMap<SourceId, SourceState>,
    half: Instant,
    end: Instant,
    late: JoinSet<Result<Vec<Visited>, StoreError>>,
    /// Visits that failed before any server was reached: they are booked when one was, for then the network is there.
    unreached: Vec<Visited>,
    reached: bool,
    report: RunReport,
}

impl<'a> Conductor<'a> {
    async fn new(
        house: &Arc<House>,
        options: &RunOptions,
        now: Timestamp,
        stop: watch::Receiver<bool>,
        tell: &'a (dyn Fn(Step) + Send + Sync),
    ) -> Result<Self, RunError> {
        let policy = &house.config.fetch;
        let budget = options.budget.unwrap_or(policy.budget);
        let gate = Arc::new(Gate::new(policy.jobs, policy.host_delay));
        let (kept, asked) = (Arc::clone(house), options.clone());
        let due = off_thread("reading what is due", move || due::look(&kept, &asked, now)).await?;
        for host in &due.hosts {
            // A hold lasts a day at most: one that lies further ahead was written by a clock that has since been set back.
            if let Some(until) = host.held_until.filter(|until| *until > now && *until <= now + schedule::DAY) {
                gate.hold(&host.host, until);
            }
        }
        let remembered = if policy.robots == Robots::Off { &[][..] } else { &due.hosts };
        let rules = Arc::new(HostRules::new(remembered, &gate));
        let report = RunReport {
            started: now,
            due: due.parties.iter().flatten().map(|state| state.source.clone()).collect(),
            summary: RunSummary {
                due: due.parties.iter().map(Vec::len).sum::<usize>() as u64,
                ..RunSummary::default()
            },
            out: house.config.site.out.clone(),
            ..RunReport::default()
        };
        let start = Instant::now();
        Ok(Self {
            house: Arc::clone(house),
            now,
            stop,
            tell,
            gate,
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
        let (store, now) = (self.house.store.clone(), self.now);
        self.report.id = off_thread("beginning the run", move || store.begin_run(now)).await?;
        let Due { parties, paused, .. } = std::mem::take(&mut self.due);
        self.apply(paused).await?;
        let total = parties.len();
        self.before = parties
            .iter()
            .flatten()
            .map(|state| (state.source.clone(), state.clone()))
            .collect();
        for party in parties {
            self.begin(party).await;
        }
        let mut done = 0;
        while let Some(party) = self.next_feed().await {
            done += 1;
            (self.tell)(Step::Feeds(done, total));
            self.come(party?).await?;
        }
        // A feed that is still on its way may yet show that the network is there.
        if self.late.is_empty() {
            self.conclude().await?;
        }
        Ok(())
    }

    /// Books what came. What reached no server waits for the word of the others.
    async fn come(&mut self, party: Vec<Visited>) -> Result<(), RunError> {
        for visited in party {
            if visited.unreached.is_some() {
                self.unreached.push(visited);
            } else {
                self.reached |= visited.asked && visited.ending != Ending::Deferred;
                self.book(visited).await?;
            }
        }
        Ok(())
    }

    /// Decides whether it is we who are offline, and books what reached no server if not.
    async fn conclude(&mut self) -> Result<(), RunError> {
        let hosts: BTreeSet<_> = self.unreached.iter().filter_map(|visited| visited.unreached.as_ref()).collect();
        self.report.offline = !self.reached && hosts.len() >= OFFLINE_HOSTS;
        if !self.report.offline {
            for visited in std::mem::take(&mut self.unreached) {
                self.book(visited).await?;
            }
        }
        self.report.troubles.sort_by(|a, b| a.state.source.cmp(&b.state.source));
        Ok(())
    }

    /// Begins a visit: the longest due go first.
    async fn begin(&mut self, party: Vec<SourceState>) {
        let (house, gate, rules, now) = (Arc::clone(&self.house), Arc::clone(&self.gate), Arc::clone(&self.rules), self.now);
        let visit = async move { gather::guarded_visit(&house, &gate, &rules, party, now).await };
        begin(&mut self.late, visit).await;
    }

    /// Returns the next feed that is in; none when all are, when half the budget is spent, or when the run is to stop.
    async fn next_feed(&mut self) -> Option<Result<Vec<Visited>, RunError>> {
        if self.stopped() {
            return None;
        }
        tokio::select! {
            joined = self.late.join_next() => joined.map(|joined| match joined {
                Ok(visited) => visited.map_err(RunError::from),
                Err(_) => Err(RunError::Defect("a visit")),
            }),
            () = tokio::time::sleep_until(self.half) => None,
            _ = self.stop.changed() => None,
        }
    }

    async fn book(&mut self, visited: Visited) -> Result<(), RunError> {
        let summary = &mut self.report.summary;
        match visited.ending {
            Ending::Fresh => summary.fresh += 1,
            Ending::Unchanged => summary.unchanged += 1,
            Ending::Failed => summary.failed += 1,
            Ending::Deferred => summary.deferred += 1,
        }
        summary.new_entries += visited.changes.new_entries.len() as u64;
        summary.updated_entries += visited.changes.revised_entries.len() as u64;
        let before = self
            .before
            .remove(&visited.source)
            .unwrap_or_else(|| SourceState::new(visited.source.clone()));
        if let Some(state) = visited.state() {
            tracing::info!(source.id = %state.source, state = %state.health, entries = visited.changes.new_entries.len(), reason = state.reason.map(FailureReason::as_str), "visited");
            if visited.ending == Ending::Failed {
                self.report.troubles.push(Trouble {
                    state: state.clone(),
                    before,
                });
            } else if before.failing_since.is_some() {
                self.report.recovered.push(before);
            }
        }
        self.apply(visited.changes).await
    }

    async fn apply(&self, changes: Changes) -> Result<(), RunError> {
        let store = self.house.store.clone();
        off_thread("remembering", move || store.apply(changes)).await
    }

    /// Settles what waits, gathers the pages it needs, and composes it.
    async fn compose(&mut self) -> Result<(), RunError> {
        let (house, now) = (Arc::clone(&self.house), self.now);
        let Settled { waiting, wanted, given_up } = off_thread("settling", move || settled(&house, now)).await?;
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
        let house = Arc::clone(&self.house);
        let Composed {
            changes,
            copies,
            new_stories,
            updated_stories,
        } = off_thread("composing", move || {
            // Articles that came late are among them.
            let changed = house.store.unjudged()?;
            compose::compose(&house, ready, changed, now)
        })
        .await?;
        let summary = &mut self.report.summary;
        (summary.copies, summary.new_stories, summary.updated_stories) = (copies, new_stories, updated_stories);
        self.apply(changes).await
    }

    /// Gathers pages until all are in or the budget is spent, and returns the entries whose page may still come. They are begun in the
    /// order of need.
    async fn pages(&mut self, wanted: Vec<Wanted>) -> Result<BTreeSet<EntryId>, RunError> {
        let total = wanted.len();
        let mut open: BTreeMap<EntryId, u32> = wanted.iter().map(|wanted| (wanted.entry.id, wanted.tries)).collect();
        let mut missing: BTreeSet<EntryId> = open.keys().copied().collect();
        let mut visits = JoinSet::new();
        for wanted in wanted {
            let (house, gate, rules, now) = (Arc::clone(&self.house), Arc::clone(&self.gate), Arc::clone(&self.rules), self.now);
            begin(&mut visits, async move { pages::visit(&house, &gate, &rules, wanted, now).await }).await;
        }
        while !visits.is_empty() && !self.stopped() {
            let joined = tokio::select! {
                joined = visits.join_next() => joined,
                () = tokio::time::sleep_until(self.end) => None,
                _ = self.stop.changed() => None,
            };
            let Some(joined) = joined else { break };
            let Ok(came) = joined else {
                tracing::error!("fetching a page panicked; its entry goes on with the feed's own text");
                continue;
            };
            (self.tell)(Step::Pages(total - visits.len(), total));
            open.remove(&came.entry);
            if !came.may_come {
                missing.remove(&came.entry);
            }
            self.report.summary.articles += came.changes.articles.len() as u64;
            self.apply(came.changes).await?;
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
        let (house, now) = (Arc::clone(&self.house), self.now);
        let (topics, written) = off_thread("publishing", move || publish_now(&house, now)).await?;
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
            let Ok(party) = joined else { continue };
            self.come(party?).await?;
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
        let (store, id, now, summary) = (self.house.store.clone(), self.report.id, self.now, self.report.summary.clone());
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
            let source = &self.house.source(&state.source)?.source;
            address::choose(&source.urls, state, self.now).map(|url| HostKey::of(&url))
        };
        let asked = open
            .iter()
            .filter(|state| asks(state).is_some_and(|host| self.gate.is_asked(&host)));
        let jobs = self.house.config.fetch.jobs;
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
pub fn publish_now(house: &House, now: Timestamp) -> Result<(Vec<TopicCount>, Written), RunError> {
    let edition = edition::make(house, now)?;
    if !edition.published.is_empty() {
        house.store.apply(Changes {
            published: edition.published,
            ..Changes::default()
        })?;
    }
    let written = publish::write(&house.config.site.out, house.store.database_id(), &edition.files)?;
    Ok((edition.topics, written))
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
    wanted: Vec<Wanted>,
    /// Pages that did not come and are not wanted any more.
    given_up: Vec<PageVisit>,
}

fn settled(house: &House, now: Timestamp) -> Result<Settled, StoreError> {
    let mut waiting = house.store.uncomposed()?;
    waiting.sort_by_cached_key(settle::order);
    let ids: Vec<EntryId> = waiting.iter().map(|entry| entry.id).collect();
    let mut is_done: BTreeSet<EntryId> = house.store.articles(&ids)?.into_iter().map(|(id, _)| id).collect();
    let visits = house.store.page_visits(&ids)?;
    // As in the store: no page waits for more than a day.
    let later = visits
        .iter()
        .filter(|visit| visit.next.is_none_or(|next| next > now && next <= now + schedule::DAY));
    is_done.extend(later.map(|visit| visit.entry));
    let tries: BTreeMap<EntryId, u32> = visits.iter().map(|visit| (visit.entry, visit.tries)).collect();
    let by_page = |entry: &Entry| {
        house
            .source(&entry.source)
            .is_some_and(|prepared| prepared.source.article == crate::config::ArticlePolicy::Page)
    };
    let mut copies = BTreeSet::new();
    if waiting.iter().any(by_page) {
        // Whoever panics here panics again when it is composed, and is booked then.
        let panics = compose::Panics::default();
        let mut index = compose::index(&house.store, &house.prepared.sources, now)?;
        for entry in &waiting {
            let merge = house.source(&entry.source).is_none_or(|prepared| prepared.source.dedupe);
            // Whose page was wanted before, still wants it: meanwhile another entry may have gone out with the same address.
            let is_copy = index.place(compose::comparable(&panics, entry, None, merge)).copy_of.is_some();
            if is_copy && !tries.contains_key(&entry.id) {
                copies.insert(entry.id);
            }
        }
    }
    let mut wanted: Vec<Wanted> = settle::pages_wanted(&waiting, &house.prepared.sources, &is_done, &copies, now)
        .into_iter()
        .map(|entry| Wanted {
            entry: entry.clone(),
            tries: tries.get(&entry.id).copied().unwrap_or_default(),
        })
        .collect();
    let retries = pages::retries(house, &wanted, now)?;
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
