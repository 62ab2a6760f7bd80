//! The steps of a rollout, and for how long each is held.

use foundation::config::Period;
use serde::{Deserialize, Serialize};
use thiserror::Error;
use utoipa::ToSchema;

use super::Weight;

/// The longest that anything in a plan may take: a year.
const LONGEST: Period = Period::from_secs(366 * 24 * 3600);

/// A step: a share of the visitors, and how long it is held at the least.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Step {
    /// The candidate's share of the visitors.
    pub weight: Weight,
    /// How long, without pauses.
    pub hold: Period,
}

/// A plan that makes sense: growing steps of which the last is 100 %, whose hold is the soak.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Draft", into = "Draft")]
pub struct Plan {
    steps: Vec<Step>,
    rest: Draft,
}

/// A plan as somebody wrote it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
#[schema(as = RolloutPlan)]
pub struct Draft {
    /// The shares of the visitors, in hundredths: growing, the last 100.
    pub steps: Vec<u8>,
    /// For how long each step before 100 % is held. One more is the soak; none at all is [`hold`](Self::hold) for each.
    #[schema(value_type = Vec<String>)]
    pub holds: Vec<Period>,
    /// For how long a step is held when nothing is said.
    #[schema(value_type = String)]
    pub hold: Period,
    /// For how long the release must keep its bounds at 100 % when nothing is said.
    #[schema(value_type = String)]
    pub soak: Period,
    /// Whether a person decides before each step that its time has come.
    pub manual: bool,
    /// For how long the candidate must be healthy before it gets visitors.
    #[schema(value_type = String)]
    pub check: Period,
    /// After how long the check fails.
    #[schema(value_type = String)]
    pub check_limit: Period,
    /// For how long the old slot is kept after the end.
    #[schema(value_type = String)]
    pub warm: Period,
}

impl Default for Draft {
    fn default() -> Self {
        Self {
            steps: vec![10, 50, 100],
            holds: Vec::new(),
            hold: Period::from_secs(10 * 60),
            soak: Period::from_secs(15 * 60),
            manual: false,
            check: Period::from_secs(10),
            check_limit: Period::from_secs(5 * 60),
            warm: Period::DAY,
        }
    }
}

impl Draft {
    /// With steps like `10,50,100` and holds like `4h,2h`, which may be empty.
    ///
    /// # Errors
    /// What is neither a share nor a length of time.
    pub fn with(self, steps: &str, holds: &str) -> Result<Self, PlanError> {
        let steps = listed(steps).map(percent).collect::<Result<_, _>>()?;
        let holds = listed(holds).map(|text| text.parse().map_err(PlanError::Hold));
        Ok(Self { steps, holds: holds.collect::<Result<_, _>>()?, ..self })
    }
}

fn listed(text: &str) -> impl Iterator<Item = &str> {
    let is_empty = text.trim().is_empty();
    text.split(',').map(str::trim).filter(move |_| !is_empty)
}

fn percent(text: &str) -> Result<u8, PlanError> {
    let number = text.strip_suffix('%').unwrap_or(text).trim_end();
    number.parse().map_err(|_| PlanError::Step(text.to_owned()))
}

/// What is wrong with a plan.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum PlanError {
    /// A step that is no share.
    #[error("{0:?} is not a share of the visitors; write the steps as whole percentages, like 10,50,100")]
    Step(String),
    /// A hold that is no length of time.
    #[error("a hold is wrong: {0}")]
    Hold(String),
    /// Steps that do not grow to 100.
    #[error("the steps {0} do not grow from 1 or more to 100; write them like 10,50,100")]
    Steps(String),
    /// As many holds as fit nothing.
    #[error(
        "{} steps need {} holds, one for each step before 100 %, and if you like one more for the soak; {given} are given",
        .before + 1, .before
    )]
    Holds {
        /// How many there are.
        given: usize,
        /// How many steps are before 100 %.
        before: usize,
    },
    /// A check that cannot succeed.
    #[error(
        "the candidate must be healthy for {check}, and the check ends after {limit}: it could never succeed"
    )]
    Check {
        /// For how long it must be healthy.
        check: Period,
        /// When the check ends.
        limit: Period,
    },
    /// A length of time that nobody means.
    #[error("{given} is too long: nothing in a plan can take more than {LONGEST}")]
    Long {
        /// What of the plan.
        what: &'static str,
        /// How long.
        given: Period,
    },
}

impl TryFrom<Draft> for Plan {
    type Error = PlanError;

    fn try_from(draft: Draft) -> Result<Self, PlanError> {
        let Draft { hold, soak, check, check_limit, warm, .. } = draft;
        let one =
            [("hold", hold), ("soak", soak), ("check", check), ("check_limit", check_limit), ("warm", warm)];
        let mut periods = draft.holds.iter().map(|period| ("holds", *period)).chain(one);
        if let Some((what, given)) = periods.find(|(_, period)| *period > LONGEST) {
            return Err(PlanError::Long { what, given });
        }
        let weights = weights(&draft.steps)?;
        let holds = holds(&draft, weights.len() - 1)?;
        if draft.check_limit <= draft.check {
            return Err(PlanError::Check { check: draft.check, limit: draft.check_limit });
        }
        let steps = weights.into_iter().zip(holds).map(|(weight, hold)| Step { weight, hold });
        Ok(Self { steps: steps.collect(), rest: draft })
    }
}

