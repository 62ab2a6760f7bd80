//! What takes the place of a value that was refused, so that a type can be made all the same and tells what else is
//! wrong.

use std::borrow::Cow;
use std::iter;

use serde::de::value::{MapDeserializer, SeqDeserializer};
use serde::de::{Deserializer, IntoDeserializer, Visitor};
use serde::forward_to_deserialize_any;

use super::node::{Members, Node};
use super::refusal::Refusal;

/// The texts that are tried in turn: for many types one of them will do.
const TEXTS: [&str; 9] = [
    "",
    "1",
    "00000000-0000-0000-0000-000000000000",
    "1970-01-01T00:00:00Z",
    "1970-01-01",
    "00:00:00",
    "https://example.org/",
    "name@example.org",
    "127.0.0.1",
];

/// Answers whatever a type asks for. The number counts the answers that were refused before.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct StandIn(usize);

impl StandIn {
    /// Gives another answer from now on; `false` when there is none left.
    pub(super) fn try_another(&mut self) -> bool {
        let another = self.0 + 1 < TEXTS.len();
        self.0 += usize::from(another);
        another
    }

    fn text(self) -> &'static str {
        TEXTS[self.0]
    }

    fn number(self) -> u64 {
        u64::from(self.0 > 0)
    }

    fn truth(self) -> bool {
        self.0 % 2 == 1
    }
}

macro_rules! answers {
    ($($answer:ident($value:expr): $($method:ident)*;)*) => {
        $($(fn $method<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Refusal> {
            visitor.$answer($value(self))
        })*)*
    };
}

impl<'de> Deserializer<'de> for StandIn {
    type Error = Refusal;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Refusal> {
        if self.0 == 0 { visitor.visit_unit() } else { visitor.visit_str(self.text()) }
    }

    answers! {
        visit_bool(Self::truth): deserialize_bool;
        visit_u64(Self::number):
            deserialize_i8 deserialize_i16 deserialize_i32 deserialize_i64 deserialize_i128
            deserialize_u8 deserialize_u16 deserialize_u32 deserialize_u64 deserialize_u128
            deserialize_f32 deserialize_f64;
        visit_str(Self::text):
            deserialize_char deserialize_str deserialize_string deserialize_bytes deserialize_byte_buf
            deserialize_identifier;
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Refusal> {
        visitor.visit_none()
    }

    fn deserialize_unit<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Refusal> {
        visitor.visit_unit()
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        visitor: V,
    ) -> Result<V::Value, Refusal> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_seq<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Refusal> {
        visitor.visit_seq(SeqDeserializer::new(iter::empty::<Self>()))
    }

    fn deserialize_tuple<V: Visitor<'de>>(self, length: usize, visitor: V) -> Result<V::Value, Refusal> {
        visitor.visit_seq(SeqDeserializer::new(iter::repeat_n(self, length)))
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
        visitor.visit_map(MapDeserializer::new(iter::empty::<(Self, Self)>()))
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
        let mut members = Members::default();
        if let Some(variant) = variants.iter().cycle().nth(self.0) {
            members.add(Cow::Borrowed(variant), Node::StandIn(self));
        }
        Node::Object(members).deserialize_enum(name, variants, visitor)
    }

    forward_to_deserialize_any! { unit_struct ignored_any }
}

impl IntoDeserializer<'_, Refusal> for StandIn {
    type Deserializer = Self;

    fn into_deserializer(self) -> Self {
        self
    }
}
