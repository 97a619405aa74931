//! An authority of the demo's own, with a certificate for this machine's names and addresses, so that a phone on the same
//! network can try the pages over HTTPS.
//!
//! The authority may vouch for `localhost` and private addresses only, so a phone that trusts it risks nothing elsewhere.

use std::error::Error;
use std::fs;
use std::io;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, UdpSocket};
use std::path::{Path, PathBuf};

use auth::secret_file;
use base::private_files::make_folder;
use chrono::{DateTime, Datelike as _, TimeDelta, Utc};
use muster::api::tls::TlsFiles;
use rcgen::{
    BasicConstraints, CertificateParams, CidrSubnet, DnType, ExtendedKeyUsagePurpose, GeneralSubtree, IsCa, Issuer,
    KeyPair, KeyUsagePurpose, NameConstraints, date_time_ymd,
};

use crate::exit::FileFailure;

/// The lifetime of the certificate, which each start makes anew. Apple's systems take none of more than 398 days.
const LIFETIME: TimeDelta = TimeDelta::days(90);

/// The certificate of a start.
pub struct Issued {
    /// Its files.
    pub files: TlsFiles,
    /// The file of the authority's certificate, for programs.
    pub authority_file: PathBuf,
    /// The authority's certificate in DER, for phones.
    pub authority: Vec<u8>,
    /// The addresses of this machine on its networks, the most used one first.
    pub addresses: Vec<IpAddr>,
}

/// The kept authority cannot be read.
#[derive(Debug, thiserror::Error)]
#[error("{} is not what the demo wrote: remove its folder, and the demo makes a new authority", .0.display())]
pub struct Damaged(PathBuf);

/// Makes a certificate for this machine, in the folder `tls` of a data folder. The authority is made once and kept there.
///
/// # Errors
/// If a file cannot be used.
pub fn issue(data: &Path, now: DateTime<Utc>) -> Result<Issued, Box<dyn Error>> {
    let folder = data.join("tls");
    make_folder(&folder).map_err(FileFailure::writing(&folder))?;
    let params = authority_params();
    let (key, authority, authority_file) = authority(&folder, &params)?;
    let addresses = private_addresses();
    let own = KeyPair::generate()?;
    let issuer = Issuer::from_params(&params, &key);
    let certificate = server_params(&addresses, now)?.signed_by(&own, &issuer)?;
    let files = TlsFiles { certificate: folder.join("server.pem"), key: folder.join("server-key.pem") };
    write(&files.certificate, &certificate.pem())?;
    write(&files.key, &own.serialize_pem())?;
    Ok(Issued { files, authority_file, authority, addresses })
}

fn write(path: &Path, pem: &str) -> Result<(), Box<dyn Error>> {
    Ok(secret_file::write(path, pem.as_bytes()).map_err(FileFailure::writing(path))?)
}

/// The authority of a folder, with its certificate in DER and the file of that.
fn authority(folder: &Path, params: &CertificateParams) -> Result<(KeyPair, Vec<u8>, PathBuf), Box<dyn Error>> {
    let (key_file, file) = (folder.join("authority-key.pem"), folder.join("authority.pem"));
    let key = match fs::read_to_string(&key_file) {
        Ok(pem) => KeyPair::from_pem(&pem).map_err(|_| Damaged(key_file.clone()))?,
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            let key = KeyPair::generate()?;
            // The key last: where it is missing, both are made anew.
            write(&file, &params.self_signed(&key)?.pem())?;
            write(&key_file, &key.serialize_pem())?;
            key
        }
        Err(error) => return Err(FileFailure::reading(&key_file)(error).into()),
    };
    let pem = fs::read(&file).map_err(FileFailure::reading(&file))?;
    let der = rustls::pki_types::pem::PemObject::from_pem_slice(&pem);
    let der: rustls::pki_types::CertificateDer<'_> = der.map_err(|_| Damaged(file.clone()))?;
    Ok((key, der.to_vec(), file))
}

