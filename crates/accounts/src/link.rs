//! One-time links: a secret that does one thing, once, for a while.

use foundation::config::Period;
use foundation::{Timestamp, Token, Uuid};
use sea_orm::sea_query::StringLen;
use sea_orm::{ConnectionTrait, DeriveActiveEnum, EnumIter};
use store::Unit;

use crate::entities::one_time_links::Model;
use crate::entities::users;
use crate::queries::links::NewLink;
use crate::sessions::delta;
use crate::{Accounts, AccountsError, Email, queries};

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

impl Accounts {
    /// Makes a link to be mailed, and gives where it leads; `email` is the address that it makes the user's own.
    pub(crate) async fn make_link(
        &self,
        unit: &Unit,
        purpose: Purpose,
        user_id: Option<Uuid>,
        email: Option<&Email>,
        lifetime: Period,
    ) -> Result<String, AccountsError> {
        let token = Token::generate(&self.ambient);
        let email = email.map(|email| email.as_str().to_owned());
        let link = NewLink { purpose, token: &token, user_id, email, lifetime: delta(lifetime) };
        queries::links::insert(&**unit, &self.ambient, link).await?;
        Ok(purpose.url(&self.public_url, &token))
    }

    /// A link that works now, and the user it is for.
    pub(crate) async fn read_link(
        &self,
        db: &impl ConnectionTrait,
        link: &Token,
        purpose: Purpose,
    ) -> Result<(Model, users::Model), AccountsError> {
        let found = queries::links::find(db, &link.hash()).await?.ok_or(AccountsError::LinkInvalid)?;
        found.check(purpose, self.ambient.now())?;
        let user = found.user_id.ok_or(AccountsError::LinkInvalid)?;
        let user = queries::users::active(db, user).await?.ok_or(AccountsError::LinkInvalid)?;
        Ok((found, user))
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
