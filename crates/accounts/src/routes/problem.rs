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
