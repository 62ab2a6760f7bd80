//! Production: what is made for development is not there.

use accounts::SmtpSecurity;
use server::{Config, Mode};

use crate::house::{House, rooms};
use crate::process::{Folder, Running};

/// As little as production accepts.
pub(crate) fn settings(config: &mut Config) {
    config.mode = Mode::Production;
    config.server.public_url = Some("https://learn.example.org".to_owned());
    config.mail.smtp_host = Some("127.0.0.1".to_owned());
    config.mail.smtp_security = SmtpSecurity::None;
}

#[test]
fn what_could_be_protected_better_is_said_at_the_start() {
    let folder = Folder::new();
    let mut command = folder.command();
    command.envs([
        ("NODE_ENV", "production"),
        ("APP_URL", "https://learn.example.org"),
        ("MAINSTAY__MAIL__SMTP_HOST", "mx.example"),
        ("MAINSTAY__ACCOUNTS__PASSWORD__MEMORY_KIB", "7168"),
    ]);
    let log = Running::start(&mut command).terminate().stderr;
    assert_eq!(log.matches("mail.smtp_username is not set, so that mx.example takes").count(), 1, "{log}");
}

testkit::on_both_databases! {
    migrations: rooms();

    // ASVS 13.4.2
    async fn there_is_no_development_mailbox(database) {
        let house = House::with(database, |config| {
            settings(config);
            config.server.api_docs = Some(true);
        }).await;
        let client = house.client();
        for path in ["/api/dev/mail", "/dev/mail", "/dev/", "/api/dev"] {
            let answer = client.get(path).await;
            assert_eq!((answer.status.as_u16(), answer.code().as_str()), (404, "not_found"), "{path}");
        }
        assert_eq!(client.get("/api/app").await.json()["development_mailbox"], false);
        let document = client.get("/api/openapi.json").await.json();
        let paths = document["paths"].as_object().expect("paths");
        assert!(paths.len() > 5 && paths.keys().all(|path| !path.contains("/dev")), "{document}");
    }
}
