-- Schema 2. What politeness has to remember between runs: wishes, rhythm, other addresses, rights, and the story of a source's states.

-- Durations are whole seconds; `recent` is a row of bits, the last visit lowest, 1 for one that failed.
ALTER TABLE source_state ADD COLUMN since         INTEGER;
ALTER TABLE source_state ADD COLUMN visits        INTEGER NOT NULL DEFAULT 0;
ALTER TABLE source_state ADD COLUMN failed_visits INTEGER NOT NULL DEFAULT 0;
ALTER TABLE source_state ADD COLUMN recent        INTEGER NOT NULL DEFAULT 0;
ALTER TABLE source_state ADD COLUMN ttl           INTEGER;
ALTER TABLE source_state ADD COLUMN update_period INTEGER;
ALTER TABLE source_state ADD COLUMN skip_hours    TEXT;
ALTER TABLE source_state ADD COLUMN skip_days     TEXT;
ALTER TABLE source_state ADD COLUMN max_age       INTEGER;
ALTER TABLE source_state ADD COLUMN per_day       REAL;
ALTER TABLE source_state ADD COLUMN per_day_lately REAL;
ALTER TABLE source_state ADD COLUMN usual_gap     INTEGER;
ALTER TABLE source_state ADD COLUMN newest        INTEGER;
ALTER TABLE source_state ADD COLUMN wait          INTEGER;
ALTER TABLE source_state ADD COLUMN works         TEXT;
ALTER TABLE source_state ADD COLUMN moved_from    TEXT;
ALTER TABLE source_state ADD COLUMN moved_to      TEXT;
ALTER TABLE source_state ADD COLUMN moved_since   INTEGER;
ALTER TABLE source_state ADD COLUMN moved_visits  INTEGER NOT NULL DEFAULT 0;
ALTER TABLE source_state ADD COLUMN adopted       INTEGER NOT NULL DEFAULT 0 CHECK (adopted IN (0, 1));
ALTER TABLE source_state ADD COLUMN uncompressed  INTEGER NOT NULL DEFAULT 0 CHECK (uncompressed IN (0, 1));
ALTER TABLE source_state ADD COLUMN suggestion    TEXT;
ALTER TABLE source_state ADD COLUMN reservations  TEXT;

-- The reasons of schema 1 were an open list; the last failure is told again at the next visit.
UPDATE source_state SET reason = NULL, detail = NULL WHERE failures = 0;
UPDATE source_state SET reason = CASE
    WHEN reason IN ('dns', 'connect', 'tls', 'timeout', 'refused-address', 'too-large', 'encoding', 'protocol', 'http-4xx', 'http-5xx',
                    'blocked', 'throttled', 'gone', 'not-a-feed') THEN reason
    WHEN reason = 'anti-bot' THEN 'blocked'
    WHEN reason IN ('too-many-redirects', 'redirect-loop', 'cut-off') THEN 'protocol'
    WHEN reason IN ('bad-url', 'bad-header', 'secret', 'no-feed') THEN 'setup'
    WHEN reason = 'panic' THEN 'defect'
    ELSE 'not-a-feed' END
  WHERE reason IS NOT NULL;

-- Since when a host's robots.txt could not be had: then nothing is allowed (RFC 9309, 2.3.1.4).
ALTER TABLE host_state ADD COLUMN robots_unreachable INTEGER;

ALTER TABLE article ADD COLUMN reservations TEXT;
ALTER TABLE article ADD COLUMN published_offset INTEGER;

-- Every change of a source's state, for ever: a feed of them can be made of it.
CREATE TABLE source_event (
  source INTEGER NOT NULL REFERENCES source (row),
  at     INTEGER NOT NULL,
  before TEXT NOT NULL,
  after  TEXT NOT NULL,
  reason TEXT,
  detail TEXT,
  PRIMARY KEY (source, at, before, after)
) STRICT, WITHOUT ROWID;
CREATE INDEX source_event_at ON source_event (at);

-- Pages that did not come: how often they were asked for, and when to ask again.
CREATE TABLE page_visit (
  entry  INTEGER PRIMARY KEY REFERENCES entry (row) ON DELETE CASCADE,
  tries  INTEGER NOT NULL,
  next   INTEGER,
  reason TEXT NOT NULL
) STRICT;
CREATE INDEX page_visit_next ON page_visit (next) WHERE next IS NOT NULL;
