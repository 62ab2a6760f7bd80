//! What a browser says it is, in words its owner knows it by. Told to people, never trusted: anybody can say anything.

use std::fmt;

use serde::Serialize;
use utoipa::ToSchema;
use woothee::parser::{Parser, WootheeResult};
use woothee::woothee::VALUE_UNKNOWN;

/// Browsers say what they are in half of that.
const LONGEST: usize = 400;
/// The longest name of a program that is shown.
const LONGEST_NAME: usize = 40;

/// What somebody uses us with. What is not known is `None`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub(crate) struct Device {
    /// The browser or the program: `Firefox`, `curl`.
    pub(crate) browser: Option<String>,
    /// The operating system: `Windows`, `iOS`.
    pub(crate) system: Option<&'static str>,
    /// What kind of thing it is.
    #[serde(rename = "device")]
    pub(crate) kind: Option<Kind>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "lowercase")]
#[schema(as = DeviceKind)]
pub(crate) enum Kind {
    /// A computer.
    Desktop,
    /// A phone.
    Phone,
    /// A tablet.
    Tablet,
    /// No browser: a script, a crawler.
    Program,
}

impl Device {
    /// What a `User-Agent` header says.
    pub(crate) fn of(user_agent: &str) -> Self {
        let text = clean(user_agent);
        if let Some(name) = program(&text) {
            return Self { browser: Some(name.to_owned()), system: None, kind: Some(Kind::Program) };
        }
        let Some(found) = Parser::new().parse(&text) else {
            return Self { browser: None, system: None, kind: None };
        };
        Self { browser: browser(&found), system: system(found.os), kind: kind(&found, &text) }
    }
}

impl fmt::Display for Device {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (&self.browser, self.system) {
            (Some(browser), Some(system)) => write!(f, "{browser} on {system}"),
            (Some(browser), None) => f.write_str(browser),
            (None, Some(system)) => f.write_str(system),
            (None, None) => f.write_str("an unknown device"),
        }
    }
}

/// What a `User-Agent` header says, in words: `Firefox on Linux`.
pub fn browser_in_words(user_agent: &str) -> String {
    Device::of(user_agent).to_string()
}

/// A header as it may be stored and shown: without control characters, and not longer than any honest one.
pub(crate) fn clean(user_agent: &str) -> String {
    user_agent.chars().filter(|c| !c.is_control()).take(LONGEST).collect()
}

/// The name of a program that says nothing but its name and version (RFC 9110 section 10.1.5). Every browser begins
/// with `Mozilla`, and Opera once began with its own name. No dots: mail programs make a link of what looks like a host,
/// and whoever signs in as `login.evil.example/1` would have us mail it.
fn program(text: &str) -> Option<&str> {
    let name = text.split(['/', ' ']).next().unwrap_or_default();
    let plain = name.starts_with(|c: char| c.is_ascii_alphanumeric())
        && name.bytes().all(|b| b.is_ascii_alphanumeric() || b"-_+".contains(&b));
    let named = text == name || text[name.len()..].starts_with('/');
    let browser = ["Mozilla", "Opera"].contains(&name);
    (plain && named && !browser && name.len() <= LONGEST_NAME).then_some(name)
}

fn browser(found: &WootheeResult) -> Option<String> {
    let name = match found.name {
        // A page inside another app, which does not say its name; and kinds of things, not things.
        VALUE_UNKNOWN | "Webview" | "HTTP Library" | "misc crawler" => return None,
        "SamsungBrowser" => "Samsung Internet",
        name => name,
    };
    Some(name.to_owned())
}

/// Without versions: browsers have stopped telling them truly.
fn system(found: &str) -> Option<&'static str> {
    match found {
        "Windows Phone OS" => Some("Windows Phone"),
        windows if windows.starts_with("Windows") => Some("Windows"),
        "Mac OSX" | "Mac OS Classic" => Some("macOS"),
        "iPhone" | "iPod" | "iOS" => Some("iOS"),
        "iPad" => Some("iPadOS"),
        "Android" => Some("Android"),
        "Linux" => Some("Linux"),
        "ChromeOS" => Some("ChromeOS"),
        "BSD" => Some("BSD"),
        _ => None,
    }
}

fn kind(found: &WootheeResult, text: &str) -> Option<Kind> {
    // Android leaves out the word on tablets; Firefox says which it is.
    let tablet = found.os == "iPad" || text.contains("Tablet") || !text.contains("Mobile");
    match found.category {
        "pc" => Some(Kind::Desktop),
        "smartphone" if tablet => Some(Kind::Tablet),
        "smartphone" | "mobilephone" => Some(Kind::Phone),
        "crawler" => Some(Kind::Program),
        _ => None,
    }
}

#[cfg(test)]
mod tests;
