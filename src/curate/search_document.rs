//! The words of an entry as the full-text index holds them: of the same zones in which rules look for words.

use super::position::Zone;
use crate::model::SearchWords;
use crate::text::search_words::index_words;
use crate::text::word_list;

/// Returns the words of a feed's entry and of its article, which are lists as `EntryWords::new` reads them. A summary that is a part of the body is left
/// out.
#[must_use]
pub fn search_words(feed: &str, article: Option<&str>) -> SearchWords {
    let mut zones: [String; Zone::ALL.len()] = Default::default();
    for (zone, part) in zones.iter_mut().zip(word_list::parts(feed)) {
        *zone = index_words(part);
    }
    let [title, mut summary, mut body, mut author, mut category, _] = zones;
    let mut of_article = article.into_iter().flat_map(word_list::parts).map(index_words);
    if let Some(text) = of_article.next() {
        body = text;
    }
    for (zone, words) in [&mut category, &mut author].into_iter().zip(of_article) {
        if *zone != words {
            zone.push(' ');
            zone.push_str(&words);
        }
    }
    if format!(" {body} ").contains(&format!(" {summary} ")) {
        summary.clear();
    }
    SearchWords([title, summary, body, author, category])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::curate::{OriginalTexts, article_word_list};

    #[test]
    fn an_articles_text_stands_in_place_of_the_feeds_and_a_summary_within_it_is_left_out() {
        let texts = OriginalTexts {
            title: "Des attaques à Djibo".to_owned(),
            summary: "Douze morts".to_owned(),
            body: "Le feed".to_owned(),
            authors: vec!["Awa".to_owned()],
            categories: vec!["Sécurité".to_owned()],
            url: Some("https://a.example/djibo".to_owned()),
        };
        let own = |article: Option<&str>| search_words(&texts.word_list(), article).0;
        assert_eq!(own(None), ["des attaque a djibo", "douze mort", "le feed", "awa", "securite"]);
        let article = article_word_list("On compte douze morts.", &["Nord".to_owned()], &["Awa".to_owned()]);
        assert_eq!(
            own(Some(&article)),
            ["des attaque a djibo", "", "on compte douze mort", "awa", "securite nord"]
        );
    }
}
