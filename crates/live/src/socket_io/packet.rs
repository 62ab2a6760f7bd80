//! The packets of Socket.IO 5, as they are written in text:
//! a digit for the kind, how many attachments follow, the namespace, an id if an answer is wanted, and JSON.
//!
//! <https://github.com/socketio/socket.io/blob/main/docs/socket.io-protocol/v5-current.md>

use serde_json::value::RawValue;

use super::depth;

/// The most pieces of binary data in one packet.
const MOST_ATTACHMENTS: usize = 10;
/// The deepest that arrays and objects may be nested.
const DEEPEST: usize = 32;
/// The longest name of a namespace, in bytes.
const LONGEST_NAMESPACE: usize = 128;
/// What a client's library would take for news of the connection.
const RESERVED: [&str; 6] =
    ["connect", "connect_error", "disconnect", "disconnecting", "newListener", "removeListener"];

/// What a client may send.
#[derive(Debug)]
pub(super) struct Packet<'a> {
    pub(super) namespace: &'a str,
    pub(super) content: Content<'a>,
}

/// What is in it.
#[derive(Debug)]
pub(super) enum Content<'a> {
    /// It comes in, and says who it is.
    Connect(Option<&'a RawValue>),
    /// It leaves.
    Disconnect,
    /// Something happened. If there is an id, an answer is wanted.
    Event { id: Option<u64>, name: String, arguments: Vec<&'a RawValue>, attachments: usize },
    /// The answer to what we asked.
    Ack { id: u64, arguments: Vec<&'a RawValue>, attachments: usize },
}

/// What no client that speaks Socket.IO 5 would send, or more of it than is allowed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("this is no packet of Socket.IO 5")]
pub(super) struct NoPacket;

impl<'a> Packet<'a> {
    /// The packet of a text message.
    pub(super) fn parse(text: &'a str) -> Result<Self, NoPacket> {
        let mut rest = text;
        let kind = take_while(&mut rest, |at, _| at == 0);
        let attachments = match kind {
            "5" | "6" => Some(take_attachments(&mut rest)?),
            _ => None,
        };
        let namespace = take_namespace(&mut rest)?;
        let id = take_id(&mut rest)?;
        let json = rest;
        if depth::of(json) > DEEPEST {
            return Err(NoPacket);
        }
        let count = attachments.unwrap_or(0);
        let content = match (kind, id) {
            ("0", None) => Content::Connect(payload(json)?),
            ("1", None) if json.is_empty() => Content::Disconnect,
            ("2" | "5", id) => event(id, json, count)?,
            ("3" | "6", Some(id)) => Content::Ack { id, arguments: array(json)?, attachments: count },
            _ => return Err(NoPacket),
        };
        Ok(Self { namespace, content })
    }
}

fn payload(json: &str) -> Result<Option<&RawValue>, NoPacket> {
    if json.is_empty() {
        return Ok(None);
    }
    let value: &RawValue = serde_json::from_str(json).map_err(|_| NoPacket)?;
    if value.get().starts_with('{') { Ok(Some(value)) } else { Err(NoPacket) }
}

fn event(id: Option<u64>, json: &str, attachments: usize) -> Result<Content<'_>, NoPacket> {
    let mut arguments = array(json)?;
    if arguments.is_empty() {
        return Err(NoPacket);
    }
    let first = arguments.remove(0).get();
    // A client may call an event by a number.
    let name = serde_json::from_str(first).or_else(|_| first.parse::<f64>().map(|_| first.to_owned()));
    let name: String = name.map_err(|_| NoPacket)?;
    if RESERVED.contains(&name.as_str()) {
        Err(NoPacket)
    } else {
        Ok(Content::Event { id, name, arguments, attachments })
    }
}

fn array(json: &str) -> Result<Vec<&RawValue>, NoPacket> {
    serde_json::from_str(json).map_err(|_| NoPacket)
}

fn take_attachments(rest: &mut &str) -> Result<usize, NoPacket> {
    let number = take_while(rest, |_, character| character.is_ascii_digit());
    *rest = rest.strip_prefix('-').ok_or(NoPacket)?;
    let count: usize = number.parse().map_err(|_| NoPacket)?;
    if count <= MOST_ATTACHMENTS { Ok(count) } else { Err(NoPacket) }
}

fn take_namespace<'a>(rest: &mut &'a str) -> Result<&'a str, NoPacket> {
    if !rest.starts_with('/') {
        return Ok("/");
    }
    let name = take_while(rest, |_, character| character != ',');
    *rest = rest.strip_prefix(',').unwrap_or_default();
    if name.len() <= LONGEST_NAMESPACE { Ok(name) } else { Err(NoPacket) }
}

fn take_id(rest: &mut &str) -> Result<Option<u64>, NoPacket> {
    let digits = take_while(rest, |_, character| character.is_ascii_digit());
    if digits.is_empty() { Ok(None) } else { digits.parse().map(Some).map_err(|_| NoPacket) }
}

