//! Compiles the texts of the configuration: queries with `curate`, selectors and site rules with `extract`.
//!
//! `check`, `fetch`, `serve` and reloading all use it, so that each reports the same errors.

use crate::config::{Config, ConfigProblem, Source, Topic};
use crate::model::{Digest128, Digester, SourceId};
use crate::{curate, extract};
use std::collections::BTreeMap;
use std::path::PathBuf;

/// The compiled part of a configuration.
#[derive(Debug)]
pub struct Prepared {
    /// The enabled topics' rules, in the order of the configuration.
    pub topics: Vec<PreparedTopic>,
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

/// A source with its compiled selectors.
#[derive(Debug)]
pub struct PreparedSource {
    /// The source of the configuration.
    pub source: Source,
    /// The compiled selectors.
    pub selectors: extract::Selectors,
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
            // A disabled topic is compiled, too, so that an error in it is reported before it is enabled.
            for topic in &config.topics {
                match curate::compile(&topic.rule, &concepts) {
                    Ok(rule) if topic.enabled => prepared.topics.push(PreparedTopic {
                        digest: digest(topic, &rule, &config.sources),
                        topic: topic.clone(),
                        rule,
                    }),
                    Ok(_) => {}
                    Err(found) => problems.extend(found),
                }
            }
        }
        Err(found) => problems.extend(found),
    }
    for source in &config.sources {
        match extract::Selectors::compile(&source.select) {
            Ok(selectors) => {
                let prepared_source = PreparedSource {
                    source: source.clone(),
                    selectors,
                };
                prepared.sources.insert(source.id.clone(), prepared_source);
            }
            Err(found) => problems.extend(found),
        }
    }
    if problems.is_empty() { Ok(prepared) } else { Err(problems) }
}

/// Returns the digest of the rule, the topic's story mode, and the properties of sources that rules can query.
fn digest(topic: &Topic, rule: &curate::CompiledRule, sources: &[Source]) -> Digest128 {
    let mut digester = Digester::new();
    digester
        .update(rule.digest().as_bytes())
        .update(&topic.min_score.to_bits().to_le_bytes());
    digester.update(format!("{:?}", topic.stories).as_bytes());
    for source in sources {
        let facts = (&source.id, &source.name, source.kind, &source.country, &source.lang, &source.tags);
        digester.update_terminated(&format!("{facts:?}"));
    }
    digester.finish()
}
