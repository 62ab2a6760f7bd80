//! People in rooms, over real connections.

mod editing;
mod node;

use std::net::SocketAddr;

use chrono::TimeDelta;
use foundation::Ambient;
use foundation::config::Period;
use guard::{Closure, Quota, Quotas};
use serde_json::{Value, json};
use testkit::{Guest, RedisServer, until};

use self::node::{Node, plenty, user};
use crate::{Config, Reason};

/// How a connection ends (RFC 6455, 7.4.1).
const POLICY: u16 = 1008;
const AGAIN: u16 = 1013;

/// Somebody of this number, with a token that is good.
async fn arrive(address: SocketAddr, number: u32) -> Guest {
    Guest::arrive(address, &json!({ "token": format!("user-{number}") })).await
}

fn quota(text: &str) -> Quota {
    serde_json::from_value(json!(text)).expect("a quota")
}

#[tokio::test]
async fn whoever_comes_into_a_room_is_told_and_so_are_the_others() {
    let node = Node::start().await;
    let (mut ann, mut bob) = (arrive(node.address, 1).await, arrive(node.address, 2).await);
    ann.emit("room:join", &json!([{ "roomId": "study", "courseId": "solidity" }])).await;
    assert_eq!(ann.next().await, [json!("room:joined"), json!({ "roomId": "study", "userCount": 1 })]);
    assert_eq!(ann.next().await[0], "room:users");
    bob.emit("room:join", &json!([{ "roomId": "study", "courseId": "solidity" }])).await;
    assert_eq!(bob.next().await, [json!("room:joined"), json!({ "roomId": "study", "userCount": 2 })]);
    let users = bob.hears("room:users").await;
    assert_eq!(users[0]["users"].as_array().expect("users").len(), 2);
    let news = ann.next().await;
    assert_eq!(news[0], "user:joined");
    assert_eq!((&news[1]["userId"], &news[1]["username"]), (&json!(user(2)), &json!("user2")));
    assert!(news[1]["joinedAt"].is_string());
    bob.emit("room:leave", &json!([{ "roomId": "study" }])).await;
    let news = ann.next().await;
    assert_eq!(news[0], "user:left");
    assert_eq!(news[1], json!({ "roomId": "study", "userId": user(2), "username": "user2" }));
    let visits = node.office.visits.lock().expect("fine").iter().map(|(_, what)| *what).collect::<Vec<_>>();
    assert_eq!(visits, ["came", "came", "went"]);
}

#[tokio::test]
async fn whoever_has_two_tabs_comes_and_goes_once() {
    let node = Node::start().await;
    let mut ann = arrive(node.address, 1).await;
    ann.join("study").await;
    let (mut one, mut two) = (arrive(node.address, 2).await, arrive(node.address, 2).await);
    one.join("study").await;
    two.join("study").await;
    let joined = two.hears("room:joined").await;
    assert_eq!(joined[0]["userCount"], 3, "sockets are counted, as ever");
    drop(one);
    two.say("study", "still here").await;
    drop(two);
    let mut heard = Vec::new();
    while heard.last() != Some(&json!("user:left")) {
        heard.push(ann.next().await.remove(0));
    }
    assert_eq!(
        heard,
        ["room:joined", "room:users", "user:joined", "message", "user:left"].map(|name| json!(name))
    );
}

