//! The development mailbox. Its route exists only while mail stays here, which production refuses.

use axum::Json;
use axum::extract::State;
use foundation::{Problem, Timestamp, Uuid};
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
#[utoipa::path(get, path = "/api/dev/mail", tag = "development", responses((status = 200, body = DevMailbox)))]
pub(super) async fn development_mailbox(
    State(accounts): State<Accounts>,
) -> Result<Json<DevMailbox>, Problem> {
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
