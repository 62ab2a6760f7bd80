//! Why a type refuses a value, and where.
//!
//! serde's own errors are texts that quote the value. This one takes the same facts apart and keeps only those that
//! come from the program: what was expected, and the names of fields and choices.

use std::fmt::{self, Display, Write};

use serde::de::{Error, Expected, Unexpected};

use super::path::{Path, Step};

/// The error with which a type's `Deserialize` says in words of its own why it refuses a value. Of all other custom
/// errors a client only learns that the value is not valid, since they might quote it.
///
/// As with [`broken`](crate::broken), the words follow the field's name and must not repeat its value.
pub fn refused<E: Error>(code: &'static str, words: &str) -> E {
    E::custom(Own { code, words })
}

/// Why a value is refused. Holds nothing of the value.
#[derive(Debug)]
pub(super) enum Reason {
    /// It is of another type than expected.
    Type(String),
    /// It is of the right type, but out of what is expected.
    Value(String),
    /// It has too few or too many entries.
    Length,
    /// It is none of the choices.
    Choice(&'static [&'static str]),
    /// It is an object without this member.
    Missing(&'static str),
    /// There should be nothing here.
    Unknown,
    /// Its name was given more than once, or one that means the same.
    Duplicate,
    /// As its type says.
    Own { code: String, words: String },
    /// As its type says, in words that are not ours to pass on.
    Other,
}

/// That a value was refused. Boxed, so that the results of all that is well stay small.
#[derive(Debug)]
pub(super) struct Refusal(Box<Details>);

#[derive(Debug)]
struct Details {
    reason: Reason,
    /// From the value outwards.
    steps: Vec<Step>,
    /// Whether it is the name that was refused, not what stands under it.
    name: bool,
}

impl Refusal {
    pub(super) fn new(reason: Reason) -> Self {
        Self(Box::new(Details { reason, steps: Vec::new(), name: false }))
    }

    /// The same, seen from one step further out.
    pub(super) fn below(mut self, step: Step) -> Self {
        self.0.steps.push(step);
        self
    }

    /// The same, of a name and not of what stands under it.
    pub(super) fn of_name(mut self, name: &str) -> Self {
        // Where serde reads from a copy of its own, only the refusal itself knows the name.
        if !self.0.name {
            self.0.steps.push(Step::Member(name.to_owned()));
            self.0.name = true;
        }
        self
    }

    pub(super) fn reason(&self) -> &Reason {
        &self.0.reason
    }

    /// Where the refused value stands; for [`Reason::Missing`] the object that lacks it.
    pub(super) fn place(&self) -> Path {
        self.0.steps.iter().rev().cloned().collect()
    }

    /// Whether what has to go is a name with all that stands under it.
    pub(super) fn is_of_name(&self) -> bool {
        self.0.name || matches!(self.0.reason, Reason::Unknown)
    }

    /// The path of the field that an answer names.
    pub(super) fn field(&self) -> Path {
        let mut path = self.place();
        if let Reason::Missing(name) = self.0.reason {
            path.push(Step::Member(name.to_owned()));
        }
        path
    }

    /// A stable code, and words that follow the field's name.
    pub(super) fn explain(&self) -> (&str, String) {
        match &self.0.reason {
            Reason::Type(expected) => ("type", must_be(expected)),
            Reason::Value(expected) => ("value", must_be(expected)),
            Reason::Length => ("length", "has the wrong number of entries".to_owned()),
            Reason::Choice(choices) => ("choice", format!("must be one of: {}", choices.join(", "))),
            Reason::Missing(_) => ("missing", "is missing".to_owned()),
            Reason::Unknown => ("unknown", "is not known here".to_owned()),
            Reason::Duplicate => ("duplicate", "is given more than once".to_owned()),
            Reason::Own { code, words } => (code, words.clone()),
            Reason::Other => ("invalid", NOT_VALID.to_owned()),
        }
    }
}

impl Error for Refusal {
    fn custom<T: Display>(message: T) -> Self {
        Self::new(Own::within(message).unwrap_or(Reason::Other))
    }

    fn invalid_type(_: Unexpected<'_>, expected: &dyn Expected) -> Self {
        Self::new(Reason::Type(expected.to_string()))
    }

    fn invalid_value(_: Unexpected<'_>, expected: &dyn Expected) -> Self {
        Self::new(Reason::Value(expected.to_string()))
    }

    fn invalid_length(_: usize, _: &dyn Expected) -> Self {
        Self::new(Reason::Length)
    }

    fn unknown_variant(_: &str, choices: &'static [&'static str]) -> Self {
        Self::new(Reason::Choice(choices))
    }

    fn unknown_field(name: &str, _: &'static [&'static str]) -> Self {
        Self::new(Reason::Unknown).of_name(name)
    }

    fn missing_field(name: &'static str) -> Self {
        Self::new(Reason::Missing(name))
    }

    fn duplicate_field(name: &'static str) -> Self {
        Self::new(Reason::Duplicate).of_name(name)
    }
}

impl Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value is not as it should be")
    }
}

impl std::error::Error for Refusal {}

/// What [`refused`] says.
struct Own<'a> {
    code: &'a str,
    words: &'a str,
}

/// Begins what is ours. It is known by its address, which no other text has (a static has a place of its own), and not
/// by its letters, which a client could send.
static MARK: [u8; 11] = *b"refused as ";

fn mark() -> &'static str {
    str::from_utf8(&MARK).expect("it is ASCII")
}

impl Display for Own<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        [mark(), self.code, ": ", self.words].into_iter().try_for_each(|piece| f.write_str(piece))
    }
}

impl Own<'_> {
    /// What a message holds, if it is one of ours and nothing else.
    fn within(message: impl Display) -> Option<Reason> {
        let mut pieces = Pieces(Vec::new());
        write!(pieces, "{message}").ok()?;
        let [_, code, _, words] = <[String; 4]>::try_from(pieces.0).ok()?;
        Some(Reason::Own { code, words })
    }
}

/// The pieces in which one of our messages is written; fails at the first of any other.
struct Pieces(Vec<String>);

impl Write for Pieces {
    fn write_str(&mut self, piece: &str) -> fmt::Result {
        if self.0.is_empty() && !std::ptr::eq(piece, mark()) {
            return Err(fmt::Error);
        }
        self.0.push(piece.to_owned());
        Ok(())
    }
}

const NOT_VALID: &str = "is not valid";

/// serde's word for a type, for those who do not write Rust.
fn must_be(expected: &str) -> String {
    let word = match expected {
        "a string" | "a borrowed string" => "must be a string",
        "a boolean" => "must be true or false",
        "a character" => "must be a single character",
        "f32" | "f64" => "must be a number",
        "u8" => "must be a whole number from 0 to 255",
        "u16" => "must be a whole number from 0 to 65535",
        "u32" => "must be a whole number from 0 to 4294967295",
        "u64" | "u128" | "usize" => "must be a whole number, 0 or more",
        "i8" | "i16" | "i32" | "i64" | "i128" | "isize" => "must be a whole number",
        "a map" => "must be an object",
        "a sequence" => "must be a list",
        "unit" => "must be null",
        _ if expected.starts_with("struct ") => "must be an object",
        _ if expected.starts_with("an array") || expected.starts_with("a tuple") => "must be a list",
        // Names of our types and their parts are nobody's business.
        _ if ["struct", "enum", "variant", "tag", "::"].iter().any(|word| expected.contains(word)) => {
            NOT_VALID
        }
        _ if expected.starts_with("a ") || expected.starts_with("an ") => {
            return format!("must be {expected}");
        }
        _ => NOT_VALID,
    };
    word.to_owned()
}
