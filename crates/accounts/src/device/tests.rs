//! Tests of what headers of browsers and programs are taken for.

use proptest::prelude::*;

use super::*;

#[rustfmt::skip]
const BROWSERS: [(&str, &str, Kind); 24] = [
    ("Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/149.0.0.0 Safari/537.36", "Chrome on Windows", Kind::Desktop),
    ("Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/149.0.0.0 Safari/537.36", "Chrome on macOS", Kind::Desktop),
    ("Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/149.0.0.0 Safari/537.36", "Chrome on Linux", Kind::Desktop),
    ("Mozilla/5.0 (X11; CrOS x86_64 14541.0.0) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/149.0.0.0 Safari/537.36", "Chrome on ChromeOS", Kind::Desktop),
    ("Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/149.0.0.0 Mobile Safari/537.36", "Chrome on Android", Kind::Phone),
    ("Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/149.0.0.0 Safari/537.36", "Chrome on Android", Kind::Tablet),
    ("Mozilla/5.0 (iPhone; CPU iPhone OS 26_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) CriOS/149.0.7654.41 Mobile/15E148 Safari/604.1", "Chrome on iOS", Kind::Phone),
    ("Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:151.0) Gecko/20100101 Firefox/151.0", "Firefox on Windows", Kind::Desktop),
    ("Mozilla/5.0 (Macintosh; Intel Mac OS X 10.15; rv:151.0) Gecko/20100101 Firefox/151.0", "Firefox on macOS", Kind::Desktop),
    ("Mozilla/5.0 (X11; Linux x86_64; rv:151.0) Gecko/20100101 Firefox/151.0", "Firefox on Linux", Kind::Desktop),
    ("Mozilla/5.0 (X11; Ubuntu; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0", "Firefox on Linux", Kind::Desktop),
    ("Mozilla/5.0 (Android 16; Mobile; rv:151.0) Gecko/151.0 Firefox/151.0", "Firefox on Android", Kind::Phone),
    ("Mozilla/5.0 (Android 16; Tablet; rv:151.0) Gecko/151.0 Firefox/151.0", "Firefox on Android", Kind::Tablet),
    ("Mozilla/5.0 (iPhone; CPU iPhone OS 18_7 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) FxiOS/151.0 Mobile/15E148 Safari/605.1.15", "Firefox on iOS", Kind::Phone),
    ("Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/26.1 Safari/605.1.15", "Safari on macOS", Kind::Desktop),
    ("Mozilla/5.0 (iPhone; CPU iPhone OS 18_7 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/26.1 Mobile/15E148 Safari/604.1", "Safari on iOS", Kind::Phone),
    ("Mozilla/5.0 (iPad; CPU OS 18_7 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/26.1 Mobile/15E148 Safari/604.1", "Safari on iPadOS", Kind::Tablet),
    ("Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/149.0.0.0 Safari/537.36 Edg/149.0.0.0", "Edge on Windows", Kind::Desktop),
    ("Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/149.0.0.0 Safari/537.36 Edg/149.0.0.0", "Edge on macOS", Kind::Desktop),
    ("Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/149.0.0.0 Safari/537.36 Edg/149.0.0.0", "Edge on Linux", Kind::Desktop),
    ("Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/149.0.0.0 Mobile Safari/537.36 EdgA/149.0.0.0", "Edge on Android", Kind::Phone),
    ("Mozilla/5.0 (iPhone; CPU iPhone OS 18_7 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/26.0 EdgiOS/149.0.4022.52 Mobile/15E148 Safari/605.1.15", "Edge on iOS", Kind::Phone),
    ("Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) SamsungBrowser/29.0 Chrome/136.0.0.0 Mobile Safari/537.36", "Samsung Internet on Android", Kind::Phone),
    ("Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/148.0.0.0 Safari/537.36 OPR/133.0.0.0", "Opera on Windows", Kind::Desktop),
];

#[test]
fn today_s_browsers_are_known() {
    for (user_agent, words, kind) in BROWSERS {
        let device = Device::of(user_agent);
        assert_eq!((device.to_string().as_str(), device.kind), (words, Some(kind)), "{user_agent}");
    }
}

#[test]
fn programs_are_called_by_their_name() {
    for (user_agent, name) in [
        ("curl/8.15.0", "curl"),
        ("Wget/1.25.0", "Wget"),
        ("python-requests/2.32.5", "python-requests"),
        ("Python-urllib/3.14", "Python-urllib"),
        ("Python/3.14 aiohttp/3.13.2", "Python"),
        ("python-httpx/0.28.1", "python-httpx"),
        ("Go-http-client/2.0", "Go-http-client"),
        ("okhttp/5.3.0", "okhttp"),
        ("axios/1.13.2", "axios"),
        ("PostmanRuntime/7.49.1", "PostmanRuntime"),
        ("node", "node"),
        ("Java/25.0.1", "Java"),
        ("Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)", "Googlebot"),
    ] {
        let device = Device::of(user_agent);
        let expected = Device { browser: Some(name.to_owned()), system: None, kind: Some(Kind::Program) };
        assert_eq!(device, expected, "{user_agent}");
    }
}

#[test]
fn what_is_not_known_is_left_open() {
    let nothing = Device { browser: None, system: None, kind: None };
    let long = format!("{}/1.0", "x".repeat(41));
    let hosts = ["secure-login.evil.example/1", "evil.example", "www.evil.example/1 curl/8"];
    for user_agent in ["", " ", "-", "Mozilla/5.0", "some words", "<b>evil</b>/1.0", "прога/1.0", &long]
        .into_iter()
        .chain(hosts)
    {
        assert_eq!(Device::of(user_agent), nothing, "{user_agent}");
    }
    assert_eq!(nothing.to_string(), "an unknown device");
    let app = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_7 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Mobile/15E148";
    assert_eq!(Device::of(app).to_string(), "iOS");
}

#[test]
fn a_header_is_cut_and_cleaned() {
    assert_eq!(clean("curl\r\n/8\u{0}.0\u{1b}[31m"), "curl/8.0[31m");
    assert_eq!(clean(&"ü".repeat(1_000)).chars().count(), 400);
    assert_eq!(Device::of("cu\nrl/8.15.0").to_string(), "curl");
}

proptest! {
    #[test]
    fn no_header_breaks_anything_or_is_shown_raw(user_agent: String) {
        let shown = Device::of(&user_agent).to_string();
        prop_assert!(shown.len() <= 80 && !shown.contains(['<', '>', '&', '"', '\n', '.', ':', '@']), "{shown}");
    }
}
