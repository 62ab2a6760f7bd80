//! Verifying: whether the ledger is what was written, all of it and in its order. Pure: it is handed entries and
//! checkpoints one by one, from a database or from an export.

mod database;
mod erasures;
mod report;

use std::collections::{HashSet, VecDeque};

use foundation::Uuid;

pub use self::database::verify_database;
use self::erasures::{Erasures, Judged};
pub use self::report::{Finding, Report};
use crate::chain::{End, Note, link};
use crate::content::{Hash, digest, personal};
use crate::entities::entries::Model;
use crate::ledger::{LEDGER_DROP, PERSON_FORGET};
use crate::queries::legible::Illegible;
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

/// How many codes the last entry may have had are tried.
const CODES: usize = 4;

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
    /// Entries that were seen, by the chance in their ids: 62 bits of UUIDs of version 7 (RFC 9562).
    seen: HashSet<u64>,
    /// Checkpoints that witnesses have kept, in order.
    witnessed: VecDeque<Checkpoint>,
    erasures: Erasures,
    /// What the ledger says of itself.
    records: Records,
    /// What it says where nobody could prove it yet: without the keys, from the next checkpoint on.
    unproven: Records,
}

/// What the ledger says about what is missing in it.
#[derive(Default)]
struct Records {
    /// Who was to be forgotten.
    forgotten: Vec<Uuid>,
    /// Up to where entries were dropped.
    dropped_through: i64,
}

