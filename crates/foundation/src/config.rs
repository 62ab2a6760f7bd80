//! Settings: one TOML file, every key also an environment variable, every mistake reported at once.
//!
//! A room declares its settings as a plain struct that derives `Deserialize`, `Serialize`, `JsonSchema` and
//! `garde::Validate` and has a `Default`. From that one declaration come the reader ([`read`]), the commented
//! default file ([`default_file`]) and the JSON Schema ([`schema`]).

mod document;
mod keys;
mod period;
mod reader;

use std::fmt;

use schemars::JsonSchema;
use serde::de::DeserializeOwned;

pub use document::{default_file, schema};
pub use period::Period;
pub use reader::{Sources, read, read_with_mistakes};

/// What a whole configuration must be able to do.
pub trait Settings: Default + DeserializeOwned + JsonSchema + garde::Validate<Context = ()> {
    /// What is fine alone and wrong together.
    fn contradictions(&self) -> Vec<Mistake> {
        Vec::new()
    }
}

/// An environment variable with a well-known name that stands for one of our keys.
#[derive(Debug, Clone, Copy)]
pub struct Alias {
    /// The variable, for example `DATABASE_URL`.
    pub variable: &'static str,
    /// The key it sets, for example `store.url`.
    pub key: &'static str,
}

/// One thing that is wrong with the configuration.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mistake {
    /// Where it stands: a key in the file, or an environment variable.
    pub place: String,
    /// What is wrong, and what would be right.
    pub message: String,
}

impl Mistake {
    /// A mistake at a place.
    pub fn new(place: impl Into<String>, message: impl Into<String>) -> Self {
        Self { place: place.into(), message: message.into() }
    }
}

impl fmt::Display for Mistake {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.place, self.message)
    }
}

/// Every mistake of a configuration.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mistakes(pub Vec<Mistake>);

impl fmt::Display for Mistakes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let noun = if self.0.len() == 1 { "mistake" } else { "mistakes" };
        write!(f, "the configuration has {} {noun}:", self.0.len())?;
        self.0.iter().try_for_each(|mistake| write!(f, "\n  - {mistake}"))
    }
}

impl std::error::Error for Mistakes {}

#[cfg(test)]
mod tests;
