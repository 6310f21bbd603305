//! What fuzzing has found worth keeping, read once more.

use std::{fs, path::Path};

use anyhow::{Context, Result, ensure};
use weir_kafka::fuzzing;

/// No bytes make decoding panic, and what real brokers said is still understood.
pub fn replay() -> Result<()> {
    let corpus = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fuzz/corpus/read_answer");
    let (mut read, mut understood) = (0, 0);
    for file in fs::read_dir(&corpus).with_context(|| format!("read {}", corpus.display()))? {
        let path = file?.path();
        let answer = fuzzing::read_answer(&fs::read(&path)?);
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        let is_real = name.starts_with("real-");
        ensure!(!is_real || matches!(answer, Some(Ok(()))), "{name}: {answer:?}");
        understood += usize::from(is_real);
        read += 1;
    }
    ensure!(understood >= 15, "{read} files in {}, {understood} of real brokers", corpus.display());
    Ok(())
}