impl Records {
    fn add(&mut self, other: &mut Self) {
        self.forgotten.append(&mut other.forgotten);
        self.dropped_through = self.dropped_through.max(std::mem::take(&mut other.dropped_through));
    }
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
        report.begin_behind(start);
        let begins_elsewhere = |it: &&Checkpoint| it.sequence == sequence && it.link != link;
        if let Some(other) = witnessed.iter().find(begins_elsewhere) {
            report.add(Finding::Contradicted { sequence: other.sequence });
        }
        witnessed.retain(|checkpoint| checkpoint.sequence >= sequence);
        report.compared_with(&witnessed);
        Self {
            trust,
            report,
            at: sequence,
            codes: vec![mac],
            link: Some(link),
            disturbed: false,
            seen: HashSet::new(),
            witnessed: witnessed.into_iter().filter(|checkpoint| checkpoint.sequence > sequence).collect(),
            erasures: Erasures::default(),
            records: Records::default(),
            unproven: Records::default(),
        }
    }

    /// The last place that was seen.
    pub(crate) fn at(&self) -> i64 {
        self.at
    }

    /// Looks at the next entry of the chain.
    pub(crate) fn entry(&mut self, entry: &Model) {
        self.judge(entry, true);
    }

    /// The same, for one that is not in the database to the letter as it would be written.
    pub(crate) fn misspelled(&mut self, entry: &Model) {
        self.judge(entry, false);
    }

    fn judge(&mut self, entry: &Model, to_the_letter: bool) {
        let Some(sequence) = entry.sequence.filter(|sequence| *sequence > self.at) else {
            return self.find(Finding::OutOfOrder { id: entry.id });
        };
        self.miss_until(sequence - 1);
        if !self.seen.insert(entry.id.as_u64_pair().1) {
            self.find(Finding::Doubled { sequence, id: entry.id });
        }
        let digest = digest(entry);
        let follows = self.follows(sequence, entry, &digest);
        let as_written = follows && to_the_letter && !personal(entry).is_changed();
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

    /// Looks at something that stands where an entry should, and is none.
    pub(crate) fn illegible(&mut self, Illegible { id, sequence }: Illegible) {
        if let Some(sequence) = sequence.filter(|sequence| *sequence > self.at) {
            self.miss_until(sequence - 1);
            (self.at, self.link) = (sequence, None);
            self.codes.clear();
            self.report.entries += 1;
        }
        self.find(Finding::Illegible { sequence, id });
        self.hear_witnesses();
    }

    /// Looks at an entry with a place where none is.
    pub(crate) fn astray(&mut self, entry: &Model) {
        self.report.add(Finding::Foreign { id: entry.id });
    }

    /// Whether an entry's code holds it at its place. What cannot be judged passes; the next checkpoint will tell.
    fn follows(&mut self, sequence: i64, entry: &Model, digest: &Hash) -> bool {
        let Trust::Keys(keys) = &self.trust else { return true };
        let befores = std::mem::take(&mut self.codes);
        let fits = befores.iter().any(|before| keys.is_mac_in_chain(&entry.mac, sequence, before, digest));
        self.codes.extend(Hash::try_from(entry.mac.as_slice()));
        if !fits {
            self.codes.extend(befores.iter().map(|before| keys.mac_in_chain(sequence, before, digest)));
            self.keep_few_codes();
        }
        fits || befores.is_empty()
    }

    /// Of many entries that do not fit, one after the other: the newest possibilities, and the last, which is what should
    /// be there if only codes were changed.
    fn keep_few_codes(&mut self) {
        if let Some(last) = self.codes.pop() {
            self.codes.truncate(CODES - 1);
            self.codes.push(last);
        }
    }

    /// Expects nothing behind a place, whatever witnesses know: what is verified was taken before.
    pub(crate) fn expect_end_at(&mut self, sequence: i64) {
        self.witnessed.retain(|checkpoint| checkpoint.sequence <= sequence);
    }

    /// What an entry says about the ledger itself.
    fn note(&mut self, entry: &Model, sequence: i64) {
        self.erasures.note(entry, sequence, personal(entry));
        self.note_record(entry);
    }

    fn note_record(&mut self, entry: &Model) {
        if entry.action == PERSON_FORGET.as_str() {
            self.unproven.forgotten.extend(entry.resource_id.filter(|_| entry.resource == "user"));
        }
        if entry.action == LEDGER_DROP.as_str() {
            let through = entry.details.as_ref().and_then(|details| details["through"].as_i64());
            self.unproven.dropped_through = through.unwrap_or_default().max(self.unproven.dropped_through);
        }
        if matches!(self.trust, Trust::Keys(_)) {
            self.records.add(&mut self.unproven);
        }
    }

    /// Looks at an entry that has no place yet. Only the keys tell whether it is genuine.
    pub(crate) fn waiting(&mut self, entry: &Model) {
        self.report.waiting += 1;
        let Trust::Keys(keys) = &self.trust else { return };
        if personal(entry).is_changed() || !keys.is_mac_of_entry(&entry.mac, &digest(entry)) {
            return self.report.add(Finding::Foreign { id: entry.id });
        }
        // What it is the record of was done in the same unit of work.
        self.note_record(entry);
    }

    /// Looks at a checkpoint. Those before the place that was seen last have been looked at.
    pub(crate) fn checkpoint(&mut self, checkpoint: &Checkpoint) {
        let since = self.report.proven_through;
        if !checkpoint.is_signed_by(&self.trust.public()) || checkpoint.sequence <= since {
            return self.report.add(Finding::Forged { sequence: checkpoint.sequence });
        }
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
        self.records.add(&mut self.unproven);
        self.report.prove(checkpoint);
    }

    /// Looks at the checkpoint that ends an export, which need not be among its lines.
    pub(crate) fn checkpoint_at_end(&mut self, checkpoint: &Checkpoint) {
        if checkpoint.sequence > self.report.proven_through {
            self.checkpoint(checkpoint);
        }
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

    /// Looks at the note of where the chain ends; gives back the end that it tells of, when it is one of ours as far as
    /// anybody here can judge.
    pub(crate) fn note_of_end(&mut self, note: Option<&Note>) -> Option<End> {
        let is_ours = |note: &&Note| match &self.trust {
            Trust::Keys(keys) => note.is_by(keys) || note.is_untouched(),
            Trust::Public(_) => true,
        };
        let note = note.filter(is_ours);
        if note.is_none() {
            self.report.add(Finding::EndForged);
        }
        note.map(|note| note.end)
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
        let Judged { erased, findings } = self.erasures.judge(&self.records.forgotten);
        self.report.erased = erased;
        for finding in findings {
            self.report.add(finding);
        }
        self.report.last = self.at;
        self.report
    }

    /// That a beginning which is missing was dropped on record.
    pub(crate) fn expect_drop_on_record(&mut self) {
        let through = self.report.first - 1;
        if through > 0 && self.records.dropped_through != through {
            self.report.add(Finding::DroppedWithoutRecord { through });
        }
    }
}

#[cfg(test)]
mod tests;
