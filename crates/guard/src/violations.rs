//! What browsers report about our Content Security Policy (W3C CSP 3 section 5, Reporting API).
//!
//! Anybody can send such a report and write anything into it. So as little is taken over as helps to find a mistake or
//! an attack, and nothing that could identify a person: no query string, no sample of a script.

use axum::body::Bytes;
use axum::extract::{FromRequest, Request};
use foundation::{Code, Problem};
use http::header;
use serde::Deserialize;
use url::Url;

use crate::origin::is_at_host;
use crate::sanity;

/// How many reports one request may bring. Browsers send a handful together.
const MOST: usize = 50;
/// How much of a text is kept.
const KEPT: usize = 200;
/// What browsers call the two formats, and what scripts call them both.
const KINDS: [&str; 3] = ["application/csp-report", "application/reports+json", "application/json"];

/// Something that the policy of a page forbade.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Violation {
    /// The path of the page.
    pub page: String,
    /// The directive that forbade it, such as `script-src-elem`.
    pub directive: String,
    /// What was forbidden: `inline`, `eval`, another origin, or a scheme.
    pub blocked: String,
    /// Where the script stands that tried it: a path here, another origin, or nothing.
    pub source: String,
    /// In which line.
    pub line: Option<i32>,
}

/// The reports in a request, those about pages of this host.
#[derive(Debug)]
pub struct Violations(pub Vec<Violation>);

/// The older format, of `report-uri`.
#[derive(Deserialize)]
struct Single {
    #[serde(rename = "csp-report")]
    report: Report,
}

/// The newer one, of `report-to`.
#[derive(Deserialize)]
struct Listed {
    #[serde(rename = "type")]
    kind: String,
    body: Option<serde_json::Value>,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Body {
    List(Vec<Listed>),
    Single(Single),
}

#[derive(Deserialize)]
struct Report {
    #[serde(alias = "document-uri", alias = "documentURL")]
    document: String,
    #[serde(alias = "effective-directive", alias = "effectiveDirective", default)]
    effective: String,
    #[serde(rename = "violated-directive", default)]
    violated: String,
    #[serde(alias = "blocked-uri", alias = "blockedURL", default)]
    blocked: String,
    #[serde(alias = "source-file", alias = "sourceFile", default)]
    source: Option<String>,
    #[serde(alias = "line-number", alias = "lineNumber", default)]
    line: Option<i32>,
}

impl<S: Send + Sync> FromRequest<S> for Violations {
    type Rejection = Problem;

    async fn from_request(request: Request, state: &S) -> Result<Self, Problem> {
        let kind = request.headers().get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
        let kind =
            kind.and_then(|kind| kind.split(';').next()).unwrap_or_default().trim().to_ascii_lowercase();
        if !KINDS.contains(&kind.as_str()) {
            let words = "Reports come as application/csp-report or application/reports+json.";
            return Err(Problem::new(Code::UnsupportedMediaType, words));
        }
        let host = sanity::host(&request).unwrap_or_default().to_owned();
        let body =
            Bytes::from_request(request, state).await.map_err(|rejection| crate::json::unread(&rejection))?;
        parse(&body, &host).map(Self).ok_or_else(|| {
            Problem::new(Code::MalformedRequest, "This is no report about a content security policy.")
        })
    }
}

fn parse(body: &[u8], host: &str) -> Option<Vec<Violation>> {
    let reports: Vec<Report> = match serde_json::from_slice(body).ok()? {
        Body::Single(single) => vec![single.report],
        Body::List(list) => {
            let violations = list.into_iter().filter(|report| report.kind == "csp-violation").take(MOST);
            violations.filter_map(|report| serde_json::from_value(report.body?).ok()).collect()
        }
    };
    Some(reports.into_iter().filter_map(|report| report.about_page_at(host)).collect())
}

impl Report {
    /// Nothing for pages of other hosts: whoever sends that makes things up.
    fn about_page_at(self, host: &str) -> Option<Violation> {
        let page = Url::parse(&self.document).ok()?;
        if !is_at_host(&page.origin().ascii_serialization(), host) {
            return None;
        }
        let directive = if self.effective.is_empty() { &self.violated } else { &self.effective };
        let directive = directive.split_ascii_whitespace().next()?;
        let is_name =
            directive.len() <= 40 && directive.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'-');
        is_name.then(|| Violation {
            page: cut(page.path()),
            directive: directive.to_owned(),
            blocked: place(&self.blocked, host),
            source: self.source.map(|source| place(&source, host)).unwrap_or_default(),
            line: self.line.filter(|line| *line > 0),
        })
    }
}

