//! Where everybody comes to: the namespace `/`. Who comes is known, goes into rooms, and says there what members may say.

mod editing;
mod presence;
mod returning;
mod visitor;

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use foundation::{Ambient, SecretString};
use guard::{Key, Maintenance, Policy, RateLimits};

use crate::admission::{Admission, Attendance};
use crate::config::Budget;
use crate::documents::Documents;
use crate::identity::{Identities, Identity};
use crate::meter::Meter;
use crate::rooms::hub::Hub;
use crate::socket_io::{Connecting, EventHandler, Namespace, Refusal, Socket};

pub(crate) use self::presence::Presence;
pub(crate) use self::returning::Returning;
use self::visitor::{Before, Visitor};

/// What all visitors need.
pub(crate) struct Lobby {
    pub(crate) hub: Arc<Hub>,
    pub(crate) identities: Arc<dyn Identities>,
    pub(crate) admission: Arc<dyn Admission>,
    pub(crate) attendance: Arc<dyn Attendance>,
    pub(crate) documents: Documents,
    pub(crate) rate_limits: RateLimits,
    pub(crate) maintenance: Maintenance,
    /// What members of a room may say to each other, and which limit each counts for.
    pub(crate) events: HashMap<String, Budget>,
    /// How often it is asked again whether somebody may be in the rooms they are in.
    pub(crate) review_interval: Duration,
    pub(crate) presence: Presence,
    pub(crate) returning: Returning,
    pub(crate) meter: Arc<Meter>,
    pub(crate) ambient: Ambient,
}

/// The namespace.
pub(crate) struct Entrance(pub(crate) Arc<Lobby>);

#[async_trait]
impl Namespace for Entrance {
    async fn connect(
        &self,
        connecting: Connecting<'_>,
    ) -> Result<(Arc<Socket>, Box<dyn EventHandler>), Refusal> {
        let lobby = &self.0;
        let identity = lobby.identify(&connecting).await?;
        let before = lobby.before(&connecting, &identity).await;
        let visitor = Visitor::arrive(Arc::clone(lobby), &connecting, identity, before).await;
        Ok((Arc::clone(visitor.socket()), Box::new(visitor)))
    }
}

impl Lobby {
    /// Who somebody is, and whether they come too often.
    async fn identify(&self, connecting: &Connecting<'_>) -> Result<Identity, Refusal> {
        let said = connecting.member::<String>("token").map(SecretString::from);
        let token = said.as_ref().or(connecting.token());
        let nobody = || Refusal::new("Authentication token required").with_code("unauthenticated");
        let identity = self.identities.identify(token.ok_or_else(nobody)?).await?;
        let often = self.rate_limits.check(Policy::SocketConnectUser, Key::user(identity.user_id)).await;
        often.map_err(|_| {
            self.meter.limited();
            Refusal::new("Too many connection attempts. Please try again later.")
                .with_code("too_many_requests")
        })?;
        Ok(identity)
    }

    /// What somebody left behind who comes back, and what they have seen.
    async fn before(&self, connecting: &Connecting<'_>, identity: &Identity) -> Option<Before> {
        let private_id = connecting.member::<String>("pid")?;
        let seen = connecting.member::<String>("offset").unwrap_or_default().parse().ok()?;
        let saved = self.returning.take(&private_id, &self.presence).await?;
        (saved.user_id == identity.user_id).then_some(Before { private_id, saved, seen })
    }

    /// Whether something may be changed at the moment that is kept.
    fn takes_changes(&self) -> Result<(), Refusal> {
        let refusal = || {
            Refusal::new("Changes wait: there is maintenance. Please try again later.")
                .with_code("maintenance")
        };
        if self.maintenance.current().is_none() { Ok(()) } else { Err(refusal()) }
    }

    /// Whether somebody may say one more thing.
    async fn count(&self, budget: Budget, identity: &Identity) -> Result<(), Refusal> {
        let counted = self.rate_limits.check(budget.policy(), Key::user(identity.user_id)).await;
        counted.map(drop).map_err(|_| {
            self.meter.limited();
            Refusal::new("Rate limit exceeded").with_code("too_many_requests")
        })
    }

    fn private_id(&self) -> Arc<str> {
        URL_SAFE_NO_PAD.encode(self.ambient.random::<18>()).into()
    }
}
