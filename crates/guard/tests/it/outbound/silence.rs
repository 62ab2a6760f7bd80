//! What carries secrets is in no log and in no error.

use std::fmt::Write as _;

use http::StatusCode;
use http::header::{AUTHORIZATION, LOCATION};

use super::kit::{Server, built, here, told, value};

// ASVS 16.2.5
#[tokio::test]
async fn neither_paths_nor_queries_nor_headers_nor_bodies_are_logged_or_in_an_error() {
    let leading_on = (StatusCode::FOUND, [(LOCATION, "http://a.example/hunter2?hunter2")]);
    let servers = [
        Server::answering((StatusCode::OK, [("x-key", "hunter2")], "hunter2")).await,
        Server::answering((StatusCode::BAD_REQUEST, "hunter2")).await,
        Server::answering((StatusCode::SERVICE_UNAVAILABLE, "hunter2")).await,
        Server::answering(leading_on).await,
    ];
    let gone = Server::answering("").await;
    let mut hosts: Vec<String> = servers.iter().map(Server::host).collect();
    hosts.push(gone.host());
    drop(gone);
    let outbound = built(&here(&hosts));
    hosts.push("https://nobody.example".into());

    let mut said = String::new();
    for host in hosts {
        let url = format!("{host}/hunter2/hunter2?hunter2=hunter2#hunter2").parse().expect("a URL");
        let request = guard::outbound::Request::new(http::Method::POST, url);
        let request =
            request.header(AUTHORIZATION, value("Bearer hunter2")).body("hunter2").follow_redirects(1);
        let outcome = outbound.send(request).await;
        write!(said, "{outcome:?} ").expect("written");
        write!(said, "{:?} ", told(outcome)).expect("written");
    }
    assert!(!said.contains("hunter2"), "{said}");
    let log = crate::log::taken();
    assert!(!log.contains("hunter2"), "{log}");
}
