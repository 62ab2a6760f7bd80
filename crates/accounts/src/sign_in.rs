//! Signing in and out.

use foundation::{SecretString, Token};

use crate::password::PasswordHash;
use crate::session::delta;
use crate::{Accounts, AccountsError, Email, User, queries};

impl Accounts {
    /// Begins a session for whoever knows the password; `previous` is the browser's session so far, which ends
    /// (OWASP ASVS 5.0, 7.2.4).
    ///
    /// An unknown address, an unconfirmed one and a wrong password get the same answer after the same work: one look
    /// into the database and one hash.
    ///
    /// # Errors
    /// [`AccountsError::InvalidCredentials`]; [`AccountsError::Busy`]; when the database fails.
    pub async fn sign_in(
        &self,
        email: &Email,
        password: &SecretString,
        previous: Option<&Token>,
    ) -> Result<(User, Token), AccountsError> {
        let user = self.read(|| queries::users::verified(self.store.reader(), email)).await?;
        let hash = user.as_ref().map(|user| PasswordHash::from_stored(user.password_hash.clone()));
        let right = self.passwords.verify(password, hash).await?;
        let user: User = user.filter(|_| right).ok_or(AccountsError::InvalidCredentials)?.into();
        let token = self.begin_session(&user, previous).await?;
        Ok((user, token))
    }

    async fn begin_session(&self, user: &User, previous: Option<&Token>) -> Result<Token, AccountsError> {
        let token = Token::generate(&self.ambient);
        let lifetime = delta(self.config.session_lifetime);
        self.retry
            .run(|| async {
                let unit = self.store.begin().await?;
                if let Some(previous) = previous {
                    queries::sessions::end(&*unit, previous.hash()).await?;
                }
                queries::sessions::insert(&*unit, &self.ambient, user.id, &token.hash(), lifetime).await?;
                Ok::<_, AccountsError>(unit.commit().await?)
            })
            .await?;
        Ok(token)
    }

    /// Ends the session of a token, if there is one.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn sign_out(&self, token: &Token) -> Result<(), AccountsError> {
        let token = token.hash();
        Ok(self.in_one_unit(|unit| Box::pin(queries::sessions::end(&**unit, token))).await?)
    }
}
