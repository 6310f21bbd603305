//! The file that says that a store folder is a backup, which the next backup may change. It goes
//! when the folder is opened for writing: from then on it is a store of its own.

use std::io;
use std::path::Path;

use tracing::info;

use crate::OpenError;
use crate::disk::Disk;
use crate::recovery::{not_writable, unreadable};

pub const MARKER_FILE: &str = "backup";

const TEXT: &str = "A backup of a Weir store. `weir store backup` keeps it up to date until a server \
                    is started on this folder.\n";

/// Whether the folder is a backup, finished or not.
pub fn is_marked(disk: &dyn Disk, dir: &Path) -> Result<bool, OpenError> {
    let files = disk.list(dir).map_err(|e| unreadable(dir, e))?;
    Ok(files.iter().any(|path| path.file_name().is_some_and(|name| name == MARKER_FILE)))
}

pub fn mark(disk: &dyn Disk, dir: &Path) -> io::Result<()> {
    let mut file = disk.create(&dir.join(MARKER_FILE))?;
    file.append(TEXT.as_bytes())?;
    file.sync()?;
    disk.sync_dir(dir)
}

/// Makes a backup a store of its own; does nothing to any other folder.
pub fn adopt(disk: &dyn Disk, dir: &Path) -> Result<(), OpenError> {
    if !is_marked(disk, dir)? {
        return Ok(());
    }
    let path = dir.join(MARKER_FILE);
    let removed = disk.remove(&path).and_then(|()| disk.sync_dir(dir));
    removed.map_err(|e| not_writable(&path, e))?;
    info!(dir = %dir.display(), "backup taken as a store of its own");
    Ok(())
}
