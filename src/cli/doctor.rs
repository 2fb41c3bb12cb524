//! `griot doctor`: one line per check of the machine, or of the published feeds; or a visit of one source, step by step.

use super::args::{Doctor, Global};
use super::failure::{DONE, FATAL, Failure, USAGE, from_open};
use super::output::{self, Output};
use super::setup;
use super::terminal_text::{dated_title, escape_controls};
use crate::config::{Config, Source};
use crate::fetch::{DnsLookup, Hop, TraceEvent};
use crate::model::{FailureReason, SourceHealth, Timestamp};
use crate::pipeline::doctor::{
    Conversation, DocumentKind, Finding, RobotsReport, Severity, check_machine, check_published, hold_conversation,
};
use crate::pipeline::remedy::{Remedy, remedy};
use crate::pipeline::{Clock, OpenError, Tools, prepare};
use serde_json::{Value, json};

/// Checks everything that a run needs, or visits one source; the exit code is 1 when a check fails.
///
/// # Errors
/// [`Failure`] when the source is not configured, or the checks cannot be made.
pub async fn run(doctor: &Doctor, global: &Global, clock: &Clock, output: &mut Output) -> Result<u8, Failure> {
    let now = clock.now();
    let loaded = setup::load_with_lists(global, output).and_then(|(path, config)| match prepare(&config) {
        Ok(_) => Ok((path, config)),
        Err(problems) => {
            let files = config.files;
            Err(from_open(OpenError::Config { files, problems }, output.style()))
        }
    });
    if doctor.published {
        let (path, config) = loaded?;
        let tools = setup::tools(global, setup::database_path(global, &path))?;
        let findings = check_published(&config, &tools, clock).await;
        return Ok(print_findings(&findings.map_err(|error| from_open(error, output.style()))?, output));
    }
    let Some(id) = &doctor.source else {
        let findings = match loaded {
            Ok((path, config)) => {
                let tools = setup::tools(global, setup::database_path(global, &path))?;
                let mut findings = vec![configuration(&path, &config)];
                findings.extend(
                    check_machine(&config, &tools, clock)
                        .await
                        .map_err(|error| from_open(error, output.style()))?,
                );
                findings
            }
            Err(failure) => {
                output::eprint_line(&failure.render(output.style()));
                let first = failure.error.to_string().lines().next().unwrap_or_default().to_owned();
                vec![Finding::bad("configuration", Severity::Failure, first, "griot check")]
            }
        };
        return Ok(print_findings(&findings, output));
    };
    let (path, config) = loaded?;
    let tools = setup::tools(global, setup::database_path(global, &path))?;
    let source = find(&config, id)?;
    check_source(&config, &tools, source, now, output).await
}

fn configuration(path: &std::path::Path, config: &Config) -> Finding {
    let (sources, topics) = (config.sources.len(), config.topics.len());
    Finding::good("configuration", format!("{}: {sources} sources, {topics} topics", path.display()))
}

fn find<'a>(config: &'a Config, id: &str) -> Result<&'a Source, Failure> {
    if let Some(source) = config.sources.iter().find(|source| source.id.as_str() == id) {
        return Ok(source);
    }
    let distance = |source: &&Source| strsim::osa_distance(id, source.id.as_str());
    // Ids are shorter, and the time of the distance is the product of the lengths.
    let near = config.sources.iter().filter(|_| id.len() <= 64).min_by_key(distance);
    let near = near.filter(|source| distance(source) <= 1.max(source.id.as_str().len() / 3));
    let hint = near.map_or_else(
        || "griot list sources shows them".to_owned(),
        |source| format!("did you mean `{}`?", source.id.as_str()),
    );
    Err(Failure::message(USAGE, format!("no source is called `{}`", escape_controls(id))).hint(hint))
}

/// Prints the findings, and returns the exit code.
fn print_findings(findings: &[Finding], output: &mut Output) -> u8 {
    let fails = findings.iter().any(|finding| finding.severity == Severity::Failure);
    if output.json {
        let checks = findings.iter().map(|finding| {
            json!({
                "check": finding.subject,
                "verdict": finding.severity.as_str(),
                "detail": finding.detail,
                "remedy": finding.remedy,
            })
        });
        output.value(&json!({"ok": !fails, "checks": checks.collect::<Vec<_>>()}));
    } else {
        let quiet = output.quiet;
        for finding in findings.iter().filter(|finding| !quiet || finding.severity != Severity::Good) {
            let words = |text| output.messages.translate(text);
            let line = format!(
                "{:<5} {:<16} {}",
                words(finding.severity.as_str()),
                words(finding.subject),
                escape_controls(&words(&finding.detail))
            );
            let remedy = finding.remedy.as_deref().map(words);
            output.line(&line);
            if let Some(remedy) = remedy {
                output.line(&format!("{:<22} → {remedy}", ""));
            }
        }
    }
    if fails { FATAL } else { DONE }
}

