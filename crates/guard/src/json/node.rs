//! What was sent, as a tree: read once, strictly, and before any type is asked.
//!
//! The tree remembers what a type could no longer tell: that a name was given twice (RFC 8259 section 4 leaves open
//! which of the two would count). The text's depth is limited by `serde_json`, to 128.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt;

use serde::de::{Deserialize, Deserializer, MapAccess, SeqAccess, Visitor};
use serde_json::Number;

use super::path::Step;
use super::stand_in::StandIn;

/// A value that was sent, or what takes its place.
pub(super) enum Node<'a> {
    Null,
    Bool(bool),
    Number(Number),
    Text(Cow<'a, str>),
    /// A text that is read as whatever a type asks for.
    Word(Cow<'a, str>),
    List(Vec<Node<'a>>),
    Object(Members<'a>),
    /// The value of a name that was given more than once.
    Doubled,
    /// The value of a name that has a meaning for `serde_json` itself: a client could have a text read as JSON by it,
    /// past the rules of this one.
    Reserved,
    /// Takes the place of a value that was refused or is missing.
    StandIn(StandIn),
}

/// What an object holds, or a query.
#[derive(Default)]
pub(super) struct Members<'a>(pub(super) BTreeMap<Cow<'a, str>, Node<'a>>);

impl<'a> Members<'a> {
    /// Adds what stands under a name, which may not have been given before.
    pub(super) fn add(&mut self, name: Cow<'a, str>, value: Node<'a>) {
        let value = if name.starts_with("$serde_json::private::") { Node::Reserved } else { value };
        self.0.entry(name).and_modify(|present| *present = Node::Doubled).or_insert(value);
    }

    /// The one member, if there is exactly one.
    pub(super) fn only(&self) -> Option<(&str, &Node<'a>)> {
        let (name, value) = self.0.first_key_value().filter(|_| self.0.len() == 1)?;
        Some((name, value))
    }
}

impl<'a> Node<'a> {
    /// Reads a text that is JSON, to its end.
    ///
    /// # Errors
    /// Why it is not JSON, and where. Contains nothing of the text.
    pub(super) fn parse(text: &'a str) -> Result<Self, String> {
        let mut json = serde_json::Deserializer::from_str(text);
        let node = Self::deserialize(&mut json).map_err(|error| error.to_string())?;
        json.end().map_err(|error| error.to_string())?;
        Ok(node)
    }

    /// The value at the end of a path. A stand-in that the path leads into becomes an object of stand-ins.
    pub(super) fn at(&mut self, path: &[Step]) -> Option<&mut Self> {
        let Some((step, rest)) = path.split_first() else { return Some(self) };
        match step {
            Step::Member(name) => {
                if let Self::StandIn(_) = self {
                    let inside = (Cow::Owned(name.clone()), Self::StandIn(StandIn::default()));
                    *self = Self::Object(Members(BTreeMap::from([inside])));
                }
                let Self::Object(members) = self else { return None };
                members.0.get_mut(name.as_str())?.at(rest)
            }
            Step::Entry(index) => {
                let Self::List(entries) = self else { return None };
                entries.get_mut(*index)?.at(rest)
            }
        }
    }
}

impl<'de: 'a, 'a> Deserialize<'de> for Node<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(Tree)
    }
}

/// Makes a node of any JSON value.
struct Tree;

impl<'de> Visitor<'de> for Tree {
    type Value = Node<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON")
    }

    fn visit_unit<E>(self) -> Result<Node<'de>, E> {
        Ok(Node::Null)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Node<'de>, E> {
        Ok(Node::Bool(value))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Node<'de>, E> {
        Ok(Node::Number(value.into()))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Node<'de>, E> {
        Ok(Node::Number(value.into()))
    }

    fn visit_f64<E>(self, value: f64) -> Result<Node<'de>, E> {
        Ok(Number::from_f64(value).map_or(Node::Null, Node::Number))
    }

    fn visit_borrowed_str<E>(self, value: &'de str) -> Result<Node<'de>, E> {
        Ok(Node::Text(Cow::Borrowed(value)))
    }

    fn visit_str<E>(self, value: &str) -> Result<Node<'de>, E> {
        Ok(Node::Text(Cow::Owned(value.to_owned())))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Node<'de>, A::Error> {
        let mut entries = Vec::new();
        while let Some(entry) = list.next_element()? {
            entries.push(entry);
        }
        Ok(Node::List(entries))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut object: A) -> Result<Node<'de>, A::Error> {
        let mut members = Members::default();
        while let Some((Name(name), value)) = object.next_entry()? {
            members.add(name, value);
        }
        Ok(Node::Object(members))
    }
}

/// A member's name, copied only where it is written with escapes.
#[derive(serde::Deserialize)]
struct Name<'a>(#[serde(borrow)] Cow<'a, str>);
