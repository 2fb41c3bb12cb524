//! Tests of the output folder: no partial file, no other file touched.

use super::super::fixture::write;
use super::*;
use std::time::SystemTime;

fn file(name: &str, text: &str) -> RenderedFile {
    RenderedFile {
        name: name.to_owned(),
        bytes: text.as_bytes().to_vec(),
    }
}

fn folder() -> tempfile::TempDir {
    tempfile::tempdir().expect("a folder")
}

fn read(out: &Path, name: &str) -> String {
    fs::read_to_string(out.join(name)).expect("a file")
}

fn names(out: &Path) -> Vec<String> {
    let entries = fs::read_dir(out).expect("a folder");
    let mut names: Vec<String> = entries
        .map(|entry| entry.expect("an entry").file_name().to_string_lossy().into_owned())
        .collect();
    names.sort();
    names
}

/// Sets a modification time that no write of the tests would give.
fn age(path: &Path) -> SystemTime {
    let old = SystemTime::UNIX_EPOCH + std::time::Duration::from_secs(1_000_000_000);
    let file = File::options().write(true).open(path).expect("a file");
    file.set_modified(old).expect("a time");
    old
}

fn modified(path: &Path) -> SystemTime {
    fs::metadata(path).expect("a file").modified().expect("a time")
}

#[test]
fn files_and_manifest_are_written() {
    let dir = folder();
    let out = dir.path().join("deep/public");
    let written = write(&out, "db-1", &[file("a.xml", "A"), file("b.xml", "B")]).expect("written");
    assert_eq!(written.changed, ["a.xml", "b.xml"]);
    assert_eq!(names(&out), [MANIFEST, "a.xml", "b.xml"]);
    let manifest: Manifest = serde_json::from_str(&read(&out, MANIFEST)).expect("a manifest");
    assert_eq!(manifest.database, "db-1");
    assert_eq!(manifest.files["a.xml"], blake3::hash(b"A").to_hex()[..32]);
}

#[test]
fn equal_files_are_not_touched() {
    let dir = folder();
    let files = [file("a.xml", "A"), file("b.xml", "B")];
    write(dir.path(), "db", &files).expect("written");
    let old: Vec<SystemTime> = ["a.xml", "b.xml", MANIFEST]
        .iter()
        .map(|name| age(&dir.path().join(name)))
        .collect();
    let again = write(dir.path(), "db", &files).expect("written");
    assert_eq!((again.changed.len(), again.unchanged, again.removed.len()), (0, 2, 0));
    for (name, old) in ["a.xml", "b.xml", MANIFEST].iter().zip(old) {
        assert_eq!(modified(&dir.path().join(name)), old, "{name}");
    }
    let third = write(dir.path(), "db", &[file("a.xml", "A"), file("b.xml", "C")]).expect("written");
    assert_eq!((third.changed, third.unchanged), (vec!["b.xml".to_owned()], 1));
    assert_eq!(read(dir.path(), "b.xml"), "C");
}

