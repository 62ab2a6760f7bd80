//! Those who are let in for longer than a request takes, over a socket: until when, and whether they still may be.

use std::collections::{HashSet, VecDeque};

use foundation::{Timestamp, Uuid};

use crate::identity::{Credential, Known};
use crate::sessions::delta;
use crate::tokens::personal::Scope;
use crate::{Accounts, AccountsError, User, queries};

/// Somebody who is let in until a time.
#[derive(Debug, Clone)]
pub struct Attendant {
    /// Who it is.
    pub user: User,
    /// What they were let in by.
    pub credential: Uuid,
    /// Until when, unless they show again who they are.
    pub expires_at: Timestamp,
}

/// How many numbers back is looked again: what was noted at the same time is not seen in the order of its numbers.
const LOOKED_AT_AGAIN: i64 = 500;
/// How many are asked about with one question.
const AT_ONCE: usize = 500;

impl Accounts {
    /// Lets somebody in who uses the applications, to read and to change, by whatever token they have.
    ///
    /// # Errors
    /// [`AccountsError::SessionOver`] for a token that is none or no more; [`AccountsError::NotAllowed`] when its scopes or the
    /// rule that a second factor is wanted do not allow it; when the database fails.
    pub async fn attend(&self, token: &str) -> Result<Attendant, AccountsError> {
        let known = self.known_by_bearer(token).await?.ok_or(AccountsError::SessionOver)?;
        let Known { user, has_second_factor, credential, id, until } = known;
        if let Credential::AccessToken(scopes) = &credential
            && !(scopes.contains(&Scope::Read) && scopes.contains(&Scope::Write))
        {
            return Err(AccountsError::NotAllowed);
        }
        if self.wants_second_factor(user.role) && !has_second_factor {
            return Err(AccountsError::NotAllowed);
        }
        Ok(Attendant { user, credential: id, expires_at: until })
    }

    /// Until when somebody is let in by now who was let in by a session: as long as by the access token that was given out
    /// for it last.
    ///
    /// # Errors
    /// [`AccountsError::SessionOver`] when that is over, or no session; when the database fails.
    pub async fn attends_until(&self, session: Uuid) -> Result<Timestamp, AccountsError> {
        let now = self.ambient.now();
        let found = self.read(|| queries::sessions::find(self.store.reader(), session)).await?;
        let found =
            found.filter(|found| !found.is_over(now, &self.config)).ok_or(AccountsError::SessionOver)?;
        let renewed = self.read(|| queries::refresh_tokens::newest_of(self.store.reader(), session)).await?;
        let until = renewed.ok_or(AccountsError::SessionOver)? + delta(self.config.access_lifetime);
        Ok(until.min(found.session.expires_at))
    }

    /// Which of these count no more.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn ended_among(&self, credentials: &[Uuid]) -> Result<Vec<Uuid>, AccountsError> {
        let mut ended = Vec::new();
        for credentials in credentials.chunks(AT_ONCE) {
            let mut alive = self.read(|| queries::sessions::alive(self.store.reader(), credentials)).await?;
            alive
                .extend(self.read(|| queries::access_tokens::alive(self.store.reader(), credentials)).await?);
            alive.extend(self.read(|| queries::users::alive(self.store.reader(), credentials)).await?);
            let alive: HashSet<Uuid> = alive.into_iter().collect();
            ended.extend(credentials.iter().filter(|credential| !alive.contains(credential)));
        }
        Ok(ended)
    }
}

/// Follows what is ended, from now on.
#[derive(Debug)]
pub struct Endings {
    last: i64,
    /// The numbers of what was seen, as far back as is looked.
    seen: VecDeque<i64>,
}

impl Endings {
    /// From now on.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn follow(accounts: &Accounts) -> Result<Self, AccountsError> {
        let last = accounts.read(|| queries::ended_credentials::last(accounts.store.reader())).await?;
        Ok(Self { last, seen: VecDeque::new() })
    }

    /// What was ended since it was asked last.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn next(&mut self, accounts: &Accounts) -> Result<Vec<Uuid>, AccountsError> {
        let from = self.last - LOOKED_AT_AGAIN;
        let rows = accounts.read(|| queries::ended_credentials::after(accounts.store.reader(), from)).await?;
        let is_new = |number: &i64| *number > self.last || !self.seen.contains(number);
        let rows: Vec<_> = rows.into_iter().filter(|row| is_new(&row.number)).collect();
        self.seen.extend(rows.iter().map(|row| row.number));
        self.last = rows.iter().map(|row| row.number).fold(self.last, i64::max);
        let from = self.last - LOOKED_AT_AGAIN;
        self.seen.retain(|number| *number > from);
        Ok(rows.into_iter().map(|row| row.credential).collect())
    }
}
