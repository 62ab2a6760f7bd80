//! Puts a packet together with the binary data that follows it.

use bytes::Bytes;
use serde_json::value::RawValue;
use serde_json::{Map, Value};

use super::packet::{Content, NoPacket, Packet};

/// A packet whose attachments have not all come yet.
#[derive(Debug)]
pub(super) struct Assembly {
    text: String,
    attachments: Vec<Bytes>,
    wanted: usize,
}

impl Assembly {
    /// Begins with the text of a packet that so many attachments follow.
    ///
    /// # Errors
    /// When the text speaks of others.
    pub(super) fn begin(text: &str, packet: &Packet<'_>) -> Result<Option<Self>, NoPacket> {
        let (Content::Event { arguments, attachments, .. } | Content::Ack { arguments, attachments, .. }) =
            &packet.content
        else {
            return Ok(None);
        };
        if *attachments == 0 {
            return Ok(None);
        }
        arguments.iter().try_for_each(|argument| check(argument, *attachments))?;
        Ok(Some(Self { text: text.to_owned(), attachments: Vec::new(), wanted: *attachments }))
    }

    /// Takes the next one; gives everything back once it is the last.
    pub(super) fn take(mut self, data: Bytes) -> Result<(String, Vec<Bytes>), Self> {
        self.attachments.push(data);
        if self.attachments.len() < self.wanted { Err(self) } else { Ok((self.text, self.attachments)) }
    }
}

/// Whoever got a place without an attachment would end its connection.
fn check(argument: &RawValue, attachments: usize) -> Result<(), NoPacket> {
    let value: Value = serde_json::from_str(argument.get()).map_err(|_| NoPacket)?;
    if places(&value).all(|place| place.is_some_and(|place| place < attachments)) {
        Ok(())
    } else {
        Err(NoPacket)
    }
}

/// Where attachments belong; none where it is not said which.
fn places(value: &Value) -> Box<dyn Iterator<Item = Option<usize>> + '_> {
    match value {
        Value::Array(values) => Box::new(values.iter().flat_map(places)),
        Value::Object(members) if is_place(members) => Box::new(std::iter::once(place(members))),
        Value::Object(members) => Box::new(members.values().flat_map(places)),
        _ => Box::new(std::iter::empty()),
    }
}

fn is_place(members: &Map<String, Value>) -> bool {
    members.get("_placeholder") == Some(&Value::Bool(true))
}

fn place(members: &Map<String, Value>) -> Option<usize> {
    members.get("num")?.as_u64()?.try_into().ok()
}

/// Which attachment stands for an argument, if one does.
pub(super) fn attachment(argument: &RawValue) -> Option<usize> {
    let Value::Object(members) = serde_json::from_str(argument.get()).ok()? else { return None };
    is_place(&members).then(|| place(&members)).flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn begun(text: &str) -> Result<Option<Assembly>, NoPacket> {
        Assembly::begin(text, &Packet::parse(text)?)
    }

    #[test]
    fn attachments_are_waited_for() {
        let text = r#"52-["a",{"_placeholder":true,"num":0},[{"_placeholder":true,"num":1}]]"#;
        let assembly = begun(text).expect("fine").expect("something to wait for");
        let assembly = assembly.take(Bytes::from_static(b"1")).expect_err("one more");
        let (whole, attachments) = assembly.take(Bytes::from_static(b"2")).expect("all");
        assert_eq!((whole.as_str(), attachments.len()), (text, 2));
        for text in [r#"2["a"]"#, "50-[\"a\"]", "0", "1", "31[]"] {
            assert!(begun(text).expect("fine").is_none(), "{text}");
        }
    }

    #[test]
    fn nobody_is_sent_to_an_attachment_that_is_not_there() {
        for place in [
            r#"{"_placeholder":true,"num":1}"#,
            r#"{"_placeholder":true,"num":-1}"#,
            r#"{"_placeholder":true,"num":0.5}"#,
            r#"{"_placeholder":true,"num":"0"}"#,
            r#"{"_placeholder":true}"#,
            r#"[{"a":{"_placeholder":true,"num":99999999999999999999}}]"#,
        ] {
            assert!(begun(&format!(r#"51-["a",{place}]"#)).is_err(), "{place}");
        }
        assert!(begun(r#"51-["a",{"_placeholder":false,"num":7}]"#).is_ok());
    }
}
