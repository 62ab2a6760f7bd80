//! What holds for a rollout whatever happens to it.

use proptest::prelude::*;

use super::*;

#[derive(Debug, Clone, Copy)]
enum Event {
    Seconds(u32, Seen),
    Order(Order),
}

fn health() -> impl Strategy<Value = Health> {
    prop_oneof![9 => Just(Health::Healthy), 1 => Just(Health::Down)]
}

fn event() -> impl Strategy<Value = Event> {
    let bad = prop_oneof![9 => Just(0), 1 => 1..4_u32];
    let probes = prop_oneof![Just(None), (0..5_u32).prop_map(|good| Some(seen(good, 0).visitors))];
    let seconds = (1..90_u32, 0..40_u32, bad, health(), health(), probes).prop_map(
        |(seconds, good, bad, candidate, incumbent, probes)| {
            Event::Seconds(seconds, Seen { candidate, incumbent, probes, ..seen(good, bad) })
        },
    );
    let orders = [Order::Promote, Order::Pause, Order::Resume, Order::Abort, Order::Back];
    prop_oneof![6 => seconds, 1 => prop::sample::select(orders.to_vec()).prop_map(Event::Order)]
}

fn happen(play: &mut Play, event: &Event) {
    match event {
        Event::Seconds(seconds, seen) => play.go_on(*seconds, seen),
        Event::Order(order) => drop(play.order(*order)),
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn every_change_of_weight_is_a_decision(manual: bool, events in proptest::collection::vec(event(), 0..25)) {
        let mut play = Play::of(Draft { manual, ..draft("10,50,100", "60s,30s,30s") });
        for event in &events {
            happen(&mut play, event);
        }
        let mut weight = Weight::NONE;
        for decision in &play.decisions {
            match &decision.what {
                What::Weight { from, to, .. } => {
                    prop_assert_eq!(*from, weight);
                    prop_assert!(to > from, "visitors are taken away only all at once");
                    weight = *to;
                }
                What::RolledBack { from, .. } | What::Aborted { from, .. } => {
                    prop_assert_eq!(*from, weight);
                    weight = Weight::NONE;
                }
                _ => {}
            }
        }
        prop_assert_eq!(play.rollout.weight(), weight);
    }

    #[test]
    fn without_a_person_nothing_is_promoted_unproven(events in proptest::collection::vec(event(), 0..25)) {
        let mut play = Play::of(draft("10,50,100", "60s,30s,30s"));
        for event in events.iter().filter(|event| matches!(event, Event::Seconds(..))) {
            happen(&mut play, event);
        }
        for decision in &play.decisions {
            if let What::Weight { why: Why::Proven { by }, .. } | What::Completed { why: Why::Proven { by }, .. } = &decision.what {
                let evidence = decision.evidence.iter().find(|evidence| evidence.stream == *by);
                prop_assert!(evidence.is_some_and(Evidence::is_proven), "{decision:?}");
            }
        }
    }

    #[test]
    fn what_was_written_down_goes_on_as_it_was(
        before in proptest::collection::vec(event(), 0..15),
        after in proptest::collection::vec(event(), 0..10),
    ) {
        let mut play = Play::of(draft("10,50,100", "60s,30s,30s"));
        for event in &before {
            happen(&mut play, event);
        }
        let text = serde_json::to_string(&play.rollout).unwrap();
        let rollout = serde_json::from_str(&text).unwrap();
        let mut read = Play { rollout, now: play.now, decisions: play.decisions.clone() };
        for event in &after {
            happen(&mut play, event);
            happen(&mut read, event);
        }
        prop_assert_eq!(play.said(), read.said());
        let written = serde_json::to_string(&play.decisions).unwrap();
        let decisions: Vec<Decision> = serde_json::from_str(&written).unwrap();
        prop_assert_eq!(decisions.len(), play.decisions.len());
    }
}