#[test]
fn compressed_files_stand_beside_while_they_are_wanted() {
    let dir = folder();
    let feed = |word: &str| format!("<rss><channel><generator>griot</generator>{}", word.repeat(300));
    let publish = |word: &str, is_precompressed: bool| {
        let mut folder = OutputFolder::open(dir.path(), "db")
            .expect("a folder")
            .precompressed(is_precompressed);
        let files = [file("a.xml", &feed(word)), file("b.xml", "B")];
        let stamp = Digest128::hash(word.as_bytes());
        folder.write("all", stamp, GroupSummary::default(), &files).expect("written");
        folder.finish().expect("finished")
    };
    let beside = ["a.xml", "a.xml.br", "a.xml.gz", "a.xml.zst", "b.xml"];
    assert_eq!(publish("un ", true).changed.len(), 4 + 1);
    assert_eq!(names(dir.path())[1..], beside);
    let old: Vec<SystemTime> = beside.iter().map(|name| age(&dir.path().join(name))).collect();
    assert_eq!(publish("un ", true).changed, Vec::<String>::new());
    for (name, old) in beside.iter().zip(old) {
        assert_eq!(modified(&dir.path().join(name)), old, "{name}");
    }
    assert_eq!(publish("deux ", true).changed.len(), 4);
    let mut plain = String::new();
    let compressed = File::open(dir.path().join("a.xml.gz")).expect("a file");
    flate2::read::GzDecoder::new(compressed).read_to_string(&mut plain).expect("gzip");
    assert_eq!(plain, feed("deux "));
    assert_eq!(publish("deux ", false).removed.len(), 3);
    assert_eq!(names(dir.path()), [MANIFEST, "a.xml", "b.xml"]);
    // A folder whose manifest was lost is adopted with them, and a file of another origin stays.
    publish("deux ", true);
    fs::remove_file(dir.path().join(MANIFEST)).expect("removed");
    publish("trois ", true);
    fs::write(dir.path().join("c.xml.gz"), "theirs").expect("a file");
    let wide = OutputFolder::open(dir.path(), "db").expect("a folder").precompressed(true);
    let refused = wide.check(&["c.xml".to_owned()]).expect_err("it is in the way");
    assert_eq!(refused.code(), "output-foreign-file");
}

#[test]
fn a_file_that_was_changed_is_restored() {
    let dir = folder();
    write(dir.path(), "db", &[file("a.xml", "A")]).expect("written");
    fs::write(dir.path().join("a.xml"), "Z").expect("changed");
    let again = write(dir.path(), "db", &[file("a.xml", "A")]).expect("written");
    assert_eq!(again.changed, ["a.xml"]);
    assert_eq!(read(dir.path(), "a.xml"), "A");
}

#[test]
fn only_files_of_the_former_manifest_are_removed() {
    let dir = folder();
    fs::write(dir.path().join("logo.png"), "theirs").expect("a file");
    write(dir.path(), "db", &[file("a.xml", "A"), file("b.xml", "B")]).expect("written");
    fs::write(dir.path().join("old.xml"), "theirs too").expect("a file");
    let next = write(dir.path(), "db", &[file("b.xml", "B")]).expect("written");
    assert_eq!(next.removed, ["a.xml"]);
    assert_eq!(names(dir.path()), [MANIFEST, "b.xml", "logo.png", "old.xml"]);
    let last = write(dir.path(), "db", &[file("b.xml", "B")]).expect("written");
    assert_eq!(last.removed, Vec::<String>::new());
}

#[test]
fn a_manifest_cannot_name_files_elsewhere() {
    let dir = folder();
    let out = dir.path().join("public");
    fs::create_dir(&out).expect("a folder");
    fs::write(dir.path().join("precious"), "x").expect("a file");
    let manifest = r#"{"database":"db","files":{"../precious":"00",".hidden":"00","gone.xml":"00"}}"#;
    fs::write(out.join(MANIFEST), manifest).expect("a manifest");
    fs::write(out.join(".hidden"), "x").expect("a file");
    let written = write(&out, "db", &[file("a.xml", "A")]).expect("written");
    assert_eq!(written.removed, Vec::<String>::new());
    assert_eq!(names(dir.path()), ["precious", "public"]);
    assert_eq!(names(&out), [MANIFEST, ".hidden", "a.xml"]);
}

#[test]
fn the_folder_of_another_database_is_not_touched() {
    let dir = folder();
    write(dir.path(), "db-1", &[file("a.xml", "A")]).expect("written");
    let refused = write(dir.path(), "db-2", &[file("a.xml", "B")]).expect_err("it is foreign");
    assert_eq!(refused.code(), "output-foreign");
    let text = refused.to_string();
    assert!(text.contains("db-1") && text.contains(MANIFEST) && text.contains("adopt"), "{text}");
    assert_eq!(read(dir.path(), "a.xml"), "A");
}

