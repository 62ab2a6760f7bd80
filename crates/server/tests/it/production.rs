//! Production: what is made for development is not there.

use accounts::SmtpSecurity;
use server::Mode;

use crate::house::{House, rooms};

testkit::on_both_databases! {
    migrations: rooms();

    // ASVS 13.4.2
    async fn there_is_no_development_mailbox(database) {
        let house = House::with(database, |config| {
            config.mode = Mode::Production;
            config.server.public_url = Some("https://learn.example.org".to_owned());
            config.mail.smtp_host = Some("127.0.0.1".to_owned());
            config.mail.smtp_security = SmtpSecurity::None;
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
