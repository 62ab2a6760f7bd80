//! `mainstay edge` as people run it: real processes, in front of real targets.

use std::fmt::Write as _;
use std::net::SocketAddr;
use std::process::Command;

use axum::Router;
use serde_json::Value;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};

use crate::at_gate::{FOREVER, address, gate, mainstay, said, started, status, until};
use crate::process::{Folder, ending_of, write_secret};
use crate::smtp_server::Authority;
use crate::street;
use crate::visitors::{Visitors, Way, Wish, ask};

/// A release that listens to everything, and says its name.
async fn target(name: &'static str) -> SocketAddr {
    street::target(Router::new().fallback(async move |_said: String| name)).await
}

fn anything() -> Wish {
    Wish::page("/")
}

/// A target that goes on in another protocol, and says everything again.
async fn echo() -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let address = listener.local_addr().expect("an address");
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            tokio::spawn(async move {
                let mut head = Vec::new();
                while !head.ends_with(b"\r\n\r\n") {
                    head.push(stream.read_u8().await?);
                }
                stream
                    .write_all(b"HTTP/1.1 101 Switching Protocols\r\nconnection: upgrade\r\nupgrade: websocket\r\n\r\n")
                    .await?;
                let (mut read, mut write) = stream.split();
                tokio::io::copy(&mut read, &mut write).await
            });
        }
    });
    address
}

async fn tunnel(address: SocketAddr) -> TcpStream {
    let mut stream = TcpStream::connect(address).await.expect("a connection");
    let ask = b"GET / HTTP/1.1\r\nhost: x\r\nconnection: upgrade\r\nupgrade: websocket\r\n\r\n";
    stream.write_all(ask).await.expect("sent");
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        head.push(stream.read_u8().await.expect("an answer"));
    }
    stream
}

async fn says_again(stream: &mut TcpStream, text: &str) {
    stream.write_all(text.as_bytes()).await.expect("sent");
    let mut read = vec![0; text.len()];
    stream.read_exact(&mut read).await.expect("read");
    assert_eq!(read, text.as_bytes());
}

/// Two upgrades while visitors come on a way to this gate: each of them is answered.
async fn takes_over(folder: &Folder, wish: &Wish, way: impl FnOnce(Way) -> Way) {
    let gate = gate(folder, target("blue").await, target("green").await).await;
    said(folder, &["rollout", "start", "--steps", "10,100", "--hold", "1h", "--check", "1s"]).await;
    let load = Visitors::on(&way(Way::to(address(&gate))), 8, wish);
    load.more(200).await;
    let before = status(folder).await["rollout"]["id"].clone();
    for _ in 0..2 {
        let told = said(folder, &["edge", "upgrade"]).await;
        assert!(told.starts_with("Process ") && told.trim_end().ends_with("has taken over."), "{told}");
        load.more(500).await;
    }
    assert_eq!(status(folder).await["rollout"]["id"], before);
    // Until it has ended, visitors are with the first process, too.
    let ended = tokio::task::spawn_blocking(move || gate.ended()).await.expect("ends");
    assert!(ended.success(), "{ended:?}");
    let seen = load.end().await;
    assert_eq!(seen.errors(), 0, "{seen}");
    stop(folder).await;
}

/// The settings of a gate that speaks TLS as `localhost`.
fn configure_tls(folder: &Folder, authority: &Authority) {
    let [certificate, key] = ["gate.pem", "gate.key"].map(|name| folder.path().join(name));
    let [certificate_text, key_text] = authority.issue("localhost");
    std::fs::write(&certificate, certificate_text).expect("written");
    write_secret(&key, key_text.as_bytes());
    folder.configure(&format!(
        "[edge.tls]\nlisten = [\"127.0.0.1:0\"]\ncertificates = [{{ certificate = \"{}\", key = \"{}\" }}]\n",
        certificate.display(),
        key.display(),
    ));
}