fn weights(steps: &[u8]) -> Result<Vec<Weight>, PlanError> {
    let grow = steps.is_sorted_by(|less, more| less < more);
    let is_right = grow && steps.first().is_some_and(|first| *first > 0) && steps.last() == Some(&100);
    let weights = steps.iter().map(|step| Weight::try_from(*step)).collect::<Result<Vec<_>, _>>();
    let wrong = || PlanError::Steps(format!("{steps:?}"));
    weights.ok().filter(|_| is_right).ok_or_else(wrong)
}

/// One for each step, the soak included.
fn holds(draft: &Draft, before: usize) -> Result<Vec<Period>, PlanError> {
    let mut holds = draft.holds.clone();
    if holds.is_empty() {
        holds = vec![draft.hold; before];
    }
    match holds.len().checked_sub(before) {
        Some(0) => holds.push(draft.soak),
        Some(1) => {}
        _ => return Err(PlanError::Holds { given: holds.len(), before }),
    }
    Ok(holds)
}

impl From<Plan> for Draft {
    fn from(plan: Plan) -> Self {
        plan.rest
    }
}

impl Plan {
    /// The steps, the last of which is 100 %.
    pub fn steps(&self) -> &[Step] {
        &self.steps
    }

    /// Whether a person decides before each step that its time has come.
    pub fn is_manual(&self) -> bool {
        self.rest.manual
    }

    /// For how long the candidate must be healthy before it gets visitors.
    pub fn check(&self) -> Period {
        self.rest.check
    }

    /// After how long the check fails.
    pub fn check_limit(&self) -> Period {
        self.rest.check_limit
    }

    /// For how long the old slot is kept after the end.
    pub fn warm(&self) -> Period {
        self.rest.warm
    }

    pub(crate) fn weight(&self, step: usize) -> Weight {
        self.steps.get(step).map_or(Weight::NONE, |step| step.weight)
    }

    pub(crate) fn hold(&self, step: usize) -> Period {
        self.steps.get(step).map_or(self.rest.soak, |step| step.hold)
    }

    /// Whether a step is the soak.
    pub fn is_last(&self, step: usize) -> bool {
        step + 1 >= self.steps.len()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plan(steps: &str, holds: &str) -> Result<Vec<(u8, String)>, String> {
        let draft = Draft::default().with(steps, holds).map_err(|error| error.to_string())?;
        let plan = Plan::try_from(draft).map_err(|error| error.to_string())?;
        Ok(plan.steps().iter().map(|step| (step.weight.into(), step.hold.to_string())).collect())
    }

    #[test]
    fn holds_belong_to_the_steps_before_all_and_one_more_is_the_soak() {
        for (steps, holds, expected) in [
            ("10,50,100", "4h,2h", vec![(10, "4h"), (50, "2h"), (100, "15m")]),
            ("10%, 50 %, 100", "4h, 2h, 1h", vec![(10, "4h"), (50, "2h"), (100, "1h")]),
            ("25,100", "", vec![(25, "10m"), (100, "15m")]),
            ("100", "", vec![(100, "15m")]),
            ("100", "30m", vec![(100, "30m")]),
        ] {
            let expected: Vec<_> = expected.into_iter().map(|(step, hold)| (step, hold.to_owned())).collect();
            assert_eq!(plan(steps, holds), Ok(expected), "{steps} {holds}");
        }
    }

    #[test]
    fn nothing_takes_longer_than_a_year() {
        let long = || Period::from_secs(367 * 24 * 3600);
        let usual = Draft::default;
        for (what, draft) in [
            ("holds", Draft { holds: vec![long(), Period::SECOND], ..usual() }),
            ("hold", Draft { hold: long(), ..usual() }),
            ("soak", Draft { soak: long(), ..usual() }),
            ("check_limit", Draft { check_limit: long(), ..usual() }),
            ("warm", Draft { warm: long(), ..usual() }),
        ] {
            assert_eq!(Plan::try_from(draft).expect_err(what), PlanError::Long { what, given: long() });
        }
    }

    #[test]
    fn what_is_wrong_is_said() {
        for (steps, holds, said) in [
            ("10,many", "", "\"many\" is not a share"),
            ("10,300", "", "\"300\" is not a share"),
            ("10,50", "", "[10, 50] do not grow from 1 or more to 100"),
            ("0,100", "", "do not grow"),
            ("50,10,100", "", "do not grow"),
            ("10,10,100", "", "do not grow"),
            ("100,101", "", "do not grow"),
            ("", "", "do not grow"),
            ("10,,100", "", "\"\" is not a share"),
            ("10,100", "soon", "a hold is wrong: \"soon\""),
            (
                "10,50,100",
                "4h",
                "3 steps need 2 holds, one for each step before 100 %, and if you like one more for the soak; 1 are given",
            ),
            ("10,100", "1h,1h,1h", "2 steps need 1 holds"),
        ] {
            let error = plan(steps, holds).unwrap_err();
            assert!(error.contains(said), "{steps} {holds}: {error}");
        }
        let draft = Draft { check_limit: Period::SECOND, ..Draft::default() };
        assert!(Plan::try_from(draft).is_err());
    }

    #[test]
    fn a_plan_is_written_down_as_it_was_given_and_checked_when_it_is_read() {
        let plan = Plan::try_from(Draft::default()).unwrap();
        let text = serde_json::to_string(&plan).unwrap();
        assert_eq!(serde_json::from_str::<Plan>(&text).unwrap(), plan);
        assert!(serde_json::from_str::<Plan>(r#"{"steps": [50, 10, 100]}"#).is_err());
    }
}
