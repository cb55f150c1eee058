//! Whom to trust, when the connection is to be encrypted.

use std::sync::Arc;

use lodger_core::StoreError;
use tokio_rustls::rustls::crypto::{CryptoProvider, ring};
use tokio_rustls::rustls::pki_types::CertificateDer;
use tokio_rustls::rustls::pki_types::pem::PemObject;
use tokio_rustls::rustls::{ClientConfig, RootCertStore};

use super::failure::Failure;

/// The roots in a text of the form PEM.
pub(super) fn roots(pem: &[u8]) -> Result<RootCertStore, StoreError> {
    let unreadable = || StoreError::unavailable("the root certificate cannot be read");
    let mut roots = RootCertStore::empty();
    for certificate in CertificateDer::pem_slice_iter(pem) {
        let certificate = certificate.map_err(|_| unreadable())?;
        roots.add(certificate).map_err(|_| unreadable())?;
    }
    if roots.is_empty() { Err(unreadable()) } else { Ok(roots) }
}

/// The roots that this machine trusts.
pub(super) fn native_roots() -> Result<RootCertStore, Failure> {
    let mut roots = RootCertStore::empty();
    // Stores hold an odd certificate now and then; others are no worse for it.
    roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
    if roots.is_empty() {
        return Err(Failure::unsent("this machine trusts no certificate, so none of Redis either"));
    }
    Ok(roots)
}

/// What a connection is made with. Of the program's own choice of cryptography, if it made one.
pub(super) fn client(roots: RootCertStore) -> Result<Arc<ClientConfig>, Failure> {
    let provider = CryptoProvider::get_default()
        .cloned()
        .unwrap_or_else(|| Arc::new(ring::default_provider()));
    let config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(|_| Failure::unsent("the program's cryptography knows no safe version of TLS"))?
        .with_root_certificates(roots)
        .with_no_client_auth();
    Ok(Arc::new(config))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_certificate_is_refused() {
        let broken = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n";
        for pem in ["", "text", broken] {
            assert!(roots(pem.as_bytes()).is_err(), "{pem}");
        }
    }
}
