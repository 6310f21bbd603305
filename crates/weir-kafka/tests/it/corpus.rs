//! What fuzzing has found worth keeping, read once more, and what it began with: answers of real
//! brokers (`real-…`) and of simulated ones of every release (`sim-…`).

use std::{fs, path::Path};

use anyhow::{Context, Result, ensure};
use weir_kafka::fuzzing;

/// No bytes make decoding panic, and what brokers said is still understood.
pub fn replay() -> Result<()> {
    let corpus = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fuzz/corpus/read_answer");
    let (mut read, mut understood) = (0, 0);
    for file in fs::read_dir(&corpus).with_context(|| format!("read {}", corpus.display()))? {
        let path = file?.path();
        let answer = fuzzing::read_answer(&fs::read(&path)?);
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        let is_an_answer = name.starts_with("real-") || name.starts_with("sim-");
        ensure!(!is_an_answer || matches!(answer, Some(Ok(()))), "{name}: {answer:?}");
        understood += usize::from(is_an_answer);
        read += 1;
    }
    ensure!(understood >= 60, "{read} files in {}, {understood} of brokers", corpus.display());
    Ok(())
}
