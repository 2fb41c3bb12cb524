//! From texts to a checked [`Config`]: every file is read, every mistake is found, and only then is it judged.

use super::section::Section;
use super::vocabulary::ROOT;
use super::{Concept, Config, ConfigFailure, ConfigFile, ConfigProblem, Place, Placed, Source, Topic, site, source, topic, unknown};
use std::collections::BTreeMap;
use std::path::Path;
use toml::Spanned;
use toml::de::DeTable;

/// Tables that an included file may hold.
const INCLUDABLE: [&str; 3] = ["source", "topic", "concept"];

/// What the files say, as far as it could be read.
struct Gathered {
    config: Config,
    source_ids: Vec<Placed>,
    topic_ids: Vec<Placed>,
    concept_names: Vec<Placed>,
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

/// Parses one file.
pub(super) fn parse(text: &str) -> Result<Spanned<DeTable<'_>>, (String, std::ops::Range<usize>)> {
    DeTable::parse(text).map_err(|error| {
        let message = error.message().trim().replace('\n', "; ");
        (message, error.span().unwrap_or_default())
    })
}

/// Checks the files, of which the first is feeds.toml; `problems` are those that were met while the files were read.
pub(super) fn assemble(files: Vec<ConfigFile>, mut problems: Vec<ConfigProblem>) -> Result<Config, ConfigFailure> {
    let folder = files
        .first()
        .and_then(|file| file.path.parent())
        .unwrap_or(Path::new(""))
        .to_owned();
    let mut gathered = Gathered::new(&folder);
    for (number, file) in files.iter().enumerate() {
        match parse(&file.text) {
            Ok(table) => gathered.file(number, &table, &folder, &mut problems),
            Err((message, span)) => {
                let twice = file.text.get(span.clone()).filter(|_| message == "duplicate key");
                problems.push(ConfigProblem {
                    place: Some(Place { file: number, span }),
                    message: format!("this is no TOML: {message}"),
                    help: twice.map(unknown::twice),
                    also: None,
                });
            }
        }
    }
    unique("source", &gathered.source_ids, &mut problems);
    unique("topic", &gathered.topic_ids, &mut problems);
    unique("concept", &gathered.concept_names, &mut problems);
    for topic in &gathered.config.topics {
        topic::concepts_exist(topic, &gathered.config.concepts, &mut problems);
    }
    if problems.is_empty() {
        return Ok(Config { files, ..gathered.config });
    }
    problems.sort_by_key(in_order);
    let understood = Box::new(Config {
        files: files.clone(),
        ..gathered.config
    });
    Err(ConfigFailure::Problems {
        files,
        problems,
        understood,
    })
}

/// The key by which problems are sorted: those of the whole first, then by place.
pub(super) fn in_order(problem: &ConfigProblem) -> Option<(usize, usize)> {
    problem.place.as_ref().map(|place| (place.file, place.span.start))
}

impl Gathered {
    fn new(folder: &Path) -> Self {
        let config = Config {
            files: Vec::new(),
            site: site::default_site(folder),
            fetch: site::default_fetch(),
            report: site::default_report(),
            retention: site::default_retention(),
            search: super::Search { index: true },
            sources: Vec::new(),
            topics: Vec::new(),
            concepts: BTreeMap::new(),
            admin: None,
            smtp: None,
            rules: Vec::new(),
        };
        Self {
            config,
            source_ids: Vec::new(),
            topic_ids: Vec::new(),
            concept_names: Vec::new(),
        }
    }

    fn file(&mut self, number: usize, table: &Spanned<DeTable<'_>>, folder: &Path, problems: &mut Vec<ConfigProblem>) {
        // The top level has no head that one could point at.
        let mut root = Section::new(table.get_ref(), &ROOT, number, 0..0);
        if number == 0 {
            self.single_tables(&mut root, folder, problems);
        } else {
            for name in ROOT.keys.iter().map(|key| key.name).filter(|name| !INCLUDABLE.contains(name)) {
                if root.place_of(name).is_some() {
                    let help = "an included file holds [[source]], [[topic]] and [concept.NAME] only";
                    root.wrong(name, format!("[{name}] must stand in feeds.toml itself"), Some(help.to_owned()));
                }
            }
        }
        for mut section in root.tables("source") {
            if let Some((id, source)) = source::source(&mut section, problems) {
                self.add_source(id, source);
            }
            section.finish(problems);
        }
        for mut section in root.tables("topic") {
            if let Some((id, topic)) = topic::topic(&mut section, problems) {
                self.add_topic(id, topic);
            }
            section.finish(problems);
        }
        for (name, mut section) in root.named("concept") {
            let concept = topic::concept(&name, &mut section);
            self.add_concept(name, concept);
            section.finish(problems);
        }
        root.finish(problems);
    }

    fn single_tables(&mut self, root: &mut Section<'_>, folder: &Path, problems: &mut Vec<ConfigProblem>) {
        let config = &mut self.config;
        let mut read = |name: &str, apply: &mut dyn FnMut(&mut Section<'_>)| {
            if let Some(mut section) = root.table(name) {
                apply(&mut section);
                section.finish(problems);
            }
        };
        read("site", &mut |section| config.site = site::site(section, folder));
        read("fetch", &mut |section| config.fetch = site::fetch(section));
        read("report", &mut |section| config.report = site::report(section));
        read("retention", &mut |section| config.retention = site::retention(section));
        read("search", &mut |section| config.search = site::search(section));
        read("admin", &mut |section| config.admin = site::admin(section));
        read("smtp", &mut |section| config.smtp = site::smtp(section));
    }

    fn add_source(&mut self, id: Placed, source: Source) {
        self.source_ids.push(id);
        self.config.sources.push(source);
    }

    fn add_topic(&mut self, id: Placed, topic: Topic) {
        self.topic_ids.push(id);
        self.config.topics.push(topic);
    }

    fn add_concept(&mut self, name: Placed, concept: Concept) {
        self.config.concepts.insert(name.text.clone(), concept);
        self.concept_names.push(name);
    }
}

/// Records every id that was used before.
fn unique(noun: &str, ids: &[Placed], problems: &mut Vec<ConfigProblem>) {
    let mut seen: BTreeMap<&str, &Place> = BTreeMap::new();
    for id in ids {
        if let Some(first) = seen.get(id.text.as_str()) {
            problems.push(ConfigProblem {
                place: Some(id.place.clone()),
                message: format!("the {noun} `{}` is already there", id.text),
                help: Some(format!(
                    "give one of the two another {}",
                    if noun == "concept" { "name" } else { "id" }
                )),
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
