//! The key that seals the secrets in the state: it lies beside the state, never in it.

use crate::config::Config;
use crate::private::replace_private;
use anyhow::{Context, Result, bail};
use belvedere_service::SealingKey;
use rand::Rng as _;
use std::fmt::Write as _;
use std::io::ErrorKind;
use std::path::Path;

/// Bytes of a key; its file holds twice as many hex digits.
const LENGTH: usize = 32;

/// The key of this node: the one in the file that is named, or the one in the data folder, which is made when there is
/// none. A state that ends with the process has one that does too.
pub(crate) fn key(config: &Config) -> Result<SealingKey> {
    if let Some(file) = &config.sealing_key {
        return read(file)?.with_context(|| format!("sealing-key: there is no file {}", file.display()));
    }
    if config.ephemeral {
        return Ok(SealingKey::random());
    }
    let file = config.data_dir.join("sealing.key");
    if let Some(key) = read(&file)? {
        return Ok(key);
    }
    let bytes: [u8; LENGTH] = rand::rng().random();
    let mut text = bytes.iter().fold(String::new(), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    });
    text.push('\n');
    replace_private(&file, &text).with_context(|| format!("cannot write {}", file.display()))?;
    Ok(SealingKey::new(bytes))
}

/// The key in a file; none when there is no file.
fn read(file: &Path) -> Result<Option<SealingKey>> {
    let text = match std::fs::read_to_string(file) {
        Ok(text) => text,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(error).with_context(|| format!("cannot read {}", file.display())),
    };
    let digits = text.trim().as_bytes();
    let mut bytes = [0; LENGTH];
    if digits.len() != 2 * LENGTH || !digits.iter().all(u8::is_ascii_hexdigit) {
        bail!(
            "{} holds no key: expected {} hex digits, as `openssl rand -hex {LENGTH}` prints",
            file.display(),
            2 * LENGTH
        );
    }
    let value = |digit: u8| char::from(digit).to_digit(16).unwrap_or_default() as u8;
    for (byte, pair) in bytes.iter_mut().zip(digits.chunks_exact(2)) {
        *byte = value(pair[0]) << 4 | value(pair[1]);
    }
    Ok(Some(SealingKey::new(bytes)))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Names the key without showing it.
    fn name(config: &Config) -> String {
        format!("{:?}", key(config).expect("a key"))
    }

    #[test]
    fn a_key_is_made_once_for_its_owner_alone() {
        let folder = tempfile::tempdir().expect("a folder");
        let config = Config { data_dir: folder.path().to_owned(), ..Config::default() };
        assert_eq!(name(&config), name(&config));
        let file = folder.path().join("sealing.key");
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt as _;
            let mode = std::fs::metadata(&file).expect("a file").permissions().mode();
            assert_eq!(mode & 0o777, 0o600);
        }
        let other = tempfile::tempdir().expect("a folder");
        let shared = Config { data_dir: other.path().to_owned(), sealing_key: Some(file), ..Config::default() };
        assert_eq!(name(&shared), name(&config), "nodes may share one");
        assert!(!other.path().join("sealing.key").exists());
    }

    #[test]
    fn what_is_no_key_is_refused_without_being_shown() {
        let folder = tempfile::tempdir().expect("a folder");
        let file = folder.path().join("k");
        let config = Config { sealing_key: Some(file.clone()), ..Config::default() };
        assert!(format!("{:#}", key(&config).expect_err("refused")).contains("there is no file"));
        for wrong in ["", "abc", &"zz".repeat(LENGTH), &"ab".repeat(LENGTH + 1)] {
            std::fs::write(&file, wrong).expect("written");
            let problem = format!("{:#}", key(&config).expect_err("refused"));
            assert!(problem.contains("64 hex digits") && (wrong.is_empty() || !problem.contains(wrong)), "{problem}");
        }
        let ephemeral = Config { ephemeral: true, data_dir: folder.path().to_owned(), ..Config::default() };
        assert_ne!(name(&ephemeral), name(&ephemeral));
        assert!(!folder.path().join("sealing.key").exists());
    }
}