/// The same at every start: the certificates of a kept authority name it by these.
fn authority_params() -> CertificateParams {
    let mut params = CertificateParams::default();
    params.distinguished_name.remove(DnType::CommonName);
    params.distinguished_name.push(DnType::CommonName, "Muster demo, this network only");
    params.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
    params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
    (params.not_before, params.not_after) = (date_time_ymd(2025, 1, 1), date_time_ymd(2045, 1, 1));
    let own = [
        (IpAddr::from(Ipv4Addr::new(10, 0, 0, 0)), 8),
        (Ipv4Addr::new(127, 0, 0, 0).into(), 8),
        (Ipv4Addr::new(172, 16, 0, 0).into(), 12),
        (Ipv4Addr::new(192, 168, 0, 0).into(), 16),
        (Ipv6Addr::LOCALHOST.into(), 128),
        (Ipv6Addr::new(0xfc00, 0, 0, 0, 0, 0, 0, 0).into(), 7),
    ];
    let nets = own.map(|(address, prefix)| GeneralSubtree::IpAddress(CidrSubnet::from_addr_prefix(address, prefix)));
    let localhost = GeneralSubtree::DnsName("localhost".to_owned());
    let permitted_subtrees = std::iter::once(localhost).chain(nets).collect();
    params.name_constraints = Some(NameConstraints { permitted_subtrees, excluded_subtrees: Vec::new() });
    params
}

fn server_params(addresses: &[IpAddr], now: DateTime<Utc>) -> Result<CertificateParams, rcgen::Error> {
    let loopback = [IpAddr::V4(Ipv4Addr::LOCALHOST), IpAddr::V6(Ipv6Addr::LOCALHOST)];
    let names = std::iter::once("localhost".to_owned());
    let names = names.chain(loopback.iter().chain(addresses).map(ToString::to_string));
    let mut params = CertificateParams::new(names.collect::<Vec<_>>())?;
    params.distinguished_name.remove(DnType::CommonName);
    params.distinguished_name.push(DnType::CommonName, "Muster demo");
    params.key_usages = vec![KeyUsagePurpose::DigitalSignature];
    params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
    params.use_authority_key_identifier_extension = true;
    let day = |at: DateTime<Utc>| {
        let part = |number: u32| u8::try_from(number).unwrap_or(1);
        date_time_ymd(at.year(), part(at.month()), part(at.day()))
    };
    // A phone whose clock is behind by hours takes it all the same.
    (params.not_before, params.not_after) = (day(now - TimeDelta::days(2)), day(now + LIFETIME));
    Ok(params)
}

/// The private addresses of this machine, that of the way to other networks first.
fn private_addresses() -> Vec<IpAddr> {
    let found = if_addrs::get_if_addrs().unwrap_or_default();
    let mut addresses: Vec<IpAddr> = found.iter().map(if_addrs::Interface::ip).filter(is_private).collect();
    addresses.sort();
    addresses.dedup();
    if let Some(place) = way_out().and_then(|way| addresses.iter().position(|address| *address == way)) {
        let way = addresses.remove(place);
        addresses.insert(0, way);
    }
    addresses
}

fn is_private(address: &IpAddr) -> bool {
    match address {
        IpAddr::V4(address) => address.is_private(),
        IpAddr::V6(address) => address.is_unique_local(),
    }
}

/// The address by which this machine would reach another network; nothing is sent to find out.
fn way_out() -> Option<IpAddr> {
    let socket = UdpSocket::bind((Ipv4Addr::UNSPECIFIED, 0)).ok()?;
    socket.connect((Ipv4Addr::new(192, 0, 2, 1), 9)).ok()?;
    Some(socket.local_addr().ok()?.ip())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_authority_is_kept_and_the_certificate_is_its_work() {
        let folder = tempfile::tempdir().unwrap();
        let first = issue(folder.path(), Utc::now()).unwrap();
        let second = issue(folder.path(), Utc::now()).unwrap();
        assert_eq!(first.authority, second.authority);
        let identity = muster::api::tls::Identity::load(second.files.clone()).unwrap();
        identity.config().unwrap();
        fs::write(folder.path().join("tls/authority-key.pem"), "junk").unwrap();
        assert!(issue(folder.path(), Utc::now()).is_err_and(|error| error.is::<Damaged>()));
    }
}
