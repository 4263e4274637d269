//! Lists the files of the built pages, so that the binary can carry them. Does nothing without the feature `web`.

use std::env;
use std::fmt::Write as _;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

const DIST: &str = "../../target/web/dist";

const TYPES: [(&str, &str); 6] = [
    ("css", "text/css; charset=utf-8"),
    ("html", "text/html; charset=utf-8"),
    ("js", "text/javascript; charset=utf-8"),
    ("md", "text/plain; charset=utf-8"),
    ("svg", "image/svg+xml"),
    ("woff2", "font/woff2"),
];

fn main() -> io::Result<()> {
    println!("cargo::rerun-if-changed=build.rs");
    if env::var_os("CARGO_FEATURE_WEB").is_none() {
        return Ok(());
    }
    println!("cargo::rerun-if-changed={DIST}");
    if !Path::new(DIST).join("index.html").is_file() {
        println!("cargo::error=the feature `web` needs the built pages: run `make pages` first");
        return Ok(());
    }
    let root = Path::new(DIST).canonicalize()?;
    let mut files = Vec::new();
    collect(&root, &mut files)?;
    files.sort();
    let mut code = String::from("/// Every file of the built pages.\npub(super) const FILES: &[File] = &[\n");
    for file in files {
        let path = file.strip_prefix(&root).map_err(io::Error::other)?.display().to_string();
        let extension = file.extension().and_then(|extension| extension.to_str()).unwrap_or_default();
        let Some((_, content_type)) = TYPES.iter().find(|(known, _)| *known == extension) else {
            println!("cargo::error=target/web/dist/{path} has a type that the server does not know");
            continue;
        };
        let bytes = format!("include_bytes!({:?})", file.display().to_string());
        let _ = writeln!(code, "    File {{ path: {path:?}, content_type: {content_type:?}, bytes: {bytes} }},");
    }
    code.push_str("];\n");
    let out = PathBuf::from(env::var_os("OUT_DIR").unwrap_or_default());
    fs::write(out.join("web_files.rs"), code)
}

fn collect(folder: &Path, files: &mut Vec<PathBuf>) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            collect(&path, files)?;
        } else {
            files.push(path);
        }
    }
    Ok(())
}
