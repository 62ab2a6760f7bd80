//! One-time links: a secret that does one thing, once, for a while.

use foundation::{Timestamp, Token};
use sea_orm::sea_query::StringLen;
use sea_orm::{DeriveActiveEnum, EnumIter};

use crate::AccountsError;
use crate::entities::one_time_links::Model;

/// What a link is for. A link for one purpose is unknown to every other.
#[derive(Debug, Clone, Copy, PartialEq, Eq, EnumIter, DeriveActiveEnum)]
#[sea_orm(rs_type = "String", db_type = "String(StringLen::N(30))", rename_all = "snake_case")]
pub enum Purpose {
    /// Shows that an address belongs to whoever signed up with it.
    VerifyEmail,
    /// Creates the first administrator.
    CreateAdministrator,
    /// Sets a password anew.
    ResetPassword,
    /// Makes another address a user's own.
    ChangeEmail,
    /// Removes every second factor, together with the password.
    Recover,
}

impl Purpose {
    /// Where the link leads. The token stands in the fragment, which browsers do not send: it is in no log and in no
    /// `Referer`.
    pub(crate) fn url(self, public_url: &str, token: &Token) -> String {
        let page = match self {
            Self::VerifyEmail => "verify-email",
            Self::CreateAdministrator => "setup",
            Self::ResetPassword => "reset-password",
            Self::ChangeEmail => "confirm-email",
            Self::Recover => "recover",
        };
        format!("{public_url}/{page}#token={}", token.reveal())
    }
}

impl Model {
    /// Whether the link may do its work now.
    pub(crate) fn check(&self, purpose: Purpose, now: Timestamp) -> Result<(), AccountsError> {
        if self.purpose != purpose {
            return Err(AccountsError::LinkInvalid);
        }
        if self.used_at.is_some() {
            return Err(AccountsError::LinkUsed);
        }
        if self.expires_at <= now {
            return Err(AccountsError::LinkExpired);
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::TimeDelta;
    use foundation::Ambient;

    fn link() -> Model {
        let ambient = Ambient::system();
        Model {
            id: ambient.new_id(),
            purpose: Purpose::VerifyEmail,
            token_hash: Vec::new(),
            user_id: None,
            email: None,
            created_at: ambient.now(),
            expires_at: ambient.now() + TimeDelta::hours(1),
            used_at: None,
        }
    }

    // ASVS 2.3.1
    #[test]
    fn works_for_its_purpose_once_and_in_time() {
        let link = link();
        let in_time = link.created_at;
        assert!(link.check(Purpose::VerifyEmail, in_time).is_ok());
        assert!(matches!(link.check(Purpose::CreateAdministrator, in_time), Err(AccountsError::LinkInvalid)));
        assert!(matches!(link.check(Purpose::VerifyEmail, link.expires_at), Err(AccountsError::LinkExpired)));
        let used = Model { used_at: Some(in_time), ..link };
        assert!(matches!(used.check(Purpose::VerifyEmail, in_time), Err(AccountsError::LinkUsed)));
    }

    // ASVS 14.2.1
    #[test]
    fn the_token_stands_in_the_fragment() {
        let token = Token::generate(&Ambient::system());
        let url = Purpose::VerifyEmail.url("https://learn.example", &token);
        assert_eq!(url.split_once('#').map(|(page, _)| page), Some("https://learn.example/verify-email"));
    }
}
