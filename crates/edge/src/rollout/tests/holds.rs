//! What a rollout waits for.

use super::*;

#[test]
fn a_good_release_goes_step_by_step_to_all_visitors() {
    let mut play = Play::of(draft("10,50,100", "60s,30s,20s"));
    let mut weights = Vec::new();
    for _ in 0..130 {
        play.go_on(1, &seen(20, 0));
        weights.push(play.weight());
    }
    let expected = [(0, 9), (10, 60), (50, 30), (100, 31)];
    let expected: Vec<_> = expected.into_iter().flat_map(|(weight, seconds)| vec![weight; seconds]).collect();
    assert_eq!(weights, expected);
    assert_eq!(
        play.said(),
        [
            "ada began to roll out green of app.",
            "green gets 10 % of the visitors instead of 0 %: it is healthy.",
            "green gets 50 % of the visitors instead of 10 %: it is proven to keep its bounds.",
            "green gets 100 % of the visitors instead of 50 %: it is proven to keep its bounds.",
            "green has taken blue's place: it is proven to keep its bounds. Until 2026-11-24 09:02 UTC one can go back at once."
        ]
    );
}

#[test]
fn the_candidate_must_be_healthy_without_interruption_and_in_time() {
    let mut play = Play::of(Draft::default());
    let down = Seen { candidate: Health::Down, ..seen(0, 0) };
    play.go_on(9, &seen(0, 0));
    play.go_on(1, &down);
    play.go_on(9, &seen(0, 0));
    assert_eq!(play.weight(), 0);
    play.go_on(1, &seen(0, 0));
    assert_eq!(play.weight(), 10);

    let mut play = Play::of(Draft::default());
    play.go_on(299, &down);
    assert_eq!(play.decisions.len(), 1);
    play.go_on(1, &down);
    assert_eq!(play.last(), "green was taken back from 0 % to 0 %. green did not become healthy in time.");
}

#[test]
fn no_time_passes_a_step_without_evidence() {
    let mut play = Play::at_first_step(draft("10,100", "60s"));
    play.go_on(10, &seen(10, 0));
    play.go_on(20_000, &seen(0, 0));
    assert_eq!(play.weight(), 10);
    assert_eq!(
        play.said()[2],
        "green stays at 10 %: its hold is over, but it is not proven yet (errors: about 79 more requests are needed)."
    );
    assert_eq!(play.decisions.len(), 4, "it says so once, and that it asks for probes: {:?}", play.said());
    play.go_on(79, &seen(1, 0));
    assert_eq!(play.weight(), 100);
}

#[test]
fn each_step_is_proven_anew() {
    let mut play = Play::at_first_step(draft("10,50,100", "60s,60s"));
    play.go_on(60, &seen(20, 0));
    assert_eq!(play.weight(), 50);
    play.go_on(1000, &seen(0, 0));
    assert_eq!(play.weight(), 50);
}

#[test]
fn the_soak_needs_its_proof_too() {
    let mut play = Play::at_first_step(draft("100", "30s"));
    assert_eq!(play.weight(), 100);
    play.go_on(1000, &seen(0, 0));
    assert!(matches!(play.rollout.phase(), Phase::At { holding: Holding::Evidence, .. }));
    play.go_on(20, &seen(20, 0));
    assert!(matches!(play.rollout.phase(), Phase::Completed { is_warm: true, .. }));
}

#[test]
fn at_all_visitors_nothing_is_compared() {
    let mut play = Play::at_first_step(draft("100", "10m"));
    // Ten times as many errors as the few who are left on the other side, and within what is allowed.
    play.go_on(500, &seen(99, 1));
    assert_eq!(play.weight(), 100, "{:?}", play.said());
    let mut play = Play::at_first_step(draft("50,100", "10m"));
    play.go_on(500, &seen(99, 1));
    assert_eq!(play.weight(), 0, "{:?}", play.said());
}

#[test]
fn a_manual_step_waits_for_a_person_and_the_soak_does_not() {
    let mut play = Play::at_first_step(Draft { manual: true, ..draft("10,100", "30s,30s") });
    play.go_on(3600, &seen(20, 0));
    assert_eq!(play.weight(), 10);
    assert_eq!(play.last(), "green stays at 10 % until somebody promotes it; it keeps its bounds.");
    assert_eq!(play.decisions.len(), 3);
    play.order(Order::Promote).unwrap();
    assert_eq!(play.last(), "green gets 100 % of the visitors instead of 10 %: ada promoted it.");
    play.go_on(30, &seen(20, 0));
    assert!(matches!(play.rollout.phase(), Phase::Completed { .. }));
}

#[test]
fn a_night_in_which_nobody_watched_is_not_held() {
    let mut play = Play::at_first_step(draft("10,100", "4h"));
    play.go_on(60, &seen(20, 0));
    play.now += Duration::from_hours(8);
    play.go_on(1, &seen(20, 0));
    let Phase::At { held, .. } = play.rollout.phase() else { panic!("{:?}", play.said()) };
    assert_eq!(*held, Duration::from_secs(65));
    play.now -= Duration::from_hours(1);
    play.go_on(1, &seen(20, 0));
    assert!(matches!(play.rollout.phase(), Phase::At { held, .. } if *held == Duration::from_secs(65)));
}

#[test]
fn too_few_visitors_are_helped_out_by_probes_and_it_is_said() {
    let mut play = Play::at_first_step(draft("10,100", "20m"));
    for _ in 0..6 {
        assert_eq!(play.rollout.needs(), None);
        play.go_on(9, &seen(0, 0));
        play.go_on(1, &seen(1, 0));
    }
    assert_eq!(play.rollout.needs(), Some(Needs::Probes));
    assert_eq!(
        play.last(),
        "Too few visitors come to green: 6 requests so far, and at least 173 more are needed. Requests of our own are sent to both slots."
    );
    let probed = Seen { probes: Some(seen(1, 0).visitors), ..seen(0, 0) };
    play.go_on(1140, &probed);
    assert_eq!(
        play.last(),
        "green gets 100 % of the visitors instead of 10 %: it is proven to keep its bounds, by requests of our own, as too few others came."
    );
    assert_eq!(play.rollout.needs(), None, "the next step may have enough");
}

#[test]
fn enough_visitors_need_no_probes_even_if_the_proof_is_late() {
    let mut play = Play::at_first_step(draft("10,100", "60s"));
    let mut alike = seen(49, 1);
    alike.visitors.incumbent = Some(alike.visitors.candidate);
    play.go_on(200, &alike);
    assert_eq!((play.weight(), play.rollout.needs()), (10, None), "{:?}", play.said());
}

#[test]
fn probes_prove_nothing_against_the_visitors() {
    let mut play = Play::at_first_step(draft("10,100", "2m"));
    play.go_on(70, &seen(0, 0));
    assert_eq!(play.rollout.needs(), Some(Needs::Probes));
    play.go_on(1, &seen(0, 1));
    let probed = Seen { probes: Some(seen(5, 0).visitors), ..seen(0, 0) };
    play.go_on(600, &probed);
    assert_eq!(play.weight(), 10, "one visitor of one was failed");
    let good = Seen { probes: probed.probes, ..seen(1, 0) };
    play.go_on(49, &good);
    assert_eq!(play.weight(), 100, "one of fifty is what is allowed");
}
