//! Backups: made while others write, checked, restored only where nobody else has the database open; the checks of a database; automatic backups
//! before a migration.

use crate::fake_web::Answer;
use crate::run_lock::hold_lock;
use crate::sample_feeds::{FERRY, Item, item, rss};
use crate::serve::LoggedDaemon;
use crate::world::World;
use rusqlite::Connection;
use std::fs;
use std::path::Path;
use std::process::Stdio;

const HOST: &str = "aube.example";

fn feed(names: &[&'static str]) -> String {
    let items: Vec<Item> = names
        .iter()
        .copied()
        .map(|name| item(name, &format!("Le bac de {name} repart"), "Sun, 01 Mar 2026 09:00:00 GMT", FERRY))
        .collect();
    rss(HOST, "L'Aube", &items)
}

/// A world whose run has stored an entry.
fn world() -> World {
    let mut world = World::new();
    world.feed(HOST, feed(&["dioro"]));
    world.succeed(["fetch"]);
    world
}

fn json(text: &str) -> serde_json::Value {
    serde_json::from_str(text).expect("JSON")
}

/// Returns the names of the files beside the database that are neither it nor its locks.
fn others(world: &World) -> Vec<String> {
    // The log and its index stay when the last who closes may not write.
    let own = [
        "feeds.toml",
        "names",
        "public",
        "griot.db",
        "griot.db-wal",
        "griot.db-shm",
        "griot.db.lock",
        "griot.db.notify.lock",
    ];
    let files = fs::read_dir(world.path("")).expect("a folder").flatten();
    let mut names: Vec<String> = files.map(|file| file.file_name().to_string_lossy().into_owned()).collect();
    names.retain(|name| !own.contains(&name.as_str()));
    names.sort();
    names
}

fn execute(path: &Path, sql: &str) {
    Connection::open(path).expect("a database").execute_batch(sql).expect("statements");
}

fn number(path: &Path, sql: &str) -> i64 {
    let connection = Connection::open(path).expect("a database");
    connection.query_row(sql, [], |row| row.get(0)).expect("a number")
}

#[test]
fn a_backup_is_made_while_a_run_writes_and_restores_what_was_there() {
    let mut world = world();
    world.source("lent.example", "", Answer::hang());
    world.feed(HOST, feed(&["dioro", "mopti"]));
    world.now = "2026-03-01T15:00:00Z".to_owned();
    let mut run = world.spawn(["fetch"]);
    world.web.wait_for(1, |request| request.host == "lent.example");
    while !world.succeed(["list", "entries"]).out.contains("mopti") {
        assert!(run.child().try_wait().expect("a child").is_none(), "it hangs");
    }
    let dump = world.dump();
    let told = json(&world.succeed(["--json", "db", "backup", "copy.db"]).out);
    assert_eq!((&told["entries"], &told["file"]), (&2.into(), &"copy.db".into()));
    run.signal("TERM");
    run.end(&world);
    // One file that opens without another beside it, and that is only its owner's.
    assert_eq!(others(&world), ["copy.db"]);
    assert_eq!(
        fs::metadata(world.path("copy.db")).expect("a file").len(),
        told["bytes"].as_u64().expect("bytes")
    );
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let mode = fs::metadata(world.path("copy.db")).expect("a file").permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
    }
    assert_eq!(
        number(&world.path("copy.db"), "PRAGMA user_version"),
        number(&world.path("griot.db"), "PRAGMA user_version")
    );
    assert_eq!(world.succeed(["db", "verify", "copy.db"]).out, "copy.db is whole\n");
    assert_eq!(others(&world), ["copy.db"]);

    world.remove_source("lent.example");
    world.feed(HOST, feed(&["dioro", "mopti", "segou"]));
    world.succeed(["fetch", "--force"]);
    let (newer, files) = (world.dump(), world.published_files());
    assert_ne!(newer, dump);
    let restored = world.succeed(["db", "restore", "copy.db"]);
    assert!(
        restored.out.contains("2 entries") && restored.out.contains("griot.db.replaced-20260301T150000Z"),
        "{}",
        restored.out
    );
    assert_eq!(world.dump(), dump);
    assert!(world.path("copy.db").exists(), "it stays");
    assert_eq!(
        world.succeed(["--db", "griot.db.replaced-20260301T150000Z", "export", "json"]).out,
        newer
    );
    world.succeed(["fetch", "--force"]);
    assert!(world.published_files() == files, "what the feed still has is published as before");
}

