//! Compiles the texts of the configuration: queries with `curate`, selectors and site rules with `extract`, those of list pages and what is taken out of
//! entries with `parse`.
//!
//! `check`, `fetch`, `serve` and reloading all use it, so that each reports the same errors.

use crate::config::{self, Config, ConfigProblem, DESK, Rule, Source, Topic};
use crate::model::{Digest128, Digester, SourceId};
use crate::schedule::address::registrable_domain;
use crate::store::ConfiguredSource;
use crate::{curate, extract, parse};
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::OnceLock;
use url::Url;

/// The compiled part of a configuration.
#[derive(Debug)]
pub struct Prepared {
    /// The enabled topics' rules, in the order of the configuration.
    pub topics: Vec<PreparedTopic>,
    /// The patterns of all rules.
    patterns: curate::PatternTable,
    /// The concepts.
    pub concepts: curate::Concepts,
    /// What entries are searched for; built when the first entry is evaluated.
    matcher: OnceLock<curate::Matcher>,
    /// The sources to which each registrable domain belongs.
    owners: BTreeMap<String, BTreeSet<SourceId>>,
    /// The sources, enabled or not.
    pub sources: BTreeMap<SourceId, PreparedSource>,
    /// The site rules.
    pub rules: extract::RuleSet,
    /// The directives of the site rules that are not supported.
    pub remarks: Vec<RuleRemark>,
}

/// A directive of a rule file that is not supported. Not an error: rule files are written for several programs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RuleRemark {
    /// The file.
    pub path: PathBuf,
    /// The line and the reason.
    pub remark: extract::RuleWarning,
}

/// A source with its compiled selectors and expressions.
#[derive(Debug)]
pub struct PreparedSource {
    /// The source of the configuration.
    pub source: Source,
    /// The compiled selectors.
    pub selectors: extract::Selectors,
    /// Those of its list page; none where it has a feed.
    pub list: Option<parse::ListRule>,
    /// What is taken out of its entries.
    pub strip: parse::StripRule,
}

/// A topic with its compiled rule.
#[derive(Debug)]
pub struct PreparedTopic {
    /// The topic of the configuration.
    pub topic: Topic,
    /// The compiled rule.
    pub rule: curate::CompiledRule,
    /// The digest of all that its placements depend on besides the entries: when it changes, every story is evaluated again.
    pub digest: Digest128,
}

/// Compiles queries, concepts and selectors.
///
/// # Errors
/// Every error that was found, for `config::report` to print.
pub fn prepare(config: &Config) -> Result<Prepared, Vec<ConfigProblem>> {
    let mut problems = Vec::new();
    let mut prepared = Prepared {
        topics: Vec::new(),
        patterns: curate::PatternTable::default(),
        concepts: curate::Concepts::default(),
        matcher: OnceLock::new(),
        owners: owners(&config.sources),
        sources: BTreeMap::new(),
        rules: extract::RuleSet::default(),
        remarks: Vec::new(),
    };
    for file in &config.rules {
        let name = file.path.file_name().unwrap_or_default().to_string_lossy();
        let remarks = prepared.rules.add(&name, &file.text).into_iter();
        prepared.remarks.extend(remarks.map(|remark| RuleRemark {
            path: file.path.clone(),
            remark,
        }));
    }
    match curate::compile_concepts(&config.concepts) {
        Ok(concepts) => {
            let rules = rules_by_topic(config);
            let context = curate::RuleContext::new(&concepts, config.closed_sources(), &rules);
            // A disabled topic is compiled, too, so that an error in it is reported before it is enabled.
            for topic in &config.topics {
                match curate::compile(&topic.rule, &context, &mut prepared.patterns) {
                    Ok(rule) if topic.enabled => prepared.topics.push(PreparedTopic {
                        digest: digest(topic, &rule),
                        topic: topic.clone(),
                        rule,
                    }),
                    Ok(_) => {}
                    Err(found) => problems.extend(found),
                }
            }
            prepared.concepts = concepts;
        }
        Err(found) => problems.extend(found),
    }
    for source in &config.sources {
        match prepare_source(source) {
            Ok(prepared_source) => {
                prepared.sources.insert(source.id.clone(), prepared_source);
            }
            Err(found) => problems.extend(found),
        }
    }
    // What editors take by hand has a source, whether feeds.toml names it or not.
    if let Some(desk) = desk().filter(|desk| !prepared.sources.contains_key(&desk.id)) {
        prepared.sources.insert(desk.id.clone(), prepare_source(&desk)?);
    }
    if problems.is_empty() { Ok(prepared) } else { Err(problems) }
}

