//! Headless Chromium: a chromedriver process of this test, one session, and what the tests ask of a page.

use crate::world::RunningCommand;
use serde_json::{Value, json};
use std::io::{BufRead, BufReader};
use std::net::SocketAddr;
use std::path::Path;
use std::process::{Command, Stdio};
use thirtyfour::cdp::Cdp;
use thirtyfour::prelude::*;
use thirtyfour::{ChromeCapabilities, LoggingPrefsLogLevel};

/// What installs the browser, its driver and axe-core.
pub const INSTALL: &str = "`.ci/browser` installs what this test needs (Debian: apt-get install chromium chromium-driver npm)";
/// Switches that keep Chromium from everything but the tested pages: no window, no account, no update, no other host.
const SWITCHES: &[&str] = &[
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-quic",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-default-apps",
    "--disable-extensions",
    "--disable-sync",
    "--no-default-browser-check",
    "--no-first-run",
    "--no-proxy-server",
];

/// A session of the browser.
pub struct Browser {
    driver: WebDriver,
    tools: Cdp,
}

/// Starts a browser that knows no host but loopback and `pictures`, which is on loopback too, runs `visits` in it, and ends it.
pub fn in_browser<T>(pictures: (&str, SocketAddr), visits: impl AsyncFnOnce(&Browser) -> WebDriverResult<T>) -> T {
    // The client of WebDriver is built for TLS like that of griot, although it speaks to loopback only. Another test may have chosen ring before.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let profile = tempfile::tempdir().expect("a folder");
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .expect("a runtime");
    let (_chromedriver, address) = chromedriver();
    runtime.block_on(async {
        let client = reqwest::Client::builder().no_proxy().build().expect("a client of loopback");
        let capabilities = capabilities(profile.path(), pictures).expect("texts and numbers");
        let driver = WebDriver::builder(address, capabilities).client(client).await;
        let driver = driver.unwrap_or_else(|error| panic!("chromedriver starts no Chromium: {error}\n{INSTALL}"));
        let ran = driver
            .run_and_quit(async |driver: WebDriver| {
                let tools = driver.cdp();
                let browser = Browser { driver, tools };
                // The browser's own first page has requested what it shows.
                browser.open("about:blank").await?;
                browser.console().await?;
                browser.requests().await?;
                visits(&browser).await
            })
            .await;
        ran.unwrap_or_else(|error| panic!("the browser does not do what it is told: {error}"))
    })
}

/// Starts chromedriver on a free port and returns its address.
fn chromedriver() -> (RunningCommand, String) {
    let mut command = Command::new("chromedriver");
    command
        .arg("--port=0")
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::null());
    let child = command
        .spawn()
        .unwrap_or_else(|error| panic!("chromedriver does not start: {error}\n{INSTALL}"));
    let mut running = RunningCommand::of(child);
    let mut lines = BufReader::new(running.child().stdout.take().expect("a pipe")).lines();
    // "ChromeDriver was started successfully on port 40123."
    let port = lines.by_ref().find_map(|line| {
        let line = line.expect("chromedriver writes text");
        line.rsplit_once("successfully on port ")
            .and_then(|(_, port)| port.trim_end_matches('.').parse::<u16>().ok())
    });
    let port = port.expect("chromedriver names its port before it ends");
    std::thread::spawn(move || lines.for_each(drop));
    (running, format!("http://127.0.0.1:{port}"))
}

fn capabilities(profile: &Path, (host, address): (&str, SocketAddr)) -> WebDriverResult<ChromeCapabilities> {
    let mut chrome = DesiredCapabilities::chrome();
    for switch in SWITCHES {
        chrome.add_arg(switch)?;
    }
    chrome.add_arg(&format!("--user-data-dir={}", profile.display()))?;
    chrome.add_arg(&format!(
        "--host-resolver-rules=MAP {host} {address}, MAP * ~NOTFOUND, EXCLUDE 127.0.0.1"
    ))?;
    // A dialogue of a script is closed, and not the end of the session: its other marks are found.
    chrome.set("unhandledPromptBehavior", "dismiss")?;
    chrome.set_logging_prefs("browser", LoggingPrefsLogLevel::All)?;
    chrome.set_logging_prefs("performance", LoggingPrefsLogLevel::All)?;
    Ok(chrome)
}

impl Browser {
    /// Opens an address and returns when its load event has come.
    pub async fn open(&self, address: &str) -> WebDriverResult<()> {
        self.driver.goto(address).await
    }

    /// Makes the page so many CSS pixels wide.
    pub async fn set_width(&self, width: u32) -> WebDriverResult<()> {
        let metrics = json!({"width": width, "height": 900, "deviceScaleFactor": 1, "mobile": false});
        self.tools.send_raw("Emulation.setDeviceMetricsOverride", metrics).await.map(drop)
    }

    /// Lets the reader prefer `light` or `dark`.
    pub async fn set_scheme(&self, scheme: &str) -> WebDriverResult<()> {
        let features = json!({"features": [{"name": "prefers-color-scheme", "value": scheme}]});
        self.tools.send_raw("Emulation.setEmulatedMedia", features).await.map(drop)
    }

    /// Ignores the Content-Security-Policy of the pages that are opened from now on, or heeds it again.
    pub async fn ignore_policy(&self, ignored: bool) -> WebDriverResult<()> {
        self.tools
            .send_raw("Page.setBypassCSP", json!({"enabled": ignored}))
            .await
            .map(drop)
    }

    /// Runs a script in the page and returns its result, that of a promise too.
    pub async fn run(&self, script: &str) -> WebDriverResult<Value> {
        let returned = self.driver.execute(script, Vec::new()).await?;
        Ok(returned.json().clone())
    }

    /// Returns the warnings and errors of the console since the last call.
    pub async fn console(&self) -> WebDriverResult<Vec<String>> {
        let entries = self.driver.browser_log().await?;
        let serious = entries
            .into_iter()
            .filter(|entry| matches!(entry.level.as_str(), "WARNING" | "SEVERE"));
        Ok(serious.map(|entry| entry.message).collect())
    }

    /// Returns the addresses that were requested since the last call, also those without an answer.
    pub async fn requests(&self) -> WebDriverResult<Vec<String>> {
        let entries = self.driver.get_log("performance").await?;
        let requests = entries.iter().filter_map(|entry| {
            let event: Value = serde_json::from_str(&entry.message).ok()?;
            let message = &event["message"];
            let sent = message["method"] == "Network.requestWillBeSent";
            sent.then(|| message["params"]["request"]["url"].as_str().unwrap_or_default().to_owned())
        });
        Ok(requests.collect())
    }
}
