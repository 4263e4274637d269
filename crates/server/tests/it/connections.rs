//! Connections: whoever keeps the server waiting is cut off, and there are only so many.

use belvedere_http::{Bound, ConnectionLimits, Options};
use belvedere_testing::{SeededIds, TestServer};
use serde_json::json;
use std::io;
use std::sync::Arc;
use std::time::{Duration, Instant};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::time::timeout;

/// How long something may take that takes no time.
const PATIENCE: Duration = Duration::from_secs(30);
/// A time that a test can wait for.
const SHORT: Duration = Duration::from_millis(300);

const ALIVE: &str = "GET /alive HTTP/1.1\r\nHost: bi.example.com\r\n\r\n";

/// Another port of the server, with these limits.
async fn limited(server: &TestServer, limits: ConnectionLimits) -> String {
    let bound = Bound::bind(&["127.0.0.1:0".parse().unwrap()]).await.expect("a port");
    let address = bound.address().expect("an address").to_string();
    let options = Options {
        service: Arc::clone(&server.service),
        ids: Arc::new(SeededIds::default()),
        body_limit: 1 << 16,
        rate_limit: None,
        connections: limits,
        tls: None,
        grace: Duration::ZERO,
    };
    tokio::spawn(bound.serve(options, std::future::pending()));
    address
}

fn patient() -> ConnectionLimits {
    ConnectionLimits { most: 100, first_request: PATIENCE, next_request: PATIENCE, taking: PATIENCE }
}

struct Caller(TcpStream);

impl Caller {
    async fn at(address: &str) -> Self {
        Self(TcpStream::connect(address).await.expect("a connection"))
    }

    async fn says(&mut self, text: &str) {
        self.0.write_all(text.as_bytes()).await.expect("it is sent");
    }

    /// The head of the answer; what it asked for has no body.
    async fn hears(&mut self) -> String {
        let mut head = Vec::new();
        let hearing = async {
            while !head.ends_with(b"\r\n\r\n") {
                head.push(self.0.read_u8().await.expect("an answer"));
            }
        };
        timeout(PATIENCE, hearing).await.expect("an answer in time");
        String::from_utf8(head).expect("text")
    }

    /// Asks whether the server is alive, and is told.
    async fn calls(&mut self) {
        self.says(ALIVE).await;
        assert!(self.hears().await.starts_with("HTTP/1.1 200 OK"));
    }

    /// Goes on sending a letter whenever it hears nothing, and counts them, until it is cut off.
    async fn dribbles(mut self) -> usize {
        let dribbling = async {
            for letters in 0.. {
                let mut answer = [0];
                match timeout(Duration::from_millis(10), self.0.read(&mut answer)).await {
                    Ok(Ok(0) | Err(_)) => return letters,
                    Ok(Ok(_)) => panic!("a half request is answered"),
                    Err(_) if self.0.write_all(b"a").await.is_err() => return letters,
                    Err(_) => {}
                }
            }
            unreachable!()
        };
        timeout(PATIENCE, dribbling).await.expect("it is cut off in time")
    }
}

#[tokio::test]
async fn who_never_ends_the_first_request_is_cut_off() {
    let server = TestServer::shop().await;
    let address = limited(&server, ConnectionLimits { first_request: SHORT, ..patient() }).await;
    let mut slow = Caller::at(&address).await;
    slow.says("GET /alive HTTP/1.1\r\nX-Slow: ").await;
    let begun = Instant::now();
    let dribbled = slow.dribbles().await;
    assert!(begun.elapsed() >= SHORT / 2 && dribbled > 5, "it had {:?} and sent {dribbled} letters", begun.elapsed());

    let mut silent = Caller::at(&address).await;
    assert_eq!(timeout(PATIENCE, silent.0.read(&mut [0])).await.expect("cut off in time").unwrap_or(0), 0);
    Caller::at(&address).await.calls().await;
}

#[tokio::test]
async fn who_has_called_once_may_not_keep_the_connection_for_ever() {
    let server = TestServer::shop().await;
    let address = limited(&server, ConnectionLimits { next_request: SHORT, ..patient() }).await;
    let [mut slow, mut silent] = [Caller::at(&address).await, Caller::at(&address).await];
    for caller in [&mut slow, &mut silent] {
        caller.calls().await;
        caller.calls().await;
    }
    slow.says("GET /alive HTTP/1.1\r\nX-Slow: ").await;
    slow.dribbles().await;
    assert_eq!(timeout(PATIENCE, silent.0.read(&mut [0])).await.expect("cut off in time").unwrap_or(0), 0);
}

#[tokio::test]
async fn who_takes_nothing_of_an_answer_is_cut_off() {
    let server = TestServer::shop().await;
    let address = limited(&server, ConnectionLimits { most: 1, taking: SHORT, ..patient() }).await;
    let mut greedy = Caller::at(&address).await;
    // More answers than the system keeps for a reader.
    let sent: io::Result<()> = async {
        for _ in 0..100 {
            greedy.0.write_all(b"GET /api/4.0/openapi.json HTTP/1.1\r\nHost: bi.example.com\r\n\r\n").await?;
        }
        Ok(())
    }
    .await;
    drop(sent);
    // There is one place, and it is free again.
    Caller::at(&address).await.calls().await;
}

#[tokio::test]
async fn callers_beyond_the_limit_wait_for_their_turn() {
    let server = TestServer::shop().await;
    let address = limited(&server, ConnectionLimits { most: 2, ..patient() }).await;
    let [mut first, mut second] = [Caller::at(&address).await, Caller::at(&address).await];
    first.calls().await;
    second.calls().await;
    let mut third = Caller::at(&address).await;
    third.says(ALIVE).await;
    assert!(timeout(SHORT, third.0.readable()).await.is_err(), "there is no place for a third");
    second.calls().await;
    drop(first);
    assert!(third.hears().await.starts_with("HTTP/1.1 200 OK"));
}

#[tokio::test]
async fn a_download_may_take_longer_than_a_request() {
    let server = TestServer::shop().await;
    let address = limited(&server, ConnectionLimits { first_request: SHORT, next_request: SHORT, ..patient() }).await;
    let sql = json!({"connection_name": "shop", "sql": "SELECT range AS number FROM range(3000000)"});
    let slug = server.admin().post("/sql_queries").json(&sql).await.ok()["slug"].as_str().unwrap().to_owned();
    let mut caller = Caller::at(&address).await;
    let (token, path) = (&server.ada.token, format!("/api/4.0/sql_queries/{slug}/run/csv"));
    let head = format!("POST {path} HTTP/1.1\r\nHost: bi.example.com\r\nAuthorization: Bearer {token}\r\n");
    caller.says(&format!("{head}Connection: close\r\nContent-Length: 0\r\n\r\n")).await;
    let reading = async {
        let (begun, mut bytes, mut piece) = (Instant::now(), Vec::new(), vec![0; 1 << 16]);
        loop {
            // Slowly for three times as long as a request may take, then as fast as it comes.
            let most = if begun.elapsed() < SHORT * 3 { 16 } else { piece.len() };
            match caller.0.read(&mut piece[..most]).await.expect("it does not break off") {
                0 => return bytes,
                read => bytes.extend_from_slice(&piece[..read]),
            }
        }
    };
    let answer = timeout(PATIENCE, reading).await.expect("the rows in time");
    let text = String::from_utf8(answer).expect("text");
    let (head, end) = (&text[..200], &text[text.len() - 30..]);
    assert!(head.starts_with("HTTP/1.1 200 OK") && end.ends_with("\n2999999\n\r\n0\r\n\r\n"), "{head}\n...\n{end}");
}
