//! Security headers for answers that have none of their own. Pure. The values are those of our own answers, in
//! [`guard::headers`], but for what only an application can know: which sites may show it in a frame, and whether all its
//! subdomains speak https.

use guard::headers::{HSTS, HSTS_OF_ONE_HOST, NEVER, NO_FRAMES, NO_REFERRER_ELSEWHERE, NO_SNIFFING};
use http::header::{CONTENT_SECURITY_POLICY, STRICT_TRANSPORT_SECURITY, X_FRAME_OPTIONS};
use http::{HeaderMap, HeaderName, HeaderValue};

use crate::config::{Frames, SecurityHeaderConfig};

/// What is added to the answers of one application.
#[derive(Debug, Default)]
pub(super) struct SecurityHeaders {
    always: Vec<(HeaderName, HeaderValue)>,
    over_https: Option<HeaderValue>,
    frames: Option<HeaderValue>,
    policy: Option<HeaderValue>,
    never: Vec<HeaderName>,
}

impl SecurityHeaders {
    pub(super) fn new(config: &SecurityHeaderConfig) -> Self {
        if !config.add {
            return Self::default();
        }
        let known = |(name, value)| (HeaderName::from_static(name), HeaderValue::from_static(value));
        let hsts = if config.hsts_subdomains { HSTS } else { HSTS_OF_ONE_HOST };
        let frames = match config.frames {
            Frames::None => Some(NO_FRAMES.1),
            Frames::SameOrigin => Some("SAMEORIGIN"),
            Frames::Any => None,
        };
        Self {
            always: [NO_SNIFFING, NO_REFERRER_ELSEWHERE].map(known).into(),
            over_https: Some(HeaderValue::from_static(hsts)),
            frames: frames.map(HeaderValue::from_static),
            policy: config
                .content_security_policy
                .as_deref()
                .and_then(|text| HeaderValue::from_str(text).ok()),
            never: NEVER.iter().copied().map(HeaderName::from_static).collect(),
        }
    }

    /// Adds what is missing.
    pub(super) fn add(&self, headers: &mut HeaderMap, is_https: bool) {
        for (name, value) in &self.always {
            add(headers, name, value);
        }
        if let Some(value) = self.over_https.as_ref().filter(|_| is_https) {
            add(headers, &STRICT_TRANSPORT_SECURITY, value);
        }
        // The newer way to say the same; browsers that know it do not look at the older one.
        if let Some(value) = self.frames.as_ref().filter(|_| !names_frame_ancestors(headers)) {
            add(headers, &X_FRAME_OPTIONS, value);
        }
        if let Some(value) = &self.policy {
            add(headers, &CONTENT_SECURITY_POLICY, value);
        }
        for name in &self.never {
            headers.remove(name);
        }
    }
}

fn add(headers: &mut HeaderMap, name: &HeaderName, value: &HeaderValue) {
    headers.entry(name).or_insert_with(|| value.clone());
}

fn names_frame_ancestors(headers: &HeaderMap) -> bool {
    let names = |value: &HeaderValue| {
        let directives = value.to_str().unwrap_or_default().split([';', ',']);
        directives.map(str::trim_start).any(|directive| {
            directive
                .split_ascii_whitespace()
                .next()
                .is_some_and(|name| name.eq_ignore_ascii_case("frame-ancestors"))
        })
    };
    headers.get_all(CONTENT_SECURITY_POLICY).iter().any(names)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn added(
        config: &SecurityHeaderConfig,
        is_https: bool,
        own: &[(&'static str, &'static str)],
    ) -> Vec<String> {
        let pair = |(name, value): &(&'static str, &'static str)| {
            (HeaderName::from_static(name), HeaderValue::from_static(value))
        };
        let mut headers: HeaderMap = own.iter().map(pair).collect();
        SecurityHeaders::new(config).add(&mut headers, is_https);
        let line =
            |(name, value): (&HeaderName, &HeaderValue)| format!("{name}: {}", value.to_str().expect("text"));
        let mut lines: Vec<_> = headers.iter().map(line).collect();
        lines.sort();
        lines
    }

    // ASVS 3.4.4, 3.4.5, 3.4.6, 13.4.6
    #[test]
    fn an_answer_without_any_gets_them_and_does_not_name_software() {
        let own = [("server", "Apache/2.4.1"), ("x-powered-by", "PHP/5.1"), ("x-own", "1")];
        assert_eq!(
            added(&SecurityHeaderConfig::default(), false, &own),
            [
                "referrer-policy: same-origin",
                "x-content-type-options: nosniff",
                "x-frame-options: SAMEORIGIN",
                "x-own: 1"
            ]
        );
    }

    #[test]
    fn what_the_application_says_stays_as_it_is() {
        let own = [
            ("content-security-policy", "default-src *"),
            ("referrer-policy", "unsafe-url"),
            ("strict-transport-security", "max-age=0"),
            ("x-content-type-options", "other"),
            ("x-frame-options", "DENY"),
        ];
        let config = SecurityHeaderConfig {
            content_security_policy: Some("default-src 'self'".to_owned()),
            ..SecurityHeaderConfig::default()
        };
        let said: Vec<_> = own.iter().map(|(name, value)| format!("{name}: {value}")).collect();
        assert_eq!(added(&config, true, &own), said);
    }

    // ASVS 3.4.1
    #[test]
    fn https_is_promised_only_over_https() {
        let hsts = |config: &SecurityHeaderConfig, is_https| {
            added(config, is_https, &[])
                .into_iter()
                .find(|line| line.starts_with("strict-transport-security"))
        };
        let config = SecurityHeaderConfig::default();
        assert_eq!(hsts(&config, false), None);
        assert_eq!(hsts(&config, true).as_deref(), Some("strict-transport-security: max-age=63072000"));
        let all = SecurityHeaderConfig { hsts_subdomains: true, ..config };
        let value = "strict-transport-security: max-age=63072000; includeSubDomains";
        assert_eq!(hsts(&all, true).as_deref(), Some(value));
    }

    #[test]
    fn who_may_show_it_in_a_frame_is_said_once() {
        let frames = |frames, own: &[(&'static str, &'static str)]| {
            let config = SecurityHeaderConfig { frames, ..SecurityHeaderConfig::default() };
            added(&config, false, own).into_iter().find(|line| line.starts_with("x-frame-options"))
        };
        assert_eq!(frames(Frames::None, &[]).as_deref(), Some("x-frame-options: DENY"));
        assert_eq!(frames(Frames::Any, &[]), None);
        let policy =
            [("content-security-policy", "default-src 'self';Frame-Ancestors https://partner.example")];
        assert_eq!(frames(Frames::None, &policy), None);
        let other = [("content-security-policy", "default-src 'self'; report-uri /frame-ancestors")];
        assert!(frames(Frames::None, &other).is_some());
    }

    #[test]
    fn none_are_added_where_none_are_wanted() {
        let config = SecurityHeaderConfig { add: false, ..SecurityHeaderConfig::default() };
        assert_eq!(added(&config, true, &[("server", "x")]), ["server: x"]);
    }
}
