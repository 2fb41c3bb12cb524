//! `griot init`: writes a feeds.toml to start with.

use super::args::{Init, Preset};
use super::failure::{CONFIGURATION, DONE, Failure};
use super::output::Output;
use crate::config::{self, PRESET_EMPTY, PRESET_EMPTY_FR, PRESET_SAHEL, PRESET_SAHEL_FR};
use crate::text::messages::MessageLanguage;
use std::io::Write;

/// The JSON Schema of feeds.toml, and the line by which editors with Taplo (Even Better TOML and others) find it.
const SCHEMA: &str = "feeds.schema.json";
const SCHEMA_LINE: &str = "#:schema ./feeds.schema.json";

/// Writes feeds.toml into a folder, in the language of the messages, and prints the next steps; an existing file is never overwritten.
///
/// # Errors
/// When the file exists or cannot be written.
pub fn run(init: &Init, output: &mut Output) -> Result<u8, Failure> {
    std::fs::create_dir_all(&init.dir)?;
    let path = init.dir.join("feeds.toml");
    let text = match (init.preset, output.messages.language()) {
        (Preset::Sahel, MessageLanguage::French) => PRESET_SAHEL_FR,
        (Preset::Empty, MessageLanguage::French) => PRESET_EMPTY_FR,
        (Preset::Sahel, _) => PRESET_SAHEL,
        (Preset::Empty, _) => PRESET_EMPTY,
    };
    let mut file = std::fs::File::options().write(true).create_new(true).open(&path).map_err(|error| {
        let words = anyhow::Error::new(error).context(format!("cannot write {}", path.display()));
        Failure::new(CONFIGURATION, words).hint("an existing feeds.toml is never overwritten; name another folder")
    })?;
    file.write_all(format!("{SCHEMA_LINE}\n{text}").as_bytes())?;
    // It is only for editors: feeds.toml is complete without it.
    let schema = serde_json::to_string_pretty(&config::schema()).unwrap_or_default();
    let wrote_schema = std::fs::write(init.dir.join(SCHEMA), schema + "\n").is_ok();
    let shown = path.canonicalize().unwrap_or(path);
    output.tell(&format!("wrote {}", shown.display()));
    if wrote_schema {
        output.tell(&format!("      {SCHEMA}, by which editors complete and check it"));
    }
    output.tell(&format!("next:  griot --config {} check", shown.display()));
    output.tell(&format!("       griot --config {} fetch", shown.display()));
    output.tell(&format!("cron:  7 * * * *  griot -q --config {} fetch", shown.display()));
    Ok(DONE)
}
