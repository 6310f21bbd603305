//! A file that gets its name when it is complete.

use std::ffi::OsString;
use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

/// Written under `….part`; dropped unfinished, it is removed.
pub struct PartFile {
    file: File,
    part: PathBuf,
    path: PathBuf,
    is_finished: bool,
}

impl PartFile {
    pub fn create(path: &Path) -> io::Result<Self> {
        let part = part_of(path);
        let file = File::create(&part)?;
        Ok(PartFile { file, part, path: path.to_path_buf(), is_finished: false })
    }

    /// Makes the contents durable, then gives the file its name.
    pub fn finish(mut self) -> io::Result<()> {
        self.file.sync_all()?;
        fs::rename(&self.part, &self.path)?;
        self.is_finished = true;
        Ok(())
    }
}

impl Write for PartFile {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.file.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}

impl Drop for PartFile {
    fn drop(&mut self) {
        if !self.is_finished {
            // What stays says by its name that it is not complete.
            let _ = fs::remove_file(&self.part);
        }
    }
}

/// The name of a file or folder that is not complete.
pub fn part_of(path: &Path) -> PathBuf {
    // Without the slash that a folder may end in.
    let mut name: OsString = path.components().collect::<PathBuf>().into_os_string();
    name.push(".part");
    name.into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_name_comes_with_the_last_byte() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("events.jsonl");
        let names = || {
            let entries = fs::read_dir(dir.path()).unwrap();
            let mut names: Vec<_> = entries.map(|e| e.unwrap().file_name()).collect();
            names.sort();
            names
        };
        let mut file = PartFile::create(&path).unwrap();
        file.write_all(b"half").unwrap();
        assert_eq!(names(), ["events.jsonl.part"]);
        drop(file);
        assert!(names().is_empty());
        PartFile::create(&path).unwrap().finish().unwrap();
        assert_eq!(names(), ["events.jsonl"]);
        assert_eq!(part_of(Path::new("a/b/")), Path::new("a/b.part"));
    }
}