#[tokio::test]
async fn what_is_said_in_a_room_reaches_its_members_and_nobody_else() {
    let node = Node::start().await;
    let (mut ann, mut bob) = (arrive(node.address, 1).await, arrive(node.address, 2).await);
    let mut eve = arrive(node.address, 3).await;
    ann.join("study").await;
    bob.join("study").await;
    eve.join("other").await;
    for event in ["message", "typing", "cursor"] {
        let answer =
            ann.ask(event, &json!([{ "roomId": "study", "userId": "somebody else" }, 2, null])).await;
        assert_eq!(answer, json!({ "ok": true }));
        let heard = bob.hears(event).await;
        assert_eq!(heard[0], json!({ "roomId": "study", "userId": "somebody else" }), "as it was said");
        assert_eq!(heard[1..3], [json!(2), Value::Null]);
        assert_eq!(heard[3], json!({ "userId": user(1), "username": "user1" }), "and who said it");
        assert!(heard[4].is_string(), "where to go on");
    }
    for (event, code) in
        [("message", "not_in_room"), ("user:joined", "unknown_event"), ("error", "unknown_event")]
    {
        let answer = eve.ask(event, &json!([{ "roomId": "study" }])).await;
        assert_eq!((&answer["ok"], &answer["code"]), (&json!(false), &json!(code)), "{event}");
    }
    for nonsense in [json!([]), json!([5]), json!([{ "roomId": 5 }]), json!([{ "roomId": "a/b" }])] {
        let answer = eve.ask("room:join", &nonsense).await;
        assert_eq!(answer["code"], "invalid_input", "{nonsense}");
    }
    eve.emit("message", &json!([{ "roomId": "study" }])).await;
    let error = eve.hears("error").await;
    assert_eq!(error[0]["message"], "You are not in this room");
    bob.say("study", "the end").await;
    assert_eq!(ann.texts(1).await, ["the end"], "and nothing of what was not allowed");
}

#[tokio::test]
async fn a_full_room_lets_nobody_in_until_somebody_goes() {
    let config = Config { room_capacity: 2, ..Config::default() };
    let node = Node::with(&config, plenty(), None).await;
    let mut guests = Vec::new();
    for number in 0..3 {
        guests.push(arrive(node.address, number).await);
    }
    guests[0].join("study").await;
    guests[1].join("study").await;
    guests[2].emit("room:join", &json!([{ "roomId": "study" }])).await;
    assert_eq!(guests[2].hears("error").await[0]["message"], "Room is full");
    drop(guests.remove(0));
    guests[0].hears("user:left").await;
    guests[1].join("study").await;
}

// ASVS 4.4.3, 4.4.4
#[tokio::test]
async fn nobody_comes_in_without_a_token() {
    let config = Config { connect_timeout: Period::from_millis(300), ..Config::default() };
    let node = Node::with(&config, plenty(), None).await;
    let mut guest = Guest::dial(node.address, &[]).await.expect("a connection");
    let refusal = guest.introduce(&json!({})).await.expect_err("refused");
    assert_eq!(
        refusal,
        json!({ "message": "Authentication token required", "data": { "code": "unauthenticated" } })
    );
    let refusal = guest.introduce(&json!({ "token": "guess" })).await.expect_err("refused");
    assert_eq!(refusal["message"], "Authentication failed");
    assert_eq!(guest.is_sent_away().await, Some(POLICY));
    let mut guest =
        Guest::dial(node.address, &[("authorization", "Bearer user-7")]).await.expect("a connection");
    guest.introduce(&json!({})).await.expect("the header says who it is");
}

// ASVS 3.5.1, 4.4.2
#[tokio::test]
async fn a_cookie_counts_for_pages_of_ours_only() {
    let node = Node::start().await;
    let (ours, host) = (format!("http://{}", node.address), node.address.to_string());
    let cookie = ("cookie", "session=user-7");
    for foreign in ["https://evil.example", "null", &format!("http://{host}.evil.example")] {
        let refused = Guest::dial(node.address, &[cookie, ("origin", foreign)]).await.err().expect("refused");
        assert_eq!(refused, 403);
    }
    for headers in [vec![cookie], vec![cookie, ("sec-fetch-site", "cross-site")]] {
        let mut guest = Guest::dial(node.address, &headers).await.expect("a connection");
        guest.introduce(&json!({})).await.expect_err("nobody says which page it was");
    }
    for headers in [vec![cookie, ("origin", &ours)], vec![cookie, ("sec-fetch-site", "same-origin")]] {
        let mut guest = Guest::dial(node.address, &headers).await.expect("a connection");
        guest.introduce(&json!({})).await.expect("a page of ours");
    }
}

