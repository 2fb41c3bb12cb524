//! `[[source]]`: an address we follow.

use super::section::Section;
use super::site::REPUBLISH;
use super::values::{self, Flaw};
use super::{ArticlePolicy, ListPage, Placed, Secret, Select, Source, SourceKind, TlsPolicy};
use crate::model::SourceId;
use url::Url;

const ARTICLE: [(&str, ArticlePolicy); 3] = [
    ("page", ArticlePolicy::Page),
    ("feed", ArticlePolicy::Feed),
    ("off", ArticlePolicy::Off),
];
const TLS: [(&str, TlsPolicy); 2] = [("strict", TlsPolicy::Strict), ("allow-expired", TlsPolicy::AllowExpired)];
const MERGE: [(&str, bool); 2] = [("on", true), ("off", false)];
const IMAGES: [(&str, bool); 2] = [("keep", true), ("drop", false)];

/// Reads one source. With it comes its id with the id's place; `None` when it has no usable id.
pub(super) fn source(section: &mut Section<'_>, nested: &mut Vec<super::ConfigProblem>) -> Option<(Placed, Source)> {
    let list = list(section, nested);
    let urls = urls(section);
    let select = select(section, nested);
    let id = section.parsed("id", |text| {
        SourceId::new(text).map_err(|error| Flaw::new(format!("is no id: {error}")))
    });
    let kinds = SourceKind::ALL.map(|kind| (kind.as_str(), kind));
    let source = Source {
        name: section.text("name").unwrap_or_default(),
        urls,
        site: section.parsed("site", |text| values::unless_empty(text, values::web_url)).flatten(),
        list,
        country: section.parsed("country", values::country),
        kind: section.choice("kind", &kinds),
        owner: section.text("owner"),
        lang: section.parsed("lang", values::language),
        tags: section.placed_list("tags").into_iter().map(|tag| tag.text).collect(),
        every: section.duration("every"),
        article: section.choice("article", &ARTICLE).unwrap_or_default(),
        select,
        republish: section.choice("republish", &REPUBLISH),
        licence: section.text("licence"),
        trust: section.whole("trust").and_then(|trust| u8::try_from(trust).ok()).unwrap_or(50),
        dedupe: section.choice("dedupe", &MERGE).unwrap_or(true),
        images: section.choice("images", &IMAGES).unwrap_or(true),
        timezone: section.parsed("timezone", values::zone),
        charset: section.parsed("charset", values::charset).flatten(),
        headers: section.secrets("headers", values::header),
        auth: section.parsed("auth", login),
        proxy: section.parsed("proxy", |text| values::unless_empty(text, proxy)).flatten(),
        tls: section.choice("tls", &TLS).unwrap_or_default(),
        user_agent: section.parsed("user_agent", values::header_value).flatten(),
        timeout: section.some_time("timeout"),
        enabled: section.flag("enabled").unwrap_or(true),
        note: section.text("note"),
        place: section.place(),
        id: id?,
    };
    let id = Placed {
        text: source.id.to_string(),
        place: section.place_of("id")?,
    };
    Some((id.clone(), named(source)))
}

/// Gives a source without a name its id as name.
fn named(mut source: Source) -> Source {
    if source.name.is_empty() {
        source.name = source.id.to_string();
    }
    source
}

/// Reads where the entries come from, and checks that this is said once.
fn urls(section: &mut Section<'_>) -> Vec<Url> {
    let one = section.parsed("url", values::web_url);
    let many: Vec<Url> = section.list("urls", values::web_url).into_iter().map(|(url, _)| url).collect();
    let given = |key| section.place_of(key).is_some();
    match (given("url"), given("urls"), given("list")) {
        (true, true, _) => section.clash("urls", "url", "keep one: `urls` takes several, the preferred one first"),
        (true, false, true) => section.clash("list", "url", "a source has either a feed or a list page; its page is `site`"),
        (false, true, true) => section.clash("list", "urls", "a source has either a feed or a list page; its page is `site`"),
        (false, false, true) if !given("site") => {
            section.wrong(
                "list",
                "a source with `list` needs `site`",
                Some("`site` is the address of the list page".to_owned()),
            );
        }
        (false, false, false) => section.wrong_at(
            &section.place(),
            "a source needs `url`, `urls` or `list`",
            Some("add the address of its feed: url = \"https://…\"".to_owned()),
        ),
        (false, true, false) if section.is_empty_list("urls") => {
            section.wrong("urls", "`urls` names no address", Some("add the address of its feed".to_owned()));
        }
        _ => {}
    }
    one.into_iter().chain(many).collect()
}

fn list(section: &mut Section<'_>, problems: &mut Vec<super::ConfigProblem>) -> Option<ListPage> {
    let mut list = section.table("list")?;
    let page = ListPage {
        title: list.placed("title"),
        date: list.placed("date"),
        link: list.placed("link").unwrap_or_default(),
    };
    list.finish(problems);
    Some(page)
}

fn select(section: &mut Section<'_>, problems: &mut Vec<super::ConfigProblem>) -> Select {
    let Some(mut select) = section.table("select") else {
        return Select::default();
    };
    let read = Select {
        body: select.placed("body"),
        title: select.placed("title"),
        author: select.placed("author"),
        date: select.placed("date"),
        remove: select.placed_list("remove"),
    };
    select.finish(problems);
    read
}

fn login(text: &str) -> Result<Secret, Flaw> {
    match values::secret(text)? {
        Secret::Plain(plain) if !plain.contains(':') => Err(Flaw::new("must be `user:password` or \"env:NAME\"")),
        secret => Ok(secret),
    }
}

fn proxy(text: &str) -> Result<Url, Flaw> {
    values::any_url(text, &["http", "https", "socks5"])
}
