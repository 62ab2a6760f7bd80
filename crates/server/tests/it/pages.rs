//! The web UI as it is served. What is asserted about files needs `npm run build` in `web/`.

use std::fs;
use std::path::Path;

use reqwest::Method;
use testkit::Answer;

use crate::house::{House, rooms};

const WEB: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../web/dist");

/// The name of a built file with this ending, and its text; says so when there is none.
#[expect(clippy::print_stdout, reason = "whoever reads the test's output must learn that it proved nothing")]
fn built(folder: &str, ending: &str) -> Option<(String, String)> {
    let files = fs::read_dir(Path::new(WEB).join(folder)).into_iter().flatten().flatten();
    let mut names: Vec<_> = files.filter_map(|file| file.file_name().into_string().ok()).collect();
    names.retain(|name| name.ends_with(ending));
    names.sort_by_key(|name| {
        fs::metadata(Path::new(WEB).join(folder).join(name)).map_or(0, |file| file.len())
    });
    let Some(largest) = names.pop() else {
        println!("SKIPPED: there is no {ending} in {WEB}/{folder}; run `npm run build` in web/");
        return None;
    };
    let text = fs::read_to_string(Path::new(WEB).join(folder).join(&largest)).expect("text");
    Some((largest, text))
}

fn assert_strict(answer: &Answer, what: &str) {
    let policy = answer.header("content-security-policy");
    for part in [
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "require-trusted-types-for 'script'",
        "frame-ancestors 'none'",
        "base-uri 'none'",
    ] {
        assert!(policy.contains(part), "{part} for {what}: {policy}");
    }
}

