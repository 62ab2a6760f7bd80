//! Which service a request is for. Pure; the table is made once and swapped whole.

use std::collections::{BTreeMap, HashMap};

/// A service by host and path: of the most exact host that has one, the longest path that fits.
#[derive(Debug)]
pub(crate) struct Table<S> {
    exact: HashMap<String, Vec<Entry<S>>>,
    /// Below these domains, the longest first.
    domains: Vec<(String, Vec<Entry<S>>)>,
    any: Vec<Entry<S>>,
}

#[derive(Debug)]
struct Entry<S> {
    path: String,
    service: S,
}

/// What a service is found by.
#[derive(Debug)]
pub(crate) struct Places<'p> {
    /// Names, or `*.` and a domain; none are all.
    pub(crate) hosts: &'p [String],
    pub(crate) path: &'p str,
}

impl<S: Clone> Table<S> {
    pub(crate) fn new<'p>(services: impl IntoIterator<Item = (Places<'p>, S)>) -> Self {
        let mut exact: HashMap<String, Vec<Entry<S>>> = HashMap::new();
        let mut domains: BTreeMap<String, Vec<Entry<S>>> = BTreeMap::new();
        let mut any = Vec::new();
        for (Places { hosts, path }, service) in services {
            let entry = || Entry { path: path.trim_end_matches('/').to_owned(), service: service.clone() };
            if hosts.is_empty() {
                any.push(entry());
            }
            for host in hosts {
                match host.strip_prefix('*') {
                    Some(domain) => domains.entry(domain.to_owned()).or_default().push(entry()),
                    None => exact.entry(host.clone()).or_default().push(entry()),
                }
            }
        }
        let mut domains: Vec<_> = domains.into_iter().collect();
        domains.sort_by_key(|(domain, _)| std::cmp::Reverse(domain.len()));
        let lists = exact.values_mut().chain(domains.iter_mut().map(|(_, list)| list));
        for list in lists.chain([&mut any]) {
            list.sort_by_key(|entry| std::cmp::Reverse(entry.path.len()));
        }
        Self { exact, domains, any }
    }

    /// The service for a host, with or without a port, and a path.
    pub(crate) fn find(&self, host: &str, path: &str) -> Option<&S> {
        if self.exact.is_empty() && self.domains.is_empty() {
            return find_below(&self.any, path);
        }
        let host = name(host).to_ascii_lowercase();
        let exact = self.exact.get(&host).and_then(|list| find_below(list, path));
        let by_domain = || {
            let mut fitting = self.domains.iter().filter(|(domain, _)| host.ends_with(domain.as_str()));
            fitting.find_map(|(_, list)| find_below(list, path))
        };
        exact.or_else(by_domain).or_else(|| find_below(&self.any, path))
    }
}

fn find_below<'l, S>(list: &'l [Entry<S>], path: &str) -> Option<&'l S> {
    let is_below = |entry: &&Entry<S>| {
        path.strip_prefix(&entry.path).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    };
    list.iter().find(is_below).map(|entry| &entry.service)
}

/// A host without its port, and without the dot that may end it.
fn name(host: &str) -> &str {
    let name = guard::without_port(host);
    name.strip_suffix('.').unwrap_or(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table(services: &[(&str, &[&str], &str)]) -> Table<String> {
        let hosts: Vec<Vec<String>> =
            services.iter().map(|(_, hosts, _)| hosts.iter().map(ToString::to_string).collect()).collect();
        let places = services.iter().zip(&hosts);
        Table::new(places.map(|((name, _, path), hosts)| (Places { hosts, path }, (*name).to_owned())))
    }

    #[test]
    fn the_most_exact_host_and_the_longest_path_count() {
        let table = table(&[
            ("rest", &[], "/"),
            ("shop", &["example.org"], "/"),
            ("api", &["example.org"], "/api"),
            ("api v2", &["example.org"], "/api/v2/"),
            ("any tenant", &["*.example.org"], "/"),
            ("tenants of eu", &["*.eu.example.org"], "/"),
            ("one tenant", &["one.eu.example.org"], "/app"),
        ]);
        for (host, path, service) in [
            ("example.org", "/", "shop"),
            ("example.org", "/apiary", "shop"),
            ("example.org", "/api", "api"),
            ("example.org", "/api/v2x", "api"),
            ("example.org", "/api/v2/things", "api v2"),
            ("Example.ORG:8443", "/", "shop"),
            ("example.org.", "/", "shop"),
            ("a.example.org", "/", "any tenant"),
            ("a.eu.example.org", "/", "tenants of eu"),
            ("one.eu.example.org", "/app/x", "one tenant"),
            ("one.eu.example.org", "/", "tenants of eu"),
            ("badexample.org", "/", "rest"),
            ("[::1]:8000", "/", "rest"),
        ] {
            assert_eq!(table.find(host, path).map(String::as_str), Some(service), "{host}{path}");
        }
    }

    #[test]
    fn who_is_not_named_has_no_service() {
        let table = table(&[("api", &["example.org"], "/api"), ("v6", &["[::1]"], "/")]);
        assert_eq!(table.find("example.org", "/"), None);
        assert_eq!(table.find("other.org", "/api"), None);
        assert_eq!(table.find("[::1]:80", "/").map(String::as_str), Some("v6"));
    }
}
