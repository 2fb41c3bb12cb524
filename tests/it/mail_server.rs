//! A mail server on loopback that keeps what it is sent (RFC 5321), without encryption.

use std::io::{BufRead, BufReader, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Mutex};

/// A mail as it came.
#[derive(Clone, Debug)]
pub struct Received {
    pub from: String,
    pub to: Vec<String>,
    pub login: String,
    pub text: String,
}

impl Received {
    /// Returns the value of a header, continuation lines included.
    pub fn header(&self, name: &str) -> String {
        let head = self.text.split("\r\n\r\n").next().unwrap_or_default().replace("\r\n ", " ");
        let lines = head.lines().filter_map(|line| line.split_once(": "));
        let found = lines.into_iter().find(|(own, _)| own.eq_ignore_ascii_case(name));
        found.map(|(_, value)| value.to_owned()).unwrap_or_default()
    }
}

#[derive(Default)]
struct Shared {
    received: Mutex<Vec<Received>>,
    /// The answer to the end of a mail, in place of 250.
    refusal: Mutex<Option<&'static str>>,
}

pub struct MailServer {
    pub address: SocketAddr,
    shared: Arc<Shared>,
}

impl MailServer {
    pub fn open() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port on loopback");
        let address = listener.local_addr().expect("its address");
        let shared = Arc::new(Shared::default());
        let inside = Arc::clone(&shared);
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let shared = Arc::clone(&inside);
                std::thread::spawn(move || drop(shared.converse(&stream)));
            }
        });
        Self { address, shared }
    }

    pub fn received(&self) -> Vec<Received> {
        self.shared.received.lock().expect("no test holds it while it fails").clone()
    }

    /// Answers the next mails with this line; `None`: takes them.
    pub fn refuse(&self, line: Option<&'static str>) {
        *self.shared.refusal.lock().expect("no test holds it while it fails") = line;
    }
}

impl Shared {
    fn converse(&self, stream: &TcpStream) -> std::io::Result<()> {
        let (mut reader, mut writer) = (BufReader::new(stream), stream);
        let mut mail = Received {
            from: String::new(),
            to: Vec::new(),
            login: String::new(),
            text: String::new(),
        };
        writer.write_all(b"220 mail.example ESMTP\r\n")?;
        loop {
            let mut line = String::new();
            if reader.read_line(&mut line)? == 0 {
                return Ok(());
            }
            let words = line.trim_end().to_owned();
            let reply = match words.split([' ', ':']).next().unwrap_or_default().to_ascii_uppercase().as_str() {
                "EHLO" => "250-mail.example\r\n250-8BITMIME\r\n250 AUTH PLAIN LOGIN".to_owned(),
                "AUTH" => {
                    words.clone_into(&mut mail.login);
                    "235 yes".to_owned()
                }
                "MAIL" => {
                    words.clone_into(&mut mail.from);
                    "250 yes".to_owned()
                }
                "RCPT" => {
                    mail.to.push(words);
                    "250 yes".to_owned()
                }
                "DATA" => {
                    writer.write_all(b"354 go on\r\n")?;
                    loop {
                        let mut line = String::new();
                        reader.read_line(&mut line)?;
                        if line == ".\r\n" {
                            break;
                        }
                        mail.text.push_str(line.strip_prefix('.').unwrap_or(&line));
                    }
                    let refusal = *self.refusal.lock().expect("no test holds it while it fails");
                    if refusal.is_none() {
                        self.received.lock().expect("no test holds it while it fails").push(mail.clone());
                    }
                    refusal.unwrap_or("250 yes").to_owned()
                }
                "QUIT" => "221 bye".to_owned(),
                _ => "502 no".to_owned(),
            };
            writer.write_all(format!("{reply}\r\n").as_bytes())?;
        }
    }
}
