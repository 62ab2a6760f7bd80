//! The room itself: what it is made of.

use std::sync::Arc;

use audit::Ledger;
use aws_lc_rs::hmac;
use foundation::{Ambient, RootKey};
use futures::future::BoxFuture;
use store::sea_orm::DbErr;
use store::{Retry, Store, StoreError, Unit};
use tokio::sync::Notify;
use webauthn_rs::Webauthn;

use crate::keys::Keys;
use crate::password::Passwords;
use crate::refusals::Refusals;
use crate::tokens::access::{Parties, VerifiedTokens};
use crate::{AccountsError, Config, Delivery, factors};

/// What this room needs from others.
#[derive(Clone)]
pub struct Dependencies {
    /// The database.
    pub store: Store,
    /// Time and chance.
    pub ambient: Ambient,
    /// Where everything that matters is written down.
    pub ledger: Ledger,
    /// How mail leaves.
    pub delivery: Delivery,
    /// What every other key follows from.
    pub root_key: RootKey,
    /// Binds CSRF tokens to sessions; the same key that `guard` checks them with.
    pub csrf_key: guard::CsrfKey,
    /// How people reach this installation, without a trailing slash: the beginning of every link in a mail.
    pub public_url: String,
}

/// Users, sessions and links. Cheap to clone.
#[derive(Clone)]
pub struct Accounts(Arc<Inner>);

#[doc(hidden)]
pub struct Inner {
    pub(crate) config: Config,
    pub(crate) store: Store,
    pub(crate) retry: Retry,
    pub(crate) ambient: Ambient,
    pub(crate) ledger: Ledger,
    pub(crate) delivery: Delivery,
    pub(crate) csrf_key: guard::CsrfKey,
    pub(crate) public_url: String,
    pub(crate) passwords: Passwords,
    pub(crate) keys: Keys,
    pub(crate) parties: Parties,
    pub(crate) verified_tokens: VerifiedTokens,
    pub(crate) passkeys: Option<Webauthn>,
    /// What the successor of a refresh token follows from.
    pub(crate) refresh_key: hmac::Key,
    /// Hides whom a counter is about.
    pub(crate) throttle_key: hmac::Key,
    pub(crate) mail_waiting: Notify,
    pub(crate) refusals: Refusals,
    /// What nobody's password may consist of: the words in this installation's address.
    pub(crate) names: Arc<[String]>,
}

impl Accounts {
    /// The room with these settings and dependencies, on a database that has its tables.
    ///
    /// # Errors
    /// [`AccountsError::Sealed`] when the root key is not the one of this database; when the database fails.
    pub async fn build(config: Config, dependencies: Dependencies) -> Result<Self, AccountsError> {
        let Dependencies { store, ambient, ledger, delivery, root_key, csrf_key, public_url } = dependencies;
        let room_key = root_key.of_room("accounts");
        let accounts = Self(Arc::new(Inner {
            passwords: Passwords::new(&config.password, &ambient),
            retry: Retry::new(ambient.clone()),
            mail_waiting: Notify::new(),
            refusals: Refusals::new(),
            keys: Keys::new(&room_key),
            parties: Parties::of(&public_url),
            verified_tokens: VerifiedTokens::new(),
            names: installation(&public_url).split(['.', ':', '/']).map(str::to_owned).collect(),
            passkeys: factors::passkeys::rules(&public_url, &installation(&public_url)),
            refresh_key: room_key.mac("refresh token successors"),
            throttle_key: room_key.mac("throttles"),
            config,
            store,
            ambient,
            ledger,
            delivery,
            csrf_key,
            public_url,
        }));
        accounts.prepare_keys().await?;
        Ok(accounts)
    }
}

/// What people know an installation as: the name in its address.
fn installation(public_url: &str) -> String {
    let name = public_url.split_once("://").map_or(public_url, |(_, rest)| rest);
    if name.is_empty() { "Mainstay".to_owned() } else { name.to_owned() }
}

impl Accounts {
    /// What people know this installation as.
    pub(crate) fn installation(&self) -> String {
        installation(&self.public_url)
    }

    /// A read outside of any unit of work, tried again when a connection turns out to be lost.
    pub(crate) async fn read<T, F>(&self, query: impl Fn() -> F) -> Result<T, StoreError>
    where
        F: Future<Output = Result<T, DbErr>>,
    {
        self.retry.read(query).await
    }

    /// Statements that are a unit of work by themselves.
    pub(crate) async fn in_one_unit<T>(
        &self,
        statements: impl for<'u> Fn(&'u Unit) -> BoxFuture<'u, Result<T, DbErr>>,
    ) -> Result<T, StoreError> {
        self.retry
            .run(|| async {
                let unit = self.store.begin().await?;
                let value = statements(&unit).await?;
                unit.commit().await?;
                Ok(value)
            })
            .await
    }
}

impl std::ops::Deref for Accounts {
    type Target = Inner;

    fn deref(&self) -> &Inner {
        &self.0
    }
}
