//! Panics of the Liquid library, which become mistakes of a template.

use std::cell::Cell;
use std::panic::{AssertUnwindSafe, PanicHookInfo, catch_unwind, set_hook, take_hook};
use std::sync::Once;

thread_local! {
    /// How many calls of [`caught`] this thread is in.
    static CATCHING: Cell<usize> = const { Cell::new(0) };
}

/// The packages of the library, as the paths of their sources name them.
const LIBRARY: [&str; 3] = ["liquid-core", "liquid-lib", "pest"];

/// What `work` gives; `None` when it panicked. A panic of the library itself is told nowhere else; any other is a bug of
/// ours and is told by the hook that was there before.
pub(super) fn caught<T>(work: impl FnOnce() -> T) -> Option<T> {
    static HOOK: Once = Once::new();
    HOOK.call_once(|| {
        let told = take_hook();
        set_hook(Box::new(move |panic| {
            if CATCHING.get() == 0 || !is_of_library(panic) {
                told(panic);
            }
        }));
    });
    CATCHING.set(CATCHING.get() + 1);
    // Nothing that `work` touched is used after a panic.
    let result = catch_unwind(AssertUnwindSafe(work));
    CATCHING.set(CATCHING.get() - 1);
    result.ok()
}

fn is_of_library(panic: &PanicHookInfo<'_>) -> bool {
    panic.location().is_some_and(|location| LIBRARY.iter().any(|package| location.file().contains(package)))
}

#[cfg(test)]
mod tests {
    use super::{CATCHING, caught};

    #[test]
    fn a_panic_is_caught_however_deep_and_the_thread_goes_on() {
        assert_eq!(caught(|| 1), Some(1));
        let outer = caught(|| {
            assert_eq!(caught(|| -> i32 { panic!("inside") }), None);
            CATCHING.get()
        });
        assert_eq!(outer, Some(1));
        assert_eq!(CATCHING.get(), 0);
    }
}
