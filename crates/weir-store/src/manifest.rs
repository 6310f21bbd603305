//! The manifest: which segments count, and which part of the log is in them. It is replaced as a
//! whole, so a crash leaves the old one or the new one. The layout byte by byte is in
//! `docs/internals/manifest-format.md`.

use std::io;
use std::path::Path;

use crate::Resolution;
use crate::codec::{Malformed, Reader, put_varint};
use crate::disk::{self, Disk};
use crate::segment::SegmentMeta;

/// Of manifests that list segments of events alone.
const FORMAT_VERSION_RAW: u32 = 1;
/// Of those that list roll-ups, and the newest that is read.
pub const FORMAT_VERSION: u32 = 2;
pub const FILE: &str = "manifest";
/// Where the next manifest is written; what a crash leaves of it is swept.
pub const TEMPORARY_FILE: &str = "manifest.new";

const MAGIC: [u8; 8] = *b"WEIR-MAN";
const HEADER_BYTES: usize = 12;
const CHECKSUM_BYTES: usize = 4;

#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Manifest {
    /// Counts the manifests of this store.
    pub edition: u64,
    /// Segments are numbered up from 1 and no number is used twice.
    pub next_segment: u64,
    /// Above every sequence that was ever sealed.
    pub next_sequence: u64,
    /// Generations below are in segments; their log files are not needed.
    pub first_unsealed: u64,
    /// Ascending by id.
    pub segments: Vec<Listed>,
}

/// A segment that counts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listed {
    pub meta: SegmentMeta,
    /// Size of its file.
    pub bytes: u64,
}

/// What stands where the manifest should.
pub enum Found {
    Manifest(Manifest),
    Missing,
    Damaged,
    OtherVersion(u32),
}

/// Why a manifest was not replaced.
#[derive(Debug, thiserror::Error)]
pub enum CommitError {
    /// The old manifest still counts.
    #[error("{0}")]
    NotWritten(io::Error),
    /// The old manifest or the new one counts; only a restart finds out.
    #[error("{0}")]
    Unknown(io::Error),
}

impl Manifest {
    pub fn read(disk: &dyn Disk, dir: &Path) -> io::Result<Found> {
        let bytes = match disk::read_whole(disk, &dir.join(FILE)) {
            Ok(bytes) => bytes,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Found::Missing),
            Err(error) => return Err(error),
        };
        Ok(Manifest::decode(&bytes).unwrap_or(Found::Damaged))
    }

    /// Replaces the manifest; what it lists must be durable already.
    pub fn write(&self, disk: &dyn Disk, dir: &Path) -> Result<(), CommitError> {
        let temporary = dir.join(TEMPORARY_FILE);
        self.write_temporary(disk, &temporary).map_err(CommitError::NotWritten)?;
        let renamed = disk.rename(&temporary, &dir.join(FILE));
        renamed.and_then(|()| disk.sync_dir(dir)).map_err(CommitError::Unknown)
    }

    fn write_temporary(&self, disk: &dyn Disk, path: &Path) -> io::Result<()> {
        match disk.remove(path) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
            _ => {}
        }
        let mut file = disk.create(path)?;
        file.append(&self.encode())?;
        file.sync()
    }

    fn version(&self) -> u32 {
        let is_raw = |listed: &Listed| listed.meta.resolution == Resolution::Raw;
        if self.segments.iter().all(is_raw) { FORMAT_VERSION_RAW } else { FORMAT_VERSION }
    }

    pub fn encode(&self) -> Vec<u8> {
        let mut out = Vec::new();
        out.extend_from_slice(&MAGIC);
        out.extend_from_slice(&self.version().to_le_bytes());
        for number in [self.edition, self.next_segment, self.next_sequence, self.first_unsealed] {
            put_varint(&mut out, number);
        }
        put_varint(&mut out, self.segments.len() as u64);
        for listed in &self.segments {
            listed.meta.encode(&mut out);
            put_varint(&mut out, listed.bytes);
        }
        out.extend_from_slice(&crc32c::crc32c(&out).to_le_bytes());
        out
    }

    pub fn decode(bytes: &[u8]) -> Result<Found, Malformed> {
        let content = bytes.len().checked_sub(CHECKSUM_BYTES).ok_or(Malformed)?;
        let (content, checksum) = bytes.split_at(content);
        if crc32c::crc32c(content).to_le_bytes() != checksum || content.len() < HEADER_BYTES {
            return Err(Malformed);
        }
        let mut reader = Reader::new(content);
        if reader.array()? != MAGIC {
            return Err(Malformed);
        }
        let version = reader.u32()?;
        if !(1..=FORMAT_VERSION).contains(&version) {
            return Ok(Found::OtherVersion(version));
        }
        let manifest = Manifest {
            edition: reader.varint()?,
            next_segment: reader.varint()?,
            next_sequence: reader.varint()?,
            first_unsealed: reader.varint()?,
            segments: read_segments(&mut reader)?,
        };
        if reader.is_empty() { Ok(Found::Manifest(manifest)) } else { Err(Malformed) }
    }
}

