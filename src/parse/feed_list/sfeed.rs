//! The file `sfeedrc` of sfeed (<https://codemadness.org/sfeed.html>), which is a shell script: it is read as a text, and nothing of it is run.

use super::listed_feed::{FeedList, ListedFeed, NotTaken};
use crate::model::Problem;

/// How many names of other functions are told.
const MAX_TOLD: usize = 10;

/// Reads the commands `feed NAME URL [SITE] [CHARSET]` of the function `feeds`.
pub(super) fn read(text: &str) -> FeedList {
    let mut list = FeedList::default();
    let mut within = false;
    let mut others: Vec<String> = Vec::new();
    for command in commands(text) {
        let first = command.words.first().map(String::as_str).unwrap_or_default();
        let name = first
            .strip_suffix("()")
            .or_else(|| (command.words.get(1)? == "()").then_some(first));
        match (name, first) {
            (Some(name), _) => {
                within = name == "feeds";
                if !within && others.len() < MAX_TOLD {
                    others.push(name.to_owned());
                }
            }
            (None, "}") => within = false,
            // The command that does nothing: a disabled source of an exported file.
            (None, "{" | ":") => {}
            (None, "feed") if within => list.push(listed(&command)),
            _ if within => list.push(ListedFeed::refused(
                &command.words.join(" "),
                "it is no `feed` command, and nothing is run",
            )),
            _ => {}
        }
    }
    if !others.is_empty() {
        let detail = format!("functions that are not read: {}", others.join(", "));
        list.problems
            .push(Problem::new("shell-function", crate::parse::one_line::printable_line(&detail, 200)));
    }
    list
}

fn listed(command: &Command) -> ListedFeed {
    let word = |at: usize| command.words.get(at).map(String::as_str).unwrap_or_default();
    if command.is_expanded {
        let mut feed = ListedFeed::refused(word(2), "a shell would have to fill in a part of it, and nothing is run");
        feed.name = crate::parse::one_line::printable_line(word(1), 200);
        return feed;
    }
    let mut feed = ListedFeed::new(word(2));
    feed.take_name(word(1));
    feed.take("site", word(3));
    feed.take("charset", word(4));
    if command.words.len() > 5 {
        feed.not_taken.push(NotTaken {
            setting: "further arguments".to_owned(),
            reason: "a `feed` command has four".to_owned(),
        });
    }
    feed
}

/// A command of a script.
#[derive(Debug, Default)]
struct Command {
    words: Vec<String>,
    /// Whether a shell would replace a part of it: a variable, or the output of a program.
    is_expanded: bool,
}

/// Splits a script into commands, and these into words, by the quoting rules of POSIX (Shell Command Language, 2.2). Linear.
fn commands(text: &str) -> Vec<Command> {
    let mut commands = vec![Command::default()];
    let mut word: Option<String> = None;
    let mut characters = text.chars().peekable();
    while let Some(c) = characters.next() {
        let Some(command) = commands.last_mut() else { break };
        match c {
            '\n' | ';' => {
                command.words.extend(word.take());
                commands.push(Command::default());
            }
            '#' if word.is_none() => while characters.next_if(|c| *c != '\n').is_some() {},
            c if c.is_whitespace() => command.words.extend(word.take()),
            '\'' => word
                .get_or_insert_default()
                .extend(std::iter::from_fn(|| characters.next().filter(|c| *c != '\''))),
            '"' => {
                let word = word.get_or_insert_default();
                while let Some(c) = characters.next().filter(|c| *c != '"') {
                    command.is_expanded |= matches!(c, '$' | '`');
                    let escaped = characters.next_if(|next| c == '\\' && matches!(next, '$' | '`' | '"' | '\\' | '\n'));
                    word.extend(escaped.or(Some(c)).filter(|c| escaped.is_none() || *c != '\n'));
                }
            }
            '\\' => match characters.next() {
                Some('\n') | None => {}
                Some(c) => word.get_or_insert_default().push(c),
            },
            c => {
                command.is_expanded |= matches!(c, '$' | '`');
                word.get_or_insert_default().push(c);
            }
        }
    }
    if let Some(command) = commands.last_mut() {
        command.words.extend(word);
    }
    commands.retain(|command| !command.words.is_empty());
    commands
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn feeds_are_read_as_text() {
        let list = read(
            "#sfeedpath=\"$HOME/.sfeed/feeds\"\nmaxjobs=8\nfetch() {\n\tcurl -s \"$2\"\n\tfeed 'no' 'https://no.example/'\n}\n\
             # list of feeds\nfeeds() {\n\t# feed <name> <feedurl> [basesiteurl] [encoding]\n\tfeed 'L'\\''Aube # 1' \"https://a.example/?a=1&b=2\" 'https://a.example/' iso-8859-1\n\
             \tfeed \"Le \\\"Matin\\\" \\$\" \\\n\t  https://b.example/feed; feed c \"$URL\"\n\tfeed d `cat x`\n\trm -rf /tmp/x\n}\nfeed 'out' https://out.example/\n",
        );
        let names: Vec<&str> = list.feeds.iter().map(|feed| feed.name.as_str()).collect();
        assert_eq!(names, ["L'Aube # 1", "Le \"Matin\" $", "c", "d", ""]);
        assert_eq!(list.feeds[0].settings["charset"], "iso-8859-1");
        assert_eq!(list.feeds[0].address, "https://a.example/?a=1&b=2");
        let refused: Vec<bool> = list.feeds.iter().map(|feed| feed.refused.is_some()).collect();
        assert_eq!(refused, [false, false, true, true, true]);
        assert_eq!(list.problems[0].detail, "functions that are not read: fetch");
    }

    #[test]
    fn damaged_scripts_are_read_to_their_end() {
        for text in ["", "feeds() {", "feeds() {\nfeed '", "feeds()\n{\nfeed \"\\", "\\", "}\n}"] {
            assert!(read(text).feeds.len() <= 1, "{text}");
        }
        assert_eq!(read("feeds () {\nfeed a https://a.example/\n}").feeds.len(), 1);
    }
}
