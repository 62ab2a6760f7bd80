//! What production goes along with and says aloud: ways to other programs that are less protected than they could be.

use foundation::ExposeSecret as _;
use store::{Location, TlsPolicy, is_this_machine};
use url::Url;

use super::Config;

impl Config {
    /// A sentence for each way to a program on another machine that anybody in between could read, or on which nobody
    /// has to say who they are. In development there are none.
    pub(crate) fn weak_links(&self) -> Vec<String> {
        if !self.is_production() {
            return Vec::new();
        }
        self.to_postgres().into_iter().chain(self.weak_ways_to_redis()).chain(self.to_smtp()).collect()
    }

    fn to_postgres(&self) -> Option<String> {
        let Ok(Location::Postgres { url, local: false, name, .. }) = self.location() else { return None };
        let may_be_plain = self.store.postgres.tls == TlsPolicy::Off && !url_verifies(url.expose_secret());
        may_be_plain.then(|| {
            format!(
                "store.postgres.tls is off, so that the certificate of {name} is not verified: whoever is between \
                 can read and change all that is stored; set it to auto, unless that network is yours alone"
            )
        })
    }

    pub(super) fn weak_ways_to_redis(&self) -> Vec<String> {
        let parsed = self.redis.url.as_ref().and_then(|url| Url::parse(url.expose_secret()).ok());
        let Some((url, host)) = parsed.as_ref().and_then(|url| Some((url, url.host_str()?))) else {
            return Vec::new();
        };
        let mut weak = Vec::new();
        if is_this_machine(host) {
            return weak;
        }
        if url.scheme() != "rediss" {
            weak.push(format!(
                "redis.url has no TLS, so that whoever is between can read its password and change what {host} \
                 counts; write rediss://, unless that network is yours alone"
            ));
        }
        if url.password().is_none_or(str::is_empty) {
            weak.push(format!(
                "redis.url has no password, so that whoever reaches {host} can change what it counts"
            ));
        }
        weak
    }

    fn to_smtp(&self) -> Option<String> {
        let host = self.mail.smtp_host.as_deref().filter(|host| !is_this_machine(host))?;
        self.mail.smtp_username.is_none().then(|| {
            format!(
                "mail.smtp_username is not set, so that {host} takes mail from whoever reaches it, or knows this \
                 machine by its address alone"
            )
        })
    }
}

/// Whether the URL itself asks for a verified server.
fn url_verifies(url: &str) -> bool {
    let Ok(url) = Url::parse(url) else { return false };
    url.query_pairs()
        .any(|(name, value)| matches!(name.as_ref(), "sslmode" | "ssl-mode") && value == "verify-full")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Mode;

    fn weak(mode: Mode, change: impl FnOnce(&mut Config)) -> String {
        let mut config = Config { mode, ..Config::default() };
        change(&mut config);
        config.weak_links().join("\n")
    }

    fn careless(config: &mut Config) {
        config.store.url = Some("postgres://ada:hunter2@db.example/app".into());
        config.store.postgres.tls = TlsPolicy::Off;
        config.redis.url = Some("redis://cache.example:6379".into());
        config.mail.smtp_host = Some("mx.example".into());
    }

    // ASVS 12.3.1, 13.2.1 - what a setting allows explicitly is said at each start
    #[test]
    fn what_others_could_read_or_enter_is_said() {
        insta::assert_snapshot!(weak(Mode::Production, careless), @"
        store.postgres.tls is off, so that the certificate of PostgreSQL at db.example:5432/app is not verified: whoever is between can read and change all that is stored; set it to auto, unless that network is yours alone
        redis.url has no TLS, so that whoever is between can read its password and change what cache.example counts; write rediss://, unless that network is yours alone
        redis.url has no password, so that whoever reaches cache.example can change what it counts
        mail.smtp_username is not set, so that mx.example takes mail from whoever reaches it, or knows this machine by its address alone
        ");
        assert_eq!(weak(Mode::Development, careless), "");
    }

    #[test]
    fn what_is_protected_or_on_this_machine_is_not_worth_a_word() {
        let protected = |config: &mut Config| {
            config.store.url = Some("postgres://ada:hunter2@db.example/app".into());
            config.redis.url = Some("rediss://:hunter2@cache.example:6379".into());
            config.mail.smtp_host = Some("mx.example".into());
            config.mail.smtp_username = Some("ada".into());
        };
        assert_eq!(weak(Mode::Production, protected), "");
        let verified_by_its_url = |config: &mut Config| {
            careless(config);
            config.store.url = Some("postgres://ada@db.example/app?sslmode=verify-full".into());
        };
        assert!(!weak(Mode::Production, verified_by_its_url).contains("db.example"));
        let here = |config: &mut Config| {
            careless(config);
            config.store.url = Some("postgres://ada@127.0.0.1/app".into());
            config.redis.url = Some("redis://localhost".into());
            config.mail.smtp_host = Some("[::1]".into());
        };
        assert_eq!(weak(Mode::Production, here), "");
        assert!(!weak(Mode::Production, careless).contains("hunter2"));
    }
}
