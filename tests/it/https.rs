//! HTTPS by the service itself: its certificate, what does not change under TLS, and the demo's own authority.

use std::fs;
use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::path::Path;
use std::time::{Duration, Instant};

use rcgen::generate_simple_self_signed;
use serde_json::Value;
use tempfile::TempDir;
use ureq::tls::{Certificate, RootCerts, TlsConfig};

use crate::cases::{NoDatabase, cases};
use crate::demo::Demo;
use crate::process::{Service, outcome};

cases![
    a_caller_who_trusts_the_certificate_is_answered_and_nobody_else,
    a_new_certificate_is_in_use_without_a_restart,
    a_client_that_does_not_agree_is_let_go_and_holds_up_no_stop,
    files_that_cannot_be_used_are_told_before_anything_is_made,
    the_demo_makes_a_certificate_that_can_be_trusted,
];

/// A new certificate for this machine with its key, written over those of a folder; returns the certificate in DER.
fn renew(folder: &Path) -> Vec<u8> {
    let made = generate_simple_self_signed(["127.0.0.1".to_owned()]).unwrap();
    for (name, pem) in [("cert.pem", made.cert.pem()), ("key.pem", made.signing_key.serialize_pem())] {
        let path = folder.join(name);
        fs::write(&path, pem).unwrap();
        #[cfg(unix)]
        fs::set_permissions(&path, std::os::unix::fs::PermissionsExt::from_mode(0o600)).unwrap();
    }
    made.cert.der().to_vec()
}

fn start(folder: &Path, more: &[(&str, &str)]) -> Service {
    let mut variables =
        vec![("MUSTER_CREATE_DATABASE", "yes"), ("MUSTER_TLS_CERT", "cert.pem"), ("MUSTER_TLS_KEY", "key.pem")];
    variables.extend(more);
    Service::start(folder, "sqlite:m.sqlite", &variables)
}

/// An answer over TLS to one who trusts a certificate: its status, the headers, the body.
fn call(trusted: &[u8], url: &str, host: &str) -> Result<(u16, ureq::http::HeaderMap, Vec<u8>), ureq::Error> {
    let roots = RootCerts::new_with_certs(&[Certificate::from_der(trusted).to_owned()]);
    let tls = TlsConfig::builder().root_certs(roots).build();
    let agent: ureq::Agent = ureq::Agent::config_builder().http_status_as_error(false).tls_config(tls).build().into();
    let mut answer = agent.get(url).header("host", host).call()?;
    let (status, headers) = (answer.status().as_u16(), answer.headers().clone());
    Ok((status, headers, answer.body_mut().read_to_vec()?))
}

fn over_tls(service: &Service, path: &str) -> String {
    format!("{}{path}", service.base.replace("http://", "https://"))
}

async fn a_caller_who_trusts_the_certificate_is_answered_and_nobody_else(_: NoDatabase) {
    let folder = TempDir::new().unwrap();
    let trusted = renew(folder.path());
    let service = start(folder.path(), &[]);
    assert!(service.out().contains("curl -sS https://127.0.0.1:"), "{}", service.out());
    let live = over_tls(&service, "/health/live");
    for (host, strict) in [
        ("muster.example.org", true),
        ("muster.example.org:8443", true),
        ("127.0.0.1", false),
        ("localhost:8443", false),
        ("[::1]", false),
    ] {
        let (status, headers, _) = call(&trusted, &live, host).unwrap();
        assert_eq!(status, 200);
        let said = headers.get("strict-transport-security").map(|value| value.to_str().unwrap());
        assert_eq!(said, strict.then_some("max-age=31536000"), "{host}");
    }
    let (_, _, links) = call(&trusted, &over_tls(&service, "/.well-known/api-catalog"), "127.0.0.1").unwrap();
    let links: Value = serde_json::from_slice(&links).unwrap();
    assert!(links["linkset"][0]["anchor"].as_str().unwrap().starts_with("https://127.0.0.1:"), "{links}");
    let stranger = generate_simple_self_signed(["127.0.0.1".to_owned()]).unwrap().cert;
    assert!(call(stranger.der(), &live, "127.0.0.1").is_err());
    let plain = ureq::get(format!("{}/health/live", service.base)).call();
    assert!(plain.is_err(), "plain HTTP has no answer");
    assert_eq!(service.stop().0, 0);
}

async fn a_new_certificate_is_in_use_without_a_restart(_: NoDatabase) {
    let folder = TempDir::new().unwrap();
    let first = renew(folder.path());
    let service = start(folder.path(), &[]);
    let live = over_tls(&service, "/health/live");
    assert_eq!(call(&first, &live, "127.0.0.1").unwrap().0, 200);
    fs::write(folder.path().join("cert.pem"), "half of a file").unwrap();
    let patience = Instant::now();
    let warned = |service: &Service| {
        service
            .events()
            .iter()
            .any(|event| event["message"].as_str().unwrap_or_default().contains("cannot be read again"))
    };
    while !warned(&service) {
        assert!(patience.elapsed() < Duration::from_secs(60), "{:?}", service.events());
        std::thread::sleep(Duration::from_millis(200));
    }
    assert_eq!(call(&first, &live, "127.0.0.1").unwrap().0, 200, "the one before stays");
    let second = renew(folder.path());
    while call(&second, &live, "127.0.0.1").is_err() {
        assert!(patience.elapsed() < Duration::from_secs(120), "{:?}", service.events());
        std::thread::sleep(Duration::from_millis(200));
    }
    assert!(call(&first, &live, "127.0.0.1").is_err());
    assert_eq!(service.stop().0, 0);
}

