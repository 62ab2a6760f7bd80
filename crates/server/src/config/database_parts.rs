//! Many deployments name the parts of the database's address one by one: `DB_HOST`, `DB_PORT`, `DB_NAME`, `DB_USER`,
//! `DB_PASSWORD`.

use std::collections::BTreeMap;

use foundation::config::{Mistake, Mistakes};
use url::Url;

/// Puts the parts together as `DATABASE_URL`, unless the whole address is given.
pub(super) fn compose(environment: &mut BTreeMap<String, String>) -> Result<(), Mistakes> {
    let given = |name: &str| environment.get(name).filter(|value| !value.is_empty()).cloned();
    let Some(host) = given("DB_HOST") else { return Ok(()) };
    if given("DATABASE_URL").or_else(|| given("MAINSTAY__STORE__URL")).is_some() {
        return Ok(());
    }
    let port = given("DB_PORT").unwrap_or_else(|| "5432".to_owned());
    let port: u16 = port.parse().map_err(|_| mistake("DB_PORT", "must be a port, for example 5432"))?;
    let name = given("DB_NAME").unwrap_or_else(|| "mainstay".to_owned());
    let user = given("DB_USER").unwrap_or_else(|| "postgres".to_owned());
    let url = address(&host, port, &name, &user, given("DB_PASSWORD").as_deref());
    let url = url
        .ok_or_else(|| mistake("DB_HOST", "must be a host name, an IP address or the folder of a socket"))?;
    environment.insert("DATABASE_URL".to_owned(), url.into());
    Ok(())
}

fn address(host: &str, port: u16, name: &str, user: &str, password: Option<&str>) -> Option<Url> {
    let is_socket = host.starts_with('/');
    let authority = match host {
        _ if is_socket => "localhost".to_owned(),
        // An IPv6 address stands in brackets.
        address if address.contains(':') && !address.starts_with('[') => format!("[{address}]"),
        name => name.to_owned(),
    };
    let mut url = Url::parse(&format!("postgres://{authority}/")).ok()?;
    url.set_username(user).ok()?;
    url.set_password(password).ok()?;
    url.set_port(Some(port)).ok()?;
    url.set_path(name);
    if is_socket {
        url.query_pairs_mut().append_pair("host", host);
    }
    Some(url)
}

fn mistake(variable: &str, words: &str) -> Mistakes {
    Mistakes(vec![Mistake::new(variable, words)])
}
