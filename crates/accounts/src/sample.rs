//! Sample users, for development and measurements.

use foundation::SecretString;

use crate::queries::users::NewUser;
use crate::{Accounts, AccountsError, Email, Role, Username, queries};

/// How many users are created in one unit of work.
const BATCH: u32 = 1_000;

impl Accounts {
    /// Creates confirmed users `sample-1@example.org`, `sample-2@example.org`, ... that share one password. Those who
    /// exist already stay as they are. Tells `progress` how many are there after each batch, and answers how many are new.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn create_samples(
        &self,
        count: u32,
        password: &SecretString,
        progress: impl Fn(u32),
    ) -> Result<u32, AccountsError> {
        let mut created = 0;
        let password = self.passwords.hash(password, None).await?;
        let mut next = 1;
        while next <= count {
            let last = count.min(next + BATCH - 1);
            let unit = self.store.begin().await?;
            for n in next..=last {
                let email = Email::from_stored(format!("sample-{n}@example.org"));
                if queries::users::verified(&*unit, &email).await?.is_some() {
                    continue;
                }
                let username = Username::from_stored(format!("sample-{n}"));
                let new = NewUser {
                    email: &email,
                    username: &username,
                    password: password.clone(),
                    role: Role::User,
                    email_verified: true,
                };
                queries::users::insert(&*unit, &self.ambient, new).await?;
                created += 1;
            }
            unit.commit().await?;
            progress(last);
            next = last + 1;
        }
        Ok(created)
    }
}
