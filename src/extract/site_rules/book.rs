//! The rule files of a folder, by the hosts they are for.

use super::rule::{Remark, SiteRule};
use std::collections::BTreeMap;
use url::Url;

/// What every rule file's name ends with.
const ENDING: &str = ".txt";
/// The file whose directives hold for every site, behind those of the site's own file.
const GLOBAL: &str = "global";

/// Rule files by host.
#[derive(Debug, Clone, Default)]
pub struct RuleBook {
    rules: BTreeMap<String, SiteRule>,
}

impl RuleBook {
    /// Adds a file by its name, such as `example.org.txt`, `.example.org.txt` for all hosts below, or `global.txt`, and returns what of it
    /// is not followed. A file with another ending is none.
    pub fn add(&mut self, file_name: &str, text: &str) -> Vec<Remark> {
        let Some(host) = file_name.to_ascii_lowercase().strip_suffix(ENDING).map(without_www) else {
            return Vec::new();
        };
        let (rule, mut remarks) = SiteRule::parse(text);
        if self.rules.insert(host, rule).is_some() {
            let message = "another file is for the same host; this one is followed in its place".to_owned();
            remarks.insert(0, Remark { line: 1, message });
        }
        remarks
    }

    /// Says how many files it holds.
    #[must_use]
    pub fn len(&self) -> usize {
        self.rules.len()
    }

    /// Whether it holds none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.rules.is_empty()
    }

    /// Returns the rule for the page at `url`: its host's own file, else that of the longest domain it is below, each with what the global
    /// file adds; none when there is no file for it.
    #[must_use]
    pub fn rule(&self, url: &Url) -> Option<SiteRule> {
        if self.rules.is_empty() {
            return None;
        }
        let own = self.own(url);
        match (own, self.rules.get(GLOBAL)) {
            (Some(own), Some(global)) => Some(own.clone().with(global)),
            (own, global) => own.or(global).cloned(),
        }
    }

    fn own(&self, url: &Url) -> Option<&SiteRule> {
        let host = without_www(url.host_str()?.trim_end_matches('.'));
        if host == GLOBAL {
            return None;
        }
        let mut below = Some(host.as_str());
        self.rules.get(&host).or_else(|| {
            while let Some(domain) = below {
                if let Some(rule) = self.rules.get(&format!(".{domain}")) {
                    return Some(rule);
                }
                below = domain.split_once('.').map(|(_, above)| above);
            }
            None
        })
    }
}

/// Makes one name of a host with and without `www.`, as the format does.
fn without_www(host: &str) -> String {
    host.strip_prefix("www.").unwrap_or(host).to_owned()
}
