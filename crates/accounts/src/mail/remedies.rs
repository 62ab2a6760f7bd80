//! What to do about what happened, for somebody who did not do it. A new password ends sessions, and nothing else that
//! lets somebody in: passkeys, authenticator apps and API tokens stay until they are removed one by one.

use super::Notice;

/// A sentence that says when there is something to do, and the steps in their order.
pub(super) struct Remedy {
    opening: &'static str,
    steps: Vec<Step>,
}

/// What to do, and on which pages.
type Step = (&'static str, &'static [&'static str]);

const UNLESS_IT_WAS_YOU: &str = "If it was you, there is nothing to do. If not:";

const RESET: Step =
    ("Reset your password at once. That ends every session of your account:", &["/forgot-password"]);
const REMOVE_THE_REST: Step = (
    "Sign in, and remove passkeys, authenticator apps and API tokens that are not yours. They work with any password:",
    &["/account/security", "/account/tokens"],
);
const SECURE_MAILBOX: Step =
    ("Whoever did it can read your mail: change the password of your mailbox first.", &[]);
const LOCKED_OUT: Step = (
    "If you are asked for a code or a passkey that you do not have, write to whoever runs this site: they can remove every second factor.",
    &[],
);

impl Notice {
    pub(super) fn remedy(&self) -> Remedy {
        let steps = match self {
            Self::AddressChanged { .. } => {
                return Remedy::one_sentence(
                    "If it was you, there is nothing to do. If not, write to whoever runs this site at once: they can give \
                     the account this address back. Until then a reset of the password cannot help you: its link would \
                     go to the other address.",
                );
            }
            Self::AccountDeleted => {
                return Remedy::one_sentence("If it was not you, write to whoever runs this site.");
            }
            Self::AddressSet { .. } => {
                return Remedy::one_sentence("If you did not ask for it, write to whoever runs this site.");
            }
            Self::StolenSession => {
                let opening = "Sign in again. It also happens on a bad connection, and when a browser's profile is \
                               restored or copied; then there is nothing else to do. If it was neither:";
                return Remedy { opening, steps: vec![RESET, REMOVE_THE_REST] };
            }
            Self::NewDevice | Self::PasswordChanged => vec![RESET, REMOVE_THE_REST],
            Self::PasswordReset => vec![SECURE_MAILBOX, RESET, REMOVE_THE_REST],
            Self::CodesGuessed => {
                vec![RESET, ("If you have the same password elsewhere, change it there, too.", &[])]
            }
            Self::AddressChangeAsked { .. } => {
                let (_, page) = RESET;
                let words = "Reset your password at once. That withdraws the change, and ends every session of your account:";
                vec![(words, page), REMOVE_THE_REST]
            }
            Self::TotpEnabled => vec![RESET, security("Sign in, and remove the app:"), LOCKED_OUT],
            Self::PasskeyAdded => {
                let words =
                    "Sign in, and remove the passkey at once. It opens your account without a password:";
                vec![RESET, security(words), LOCKED_OUT]
            }
            Self::TotpDisabled => vec![RESET, security("Sign in, and set the app up again:")],
            Self::PasskeyRemoved => vec![RESET, security("Sign in, and add a passkey again:")],
            Self::BackupCodesRenewed => {
                let words =
                    "Sign in, and make backup codes once more. The ones that somebody has end with that:";
                vec![RESET, security(words)]
            }
            Self::BackupCodeUsed { .. } => {
                let words =
                    "Sign in, and make new backup codes. The ones that somebody may have end with that:";
                vec![RESET, security(words), REMOVE_THE_REST]
            }
            Self::SecondFactorRecovered => vec![
                SECURE_MAILBOX,
                RESET,
                security("Sign in, and set a second factor up:"),
                ("Write to whoever runs this site: an administrator started it.", &[]),
            ],
            Self::TokenCreated { .. } => {
                let words = "Sign in, and revoke the token. It works with any password:";
                vec![RESET, (words, &["/account/tokens"])]
            }
        };
        Remedy { opening: UNLESS_IT_WAS_YOU, steps }
    }
}

const fn security(words: &'static str) -> Step {
    (words, &["/account/security"])
}

impl Remedy {
    const fn one_sentence(opening: &'static str) -> Self {
        Self { opening, steps: Vec::new() }
    }

    /// The text, with links that begin with `public_url`.
    pub(super) fn told(&self, public_url: &str) -> String {
        let mut lines = vec![self.opening.to_owned()];
        for (n, (words, pages)) in self.steps.iter().enumerate() {
            lines.push(format!("\n{}. {words}", n + 1));
            lines.extend(pages.iter().map(|page| format!("   {public_url}{page}")));
        }
        lines.join("\n")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(notice: &Notice) -> String {
        notice.remedy().told("https://a.example")
    }

    #[test]
    fn a_remedy_is_told_in_steps() {
        insta::assert_snapshot!(told(&Notice::PasskeyAdded), @r"
        If it was you, there is nothing to do. If not:

        1. Reset your password at once. That ends every session of your account:
           https://a.example/forgot-password

        2. Sign in, and remove the passkey at once. It opens your account without a password:
           https://a.example/account/security

        3. If you are asked for a code or a passkey that you do not have, write to whoever runs this site: they can remove every second factor.
        ");
        insta::assert_snapshot!(told(&Notice::AddressChanged { new: "eve@example.org".to_owned() }), @"If it was you, there is nothing to do. If not, write to whoever runs this site at once: they can give the account this address back. Until then a reset of the password cannot help you: its link would go to the other address.");
    }

    // What a stranger left behind works after a reset: the page that removes it has to be named.
    #[test]
    fn each_way_in_has_the_page_that_closes_it() {
        let token = Notice::TokenCreated { name: "x".to_owned() };
        for (notice, page) in [
            (&Notice::PasskeyAdded, "/account/security"),
            (&Notice::TotpEnabled, "/account/security"),
            (&Notice::BackupCodesRenewed, "/account/security"),
            (&Notice::BackupCodeUsed { left: 3 }, "/account/security"),
            (&token, "/account/tokens"),
            (&Notice::NewDevice, "/account/tokens"),
        ] {
            let text = told(notice);
            let position = |part: &str| text.find(part).unwrap_or_else(|| panic!("{part} not in {text}"));
            assert!(position("https://a.example/forgot-password") < position(page), "{text}");
        }
    }

    #[test]
    fn nobody_is_sent_where_they_cannot_get_in() {
        for notice in [Notice::PasskeyAdded, Notice::TotpEnabled] {
            assert!(told(&notice).contains("write to whoever runs this site"), "{notice:?}");
        }
        for notice in [Notice::AddressChanged { new: "eve@example.org".to_owned() }, Notice::AccountDeleted] {
            let text = told(&notice);
            assert!(!text.contains("https://") && text.contains("write to whoever runs this site"), "{text}");
        }
    }
}
