//! A text with every key and its values; the presets; the schema.

use crate::config::{
    ArticlePolicy, Config, ConfigFailure, MetricsAccess, NotifyAddress, NotifyEvents, NotifyFormat, PRESET_EMPTY, PRESET_EMPTY_FR,
    PRESET_SAHEL, PRESET_SAHEL_FR, PageLanguage, Placed, ReportStyle, Republish, Robots, Secret, Source, SourceKind, StoryMode, TlsPolicy,
    Topic, from_str, report, root::TABLES, schema,
};
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::time::Duration;

const COMPLETE: &str = include_str!("complete.toml");

fn checked(text: &str) -> Config {
    match from_str(Path::new("desk/feeds.toml"), text) {
        Ok(config) => config,
        Err(ConfigFailure::Problems { files, problems, .. }) => panic!("{}", report(&files, &problems, ReportStyle::default())),
        Err(other) => panic!("{other}"),
    }
}

fn seconds(seconds: u64) -> Duration {
    Duration::from_secs(seconds)
}

fn texts(placed: &[Placed]) -> Vec<&str> {
    placed.iter().map(|one| one.text.as_str()).collect()
}

#[test]
fn the_single_tables_are_read() {
    let config = checked(COMPLETE);
    let site = &config.site;
    assert_eq!(site.title, "Test desk");
    assert_eq!(
        site.base_url.as_ref().map(url::Url::as_str),
        Some("https://feeds.example.org/desk/")
    );
    assert_eq!(site.out, PathBuf::from("desk/www"));
    assert_eq!((site.language, site.republish), (PageLanguage::Ar, Republish::Link));
    assert_eq!(site.timezone, "Africa/Bamako");
    assert_eq!(site.contact.as_deref(), Some("desk@example.org"));
    let fetch = &config.fetch;
    assert_eq!(
        (fetch.every, fetch.max_every, fetch.budget),
        (seconds(5_400), seconds(43_200), seconds(330))
    );
    assert_eq!(
        (fetch.jobs, fetch.host_delay, fetch.timeout),
        (4, Duration::from_millis(20), seconds(10))
    );
    assert_eq!((fetch.max_body, fetch.robots), (2 << 20, Robots::All));
    assert!(fetch.allow_private_networks && fetch.allow_networks.len() == 2);
    assert_eq!(fetch.user_agent.as_deref(), Some("desk/1.0"));
    assert_eq!((config.report.warn_after, config.report.remind), (seconds(7_200), seconds(259_200)));
    assert!((config.report.fail_on - 0.5).abs() < 1e-9 && config.report.ping.is_some());
    assert_eq!((config.retention.keep, config.retention.keep_min), (seconds(31_536_000), 7));
    assert!(!config.search.index && !config.search.form);
    assert_eq!(config.serve.metrics, MetricsAccess::Public);
    let list = &config.included_lists[0];
    assert_eq!(list.url.as_str(), "https://lists.example/press.opml");
    assert_eq!((list.every, list.enabled), (seconds(43_200), false));
    assert_eq!(list.tags, ["press"]);
    assert_eq!(
        config.admin.map(|admin| admin.password_hash),
        Some(Secret::Env("DESK_ADMIN".into()))
    );
    assert_eq!(
        config.smtp.map(|smtp| (smtp.url, smtp.from, smtp.to, smtp.health)),
        Some((
            Secret::Plain("smtps://mail.example.org:465".into()),
            Some("griot@example.org".to_owned()),
            vec!["desk@example.org".to_owned()],
            true
        ))
    );
}

