//! The log: to standard error, as text for people or JSON for machines.

use std::io::{self, IsTerminal as _, Stderr, Write};

use tracing_subscriber::Layer as _;
use tracing_subscriber::filter::{LevelFilter, Targets};
use tracing_subscriber::fmt;
use tracing_subscriber::layer::SubscriberExt as _;
use tracing_subscriber::util::SubscriberInitExt as _;

use crate::{LogConfig, LogFormat};

/// Starts logging.
pub(crate) fn start(config: &LogConfig) {
    let filter: Targets = config.level.parse().expect("the configuration is validated");
    // Of these two only warnings are of interest; what they tell besides is told by `store` and `commands`.
    let filter =
        filter.with_targets(["sqlx", "sea_orm_migration"].map(|quiet| (quiet, tracing::Level::WARN)));
    // Calls an error what any client can send; what became of it is told by `accounts`.
    let filter = filter.with_target("webauthn_rs_core", LevelFilter::OFF);
    let lines = match config.format {
        LogFormat::Text => {
            let colours = io::stderr().is_terminal();
            let writer = move || OneLine::<Stderr> { out: io::stderr(), colours };
            fmt::layer().with_writer(writer).with_ansi(colours).boxed()
        }
        LogFormat::Json => fmt::layer().with_writer(io::stderr).json().flatten_event(true).boxed(),
    };
    // A second start, in a test, keeps the first.
    let _ = tracing_subscriber::registry().with(lines.with_filter(filter)).try_init();
}

/// Keeps every event on one line and harmless to terminals, whatever others' words are in it. JSON needs none of this.
struct OneLine<W> {
    out: W,
    /// The line may be coloured. Then the escape characters in it are the formatter's, which has escaped all others.
    colours: bool,
}

impl<W: Write> Write for OneLine<W> {
    /// The formatter hands over one whole event at a time.
    fn write(&mut self, event: &[u8]) -> io::Result<usize> {
        let text = String::from_utf8_lossy(event);
        let mut line = String::with_capacity(text.len());
        for character in text.strip_suffix('\n').unwrap_or(&text).chars() {
            if is_harmless(character) || (self.colours && character == '\u{1b}') {
                line.push(character);
            } else {
                line.extend(character.escape_default());
            }
        }
        line.push('\n');
        self.out.write_all(line.as_bytes())?;
        Ok(event.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }
}

/// Neither a control character, nor one that ends a line or turns the direction of writing.
fn is_harmless(character: char) -> bool {
    !character.is_control()
        && !matches!(character, '\u{2028}' | '\u{2029}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

#[cfg(test)]
mod tests {
    use std::sync::{Arc, Mutex};

    use super::*;

    #[derive(Clone, Default)]
    struct Kept(Arc<Mutex<Vec<u8>>>);

    impl Write for Kept {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0.lock().expect("not poisoned").write(bytes)
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    /// What is logged of an error with these words.
    fn logged(words: &str, colours: bool) -> String {
        let kept = Kept::default();
        let out = kept.clone();
        let subscriber = fmt().with_ansi(colours).without_time();
        let subscriber = subscriber.with_writer(move || OneLine { out: out.clone(), colours }).finish();
        tracing::subscriber::with_default(subscriber, || {
            let error = io::Error::other(words.to_owned());
            tracing::warn!(error = &error as &dyn std::error::Error, "not taken: {words}");
        });
        let bytes = kept.0.lock().expect("not poisoned").clone();
        String::from_utf8(bytes).expect("text")
    }

    // ASVS 16.4.1
    #[test]
    fn what_others_say_stays_on_its_line_and_is_no_order_to_a_terminal() {
        let hostile =
            "no\r\n2026-11-22T00:00:00Z  INFO access: forged\u{1b}[2J\u{9b}31m\u{7}\u{2028}\u{202e}\0";
        for colours in [false, true] {
            let line = logged(hostile, colours);
            assert_eq!(line.matches('\n').count(), 1, "{line:?}");
            assert!(line.ends_with('\n') && line.contains("WARN"), "{line:?}");
            assert!(line.contains("\\r\\n2026-11-22T00:00:00Z"), "{line:?}");
            for order in ["\u{1b}[2J", "\u{9b}", "\u{7}", "\r", "\u{2028}", "\u{202e}", "\0"] {
                assert!(!line.contains(order), "{order:?} in {line:?}");
            }
            assert_eq!(line.contains('\u{1b}'), colours, "{line:?}");
        }
    }

    #[test]
    fn honest_words_stay_as_they_are() {
        let line = logged("Évora, 東京 \u{1f600} \"quoted\" \\ C:\\new", false);
        assert!(line.contains("not taken: Évora, 東京 \u{1f600} \"quoted\" \\ C:\\new error="), "{line:?}");
    }
}