fn take_while<'a>(rest: &mut &'a str, goes_on: impl Fn(usize, char) -> bool) -> &'a str {
    let end = rest.char_indices().find(|(at, character)| !goes_on(*at, *character));
    let (taken, left) = rest.split_at(end.map_or(rest.len(), |(at, _)| at));
    *rest = left;
    taken
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// In words that can be compared.
    fn parsed(text: &str) -> Option<String> {
        let Packet { namespace, content } = Packet::parse(text).ok()?;
        let texts =
            |values: &[&RawValue]| values.iter().map(|value| value.get()).collect::<Vec<_>>().join(" ");
        let words = match content {
            Content::Connect(None) => "connects".to_owned(),
            Content::Connect(Some(value)) => format!("connects {value}"),
            Content::Disconnect => "disconnects".to_owned(),
            Content::Event { id, name, arguments, attachments } => {
                format!("event {id:?} {name} {} +{attachments}", texts(&arguments))
            }
            Content::Ack { id, arguments, attachments } => {
                format!("ack {id} {} +{attachments}", texts(&arguments))
            }
        };
        Some(format!("{namespace} {words}"))
    }

    #[test]
    fn packets_are_read_as_the_protocol_writes_them() {
        #[rustfmt::skip]
        let table = [
            ("0", "/ connects"),
            (r#"0{"token":"123"}"#, r#"/ connects {"token":"123"}"#),
            ("0/admin", "/admin connects"),
            (r#"0/admin,{"token":"123"}"#, r#"/admin connects {"token":"123"}"#),
            ("1", "/ disconnects"),
            ("1/admin,", "/admin disconnects"),
            (r#"2["foo"]"#, "/ event None foo  +0"),
            (r#"2/admin,["bar",1,{"a":[]}]"#, r#"/admin event None bar 1 {"a":[]} +0"#),
            (r#"212["foo"]"#, "/ event Some(12) foo  +0"),
            (r#"3/admin,13["bar"]"#, r#"/admin ack 13 "bar" +0"#),
            (r#"51-["baz",{"_placeholder":true,"num":0}]"#, r#"/ event None baz {"_placeholder":true,"num":0} +1"#),
            (r#"52-/admin,7["baz"]"#, "/admin event Some(7) baz  +2"),
            (r#"61-15["bar",{"_placeholder":true,"num":0}]"#, r#"/ ack 15 "bar" {"_placeholder":true,"num":0} +1"#),
            ("310[]", "/ ack 10  +0"),
            ("2[4,true]", "/ event None 4 true +0"),
            (r#"2["caf\u00e9\n"]"#, "/ event None café\n  +0"),
        ];
        for (text, words) in table {
            assert_eq!(parsed(text).as_deref(), Some(words), "{text}");
        }
    }

    #[test]
    fn what_is_no_packet_is_refused() {
        #[rustfmt::skip]
        let wrong = [
            "", "abc", "7", "-", "\u{20ac}", "4{\"message\":\"a client refuses nobody\"}",
            "0[]", "0\"text\"", "0{", "0{}x", "012{}", "1{}", "112",
            "2", "2{}", "2[]", "2[null]", "2[{}]", "2[\"a\"", "2[\"a\"]x", "2abc[\"a\"]", "2-1[\"a\"]",
            "3[]", "3", "31{}", "2[\"connect\"]", "2[\"disconnect\"]", "2[\"connect_error\"]",
            "5[\"a\"]", "5-[\"a\"]", "511-[\"a\"]", "5x-[\"a\"]", "51000000-[\"a\"]", "599999999999999999999-[\"a\"]",
            "299999999999999999999[\"a\"]", "51", "61-[]",
        ];
        for text in wrong {
            assert_eq!(parsed(text), None, "{text}");
        }
    }

    #[test]
    fn nesting_and_names_have_their_limits() {
        let nested = |depth: usize| format!(r#"2["a",{}{}]"#, "[".repeat(depth), "]".repeat(depth));
        assert!(parsed(&nested(DEEPEST - 1)).is_some());
        for depth in [DEEPEST, 20_000] {
            assert_eq!(parsed(&nested(depth)), None, "{depth}");
        }
        let objects = format!("0{}1{}", r#"{"a":"#.repeat(20_000), "}".repeat(20_000));
        assert_eq!(parsed(&objects), None);
        assert_eq!(parsed(&format!("0/{}", "n".repeat(LONGEST_NAMESPACE))), None);
    }

    proptest! {
        #[test]
        fn nothing_that_is_sent_makes_it_panic(text in "[0-9]{0,3}-?(/[a-z]{0,4},?)?[0-9]{0,3}\\PC{0,40}") {
            let _ = parsed(&text);
        }
    }
}
