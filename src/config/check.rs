//! From texts to a checked [`Config`]: every file is read, every mistake is collected, and only then the result is decided.

use super::failure::ConfigFailure;
use super::formats::table;
use super::included_list::IncludedList;
use super::problem::{ConfigFile, ConfigProblem, Place, Placed};
use super::remarks::remarks;
use super::root::{Config, ROOT};
use super::section::Section;
use super::site::{FetchPolicy, Report, Retention, Search, Serve, read_site};
use super::table::Table;
use super::topic::Topic;
use super::{notify_checks, source, syntax, topic, unknown};
use crate::model::{CanonicalUrl, canonical};
use std::collections::BTreeMap;
use std::path::Path;
use toml::Spanned;
use toml::de::DeTable;

/// Tables that an included file may have.
const INCLUDABLE: [&str; 3] = ["source", "topic", "concept"];

/// What the files contain, as far as it could be read.
struct Assembly {
    config: Config,
    source_ids: Vec<Placed>,
    topic_ids: Vec<Placed>,
    concept_names: Vec<Placed>,
    /// The addresses of feeds, each with the id of its source at its place.
    feeds: Vec<(CanonicalUrl, Placed)>,
    problems: Vec<ConfigProblem>,
}

/// Checks feeds.toml from its text alone; what it includes is not read.
///
/// # Errors
/// [`ConfigFailure::Problems`] with everything that is wrong in it.
pub fn from_str(path: &Path, text: &str) -> Result<Config, ConfigFailure> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text).to_owned();
    let path = path.to_owned();
    assemble(vec![ConfigFile { path, text }], Vec::new())
}

/// Parses one file; an error is a message with its byte range.
pub(super) fn parse(text: &str) -> Result<Spanned<DeTable<'_>>, (String, std::ops::Range<usize>)> {
    DeTable::parse(text).map_err(|error| {
        let message = error.message().trim().replace('\n', "; ");
        (message, error.span().unwrap_or_default())
    })
}

/// Checks the files, of which the first is feeds.toml; `problems` are those that were found while the files were read.
pub(super) fn assemble(files: Vec<ConfigFile>, problems: Vec<ConfigProblem>) -> Result<Config, ConfigFailure> {
    let mut assembly = Assembly {
        config: Config::default(),
        source_ids: Vec::new(),
        topic_ids: Vec::new(),
        concept_names: Vec::new(),
        feeds: Vec::new(),
        problems,
    };
    for (number, file) in files.iter().enumerate() {
        match parse(&file.text) {
            Ok(table) => assembly.read_file(number, table.get_ref()),
            Err((message, span)) => {
                let flaw = syntax::explain(&file.text, &message, span);
                let place = |span| Place { file: number, span };
                assembly.problems.push(ConfigProblem {
                    place: Some(place(flaw.span)),
                    message: flaw.message,
                    help: flaw.help,
                    also: flaw.also.map(|(span, text)| Placed { text, place: place(span) }),
                });
            }
        }
    }
    let Assembly {
        mut config,
        source_ids,
        topic_ids,
        concept_names,
        feeds,
        mut problems,
    } = assembly;
    let folder = files.first().and_then(|file| file.path.parent()).unwrap_or(Path::new(""));
    config.site.out = folder.join(&config.site.out);
    check_unique("the source", &source_ids, &mut problems);
    check_unique("the topic", &topic_ids, &mut problems);
    check_unique("the concept", &concept_names, &mut problems);
    if problems.is_empty() {
        config.remarks = remarks(&config, &feeds);
        add_merged_topic(&mut config);
        config.files = files;
        return Ok(config);
    }
    problems.sort_by_key(ConfigProblem::sort_key);
    config.files.clone_from(&files);
    Err(ConfigFailure::Problems {
        files,
        problems,
        understood: Box::new(config),
    })
}

/// The number of items of the feed of everything.
const MERGED_LIMIT: usize = 200;

/// Adds the topic of everything that `merged` of `[site]` asks for, unless a topic has its id.
fn add_merged_topic(config: &mut Config) {
    let Some(id) = config.site.merged.clone() else { return };
    if config.topics.iter().any(|topic| topic.id == id) {
        return;
    }
    let text = format!("id = \"{id}\"\nquery = \"*\"\nlimit = {MERGED_LIMIT}\nmax_share = \"100%\"\n");
    let table = DeTable::parse(&text).expect("an id has no quotation marks");
    let mut section = Section::new(table.get_ref(), Topic::KEYS, Place { file: 0, span: 0..0 });
    if let Some(topic) = topic::read_topic(&mut section) {
        config.topics.push(Topic {
            title: config.site.title.clone(),
            ..topic
        });
    }
}

