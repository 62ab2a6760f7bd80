//! What a request asks for.

use foundation::{Code, Problem};
use url::form_urlencoded;

/// The way a session goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Transport {
    Polling,
    WebSocket,
}

/// The part of the query that the protocol has. Applications may add to it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Query {
    pub(super) transport: Transport,
    pub(super) sid: Option<String>,
}

impl Query {
    pub(super) fn parse(query: &str) -> Result<Self, Problem> {
        let find = |name: &str| {
            form_urlencoded::parse(query.as_bytes()).find(|(key, _)| key == name).map(|(_, value)| value)
        };
        if find("EIO").as_deref() != Some("4") {
            return Err(malformed(
                "This server speaks Engine.IO 4, which is what Socket.IO clients from 3.0 on speak. The query has to say EIO=4.",
            ));
        }
        let transport = match find("transport").as_deref() {
            Some("polling") => Transport::Polling,
            Some("websocket") => Transport::WebSocket,
            _ => return Err(malformed("The query has to say transport=polling or transport=websocket.")),
        };
        Ok(Self { transport, sid: find("sid").map(Into::into) })
    }
}

/// A request that is not of this protocol.
pub(super) fn malformed(words: &'static str) -> Problem {
    Problem::new(Code::MalformedRequest, words)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_client_asks_for() {
        let asked = Query::parse("EIO=4&transport=polling&t=abc&room=7").expect("fine");
        assert_eq!(asked, Query { transport: Transport::Polling, sid: None });
        let asked = Query::parse("sid=a%2Db&EIO=4&transport=websocket").expect("fine");
        assert_eq!(asked, Query { transport: Transport::WebSocket, sid: Some("a-b".to_owned()) });
    }

    #[test]
    fn other_versions_and_other_ways_are_refused() {
        for query in
            ["", "EIO=3&transport=polling", "transport=polling", "EIO=4", "EIO=4&transport=webtransport"]
        {
            assert_eq!(Query::parse(query).expect_err("refused").code(), Code::MalformedRequest, "{query}");
        }
    }
}
