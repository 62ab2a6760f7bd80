//! The whole configuration, read from made-up sources.

use foundation::ExposeSecret as _;

use super::*;

fn load(file: &str, environment: &[(&str, &str)]) -> Result<Config, String> {
    let environment =
        environment.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
    let sources = Sources { file: Some(file.to_owned()), environment };
    Config::from_sources(sources, &Overrides::default()).map_err(|mistakes| mistakes.to_string())
}

fn database_url(environment: &[(&str, &str)]) -> Option<String> {
    let config = load("", environment).expect("valid");
    config.store.url.map(|url| url.expose_secret().to_owned())
}

#[test]
fn nothing_is_needed_for_development() {
    let config = load("", &[]).expect("valid");
    assert_eq!(config.server.listen.to_string(), "127.0.0.1:8080");
    assert!(
        matches!(config.location(), Ok(Location::Sqlite(path)) if path == Path::new("data/mainstay.sqlite"))
    );
    assert!(!config.is_production());
}

// ASVS 11.4.2
// ASVS 12.2.1 - partly: TLS is ended by whatever stands in front, and a front door of our own is not built yet
// ASVS 12.3.1 - SMTP and Redis
// ASVS 13.2.1 - Redis
#[test]
fn production_insists_on_what_protects_people() {
    insta::assert_snapshot!(load("", &[("NODE_ENV", "production")]).expect_err("mistakes"), @r#"
    the configuration has 2 mistakes:
      - server.public_url: production needs the address people use, for the links in mails
      - mail.smtp_host: production needs an SMTP server, or nobody can confirm an address
    "#);
    let enough =
        "mode = \"production\"\n[server]\npublic_url = \"https://a.example\"\n[mail]\nsmtp_host = \"mx\"\n";
    assert!(load(enough, &[]).is_ok());
    assert!(load(&enough.replace("mx\"", "127.0.0.1\"\nsmtp_security = \"none\""), &[]).is_ok());
    let careless = enough
        .replace("https", "http")
        .replace("mx\"", "mx\"\nsmtp_security = \"none\"\nsmtp_username = \"ada\"")
        + "[guard]\norigins = [\"https://b.example\"]\n[accounts.password]\nmemory_kib = 8\n\
           [redis]\nurl = \"redis://:hunter2@cache.example\"\n";
    insta::assert_snapshot!(load(&careless, &[]).expect_err("mistakes"), @r#"
    the configuration has 6 mistakes:
      - mail.smtp_password: an SMTP user needs a password, and a password a user: set both or neither
      - server.public_url: production needs https: browsers send the session cookie over nothing else
      - guard.origins: must contain server.public_url, or every form of its pages is refused; or leave it out
      - mail.smtp_security: production needs tls or starttls to an SMTP server on another machine: mails carry secret links
      - redis.url: production needs rediss:// and a password to a Redis on another machine: rediss://user:password@host:6379; on a network that is yours alone, set redis.trusted_network
      - accounts.password.memory_kib: production needs at least 7168, the least that OWASP lists for Argon2id
    "#);
}

// ASVS 12.3.1, 13.2.1 - Redis
#[test]
fn production_goes_to_a_redis_elsewhere_with_tls_and_a_password_or_is_told_otherwise() {
    let production = "mode = \"production\"\n[server]\npublic_url = \"https://a.example\"\n[mail]\nsmtp_host = \"mx\"\n[redis]\n";
    let with = |redis: &str| load(&format!("{production}{redis}"), &[]);
    for protected in
        ["rediss://:word@cache.example", "redis://localhost", "redis://127.0.0.1:6379", "redis://[::1]"]
    {
        assert!(with(&format!("url = \"{protected}\"")).is_ok(), "{protected}");
    }
    for weak in [
        "redis://:hunter2@cache.example",
        "rediss://cache.example",
        "redis://10.0.0.7",
        "rediss://ada@cache.example",
    ] {
        let url = format!("url = \"{weak}\"");
        let mistakes = with(&url).expect_err(weak);
        assert!(mistakes.contains("redis.url") && !mistakes.contains("hunter2"), "{mistakes}");
        assert!(with(&format!("{url}\ntrusted_network = true")).is_ok(), "{weak}");
        assert!(load(&format!("[redis]\n{url}"), &[]).is_ok(), "in development: {weak}");
    }
}

#[test]
fn mistakes_of_every_room_are_reported_at_once() {
    let file = "[server]\nlisten = \"nowhere\"\npublic_url = \"learn.example/\"\n[store]\nurl = \"mysql://x\"\n\
                [store.postgres]\nmax_connections = 5\n[mail]\nfrom = \"nobody\"\n[log]\nlevel = \"verbose\"\n\
                [accounts]\nsession_lifetime = \"0s\"\n";
    insta::assert_snapshot!(load(file, &[("MAINSTAY__GUARD__MAX_BODY_BYTES", "1")]).expect_err("mistakes"), @r#"
    the configuration has 8 mistakes:
      - server.listen: invalid socket address syntax
      - accounts.session_lifetime: must be 1m to 1year; it is 0s
      - MAINSTAY__GUARD__MAX_BODY_BYTES: must be 1024 (1 KiB) to 16777216 (16 MiB); it is 1
      - log.level: must be error, warn, info, debug or trace, also by part: info,store=debug
      - mail.from: must be an address, or a name and an address: Mainstay <mainstay@example.org>
      - server.public_url: write it like https://learn.example.org, without a path and without a slash at the end
      - store.postgres.min_connections: must be at most max_connections (5)
      - store.url: the database URL must start with postgres:// or sqlite: (this one starts with "mysql")
    "#);
}

#[test]
fn levels_are_told_from_names() {
    for good in ["info", "WARN", "info,store=debug", "off", "error,access=off"] {
        assert!(load(&format!("[log]\nlevel = \"{good}\""), &[]).is_ok(), "{good}");
    }
    for bad in ["", "verbose", "info,", "store=loud", "a=b=c"] {
        assert!(load(&format!("[log]\nlevel = \"{bad}\""), &[]).is_err(), "{bad}");
    }
}

#[test]
fn the_well_known_variables_are_understood() {
    let config = load(
        "",
        &[
            ("DB_POOL_MAX", "40"),
            ("DB_POOL_MIN", "5"),
            ("LOG_LEVEL", "debug"),
            ("APP_URL", "http://localhost:3000"),
        ],
    );
    let config = config.expect("valid");
    assert_eq!((config.store.postgres.max_connections, config.store.postgres.min_connections), (40, 5));
    assert_eq!(
        (config.log.level.as_str(), config.server.public_url.as_deref()),
        ("debug", Some("http://localhost:3000"))
    );
}

// ASVS 1.2.2 - an address that is made
// ASVS 13.2.3 - no password is built in
#[test]
fn the_parts_of_a_database_address_are_put_together() {
    let parts = [("DB_HOST", "db"), ("DB_NAME", "vault"), ("DB_USER", "ada"), ("DB_PASSWORD", "p@ss/word")];
    assert_eq!(database_url(&parts).as_deref(), Some("postgres://ada:p%40ss%2Fword@db:5432/vault"));
    let both = [parts.as_slice(), &[("DATABASE_URL", "file:./dev.db")]].concat();
    assert_eq!(database_url(&both).as_deref(), Some("file:./dev.db"));
    let empty = [("DB_HOST", "::1"), ("DATABASE_URL", ""), ("DB_PORT", "5433")];
    assert_eq!(database_url(&empty).as_deref(), Some("postgres://postgres@[::1]:5433/mainstay"));
    let socket = database_url(&[("DB_HOST", "/var/run/postgresql")]);
    assert_eq!(
        socket.as_deref(),
        Some("postgres://postgres@localhost:5432/mainstay?host=%2Fvar%2Frun%2Fpostgresql")
    );
    for wrong in [[("DB_HOST", "db"), ("DB_PORT", "many")], [("DB_HOST", "no host"), ("DB_PORT", "5432")]] {
        assert!(load("", &wrong).is_err(), "{wrong:?}");
    }
}

#[test]
fn the_default_file_shows_no_mistake() {
    let file = foundation::config::default_file::<Config>();
    load(&file, &[]).expect("all comments");
    assert!(file.contains("#max_connections = 30"), "{file}");
}

#[test]
fn the_printed_address_can_be_opened() {
    let url = |address: &str| ServerConfig::default().url_at(address.parse().expect("an address"));
    assert_eq!(url("127.0.0.1:8080"), "http://localhost:8080");
    assert_eq!(url("0.0.0.0:8080"), "http://localhost:8080");
    assert_eq!(url("[::1]:8080"), "http://localhost:8080");
}
