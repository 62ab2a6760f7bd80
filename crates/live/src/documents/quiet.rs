//! Panics that are expected, and that nobody is to read about: what a stranger sent would fill the log with them.

use std::cell::Cell;
use std::panic;
use std::sync::Once;

thread_local! {
    static IS_QUIET: Cell<bool> = const { Cell::new(false) };
}

static INSTALLED: Once = Once::new();

/// Does something whose panics are caught, without a word about them. Panics elsewhere are told of as ever.
pub(super) fn quietly<T>(work: impl FnOnce() -> T) -> T {
    INSTALLED.call_once(|| {
        let usual = panic::take_hook();
        panic::set_hook(Box::new(move |panic| {
            if !IS_QUIET.get() {
                usual(panic);
            }
        }));
    });
    let before = IS_QUIET.replace(true);
    let done = work();
    IS_QUIET.set(before);
    done
}
