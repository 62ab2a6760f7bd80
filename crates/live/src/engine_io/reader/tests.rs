//! Frames: whole, in pieces, and such as no client should send.

use proptest::prelude::*;

use super::*;

const MASK: [u8; 4] = [0x37, 0xfa, 0x21, 0x3d];
const LARGEST: usize = 64 * 1024;

/// A client's frame.
fn frame(first: u8, payload: &[u8]) -> Vec<u8> {
    let mut frame = vec![first];
    match payload.len() {
        length @ 0..126 => frame.push(0x80 | u8::try_from(length).expect("small")),
        length @ 126..65536 => {
            frame.push(0xfe);
            frame.extend(u16::try_from(length).expect("small").to_be_bytes());
        }
        length => {
            frame.push(0xff);
            frame.extend((length as u64).to_be_bytes());
        }
    }
    frame.extend(MASK);
    frame.extend(unmask(payload, MASK));
    frame
}

fn read(arrived: &[u8]) -> Result<Vec<Message>, Violation> {
    let mut messages = Vec::new();
    Reader::new(LARGEST).take(arrived, &mut messages).map(|()| messages)
}

fn text(words: &str) -> Message {
    Message::Text(words.to_owned())
}

#[test]
fn what_the_standard_shows_is_read() {
    // RFC 6455, 5.7: "a single-frame masked text message"
    let arrived = [0x81, 0x85, 0x37, 0xfa, 0x21, 0x3d, 0x7f, 0x9f, 0x4d, 0x51, 0x58];
    assert_eq!(read(&arrived), Ok(vec![text("Hello")]));
}

#[test]
fn many_frames_come_at_once() {
    let arrived = [
        frame(0x81, b"4a"),
        frame(0x82, &[1, 2]),
        frame(0x89, b"?"),
        frame(0x8a, b""),
        frame(0x88, &[3, 232]),
    ];
    let ping = Message::Ping(Bytes::from_static(b"?"));
    let binary = Message::Binary(Bytes::from_static(&[1, 2]));
    assert_eq!(read(&arrived.concat()), Ok(vec![text("4a"), binary, ping, Message::Pong, Message::Close]));
}

#[test]
fn a_message_comes_in_fragments_with_control_frames_between_them() {
    let euro = "\u{20ac}".as_bytes();
    let arrived =
        [frame(0x01, &euro[..1]), frame(0x89, b""), frame(0x00, &euro[1..2]), frame(0x80, &euro[2..])];
    assert_eq!(read(&arrived.concat()), Ok(vec![Message::Ping(Bytes::new()), text("\u{20ac}")]));
}

#[test]
fn nothing_is_kept_of_those_who_have_said_everything() {
    let (mut reader, mut messages) = (Reader::new(LARGEST), Vec::new());
    let large = frame(0x81, &vec![b'x'; LARGEST]);
    for piece in large.chunks(8192) {
        reader.take(piece, &mut messages).expect("fine");
    }
    assert_eq!(messages.len(), 1);
    assert_eq!((reader.rest.capacity(), reader.fragments.is_some()), (0, false));
}

#[test]
fn a_large_message_is_refused_before_it_has_come() {
    let large = frame(0x81, &vec![b'x'; LARGEST + 1]);
    assert_eq!(read(&large[..14]), Err(Violation::TooLarge));
    let mut endless = vec![0x82, 0xff];
    endless.extend(u64::MAX.to_be_bytes());
    endless.extend(MASK);
    assert_eq!(read(&endless), Err(Violation::TooLarge));
    let in_pieces = [frame(0x01, &vec![b'x'; LARGEST]), frame(0x80, b"x")].concat();
    assert_eq!(read(&in_pieces), Err(Violation::TooLarge));
}

#[test]
fn what_is_against_the_standard_ends_it() {
    let mut unmasked = vec![0x81, 5];
    unmasked.extend(b"Hello");
    let wrong = [
        unmasked,
        frame(0xc1, b"compressed"),
        frame(0x83, b"reserved"),
        frame(0x8b, b"reserved"),
        frame(0x09, b"a ping in fragments"),
        frame(0x89, &[0; 126]),
        frame(0x80, b"goes on with nothing"),
        [frame(0x01, b"a"), frame(0x81, b"another before the first has ended")].concat(),
    ];
    for arrived in wrong {
        assert_eq!(read(&arrived), Err(Violation::Protocol), "{:x?}", &arrived[..2]);
    }
    assert_eq!(read(&frame(0x81, &[0xff, 0xfe])), Err(Violation::NoText));
    assert_eq!(read(&frame(0x81, &[0xed, 0xa0, 0x80])), Err(Violation::NoText));
}

proptest! {
    #[test]
    fn it_does_not_matter_in_which_pieces_it_comes(
        sizes in prop::collection::vec(0_usize..300, 1..6),
        cuts in prop::collection::vec(1_usize..40, 1..80),
    ) {
        let arrived: Vec<u8> = sizes.iter().flat_map(|size| frame(0x81, &vec![b'x'; *size])).collect();
        let (mut reader, mut messages, mut rest) = (Reader::new(LARGEST), Vec::new(), arrived.as_slice());
        for cut in cuts.iter().cycle() {
            if rest.is_empty() {
                break;
            }
            let (piece, more) = rest.split_at((*cut).min(rest.len()));
            reader.take(piece, &mut messages).expect("fine");
            rest = more;
        }
        let sent: Vec<_> = sizes.iter().map(|size| text(&"x".repeat(*size))).collect();
        prop_assert_eq!(messages, sent);
        prop_assert_eq!(reader.rest.capacity(), 0);
    }

    #[test]
    fn no_junk_makes_it_panic_or_keep_more_than_a_message(junk in prop::collection::vec(any::<u8>(), 0..4000)) {
        let (mut reader, mut messages) = (Reader::new(1000), Vec::new());
        for piece in junk.chunks(100) {
            if reader.take(piece, &mut messages).is_err() {
                return Ok(());
            }
            prop_assert!(reader.rest.len() <= 1000 + 14);
        }
    }
}
