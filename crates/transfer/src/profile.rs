//! What the cells of a column really hold. Pure: it is shown one cell after the other.

use std::collections::BTreeMap;

use rusqlite::types::ValueRef;

use crate::moment;
use crate::{Meaning, Spelling};

/// What the cells of a column hold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ColumnProfile {
    /// What its type means; whether texts are looked at for it.
    meaning: Meaning,
    /// How many hold nothing.
    pub nulls: u64,
    /// The integers.
    pub integers: Integers,
    /// The reals.
    pub reals: Reals,
    /// The texts.
    pub texts: Texts,
    /// The blobs.
    pub blobs: Blobs,
}

/// Integers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Integers {
    /// How many.
    pub count: u64,
    /// The least.
    pub least: i64,
    /// The greatest.
    pub greatest: i64,
}

/// Reals.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Reals {
    /// How many.
    pub count: u64,
    /// Of them, how many are whole and would be integers of 64 bits.
    pub whole: u64,
    /// Of them, how many are infinite.
    pub infinite: u64,
}

/// Texts.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Texts {
    /// How many.
    pub count: u64,
    /// The bytes of the longest.
    pub longest: usize,
    /// How many hold U+0000, which PostgreSQL keeps in no text.
    pub with_nul: u64,
    /// How many are no UTF-8.
    pub not_utf8: u64,
    /// What they are like.
    pub forms: TextForms,
}

/// What texts are like: how many are each of these, as far as the column's type, or all texts before, suggested it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TextForms {
    /// Documents of JSON.
    pub json: u64,
    /// UUIDs, with hyphens and in small letters.
    pub uuid: u64,
    /// Moments, by their spelling.
    pub moments: BTreeMap<Spelling, u64>,
}

/// Blobs.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Blobs {
    /// How many.
    pub count: u64,
    /// The bytes of the longest.
    pub longest: usize,
}

impl ColumnProfile {
    /// Of a column whose type means this.
    pub fn new(meaning: Meaning) -> Self {
        Self {
            meaning,
            nulls: 0,
            integers: Integers { count: 0, least: i64::MAX, greatest: i64::MIN },
            reals: Reals::default(),
            texts: Texts::default(),
            blobs: Blobs::default(),
        }
    }

    /// How many cells there are.
    pub fn cells(&self) -> u64 {
        self.nulls + self.integers.count + self.reals.count + self.texts.count + self.blobs.count
    }

    pub(crate) fn see(&mut self, cell: ValueRef<'_>) {
        match cell {
            ValueRef::Null => self.nulls += 1,
            ValueRef::Integer(integer) => self.integers.see(integer),
            ValueRef::Real(real) => self.reals.see(real),
            ValueRef::Text(text) => self.texts.see(text, self.meaning),
            ValueRef::Blob(blob) => self.blobs.see(blob),
        }
    }
}

impl Integers {
    fn see(&mut self, integer: i64) {
        self.count += 1;
        self.least = self.least.min(integer);
        self.greatest = self.greatest.max(integer);
    }
}

impl Reals {
    fn see(&mut self, real: f64) {
        self.count += 1;
        self.whole += u64::from(is_whole(real));
        self.infinite += u64::from(real.is_infinite());
    }
}

/// Whether a real would be an integer of 64 bits.
pub(crate) fn is_whole(real: f64) -> bool {
    // The first that is too great for 64 bits.
    const LIMIT: f64 = 9_223_372_036_854_775_808.0;
    real.fract() == 0.0 && (-LIMIT..LIMIT).contains(&real)
}

impl Texts {
    /// Whether PostgreSQL keeps all of them as text.
    pub(crate) fn are_kept(&self) -> bool {
        self.with_nul == 0 && self.not_utf8 == 0
    }

    fn see(&mut self, text: &[u8], meaning: Meaning) {
        let before = self.count;
        self.count += 1;
        self.longest = self.longest.max(text.len());
        self.with_nul += u64::from(text.contains(&0));
        self.not_utf8 += u64::from(std::str::from_utf8(text).is_err());
        self.forms.see(text, meaning, before);
    }
}

