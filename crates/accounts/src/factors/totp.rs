//! Codes of authenticator apps: six digits that change every thirty seconds (RFC 6238).

use foundation::{Ambient, ExposeSecret as _, Secret, Timestamp};
use totp_rs::{Builder, Totp};

/// How long a code is shown, in seconds.
const STEP: i64 = 30;

/// What the app and we share, and what every code follows from. Redacted in `Debug`, wiped from memory when dropped.
#[derive(Debug)]
pub(crate) struct Seed(Secret<[u8; Self::BYTES]>);

impl Seed {
    /// As long as SHA-1's output, as RFC 4226 section 4 recommends.
    pub(crate) const BYTES: usize = 20;

    pub(crate) fn generate(ambient: &Ambient) -> Self {
        Self(Secret::init_with(|| ambient.random()))
    }

    /// A seed that was stored; `None` when the bytes are not as many as a seed's.
    pub(crate) fn from_bytes(bytes: &[u8]) -> Option<Self> {
        let bytes = bytes.first_chunk().filter(|chunk| chunk.len() == bytes.len())?;
        Some(Self(Secret::init_with(|| *bytes)))
    }

    /// The seed, for the one who stores it.
    pub(crate) fn bytes(&self) -> &[u8; Self::BYTES] {
        self.0.expose_secret()
    }

    /// What the QR code for the app says. `issuer` and `account` are shown by the app and may not be empty.
    pub(crate) fn uri(&self, issuer: &str, account: &str) -> String {
        // The colon stands between the two names, so neither can have one.
        let name = |text: &str| text.split(':').map(str::trim).collect::<Vec<_>>().join(" ");
        let totp = self.builder().with_issuer(Some(name(issuer))).with_account_name(name(account)).build();
        totp.and_then(|totp| totp.to_url()).expect("names without colons, a seed of the right length")
    }

    /// The seed for those who type it into their app: base32 (RFC 4648 section 6) in groups of four.
    pub(crate) fn base32_grouped(&self) -> String {
        let text = self.totp().secret().to_base32();
        let groups = text.as_bytes().chunks(4).map(|group| group.escape_ascii().to_string());
        groups.collect::<Vec<_>>().join(" ")
    }

    /// The step whose code this is, if it may be used now: the present step, or the one before it, since a code may
    /// change while it is typed and sent (RFC 6238 section 5.2). Never a later one: nobody can have it honestly.
    ///
    /// A step up to `last_step`, the one of the last code that was taken, never matches: a code works once, and an
    /// old one does not come back when the clock is set back.
    pub(crate) fn matching_step(&self, code: &str, now: Timestamp, last_step: Option<i64>) -> Option<i64> {
        let code: String = code.chars().filter(|c| !c.is_whitespace()).collect();
        let totp = self.totp();
        let present = now.timestamp().div_euclid(STEP);
        [present, present - 1]
            .into_iter()
            .filter(|step| last_step.is_none_or(|last| *step > last))
            .find(|step| is_code_of(&totp, &code, *step))
    }

    fn totp(&self) -> Totp {
        self.builder().build().expect("a seed of the right length")
    }

    /// SHA-1, 6 digits, 30 seconds: what every app understands, and the crate's defaults.
    fn builder(&self) -> Builder {
        Builder::new().with_skew(0).with_secret(*self.bytes())
    }
}

