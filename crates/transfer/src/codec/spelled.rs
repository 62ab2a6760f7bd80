//! How a person says a codec: by the name of its type in PostgreSQL, and where that leaves a choice, by how cells say it
//! in SQLite. Pure.

use thiserror::Error;

use super::{BytesOf, Codec, MomentForm};
use crate::moment;
use crate::{Affinity, Spelling};

/// Types that leave no choice.
const PLAIN: [Codec; 6] =
    [Codec::Boolean, Codec::Integer, Codec::Real, Codec::Numeric, Codec::Uuid, Codec::Json];
/// All there are.
const NAMES: [&str; 12] = [
    "bigint",
    "boolean",
    "bytea",
    "date",
    "double precision",
    "json",
    "numeric",
    "text",
    "time",
    "timestamp",
    "timestamptz",
    "uuid",
];

/// 2024-05-01 13:45:00.123456, in microseconds since 1970.
const EXAMPLE: i64 = 1_714_571_100_123_456;

/// A moment that is spelled like this.
pub(crate) fn like(spelling: Spelling) -> String {
    moment::write(EXAMPLE, spelling).expect("every spelling has words for this year")
}

/// Why nobody knows which codec is meant.
#[derive(Debug, Error, PartialEq, Eq)]
pub(crate) enum Misspelled {
    #[error("type = \"{name}\" is no type that Mainstay moves to; there are {}{hint}", NAMES.join(", "))]
    Type { name: String, hint: String },
    #[error("a {type_name} needs stored_as: {choices}")]
    Missing { type_name: String, choices: &'static str },
    #[error("stored_as = \"{stored_as}\" is no way to store a {type_name}; it is {choices}")]
    Form { type_name: String, stored_as: String, choices: &'static str },
    #[error("what is stored as \"{stored_as}\" becomes a {becomes}, not a {type_name}")]
    Other { type_name: String, stored_as: String, becomes: &'static str },
    #[error("a {0} is stored in one way only: leave stored_as out")]
    NoChoice(String),
}

impl Codec {
    /// How cells say it in SQLite, where the name of the type leaves a choice.
    pub(crate) fn stored_as(self) -> Option<String> {
        match self {
            Self::Bytes(BytesOf::Blob) => Some("blob".to_owned()),
            Self::Bytes(BytesOf::Text) => Some("text".to_owned()),
            Self::Moment(MomentForm::Seconds) => Some("seconds".to_owned()),
            Self::Moment(MomentForm::Milliseconds) => Some("milliseconds".to_owned()),
            Self::Moment(MomentForm::Text(spelling)) => Some(like(spelling)),
            _ => None,
        }
    }

    /// What somebody means who says this of a column of this affinity.
    pub(crate) fn spelled(
        type_name: &str,
        stored_as: Option<&str>,
        affinity: Affinity,
    ) -> Result<Self, Misspelled> {
        let plain = PLAIN.into_iter().chain([Self::Text(affinity)]);
        let name = || type_name.to_owned();
        match ({ plain }.find(|codec| codec.type_name() == type_name), stored_as) {
            (Some(codec), None) => Ok(codec),
            (Some(_), Some(_)) => Err(Misspelled::NoChoice(name())),
            (None, _) if !NAMES.contains(&type_name) => {
                let hint = nearest(type_name, NAMES).map(|near| format!("; did you mean {near}?"));
                Err(Misspelled::Type { name: name(), hint: hint.unwrap_or_default() })
            }
            (None, Some(stored_as)) => Self::stored(type_name, stored_as),
            (None, None) => match type_name {
                "bytea" => Ok(Self::Bytes(BytesOf::Blob)),
                "date" => Ok(Self::Moment(MomentForm::Text(Spelling::Date))),
                _ => Err(Misspelled::Missing { type_name: name(), choices: choices(type_name) }),
            },
        }
    }

    fn stored(type_name: &str, stored_as: &str) -> Result<Self, Misspelled> {
        let codec = match (type_name, stored_as) {
            ("bytea", "blob") => Some(Self::Bytes(BytesOf::Blob)),
            ("bytea", "text") => Some(Self::Bytes(BytesOf::Text)),
            ("bytea", _) => None,
            (_, "seconds") => Some(Self::Moment(MomentForm::Seconds)),
            (_, "milliseconds") => Some(Self::Moment(MomentForm::Milliseconds)),
            (_, example) => {
                let read = moment::read(example.as_bytes());
                read.map(|(_, spelling)| Self::Moment(MomentForm::Text(spelling)))
            }
        };
        let (type_name, stored_as) = (type_name.to_owned(), stored_as.to_owned());
        match codec {
            Some(codec) if codec.type_name() == type_name => Ok(codec),
            Some(codec) => Err(Misspelled::Other { type_name, stored_as, becomes: codec.type_name() }),
            None => {
                let choices = choices(&type_name);
                Err(Misspelled::Form { type_name, stored_as, choices })
            }
        }
    }
}

fn choices(type_name: &str) -> &'static str {
    match type_name {
        "bytea" => "\"blob\" or \"text\"",
        "date" => "\"2024-05-01\"",
        "time" => "an example of how cells spell it, such as \"13:45:00\"",
        "timestamp" => "an example of how cells spell it, such as \"2024-05-01 13:45:00\"",
        _ => {
            "\"seconds\" or \"milliseconds\" since 1970, or an example of how cells spell it, such as \"2024-05-01T13:45:00.000Z\""
        }
    }
}

/// The one of these names that was probably meant.
pub(crate) fn nearest<'n>(name: &str, known: impl IntoIterator<Item = &'n str>) -> Option<&'n str> {
    let small = name.to_lowercase();
    let distance = |known: &str| strsim::damerau_levenshtein(&known.to_lowercase(), &small);
    let nearest = known.into_iter().map(|known| (distance(known), known)).min();
    nearest.filter(|(distance, _)| *distance * 2 <= name.chars().count().max(2)).map(|(_, known)| known)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(type_name: &str, stored_as: Option<&str>) -> String {
        match Codec::spelled(type_name, stored_as, Affinity::Text) {
            Ok(codec) => format!("{codec:?}"),
            Err(misspelled) => misspelled.to_string(),
        }
    }

