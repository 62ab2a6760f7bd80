//! What was erased, and whether the ledger says that it was to be.

use std::collections::BTreeMap;

use foundation::Uuid;

use super::Finding;
use crate::content::{Personal, State};
use crate::entities::entries::Model;

/// Whose data an entry lacks; nobody's when nothing may ever take them.
type Whose = Option<Uuid>;

/// Entries that lack data of the same people.
#[derive(Default)]
struct Lacking {
    entries: u64,
    /// Place and id of the first.
    first: Option<(i64, Uuid)>,
}

/// Whose data are missing.
#[derive(Default)]
pub(super) struct Erasures(BTreeMap<Vec<Whose>, Lacking>);

/// What is on record of that.
pub(super) struct Judged {
    /// How many entries lack data of people who were to be forgotten.
    pub(super) erased: u64,
    pub(super) findings: Vec<Finding>,
}

impl Erasures {
    /// Notes what an entry lacks. Forgetting a person takes where they were, and where strangers were at their account;
    /// the details of what they did to their own account, and of what strangers did to it. Nothing else.
    pub(super) fn note(&mut self, entry: &Model, sequence: i64, personal: Personal) {
        let about = entry.resource_id.filter(|_| entry.resource == "user");
        let origin = (personal.origin == State::Erased).then(|| entry.user_id.or(about));
        let of_their_own = || about.filter(|about| entry.user_id.is_none_or(|by| by == *about));
        let details = (personal.details == State::Erased).then(of_their_own);
        let whose: Vec<_> = origin.into_iter().chain(details).collect();
        if whose.is_empty() {
            return;
        }
        let lacking = self.0.entry(whose).or_default();
        lacking.entries += 1;
        lacking.first.get_or_insert((sequence, entry.id));
    }

    pub(super) fn judge(self, forgotten: &[Uuid]) -> Judged {
        let is_on_record = |whose: &Whose| whose.is_some_and(|whose| forgotten.contains(&whose));
        let (on_record, others): (Vec<_>, Vec<_>) =
            self.0.into_iter().partition(|(whose, _)| whose.iter().all(is_on_record));
        let erased = on_record.iter().map(|(_, lacking)| lacking.entries).sum();
        let firsts = others.into_iter().filter_map(|(_, lacking)| lacking.first);
        let findings = firsts.map(|(sequence, id)| Finding::ErasedWithoutRecord { sequence, id }).collect();
        Judged { erased, findings }
    }
}
