//! What is said to an authority, and what it is shown.

use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use guard::outbound::{Outbound, Request};
use http::header::CONTENT_TYPE;
use http_body_util::{BodyExt as _, Full};
use instant_acme::{
    Account, AuthorizationStatus, BodyWrapper, BytesResponse, ChallengeType, HttpClient, Identifier,
    NewAccount, NewOrder, Order, OrderStatus, RetryPolicy,
};
use rcgen::{CertificateParams, CustomExtension, KeyPair};
use rustls::crypto::aws_lc_rs::sign::any_supported_type;
use rustls::pki_types::PrivatePkcs8KeyDer;
use rustls::sign::CertifiedKey;

use super::kept::Kept;
use super::{AcmeConfig, AcmeError};
use crate::tls::keyring::Keyring;

/// How long an authority may take to look for a proof, and to make a certificate.
const PATIENCE: RetryPolicy = RetryPolicy::new().timeout(Duration::from_mins(2));

/// Our account: the one that is kept, or a new one.
pub(super) async fn account(
    config: &AcmeConfig,
    kept: &Kept,
    outbound: &Outbound,
) -> Result<Account, AcmeError> {
    let builder = Account::builder_with_http(Box::new(Client(outbound.clone())));
    if let Some(credentials) = kept.account()? {
        return Ok(builder.from_credentials(credentials).await?);
    }
    let contact: Vec<_> = config.contact.iter().map(|address| format!("mailto:{address}")).collect();
    let contact: Vec<_> = contact.iter().map(String::as_str).collect();
    let account = NewAccount {
        contact: &contact,
        terms_of_service_agreed: config.agree_to_terms,
        only_return_existing: false,
    };
    let (account, credentials) = builder.create(&account, config.directory.to_string(), None).await?;
    kept.keep_account(&credentials)?;
    Ok(account)
}

/// The texts of a key and of a certificate for a domain. The proof that it is ours stays in the keyring.
pub(super) async fn certificate(
    account: &Account,
    domain: &str,
    keyring: &Keyring,
) -> Result<String, AcmeError> {
    let names = [Identifier::Dns(domain.to_owned())];
    let mut order = account.new_order(&NewOrder::new(&names)).await?;
    let mut authorizations = order.authorizations();
    while let Some(authorization) = authorizations.next().await {
        let mut authorization = authorization?;
        if authorization.status == AuthorizationStatus::Valid {
            continue;
        }
        let challenge = authorization.challenge(ChallengeType::TlsAlpn01);
        let mut challenge = challenge.ok_or(AcmeError::NoChallenge)?;
        keyring.prove(domain, proof(domain, challenge.key_authorization().digest().as_ref())?);
        challenge.set_ready().await?;
    }
    if order.poll_ready(&PATIENCE).await? != OrderStatus::Ready {
        return Err(AcmeError::NotProved(why(&mut order).await));
    }
    let key = order.finalize().await?;
    let chain = order.poll_certificate(&PATIENCE).await?;
    Ok(key + &chain)
}

/// A certificate that only an authority is shown (RFC 8737, 3). Nobody else would accept it.
fn proof(domain: &str, digest: &[u8]) -> Result<Arc<CertifiedKey>, AcmeError> {
    let key = KeyPair::generate()?;
    let mut params = CertificateParams::new([domain.to_owned()])?;
    params.custom_extensions = vec![CustomExtension::new_acme_identifier(digest)];
    let certificate = params.self_signed(&key)?;
    let key = any_supported_type(&PrivatePkcs8KeyDer::from(key.serialize_der()).into())?;
    Ok(Arc::new(CertifiedKey::new(vec![certificate.der().clone()], key)))
}

/// What the authority says about a proof that it has not found.
async fn why(order: &mut Order) -> String {
    let mut said = Vec::new();
    let mut authorizations = order.authorizations();
    while let Some(Ok(mut authorization)) = authorizations.next().await {
        let Ok(state) = authorization.refresh().await else { continue };
        let errors = state.challenges.iter().filter_map(|challenge| challenge.error.as_ref());
        said.extend(errors.map(ToString::to_string));
    }
    if said.is_empty() { "it says no more".to_owned() } else { said.join("; ") }
}

/// Lets the authority be asked through the one way out.
struct Client(Outbound);

type Asked = Pin<Box<dyn Future<Output = Result<BytesResponse, instant_acme::Error>> + Send>>;

impl HttpClient for Client {
    fn request(&self, request: http::Request<BodyWrapper<Bytes>>) -> Asked {
        let outbound = self.0.clone();
        Box::pin(async move {
            let other = |error: Box<dyn std::error::Error + Send + Sync>| instant_acme::Error::Other(error);
            let (parts, body) = request.into_parts();
            let url = parts.uri.to_string().parse().map_err(|error: url::ParseError| other(error.into()))?;
            let mut asked = Request::new(parts.method, url);
            if let Some(kind) = parts.headers.get(CONTENT_TYPE) {
                asked = asked.header(CONTENT_TYPE, kind.clone());
            }
            let Ok(body) = body.collect().await;
            let answer =
                outbound.send(asked.body(body.to_bytes())).await.map_err(|error| other(error.into()))?;
            let mut response = http::Response::new(Full::new(answer.body));
            (*response.status_mut(), *response.headers_mut()) = (answer.status, answer.headers);
            Ok(response.into())
        })
    }
}