async fn check_source(config: &Config, tools: &Tools, source: &Source, now: Timestamp, output: &mut Output) -> Result<u8, Failure> {
    let conversation = hold_conversation(config, tools, source, now)
        .await
        .map_err(|error| from_open(error, output.style()))?;
    let mut resulting_state = conversation.resulting_state();
    if conversation.reason.is_none() {
        resulting_state.detail = None;
    }
    let found = remedy(source, &resulting_state).map(|remedy| Remedy {
        // `griot doctor` is the command that runs.
        command: Some(remedy.command)
            .filter(|command| !command.starts_with("griot doctor"))
            .unwrap_or_default(),
        ..remedy
    });
    if output.json {
        output.value(&json_object(source, &conversation, found.as_ref()));
    } else {
        print_conversation(source, &conversation, found.as_ref(), &config.site.timezone, output);
    }
    Ok(if conversation.reason.is_some() { FATAL } else { DONE })
}

fn health(source: &Source, conversation: &Conversation) -> SourceHealth {
    super::status::current_health(source, &conversation.state, conversation.now)
}

fn json_object(source: &Source, conversation: &Conversation, remedy: Option<&Remedy>) -> Value {
    let command = remedy.map(|remedy| remedy.command.as_str()).filter(|command| !command.is_empty());
    json!({
        "source": source.id.as_str(),
        "addresses": source.urls.iter().map(without_user_info).collect::<Vec<_>>(),
        "asked": conversation.asked.as_ref().map(without_user_info),
        "proxy": source.proxy.as_ref().map(without_user_info),
        "guard": conversation.refusal,
        "steps": conversation.seen.iter().map(step).collect::<Vec<_>>(),
        "document": document(conversation),
        "robots": match &conversation.robots {
            Ok(robots) => json!({
                "status": robots.status,
                "bytes": robots.size,
                "feed_allowed": robots.feed,
                "page": robots.page.as_ref().map(|(page, _)| without_user_info(page)),
                "page_allowed": robots.page.as_ref().map(|(_, allowed)| allowed),
                "crawl_delay_s": robots.crawl_delay.map(|delay| delay.as_secs_f64()),
                "detail": null,
            }),
            Err(detail) => json!({"status": null, "bytes": null, "detail": detail}),
        },
        "schedule": {
            "state": health(source, conversation).as_str(),
            "due": conversation.is_due && source.enabled,
            "last_visit": conversation.state.last_visit.map(Timestamp::rfc3339),
            "last_success": conversation.state.last_success.map(Timestamp::rfc3339),
            "next_visit": conversation.state.next_visit.map(Timestamp::rfc3339),
            "failures": conversation.state.failures,
        },
        "ok": conversation.reason.is_none(),
        "reason": conversation.reason.map(FailureReason::as_str),
        "detail": conversation.detail,
        "advice": remedy.map(|remedy| remedy.advice),
        "remedy": command,
    })
}

/// Returns an address without its user-info.
fn without_user_info(url: &url::Url) -> String {
    crate::model::without_user_info(url.clone()).to_string()
}

fn milliseconds(took: std::time::Duration) -> u64 {
    u64::try_from(took.as_millis()).unwrap_or(u64::MAX)
}

fn step(event: &TraceEvent) -> Value {
    let pairs = |headers: &[(String, String)]| headers.iter().map(|(name, value)| json!([name, value])).collect::<Vec<_>>();
    match event {
        TraceEvent::Lookup(look_up) => json!({
            "step": "dns",
            "name": look_up.name,
            "addresses": look_up.found.iter().map(|(address, refusal)| json!({"address": address.to_string(), "refusal": refusal})).collect::<Vec<_>>(),
            "error": look_up.error,
            "ms": milliseconds(look_up.took),
        }),
        TraceEvent::Hop(hop) => {
            let mut value = json!({
                "step": "request",
                "url": hop.url.as_str(),
                "sent": pairs(&hop.sent),
                "ms": milliseconds(hop.took),
            });
            match &hop.answer {
                Ok(head) => {
                    value["status"] = json!(head.status);
                    value["version"] = json!(head.version);
                    value["address"] = json!(head.address.map(|address| address.to_string()));
                    value["headers"] = json!(pairs(&head.headers));
                    value["certificate"] = json!(
                        head.certificate
                            .as_ref()
                            .map(|certificate| { json!({"issuer": certificate.issuer, "not_after": certificate.not_after.rfc3339()}) })
                    );
                }
                Err((code, detail)) => {
                    value["failure"] = json!(code.as_str());
                    value["detail"] = json!(detail);
                }
            }
            value
        }
        TraceEvent::Body(bytes) => json!({"step": "body", "wire_bytes": bytes}),
    }
}

