//! What texts are like. Pure.

use std::collections::BTreeMap;

use crate::{Meaning, Spelling};
use crate::{codec, moment};

/// What texts are like: how many are each of these, as far as the column's type, or all texts before, suggested it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TextForms {
    /// Documents of JSON.
    pub json: u64,
    /// UUIDs, with hyphens and in small letters.
    pub uuid: u64,
    /// UUIDs that are written in another way.
    pub other_uuids: u64,
    /// Numbers such as `-12.50`.
    pub decimals: u64,
    /// Moments, by their spelling.
    pub moments: BTreeMap<Spelling, u64>,
    watched: Watched,
}

/// Something that texts can be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Form {
    Uuid,
    Json,
    Decimal,
    Moment,
}

/// What every text is still looked at for: to know costs something.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Watched(Vec<Form>);

impl Default for Watched {
    fn default() -> Self {
        Self(vec![Form::Uuid, Form::Decimal, Form::Moment, Form::Json])
    }
}

impl Form {
    /// What texts of a column should be whose type means this.
    fn of(meaning: Meaning) -> Option<Self> {
        match meaning {
            Meaning::Uuid => Some(Self::Uuid),
            Meaning::Json => Some(Self::Json),
            Meaning::Timestamp | Meaning::Date | Meaning::Time => Some(Self::Moment),
            Meaning::Integer | Meaning::Real | Meaning::Decimal => Some(Self::Decimal),
            Meaning::Boolean | Meaning::Text | Meaning::Bytes | Meaning::Anything => None,
        }
    }
}

impl TextForms {
    /// Whether every text has been looked at for this.
    pub(crate) fn knows(&self, form: Form) -> bool {
        self.watched.0.contains(&form)
    }

    /// A form is looked for where the type says so, or while every text so far was like that. Whether this text is what the
    /// type means.
    pub(super) fn see(&mut self, text: &[u8], is_kept: bool, meaning: Meaning) -> bool {
        let declared = Form::of(meaning);
        let mut is_declared = false;
        let mut watched = std::mem::take(&mut self.watched.0);
        watched.retain(|form| {
            let is_it = self.count(*form, text, is_kept);
            is_declared |= is_it && declared == Some(*form);
            is_it || declared == Some(*form)
        });
        self.watched.0 = watched;
        match meaning {
            Meaning::Text | Meaning::Anything => true,
            Meaning::Boolean | Meaning::Integer | Meaning::Real | Meaning::Decimal | Meaning::Bytes => false,
            Meaning::Uuid | Meaning::Json | Meaning::Timestamp | Meaning::Date | Meaning::Time => is_declared,
        }
    }

    fn count(&mut self, form: Form, text: &[u8], is_kept: bool) -> bool {
        let (count, is_it) = match form {
            Form::Uuid => {
                let is_it = is_uuid(text);
                self.other_uuids += u64::from(!is_it && codec::read_any_uuid(text).is_some());
                (&mut self.uuid, is_it)
            }
            Form::Json => (&mut self.json, is_kept && is_json(text)),
            Form::Decimal => (&mut self.decimals, is_decimal(text)),
            Form::Moment => match moment::read(text) {
                Some((_, spelling)) => (self.moments.entry(spelling).or_default(), true),
                None => return false,
            },
        };
        *count += u64::from(is_it);
        is_it
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

fn is_decimal(text: &[u8]) -> bool {
    let unsigned = text.strip_prefix(b"-").unwrap_or(text);
    let mut parts = unsigned.splitn(2, |byte| *byte == b'.');
    parts.all(|digits| !digits.is_empty() && digits.iter().all(u8::is_ascii_digit))
}