// ASVS 2.4.1
#[tokio::test]
async fn whoever_connects_too_often_waits() {
    let node = Node::with(
        &Config::default(),
        Quotas { socket_connect: quota("3 per 1h, burst 3"), ..plenty() },
        None,
    )
    .await;
    for _ in 0..3 {
        arrive(node.address, 1).await;
    }
    let refused = Guest::dial(node.address, &[]).await.err().expect("refused");
    assert_eq!(refused, 429);

    let quotas = Quotas { socket_connect_user: quota("2 per 1h, burst 2"), ..plenty() };
    let node = Node::with(&Config::default(), quotas, None).await;
    for _ in 0..2 {
        arrive(node.address, 1).await;
    }
    let mut guest = Guest::dial(node.address, &[]).await.expect("a connection");
    let refusal = guest.introduce(&json!({ "token": "user-1" })).await.expect_err("refused");
    assert_eq!(refusal["data"]["code"], "too_many_requests");
    arrive(node.address, 2).await;
    assert_eq!(node.live.status().counts.limits, 1);
}

#[tokio::test]
async fn there_are_so_many_places_for_those_who_do_not_say_who_they_are() {
    let config = Config { max_unauthenticated: 2, ..Config::default() };
    let node = Node::with(&config, plenty(), None).await;
    let mut one = Guest::dial(node.address, &[]).await.expect("a connection");
    let _two = Guest::dial(node.address, &[]).await.expect("a connection");
    let refused = Guest::dial(node.address, &[]).await.err().expect("refused");
    assert_eq!(refused, 503);
    one.introduce(&json!({ "token": "user-1" })).await.expect("let in");
    Guest::dial(node.address, &[]).await.expect("there is a place again");
}

// ASVS 2.4.1
#[tokio::test]
async fn whoever_says_too_much_is_not_heard_and_whoever_types_is() {
    let quotas = Quotas { socket_message: quota("3 per 1h, burst 3"), ..plenty() };
    let node = Node::with(&Config::default(), quotas, None).await;
    let (mut ann, mut tab) = (arrive(node.address, 1).await, arrive(node.address, 1).await);
    ann.join("study").await;
    tab.join("study").await;
    ann.say("study", "last").await;
    tab.emit("message", &json!([{ "roomId": "study" }])).await;
    assert_eq!(tab.hears("error").await[0]["message"], "Rate limit exceeded");
    for _ in 0..10 {
        assert_eq!(tab.ask("typing", &json!([{ "roomId": "study" }])).await, json!({ "ok": true }));
    }
    for _ in 0..250 {
        tab.emit("message", &json!([{ "roomId": "study" }])).await;
    }
    assert_eq!(tab.is_sent_away().await, Some(POLICY));
    let counts = node.live.status().counts;
    assert!(counts.limits > 200 && counts.ends.contains(&(Reason::Limit, 1)), "{counts:?}");
}

// ASVS 7.4.1, 7.4.2
#[tokio::test]
async fn when_a_session_ends_its_sockets_do() {
    let node = Node::start().await;
    let (mut ann, mut bob) = (arrive(node.address, 1).await, arrive(node.address, 2).await);
    assert_eq!(node.live.credentials(), [user(1), user(2)]);
    node.live.end(&[user(1)]);
    assert_eq!(ann.is_sent_away().await, Some(POLICY));
    bob.join("study").await;
    until("nobody of that session", async || (node.live.credentials() == [user(2)]).then_some(())).await;
    let memory = ann.break_off();
    let back = Guest::come_back(&memory, node.address, "user-1").await;
    assert!(!back.is_back(&memory), "nothing is left to come back to");
}

