//! Reads a type from what was sent, to the letter: what a type would pass over in silence is refused.
//!
//! serde leaves to each type whether unknown fields are an error, and takes a list for an object whose fields come in
//! order. Here both are refused, whatever the type says. (Only inside `flatten`, `tag` and `untagged` serde reads from
//! a copy of its own; a type that uses them needs `deny_unknown_fields`.)

use std::borrow::Cow;
use std::collections::btree_map;
use std::iter::Enumerate;
use std::slice;

use serde::de::{
    Deserialize, DeserializeSeed, Deserializer, EnumAccess, Error as _, IntoDeserializer as _, MapAccess,
    SeqAccess, Unexpected, VariantAccess, Visitor,
};

use super::node::{Members, Node};
use super::path::Step;
use super::refusal::{Reason, Refusal};
use super::word::{Word, visit_number};

/// Words and stand-ins look at what is asked for; what was sent as JSON is what it is.
macro_rules! by_what_was_sent {
    ($($method:ident)*) => {
        $(fn $method<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Refusal> {
            match self {
                Node::Word(text) => Word(text).$method(visitor),
                Node::StandIn(stand_in) => stand_in.$method(visitor),
                _ => self.deserialize_any(visitor),
            }
        })*
    };
}

impl<'de> Deserializer<'de> for &Node<'_> {
    type Error = Refusal;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Refusal> {
        match self {
            Node::Null => visitor.visit_unit(),
            Node::Bool(truth) => visitor.visit_bool(*truth),
            Node::Number(number) => visit_number(number, visitor),
            Node::Text(text) | Node::Word(text) => visitor.visit_str(text),
            Node::List(entries) => visit_entries(entries, visitor),
            Node::Object(members) => visit_members(members, visitor),
            Node::Doubled => Err(Refusal::new(Reason::Duplicate)),
            Node::Reserved => Err(Refusal::new(Reason::Unknown)),
            Node::StandIn(stand_in) => stand_in.deserialize_any(visitor),
        }
    }

    by_what_was_sent! {
        deserialize_bool deserialize_i8 deserialize_i16 deserialize_i32 deserialize_i64 deserialize_i128
        deserialize_u8 deserialize_u16 deserialize_u32 deserialize_u64 deserialize_u128
        deserialize_f32 deserialize_f64 deserialize_char deserialize_str deserialize_string
        deserialize_bytes deserialize_byte_buf deserialize_unit deserialize_seq deserialize_identifier
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Refusal> {
        match self {
            Node::Null | Node::StandIn(_) => visitor.visit_none(),
            _ => visitor.visit_some(self),
        }
    }

    fn deserialize_unit_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        visitor: V,
    ) -> Result<V::Value, Refusal> {
        self.deserialize_unit(visitor)
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        visitor: V,
    ) -> Result<V::Value, Refusal> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_tuple<V: Visitor<'de>>(self, length: usize, visitor: V) -> Result<V::Value, Refusal> {
        match self {
            Node::StandIn(stand_in) => stand_in.deserialize_tuple(length, visitor),
            _ => self.deserialize_any(visitor),
        }
    }

    fn deserialize_tuple_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        length: usize,
        visitor: V,
    ) -> Result<V::Value, Refusal> {
        self.deserialize_tuple(length, visitor)
    }

    fn deserialize_map<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Refusal> {
        match self {
            Node::List(_) => Err(Refusal::invalid_type(Unexpected::Seq, &visitor)),
            Node::StandIn(stand_in) => stand_in.deserialize_map(visitor),
            _ => self.deserialize_any(visitor),
        }
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Refusal> {
        self.deserialize_map(visitor)
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        name: &'static str,
        variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Refusal> {
        match self {
            Node::Text(text) | Node::Word(text) => visitor.visit_enum(text.as_ref().into_deserializer()),
            Node::Object(members) => match members.only() {
                Some((name, content)) => visitor.visit_enum(Choice { name, content }),
                None => Err(Refusal::invalid_type(Unexpected::Map, &visitor)),
            },
            Node::StandIn(stand_in) => stand_in.deserialize_enum(name, variants, visitor),
            _ => self.deserialize_any(visitor),
        }
    }

    fn deserialize_ignored_any<V: Visitor<'de>>(self, _: V) -> Result<V::Value, Refusal> {
        Err(Refusal::new(Reason::Unknown))
    }
}