impl TextForms {
    /// What it costs to know is only asked where the type says so, or while every text so far was like that.
    fn see(&mut self, text: &[u8], meaning: Meaning, before: u64) {
        if meaning == Meaning::Uuid || self.uuid == before {
            self.uuid += u64::from(is_uuid(text));
        }
        if meaning == Meaning::Json || self.json == before {
            self.json += u64::from(is_json(text));
        }
        let is_time = matches!(meaning, Meaning::Timestamp | Meaning::Date | Meaning::Time);
        if (is_time || self.moments.values().sum::<u64>() == before)
            && let Some((_, spelling)) = moment::read(text)
        {
            *self.moments.entry(spelling).or_default() += 1;
        }
    }
}

impl Blobs {
    fn see(&mut self, blob: &[u8]) {
        self.count += 1;
        self.longest = self.longest.max(blob.len());
    }
}

/// As PostgreSQL writes one, so that nothing of it is lost.
pub(crate) fn is_uuid(text: &[u8]) -> bool {
    let is_digit = |byte: &u8| matches!(byte, b'0'..=b'9' | b'a'..=b'f');
    text.len() == 36
        && text.iter().enumerate().all(|(place, byte)| match place {
            8 | 13 | 18 | 23 => *byte == b'-',
            _ => is_digit(byte),
        })
}

pub(crate) fn is_json(text: &[u8]) -> bool {
    serde_json::from_slice::<serde::de::IgnoredAny>(text).is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn profile(meaning: Meaning, cells: &[ValueRef<'_>]) -> ColumnProfile {
        let mut profile = ColumnProfile::new(meaning);
        for cell in cells {
            profile.see(*cell);
        }
        profile
    }

    fn texts<'t>(texts: &[&'t str]) -> Vec<ValueRef<'t>> {
        texts.iter().map(|text| ValueRef::Text(text.as_bytes())).collect()
    }

    #[test]
    fn every_class_is_counted() {
        let profile = profile(
            Meaning::Anything,
            &[
                ValueRef::Null,
                ValueRef::Integer(i64::MIN),
                ValueRef::Integer(7),
                ValueRef::Real(1.5),
                ValueRef::Real(-0.0),
                ValueRef::Real(1e300),
                ValueRef::Real(f64::INFINITY),
                ValueRef::Text("naïve".as_bytes()),
                ValueRef::Text(b"a\0b"),
                ValueRef::Text(b"\xff"),
                ValueRef::Blob(&[0; 9]),
            ],
        );
        assert_eq!(profile.cells(), 11);
        assert_eq!(profile.nulls, 1);
        assert_eq!(profile.integers, Integers { count: 2, least: i64::MIN, greatest: 7 });
        assert_eq!(profile.reals, Reals { count: 4, whole: 1, infinite: 1 });
        let Texts { count, longest, with_nul, not_utf8, .. } = profile.texts;
        assert_eq!((count, longest, with_nul, not_utf8), (3, 6, 1, 1));
        assert_eq!(profile.blobs, Blobs { count: 1, longest: 9 });
    }

    #[test]
    fn forms_are_counted_where_the_type_says_so_and_while_all_are_alike() {
        let mixed = texts(&["2024-05-01", "yesterday", "2024-05-02", "2024-05-01T10:00:00Z"]);
        let forms = profile(Meaning::Timestamp, &mixed).texts.forms;
        assert_eq!(forms.moments.values().copied().collect::<Vec<_>>(), [2, 1]);
        let forms = profile(Meaning::Text, &mixed).texts.forms;
        assert_eq!(forms.moments.values().copied().collect::<Vec<_>>(), [1], "not asked any more");

        let uuids = texts(&["018f3c5e-7b1a-4c1d-9e2f-0123456789ab", "018F3C5E-7B1A-4C1D-9E2F-0123456789AB"]);
        assert_eq!(profile(Meaning::Uuid, &uuids).texts.forms.uuid, 1, "capitals would be lost");
        let documents = texts(&["{\"a\": [1, null]}", "7", "{oops"]);
        assert_eq!(profile(Meaning::Json, &documents).texts.forms.json, 2);
    }

    #[test]
    fn a_real_is_whole_when_it_is_an_integer_of_64_bits() {
        for (real, whole) in [
            (0.0, true),
            (-3.0, true),
            (0.5, false),
            (9_223_372_036_854_774_784.0, true),
            (9_223_372_036_854_775_808.0, false),
            (-9_223_372_036_854_775_808.0, true),
            (f64::NEG_INFINITY, false),
        ] {
            assert_eq!(is_whole(real), whole, "{real}");
        }
    }
}
