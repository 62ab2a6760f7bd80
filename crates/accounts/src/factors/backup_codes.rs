//! Backup codes: what opens an account once when the authenticator app is lost.

use std::fmt;

use aws_lc_rs::digest::{SHA256, digest};
use foundation::{Ambient, ExposeSecret as _, SecretString};

/// How many codes somebody is given at a time.
pub(crate) const HOW_MANY: usize = 10;

/// Crockford's base32: no letter that is taken for a digit, and no U.
const ALPHABET: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
/// The characters of a code: 5 bits each, 120 together. The least for a secret that is stored under a fast hash is 112
/// bits (NIST SP 800-63B section 5.1.2.2).
const CHARACTERS: usize = 24;
const GROUP: usize = 4;
/// With the dashes between the groups.
const WRITTEN: usize = CHARACTERS + CHARACTERS / GROUP - 1;
/// An authenticator app shows at most so many digits.
const LONGEST_APP_CODE: usize = 8;

/// One code, written in six groups of four. Redacted in `Debug`, wiped from memory when dropped; only its
/// [`hash`](BackupCode::hash) is stored.
pub(crate) struct BackupCode(SecretString);

impl BackupCode {
    pub(crate) fn generate(ambient: &Ambient) -> Self {
        let mut bits = u128::from_be_bytes(ambient.random());
        let mut text = String::with_capacity(WRITTEN);
        for position in 0..CHARACTERS {
            if position > 0 && position % GROUP == 0 {
                text.push('-');
            }
            text.push(char::from(ALPHABET[(bits & 31) as usize]));
            bits >>= 5;
        }
        Self(text.into())
    }

    /// The codes that somebody is given together.
    pub(crate) fn set(ambient: &Ambient) -> [Self; HOW_MANY] {
        std::array::from_fn(|_| Self::generate(ambient))
    }

    /// Reads a code as people type it: in any case, grouped in any way, with O for 0 and I or L for 1. `None` for what
    /// cannot be one.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let mut code = String::with_capacity(WRITTEN);
        let mut read = 0;
        for typed in text.chars().filter(|c| !is_separator(*c)) {
            if read == CHARACTERS {
                return None;
            }
            if read > 0 && read % GROUP == 0 {
                code.push('-');
            }
            code.push(meant(typed)?);
            read += 1;
        }
        (read == CHARACTERS).then(|| Self(code.into()))
    }

    /// The code as text, to show to its one owner.
    pub(crate) fn reveal(&self) -> &str {
        self.0.expose_secret()
    }

    /// What is stored and looked up. Plain SHA-256 is enough: 120 random bits cannot be guessed, so there is nothing
    /// for a slow hash to slow down.
    pub(crate) fn hash(&self) -> BackupCodeHash {
        let hash = digest(&SHA256, self.reveal().as_bytes());
        BackupCodeHash(hash.as_ref().try_into().expect("SHA-256 has 32 bytes"))
    }
}

impl fmt::Debug for BackupCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("BackupCode([REDACTED])")
    }
}

/// The SHA-256 of a [`BackupCode`], safe to store.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct BackupCodeHash([u8; 32]);

impl BackupCodeHash {
    /// The hash as stored in the database.
    pub(crate) fn to_vec(self) -> Vec<u8> {
        self.0.to_vec()
    }
}

/// Whether somebody typed a backup code, perhaps a mistyped one, and not a code of their app: it has letters, or is
/// longer than any app's.
pub(crate) fn looks_like_backup_code(text: &str) -> bool {
    let mut typed = text.chars().filter(|c| !is_separator(*c));
    let letters = typed.clone().any(char::is_alphabetic);
    letters || typed.nth(LONGEST_APP_CODE).is_some()
}

/// Spaces and the dashes that word processors make of `-`.
fn is_separator(c: char) -> bool {
    c.is_whitespace() || matches!(c, '-' | '_' | '\u{2010}'..='\u{2015}' | '\u{2212}')
}

