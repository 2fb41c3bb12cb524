//! What is to be told outside, as the store's methods. They are made by [`Store::apply`].

use super::Store;
use super::error::StoreError;
use super::sqlite::{alert, delivery};
use crate::model::{Alert, Delivery, DeliveryResult, Digest128, FailedDeliveries, Timestamp};

impl Store {
    /// Returns the first `limit` waiting deliveries of each target, due or not, target after target, in the order in which they were made.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn waiting_deliveries(&self, limit: usize) -> Result<Vec<Delivery>, StoreError> {
        self.database.read(|connection| delivery::waiting(connection, limit))
    }

    /// Returns which of these events are stored for the target, told or not.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn known_events(&self, events: &[String], target: Digest128) -> Result<Vec<String>, StoreError> {
        self.database.read(|connection| delivery::known(connection, events, target))
    }

    /// Stores the result of an attempt.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub fn end_delivery(&self, result: DeliveryResult) -> Result<(), StoreError> {
        self.database.write(move |connection| delivery::end(connection, &result))
    }

    /// Returns what has failed of each target: what still waits, and what was given up since `since`.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn failed_deliveries(&self, since: Timestamp) -> Result<Vec<FailedDeliveries>, StoreError> {
        self.database.read(|connection| delivery::failed(connection, since))
    }

    /// Returns the alerts since `since` that nobody was told of yet, by time.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn untold_alerts(&self, since: Timestamp) -> Result<Vec<Alert>, StoreError> {
        self.database.read(|connection| alert::untold(connection, since))
    }
}
