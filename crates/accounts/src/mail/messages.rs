//! The texts. Plain text only: nothing to load, nothing to track, nothing to inject into.

use foundation::config::Period;

use crate::{Email, Username};

/// A mail to one person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Message {
    pub(crate) recipient: String,
    pub(crate) subject: String,
    pub(crate) text: String,
}

impl Message {
    /// Asks whoever signed up to show that the address is theirs.
    ///
    /// The username is named so that people recognise a sign-up that is not their own.
    pub(crate) fn confirm_address(email: &Email, username: &str, link: &str, lifetime: Period) -> Self {
        Self {
            recipient: email.to_string(),
            subject: "Confirm your e-mail address".to_owned(),
            text: format!(
                "Hello {username},\n\n\
                 an account with the name {username} was created with this address. To use it, confirm the address:\n\n\
                 {link}\n\n\
                 The link works once, for {}.\n\n\
                 If you did not create this account, do nothing: without the link it cannot be used, and it will be \
                 forgotten.\n",
                in_words(lifetime)
            ),
        }
    }

    /// Tells somebody who has an account that a sign-up with their address was tried. The sign-up page says the same
    /// to everybody, so that it does not reveal who has an account.
    pub(crate) fn account_exists(email: &Email, tried: &Username, public_url: &str) -> Self {
        Self {
            recipient: email.to_string(),
            subject: "You already have an account".to_owned(),
            text: format!(
                "Hello,\n\n\
                 somebody, perhaps you, tried to create an account named {tried} with this address. You have an \
                 account already, and nothing about it was changed. Sign in here:\n\n\
                 {public_url}/sign-in\n\n\
                 If it was not you, there is nothing to do.\n"
            ),
        }
    }
}

/// A length of time of at least a minute.
fn in_words(period: Period) -> String {
    let minutes = period.as_duration().as_secs() / 60;
    match (minutes / 60, minutes % 60) {
        (1, 0) => "one hour".to_owned(),
        (hours, 0) => format!("{hours} hours"),
        (0, 1) => "1 minute".to_owned(),
        _ => format!("{minutes} minutes"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_told_in_words() {
        let words = [24 * 3600, 3600, 5400, 60].map(|seconds| in_words(Period::from_secs(seconds)));
        assert_eq!(words, ["24 hours", "one hour", "90 minutes", "1 minute"]);
    }
}
