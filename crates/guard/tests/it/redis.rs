//! Limits that many nodes count together, and what happens when Redis does not play along.

use std::time::Duration;

use foundation::{Ambient, Uuid};
use futures::future::join_all;
use guard::{Backing, Key, Policy, Quotas, RateLimits};
use serde_json::json;
use testkit::{RedisServer, until};
use tokio::net::TcpListener;
use tokio::time::Instant;

use crate::log;

const POLICY: Policy = Policy::SocketMessage;

/// So many per day: none comes back while a test runs.
fn quotas(messages: u32) -> Quotas {
    let quota = serde_json::from_value(json!(format!("{messages} per 1day"))).expect("a quota");
    Quotas { socket_message: quota, ..Quotas::default() }
}

async fn node(client: redis::Client, messages: u32) -> RateLimits {
    log::listen();
    RateLimits::in_redis(quotas(messages), Ambient::system(), client).await
}

fn shared() -> redis::Client {
    redis::Client::open(testkit::redis_url()).expect("an address")
}

fn client(server: &RedisServer) -> redis::Client {
    redis::Client::open(server.url()).expect("an address")
}

fn somebody() -> Key {
    Key::user(Ambient::system().new_id())
}

/// How many of so many requests may pass.
async fn passed(node: &RateLimits, key: Key, requests: usize) -> usize {
    let mut passed = 0;
    for _ in 0..requests {
        passed += usize::from(node.check(POLICY, key).await.is_ok());
    }
    passed
}

async fn comes_to(node: &RateLimits, backing: Backing) {
    until("the limits to be counted elsewhere", async || (node.backing() == backing).then_some(())).await;
}

// ASVS 2.4.1 - also on several nodes
#[tokio::test]
async fn two_nodes_share_one_limit() {
    let (one, two) = (node(shared(), 10).await, node(shared(), 10).await);
    assert_eq!((one.backing(), two.backing()), (Backing::Redis, Backing::Redis));
    let key = somebody();
    for remaining in (0..10).rev() {
        let node = if remaining % 2 == 0 { &one } else { &two };
        assert_eq!(node.check(POLICY, key).await.expect("allowed").remaining, remaining);
    }
    for node in [&one, &two] {
        let refused = node.check(POLICY, key).await.expect_err("refused");
        let interval = Duration::from_hours(24) / 10;
        assert!(refused.retry_after <= interval && refused.retry_after > interval / 2, "{refused:?}");
    }
    assert_eq!(passed(&one, somebody(), 1).await, 1, "somebody else is counted apart");
}

// ASVS 15.4.2 - limits over several nodes
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn eight_at_once_get_no_more_than_one_would() {
    let nodes = [node(shared(), 100).await, node(shared(), 100).await];
    let key = somebody();
    let tasks = (0..8).map(|task| {
        let node = nodes[task % 2].clone();
        tokio::spawn(async move { passed(&node, key, 50).await })
    });
    let passed: usize = join_all(tasks).await.into_iter().map(|task| task.expect("no panic")).sum();
    assert_eq!(passed, 100);
}

// ASVS 16.5.2 - Redis
#[tokio::test]
async fn while_redis_is_away_each_node_counts_alone_and_says_so_once() {
    let mut server = RedisServer::start().await;
    let (one, two) = (node(client(&server), 3).await, node(client(&server), 3).await);
    let key = somebody();
    assert_eq!(passed(&one, key, 2).await + passed(&two, key, 2).await, 3);
    log::taken();

    server.kill();
    assert_eq!((passed(&one, key, 5).await, passed(&two, key, 5).await), (3, 3));
    let backings = (one.backing(), two.backing());
    assert_eq!(backings, (Backing::ProcessWhileRedisIsAway, Backing::ProcessWhileRedisIsAway));
    let log = log::taken();
    assert_eq!(log.matches("WARN").count(), 2, "once for each node: {log}");
    assert_eq!(log.matches("counted by this node alone until Redis answers again").count(), 2, "{log}");

    server.start_again().await;
    comes_to(&one, Backing::Redis).await;
    comes_to(&two, Backing::Redis).await;
    let key = somebody();
    assert_eq!(passed(&one, key, 2).await + passed(&two, key, 2).await, 3);
    let log = log::taken();
    assert_eq!(log.matches("counted in Redis again").count(), 2, "{log}");
    assert!(!log.contains("WARN"), "{log}");
}

