//! Random histories, and everything that somebody without the key may do to them.

use foundation::{Ambient, RootKey, Uuid};
use proptest::prelude::*;
use proptest::sample::Index;
use serde_json::json;
use testkit::TestAmbient;

use super::{Finding, Report, Trust, Verifier};
use crate::chain::End;
use crate::content::digest;
use crate::entities::entries::Model;
use crate::{Action, Checkpoint, Entry, Ledger, LedgerKeys, Outcome, Source};

/// One step of a history.
#[derive(Debug, Clone)]
enum Step {
    Entry { person: u8, action: &'static str, succeeded: bool, agent: Option<String>, details: String },
    Checkpoint,
}

fn step() -> impl Strategy<Value = Step> {
    let action = prop::sample::select(vec!["sign_in", "sign_out", "role_change"]);
    let entry = (any::<u8>(), action, any::<bool>(), prop::option::of("\\PC{0,10}"), "\\PC{0,10}");
    let entry = entry.prop_map(|(person, action, succeeded, agent, details)| Step::Entry {
        person,
        action,
        succeeded,
        agent,
        details,
    });
    prop_oneof![4 => entry, 1 => Just(Step::Checkpoint)]
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    // One entry at least, and a checkpoint at the end.
    (Just(Step::Checkpoint), prop::collection::vec(step(), 1..20), step()).prop_map(
        |(last, mut steps, first)| {
            steps.insert(0, first);
            steps.push(Step::Entry {
                person: 0,
                action: "sign_in",
                succeeded: true,
                agent: None,
                details: String::new(),
            });
            steps.push(last);
            steps
        },
    )
}

/// A ledger as it would be read.
#[derive(Debug, Clone)]
struct Read {
    entries: Vec<Model>,
    checkpoints: Vec<Checkpoint>,
    end: End,
}

fn keys() -> LedgerKeys {
    LedgerKeys::new(&RootKey::new([7; 32]))
}

fn written(steps: &[Step]) -> Read {
    let TestAmbient { ambient, clock } = TestAmbient::default();
    let ledger = Ledger::new(ambient.clone(), keys());
    let mut read = Read { entries: Vec::new(), checkpoints: Vec::new(), end: End::BEGINNING };
    for step in steps {
        clock.advance(chrono::TimeDelta::milliseconds(3));
        match step {
            Step::Entry { .. } => {
                let mut entry = row(&ledger, step);
                read.end = read.end.followed_by(&keys(), &digest(&entry));
                (entry.sequence, entry.mac) = (Some(read.end.sequence), read.end.mac.to_vec());
                read.entries.push(entry);
            }
            Step::Checkpoint => sign(&mut read, &ambient),
        }
    }
    read
}

fn sign(read: &mut Read, ambient: &Ambient) {
    let newest = read.checkpoints.last().map_or(0, |checkpoint| checkpoint.sequence);
    if newest < read.end.sequence {
        read.checkpoints.push(Checkpoint::sign(&keys(), &read.end, ambient.now()));
    }
}

fn row(ledger: &Ledger, step: &Step) -> Model {
    let Step::Entry { person, action, succeeded, agent, details } = step else { unreachable!("an entry") };
    let source = Source { ip_address: Some([192, 0, 2, *person].into()), user_agent: agent.clone() };
    let entry = Entry::of_user(Uuid::from_u128((*person).into()), Action::new(action), &source);
    let entry = entry.with(json!({ "said": details }));
    ledger.written(if *succeeded { entry } else { entry.failed() })
}

fn verified(read: &Read, trust: &Trust, witnessed: Vec<Checkpoint>) -> Report {
    let mut verifier = Verifier::new(trust.clone(), None, witnessed);
    let mut checkpoints = read.checkpoints.iter().peekable();
    for entry in &read.entries {
        while let Some(passed) = checkpoints.next_if(|next| Some(next.sequence) < entry.sequence) {
            verifier.checkpoint(passed);
        }
        verifier.entry(entry);
    }
    checkpoints.for_each(|checkpoint| verifier.checkpoint(checkpoint));
    verifier.finish(Some(&read.end))
}

fn trusts() -> [Trust; 2] {
    [Trust::Keys(keys()), Trust::Public(keys().public())]
}

/// A change of one cell.
type Change = fn(&mut Model, Index);

fn flip(bytes: &mut [u8], at: Index) {
    if !bytes.is_empty() {
        bytes[at.index(bytes.len())] ^= 1;
    }
}

fn retext(text: &mut String, at: Index) {
    let mut letters: Vec<char> = text.chars().collect();
    match letters.len() {
        0 => letters.push('x'),
        length => letters[at.index(length)] = if letters[at.index(length)] == 'x' { 'y' } else { 'x' },
    }
    *text = letters.into_iter().collect();
}

const CHANGES: &[Change] = &[
    |entry, at| flip(&mut entry.mac, at),
    |entry, at| flip(&mut entry.origin_hash, at),
    |entry, at| flip(&mut entry.details_hash, at),
    |entry, at| flip(entry.origin_salt.as_mut().expect("a salt"), at),
    |entry, at| flip(entry.details_salt.as_mut().expect("a salt"), at),
    |entry, at| retext(&mut entry.action, at),
    |entry, at| retext(&mut entry.resource, at),
    |entry, at| retext(entry.ip_address.as_mut().expect("an address"), at),
    |entry, at| retext(entry.user_agent.get_or_insert_default(), at),
    |entry, _| entry.ip_address = None,
    |entry, _| entry.details = None,
    |entry, _| entry.user_id = None,
    |entry, _| entry.resource_id = None,
    |entry, _| entry.created_at += chrono::TimeDelta::microseconds(1),
    |entry, _| entry.id = Uuid::from_u128(entry.id.as_u128() ^ 1),
    |entry, _| entry.details = Some(json!({ "said": "something else entirely" })),
    |entry, _| {
        entry.status = match entry.status {
            Outcome::Success => Outcome::Failure,
            Outcome::Failure => Outcome::Success,
        }
    },
];

proptest! {
    #[test]
    fn what_nobody_touched_is_whole(steps in steps()) {
        let read = written(&steps);
        for trust in trusts() {
            let report = verified(&read, &trust, read.checkpoints.clone());
            prop_assert!(report.is_whole(), "{report:?}");
            prop_assert_eq!(report.entries, read.entries.len() as u64);
        }
    }

    #[test]
    fn a_changed_cell_is_found_and_named(steps in steps(), which: Index, change: Index, at: Index) {
        let mut read = written(&steps);
        let place = which.index(read.entries.len());
        CHANGES[change.index(CHANGES.len())](&mut read.entries[place], at);
        let (sequence, id) = (read.entries[place].sequence.expect("sealed"), read.entries[place].id);
        let [keyed, public] = trusts().map(|trust| verified(&read, &trust, Vec::new()));
        // It, and nothing else.
        prop_assert_eq!(&keyed.findings, &[Finding::Changed { sequence, id }]);
        prop_assert!(!public.is_whole());
    }

    #[test]
    fn entries_that_are_gone_are_found(steps in steps(), from: Index, number in 1_usize..5) {
        let mut read = written(&steps);
        let from = from.index(read.entries.len());
        let to = (from + number).min(read.entries.len());
        let gone: Vec<_> = read.entries.drain(from..to).collect();
        let expected = Finding::Missing { from: gone[0].sequence.expect("sealed"), to: gone[0].sequence.expect("sealed") };
        for trust in trusts() {
            let report = verified(&read, &trust, Vec::new());
            let begins = |found: &Finding| match (found, &expected) {
                (Finding::Missing { from, .. }, Finding::Missing { from: first, .. }) => from == first,
                _ => false,
            };
            prop_assert!(report.findings.iter().any(begins), "{:?}", report);
        }
    }

    #[test]
    fn renumbering_hides_nothing(steps in steps(), which: Index) {
        let mut read = written(&steps);
        let which = which.index(read.entries.len());
        read.entries.remove(which);
        for entry in &mut read.entries[which..] {
            entry.sequence = entry.sequence.map(|sequence| sequence - 1);
        }
        for trust in trusts() {
            prop_assert!(!verified(&read, &trust, Vec::new()).is_whole());
        }
    }

    #[test]
    fn exchanging_two_is_found(steps in steps(), one: Index, other: Index) {
        let mut read = written(&steps);
        let (one, other) = (one.index(read.entries.len()), other.index(read.entries.len()));
        prop_assume!(one != other);
        read.entries.swap(one, other);
        let place = read.entries[one].sequence;
        read.entries[one].sequence = read.entries[other].sequence;
        read.entries[other].sequence = place;
        for trust in trusts() {
            prop_assert!(!verified(&read, &trust, Vec::new()).is_whole());
        }
    }

    #[test]
    fn a_shorter_ledger_does_not_fool_a_witness(steps in steps(), kept: Index) {
        let read = written(&steps);
        let kept = kept.index(read.checkpoints.len());
        let newest = read.checkpoints[kept].clone();
        let cut = Read {
            entries: read.entries.iter().filter(|entry| entry.sequence <= Some(newest.sequence)).cloned().collect(),
            checkpoints: read.checkpoints[..=kept].to_vec(),
            end: newest.end(),
        };
        for trust in trusts() {
            prop_assert!(verified(&cut, &trust, Vec::new()).is_whole(), "by itself it is a ledger of that time");
            let report = verified(&cut, &trust, read.checkpoints.clone());
            prop_assert_eq!(report.is_whole(), kept + 1 == read.checkpoints.len());
        }
    }

    #[test]
    fn another_history_does_not_fool_a_witness(steps in steps(), others in steps()) {
        let (read, other) = (written(&steps), written(&others));
        prop_assume!(read.end != other.end);
        for trust in trusts() {
            // Even somebody who has stolen the keys cannot take back what a witness was told.
            prop_assert!(!verified(&other, &trust, read.checkpoints.clone()).is_whole());
        }
    }
}
