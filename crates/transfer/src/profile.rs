//! What the cells of a column really hold. Pure: it is shown one cell after the other.

mod excerpt;
mod forms;

use rusqlite::types::ValueRef;

pub use self::forms::TextForms;

pub(crate) use self::excerpt::excerpt;
pub(crate) use self::forms::{Form, is_json, is_uuid};

use crate::Meaning;

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
    /// How many are 0 or 1.
    pub truths: u64,
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
    /// Of them, how many could be days of Julian's count, as SQLite's functions take them.
    pub julian: u64,
}

/// Texts.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Texts {
    /// How many.
    pub count: u64,
    /// The bytes of the longest.
    pub longest: usize,
    /// The bytes of all together.
    pub bytes: u64,
    /// How many hold U+0000, which PostgreSQL keeps in no text.
    pub with_nul: u64,
    /// How many are no UTF-8.
    pub not_utf8: u64,
    /// How many are one of the two, or both.
    pub not_kept: u64,
    /// What they are like.
    pub forms: TextForms,
    /// The beginning of the first that is nothing of what the column's type means. What is as it should be is shown to nobody.
    pub example: Option<String>,
}

/// Blobs.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Blobs {
    /// How many.
    pub count: u64,
    /// The bytes of the longest.
    pub longest: usize,
    /// The bytes of all together.
    pub bytes: u64,
}

impl ColumnProfile {
    /// Of a column whose type means this.
    pub fn new(meaning: Meaning) -> Self {
        Self {
            meaning,
            nulls: 0,
            integers: Integers { count: 0, least: i64::MAX, greatest: i64::MIN, truths: 0 },
            reals: Reals::default(),
            texts: Texts::default(),
            blobs: Blobs::default(),
        }
    }

    /// How many cells there are.
    pub fn cells(&self) -> u64 {
        self.nulls + self.integers.count + self.reals.count + self.texts.count + self.blobs.count
    }

    /// About how many bytes its cells have.
    pub fn bytes(&self) -> u64 {
        const NUMBER: u64 = 8;
        self.texts.bytes + self.blobs.bytes + NUMBER * (self.integers.count + self.reals.count)
    }

    #[inline]
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
    /// How far from 0 they are at the most.
    pub(crate) fn farthest(&self) -> u64 {
        self.least.unsigned_abs().max(self.greatest.unsigned_abs())
    }

    fn see(&mut self, integer: i64) {
        self.count += 1;
        self.least = self.least.min(integer);
        self.greatest = self.greatest.max(integer);
        self.truths += u64::from(matches!(integer, 0 | 1));
    }
}

impl Reals {
    fn see(&mut self, real: f64) {
        self.count += 1;
        self.whole += u64::from(is_whole(real));
        self.infinite += u64::from(real.is_infinite());
        self.julian += u64::from(is_julian(real));
    }
}

/// Whether SQLite's functions take a real for a day of Julian's count: from -4713-11-24 to the end of 9999.
pub(crate) fn is_julian(real: f64) -> bool {
    (0.0..5_373_484.5).contains(&real)
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
        self.not_kept == 0
    }

    fn see(&mut self, text: &[u8], meaning: Meaning) {
        self.count += 1;
        self.longest = self.longest.max(text.len());
        self.bytes += length(text);
        let is_kept = is_kept(text);
        if !is_kept {
            self.not_kept += 1;
            self.with_nul += u64::from(text.contains(&0));
            self.not_utf8 += u64::from(std::str::from_utf8(text).is_err());
        }
        let is_meant = self.forms.see(text, is_kept, meaning);
        if !is_meant && self.example.is_none() {
            self.example = Some(excerpt(&String::from_utf8_lossy(text)));
        }
    }
}

/// Whether PostgreSQL keeps a text: UTF-8 without U+0000.
pub(crate) fn is_kept(text: &[u8]) -> bool {
    is_plain(text) || (std::str::from_utf8(text).is_ok() && !text.contains(&0))
}

/// Whether there is nothing but ASCII without U+0000, as in most texts. To know it costs less than to know the rest.
fn is_plain(text: &[u8]) -> bool {
    text.iter().fold(true, |is_plain, byte| is_plain & matches!(byte, 1..=0x7f))
}

fn length(bytes: &[u8]) -> u64 {
    u64::try_from(bytes.len()).expect("a cell has 2^31 bytes at the most")
}

impl Blobs {
    fn see(&mut self, blob: &[u8]) {
        self.count += 1;
        self.longest = self.longest.max(blob.len());
        self.bytes += length(blob);
    }
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
        assert_eq!(profile.integers, Integers { count: 2, least: i64::MIN, greatest: 7, truths: 0 });
        assert_eq!(profile.reals, Reals { count: 4, whole: 1, infinite: 1, julian: 2 });
        let Texts { count, longest, with_nul, not_utf8, .. } = profile.texts;
        assert_eq!((count, longest, with_nul, not_utf8), (3, 6, 1, 1));
        assert_eq!((profile.texts.not_kept, profile.texts.bytes, profile.bytes()), (2, 10, 10 + 9 + 6 * 8));
        assert_eq!(profile.blobs, Blobs { count: 1, longest: 9, bytes: 9 });
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
    fn only_what_is_not_as_it_should_be_is_shown() {
        for (meaning, cells, example) in [
            (Meaning::Text, &["secret"][..], None),
            (Meaning::Anything, &["secret"], None),
            (Meaning::Integer, &["many", "more"], Some("many")),
            (Meaning::Json, &["{}", "{oops\u{1b}[31m"], Some("{oops\u{fffd}[31m")),
            (Meaning::Timestamp, &["2024-05-01", "2024-05-01 10:00", "later"], Some("later")),
            (
                Meaning::Bytes,
                &["abcdefghijklmnopqrstuvwxyz0123456789abcdefghij"],
                Some("abcdefghijklmnopqrstuvwxyz0123456789abc…"),
            ),
        ] {
            assert_eq!(profile(meaning, &texts(cells)).texts.example.as_deref(), example);
        }
    }

    #[test]
    fn decimals_and_days_of_julian_are_known() {
        let prices = texts(&["12.50", "-3", "0.1"]);
        assert_eq!(profile(Meaning::Text, &prices).texts.forms.decimals, 3);
        let others = texts(&["12.", ".5", "1e3", "+1", "", "-"]);
        assert_eq!(profile(Meaning::Decimal, &others).texts.forms.decimals, 0);
        let days = [2_460_431.5, -1.0, 5_373_484.5].map(ValueRef::Real);
        assert_eq!(profile(Meaning::Timestamp, &days).reals.julian, 1);
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
