//! What the gate has written down, as it stands in the audit log. Pure.

use audit::{Action, Entry, Source};
use edge::judge::Stream;
use edge::rollout::{Decision, Reason, What, Why};
use edge::{Happened, Record};
use serde_json::{Value, json};

use super::place::Break;
use crate::actions;

/// The entry, as nobody's who is known: who ordered it stands among the details.
pub(super) fn entry<'s>((action, details): &(Action, Value), source: &'s Source) -> Entry<'s> {
    Entry::of_installation(None, *action, source).with(details.clone())
}

/// What happened, and all that is known about it: what was decided by is the evidence.
pub(super) fn of_record(record: &Record) -> (Action, Value) {
    let Record { number, at, service, happened } = record;
    let said = record.to_string();
    let common = json!({ "service": service, "said": said, "record": number, "happened_at": at });
    let (action, more) = match happened {
        Happened::Decided(decision) => of_decision(decision),
        Happened::Closed { by, until, message } => {
            (actions::GATE_CLOSE, json!({ "by": by, "until": until, "message": message }))
        }
        Happened::Paused { by, until } => (actions::GATE_PAUSE, json!({ "by": by, "until": until })),
        Happened::Reopened { by } => (actions::GATE_OPEN, json!({ "by": by })),
        Happened::Untold { record } => (actions::GATE_HOOK_FAIL, json!({ "untold_record": record })),
    };
    (action, joined(common, more))
}

/// That something of the gate's history is not in the audit log, or may be there twice.
pub(super) fn of_break(found: &Break) -> (Action, Value) {
    let details = match found {
        Break::Missing { from, through } => {
            json!({ "reason": "gate_records_missing", "first_missing": from, "last_missing": through })
        }
        Break::Anew { last, next } => {
            json!({ "reason": "gate_begun_anew", "last_record": last, "next_record": next })
        }
    };
    (actions::GATE_HISTORY_BREAK, details)
}

fn of_decision(decision: &Decision) -> (Action, Value) {
    let Decision { candidate, what, evidence, .. } = decision;
    let (action, more) = of_what(what);
    let common = match evidence.as_slice() {
        [] => json!({ "candidate": candidate }),
        evidence => json!({ "candidate": candidate, "evidence": evidence }),
    };
    (action, joined(common, more))
}

fn of_what(what: &What) -> (Action, Value) {
    match what {
        What::Began { by, .. } => (actions::ROLLOUT_BEGIN, json!({ "by": by })),
        What::Weight { from, to, why } => {
            let moved = json!({ "from": from.to_string(), "to": to.to_string() });
            (actions::ROLLOUT_SHARE, joined(moved, of_why(why)))
        }
        What::Holding { at } => {
            (actions::ROLLOUT_WAIT, json!({ "share": at.to_string(), "reason": "rollout_unproven" }))
        }
        What::Gate { at } => {
            (actions::ROLLOUT_WAIT, json!({ "share": at.to_string(), "reason": "rollout_manual" }))
        }
        What::Probing { requests, lacking } => (
            actions::ROLLOUT_WAIT,
            json!({ "reason": "rollout_few_visitors", "requests": requests, "lacking": lacking }),
        ),
        What::Paused { by } => (actions::ROLLOUT_PAUSE, json!({ "by": by })),
        What::Resumed { by } => (actions::ROLLOUT_RESUME, json!({ "by": by })),
        What::Blocked { reason } => (actions::ROLLOUT_BLOCK, of_reason(reason)),
        What::RolledBack { from, reason } => {
            let moved = json!({ "share": from.to_string() });
            (actions::ROLLOUT_TAKE_BACK, joined(moved, of_reason(reason)))
        }
        What::Completed { warm_until, why } => {
            (actions::ROLLOUT_COMPLETE, joined(json!({ "warm_until": warm_until }), of_why(why)))
        }
        What::LetGo => (actions::ROLLOUT_LET_GO, Value::Null),
        What::Aborted { from, by } => {
            (actions::ROLLOUT_ABORT, json!({ "share": from.to_string(), "by": by }))
        }
    }
}

fn of_why(why: &Why) -> Value {
    match why {
        Why::Healthy => json!({ "reason": "rollout_healthy" }),
        Why::Proven { by: Stream::Visitors } => json!({ "reason": "rollout_proven" }),
        Why::Proven { by: Stream::Probes } => json!({ "reason": "rollout_proven_by_probes" }),
        Why::Promoted { by, is_proven: true } => json!({ "reason": "rollout_promoted", "by": by }),
        Why::Promoted { by, is_proven: false } => json!({ "reason": "rollout_promoted_unproven", "by": by }),
    }
}

fn of_reason(reason: &Reason) -> Value {
    match reason {
        Reason::Found(finding) => json!({ "reason": "rollout_rule_broken", "finding": finding }),
        Reason::Down => json!({ "reason": "rollout_down" }),
        Reason::NeverHealthy => json!({ "reason": "rollout_never_healthy" }),
        Reason::Ordered { by } => json!({ "reason": "rollout_ordered", "by": by }),
    }
}

fn joined(mut all: Value, more: Value) -> Value {
    if let (Value::Object(all), Value::Object(more)) = (&mut all, more) {
        all.extend(more);
    }
    all
}