/// Where something is, as far as it is anybody's business: a path here, another origin, a scheme, or a browser's word
/// such as `inline`.
fn place(text: &str, host: &str) -> String {
    let Ok(url) = Url::parse(text) else {
        let is_word = text.len() <= 40 && text.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'-');
        return if is_word { text.to_owned() } else { String::new() };
    };
    let origin = url.origin();
    match origin.ascii_serialization() {
        ours if is_at_host(&ours, host) => cut(url.path()),
        theirs if origin.is_tuple() => cut(&theirs),
        _ => format!("{}:", cut(url.scheme())),
    }
}

fn cut(text: &str) -> String {
    text.chars().take(KEPT).collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    const HOST: &str = "learn.example.org";

    fn single(report: &serde_json::Value) -> Vec<Violation> {
        parse(json!({ "csp-report": report }).to_string().as_bytes(), HOST).expect("a report")
    }

    #[test]
    fn both_formats_are_understood() {
        let expected = Violation {
            page: "/account/security".to_owned(),
            directive: "script-src-elem".to_owned(),
            blocked: "https://evil.example".to_owned(),
            source: "/assets/app.js".to_owned(),
            line: Some(12),
        };
        let old = single(&json!({
            "document-uri": "https://learn.example.org/account/security?token=secret#part",
            "violated-directive": "script-src-elem 'self'", "effective-directive": "script-src-elem",
            "blocked-uri": "https://evil.example/x.js?who=ada", "line-number": 12,
            "source-file": "https://learn.example.org/assets/app.js", "original-policy": "default-src 'none'",
        }));
        assert_eq!(old, std::slice::from_ref(&expected));
        let new = json!([
            { "type": "deprecation", "body": { "id": "x" } },
            { "type": "csp-violation", "age": 1, "url": "x", "user_agent": "y", "body": {
                "documentURL": "https://learn.example.org/account/security", "effectiveDirective": "script-src-elem",
                "blockedURL": "https://evil.example", "sourceFile": "https://learn.example.org/assets/app.js",
                "lineNumber": 12, "sample": "alert(1)", "disposition": "enforce",
            } },
        ]);
        assert_eq!(parse(new.to_string().as_bytes(), HOST).expect("reports"), [expected]);
    }

    // ASVS 14.2.1 - a query string may hold a secret
    #[test]
    fn nothing_is_kept_that_is_nobody_s_business() {
        let seen = single(&json!({
            "document-uri": "https://learn.example.org/page?token=hunter2#hunter2", "effective-directive": "img-src",
            "blocked-uri": "https://user:hunter2@evil.example/hunter2?hunter2", "source-file": "https://evil.example/hunter2",
            "script-sample": "hunter2", "referrer": "https://hunter2.example/",
        }));
        assert!(!format!("{seen:?}").contains("hunter2"), "{seen:?}");
        for (blocked, kept) in [
            ("inline", "inline"),
            ("data:text/html,hunter2", "data:"),
            ("chrome-extension://hunter2/x.js", "chrome-extension:"),
            ("blob:https://evil.example/hunter2", "https://evil.example"),
            ("<script>hunter2</script>", ""),
            ("", ""),
        ] {
            assert_eq!(place(blocked, HOST), kept, "{blocked}");
        }
    }

    #[test]
    fn what_is_made_up_is_left_out() {
        for report in [
            json!({ "document-uri": "https://evil.example/", "effective-directive": "img-src" }),
            json!({ "document-uri": "not a page", "effective-directive": "img-src" }),
            json!({ "document-uri": "https://learn.example.org/", "effective-directive": "<b>img-src</b>" }),
            json!({ "document-uri": "https://learn.example.org/" }),
        ] {
            assert_eq!(single(&report), [], "{report}");
        }
        for nonsense in ["", "{}", "[1]", "null", "hunter2", "{\"csp-report\":[]}"] {
            assert_eq!(parse(nonsense.as_bytes(), HOST), None, "{nonsense}");
        }
    }

    #[test]
    fn everything_has_a_limit() {
        let long = "x".repeat(10_000);
        let seen = single(&json!({
            "document-uri": format!("https://learn.example.org/{long}"), "effective-directive": "img-src",
            "blocked-uri": format!("https://learn.example.org/{long}"), "line-number": -1,
        }));
        assert_eq!((seen[0].page.len(), seen[0].blocked.len(), seen[0].line), (KEPT, KEPT, None));
        let one = json!({ "type": "csp-violation", "body": { "documentURL": "https://learn.example.org/", "effectiveDirective": "img-src" } });
        let many = serde_json::to_string(&vec![one; 1000]).expect("JSON");
        assert_eq!(parse(many.as_bytes(), HOST).expect("reports").len(), MOST);
    }
}
