//! Which type a column gets: the narrowest in which every cell comes back as it was. Pure.

mod linked;

use crate::codec::{BytesOf, Codec, MomentForm};
use crate::{Affinity, Column, ColumnProfile, Meaning, Spelling};

/// The type that a column gets, and why.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Choice {
    /// How its cells stand in PostgreSQL.
    pub codec: Codec,
    /// Why not in what its declared type means.
    pub reason: Reason,
    /// How many cells come back as something else that means the same, and have to be remembered.
    pub remembered: u64,
}

/// Why a column gets its type.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reason {
    /// It is what the declared type means.
    AsDeclared,
    /// No type is declared, or none that anybody knows: it is what the cells are.
    AsItIs,
    /// It holds nothing that would tell.
    Empty,
    /// It holds integers and reals.
    MixedNumbers,
    /// It holds numbers that the declared type does not.
    OtherNumbers,
    /// It holds texts that are not of one spelling, or none of the declared type.
    OtherTexts,
    /// It holds numbers and texts.
    NumbersAndTexts,
    /// It holds texts that PostgreSQL does not keep: with U+0000, or no UTF-8.
    NoText,
    /// It holds blobs besides something else.
    BlobsAndMore,
    /// It is compared with another column by a foreign key.
    Linked,
    /// It is in a key or an index, and PostgreSQL compares no documents.
    Indexed,
}

/// What kinds of cells a column holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kinds {
    Nothing,
    Integers,
    Reals,
    Numbers,
    Texts,
    NumbersAndTexts,
    Blobs,
    BlobsAndMore,
}

impl Kinds {
    fn of(profile: &ColumnProfile) -> Self {
        let has = |count: u64| count > 0;
        let (integers, reals) = (has(profile.integers.count), has(profile.reals.count));
        match (integers, reals, has(profile.texts.count), has(profile.blobs.count)) {
            (false, false, false, false) => Self::Nothing,
            (true, false, false, false) => Self::Integers,
            (false, true, false, false) => Self::Reals,
            (true, true, false, false) => Self::Numbers,
            (false, false, true, false) => Self::Texts,
            (_, _, true, false) => Self::NumbersAndTexts,
            (false, false, false, true) => Self::Blobs,
            (_, _, _, true) => Self::BlobsAndMore,
        }
    }
}

impl Choice {
    /// For a column that holds this.
    pub fn of(column: &Column, is_strict: bool, profile: &ColumnProfile) -> Self {
        let meaning = Meaning::of(&column.declared, is_strict);
        let choice = |codec, reason| Self { codec, reason, remembered: 0 };
        match Kinds::of(profile) {
            Kinds::Nothing => choice(of_nothing(meaning, column.affinity), Reason::Empty),
            Kinds::Integers => of_integers(meaning, profile),
            Kinds::Reals => of_reals(meaning, profile),
            Kinds::Numbers => Self {
                codec: Codec::Numeric,
                reason: if meaning == Meaning::Decimal { Reason::AsDeclared } else { Reason::MixedNumbers },
                remembered: profile.reals.whole,
            },
            Kinds::Texts => of_texts(meaning, column.affinity, profile),
            Kinds::NumbersAndTexts => of_numbers_and_texts(column.affinity, profile),
            Kinds::Blobs => {
                choice(Codec::Bytes(BytesOf::Blob), declared_as(meaning, Meaning::Bytes, Reason::AsItIs))
            }
            Kinds::BlobsAndMore => of_blobs_and_more(profile),
        }
    }
}

fn declared_as(meaning: Meaning, expected: Meaning, otherwise: Reason) -> Reason {
    match meaning {
        _ if meaning == expected => Reason::AsDeclared,
        Meaning::Anything => Reason::AsItIs,
        _ => otherwise,
    }
}

pub(crate) fn of_nothing(meaning: Meaning, affinity: Affinity) -> Codec {
    match meaning {
        Meaning::Boolean => Codec::Boolean,
        Meaning::Integer => Codec::Integer,
        Meaning::Real => Codec::Real,
        Meaning::Decimal => Codec::Numeric,
        // What SQLite's own functions give, and its CURRENT_TIMESTAMP.
        Meaning::Timestamp => written_like(b"2000-01-01 00:00:00"),
        Meaning::Date => written_like(b"2000-01-01"),
        Meaning::Time => written_like(b"00:00:00"),
        Meaning::Json => Codec::Json,
        Meaning::Uuid => Codec::Uuid,
        Meaning::Bytes => Codec::Bytes(BytesOf::Blob),
        Meaning::Text | Meaning::Anything => Codec::Text(affinity),
    }
}

fn written_like(text: &[u8]) -> Codec {
    let (_, spelling) = crate::moment::read(text).expect("a moment");
    Codec::Moment(MomentForm::Text(spelling))
}