/// The character that was meant, following Crockford's rules for reading.
fn meant(typed: char) -> Option<char> {
    let upper = match typed.to_ascii_uppercase() {
        'O' => '0',
        'I' | 'L' => '1',
        other => other,
    };
    ALPHABET.iter().map(|known| char::from(*known)).find(|known| *known == upper)
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    fn code() -> BackupCode {
        BackupCode::generate(&Ambient::system())
    }

    // ASVS 6.5.4
    #[test]
    fn a_code_has_120_random_bits_in_six_groups() {
        let mut seen = vec![HashSet::new(); CHARACTERS];
        for _ in 0..2_000 {
            let code = code();
            let groups: Vec<_> = code.reveal().split('-').collect();
            assert_eq!(groups.iter().map(|group| group.len()).collect::<Vec<_>>(), [4; 6]);
            let characters = code.reveal().bytes().filter(|b| *b != b'-');
            for (position, b) in characters.enumerate() {
                seen[position].insert(b);
            }
        }
        let all: HashSet<u8> = ALPHABET.iter().copied().collect();
        assert!(seen.iter().all(|position| *position == all), "each position takes all of 32 values: 5 bits");
        assert_eq!(CHARACTERS * 5, 120);
    }

    #[test]
    fn the_codes_of_a_set_are_ten_and_distinct() {
        let codes = BackupCode::set(&Ambient::system());
        let texts: HashSet<_> = codes.iter().map(BackupCode::reveal).collect();
        let hashes: HashSet<_> = codes.iter().map(|code| code.hash().to_vec()).collect();
        assert_eq!((texts.len(), hashes.len()), (10, 10));
    }

    #[test]
    fn the_bits_are_the_ambient_s_and_none_is_used_twice() {
        struct Zeros;
        impl foundation::Randomness for Zeros {
            fn fill(&self, buffer: &mut [u8]) {
                // The number 1: only the lowest five bits are not zero.
                buffer.fill(0);
                buffer[buffer.len() - 1] = 1;
            }
        }
        let code = BackupCode::generate(&Ambient::new(foundation::SystemClock, Zeros));
        assert_eq!(code.reveal(), "1000-0000-0000-0000-0000-0000");
    }

    #[test]
    fn a_code_is_read_as_people_type_it() {
        let written = "01AB-CDEF-GHJK-MNPQ-RSTV-WXYZ";
        let hash = BackupCode::parse(written).expect("a code").hash();
        for typed in [
            "01abcdefghjkmnpqrstvwxyz",
            "  01AB CDEF GHJK MNPQ RSTV WXYZ\r\n",
            "O1AB-CDEF-GHJK-MNPQ-RSTV-WXYZ",
            "oIAB-CDEF-GHJK-MNPQ-RSTV-WXYZ",
            "0lab–cdef–ghjk—mnpq−rstv-wxyz",
            "0-1-A-B-C-D-E-F-GHJK-MNPQ-RSTV-WXYZ--",
        ] {
            let read = BackupCode::parse(typed).expect(typed);
            assert!(read.hash() == hash && read.reveal() == written, "{typed}");
        }
    }

    #[test]
    fn what_we_write_we_read() {
        let code = code();
        assert_eq!(BackupCode::parse(code.reveal()).expect("our own").hash(), code.hash());
    }

    #[test]
    fn what_cannot_be_a_code_is_refused_before_any_lookup() {
        for text in [
            "",
            "----",
            "123456",
            "01AB-CDEF-GHJK-MNPQ-RSTV-WXY",
            "01AB-CDEF-GHJK-MNPQ-RSTV-WXYZ-0",
            "01AB-CDEF-GHJK-MNPQ-RSTV-WXYU",
            "01AB-CDEF-GHJK-MNPQ-RSTV-WXY!",
            "01AB-CDEF-GHJK-MNPQ-RSTV-WXYД",
            &"A".repeat(100_000),
        ] {
            assert!(BackupCode::parse(text).is_none(), "{text:.40}");
        }
    }

    #[test]
    fn it_is_told_from_a_code_of_the_app() {
        for backup in
            [code().reveal(), "0000-1111-2222", "01ab", "1234-56789", "01AB-CDEF-GHJK-MNPQ-RSTV-WXY"]
        {
            assert!(looks_like_backup_code(backup), "{backup}");
        }
        for app in ["", "123456", "123 456", "12345", "1234-5678", "!?"] {
            assert!(!looks_like_backup_code(app), "{app}");
        }
    }

    #[test]
    fn debug_output_must_not_contain_the_code() {
        let code = code();
        let printed = format!("{code:?}");
        assert!(printed.contains("REDACTED") && !printed.contains(&code.reveal()[..4]), "{printed}");
    }
}
