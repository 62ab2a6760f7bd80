//! Reads a text as whatever a type asks for: a parameter of a query, or a name in an object.

use serde::de::{Deserializer, Error as _, IntoDeserializer as _, Unexpected, Visitor};
use serde::forward_to_deserialize_any;
use serde_json::Number;

use super::refusal::Refusal;

/// A text that stands for a number, for `true` or `false`, for a choice, or for itself.
#[derive(Clone, Copy)]
pub(super) struct Word<'a>(pub(super) &'a str);

impl Word<'_> {
    /// Numbers are written as in JSON, without space around them.
    fn number(self) -> Option<Number> {
        if self.0.contains(char::is_whitespace) { None } else { serde_json::from_str(self.0).ok() }
    }

    fn refused_by<'de, V: Visitor<'de>>(self, visitor: &V) -> Refusal {
        Refusal::invalid_type(Unexpected::Str(self.0), visitor)
    }
}

/// Hands a number to a visitor, as what it is.
pub(super) fn visit_number<'de, V: Visitor<'de>>(number: &Number, visitor: V) -> Result<V::Value, Refusal> {
    match (number.as_u64(), number.as_i64(), number.as_f64()) {
        (Some(whole), ..) => visitor.visit_u64(whole),
        (None, Some(whole), _) => visitor.visit_i64(whole),
        (None, None, Some(number)) => visitor.visit_f64(number),
        (None, None, None) => Err(Refusal::invalid_type(Unexpected::Other("number"), &visitor)),
    }
}

macro_rules! numbers {
    ($($method:ident)*) => {
        $(fn $method<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Refusal> {
            match self.number() {
                Some(number) => visit_number(&number, visitor),
                None => Err(self.refused_by(&visitor)),
            }
        })*
    };
}

impl<'de> Deserializer<'de> for Word<'_> {
    type Error = Refusal;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Refusal> {
        visitor.visit_str(self.0)
    }

    fn deserialize_bool<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Refusal> {
        match self.0 {
            "true" => visitor.visit_bool(true),
            "false" => visitor.visit_bool(false),
            _ => Err(self.refused_by(&visitor)),
        }
    }

    numbers! {
        deserialize_i8 deserialize_i16 deserialize_i32 deserialize_i64 deserialize_i128
        deserialize_u8 deserialize_u16 deserialize_u32 deserialize_u64 deserialize_u128
        deserialize_f32 deserialize_f64
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Refusal> {
        visitor.visit_some(self)
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        visitor: V,
    ) -> Result<V::Value, Refusal> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Refusal> {
        visitor.visit_enum(self.0.into_deserializer())
    }

    forward_to_deserialize_any! {
        char str string bytes byte_buf unit unit_struct seq tuple tuple_struct map struct identifier ignored_any
    }
}