// ASVS 7.3.1, 9.2.1
#[tokio::test]
async fn whoever_does_not_renew_a_token_is_disconnected_when_it_expires() {
    let node = Node::start().await;
    let expires_in = |number: u32, seconds: i64| {
        let time = Ambient::system().now() + TimeDelta::milliseconds(seconds);
        node.office.expires.lock().expect("fine").insert(user(number), time);
    };
    expires_in(1, 1_500);
    expires_in(2, 1_500);
    expires_in(3, 1_500);
    let (mut ann, mut bob) = (arrive(node.address, 1).await, arrive(node.address, 2).await);
    let mut cat = arrive(node.address, 3).await;
    assert!(ann.hears("session:expiring").await[0]["expiresAt"].is_string());
    bob.hears("session:expiring").await;
    cat.hears("session:expiring").await;
    expires_in(2, 3_600_000);
    expires_in(3, 3_600_000);
    let answer = bob.ask("session:refresh", &json!([{ "token": "user-2" }])).await;
    assert_eq!(answer["ok"], true);
    let answer = bob.ask("session:refresh", &json!([{ "token": "user-1" }])).await;
    assert_eq!(answer["code"], "forbidden", "a token of somebody else");
    let answer = cat.ask("session:refresh", &json!([])).await;
    assert_eq!(answer["ok"], true, "renewed elsewhere");
    assert_eq!(ann.is_sent_away().await, Some(POLICY));
    bob.join("study").await;
    cat.join("study").await;
}

#[tokio::test]
async fn whoever_comes_back_gets_what_they_missed_in_order() {
    let node = Node::start().await;
    let (mut ann, mut bob) = (arrive(node.address, 1).await, arrive(node.address, 2).await);
    for room in ["one", "two"] {
        ann.join(room).await;
        bob.join(room).await;
    }
    ann.say("one", "a").await;
    ann.say("two", "b").await;
    assert_eq!(bob.texts(2).await, ["a", "b"]);
    let memory = bob.break_off();
    ann.hears("user:left").await;
    for number in 0..20 {
        ann.say(["one", "two"][number % 2], &number.to_string()).await;
    }
    let mut back = Guest::come_back(&memory, node.address, "user-2").await;
    assert!(back.is_back(&memory));
    let all: Vec<_> = (0..20).map(|number: i32| number.to_string()).collect();
    assert_eq!(back.texts(20).await, all);
    ann.say("one", "live").await;
    assert_eq!(back.texts(1).await, ["live"]);
    back.say("two", "and back").await;
    assert_eq!(ann.texts(1).await, ["and back"]);
}

#[tokio::test]
async fn nobody_comes_back_as_somebody_else() {
    let node = Node::start().await;
    let (mut ann, mut bob) = (arrive(node.address, 1).await, arrive(node.address, 2).await);
    ann.join("study").await;
    bob.join("study").await;
    let memory = bob.break_off();
    ann.hears("user:left").await;
    let eve = Guest::come_back(&memory, node.address, "user-3").await;
    assert!(!eve.is_back(&memory));
    ann.say("study", "for members").await;
    let back = Guest::come_back(&memory, node.address, "user-2").await;
    assert!(!back.is_back(&memory), "it was taken, and is gone");
}

#[tokio::test]
async fn who_is_still_here_over_a_dead_connection_is_replaced() {
    let node = Node::start().await;
    let (mut ann, mut bob) = (arrive(node.address, 1).await, arrive(node.address, 2).await);
    ann.join("study").await;
    bob.join("study").await;
    ann.say("study", "one").await;
    let memory = bob.memory.clone();
    let mut back = Guest::come_back(&memory, node.address, "user-2").await;
    assert!(back.is_back(&memory));
    assert_eq!(back.texts(1).await, ["one"], "it never came to know of it");
    ann.say("study", "two").await;
    assert_eq!(back.texts(1).await, ["two"]);
    assert_eq!(node.live.status().members, 2);
}