fn order() -> Wish {
    Wish::post("/", "text/plain", "an order".to_owned())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn another_process_takes_over_under_load_and_no_request_is_lost() {
    takes_over(&Folder::new(), &anything(), |way| way).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn another_process_takes_over_and_nothing_that_is_sent_is_lost() {
    takes_over(&Folder::new(), &order(), |way| way).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn another_process_takes_over_and_nothing_is_lost_over_connections_that_stay_open() {
    takes_over(&Folder::new(), &order(), Way::that_stays).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn another_process_takes_over_and_no_request_over_tls_is_lost() {
    let (folder, authority) = (Folder::new(), Authority::new("ours"));
    configure_tls(&folder, &authority);
    takes_over(&folder, &order(), |way| way.with_tls(authority.connector())).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn another_process_takes_over_and_nothing_is_lost_over_tls_that_stays_open() {
    let (folder, authority) = (Folder::new(), Authority::new("ours"));
    configure_tls(&folder, &authority);
    takes_over(&folder, &order(), |way| way.with_tls(authority.connector()).that_stays()).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_tunnel_lives_on_in_the_process_that_was_there() {
    let folder = Folder::new();
    let gate = gate(&folder, echo().await, echo().await).await;
    let mut old = tunnel(address(&gate)).await;
    says_again(&mut old, "before").await;
    said(&folder, &["edge", "upgrade"]).await;
    let mut new = tunnel(address(&gate)).await;
    says_again(&mut new, "in the new process").await;
    says_again(&mut old, "still in the old one").await;
    drop(old);
    // Its last tunnel has ended: the old process goes, and the new one stays.
    let ended = tokio::task::spawn_blocking(move || gate.ended()).await.expect("ends");
    assert!(ended.success(), "{ended:?}");
    says_again(&mut new, "and the new one stays").await;
    stop(&folder).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_tunnel_in_the_old_process_is_cut_when_its_time_is_over() {
    let folder = Folder::new();
    folder.configure("[edge]\nupgrade_timeout = \"1s\"\n");
    let gate = gate(&folder, echo().await, echo().await).await;
    let mut old = tunnel(address(&gate)).await;
    says_again(&mut old, "before").await;
    said(&folder, &["edge", "upgrade"]).await;
    let cut = tokio::time::timeout(FOREVER, old.read(&mut [0])).await.expect("it is cut");
    assert_eq!(cut.unwrap_or(0), 0);
    let at = address(&gate);
    let ended = tokio::task::spawn_blocking(move || gate.ended()).await.expect("ends");
    assert!(ended.success(), "{ended:?}");
    says_again(&mut tunnel(at).await, "in the new process").await;
    stop(&folder).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_process_that_has_handed_over_stops_when_it_is_told_to() {
    let folder = Folder::new();
    folder.configure("[edge]\nshutdown_timeout = \"1s\"\n");
    let gate = gate(&folder, echo().await, echo().await).await;
    let mut old = tunnel(address(&gate)).await;
    said(&folder, &["edge", "upgrade"]).await;
    says_again(&mut old, "still there").await;
    gate.ask_to_stop();
    let ended = tokio::task::spawn_blocking(move || gate.ended()).await.expect("ends");
    assert!(ended.success(), "{ended:?}");
    assert_eq!(old.read(&mut [0]).await.expect("the end"), 0);
    stop(&folder).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_gate_at_which_requests_wait_is_not_handed_over() {
    let folder = Folder::new();
    let gate = gate(&folder, target("blue").await, target("green").await).await;
    let address = address(&gate);
    said(&folder, &["edge", "pause"]).await;
    let waiting = tokio::spawn(async move { ask(address, &anything()).await });
    let mut command = mainstay(&folder, &["edge", "upgrade"]);
    let refused = tokio::task::spawn_blocking(move || ending_of(&mut command)).await.expect("ends");
    assert!(!refused.status.success() && refused.stderr.contains("app, which is paused"), "{refused:?}");
    said(&folder, &["edge", "open"]).await;
    assert!(waiting.await.expect("asked").expect("an answer").ends_with("blue"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_program_that_does_not_come_to_serve_changes_nothing() {
    let folder = Folder::new();
    let gate = gate(&folder, target("blue").await, target("green").await).await;
    for (binary, words) in [("/bin/false", "ended with"), ("/nowhere/mainstay", "cannot be started")] {
        let mut command = mainstay(&folder, &["edge", "upgrade", "--binary", binary]);
        let refused = tokio::task::spawn_blocking(move || ending_of(&mut command)).await.expect("ends");
        assert!(!refused.status.success() && refused.stderr.contains(words), "{refused:?}");
        assert!(ask(address(&gate), &anything()).await.expect("an answer").ends_with("blue"));
        said(&folder, &["edge", "pause", "--for", "1s"]).await;
        said(&folder, &["edge", "open"]).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_a_power_cut_leaves_is_gone_on_with() {
    let folder = Folder::new();
    let (blue, green) = (target("blue").await, target("blue").await);
    let mut evidence = 0;
    let mut rollout = Value::Null;
    for round in 0..5 {
        let gate = gate(&folder, blue, green).await;
        if round == 0 {
            said(&folder, &["rollout", "start", "--steps", "50,100", "--hold", "1h", "--check", "1s"]).await;
            until(async || status(&folder).await["rollout"]["weight"] == 50).await;
            rollout = status(&folder).await["rollout"]["id"].clone();
        }
        let now = status(&folder).await;
        assert_eq!((&now["rollout"]["id"], &now["rollout"]["weight"]), (&rollout, &Value::from(50)));
        assert!(requests(&now) + 40 >= evidence, "{evidence} before, {} now", requests(&now));
        let load = Visitors::begin(address(&gate), 4, &anything());
        until(async || requests(&status(&folder).await) > evidence).await;
        evidence = requests(&status(&folder).await);
        gate.kill();
        load.end().await;
    }
}

/// How many requests the judge has heard of in this step, of both releases.
fn requests(service: &Value) -> u64 {
    let step = &service["rollout"]["evidence"][0]["rules"][0]["step"];
    ["candidate", "incumbent"].iter().filter_map(|arm| step[arm]["requests"].as_u64()).sum()
}

/// Ends the process that has the gate now, which is not our child.
async fn stop(folder: &Folder) {
    let mut processes = String::new();
    let data = folder.data();
    for entry in std::fs::read_dir("/proc").expect("a list of processes").flatten() {
        let line = std::fs::read(entry.path().join("cmdline")).unwrap_or_default();
        let line = String::from_utf8_lossy(&line).replace('\0', " ");
        if line.contains("mainstay") && line.contains(&*data.to_string_lossy()) {
            let _ = write!(processes, "{} ", entry.file_name().to_string_lossy());
        }
    }
    let sent = Command::new("sh").args(["-c", &format!("kill -TERM {processes}")]).status().expect("a shell");
    assert!(sent.success(), "{processes}");
    until(async || tokio::net::UnixStream::connect(data.join("edge/control.sock")).await.is_err()).await;
}

#[test]
fn an_application_that_listens_nowhere_is_named() {
    let folder = Folder::new();
    let path = folder.path().join("mine.toml");
    std::fs::write(&path, "[edge.services.shop]\nhosts = [\"shop.example.org\"]\n").expect("written");
    let ended = ending_of(folder.command().arg("edge").arg("--config").arg(&path));
    assert_eq!(ended.status.code(), Some(1));
    assert!(ended.stderr.contains("edge.services.shop.blue"), "{ended:?}");
}

/// Settings of a gate, with lines of its own.
async fn settings(more: &str) -> String {
    format!("[edge.services.app]\nblue = [\"{}\"]\n{more}", target("blue").await)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_program_that_cannot_serve_says_why() {
    let folder = Folder::new();
    folder.configure(&settings("").await);
    let gate = started(mainstay(&folder, &["edge"])).await;
    let missing = "[edge.tls]\nlisten = [\"127.0.0.1:0\"]\ncertificates = [{ certificate = \"no.pem\", key = \"no.key\" }]";
    folder.configure(&settings(missing).await);
    let mut command = mainstay(&folder, &["edge", "upgrade"]);
    let refused = tokio::task::spawn_blocking(move || ending_of(&mut command)).await.expect("ends");
    assert!(refused.stderr.contains("its messages say why"), "{refused:?}");
    assert!(ask(address(&gate), &anything()).await.expect("an answer").ends_with("blue"));
    let said = gate.terminate().stderr;
    assert!(said.contains("edge.tls.certificates"), "{said}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn orders_to_a_gate_that_is_open_need_no_settings_without_mistakes() {
    let folder = Folder::new();
    folder.configure(&settings("").await);
    let gate = started(mainstay(&folder, &["edge"])).await;
    folder.configure(&settings("[guard]\nmax_body_bytes = 5").await);
    let mut command = mainstay(&folder, &["edge", "close"]);
    let given = tokio::task::spawn_blocking(move || ending_of(&mut command)).await.expect("ends");
    assert!(given.status.success() && given.stderr.contains("guard.max_body_bytes"), "{given:?}");
    let answer = ask(address(&gate), &anything()).await.expect("an answer");
    assert!(answer.starts_with("HTTP/1.1 503 "), "{answer}");
}

#[test]
fn orders_are_not_given_to_whatever_gate_there_is() {
    let folder = Folder::new();
    folder.configure("[server]\ndata = 7\n");
    let mut command = Command::new(env!("CARGO_BIN_EXE_mainstay"));
    let refused = ending_of(command.env_clear().current_dir(folder.path()).args(["edge", "open"]));
    assert_eq!(refused.status.code(), Some(1));
    assert!(refused.stderr.contains("server.data"), "{refused:?}");
}
