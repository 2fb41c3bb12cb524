//! RSS 2.0 of text alone, for slow and costly connections: titles, links, summaries and credits, without bodies, pictures and media.

use super::format::{Format, TopicInput};
use super::{rss, url};

/// The maximum size of the file in bytes: beyond it, the oldest items are left out.
const MAX_BYTES: usize = 95_000;

pub(super) const FORMAT: Format = Format {
    suffix: ".lite.xml",
    media_type: rss::FORMAT.media_type,
    label: Some("RSS (lite)"),
    is_feed: true,
    render,
};

fn render(input: &TopicInput<'_>) -> String {
    let own = url::of_file(input.site, &format!("{}{}", input.topic.id, FORMAT.suffix));
    let mut count = input.items.len();
    loop {
        let text = rss::render_text_only(input, &own, count);
        if text.len() <= MAX_BYTES || count == 0 {
            return text;
        }
        // Items are about as long as each other; each round leaves out one at least.
        count = (count * MAX_BYTES / text.len()).min(count - 1);
    }
}