testkit::on_both_databases! {
    migrations: rooms();

    // ASVS 4.1.1
    // ASVS 3.4.3
    async fn every_page_has_the_strict_policy_and_is_never_cached_for_long(database) {
        let house = House::open(database).await;
        for path in ["/", "/sign-in", "/verify-email", "/dev/mail", "/any/depth/of/page", "/index"] {
            let answer = house.client().get(path).await;
            assert_strict(&answer, path);
            assert!(answer.header("content-type").starts_with("text/html"), "{path}: {answer:?}");
            // 503 is what the page says that explains how to build the pages.
            assert!([200, 503].contains(&answer.status.as_u16()), "{path}: {answer:?}");
            assert!(["no-cache", ""].contains(&answer.header("cache-control")), "{path}");
            assert!(!answer.text.contains("<script>"), "no inline script: {}", answer.text);
        }
    }

    // ASVS 1.2.3
    async fn what_people_write_comes_as_json_and_never_within_a_page(database) {
        let house = House::open(database).await;
        let (root, stranger) = (house.administrator().await, house.client());
        let hostile = ["</script><script>alert(1)</script>", "\"}];alert(1)//", "<!--<script>", "\\u003cb\\u003e\\", "]]>"];
        for name in hostile {
            let wish = serde_json::json!({ "name": name, "scopes": ["read"], "expires_in_days": 1 });
            assert_eq!(root.post("/api/auth/tokens", &wish).await.status.as_u16(), 201, "{name}");
        }
        let answer = root.get("/api/auth/tokens").await;
        assert_eq!(answer.header("content-type"), "application/json");
        assert_eq!(answer.header("x-content-type-options"), "nosniff");
        let answered = answer.json();
        let mut names: Vec<_> = answered["tokens"].as_array().expect("a list").iter().map(|token| token["name"].as_str().expect("text")).collect();
        names.sort_unstable();
        let mut expected = hostile;
        expected.sort_unstable();
        assert_eq!(names, expected);

        for path in ["/", "/account/tokens", "/account/%3C/script%3E?next=%3Cscript%3Ealert(1)"] {
            let (hers, theirs) = (root.get(path).await, stranger.get(path).await);
            assert!(hers.header("content-type").starts_with("text/html"), "{path}: {hers:?}");
            assert_eq!(hers.text, theirs.text, "a page holds no data: {path}");
            for script in hers.text.split("<script").skip(1) {
                let (attributes, rest) = script.split_once('>').expect("closed");
                assert!(attributes.contains(" src=\"/") && rest.starts_with("</script>"), "{path}: {script}");
            }
        }
    }

    async fn a_missing_file_is_not_answered_with_a_page(database) {
        let house = House::open(database).await;
        for path in ["/nothing.png", "/assets/nothing.js", "/.env", "/index.html.bak", "/wp-login.php"] {
            let answer = house.client().get(path).await;
            assert_eq!(answer.status.as_u16(), 404, "{path}: {answer:?}");
            assert!(!answer.text.contains("<html"), "{path}: {answer:?}");
        }
    }

    // ASVS 1.1.1, 13.4.3
    async fn no_path_leads_out_of_the_pages(database) {
        let house = House::open(database).await;
        for path in [
            "/../Cargo.toml",
            "/../../Cargo.toml",
            "/../package.json",
            "/assets/../../package.json",
            "/assets/../../../Cargo.toml",
            "/%2e%2e/package.json",
            "/..%2fpackage.json",
            "/assets/..%2f..%2fpackage.json",
            "/assets/..%5c..%5cpackage.json",
            "/assets/%2e%2e/%2e%2e/package.json",
            "//etc/passwd",
            "/assets//etc/passwd",
            "/%00",
            "/index.html%00.js",
            "/docs/../../Cargo.toml",
            "/docs/..%2f..%2fCargo.toml",
        ] {
            let request = format!("GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
            let answer = house.exchange(request).await;
            let status = answer.split(' ').nth(1).expect("a status").to_owned();
            assert!(["200", "400", "404", "503"].contains(&status.as_str()), "{path}: {answer}");
            for stolen in ["[package]", "[workspace]", "\"dependencies\"", "root:x:", "devDependencies"] {
                assert!(!answer.contains(stolen), "{path}: {answer}");
            }
        }
        house.assert_alive().await;
    }

    // ASVS 4.1.1
    async fn files_are_kept_by_browsers_and_asked_for_once(database) {
        let Some((name, text)) = built("assets", ".js") else { return };
        let house = House::open(database).await;
        let client = house.client();
        let path = format!("/assets/{name}");
        let answer = client.get(&path).await;
        assert_eq!(answer.status.as_u16(), 200);
        assert_eq!(answer.header("content-type"), "text/javascript; charset=utf-8");
        assert_eq!(answer.header("cache-control"), "public, max-age=31536000, immutable");
        assert_eq!(answer.text, text);

        let again = client.request(Method::GET, &path).header("if-none-match", answer.header("etag"));
        let again = client.send(again).await;
        assert_eq!((again.status.as_u16(), again.text.as_str()), (304, ""));
        let changed = client.request(Method::GET, &path).header("if-none-match", "\"another\"");
        assert_eq!(client.send(changed).await.status.as_u16(), 200);
    }

    async fn files_are_compressed_for_those_who_ask(database) {
        let Some((name, text)) = built("assets", ".js") else { return };
        let house = House::open(database).await;
        let client = house.client();
        let path = format!("/assets/{name}");
        let request = client.request(Method::GET, &path).header("accept-encoding", "gzip");
        let response = request.send().await.expect("an answer");
        assert_eq!(response.headers()["content-encoding"], "gzip");
        assert!(response.headers()["vary"].to_str().expect("text").contains("accept-encoding"));
        let bytes = response.bytes().await.expect("a body");
        assert!(bytes.starts_with(b"\x1f\x8b"), "gzip begins so (RFC 1952)");
        assert!(bytes.len() < text.len() * 2 / 3, "{} of {} bytes", bytes.len(), text.len());
        assert_eq!(client.get(&path).await.header("content-encoding"), "");
    }

    async fn the_first_page_is_asked_for_every_time_and_sent_only_when_it_changed(database) {
        if built("", ".html").is_none() { return }
        let house = House::open(database).await;
        let client = house.client();
        let page = client.get("/").await;
        assert_eq!((page.status.as_u16(), page.header("cache-control")), (200, "no-cache"));
        let again = client.request(Method::GET, "/sign-in").header("if-none-match", page.header("etag"));
        assert_eq!(client.send(again).await.status.as_u16(), 304);
    }
}
