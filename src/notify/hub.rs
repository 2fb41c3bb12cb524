//! The ping to a WebSub hub (W3C WebSub, section 7): a feed has changed.

use super::attempt::Message;
use url::Url;
use url::form_urlencoded::Serializer;

/// Returns the message to `hub` that the feed at `feed` has changed. Hubs differ in the name of the address, so it is sent by both.
#[must_use]
pub fn ping(hub: &Url, feed: &str) -> Message {
    let mut form = Serializer::new(String::new());
    form.append_pair("hub.mode", "publish")
        .append_pair("hub.url", feed)
        .append_pair("hub.topic", feed);
    Message {
        url: hub.clone(),
        content_type: "application/x-www-form-urlencoded",
        headers: Vec::new(),
        body: form.finish().into_bytes(),
    }
}
