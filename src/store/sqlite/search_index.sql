-- The full-text index, which is derived from the entries: `[search] index` decides whether there is one. It holds no text, only where each word
-- stands. `facts` has a word for each fact by which entries are filtered; its words are told from those of texts by their column.
CREATE VIRTUAL TABLE entry_search USING fts5 (
  facts, title, summary, body, author, category,
  content = '', contentless_delete = 1, tokenize = 'ascii'
);
-- In bytes: a batch is written as one sorted run.
INSERT INTO entry_search (entry_search, rank) VALUES ('hashsize', 16777216);

-- Whatever changes an entry notes it in `search_pending`; only then is a revised, hidden or filled entry found by what it is now.
CREATE TRIGGER search_entry_new AFTER INSERT ON entry BEGIN
  INSERT INTO search_pending (entry, changes) VALUES (new.row, 1) ON CONFLICT (entry) DO UPDATE SET changes = changes + 1;
END;
CREATE TRIGGER search_entry_changed AFTER UPDATE ON entry
  WHEN old.version <> new.version OR old.content_hash <> new.content_hash OR old.date <> new.date OR old.about IS NOT new.about
    OR old.genre IS NOT new.genre OR old.language IS NOT new.language OR old.source <> new.source
BEGIN
  INSERT INTO search_pending (entry, changes) VALUES (new.row, 1) ON CONFLICT (entry) DO UPDATE SET changes = changes + 1;
END;
CREATE TRIGGER search_article_new AFTER INSERT ON article BEGIN
  INSERT INTO search_pending (entry, changes) VALUES (new.entry, 1) ON CONFLICT (entry) DO UPDATE SET changes = changes + 1;
END;
CREATE TRIGGER search_article_changed AFTER UPDATE ON article WHEN old.text <> new.text OR old.authors IS NOT new.authors
    OR old.categories IS NOT new.categories
BEGIN
  INSERT INTO search_pending (entry, changes) VALUES (new.entry, 1) ON CONFLICT (entry) DO UPDATE SET changes = changes + 1;
END;
CREATE TRIGGER search_entry_gone AFTER DELETE ON entry BEGIN
  DELETE FROM entry_search WHERE rowid = old.row;
  DELETE FROM search_pending WHERE entry = old.row;
END;

-- What is stored already is filled in from the newest row down to the first.
INSERT INTO counter (name, value) SELECT 'search_unfilled', max(row) FROM entry HAVING max(row) IS NOT NULL;
