//! QR codes (ISO/IEC 18004): a text as a picture for pages, and as letters for terminals.

use png::{BitDepth, ColorType, Encoder};
use qrcode::{Color, QrCode};

/// The light margin that readers need to find the code, in modules.
const QUIET: usize = 4;
/// How many pixels one module is wide and high: large enough to be scanned off a screen.
const PIXELS: usize = 8;

/// A text as a square of dark and light modules. Its pictures tell what the text tells, so they are as secret as it.
pub(crate) struct Qr {
    modules: Vec<Color>,
    width: usize,
}

impl Qr {
    /// The code of a text; `None` when the text is longer than a code can hold (some two thousand bytes).
    pub(crate) fn new(text: &str) -> Option<Self> {
        let code = QrCode::new(text).ok()?;
        Some(Self { width: code.width(), modules: code.into_colors() })
    }

    /// The code as a black and white PNG.
    pub(crate) fn png(&self) -> Vec<u8> {
        let mut file = Vec::new();
        let side = u32::try_from(self.side() * PIXELS).expect("a code has at most 177 modules");
        let mut encoder = Encoder::new(&mut file, side, side);
        encoder.set_color(ColorType::Grayscale);
        encoder.set_depth(BitDepth::One);
        let mut writer = encoder.write_header().expect("writing to memory does not fail");
        writer.write_image_data(&self.pixels()).expect("as many pixels as announced");
        writer.finish().expect("writing to memory does not fail");
        file
    }

    /// The code as lines of half blocks, two rows of modules in each. Meant for terminals, whose letters are light on
    /// dark: what is printed is light, what is left out is dark.
    pub(crate) fn text(&self) -> String {
        let mut text = String::new();
        for y in (0..self.side()).step_by(2) {
            for x in 0..self.side() {
                text.push(match (self.is_light(x, y), self.is_light(x, y + 1)) {
                    (true, true) => '█',
                    (true, false) => '▀',
                    (false, true) => '▄',
                    (false, false) => ' ',
                });
            }
            text.push('\n');
        }
        text
    }

    /// Modules in a row, the margins among them.
    fn side(&self) -> usize {
        self.width + 2 * QUIET
    }

    /// Whether a module is light. All are light that are not in the code.
    fn is_light(&self, x: usize, y: usize) -> bool {
        let inside = |at: usize| at.checked_sub(QUIET).filter(|at| *at < self.width);
        inside(x).zip(inside(y)).is_none_or(|(x, y)| self.modules[y * self.width + x] == Color::Light)
    }

    /// Rows of one bit a pixel, each filled up to whole bytes, as PNG wants them. [`PIXELS`] is 8: a module is a byte.
    fn pixels(&self) -> Vec<u8> {
        let side = 0..self.side();
        let row = |y| side.clone().map(move |x| if self.is_light(x, y) { 0xff } else { 0 });
        side.clone().flat_map(|y| (0..PIXELS).flat_map(move |_| row(y))).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const URI: &str =
        "otpauth://totp/Mainstay:ada%40example.org?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=Mainstay";

    /// The modules of a PNG, margins included: `true` is light.
    fn modules_of_png(png: &[u8]) -> Vec<Vec<bool>> {
        let mut reader = png::Decoder::new(std::io::Cursor::new(png)).read_info().expect("a PNG");
        let mut bytes = vec![0; reader.output_buffer_size().expect("a size")];
        let info = reader.next_frame(&mut bytes).expect("a picture");
        assert_eq!((info.width, info.bit_depth), (info.height, BitDepth::One));
        let rows: Vec<_> = bytes.chunks(info.line_size).collect();
        assert!(rows.chunks(PIXELS).all(|same| same.iter().all(|row| *row == same[0])), "square modules");
        let module = |byte: &u8| match byte {
            0 => false,
            0xff => true,
            other => panic!("half a module: {other:b}"),
        };
        rows.iter().step_by(PIXELS).map(|row| row.iter().map(module).collect()).collect()
    }

    /// The modules of the text, margins included: `true` is light.
    fn modules_of_text(text: &str) -> Vec<Vec<bool>> {
        let row = |line: &str, marks: &str| line.chars().map(|c| marks.contains(c)).collect();
        text.lines().flat_map(|line| [row(line, "█▀"), row(line, "█▄")]).collect()
    }

    /// What a camera reads.
    fn read(modules: &[Vec<bool>]) -> String {
        let side = modules.len() * 4;
        let mut image = rqrr::PreparedImage::prepare_from_greyscale(side, side, |x, y| {
            if modules[y / 4][x / 4] { 255 } else { 0 }
        });
        let grids = image.detect_grids();
        assert_eq!(grids.len(), 1);
        grids[0].decode().expect("readable").1
    }

    #[test]
    fn the_picture_can_be_read() {
        let qr = Qr::new(URI).expect("short enough");
        assert_eq!(read(&modules_of_png(&qr.png())), URI);
    }

    #[test]
    fn the_letters_show_the_same_as_the_picture() {
        let qr = Qr::new(URI).expect("short enough");
        let mut letters = modules_of_text(&qr.text());
        // An odd number of rows leaves half a line over, which is margin.
        letters.truncate(qr.side());
        assert_eq!(letters, modules_of_png(&qr.png()));
    }

    #[test]
    fn the_margin_is_light_and_wide_enough() {
        let modules = modules_of_png(&Qr::new(URI).expect("short enough").png());
        let last = modules.len() - 1;
        for (y, row) in modules.iter().enumerate() {
            for (x, light) in row.iter().enumerate() {
                let margin = x.min(last - x).min(y.min(last - y)) < 4;
                assert!(*light || !margin, "{x} {y}");
            }
        }
        assert!(!modules[4][4], "the code begins where the margin ends");
    }

    #[test]
    fn all_that_fits_is_shown_and_more_is_refused() {
        for length in [1, 300, 2331] {
            let text = "é".repeat(length / 2) + &"x".repeat(length % 2);
            assert_eq!(read(&modules_of_png(&Qr::new(&text).expect("fits").png())), text);
        }
        assert!(Qr::new(&"x".repeat(2332)).is_none());
    }
}
