//! Files that only their owner may read.

use std::fs::{self, OpenOptions};
use std::io::Write as _;
use std::path::Path;

/// Writes a file of mode 0600 that appears under its name only when it is complete.
pub(crate) fn replace_private(path: &Path, text: &str) -> std::io::Result<()> {
    let unfinished = path.with_added_extension("unfinished");
    let _ = fs::remove_file(&unfinished);
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(&unfinished)?.write_all(text.as_bytes())?;
    fs::rename(&unfinished, path)
}