async fn a_client_that_does_not_agree_is_let_go_and_holds_up_no_stop(_: NoDatabase) {
    let folder = TempDir::new().unwrap();
    let trusted = renew(folder.path());
    let service = start(folder.path(), &[("MUSTER_HEAD_SECONDS", "1"), ("MUSTER_SHUTDOWN_SECONDS", "60")]);
    let address = service.base.strip_prefix("http://").unwrap().to_owned();
    // One that says nothing, and one that speaks another protocol.
    for said in ["", "GET / HTTP/1.1\r\n\r\n"] {
        let began = Instant::now();
        let mut stream = TcpStream::connect(&address).unwrap();
        stream.set_read_timeout(Some(Duration::from_secs(30))).unwrap();
        stream.write_all(said.as_bytes()).unwrap();
        let mut answer = Vec::new();
        let _ = stream.read_to_end(&mut answer);
        assert!(began.elapsed() < Duration::from_secs(20), "{said}");
        assert!(!answer.starts_with(b"HTTP"), "{said}");
    }
    assert_eq!(call(&trusted, &over_tls(&service, "/health/live"), "127.0.0.1").unwrap().0, 200);
    drop(service);
    let service = start(folder.path(), &[("MUSTER_SHUTDOWN_SECONDS", "60")]);
    let address = service.base.strip_prefix("http://").unwrap();
    let silent = TcpStream::connect(address).unwrap();
    std::thread::sleep(Duration::from_millis(200));
    let began = Instant::now();
    assert_eq!(service.stop().0, 0);
    assert!(began.elapsed() < Duration::from_secs(15), "{:?}", began.elapsed());
    drop(silent);
}

async fn files_that_cannot_be_used_are_told_before_anything_is_made(_: NoDatabase) {
    let folder = TempDir::new().unwrap();
    renew(folder.path());
    fs::write(folder.path().join("junk.pem"), "junk").unwrap();
    let other = TempDir::new().unwrap();
    renew(other.path());
    let other_key = other.path().join("key.pem").display().to_string();
    let open = folder.path().join("open.pem");
    fs::copy(folder.path().join("key.pem"), &open).unwrap();
    #[cfg(unix)]
    fs::set_permissions(&open, std::os::unix::fs::PermissionsExt::from_mode(0o644)).unwrap();
    for (cert, key, code, words) in [
        ("cert.pem", "", 2, "tls_cert from the variable MUSTER_TLS_CERT needs tls_key: set both"),
        ("none.pem", "key.pem", 66, "none.pem cannot be read, which the setting tls_cert names"),
        ("cert.pem", "none.pem", 66, "none.pem cannot be read, which the setting tls_key names"),
        ("junk.pem", "key.pem", 2, "junk.pem holds no certificate in PEM"),
        ("cert.pem", "junk.pem", 77, "junk.pem: close it with chmod 600"),
        ("cert.pem", "open.pem", 77, "open.pem: close it with chmod 600"),
        ("cert.pem", other_key.as_str(), 2, "is not that of the certificate"),
    ] {
        let mut variables = vec![("DATABASE_URL", "sqlite:m.sqlite"), ("MUSTER_CREATE_DATABASE", "yes")];
        variables
            .extend([("MUSTER_TLS_CERT", cert), ("MUSTER_TLS_KEY", key)].iter().filter(|(_, value)| !value.is_empty()));
        let (found, said) = outcome(folder.path(), &["serve"], &variables);
        assert_eq!(found, code, "{said}");
        assert!(said.lines().count() == 1 && said.contains(words), "{said}");
    }
    // Plain HTTP in place of the HTTPS that was asked for would go unseen.
    let variables = [("DATABASE_URL", "sqlite:m.sqlite"), ("MUSTER_CREATE_DATABASE", "yes")];
    let (code, said) = outcome(folder.path(), &["serve", "--tls-cert", "", "--tls-key", ""], &variables);
    assert!(code == 2 && said.contains("tls_cert from the option --tls-cert cannot be \"\": it is empty"), "{said}");
    assert!(!folder.path().join("m.sqlite").exists());
}

async fn the_demo_makes_a_certificate_that_can_be_trusted(_: NoDatabase) {
    let folder = TempDir::new().unwrap();
    let demo = Demo::start(folder.path(), &["--tls"]);
    assert!(demo.base.starts_with("https://127.0.0.1:"), "{}", demo.base);
    let pem = fs::read(folder.path().join("tls/authority.pem")).unwrap();
    let trusted = Certificate::from_pem(&pem).unwrap().der().to_vec();
    let (status, headers, der) = call(&trusted, &format!("{}/trust/authority.crt", demo.base), "127.0.0.1").unwrap();
    assert_eq!((status, headers["content-type"].to_str().unwrap()), (200, "application/x-x509-ca-cert"));
    assert_eq!(der, trusted);
    let (status, _, page) = call(&trusted, &format!("{}/trust", demo.base), "127.0.0.1").unwrap();
    assert!(status == 200 && String::from_utf8(page).unwrap().contains("/trust/authority.crt"));
    let by_name = demo.base.replace("127.0.0.1", "localhost");
    assert_eq!(call(&trusted, &format!("{by_name}/phone"), "localhost").unwrap().0, 200);
    for line in demo.lines() {
        assert!(line.contains("curl -sS --cacert "), "{line}");
    }
    drop(demo);
    let again = Demo::start(folder.path(), &["--tls"]);
    assert_eq!(call(&trusted, &format!("{}/health/live", again.base), "127.0.0.1").unwrap().0, 200, "it is kept");
    let plain = TempDir::new().unwrap();
    let demo = Demo::start(plain.path(), &[]);
    assert_eq!(demo.call("GET", "/trust", None, None).0, 404, "without an authority there is nothing to trust");
}
