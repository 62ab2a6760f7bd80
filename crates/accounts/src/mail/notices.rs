//! Mail that tells somebody what happened to their account, so that they notice what was not their own doing
//! (OWASP ASVS 5.0, 6.3.5 and 6.3.7).

use audit::Source;
use foundation::Timestamp;

use super::Message;
use crate::User;
use crate::device::Device;

/// What happened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Notice {
    NewDevice,
    StolenSession,
    CodesGuessed,
    PasswordChanged,
    PasswordReset,
    AddressChangeAsked { new: String },
    AddressChanged { new: String },
    AddressSet { new: String },
    TotpEnabled,
    TotpDisabled,
    BackupCodesRenewed,
    BackupCodeUsed { left: u64 },
    PasskeyAdded,
    PasskeyRemoved,
    SecondFactorRecovered,
    TokenCreated { name: String },
    AccountDeleted,
}

impl Notice {
    /// The subject, and what happened in a sentence.
    fn words(&self) -> (&'static str, String) {
        let (subject, happened): (_, &str) = match self {
            Self::NewDevice => (
                "New sign-in to your account",
                "somebody signed in to your account with a browser that was not used with it before.",
            ),
            Self::StolenSession => (
                "We ended a session of your account",
                "a token of one of your sessions was used a second time, which happens when it was copied. We ended this session everywhere.",
            ),
            Self::CodesGuessed => (
                "Somebody knows your password",
                "somebody gave the right password of your account and several wrong codes in the place of your second factor. They are not signed in.",
            ),
            Self::PasswordChanged => {
                ("Your password was changed", "the password of your account was changed.")
            }
            Self::PasswordReset => (
                "Your password was reset",
                "the password of your account was set anew by a link that we mailed. All sessions were ended. A second factor stays as it was.",
            ),
            Self::AddressChangeAsked { new } => {
                let happened = format!(
                    "somebody who is signed in asked to change the address of your account to {new}. It changes when that address is confirmed."
                );
                return ("Your e-mail address is about to change", happened);
            }
            Self::AddressChanged { new } => {
                let happened = format!(
                    "the address of your account is {new} from now on. This is the last mail to the old one."
                );
                return ("Your e-mail address was changed", happened);
            }
            Self::AddressSet { new } => {
                let happened = format!(
                    "whoever runs this site gave your account the address {new}, and ended all sessions. Set a new password by \u{201c}Forgot your password\u{201d} before you sign in."
                );
                return ("Your account has another address", happened);
            }
            Self::TotpEnabled => (
                "Second factor set up",
                "an authenticator app was set up as a second factor of your account.",
            ),
            Self::TotpDisabled => (
                "Second factor removed",
                "the authenticator app was removed from your account: its codes are not asked for any more.",
            ),
            Self::BackupCodesRenewed => (
                "New backup codes",
                "new backup codes were made for your account. The old ones do not work any more.",
            ),
            Self::BackupCodeUsed { left } => {
                let happened = format!(
                    "a backup code was used in the place of your second factor. You have {left} left."
                );
                return ("A backup code was used", happened);
            }
            Self::PasskeyAdded => ("Passkey added", "a passkey was added to your account."),
            Self::PasskeyRemoved => ("Passkey removed", "a passkey was removed from your account."),
            Self::SecondFactorRecovered => (
                "Second factor removed",
                "every second factor of your account was removed by a recovery link and your password. All sessions were ended. Set up a new second factor soon.",
            ),
            Self::TokenCreated { name } => {
                return (
                    "New API token",
                    format!("an API token named \u{201c}{name}\u{201d} was made for your account."),
                );
            }
            Self::AccountDeleted => (
                "Your account was deleted",
                "your account and what belongs to it were deleted. This is the last mail.",
            ),
        };
        (subject, happened.to_owned())
    }
}

impl Message {
    /// Tells a user what happened, when, and from where.
    pub(crate) fn notice(
        user: &User,
        notice: &Notice,
        source: &Source,
        at: Timestamp,
        public_url: &str,
    ) -> Self {
        let (subject, happened) = notice.words();
        let (browser, address) = (
            Device::of(source.user_agent.as_deref().unwrap_or_default()),
            source.ip_address.map_or("unknown".to_owned(), |address| address.to_string()),
        );
        let text = format!(
            "Hello {},\n\n{happened}\n\n  When: {} UTC\n  With: {browser}\n  From: {address}\n\n{}\n",
            user.username,
            at.format("%-d %B %Y, %H:%M"),
            notice.remedy().told(public_url)
        );
        Self { recipient: user.email.clone(), subject: subject.to_owned(), text }
    }
}
