//! The tables that stand once: `[site]`, `[fetch]`, `[report]`, `[retention]`, `[search]`, `[admin]`, `[smtp]`; their defaults too.

use super::section::Section;
use super::{Admin, FetchPolicy, PageLanguage, Report, Republish, Retention, Robots, Search, Site, Smtp, values};
use std::path::{Path, PathBuf};
use std::time::Duration;

/// The words for how much is passed on.
pub(super) const REPUBLISH: [(&str, Republish); 3] = [
    ("full", Republish::Full),
    ("excerpt", Republish::Excerpt),
    ("link", Republish::Link),
];

const fn hours(hours: u64) -> Duration {
    Duration::from_hours(hours)
}

/// Returns the site as it is when nothing is said; `folder` is that of feeds.toml.
pub(super) fn default_site(folder: &Path) -> Site {
    Site {
        title: "griot".to_owned(),
        base_url: None,
        out: folder.join("public"),
        language: PageLanguage::En,
        timezone: "UTC".to_owned(),
        contact: None,
        republish: Republish::Excerpt,
    }
}

/// Reads `[site]`. Of `include` only the form is checked: the files have been gathered before.
pub(super) fn site(section: &mut Section<'_>, folder: &Path) -> Site {
    let default = default_site(folder);
    section.placed_list("include");
    let languages = [("en", PageLanguage::En), ("fr", PageLanguage::Fr), ("ar", PageLanguage::Ar)];
    Site {
        title: section.text("title").unwrap_or(default.title),
        base_url: section
            .parsed("base_url", |text| values::unless_empty(text, values::base_url))
            .flatten(),
        out: section
            .placed("out")
            .map_or(default.out, |out| folder.join(PathBuf::from(out.text))),
        language: section.choice("language", &languages).unwrap_or_default(),
        timezone: section.parsed("timezone", values::zone).unwrap_or(default.timezone),
        contact: section.parsed("contact", values::contact).flatten(),
        republish: section.choice("republish", &REPUBLISH).unwrap_or_default(),
    }
}

/// Returns the policy as it is when nothing is said.
pub(super) fn default_fetch() -> FetchPolicy {
    FetchPolicy {
        every: hours(1),
        budget: Duration::from_mins(8),
        jobs: 16,
        host_delay: Duration::from_secs(1),
        timeout: Duration::from_secs(30),
        max_body: 15_000_000,
        robots: Robots::Articles,
        allow_private_networks: false,
        allow_networks: Vec::new(),
        user_agent: None,
    }
}

/// Reads `[fetch]`.
pub(super) fn fetch(section: &mut Section<'_>) -> FetchPolicy {
    let default = default_fetch();
    let robots = [("articles", Robots::Articles), ("all", Robots::All), ("off", Robots::Off)];
    FetchPolicy {
        every: section.duration("every").unwrap_or(default.every),
        budget: section.some_time("budget").unwrap_or(default.budget),
        jobs: section
            .whole("jobs")
            .and_then(|jobs| usize::try_from(jobs).ok())
            .unwrap_or(default.jobs),
        host_delay: section.duration("host_delay").unwrap_or(default.host_delay),
        timeout: section.some_time("timeout").unwrap_or(default.timeout),
        max_body: section.parsed("max_body", values::size).unwrap_or(default.max_body),
        robots: section.choice("robots", &robots).unwrap_or_default(),
        allow_private_networks: section.flag("allow_private_networks").unwrap_or_default(),
        allow_networks: section
            .list("allow_networks", values::network)
            .into_iter()
            .map(|(network, _)| network)
            .collect(),
        user_agent: section.parsed("user_agent", values::header_value).flatten(),
    }
}

/// Returns the reporting as it is when nothing is said.
pub(super) fn default_report() -> Report {
    Report {
        warn_after: hours(24),
        remind: hours(7 * 24),
        fail_on: 0.9,
        ping: None,
    }
}

/// Reads `[report]`.
pub(super) fn report(section: &mut Section<'_>) -> Report {
    let default = default_report();
    Report {
        warn_after: section.duration("warn_after").unwrap_or(default.warn_after),
        remind: section.duration("remind").unwrap_or(default.remind),
        fail_on: section.parsed("fail_on", values::percent).unwrap_or(default.fail_on),
        ping: section.parsed("ping", |text| values::unless_empty(text, values::web_url)).flatten(),
    }
}

/// Returns what is kept when nothing is said.
pub(super) fn default_retention() -> Retention {
    Retention {
        keep: hours(2 * 365 * 24),
        keep_min: 50,
    }
}

/// Reads `[retention]`.
pub(super) fn retention(section: &mut Section<'_>) -> Retention {
    let default = default_retention();
    Retention {
        keep: section.some_time("keep").unwrap_or(default.keep),
        keep_min: section
            .whole("keep_min")
            .and_then(|count| u32::try_from(count).ok())
            .unwrap_or(default.keep_min),
    }
}

/// Reads `[search]`.
pub(super) fn search(section: &mut Section<'_>) -> Search {
    Search {
        index: section.flag("index").unwrap_or(true),
    }
}

/// Reads `[admin]`; `None` when its one key is missing or wrong.
pub(super) fn admin(section: &mut Section<'_>) -> Option<Admin> {
    let password_hash = section.parsed("password_hash", values::secret)?;
    Some(Admin { password_hash })
}

/// Reads `[smtp]`; `None` when its one key is missing or wrong.
pub(super) fn smtp(section: &mut Section<'_>) -> Option<Smtp> {
    let url = section.parsed("url", |text| {
        let secret = values::secret(text)?;
        if let super::Secret::Plain(text) = &secret {
            values::any_url(text, &["smtp", "smtps"])?;
        }
        Ok(secret)
    })?;
    Some(Smtp { url })
}
