//! Verifying: whether the ledger is what was written, all of it and in its order. Pure: it is handed entries and
//! checkpoints one by one, from a database or from an export.

mod database;
mod report;

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use foundation::Uuid;

pub use self::report::{Finding, Report};
use crate::chain::{End, link};
use crate::content::{Hash, Personal, digest, personal};
use crate::entities::entries::Model;
use crate::ledger::{LEDGER_DROP, PERSON_FORGET};
use crate::{Checkpoint, LedgerKeys, PublicKey};

/// What somebody who verifies knows.
#[derive(Debug, Clone)]
pub enum Trust {
    /// The keys of the ledger: each entry can be judged by itself.
    Keys(LedgerKeys),
    /// The public key: entries can be judged from one checkpoint to the next.
    Public(PublicKey),
}

impl Trust {
    pub(crate) fn public(&self) -> PublicKey {
        match self {
            Self::Keys(keys) => keys.public(),
            Self::Public(key) => *key,
        }
    }
}

/// Judges a ledger, entry by entry.
pub(crate) struct Verifier {
    trust: Trust,
    report: Report,
    /// The last place that was seen.
    at: i64,
    /// What the code of the last entry may have been: what is there, and, where that is wrong, what should be. Empty when
    /// it is not known.
    codes: Vec<Hash>,
    /// The hash of everything so far; none when something was missing since the last checkpoint.
    link: Option<Hash>,
    /// Since the last checkpoint something was found.
    disturbed: bool,
    /// Checkpoints that witnesses have kept, in order.
    witnessed: VecDeque<Checkpoint>,
    erasures: Erasures,
    /// Up to where entries were dropped, as the ledger says itself.
    dropped_through: i64,
}

/// Whose data are missing, and whose were erased on record.
#[derive(Default)]
struct Erasures {
    on_record: BTreeSet<Uuid>,
    /// Whom an entry is by and about, and the first such entry that lacks something.
    missing: BTreeMap<(Option<Uuid>, Option<Uuid>), (i64, Uuid)>,
}

impl Verifier {
    /// Begins behind `start`, or at the very beginning. `witnessed` is what was kept outside of the database.
    pub(crate) fn new(trust: Trust, start: Option<&Checkpoint>, mut witnessed: Vec<Checkpoint>) -> Self {
        let mut report = Report::default();
        let public = trust.public();
        let genuine = |checkpoint: &Checkpoint| checkpoint.is_signed_by(&public);
        for checkpoint in witnessed.iter().filter(|checkpoint| !genuine(checkpoint)) {
            report.add(Finding::ForgedWitness { sequence: checkpoint.sequence });
        }
        witnessed.retain(genuine);
        witnessed.sort_by_key(|checkpoint| checkpoint.sequence);
        let start = start.filter(|start| genuine(start));
        let End { sequence, mac, link } = start.map_or(End::BEGINNING, Checkpoint::end);
        report.begin_behind(sequence);
        Self {
            trust,
            report,
            at: sequence,
            codes: vec![mac],
            link: Some(link),
            disturbed: false,
            witnessed: witnessed.into_iter().filter(|checkpoint| checkpoint.sequence > sequence).collect(),
            erasures: Erasures::default(),
            dropped_through: 0,
        }
    }

    /// The last place that was seen.
    pub(crate) fn at(&self) -> i64 {
        self.at
    }

    /// Looks at the next entry of the chain.
    pub(crate) fn entry(&mut self, entry: &Model) {
        let Some(sequence) = entry.sequence.filter(|sequence| *sequence > self.at) else {
            return self.find(Finding::OutOfOrder { id: entry.id });
        };
        self.miss_until(sequence - 1);
        let digest = digest(entry);
        let as_written = self.follows(sequence, entry, &digest) && personal(entry) != Personal::Changed;
        if !as_written {
            self.find(Finding::Changed { sequence, id: entry.id });
        }
        self.link = self.link.map(|before| link(&before, sequence, &digest, &entry.mac));
        self.at = sequence;
        self.report.entries += 1;
        if as_written {
            self.note(entry, sequence);
        }
        self.hear_witnesses();
    }

