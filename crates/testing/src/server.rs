//! The server under test.

use crate::document::Document;
use crate::ids::SeededIds;
use belvedere_api::{Ids, Release};
use belvedere_engine::{Clock, Engine, Keep, Parts, ServedProject};
use belvedere_http::{Bound, Options};
use belvedere_service::{Service, Settings};
use belvedere_store::credentials_api3::{self, NewCredentialsApi3};
use belvedere_store::user::{self, NewUser};
use belvedere_store::{Location, SecretHash, Store};
use belvedere_warehouse::driver::duckdb::{self, DuckDb};
use belvedere_warehouse::{Connection, Limits};
use reqwest::header::CONTENT_TYPE;
use reqwest::{Client, Method, RequestBuilder};
use serde_json::Value;
use sha2::{Digest as _, Sha256};
use std::sync::Arc;
use std::time::Duration;
use tempfile::TempDir;
use tokio::sync::oneshot;

/// The moment at which everything in a test happens.
pub const NOW: &str = "2026-01-15T12:00:00Z";

/// Most bytes of a request's body; small, so that a test can pass it.
const BODY_LIMIT: usize = 64 * 1024;

/// A server on a free port, with an administrator who is signed in.
pub struct TestServer {
    /// `http://127.0.0.1:<port>`
    pub base_url: String,
    /// Public half of the administrator's API key.
    pub client_id: String,
    /// Secret half of it.
    pub client_secret: String,
    /// The administrator's token.
    pub token: String,
    /// What it is made of, for tests that look behind the API.
    pub engine: Arc<Engine>,
    /// Its state.
    pub store: Store,
    client: Client,
    document: Document,
    stop: Option<oneshot::Sender<()>>,
    _folder: TempDir,
}

impl std::fmt::Debug for TestServer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("TestServer").field("base_url", &self.base_url).finish_non_exhaustive()
    }
}

impl TestServer {
    /// A server with one project of `files` (path and text) on the connection `shop`, whose tables are made by `tables`
    /// (name and `CREATE TABLE` statement).
    pub async fn start(files: &[(&str, &str)], tables: &[(&str, &str)]) -> Self {
        let folder = TempDir::new().expect("a folder");
        let file = folder.path().join("shop.duckdb");
        let filled = tables.iter().map(|(name, ddl)| (*name, *ddl, Vec::new()));
        duckdb::create(&file, filled).expect("the tables are made");
        let mut options = duckdb::Options::new(&file, folder.path().join("work"));
        options.memory_mib = 512;
        let database = DuckDb::open(&options).expect("the database opens");
        let connection = Connection::duckdb("shop", database, Limits::default());
        let files = files.iter().map(|(path, text)| ((*path).into(), (*text).into())).collect();
        let clock = Clock::Fixed(NOW.parse().expect("a time"));
        let engine = Arc::new(Engine::new(Parts {
            projects: [ServedProject::embedded("shop", files)].into_iter().collect(),
            connections: [connection].into_iter().collect(),
            clock,
            keep: Keep::open(folder.path().join("results"), 64 << 20).expect("a folder for results"),
        }));
        let store = Store::open(Location::Memory).await.expect("a store");
        let ids: Arc<dyn Ids> = Arc::new(SeededIds::default());
        let (client_id, client_secret) = (ids.alphanumeric(20), ids.alphanumeric(24));
        add_admin(&store, &client_id, &client_secret, clock).await;
        let settings = Settings { release: Release::new(26, 22), behind_proxy: false, node: "test".to_owned() };
        let service = Arc::new(Service::new(store.clone(), Arc::clone(&engine), settings));
        let bound = Bound::bind(&["127.0.0.1:0".parse().expect("an address")]).await.expect("a port");
        let base_url = format!("http://{}", bound.address().expect("an address"));
        let (stop, stopped) = oneshot::channel();
        let options = Options { service, ids, body_limit: BODY_LIMIT, grace: Duration::from_secs(1) };
        tokio::spawn(bound.serve(options, async {
            let _ = stopped.await;
        }));
        let client = Client::new();
        let document = client.get(format!("{base_url}/api/4.0/openapi.json")).send().await.expect("a document");
        let document = Document::new(document.json().await.expect("the document is JSON"));
        let mut server = Self {
            base_url,
            client_id,
            client_secret,
            token: String::new(),
            engine,
            store,
            client,
            document,
            stop: Some(stop),
            _folder: folder,
        };
        server.token = server.login().await;
        server
    }

