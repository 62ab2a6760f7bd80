//! What pages say.

use foundation::Code;

/// About one kind of problem.
#[derive(Debug, Clone, Copy)]
pub(super) struct Words {
    pub(super) title: &'static str,
    pub(super) text: &'static str,
    /// Before the moment at which something ends.
    pub(super) until: &'static str,
}

impl Words {
    pub(super) fn request_id(is_german: bool) -> &'static str {
        if is_german { "Anfrage" } else { "Request" }
    }

    pub(super) fn tries_again(is_german: bool) -> &'static str {
        if is_german {
            "Diese Seite versucht es von selbst alle zehn Sekunden erneut."
        } else {
            "This page tries again by itself every ten seconds."
        }
    }

    pub(super) fn not_saved(is_german: bool) -> &'static str {
        if is_german {
            "Was Sie abgeschickt haben, wurde vielleicht nicht gespeichert. Gehen Sie zurück und sehen Sie nach, \
             bevor Sie es noch einmal abschicken."
        } else {
            "What you sent was perhaps not saved. Please go back and look before you send it again."
        }
    }
}

/// In German, or else in English.
pub(super) fn words(code: Code, is_german: bool) -> Words {
    let (title, text) = if is_german { german(code) } else { english(code) };
    Words { title, text, until: if is_german { "Bis etwa" } else { "Until about" } }
}

fn english(code: Code) -> (&'static str, &'static str) {
    match code {
        Code::BadGateway => {
            ("The application is not there", "It may be starting. Please try again in a moment.")
        }
        Code::GatewayTimeout => {
            ("That took too long", "The application did not answer in time. Please try again in a moment.")
        }
        Code::Maintenance => ("We are working on this site", "It will be back soon."),
        Code::Unavailable | Code::Busy => ("One moment, please", "The site will be back in a few seconds."),
        Code::NotFound => ("There is nothing here", "No application answers at this address."),
        Code::TooManyRequests => ("Too many requests", "Please wait a little, and try again."),
        Code::BodyTooLarge => ("That is too large", "What you sent is larger than this site accepts."),
        Code::Unauthenticated => ("Please sign in", "This page is for people who are signed in."),
        _ if code.status().is_server_error() => {
            ("Something went wrong", "The fault is ours. Please try again in a moment.")
        }
        _ => ("This cannot be answered", "The request is not as it should be."),
    }
}

fn german(code: Code) -> (&'static str, &'static str) {
    match code {
        Code::BadGateway => (
            "Die Anwendung ist nicht da",
            "Vielleicht startet sie gerade. Bitte versuchen Sie es gleich noch einmal.",
        ),
        Code::GatewayTimeout => (
            "Das hat zu lange gedauert",
            "Die Anwendung hat nicht rechtzeitig geantwortet. Bitte versuchen Sie es gleich noch einmal.",
        ),
        Code::Maintenance => ("Wir arbeiten an dieser Seite", "Sie ist bald wieder da."),
        Code::Unavailable | Code::Busy => {
            ("Einen Moment bitte", "Die Seite ist in wenigen Sekunden wieder da.")
        }
        Code::NotFound => ("Hier ist nichts", "Unter dieser Adresse antwortet keine Anwendung."),
        Code::TooManyRequests => {
            ("Zu viele Anfragen", "Bitte warten Sie ein wenig und versuchen Sie es dann erneut.")
        }
        Code::BodyTooLarge => {
            ("Das ist zu groß", "Was Sie geschickt haben, ist größer, als diese Seite annimmt.")
        }
        Code::Unauthenticated => {
            ("Bitte melden Sie sich an", "Diese Seite ist für Menschen, die angemeldet sind.")
        }
        _ if code.status().is_server_error() => (
            "Etwas ist schiefgegangen",
            "Der Fehler liegt bei uns. Bitte versuchen Sie es gleich noch einmal.",
        ),
        _ => ("Das lässt sich nicht beantworten", "Die Anfrage ist nicht, wie sie sein sollte."),
    }
}
