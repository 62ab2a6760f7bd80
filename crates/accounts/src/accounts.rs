//! The room itself: what it is made of.

use std::sync::Arc;

use foundation::Ambient;
use futures::future::BoxFuture;
use store::sea_orm::DbErr;
use store::{Retry, Store, StoreError, Unit};
use tokio::sync::Notify;

use crate::password::Passwords;
use crate::{Config, Delivery};

/// What this room needs from others.
#[derive(Clone)]
pub struct Dependencies {
    /// The database.
    pub store: Store,
    /// Time and chance.
    pub ambient: Ambient,
    /// How mail leaves.
    pub delivery: Delivery,
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
    pub(crate) delivery: Delivery,
    pub(crate) csrf_key: guard::CsrfKey,
    pub(crate) public_url: String,
    pub(crate) passwords: Passwords,
    pub(crate) mail_waiting: Notify,
}

impl Accounts {
    /// The room with these settings and dependencies.
    pub fn build(config: Config, dependencies: Dependencies) -> Self {
        let Dependencies { store, ambient, delivery, csrf_key, public_url } = dependencies;
        Self(Arc::new(Inner {
            passwords: Passwords::new(&config.password, &ambient),
            retry: Retry::new(ambient.clone()),
            mail_waiting: Notify::new(),
            config,
            store,
            ambient,
            delivery,
            csrf_key,
            public_url,
        }))
    }
}

impl Accounts {
    /// A read outside of any unit of work, tried again when a connection turns out to be lost.
    pub(crate) async fn read<T, F>(&self, query: impl Fn() -> F) -> Result<T, StoreError>
    where
        F: Future<Output = Result<T, DbErr>>,
    {
        self.retry.run(|| async { Ok(query().await?) }).await
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