    /// A new token of the administrator.
    pub async fn login(&self) -> String {
        let form = [("client_id", self.client_id.as_str()), ("client_secret", self.client_secret.as_str())];
        let answer = self.send(self.request(Method::POST, "/login").form(&form), "POST", "/login").await;
        assert_eq!(answer.status, 200, "{answer:?}");
        answer.json()["access_token"].as_str().expect("a token").to_owned()
    }

    /// GET as the administrator; `path` is below the base path.
    pub async fn get(&self, path: &str) -> Answer {
        self.call("GET", path, None).await
    }

    /// POST of a JSON body as the administrator.
    pub async fn post(&self, path: &str, body: Value) -> Answer {
        self.call("POST", path, Some(body)).await
    }

    /// Any call as the administrator.
    pub async fn call(&self, method: &str, path: &str, body: Option<Value>) -> Answer {
        let mut request = self.request(method.parse().expect("a method"), path).bearer_auth(&self.token);
        if let Some(body) = body {
            request = request.json(&body);
        }
        self.send(request, method, path).await
    }

    /// A request without a token, to be completed; `path` is below the base path.
    pub fn request(&self, method: Method, path: &str) -> RequestBuilder {
        self.client.request(method, format!("{}/api/4.0{path}", self.base_url))
    }

    /// A request to a path of the host.
    pub fn host_request(&self, method: Method, path: &str) -> RequestBuilder {
        self.client.request(method, format!("{}{path}", self.base_url))
    }

    /// Sends a request and validates the answer against the document.
    pub async fn send(&self, request: RequestBuilder, method: &str, path: &str) -> Answer {
        let response = request.send().await.expect("an answer");
        let status = response.status().as_u16();
        let headers = response.headers().clone();
        let body = response.bytes().await.expect("a whole body").to_vec();
        let answer = Answer { status, headers, body };
        let (bare, query) = path.split_once('?').unwrap_or((path, ""));
        let fields = query.split('&').find_map(|pair| pair.strip_prefix("fields=")).map(|text| text.replace("%20", " "));
        if answer.content_type().starts_with("application/json") && !answer.body.is_empty() {
            let problems = self.document.problems(method, bare, fields.as_deref(), status, &answer.json());
            assert_eq!(problems, Vec::<String>::new(), "{method} {path} breaks the document: {answer:?}");
        }
        answer
    }
}

impl Drop for TestServer {
    fn drop(&mut self) {
        if let Some(stop) = self.stop.take() {
            let _ = stop.send(());
        }
    }
}

async fn add_admin(store: &Store, client_id: &str, client_secret: &str, clock: Clock) {
    let client_id = client_id.parse().expect("twenty letters");
    let secret_hash = SecretHash::new(Sha256::digest(client_secret.as_bytes()).into());
    let now = clock.now();
    let name = |name: &str| Some(name.to_owned());
    let admin = NewUser { first_name: name("Ada"), last_name: name("Admin"), is_admin: true, ..NewUser::default() };
    let added = store.write(async |tx| {
        let admin = user::insert(tx, admin, now).await?;
        credentials_api3::insert(tx, NewCredentialsApi3 { user_id: admin.id, client_id, secret_hash, purpose: None }, now).await
    });
    added.await.expect("an administrator");
}

/// An answer, read whole.
#[derive(Clone)]
pub struct Answer {
    /// The status.
    pub status: u16,
    /// The headers.
    pub headers: reqwest::header::HeaderMap,
    /// The body.
    pub body: Vec<u8>,
}

impl Answer {
    /// The body as text.
    pub fn text(&self) -> &str {
        std::str::from_utf8(&self.body).expect("the body is UTF-8")
    }

    /// The body as JSON.
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_else(|error| panic!("{error}: {self:?}"))
    }

    /// The value of a header.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }

    /// `Content-Type`
    pub fn content_type(&self) -> &str {
        self.headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default()
    }
}

impl std::fmt::Debug for Answer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} {}", self.status, String::from_utf8_lossy(&self.body))
    }
}
