//! The rule files of a folder, indexed by host.

use super::rule::{RuleWarning, SiteRule};
use std::collections::BTreeMap;
use url::Url;

/// The extension of rule files.
const EXTENSION: &str = ".txt";
/// The name of the file whose directives apply to every site, after those of the site's own file.
const GLOBAL: &str = "global";

/// Compiled rule files, indexed by host.
#[derive(Debug, Clone, Default)]
pub struct RuleSet {
    rules: BTreeMap<String, SiteRule>,
}

impl RuleSet {
    /// Compiles and adds a file, and returns the warnings for its lines. The name says to which hosts it applies: `example.org.txt` to one
    /// host, `.example.org.txt` to all its subdomains, `global.txt` to all sites. Files with another extension are ignored.
    pub fn add(&mut self, file_name: &str, text: &str) -> Vec<RuleWarning> {
        let Some(host) = file_name.to_ascii_lowercase().strip_suffix(EXTENSION).map(without_www) else {
            return Vec::new();
        };
        let (rule, mut warnings) = SiteRule::parse(text);
        if self.rules.insert(host, rule).is_some() {
            let message = "another file is for the same host; this one is followed in its place".to_owned();
            warnings.insert(0, RuleWarning { line: 1, message });
        }
        warnings
    }

    /// Returns the number of files.
    #[must_use]
    pub fn len(&self) -> usize {
        self.rules.len()
    }

    /// Returns the rule for the page at `url`: that of its host, else that of the longest matching parent domain, each merged with the
    /// global file; `None` when no file applies.
    #[must_use]
    pub fn rule(&self, url: &Url) -> Option<SiteRule> {
        if self.rules.is_empty() {
            return None;
        }
        let own = self.rule_of_host(url);
        match (own, self.rules.get(GLOBAL)) {
            (Some(own), Some(global)) => Some(own.clone().merged_with(global)),
            (own, global) => own.or(global).cloned(),
        }
    }

    fn rule_of_host(&self, url: &Url) -> Option<&SiteRule> {
        let host = without_www(url.host_str()?.trim_end_matches('.'));
        if host == GLOBAL {
            return None;
        }
        let mut suffix = Some(host.as_str());
        self.rules.get(&host).or_else(|| {
            while let Some(domain) = suffix {
                if let Some(rule) = self.rules.get(&format!(".{domain}")) {
                    return Some(rule);
                }
                suffix = domain.split_once('.').map(|(_, parent)| parent);
            }
            None
        })
    }
}

/// Removes a leading `www.`, because the format treats hosts with and without it as one.
fn without_www(host: &str) -> String {
    host.strip_prefix("www.").unwrap_or(host).to_owned()
}
