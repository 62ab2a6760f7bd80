//! What is written down.

use std::net::IpAddr;

use foundation::Uuid;
use sea_orm::sea_query::StringLen;
use sea_orm::{DeriveActiveEnum, EnumIter};
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// Where a request came from, as far as anybody knows.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Source {
    /// The client's address.
    pub ip_address: Option<IpAddr>,
    /// What the client says it is, cut to a sensible length.
    pub user_agent: Option<String>,
}

/// Whether what was tried came about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, EnumIter, DeriveActiveEnum, Serialize, Deserialize)]
#[sea_orm(rs_type = "String", db_type = "String(StringLen::N(20))", rename_all = "lowercase")]
#[serde(rename_all = "lowercase")]
pub enum Outcome {
    /// It did.
    Success,
    /// It was refused.
    Failure,
}

/// What can be done, in a word that never changes: `sign_in`, `password_change`. Rooms list theirs with
/// [`actions!`](crate::actions).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Action(&'static str);

impl Action {
    /// An action.
    pub const fn new(word: &'static str) -> Self {
        Self(word)
    }

    /// The word.
    pub const fn as_str(self) -> &'static str {
        self.0
    }
}

/// Lists the actions of a room: a constant for each, and all of them as `ALL`.
#[macro_export]
macro_rules! actions {
    ($($(#[$attribute:meta])* $name:ident = $word:literal;)+) => {
        $($(#[$attribute])* pub const $name: $crate::Action = $crate::Action::new($word);)+

        /// Every action of this room.
        pub const ALL: &[$crate::Action] = &[$($name),+];
    };
}

/// Something that happened.
#[derive(Debug, Clone)]
pub struct Entry<'a> {
    /// Who did it; none for strangers and for the program itself.
    pub user_id: Option<Uuid>,
    /// What was done.
    pub action: Action,
    /// The kind of thing it was done to: `user`, `session`.
    pub resource: &'static str,
    /// Which one.
    pub resource_id: Option<Uuid>,
    /// Whether it came about.
    pub outcome: Outcome,
    /// Where the request came from.
    pub source: &'a Source,
    /// What else a reader should know. No secrets.
    pub details: Value,
}

impl<'a> Entry<'a> {
    /// Something a user did to their own account.
    pub fn of_user(user_id: Uuid, action: Action, source: &'a Source) -> Self {
        Self {
            user_id: Some(user_id),
            action,
            resource: "user",
            resource_id: Some(user_id),
            outcome: Outcome::Success,
            source,
            details: Value::Null,
        }
    }

    /// Something done to an account, if there is one, by nobody who is known.
    pub fn of_stranger(account: Option<Uuid>, action: Action, source: &'a Source) -> Self {
        Self { resource_id: account, ..Self::of_user(Uuid::nil(), action, source) }.by(None)
    }

    /// Something done to the installation as a whole.
    pub fn of_installation(user_id: Option<Uuid>, action: Action, source: &'a Source) -> Self {
        Self { resource: "installation", resource_id: None, ..Self::of_user(Uuid::nil(), action, source) }
            .by(user_id)
    }

    /// The same, but it was refused.
    pub fn failed(mut self) -> Self {
        self.outcome = Outcome::Failure;
        self
    }

    /// The same, done by somebody else (`None`: by the operator at the command line, or by the program).
    pub fn by(mut self, user_id: Option<Uuid>) -> Self {
        self.user_id = user_id;
        self
    }

    /// The same, with what else a reader should know.
    pub fn with(mut self, details: Value) -> Self {
        self.details = details;
        self
    }
}
