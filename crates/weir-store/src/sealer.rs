//! The thread that seals what is frozen, so that no caller waits for it.

use std::io;
use std::sync::Arc;
use std::sync::mpsc::{SyncSender, sync_channel};
use std::thread::JoinHandle;

use crate::shared::{PanicAlarm, Shared};

/// Wakes the thread; the thread ends when the last of these is dropped.
#[derive(Clone)]
pub struct Sealer(Option<SyncSender<()>>);

impl Sealer {
    /// Whoever owns the store calls [`crate::Store::maintain`].
    pub fn none() -> Self {
        Sealer(None)
    }

    pub fn spawn(shared: Arc<Shared>) -> io::Result<(Self, JoinHandle<()>)> {
        // One place: a wake-up that waits stands for all that follow.
        let (sender, receiver) = sync_channel(1);
        let run = move || {
            let _alarm = PanicAlarm::new(shared.clone(), "sealing");
            while receiver.recv().is_ok() && !shared.is_closing() {
                // The problem is in the statistics and in the log; the next wake-up tries again.
                let _ = shared.maintain(shared.clock.now());
            }
        };
        let thread = std::thread::Builder::new().name("weir-store-seal".into()).spawn(run)?;
        Ok((Sealer(Some(sender)), thread))
    }

    pub fn wake(&self) {
        if let Some(sender) = &self.0 {
            // Full means that it is woken already.
            let _ = sender.try_send(());
        }
    }
}
