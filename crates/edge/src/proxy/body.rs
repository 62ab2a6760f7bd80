//! The body of an answer: a target's, or our own.

use std::pin::Pin;
use std::task::{Context, Poll};

use bytes::Bytes;
use hyper::body::{Frame, SizeHint};

use super::witness::Witness;
use crate::upstream::{BodyError, ResponseBody};

/// What a client gets.
#[derive(Debug)]
pub(crate) enum Body {
    /// What a target sends, and who is told if that breaks off.
    Passed(ResponseBody, Option<Witness>),
    /// What we say.
    Ours(Option<Bytes>),
}

impl Body {
    pub(crate) const EMPTY: Self = Self::Ours(None);
}

impl hyper::body::Body for Body {
    type Data = Bytes;
    type Error = BodyError;

    fn poll_frame(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, BodyError>>> {
        match self.get_mut() {
            Self::Passed(body, witness) => {
                let polled = Pin::new(body).poll_frame(context);
                if let (Poll::Ready(Some(Err(error))), Some(witness)) = (&polled, &witness) {
                    witness.tell(error);
                }
                polled
            }
            Self::Ours(text) => Poll::Ready(text.take().map(|text| Ok(Frame::data(text)))),
        }
    }

    fn is_end_stream(&self) -> bool {
        match self {
            Self::Passed(body, _) => body.is_end_stream(),
            Self::Ours(text) => text.is_none(),
        }
    }

    fn size_hint(&self) -> SizeHint {
        match self {
            Self::Passed(body, _) => body.size_hint(),
            Self::Ours(text) => SizeHint::with_exact(text.as_ref().map_or(0, |text| text.len() as u64)),
        }
    }
}
