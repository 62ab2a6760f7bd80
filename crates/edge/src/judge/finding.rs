//! What a judge has found, with all that a person needs to check it.

use std::fmt;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::cusum::{Both, Figures};
use super::rule::Rule;
use super::tally::PoolUse;
use super::words::{counted, grouped, odds, percent};

/// Whose requests were judged.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = GateStream)]
pub enum Stream {
    /// People's and programs'.
    Visitors,
    /// Our own, sent to both arms because there are too few others.
    Probes,
}

/// A rule was broken.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = GateFinding)]
pub struct Finding {
    /// Whose requests show it.
    pub stream: Stream,
    /// Which rule.
    pub rule: Rule,
    /// Its bound: a share of requests or connections; for rules beside the incumbent, a ratio.
    pub allowed: f64,
    /// What shows it.
    pub grounds: Grounds,
}

/// What shows that a rule was broken.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
#[schema(as = GateGrounds)]
pub enum Grounds {
    /// Requests.
    Requests {
        /// In how many seconds the evidence came together, up to now.
        seconds: u64,
        /// The requests of these seconds.
        lately: Both,
        /// The requests since the step began.
        step: Both,
        /// The decimal logarithm of the e-value: how many times as likely this is, if the rule is broken.
        log10_evidence: f64,
    },
    /// Looks at the pool, one after the other.
    Pool {
        /// What was seen.
        looks: Vec<PoolUse>,
    },
}

impl Finding {
    /// The finding in a sentence, with the names of the two releases.
    pub fn sentence(&self, candidate: &str, incumbent: &str) -> String {
        match &self.grounds {
            Grounds::Pool { looks } => self.pool_sentence(candidate, looks),
            Grounds::Requests { seconds, lately, log10_evidence, .. } => {
                let time = counted(*seconds, "second");
                let deed = self.deed(candidate, incumbent, lately);
                format!("In {time} {deed}; evidence {}.", odds(*log10_evidence))
            }
        }
    }

    fn deed(&self, candidate: &str, incumbent: &str, lately: &Both) -> String {
        let did = self.rule.deed();
        let what = match self.stream {
            Stream::Visitors => "request",
            Stream::Probes => "probe",
        };
        let share = |Figures { requests, bad }: Figures| {
            let bad = grouped(bad);
            format!("{bad} of {}", counted(requests, what))
        };
        let candidate_did = format!("{candidate} {did} {}", share(lately.candidate));
        if self.rule.is_relative() {
            let incumbent_did = format!("{incumbent} {}", share(lately.incumbent));
            return format!(
                "{candidate_did}, and {incumbent_did}, where {} times as often is allowed",
                self.allowed
            );
        }
        format!("{candidate_did}, where {} are allowed", percent(self.allowed))
    }

    fn pool_sentence(&self, candidate: &str, looks: &[PoolUse]) -> String {
        let look = |look: &PoolUse| format!("{} of {}", look.used, look.size);
        let looks = looks.iter().map(look).collect::<Vec<_>>().join(", then ");
        let allowed = percent(self.allowed);
        format!("{candidate} held {looks} database connections, where {allowed} are allowed.")
    }

    /// How strong the evidence is, to tell which of several findings says the most.
    pub(crate) fn strength(&self) -> f64 {
        match self.grounds {
            Grounds::Requests { log10_evidence, .. } => log10_evidence,
            Grounds::Pool { .. } => 0.0,
        }
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.sentence("the new release", "the old one"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn finding(stream: Stream, rule: Rule, allowed: f64) -> Finding {
        let lately = Both {
            candidate: Figures { requests: 41, bad: 7 },
            incumbent: Figures { requests: 1358, bad: 2 },
        };
        let grounds = Grounds::Requests { seconds: 6, lately, step: lately, log10_evidence: 4.3617 };
        Finding { stream, rule, allowed, grounds }
    }

    #[test]
    fn a_person_understands_it() {
        assert_eq!(
            finding(Stream::Visitors, Rule::Errors, 0.02).sentence("green", "blue"),
            "In 6 seconds green failed 7 of 41 requests, where 2 % are allowed; evidence 23,000 : 1."
        );
        assert_eq!(
            finding(Stream::Probes, Rule::Slower, 1.25).sentence("green", "blue"),
            "In 6 seconds green was slower than before in 7 of 41 probes, and blue 2 of 1,358 probes, where 1.25 times as often is allowed; evidence 23,000 : 1."
        );
        let looks = vec![PoolUse { used: 10, size: 10 }; 3];
        let pool = Finding {
            stream: Stream::Visitors,
            rule: Rule::Pool,
            allowed: 0.95,
            grounds: Grounds::Pool { looks },
        };
        assert_eq!(
            pool.to_string(),
            "the new release held 10 of 10, then 10 of 10, then 10 of 10 database connections, where 95 % are allowed."
        );
    }

    #[test]
    fn what_is_written_down_is_read_again() {
        let finding = finding(Stream::Visitors, Rule::MoreErrors, 1.5);
        let text = serde_json::to_string(&finding).unwrap();
        assert_eq!(serde_json::from_str::<Finding>(&text).unwrap(), finding);
    }
}
