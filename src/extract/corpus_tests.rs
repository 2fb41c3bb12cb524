//! Tests extraction on tests/corpus/pages and tests/corpus/rules: each folder has a `page.html`, the `expected.json` that is extracted from it,
//! and in tests/corpus/rules the site rule `rule.txt`.
//!
//! Each key but `url` is an expectation; a key that is left out expects nothing. `text` lists all lines of the article's text; `html` and
//! `images` list parts of its body, `absent` what must not be in it; `reason` is the code of why there is no article.

use super::*;
use serde_json::Value;
use std::path::Path;
use url::Url;

fn strings(value: &Value) -> Vec<&str> {
    value.as_array().into_iter().flatten().filter_map(Value::as_str).collect()
}

/// Returns what the article has under a key of the expectation, in the form of the expectation.
fn actual(article: &Article, key: &str) -> Value {
    let day = |time: Option<crate::model::Timestamp>| time.map(crate::model::Timestamp::day).into();
    match key {
        "title" => article.title.clone().into(),
        "published" => day(article.published),
        "modified" => day(article.modified),
        "authors" => article.authors.iter().map(|author| author.name.clone()).collect(),
        "categories" => article.categories.clone().into(),
        "language" => article.language.clone().into(),
        "site" => article.site.clone().into(),
        "canonical" => article.canonical.as_ref().map(ToString::to_string).into(),
        "image" => article.image.as_ref().map(|image| image.url.to_string()).into(),
        "method" => article.method.as_str().into(),
        "problems" => article.problems.clone().into(),
        "text" => article.text.lines().collect(),
        other => panic!("no such expectation: {other}"),
    }
}

fn check(folder: &Path) -> Vec<String> {
    let html = std::fs::read_to_string(folder.join("page.html")).expect("a page");
    let expected = std::fs::read_to_string(folder.join("expected.json")).expect("an expectation");
    let expected: Value = serde_json::from_str(&expected).expect("JSON");
    let url = expected["url"].as_str().and_then(|url| Url::parse(url).ok());
    let selectors = Selectors::default();
    let rule = std::fs::read_to_string(folder.join("rule.txt"))
        .ok()
        .map(|text| SiteRule::parse(&text));
    if let Some((_, remarks)) = &rule {
        assert_eq!(remarks, &[], "{}", folder.display());
    }
    let page = Page {
        html: &html,
        url: url.as_ref(),
        requested_url: None,
        title_hint: None,
        feed_body: None,
        selectors: &selectors,
        rule: rule.as_ref().map(|(rule, _)| rule),
        images: true,
        now: None,
    };
    let name = folder.file_name().unwrap_or_default().to_string_lossy();
    let found = extract(&page);
    if let Some(reason) = expected["reason"].as_str() {
        let code = found.err().map(NoArticle::code);
        let wrong = (code != Some(reason)).then(|| format!("{name}: the reason should be {reason}, is {code:?}"));
        return wrong.into_iter().collect();
    }
    let article = found.expect("an article");
    let mut wrong = Vec::new();
    for (key, value) in expected.as_object().expect("an object") {
        let body = article.body.as_str();
        let holds = match key.as_str() {
            "url" => true,
            "absent" => strings(value).iter().all(|part| !body.contains(part)),
            "html" | "images" => strings(value).iter().all(|part| body.contains(part)),
            key => actual(&article, key) == *value,
        };
        if !holds {
            let got = if matches!(key.as_str(), "absent" | "html" | "images") {
                body.into()
            } else {
                actual(&article, key)
            };
            wrong.push(format!("{name}: {key} should be {value}, is {got}"));
        }
    }
    wrong
}

fn folders(name: &str) -> Vec<std::path::PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/corpus").join(name);
    let mut folders: Vec<_> = std::fs::read_dir(root)
        .expect("the corpus")
        .map(|folder| folder.expect("a folder").path())
        .collect();
    folders.sort();
    folders
}

#[test]
fn every_case_gives_what_is_expected() {
    let (pages, rules) = (folders("pages"), folders("rules"));
    assert!(pages.len() >= 18 && rules.len() >= 2, "the corpus has lost cases");
    let wrong: Vec<String> = pages.iter().chain(&rules).flat_map(|folder| check(folder)).collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
