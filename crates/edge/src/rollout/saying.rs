//! Decisions in words.

use super::decision::{Decision, Reason, What, Why};
use super::slot::Slot;
use crate::judge::words::{counted, grouped};
use crate::judge::{Evidence, Proving, Rule, Stream};

impl Decision {
    /// The decision in a sentence or two.
    pub(super) fn sentence(&self) -> String {
        let (candidate, incumbent) = (self.candidate, self.candidate.other());
        match &self.what {
            What::Began { service, by } => format!("{by} began to roll out {candidate} of {service}."),
            What::Weight { from, to, why } => {
                format!("{candidate} gets {to} of the visitors instead of {from}: {}.", because(why))
            }
            What::Holding { at } => {
                format!(
                    "{candidate} stays at {at}: its hold is over, but it is not proven yet{}.",
                    self.lacking()
                )
            }
            What::Gate { at } => {
                format!("{candidate} stays at {at} until somebody promotes it; it keeps its bounds.")
            }
            What::Probing { requests, lacking } => format!(
                "Too few visitors come to {candidate}: {} so far, and at least {} more are needed. Requests of our own are sent to both slots.",
                counted(*requests, "request"),
                grouped(*lacking)
            ),
            What::Paused { by } => {
                format!("{by} paused it. {candidate} keeps its visitors, and is still watched.")
            }
            What::Resumed { by } => format!("{by} resumed it."),
            What::Blocked { reason } => format!(
                "{candidate} should be taken back, but {incumbent} has no healthy target to go back to. {}",
                reason.sentence(candidate)
            ),
            What::RolledBack { from, reason } => {
                format!("{candidate} was taken back from {from} to 0 %. {}", reason.sentence(candidate))
            }
            What::Completed { warm_until, why } => format!(
                "{candidate} has taken {incumbent}'s place: {}. Until {} one can go back at once.",
                because(why),
                warm_until.format("%Y-%m-%d %H:%M UTC")
            ),
            What::LetGo => format!("{incumbent} is not kept any longer."),
            What::Aborted { from, by } => format!("{by} ended it: {candidate} goes from {from} to 0 %."),
        }
    }

    /// What is missing for the proof, by the visitors' requests.
    fn lacking(&self) -> String {
        let visitors = self.evidence.iter().find(|evidence| evidence.stream == Stream::Visitors);
        let lacking: Vec<_> = visitors.into_iter().flat_map(Evidence::lacking).map(lack).collect();
        if lacking.is_empty() { String::new() } else { format!(" ({})", lacking.join("; ")) }
    }
}

fn lack((rule, proof): (Rule, Proving)) -> String {
    let needed = match proof.about_requests {
        Some(requests) => format!("about {} are needed", counted(requests, "more request")),
        None => "what was seen is too near to the bound or beyond it".to_owned(),
    };
    format!("{rule}: {needed}")
}

fn because(why: &Why) -> String {
    match why {
        Why::Healthy => "it is healthy".to_owned(),
        Why::Proven { by: Stream::Visitors } => "it is proven to keep its bounds".to_owned(),
        Why::Proven { by: Stream::Probes } => {
            "it is proven to keep its bounds, by requests of our own, as too few others came".to_owned()
        }
        Why::Promoted { by, is_proven: true } => format!("{by} promoted it"),
        Why::Promoted { by, is_proven: false } => format!("{by} promoted it, although it was not proven"),
    }
}

impl Reason {
    /// It in a sentence or two, said of this candidate.
    pub fn sentence(&self, candidate: Slot) -> String {
        match self {
            Self::Found(finding) => finding.sentence(candidate.name(), candidate.other().name()),
            Self::Down => format!("None of {candidate}'s targets is healthy."),
            Self::NeverHealthy => format!("{candidate} did not become healthy in time."),
            Self::Ordered { by } => format!("{by} wanted it so."),
        }
    }
}
