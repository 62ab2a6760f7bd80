//! What is accepted as a setting, and what is said about the rest.

use std::collections::BTreeMap;

use foundation::config::{Settings, Sources, read};

use super::*;

impl Settings for OutboundConfig {}

fn read_from(file: &str) -> Result<OutboundConfig, String> {
    let sources = Sources { file: Some(file.into()), environment: BTreeMap::new() };
    read(&sources, &[]).map_err(|mistakes| mistakes.to_string())
}

fn allowed(text: &str) -> Result<String, String> {
    AllowedHost::try_from(text.to_owned()).map(|host| host.to_string())
}

#[test]
fn the_defaults_are_valid_and_let_nothing_out() {
    let config = OutboundConfig::default();
    assert_eq!(config.validate().map_err(|report| report.to_string()), Ok(()));
    assert!(config.allow.is_empty() && config.allow_private.is_empty());
}

// ASVS 12.3.1
#[test]
fn hosts_are_reached_over_https_unless_http_is_written() {
    for (written, meant) in [
        ("s3.example.org", "https://s3.example.org"),
        ("S3.Example.org:443", "https://s3.example.org"),
        ("s3.example.org:9000", "https://s3.example.org:9000"),
        ("https://s3.example.org/", "https://s3.example.org"),
        ("http://minio.example:9000", "http://minio.example:9000"),
        ("http://minio.example:80", "http://minio.example"),
        ("münchen.example", "https://xn--mnchen-3ya.example"),
        ("[2001:DB8::7]:9000", "https://[2001:db8::7]:9000"),
        ("0x7f.1", "https://127.0.0.1"),
    ] {
        assert_eq!(allowed(written).as_deref(), Ok(meant), "{written}");
    }
}

#[test]
fn what_is_no_host_or_more_than_one_is_refused() {
    for (written, words) in [
        ("", "is no host"),
        ("https://", "is no host"),
        ("*", "is no host"),
        ("*.example.org", "is no host"),
        ("ftp://a.example", "is no host"),
        ("a b.example", "is no host"),
        ("a.example:99999", "is no host"),
        ("a.example/bucket", "write https://a.example and nothing more"),
        ("https://a.example?x=1", "write https://a.example and nothing more"),
        ("https://me:hunter2@a.example", "write https://a.example and nothing more"),
    ] {
        let message = allowed(written).expect_err(written);
        assert!(message.contains(words) && !message.contains("hunter2"), "{written}: {message}");
    }
}

#[test]
fn every_mistake_is_reported_at_once() {
    let file = r#"
        allow = ["s3.example.org", "http://10.1.2.3:9000"]
        allow_private = ["10.2.0.0/16"]
        connect_timeout = "0s"
        timeout = "2h"
        max_answer_bytes = 1
    "#;
    insta::assert_snapshot!(read_from(file).expect_err("mistakes"), @r"
    the configuration has 4 mistakes:
      - allow: http://10.1.2.3:9000 is in no network that is open to everybody; name its network in allow_private
      - connect_timeout: must be 1s to 1m; it is 0s
      - max_answer_bytes: must be 1024 (1 KiB) to 67108864 (64 MiB); it is 1
      - timeout: must be 1s to 1h; it is 2h
    ");
}

#[test]
fn an_address_in_a_network_that_was_named_may_be_allowed() {
    let file = r#"
        allow = ["http://10.1.2.3:9000", "8.8.8.8"]
        allow_private = ["10.1.0.0/16"]
    "#;
    let config = read_from(file).expect("a configuration");
    assert_eq!(format!("{:?}", config.allow), "[http://10.1.2.3:9000, https://8.8.8.8]");
}

#[test]
fn the_host_of_an_address_in_another_setting_can_be_allowed() {
    let of = |url: &str| AllowedHost::of(&url.parse().expect("a URL")).map(|host| host.to_string());
    assert_eq!(of("https://s3.example.org/bucket?x=1").as_deref(), Some("https://s3.example.org"));
    assert_eq!(of("file:///etc/passwd"), None);
    assert_eq!(of("data:,"), None);
}
