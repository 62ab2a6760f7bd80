//! What people see when the application cannot answer them: one quiet page, in their language and theme, without a
//! script and without anything from elsewhere.

mod words;

use std::sync::LazyLock;

use aws_lc_rs::digest::{SHA256, digest};
use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use foundation::{Code, Problem};
use guard::Closure;
use guard::text::ToHtml as _;
use http::HeaderValue;

use words::{Words, words};

const STYLE: &str = include_str!("pages/page.css");
/// How long a page that tries again by itself waits, in seconds.
const AGAIN_AFTER: u32 = 10;

/// Nothing but the style above.
pub(crate) static POLICY: LazyLock<HeaderValue> = LazyLock::new(|| {
    let hash = BASE64_STANDARD.encode(digest(&SHA256, STYLE.as_bytes()));
    let policy = format!(
        "default-src 'none'; style-src 'sha256-{hash}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    );
    HeaderValue::try_from(policy).expect("a policy is made of letters")
});

/// For whom a page is.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Reader<'r> {
    pub(crate) is_german: bool,
    /// Whether what they wanted may be asked for again without harm.
    pub(crate) may_ask_again: bool,
    pub(crate) request_id: &'r str,
}

/// A page about a problem.
pub(crate) fn of_problem(problem: &Problem, reader: Reader<'_>) -> String {
    let code = problem.code();
    let Words { title, text, .. } = words(code, reader.is_german);
    let passes = matches!(code, Code::BadGateway | Code::GatewayTimeout | Code::Unavailable | Code::Busy);
    page(reader, code.status().as_u16(), title, text, "", passes)
}

/// The page during maintenance.
pub(crate) fn of_closure(closure: &Closure, reader: Reader<'_>) -> String {
    let Words { title, text, until } = words(Code::Maintenance, reader.is_german);
    let message = closure.message.as_ref().map(|message| format!("<p>{}</p>\n", message.to_html()));
    let end = closure.until.map(|end| {
        let moment = end.format("%Y-%m-%dT%H:%M:%SZ");
        let shown = end.format("%F %H:%M UTC");
        format!("<p>{until} <time datetime=\"{moment}\">{shown}</time>.</p>\n")
    });
    let more = message.unwrap_or_default() + &end.unwrap_or_default();
    page(reader, Code::Maintenance.status().as_u16(), title, text, &more, true)
}

/// All that is put in is ours, or safe by its type.
fn page(reader: Reader<'_>, status: u16, title: &str, text: &str, more: &str, passes: bool) -> String {
    let Reader { is_german, may_ask_again, request_id } = reader;
    let language = if is_german { "de" } else { "en" };
    let id = Words::request_id(is_german);
    let (refresh, again) = match (passes, may_ask_again) {
        (true, true) => (
            format!("<meta http-equiv=\"refresh\" content=\"{AGAIN_AFTER}\">\n"),
            format!("<p class=\"soft\">{}</p>\n", Words::tries_again(is_german)),
        ),
        (true, false) => (String::new(), format!("<p>{}</p>\n", Words::not_saved(is_german))),
        (false, _) => (String::new(), String::new()),
    };
    format!(
        "<!doctype html>\n<html lang=\"{language}\">\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <meta name=\"color-scheme\" content=\"light dark\">\n\
         <meta name=\"robots\" content=\"noindex\">\n{refresh}\
         <title>{title}</title>\n<style>{STYLE}</style>\n\
         <main>\n<p class=\"status\">{status}</p>\n<h1>{title}</h1>\n<p>{text}</p>\n{more}{again}\
         <p class=\"id\">{id} {request_id}</p>\n</main>\n</html>\n"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    const READER: Reader<'_> = Reader { is_german: false, may_ask_again: true, request_id: "an-id" };

    #[test]
    fn every_problem_has_words_in_both_languages() {
        for code in Code::ALL {
            let problem = Problem::new(*code, "details that only programs read");
            for is_german in [true, false] {
                let page = of_problem(&problem, Reader { is_german, ..READER });
                assert!(page.contains(&code.status().as_u16().to_string()), "{page}");
                assert!(page.contains("an-id") && !page.contains("details"), "{page}");
            }
        }
    }

    #[test]
    fn only_what_passes_is_tried_again_and_never_what_was_sent() {
        let gone = Problem::new(Code::BadGateway, "");
        assert!(of_problem(&gone, READER).contains("http-equiv=\"refresh\""));
        let sent = of_problem(&gone, Reader { may_ask_again: false, ..READER });
        assert!(!sent.contains("refresh") && sent.contains("perhaps not saved"), "{sent}");
        assert!(!of_problem(&Problem::new(Code::NotFound, ""), READER).contains("refresh"));
    }

    #[test]
    fn what_an_operator_says_is_safe_by_its_type() {
        let message = "Back <b>soon</b><script>alert(1)</script>".parse().expect("a message");
        let closure = Closure {
            since: chrono::DateTime::UNIX_EPOCH,
            until: Some(chrono::DateTime::UNIX_EPOCH),
            message: Some(message),
        };
        let page = of_closure(&closure, READER);
        assert!(page.contains("Back <b>soon</b>") && !page.contains("<script"), "{page}");
        assert!(
            page.contains("<time datetime=\"1970-01-01T00:00:00Z\">1970-01-01 00:00 UTC</time>"),
            "{page}"
        );
    }
}
