//! The server under test.

use crate::call::Caller;
use crate::document::Document;
use crate::ids::SeededIds;
use crate::place;
use crate::seed::Seed;
use belvedere_api::Ids;
use belvedere_api::documents::VERSION;
use belvedere_engine::{Clock, Engine, HandClock, Keep, Parts, Projects, ServedProject};
use belvedere_http::{Bound, ConnectionLimits, Options};
use belvedere_service::{SealingKey, Service, Settings};
use belvedere_store::credentials_api3::{self, NewCredentialsApi3};
use belvedere_store::user::{self, NewUser};
use belvedere_store::{Location, SecretHash, Store, UserId, role};
use belvedere_warehouse::Connection;
use belvedere_warehouse::driver::duckdb::{self, DuckDb};
use reqwest::header::HOST;
use reqwest::{Client, Method, RequestBuilder};
use sha2::{Digest as _, Sha256};
use std::collections::BTreeMap;
use std::num::NonZeroU32;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;
use tempfile::TempDir;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::sync::{Mutex, oneshot};

/// The moment at which a test begins; it stays until the test moves the clock.
pub const NOW: &str = "2026-01-15T12:00:00Z";

/// Where the server is reached, as its calls say: addresses in answers are the same on every run.
pub const ORIGIN: &str = "http://bi.example.com:19999";

/// Most bytes of a request's body; small, so that a test can pass it.
const BODY_LIMIT: usize = 64 * 1024;

/// How long something may take that takes no time: a test that waits longer fails.
const PATIENCE: Duration = Duration::from_secs(30);

/// A server on a free port, with an administrator who is signed in.
pub struct TestServer {
    /// The administrator.
    pub ada: TestUser,
    /// The clock of the server.
    pub clock: HandClock,
    /// What it is made of, for tests that look behind the API.
    pub engine: Arc<Engine>,
    /// Its state.
    pub store: Store,
    /// What answers.
    pub service: Arc<Service>,
    ids: Arc<dyn Ids>,
    base_url: String,
    client: Client,
    document: Arc<Document>,
    other_documents: Mutex<BTreeMap<String, Arc<Document>>>,
    stop: Option<oneshot::Sender<()>>,
    _folder: TempDir,
}

impl std::fmt::Debug for TestServer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("TestServer").field("base_url", &self.base_url).finish_non_exhaustive()
    }
}

/// What two nodes have in common.
#[derive(Clone)]
struct Shared {
    store: Store,
    ids: Arc<dyn Ids>,
    clock: HandClock,
    sealing_key: SealingKey,
}

impl Shared {
    async fn new(location: Location) -> Self {
        let clock = HandClock::at(NOW.parse().expect("a time"));
        let sealing_key = SealingKey::random();
        Self { store: open(location).await, ids: Arc::new(SeededIds::default()), clock, sealing_key }
    }
}

async fn open(location: Location) -> Store {
    Store::open(location).await.expect("a store")
}

/// A user with an API key.
#[derive(Debug, Clone)]
pub struct TestUser {
    /// The user's id.
    pub id: String,
    /// Public half of the API key.
    pub client_id: String,
    /// Secret half of it.
    pub client_secret: String,
    /// A token; empty before the user has signed in.
    pub token: String,
}

impl TestServer {
    /// A server with the shop.
    pub async fn shop() -> Self {
        Self::start(Seed::shop()).await
    }

    /// A server with what `seed` has.
    pub async fn start(seed: Seed) -> Self {
        Self::ruled(seed, Settings::default(), None).await
    }

    /// A server whose operator has decided something: settings, and most calls of a user in a minute.
    pub async fn ruled(seed: Seed, settings: Settings, rate_limit: Option<NonZeroU32>) -> Self {
        let settings = Settings { node: "test".to_owned(), ..settings };
        let mut server = Self::on(Shared::new(place::any().await).await, seed, settings, rate_limit).await;
        server.add_administrator().await;
        server
    }

    /// Two nodes with the shop on one database of PostgreSQL, and one administrator on both.
    pub async fn two_nodes() -> [Self; 2] {
        let place = place::postgres().await;
        let first = Shared::new(place.clone()).await;
        let second = Shared { store: open(place).await, ..first.clone() };
        let settings = |node: &str| Settings { node: node.to_owned(), ..Settings::default() };
        let mut first = Self::on(first, Seed::shop(), settings("first"), None).await;
        let mut second = Self::on(second, Seed::shop(), settings("second"), None).await;
        first.add_administrator().await;
        second.ada = first.ada.clone();
        [first, second]
    }

