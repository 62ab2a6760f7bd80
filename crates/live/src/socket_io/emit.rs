//! What is sent to clients: an event or an answer, its arguments, and binary data among them.

use std::fmt::Write as _;

use bytes::Bytes;
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use crate::engine_io::Frame;

/// An event, or an answer, for as many sockets as are to get it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Emit {
    /// An array in JSON without its end.
    json: String,
    attachments: Vec<Bytes>,
}

impl Emit {
    /// An event of this name.
    pub fn event(name: &str) -> Self {
        let mut emit = Self::answer();
        emit.push(name);
        emit
    }

    /// An answer.
    pub fn answer() -> Self {
        Self { json: "[".to_owned(), attachments: Vec::new() }
    }

    /// With one more argument.
    ///
    /// # Panics
    /// When the value cannot be written as JSON: a map whose keys are no texts, for example.
    pub fn with(mut self, value: &(impl Serialize + ?Sized)) -> Self {
        self.push(value);
        self
    }

    /// With one more argument, which is binary data.
    pub fn with_bytes(mut self, data: Bytes) -> Self {
        self.separate();
        let _ = write!(self.json, r#"{{"_placeholder":true,"num":{}}}"#, self.attachments.len());
        self.attachments.push(data);
        self
    }

    /// With arguments and attachments as another client sent them.
    pub(super) fn passed_on(mut self, arguments: &[&RawValue], attachments: &[Bytes]) -> Self {
        for argument in arguments {
            self.push(argument);
        }
        self.attachments.extend_from_slice(attachments);
        self
    }

    /// How many bytes it has, about.
    pub(crate) fn size(&self) -> usize {
        self.json.len() + self.attachments.iter().map(Bytes::len).sum::<usize>()
    }

    fn push(&mut self, value: &(impl Serialize + ?Sized)) {
        self.separate();
        self.json += &serde_json::to_string(value).expect("a value that can be written as JSON");
    }

    fn separate(&mut self) {
        if self.json.len() > 1 {
            self.json.push(',');
        }
    }

    /// As an event.
    pub(super) fn event_frames(&self, namespace: &str, id: Option<u64>) -> Vec<Frame> {
        self.frames(namespace, ["2", "5"], id)
    }

    /// As the answer to what a client asked.
    pub(super) fn answer_frames(&self, namespace: &str, id: u64) -> Vec<Frame> {
        self.frames(namespace, ["3", "6"], Some(id))
    }

    fn frames(&self, namespace: &str, [plain, binary]: [&str; 2], id: Option<u64>) -> Vec<Frame> {
        let count = self.attachments.len();
        let kind = if count == 0 { plain.to_owned() } else { format!("{binary}{count}-") };
        let id = id.map(|id| id.to_string()).unwrap_or_default();
        let text = Frame::text(&["4", &kind, &prefix(namespace), &id, &self.json, "]"]);
        std::iter::once(text).chain(self.attachments.iter().map(|data| Frame::binary(data))).collect()
    }
}

/// How a namespace is written; the main one is not.
pub(super) fn prefix(namespace: &str) -> String {
    if namespace == "/" { String::new() } else { format!("{namespace},") }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn written(frames: &[Frame]) -> String {
        frames
            .iter()
            .map(|frame| String::from_utf8_lossy(&frame.wire()[2..]).into_owned())
            .collect::<Vec<_>>()
            .join(" + ")
    }

    #[test]
    fn events_and_answers_are_written_as_the_protocol_has_them() {
        assert_eq!(written(&Emit::event("foo").event_frames("/", None)), r#"42["foo"]"#);
        let emit = Emit::event("foo").with(&1).with("2").with(&json!({ "3": [true] }));
        assert_eq!(
            written(&emit.event_frames("/custom", Some(7))),
            r#"42/custom,7["foo",1,"2",{"3":[true]}]"#
        );
        assert_eq!(written(&Emit::answer().answer_frames("/", 0)), "430[]");
        let emit = Emit::answer().with_bytes(Bytes::from_static(b"ab")).with_bytes(Bytes::from_static(b"c"));
        assert_eq!(
            written(&emit.answer_frames("/", 789)),
            r#"462-789[{"_placeholder":true,"num":0},{"_placeholder":true,"num":1}] + ab + c"#
        );
    }
}