    #[test]
    fn what_is_said_is_what_is_meant() {
        for codec in crate::codec::tests::codecs() {
            let affinity = if let Codec::Text(affinity) = codec { affinity } else { Affinity::Blob };
            let stored_as = codec.stored_as();
            assert_eq!(Codec::spelled(codec.type_name(), stored_as.as_deref(), affinity), Ok(codec));
        }
        assert_eq!(said("bytea", None), "Bytes(Blob)");
        assert_eq!(said("date", None), "Moment(Text(Date))");
    }

    #[test]
    fn what_is_wrong_is_said() {
        assert_eq!(
            said("bigin", None),
            "type = \"bigin\" is no type that Mainstay moves to; there are bigint, boolean, bytea, date, double \
             precision, json, numeric, text, time, timestamp, timestamptz, uuid; did you mean bigint?"
        );
        assert_eq!(said("text", Some("blob")), "a text is stored in one way only: leave stored_as out");
        assert_eq!(
            said("bytea", Some("hex")),
            "stored_as = \"hex\" is no way to store a bytea; it is \"blob\" or \"text\""
        );
        assert_eq!(
            said("timestamptz", Some("2024-05-01 10:00")),
            "what is stored as \"2024-05-01 10:00\" becomes a timestamp, not a timestamptz"
        );
        assert_eq!(
            said("time", None),
            "a time needs stored_as: an example of how cells spell it, such as \"13:45:00\""
        );
        assert_eq!(
            said("date", Some("May 1st")),
            "stored_as = \"May 1st\" is no way to store a date; it is \"2024-05-01\""
        );
    }
}
