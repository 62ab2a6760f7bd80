//! All services as they stand at this moment. Whoever changes one publishes a whole new table: a request sees the state
//! before or the state after, and nothing in between.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Instant;

use foundation::Ambient;
use tokio::sync::watch;

use crate::config::ServiceConfig;
use crate::proxy::Services;
use crate::service::Service;
use crate::table::{Places, Table};

/// The one who may change services.
#[derive(Debug)]
pub(crate) struct Registry {
    all: Mutex<BTreeMap<String, Arc<Service>>>,
    published: watch::Sender<Services>,
}

impl Registry {
    pub(crate) fn new(configs: &BTreeMap<String, ServiceConfig>, ambient: &Ambient, now: Instant) -> Self {
        let service = |(name, config): (&String, &ServiceConfig)| {
            (name.clone(), Arc::new(Service::new(name, config.clone(), ambient, now)))
        };
        let all: BTreeMap<_, _> = configs.iter().map(service).collect();
        let published = watch::Sender::new(table(&all));
        Self { all: Mutex::new(all), published }
    }

    /// What requests are answered by.
    pub(crate) fn published(&self) -> watch::Receiver<Services> {
        self.published.subscribe()
    }

    /// All services, by name.
    pub(crate) fn all(&self) -> Vec<Arc<Service>> {
        self.lock().values().cloned().collect()
    }

    /// Changes a service, and publishes it if that makes a difference to requests.
    pub(crate) fn change(&self, name: &str, change: impl FnOnce(&mut Service)) {
        let mut all = self.lock();
        let Some(service) = all.get_mut(name) else { return };
        let mut changed = Service::clone(service);
        change(&mut changed);
        if changed.share != service.share || changed.entrance != service.entrance {
            *service = Arc::new(changed);
            self.published.send_replace(table(&all));
        }
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, BTreeMap<String, Arc<Service>>> {
        self.all.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn table(services: &BTreeMap<String, Arc<Service>>) -> Services {
    let placed = services.values().map(|service| {
        let places = Places { hosts: &service.config.hosts, path: &service.config.path };
        (places, Arc::clone(service))
    });
    Arc::new(Table::new(placed))
}
