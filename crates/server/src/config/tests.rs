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

#[test]
fn production_insists_on_what_protects_people() {
    insta::assert_snapshot!(load("", &[("NODE_ENV", "production")]).expect_err("mistakes"), @r#"
    the configuration has 2 mistakes:
      - mail.smtp_host: production needs an SMTP server, or nobody can confirm an address
      - server.public_url: production needs the address people use, for the links in mails
    "#);
    let enough =
        "mode = \"production\"\n[server]\npublic_url = \"https://a.example\"\n[mail]\nsmtp_host = \"mx\"\n";
    assert!(load(enough, &[]).is_ok());
    insta::assert_snapshot!(load(&enough.replace("https", "http"), &[]).expect_err("mistake"), @r#"
    the configuration has 1 mistake:
      - server.public_url: production needs https: browsers send the session cookie over nothing else
    "#);
}

#[test]
fn mistakes_of_every_room_are_reported_at_once() {
    let file = "[server]\nlisten = \"nowhere\"\npublic_url = \"learn.example/\"\n[store.postgres]\nmax_connections = 5\n\
                [mail]\nfrom = \"nobody\"\n[log]\nlevel = \"a=b=c\"\n";
    insta::assert_snapshot!(load(file, &[("MAINSTAY__GUARD__MAX_BODY_BYTES", "1")]).expect_err("mistakes"), @r#"
    the configuration has 6 mistakes:
      - server.listen: invalid socket address syntax
      - MAINSTAY__GUARD__MAX_BODY_BYTES: must be 1024 (1 KiB) to 16777216 (16 MiB); it is 1
      - log.level: must be error, warn, info, debug or trace, also by part: info,store=debug
      - mail.from: must be an address, or a name and an address: Mainstay <mainstay@example.org>
      - server.public_url: write it like https://learn.example.org, without a path and without a slash at the end
      - store.postgres.min_connections: must be at most max_connections (5)
    "#);
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

#[test]
fn the_parts_of_a_database_address_are_put_together() {
    let parts = [("DB_HOST", "db"), ("DB_NAME", "vault"), ("DB_USER", "ada"), ("DB_PASSWORD", "p@ss/word")];
    assert_eq!(database_url(&parts).as_deref(), Some("postgres://ada:p%40ss%2Fword@db:5432/vault"));
    let both = [parts.as_slice(), &[("DATABASE_URL", "file:./dev.db")]].concat();
    assert_eq!(database_url(&both).as_deref(), Some("file:./dev.db"));
}

#[test]
fn the_default_file_shows_no_mistake() {
    let file = foundation::config::default_file::<Config>();
    load(&file, &[]).expect("all comments");
    assert!(file.contains("#max_connections = 30"), "{file}");
}
