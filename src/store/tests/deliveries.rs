//! What is to be told outside: once for each target, in order, until it has arrived.

use crate::model::{Changes, Delivery, DeliveryEnd, DeliveryKind, DeliveryResult, Digest128, NewDelivery};
use crate::store::Store;
use crate::store::sample::{alert, at, bare, delivery, delivery_result, prune_policy, store};
use std::time::Duration;

fn add(store: &Store, deliveries: Vec<NewDelivery>) {
    let changes = Changes {
        deliveries,
        ..Changes::default()
    };
    store.apply(changes).expect("applied");
}

fn waiting(store: &Store) -> Vec<Delivery> {
    store.waiting_deliveries(9).expect("deliveries")
}

fn events(store: &Store) -> Vec<String> {
    waiting(store).into_iter().map(|delivery| delivery.event).collect()
}

#[test]
fn an_event_is_told_once_to_each_target_in_order() {
    let (_folder, store) = store();
    let other = |event: &str| NewDelivery {
        target: Digest128::from_bytes([2; 16]),
        ..delivery(event)
    };
    add(
        &store,
        vec![delivery("story:2"), delivery("story:1"), other("story:1"), delivery("story:2")],
    );
    assert_eq!(events(&store), ["story:1", "story:2", "story:1"], "by target, then in order");
    assert_eq!(store.waiting_deliveries(1).expect("deliveries").len(), 2, "of each target");
    let last = waiting(&store).pop().expect("a delivery");
    store.end_delivery(delivery_result(last.number, DeliveryEnd::Sent)).expect("ended");
    add(&store, vec![delivery("story:1")]);
    assert_eq!(events(&store), ["story:1", "story:2"], "it was told");
    let names = ["story:1", "story:2", "story:3"].map(str::to_owned);
    let known = store.known_events(&names, Digest128::from_bytes([3; 16])).expect("events");
    assert_eq!(known, ["story:1", "story:2"]);
}

#[test]
fn a_failed_delivery_waits_and_one_that_was_given_up_is_counted() {
    let (_folder, store) = store();
    add(&store, vec![delivery("story:1"), delivery("story:2")]);
    let [first, second] = &waiting(&store)[..] else { panic!("two") };
    store
        .end_delivery(delivery_result(first.number, DeliveryEnd::Waits(at(60))))
        .expect("ended");
    let again = waiting(&store);
    assert_eq!((again[0].next, again[0].attempts, again[1].attempts), (at(60), 1, 0));
    assert_eq!(again[0].payload, "{}");
    store
        .end_delivery(delivery_result(second.number, DeliveryEnd::GivenUp))
        .expect("ended");
    let failed = |since| store.failed_deliveries(at(since)).expect("failures");
    let [one] = &failed(0)[..] else { panic!("one target") };
    assert_eq!(
        (one.waiting, one.given_up, one.since, one.detail.as_str()),
        (1, 1, at(6), "status 500")
    );
    assert_eq!(failed(9)[0].given_up, 0, "it was long ago");
    store.end_delivery(delivery_result(first.number, DeliveryEnd::Sent)).expect("ended");
    assert!(failed(9).is_empty() && waiting(&store).is_empty());
}

#[test]
fn a_feed_is_told_again_only_with_another_content() {
    let (_folder, store) = store();
    let ping = |content: u8, time| NewDelivery {
        kind: DeliveryKind::Hub,
        payload: "https://feeds.example.org/mali.xml".to_owned(),
        content: Some(Digest128::from_bytes([content; 16])),
        created: at(time),
        ..delivery("hub:mali.xml")
    };
    let sent = |delivery: &Delivery| DeliveryResult {
        content: delivery.content,
        ..delivery_result(delivery.number, DeliveryEnd::Sent)
    };
    let told = NewDelivery {
        is_told: true,
        ..delivery("story:9")
    };
    add(&store, vec![ping(1, 0), told]);
    let first = waiting(&store).pop().expect("a ping");
    store
        .end_delivery(delivery_result(first.number, DeliveryEnd::Waits(at(60))))
        .expect("ended");
    add(&store, vec![ping(2, 10)]);
    let second = waiting(&store).pop().expect("a ping");
    assert_eq!(
        (second.number, second.next, second.attempts, second.created),
        (first.number, at(60), 1, at(0)),
        "one ping"
    );
    // The feed has changed while the ping was under way: it has to be told once more.
    store.end_delivery(sent(&first)).expect("ended");
    assert_eq!(waiting(&store).len(), 1);
    store.end_delivery(sent(&second)).expect("ended");
    add(&store, vec![ping(2, 20)]);
    assert!(waiting(&store).is_empty(), "nothing has changed");
    add(&store, vec![ping(3, 30)]);
    let third = waiting(&store).pop().expect("a ping");
    assert_eq!(
        (third.next, third.attempts, third.payload.as_str()),
        (at(30), 0, "https://feeds.example.org/mali.xml")
    );
    store.end_delivery(sent(&third)).expect("ended");
    let later = at(0) + Duration::from_hours(2_000 * 24);
    while !store.prune(&prune_policy(), later).expect("pruned").is_done {}
    let known = store.known_events(&["story:9".to_owned()], Digest128::from_bytes([3; 16]));
    assert!(known.expect("events").is_empty(), "what else was told is forgotten after a month");
    add(&store, vec![ping(3, 40)]);
    assert!(waiting(&store).is_empty(), "what was told last is not forgotten");
}

#[test]
fn an_alert_is_told_once() {
    let (_folder, store) = store();
    let raised = crate::model::Alert {
        sent: None,
        ..alert("mali", &bare("a", "1"))
    };
    let changes = Changes {
        alerts: vec![raised.clone()],
        ..Changes::default()
    };
    store.apply(changes.clone()).expect("applied");
    assert_eq!(store.untold_alerts(at(6)).expect("alerts"), std::slice::from_ref(&raised));
    assert!(store.untold_alerts(at(7)).expect("alerts").is_empty(), "it was raised before");
    let told = Changes {
        told_alerts: vec![(raised, at(9))],
        ..Changes::default()
    };
    store.apply(told).expect("applied");
    store.apply(changes).expect("applied");
    assert!(store.untold_alerts(at(0)).expect("alerts").is_empty());
    assert_eq!(waiting(&store).len(), 0);
}