#[test]
fn a_backup_replaces_no_file_unasked_and_never_the_database() {
    let world = world();
    fs::write(world.path("copy.db"), "mine").expect("a file");
    let dump = world.dump();
    let files = fs::read(world.path("griot.db")).expect("the database");
    for (arguments, words) in [
        (&["db", "backup", "copy.db"][..], "--force"),
        (&["db", "backup", "griot.db"], "the database itself"),
        (&["db", "backup", "--force", "./public/../griot.db"], "the database itself"),
        (&["db", "backup", "no-folder/copy.db"], "no-folder/copy.db"),
    ] {
        let ran = world.griot(arguments.iter().copied());
        assert_eq!(ran.code, Some(73), "{arguments:?}: {}", ran.err);
        assert!(ran.err.contains(words), "{arguments:?}: {}", ran.err);
    }
    assert_eq!(fs::read_to_string(world.path("copy.db")).expect("a file"), "mine");
    assert!(fs::read(world.path("griot.db")).expect("the database") == files);
    world.succeed(["-q", "db", "backup", "--force", "copy.db"]);
    assert_eq!(world.succeed(["--db", "copy.db", "export", "json"]).out, dump);
    assert_eq!(world.griot(["--db", "none.db", "db", "backup", "other.db"]).code, Some(74));
    assert_eq!(others(&world), ["copy.db"]);
}

#[cfg(unix)]
#[test]
fn a_full_disk_leaves_no_part_of_a_backup() {
    let world = world();
    let arguments = ["db", "backup", "copy.db"];
    let griot = world.command(arguments);
    // Of the limits of a process only that of the size of files is like a full disk; its signal would end the program.
    let mut limited = std::process::Command::new("sh");
    limited.args(["-c", "trap '' XFSZ; ulimit -f 64; exec \"$0\" \"$@\""]);
    limited.arg(griot.get_program()).args(griot.get_args()).current_dir(world.path(""));
    let ran = world.finished(&limited.stdin(Stdio::null()).output().expect("a shell"));
    assert_eq!(ran.code, Some(73), "{}", ran.err);
    assert!(
        ran.err.contains("copy.db") && ran.err.contains("nothing else was written"),
        "{}",
        ran.err
    );
    assert_eq!(others(&world), [] as [&str; 0]);
}

#[test]
fn a_restore_is_refused_while_a_run_or_a_server_uses_the_database() {
    let world = world();
    world.succeed(["db", "backup", "copy.db"]);
    let dump = world.dump();
    let refused = |words: &str| {
        let ran = world.griot(["db", "restore", "copy.db"]);
        assert_eq!(ran.code, Some(75), "{}", ran.err);
        assert!(ran.err.contains(words), "{}", ran.err);
        assert_eq!(world.dump(), dump);
        assert!(others(&world).iter().all(|name| name == "copy.db"), "{:?}", others(&world));
    };
    let lock = hold_lock(&world);
    refused("another run holds the lock");
    drop(lock);
    // As the server does between two runs: a connection that is open and idle.
    let open = Connection::open(world.path("griot.db")).expect("a database");
    open.query_row("SELECT count(*) FROM entry", [], |row| row.get::<_, i64>(0))
        .expect("a number");
    refused("open in another process");
    drop(open);
    let mut daemon = LoggedDaemon::start(&world);
    daemon.read_until("run finished");
    // It lets go of the lock then, but not of the database.
    refused("");
    daemon.run.signal("TERM");
    daemon.rest();
    world.succeed(["db", "restore", "copy.db"]);
}

