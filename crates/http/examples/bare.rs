//! The least that a server can do: each file of a folder at its name, from memory, with axum and nothing else.
//!
//! `tests/load` compares the server with it. The program prints the port that it listens on.

use axum::Router;
use axum::body::Bytes;
use axum::http::header::CONTENT_TYPE;
use axum::routing::get;
use std::io;

#[tokio::main]
async fn main() -> io::Result<()> {
    let folder = std::env::args_os().nth(1).ok_or_else(|| io::Error::other("usage: bare FOLDER"))?;
    let mut router = Router::new();
    for entry in std::fs::read_dir(folder)? {
        let entry = entry?;
        let bytes = Bytes::from(std::fs::read(entry.path())?);
        let answer = move || std::future::ready(([(CONTENT_TYPE, "application/json")], bytes.clone()));
        router = router.route(&format!("/{}", entry.file_name().display()), get(answer));
    }
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await?;
    println!("{}", listener.local_addr()?.port());
    axum::serve(listener, router).await
}
