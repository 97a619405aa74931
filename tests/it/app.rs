//! The whole application in the test's own process: requests enter at the top, and no port is opened.

use std::path::Path;
use std::pin::Pin;
use std::sync::{Arc, OnceLock};

use actix_web::body::{BoxBody, to_bytes};
use actix_web::dev::{Service, ServiceResponse};
use actix_web::http::header::{HeaderMap, HeaderName, HeaderValue};
use actix_web::http::{Method, StatusCode};
use actix_web::web::Bytes;
use actix_web::{HttpResponse, test};
use auth::passwords::Passwords;
use auth::receipts::ReceiptKeys;
use auth::tokens::TokenKeys;
use base::clock::Clock;
use db::job::Watch;
use db::limits::Limits;
use db::locks::Locks;
use db::url::DatabaseUrl;
use db::{Db, accounts};
use muster::api::answer_files::AnswerFiles;
use muster::api::app;
use muster::api::caller_limits::CallerLimits;
use muster::api::settings::Settings;
use muster::api::state::AppState;
use serde_json::Value;
use service::sessions;
use text::language::Language;
use text::messages::Message;

use crate::cases::Fixture;
use crate::database::{Backend, TestDatabase};
use crate::rows::tester;
use crate::seed;

type Called = Pin<Box<dyn Future<Output = HttpResponse<BoxBody>>>>;

/// The application over a database of its own, which contains only [`seed::plant`]. Its clock stands at [`seed::now`]
/// until it is set.
pub struct TestApp {
    /// The clock of the application.
    pub clock: Clock,
    /// Its database, for data that no operation shows.
    pub db: Db,
    /// The settings that an operator would choose.
    pub settings: Arc<Settings>,
    /// The files of its long answers.
    pub files: AnswerFiles,
    /// Its keys of access tokens.
    pub keys: Arc<TokenKeys>,
    /// Its keys of receipts.
    pub receipts: Arc<ReceiptKeys>,
    call: Box<dyn Fn(test::TestRequest) -> Called>,
    // Dropped last: the fields above hold connections to it.
    database: Arc<TestDatabase>,
}

/// The parts of an application beside its database; they survive a restart.
#[derive(Clone)]
pub struct Lasting {
    /// Its clock.
    pub clock: Clock,
    /// The settings that an operator would choose.
    pub settings: Arc<Settings>,
    /// Its keys of access tokens.
    pub keys: Arc<TokenKeys>,
    /// Its keys of receipts.
    pub receipts: Arc<ReceiptKeys>,
}

impl Lasting {
    /// The keys of a folder, created if there are none, and a clock that stands at [`seed::now`].
    pub fn with_keys(folder: &Path) -> Self {
        Self {
            keys: Arc::new(TokenKeys::load_or_create(folder).unwrap()),
            receipts: Arc::new(ReceiptKeys::load_or_create(folder).unwrap()),
            ..Self::new(everything())
        }
    }

    /// New keys, and a clock that stands at [`seed::now`].
    pub fn new(settings: Settings) -> Self {
        Self {
            clock: Clock::standing_at(seed::now()),
            settings: Arc::new(settings),
            keys: Arc::new(TokenKeys::generate().unwrap()),
            receipts: Arc::new(ReceiptKeys::generate().unwrap()),
        }
    }
}

/// Shared, because making one takes a slow hash; it has room for far more sign-ins than the tests make at once.
static PASSWORDS: OnceLock<Passwords> = OnceLock::new();

impl Fixture for TestApp {
    const BACKENDS: &'static [Option<Backend>] = TestDatabase::BACKENDS;

    async fn make(backend: Option<Backend>) -> Self {
        Self::over(TestDatabase::make(backend).await).await
    }
}

/// The settings by which a service offers all that it can.
fn everything() -> Settings {
    Settings { open_data: true, ..Settings::default() }
}

fn shared_passwords() -> Passwords {
    PASSWORDS.get_or_init(|| Passwords::new().unwrap()).clone()
}

impl TestApp {
    /// Plants the seed in a database and builds the application over it.
    pub async fn over(database: TestDatabase) -> Self {
        Self::bare(database).await.planted().await
    }

    /// The same with a password checker that no other test uses.
    pub async fn with(database: TestDatabase, passwords: Passwords) -> Self {
        Self::built(database, passwords, everything()).await.planted().await
    }