#[test]
fn a_folder_without_its_manifest_is_adopted() {
    let dir = folder();
    let files = |text: &str| {
        let feed = format!("<rss><channel><generator>griot</generator>{text}");
        let page = format!("<meta name=\"generator\" content=\"griot\">{text}");
        let named = [("a.xml", &feed), ("a.html", &page), ("a.atom.xml", &feed), ("index.html", &page)];
        let mut files: Vec<RenderedFile> = named.iter().map(|(name, text)| file(name, text)).collect();
        let unmarked = ["a.json", "a.opml", "index.opml", "feed.css"];
        files.extend(unmarked.iter().map(|name| file(name, text)));
        files
    };
    write(dir.path(), "db-1", &files("one")).expect("written");
    fs::remove_file(dir.path().join(MANIFEST)).expect("removed, as the message says");
    let adopted = write(dir.path(), "db-2", &files("two")).expect("adopted");
    assert_eq!(adopted.changed.len(), 8);
    assert_eq!(read(dir.path(), "feed.css"), "two");
}

#[test]
fn a_file_that_griot_did_not_write_is_not_overwritten() {
    for (name, own) in [
        ("index.html", &["a.xml"][..]),
        ("a.xml", &["index.html"]),
        ("a.json", &["index.html"]),
        ("feed.css", &["a.html"]),
        ("index.opml", &["a.html"]),
    ] {
        let dir = folder();
        let marked = "<meta name=\"generator\" content=\"griot\">";
        for own in own {
            fs::write(dir.path().join(own), marked).expect("a file");
        }
        fs::write(dir.path().join(name), "theirs").expect("a file");
        let before = names(dir.path());
        let files = [file("0.xml", "A"), file(name, "griot's")];
        let refused = write(dir.path(), "db", &files).expect_err(name);
        assert_eq!(refused.code(), "output-foreign-file");
        assert!(
            refused.to_string().contains(name) && refused.to_string().contains("`out`"),
            "{refused}"
        );
        assert_eq!(read(dir.path(), name), "theirs");
        assert_eq!(names(dir.path()), before, "nothing was written");
        fs::remove_file(dir.path().join(name)).expect("moved away, as the message says");
        write(dir.path(), "db", &files).expect("written");
        // The same holds later, for a name that is new.
        fs::write(dir.path().join("new.xml"), "theirs").expect("a file");
        let refused = write(dir.path(), "db", &[file(name, "griot's"), file("new.xml", "B")]).expect_err("a new name");
        assert_eq!(refused.code(), "output-foreign-file");
        assert_eq!(read(dir.path(), "new.xml"), "theirs");
    }
    let dir = folder();
    fs::write(dir.path().join("a.xml"), "A").expect("a file");
    write(dir.path(), "db", &[file("a.xml", "A")]).expect("equal files are in nobody's way");
}

#[test]
fn a_broken_manifest_stops_with_its_name_and_a_remedy() {
    let dir = folder();
    fs::write(dir.path().join(MANIFEST), "{").expect("a file");
    let refused = write(dir.path(), "db", &[file("a.xml", "A")]).expect_err("it is broken");
    assert_eq!(refused.code(), "output-manifest");
    assert!(refused.to_string().contains(MANIFEST) && refused.to_string().contains("remove it"));
    assert_eq!(names(dir.path()), [MANIFEST]);
}

#[test]
fn names_that_lead_elsewhere_write_nothing() {
    let dir = folder();
    for bad in [
        "", ".", "..", "../a.xml", "a/b.xml", "a\\b.xml", ".hidden", "C:x", "a\0b", "a\nb", MANIFEST,
    ] {
        let refused = write(dir.path(), "db", &[file("good.xml", "A"), file(bad, "B")]).expect_err(bad);
        assert_eq!(refused.code(), "output-name", "{bad:?}");
    }
    let twice = write(dir.path(), "db", &[file("a.xml", "A"), file("a.xml", "B")]).expect_err("one name");
    assert_eq!(twice.code(), "output-same-name");
    assert!(names(dir.path()).is_empty());
}