fn of_integers(meaning: Meaning, profile: &ColumnProfile) -> Choice {
    let (least, greatest) = (profile.integers.least, profile.integers.greatest);
    let (codec, reason) = match meaning {
        Meaning::Boolean if least >= 0 && greatest <= 1 => (Codec::Boolean, Reason::AsDeclared),
        Meaning::Decimal => (Codec::Numeric, Reason::AsDeclared),
        Meaning::Timestamp => of_integer_moments(least, greatest),
        Meaning::Boolean => (Codec::Integer, Reason::OtherNumbers),
        _ => (Codec::Integer, declared_as(meaning, Meaning::Integer, Reason::OtherNumbers)),
    };
    Choice { codec, reason, remembered: 0 }
}

fn of_integer_moments(least: i64, greatest: i64) -> (Codec, Reason) {
    let form = MomentForm::counting(least.unsigned_abs().max(greatest.unsigned_abs()));
    // Between two that PostgreSQL keeps, it keeps all.
    if form.keeps(least) && form.keeps(greatest) {
        (Codec::Moment(form), Reason::AsDeclared)
    } else {
        (Codec::Integer, Reason::OtherNumbers)
    }
}

fn of_reals(meaning: Meaning, profile: &ColumnProfile) -> Choice {
    match meaning {
        Meaning::Decimal if profile.reals.whole == 0 => {
            Choice { codec: Codec::Numeric, reason: Reason::AsDeclared, remembered: 0 }
        }
        _ => Choice {
            codec: Codec::Real,
            reason: declared_as(meaning, Meaning::Real, Reason::OtherNumbers),
            remembered: 0,
        },
    }
}

fn of_texts(meaning: Meaning, affinity: Affinity, profile: &ColumnProfile) -> Choice {
    let texts = &profile.texts;
    let choice = |codec, reason| Choice { codec, reason, remembered: 0 };
    if !texts.are_kept() {
        return choice(Codec::Bytes(BytesOf::Text), Reason::NoText);
    }
    let declared = match meaning {
        Meaning::Uuid if texts.forms.uuid == texts.count => Some(Codec::Uuid),
        Meaning::Json if texts.forms.json == texts.count => Some(Codec::Json),
        Meaning::Timestamp | Meaning::Date | Meaning::Time => of_spelling(texts.count, profile),
        _ => None,
    };
    match declared {
        Some(codec) => choice(codec, Reason::AsDeclared),
        None => choice(Codec::Text(affinity), declared_as(meaning, Meaning::Text, Reason::OtherTexts)),
    }
}

/// If all are spelled alike.
fn of_spelling(count: u64, profile: &ColumnProfile) -> Option<Codec> {
    let (spelling, alike) = profile.texts.forms.moments.first_key_value()?;
    (*alike == count).then_some(Codec::Moment(MomentForm::Text(*spelling)))
}

fn of_numbers_and_texts(affinity: Affinity, profile: &ColumnProfile) -> Choice {
    let (texts, numbers) = (&profile.texts, profile.integers.count + profile.reals.count);
    if !texts.are_kept() {
        return Choice { codec: Codec::Bytes(BytesOf::Text), reason: Reason::NoText, remembered: numbers };
    }
    let is_number_again = matches!(affinity, Affinity::Integer | Affinity::Numeric | Affinity::Real);
    Choice {
        codec: Codec::Text(affinity),
        reason: Reason::NumbersAndTexts,
        remembered: if is_number_again { 0 } else { numbers },
    }
}

fn of_blobs_and_more(profile: &ColumnProfile) -> Choice {
    let numbers = profile.integers.count + profile.reals.count;
    let (texts, blobs) = (profile.texts.count, profile.blobs.count);
    let (of, others) = if blobs >= texts { (BytesOf::Blob, texts) } else { (BytesOf::Text, blobs) };
    Choice { codec: Codec::Bytes(of), reason: Reason::BlobsAndMore, remembered: numbers + others }
}

impl Choice {
    /// Whether cells that SQLite tells apart may be the same in PostgreSQL, such as 1 and '1' in a column without a type.
    pub(crate) fn merges(self, profile: &ColumnProfile) -> bool {
        let has = |count: u64| usize::from(count > 0);
        let numbers = has(profile.integers.count + profile.reals.count);
        match self.codec {
            Codec::Text(Affinity::Text | Affinity::Blob) => numbers + has(profile.texts.count) > 1,
            Codec::Bytes(_) => numbers + has(profile.texts.count) + has(profile.blobs.count) > 1,
            _ => false,
        }
    }
}

impl Codec {
    /// The spelling of its texts, if they are moments.
    pub fn spelling(self) -> Option<Spelling> {
        match self {
            Self::Moment(MomentForm::Text(spelling)) => Some(spelling),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests;
