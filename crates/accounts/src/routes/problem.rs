//! The one place where this room's errors become answers.

use std::time::Duration;

use foundation::{Code, Problem};

use crate::AccountsError;

impl From<AccountsError> for Problem {
    fn from(error: AccountsError) -> Self {
        match error {
            AccountsError::InvalidCredentials => Self::new(
                Code::InvalidCredentials,
                "The e-mail address or the password is wrong, or the address has not been confirmed yet.",
            ),
            AccountsError::UsernameTaken => {
                Self::new(Code::UsernameTaken, "Somebody else has this username. Choose another.")
            }
            AccountsError::EmailTaken => Self::new(
                Code::EmailTaken,
                "There is an account with this e-mail address. Use another address.",
            ),
            AccountsError::LinkInvalid => Self::new(
                Code::LinkInvalid,
                "This link is not one of ours, or it is not complete. Copy the whole link from the mail.",
            ),
            AccountsError::LinkExpired => {
                Self::new(Code::LinkExpired, "This link has expired. Ask for a new one.")
            }
            AccountsError::LinkUsed => {
                Self::new(Code::LinkUsed, "This link has done its work already. You can sign in.")
            }
            AccountsError::TooSoon(wait) => {
                let seconds = u64::try_from(wait.num_milliseconds()).unwrap_or(0).div_ceil(1_000).max(1);
                let words = "There were too many attempts. Please wait a moment before the next one.";
                Self::new(Code::TooManyRequests, words).retry_after(Duration::from_secs(seconds))
            }
            AccountsError::SessionOver => {
                Self::new(Code::Unauthenticated, "Your session has ended or never began. Sign in first.")
            }
            AccountsError::SignInOver => {
                Self::new(Code::SignInExpired, "This sign-in took too long, or is done already. Begin again.")
            }
            AccountsError::WrongCode => Self::new(
                Code::WrongCode,
                "The code is wrong, or has been used already. Wait for the next one and try again.",
            ),
            AccountsError::WrongPassword => Self::new(Code::WrongPassword, "This is not the password."),
            AccountsError::PasskeyRefused => Self::new(
                Code::PasskeyRefused,
                "This passkey was not accepted. Try again, or use another way to sign in.",
            ),
            AccountsError::PasskeysNeedName => Self::new(
                Code::NotEnabled,
                "Browsers keep passkeys for names only. Open this site by its name, for example as localhost.",
            ),
            AccountsError::AlreadyEnabled => {
                Self::new(Code::AlreadyEnabled, "An authenticator app is set up already. Remove it first.")
            }
            AccountsError::NotEnabled => Self::new(
                Code::NotEnabled,
                "There is no such second factor, or it was begun too long ago. Set it up first.",
            ),
            AccountsError::LastAdministrator => Self::new(
                Code::LastAdministrator,
                "This is the last administrator. Make somebody else an administrator first.",
            ),
            AccountsError::Disabled => Self::new(
                Code::AccountDisabled,
                "This account is disabled; a link would not work. Enable the account first.",
            ),
            AccountsError::NotFound => Self::new(Code::NotFound, "There is no such thing here."),
            AccountsError::NotAllowed => Self::new(Code::Forbidden, "Your account may not do this."),
            AccountsError::TooMany => {
                Self::new(Code::TooMany, "There are as many as there can be. Remove one first.")
            }
            error @ (AccountsError::KeyUnknown | AccountsError::KeyInUse | AccountsError::Sealed) => {
                Self::internal(error)
            }
            AccountsError::Busy => {
                Self::new(Code::Busy, "Too many people are signing in at this moment. Please try again.")
                    .retry_after(Duration::from_secs(2))
            }
            AccountsError::Store(error) if error.is_outage() => Self::new(
                Code::Unavailable,
                "The database cannot be reached at this moment. Please try again.",
            )
            .retry_after(Duration::from_secs(5))
            .because(error),
            AccountsError::Store(error) => Self::internal(error),
        }
    }
}