#[test]
fn a_backup_that_is_none_is_not_restored() {
    let world = world();
    world.succeed(["db", "backup", "copy.db"]);
    let dump = world.dump();
    let copy = fs::read(world.path("copy.db")).expect("a file");
    let mut torn = copy.clone();
    // The page of a table: its cells point nowhere.
    let at = torn.len() / 2 / 4096 * 4096;
    torn[at..at + 4096].fill(0xff);
    fs::write(world.path("torn.db"), torn).expect("a file");
    fs::write(world.path("half.db"), &copy[..copy.len() / 2]).expect("a file");
    fs::write(
        world.path("text.db"),
        "no database, and long enough to be read as the beginning of one",
    )
    .expect("a file");
    execute(&world.path("foreign.db"), "CREATE TABLE a (b); INSERT INTO a VALUES (1)");
    fs::copy(world.path("copy.db"), world.path("newer.db")).expect("a file");
    execute(&world.path("newer.db"), "PRAGMA user_version = 99");
    execute(&world.path("empty.db"), "");
    for (file, words) in [
        ("torn.db", "damaged"),
        ("half.db", "damaged"),
        ("text.db", "not a database of griot"),
        ("foreign.db", "not a database of griot"),
        ("newer.db", "schema 99"),
        ("none.db", "no backup in none.db"),
        ("empty.db", "no backup in empty.db"),
    ] {
        let ran = world.griot(["db", "restore", file]);
        assert_eq!(ran.code, Some(74), "{file}: {}", ran.err);
        assert!(ran.err.contains(words), "{file}: {}", ran.err);
        assert_eq!(world.dump(), dump, "{file}");
    }
    let ran = world.griot(["db", "restore", "griot.db"]);
    assert!(ran.code == Some(74) && ran.err.contains("the database itself"), "{}", ran.err);
    assert!(
        !others(&world)
            .iter()
            .any(|name| name.contains("replaced") || name.contains("restored")),
        "{:?}",
        others(&world)
    );
}

#[test]
fn a_restore_replaces_a_destroyed_database_with_the_log_beside_it() {
    let world = world();
    world.succeed(["db", "backup", "copy.db"]);
    let dump = world.dump();
    // A log of the same database that was never moved into it would be played into the restored one.
    let (mut log, mut index) = (Vec::new(), Vec::new());
    {
        let open = Connection::open(world.path("griot.db")).expect("a database");
        open.execute_batch("PRAGMA journal_mode = wal; PRAGMA wal_autocheckpoint = 0; DELETE FROM entry_key; DELETE FROM run")
            .expect("written");
        log.extend(fs::read(world.path("griot.db-wal")).expect("the log"));
        index.extend(fs::read(world.path("griot.db-shm")).expect("its index"));
    }
    fs::write(
        world.path("griot.db"),
        "nothing of it is left, and this is long enough to be read as a page of one",
    )
    .expect("a file");
    fs::write(world.path("griot.db-wal"), &log).expect("a file");
    fs::write(world.path("griot.db-shm"), &index).expect("a file");
    let told = json(&world.succeed(["--json", "db", "restore", "copy.db"]).out);
    assert_eq!(world.dump(), dump);
    let replaced = told["replaced"].as_str().expect("a name").replace("[DIR]/", "");
    assert!(
        fs::read_to_string(world.path(&replaced))
            .expect("it is kept")
            .starts_with("nothing of it")
    );
    assert!(fs::read(world.path(&format!("{replaced}-wal"))).expect("it is kept") == log);
    world.succeed(["db", "verify"]);
    // Twice within a second: nothing that was kept is replaced.
    world.succeed(["db", "restore", "copy.db"]);
    assert!(world.path(&format!("{replaced}-2")).exists());
}

