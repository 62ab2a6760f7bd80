//! Sessions: who is signed in, and the only way to become a [`CurrentUser`].

use axum::extract::{FromRef, FromRequestParts};
use chrono::TimeDelta;
use foundation::{Code, Problem, Timestamp, Token, Uuid};
use http::HeaderMap;
use http::request::Parts;

use crate::queries::sessions::FoundSession;
use crate::{Accounts, AccountsError, Config, SESSION_COOKIE, User, queries};

/// Somebody who is signed in. Only this room can make one.
#[derive(Debug, Clone)]
pub struct CurrentUser {
    user: User,
    session_id: Uuid,
}

impl CurrentUser {
    /// Who it is.
    pub fn user(&self) -> &User {
        &self.user
    }

    /// The session they are signed in by.
    pub fn session_id(&self) -> Uuid {
        self.session_id
    }
}

/// How exactly `last_seen_at` is kept, at most. Noting every request would turn every read into a write.
const SEEN_RESOLUTION: TimeDelta = TimeDelta::minutes(5);

/// What becomes of a session that somebody presents.
#[derive(Debug, PartialEq, Eq)]
enum Verdict {
    Valid,
    ValidNoteSeen,
    Over,
}

fn judge(
    created_at: Timestamp,
    last_seen_at: Timestamp,
    expires_at: Timestamp,
    now: Timestamp,
    config: &Config,
) -> Verdict {
    let idle = now - last_seen_at;
    let over = now >= expires_at
        || now - created_at >= delta(config.session_lifetime)
        || idle >= delta(config.session_idle_timeout);
    match over {
        true => Verdict::Over,
        false if idle >= SEEN_RESOLUTION.min(delta(config.session_idle_timeout) / 4) => {
            Verdict::ValidNoteSeen
        }
        false => Verdict::Valid,
    }
}

/// A configured period, for arithmetic with timestamps.
pub(crate) fn delta(period: foundation::config::Period) -> TimeDelta {
    TimeDelta::from_std(period.as_duration()).unwrap_or(TimeDelta::MAX)
}

impl Accounts {
    /// Who presents this token; `None` for everybody else.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn authenticate(&self, token: &Token) -> Result<Option<CurrentUser>, AccountsError> {
        let token = token.hash();
        let found = self.read(|| queries::sessions::find(self.store.reader(), token)).await?;
        let Some(FoundSession { session_id, last_seen_at, session_created_at, expires_at, user }) = found
        else {
            return Ok(None);
        };
        let now = self.ambient.now();
        match judge(session_created_at, last_seen_at, expires_at, now, &self.config) {
            Verdict::Over => return Ok(None),
            Verdict::ValidNoteSeen => self.note_seen(session_id, now).await,
            Verdict::Valid => {}
        }
        Ok(Some(CurrentUser { user, session_id }))
    }

    /// Notes that a session is in use. Whoever only wants to read is not turned away because this cannot be written.
    async fn note_seen(&self, session_id: Uuid, now: Timestamp) {
        let noted =
            self.in_one_unit(|unit| Box::pin(queries::sessions::note_seen(&**unit, session_id, now))).await;
        if let Err(error) = noted {
            tracing::warn!(error = &error as &dyn std::error::Error, %session_id, "a session's use was not noted");
        }
    }
}

/// The session token a request carries, if any.
pub(crate) fn presented_token(headers: &HeaderMap) -> Option<Token> {
    guard::cookie(headers, SESSION_COOKIE).and_then(|value| Token::parse(&value))
}

impl<S> FromRequestParts<S> for CurrentUser
where
    S: Send + Sync,
    Accounts: FromRef<S>,
{
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let stranger =
            || Problem::new(Code::Unauthenticated, "Your session has ended or never began. Sign in first.");
        let token = presented_token(&parts.headers).ok_or_else(stranger)?;
        let current = Accounts::from_ref(state).authenticate(&token).await?;
        current.ok_or_else(stranger)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sessions_end_when_their_time_is_over_whichever_comes_first() {
        let config = Config::default();
        let start = Timestamp::default();
        let at = |seen: TimeDelta, now: TimeDelta| {
            judge(start, start + seen, start + delta(config.session_lifetime), start + now, &config)
        };
        let (minutes, hours, days) = (TimeDelta::minutes, TimeDelta::hours, TimeDelta::days);
        assert_eq!(at(minutes(0), minutes(4)), Verdict::Valid);
        assert_eq!(at(minutes(0), minutes(5)), Verdict::ValidNoteSeen);
        assert_eq!(at(minutes(0), hours(24)), Verdict::Over);
        assert_eq!(at(hours(23), hours(24)), Verdict::ValidNoteSeen);
        assert_eq!(at(days(7) - minutes(1), days(7)), Verdict::Over);
        // With a short idle time-out, use is noted often enough that whoever stays active stays signed in.
        let short =
            Config { session_idle_timeout: foundation::config::Period::from_secs(60), ..config.clone() };
        let verdict = |idle| judge(start, start, start + days(7), start + TimeDelta::seconds(idle), &short);
        assert_eq!(
            [14, 15, 59, 60].map(verdict),
            [Verdict::Valid, Verdict::ValidNoteSeen, Verdict::ValidNoteSeen, Verdict::Over]
        );
        // A shorter lifetime set by the operator acts on sessions that exist.
        let stricter = Config { session_lifetime: foundation::config::Period::from_secs(3600), ..config };
        let verdict = judge(start, start + minutes(59), start + days(7), start + minutes(60), &stricter);
        assert_eq!(verdict, Verdict::Over);
    }
}
