//! What a judge says of each of its rules.

use super::Judge;
use super::absolute::Absolute;
use super::cusum::{Both, Cusum, EVIDENCE, EVIDENCE_BESIDE};
use super::evidence::{Evidence, Proving, Resting, Standing, progress};
use super::finding::{Finding, Grounds};
use super::pool::Pool;
use super::proof::PROOF;
use super::relative::Relative;
use super::rule::Rule;
use super::words::float;

impl Judge {
    /// How the release stands with every rule that is on.
    pub fn evidence(&self) -> Evidence {
        let absolutes = self.absolutes().map(|(rule, it)| self.absolute_standing(rule, it));
        let relatives = self.relatives().map(|(rule, it)| self.relative_standing(rule, it));
        let mut rules: Vec<_> = absolutes.chain(relatives).collect();
        rules.extend(self.pool.as_ref().map(pool_standing));
        Evidence { stream: self.stream, rules, pool: self.pool.as_ref().and_then(Pool::last) }
    }

    /// Which rules are broken by now.
    pub(super) fn findings(&self) -> impl Iterator<Item = Finding> {
        let absolutes = self.absolutes().filter(|(_, it)| it.fires());
        let absolutes = absolutes
            .map(|(rule, it)| self.finding(rule, it.allowed().into(), self.grounds(it.cusum(), it.step())));
        let relatives = self.relatives().filter(|(_, it)| self.is_compared && it.fires());
        let relatives = relatives
            .map(|(rule, it)| self.finding(rule, it.allowed().into(), self.grounds(it.cusum(), it.step())));
        absolutes.chain(relatives).chain(self.pool_finding())
    }

    fn pool_finding(&self) -> Option<Finding> {
        let pool = self.pool.as_ref()?;
        let looks = pool.fires()?.to_vec();
        Some(self.finding(Rule::Pool, pool.allowed().into(), Grounds::Pool { looks }))
    }

    fn finding(&self, rule: Rule, allowed: f64, grounds: Grounds) -> Finding {
        Finding { stream: self.stream, rule, allowed, grounds }
    }

    fn grounds(&self, cusum: &Cusum, step: Both) -> Grounds {
        let (seconds, lately) = cusum.lately(self.second);
        Grounds::Requests { seconds, lately, step, log10_evidence: decimal(cusum.log()) }
    }

    pub(super) fn absolutes(&self) -> impl Iterator<Item = (Rule, &Absolute)> {
        let errors = Some((Rule::Errors, &self.errors));
        let unauthorized = self.unauthorized.as_ref().map(|it| (Rule::Unauthorized, it));
        let slow = self.slow.as_ref().map(|it| (Rule::Slow, it));
        [errors, unauthorized, slow].into_iter().flatten()
    }

    fn relatives(&self) -> impl Iterator<Item = (Rule, &Relative)> {
        let errors = self.more_errors.as_ref().map(|it| (Rule::MoreErrors, it));
        let slower = self.slower.as_ref().map(|it| (Rule::Slower, it));
        [errors, slower].into_iter().flatten()
    }

    fn absolute_standing(&self, rule: Rule, it: &Absolute) -> Standing {
        let resting = (rule == Rule::Slow && self.is_warming_up()).then_some(Resting::WarmUp);
        Standing {
            resting,
            proof: Some(proving(it)),
            ..standing(rule, it.allowed().into(), it.cusum(), it.step())
        }
    }

    fn relative_standing(&self, rule: Rule, it: &Relative) -> Standing {
        let resting = match rule {
            _ if !self.is_compared => Some(Resting::NoIncumbent),
            Rule::Slower if self.threshold.is_none() => Some(Resting::NoThreshold),
            Rule::Slower if self.is_warming_up() => Some(Resting::WarmUp),
            _ => None,
        };
        Standing { resting, ..standing(rule, it.allowed().into(), it.cusum(), it.step()) }
    }
}

fn standing(rule: Rule, allowed: f64, cusum: &Cusum, step: Both) -> Standing {
    let log = cusum.log();
    let enough = if rule.is_relative() { EVIDENCE_BESIDE } else { EVIDENCE };
    let to_firing = progress(log, enough);
    Standing { rule, allowed, resting: None, step, log10_evidence: decimal(log), to_firing, proof: None }
}

fn pool_standing(pool: &Pool) -> Standing {
    let resting = pool.last().is_none().then_some(Resting::NoSource);
    Standing {
        rule: Rule::Pool,
        allowed: pool.allowed().into(),
        resting,
        step: Both::default(),
        log10_evidence: 0.0,
        to_firing: pool.progress(),
        proof: None,
    }
}

fn proving(it: &Absolute) -> Proving {
    let log = it.proof().log();
    let candidate = it.step().candidate;
    // Without requests nothing is known; one supposes the best.
    let share = float(candidate.bad) / float(candidate.requests.max(1));
    Proving {
        log10_evidence: decimal(log),
        progress: progress(log, PROOF),
        is_proven: it.proof().is_enough(),
        least_requests: it.lacking(0.0),
        about_requests: it.lacking(share),
    }
}

/// The decimal logarithm from the natural one.
fn decimal(log: f64) -> f64 {
    log * std::f64::consts::LOG10_E
}
