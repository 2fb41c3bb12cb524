//! All names and words are invented.

use super::*;

#[test]
fn print() {
    let Ok(path) = std::env::var("QUOTE_FILE") else { return };
    let mut out = String::new();
    for line in std::fs::read_to_string(path).expect("x").lines() {
        let v: serde_json::Value = serde_json::from_str(line).expect("json");
        let text = v["text"].as_str().unwrap_or_default();
        let found: Vec<_> = quotations(text, v["lang"].as_str())
            .into_iter()
            .map(|q| serde_json::json!({"w": q.words, "s": q.speaker}))
            .collect();
        out += &serde_json::json!({"id": v["id"], "q": found}).to_string();
        out.push('\n');
    }
    std::fs::write(std::env::var("QUOTE_OUT").expect("x"), out).expect("x");
}
