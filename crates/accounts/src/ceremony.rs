//! What takes two requests: between them, the browser holds a token and the database remembers what it is for.

use chrono::TimeDelta;
use sea_orm::sea_query::StringLen;
use sea_orm::{DeriveActiveEnum, EnumIter};

/// How long there is for the second request.
pub(crate) const CEREMONY_LIFETIME: TimeDelta = TimeDelta::minutes(5);

/// What is under way. A token of one kind is unknown to every other.
#[derive(Debug, Clone, Copy, PartialEq, Eq, EnumIter, DeriveActiveEnum)]
#[sea_orm(rs_type = "String", db_type = "String(StringLen::N(30))", rename_all = "snake_case")]
pub enum Kind {
    /// The password was right; the second factor is missing.
    SecondStep,
    /// A sign-in by passkey alone.
    PasskeySignIn,
    /// A passkey is being registered.
    PasskeyRegistration,
    /// Somebody who is signed in shows again who they are, by passkey.
    PasskeyReauthentication,
}
