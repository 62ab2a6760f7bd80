//! Whether a text is JSON, to its end and without a name given twice in one object (RFC 8259 section 4 leaves open
//! which of the two would count). Depth is limited by `serde_json`, to 128.

use std::collections::HashSet;
use std::fmt;

use serde::de::{Deserialize, DeserializeSeed, Deserializer, Error as _, MapAccess, SeqAccess, Visitor};
use serde_json::error::Category;

/// What is wrong with a text.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Flaw {
    /// It is not JSON, and why and where. Contains nothing of the text.
    Syntax(String),
    /// The path of a name that is given twice.
    Duplicate(String),
}

/// Checks a text.
pub(super) fn check(text: &str) -> Result<(), Flaw> {
    let mut json = serde_json::Deserializer::from_str(text);
    serde_path_to_error::deserialize::<_, Unique>(&mut json)
        .map_err(|error| match error.inner().classify() {
            Category::Data => Flaw::Duplicate(super::shown(&error.path().to_string())),
            Category::Syntax | Category::Eof | Category::Io => Flaw::Syntax(error.inner().to_string()),
        })
        .and_then(|_| json.end().map_err(|error| Flaw::Syntax(error.to_string())))
}

/// Any JSON value, looked at and forgotten.
struct Unique;

impl<'de> Deserialize<'de> for Unique {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(Self)
    }
}

impl<'de> Visitor<'de> for Unique {
    type Value = Self;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON")
    }

    fn visit_unit<E>(self) -> Result<Self, E> {
        Ok(self)
    }

    fn visit_bool<E>(self, _: bool) -> Result<Self, E> {
        Ok(self)
    }

    fn visit_i64<E>(self, _: i64) -> Result<Self, E> {
        Ok(self)
    }

    fn visit_u64<E>(self, _: u64) -> Result<Self, E> {
        Ok(self)
    }

    fn visit_f64<E>(self, _: f64) -> Result<Self, E> {
        Ok(self)
    }

    fn visit_str<E>(self, _: &str) -> Result<Self, E> {
        Ok(self)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Self, A::Error> {
        while list.next_element::<Self>()?.is_some() {}
        Ok(self)
    }

    fn visit_map<A: MapAccess<'de>>(self, mut object: A) -> Result<Self, A::Error> {
        let mut names = HashSet::new();
        while let Some(name) = object.next_key::<String>()? {
            if names.insert(name) {
                object.next_value::<Self>()?;
            } else {
                object.next_value_seed(Refuse)?;
            }
        }
        Ok(self)
    }
}

/// Fails in the place of a value, so that the error's path includes the value's name.
struct Refuse;

impl<'de> DeserializeSeed<'de> for Refuse {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, _: D) -> Result<(), D::Error> {
        Err(D::Error::custom("given twice"))
    }
}