#[tokio::test]
async fn who_does_not_read_is_sent_away_and_gets_the_rest_later() {
    let config = Config { max_queue_bytes: 128 * 1024, ..Config::default() };
    let node = Node::with(&config, plenty(), None).await;
    let (mut ann, mut bob) = (arrive(node.address, 1).await, arrive(node.address, 2).await);
    let mut cat = arrive(node.address, 3).await;
    for guest in [&mut ann, &mut bob, &mut cat] {
        guest.join("study").await;
    }
    let long = "x".repeat(30_000);
    let mut count = 0;
    // The system takes some of it, too.
    while !node.live.status().counts.ends.contains(&(Reason::TooSlow, 1)) {
        count += 1;
        ann.say("study", &format!("{count} {long}")).await;
        assert!(cat.texts(1).await[0].starts_with(&count.to_string()), "others are not held up");
    }
    bob.texts(1).await;
    let memory = bob.break_off();
    let back = Guest::come_back(&memory, node.address, "user-2").await;
    assert!(!back.is_back(&memory), "more is missing than is kept: the client knows, and begins anew");
}

#[tokio::test]
async fn whoever_loses_the_right_to_be_in_a_room_is_taken_out() {
    let config = Config { review_interval: Period::from_millis(100), ..Config::default() };
    let node = Node::with(&config, plenty(), None).await;
    let mut ann = arrive(node.address, 1).await;
    ann.emit("room:join", &json!([{ "roomId": "study", "courseId": "solidity" }])).await;
    ann.hears("room:joined").await;
    node.office.expelled.lock().expect("fine").insert(user(1));
    let error = ann.hears("error").await;
    assert_eq!(error[0]["message"], "Access denied: Not enrolled in course");
    assert_eq!(ann.hears("room:left").await[0], json!({ "roomId": "study" }));
    let answer = ann.ask("message", &json!([{ "roomId": "study" }])).await;
    assert_eq!(answer["code"], "not_in_room");
}

async fn two_nodes() -> (RedisServer, Node, Node) {
    let redis = RedisServer::start().await;
    let (one, two) = (Node::in_cluster(&redis).await, Node::in_cluster(&redis).await);
    for node in [&one, &two] {
        until("Redis", async || (node.live.status().cluster == Some(true)).then_some(())).await;
    }
    (redis, one, two)
}

#[tokio::test]
async fn what_is_said_at_one_node_reaches_the_other() {
    let (_redis, one, two) = two_nodes().await;
    let (mut ann, mut bob) = (arrive(one.address, 1).await, arrive(two.address, 2).await);
    ann.join("study").await;
    bob.join("study").await;
    assert_eq!(bob.hears("room:joined").await[0]["userCount"], 2);
    assert_eq!(bob.hears("room:users").await[0]["users"].as_array().expect("users").len(), 2);
    assert_eq!(ann.hears("user:joined").await[0]["username"], "user2");
    for number in 0..100 {
        ann.say("study", &number.to_string()).await;
    }
    let all: Vec<_> = (0..100).map(|number: i32| number.to_string()).collect();
    assert_eq!(bob.texts(100).await, all);
    bob.emit("cursor", &json!([{ "roomId": "study", "line": 3 }])).await;
    assert_eq!(ann.hears("cursor").await[0]["line"], 3);
    bob.emit("room:leave", &json!([{ "roomId": "study" }])).await;
    assert_eq!(ann.hears("user:left").await[0]["username"], "user2");
}

