//! Settings as people write them, and what they are told of mistakes.

use std::collections::BTreeMap;

use foundation::config::{Settings, Sources, default_file, read};

use crate::config::Config;

impl Settings for Config {}

fn read_from(service: &str) -> Result<Config, String> {
    let file = format!("[services.app]\n{service}");
    read(&Sources { file: Some(file), environment: BTreeMap::new() }, &[]).map_err(|error| error.to_string())
}

const JWT: &str = "[services.app.jwt]\njwks = \"https://a.example/jwks\"\n";

#[test]
fn the_whole_of_it_can_be_said() {
    let file = r#"
        identity_headers = ["x-user-id: sub", "x-roles: https://a.example/roles"]
        [services.app.rate_limits]
        address = "50 per 1s, burst 500"
        user = "20 per 1s"
        [services.app.security_headers]
        frames = "same-origin"
        hsts_subdomains = true
        content_security_policy = "default-src 'self'"
        [services.app.jwt]
        jwks = "https://a.example/jwks"
        issuer = "https://a.example"
        audience = ["https://a.example/api"]
        algorithms = ["EdDSA"]
        token_type = "at+jwt"
        cookie = "__Host-session"
        except = ["/login"]
        clock_skew = "0s"
    "#;
    let config = read_from(file).expect("a configuration");
    let app = &config.services["app"];
    assert_eq!(app.identity_headers[1].to_string(), "x-roles: https://a.example/roles");
    assert!(app.jwt.jwks.is_some() && app.jwt.required && app.forward_auth.url.is_none());
    assert!(read_from("").is_ok());
}

// ASVS 9.1.2
#[test]
fn a_shared_secret_or_none_cannot_be_written() {
    for name in ["none", "HS256", "HS512", "eddsa", ""] {
        let mistakes = read_from(&format!("{JWT}algorithms = [\"{name}\"]")).expect_err(name);
        assert!(mistakes.contains("unknown variant"), "{mistakes}");
    }
}

#[test]
fn every_mistake_says_what_would_be_right() {
    let user = "[services.app.rate_limits]\nuser = \"1 per 1s\"";
    let issuer = format!("{JWT}issuer = \"a\"\n");
    let both =
        format!("{issuer}audience = [\"b\"]\n[services.app.forward_auth]\nurl = \"http://b.example/\"");
    for (file, words) in [
        (JWT.to_owned(), "name who signs them: issuer"),
        (issuer.clone(), "name for whom they are: audience"),
        (format!("{issuer}audience = [\"\"]"), "name for whom they are: audience"),
        (format!("{issuer}audience = [\"b\"]\nalgorithms = []"), "name at least one of algorithms"),
        (format!("{issuer}audience = [\"b\"]\ncookie = \"a b\""), "name of the cookie"),
        (format!("{JWT}except = [\"login\"]"), "is no path"),
        (format!("{JWT}refresh = \"1s\""), "must be 10s to 1day"),
        ("[services.app.jwt]\njwks = \"a.example\"".to_owned(), "is no place of a key set"),
        (both, "is an alternative to jwt"),
        (user.to_owned(), "user needs jwt.jwks"),
        ("identity_headers = [\"host: sub\"]".to_owned(), "has a meaning of its own"),
        (
            "[services.app.security_headers]\ncontent_security_policy = \"a\\nb\"".to_owned(),
            "no value of a header",
        ),
        ("[services.app.forward_auth]\nrequest_headers = [\"a b\"]".to_owned(), "no name of a header"),
        ("[services.app.security_headers]\nframes = \"all\"".to_owned(), "unknown variant"),
    ] {
        let mistakes = read_from(&file).expect_err(&file);
        assert!(mistakes.contains(words), "{mistakes}");
    }
}

#[test]
fn the_settings_tell_what_each_is_for() {
    let file = default_file::<Config>();
    for line in [
        "#identity_headers = [\"x-user-id: sub\"]",
        "#algorithms = [\"EdDSA\",\"ES256\",\"RS256\"]",
        "#frames = \"same-origin\"",
        "#request_headers = [\"authorization\",\"cookie\"]",
        "#[services.NAME.forward_auth]",
    ] {
        assert!(file.lines().any(|other| other == line), "{line} is not in {file}");
    }
}
