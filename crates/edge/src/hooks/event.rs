//! What is told, in the form that Standard Webhooks recommends: a type, a moment, and the data.

use bytes::Bytes;
use foundation::Timestamp;
use serde::Serialize;

use crate::engine::Record;

/// One event, as it is sent.
#[derive(Debug)]
pub(super) struct Event {
    id: String,
    body: Bytes,
}

#[derive(Serialize)]
struct Body<'r> {
    r#type: &'static str,
    timestamp: Timestamp,
    data: Data<'r>,
}

#[derive(Serialize)]
struct Data<'r> {
    /// For people.
    said: String,
    record: &'r Record,
}

impl Event {
    pub(super) fn of(record: &Record) -> Self {
        let data = Data { said: record.to_string(), record };
        let body = Body { r#type: record.happened.name(), timestamp: record.at, data };
        let body = serde_json::to_vec(&body).expect("a record is plain data").into();
        Self { id: format!("{}-{}", record.number, record.at.timestamp_millis()), body }
    }

    /// The same each time it is told, so that the receiver knows it again.
    pub(super) fn id(&self) -> &str {
        &self.id
    }

    pub(super) fn body(&self) -> &Bytes {
        &self.body
    }
}
