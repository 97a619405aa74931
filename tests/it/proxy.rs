//! Something between an instance and its database that can stop passing bytes on, and closes nothing: both ends see a
//! connection that is silent.

use std::io::{Read, Write};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::os::unix::net::UnixStream;
use std::path::PathBuf;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};

use db::url::DatabaseUrl;

use crate::cluster::cluster;
use crate::process::text_of;

/// The bytes that are not passed on any more.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cut {
    /// Those of both directions.
    Both,
    /// Those of the database: what it is told it does, and nobody hears of it.
    Answers,
}

/// The way through. When it goes its connections break, so that no thread waits for them for ever.
pub struct Proxy {
    port: u16,
    state: Arc<State>,
}

impl Drop for Proxy {
    fn drop(&mut self) {
        for socket in self.state.sockets.lock().unwrap().drain(..) {
            let _ = socket.shutdown(Shutdown::Both);
        }
    }
}

/// Cuts a way through from elsewhere.
#[derive(Clone)]
pub struct Cutter(Arc<State>);

impl Cutter {
    /// Passes nothing on any more, for connections that are there and for new ones.
    pub fn cut(&self, cut: Cut) {
        self.0.silent_answers.store(u64::MAX, Ordering::SeqCst);
        if cut == Cut::Both {
            self.0.silent_requests.store(u64::MAX, Ordering::SeqCst);
        }
    }
}

/// Connections whose number is below the bound are silent.
#[derive(Default)]
struct State {
    sockets: Mutex<Vec<TcpStream>>,
    connections: AtomicU64,
    silent_requests: AtomicU64,
    silent_answers: AtomicU64,
}

impl Proxy {
    /// A way to the server of this run.
    pub fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let (state, socket) = (Arc::new(State::default()), cluster().folder().join(".s.PGSQL.5432"));
        let proxy = Self { port, state: state.clone() };
        std::thread::spawn(move || {
            for client in listener.incoming().map_while(Result::ok) {
                let number = state.connections.fetch_add(1, Ordering::SeqCst);
                serve(client, socket.clone(), number, &state);
            }
        });
        proxy
    }

    /// The URL of a database by this way.
    pub fn url(&self, database: &DatabaseUrl) -> DatabaseUrl {
        let text = text_of(database);
        let name = text.split_once("@/").unwrap().1.split_once('?').unwrap().0;
        DatabaseUrl::Postgres(format!("postgres://muster@127.0.0.1:{}/{name}?sslmode=disable", self.port))
    }

    /// Cuts it from elsewhere.
    pub fn cutter(&self) -> Cutter {
        Cutter(self.state.clone())
    }

    /// Passes on what comes by new connections; those that were there stay silent.
    pub fn heal(&self) {
        let bound = self.state.connections.load(Ordering::SeqCst);
        self.state.silent_answers.store(bound, Ordering::SeqCst);
        self.state.silent_requests.store(bound, Ordering::SeqCst);
    }
}

fn serve(client: TcpStream, socket: PathBuf, number: u64, state: &Arc<State>) {
    let Ok(server) = UnixStream::connect(socket) else { return };
    state.sockets.lock().unwrap().push(client.try_clone().unwrap());
    let (from_client, to_client) = (client.try_clone().unwrap(), client);
    let (from_server, to_server) = (server.try_clone().unwrap(), server);
    let state = state.clone();
    let other = state.clone();
    std::thread::spawn(move || {
        pass_on(from_client, &to_server, || number < state.silent_requests.load(Ordering::SeqCst));
        let _ = to_server.shutdown(Shutdown::Both);
    });
    std::thread::spawn(move || {
        pass_on(from_server, &to_client, || number < other.silent_answers.load(Ordering::SeqCst));
        // An end that is cut off does not hear that the other one ended.
        if number >= other.silent_answers.load(Ordering::SeqCst) {
            let _ = to_client.shutdown(Shutdown::Both);
        }
    });
}

fn pass_on(mut from: impl Read, mut to: impl Write, is_silent: impl Fn() -> bool) {
    let mut bytes = [0; 16 * 1024];
    while let Ok(length) = from.read(&mut bytes) {
        if length == 0 {
            return;
        }
        if !is_silent() && to.write_all(&bytes[..length]).is_err() {
            return;
        }
    }
}