#[tokio::test]
async fn a_room_has_so_many_places_over_all_nodes() {
    let redis = RedisServer::start().await;
    let config = Config { room_capacity: 5, ..Config::default() };
    let (one, two) = (
        Node::with(&config, plenty(), Some(&redis)).await,
        Node::with(&config, plenty(), Some(&redis)).await,
    );
    for node in [&one, &two] {
        until("Redis", async || (node.live.status().cluster == Some(true)).then_some(())).await;
    }
    let mut guests = Vec::new();
    for number in 0..12 {
        guests.push(arrive([one.address, two.address][number as usize % 2], number).await);
    }
    // All at the same time.
    for guest in &mut guests {
        guest.write(r#"420["room:join",{"roomId":"study"}]"#).await;
    }
    let mut inside = 0;
    for guest in &mut guests {
        inside += usize::from(guest.answered(0).await["ok"] == true);
    }
    assert_eq!(inside, 5);
    assert_eq!(one.live.status().members + two.live.status().members, 5);
}

#[tokio::test]
async fn when_a_node_dies_its_people_have_left() {
    let (_redis, one, two) = two_nodes().await;
    let (mut ann, mut bob) = (arrive(one.address, 1).await, arrive(two.address, 2).await);
    ann.join("study").await;
    bob.join("study").await;
    ann.hears("user:joined").await;
    drop(two);
    assert_eq!(ann.hears("user:left").await[0]["username"], "user2");
}

#[tokio::test]
async fn rooms_go_on_without_redis_and_come_together_again() {
    let (mut redis, one, two) = two_nodes().await;
    let (mut ann, mut bob) = (arrive(one.address, 1).await, arrive(two.address, 2).await);
    let mut cat = arrive(one.address, 3).await;
    for guest in [&mut ann, &mut bob, &mut cat] {
        guest.join("study").await;
    }
    ann.say("study", "before").await;
    assert_eq!(bob.texts(1).await, ["before"]);
    redis.kill();
    for node in [&one, &two] {
        until("no Redis", async || (node.live.status().cluster == Some(false)).then_some(())).await;
    }
    ann.say("study", "without").await;
    bob.say("study", "alone").await;
    assert_eq!(cat.texts(2).await, ["before", "without"]);
    let mut dan = arrive(two.address, 4).await;
    let answer = dan.ask("room:join", &json!([{ "roomId": "study" }])).await;
    assert_eq!(answer["code"], "busy", "nobody knows how many there are");
    drop(cat);
    ann.hears("user:left").await;
    redis.start_again().await;
    let [message, left] = bob.hears_both(["message", "user:left"]).await;
    assert_eq!(message[0]["text"], "without", "it comes when it can");
    assert_eq!(left[0]["username"], "user3", "who went meanwhile");
    assert_eq!(ann.texts(1).await, ["alone"]);
    dan.join("study").await;
    assert_eq!(ann.hears("user:joined").await[0]["username"], "user4");
    ann.say("study", "after").await;
    assert_eq!(bob.texts(1).await, ["after"]);
}

#[tokio::test]
async fn a_node_that_stops_sends_its_people_elsewhere_and_nothing_is_lost() {
    let (_redis, mut one, two) = two_nodes().await;
    let (mut ann, mut bob) = (arrive(one.address, 1).await, arrive(two.address, 2).await);
    ann.join("study").await;
    bob.join("study").await;
    bob.say("study", "one").await;
    assert_eq!(ann.texts(1).await, ["one"]);
    let draining = tokio::spawn(async move { one.drain().await });
    assert_eq!(ann.is_sent_away().await, Some(AGAIN));
    let memory = ann.break_off();
    draining.await.expect("it ends");
    bob.say("study", "two").await;
    let mut ann = Guest::come_back(&memory, two.address, "user-1").await;
    assert!(ann.is_back(&memory));
    assert_eq!(ann.texts(1).await, ["two"]);
    bob.say("study", "three").await;
    assert_eq!(ann.texts(1).await, ["three"]);
}

#[tokio::test]
async fn during_maintenance_people_talk_and_nobody_comes_into_a_room() {
    let node = Node::start().await;
    let (mut ann, mut bob) = (arrive(node.address, 1).await, arrive(node.address, 2).await);
    ann.join("study").await;
    let closure = Closure { since: Ambient::system().now(), until: None, message: None };
    node.maintenance.set(Some(closure));
    ann.say("study", "still here").await;
    let answer = bob.ask("room:join", &json!([{ "roomId": "study" }])).await;
    assert_eq!(answer["code"], "maintenance");
    node.maintenance.set(None);
    bob.join("study").await;
}