#[test]
fn a_source_is_read() {
    let config = checked(COMPLETE);
    let [first, second, third] = config.sources.as_slice() else {
        panic!("three sources")
    };
    let Source { urls, select, .. } = first;
    assert_eq!((first.id.as_str(), first.name.as_str()), ("first", "First"));
    assert_eq!(
        urls.iter().map(url::Url::as_str).collect::<Vec<_>>(),
        ["https://first.example/feed/", "http://first.example:8080/rss"]
    );
    assert_eq!(
        (first.country.as_deref(), first.kind, first.lang.as_deref()),
        (Some("NE"), Some(SourceKind::ThinkTank), Some("fr"))
    );
    assert_eq!(
        (first.owner.as_deref(), first.tags.as_slice()),
        (Some("The owner"), &["niger".to_owned(), "north".to_owned()][..])
    );
    assert_eq!((first.every, first.timeout), (Some(seconds(7_200)), Some(seconds(5))));
    assert_eq!(
        (first.article, first.republish, first.tls),
        (ArticlePolicy::Page, Some(Republish::Excerpt), TlsPolicy::AllowExpired)
    );
    assert_eq!(select.body.as_ref().map(|body| body.text.as_str()), Some("article .text"));
    assert!(select.title.is_some() && select.author.is_some() && select.date.is_some());
    assert_eq!(texts(&select.remove), [".share"]);
    assert_eq!((first.trust, first.dedupe, first.images, first.enabled), (60, false, false, false));
    assert_eq!(
        (first.timezone.as_deref(), first.charset.as_deref()),
        (Some("Africa/Niamey"), Some("windows-1256"))
    );
    assert_eq!(first.headers.get("Cookie"), Some(&Secret::Env("FIRST_COOKIE".into())));
    assert_eq!(first.headers.get("Accept-Language"), Some(&Secret::Plain("fr".into())));
    assert_eq!(first.auth, Some(Secret::Env("FIRST_LOGIN".into())));
    assert_eq!(first.proxy.as_ref().map(url::Url::as_str), Some("socks5://proxy.example:1080"));
    assert_eq!(
        (first.user_agent.as_deref(), first.licence.as_deref(), first.note.as_deref()),
        (Some("other/1.0"), Some("CC BY 4.0"), Some("A note."))
    );
    assert_eq!(
        (second.name.as_str(), second.trust, second.dedupe, second.images, second.enabled),
        ("second", 50, true, true, true)
    );
    let list = third.list.as_ref().expect("a list page");
    assert_eq!(
        (list.link.text.as_str(), third.urls[0].as_str()),
        ("a.more", "https://third.example/news")
    );
    assert!(list.title.is_some() && list.date.is_some() && third.article == ArticlePolicy::Page);
    assert!(first.strip.title.is_some() && first.strip.text.is_some() && first.strip.author.is_some());
}

