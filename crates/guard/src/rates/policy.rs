//! The one table of what is limited, how often each may happen, and why.

use foundation::config::Period;
use garde::Validate;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::quota::Quota;

macro_rules! policies {
    (settings {$(
        $(#[$doc:meta])*
        $policy:ident $name:ident: $by:ident, $requests:literal per $per:ident burst $burst:literal;
    )+}
    given {$(
        $(#[$given_doc:meta])*
        $given_policy:ident $given:ident: $given_by:ident;
    )+}) => {
        /// What is limited.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub enum Policy { $($(#[$doc])* $policy,)+ $($(#[$given_doc])* $given_policy),+ }

        impl Policy {
            /// Everything that is limited.
            pub const ALL: &[Self] = &[$(Self::$policy,)+ $(Self::$given_policy),+];

            /// What has a setting of its own among [`Quotas`].
            pub const SETTINGS: &[Self] = &[$(Self::$policy),+];

            /// The policy's name in settings, answers, logs and keys.
            pub const fn name(self) -> &'static str {
                match self { $(Self::$policy => stringify!($name),)+ $(Self::$given_policy => stringify!($given)),+ }
            }

            /// Whose requests are counted together.
            pub const fn by(self) -> By {
                match self { $(Self::$policy => By::$by,)+ $(Self::$given_policy => By::$given_by),+ }
            }
        }

        /// How often each thing may happen: `30 per 1m`, or `50 per 1s, burst 500` when more may come at once. One
        /// million per second is as good as no limit.
        #[derive(Debug, Clone, Copy, Serialize, Deserialize, JsonSchema, Validate)]
        #[serde(default, deny_unknown_fields)]
        #[garde(allow_unvalidated)] // a quota cannot be wrong
        pub struct Quotas {
            $($(#[$doc])* pub $name: Quota,)+
            $($(#[$given_doc])* #[serde(skip)] pub $given: Quota),+
        }

        impl Quotas {
            pub(super) const fn of(&self, policy: Policy) -> Quota {
                match policy { $(Policy::$policy => self.$name,)+ $(Policy::$given_policy => self.$given),+ }
            }
        }

        impl Default for Quotas {
            fn default() -> Self {
                Self {
                    $($name: const { Quota::new($requests, Period::$per, $burst) },)+
                    $($given: Quota::PLENTY),+
                }
            }
        }
    };
}

/// Whose requests are counted together.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum By {
    /// All that come from one network: one IPv4 address, or a /64 of IPv6 (RFC 6177: the least that a customer gets).
    Network,
    /// All of one person, wherever they are.
    User,
}

// A school is one network: thirty pupils begin their lesson at the same time, behind one address.
policies! { settings {
    /// Requests below `/api` from one network: one IPv4 address, or a /64 of IPv6. So many in each period when they
    /// come evenly, and at once as many as the burst says. A page asks for ten things, and a class of thirty opens it
    /// together. Behind a proxy that `guard.trusted_proxies` does not name, everybody is one network.
    Api api: Network, 50 per SECOND burst 500;

    /// Requests below `/api` of one person, however many addresses they have. A fast person with several tabs stays
    /// far below.
    ApiUser api_user: User, 20 per SECOND burst 200;

    /// Steps of signing in, from one network: passwords, codes, passkeys, links. A class of thirty signs in with two
    /// steps each, and a mistake or two. Wrong passwords are slowed down besides; this spares the processor, to which
    /// each is dear.
    SignIn sign_in: Network, 60 per MINUTE burst 120;

    /// New accounts, from one network. A class of thirty signs up in its first lesson.
    SignUp sign_up: Network, 20 per MINUTE burst 40;

    /// Requests that make this installation send a mail to somebody, from one network. Mails are counted by recipient
    /// besides.
    Mail mail: Network, 10 per MINUTE burst 30;

    /// The look whether the program works, from one network. Counted apart from everything else, so that nobody's
    /// requests make a load balancer believe that it does not.
    Health health: Network, 20 per SECOND burst 100;

    /// Reports of browsers about broken rules of pages, from one network. They are for finding mistakes, and the first
    /// few tell as much as all.
    Report report: Network, 30 per MINUTE burst 30;

    /// WebSocket connections from one network. Where many people share an address, this has to be a multiple of what
    /// one of them needs.
    SocketConnect socket_connect: Network, 5 per MINUTE burst 5;

    /// WebSocket connections of one person. A browser that loses its connection comes back a few times, and not for
    /// ever.
    SocketConnectUser socket_connect_user: User, 5 per MINUTE burst 5;

    /// Messages of one person over a WebSocket, whatever they say.
    SocketMessage socket_message: User, 100 per MINUTE burst 100;

    /// That somebody types, as others in a room are told.
    SocketTyping socket_typing: User, 120 per MINUTE burst 60;

    /// Where somebody's cursor is, as others in a room are told: twenty times a second is as often as anybody sees.
    SocketCursor socket_cursor: User, 20 per SECOND burst 200;

    /// Changes of shared documents. Whoever types fast makes ten in a second.
    SocketEdit socket_edit: User, 20 per SECOND burst 200;
} given {
    /// Requests to an application behind the street gate, from one network. Each application has settings of its own.
    Gate gate: Network;

    /// Requests to an application behind the street gate, of one person.
    GateUser gate_user: User;
} }

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use foundation::config::{Settings, Sources, default_file, read};

    use super::*;

    impl Settings for Quotas {}

    fn read_from(file: &str, environment: &[(&str, &str)]) -> Result<Quotas, String> {
        let environment: BTreeMap<_, _> =
            environment.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        read(&Sources { file: Some(file.to_owned()), environment }, &[]).map_err(|error| error.to_string())
    }

    #[test]
    fn names_are_unique_and_each_has_its_own_quota() {
        for (index, policy) in Policy::ALL.iter().enumerate() {
            assert!(Policy::ALL[..index].iter().all(|other| other.name() != policy.name()));
            let written = read_from(&format!("{} = \"7 per 9s\"", policy.name()), &[]);
            if !Policy::SETTINGS.contains(policy) {
                assert!(written.expect_err("no setting").contains("there is no such key"));
                continue;
            }
            let quotas = written.expect("valid");
            let changed = |policy: &Policy| quotas.of(*policy).to_string() == "7 per 9s";
            let changed: Vec<_> = Policy::ALL.iter().filter(|policy| changed(policy)).collect();
            assert_eq!(changed, [policy]);
        }
    }

    #[test]
    fn an_operator_changes_one_and_the_others_stay() {
        let environment = [("MAINSTAY__MAIL", "3 per 1h, burst 6")];
        let quotas = read_from("sign_up = \"200 per 1m\"", &environment).expect("valid");
        assert_eq!(quotas.sign_up.to_string(), "200 per 1m");
        assert_eq!(quotas.mail.to_string(), "3 per 1h, burst 6");
        assert_eq!(quotas.socket_connect.to_string(), "5 per 1m");
        assert_eq!(quotas.socket_message.to_string(), "100 per 1m");
    }

    // ASVS 2.4.1 - no limit can be switched off by mistake
    #[test]
    fn every_mistake_says_what_would_be_right() {
        let file = "sign_in = \"0 per 1m\"\nsign_up = \"20\"\nmails = \"1 per 1s\"\nreport = 30\n";
        insta::assert_snapshot!(read_from(file, &[]).expect_err("mistakes"), @r#"
        the configuration has 4 mistakes:
          - mails: there is no such key; did you mean mail?
          - report: invalid type: integer `30`, expected a string
          - sign_in: "0 per 1m": a limit cannot be switched off by a zero; allow as many as you like, up to 1000000
          - sign_up: "20" does not say how often; write it like "30 per 1m" or "50 per 1s, burst 500"
        "#);
    }

    #[test]
    fn the_settings_tell_what_each_is_for() {
        let file = default_file::<Quotas>();
        assert!(file.contains("#socket_message = \"100 per 1m\""), "{file}");
        assert!(file.contains("#sign_up = \"20 per 1m, burst 40\""), "{file}");
        assert_eq!(file.matches("# Environment: MAINSTAY__").count(), Policy::SETTINGS.len());
    }
}
