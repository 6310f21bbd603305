//! The requests themselves, for whoever wants to see what is asked about.

use std::sync::{Mutex, PoisonError};

use bytes::Bytes;

/// Later ones are not kept.
const FRAMES_MAX: usize = 10_000;

/// `None` until somebody wants them.
#[derive(Debug, Default)]
pub(super) struct Record(Mutex<Option<Vec<Bytes>>>);

impl Record {
    pub(super) fn begin(&self) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(Vec::new());
    }

    pub(super) fn keep(&self, frame: &Bytes) {
        let mut frames = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(frames) = frames.as_mut().filter(|frames| frames.len() < FRAMES_MAX) {
            frames.push(frame.clone());
        }
    }

    pub(super) fn frames(&self) -> Vec<Bytes> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone().unwrap_or_default()
    }
}
