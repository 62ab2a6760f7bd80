//! What an operator can set about the ledger.

use foundation::SecretString;
use foundation::config::Period;
use garde::Validate;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::witness::SyslogAddress;

const CENTURY: Period = Period::from_secs(3_155_760_000);

/// The audit log, and who outside of the database can prove that it is whole.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema, Validate)]
#[serde(default, deny_unknown_fields)]
pub struct Config {
    /// How long entries are kept, for example `2years`. Older ones are dropped up to a checkpoint, so that the rest
    /// still verifies. Without it, all are kept.
    #[garde(inner(custom(|period: &Period, (): &()| period.within(Period::DAY, CENTURY))))]
    pub retention: Option<Period>,
    /// After how many entries a checkpoint is signed.
    #[garde(range(min = 1, max = 1_000_000))]
    pub checkpoint_entries: u32,
    /// How long after an entry a checkpoint is signed at the latest.
    #[garde(custom(|period: &Period, (): &()| period.within(Period::SECOND, Period::HOUR)))]
    pub checkpoint_interval: Period,
    /// The syslog server that is told each checkpoint (RFC 5424): `udp://logs.example.org:514` or `tcp://...:601`.
    #[garde(inner(custom(|address: &String, (): &()| a_syslog_address(address))))]
    pub syslog: Option<String>,
    /// The object store that keeps each checkpoint.
    #[garde(dive)]
    pub object_store: ObjectStoreConfig,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            retention: None,
            checkpoint_entries: 1000,
            checkpoint_interval: Period::MINUTE,
            syslog: None,
            object_store: ObjectStoreConfig::default(),
        }
    }
}

/// A bucket of an object store that speaks Amazon's S3 protocol. Lock its objects against
/// deletion, and give the key below no right but to write.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema, Validate)]
#[serde(default, deny_unknown_fields)]
pub struct ObjectStoreConfig {
    /// The store, for example `https://s3.eu-central-1.amazonaws.com`. Without it, there is none.
    #[garde(skip)]
    pub endpoint: Option<String>,
    /// The bucket.
    #[garde(custom(|text: &String, (): &()| wanted(self.endpoint.is_some(), !text.is_empty())))]
    pub bucket: String,
    /// The region, as the store calls it.
    #[garde(length(min = 1, max = 63))]
    pub region: String,
    /// What the names of objects begin with.
    #[garde(length(max = 256))]
    pub prefix: String,
    /// The id of the access key.
    #[garde(custom(|text: &String, (): &()| wanted(self.endpoint.is_some(), !text.is_empty())))]
    pub access_key: String,
    /// The access key.
    #[garde(custom(|key: &Option<SecretString>, (): &()| wanted(self.endpoint.is_some(), key.is_some())))]
    #[serde(skip_serializing)]
    #[schemars(with = "Option<String>", extend("writeOnly" = true))]
    pub secret_key: Option<SecretString>,
}

impl Default for ObjectStoreConfig {
    fn default() -> Self {
        Self {
            endpoint: None,
            bucket: String::new(),
            region: "us-east-1".to_owned(),
            prefix: "mainstay/".to_owned(),
            access_key: String::new(),
            secret_key: None,
        }
    }
}

fn wanted(there_is_a_store: bool, is_set: bool) -> garde::Result {
    if there_is_a_store && !is_set {
        return Err(garde::Error::new("must be set with the endpoint"));
    }
    Ok(())
}

fn a_syslog_address(text: &str) -> garde::Result {
    SyslogAddress::parse(text).map(drop).map_err(garde::Error::new)
}
