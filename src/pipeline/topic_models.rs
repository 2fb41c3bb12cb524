//! What topics with `learn = true` have learned, as rules are evaluated with it.

use super::prepare::{Prepared, PreparedTopic};
use crate::model::{Digest128, Digester, TopicId, TopicLearning, TopicModel};
use crate::store::{Store, StoreError};
use std::collections::BTreeMap;

/// The models of the topics that learn. Their weights are read only when entries are evaluated.
#[derive(Debug, Default)]
pub struct TopicModels {
    /// The digests of the weights.
    digests: BTreeMap<TopicId, Digest128>,
    weights: Option<BTreeMap<TopicId, TopicModel>>,
}

impl TopicModels {
    /// Reads what the topics have learned. Topics that do not learn are not looked up.
    ///
    /// # Errors
    /// [`StoreError`] when the store cannot be read.
    pub fn read(prepared: &Prepared, store: &Store) -> Result<Self, StoreError> {
        let mut models = Self::default();
        for prepared in prepared.topics.iter().filter(|prepared| prepared.topic.learn) {
            models.add(store.topic_learning(&prepared.topic.id)?);
        }
        models.load_weights(store)?;
        Ok(models)
    }

    /// Adds what one topic has learned; nothing when its labels were too few.
    pub(super) fn add(&mut self, learning: Option<TopicLearning>) {
        self.digests
            .extend(learning.and_then(|learning| Some((learning.topic, learning.digest?))));
    }

    /// Reads the weights, once.
    ///
    /// # Errors
    /// [`StoreError`] when the store cannot be read.
    pub fn load_weights(&mut self, store: &Store) -> Result<(), StoreError> {
        if self.weights.is_none() {
            let mut weights = BTreeMap::new();
            for topic in self.digests.keys() {
                weights.extend(store.topic_model(topic)?.map(|model| (topic.clone(), model)));
            }
            self.weights = Some(weights);
        }
        Ok(())
    }

    /// Returns the weights of a topic, when it has learned any; they have to be loaded.
    #[must_use]
    pub fn get(&self, topic: &TopicId) -> Option<&TopicModel> {
        self.weights.as_ref()?.get(topic)
    }

    /// Returns the digest of all that a topic's placements depend on besides the entries, the learned weights included.
    #[must_use]
    pub fn digest(&self, prepared: &PreparedTopic) -> Digest128 {
        let Some(learned) = self.digests.get(&prepared.topic.id) else {
            return prepared.digest;
        };
        let mut digester = Digester::new();
        digester.update(prepared.digest.as_bytes()).update(learned.as_bytes());
        digester.finish()
    }
}