    async fn on(shared: Shared, seed: Seed, settings: Settings, rate_limit: Option<NonZeroU32>) -> Self {
        let Shared { store, ids, clock, sealing_key } = shared;
        let settings = Settings { sealing_key, ..settings };
        let folder = TempDir::new().expect("a folder");
        let engine = Arc::new(engine(&seed, folder.path(), clock));
        tokio::spawn({
            let store = store.clone();
            async move { store.follow().await }
        });
        let service = Arc::new(Service::new(store.clone(), Arc::clone(&engine), settings));
        let bound = Bound::bind(&["127.0.0.1:0".parse().expect("an address")]).await.expect("a port");
        let base_url = format!("http://{}", bound.address().expect("an address"));
        let (stop, stopped) = oneshot::channel();
        let (ids_of_calls, grace) = (Arc::clone(&ids), Duration::from_secs(1));
        let options = Options {
            service: Arc::clone(&service),
            ids: ids_of_calls,
            body_limit: BODY_LIMIT,
            rate_limit,
            connections: ConnectionLimits::default(),
            tls: None,
            grace,
        };
        tokio::spawn(bound.serve(options, async {
            let _ = stopped.await;
        }));
        let client = Client::builder().no_gzip().build().expect("a client");
        let document = client.get(format!("{base_url}/api/4.0/openapi.json")).send().await.expect("a document");
        let document = Arc::new(Document::new(document.json().await.expect("the document is JSON")));
        let ada = TestUser {
            id: String::new(),
            client_id: String::new(),
            client_secret: String::new(),
            token: String::new(),
        };
        Self {
            ada,
            clock,
            engine,
            store,
            service,
            ids,
            base_url,
            client,
            document,
            other_documents: Mutex::default(),
            stop: Some(stop),
            _folder: folder,
        }
    }

    async fn add_administrator(&mut self) {
        let name = |name: &str| Some(name.to_owned());
        let ada = NewUser {
            first_name: name("Ada"),
            last_name: name("Admin"),
            roles: vec![role::ADMIN],
            ..NewUser::default()
        };
        self.ada = self.add_user(ada).await;
    }

