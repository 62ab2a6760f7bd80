//! How well the cells of a column fit a type, told by their profile. Pure.

use crate::choice::{self, Choice};
use crate::codec::{BytesOf, Codec, MomentForm};
use crate::profile::Form;
use crate::{Affinity, Column, ColumnProfile, Meaning, Table};

/// How well the cells of a column fit a type.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Fit {
    /// How many do not.
    pub(super) misfits: Misfitting,
    /// How many come back as something else that means the same.
    pub(super) remembered: u64,
}

/// How many cells do not fit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Misfitting {
    /// So many.
    Exactly(u64),
    /// Not more than these: they have not been looked at for this type.
    AtMost(u64),
}

impl Misfitting {
    pub(super) fn most(self) -> u64 {
        match self {
            Self::Exactly(cells) | Self::AtMost(cells) => cells,
        }
    }
}

impl Fit {
    pub(super) fn of(codec: Codec, profile: &ColumnProfile) -> Self {
        Self { misfits: misfits(codec, profile), remembered: remembered(codec, profile) }
    }
}

fn misfits(codec: Codec, profile: &ColumnProfile) -> Misfitting {
    let filled = profile.cells() - profile.nulls;
    let forms = &profile.texts.forms;
    match codec {
        Codec::Boolean => Misfitting::Exactly(filled - profile.integers.truths),
        Codec::Integer => Misfitting::Exactly(filled - profile.integers.count),
        Codec::Real => Misfitting::Exactly(filled - profile.reals.count),
        Codec::Numeric => Misfitting::Exactly(profile.texts.count + profile.blobs.count),
        Codec::Text(_) => Misfitting::Exactly(profile.texts.not_kept + profile.blobs.count),
        Codec::Bytes(_) => Misfitting::Exactly(0),
        Codec::Uuid => but(forms.uuid, Form::Uuid, profile),
        Codec::Json => but(forms.json, Form::Json, profile),
        Codec::Moment(MomentForm::Text(spelling)) => {
            but(forms.moments.get(&spelling).copied().unwrap_or_default(), Form::Moment, profile)
        }
        Codec::Moment(form) => but_moments(form, profile),
    }
}

/// All but the texts that are of this form.
fn but(alike: u64, form: Form, profile: &ColumnProfile) -> Misfitting {
    let most = profile.cells() - profile.nulls - alike;
    if profile.texts.forms.knows(form) || profile.texts.count == 0 {
        Misfitting::Exactly(most)
    } else {
        Misfitting::AtMost(most)
    }
}

/// All but the integers that are moments PostgreSQL keeps.
fn but_moments(form: MomentForm, profile: &ColumnProfile) -> Misfitting {
    let (filled, integers) = (profile.cells() - profile.nulls, &profile.integers);
    if integers.count == 0 || (form.keeps(integers.least) && form.keeps(integers.greatest)) {
        Misfitting::Exactly(filled - integers.count)
    } else {
        Misfitting::AtMost(filled)
    }
}

fn remembered(codec: Codec, profile: &ColumnProfile) -> u64 {
    let numbers = profile.integers.count + profile.reals.count;
    match codec {
        Codec::Numeric => profile.reals.whole,
        Codec::Text(Affinity::Text | Affinity::Blob) => numbers,
        Codec::Bytes(BytesOf::Blob) => numbers + profile.texts.count,
        Codec::Bytes(BytesOf::Text) => numbers + profile.blobs.count,
        _ => 0,
    }
}

/// A column, and what is known of it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Known<'s> {
    pub(super) column: &'s Column,
    pub(super) meaning: Meaning,
    pub(super) choice: Choice,
    pub(super) profile: &'s ColumnProfile,
}

impl<'s> Known<'s> {
    pub(super) fn of(table: &'s Table, place: usize, choice: Choice, profile: &'s ColumnProfile) -> Self {
        let column = &table.columns[place];
        Self { column, meaning: Meaning::of(&column.declared, table.is_strict), choice, profile }
    }

    /// What its type means, as most of its cells say it; none when its type says nothing.
    pub(super) fn declared(&self) -> Option<Codec> {
        let (integers, texts) = (&self.profile.integers, &self.profile.texts);
        let is_moment = matches!(self.meaning, Meaning::Timestamp | Meaning::Date | Meaning::Time);
        if self.meaning == Meaning::Anything {
            return None;
        }
        if self.meaning == Meaning::Timestamp && integers.count > 0 && integers.count >= texts.count {
            return Some(Codec::Moment(MomentForm::counting(integers.farthest())));
        }
        let spellings = texts.forms.moments.iter().filter(|_| is_moment);
        let most = spellings.max_by_key(|(_, count)| **count);
        let spelled = most.map(|(spelling, _)| Codec::Moment(MomentForm::Text(*spelling)));
        Some(spelled.unwrap_or_else(|| choice::of_nothing(self.meaning, self.column.affinity)))
    }

    /// Whether a cast to this makes something of every cell that does not fit.
    pub(super) fn is_cast_by(&self, codec: Codec) -> bool {
        let profile = self.profile;
        let forms = &profile.texts.forms;
        let moments: u64 = forms.moments.values().sum();
        match codec {
            Codec::Text(_) | Codec::Json => profile.blobs.count == 0,
            Codec::Uuid => profile.cells() - profile.nulls == forms.uuid + forms.other_uuids,
            Codec::Moment(_) => {
                profile.blobs.count == 0
                    && moments == profile.texts.count
                    && profile.reals.julian == profile.reals.count
            }
            _ => false,
        }
    }
}
