//! What can go wrong at the entrance. Knows no HTTP; `routes::problem` translates.

use store::sea_orm::DbErr;
use store::{Retriable, StoreError};
use thiserror::Error;

/// What can go wrong at the entrance.
#[derive(Debug, Error)]
pub enum AccountsError {
    /// Unknown user, wrong password, or an address that was never confirmed: deliberately one and the same.
    #[error("the sign-in was refused")]
    InvalidCredentials,
    /// Somebody else has this name.
    #[error("the username is taken")]
    UsernameTaken,
    /// An account with this address exists. Only told to those who may know.
    #[error("the e-mail address has an account")]
    EmailTaken,
    /// A link that was never given out, or not for this.
    #[error("the link is unknown")]
    LinkInvalid,
    /// A link whose time is over.
    #[error("the link has expired")]
    LinkExpired,
    /// A link that did its work.
    #[error("the link has been used")]
    LinkUsed,
    /// Too many passwords are waiting to be hashed.
    #[error("too many sign-ins at once")]
    Busy,
    /// The database.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl From<DbErr> for AccountsError {
    fn from(error: DbErr) -> Self {
        Self::Store(error.into())
    }
}

impl Retriable for AccountsError {
    fn is_safe_to_retry(&self) -> bool {
        matches!(self, Self::Store(error) if error.is_safe_to_retry())
    }
}
