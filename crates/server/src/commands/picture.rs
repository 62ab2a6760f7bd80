//! How applications and their rollouts stand, drawn for a terminal of 80 columns. Pure.

mod evidence;

use std::fmt::Write as _;
use std::time::Duration;

use console::{StyledObject, style};
use edge::judge::{Evidence, Proving, Stream};
use edge::rollout::{Holding, Phase, Plan, Slot};
use edge::{Condition, Moment, Point, RolloutView, ServiceView, SlotView, TargetView};
use foundation::config::Period;
use indicatif::HumanCount;

/// Of a line.
const COLUMNS: usize = 80;
/// Of a bar.
const WIDTH: usize = 12;
const INDENT: &str = "  ";

/// An application with what both slots did in the last minute, and its rollout if there is one.
pub(super) fn of_service(service: &ServiceView, lately: &[Moment]) -> String {
    let mut text = format!("{}{}\n", style(&service.name).bold(), gate(service));
    for slot in &service.slots {
        text += &of_slot(slot, &sum(lately, slot.slot));
    }
    if let Some(rollout) = &service.rollout {
        let _ = writeln!(text, "\n{}", style(headline(rollout)).bold());
        text.extend(sentences(rollout).iter().map(|sentence| wrapped(sentence)));
        text.extend(judged(rollout).map(|evidence| evidence::table(evidence, rollout.candidate)));
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

fn of_slot(slot: &SlotView, lately: &Point) -> String {
    let weight = u8::from(slot.weight);
    let Point { requests, errors, p95_ms, .. } = lately;
    let p95 = p95_ms.map(|p95| format!(", p95 {p95:.0} ms")).unwrap_or_default();
    let mut text = format!(
        "{INDENT}{:<5}  {}  {weight:>3} %  last minute: {} requests, {} failed{p95}\n",
        slot.slot.name(),
        bar(f64::from(weight) / 100.0),
        HumanCount(*requests),
        HumanCount(*errors),
    );
    let mut below = |line: String| {
        let _ = writeln!(text, "{INDENT}{:<5}  {line}", "");
    };
    slot.targets.iter().map(of_target).for_each(&mut below);
    if slot.targets.is_empty() {
        below("no address in the settings".to_owned());
    }
    text
}

fn of_target(target: &TargetView) -> String {
    let under_way = match target.under_way {
        0 => String::new(),
        number => format!(", {number} under way"),
    };
    format!("{}  {}{under_way}", target.address, condition(target.condition))
}

fn condition(condition: Condition) -> StyledObject<&'static str> {
    match condition {
        Condition::Starting => style("starting").yellow(),
        Condition::Working => style("works").green(),
        Condition::Warming => style("works, with fewer requests at first").green(),
        Condition::LeftAlone => style("lost requests, and is asked last").red(),
        Condition::Broken => style("does not answer its checks").red(),
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

/// What decides: not the visitors' requests where there are none, and requests of our own instead.
fn judged(rollout: &RolloutView) -> impl Iterator<Item = &Evidence> {
    let all = &rollout.evidence;
    all.iter().filter(|evidence| all.len() == 1 || evidence.requests() > 0)
}

/// Where a rollout is.
fn headline(rollout: &RolloutView) -> String {
    let candidate = rollout.candidate.name();
    match &rollout.phase {
        Phase::Checking { .. } => format!("{candidate} is checked before it gets visitors"),
        Phase::At { step, held, .. } => {
            let of = Plan::try_from(rollout.plan.clone()).ok().and_then(|plan| {
                let whole_hold = plan.steps().get(*step)?.hold;
                let held = whole((*held).min(whole_hold.into()));
                Some(format!(" · step {} of {} · {held} of {whole_hold}", step + 1, plan.steps().len()))
            });
            format!("{candidate} at {}{}", rollout.weight, of.unwrap_or_default())
        }
        Phase::Completed { .. } => format!("{candidate} has taken over"),
        Phase::RolledBack { .. } => format!("{candidate} was taken back"),
        Phase::Aborted { by, .. } => format!("{by} has ended the rollout of {candidate}"),
    }
}

/// What it waits for, and what is unusual.
fn sentences(rollout: &RolloutView) -> Vec<String> {
    let paused = rollout
        .paused
        .as_ref()
        .map(|paused| format!("Paused by {} since {}.", paused.by, paused.since.format("%F %T UTC")));
    let candidate = rollout.candidate;
    let blocked = rollout.blocked.as_ref().map(|reason| {
        let other = candidate.other();
        let why = reason.sentence(candidate);
        format!("It should be taken back, but {other} has no healthy target to go back to. {why}")
    });
    let by_hand = (rollout.is_running() && rollout.plan.manual)
        .then(|| "Somebody promotes it before each step (--manual).".to_owned());
    let probes =
        rollout.is_running() && rollout.evidence.iter().any(|evidence| evidence.stream == Stream::Probes);
    let probing = probes
        .then(|| "Too few visitors come: requests of our own are sent to both slots, and judged.".to_owned());
    [waits_for(rollout), probing, by_hand, paused, blocked].into_iter().flatten().collect()
}

fn waits_for(rollout: &RolloutView) -> Option<String> {
    Some(match &rollout.phase {
        Phase::Checking { healthy, .. } if healthy.is_zero() => "It is not healthy yet.".to_owned(),
        Phase::Checking { healthy, .. } => {
            format!("It is healthy for {} of {}.", whole(*healthy), rollout.plan.check)
        }
        Phase::At { holding: Holding::Evidence, .. } => {
            format!("It stays here until it is proven to keep its bounds{}.", lacking(rollout))
        }
        Phase::At { holding: Holding::Gate, .. } => {
            "It keeps its bounds, and waits for: mainstay rollout promote".to_owned()
        }
        Phase::Completed { is_warm: true, warm_until, .. } => {
            let until = warm_until.format("%F %H:%M UTC");
            format!("Until {until} one can return at once: mainstay rollout back")
        }
        Phase::RolledBack { reason, .. } => reason.sentence(rollout.candidate),
        Phase::At { holding: Holding::Time, .. } | Phase::Completed { .. } | Phase::Aborted { .. } => {
            return None;
        }
    })
}

/// How many more requests the proof takes, by whatever stream is the nearest to it.
fn lacking(rollout: &RolloutView) -> String {
    let needed = |(_, proof): (_, Proving)| proof.about_requests;
    let of = |evidence: &Evidence| {
        let all: Option<Vec<_>> = evidence.lacking().map(needed).collect();
        all?.into_iter().max()
    };
    match rollout.evidence.iter().filter_map(of).min() {
        Some(requests) => format!(": about {} more requests", HumanCount(requests)),
        None => ", and is too near to them or beyond them by now".to_owned(),
    }
}

fn wrapped(sentence: &str) -> String {
    let options = textwrap::Options::new(COLUMNS).initial_indent(INDENT).subsequent_indent(INDENT);
    textwrap::fill(sentence, options) + "\n"
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

#[cfg(test)]
mod tests;
