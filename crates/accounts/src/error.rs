//! What can go wrong at the entrance. Knows no HTTP; `routes::problem` translates.

use chrono::TimeDelta;
use store::sea_orm::DbErr;
use store::{Retriable, StoreError};
use thiserror::Error;

use crate::keys::SealError;

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
    /// Too many failures lately: so long until the next attempt.
    #[error("too soon after the last attempt")]
    TooSoon(TimeDelta),
    /// There is no such session any more.
    #[error("the session is over")]
    SessionOver,
    /// A sign-in's second step, or a passkey's answer, that came too late or twice.
    #[error("the sign-in is over")]
    SignInOver,
    /// A code that is wrong, used, or out of its time.
    #[error("the code is wrong")]
    WrongCode,
    /// Not the password of who is signed in.
    #[error("the password is wrong")]
    WrongPassword,
    /// An authenticator's answer that does not hold.
    #[error("the passkey was refused")]
    PasskeyRefused,
    /// An installation that is reached by a number has no passkeys.
    #[error("passkeys need a site with a name")]
    PasskeysNeedName,
    /// There is an authenticator app already.
    #[error("the second factor is enabled already")]
    AlreadyEnabled,
    /// There is no such second factor.
    #[error("the second factor is not enabled")]
    NotEnabled,
    /// Somebody has to run the installation.
    #[error("this is the last administrator")]
    LastAdministrator,
    /// The account is disabled, and a link to it would not work.
    #[error("the account is disabled")]
    Disabled,
    /// No such thing, or not one's own.
    #[error("not found")]
    NotFound,
    /// Not for somebody of this role.
    #[error("not allowed")]
    NotAllowed,
    /// As many as there may be.
    #[error("too many of them")]
    TooMany,
    /// There is no key of this id.
    #[error("there is no such key")]
    KeyUnknown,
    /// The key signs, or something is sealed with it.
    #[error("the key is in use; rotate first")]
    KeyInUse,
    /// Something sealed cannot be opened: the root key is another one, or the row was tampered with.
    #[error("a secret in the database cannot be opened with this installation's root key")]
    Sealed,
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

impl From<SealError> for AccountsError {
    fn from(_: SealError) -> Self {
        Self::Sealed
    }
}

impl Retriable for AccountsError {
    fn is_safe_to_retry(&self) -> bool {
        matches!(self, Self::Store(error) if error.is_safe_to_retry())
    }
}
