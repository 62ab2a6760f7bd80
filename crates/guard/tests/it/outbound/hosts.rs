//! Nothing is sent to anybody but the hosts that were named, and nothing into networks of somebody's own.

use guard::outbound::{Outbound, OutboundConfig, OutboundError};
use http::StatusCode;

use super::kit::{Server, built, get, here, only_public, post, refused, told};

// ASVS 1.3.6, 13.2.4
#[tokio::test]
async fn only_the_hosts_that_were_named_are_asked() {
    let (named, other) = (Server::answering("named").await, Server::answering("other").await);
    let outbound = built(&here(&[named.host()]));

    let answer = outbound.send(get(&named.url("/path?query"))).await.expect("an answer");
    assert_eq!((answer.status, &answer.body[..]), (StatusCode::OK, b"named".as_slice()));

    let port = named.port;
    for url in [
        other.url("/"),                                // another port
        format!("https://127.0.0.1:{port}/"),          // another scheme
        format!("http://localhost:{port}/"),           // another name of the same machine
        format!("http://127.0.0.1@127.0.0.2:{port}/"), // it only looks like it
        format!("http://example.org/?http://127.0.0.1:{port}"),
        "file:///etc/passwd".into(),
        "data:,hello".into(),
        format!("ftp://127.0.0.1:{port}/"),
    ] {
        let error = refused(&outbound, get(&url)).await;
        assert!(matches!(error, OutboundError::NotAllowed { .. }), "{error}");
    }
    assert_eq!((named.visits(), other.visits()), (1, 0));
}

#[tokio::test]
async fn one_address_may_be_written_in_many_ways() {
    let server = Server::answering("here").await;
    let outbound = built(&here(&[server.host()]));
    for host in ["127.0.0.1", "127.1", "0x7f.0.0.1", "2130706433", "0177.0.0.1"] {
        let outcome = outbound.send(get(&format!("http://{host}:{}/", server.port))).await;
        assert_eq!(told(outcome), Ok(StatusCode::OK), "{host}");
    }
}

// ASVS 13.2.4
#[tokio::test]
async fn without_settings_nobody_is_asked() {
    let server = Server::answering("here").await;
    let outbound = built(&OutboundConfig::default());
    let error = refused(&outbound, get(&server.url("/"))).await;
    let host = server.host();
    let words = format!(
        "{host} is not among the hosts that may be asked; if it should be, name it in guard.outbound.allow"
    );
    assert_eq!(error.to_string(), words);
    assert_eq!(server.visits(), 0);
}

// ASVS 1.3.6
#[tokio::test]
async fn a_name_that_leads_to_this_machine_is_not_followed() {
    let server = Server::answering("here").await;
    let name = format!("http://localhost:{}", server.port);
    let outbound = built(&only_public(std::slice::from_ref(&name)));
    let error = refused(&outbound, get(&name)).await;
    assert!(matches!(&error, OutboundError::OutOfReach { host } if *host == name), "{error:?}");
    assert!(error.to_string().contains("guard.outbound.allow_private"), "{error}");
    assert_eq!(server.visits(), 0);

    let outbound = built(&here(std::slice::from_ref(&name)));
    assert_eq!(told(outbound.send(get(&name)).await), Ok(StatusCode::OK));
}

// ASVS 1.3.6
#[tokio::test]
async fn an_address_of_an_own_network_is_not_asked_even_if_it_is_named() {
    let server = Server::answering("here").await;
    for host in [server.host(), format!("http://[::ffff:127.0.0.1]:{}", server.port)] {
        let outbound = built(&only_public(std::slice::from_ref(&host)));
        let error = refused(&outbound, get(&host)).await;
        assert!(matches!(error, OutboundError::OutOfReach { .. }), "{error:?}");
    }
    assert_eq!(server.visits(), 0);
}

#[tokio::test]
async fn what_is_out_of_reach_is_no_failure_of_the_host() {
    let server = Server::answering("here").await;
    let name = format!("http://localhost:{}", server.port);
    let outbound = built(&only_public(std::slice::from_ref(&name)));
    for _ in 0..10 {
        assert!(matches!(refused(&outbound, post(&name)).await, OutboundError::OutOfReach { .. }));
    }
}

#[tokio::test]
async fn a_url_with_a_password_is_not_used_and_not_repeated() {
    let server = Server::answering("here").await;
    let outbound = built(&here(&[server.host()]));
    for user in ["me:hunter2", "hunter2", ":hunter2"] {
        let error = refused(&outbound, get(&format!("http://{user}@127.0.0.1:{}/", server.port))).await;
        assert!(matches!(error, OutboundError::CredentialsInUrl { .. }), "{error:?}");
        assert!(!format!("{error} {error:?}").contains("hunter2"));
    }
    assert_eq!(server.visits(), 0);
}

/// The environment of a process with threads cannot be changed: another test runs in a process of its own.
// ASVS 13.2.4
#[test]
fn a_proxy_that_the_environment_names_is_not_used() {
    let this_program = std::env::current_exe().expect("these tests");
    let mut other = std::process::Command::new(this_program);
    other.args(["--exact", "outbound::hosts::one_address_may_be_written_in_many_ways"]);
    let nobody = "http://127.0.0.1:1";
    for variable in ["http_proxy", "HTTP_PROXY", "https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"] {
        other.env(variable, nobody);
    }
    for variable in ["no_proxy", "NO_PROXY", "REQUEST_METHOD"] {
        other.env_remove(variable);
    }
    let output = other.output().expect("runs");
    let said = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success() && said.contains("1 passed"), "{said}");
}

#[test]
fn what_is_printed_of_it_are_the_names_of_the_hosts() {
    let outbound: Outbound = built(&here(&["s3.example.org".into()]));
    assert_eq!(format!("{outbound:?}"), r#"Outbound { hosts: ["https://s3.example.org"], .. }"#);
    let request = get("https://s3.example.org/hunter2?hunter2")
        .header(http::header::AUTHORIZATION, http::HeaderValue::from_static("hunter2"))
        .body("hunter2");
    assert_eq!(format!("{request:?}"), r#"Request { method: GET, host: "https://s3.example.org", .. }"#);
}
