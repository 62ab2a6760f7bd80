//! What people may tell a rollout, and when.

use super::*;

fn completed() -> Play {
    let mut play = Play::at_first_step(draft("100", "10s"));
    play.go_on(20, &seen(20, 0));
    play
}

#[test]
fn a_person_may_promote_what_is_not_proven_and_it_is_written_down() {
    let mut play = Play::at_first_step(draft("10,100", "4h,1h"));
    play.order(Order::Promote).unwrap();
    assert_eq!(play.weight(), 100);
    assert_eq!(
        play.last(),
        "green gets 100 % of the visitors instead of 10 %: ada promoted it, although it was not proven."
    );
    play.order(Order::Promote).unwrap();
    assert!(
        play.last().starts_with("green has taken blue's place: ada promoted it, although"),
        "{}",
        play.last()
    );
}

#[test]
fn what_cannot_be_done_is_refused_with_what_to_do() {
    type Case = (fn() -> Play, &'static [(Order, &'static str)]);
    let cases: [Case; 5] = [
        (
            || Play::of(Draft::default()),
            &[
                (
                    Order::Promote,
                    "green gets no visitors before it has been healthy for 10s. Wait, or abort.",
                ),
                (Order::Resume, "This rollout is not paused."),
            ],
        ),
        (
            || paused(Play::at_first_step(Draft::default())),
            &[
                (Order::Pause, "ada has paused this rollout already. Resume it to go on."),
                (Order::Promote, "ada has paused this rollout. Resume it first, then promote."),
            ],
        ),
        (
            completed,
            &[
                (Order::Promote, "This rollout is completed; to return to the old slot, go back."),
                (Order::Pause, "This rollout is completed; to return"),
                (Order::Abort, "This rollout is completed; to return"),
            ],
        ),
        (
            || ended(completed(), Order::Back),
            &[
                (Order::Back, "This rollout was taken back; start a new one."),
                (Order::Promote, "This rollout was taken back; start a new one."),
            ],
        ),
        (
            || ended(Play::of(Draft::default()), Order::Abort),
            &[
                (Order::Abort, "This rollout was ended; start a new one."),
                (Order::Resume, "This rollout was ended; start a new one."),
            ],
        ),
    ];
    for (play, refusals) in cases {
        for (order, words) in refusals {
            let mut play = play();
            let before = play.rollout.clone();
            let refused = play.order(*order).unwrap_err();
            assert!(refused.starts_with(words), "{order:?}: {refused}");
            assert_eq!(play.rollout, before, "{order:?}");
        }
    }
}

fn paused(play: Play) -> Play {
    ended(play, Order::Pause)
}

fn ended(mut play: Play, order: Order) -> Play {
    play.order(order).unwrap();
    play
}

#[test]
fn who_is_in_a_hurry_goes_back_at_any_time() {
    for order in [Order::Abort, Order::Back] {
        let mut play = paused(Play::at_first_step(Draft::default()));
        play.order(order).unwrap();
        assert_eq!(play.weight(), 0);
        assert_eq!(play.last(), "ada ended it: green goes from 10 % to 0 %.");
        assert!(play.rollout.phase().is_over());
    }
}

#[test]
fn a_pause_stops_the_check_too() {
    let mut play = Play::of(Draft::default());
    play.order(Order::Pause).unwrap();
    play.go_on(1000, &seen(0, 0));
    assert_eq!((play.weight(), play.rollout.phase().is_over()), (0, false));
    play.order(Order::Resume).unwrap();
    play.go_on(10, &seen(0, 0));
    assert_eq!(play.weight(), 10);
}
