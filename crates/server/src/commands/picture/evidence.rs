//! What the judges know, rule by rule.

use std::fmt::Write as _;

use edge::judge::{Both, Evidence, Figures, Resting, Rule, Standing, Stream};
use edge::rollout::Slot;

use super::{INDENT, bar};

/// The rules of one stream, and how a release stands with them.
pub(super) fn table(evidence: &Evidence, candidate: Slot) -> String {
    let whose = match evidence.stream {
        Stream::Visitors => "rule",
        Stream::Probes => "our own requests",
    };
    let mut text = String::from("\n");
    let mut line = |[rule, candidate, incumbent, against, proven]: [&str; 5]| {
        let line = format!("{INDENT}{rule:<19} {candidate:>15} {incumbent:>15}  {against:<18} {proven:>6}");
        let _ = writeln!(text, "{}", line.trim_end());
    };
    line([whose, candidate.name(), candidate.other().name(), "against it", "proven"]);
    for standing in &evidence.rules {
        let rule = format!("{} ≤ {}", standing.rule, standing.bound());
        let [here, there] = counts(standing, evidence);
        line([&rule, &here, &there, &against(standing), &proven(standing)]);
    }
    text
}

/// The bad ones of how many, of both: requests, or connections of the pool.
fn counts(standing: &Standing, evidence: &Evidence) -> [String; 2] {
    let Both { candidate, incumbent } = standing.step;
    match (standing.rule, evidence.pool) {
        (Rule::Pool, Some(pool)) => [format!("{} of {}", pool.used, pool.size), String::new()],
        (Rule::Pool, None) => [String::new(), String::new()],
        _ => [candidate, incumbent].map(|Figures { requests, bad }| format!("{bad} of {requests}")),
    }
}

fn against(standing: &Standing) -> String {
    let has_requests = standing.rule == Rule::Pool || standing.step.candidate.requests > 0;
    let rests = match standing.resting {
        Some(Resting::NoIncumbent) => "nothing to compare with",
        Some(Resting::NoSource) => "not told by the app",
        _ if !has_requests => "no requests yet",
        Some(Resting::NoThreshold) => "other one not known yet",
        Some(Resting::WarmUp) => "it has just begun",
        None => return format!("{} {:>3.0} %", bar(standing.to_firing), standing.to_firing * 100.0),
    };
    rests.to_owned()
}

fn proven(standing: &Standing) -> String {
    match standing.proof {
        Some(proof) if proof.is_proven => "yes".to_owned(),
        Some(proof) => format!("{:.0} %", (proof.progress * 100.0).min(99.0)),
        None => String::new(),
    }
}
