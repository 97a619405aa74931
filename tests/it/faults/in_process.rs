//! Servers in the test's own process, over one database: quick, and the same for a seed whenever it runs.

use std::cell::{Cell, RefCell};
use std::path::PathBuf;
use std::rc::Rc;
use std::sync::Arc;

use actix_web::http::Method;
use base::clock::Clock;
use chrono::TimeDelta;
use db::dump::copy_sqlite;
use db::url::DatabaseUrl;
use service::backup::{self, Programs};
use service::revocations;
use tempfile::TempDir;
use tokio::sync::Mutex;

use super::crash::{Armed, End};
use super::network::{Got, Sent};
use crate::app::{Lasting, TestApp};
use crate::database::{Backend, TestDatabase, scratch_folder};

/// The servers.
pub struct Inside {
    servers: Vec<RefCell<Place>>,
    database: RefCell<Arc<TestDatabase>>,
    lasting: Lasting,
    backups: TempDir,
    /// The keys, and the revocations beside them.
    _keys: Option<TempDir>,
    saved: Cell<usize>,
    /// Held by the request that is being answered. Simultaneous requests are answered in order of arrival, so that a seed
    /// always has the same outcome; real processes answer them side by side.
    turn: Mutex<()>,
}

/// The slot of a server, running or stopped.
#[derive(Default)]
struct Place {
    app: Option<Rc<TestApp>>,
    armed: Armed,
}

impl Inside {
    /// Starts this many over a database, with new keys and a clock that stands still.
    pub async fn start(database: TestDatabase, servers: usize) -> Self {
        let keys = scratch_folder("muster-keys-");
        let lasting = Lasting::with_keys(keys.path());
        let inside = Self::start_with(Arc::new(database), servers, lasting).await;
        Self { _keys: Some(keys), ..inside }
    }

    /// Starts this many over a database.
    pub async fn start_with(database: Arc<TestDatabase>, servers: usize, lasting: Lasting) -> Self {
        let inside = Self {
            servers: (0..servers).map(|_| RefCell::default()).collect(),
            database: RefCell::new(database),
            lasting,
            backups: scratch_folder("muster-backups-"),
            _keys: None,
            saved: Cell::new(0),
            turn: Mutex::new(()),
        };
        for which in 0..servers {
            inside.restart(which).await;
        }
        inside
    }

    /// The number of servers.
    pub fn number(&self) -> usize {
        self.servers.len()
    }

    /// Their clock.
    pub fn clock(&self) -> Clock {
        self.lasting.clock.clone()
    }

    /// Moves their clock forward.
    pub fn wait(&self, time: TimeDelta) {
        self.lasting.clock.set(self.lasting.clock.now() + time);
    }

    /// A server, if it runs.
    pub fn app(&self, which: usize) -> Option<Rc<TestApp>> {
        self.servers[which].borrow().app.clone()
    }

    /// An access token for an account, good from now.
    pub async fn token_of(&self, username: &str) -> Option<String> {
        let which = (0..self.number()).find(|which| self.app(*which).is_some())?;
        let (app, armed) = (self.app(which)?, self.servers[which].borrow().armed.clone());
        // It is written by hand, and not what is to end the server.
        let end = armed.set(None);
        let token = app.token_of(username).await;
        armed.set(end);
        Some(token)
    }

    /// Sends a request to one of them and returns its answer; `None` if it is down or ends in the meantime.
    pub async fn call(&self, which: usize, sent: &Sent) -> Option<Got> {
        let _turn = self.turn.lock().await;
        let (app, armed) = {
            let place = self.servers[which].borrow();
            (place.app.clone()?, place.armed.clone())
        };
        let method = Method::from_bytes(sent.method.as_bytes()).unwrap();
        let request = sent
            .headers
            .iter()
            .fold(app.request(method, &sent.path), |request, (name, value)| request.with_header(name, value));
        let answer = request.bytes(sent.body.clone()).send().await;
        if armed.has_fired() {
            drop(app);
            self.stop(which).await;
            return None;
        }
        let headers = answer.headers.iter().map(|(name, value)| (name.to_string(), value.to_str().unwrap().to_owned()));
        // The headers that a server adds to every answer.
        let date = ("date".to_owned(), self.clock().now().format("%a, %d %b %Y %H:%M:%S GMT").to_string());
        Some(Got {
            status: answer.status.as_u16(),
            headers: headers.chain([date]).collect(),
            body: answer.body.to_vec(),
        })
    }

    /// Sets the step at which one of them ends.
    pub fn end_at(&self, which: usize, end: End) {
        self.servers[which].borrow().armed.set(Some(end));
    }

    /// Cancels the ends that were set.
    pub fn disarm(&self) {
        for place in &self.servers {
            place.borrow().armed.set(None);
        }
    }

    /// Stops one, and waits for its writers to finish.
    pub async fn stop(&self, which: usize) {
        let app = std::mem::take(&mut *self.servers[which].borrow_mut()).app;
        if let Some(app) = app {
            app.db.close().await.unwrap();
        }
    }

    /// Starts one, if it is down.
    pub async fn restart(&self, which: usize) {
        if self.servers[which].borrow().app.is_some() {
            return;
        }
        let armed = Armed::default();
        let database = self.database.borrow().clone();
        let app = TestApp::again(database, self.lasting.clone(), Some(armed.watch())).await;
        revocations::apply(&app.db, self.lasting.keys.revocations(), "muster serve").await.unwrap();
        *self.servers[which].borrow_mut() = Place { app: Some(Rc::new(app)), armed };
    }

    fn backup_path(&self, number: usize) -> PathBuf {
        self.backups.path().join(format!("{number}.backup"))
    }

    /// Saves the database, and returns the number of the backup.
    pub fn back_up(&self) -> usize {
        let number = self.saved.replace(self.saved.get() + 1);
        let to = self.backup_path(number);
        match &self.database.borrow().url {
            DatabaseUrl::Sqlite(path) => copy_sqlite(path, &to).unwrap(),
            url => {
                backup::save(url, &to, &Programs::default()).unwrap();
            }
        }
        number
    }

    /// Replaces the database by a backup and restarts all servers. The keys stay.
    pub async fn restore(&self, number: usize) {
        for which in 0..self.number() {
            self.stop(which).await;
        }
        let backend = self.database.borrow().backend;
        let place = TestDatabase::create_empty(backend);
        match (backend, &place.url) {
            (Backend::Sqlite, DatabaseUrl::Sqlite(path)) => {
                std::fs::copy(self.backup_path(number), path).unwrap();
            }
            (_, url) => {
                backup::restore(url, &self.backup_path(number), &Programs::default(), false).unwrap();
            }
        }
        *self.database.borrow_mut() = Arc::new(place);
        for which in 0..self.number() {
            self.restart(which).await;
        }
    }
}