    /// The administrator.
    pub fn admin(&self) -> Caller<'_> {
        self.user(&self.ada)
    }

    /// A user, with the token of the first sign-in.
    pub fn user(&self, user: &TestUser) -> Caller<'_> {
        self.bearer(&user.token)
    }

    /// Whoever has this token.
    pub fn bearer(&self, token: &str) -> Caller<'_> {
        Caller::new(self, Some(token.to_owned()))
    }

    /// Somebody without a token.
    pub fn anybody(&self) -> Caller<'_> {
        Caller::new(self, None)
    }

    /// Adds a user without any rights, signed in.
    pub async fn add_plain_user(&self) -> TestUser {
        let name = |name: &str| Some(name.to_owned());
        self.add_user(NewUser { first_name: name("Paul"), last_name: name("Plain"), ..NewUser::default() }).await
    }

    /// Adds a user with an API key, signed in unless disabled.
    pub async fn add_user(&self, new: NewUser) -> TestUser {
        let (client_id, client_secret) = (self.ids.alphanumeric(20), self.ids.alphanumeric(24));
        let key = client_id.parse().expect("twenty letters");
        let secret_hash = SecretHash::new(Sha256::digest(client_secret.as_bytes()).into());
        let (now, is_disabled) = (self.clock.now(), new.is_disabled);
        let added = self.store.write(async |tx| {
            let user = user::insert(tx, new, now).await?;
            let key = NewCredentialsApi3 { user_id: user.id, client_id: key, secret_hash, purpose: None };
            credentials_api3::insert(tx, key, now).await?;
            Ok(user)
        });
        let id = added.await.expect("a user").id.to_string();
        let mut user = TestUser { id, client_id, client_secret, token: String::new() };
        if !is_disabled {
            user.token = self.login(&user).await;
        }
        user
    }

    /// Disables a user.
    pub async fn disable(&self, user: &TestUser) {
        let (id, now): (UserId, _) = (user.id.parse().expect("an id"), self.clock.now());
        let disabled =
            self.store.write(async |tx| user::update(tx, id, vec![user::COLUMNS.is_disabled.set(true)], now).await);
        disabled.await.expect("a change").expect("the user");
    }

    /// A new token of a user.
    pub async fn login(&self, user: &TestUser) -> String {
        let form = [("client_id", user.client_id.as_str()), ("client_secret", user.client_secret.as_str())];
        token(&self.anybody().post("/login").form(&form).await.ok())
    }

    /// A token of the administrator for acting as `user`.
    pub async fn sudo(&self, user: &TestUser) -> String {
        token(&self.admin().post(&format!("/login/{}", user.id)).await.ok())
    }

    /// The source of the server's ids.
    pub fn ids(&self) -> &dyn Ids {
        &*self.ids
    }

    /// The document that the server serves for the newest version.
    pub fn document(&self) -> &Document {
        &self.document
    }

    /// The document that the server serves for a version; none for a version that it does not answer.
    pub async fn document_of(&self, version: &str) -> Option<Arc<Document>> {
        if version == VERSION {
            return Some(Arc::clone(&self.document));
        }
        let mut known = self.other_documents.lock().await;
        if let Some(document) = known.get(version) {
            return Some(Arc::clone(document));
        }
        let address = self.address(&format!("/api/{version}/openapi.json"));
        let served = self.client.get(address).send().await.expect("an answer").error_for_status().ok()?;
        let document = Document::older(served.json().await.expect("the document is JSON"), &self.document);
        Some(Arc::clone(known.entry(version.to_owned()).or_insert(Arc::new(document))))
    }

    /// The address of a path of the host, for clients of another kind.
    pub fn address(&self, path: &str) -> String {
        format!("{}{path}", self.base_url)
    }

    /// Sends bytes as they are and gives all that comes back before the server closes the connection.
    pub async fn raw(&self, bytes: &[u8]) -> String {
        let exchange = async {
            let mut stream = TcpStream::connect(self.base_url.trim_start_matches("http://")).await?;
            stream.write_all(bytes).await?;
            let mut answer = Vec::new();
            stream.read_to_end(&mut answer).await?;
            std::io::Result::Ok(answer)
        };
        let answer = tokio::time::timeout(PATIENCE, exchange).await.expect("an answer in time");
        String::from_utf8_lossy(&answer.expect("an answer")).into_owned()
    }

    /// Waits until no statement runs.
    pub async fn until_nothing_runs(&self) {
        eventually(async || self.engine.running().list().is_empty().then_some(())).await;
    }

    /// Tells the server to stop, as an operator does.
    pub fn stop(&mut self) {
        if let Some(stop) = self.stop.take() {
            let _ = stop.send(());
        }
    }

    pub(crate) fn client(&self) -> &Client {
        &self.client
    }

    pub(crate) fn request(&self, method: Method, path: &str) -> RequestBuilder {
        let host = ORIGIN.trim_start_matches("http://");
        self.client.request(method, self.address(path)).header(HOST, host)
    }
}

impl Drop for TestServer {
    fn drop(&mut self) {
        self.stop();
    }
}

/// Asks again and again until there is something. Fails when that takes longer than anything here should.
pub async fn eventually<T>(mut look: impl AsyncFnMut() -> Option<T>) -> T {
    let asking = async {
        loop {
            if let Some(found) = look().await {
                return found;
            }
            tokio::time::sleep(Duration::from_millis(2)).await;
        }
    };
    tokio::time::timeout(PATIENCE, asking).await.expect("it happens in time")
}

fn token(login: &serde_json::Value) -> String {
    login["access_token"].as_str().expect("a token").to_owned()
}

fn engine(seed: &Seed, folder: &Path, clock: HandClock) -> Engine {
    let file = folder.join("shop.duckdb");
    let tables = seed.tables.iter().map(|(name, ddl)| (name.as_str(), ddl.as_str(), Vec::new()));
    duckdb::create(&file, tables).expect("the tables are made");
    let mut options = duckdb::Options::new(&file, folder.join("work"));
    options.memory_mib = 512;
    let database = DuckDb::open(&options).expect("the database opens");
    let connection = Connection::duckdb("shop", database, seed.limits);
    let files = seed.files.iter().map(|(path, text)| (path.as_str().into(), text.as_str().into())).collect();
    Engine::new(Parts {
        projects: Projects::of([ServedProject::embedded("shop", files)]).expect("it has no imports"),
        connections: [connection].into_iter().collect(),
        clock: Clock::Hand(clock),
        keep: Keep::open(folder.join("results"), 64 << 20).expect("a folder for results"),
    })
}
