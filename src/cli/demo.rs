//! `griot demo`: an ordinary run on the outlets that the program contains.

use super::args::Demo;
use super::failure::{self, CANNOT_WRITE, Failure, from_open};
use super::fetch::Progress;
use super::output::Output;
use super::servers::Servers;
use super::signals::Signals;
use super::terminal_text::escape_controls;
use crate::config;
use crate::model::SourceHealth;
use crate::pipeline::served_site::ServedSite;
use crate::pipeline::serving::Serving;
use crate::pipeline::{self, App, Clock, OpenError, RunOptions, RunReport, Tools, TopicCount};
use crate::store::database_file::DatabaseFile;
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

const FOLDER: &str = "griot-demo";
const MARKER: &str = ".griot-demo";

/// Makes a run over the bundled outlets into `./griot-demo/`, and prints what was done.
///
/// # Errors
/// [`Failure`] when the folder was not made by `griot demo`, or cannot be written.
pub async fn run(demo: &Demo, clock: &Clock, servers: &Servers, output: &mut Output) -> Result<u8, Failure> {
    let now = clock.now();
    let folder = create_or_empty_folder(Path::new(FOLDER))?;
    let (feeds_toml, demo_server) = (servers.demo_server)(now).await?;
    let listener = if demo.serve {
        Some(TcpListener::bind("127.0.0.1:0")?)
    } else {
        None
    };
    let address = listener.as_ref().map(TcpListener::local_addr).transpose()?;
    let feeds_toml = match address {
        Some(address) => feeds_toml.replacen("[site]\n", &format!("[site]\nbase_url = \"http://{address}/\"\n"), 1),
        None => feeds_toml,
    };
    let config_path = folder.join("feeds.toml");
    std::fs::write(&config_path, &feeds_toml)?;
    let configuration = config::load(&config_path).map_err(|error| from_open(OpenError::from(error), output.style()))?;
    let tools = Tools {
        database: DatabaseFile::new(folder.join("griot.db")),
        resolve: None,
        allow_private_networks: false,
        recording: None,
        environment: |_| None,
    };
    let (app, lock) = App::open(configuration, &tools, Duration::ZERO, now)
        .await
        .map_err(|error| from_open(error, output.style()))?;
    let app = Arc::new(app);
    let signals = Signals::listen()?;
    if !output.quiet {
        output.line(&format!(
            "A newsroom of {} outlets opens on loopback; griot follows it as it would follow yours.\n",
            app.config.sources.len()
        ));
    }
    let progress = Progress::new(output);
    let report = pipeline::run::run(&app, &RunOptions::default(), now, &signals.stop, &|step| progress.show(step)).await?;
    progress.end();
    drop(lock);
    print_report(&app, &report, output)?;
    if let (Some(listener), Some(address)) = (listener, address) {
        output.line(&format!(
            "\nServing on http://{address}/ until Ctrl-C. A feed to subscribe to: http://{address}/sahel-politics.xml"
        ));
        let site = ServedSite::new(&app.config, &tools).map_err(|error| from_open(error, output.style()))?;
        let (_fixed, site) = site.fixed();
        let serving = Serving {
            listener,
            site,
            status: Arc::default(),
            clock: clock.clone(),
            stop: signals.stop.clone(),
        };
        (servers.serve)(serving).await?;
    }
    drop(demo_server);
    Ok(signals.exit_code().unwrap_or(failure::DONE))
}

/// Creates the folder, or empties it when it has the marker file; another folder of this name is left alone.
fn create_or_empty_folder(folder: &Path) -> Result<PathBuf, Failure> {
    if folder.exists() {
        if !folder.join(MARKER).is_file() {
            let words = format!("{} exists and was not made by griot demo", folder.display());
            return Err(Failure::message(CANNOT_WRITE, words).hint("move it away, or run the demo in another folder"));
        }
        std::fs::remove_dir_all(folder)?;
    }
    std::fs::create_dir(folder)?;
    std::fs::write(folder.join(MARKER), "griot demo empties this folder when it runs again.\n")?;
    Ok(folder.canonicalize()?)
}

fn print_report(app: &App, report: &RunReport, output: &mut Output) -> Result<(), Failure> {
    let figures = &report.summary;
    output.line(&format!(
        "Fetched   {} feeds and {} article pages: {} entries in three languages.",
        figures.fresh, figures.articles, figures.new_entries
    ));
    output.line(&format!(
        "Refused   or failed, and nobody else suffered ({} sources):",
        report.failed_sources.len()
    ));
    for failed in &report.failed_sources {
        let state = &failed.state;
        let name = app
            .source(&state.source)
            .map_or(state.source.as_str(), |prepared| prepared.source.name.as_str());
        let word = if state.health == SourceHealth::Failing {
            state.reason.map_or("failed", crate::model::FailureReason::as_str)
        } else {
            state.health.as_str()
        };
        output.line(&format!(
            "            {name}: {word} ({})",
            escape_controls(state.detail.as_deref().unwrap_or_default())
        ));
    }
    let defects = app.store.problems(None)?;
    if !defects.is_empty() {
        output.line("Repaired  what was damaged:");
    }
    for defect in defects.iter().take(8) {
        let name = app
            .source(&defect.source)
            .map_or(defect.source.as_str(), |prepared| prepared.source.name.as_str());
        output.line(&format!(
            "            {name}: {} ({})",
            defect.code,
            escape_controls(&defect.detail)
        ));
    }
    output.line(&format!(
        "Merged    {} copies of texts that others had told: each text stands once.",
        figures.copies
    ));
    output.line(&format!(
        "Told      {} stories; those that most outlets report:",
        figures.new_stories
    ));
    for (title, names) in most_reported_stories(app)? {
        output.line(&format!("            {} ({})", escape_controls(&title), names.join(", ")));
    }
    output.line("Placed    by rules that know Niger from Nigeria, and Mali from a footballer of that name:");
    for TopicCount { id, total, .. } in &report.topics {
        let title = app
            .config
            .topics
            .iter()
            .find(|topic| topic.id == *id)
            .map_or(id.as_str(), |topic| topic.title.as_str());
        output.line(&format!("            {title}: {total} items"));
    }
    output.line("\nRead it:");
    output.line(&format!("  {}", report.out.join("index.html").display()));
    for TopicCount { id, .. } in &report.topics {
        output.line(&format!("  {}", report.out.join(format!("{id}.html")).display()));
        output.line(&format!("  {}", report.out.join(format!("{id}.xml")).display()));
    }
    output.line("Next:     griot init, then griot fetch; griot demo --serve lets you subscribe to this one.");
    Ok(())
}

/// Returns the titles of the four stories that most outlets report, with the names of the outlets.
fn most_reported_stories(app: &App) -> Result<Vec<(String, Vec<String>)>, Failure> {
    let stories = app.store.stories_before(None, usize::MAX)?;
    let mut reported: Vec<(String, Vec<String>)> = Vec::new();
    for story in stories {
        let entries = app.store.story_entries(&[story.id])?;
        let lead = entries.iter().find(|entry| entry.id == story.lead);
        let title = lead.map(|entry| entry.title.clone()).unwrap_or_default();
        let mut names: Vec<String> = entries
            .iter()
            .filter_map(|entry| app.source(&entry.source))
            .map(|prepared| prepared.source.name.clone())
            .collect();
        names.sort();
        names.dedup();
        reported.push((title, names));
    }
    reported.sort_by(|a, b| b.1.len().cmp(&a.1.len()).then_with(|| a.0.cmp(&b.0)));
    reported.truncate(4);
    Ok(reported)
}