fn document(conversation: &Conversation) -> Value {
    let Some(document) = &conversation.told else { return Value::Null };
    let mut value = json!({
        "status": document.status,
        "bytes": document.size,
        "content_type": document.content_type,
        "charset": document.charset,
        "encoding": encoding(conversation),
    });
    match &document.what {
        DocumentKind::Feed {
            version,
            entries,
            newest,
            problems,
            pages: _,
        } => {
            value["kind"] = json!("feed");
            value["version"] = json!(version);
            value["entries"] = json!(entries);
            let titles = newest
                .iter()
                .map(|(date, title)| json!({"title": title, "date": date.map(Timestamp::rfc3339)}));
            value["newest"] = titles.collect();
            value["problems"] = json!(problems);
        }
        DocumentKind::Other { code, reason, announced } => {
            value["kind"] = json!(code);
            value["reason"] = json!(reason);
            value["announced"] = announced.iter().map(url::Url::as_str).collect();
        }
    }
    value
}

/// Returns the content encoding of the last answer.
fn encoding(conversation: &Conversation) -> Option<&str> {
    let mut heads = conversation.seen.iter().rev().filter_map(|event| match event {
        TraceEvent::Hop(hop) => hop.answer.as_ref().ok(),
        _ => None,
    });
    let headers = &heads.next()?.headers;
    let found = headers.iter().find(|(name, _)| name == "content-encoding");
    found.map(|(_, value)| value.as_str())
}

/// Prints a line: its label, and its text with control characters escaped.
fn print_line(output: &mut Output, label: &str, text: &str) {
    output.line(&format!("{:<10}{}", output.messages.translate(label), escape_controls(text)));
}

/// Prints a line of which the text is a message.
fn tell_line(output: &mut Output, label: &str, message: &str) {
    print_line(output, label, &output.messages.translate(message));
}

fn print_conversation(source: &Source, conversation: &Conversation, remedy: Option<&Remedy>, zone: &str, output: &mut Output) {
    print_line(output, "source", &format!("{}: {}", source.id.as_str(), source.name));
    print_addresses(source, conversation, output);
    for event in &conversation.seen {
        match event {
            TraceEvent::Lookup(look_up) => print_look_up(look_up, output),
            TraceEvent::Hop(hop) => print_hop(hop, zone, output),
            TraceEvent::Body(_) => {}
        }
    }
    print_document(conversation, zone, output);
    match &conversation.robots {
        Ok(robots) => print_robots(robots, output),
        Err(detail) => tell_line(output, "robots", detail),
    }
    print_schedule(source, conversation, zone, output);
    let verdict = conversation
        .reason
        .map_or_else(|| "ok".to_owned(), |reason| reason.as_str().to_owned());
    let messages = output.messages;
    let words = |text| messages.translate(text);
    print_line(
        output,
        "verdict",
        &format!("{verdict}{}{}", words(": "), words(&conversation.detail)),
    );
    if let Some(remedy) = remedy {
        let colon = if remedy.command.is_empty() { "".into() } else { words(": ") };
        let line = format!("→ {}{colon}{}", words(remedy.advice), remedy.command);
        print_line(output, "", &line);
    }
}

fn print_robots(robots: &RobotsReport, output: &mut Output) {
    let page = robots.page.as_ref().map(|(page, allowed)| {
        let page = without_user_info(page);
        if *allowed {
            format!("{page} may be asked")
        } else {
            format!("{page} may not be asked")
        }
    });
    let feed = if robots.feed {
        "the feed may be asked"
    } else {
        "the feed may not be asked"
    };
    let delay = robots.crawl_delay.map(|delay| format!("a pause of {} s", delay.as_secs_f64()));
    let answer = format!("robots.txt: {}, {} bytes", robots.status, robots.size);
    let parts = [Some(answer), Some(feed.to_owned()), page, delay].into_iter().flatten();
    let words = |part: String| output.messages.translate(&part).into_owned();
    let line = parts.map(words).collect::<Vec<_>>().join(&output.messages.translate("; "));
    print_line(output, "robots", &line);
}

