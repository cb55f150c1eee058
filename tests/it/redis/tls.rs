//! Connections that are encrypted.

use std::path::Path;
use std::process::{Command, Stdio};

use lodger_backends::redis::RedisStore;
use lodger_core::SessionStore;
use lodger_tests::redis::OwnRedis;

use super::deed::{assert_unavailable, key, put, read};

/// A certificate for the loopback that signs itself, and its key.
fn certificate(folder: &Path, name: &str) -> Vec<u8> {
    let (key, certificate) = (format!("{name}.key"), format!("{name}.pem"));
    let made = Command::new("openssl")
        .args(["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1"])
        .args(["-nodes", "-days", "2", "-subj", "/CN=loopback"])
        .args(["-addext", "subjectAltName=IP:127.0.0.1"])
        .args(["-addext", "basicConstraints=critical,CA:FALSE"])
        .args(["-keyout", &key, "-out", &certificate])
        .current_dir(folder)
        .stderr(Stdio::null())
        .status()
        .expect("there is an openssl");
    assert!(made.success());
    std::fs::read(folder.join(certificate)).unwrap()
}

/// A server that speaks TLS only, on the port behind `--tls-port`.
async fn server() -> Option<(OwnRedis, Vec<u8>)> {
    let port = lodger_tests::redis::free_port().to_string();
    let mut server = OwnRedis::prepare(&[
        "--tls-port",
        &port,
        "--tls-cert-file",
        "server.pem",
        "--tls-key-file",
        "server.key",
        "--tls-ca-cert-file",
        "server.pem",
        "--tls-auth-clients",
        "no",
        "--requirepass",
        "pw",
    ])?;
    let pem = certificate(server.folder(), "server");
    std::fs::write(server.folder().join("port"), port).unwrap();
    server.restart().await.unwrap();
    Some((server, pem))
}

fn store(server: &OwnRedis, scheme: &str, host: &str) -> RedisStore {
    let port = std::fs::read_to_string(server.folder().join("port")).unwrap();
    RedisStore::connect(&format!("{scheme}://:pw@{host}:{port}/")).unwrap()
}

#[tokio::test]
async fn a_certificate_that_is_trusted_is_spoken_to() {
    let Some((server, pem)) = server().await else { return };
    for scheme in ["rediss", "valkeys"] {
        let store = store(&server, scheme, "127.0.0.1").with_root_certificates(&pem).unwrap();
        put(&store, &key("a"), "data").await;
        assert_eq!(read(&store, &key("a")).await.unwrap().unwrap(), "data");
        assert!(store.delete(&key("a")).await.unwrap());
    }
}

#[tokio::test]
async fn a_certificate_that_is_not_trusted_is_refused() {
    let Some((server, pem)) = server().await else { return };
    let other = tempfile::tempdir().unwrap();
    let wrong = certificate(other.path(), "other");
    let trusting_another =
        store(&server, "rediss", "127.0.0.1").with_root_certificates(&wrong).unwrap();
    // That of the right server, under a name that it does not have.
    let misnamed = store(&server, "rediss", "localhost").with_root_certificates(&pem).unwrap();
    // The machine's own roots, of which there may be none.
    let by_default = store(&server, "rediss", "127.0.0.1");
    for (store, part) in [
        (trusting_another, "its certificate is not trusted"),
        (misnamed, "its certificate is not trusted"),
        (by_default, "trust"),
    ] {
        assert_unavailable(&read(&store, &key("a")).await.unwrap_err(), part);
        assert_unavailable(&store.delete(&key("a")).await.unwrap_err(), part);
    }
}

#[tokio::test]
async fn a_server_without_tls_is_not_spoken_to_in_the_clear() {
    let Some((server, pem)) = server().await else { return };
    let url = format!("rediss://:pw@127.0.0.1:{}/", server.port());
    let store = RedisStore::connect(&url).unwrap().with_root_certificates(&pem).unwrap();
    assert_unavailable(&read(&store, &key("a")).await.unwrap_err(), "cannot be reached");
    // And one with TLS gives nothing to who speaks without.
    let plain = self::store(&server, "redis", "127.0.0.1");
    assert_unavailable(&read(&plain, &key("a")).await.unwrap_err(), "");
}
