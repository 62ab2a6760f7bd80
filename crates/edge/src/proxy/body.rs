//! The body of an answer: a target's, or our own.

use std::pin::Pin;
use std::task::{Context, Poll};

use bytes::Bytes;
use hyper::body::{Body as _, Frame, SizeHint};

use super::line::Line;
use super::witness::Witness;
use crate::upstream::{BodyError, ResponseBody};

/// What a client gets, and who follows how far it comes.
#[derive(Debug)]
pub(crate) struct Body {
    content: Content,
    /// Whether nothing more comes.
    has_ended: bool,
    line: Line,
}

#[derive(Debug)]
enum Content {
    /// What a target sends, and who is told if that breaks off.
    Passed(ResponseBody, Option<Witness>),
    /// What we say.
    Ours(Option<Bytes>),
}

impl Body {
    pub(crate) fn empty() -> Self {
        Self::of(Content::Ours(None))
    }

    pub(crate) fn ours(text: impl Into<Bytes>) -> Self {
        Self::of(Content::Ours(Some(text.into())))
    }

    pub(crate) fn passed(body: ResponseBody, witness: Option<Witness>) -> Self {
        Self::of(Content::Passed(body, witness))
    }

    fn of(content: Content) -> Self {
        Self { content, has_ended: false, line: Line::default() }
    }

    /// The line is written when this body has come to its end, whatever end that is.
    pub(super) fn log(&mut self, line: Line) {
        self.line = line;
    }
}

impl Content {
    fn poll(&mut self, context: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, BodyError>>> {
        match self {
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
}

impl hyper::body::Body for Body {
    type Data = Bytes;
    type Error = BodyError;

    fn poll_frame(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, BodyError>>> {
        let Self { content, has_ended, line } = self.get_mut();
        let polled = content.poll(context);
        match &polled {
            Poll::Ready(Some(Ok(frame))) => line.took(frame.data_ref().map_or(0, Bytes::len)),
            Poll::Ready(None) => *has_ended = true,
            Poll::Ready(Some(Err(_))) | Poll::Pending => {}
        }
        polled
    }

    fn is_end_stream(&self) -> bool {
        match &self.content {
            Content::Passed(body, _) => body.is_end_stream(),
            Content::Ours(text) => text.is_none(),
        }
    }

    fn size_hint(&self) -> SizeHint {
        match &self.content {
            Content::Passed(body, _) => body.size_hint(),
            Content::Ours(text) => SizeHint::with_exact(text.as_ref().map_or(0, |text| text.len() as u64)),
        }
    }
}

/// Nobody asks for more of an answer whose length they know when they have all of it.
impl Drop for Body {
    fn drop(&mut self) {
        if self.has_ended || self.is_end_stream() {
            self.line.ended();
        }
    }
}