fn print_addresses(source: &Source, conversation: &Conversation, output: &mut Output) {
    for url in &source.urls {
        let mark = if conversation.asked.as_ref() == Some(url) {
            output.messages.translate("  (asked now)")
        } else {
            "".into()
        };
        print_line(output, "address", &format!("{}{mark}", without_user_info(url)));
    }
    if let Some(asked) = conversation.asked.as_ref().filter(|asked| !source.urls.contains(asked)) {
        tell_line(output, "address", &format!("{}  (asked now, instead)", without_user_info(asked)));
    }
    if let Some(proxy) = &source.proxy {
        tell_line(
            output,
            "proxy",
            &format!("{}  (it looks names up and connects)", without_user_info(proxy)),
        );
    }
    match &conversation.refusal {
        Some(refusal) => tell_line(output, "guard", &format!("refused: {refusal}")),
        None if conversation.asked.is_some() => tell_line(output, "guard", "the address may be asked"),
        None => {}
    }
}

fn print_look_up(look_up: &DnsLookup, output: &mut Output) {
    let took = milliseconds(look_up.took);
    let colon = output.messages.translate(": ");
    for (address, refusal) in &look_up.found {
        let verdict = output.messages.translate(refusal.as_deref().unwrap_or("may be asked"));
        print_line(output, "dns", &format!("{} → {address}{colon}{verdict} ({took} ms)", look_up.name));
    }
    if let Some(error) = look_up.error.as_ref().filter(|_| look_up.found.is_empty()) {
        let error = output.messages.translate(error);
        print_line(output, "dns", &format!("{}{colon}{error} ({took} ms)", look_up.name));
    }
}

fn print_hop(hop: &Hop, zone: &str, output: &mut Output) {
    print_line(output, "request", &format!("GET {}", hop.url));
    for (name, value) in &hop.sent {
        print_line(output, "", &format!("> {name}: {value}"));
    }
    let after = format!("after {} ms", milliseconds(hop.took));
    let after = output.messages.translate(&after);
    let head = match &hop.answer {
        Ok(head) => head,
        Err((code, detail)) => {
            let words = |text| output.messages.translate(text);
            let detail = format!("{}{}{}", words("none"), words(": "), words(detail));
            return print_line(output, "answer", &format!("{detail} ({code}, {after})"));
        }
    };
    if let Some(address) = head.address {
        print_line(output, "connected", &address.to_string());
    }
    if let Some(certificate) = &head.certificate {
        let until = certificate.not_after.local(zone);
        tell_line(
            output,
            "tls",
            &format!("certificate issued by {}, valid until {until}", certificate.issuer),
        );
    }
    print_line(output, "answer", &format!("{} {} {after}", head.version, head.status));
    for (name, value) in &head.headers {
        print_line(output, "", &format!("< {name}: {value}"));
    }
}

fn print_document(conversation: &Conversation, zone: &str, output: &mut Output) {
    let Some(document) = &conversation.told else { return };
    let wire = conversation.seen.iter().find_map(|event| match event {
        TraceEvent::Body(bytes) => Some(*bytes),
        _ => None,
    });
    let encoding = encoding(conversation).map(|name| format!(" ({name})")).unwrap_or_default();
    let wire = wire.map(|bytes| format!("{bytes} bytes over the wire{encoding}"));
    let decoded = format!("{} decoded, read as {}", document.size, document.charset);
    let words = |text: String| output.messages.translate(&text).into_owned();
    let parts = wire.into_iter().chain([decoded]).map(words);
    let line = parts.collect::<Vec<_>>().join(", ");
    print_line(output, "body", &line);
    match &document.what {
        DocumentKind::Feed {
            version,
            entries,
            newest,
            problems,
            pages: _,
        } => {
            tell_line(output, "feed", &format!("{version}, {entries} entries"));
            for (date, title) in newest {
                print_line(output, "", &dated_title(*date, zone, title, output.messages));
            }
            if !problems.is_empty() {
                print_line(output, "problems", &problems.join(", "));
            }
        }
        DocumentKind::Other { code, reason, announced } => {
            let words = |text| output.messages.translate(text);
            let line = format!("{code}{}{}", words(": "), words(reason));
            print_line(output, "document", &line);
            for url in announced {
                tell_line(output, "", &format!("announces {url}"));
            }
        }
    }
}

fn print_schedule(source: &Source, conversation: &Conversation, zone: &str, output: &mut Output) {
    let state = health(source, conversation);
    let time = |at: Option<Timestamp>, none: &str| at.map_or_else(|| none.to_owned(), |at| at.local(zone));
    let next = match (source.enabled, conversation.is_due) {
        (false, _) => "never, since it is switched off".to_owned(),
        (true, true) => "in the next run".to_owned(),
        (true, false) => time(conversation.state.next_visit, "in the next run"),
    };
    let last = time(conversation.state.last_success, "never");
    tell_line(output, "schedule", &format!("state {state}, last success {last}, next try {next}"));
}
