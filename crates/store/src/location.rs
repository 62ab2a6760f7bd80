//! Which database a URL means, in the spellings people already use.

use std::path::{Path, PathBuf};

use foundation::{ExposeSecret as _, SecretString};
use sqlx::postgres::PgConnectOptions;
use thiserror::Error;
use url::Url;

/// Where the data lives.
#[derive(Debug, Clone)]
pub enum Location {
    /// A SQLite file.
    Sqlite(PathBuf),
    /// A PostgreSQL database.
    Postgres {
        /// The connection URL, without parameters that only other programs understand.
        url: SecretString,
        /// The schema that holds our tables, when it is not the role's default.
        schema: Option<String>,
        /// Whether the server runs on this machine.
        local: bool,
        /// What a person calls this database, without secrets.
        name: String,
    },
}

/// A URL that names no database we can use. Never repeats the URL: it may hold a password.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum LocationError {
    /// Neither of the two databases.
    #[error("the database URL must start with postgres:// or sqlite: (this one starts with {0:?})")]
    UnknownScheme(String),
    /// Not a URL.
    #[error(
        "the database URL cannot be read ({0}); write postgres://user:password@host:5432/name, and escape special characters in the password as %XX"
    )]
    NotAUrl(url::ParseError),
    /// A URL whose parameters the driver does not understand.
    #[error(
        "the database URL has a port, a host or a parameter that is not valid; write postgres://user:password@host:5432/name"
    )]
    Unusable,
    /// A SQLite URL without a file.
    #[error("the database URL names no file; write sqlite:PATH")]
    NoFile,
    /// A PostgreSQL URL without a database.
    #[error("the database URL names no database; write postgres://user:password@host:5432/name")]
    NoDatabase,
}

/// Parameters that Prisma puts into a URL and that PostgreSQL does not know.
const PRISMA_PARAMETERS: &[&str] =
    &["schema", "connection_limit", "pool_timeout", "connect_timeout", "pgbouncer"];

impl Location {
    /// Reads a database URL. `file:` and `?schema=` are Prisma's spellings.
    ///
    /// # Errors
    /// When the URL names no database we can use.
    pub fn parse(url: &SecretString) -> Result<Self, LocationError> {
        let text = url.expose_secret().trim();
        let (scheme, rest) = text.split_once(':').unwrap_or((text, ""));
        match scheme {
            "sqlite" | "file" => Self::sqlite(rest),
            "postgres" | "postgresql" => Self::postgres(text),
            // What stands before the colon may be anything, even a password: repeat it only if it looks like a scheme.
            other if other.len() <= 12 && other.bytes().all(|b| b.is_ascii_lowercase()) => {
                Err(LocationError::UnknownScheme(other.to_owned()))
            }
            _ => Err(LocationError::UnknownScheme("…".to_owned())),
        }
    }

    /// The SQLite file of a data folder.
    pub fn in_folder(data: &Path) -> Self {
        Self::Sqlite(data.join("mainstay.sqlite"))
    }

    fn sqlite(rest: &str) -> Result<Self, LocationError> {
        let path = rest.split('?').next().unwrap_or_default();
        let path = path.strip_prefix("//").unwrap_or(path);
        // A database in memory would be another one for every connection, and gone after a restart.
        if path.is_empty() || path.contains(":memory:") {
            return Err(LocationError::NoFile);
        }
        Ok(Self::Sqlite(path.into()))
    }