/// Returns the source of what editors take by hand, as it is where feeds.toml does not name it; `None` never happens.
fn desk() -> Option<Source> {
    let config = config::from_str(Path::new(DESK), &format!("[[source]]\nid = \"{DESK}\"\n")).ok()?;
    config.sources.into_iter().next()
}

/// Compiles the selectors and expressions of a source.
///
/// # Errors
/// Every error that was found.
pub fn prepare_source(source: &Source) -> Result<PreparedSource, Vec<ConfigProblem>> {
    let mut problems = Vec::new();
    let selectors = extract::Selectors::compile(&source.select);
    let list = source.list.as_ref().map(parse::ListRule::compile).transpose();
    let strip = parse::StripRule::compile(&source.strip);
    let prepared = PreparedSource {
        source: source.clone(),
        selectors: selectors.unwrap_or_else(|found| {
            problems.extend(found);
            extract::Selectors::default()
        }),
        list: list.unwrap_or_else(|found| {
            problems.extend(found);
            None
        }),
        strip: strip.unwrap_or_else(|found| {
            problems.extend(found);
            parse::StripRule::default()
        }),
    };
    if problems.is_empty() { Ok(prepared) } else { Err(problems) }
}

/// Returns the rule of each topic, by its id.
#[must_use]
pub fn rules_by_topic(config: &Config) -> BTreeMap<String, &Rule> {
    let topics = config.topics.iter();
    topics.map(|topic| (topic.id.as_str().to_owned(), &topic.rule)).collect()
}

impl Prepared {
    /// Returns what entries are searched for.
    #[must_use]
    pub fn matcher(&self) -> &curate::Matcher {
        let rules = self.topics.iter().map(|prepared| &prepared.rule);
        self.matcher
            .get_or_init(|| curate::Matcher::new(rules, &self.concepts, &self.patterns))
    }

    /// Returns whether neither the link nor the guid of an entry is an address of another source: their domains are those of `source`, or of no
    /// source at all. Addresses of another source that a feed gives for its entries do not make them the originals of that source's texts.
    #[must_use]
    pub fn owns_link(&self, source: &SourceId, link: Option<&Url>, guid: Option<&str>) -> bool {
        let owns = |address: &Url| {
            let owners = registrable_domain(address).and_then(|domain| self.owners.get(domain));
            owners.is_none_or(|owners| owners.contains(source))
        };
        link.is_none_or(owns) && guid.and_then(|guid| Url::parse(guid.trim()).ok()).is_none_or(|guid| owns(&guid))
    }
}

/// Returns the sources to which each registrable domain belongs, by the addresses that the configuration gives them.
fn owners(sources: &[Source]) -> BTreeMap<String, BTreeSet<SourceId>> {
    let mut owners: BTreeMap<String, BTreeSet<SourceId>> = BTreeMap::new();
    for source in sources {
        for domain in source.urls.iter().chain(&source.site).filter_map(registrable_domain) {
            owners.entry(domain.to_owned()).or_default().insert(source.id.clone());
        }
    }
    owners
}

/// Returns what the store is to know of a source.
#[must_use]
pub fn configured_source(source: &Source, site: Option<&Url>) -> ConfiguredSource {
    // The name is no evidence for what an entry is about.
    let facts = (
        &source.name,
        source.kind,
        &source.country,
        &source.tags,
        source.trust,
        &source.owner,
    );
    ConfiguredSource {
        id: source.id.clone(),
        name: source.name.clone(),
        site: site.map(Url::to_string),
        facts: Some(Digest128::hash(format!("{facts:?}").as_bytes())),
    }
}

/// Returns the digest of the rule, the least score and number of reports, the topic's story mode, and whether stories wait for approval.
fn digest(topic: &Topic, rule: &curate::CompiledRule) -> Digest128 {
    let mut digester = Digester::new();
    digester
        .update(rule.digest().as_bytes())
        .update(&topic.min_score.to_bits().to_le_bytes());
    digester.update(format!("{:?} {} {}", topic.stories, topic.min_reports, topic.review).as_bytes());
    digester.finish()
}