fn read_segments(reader: &mut Reader<'_>) -> Result<Vec<Listed>, Malformed> {
    let count = reader.count(10)?;
    let listed = |_| {
        let meta = SegmentMeta::decode(reader)?;
        Ok(Listed { meta, bytes: reader.varint()? })
    };
    let segments: Vec<Listed> = (0..count).map(listed).collect::<Result<_, Malformed>>()?;
    let ascend = segments.is_sorted_by(|a, b| a.meta.id < b.meta.id);
    if ascend { Ok(segments) } else { Err(Malformed) }
}

#[cfg(test)]
mod tests {
    use weir_types::Timestamp;

    use super::*;
    use crate::segment::Origin;

    fn manifest() -> Manifest {
        let meta = |id, origin, resolution| SegmentMeta {
            id,
            origin,
            resolution,
            created: Timestamp::from_millis(5_000),
            rows: 10,
            series: 2,
            oldest: Timestamp::from_millis(-1),
            newest: Timestamp::from_millis(4_000),
            end_sequence: 77,
        };
        let listed =
            |id, origin, resolution| Listed { meta: meta(id, origin, resolution), bytes: 900 };
        Manifest {
            edition: 3,
            next_segment: 9,
            next_sequence: 77,
            first_unsealed: 4,
            segments: vec![
                listed(2, Origin::Generation(1), Resolution::Raw),
                listed(7, Origin::Segments(vec![3, 4]), Resolution::Raw),
                listed(8, Origin::Segments(vec![5]), Resolution::OneHour),
            ],
        }
    }

    #[test]
    fn a_manifest_comes_back() {
        let Ok(Found::Manifest(read)) = Manifest::decode(&manifest().encode()) else { panic!() };
        assert_eq!(read, manifest());
    }

    #[test]
    fn every_flipped_bit_and_every_cut_is_noticed() {
        let bytes = manifest().encode();
        for bit in 0..bytes.len() * 8 {
            let mut flipped = bytes.clone();
            flipped[bit / 8] ^= 1 << (bit % 8);
            assert!(Manifest::decode(&flipped).is_err(), "bit {bit}");
        }
        assert!((0..bytes.len()).all(|len| Manifest::decode(&bytes[..len]).is_err()));
    }

    #[test]
    fn another_version_is_told_from_damage() {
        let mut bytes = manifest().encode();
        bytes[8] = 3;
        let content = bytes.len() - CHECKSUM_BYTES;
        let checksum = crc32c::crc32c(&bytes[..content]);
        bytes[content..].copy_from_slice(&checksum.to_le_bytes());
        assert!(matches!(Manifest::decode(&bytes), Ok(Found::OtherVersion(3))));
    }
}
