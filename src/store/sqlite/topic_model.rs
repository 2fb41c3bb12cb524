//! The tables `topic_model` and `topic_weight`: what topics have learned from the labels of their entries.

use super::column::{Columns, signed, unsigned};
use crate::model::{TopicId, TopicLearning, TopicModel};
use rusqlite::{Connection, OptionalExtension, params};

/// Stores what a topic has learned in place of what it had learned before.
pub(super) fn replace(connection: &Connection, learning: &TopicLearning, model: &TopicModel) -> rusqlite::Result<()> {
    remove(connection, &learning.topic)?;
    let mut statement = connection
        .prepare_cached("INSERT INTO topic_model (topic, labels, rule, learned, digest, rule_weight) VALUES (?1, ?2, ?3, ?4, ?5, ?6)")?;
    statement.execute(params![
        learning.topic.as_str(),
        signed(learning.label_count),
        learning.rule,
        learning.learned.unix(),
        learning.digest,
        model.rule_weight,
    ])?;
    let mut insert = connection.prepare_cached("INSERT INTO topic_weight (topic, word, weight) VALUES (?1, ?2, ?3)")?;
    for (word, weight) in &model.words {
        insert.execute(params![learning.topic.as_str(), word, weight])?;
    }
    Ok(())
}

/// Deletes what a topic has learned.
pub(super) fn remove(connection: &Connection, topic: &TopicId) -> rusqlite::Result<()> {
    for sql in [
        "DELETE FROM topic_weight WHERE topic = ?1",
        "DELETE FROM topic_model WHERE topic = ?1",
    ] {
        connection.prepare_cached(sql)?.execute([topic.as_str()])?;
    }
    Ok(())
}

/// Returns when and from what a topic has last learned; `None` when it never has.
pub(in crate::store) fn learning(connection: &Connection, topic: &TopicId) -> rusqlite::Result<Option<TopicLearning>> {
    let mut statement = connection.prepare_cached("SELECT topic, labels, rule, learned, digest FROM topic_model WHERE topic = ?1")?;
    let learning = statement.query_row([topic.as_str()], |row| {
        let mut columns = Columns::new(row);
        Ok(TopicLearning {
            topic: columns.topic()?,
            label_count: unsigned(columns.next()?),
            rule: columns.next()?,
            learned: columns.time()?,
            digest: columns.next()?,
        })
    });
    learning.optional()
}

/// Returns the weights of a topic; `None` when it has learned none.
pub(in crate::store) fn model(connection: &Connection, topic: &TopicId) -> rusqlite::Result<Option<TopicModel>> {
    let mut statement = connection.prepare_cached("SELECT rule_weight FROM topic_model WHERE topic = ?1 AND digest IS NOT NULL")?;
    let Some(rule_weight) = statement.query_row([topic.as_str()], |row| row.get(0)).optional()? else {
        return Ok(None);
    };
    let mut statement = connection.prepare_cached("SELECT word, weight FROM topic_weight WHERE topic = ?1")?;
    let words = statement.query_map([topic.as_str()], |row| Ok((row.get(0)?, row.get(1)?)))?;
    Ok(Some(TopicModel {
        rule_weight,
        words: words.collect::<rusqlite::Result<_>>()?,
    }))
}

#[cfg(test)]
mod tests {
    use crate::model::{Changes, MarkKind, TopicModel};
    use crate::store::sample::{at, bare, learned, mark, store, topic};

    #[test]
    fn what_a_topic_learned_is_replaced_as_a_whole_and_deleted_with_the_topic() {
        let (_folder, store) = store();
        let (learning, model) = learned("mali");
        let apply = |changes: Changes| store.apply(changes).expect("applied");
        let learn = |(learning, model): (crate::model::TopicLearning, TopicModel)| Changes {
            learned_topics: vec![(learning, model)],
            ..Changes::default()
        };
        apply(learn(learned("eau")));
        apply(learn((learning.clone(), model.clone())));
        assert_eq!(store.topic_learning(&topic("mali")).expect("read"), Some(learning.clone()));
        assert_eq!(store.topic_model(&topic("mali")).expect("read"), Some(model));
        let fewer = TopicModel {
            rule_weight: 2.0,
            words: [("crue".to_owned(), 0.1)].into(),
        };
        apply(learn((learning.clone(), fewer.clone())));
        assert_eq!(store.topic_model(&topic("mali")).expect("read"), Some(fewer));
        let mut too_few = (learning, TopicModel::default());
        too_few.0.digest = None;
        apply(learn(too_few.clone()));
        assert_eq!(store.topic_learning(&topic("mali")).expect("read"), Some(too_few.0));
        assert_eq!(store.topic_model(&topic("mali")).expect("read"), None);
        apply(Changes {
            retired_topics: vec![topic("mali")],
            ..Changes::default()
        });
        assert_eq!(store.topic_learning(&topic("mali")).expect("read"), None);
        assert!(store.topic_model(&topic("eau")).expect("read").is_some());
    }

    #[test]
    fn labels_of_the_topic_are_counted_each_time_they_are_given() {
        let (_folder, store) = store();
        let label = |kind, slug: &str| {
            let mut event = mark(&bare("a", "1"), Some(topic(slug)));
            (event.kind, event.at) = (kind, at(1));
            store.add_mark(event).expect("added");
        };
        for (kind, slug) in [
            (MarkKind::Yes, "mali"),
            (MarkKind::No, "mali"),
            (MarkKind::Hide, "mali"),
            (MarkKind::Yes, "eau"),
        ] {
            label(kind, slug);
        }
        assert_eq!(store.label_count(&topic("mali")).expect("read"), 2);
        assert_eq!(store.labels(&topic("mali")).expect("read"), [(bare("a", "1").id, false)]);
    }
}
