//! Who somebody is: an address, a name, a role.

use std::fmt;

use foundation::{Timestamp, Uuid};
use sea_orm::sea_query::StringLen;
use sea_orm::{DeriveActiveEnum, EnumIter};
use serde::{Deserialize, Serialize};
use unicode_normalization::UnicodeNormalization as _;
use unicode_security::MixedScript as _;
use utoipa::ToSchema;

/// A user, as everybody who may know about them sees them. Holds nothing secret.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct User {
    /// The user's id.
    pub id: Uuid,
    /// The user's e-mail address.
    pub email: String,
    /// The name others see.
    pub username: String,
    /// What the user may do.
    pub role: Role,
    /// Whether the user has shown that the address is theirs.
    pub email_verified: bool,
    /// When the user signed up.
    #[schema(value_type = String, format = DateTime)]
    pub created_at: Timestamp,
}

/// What a user may do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, EnumIter, DeriveActiveEnum, Serialize, Deserialize, ToSchema)]
#[sea_orm(rs_type = "String", db_type = "String(StringLen::N(20))", rename_all = "lowercase")]
#[serde(rename_all = "lowercase")]
pub enum Role {
    /// Uses the applications.
    User,
    /// Also writes courses.
    Instructor,
    /// Also runs the installation.
    Admin,
}

/// An e-mail address that mail can be sent to (RFC 5321), of at most 254 characters.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Email(String);

impl Email {
    const LONGEST: usize = 254;

    /// Reads an address; `None` when it is none.
    ///
    /// One address has one form here: the domain as the name system knows it (IDNA, UTS 46), the name before it in
    /// NFC. And a name is of one script, so that none looks like another's (UTS 39, section 5.1).
    pub fn parse(text: &str) -> Option<Self> {
        let (local, domain) = text.trim().rsplit_once('@')?;
        let local: String = local.nfc().collect();
        let domain =
            if domain.is_ascii() { domain.to_owned() } else { idna::domain_to_ascii_strict(domain).ok()? };
        let text = format!("{local}@{domain}");
        let address: lettre::Address = text.parse().ok()?;
        // Quoted names and addresses of machines (RFC 5321 section 4.1.2) are addresses that nobody has and that no
        // header of ours can carry.
        let plain = !text.contains(['"', '[']) && address.domain().contains(|c: char| c.is_alphanumeric());
        (plain && local.is_single_script() && text.len() <= Self::LONGEST).then_some(Self(text))
    }

    /// An address that was read before it was stored.
    pub(crate) fn from_stored(text: String) -> Self {
        Self(text)
    }

    /// The address, its name as its owner wrote it.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// What two spellings of the same address have in common: no mail system in use tells `Ada@` from `ada@`, and two
    /// accounts that differ in case only serve impostors.
    /// Only ASCII: Unicode maps some other letters to ASCII ones, and their addresses belong to other people.
    pub fn key(&self) -> String {
        self.0.to_ascii_lowercase()
    }
}

impl fmt::Display for Email {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A name that others see: 3 to 50 letters, digits, `_` and `-`, the first no `-`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Username(String);

impl Username {
    const SHORTEST: usize = 3;

    /// Reads a name; `None` when it is none. What a command takes for an option or for somebody's id is none.
    pub fn parse(text: &str) -> Option<Self> {
        let plain = guard::text::Username::parse(text).is_ok() && text.len() >= Self::SHORTEST;
        let misleading = text.starts_with('-') || Uuid::parse_str(text).is_ok();
        (plain && !misleading).then(|| Self(text.to_owned()))
    }

    /// A name that is known to be one.
    pub(crate) fn from_stored(text: String) -> Self {
        Self(text)
    }

    /// The name as its owner wrote it.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// What names that only differ in case have in common: `Ada` and `ada` cannot both exist.
    pub fn key(&self) -> String {
        self.0.to_ascii_lowercase()
    }
}

impl fmt::Display for Username {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses() {
        for good in
            ["ada@example.org", " ada@example.org ", "a.b+c@sub.example.co", "ada@localhost", "ада@пример.рф"]
        {
            assert!(Email::parse(good).is_some(), "{good}");
        }
        for bad in [
            "",
            "ada",
            "@example.org",
            "ada@",
            "ada@example.org\r\nBcc: eve@example.org",
            "ada@exa mple.org",
            "Ada <ada@example.org>",
            "ada@example.org,eve@example.org",
            "\"ada l\"@example.org",
            "ada@[127.0.0.1]",
            &format!("{}@example.org", "a".repeat(250)),
            "ad\u{430}@example.org",
            "\u{430}da@example.org",
            "ada@exam\u{2028}ple.org",
        ] {
            assert!(Email::parse(bad).is_none(), "{bad:?}");
        }
        assert_eq!(
            Email::parse("Ada@Example.ORG").map(|email| email.key()).as_deref(),
            Some("ada@example.org")
        );
    }

    #[test]
    fn an_address_has_one_form_however_it_is_written() {
        let key = |text: &str| Email::parse(text).map(|email| email.key());
        for same in
            ["ada@ｅxａmple.org", "ada@exam\u{ad}ple.org", "ada@example\u{3002}org", "ada@EXAMPLE.org"]
        {
            assert_eq!(key(same).as_deref(), Some("ada@example.org"), "{same}");
        }
        assert_eq!(key("ада@ПРИМЕР.рф"), key("ада@xn--e1afmkfd.xn--p1ai"));
        assert_eq!(key("jose\u{301}@example.org"), key("jos\u{e9}@example.org"));
        // Another domain, and seen to be one: its name is shown as the name system knows it.
        assert_eq!(key("ada@ex\u{430}mple.org").as_deref(), Some("ada@xn--exmple-4nf.org"));
    }

    #[test]
    fn usernames() {
        for good in ["ada", "Ada_L-1815", &"a".repeat(50)] {
            assert!(Username::parse(good).is_some(), "{good}");
        }
        for bad in [
            "",
            "ad",
            "a da",
            "ada!",
            "адa",
            "<b>ada</b>",
            &"a".repeat(51),
            "--help",
            "019b76e8-b990-707b-9853-b3f22f475dc3",
            "019b76e8b990707b9853b3f22f475dc3",
        ] {
            assert!(Username::parse(bad).is_none(), "{bad}");
        }
        assert_eq!(Username::parse("ADA").map(|name| name.key()).as_deref(), Some("ada"));
    }
}
