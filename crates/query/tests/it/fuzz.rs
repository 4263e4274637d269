//! Texts that nobody wrote: pieces of real ones put together anew, and real ones with mistakes in them. Nothing panics,
//! and nothing takes longer than its size allows.
//!
//! `BELVEDERE_FUZZ_SECONDS` says how long each of the tests goes on; without it each tries a fixed number of texts.
//! `BELVEDERE_FUZZ_SEED` begins elsewhere. A failure tells the text.

mod filters;
mod liquid;
mod parser;
mod random;

use random::Random;
use std::fmt::Write as _;
use std::fs;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::path::{Path, PathBuf};
use std::sync::LazyLock;
use std::time::{Duration, Instant};

/// Texts that a test tries when nobody says how long it may go on.
const FEW: usize = 500;

/// Bytes of a text, at most.
const LONGEST: usize = 16 << 10;

/// Of so many texts one is also tried many times as long.
const GROWN: usize = 100;

/// How many times as long. Some mistakes end the reading early, so that the text once says little.
const TIMES: (u32, u32) = (4, 64);

/// What a grown text may take beside its share: the system counts a processor's time in steps of some milliseconds.
const SLACK: Duration = Duration::from_millis(400);

/// Tries texts of `corpus` and `pieces` until the time is over.
fn fuzz(corpus: &[String], pieces: &[&str], try_text: impl Fn(&str)) {
    let number = |name: &str| std::env::var(name).ok().and_then(|text| text.parse::<u64>().ok());
    let seconds = number("BELVEDERE_FUZZ_SECONDS").map(Duration::from_secs);
    let mut random = Random::new(number("BELVEDERE_FUZZ_SEED").unwrap_or(1));
    let started = Instant::now();
    let goes_on = |tried: usize| match seconds {
        Some(seconds) => started.elapsed() < seconds,
        None => tried < FEW,
    };
    let mut tried = 0;
    while goes_on(tried) {
        let text = random.text(corpus, pieces, LONGEST);
        watched(&text, &try_text);
        if tried % GROWN == 0 {
            grows_with_its_text(&text, &try_text);
        }
        tried += 1;
    }
    if seconds.is_some() {
        println!("{tried} texts in {} s", started.elapsed().as_secs());
    }
}

/// Tries a text, and tells it when that panics.
fn watched(text: &str, try_text: impl Fn(&str)) {
    if let Err(panic) = catch_unwind(AssertUnwindSafe(|| try_text(text))) {
        eprintln!("the text was {text:?}");
        resume_unwind(panic);
    }
}

/// A text many times as long takes at most a few times its share.
fn grows_with_its_text(text: &str, try_text: impl Fn(&str)) {
    let repeated = |times: u32| {
        (0..times).fold(String::new(), |mut long, _| {
            let _ = writeln!(long, "{text}");
            long
        })
    };
    let spent = |text: &str| {
        let started = busy();
        watched(text, &try_text);
        busy().saturating_sub(started)
    };
    let (short, long) = (repeated(TIMES.0), repeated(TIMES.1));
    let (little, much) = (spent(&short), spent(&long));
    let most = little * (TIMES.1 / TIMES.0) * 4 + SLACK;
    assert!(much <= most, "{} bytes take {little:?}, {} take {much:?}: {text:?}", short.len(), long.len());
}

/// How long a processor has worked for this thread; where the system does not tell, how long the process runs.
fn busy() -> Duration {
    static BEGIN: LazyLock<Instant> = LazyLock::new(Instant::now);
    let told = fs::read_to_string("/proc/thread-self/schedstat").ok();
    let nanoseconds = told.as_deref().and_then(|told| told.split(' ').next()?.parse().ok());
    nanoseconds.map_or_else(|| BEGIN.elapsed(), Duration::from_nanos)
}

/// The texts of all files below `folder` of the repository whose name ends like this.
fn texts(folder: &str, ending: &str) -> Vec<String> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").join(folder);
    let mut folders = vec![root];
    let mut files: Vec<PathBuf> = Vec::new();
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).expect("the folder is there") {
            let path = entry.expect("it can be read").path();
            if path.is_dir() { &mut folders } else { &mut files }.push(path);
        }
    }
    files.sort();
    let files = files.into_iter().filter(|path| path.to_string_lossy().ends_with(ending));
    files.map(|path| String::from_utf8_lossy(&fs::read(path).expect("it can be read")).into_owned()).collect()
}
