//! An answer as the client gets it.

use http::{HeaderValue, Response, header};

use super::body::Body;
use super::hops;
use super::visitor::Choice;
use super::witness::Witness;
use crate::upstream::ResponseBody;

pub(super) fn prepare(
    response: Response<ResponseBody>,
    choice: &Choice,
    witness: Option<Witness>,
) -> Response<Body> {
    let mut response = response.map(|body| Body::passed(body, witness));
    hops::strip(response.headers_mut());
    // Whatever the target spoke, the client is told what it speaks with us.
    *response.version_mut() = http::Version::default();
    if let Some(cookie) = choice.cookie.clone() {
        response.headers_mut().append(header::SET_COOKIE, cookie);
        // A cache must not hand one visitor's cookie to others.
        response.headers_mut().append(header::CACHE_CONTROL, HeaderValue::from_static("private"));
    }
    response
}
