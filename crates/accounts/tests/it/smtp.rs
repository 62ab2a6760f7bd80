//! A real SMTP server (Debian's aiosmtpd) that prints what it receives.

use std::io::{BufRead as _, BufReader, Read};
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex};

use accounts::{MailConfig, SmtpSecurity};
use tokio::net::TcpStream;

/// The end of each message that the server prints.
const END: &str = "------------ END MESSAGE ------------";

pub(crate) struct SmtpServer {
    child: Child,
    printed: Arc<Mutex<String>>,
}

impl SmtpServer {
    /// Starts a server and waits until it answers.
    pub(crate) async fn start(port: u16) -> Self {
        let mut child = Command::new("aiosmtpd")
            .args(["-n", "-u", "-l", &format!("127.0.0.1:{port}")])
            .envs([("PYTHONUNBUFFERED", "1"), ("PYTHONIOENCODING", "utf-8")])
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("aiosmtpd runs; Debian's package is python3-aiosmtpd");
        let printed = Arc::default();
        keep(child.stdout.take().expect("piped"), Arc::clone(&printed));
        let server = Self { child, printed };
        testkit::until("the SMTP server to listen", async || {
            TcpStream::connect(("127.0.0.1", port)).await.ok()
        })
        .await;
        server
    }

    /// Waits until that many messages have arrived, and gives them.
    pub(crate) async fn messages(&self, number: usize) -> Vec<String> {
        testkit::until("mail to arrive", async || {
            let printed = self.printed.lock().expect("not poisoned").clone();
            let complete: Vec<String> = printed.split_inclusive(END).map(str::to_owned).collect();
            let complete: Vec<String> = complete.into_iter().filter(|text| text.ends_with(END)).collect();
            (complete.len() >= number).then_some(complete)
        })
        .await
    }
}

impl Drop for SmtpServer {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn keep(output: impl Read + Send + 'static, printed: Arc<Mutex<String>>) {
    std::thread::spawn(move || {
        for line in BufReader::new(output).lines().map_while(Result::ok) {
            let mut printed = printed.lock().expect("not poisoned");
            printed.push_str(&line);
            if !line.ends_with(END) {
                printed.push('\n');
            }
        }
    });
}

/// Settings that send mail to a server on this machine.
pub(crate) fn mail_to(port: u16) -> MailConfig {
    MailConfig {
        smtp_host: Some("127.0.0.1".to_owned()),
        smtp_port: Some(port),
        smtp_security: SmtpSecurity::None,
        from: "Mäinstay <mainstay@example.org>".to_owned(),
        ..MailConfig::default()
    }
}
