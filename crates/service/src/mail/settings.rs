//! The mail server that an administrator sets.

use crate::audit::about;
use crate::seal::SealingKey;
use crate::{Service, settings};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use belvedere_api::{Cx, Error, Patch, Result, bodies, types};
use belvedere_mail::{Encryption, Login, MailServer, Method, SUBMISSION};
use belvedere_store::Reader;
use serde::{Deserialize, Serialize};

const KEY: &str = "smtp_settings";

/// What the password is sealed for.
const PLACE: &str = "smtp_settings.password";

/// The most characters of a name or a password.
const LONGEST: usize = 1000;

/// How a mail server is signed in to, by the word for it.
const METHODS: [(&str, Method); 2] = [("plain", Method::Plain), ("login", Method::Login)];

/// A mail server as it is kept.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct SmtpSettings {
    address: String,
    port: u16,
    from: String,
    enable_starttls_auto: bool,
    login: Option<SealedLogin>,
}

/// How to sign in, as it is kept.
#[derive(Debug, Serialize, Deserialize)]
struct SealedLogin {
    user_name: String,
    auth_type: Option<String>,
    /// Base64 of what is sealed.
    password: String,
}

/// The settings in force; none while nobody has set any.
pub(super) async fn in_force(db: &mut Reader) -> belvedere_store::Result<Option<SmtpSettings>> {
    settings::get(db, KEY).await
}

impl SmtpSettings {
    /// The mail server that they describe.
    pub(super) fn server(&self, key: &SealingKey) -> Result<MailServer> {
        Ok(MailServer {
            host: self.address.parse().map_err(Error::internal)?,
            port: self.port,
            encryption: encryption(self.enable_starttls_auto),
            login: self.login.as_ref().map(|login| login.opened(key)).transpose()?,
            from: self.from.parse().map_err(Error::internal)?,
        })
    }
}

impl SealedLogin {
    fn opened(&self, key: &SealingKey) -> Result<Login> {
        let sealed = STANDARD.decode(&self.password).map_err(Error::internal)?;
        let password = key.open(PLACE, &sealed).map_err(|error| {
            Error::bad_request("the password of the mail server cannot be read; set it anew").with_source(error)
        })?;
        Ok(Login {
            user_name: self.user_name.clone(),
            password: String::from_utf8(password).map_err(Error::internal)?,
            method: method(self.auth_type.as_deref())?,
        })
    }
}

fn encryption(starttls: bool) -> Encryption {
    if starttls { Encryption::StartTls } else { Encryption::Never }
}

fn method(word: Option<&str>) -> Result<Method> {
    let Some(word) = word else { return Ok(Method::Any) };
    let known = METHODS.iter().find(|(known, _)| known.eq_ignore_ascii_case(word));
    known.map(|(_, method)| *method).ok_or_else(|| Error::invalid("auth_type", "must be `plain` or `login`"))
}

/// What a caller asks for.
enum Asked {
    /// The operator's own mail server.
    Default,
    /// This one.
    Set(MailServer, Option<String>),
}

impl Asked {
    fn read(body: bodies::WriteSmtpSettings) -> Result<Self> {
        if body.default_smtp.value() == Some(true) {
            return Ok(Self::Default);
        }
        refuse_what_is_not_spoken(&body)?;
        let address = body.address.ok_or_else(|| Error::missing_field("address"))?;
        let from = body.from.ok_or_else(|| Error::missing_field("from"))?;
        let auth_type = body.auth_type.value();
        let port = body.port.unwrap_or_else(|| i64::from(SUBMISSION));
        let port = u16::try_from(port).ok().filter(|port| *port > 0);
        let server = MailServer {
            host: address.trim().parse().map_err(|error: belvedere_mail::MailError| told("address", &error))?,
            port: port.ok_or_else(|| Error::invalid("port", "must be a number from 1 to 65535"))?,
            encryption: encryption(body.enable_starttls_auto.unwrap_or(true)),
            login: login(body.user_name, body.password, method(auth_type.as_deref())?)?,
            from: from.trim().parse().map_err(|error: belvedere_mail::MailError| told("from", &error))?,
        };
        if !server.keeps_its_password() {
            let why = "must be true where there is a password, which is never sent unencrypted";
            return Err(Error::invalid("enable_starttls_auto", why));
        }
        Ok(Self::Set(server, auth_type))
    }
}

fn told(field: &str, error: &belvedere_mail::MailError) -> Error {
    Error::invalid(field, error.to_string())
}

/// Older encryption than TLS 1.2, and tokens in the place of a password.
fn refuse_what_is_not_spoken(body: &bodies::WriteSmtpSettings) -> Result<()> {
    if matches!(body.ssl_version, Patch::Value(types::SmtpSettingsSslVersion::TLSv11)) {
        return Err(Error::invalid("ssl_version", "must be `TLSv1_2` or nothing: older versions are not spoken"));
    }
    let of_oauth = [
        ("client_id", &body.client_id),
        ("client_secret", &body.client_secret),
        ("token_endpoint", &body.token_endpoint),
        ("scopes", &body.scopes),
    ];
    match of_oauth.iter().find(|(_, value)| matches!(value, Patch::Value(text) if !text.is_empty())) {
        Some((field, _)) => Err(Error::invalid(*field, "must be nothing: mail servers are signed in to by a password")),
        None => Ok(()),
    }
}

fn login(user_name: Patch<String>, password: Patch<String>, method: Method) -> Result<Option<Login>> {
    let given = |text: Patch<String>| text.value().filter(|text| !text.is_empty());
    match (given(user_name), given(password)) {
        (None, None) => Ok(None),
        (Some(_), None) => Err(Error::missing_field("password")),
        (None, Some(_)) => Err(Error::missing_field("user_name")),
        (Some(user_name), Some(password)) => {
            for (field, text) in [("user_name", &user_name), ("password", &password)] {
                if text.chars().count() > LONGEST || text.chars().any(char::is_control) {
                    let why = format!("must be one line of at most {LONGEST} characters");
                    return Err(Error::invalid(field, why));
                }
            }
            Ok(Some(Login { user_name, password, method }))
        }
    }
}

impl Service {
    pub(crate) async fn change_mail_server(&self, cx: &Cx, body: bodies::WriteSmtpSettings) -> Result<()> {
        let kept = match Asked::read(body)? {
            Asked::Default if self.settings.mail_server.is_none() => {
                return Err(Error::invalid(
                    "default_smtp",
                    "must be false: the operator of this server has set no mail server",
                ));
            }
            Asked::Default => None,
            Asked::Set(server, auth_type) => Some(SmtpSettings {
                address: server.host.as_str().to_owned(),
                port: server.port,
                from: server.from.to_string(),
                enable_starttls_auto: server.encryption == Encryption::StartTls,
                login: server.login.map(|login| SealedLogin {
                    password: STANDARD.encode(self.settings.sealing_key.seal(
                        PLACE,
                        login.password.as_bytes(),
                        &*cx.ids,
                    )),
                    user_name: login.user_name,
                    auth_type,
                }),
            }),
        };
        let set = self.change(cx, async |tx| {
            settings::set(tx, KEY, &kept).await?;
            let told = |text: fn(&SmtpSettings) -> String| kept.as_ref().map(text).into();
            let told = [
                ("address", told(|kept| format!("{}:{}", kept.address, kept.port))),
                ("from", told(|kept| kept.from.clone())),
            ];
            Ok(about((), told))
        });
        set.await.map(drop)
    }
}