/// Compares in constant time, which the crate sees to.
fn is_code_of(totp: &Totp, code: &str, step: i64) -> bool {
    u64::try_from(step * STEP).is_ok_and(|time| totp.check(code, time).is_some())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The seed of RFC 6238 appendix B.
    fn seed() -> Seed {
        Seed::from_bytes(b"12345678901234567890").expect("20 bytes")
    }

    fn at(seconds: i64) -> Timestamp {
        Timestamp::from_timestamp(seconds, 0).expect("a date")
    }

    // RFC 6238 appendix B, of whose eight digits the last six are what six digits would show.
    const VECTORS: [(i64, &str); 6] = [
        (59, "94287082"),
        (1_111_111_109, "07081804"),
        (1_111_111_111, "14050471"),
        (1_234_567_890, "89005924"),
        (2_000_000_000, "69279037"),
        (20_000_000_000, "65353130"),
    ];

    #[test]
    fn the_vectors_of_the_rfc_match() {
        for (seconds, code) in VECTORS {
            let step = seed().matching_step(&code[2..], at(seconds), None);
            assert_eq!(step, Some(seconds / 30), "{seconds}");
        }
    }

    #[test]
    fn a_code_is_taken_in_its_step_and_in_the_next_one_only() {
        let (step, code) = (1_111_111_109 / 30, "081804");
        let verdict = |seconds| seed().matching_step(code, at(seconds), None);
        assert_eq!(verdict(step * 30 - 1), None, "too early");
        assert_eq!(verdict(step * 30), Some(step));
        assert_eq!(verdict(step * 30 + 59), Some(step));
        assert_eq!(verdict(step * 30 + 60), None, "too late");
    }

    #[test]
    fn a_code_works_once() {
        let (now, step) = (at(59), 1);
        assert_eq!(seed().matching_step("287082", now, Some(step - 1)), Some(step));
        assert_eq!(seed().matching_step("287082", now, Some(step)), None);
        assert_eq!(seed().matching_step("287082", at(61), Some(step)), None, "nor a little later");
    }

    #[test]
    fn a_clock_set_back_brings_no_code_back() {
        let later = 1_111_111_111 / 30;
        assert_eq!(seed().matching_step("287082", at(59), Some(later)), None);
    }

    #[test]
    fn codes_may_be_typed_in_groups() {
        for code in ["287 082", " 287082\n", "28 70 82", "287\u{a0}082"] {
            assert_eq!(seed().matching_step(code, at(59), None), Some(1), "{code:?}");
        }
    }

    #[test]
    fn what_is_no_code_matches_nothing() {
        let longer = "287082".repeat(1000);
        for code in
            ["", " ", "287083", "87082", "94287082", "+87082", "28708a", "２８７０８２", "-28708", &longer]
        {
            assert_eq!(seed().matching_step(code, at(59), None), None, "{code:?}");
        }
    }

    #[test]
    fn a_clock_before_1970_matches_nothing_and_breaks_nothing() {
        assert_eq!(seed().matching_step("287082", at(-1), None), None);
        assert_eq!(seed().matching_step("287082", Timestamp::MIN_UTC, None), None);
        assert_eq!(seed().matching_step("287082", Timestamp::MAX_UTC, None), None);
    }

    // ASVS 1.2.2 - an address that is made
    #[test]
    fn the_app_is_told_issuer_and_account() {
        let secret = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ";
        assert_eq!(
            seed().uri("Night School: Évora", "ada+1@example.org"),
            format!(
                "otpauth://totp/Night%20School%20%C3%89vora:ada%2B1%40example.org?secret={secret}\
                 &issuer=Night%20School%20%C3%89vora"
            )
        );
        assert_eq!(seed().base32_grouped().replace(' ', ""), secret);
        assert_eq!(seed().base32_grouped().split(' ').count(), 8);
    }

    #[test]
    fn a_seed_survives_being_stored_and_has_one_length() {
        let seed = Seed::generate(&Ambient::system());
        assert_eq!(Seed::from_bytes(seed.bytes()).expect("our own").bytes(), seed.bytes());
        assert!(Seed::from_bytes(&[0; 19]).is_none());
        assert!(Seed::from_bytes(&[0; 21]).is_none());
    }

    #[test]
    fn debug_output_must_not_contain_the_seed() {
        let printed = format!("{:?}", seed());
        assert!(printed.contains("REDACTED"), "{printed}");
        assert!(!printed.contains("49"), "{printed}");
    }
}
