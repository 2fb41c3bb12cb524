//! The checks of one page.

use crate::browser::{Browser, INSTALL};
use crate::findings::Findings;
use serde_json::Value;
use std::fs;
use std::path::Path;
use thirtyfour::error::WebDriverResult;

/// A small phone, a usual one, and a desktop, in CSS pixels.
const WIDTHS: [u32; 3] = [320, 390, 1280];
/// The colours that readers prefer, each with the width at which accessibility is checked.
const SCHEMES: [(&str, u32); 2] = [("light", 1280), ("dark", 320)];
/// What is wrong in the page's document.
const DOCUMENT: &str = include_str!("checks.js");
/// What is wider than the page.
const WIDTH: &str = include_str!("width.js");
/// Runs axe-core with all its rules; nothing is requested for it.
const AXE: &str = "return axe.run(document, {preload: false, resultTypes: ['violations']}).then((results) => results.violations.flatMap((rule) => \
rule.nodes.map((node) => `${rule.id} (${rule.impact}): ${node.target.join(' ')}: ${node.html.slice(0, 160)}`)));";

/// Checks pages in a browser, and gathers what is wrong.
pub struct PageCheck<'a> {
    pub browser: &'a Browser,
    /// The program axe-core.
    axe: String,
    pub findings: Findings,
}

impl<'a> PageCheck<'a> {
    pub fn new(browser: &'a Browser) -> Self {
        let path = Path::new(env!("CARGO_TARGET_TMPDIR")).with_file_name("browser/node_modules/axe-core/axe.min.js");
        let axe = fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}\n{INSTALL}", path.display()));
        Self {
            browser,
            axe,
            findings: Findings::default(),
        }
    }

    /// Opens the page below `root`, an address that ends with a slash, and checks all. It may request pictures of one host.
    pub async fn page(&mut self, place: &str, root: &str, page: &str, pictures: Option<&str>) -> WebDriverResult<()> {
        self.open(place, root, page, pictures).await?;
        for width in WIDTHS {
            self.browser.set_width(width).await?;
            self.run(WIDTH, page, &format!("{place}, {width} px")).await?;
        }
        self.browser.run(&self.axe).await?;
        for (scheme, width) in SCHEMES {
            self.browser.set_width(width).await?;
            self.browser.set_scheme(scheme).await?;
            self.run(AXE, page, &format!("{place}, {scheme}, {width} px")).await?;
        }
        Ok(())
    }

    /// Opens the page or feed below `root`, and checks that no outlet's script ran, and that nothing was requested elsewhere.
    pub async fn document(&mut self, place: &str, root: &str, page: &str) -> WebDriverResult<()> {
        self.open(place, root, page, None).await
    }

    async fn open(&mut self, place: &str, root: &str, page: &str, pictures: Option<&str>) -> WebDriverResult<()> {
        self.browser.open(&format!("{root}{page}")).await?;
        self.run(DOCUMENT, page, place).await?;
        // A query with a mistake is answered by a page with the status 400, which the browser tells of.
        let refused = format!("{root}{page} - Failed to load resource: the server responded with a status of 400 (Bad Request)");
        for message in self.browser.console().await?.into_iter().filter(|message| *message != refused) {
            self.findings.add(page, place, format!("the console says: {message}"));
        }
        let pictures = pictures.map(|host| format!("http://{host}/"));
        for request in self.browser.requests().await? {
            let allowed = request.starts_with(root) || pictures.as_ref().is_some_and(|pictures| request.starts_with(pictures));
            // An address of this scheme holds the data itself.
            if !allowed && !request.starts_with("data:") {
                self.findings.add(page, place, format!("it requests {request}"));
            }
        }
        Ok(())
    }

    /// Runs a script that returns a list of faults.
    async fn run(&mut self, script: &str, page: &str, place: &str) -> WebDriverResult<()> {
        let faults = self.browser.run(script).await?;
        for fault in faults.as_array().expect("the script returns a list") {
            let fault = fault.as_str().map_or_else(|| Value::to_string(fault), str::to_owned);
            self.findings.add(page, place, fault);
        }
        Ok(())
    }
}
