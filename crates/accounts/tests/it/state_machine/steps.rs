//! What can happen to sessions, and how often.

use proptest::prelude::*;

use super::model::Moment;

/// Something that happens, and what passes before it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Step {
    pub(super) pause: Pause,
    pub(super) node: usize,
    pub(super) action: Action,
}

#[derive(Debug, Clone, Copy)]
pub(super) enum Pause {
    /// The clock may also be set back.
    Seconds(i64),
    /// Until so many seconds before the moment.
    Until(Moment, i64),
}

/// Numbers choose among what there is at that moment, counted from the newest.
#[derive(Debug, Clone, Copy)]
pub(super) enum Action {
    Nothing,
    SignIn,
    /// With the newest token of a session.
    Refresh {
        session: usize,
    },
    /// With any token that was ever given out.
    Replay {
        token: usize,
    },
    /// With any token that was ever given out.
    SignOut {
        token: usize,
    },
    EndFromElsewhere {
        session: usize,
    },
    RotateKey,
    Disable,
    Enable,
    CleanUp,
}

/// Most often the newest of what there is, or one of those before it.
fn choice() -> impl Strategy<Value = usize> + Clone {
    prop_oneof![8 => 0..4_usize, 1 => 0..100_usize]
}

fn pause() -> impl Strategy<Value = Pause> {
    use Moment::{Access, Idle, Newest, Reuse, Session};
    let moments = prop_oneof![6 => Just(Reuse), 3 => Just(Access), 1 => Just(Idle), 1 => Just(Newest), 1 => Just(Session)];
    let seconds = vec![1, 5, 9, 60, 299, 300, 86_400, 6 * 86_400, -1, -5, -11, -29, -31, -3_600];
    prop_oneof![
        4 => Just(Pause::Seconds(0)),
        3 => prop::sample::select(seconds).prop_map(Pause::Seconds),
        3 => (moments, 0..2_i64).prop_map(|(moment, before)| Pause::Until(moment, before)),
    ]
}

fn action() -> impl Strategy<Value = Action> {
    prop_oneof![
        2 => Just(Action::Nothing),
        3 => Just(Action::SignIn),
        8 => choice().prop_map(|session| Action::Refresh { session }),
        4 => Just(Action::Replay { token: 1 }),
        4 => choice().prop_map(|token| Action::Replay { token }),
        1 => choice().prop_map(|token| Action::SignOut { token }),
        1 => choice().prop_map(|session| Action::EndFromElsewhere { session }),
        1 => Just(Action::RotateKey),
        1 => Just(Action::Disable),
        2 => Just(Action::Enable),
        1 => Just(Action::CleanUp),
    ]
}

pub(super) fn steps() -> impl Strategy<Value = Vec<Step>> {
    let step = (pause(), 0..2_usize, action()).prop_map(|(pause, node, action)| Step { pause, node, action });
    prop::collection::vec(step, 1..=25)
}
