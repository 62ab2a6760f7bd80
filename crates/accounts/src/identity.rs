//! Authority as a value: who has one of these has been let in, and only this room can make them.

use axum::extract::{FromRef, FromRequestParts};
use chrono::TimeDelta;
use foundation::{Code, Problem, Timestamp, Uuid};
use guard::{Key, Policy, RequestLimits};
use http::request::Parts;
use http::{Method, header};

use crate::queries::sessions::FoundSession;
use crate::sessions::Verdict;
use crate::tokens::access::{Refusal, Verified};
use crate::tokens::{legacy, personal::Scope};
use crate::{Accounts, AccountsError, CLOCK_SKEW, Role, SecondFactorPolicy, User, queries};

/// For how long somebody who has shown who they are may make sensitive changes.
pub(crate) const STEP_UP_WINDOW: TimeDelta = TimeDelta::minutes(10);

/// The session that a browser presents.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Session {
    pub(crate) id: Uuid,
    pub(crate) authenticated_at: Timestamp,
    pub(crate) expires_at: Timestamp,
}

/// By what somebody is let in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Credential {
    Session(Session),
    AccessToken(Vec<Scope>),
    /// A token of a former application.
    Legacy,
}

/// Somebody, and by what they are let in, before any rule about what they may do.
#[derive(Debug, Clone)]
pub(crate) struct Known {
    pub(crate) user: User,
    pub(crate) has_second_factor: bool,
    pub(crate) credential: Credential,
    /// What is noted when the credential is ended: the session, the token, or for one of a former application the user.
    pub(crate) id: Uuid,
    /// Until when they are let in by it.
    pub(crate) until: Timestamp,
}

/// Somebody who uses the applications: by a browser session, or by an access token whose scopes allow the request.
#[derive(Debug, Clone)]
pub struct CurrentUser(Known);

impl CurrentUser {
    /// Who it is.
    pub fn user(&self) -> &User {
        &self.0.user
    }

    /// The session they are signed in by; none for API clients.
    pub fn session_id(&self) -> Option<Uuid> {
        match self.0.credential {
            Credential::Session(session) => Some(session.id),
            Credential::AccessToken(_) | Credential::Legacy => None,
        }
    }
}

/// Somebody in front of a browser, signed in: who may look after their own account. API clients may not.
#[derive(Debug, Clone)]
pub struct SignedIn {
    pub(crate) user: User,
    pub(crate) has_second_factor: bool,
    pub(crate) session: Session,
}

impl SignedIn {
    /// Who it is.
    pub fn user(&self) -> &User {
        &self.user
    }
}

/// Somebody who has shown within the last ten minutes who they are, with every factor they have: who may make
/// sensitive changes (OWASP ASVS 5.0, 7.5.1 and 7.5.3).
#[derive(Debug, Clone)]
pub struct Reauthenticated(pub(crate) SignedIn);

impl Reauthenticated {
    /// Who it is.
    pub fn user(&self) -> &User {
        &self.0.user
    }
}

/// An administrator: in front of a browser, or by an access token with the scope `admin`.
#[derive(Debug, Clone)]
pub struct Admin(pub(crate) User);

impl Admin {
    /// Who it is.
    pub fn user(&self) -> &User {
        &self.0
    }
}

/// An administrator who has shown within the last ten minutes who they are.
#[derive(Debug, Clone)]
pub struct ReauthenticatedAdmin(pub(crate) SignedIn);

impl ReauthenticatedAdmin {
    /// Who it is.
    pub fn user(&self) -> &User {
        &self.0.user
    }
}

impl Accounts {
    /// Whose session an access token belongs to; `None` for everything that is no token of ours, and for sessions that
    /// have ended, whatever their token says.
    ///
    /// # Errors
    /// When the database fails.
    pub(crate) async fn known_by_session(&self, token: &str) -> Result<Option<Known>, AccountsError> {
        let now = self.ambient.now();
        let Some(token) = self.verified(token).await? else { return Ok(None) };
        let found = self.read(|| queries::sessions::find(self.store.reader(), token.session)).await?;
        let Some(found) = found.filter(|found| found.user.id == token.user) else { return Ok(None) };
        match found.judge(now, &self.config) {
            Verdict::Over => return Ok(None),
            Verdict::ValidNoteSeen => self.note_seen(found.user.id, found.session.id, now).await,
            Verdict::Valid => {}
        }
        let FoundSession { user, has_second_factor, session, .. } = found;
        let (id, until, credential) = (session.id, token.expires_at(), Credential::Session(session));
        Ok(Some(Known { user, has_second_factor, credential, id, until }))
    }

    /// What a token says, by the keys of now; keys that another node has just made are looked up.
    pub(crate) async fn verified(&self, token: &str) -> Result<Option<Verified>, AccountsError> {
        let now = self.ambient.now();
        let mut verified = self.verified_tokens.verify(&*self.ring().await?, &self.parties, token, now);
        if verified == Err(Refusal::UnknownKey) {
            verified = self.verified_tokens.verify(&*self.newer_ring().await?, &self.parties, token, now);
        }
        Ok(verified.ok())
    }

    pub(crate) async fn known_by_bearer(&self, token: &str) -> Result<Option<Known>, AccountsError> {
        if let Some(known) = self.known_by_access_token(token).await? {
            return Ok(Some(known));
        }
        if let Some(known) = self.known_by_session(token).await? {
            return Ok(Some(known));
        }
        legacy::known(self, token).await
    }

    /// Whether the operator's rules want a second factor of this user, whether they have one or not.
    pub(crate) fn wants_second_factor(&self, role: Role) -> bool {
        match self.config.second_factor {
            SecondFactorPolicy::Optional => false,
            SecondFactorPolicy::Administrators => role == Role::Admin,
            SecondFactorPolicy::Everybody => true,
        }
    }

