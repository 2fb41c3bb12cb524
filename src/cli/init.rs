//! `griot init`: writes a feeds.toml to start with.

use super::args::{Init, Preset};
use super::failure::{CONFIGURATION, DONE, Failure};
use super::output::Output;
use crate::config::{PRESET_EMPTY, PRESET_SAHEL};
use crate::text::messages::MessageLanguage;
use std::io::Write;

/// Writes feeds.toml into a folder, with the language of the messages as that of the pages, and prints the next steps; an existing file is never overwritten.
///
/// # Errors
/// When the file exists or cannot be written.
pub fn run(init: &Init, output: &mut Output) -> Result<u8, Failure> {
    std::fs::create_dir_all(&init.dir)?;
    let path = init.dir.join("feeds.toml");
    let text = match init.preset {
        Preset::Sahel => PRESET_SAHEL,
        Preset::Empty => PRESET_EMPTY,
    };
    // Who reads messages in another language wants pages in it too.
    let written = format!("language  = \"{}\"", MessageLanguage::English.tag());
    let wanted = format!("language  = \"{}\"", output.messages.language().tag());
    let text = text.replacen(&written, &wanted, 1);
    let mut file = std::fs::File::options().write(true).create_new(true).open(&path).map_err(|error| {
        let words = anyhow::Error::new(error).context(format!("cannot write {}", path.display()));
        Failure::new(CONFIGURATION, words).hint("an existing feeds.toml is never overwritten; name another folder")
    })?;
    file.write_all(text.as_bytes())?;
    let shown = path.canonicalize().unwrap_or(path);
    output.tell(&format!("wrote {}", shown.display()));
    output.tell(&format!("next:  griot --config {} check", shown.display()));
    output.tell(&format!("       griot --config {} fetch", shown.display()));
    output.tell(&format!("cron:  7 * * * *  griot -q --config {} fetch", shown.display()));
    Ok(DONE)
}