#[test]
fn a_failing_write_leaves_the_old_file() {
    let dir = folder();
    write(dir.path(), "db", &[file("a.xml", "old"), file("b.xml", "old")]).expect("written");
    // A folder where the unfinished file would lie: creating it fails for every user, root too.
    fs::create_dir(dir.path().join(".b.xml.unfinished")).expect("a folder");
    let failed = write(dir.path(), "db", &[file("a.xml", "new"), file("b.xml", "new")]).expect_err("it is in the way");
    assert_eq!(failed.code(), "output-io");
    assert!(failed.to_string().contains("b.xml"), "{failed}");
    assert_eq!(
        (read(dir.path(), "a.xml").as_str(), read(dir.path(), "b.xml").as_str()),
        ("new", "old")
    );
    fs::remove_dir(dir.path().join(".b.xml.unfinished")).expect("out of the way");
    let again = write(dir.path(), "db", &[file("a.xml", "new"), file("b.xml", "new")]).expect("written");
    assert_eq!(again.changed, ["b.xml"]);
}

#[test]
fn a_failing_rename_leaves_nothing_unfinished() {
    let dir = folder();
    fs::create_dir(dir.path().join("a.xml")).expect("a folder");
    let foreign = write(dir.path(), "db", &[file("a.xml", "A")]).expect_err("a folder is in the way");
    assert_eq!(foreign.code(), "output-foreign-file");
    fs::remove_dir(dir.path().join("a.xml")).expect("out of the way");
    write(dir.path(), "db", &[file("a.xml", "A")]).expect("written");
    fs::remove_file(dir.path().join("a.xml")).expect("removed");
    fs::create_dir(dir.path().join("a.xml")).expect("a folder");
    let failed = write(dir.path(), "db", &[file("a.xml", "A")]).expect_err("a folder is in the way");
    assert_eq!(failed.code(), "output-io");
    assert_eq!(names(dir.path()), [MANIFEST, "a.xml"]);
}

#[test]
fn a_folder_that_cannot_be_made_is_named() {
    let dir = folder();
    fs::write(dir.path().join("public"), "a file").expect("a file");
    let failed = write(&dir.path().join("public"), "db", &[]).expect_err("a file is in the way");
    assert!(
        failed.to_string().contains("public") && failed.to_string().contains("`out`"),
        "{failed}"
    );
}

#[test]
fn files_of_an_interrupted_run_are_removed() {
    let dir = folder();
    write(dir.path(), "db", &[file("a.xml", "A")]).expect("written");
    fs::create_dir(dir.path().join(".c.xml.unfinished")).expect("a folder");
    let files = [file("a.xml", "A"), file("b.xml", "B"), file("c.xml", "C")];
    write(dir.path(), "db", &files).expect_err("cut short after b.xml");
    fs::remove_dir(dir.path().join(".c.xml.unfinished")).expect("out of the way");
    let next = write(dir.path(), "db", &[file("a.xml", "A")]).expect("written");
    assert_eq!(next.removed, ["b.xml"]);
}

#[test]
fn a_group_of_which_writing_was_cut_short_is_not_current() {
    let dir = folder();
    let (stamp, former) = (Digest128::hash(b"1"), [file("a.xml", "A"), file("b.xml", "B")]);
    let open = || OutputFolder::open(dir.path(), "db").expect("a manifest");
    let mut first = open();
    first.write("topic", stamp, GroupSummary::default(), &former).expect("written");
    first.finish().expect("finished");
    assert!(open().current("topic", stamp).is_some());
    // Files of the same sizes are written from something else, and the run ends behind the first of them.
    fs::create_dir(dir.path().join(".b.xml.unfinished")).expect("a folder");
    let other = [file("a.xml", "C"), file("b.xml", "D")];
    let cut_short = open().write("topic", Digest128::hash(b"2"), GroupSummary::default(), &other);
    cut_short.expect_err("cut short");
    assert_eq!(
        (read(dir.path(), "a.xml"), read(dir.path(), "b.xml")),
        ("C".to_owned(), "B".to_owned())
    );
    assert!(
        open().current("topic", stamp).is_none(),
        "its files are not those of the former stamp any more"
    );
}

