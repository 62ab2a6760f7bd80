//! Text that people write, safe for the place it is for: the four types that a room stores and renders.
//!
//! | type | what it is | at most |
//! |---|---|---|
//! | [`Code`] | plain text, kept exactly | 50,000 characters |
//! | [`Username`] | letters `A` to `Z`, digits, `_` and `-` | 50 characters |
//! | [`Message`] | text with `b`, `i`, `em`, `strong`, `code` | 1,000 characters |
//! | [`Description`] | the same with `p`, `br`, `pre` and links | 5,000 characters |
//!
//! Their content is private: a value exists only because its text was read by `parse` (or `cut`), so one that is not
//! safe can be neither stored nor rendered. Reading from anywhere makes it safe again, JSON and the database included,
//! and changes nothing that was safe already. What renders text asks for [`ToHtml`], which nothing else implements.
//!
//! # A column of an entity
//!
//! A room wraps the type in one of its own, and SeaORM reads and writes it through `FromStr` and `Display`:
//!
//! ```ignore
//! use guard::text::{Message, TextError};
//! use sea_orm::entity::prelude::*;
//!
//! /// What a member of a room said.
//! #[derive(Debug, Clone, PartialEq, Eq, DeriveValueType)]
//! #[sea_orm(value_type = "String", column_type = "Text")]
//! pub struct Said(pub Message);
//!
//! impl std::str::FromStr for Said {
//!     type Err = TextError;
//!
//!     fn from_str(text: &str) -> Result<Self, TextError> {
//!         text.parse().map(Self)
//!     }
//! }
//!
//! impl std::fmt::Display for Said {
//!     fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
//!         self.0.fmt(f)
//!     }
//! }
//! ```
//!
//! The column has no length: markup makes the stored form longer than the text that people read and that is limited.

mod markup;
mod names;
mod pieces;
mod plain;
mod shorten;
mod unicode;
mod write;

use std::borrow::Cow;
use std::{error, fmt};

pub use markup::{Description, Message};
pub use plain::{Code, Username};

/// What can be put into a page: the types of this module, and nothing else.
pub trait ToHtml: sealed::Sealed {
    /// The value as HTML for the content of an element. Not for the inside of a script, a style or a comment.
    fn to_html(&self) -> Cow<'_, str>;
}

mod sealed {
    pub trait Sealed {}
}

/// Why a text was refused.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TextError {
    /// A stable name for the rule: `length` or `characters`.
    pub code: &'static str,
    /// What the text must be. It follows the name of a field, as in "must have at most 50 characters", and repeats
    /// nothing of the text.
    pub message: String,
}

impl TextError {
    fn length(message: impl Into<String>) -> Self {
        Self { code: "length", message: message.into() }
    }

    fn characters(message: impl Into<String>) -> Self {
        Self { code: "characters", message: message.into() }
    }
}

impl fmt::Display for TextError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl error::Error for TextError {}

/// What the four types have in common: the ways in, all through `parse`, and the ways out.
macro_rules! text {
    ($type:ident) => {
        impl $type {
            /// The text as it is stored.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl std::fmt::Display for $type {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl std::str::FromStr for $type {
            type Err = $crate::text::TextError;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                Self::parse(text)
            }
        }

        impl TryFrom<String> for $type {
            type Error = $crate::text::TextError;

            fn try_from(text: String) -> Result<Self, Self::Error> {
                Self::parse(&text)
            }
        }

        impl From<$type> for String {
            fn from(text: $type) -> Self {
                text.0
            }
        }

        impl serde::Serialize for $type {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(&self.0)
            }
        }

        impl<'de> serde::Deserialize<'de> for $type {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let text = <String as serde::Deserialize>::deserialize(deserializer)?;
                Self::parse(&text).map_err(|error| $crate::refused(error.code, &error.message))
            }
        }

        impl $crate::text::sealed::Sealed for $type {}
    };
}
use text;

#[cfg(test)]
mod tests;
