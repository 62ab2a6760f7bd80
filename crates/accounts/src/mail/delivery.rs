//! How a mail leaves: by SMTP, or into the development mailbox.

use std::time::Duration;

use foundation::ExposeSecret as _;
use lettre::message::{Mailbox, Message, header::ContentType};
use lettre::transport::smtp::authentication::Credentials;
use lettre::{AsyncSmtpTransport, AsyncTransport as _, Tokio1Executor};
use thiserror::Error;

use crate::MailConfig;
use crate::config::SmtpSecurity;
use crate::entities::outgoing_mails::Model;

/// How mail leaves.
#[derive(Clone)]
pub enum Delivery {
    /// Stays here and is shown at `/dev/mail`.
    Mailbox,
    /// Goes to an SMTP server.
    Smtp {
        /// The connection pool to the server.
        transport: AsyncSmtpTransport<Tokio1Executor>,
        /// Whom the mail is from.
        from: Mailbox,
        /// How long the server may take for one mail.
        timeout: Duration,
    },
}

/// Why mail does not leave.
#[derive(Debug, Error)]
pub enum DeliveryError {
    /// An address that is none.
    #[error("the address cannot be written to")]
    Address(#[from] lettre::address::AddressError),
    /// A message that cannot be written down.
    #[error("the message cannot be composed")]
    Compose(#[from] lettre::error::Error),
    /// The SMTP server took too long.
    #[error("the SMTP server did not answer in time")]
    Silent,
    /// The SMTP server said no.
    #[error("the SMTP server did not take it")]
    Smtp(#[from] lettre::transport::smtp::Error),
}

impl Delivery {
    /// The delivery that the settings ask for.
    ///
    /// # Errors
    /// When the sender's address or the TLS settings cannot be used.
    pub fn build(config: &MailConfig) -> Result<Self, DeliveryError> {
        let Some(host) = &config.smtp_host else { return Ok(Self::Mailbox) };
        let builder = match config.smtp_security {
            SmtpSecurity::Tls => AsyncSmtpTransport::<Tokio1Executor>::relay(host)?,
            SmtpSecurity::Starttls => AsyncSmtpTransport::<Tokio1Executor>::starttls_relay(host)?,
            SmtpSecurity::None => AsyncSmtpTransport::<Tokio1Executor>::builder_dangerous(host),
        };
        let builder = match config.smtp_port {
            Some(port) => builder.port(port),
            None => builder,
        };
        let builder = match (&config.smtp_username, &config.smtp_password) {
            (Some(name), Some(password)) => {
                builder.credentials(Credentials::new(name.clone(), password.expose_secret().to_owned()))
            }
            _ => builder,
        };
        Ok(Self::Smtp {
            transport: builder.build(),
            from: config.from.parse()?,
            timeout: config.smtp_timeout.into(),
        })
    }

    pub(super) async fn deliver(&self, mail: &Model) -> Result<(), DeliveryError> {
        let Self::Smtp { transport, from, timeout } = self else { return Ok(()) };
        let message = Message::builder()
            .from(from.clone())
            .to(Mailbox::new(None, mail.recipient.parse()?))
            .subject(&mail.subject)
            // RFC 3834: asks autoresponders not to answer.
            .raw_header(lettre::message::header::HeaderValue::new(
                lettre::message::header::HeaderName::new_from_ascii_str("Auto-Submitted"),
                "auto-generated".to_owned(),
            ))
            .header(ContentType::TEXT_PLAIN)
            .body(mail.text.clone())?;
        // The library limits only how long connecting takes; a server can also accept and then be silent.
        tokio::time::timeout(*timeout, transport.send(message))
            .await
            .map_err(|_| DeliveryError::Silent)??;
        Ok(())
    }
}