#[cfg(unix)]
#[test]
fn links_are_replaced_and_never_written_through() {
    let dir = folder();
    let precious = dir.path().join("precious");
    let out = dir.path().join("public");
    fs::create_dir(&out).expect("a folder");
    fs::write(&precious, "A").expect("a file");
    std::os::unix::fs::symlink(&precious, out.join(".a.xml.unfinished")).expect("a link");
    write(&out, "db", &[file("a.xml", "A")]).expect("written");
    fs::remove_file(out.join("a.xml")).expect("removed");
    std::os::unix::fs::symlink(&precious, out.join("a.xml")).expect("a link");
    write(&out, "db", &[file("a.xml", "A")]).expect("written");
    assert!(fs::symlink_metadata(out.join("a.xml")).expect("a file").is_file());
    write(&out, "db", &[file("a.xml", "B")]).expect("written");
    assert_eq!(fs::read_to_string(&precious).expect("a file"), "A");
    assert_eq!(names(&out), [MANIFEST, "a.xml"]);
}

#[test]
fn the_remedy_fits_the_cause() {
    for (kind, labels) in [
        (ErrorKind::PermissionDenied, "the user that runs griot"),
        (ErrorKind::StorageFull, "make room"),
        (ErrorKind::IsADirectory, "in the way"),
        (ErrorKind::Other, "the folder that `out` names"),
    ] {
        let error = failed("writing", Path::new("public/a.xml"))(kind.into());
        let text = error.to_string();
        assert!(text.starts_with("writing public/a.xml failed: ") && text.contains(labels), "{text}");
    }
}

#[test]
fn pages_stand_in_folders_of_their_own() {
    let dir = folder();
    let page = |name: &str, text: &str| file(name, &format!("<meta name=\"generator\" content=\"griot\">{text}"));
    let first = [page("story/a.html", "A"), page("source/lefaso.html", "L")];
    let written = write(dir.path(), "db", &first).expect("written");
    assert_eq!(written.changed, ["story/a.html", "source/lefaso.html"]);
    assert_eq!(names(&dir.path().join("story")), ["a.html"]);
    fs::write(dir.path().join("story/mine.html"), "mine").expect("a file");
    let next = write(dir.path(), "db", &[page("story/b.html", "B")]).expect("written");
    assert_eq!(next.removed, ["source/lefaso.html", "story/a.html"]);
    assert_eq!(names(&dir.path().join("story")), ["b.html", "mine.html"], "other files stay");
    for name in [
        "story/",
        "story/.a.html",
        "story/a/b.html",
        "other/a.html",
        "/a.html",
        "story/../a.html",
    ] {
        let wrong = write(dir.path(), "db", &[page(name, "")]);
        assert!(matches!(wrong, Err(WriteError::BadName { .. })), "{name}: {wrong:?}");
    }
}

#[cfg(unix)]
#[test]
fn a_link_in_the_place_of_a_folder_is_not_followed() {
    let (dir, elsewhere) = (folder(), folder());
    std::os::unix::fs::symlink(elsewhere.path(), dir.path().join("story")).expect("a link");
    let refused = write(dir.path(), "db", &[file("story/a.html", "A")]);
    assert!(matches!(refused, Err(WriteError::ForeignFile { .. })), "{refused:?}");
    assert!(names(elsewhere.path()).is_empty());
}
