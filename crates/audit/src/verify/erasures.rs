//! What was erased, and whether the ledger says that it was to be.

use std::collections::{BTreeMap, BTreeSet};

use foundation::Uuid;

use super::Finding;
use crate::content::{Personal, State};
use crate::entities::entries::Model;

/// Whose data are missing, and whose were erased on record.
#[derive(Default)]
pub(super) struct Erasures {
    on_record: BTreeSet<Uuid>,
    /// Whose data an entry lacks, and the first such entry; nobody's when nothing may ever take them.
    missing: BTreeMap<Option<Uuid>, (i64, Uuid)>,
}

impl Erasures {
    /// That a person was to be forgotten.
    pub(super) fn record(&mut self, person: Option<Uuid>) {
        self.on_record.extend(person);
    }

    /// Notes what an entry lacks. Forgetting a person takes where they were, and where strangers were at their account;
    /// the details of what they did to their own account, and of what strangers did to it. Nothing else.
    pub(super) fn note(&mut self, entry: &Model, sequence: i64, personal: Personal) {
        let about = entry.resource_id.filter(|_| entry.resource == "user");
        let mut lacks = |whose: Option<Uuid>| {
            self.missing.entry(whose).or_insert((sequence, entry.id));
        };
        if personal.origin == State::Erased {
            lacks(entry.user_id.or(about));
        }
        if personal.details == State::Erased {
            lacks(about.filter(|about| entry.user_id.is_none_or(|by| by == *about)));
        }
    }

    pub(super) fn without_record(self) -> impl Iterator<Item = Finding> {
        let Self { on_record, missing } = self;
        let is_on_record = move |whose: &Option<Uuid>| whose.is_some_and(|whose| on_record.contains(&whose));
        let missing = missing.into_iter().filter(move |(whose, _)| !is_on_record(whose));
        missing.map(|(_, (sequence, id))| Finding::ErasedWithoutRecord { sequence, id })
    }
}
