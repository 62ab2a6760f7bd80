//! What is fine alone and wrong together, above all in production.

use accounts::SmtpSecurity;
use foundation::config::{Mistake, Settings};
use store::is_this_machine;

use super::Config;

/// The least memory for Argon2id that OWASP's Password Storage Cheat Sheet lists, in KiB.
const LEAST_HASHING_MEMORY: u32 = 7_168;

impl Settings for Config {
    fn contradictions(&self) -> Vec<Mistake> {
        let mut found = Vec::new();
        let mut refuse = |is_wrong: bool, key: &str, words: &str| {
            if is_wrong {
                found.push(Mistake::new(key, words));
            }
        };
        let mail = &self.mail;
        refuse(
            mail.smtp_username.is_some() != mail.smtp_password.is_some(),
            "mail.smtp_password",
            "an SMTP user needs a password, and a password a user: set both or neither",
        );
        refuse(
            self.audit.object_store.endpoint.is_some() && self.object_store_host().is_none(),
            "audit.object_store.endpoint",
            "write it like https://s3.eu-central-1.amazonaws.com, without a user and a path",
        );
        refuse(
            self.live.ping_interval >= self.guard.request_timeout,
            "live.ping_interval",
            "must be shorter than guard.request_timeout: a client without a WebSocket waits for so long for an answer",
        );
        refuse(
            self.live.drain >= self.server.shutdown_timeout,
            "live.drain",
            "must be shorter than server.shutdown_timeout, after which the process ends",
        );
        if self.is_production() {
            let url = self.server.public_url.as_deref();
            refuse(
                url.is_none(),
                "server.public_url",
                "production needs the address people use, for the links in mails",
            );
            refuse(
                url.is_some_and(|url| !url.starts_with("https://")),
                "server.public_url",
                "production needs https: browsers send the session cookie over nothing else",
            );
            let origins = &self.guard.origins;
            refuse(
                !origins.is_empty() && url.is_some_and(|url| !origins.iter().any(|origin| origin == url)),
                "guard.origins",
                "must contain server.public_url, or every form of its pages is refused; or leave it out",
            );
            refuse(
                mail.smtp_host.is_none(),
                "mail.smtp_host",
                "production needs an SMTP server, or nobody can confirm an address",
            );
            refuse(
                mail.smtp_security == SmtpSecurity::None
                    && !mail.smtp_host.as_deref().is_some_and(is_this_machine),
                "mail.smtp_security",
                "production needs tls or starttls to an SMTP server on another machine: mails carry secret links",
            );
            refuse(
                !self.redis.trusted_network && !self.weak_ways_to_redis().is_empty(),
                "redis.url",
                "production needs rediss:// and a password to a Redis on another machine: \
                 rediss://user:password@host:6379; on a network that is yours alone, set redis.trusted_network",
            );
            refuse(
                self.accounts.password.memory_kib < LEAST_HASHING_MEMORY,
                "accounts.password.memory_kib",
                "production needs at least 7168, the least that OWASP lists for Argon2id",
            );
        }
        if let Err(error) = self.location() {
            found.push(Mistake::new("store.url", error.to_string()));
        }
        found.extend(self.edge.contradictions());
        found
    }
}
