//! The development mailbox. Its route exists only while mail stays here, which production refuses.

use std::net::IpAddr;

use axum::Json;
use axum::extract::State;
use foundation::problem::ProblemDocument;
use foundation::{Code, Problem, Timestamp, Uuid};
use http::HeaderMap;
use http::header::HOST;
use http::uri::Authority;
use serde::Serialize;
use utoipa::ToSchema;

use crate::{Accounts, AccountsError, queries};

/// How many mails are shown.
const SHOWN: u64 = 100;

/// What the development mailbox holds, newest first.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct DevMailbox {
    /// The mails.
    messages: Vec<DevMail>,
}

/// A mail that would have been sent.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct DevMail {
    /// Its id.
    id: Uuid,
    /// Whom it is for.
    to: String,
    /// Its subject.
    subject: String,
    /// Its text.
    text: String,
    /// When it would have been sent.
    #[schema(value_type = String, format = DateTime)]
    sent_at: Timestamp,
}

/// Mail that was sent while no SMTP server is configured. For development only.
#[utoipa::path(get, path = "/api/dev/mail", tag = "development", responses(
    (status = 200, body = DevMailbox),
    (
        status = 404, description = "`not_found`, for a host name that is not this installation's",
        body = ProblemDocument, content_type = "application/problem+json"
    ),
))]
pub(super) async fn development_mailbox(
    State(accounts): State<Accounts>,
    headers: HeaderMap,
) -> Result<Json<DevMailbox>, Problem> {
    let host = headers.get(HOST).and_then(|host| host.to_str().ok()).unwrap_or_default();
    if !is_direct(host, &accounts.public_url) {
        let words = "The development mailbox is only shown at this server's own address.";
        return Err(Problem::new(Code::NotFound, words));
    }
    let mails =
        queries::mails::delivered(accounts.store.reader(), SHOWN).await.map_err(AccountsError::from)?;
    let messages = mails
        .into_iter()
        .map(|mail| DevMail {
            id: mail.id,
            to: mail.recipient,
            subject: mail.subject,
            text: mail.text,
            sent_at: mail.delivered_at.unwrap_or(mail.created_at),
        })
        .collect();
    Ok(Json(DevMailbox { messages }))
}

/// Whether a page at this host can only be one of ours. A site can point a name of its own at this machine and then
/// read what is here as if it were its own ("DNS rebinding"); it cannot do so with an address or with `localhost`.
fn is_direct(host: &str, public_url: &str) -> bool {
    let Ok(authority) = host.parse::<Authority>() else { return false };
    let name = authority.host().trim_matches(['[', ']']);
    name == "localhost"
        || name.parse::<IpAddr>().is_ok()
        || public_url.split_once("://").is_some_and(|(_, ours)| ours.eq_ignore_ascii_case(host))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_our_own_addresses_show_mail() {
        for host in
            ["localhost", "localhost:8080", "127.0.0.1:8080", "[::1]:8080", "192.168.1.7", "dev.example:8080"]
        {
            assert!(is_direct(host, "http://dev.example:8080"), "{host}");
        }
        for host in
            ["", "evil.example", "evil.example:8080", "localhost.evil.example", "127.0.0.1.evil.example"]
        {
            assert!(!is_direct(host, "http://dev.example:8080"), "{host}");
        }
    }
}