    /// Whether an entry's code holds it at its place. What cannot be judged passes; the next checkpoint will tell.
    fn follows(&mut self, sequence: i64, entry: &Model, digest: &Hash) -> bool {
        let Trust::Keys(keys) = &self.trust else { return true };
        let befores = std::mem::take(&mut self.codes);
        let fits = befores.iter().any(|before| keys.is_mac_in_chain(&entry.mac, sequence, before, digest));
        self.codes.extend(Hash::try_from(entry.mac.as_slice()));
        if !fits {
            self.codes.extend(befores.iter().map(|before| keys.mac_in_chain(sequence, before, digest)));
        }
        fits || befores.is_empty()
    }

    /// What an entry says about the ledger itself.
    fn note(&mut self, entry: &Model, sequence: i64) {
        let about = entry.resource_id.filter(|_| entry.resource == "user");
        if personal(entry) == Personal::Erased {
            self.report.erased += 1;
            self.erasures.missing.entry((entry.user_id, about)).or_insert((sequence, entry.id));
        }
        if entry.action == PERSON_FORGET.as_str() {
            self.erasures.on_record.extend(about);
        }
        if entry.action == LEDGER_DROP.as_str() {
            let through = entry.details.as_ref().and_then(|details| details["through"].as_i64());
            self.dropped_through = self.dropped_through.max(through.unwrap_or_default());
        }
    }

    /// Looks at an entry that has no place yet.
    pub(crate) fn waiting(&mut self, entry: &Model) {
        self.report.waiting += 1;
        let Trust::Keys(keys) = &self.trust else { return };
        if personal(entry) == Personal::Changed || !keys.is_mac_of_entry(&entry.mac, &digest(entry)) {
            self.find(Finding::Foreign { id: entry.id });
        }
    }

    /// Looks at a checkpoint. Those before the place that was seen last have been looked at.
    pub(crate) fn checkpoint(&mut self, checkpoint: &Checkpoint) {
        if !checkpoint.is_signed_by(&self.trust.public()) {
            return self.report.add(Finding::Forged { sequence: checkpoint.sequence });
        }
        let since = self.report.proven_through;
        self.miss_until(checkpoint.sequence);
        if checkpoint.sequence < self.at {
            return self.report.add(Finding::Forged { sequence: checkpoint.sequence });
        }
        if self.link != Some(checkpoint.link) && !self.disturbed {
            self.find(Finding::ChangedBetween { from: since + 1, to: checkpoint.sequence });
        }
        // What is signed is right, whatever came before.
        self.codes = vec![checkpoint.mac];
        self.link = Some(checkpoint.link);
        self.disturbed = false;
        self.report.checkpoints += 1;
        self.report.proven_through = checkpoint.sequence;
    }

    fn miss_until(&mut self, sequence: i64) {
        if sequence <= self.at {
            return;
        }
        self.find(Finding::Missing { from: self.at + 1, to: sequence });
        (self.at, self.link) = (sequence, None);
        self.codes.clear();
        self.hear_witnesses();
    }

    fn hear_witnesses(&mut self) {
        while let Some(checkpoint) = self.witnessed.pop_front_if(|checkpoint| checkpoint.sequence <= self.at)
        {
            let contradicts = checkpoint.sequence == self.at && self.link != Some(checkpoint.link);
            if contradicts && !self.disturbed {
                self.find(Finding::Contradicted { sequence: checkpoint.sequence });
            }
        }
    }

    fn find(&mut self, finding: Finding) {
        self.disturbed = true;
        self.report.add(finding);
    }

    /// Ends: `end` is where the chain should end, as far as whoever hands over the entries knows.
    pub(crate) fn finish(mut self, end: Option<&End>) -> Report {
        if let Some(last) = self.witnessed.back() {
            self.report.add(Finding::CutOff { last: self.at, known: last.sequence });
        } else if let Some(end) = end {
            let moved = end.sequence != self.at || self.link != Some(end.link);
            if moved && !self.disturbed {
                self.report.add(Finding::EndMoved { last: self.at, end: end.sequence });
            }
        }
        let Erasures { on_record, missing } = self.erasures;
        for ((by, about), (sequence, id)) in missing {
            if ![by, about].into_iter().flatten().any(|person| on_record.contains(&person)) {
                self.report.add(Finding::ErasedWithoutRecord { sequence, id });
            }
        }
        self.report.last = self.at;
        self.report
    }

    /// That a beginning which is missing was dropped on record.
    pub(crate) fn expect_drop_on_record(&mut self) {
        let through = self.report.first - 1;
        if through > 0 && self.dropped_through != through {
            self.report.add(Finding::DroppedWithoutRecord { through });
        }
    }
}

#[cfg(test)]
mod tests;