/// Waiting is counted by a clock that jumps when nobody has anything to do, so nothing here depends on this machine.
#[tokio::test]
async fn a_silent_redis_costs_one_short_wait_and_then_nothing() {
    let server = RedisServer::start().await;
    let node = node(client(&server), 100).await;
    let key = somebody();
    assert_eq!(passed(&node, key, 1).await, 1);
    server.freeze();
    tokio::time::pause();

    let begin = Instant::now();
    let together = join_all((0..50).map(|_| passed(&node, key, 1))).await;
    assert_eq!(together.iter().sum::<usize>(), 50);
    let waited = begin.elapsed();
    assert!(waited >= Duration::from_millis(100) && waited < Duration::from_millis(110), "{waited:?}");

    let begin = Instant::now();
    assert_eq!(passed(&node, key, 1000).await, 50);
    assert_eq!(begin.elapsed(), Duration::ZERO);
    assert_eq!(node.backing(), Backing::ProcessWhileRedisIsAway);
}

#[tokio::test(start_paused = true)]
async fn a_redis_that_never_answers_does_not_stop_the_start() {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let address = listener.local_addr().expect("bound");
    let begin = Instant::now();
    let node = node(redis::Client::open(format!("redis://{address}")).expect("an address"), 3).await;
    assert!(begin.elapsed() <= Duration::from_millis(1100), "{:?}", begin.elapsed());
    assert_eq!(node.backing(), Backing::ProcessWhileRedisIsAway);
    assert_eq!(passed(&node, somebody(), 5).await, 3);
}

#[tokio::test]
async fn a_redis_that_only_reads_is_no_help() {
    let server = RedisServer::with(&["--replicaof", "127.0.0.1", "1"]).await;
    let node = node(client(&server), 3).await;
    assert_eq!(node.backing(), Backing::ProcessWhileRedisIsAway);
    assert_eq!(passed(&node, somebody(), 5).await, 3);
}

// ASVS 13.2.1 - Redis
// ASVS 16.2.5 - the password of Redis
#[tokio::test]
async fn a_password_lets_in_and_is_in_no_log() {
    let server = RedisServer::with(&["--requirepass", "hunter2/@:ü"]).await;
    let at =
        |user: &str| redis::Client::open(format!("redis://{user}{}", server.address())).expect("an address");
    let node_with = async |user: &str| node(at(user), 3).await.backing();
    assert_eq!(node_with(":hunter2%2F%40%3A%C3%BC@").await, Backing::Redis);
    assert_eq!(node_with("default:hunter2%2F%40%3A%C3%BC@").await, Backing::Redis);
    assert_eq!(node_with(":hunter2@").await, Backing::ProcessWhileRedisIsAway);
    assert_eq!(node_with("").await, Backing::ProcessWhileRedisIsAway);
    let log = log::taken();
    assert_eq!(log.matches("WARN").count(), 2, "{log}");
    assert!(!log.contains("hunter2"), "{log}");
}

// ASVS 12.3.1, 12.3.2 - Redis
#[tokio::test]
async fn tls_is_spoken_with_a_redis_that_is_known_and_with_no_other() {
    let (server, pem) = RedisServer::with_tls(&["--requirepass", "hunter2"]).await;
    let url = format!("rediss://:hunter2@{}", server.address());
    let certificates = redis::TlsCertificates { client_tls: None, root_cert: Some(pem) };
    let known = redis::Client::build_with_tls(url.clone(), certificates).expect("a client");
    assert_eq!(node(known, 3).await.backing(), Backing::Redis);
    let unknown = redis::Client::open(url).expect("a client");
    assert_eq!(node(unknown, 3).await.backing(), Backing::ProcessWhileRedisIsAway);
    let plain = redis::Client::open(format!("redis://:hunter2@{}", server.address())).expect("a client");
    assert_eq!(node(plain, 3).await.backing(), Backing::ProcessWhileRedisIsAway);
    assert!(!log::taken().contains("hunter2"));
}

#[tokio::test]
async fn what_is_kept_has_a_plain_name_and_goes_away_by_itself() {
    let node = node(shared(), 10).await;
    let id: Uuid = Ambient::system().new_id();
    node.check(POLICY, Key::user(id)).await.expect("allowed");
    let mut connection = shared().get_multiplexed_async_connection().await.expect("Redis answers");
    let name = format!("mainstay:rate:socket_message:{id}");
    let millis: i64 = redis::cmd("PTTL").arg(name).query_async(&mut connection).await.expect("answers");
    let interval = 24 * 3600 * 1000 / 10;
    assert!((interval / 2..=interval).contains(&millis), "{millis}");
}
