//! How the server sends mail, as the configuration says.

use crate::config::Config;
use anyhow::{Context, Result, ensure};
use belvedere_mail::{Encryption, Login, MailServer, Method};
use std::sync::Arc;

/// The mail server that the configuration names.
pub(crate) fn mail_server(config: &Config) -> Result<Option<MailServer>> {
    let Some(address) = &config.smtp_address else {
        let others = config.smtp_from.is_some() || config.smtp_user_name.is_some() || config.smtp_password.is_some();
        ensure!(!others, "a mail server needs an address: give --smtp-address");
        return Ok(None);
    };
    let from = config.smtp_from.as_ref().context("smtp-address: mails need a sender: give --smtp-from")?;
    let server = MailServer {
        host: address.parse().with_context(|| format!("smtp-address `{address}`"))?,
        port: config.smtp_port,
        encryption: if config.smtp_enable_starttls_auto { Encryption::StartTls } else { Encryption::Never },
        login: login(config)?,
        from: from.parse().with_context(|| format!("smtp-from `{from}`"))?,
    };
    ensure!(
        server.keeps_its_password(),
        "smtp-enable-starttls-auto: a password is never sent unencrypted to another machine"
    );
    Ok(Some(server))
}

fn login(config: &Config) -> Result<Option<Login>> {
    match (&config.smtp_user_name, &config.smtp_password) {
        (None, None) => Ok(None),
        (Some(user_name), Some(password)) => Ok(Some(Login {
            user_name: user_name.clone(),
            password: password.reveal().to_owned(),
            method: Method::Any,
        })),
        _ => anyhow::bail!("a mail server is signed in to by both --smtp-user-name and --smtp-password"),
    }
}

/// The address that users reach the server at, without a slash at the end: the one that is given, or the one that the
/// server listens on when nobody else than this machine can.
pub(crate) fn host_url(config: &Config, base_url: &str) -> Result<Option<Arc<str>>> {
    if let Some(given) = &config.host_url {
        return checked(given).map(|url| Some(url.into()));
    }
    let is_local =
        config.addresses()?.iter().all(|address| address.ip().is_loopback()) && config.behind_proxy.is_empty();
    Ok(is_local.then(|| base_url.into()))
}

/// Checks what the configuration says.
pub(crate) fn check(config: &Config) -> Result<()> {
    mail_server(config)?;
    config.host_url.as_deref().map(checked).transpose()?;
    Ok(())
}

fn checked(url: &str) -> Result<&str> {
    let origin = url.trim_end_matches('/');
    let host = origin.strip_prefix("https://").or_else(|| origin.strip_prefix("http://")).unwrap_or_default();
    let letters = |byte: u8| byte.is_ascii_alphanumeric() || b".:-_[]".contains(&byte);
    ensure!(
        !host.is_empty() && host.bytes().all(letters),
        "host-url `{url}`: expected scheme and host, such as https://bi.example.com"
    );
    Ok(origin)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn config() -> Config {
        let text = |text: &str| Some(text.to_owned());
        Config { smtp_address: text("smtp.example.com"), smtp_from: text("bi@example.com"), ..Config::default() }
    }

    fn problem(config: &Config) -> String {
        format!("{:#}", check(config).expect_err("it is refused"))
    }

    #[test]
    fn a_mail_server_is_named_with_a_sender_and_a_whole_login() {
        let server = mail_server(&config()).expect("it is right").expect("there is one");
        assert_eq!((server.to_string().as_str(), server.login), ("smtp.example.com:587", None));
        assert_eq!(mail_server(&Config::default()).expect("it is right"), None);
        assert!(problem(&Config { smtp_from: None, ..config() }).contains("--smtp-from"));
        assert!(problem(&Config { smtp_address: None, ..config() }).contains("--smtp-address"));
        assert!(problem(&Config { smtp_from: Some("bi".to_owned()), ..config() }).contains("such as bi@example.com"));
        let user_name = Some("ada".to_owned());
        assert!(problem(&Config { smtp_user_name: user_name.clone(), ..config() }).contains("--smtp-password"));
        let password = "s3cret".parse().ok();
        let open = Config { smtp_user_name: user_name, smtp_password: password, ..config() };
        assert!(check(&open).is_ok());
        let clear = Config { smtp_enable_starttls_auto: false, ..open };
        assert!(problem(&clear).contains("never sent unencrypted"));
        assert!(check(&Config { smtp_address: Some("127.0.0.1".to_owned()), ..clear }).is_ok());
    }

    #[test]
    fn mails_lead_to_the_address_that_is_given_or_to_this_machine() {
        let of = |listen: &str, given: Option<&str>| {
            let config = Config { listen: listen.to_owned(), host_url: given.map(str::to_owned), ..Config::default() };
            host_url(&config, "http://127.0.0.1:1")
        };
        assert_eq!(of("127.0.0.1:0", None).expect("right").as_deref(), Some("http://127.0.0.1:1"));
        assert_eq!(of("0.0.0.0:0", None).expect("right"), None);
        let given = of("0.0.0.0:0", Some("https://bi.example.com/"));
        assert_eq!(given.expect("right").as_deref(), Some("https://bi.example.com"));
        for wrong in ["bi.example.com", "https://", "https://a/b", "ftp://a", "https://a\r\nX: y", "https://a@b"] {
            assert!(of("127.0.0.1:0", Some(wrong)).is_err(), "{wrong:?}");
        }
    }

    #[test]
    fn the_password_of_the_mail_server_is_not_shown() {
        let config = Config { smtp_password: "s3cret".parse().ok(), ..config() };
        let printed = toml::to_string_pretty(&config).expect("it is printed");
        assert!(!printed.contains("s3cret") && !printed.contains("smtp_password"), "{printed}");
        assert!(!format!("{config:?}").contains("s3cret"));
    }
}