fn visit_entries<'de, V: Visitor<'de>>(entries: &[Node<'_>], visitor: V) -> Result<V::Value, Refusal> {
    let mut list = Entries(entries.iter().enumerate());
    let value = visitor.visit_seq(&mut list)?;
    if list.0.next().is_some() { Err(Refusal::new(Reason::Length)) } else { Ok(value) }
}

struct Entries<'a>(Enumerate<slice::Iter<'a, Node<'a>>>);

impl<'de> SeqAccess<'de> for &mut Entries<'_> {
    type Error = Refusal;

    fn next_element_seed<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Result<Option<S::Value>, Refusal> {
        let Some((index, entry)) = self.0.next() else { return Ok(None) };
        seed.deserialize(entry).map(Some).map_err(|refusal| refusal.below(Step::Entry(index)))
    }
}

fn visit_members<'de, V: Visitor<'de>>(members: &Members<'_>, visitor: V) -> Result<V::Value, Refusal> {
    let mut object = Named { members: members.0.iter(), current: None };
    let value = visitor.visit_map(&mut object)?;
    match object.members.next() {
        Some((name, _)) => Err(Refusal::new(Reason::Unknown).below(Step::Member(name.to_string()))),
        None => Ok(value),
    }
}

struct Named<'a> {
    members: btree_map::Iter<'a, Cow<'a, str>, Node<'a>>,
    current: Option<(&'a str, &'a Node<'a>)>,
}

impl<'de> MapAccess<'de> for &mut Named<'_> {
    type Error = Refusal;

    fn next_key_seed<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Result<Option<S::Value>, Refusal> {
        let Some((name, value)) = self.members.next() else { return Ok(None) };
        self.current = Some((name, value));
        seed.deserialize(Word(name)).map(Some).map_err(|refusal| refusal.of_name(name))
    }

    fn next_value_seed<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Result<S::Value, Refusal> {
        let Some((name, value)) = self.current.take() else {
            return Err(Refusal::custom("a value was asked for before its name"));
        };
        seed.deserialize(value).map_err(|refusal| refusal.below(Step::Member(name.to_owned())))
    }
}

/// A variant of an enum that is written as an object with one member.
struct Choice<'a> {
    name: &'a str,
    content: &'a Node<'a>,
}

impl Choice<'_> {
    fn inside<T>(&self, read: Result<T, Refusal>) -> Result<T, Refusal> {
        read.map_err(|refusal| refusal.below(Step::Member(self.name.to_owned())))
    }
}

impl<'de> EnumAccess<'de> for Choice<'_> {
    type Error = Refusal;
    type Variant = Self;

    fn variant_seed<S: DeserializeSeed<'de>>(self, seed: S) -> Result<(S::Value, Self), Refusal> {
        Ok((seed.deserialize(Word(self.name))?, self))
    }
}

impl<'de> VariantAccess<'de> for Choice<'_> {
    type Error = Refusal;

    fn unit_variant(self) -> Result<(), Refusal> {
        self.inside(Deserialize::deserialize(self.content))
    }

    fn newtype_variant_seed<S: DeserializeSeed<'de>>(self, seed: S) -> Result<S::Value, Refusal> {
        self.inside(seed.deserialize(self.content))
    }

    fn tuple_variant<V: Visitor<'de>>(self, length: usize, visitor: V) -> Result<V::Value, Refusal> {
        self.inside(self.content.deserialize_tuple(length, visitor))
    }

    fn struct_variant<V: Visitor<'de>>(
        self,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Refusal> {
        self.inside(self.content.deserialize_map(visitor))
    }
}