    /// The same with given settings.
    pub async fn with_settings(database: TestDatabase, settings: Settings) -> Self {
        Self::built(database, shared_passwords(), settings).await.planted().await
    }

    /// Builds the application over a database as it is.
    pub async fn bare(database: TestDatabase) -> Self {
        Self::built(database, shared_passwords(), everything()).await
    }

    async fn planted(self) -> Self {
        self.db.write(tester(), Locks::none(), seed::plant).await.unwrap();
        self
    }

    async fn built(database: TestDatabase, passwords: Passwords, settings: Settings) -> Self {
        Self::started(Arc::new(database), Lasting::new(settings), passwords, None).await
    }

    /// Builds the application over a database as it is, with the parts that survive a restart, and a watcher that is told
    /// of every step of a commit.
    pub async fn again(database: Arc<TestDatabase>, lasting: Lasting, watch: Option<Watch>) -> Self {
        Self::started(database, lasting, shared_passwords(), watch).await
    }

    /// The same with time limits, and over another connection to the database.
    pub async fn reaching(
        database: Arc<TestDatabase>,
        lasting: Lasting,
        limits: Limits,
        url: &DatabaseUrl,
        watch: Option<Watch>,
    ) -> Self {
        let db = Db::open_watched(url, limits, watch).unwrap();
        Self::around(database, db, lasting, shared_passwords()).await
    }

    async fn started(
        database: Arc<TestDatabase>,
        lasting: Lasting,
        passwords: Passwords,
        watch: Option<Watch>,
    ) -> Self {
        // Slow requests on a busy machine must not be refused.
        let db = Db::open_watched(&database.url, Limits::COMMAND, watch).unwrap();
        Self::around(database, db, lasting, passwords).await
    }

    async fn around(database: Arc<TestDatabase>, db: Db, lasting: Lasting, passwords: Passwords) -> Self {
        let Lasting { clock, settings, keys, receipts } = lasting;
        let files = AnswerFiles::new(std::env::temp_dir(), settings.answer_files);
        let state = AppState {
            db: db.clone(),
            keys: keys.clone(),
            receipts: receipts.clone(),
            passwords,
            caller_limits: CallerLimits::default(),
            quotas: Arc::default(),
            today: Arc::default(),
            files: files.clone(),
            clock: clock.clone(),
            settings: settings.clone(),
            metrics: None,
        };
        let service = test::init_service(app::build(state)).await;
        let call = move |request: test::TestRequest| -> Called {
            let called = service.call(request.to_request());
            Box::pin(async move {
                match called.await {
                    Ok(response) => ServiceResponse::map_into_boxed_body(response).into(),
                    Err(error) => error.error_response(),
                }
            })
        };
        Self { clock, db, settings, files, keys, receipts, call: Box::new(call), database }
    }

    /// Ends the application and keeps its database.
    pub async fn into_database(self) -> TestDatabase {
        self.db.close().await.unwrap();
        let database = self.database.clone();
        drop((self.db, self.call));
        drop(self.database);
        Arc::into_inner(database).expect("only the application had it")
    }

    /// Its database, for direct access.
    pub fn database(&self) -> &TestDatabase {
        &self.database
    }

    /// A request that reads.
    pub fn get(&self, path: &str) -> Request<'_> {
        self.request(Method::GET, path)
    }

    /// A request that puts a thing under an id of the client's.
    pub fn put(&self, path: &str) -> Request<'_> {
        self.request(Method::PUT, path)
    }

    /// A request that carries out an operation.
    pub fn post(&self, path: &str) -> Request<'_> {
        self.request(Method::POST, path)
    }

    /// A request of any method.
    pub fn request(&self, method: Method, path: &str) -> Request<'_> {
        Request { app: self, caller: None, request: test::TestRequest::default().method(method).uri(path) }
    }

    /// An access token of an account, as sign-in would give it now, in a session of its own.
    pub async fn token_of(&self, username: &str) -> String {
        let name = username.to_owned();
        let found = self.db.read(move |snapshot| accounts::find_by_username(snapshot.connection, &name)).await.unwrap();
        let (account, _) = found.unwrap_or_else(|| panic!("there is no account {username}"));
        let (id, now) = (account.id, self.clock.now());
        let opened =
            self.db.write(tester(), Locks::none(), move |change| sessions::open(change, id, None, now)).await.unwrap();
        let lifetime = self.settings.access_token_lifetime;
        self.keys.issue(&account, opened.value.session, None, lifetime, now).unwrap()
    }
}