#[test]
fn a_restore_needs_neither_a_database_nor_a_right_configuration() {
    let mut world = world();
    world.succeed(["db", "backup", "copy.db"]);
    world.settings += "evry = \"2h\"\n";
    let told = json(&world.succeed(["--json", "--db", "state/griot.db", "db", "restore", "copy.db"]).out);
    assert_eq!((&told["entries"], &told["replaced"]), (&1.into(), &serde_json::Value::Null));
    world.succeed(["--db", "state/griot.db", "db", "verify"]);
}

#[test]
fn what_is_broken_is_named_with_its_remedy() {
    let page = "UPDATE sqlite_schema SET rootpage = (SELECT rootpage FROM sqlite_schema WHERE name = 'run') WHERE name = 'problem'";
    for (sql, kind, remedy) in [
        (format!("PRAGMA writable_schema = on; {page}"), "file", "griot db restore"),
        (
            "PRAGMA foreign_keys = off; DELETE FROM source".to_owned(),
            "references",
            "griot db restore",
        ),
        ("DELETE FROM story".to_owned(), "stories", "griot db rebuild"),
        (
            "DELETE FROM entry_search_data WHERE id > 10".to_owned(),
            "search-index",
            "griot db rebuild",
        ),
        (
            // The index is told to be of another column than it was made of.
            "PRAGMA writable_schema = on; UPDATE sqlite_schema SET sql = replace(sql, '(date, id)', '(row, id)') WHERE name = 'entry_date'"
                .to_owned(),
            "index",
            "griot db vacuum",
        ),
    ] {
        let world = world();
        assert_eq!(world.succeed(["db", "verify"]).out, "griot.db is whole\n");
        execute(&world.path("griot.db"), &sql);
        let ran = world.griot(["-q", "db", "verify"]);
        assert_eq!(ran.code, Some(74), "{sql}: {}{}", ran.out, ran.err);
        assert!(ran.out.starts_with(&format!("{kind}: ")), "{sql}: {}", ran.out);
        assert!(ran.out.contains(&format!("→ {remedy}")), "{sql}: {}", ran.out);
        let told = json(&world.griot(["--json", "db", "verify"]).out);
        assert_eq!((&told["ok"], &told["damage"][0]["kind"]), (&false.into(), &kind.into()), "{sql}");
        let ran = world.griot(["db", "backup", "copy.db"]);
        assert_eq!(ran.code, Some(74), "a damaged database is not taken for a backup: {sql}");
        assert!(!world.path("copy.db").exists());
        if kind != "file" && kind != "references" {
            world.succeed(remedy.split(' ').skip(1));
            world.succeed(["db", "verify"]);
        }
    }
}

#[test]
fn a_vacuum_gives_back_what_is_free_and_waits_for_no_run() {
    let mut world = World::new();
    let names: Vec<&'static str> = (0..300).map(|number| &*format!("lieu-{number}").leak()).collect();
    world.feed(HOST, feed(&names));
    world.succeed(["fetch"]);
    let lock = hold_lock(&world);
    let ran = world.griot(["db", "vacuum"]);
    assert_eq!(ran.code, Some(75), "{}", ran.err);
    drop(lock);
    execute(&world.path("griot.db"), "DELETE FROM posting; DELETE FROM fingerprint");
    let dump = world.dump();
    // A server that is open meanwhile goes on reading.
    let open = Connection::open(world.path("griot.db")).expect("a database");
    open.query_row("SELECT count(*) FROM entry", [], |row| row.get::<_, i64>(0))
        .expect("a number");
    let told = json(&world.succeed(["--json", "db", "vacuum"]).out);
    drop(open);
    let figure = |name: &str| told[name].as_u64().expect("a number");
    assert!(
        figure("gained") > 0 && figure("before") - figure("after") == figure("gained"),
        "{told}"
    );
    assert_eq!(fs::metadata(world.path("griot.db")).expect("a file").len(), figure("after"));
    assert_eq!(world.dump(), dump);
    world.succeed(["db", "verify"]);
    assert!(world.succeed(["db", "vacuum"]).out.ends_with(": 0 gained\n"));
}

