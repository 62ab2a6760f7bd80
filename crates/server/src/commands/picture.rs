//! How applications and their rollouts stand, drawn for a terminal. Pure.

use std::fmt::Write as _;
use std::time::Duration;

use edge::judge::{Both, Evidence, Figures, Proving, Resting, Standing, Stream};
use edge::rollout::{Holding, Phase, Plan, Slot};
use edge::{Condition, Moment, Point, RolloutView, ServiceView, SlotView};
use foundation::config::Period;

/// Of a bar.
const WIDTH: usize = 20;

/// An application with what both slots did in the last minute, and its rollout if there is one.
pub(super) fn of_service(service: &ServiceView, lately: &[Moment]) -> String {
    let mut text = format!("{}{}\n", service.name, gate(service));
    for slot in &service.slots {
        let _ = writeln!(text, "{}", slot_line(slot, &sum(lately, slot.slot)));
    }
    if let Some(rollout) = &service.rollout {
        let _ = writeln!(text, "\n{}", headline(rollout));
        for evidence in &rollout.evidence {
            text += &rules(evidence, rollout);
        }
    }
    text
}

fn gate(service: &ServiceView) -> String {
    let until = service.gate_until.map(|until| format!(" until {}", until.format("%F %T UTC")));
    match service.gate.as_str() {
        "open" => String::new(),
        gate => format!(" · {gate}{}", until.unwrap_or_default()),
    }
}

fn slot_line(slot: &SlotView, lately: &Point) -> String {
    let weight = u8::from(slot.weight);
    let targets: Vec<_> = slot
        .targets
        .iter()
        .map(|target| format!("{} {}", target.address, condition(target.condition)))
        .collect();
    let targets = if targets.is_empty() { "nothing configured".to_owned() } else { targets.join(", ") };
    let Point { requests, errors, p95_ms, .. } = lately;
    let p95 = p95_ms.map(|p95| format!(", p95 {p95:.0} ms")).unwrap_or_default();
    format!(
        "  {:<5} {} {weight:>3} %  last minute {requests} requests, {errors} failed{p95}  {targets}",
        slot.slot.name(),
        bar(f64::from(weight) / 100.0)
    )
}

fn condition(condition: Condition) -> &'static str {
    match condition {
        Condition::Starting => "starting",
        Condition::Working => "works",
        Condition::Warming => "warming up",
        Condition::LeftAlone => "left alone for a while",
        Condition::Broken => "does not answer",
    }
}

/// Both add up; of percentiles the worst second's.
fn sum(moments: &[Moment], slot: Slot) -> Point {
    let points = moments.iter().map(|moment| match slot {
        Slot::Blue => moment.blue,
        Slot::Green => moment.green,
    });
    points.fold(Point::default(), |all, point| Point {
        requests: all.requests + point.requests,
        errors: all.errors + point.errors,
        unauthorized: all.unauthorized + point.unauthorized,
        p95_ms: all.p95_ms.into_iter().chain(point.p95_ms).reduce(f64::max),
    })
}

fn headline(rollout: &RolloutView) -> String {
    let candidate = rollout.candidate.name();
    let paused =
        rollout.paused.as_ref().map(|paused| format!(" · paused by {}", paused.by)).unwrap_or_default();
    let plan = Plan::try_from(rollout.plan.clone()).ok();
    let what = match &rollout.phase {
        Phase::Checking { healthy, .. } => {
            format!("{candidate} is checked before it gets visitors: healthy for {}", whole(*healthy))
        }
        Phase::At { step, held, holding } => {
            let of = plan.map_or_else(String::new, |plan| {
                let hold =
                    plan.steps().get(*step).map(|step| format!(" of {}", step.hold)).unwrap_or_default();
                format!("step {} of {}, {}{hold}", step + 1, plan.steps().len(), whole(*held))
            });
            format!("{candidate} at {} · {of} · {}", rollout.weight, waits_for(*holding))
        }
        Phase::Completed { is_warm: true, warm_until, .. } => format!(
            "{candidate} has taken over; one can go back at once until {}",
            warm_until.format("%F %H:%M UTC")
        ),
        Phase::Completed { .. } => format!("{candidate} has taken over"),
        Phase::RolledBack { .. } => format!("{candidate} was taken back; see: mainstay rollout history"),
        Phase::Aborted { by, .. } => format!("{by} has ended the rollout of {candidate}"),
    };
    format!("{what}{paused}")
}

fn waits_for(holding: Holding) -> &'static str {
    match holding {
        Holding::Time => "the hold goes on",
        Holding::Evidence => "holds until it is proven",
        Holding::Gate => "waits for: mainstay rollout promote",
    }
}

fn rules(evidence: &Evidence, rollout: &RolloutView) -> String {
    let whose = match evidence.stream {
        Stream::Visitors => "rule",
        Stream::Probes => "rule (our own requests)",
    };
    let candidate = rollout.candidate.name();
    let other = rollout.candidate.other().name();
    let mut text = format!("  {whose:<34} {candidate:>12} {other:>14}   {:<26} proven\n", "against it");
    for standing in &evidence.rules {
        let _ = writeln!(text, "  {}", rule(standing));
    }
    text
}

fn rule(standing: &Standing) -> String {
    let Standing { rule, allowed, resting, step: Both { candidate, incumbent }, to_firing, proof, .. } =
        standing;
    let bound = if rule.is_relative() {
        format!("{allowed} times as often")
    } else {
        format!("{} %", allowed * 100.0)
    };
    let name = format!("{rule} ≤ {bound}");
    let against = match resting {
        Some(resting) => rests(*resting).to_owned(),
        None => format!("{} {:>3.0} %", bar(*to_firing), to_firing * 100.0),
    };
    let proven = proof.as_ref().map(proof_words).unwrap_or_default();
    format!("{name:<34} {:>12} {:>14}   {against:<26} {proven}", share(*candidate), share(*incumbent))
}

fn share(Figures { requests, bad }: Figures) -> String {
    format!("{bad} of {requests}")
}

fn rests(resting: Resting) -> &'static str {
    match resting {
        Resting::NoIncumbent => "nothing to compare with",
        Resting::NoThreshold => "the old one is not known yet",
        Resting::WarmUp => "warming up",
        Resting::NoSource => "the application tells nothing",
    }
}

fn proof_words(proof: &Proving) -> String {
    if proof.is_proven {
        return "yes".to_owned();
    }
    let more = proof.about_requests.or(proof.least_requests);
    let more = more.map(|more| format!(", about {more} more requests")).unwrap_or_default();
    format!("{:.0} %{more}", proof.progress * 100.0)
}

fn bar(part: f64) -> String {
    let filled = (1..=WIDTH).filter(|at| float(*at) - 0.5 <= part * float(WIDTH)).count();
    "█".repeat(filled) + &"░".repeat(WIDTH - filled)
}

fn float(number: usize) -> f64 {
    u32::try_from(number).map_or(f64::MAX, f64::from)
}

fn whole(duration: Duration) -> Period {
    Period::from_secs(duration.as_secs())
}
