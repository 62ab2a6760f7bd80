//! What ends a rollout before its time, and what comes after.

use super::*;
use crate::judge::Rule;

fn down(candidate: Health, incumbent: Health) -> Seen {
    Seen { candidate, incumbent, ..seen(20, 0) }
}

#[test]
fn a_bad_release_is_taken_back_with_the_evidence() {
    let mut play = Play::at_first_step(Draft::default());
    play.go_on(30, &seen(20, 0));
    play.go_on(3, &seen(0, 1));
    assert_eq!(play.weight(), 0);
    let decision = play.decisions.last().unwrap();
    assert_eq!(
        decision.to_string(),
        "green was taken back from 10 % to 0 %. In 3 seconds green failed 3 of 3 requests, where 2 % are allowed; evidence 13,000 : 1."
    );
    let errors = decision.evidence[0].rules.iter().find(|it| it.rule == Rule::Errors).unwrap();
    assert_eq!((errors.step.candidate.requests, errors.step.candidate.bad), (603, 3));
    play.go_on(1000, &seen(20, 0));
    assert_eq!(play.decisions.len(), 3, "it is over");
}

#[test]
fn pauses_stop_the_clock_and_not_the_judge() {
    let mut play = Play::at_first_step(draft("10,100", "60s"));
    play.go_on(30, &seen(20, 0));
    play.order(Order::Pause).unwrap();
    play.go_on(1000, &seen(20, 0));
    assert_eq!(play.weight(), 10);
    play.order(Order::Resume).unwrap();
    play.go_on(29, &seen(20, 0));
    assert_eq!(play.weight(), 10);
    play.go_on(1, &seen(20, 0));
    assert_eq!(play.weight(), 100);
    play.order(Order::Pause).unwrap();
    play.go_on(5, &seen(0, 5));
    assert_eq!(play.weight(), 0);
    assert_eq!(play.rollout.paused(), None);
}

#[test]
fn probes_take_a_release_back_too_and_are_told_apart() {
    let mut play = Play::at_first_step(Draft::default());
    let probed = Seen { probes: Some(seen(0, 1).visitors), ..seen(20, 0) };
    play.go_on(3, &probed);
    assert_eq!(
        play.last(),
        "green was taken back from 10 % to 0 %. In 3 seconds green failed 3 of 3 probes, where 2 % are allowed; evidence 13,000 : 1."
    );
}

#[test]
fn a_candidate_without_healthy_targets_is_taken_back() {
    let mut play = Play::at_first_step(Draft::default());
    play.go_on(1, &down(Health::Down, Health::Healthy));
    assert_eq!(play.last(), "green was taken back from 10 % to 0 %. None of green's targets is healthy.");
}

#[test]
fn with_both_down_it_goes_back_to_what_was_there() {
    let mut play = Play::at_first_step(Draft::default());
    play.go_on(1, &down(Health::Down, Health::Down));
    assert_eq!(play.weight(), 0);
}

#[test]
fn nobody_is_sent_from_a_bad_release_to_a_dead_one() {
    let mut play = Play::at_first_step(Draft::default());
    let bad = Seen { incumbent: Health::Down, ..seen(0, 2) };
    play.go_on(100, &bad);
    assert_eq!(play.weight(), 10);
    assert_eq!(
        play.last(),
        "green should be taken back, but blue has no healthy target to go back to. In 2 seconds green failed 4 of 4 requests, where 2 % are allowed; evidence 470,000 : 1."
    );
    assert_eq!(play.decisions.len(), 3, "it is said once");
    let refused = play.order(Order::Promote).unwrap_err();
    assert!(refused.starts_with("green breaks its bounds and waits for blue"), "{refused}");
    play.go_on(3600, &Seen { incumbent: Health::Down, ..seen(20, 0) });
    assert_eq!(play.weight(), 10, "what was found is not forgotten, and nothing is promoted");
    play.go_on(1, &seen(20, 0));
    assert_eq!((play.weight(), play.rollout.blocked()), (0, None));
}

#[test]
fn the_old_slot_is_warm_for_a_day_and_one_goes_back_at_once() {
    let completed = || {
        let mut play = Play::at_first_step(draft("100", "10s"));
        play.go_on(20, &seen(20, 0));
        assert!(matches!(play.rollout.phase(), Phase::Completed { is_warm: true, .. }));
        play
    };
    let mut play = completed();
    play.go_on(100, &seen(0, 9));
    assert_eq!(play.weight(), 100, "nobody judges it any more");
    play.order(Order::Back).unwrap();
    assert_eq!(play.weight(), 0);
    assert_eq!(play.last(), "green was taken back from 100 % to 0 %. ada wanted it so.");

    let mut play = completed();
    play.now += Duration::from_hours(24);
    let refused = play.order(Order::Back).unwrap_err();
    assert_eq!(refused, "blue is not kept warm any longer. Start its release again, and a rollout to blue.");
    play.go_on(2, &seen(20, 0));
    assert_eq!(play.last(), "blue is not kept any longer.");
    assert!(play.rollout.phase().is_over());
}