    /// Until when a session may make sensitive changes; none when it has to show again who it is.
    pub(crate) fn reauthenticated_until(&self, session: &Session) -> Option<Timestamp> {
        let (now, until) = (self.ambient.now(), session.authenticated_at + STEP_UP_WINDOW);
        // A clock that was set back must not make the window longer.
        (now < until && session.authenticated_at <= now + CLOCK_SKEW).then_some(until)
    }

    /// That somebody has the second factor that the operator's rules want.
    pub(crate) fn enrolled(&self, user: &User, has_second_factor: bool) -> Result<(), Problem> {
        if has_second_factor || !self.wants_second_factor(user.role) {
            return Ok(());
        }
        let words =
            "This installation wants you to have a second factor. Set one up under Account, Security.";
        Err(Problem::new(Code::SecondFactorRequired, words))
    }

    fn fresh(&self, signed_in: SignedIn) -> Result<SignedIn, Problem> {
        if self.reauthenticated_until(&signed_in.session).is_some() {
            return Ok(signed_in);
        }
        Err(Problem::new(Code::ReauthenticationRequired, "Confirm that it is you, and try again."))
    }
}

fn stranger() -> Problem {
    AccountsError::SessionOver.into()
}

/// Who a request is from, if they do not send too many.
async fn known(parts: &Parts, accounts: &Accounts) -> Result<Known, Problem> {
    let known = identified(parts, accounts).await?;
    let limits = RequestLimits::of(&parts.extensions)?;
    limits.check(Policy::ApiUser, Key::user(known.user.id)).await?;
    Ok(known)
}

/// Who a request is from. Credentials in the header `Authorization` come before the cookie: they were sent on purpose.
async fn identified(parts: &Parts, accounts: &Accounts) -> Result<Known, Problem> {
    if let Some(value) = parts.headers.get(header::AUTHORIZATION) {
        let token = value.to_str().ok().and_then(guard::bearer).ok_or_else(stranger)?;
        return accounts.known_by_bearer(token).await?.ok_or_else(stranger);
    }
    let token = guard::cookie(&parts.headers, crate::SESSION_COOKIE).ok_or_else(stranger)?;
    accounts.known_by_session(&token).await?.ok_or_else(stranger)
}

fn forbidden() -> Problem {
    AccountsError::NotAllowed.into()
}

fn out_of_scope(needed: Scope) -> Problem {
    let words = format!("This token's scopes do not allow that; it needs the scope `{}`.", needed.as_str());
    Problem::new(Code::InsufficientScope, words)
}

impl<S: Send + Sync> FromRequestParts<S> for CurrentUser
where
    Accounts: FromRef<S>,
{
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let accounts = Accounts::from_ref(state);
        let known = known(parts, &accounts).await?;
        if let Credential::AccessToken(scopes) = &known.credential {
            let reads = matches!(parts.method, Method::GET | Method::HEAD | Method::OPTIONS);
            let needed = if reads { Scope::Read } else { Scope::Write };
            if !scopes.contains(&needed) {
                return Err(accounts.refused(&known.user, parts, out_of_scope(needed)).await);
            }
        }
        accounts.enrolled(&known.user, known.has_second_factor)?;
        Ok(Self(known))
    }
}

/// As [`CurrentUser`], without the rule that a second factor may be wanted first: who may know who they are, and
/// enrol. The handler decides what an access token may see.
pub(crate) struct Anybody(pub(crate) Known);

impl<S: Send + Sync> FromRequestParts<S> for Anybody
where
    Accounts: FromRef<S>,
{
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        known(parts, &Accounts::from_ref(state)).await.map(Self)
    }
}

impl<S: Send + Sync> FromRequestParts<S> for SignedIn
where
    Accounts: FromRef<S>,
{
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let accounts = Accounts::from_ref(state);
        let Known { user, has_second_factor, credential, .. } = known(parts, &accounts).await?;
        let Credential::Session(session) = credential else {
            let words = "Only somebody who is signed in with a browser may do this, not an API client.";
            return Err(accounts.refused(&user, parts, Problem::new(Code::Forbidden, words)).await);
        };
        Ok(Self { user, has_second_factor, session })
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Reauthenticated
where
    Accounts: FromRef<S>,
{
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let signed_in = SignedIn::from_request_parts(parts, state).await?;
        Accounts::from_ref(state).fresh(signed_in).map(Self)
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Admin
where
    Accounts: FromRef<S>,
{
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let accounts = Accounts::from_ref(state);
        let known = known(parts, &accounts).await?;
        let refusal = match &known.credential {
            _ if known.user.role != Role::Admin => Some(forbidden()),
            Credential::AccessToken(scopes) if !scopes.contains(&Scope::Admin) => {
                Some(out_of_scope(Scope::Admin))
            }
            Credential::Legacy => Some(forbidden()),
            Credential::Session(_) | Credential::AccessToken(_) => None,
        };
        if let Some(problem) = refusal {
            return Err(accounts.refused(&known.user, parts, problem).await);
        }
        accounts.enrolled(&known.user, known.has_second_factor)?;
        Ok(Self(known.user))
    }
}

impl<S: Send + Sync> FromRequestParts<S> for ReauthenticatedAdmin
where
    Accounts: FromRef<S>,
{
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let accounts = Accounts::from_ref(state);
        let signed_in = SignedIn::from_request_parts(parts, state).await?;
        if signed_in.user.role != Role::Admin {
            return Err(accounts.refused(&signed_in.user, parts, forbidden()).await);
        }
        accounts.enrolled(&signed_in.user, signed_in.has_second_factor)?;
        accounts.fresh(signed_in).map(Self)
    }
}
