//! What the process tells of itself, and to whom.

use std::net::IpAddr;

use server::Config;
use store::sea_orm::DbBackend;
use testkit::{Answer, Client};

use crate::house::{House, rooms};

/// Whoever connects from this address may read it.
fn open_to(networks: &'static [&'static str]) -> impl FnOnce(&mut Config) {
    let network = |text: &&str| text.parse().expect("a network");
    move |config| config.server.metrics.allow = networks.iter().map(network).collect()
}

/// What is said under a name, of all pools.
fn total(page: &str, name: &str) -> u32 {
    let values = page.lines().filter_map(|line| line.strip_prefix(name)?.strip_prefix('{')?.rsplit_once(' '));
    values.map(|(_, value)| value.parse::<u32>().expect("a number")).sum()
}

async fn in_use(house: &House) -> u32 {
    total(&house.client().get("/metrics").await.text, "database_connections_in_use")
}

async fn until_in_use(house: &House, expected: u32) {
    let found = async || (in_use(house).await == expected).then_some(());
    testkit::until("the number of connections in use", found).await;
}

fn assert_nothing_here(answer: &Answer, why: &str) {
    assert_eq!((answer.status.as_u16(), answer.code().as_str()), (404, "not_found"), "{why}: {answer:?}");
    assert!(!answer.text.contains("database"), "{why}: {answer:?}");
}

async fn with_header(client: &Client, name: &str, value: &str) -> Answer {
    client.send(client.request(reqwest::Method::GET, "/metrics").header(name, value)).await
}

testkit::on_both_databases! {
    migrations: rooms();

    async fn connections_are_counted_while_they_are_held(database) {
        let house = House::with(database, open_to(&["127.0.0.1/32"])).await;
        let answer = house.client().get("/metrics").await;
        assert_eq!(answer.status.as_u16(), 200, "{answer:?}");
        assert!(answer.header("content-type").starts_with("text/plain; version=0.0.4"), "{answer:?}");
        assert_eq!(answer.header("cache-control"), "no-store");
        let most = match house.database.store.backend() {
            DbBackend::Sqlite => 5, // one that writes, four that read
            _ => 10,
        };
        assert_eq!(total(&answer.text, "database_connections_max"), most, "{answer:?}");
        until_in_use(&house, 0).await;
        let unit = house.database.store.begin().await.expect("begins");
        until_in_use(&house, 1).await;
        let mut held = Vec::new();
        for number in 1..=3 {
            held.push(house.database.store.snapshot().await.expect("begins"));
            until_in_use(&house, 1 + number).await;
        }
        drop((unit, held));
        until_in_use(&house, 0).await;
    }

    async fn a_program_without_its_database_still_tells(database) {
        let house = House::with(database, open_to(&["127.0.0.1/32"])).await;
        house.database.store.clone().close().await;
        assert_eq!(house.client().get("/api/health").await.status.as_u16(), 503);
        let answer = house.client().get("/metrics").await;
        assert_eq!((answer.status.as_u16(), total(&answer.text, "database_connections_in_use")), (200, 0), "{answer:?}");
    }

    // ASVS 13.4.5
    async fn metrics_are_for_networks_that_were_named(database) {
        let closed = House::open(database).await;
        assert_nothing_here(&closed.client().get("/metrics").await, "nobody was named");
        let elsewhere = House::with(closed.database, open_to(&["10.0.0.0/8", "127.0.0.2/32", "::1/128"])).await;
        assert_nothing_here(&elsewhere.client().get("/metrics").await, "others were named");
        let here = House::with(elsewhere.database, open_to(&["127.0.0.0/8"])).await;
        assert_eq!(here.client().get("/metrics").await.status.as_u16(), 200);
    }

    // ASVS 13.4.5
    async fn metrics_are_not_passed_on(database) {
        let house = House::with(database, |config| {
            open_to(&["127.0.0.1/32"])(config);
            // Not even by a proxy whose word is believed otherwise, nor for somebody who is named.
            config.guard.trusted_proxies = vec![IpAddr::from([127, 0, 0, 1]).into()];
        }).await;
        let client = house.client();
        for (name, value) in [
            ("x-forwarded-for", "127.0.0.1"),
            ("x-forwarded-for", ""),
            ("x-forwarded-host", "app.example.org"),
            ("x-real-ip", "203.0.113.7"),
            ("forwarded", "for=203.0.113.7"),
            ("via", "1.1 proxy"),
        ] {
            assert_nothing_here(&with_header(&client, name, value).await, name);
        }
        assert_eq!(client.get("/metrics").await.status.as_u16(), 200);
        assert_eq!(client.post("/metrics", &serde_json::json!({})).await.status.as_u16(), 405);
    }
}
