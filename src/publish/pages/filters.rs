//! The filters of a page of stories: links that show those about a country, in a language, or told by an outlet. A link names an anchor, and a style
//! sheet in the page, which holds the rules of its own anchors only, hides the other stories while that anchor is the target: no script is needed.

use super::super::labels::{Labels, labels};
use super::super::rendered_item::RenderedItem;
use crate::config::PageLanguage;
use crate::text::country_names::country_name;
use base64::{Engine as _, engine::general_purpose::STANDARD as BASE64};
use sha2::{Digest as _, Sha256};
use std::collections::{BTreeMap, BTreeSet};

/// How many choices a filter offers.
const MAX_CHOICES: usize = 10;

/// The choices of one kind.
pub(super) struct Filter {
    pub label: &'static str,
    pub choices: Vec<Choice>,
}

/// What a link of a filter shows.
pub(super) struct Choice {
    /// The anchor, which is the class of the stories as well: `c-ML`, `l-fr`, `o-lefaso`.
    pub anchor: String,
    pub label: String,
    /// How many stories it shows.
    pub count: usize,
}

/// Returns the classes of a story: `c-ML` for a country that it is about, `l-fr` for its language, `o-lefaso` for an outlet that tells it.
fn classes(item: &RenderedItem<'_>) -> BTreeSet<String> {
    let countries = item.item.about.countries().iter().map(|(country, _)| format!("c-{country}"));
    let language = item.language.as_deref().map(|language| format!("l-{}", primary(language)));
    let reports = item.item.also.iter().map(|report| &report.source);
    let outlets = reports.chain([&item.item.outlet.id]).map(|source| format!("o-{source}"));
    countries.chain(language).chain(outlets).collect()
}

/// Returns the primary subtag of a language tag.
pub(super) fn primary(language: &str) -> &str {
    language.split('-').next().unwrap_or_default()
}

/// Returns the name of a language in that of the page, else its tag.
pub(super) fn language_name<'a>(labels: &Labels, tag: &'a str) -> &'a str {
    let known = labels.languages.iter().find(|(own, _)| *own == tag);
    known.map_or(tag, |(_, name)| name)
}

/// The filters of a page.
pub(super) struct Filters {
    pub all: Vec<Filter>,
    /// The anchors that are offered.
    anchors: BTreeSet<String>,
}

impl Filters {
    /// Returns the filters by which `items` differ, with the most frequent choices.
    pub(super) fn of(items: &[RenderedItem<'_>], language: PageLanguage) -> Self {
        let mut counts: BTreeMap<String, usize> = BTreeMap::new();
        let mut outlets: BTreeMap<&str, &str> = BTreeMap::new();
        for item in items {
            for class in classes(item) {
                *counts.entry(class).or_default() += 1;
            }
            outlets.extend(item.also.iter().map(|report| (report.source, &*report.outlet)));
            outlets.insert(item.item.outlet.id.as_str(), &item.outlet.name);
        }
        let texts = labels(language);
        let name = |kind: &str, value: &str| match kind {
            "c" => country_name(value, language.tag()).to_owned(),
            "l" => language_name(texts, value).to_owned(),
            _ => outlets.get(value).copied().unwrap_or(value).to_owned(),
        };
        let filter = |label: &'static str, wanted: &str| {
            let own = counts.iter().filter_map(|(class, count)| {
                let (kind, value) = class.split_once('-').filter(|(kind, _)| *kind == wanted)?;
                Some(Choice {
                    anchor: class.clone(),
                    label: name(kind, value),
                    count: *count,
                })
            });
            let mut choices: Vec<Choice> = own.collect();
            choices.sort_by(|a, b| b.count.cmp(&a.count).then_with(|| a.anchor.cmp(&b.anchor)));
            choices.truncate(MAX_CHOICES);
            Filter { label, choices }
        };
        let mut all = vec![filter(texts.country, "c"), filter(texts.language, "l"), filter(texts.outlet, "o")];
        all.retain(|filter| filter.choices.len() > 1);
        let anchors = all.iter().flat_map(|filter| &filter.choices).map(|choice| choice.anchor.clone());
        Self {
            anchors: anchors.collect(),
            all,
        }
    }

    /// Returns the classes of a story that a filter asks for.
    pub(super) fn classes(&self, item: &RenderedItem<'_>) -> String {
        let own: Vec<String> = classes(item).into_iter().filter(|class| self.anchors.contains(class)).collect();
        own.join(" ")
    }

    /// Returns the style sheet that applies the filter whose anchor is the target; none when there is no filter.
    pub(super) fn style(&self) -> Option<Style> {
        // The id of a source may hold a full stop, which begins a class in a selector.
        let escaped = |anchor: &String| anchor.replace('.', "\\.");
        let list = |selector: &dyn Fn(&str, &str) -> String| {
            let selectors = self.anchors.iter().map(|anchor| selector(&escaped(anchor), anchor));
            selectors.collect::<Vec<_>>().join(",")
        };
        // A list with one selector that a browser does not know is ignored as a whole, and `:has` is of 2023: there, days without a story stay as headings.
        let stories = list(&|anchor, _| format!("#{anchor}:target~.day>article:not(.{anchor})"));
        let days = list(&|anchor, _| format!("#{anchor}:target~.day:not(:has(.{anchor}))"));
        let chosen = list(&|anchor, plain| format!(":has(#{anchor}:target) [href=\"#{plain}\"]"));
        let css = format!("{stories}{{display:none}}{days}{{display:none}}{chosen}{{font-weight:700}}");
        (!self.anchors.is_empty()).then(|| Style::new(css))
    }
}

/// A style sheet within a page.
pub(super) struct Style {
    pub css: String,
    /// By which the page's Content-Security-Policy allows it, and no other (CSP Level 3, section 8.3).
    pub hash: String,
}

impl Style {
    fn new(css: String) -> Self {
        let hash = format!("sha256-{}", BASE64.encode(Sha256::digest(css.as_bytes())));
        Self { css, hash }
    }
}