/// Puts a database of schema 2 in the place of the world's.
fn put_schema_2(world: &World) {
    for file in ["griot.db", "griot.db-wal", "griot.db-shm"] {
        let _ = fs::remove_file(world.path(file));
    }
    execute(
        &world.path("griot.db"),
        include_str!("../../src/store/sqlite/fixtures/schema_2.sql"),
    );
}

#[test]
fn a_migration_is_preceded_by_a_backup_which_stays_until_the_next_one() {
    let mut world = World::new();
    world.feed(HOST, feed(&["dioro"]));
    world.succeed(["fetch"]);
    assert_eq!(others(&world), [] as [&str; 0], "a new database has nothing to be kept");
    put_schema_2(&world);
    let entries = number(&world.path("griot.db"), "SELECT count(*) FROM entry");
    for former in ["griot.db.schema-1.backup", "griot.db.schema-x.backup", "other.db.schema-1.backup"] {
        fs::write(world.path(former), "of another time").expect("a file");
    }
    // By hand it is made of the older schema, too, which only a run brings up to date.
    let told = json(&world.succeed(["--json", "db", "backup", "copy.db"]).out);
    assert_eq!(told["schema"], 2);
    assert_eq!(number(&world.path("griot.db"), "PRAGMA user_version"), 2);
    fs::remove_dir_all(world.out()).expect("the output of another database");
    world.succeed(["fetch"]);
    let kept = [
        "copy.db",
        "griot.db.schema-2.backup",
        "griot.db.schema-x.backup",
        "other.db.schema-1.backup",
    ];
    assert_eq!(others(&world), kept);
    let backup = world.path("griot.db.schema-2.backup");
    assert_eq!(number(&backup, "PRAGMA user_version"), 2);
    assert_eq!(number(&backup, "SELECT count(*) FROM entry"), entries);
    assert!(number(&world.path("griot.db"), "PRAGMA user_version") > 2);
    world.succeed(["fetch", "--force"]);
    world.succeed(["db", "restore", "griot.db.schema-2.backup"]);
    assert_eq!(number(&world.path("griot.db"), "PRAGMA user_version"), 2);
    world.succeed(["fetch", "--force"]);
}

#[test]
fn without_a_backup_there_is_no_migration() {
    let mut world = World::new();
    world.feed(HOST, feed(&["dioro"]));
    put_schema_2(&world);
    // Nothing can be written under this name.
    fs::create_dir(world.path("griot.db.schema-2.backup")).expect("a folder");
    let ran = world.griot(["fetch"]);
    assert_eq!(ran.code, Some(74), "{}", ran.err);
    assert!(ran.err.contains("griot.db.schema-2.backup"), "{}", ran.err);
    assert_eq!(number(&world.path("griot.db"), "PRAGMA user_version"), 2);
    assert_eq!(others(&world), ["griot.db.schema-2.backup"], "no temporary file is left");
    assert_eq!(world.web.requests().len(), 0);
}

#[test]
fn a_database_of_a_newer_griot_is_refused_and_left_as_it_is() {
    let world = world();
    execute(&world.path("griot.db"), "PRAGMA user_version = 99");
    let before = fs::read(world.path("griot.db")).expect("the database");
    for arguments in [
        &["fetch"][..],
        &["status"],
        &["publish"],
        &["db", "backup", "copy.db"],
        &["db", "verify"],
        &["db", "vacuum"],
    ] {
        let ran = world.griot(arguments.iter().copied());
        assert_eq!(ran.code, Some(74), "{arguments:?}: {}", ran.err);
        assert!(
            ran.err.contains("schema 99") && ran.err.contains("newer griot"),
            "{arguments:?}: {}",
            ran.err
        );
        assert!(fs::read(world.path("griot.db")).expect("the database") == before, "{arguments:?}");
    }
    assert!(!world.path("copy.db").exists());
}
