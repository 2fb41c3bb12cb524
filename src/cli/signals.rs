//! Ctrl-C and SIGTERM end a run cleanly; SIGHUP makes a daemon read its configuration again.

use std::sync::Arc;
use std::sync::atomic::{AtomicU8, Ordering};
use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::{Notify, watch};

/// The exit codes after SIGINT and SIGTERM: 128 and the number of the signal, as of shells.
const INTERRUPTED: u8 = 130;
const TERMINATED: u8 = 143;

/// The signals that were received.
pub struct Signals {
    /// Becomes true when the program has to end.
    pub stop: watch::Receiver<bool>,
    /// Is notified when the configuration has to be read again.
    pub reload: Arc<Notify>,
    code: Arc<AtomicU8>,
    // It is kept because a receiver without a sender counts as changed.
    _sender: Arc<watch::Sender<bool>>,
}

impl Signals {
    /// Starts to listen. A second signal of the same kind ends the program at once.
    ///
    /// # Errors
    /// When the operating system refuses.
    pub fn listen() -> std::io::Result<Self> {
        let (sender, stop) = watch::channel(false);
        let sender = Arc::new(sender);
        let reload = Arc::new(Notify::new());
        let code = Arc::new(AtomicU8::new(0));
        for (kind, exit) in [(SignalKind::interrupt(), INTERRUPTED), (SignalKind::terminate(), TERMINATED)] {
            let (mut signals, sender, code) = (signal(kind)?, Arc::clone(&sender), Arc::clone(&code));
            tokio::spawn(async move {
                signals.recv().await;
                code.store(exit, Ordering::Relaxed);
                sender.send_replace(true);
                if signals.recv().await.is_some() {
                    #[expect(
                        clippy::disallowed_methods,
                        reason = "a second signal asks to end at once; the store is consistent at any time"
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

    /// Returns 130 after SIGINT, 143 after SIGTERM, else none.
    #[must_use]
    pub fn exit_code(&self) -> Option<u8> {
        Some(self.code.load(Ordering::Relaxed)).filter(|code| *code != 0)
    }

    /// Returns the exit code of a daemon: SIGTERM is how it is ended, so that is no failure.
    #[must_use]
    pub fn daemon_exit_code(&self) -> Option<u8> {
        self.exit_code()
            .map(|code| if code == TERMINATED { super::failure::DONE } else { code })
    }
}
