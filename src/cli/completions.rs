//! `griot completions` and `griot man`: what shells and `man` know of the command line, made from the same definition as `--help`.

use super::args::{Completions, Man};
use super::failure::{CANNOT_WRITE, DONE, Failure, USAGE};
use super::output::Output;
use clap::Command;
use clap_mangen::Man as Page;

/// Prints the completions of a shell.
#[must_use]
pub fn run(completions: &Completions, mut command: Command, output: &mut Output) -> u8 {
    let mut script = Vec::new();
    clap_complete::generate(completions.shell, &mut command, "griot", &mut script);
    print(&script, output);
    DONE
}

/// Prints the manual page of a command, or writes all pages into a folder.
///
/// # Errors
/// [`Failure`] when there is no such command, or a page cannot be written.
pub fn man(man: &Man, mut command: Command, output: &mut Output) -> Result<u8, Failure> {
    // Without the arguments that all commands have, subcommands would not show theirs.
    command.build();
    if let Some(folder) = &man.out {
        std::fs::create_dir_all(folder)?;
        clap_mangen::generate_to(command, folder).map_err(|error| {
            let said = format!("{} cannot be written: {error}", folder.display());
            Failure::message(CANNOT_WRITE, said)
        })?;
        if !output.quiet {
            output.line(&format!("{}: the manual pages are written", folder.display()));
        }
        return Ok(DONE);
    }
    let mut chosen = &command;
    for name in &man.command {
        chosen = chosen
            .find_subcommand(name)
            .ok_or_else(|| Failure::message(USAGE, format!("there is no command `{name}`")).hint("all are in griot --help"))?;
    }
    let mut page = Vec::new();
    Page::new(chosen.clone()).render(&mut page)?;
    print(&page, output);
    Ok(DONE)
}

fn print(text: &[u8], output: &mut Output) {
    for line in String::from_utf8_lossy(text).lines() {
        output.line(line);
    }
}
