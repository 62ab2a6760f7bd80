//! The texts. Plain text only: nothing to load, nothing to track, nothing to inject into.

use foundation::Uuid;
use foundation::config::Period;

use crate::{Email, User, Username};

/// Who wanted a mail to be sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum StartedBy {
    /// Somebody who said that it is their account.
    Owner,
    /// An administrator; none for the operator.
    Administrator(Option<Uuid>),
}

/// A mail to one person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Message {
    pub(crate) recipient: String,
    pub(crate) subject: String,
    pub(crate) text: String,
}

impl Message {
    fn new(recipient: &str, subject: &str, text: String) -> Self {
        Self { recipient: recipient.to_owned(), subject: subject.to_owned(), text }
    }

    /// Asks whoever signed up to show that the address is theirs.
    ///
    /// The username is named so that people recognise a sign-up that is not their own.
    pub(crate) fn confirm_address(email: &Email, username: &str, link: &str, lifetime: Period) -> Self {
        let text = format!(
            "Hello {username},\n\n\
             an account with the name {username} was created with this address. To use it, follow this link and enter \
             the password you chose:\n\n\
             {link}\n\n\
             The link works once, for {}.\n\n\
             If you did not create this account, do nothing: without the link and its password it cannot be used, and \
             it will be forgotten.\n",
            in_words(lifetime)
        );
        Self::new(email.as_str(), "Confirm your e-mail address", text)
    }

    /// Tells somebody who has an account that a sign-up with their address was tried. The sign-up page says the same
    /// to everybody, so that it does not reveal who has an account.
    pub(crate) fn account_exists(email: &Email, tried: &Username, public_url: &str) -> Self {
        let text = format!(
            "Hello,\n\n\
             somebody, perhaps you, tried to create an account named {tried} with this address. You have an \
             account already, and nothing about it was changed. Sign in here:\n\n\
             {public_url}/sign-in\n\n\
             If it was not you, there is nothing to do.\n"
        );
        Self::new(email.as_str(), "You already have an account", text)
    }

    /// Answers somebody who asked for a confirmation that is not needed.
    pub(crate) fn nothing_to_confirm(email: &Email, public_url: &str) -> Self {
        let text = format!(
            "Hello,\n\n\
             somebody, perhaps you, asked us to send the confirmation of this address again. It is confirmed already. \
             Sign in here:\n\n\
             {public_url}/sign-in\n\n\
             If it was not you, there is nothing to do.\n"
        );
        Self::new(email.as_str(), "Your address is confirmed", text)
    }

    /// Answers somebody who asked for a mail about an account that does not exist.
    pub(crate) fn no_account(email: &Email, public_url: &str) -> Self {
        let text = format!(
            "Hello,\n\n\
             somebody, perhaps you, asked us for a mail about the account with this address. There is none. If you \
             have just signed up, follow the link in that mail first: the account exists from then on. If you have an \
             account with another address, try that one. To create an account:\n\n\
             {public_url}/sign-up\n\n\
             If it was not you, there is nothing to do.\n"
        );
        Self::new(email.as_str(), "There is no account with this address", text)
    }

    /// Lets somebody set their password anew.
    pub(crate) fn reset_password(user: &User, link: &str, lifetime: Period, by: StartedBy) -> Self {
        let (why, otherwise) = match by {
            StartedBy::Owner => ("to choose a new password for your account, follow this link:", "."),
            StartedBy::Administrator(_) => (
                "an administrator asks you to choose a new password for your account. Follow this link:",
                ", and write to whoever runs this site.",
            ),
        };
        let text = format!(
            "Hello {},\n\n\
             {why}\n\n\
             {link}\n\n\
             The link works once, for {}. A second factor stays as it is.\n\n\
             If you did not ask for this, do nothing: your password stays as it is{otherwise}\n",
            user.username,
            in_words(lifetime)
        );
        Self::new(&user.email, "Choose a new password", text)
    }

    /// Lets somebody who lost their second factor sign in without it.
    pub(crate) fn recover(user: &User, link: &str, lifetime: Period) -> Self {
        let text = format!(
            "Hello {},\n\n\
             an administrator started the recovery of your account, because its second factor was lost. Follow this \
             link and enter your password; every second factor is removed then:\n\n\
             {link}\n\n\
             The link works once, for {}.\n\n\
             If you did not ask for this, do nothing, and write to whoever runs this site.\n",
            user.username,
            in_words(lifetime)
        );
        Self::new(&user.email, "Recover your account", text)
    }

    /// Asks for the confirmation of another address of somebody who has an account.
    pub(crate) fn confirm_new_address(email: &Email, username: &str, link: &str, lifetime: Period) -> Self {
        let text = format!(
            "Hello {username},\n\n\
             you asked to use this address for your account from now on. To confirm it:\n\n\
             {link}\n\n\
             The link works once, for {}.\n\n\
             If you do not know this account, do nothing.\n",
            in_words(lifetime)
        );
        Self::new(email.as_str(), "Confirm your new e-mail address", text)
    }

    /// Tells somebody that another account wanted to have their address.
    pub(crate) fn address_has_account(email: &Email, public_url: &str) -> Self {
        let text = format!(
            "Hello,\n\n\
             somebody, perhaps you, asked to use this address for another account. It has an account of its own, and \
             nothing was changed. Sign in here:\n\n\
             {public_url}/sign-in\n\n\
             If it was not you, there is nothing to do.\n"
        );
        Self::new(email.as_str(), "This address has an account", text)
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
    use foundation::Ambient;

    use super::*;
    use crate::Role;

    fn ada() -> User {
        let ambient = Ambient::system();
        User {
            id: ambient.new_id(),
            email: "ada@example.org".to_owned(),
            username: "ada".to_owned(),
            role: Role::User,
            email_verified: true,
            created_at: ambient.now(),
        }
    }

    // A reset that nobody asked for looks like an attack, unless it says where it comes from.
    #[test]
    fn a_reset_says_who_started_it() {
        let mail =
            |by| Message::reset_password(&ada(), "https://a.example/x", Period::from_secs(600), by).text;
        let (own, started) = (mail(StartedBy::Owner), mail(StartedBy::Administrator(None)));
        assert!(!own.contains("administrator") && !own.contains("whoever runs this site"), "{own}");
        assert!(started.contains("an administrator asks you to choose a new password"), "{started}");
        assert!(
            started.contains("your password stays as it is, and write to whoever runs this site."),
            "{started}"
        );
    }

    #[test]
    fn whoever_has_just_signed_up_is_not_sent_to_sign_up_again() {
        let email = Email::parse("ada@example.org").expect("an address");
        let text = Message::no_account(&email, "https://a.example").text;
        let position = |part: &str| text.find(part).unwrap_or_else(|| panic!("{part} not in {text}"));
        assert!(position("If you have just signed up") < position("https://a.example/sign-up"), "{text}");
    }

    #[test]
    fn times_are_told_in_words() {
        let words = [24 * 3600, 3600, 5400, 60].map(|seconds| in_words(Period::from_secs(seconds)));
        assert_eq!(words, ["24 hours", "one hour", "90 minutes", "1 minute"]);
    }
}