impl Assembly {
    fn read_file(&mut self, number: usize, table: &DeTable<'_>) {
        // The top level has no head that a report could point at.
        let mut root = Section::new(table, &ROOT, Place { file: number, span: 0..0 });
        self.check_keys(&mut root, table);
        if number == 0 {
            self.read_single_tables(&mut root);
        }
        for mut section in root.tables("source") {
            if let Some(source) = source::read_source(&mut section) {
                self.source_ids.extend(placed_id(&section, source.id.as_str()));
                if let Some(place) = section.place_of("url").or_else(|| section.place_of("urls")) {
                    let id = Placed {
                        text: source.id.to_string(),
                        place,
                    };
                    self.feeds.extend(source.urls.iter().map(|url| (canonical(url), id.clone())));
                }
                self.config.sources.push(source);
            }
            section.finish(&mut self.problems);
        }
        for mut section in root.tables("topic") {
            if let Some(topic) = topic::read_topic(&mut section) {
                self.topic_ids.extend(placed_id(&section, topic.id.as_str()));
                for (key, message, help) in notify_checks::check_topic(&topic, &self.config.site, self.config.smtp.as_ref()) {
                    section.wrong(key, message, Some(help.to_owned()));
                }
                self.config.topics.push(topic);
            }
            section.finish(&mut self.problems);
        }
        for (name, mut section) in root.named("concept") {
            if let Some(concept) = topic::read_concept(&name, &mut section) {
                self.config.concepts.insert(name.text.clone(), concept);
                self.concept_names.push(name);
            }
            section.finish(&mut self.problems);
        }
        root.finish(&mut self.problems);
    }

    fn read_single_tables(&mut self, root: &mut Section<'_>) {
        let config = &mut self.config;
        store(&mut config.site, root.nested("site", read_site));
        store(&mut config.fetch, root.value("fetch", &table::<FetchPolicy>()));
        store(&mut config.report, root.value("report", &table::<Report>()));
        store(&mut config.retention, root.value("retention", &table::<Retention>()));
        store(&mut config.search, root.value("search", &table::<Search>()));
        store(&mut config.serve, root.value("serve", &table::<Serve>()));
        config.admin = root.value("admin", &table());
        for mut section in root.tables("include_opml") {
            if let Some(list) = IncludedList::read(&mut section) {
                if config.included_lists.iter().any(|other| other.url == list.url) {
                    section.wrong("url", "this list is included already", None);
                }
                config.included_lists.push(list);
            }
            section.finish(&mut self.problems);
        }
        config.smtp = root.nested("smtp", |section| notify_checks::read_smtp(section, &config.site));
    }

    /// Records unknown keys, and tables that an included file must not have.
    fn check_keys(&mut self, root: &mut Section<'_>, table: &DeTable<'_>) {
        let place = root.place();
        for (key, value) in table {
            let name: &str = key.get_ref();
            if place.file > 0 && ROOT.key(name).is_some() && !INCLUDABLE.contains(&name) {
                let help = "an included file holds [[source]], [[topic]] and [concept.NAME] only";
                root.wrong(name, format!("[{name}] must stand in feeds.toml itself"), Some(help.to_owned()));
            } else {
                unknown::check_key(key, value, &ROOT, &place, &mut self.problems);
            }
        }
    }
}

/// Replaces `field` by a value that was read.
fn store<T>(field: &mut T, value: Option<T>) {
    if let Some(value) = value {
        *field = value;
    }
}

/// Returns the id of a table with its place.
fn placed_id(section: &Section<'_>, id: &str) -> Option<Placed> {
    Some(Placed {
        text: id.to_owned(),
        place: section.place_of("id")?,
    })
}

/// Records every id that was used before.
fn check_unique(noun: &str, ids: &[Placed], problems: &mut Vec<ConfigProblem>) {
    let mut seen: BTreeMap<&str, &Place> = BTreeMap::new();
    let help = match noun {
        "the concept" => "give one of the two another name",
        _ => "give one of the two another id",
    };
    for id in ids {
        if let Some(first) = seen.get(id.text.as_str()) {
            problems.push(ConfigProblem {
                place: Some(id.place.clone()),
                message: format!("{noun} `{}` is already there", id.text),
                help: Some(help.to_owned()),
                also: Some(Placed {
                    text: "first used here".to_owned(),
                    place: (*first).clone(),
                }),
            });
        } else {
            seen.insert(&id.text, &id.place);
        }
    }
}
