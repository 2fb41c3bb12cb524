//! Ctrl-C and SIGTERM end a run cleanly; SIGHUP makes a daemon read its configuration again.

use std::sync::Arc;
use std::sync::atomic::{AtomicU8, Ordering};
use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::{Notify, watch};

/// What signals have asked for.
pub struct Signals {
    /// Becomes true when the program is to end.
    pub stop: watch::Receiver<bool>,
    /// Is notified when the configuration is to be read again.
    pub reload: Arc<Notify>,
    code: Arc<AtomicU8>,
    // A receiver whose sender is gone reads as "changed".
    _sender: Arc<watch::Sender<bool>>,
}

impl Signals {
    /// Begins to listen. A second signal of the same kind ends the program at once.
    ///
    /// # Errors
    /// When the operating system refuses.
    pub fn listen() -> std::io::Result<Self> {
        let (sender, stop) = watch::channel(false);
        let sender = Arc::new(sender);
        let reload = Arc::new(Notify::new());
        let code = Arc::new(AtomicU8::new(0));
        for (kind, exit) in [(SignalKind::interrupt(), 130), (SignalKind::terminate(), 143)] {
            let (mut signals, sender, code) = (signal(kind)?, Arc::clone(&sender), Arc::clone(&code));
            tokio::spawn(async move {
                signals.recv().await;
                code.store(exit, Ordering::Relaxed);
                sender.send_replace(true);
                if signals.recv().await.is_some() {
                    #[expect(
                        clippy::disallowed_methods,
                        reason = "who asks twice means now; the store survives an end at any moment"
                    )]
                    std::process::exit(i32::from(exit));
                }
            });
        }
        let (mut hangup, notify) = (signal(SignalKind::hangup())?, Arc::clone(&reload));
        tokio::spawn(async move {
            while hangup.recv().await.is_some() {
                notify.notify_one();
            }
        });
        Ok(Self {
            stop,
            reload,
            code,
            _sender: sender,
        })
    }

    /// Returns 130 or 143 once a signal has asked for the end, else none.
    #[must_use]
    pub fn exit_code(&self) -> Option<u8> {
        Some(self.code.load(Ordering::Relaxed)).filter(|code| *code != 0)
    }
}
