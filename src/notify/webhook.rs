//! Webhooks: the bodies as griot's own JSON and in Slack's form, and the request with its key and signature.

use super::attempt::Message;
use super::news::{AlertNews, Briefing, StoryNews, SummaryNews};
use super::{signature, slack};
use crate::config::NotifyFormat;
use crate::model::{Digest128, Digester, Timestamp};
use serde_json::{Map, Value, json};
use url::Url;

/// What a webhook is told.
#[derive(Debug, Clone, Copy)]
pub enum News<'a> {
    /// A story that is new in its topic.
    Story(&'a StoryNews),
    /// An alert on a story.
    Alert(&'a AlertNews, &'a StoryNews),
    /// Further stories.
    Summary(SummaryNews),
}

/// Returns the id of a delivery: the same in each attempt, and another one for each database, event and target.
#[must_use]
pub fn message_id(database: &str, event: &str, target: Digest128) -> String {
    let mut digester = Digester::new();
    digester
        .update_terminated(database)
        .update_terminated(event)
        .update(target.as_bytes());
    format!("msg_{}", digester.finish())
}

/// Returns the body.
#[must_use]
pub fn body(format: NotifyFormat, briefing: &Briefing, news: News<'_>, id: &str, created: Timestamp) -> String {
    match format {
        NotifyFormat::Json => json_body(briefing, news, id, created).to_string(),
        NotifyFormat::Slack => {
            let text = match news {
                News::Story(story) => slack::story(briefing, story),
                News::Alert(alert, story) => slack::alert(briefing, alert, story),
                News::Summary(summary) => slack::summary(briefing, summary),
            };
            json!({ "text": text, "unfurl_links": false, "unfurl_media": false }).to_string()
        }
    }
}

fn json_body(briefing: &Briefing, news: News<'_>, id: &str, created: Timestamp) -> Value {
    let mut body = Map::new();
    let (event, parts) = match news {
        News::Story(story) => ("story", vec![("story", json!(story))]),
        News::Alert(alert, story) => ("alert", vec![("alert", json!(alert)), ("story", json!(story))]),
        News::Summary(summary) => ("summary", vec![("summary", json!(summary))]),
    };
    body.insert("event".to_owned(), json!(event));
    body.insert("id".to_owned(), json!(id));
    body.insert("created".to_owned(), json!(created.rfc3339()));
    body.insert("site".to_owned(), json!({ "title": briefing.site }));
    body.insert(
        "topic".to_owned(),
        json!({ "id": briefing.topic, "title": briefing.title, "url": briefing.page }),
    );
    for (name, part) in parts {
        body.insert(name.to_owned(), part);
    }
    Value::Object(body)
}

/// Returns the request with the body; it is signed where there is a secret. `now` is the time of this attempt.
#[must_use]
pub fn message(url: &Url, body: &str, id: &str, secret: Option<&str>, now: Timestamp) -> Message {
    let mut headers = vec![
        ("webhook-id", id.to_owned()),
        ("webhook-timestamp", now.unix().to_string()),
        ("idempotency-key", id.to_owned()),
    ];
    if let Some(secret) = secret {
        headers.extend(signature::headers(secret, id, now.unix(), body.as_bytes()));
    }
    Message {
        url: url.clone(),
        content_type: "application/json",
        headers,
        body: body.as_bytes().to_vec(),
    }
}