/// A request under construction.
#[must_use]
pub struct Request<'a> {
    app: &'a TestApp,
    caller: Option<String>,
    request: test::TestRequest,
}

impl Request<'_> {
    /// Sets the account that calls; without one nobody is signed in.
    pub fn as_(mut self, username: &str) -> Self {
        self.caller = Some(username.to_owned());
        self
    }

    /// Adds a header.
    pub fn header(self, name: &'static str, value: &str) -> Self {
        self.header_bytes(name, value.as_bytes())
    }

    /// Adds a header whose value may not be text.
    pub fn header_bytes(mut self, name: &'static str, value: &[u8]) -> Self {
        let value = HeaderValue::from_bytes(value).unwrap();
        self.request = self.request.append_header((HeaderName::from_static(name), value));
        self
    }

    /// Adds an access token.
    pub fn bearing(self, token: &Value) -> Self {
        self.header("authorization", &format!("Bearer {}", token.as_str().unwrap()))
    }

    /// Sets the address that it comes from.
    pub fn at_address(mut self, address: &str) -> Self {
        self.request = self.request.peer_addr(format!("{address}:50000").parse().unwrap());
        self
    }

    /// Sends a value as JSON.
    pub fn json(mut self, body: &Value) -> Self {
        self.request = self.request.set_json(body);
        self
    }

    /// Adds a body of raw bytes.
    pub fn body(mut self, media_type: &str, body: impl Into<Bytes>) -> Self {
        self.request = self.request.insert_header(("content-type", media_type)).set_payload(body);
        self
    }

    /// Sends it and reads the whole answer.
    pub async fn send(self) -> Answer {
        self.begin().await.read().await
    }

    /// Sends it, and reads nothing of its body yet.
    pub async fn begin(mut self) -> HeldAnswer {
        if let Some(username) = &self.caller {
            let token = self.app.token_of(username).await;
            self.request = self.request.insert_header(("authorization", format!("Bearer {token}")));
        }
        HeldAnswer((self.app.call)(self.request).await)
    }

    /// Adds a header whose name is not fixed.
    pub fn with_header(mut self, name: &str, value: &str) -> Self {
        self.request = self.request.insert_header((name, value));
        self
    }

    /// Adds a body of raw bytes, described by the headers.
    pub fn bytes(mut self, body: impl Into<Bytes>) -> Self {
        self.request = self.request.set_payload(body);
        self
    }
}

/// An answer whose body is not read yet.
pub struct HeldAnswer(HttpResponse<BoxBody>);

impl HeldAnswer {
    /// Reads it.
    pub async fn read(self) -> Answer {
        let (status, headers) = (self.0.status(), self.0.headers().clone());
        let answer = Answer { status, headers, body: to_bytes(self.0.into_body()).await.unwrap() };
        answer.look_for_title();
        answer
    }
}

/// A whole answer.
#[derive(Debug)]
pub struct Answer {
    /// Its status.
    pub status: StatusCode,
    /// Its headers.
    pub headers: HeaderMap,
    /// Its bytes.
    pub body: Bytes,
}

impl Answer {
    /// The body as JSON.
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_else(|error| panic!("{error}: {self:?}"))
    }

    /// The body as JSON, if the answer has the expected status; otherwise the test fails and shows the answer.
    pub fn expect(&self, status: u16) -> Value {
        assert_eq!(self.status, status, "{}", String::from_utf8_lossy(&self.body));
        self.json()
    }

    /// Checks that a problem has the title of its code, not the one for codes that are not listed.
    fn look_for_title(&self) {
        if self.header("content-type") != "application/problem+json" {
            return;
        }
        let problem = self.json();
        let other = [Language::English, Language::Chinese].map(|language| Message::new("title-other").text(language));
        let title = problem["title"].as_str().unwrap();
        assert!(!other.iter().any(|other| other == title), "no message file has title-{}", problem["code"]);
    }

    /// A header's text; empty if it is missing.
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }

    /// The code of a problem, after checking that the answer is one.
    pub fn problem(&self, status: u16) -> String {
        let problem = self.expect(status);
        assert_eq!(self.header("content-type"), "application/problem+json");
        assert_eq!(problem["status"], status);
        problem["code"].as_str().unwrap().to_owned()
    }
}