    fn postgres(text: &str) -> Result<Self, LocationError> {
        let mut url = Url::parse(text).map_err(LocationError::NotAUrl)?;
        let schema =
            url.query_pairs().find(|(name, _)| name == "schema").map(|(_, value)| value.into_owned());
        let kept: Vec<(String, String)> = url
            .query_pairs()
            .filter(|(name, _)| !PRISMA_PARAMETERS.contains(&name.as_ref()))
            .map(|(name, value)| (name.into_owned(), value.into_owned()))
            .collect();
        url.query_pairs_mut().clear().extend_pairs(&kept);
        if kept.is_empty() {
            url.set_query(None);
        }
        if url.path().trim_matches('/').is_empty() {
            return Err(LocationError::NoDatabase);
        }
        // What the driver makes of it counts: a parameter can name another host than the address does.
        let options: PgConnectOptions = url.as_str().parse().map_err(|_| LocationError::Unusable)?;
        let server = match options.get_socket() {
            Some(socket) => socket.display().to_string(),
            None => format!("{}:{}", options.get_host(), options.get_port()),
        };
        let name = format!("PostgreSQL at {server}{}", url.path());
        let local = options.get_socket().is_some() || is_this_machine(options.get_host());
        Ok(Self::Postgres { url: String::from(url).into(), schema, local, name })
    }

    /// What a person calls this database, without secrets.
    pub fn name(&self) -> String {
        match self {
            Self::Sqlite(path) => format!("SQLite in {}", path.display()),
            Self::Postgres { name, .. } => name.clone(),
        }
    }
}

/// Whether a host name or address means this machine.
pub fn is_this_machine(host: &str) -> bool {
    let address = host.trim_matches(['[', ']']).parse::<std::net::IpAddr>();
    host.is_empty()
        || host.starts_with('/')
        || host == "localhost"
        || address.is_ok_and(|address| address.is_loopback())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(url: &str) -> Result<Location, LocationError> {
        Location::parse(&url.into())
    }

    #[test]
    fn sqlite_in_its_usual_spellings() {
        for (url, path) in [
            ("sqlite:data/app.db", "data/app.db"),
            ("sqlite:///var/app.db", "/var/app.db"),
            ("sqlite://app.db?mode=rwc", "app.db"),
            ("file:./prisma/dev.db", "./prisma/dev.db"),
        ] {
            let Ok(Location::Sqlite(found)) = parse(url) else { panic!("{url}") };
            assert_eq!(found, Path::new(path), "{url}");
        }
    }

    #[test]
    fn postgres_with_the_parameters_of_prisma() {
        let url = "postgresql://ada:s3cret@db.example:5433/learning?schema=public&connection_limit=5&sslmode=require";
        let Ok(Location::Postgres { url, schema, local, .. }) = parse(url) else { panic!() };
        assert_eq!(url.expose_secret(), "postgresql://ada:s3cret@db.example:5433/learning?sslmode=require");
        assert_eq!((schema.as_deref(), local), (Some("public"), false));
    }

    #[test]
    fn a_server_on_this_machine_is_recognised() {
        for url in [
            "postgres://a@localhost/b",
            "postgres://a@127.0.0.1/b",
            "postgres://a@[::1]/b",
            "postgres:///b?host=/run/pg",
        ] {
            assert!(matches!(parse(url), Ok(Location::Postgres { local: true, .. })), "{url}");
        }
        for url in [
            "postgres://a@10.0.0.5/b",
            "postgres://a@localhost/b?host=10.0.0.5",
            "postgres://a@localhost/b?hostaddr=10.0.0.5",
        ] {
            assert!(matches!(parse(url), Ok(Location::Postgres { local: false, .. })), "{url}");
        }
        let elsewhere = parse("postgres://a@localhost/b?host=10.0.0.5").expect("valid");
        assert_eq!(elsewhere.name(), "PostgreSQL at 10.0.0.5:5432/b");
    }

    #[test]
    fn mistakes_and_names_must_not_contain_the_password() {
        for url in [
            "mysql://a:hunter2@b/c",
            "postgres://a:hunter2@b:port/c",
            "hunter2",
            "postgres://a:hunter2@b/",
            "sqlite:",
        ] {
            let error = parse(url).expect_err(url).to_string();
            assert!(!error.contains("hunter2"), "{error}");
        }
        let location = parse("postgres://a:hunter2@db.example/app").expect("valid");
        assert_eq!(location.name(), "PostgreSQL at db.example:5432/app");
        assert!(!format!("{location:?}").contains("hunter2"));
    }
}
