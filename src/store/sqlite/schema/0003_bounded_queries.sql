-- Schema 3. Every query of a run is bounded by what is new: forms of texts that are computed once, versions in place of sets, dates of
-- placements, counters, and an index for each query.

-- `facts_hash` is NULL where schema 2 stored the entry: `content_hash` is then the digest of schema 2, which covers authors and categories.
-- `version` counts the changes of an entry, its article and its marks; its story was last evaluated with version `judged_version`.
ALTER TABLE entry ADD COLUMN facts_hash     BLOB CHECK (length(facts_hash) = 16);
ALTER TABLE entry ADD COLUMN version        INTEGER NOT NULL DEFAULT 1;
ALTER TABLE entry ADD COLUMN judged_version INTEGER NOT NULL DEFAULT 0;
UPDATE entry SET judged_version = 1 WHERE compose_seq IS NOT NULL AND row NOT IN (SELECT entry FROM unjudged);
DROP TABLE unjudged;

-- What an entry is about: countries with their shares, then administrative regions, some with the location of a town, such as
-- `ML:0.7 NE:0.3 ML-7@16.27,-0.04`; and its genre: opinion, anniversary, live or bulletin.
ALTER TABLE entry ADD COLUMN about TEXT;
ALTER TABLE entry ADD COLUMN genre TEXT;

-- The canonical URL that an entry's page states, where it is another one than that of its link and makes sense.
ALTER TABLE entry ADD COLUMN declared TEXT;
-- The code of the news agency whose text it is, as the feed tells, and as the page tells.
ALTER TABLE entry ADD COLUMN agency      TEXT;
ALTER TABLE entry ADD COLUMN page_agency TEXT;
-- What the feed reserves of the entry: a JSON list of codes.
ALTER TABLE entry ADD COLUMN reservations TEXT;

