//! Compressed text out of pieces.
//!
//! A deflate stream may be cut at a byte: a piece that ends with a sync flush and refers to nothing outside of itself
//! can stand in front of any other. So a long text in which only a few bytes differ from answer to answer is
//! compressed once, and the bytes go in between as a stored block.

use crc32fast::Hasher;
use flate2::{Compress, Compression, Decompress, FlushCompress, FlushDecompress, Status};

/// Magic number, deflate, no flags, no time, no hint, no system.
const HEADER: [u8; 10] = [0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 0xff];

/// Most bytes of a stored block.
const STORED: usize = u16::MAX as usize;

/// A compressed part of a text.
#[derive(Debug)]
pub(super) struct Piece {
    deflated: Vec<u8>,
    length: usize,
    sum: Hasher,
}

impl Piece {
    /// A part behind which something follows.
    pub fn begin(text: &[u8]) -> Self {
        Self::new(text, FlushCompress::Sync)
    }

    /// The last part.
    pub fn end(text: &[u8]) -> Self {
        Self::new(text, FlushCompress::Finish)
    }

    fn new(text: &[u8], flush: FlushCompress) -> Self {
        let mut compress = Compress::new(Compression::default(), false);
        let mut deflated = Vec::with_capacity(text.len() / 4 + 64);
        loop {
            let read = compress.total_in() as usize;
            let status = compress.compress_vec(&text[read..], &mut deflated, flush).expect("memory is compressed");
            let is_flushed = compress.total_in() as usize == text.len() && deflated.len() < deflated.capacity();
            if status == Status::StreamEnd || (is_flushed && matches!(flush, FlushCompress::Sync)) {
                break;
            }
            deflated.reserve(deflated.len().max(64));
        }
        deflated.shrink_to_fit();
        let mut sum = Hasher::new();
        sum.update(text);
        Self { deflated, length: text.len(), sum }
    }

    /// How many bytes the text has.
    pub fn length(&self) -> usize {
        self.length
    }

    /// Adds the text, for which there must be room.
    pub fn inflate_into(&self, out: &mut Vec<u8>) {
        out.reserve(self.length);
        let mut inflate = Decompress::new(false);
        let done = inflate.decompress_vec(&self.deflated, out, FlushDecompress::Sync);
        done.expect("what was compressed here can be read");
    }
}

/// The gzip form of two pieces with a text between them.
pub(super) fn join(begin: &Piece, between: &[u8], end: &Piece) -> Vec<u8> {
    let blocks = between.chunks(STORED);
    let mut out = Vec::with_capacity(begin.deflated.len() + between.len() + end.deflated.len() + 64);
    out.extend_from_slice(&HEADER);
    out.extend_from_slice(&begin.deflated);
    for block in blocks {
        let length = block.len() as u16;
        out.push(0);
        out.extend_from_slice(&length.to_le_bytes());
        out.extend_from_slice(&(!length).to_le_bytes());
        out.extend_from_slice(block);
    }
    out.extend_from_slice(&end.deflated);
    let mut sum = begin.sum.clone();
    sum.update(between);
    sum.combine(&end.sum);
    out.extend_from_slice(&sum.finalize().to_le_bytes());
    let length = begin.length + between.len() + end.length;
    out.extend_from_slice(&(length as u32).to_le_bytes());
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Read as _;

    #[test]
    fn pieces_and_what_is_between_them_make_one_text() {
        let words = |count: usize| "Gives a user, a look or a dashboard. ".repeat(count).into_bytes();
        for (begin, between, end) in [
            (words(1), words(1), words(1)),
            (words(5_000), b",\"host\":\"x\",".to_vec(), words(20_000)),
            (Vec::new(), Vec::new(), Vec::new()),
            (words(3), words(10_000), Vec::new()),
        ] {
            let pieces = (Piece::begin(&begin), Piece::end(&end));
            let mut read = String::new();
            flate2::read::GzDecoder::new(&join(&pieces.0, &between, &pieces.1)[..]).read_to_string(&mut read).unwrap();
            assert!(read.as_bytes() == [&begin[..], &between, &end].concat());
            let mut inflated = Vec::new();
            pieces.0.inflate_into(&mut inflated);
            pieces.1.inflate_into(&mut inflated);
            assert!(inflated == [begin, end].concat());
        }
    }
}
