-- Schema 1. Times are unix seconds in UTC, entry and story ids are 16 bytes, lists are JSON arrays.
-- Column `row` is only for joins within this file: never an identity, never shown, never exported.

CREATE TABLE meta (
  name  TEXT PRIMARY KEY,
  value TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE source (
  row     INTEGER PRIMARY KEY,
  slug    TEXT NOT NULL UNIQUE,
  present INTEGER NOT NULL DEFAULT 0 CHECK (present IN (0, 1))
) STRICT;

CREATE TABLE source_state (
  source        INTEGER PRIMARY KEY REFERENCES source (row),
  url           TEXT,
  answered_by   TEXT,
  etag          BLOB,
  last_modified BLOB,
  body_hash     BLOB CHECK (length(body_hash) = 16),
  last_visit    INTEGER,
  last_success  INTEGER,
  next_visit    INTEGER,
  failures      INTEGER NOT NULL,
  failing_since INTEGER,
  health        TEXT NOT NULL,
  reason        TEXT,
  detail        TEXT,
  feed_title    TEXT,
  feed_link     TEXT
) STRICT;

CREATE TABLE host_state (
  host           TEXT PRIMARY KEY,
  held_until     INTEGER,
  robots         TEXT,
  robots_expires INTEGER,
  crawl_delay_ms INTEGER
) STRICT;

CREATE TABLE entry (
  row               INTEGER PRIMARY KEY,
  id                BLOB NOT NULL UNIQUE CHECK (length(id) = 16),
  source            INTEGER NOT NULL REFERENCES source (row),
  guid              TEXT,
  link              TEXT,
  title             TEXT NOT NULL,
  authors           TEXT,
  published         INTEGER,
  updated           INTEGER,
  language          TEXT,
  categories        TEXT,
  enclosures        TEXT,
  image             TEXT,
  attribution_title TEXT,
  attribution_url   TEXT,
  rights            TEXT,
  first_seen        INTEGER NOT NULL,
  content_hash      BLOB NOT NULL CHECK (length(content_hash) = 16),
  copy_of           BLOB CHECK (length(copy_of) = 16),
  story             BLOB CHECK (length(story) = 16),
  compose_seq       INTEGER,
  -- The moment that `Entry::date` gives: the publisher's, never later than first_seen.
  date              INTEGER NOT NULL GENERATED ALWAYS AS (min(coalesce(published, first_seen), first_seen)) VIRTUAL
) STRICT;
CREATE INDEX entry_seen    ON entry (first_seen, source);
CREATE INDEX entry_compose ON entry (compose_seq);
CREATE INDEX entry_story   ON entry (story) WHERE story IS NOT NULL;

-- Bodies and fingerprints lie apart, so that a scan of entries reads few pages.
CREATE TABLE entry_text (
  entry   INTEGER PRIMARY KEY REFERENCES entry (row) ON DELETE CASCADE,
  summary TEXT,
  content TEXT
) STRICT;

CREATE TABLE fingerprint (
  entry INTEGER PRIMARY KEY REFERENCES entry (row) ON DELETE CASCADE,
  value BLOB NOT NULL
) STRICT;

-- Composed entries whose text changed after their story was last judged: the next run judges it again, however the last one ended.
CREATE TABLE unjudged (
  entry INTEGER PRIMARY KEY REFERENCES entry (row) ON DELETE CASCADE
) STRICT;

-- Every rung of the identity ladder. `digest` is 64 bits made of the key: the index holds it instead of long addresses.
CREATE TABLE entry_key (
  entry  INTEGER NOT NULL REFERENCES entry (row) ON DELETE CASCADE,
  place  INTEGER NOT NULL,
  source INTEGER NOT NULL,
  kind   TEXT NOT NULL CHECK (kind IN ('guid', 'link', 'text')),
  value  TEXT NOT NULL,
  digest INTEGER NOT NULL,
  PRIMARY KEY (entry, place)
) STRICT, WITHOUT ROWID;
CREATE INDEX entry_key_digest ON entry_key (digest);

CREATE TABLE tombstone (
  source INTEGER NOT NULL REFERENCES source (row),
  kind   TEXT NOT NULL,
  value  TEXT NOT NULL,
  digest INTEGER NOT NULL,
  entry  BLOB NOT NULL CHECK (length(entry) = 16),
  PRIMARY KEY (digest, source, kind, value)
) STRICT, WITHOUT ROWID;
CREATE INDEX tombstone_entry ON tombstone (entry);

CREATE TABLE revision (
  entry        INTEGER NOT NULL REFERENCES entry (row) ON DELETE CASCADE,
  number       INTEGER NOT NULL,
  seen         INTEGER NOT NULL,
  title        TEXT NOT NULL,
  summary      TEXT,
  content      TEXT,
  content_hash BLOB NOT NULL CHECK (length(content_hash) = 16),
  PRIMARY KEY (entry, number)
) STRICT;

CREATE TABLE article (
  entry        INTEGER PRIMARY KEY REFERENCES entry (row) ON DELETE CASCADE,
  body         TEXT NOT NULL,
  text         TEXT NOT NULL,
  title        TEXT,
  authors      TEXT,
  published    INTEGER,
  modified     INTEGER,
  language     TEXT,
  categories   TEXT,
  image        TEXT,
  image_width  INTEGER,
  image_height INTEGER,
  site         TEXT,
  canonical    TEXT,
  method       TEXT NOT NULL,
  confidence   REAL NOT NULL,
  problems     TEXT
) STRICT;

CREATE TABLE story (
  id      BLOB PRIMARY KEY CHECK (length(id) = 16),
  lead    BLOB NOT NULL CHECK (length(lead) = 16),
  founded INTEGER NOT NULL,
  earlier BLOB CHECK (length(earlier) = 16)
) STRICT, WITHOUT ROWID;
CREATE INDEX story_founded ON story (founded);

CREATE TABLE placement (
  topic   TEXT NOT NULL,
  story   BLOB NOT NULL CHECK (length(story) = 16),
  entry   BLOB NOT NULL CHECK (length(entry) = 16),
  score   REAL NOT NULL,
  reasons TEXT,
  placed  INTEGER NOT NULL,
  PRIMARY KEY (topic, story)
) STRICT, WITHOUT ROWID;
CREATE INDEX placement_story ON placement (story);

CREATE TABLE topic_rule (
  topic  TEXT PRIMARY KEY,
  digest BLOB NOT NULL CHECK (length(digest) = 16),
  judged INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- Memory, not derived: nothing drops a row. A story has one guid in all topics, so a guid is unique within its topic.
CREATE TABLE published (
  topic           TEXT NOT NULL,
  guid            TEXT NOT NULL,
  story           BLOB NOT NULL CHECK (length(story) = 16),
  linked          BLOB NOT NULL CHECK (length(linked) = 16),
  first_published INTEGER NOT NULL,
  updated         INTEGER NOT NULL,
  content_hash    BLOB NOT NULL CHECK (length(content_hash) = 16),
  PRIMARY KEY (topic, guid)
) STRICT, WITHOUT ROWID;
CREATE INDEX published_story ON published (story);

-- An empty topic means all topics.
CREATE TABLE mark (
  entry BLOB NOT NULL CHECK (length(entry) = 16),
  topic TEXT NOT NULL,
  kind  TEXT NOT NULL,
  note  TEXT,
  at    INTEGER NOT NULL,
  PRIMARY KEY (entry, topic, kind)
) STRICT, WITHOUT ROWID;

CREATE TABLE run (
  id              INTEGER PRIMARY KEY,
  started         INTEGER NOT NULL,
  ended           INTEGER,
  due             INTEGER NOT NULL DEFAULT 0,
  fresh           INTEGER NOT NULL DEFAULT 0,
  unchanged       INTEGER NOT NULL DEFAULT 0,
  failed          INTEGER NOT NULL DEFAULT 0,
  deferred        INTEGER NOT NULL DEFAULT 0,
  new_entries     INTEGER NOT NULL DEFAULT 0,
  updated_entries INTEGER NOT NULL DEFAULT 0,
  copies          INTEGER NOT NULL DEFAULT 0,
  articles        INTEGER NOT NULL DEFAULT 0,
  new_stories     INTEGER NOT NULL DEFAULT 0,
  updated_stories INTEGER NOT NULL DEFAULT 0
) STRICT;

CREATE TABLE problem (
  source INTEGER NOT NULL REFERENCES source (row),
  place  INTEGER NOT NULL,
  code   TEXT NOT NULL,
  detail TEXT NOT NULL,
  at     INTEGER NOT NULL,
  PRIMARY KEY (source, place)
) STRICT, WITHOUT ROWID;

-- `entry` is the row of the entry whose page it was, 0 for a feed.
CREATE TABLE provenance (
  entry         INTEGER NOT NULL,
  source        INTEGER NOT NULL REFERENCES source (row),
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
