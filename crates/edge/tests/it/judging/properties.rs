//! What holds for a judge whatever it is shown.

use edge::judge::{Bounds, Counts, Evidence, Judge, PoolUse, Rule, Second, Signal, Stream, Tally};
use proptest::prelude::*;

use super::traffic::{judge, standing};

fn counts() -> impl Strategy<Value = Counts> {
    let count = || prop_oneof![4 => Just(0), 4 => 0..5_u32, 4 => 0..1000_u32, 1 => any::<u32>()];
    (count(), count()).prop_map(|(good, bad)| Counts { good, bad })
}

fn tally() -> impl Strategy<Value = Tally> {
    proptest::array::uniform4(counts()).prop_map(|all| {
        let mut tally = Tally::default();
        Signal::ALL.into_iter().zip(all).for_each(|(signal, counts)| tally.count(signal, counts));
        tally
    })
}

fn second() -> impl Strategy<Value = Second> {
    let pool = (0..20_u32, 0..20_u32).prop_map(|(used, size)| PoolUse { used, size });
    (tally(), proptest::option::weighted(0.8, tally()), proptest::option::of(pool))
        .prop_map(|(candidate, incumbent, pool)| Second { candidate, incumbent, pool })
}

fn seconds() -> impl Strategy<Value = Vec<Second>> {
    proptest::collection::vec(second(), 0..40)
}

fn shown(seconds: &[Second]) -> Judge {
    let mut judge = judge();
    for second in seconds {
        judge.look(second);
    }
    judge
}

fn numbers(evidence: &Evidence) -> impl Iterator<Item = f64> {
    evidence.rules.iter().flat_map(|it| {
        let proof = it.proof.into_iter().flat_map(|proof| [proof.log10_evidence, proof.progress]);
        [it.log10_evidence, it.to_firing].into_iter().chain(proof)
    })
}

/// One request of the candidate that failed instead of succeeding.
fn with_one_more_error(second: &Second) -> Second {
    let mut worse = Tally::default();
    for signal in Signal::ALL {
        let Counts { good, bad } = second.candidate.of(signal);
        let more = u32::from(signal == Signal::Errors && good > 0 && bad < u32::MAX);
        worse.count(signal, Counts { good: good - more, bad: bad + more });
    }
    Second { candidate: worse, ..*second }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(80))]

    #[test]
    fn every_number_is_one(seconds in seconds()) {
        let mut judge = judge();
        for second in &seconds {
            judge.look(second);
            let evidence = judge.evidence();
            prop_assert!(numbers(&evidence).all(f64::is_finite), "{evidence:?}");
            prop_assert!(evidence.rules.iter().all(|it| (0.0..=1.0).contains(&it.to_firing)));
        }
    }

    #[test]
    fn one_more_error_never_speaks_for_the_candidate(seconds in seconds(), at in any::<prop::sample::Index>()) {
        prop_assume!(!seconds.is_empty());
        let mut worse = seconds.clone();
        let at = at.index(worse.len());
        worse[at] = with_one_more_error(&worse[at]);
        let (before, after) = (shown(&seconds).evidence(), shown(&worse).evidence());
        for rule in [Rule::Errors, Rule::MoreErrors] {
            let (before, after) = (standing(&before, rule), standing(&after, rule));
            // Of billions of requests the last digits are lost.
            let rounding = 1e-4;
            // What is less than 1 : 1 speaks against nobody, and is not always worked out.
            let [before_log, after_log] = [before, after].map(|standing| standing.log10_evidence.max(0.0));
            prop_assert!(after_log >= before_log - rounding, "{before:?} {after:?}");
        }
    }

    #[test]
    fn the_order_within_a_second_does_not_matter(parts in proptest::collection::vec(tally(), 0..6)) {
        let sum = |parts: &mut dyn Iterator<Item = &Tally>| {
            parts.fold(Tally::default(), |mut sum, part| { sum.add(part); sum })
        };
        let (forth, back) = (sum(&mut parts.iter()), sum(&mut parts.iter().rev()));
        prop_assert_eq!(forth, back);
    }

    #[test]
    fn a_judge_that_was_written_down_goes_on_as_it_was(seconds in seconds(), next in seconds()) {
        let mut judge = shown(&seconds);
        let mut read: Judge = serde_json::from_str(&serde_json::to_string(&judge).unwrap()).unwrap();
        for second in &next {
            let (one, other) = (judge.look(second), read.look(second));
            // A number that was written in decimal may come back another in its last place.
            prop_assert_eq!(one.map(|it| (it.rule, it.to_string())), other.map(|it| (it.rule, it.to_string())));
        }
        prop_assert_eq!(judge.is_proven(), read.is_proven());
    }

    #[test]
    fn a_second_without_the_candidate_changes_no_evidence(seconds in seconds(), incumbent in tally()) {
        let mut judge = shown(&seconds);
        judge.look(&Second { candidate: Tally::default(), incumbent: Some(Tally::default()), pool: None });
        let before = judge.evidence();
        judge.look(&Second { candidate: Tally::default(), incumbent: Some(incumbent), pool: None });
        let after = judge.evidence();
        for (before, after) in before.rules.iter().zip(&after.rules).filter(|(it, _)| it.rule != Rule::Pool) {
            prop_assert_eq!(before.log10_evidence.to_bits(), after.log10_evidence.to_bits());
            prop_assert_eq!(before.proof.map(|it| it.log10_evidence), after.proof.map(|it| it.log10_evidence));
        }
    }

    #[test]
    fn without_an_incumbent_nothing_is_compared(seconds in seconds(), candidate in tally()) {
        let mut judge = shown(&seconds);
        let found = judge.look(&Second { candidate, incumbent: None, pool: None });
        prop_assert!(found.is_none_or(|finding| !finding.rule.is_relative()));
    }
}

#[test]
fn what_another_version_wrote_is_refused() {
    let text = serde_json::to_string(&judge()).unwrap();
    assert!(serde_json::from_str::<Judge>(&text).is_ok());
    for (this, other) in [
        (r#""stream":"visitors""#, r#""stream":"everybody""#),
        (r#""second":0"#, r#""second":0,"minute":0"#),
        (r#""logs":[0.0,0.0,"#, r#""logs":["#),
        (r#""logs":[0.0,"#, r#""logs":[null,"#),
        (r#""allowed":0.02"#, r#""allowed":2"#),
    ] {
        assert!(text.contains(this), "{this} is not in {text}");
        assert!(serde_json::from_str::<Judge>(&text.replacen(this, other, 1)).is_err(), "{other}");
    }
}

#[test]
fn rules_that_are_off_are_not_there() {
    let off = Bounds {
        unauthorized: None,
        slow: None,
        pool: None,
        more_errors: None,
        slower: None,
        ..Bounds::default()
    };
    let mut judge = Judge::new(Stream::Probes, &off);
    let mut unauthorized = Tally::default();
    unauthorized.count_good(400);
    unauthorized.count(Signal::Unauthorized, Counts { good: 0, bad: 400 });
    let full = Some(PoolUse { used: 9, size: 9 });
    let second = Second { candidate: unauthorized, incumbent: Some(unauthorized), pool: full };
    assert!((0..5).all(|_| judge.look(&second).is_none()));
    let rules: Vec<_> = judge.evidence().rules.iter().map(|it| it.rule).collect();
    assert_eq!(rules, [Rule::Errors]);
    assert!(judge.is_proven());
}