-- `compose_seq` is the last sequence number that was given; `evaluated` is there once the rules of topics were evaluated.
CREATE TABLE counter (
  name  TEXT PRIMARY KEY,
  value INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
INSERT INTO counter (name, value) SELECT 'compose_seq', coalesce(max(compose_seq), 0) FROM entry;
INSERT INTO counter (name, value) SELECT 'evaluated', 1 WHERE EXISTS (SELECT 1 FROM entry WHERE compose_seq IS NOT NULL);
DROP INDEX entry_compose;
CREATE INDEX entry_waiting  ON entry (row) WHERE compose_seq IS NULL;
CREATE INDEX entry_unjudged ON entry (row) WHERE compose_seq IS NOT NULL AND judged_version < version;
CREATE INDEX entry_source   ON entry (source, date);
CREATE INDEX entry_date     ON entry (date, id);
CREATE INDEX entry_copy     ON entry (copy_of) WHERE copy_of IS NOT NULL;
DROP INDEX entry_story;
CREATE INDEX entry_story    ON entry (story, copy_of, date) WHERE story IS NOT NULL;

-- Every decision about an entry, in the order in which they were made; the last one holds. `basis` is founded, guid, url, text, original, event,
-- split or join, `words` a JSON list, `like_entry` the entry that it is most like, `earlier` the older story of a story that it founds.
CREATE TABLE composition (
  number     INTEGER PRIMARY KEY,
  entry      INTEGER NOT NULL REFERENCES entry (row) ON DELETE CASCADE,
  at         INTEGER NOT NULL,
  story      BLOB NOT NULL CHECK (length(story) = 16),
  copy_of    BLOB CHECK (length(copy_of) = 16),
  basis      TEXT NOT NULL,
  measure    REAL,
  words      TEXT,
  like_entry BLOB CHECK (length(like_entry) = 16),
  earlier    BLOB CHECK (length(earlier) = 16)
) STRICT;
CREATE INDEX composition_entry ON composition (entry);
-- Schema 2 stored only what the last decision was.
INSERT INTO composition (entry, at, story, copy_of, basis, earlier)
  SELECT e.row, e.first_seen, e.story, e.copy_of,
         CASE WHEN e.story = e.id THEN 'founded' WHEN e.copy_of IS NOT NULL THEN 'text' ELSE 'event' END,
         CASE WHEN e.story = e.id THEN (SELECT y.earlier FROM story y WHERE y.id = e.story) END
    FROM entry e WHERE e.compose_seq IS NOT NULL AND e.story IS NOT NULL ORDER BY e.compose_seq, e.row;

-- `stale` is 1 where the text has changed since, or where schema 2 stored the value, whose encoding was another one. `postings` are the hashes under
-- which the entry is in `posting`, 4 bytes each, little endian.
ALTER TABLE fingerprint ADD COLUMN stale    INTEGER NOT NULL DEFAULT 0 CHECK (stale IN (0, 1));
ALTER TABLE fingerprint ADD COLUMN postings BLOB;
UPDATE fingerprint SET value = x'', stale = 1;
CREATE INDEX fingerprint_stale ON fingerprint (entry) WHERE stale = 1;

-- Dedupe's index: the entries that are compared, by the hashes of what they hold. `hash` has 32 bits, `entry` and `source` are rows.
CREATE TABLE posting (
  hash   INTEGER NOT NULL,
  entry  INTEGER NOT NULL,
  source INTEGER NOT NULL,
  PRIMARY KEY (hash, entry)
) STRICT, WITHOUT ROWID;

-- In how many entries of the last days a term stands. The counters `term_entries` and `term_halved` hold the number of entries, and when all numbers
-- were last halved.
CREATE TABLE term_frequency (
  hash    INTEGER PRIMARY KEY,
  entries INTEGER NOT NULL
) STRICT;

-- What each source repeats in its entries.
CREATE TABLE outlet_memory (
  source INTEGER PRIMARY KEY REFERENCES source (row),
  value  BLOB NOT NULL
) STRICT;

-- NULL: the plain text is the same as the markup, or schema 2 stored the entry and `entry_words` has no row of it.
ALTER TABLE entry_text ADD COLUMN summary_text TEXT;
ALTER TABLE entry_text ADD COLUMN content_text TEXT;

-- The folded words of an entry and of its article, as text::word_list encodes them, and the lengths of their texts in bytes.
CREATE TABLE entry_words (
  entry          INTEGER PRIMARY KEY REFERENCES entry (row) ON DELETE CASCADE,
  words          TEXT NOT NULL,
  text_length    INTEGER NOT NULL,
  article_words  TEXT,
  article_length INTEGER
) STRICT;

-- Whether the entry was fetched from the archive of its source.
ALTER TABLE entry ADD COLUMN archived INTEGER NOT NULL DEFAULT 0 CHECK (archived IN (0, 1));

-- The number of entries of each source, its published name and address, and a digest of what rules can query of it.
ALTER TABLE source ADD COLUMN entries INTEGER NOT NULL DEFAULT 0;
ALTER TABLE source ADD COLUMN name    TEXT;
ALTER TABLE source ADD COLUMN site    TEXT;
ALTER TABLE source ADD COLUMN facts   BLOB CHECK (length(facts) = 16);
UPDATE source SET entries = (SELECT count(*) FROM entry e WHERE e.source = source.row);

-- `seen_since` is the date before which the last document's entries were left out for their age: the document counts as seen only as long as
-- nothing older is wanted. `new_day` is a day since 1970, `new_count` the number of entries that were new on it.
ALTER TABLE source_state ADD COLUMN seen_since INTEGER;
ALTER TABLE source_state ADD COLUMN new_day    INTEGER;
ALTER TABLE source_state ADD COLUMN new_count  INTEGER NOT NULL DEFAULT 0;
ALTER TABLE source_state ADD COLUMN flooded    INTEGER NOT NULL DEFAULT 0 CHECK (flooded IN (0, 1));
-- When the present series of 304 answers began; a JSON list of the addresses and hosts that asked to wait, each with the time until when.
ALTER TABLE source_state ADD COLUMN unmodified_since INTEGER;
ALTER TABLE source_state ADD COLUMN held             TEXT;
ALTER TABLE source_state ADD COLUMN reading          BLOB CHECK (length(reading) = 16);
-- Schema 2 stored no digest of a text as a key: the next document is parsed even when its bytes are the same.
UPDATE source_state SET body_hash = NULL;

-- The first five and the last five revisions of an entry are kept.
DELETE FROM revision WHERE number > 5 AND number <= (SELECT max(r.number) - 5 FROM revision r WHERE r.entry = revision.entry);

-- The keys of purged entries, 16 bytes of BLAKE3 each, and the last day since 1970 on which a document had one. No version wrote the former table.
DROP TABLE tombstone;
CREATE TABLE tombstone (
  source INTEGER NOT NULL REFERENCES source (row),
  key    BLOB NOT NULL CHECK (length(key) = 16),
  seen   INTEGER NOT NULL,
  PRIMARY KEY (source, key)
) STRICT, WITHOUT ROWID;
CREATE INDEX tombstone_seen ON tombstone (source, seen);

-- The same table without a reference to `source`: for it, deleting a source read every row.
ALTER TABLE provenance RENAME TO provenance_2;
CREATE TABLE provenance (
  entry         INTEGER NOT NULL,
  source        INTEGER NOT NULL,
  fetched       INTEGER NOT NULL,
  url           TEXT NOT NULL,
  final_url     TEXT NOT NULL,
  redirects     TEXT,
  status        INTEGER NOT NULL,
  etag          BLOB,
  last_modified BLOB,
  body_hash     BLOB NOT NULL CHECK (length(body_hash) = 16),
  size          INTEGER NOT NULL,
  PRIMARY KEY (entry, source, fetched)
) STRICT, WITHOUT ROWID;
INSERT INTO provenance SELECT * FROM provenance_2;
DROP TABLE provenance_2;

-- Entries that their publishers may have taken back: when a document of the feed was first seen without it, when its page was first found gone, and
-- when it stood after all; how often the page was asked for in vain, and when to ask again; when it was marked as withdrawn, and by which sign.
CREATE TABLE withdrawal (
  entry     INTEGER PRIMARY KEY REFERENCES entry (row) ON DELETE CASCADE,
  source    INTEGER NOT NULL,
  left_feed INTEGER,
  gone      INTEGER,
  stood     INTEGER,
  tries     INTEGER NOT NULL DEFAULT 0,
  next      INTEGER,
  withdrawn INTEGER,
  sign      TEXT
) STRICT;
CREATE INDEX withdrawal_next   ON withdrawal (next) WHERE next IS NOT NULL;
CREATE INDEX withdrawal_source ON withdrawal (source);

-- When the page was last fetched, and how often it was fetched again since the feed's entry changed.
ALTER TABLE article ADD COLUMN fetched   INTEGER;
ALTER TABLE article ADD COLUMN refetches INTEGER NOT NULL DEFAULT 0;

-- `date` and `source` are those of the entry that is shown. `news` is 0 where only a changed rule placed the story.
ALTER TABLE placement ADD COLUMN date   INTEGER NOT NULL DEFAULT 0;
ALTER TABLE placement ADD COLUMN source INTEGER NOT NULL DEFAULT 0;
ALTER TABLE placement ADD COLUMN news   INTEGER NOT NULL DEFAULT 1 CHECK (news IN (0, 1));
-- `masked` are words of the entry that count for nothing, `rule` is the beginning of the rule's digest, `waits` is 1 until an editor approves.
ALTER TABLE placement ADD COLUMN masked TEXT;
ALTER TABLE placement ADD COLUMN rule   TEXT NOT NULL DEFAULT '';
ALTER TABLE placement ADD COLUMN waits  INTEGER NOT NULL DEFAULT 0 CHECK (waits IN (0, 1));
UPDATE placement SET (date, source) = (SELECT e.date, e.source FROM entry e WHERE e.id = placement.entry)
  WHERE entry IN (SELECT id FROM entry);
CREATE INDEX placement_date   ON placement (topic, waits, date, source);
CREATE INDEX placement_placed ON placement (topic, placed) WHERE news = 1 AND waits = 0;

-- When the topic's feed was last rendered, and how often what it shows has changed.
ALTER TABLE topic_rule ADD COLUMN rendered INTEGER;
ALTER TABLE topic_rule ADD COLUMN changes  INTEGER NOT NULL DEFAULT 0;

-- `founder` is the entry for whose item the guid was made. An item that was merged into another keeps its guid as an alias of the other's.
ALTER TABLE published ADD COLUMN founder  BLOB CHECK (length(founder) = 16);
ALTER TABLE published ADD COLUMN alias_of TEXT;
UPDATE published SET founder = story;
CREATE INDEX published_founder ON published (founder);

-- The archive of each public topic (RFC 5005): `page` of an item is the page that holds it, for ever. `has_next` is 1 where the next page was made with
-- it, `changes` counts what was hidden or shown again of its items, `sources` names the sources of these as they were last written.
ALTER TABLE published ADD COLUMN page INTEGER;
CREATE INDEX published_page ON published (topic, page) WHERE alias_of IS NULL;
CREATE TABLE archive_page (
  topic    TEXT NOT NULL,
  page     INTEGER NOT NULL,
  has_next INTEGER NOT NULL CHECK (has_next IN (0, 1)),
  changes  INTEGER NOT NULL DEFAULT 0,
  sources  TEXT,
  PRIMARY KEY (topic, page)
) STRICT, WITHOUT ROWID;
-- Whatever adds, removes or exchanges what an item shows notes it. A placement that is stored again with the same entry is none of it.
CREATE TRIGGER archive_placed BEFORE INSERT ON placement
  WHEN NOT EXISTS (SELECT 1 FROM placement p WHERE p.topic = new.topic AND p.story = new.story AND p.entry = new.entry AND p.waits = new.waits)
BEGIN
  UPDATE archive_page SET changes = changes + 1 WHERE topic = new.topic
    AND page IN (SELECT u.page FROM published u WHERE u.story = new.story AND u.topic = new.topic);
END;
CREATE TRIGGER archive_changed AFTER UPDATE OF entry ON placement BEGIN
  UPDATE archive_page SET changes = changes + 1 WHERE topic = new.topic
    AND page IN (SELECT u.page FROM published u WHERE u.story = new.story AND u.topic = new.topic);
END;
CREATE TRIGGER archive_removed AFTER DELETE ON placement BEGIN
  UPDATE archive_page SET changes = changes + 1 WHERE topic = old.topic
    AND page IN (SELECT u.page FROM published u WHERE u.story = old.story AND u.topic = old.topic);
END;

-- What editors did, for ever and in order: `kind` is pin, unpin, hide, unhide, note, yes, no, approve, split or join. The target is an entry or
-- a story (`is_story`); an empty topic means all topics. Kinds of publishers, of whom `editor` says nothing: withdraw, whose note is left-feed or
-- gone-page, and restore.
CREATE TABLE mark_event (
  number   INTEGER PRIMARY KEY,
  at       INTEGER NOT NULL,
  editor   TEXT NOT NULL,
  kind     TEXT NOT NULL,
  is_story INTEGER NOT NULL CHECK (is_story IN (0, 1)),
  target   BLOB NOT NULL CHECK (length(target) = 16),
  topic    TEXT NOT NULL,
  note     TEXT
) STRICT;
CREATE INDEX mark_event_target ON mark_event (target);
CREATE INDEX mark_event_hide   ON mark_event (at) WHERE kind IN ('hide', 'withdraw');
CREATE INDEX mark_event_pin    ON mark_event (topic) WHERE kind = 'pin';
CREATE INDEX mark_event_label  ON mark_event (topic) WHERE kind IN ('yes', 'no') AND is_story = 0;
INSERT INTO mark_event (at, editor, kind, is_story, target, topic, note) SELECT at, '', kind, 0, entry, topic, note FROM mark ORDER BY at;
DROP TABLE mark;

-- What topics have learned from labels: from how many, the digest of the rule then, the digest of the weights (NULL where the labels were too few),
-- the weight of the rule, and those of words, which are folded stems.
CREATE TABLE topic_model (
  topic       TEXT PRIMARY KEY,
  labels      INTEGER NOT NULL,
  rule        BLOB NOT NULL CHECK (length(rule) = 16),
  learned     INTEGER NOT NULL,
  digest      BLOB CHECK (length(digest) = 16),
  rule_weight REAL NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE topic_weight (
  topic  TEXT NOT NULL,
  word   TEXT NOT NULL,
  weight REAL NOT NULL,
  PRIMARY KEY (topic, word)
) STRICT, WITHOUT ROWID;

-- Alerts that topics have raised on stories: the owners of the sources, the number of independent sources, the title of the lead.
CREATE TABLE alert (
  story   BLOB NOT NULL CHECK (length(story) = 16),
  topic   TEXT NOT NULL,
  at      INTEGER NOT NULL,
  owners  TEXT,
  sources INTEGER NOT NULL,
  title   TEXT NOT NULL,
  sent    INTEGER,
  PRIMARY KEY (story, topic, at)
) STRICT, WITHOUT ROWID;
CREATE INDEX alert_untold ON alert (at) WHERE sent IS NULL;

-- What is to be told outside, each event once to each target, which is the digest of its address as feeds.toml writes it. `kind` is hub, story,
-- summary, alert or health. Of hub, `payload` is the address of a feed and `content` the digest of what was last told of it; of the others the payload is
-- emptied when they are `done`. `error` is the code of the last failure: it stays where the delivery was given up.
CREATE TABLE delivery (
  number   INTEGER PRIMARY KEY,
  kind     TEXT NOT NULL,
  topic    TEXT,
  event    TEXT NOT NULL,
  target   BLOB NOT NULL CHECK (length(target) = 16),
  payload  TEXT NOT NULL,
  content  BLOB CHECK (length(content) = 16),
  created  INTEGER NOT NULL,
  next     INTEGER NOT NULL,
  attempts INTEGER NOT NULL DEFAULT 0,
  error    TEXT,
  detail   TEXT,
  done     INTEGER,
  UNIQUE (event, target)
) STRICT;
CREATE INDEX delivery_waiting ON delivery (target, number) WHERE done IS NULL;
CREATE INDEX delivery_failed  ON delivery (target) WHERE error IS NOT NULL;
CREATE INDEX delivery_done    ON delivery (done) WHERE done IS NOT NULL;

CREATE INDEX run_started ON run (started);

CREATE INDEX host_held    ON host_state (held_until) WHERE held_until IS NOT NULL;
CREATE INDEX host_delayed ON host_state (crawl_delay_ms) WHERE crawl_delay_ms > 0;
CREATE INDEX host_expires ON host_state (max(coalesce(robots_expires, 0), coalesce(held_until, 0)));

-- The entries that changed since they were last written to the full-text index, each with how often. What writes it is made with the index.
CREATE TABLE search_pending (
  entry   INTEGER PRIMARY KEY,
  changes INTEGER NOT NULL
) STRICT;

-- The defects that the last check of the published feeds found, each with the time of the first check in a row that found it. An empty topic means
-- all topics.
CREATE TABLE published_check (
  topic  TEXT NOT NULL,
  code   TEXT NOT NULL,
  detail TEXT NOT NULL,
  since  INTEGER NOT NULL,
  PRIMARY KEY (topic, code)
) STRICT, WITHOUT ROWID;

-- Lists of feeds that feeds.toml includes, by their addresses: when each was last asked for, and last read; since when it has been so much shorter
-- than before that its former sources stay; why it could not be read. `settings` is what a list says of a source, as JSON. A source that left its list stays
-- here for some time, so that it has the same id when it comes back.
CREATE TABLE reading_list (
  url           TEXT PRIMARY KEY,
  etag          BLOB,
  last_modified BLOB,
  checked       INTEGER NOT NULL,
  read          INTEGER,
  doubted       INTEGER,
  problem       TEXT
) STRICT, WITHOUT ROWID;
CREATE TABLE listed_source (
  list     TEXT NOT NULL,
  slug     TEXT NOT NULL,
  settings TEXT NOT NULL,
  added    INTEGER NOT NULL,
  removed  INTEGER,
  PRIMARY KEY (list, slug)
) STRICT, WITHOUT ROWID;

-- How often something has changed that the page of a source tells: its entries, their stories and marks, and whether topics show these. A page is rendered
-- again only when this number is another.
ALTER TABLE source ADD COLUMN changes INTEGER NOT NULL DEFAULT 0;
CREATE TRIGGER source_entry_changed AFTER UPDATE OF version, story, copy_of, source ON entry BEGIN
  UPDATE source SET changes = changes + 1 WHERE row = new.source;
END;
CREATE TRIGGER source_entry_removed AFTER DELETE ON entry BEGIN
  UPDATE source SET changes = changes + 1 WHERE row = old.source;
END;
CREATE TRIGGER source_placed BEFORE INSERT ON placement
  WHEN NOT EXISTS (SELECT 1 FROM placement p WHERE p.topic = new.topic AND p.story = new.story AND p.waits = new.waits)
BEGIN
  UPDATE source SET changes = changes + 1 WHERE row IN (SELECT e.source FROM entry e WHERE e.story = new.story
    UNION SELECT e.source FROM entry e WHERE e.id = new.entry UNION SELECT e.source FROM entry e WHERE e.copy_of = new.story);
END;
CREATE TRIGGER source_unplaced AFTER DELETE ON placement BEGIN
  UPDATE source SET changes = changes + 1 WHERE row IN (SELECT e.source FROM entry e WHERE e.story = old.story
    UNION SELECT e.source FROM entry e WHERE e.id = old.entry UNION SELECT e.source FROM entry e WHERE e.copy_of = old.story);
END;
