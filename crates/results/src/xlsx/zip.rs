//! A zip archive that is written as a stream: sizes and checksums follow each file.

use flate2::write::DeflateEncoder;
use flate2::{Compression, Crc};
use std::io::Write as _;

/// What an archive without extensions can count: bytes of a file, and of the archive.
pub(super) const LIMIT: u64 = u32::MAX as u64;

/// A file's sizes follow it (bit 3), its name is UTF-8 (bit 11).
const FLAGS: u16 = 0b1000_0000_1000;
/// Version 2.0 of the format: deflate.
const VERSION: u16 = 20;
const DEFLATE: u16 = 8;
/// 1980-01-01, the first day that the format knows: the same rows give the same bytes.
const DAY: u16 = 0x21;
const MIDNIGHT: u16 = 0;

/// An archive.
#[derive(Default)]
pub(super) struct Archive {
    files: Vec<File>,
    /// Bytes so far.
    written: u64,
    open: Option<Open>,
}

/// A file that is complete.
struct File {
    name: &'static str,
    crc: u32,
    packed: u64,
    size: u64,
    /// Where it begins.
    at: u64,
}

/// The file that is written.
struct Open {
    name: &'static str,
    at: u64,
    packed: u64,
    size: u64,
    crc: Crc,
    deflate: DeflateEncoder<Vec<u8>>,
}

impl Archive {
    /// Adds a file that is at hand.
    pub(super) fn file(&mut self, name: &'static str, content: &str, out: &mut Vec<u8>) {
        self.begin(name, out);
        self.write(content.as_bytes(), out);
        self.end(out);
    }

    /// Begins a file.
    pub(super) fn begin(&mut self, name: &'static str, out: &mut Vec<u8>) {
        self.end(out);
        let before = out.len();
        out.extend_from_slice(&0x0403_4b50_u32.to_le_bytes());
        numbers(&[VERSION, FLAGS, DEFLATE, MIDNIGHT, DAY], out);
        out.extend_from_slice(&[0; 12]);
        numbers(&[name.len() as u16, 0], out);
        out.extend_from_slice(name.as_bytes());
        let deflate = DeflateEncoder::new(Vec::new(), Compression::fast());
        self.open = Some(Open { name, at: self.written, packed: 0, size: 0, crc: Crc::new(), deflate });
        self.written += (out.len() - before) as u64;
    }

    /// Appends to the file that was begun.
    pub(super) fn write(&mut self, bytes: &[u8], out: &mut Vec<u8>) {
        let Some(file) = &mut self.open else { return };
        file.crc.update(bytes);
        file.size += bytes.len() as u64;
        // Writing to memory cannot fail.
        let _ = file.deflate.write_all(bytes);
        let packed = file.deflate.get_mut();
        file.packed += packed.len() as u64;
        self.written += packed.len() as u64;
        out.append(packed);
    }

    /// Ends the file that was begun.
    fn end(&mut self, out: &mut Vec<u8>) {
        let Some(Open { name, at, mut packed, size, crc, deflate }) = self.open.take() else { return };
        let before = out.len();
        let rest = deflate.finish().unwrap_or_default();
        packed += rest.len() as u64;
        out.extend_from_slice(&rest);
        let file = File { name, crc: crc.sum(), packed, size, at };
        out.extend_from_slice(&0x0807_4b50_u32.to_le_bytes());
        file.write_sizes(out);
        self.files.push(file);
        self.written += (out.len() - before) as u64;
    }

    /// Writes the list of files, with which the archive ends.
    pub(super) fn finish(&mut self, out: &mut Vec<u8>) {
        self.end(out);
        let before = out.len();
        for file in &self.files {
            out.extend_from_slice(&0x0201_4b50_u32.to_le_bytes());
            numbers(&[VERSION, VERSION, FLAGS, DEFLATE, MIDNIGHT, DAY], out);
            file.write_sizes(out);
            numbers(&[file.name.len() as u16, 0, 0, 0, 0], out);
            out.extend_from_slice(&[0; 4]);
            out.extend_from_slice(&(file.at as u32).to_le_bytes());
            out.extend_from_slice(file.name.as_bytes());
        }
        let size = (out.len() - before) as u32;
        let count = self.files.len() as u16;
        out.extend_from_slice(&0x0605_4b50_u32.to_le_bytes());
        numbers(&[0, 0, count, count], out);
        out.extend_from_slice(&size.to_le_bytes());
        out.extend_from_slice(&(self.written as u32).to_le_bytes());
        numbers(&[0], out);
    }

    /// The bytes of the file that is written, before they are packed.
    pub(super) fn size(&self) -> u64 {
        self.open.as_ref().map_or(0, |file| file.size)
    }
}

impl File {
    fn write_sizes(&self, out: &mut Vec<u8>) {
        for number in [self.crc, self.packed as u32, self.size as u32] {
            out.extend_from_slice(&number.to_le_bytes());
        }
    }
}

fn numbers(numbers: &[u16], out: &mut Vec<u8>) {
    for number in numbers {
        out.extend_from_slice(&number.to_le_bytes());
    }
}