#[test]
fn a_topic_is_read() {
    let config = checked(COMPLETE);
    let [politics, everything] = config.topics.as_slice() else {
        panic!("two topics")
    };
    let Topic { rule, .. } = politics;
    assert_eq!(
        (politics.id.as_str(), politics.title.as_str(), politics.description.as_deref()),
        ("politics", "Politics", Some("What is decided."))
    );
    assert_eq!(
        (texts(&rule.about), texts(&rule.any)),
        (vec!["@sahel"], vec!["junta", "@armed_groups"])
    );
    assert_eq!((texts(&rule.all), texts(&rule.none)), (vec!["vote"], vec!["football"]));
    let query = rule.query.as_ref().expect("a query");
    assert_eq!(
        (query.text.as_str(), &COMPLETE[query.place.span.clone()]),
        ("lang:fr", "'''lang:fr'''")
    );
    assert_eq!(politics.min_reports, 2);
    let alert = politics.alert.as_ref().expect("an alert");
    assert_eq!((alert.sources, alert.within), (3, Duration::from_hours(1)));
    assert!((politics.min_score - 1.0).abs() < 1e-9);
    assert_eq!(
        (politics.stories, politics.body, politics.limit),
        (StoryMode::Copies, Some(Republish::Excerpt), 10)
    );
    let expected = politics.expect.as_ref().map(|expect| (expect.precision, expect.recall));
    assert_eq!((politics.keep, expected), (Some(seconds(1_209_600)), Some((0.9, 0.75))));
    assert_eq!(
        [politics.review, politics.learn, politics.lite, politics.enabled],
        [true, true, true, false]
    );
    assert_eq!(
        (politics.language.as_deref(), politics.token.clone()),
        (Some("fr"), Some(Secret::Env("POLITICS_TOKEN".into())))
    );
    let targets: Vec<_> = politics
        .notify
        .iter()
        .map(|target| (&target.url, target.format, target.on, &target.secret))
        .collect();
    let hook = Secret::Plain("https://hooks.example.org/griot".into());
    let (web, mail) = (NotifyAddress::Web, NotifyAddress::Mail("desk@example.org".into()));
    assert_eq!(
        targets,
        [
            (&web(hook), NotifyFormat::Json, NotifyEvents::All, &None),
            (
                &web(Secret::Env("CHAT".into())),
                NotifyFormat::Slack,
                NotifyEvents::Alert,
                &Some(Secret::Env("HOOK_SECRET".into()))
            ),
            (&mail, NotifyFormat::Json, NotifyEvents::All, &None),
        ]
    );
    assert!(everything.hub.is_some());
    assert_eq!(
        (everything.title.as_str(), everything.limit, everything.enabled),
        ("everything", 60, true)
    );
    let concept = config.concepts.get("armed_groups").expect("a concept");
    assert_eq!(
        (texts(&concept.any), texts(&concept.weak)),
        (vec!["JNIM", "نصرة الإسلام"], vec!["group"])
    );
    assert_eq!((texts(&concept.mask), texts(&concept.nostem)), (vec!["group photo"], vec!["JNIM"]));
    assert_eq!((texts(&concept.evidence), texts(&concept.r#use)), (vec!["attaque"], vec!["@mali"]));
}

#[test]
fn every_key_has_a_default() {
    let config = from_str(Path::new("feeds.toml"), "").expect("an empty file is valid");
    assert_eq!(config.site.out, PathBuf::from("public"));
    assert_eq!(
        (config.fetch.every, config.fetch.budget, config.fetch.max_body),
        (seconds(3_600), seconds(480), 15_000_000)
    );
    assert_eq!(config.fetch.max_every, seconds(86_400));
    assert_eq!((config.report.warn_after, config.retention.keep_min), (seconds(86_400), 50));
    assert!(config.search.index && config.search.form && config.sources.is_empty() && config.admin.is_none());
}

#[test]
fn an_empty_text_switches_a_key_off() {
    let config = checked(
        "[site]\nbase_url = \"\"\ncontact = \"\"\n[report]\nping = \"\"\n[[source]]\nid = \"a\"\nurl = \"https://a.example/\"\nproxy = \"\"\n\
         user_agent = \"\"\ncharset = \"auto\"\n[[topic]]\nid = \"t\"\nany = [\"x\"]\nhub = \"\"\n",
    );
    assert!(config.site.base_url.is_none() && config.site.contact.is_none() && config.report.ping.is_none());
    let source = config.sources.first().expect("a source");
    assert!(source.proxy.is_none() && source.user_agent.is_none() && source.charset.is_none());
    assert!(config.topics.first().is_some_and(|topic| topic.hub.is_none()));
}

#[test]
fn the_presets_are_clean() {
    let sahel = checked(PRESET_SAHEL);
    assert!(sahel.sources.len() >= 12 && sahel.sources.iter().all(|source| source.enabled && source.kind.is_some()));
    let countries: BTreeSet<&str> = sahel.sources.iter().filter_map(|source| source.country.as_deref()).collect();
    assert_eq!(countries, BTreeSet::from(["BF", "ML", "MR", "NE", "SN", "TD"]));
    let languages: BTreeSet<&str> = sahel.sources.iter().filter_map(|source| source.lang.as_deref()).collect();
    assert_eq!(languages, BTreeSet::from(["ar", "en", "fr"]));
    assert!(sahel.topics.iter().any(|topic| topic.id.as_str() == "sahel-politics"));
    assert_eq!((sahel.site.republish, sahel.site.base_url), (Republish::Excerpt, None));
    let empty = checked(PRESET_EMPTY);
    assert!(empty.sources.is_empty() && empty.topics.is_empty());
    // Its examples are valid too, once they are uncommented.
    let filled: String = PRESET_EMPTY
        .lines()
        .map(|line| match line.strip_prefix("# ") {
            Some(example) if example.contains(" = ") || example.starts_with("[[") => format!("{example}\n"),
            _ => format!("{line}\n"),
        })
        .collect();
    let filled = checked(&filled);
    assert_eq!((filled.sources.len(), filled.topics.len()), (1, 1));
}

#[test]
fn the_presets_in_french_differ_in_their_texts_alone() {
    for (english, french) in [(PRESET_SAHEL, PRESET_SAHEL_FR), (PRESET_EMPTY, PRESET_EMPTY_FR)] {
        checked(french);
        let without_texts = |text: &str| {
            let mut root: toml::Table = toml::from_str(text).expect("TOML");
            let site = root["site"].as_table_mut().expect("a table");
            let language = site.remove("language").expect("a language");
            site.remove("title");
            let topics = root.get_mut("topic").and_then(toml::Value::as_array_mut);
            for topic in topics.into_iter().flatten() {
                topic.as_table_mut().expect("a table").remove("title");
            }
            (language.as_str().map(str::to_owned), root)
        };
        let (english, french) = (without_texts(english), without_texts(french));
        assert_eq!((english.0.as_deref(), french.0.as_deref()), (Some("en"), Some("fr")));
        assert_eq!(english.1, french.1);
    }
    assert_eq!(
        PRESET_SAHEL.lines().count(),
        PRESET_SAHEL_FR.lines().count(),
        "each comment is there"
    );
    assert_eq!(PRESET_EMPTY.lines().count(), PRESET_EMPTY_FR.lines().count());
}

/// Checks a value against the part of JSON Schema that the schema of feeds.toml uses.
fn is_valid(schema: &Value, value: &Value) -> bool {
    if let Some(kinds) = schema["anyOf"].as_array() {
        return kinds.iter().any(|kind| is_valid(kind, value));
    }
    let kind_holds = match schema["type"].as_str() {
        Some("object") => value.is_object(),
        Some("array") => value.is_array(),
        Some("string") => value.is_string(),
        Some("boolean") => value.is_boolean(),
        Some("integer") => value.is_i64(),
        Some("number") => value.is_number(),
        _ => false,
    };
    let word_holds = schema["enum"].as_array().is_none_or(|words| words.contains(value));
    let pattern_holds = schema["pattern"].as_str().is_none_or(|pattern| {
        let pattern = regex::Regex::new(pattern).expect("a pattern");
        value.as_str().is_some_and(|text| pattern.is_match(text))
    });
    let needed_holds = schema["required"]
        .as_array()
        .is_none_or(|needed| needed.iter().all(|key| key.as_str().is_some_and(|key| value.get(key).is_some())));
    let parts_hold = match value {
        Value::Array(values) => values.iter().all(|one| is_valid(&schema["items"], one)),
        Value::Object(values) => values.iter().all(|(key, one)| {
            let own = schema["properties"].get(key).unwrap_or(&schema["additionalProperties"]);
            is_valid(own, one)
        }),
        _ => true,
    };
    kind_holds && word_holds && pattern_holds && needed_holds && parts_hold
}

#[test]
fn the_schema_accepts_what_the_check_accepts() {
    let schema = schema();
    for text in [COMPLETE, PRESET_SAHEL, PRESET_EMPTY] {
        let value: Value = toml::from_str(text).expect("TOML");
        assert!(is_valid(&schema, &value), "{text}");
    }
    for wrong in [
        "[sight]\n",
        "[site]\nlanguage = \"de\"\n",
        "[fetch]\nevery = \"1 hour\"\n",
        "[[source]]\nurl = \"x\"\n",
        "[fetch]\njobs = \"1\"\n",
    ] {
        let value: Value = toml::from_str(wrong).expect("TOML");
        assert!(!is_valid(&schema, &value), "{wrong}");
    }
    assert_eq!(
        schema["properties"]["source"]["items"]["properties"]["trust"]["maximum"],
        json!(100)
    );
}

#[test]
fn the_complete_text_has_every_key() {
    for key in TABLES.iter().flat_map(|table| table.keys()) {
        assert!(COMPLETE.contains(&format!("{} = ", key.name)), "{}", key.name);
    }
}
