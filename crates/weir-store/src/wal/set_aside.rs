//! Log files with damage whose readable events are sealed: kept for whoever wants to look at them,
//! until the events in them would be past their retention.

use std::io;
use std::path::{Path, PathBuf};

use weir_types::Timestamp;

use super::frame::{FILE_HEADER_BYTES, FileHeader};
use super::generation_of;
use crate::disk::Disk;

#[derive(Debug, Clone)]
pub struct SetAside {
    pub path: PathBuf,
    pub bytes: u64,
    /// When the file was made; `None` when its header is damaged too.
    pub created: Option<Timestamp>,
}

/// The files that are set aside in the folder of the log.
pub fn set_aside(disk: &dyn Disk, dir: &Path) -> io::Result<Vec<SetAside>> {
    let mut found = Vec::new();
    for path in disk.list(dir)? {
        let name = path.file_name().and_then(|name| name.to_str());
        let of_log = name.and_then(|name| name.strip_suffix(".damaged"));
        if of_log.is_some_and(|name| generation_of(Path::new(name)).is_some()) {
            let file = disk.open(&path)?;
            let mut header = [0; FILE_HEADER_BYTES];
            let readable =
                file.len() >= header.len() as u64 && file.read_at(0, &mut header).is_ok();
            let header = if readable { FileHeader::decode(&header).ok() } else { None };
            let created = header.map(|header| header.created);
            found.push(SetAside { bytes: file.len(), created, path });
        }
    }
    Ok(found)
}
