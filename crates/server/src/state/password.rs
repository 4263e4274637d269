//! Passwords of a state file: given by their hash, or by an environment variable.

use super::Person;
use crate::ids::RandomIds;
use anyhow::{Context, Result, bail, ensure};
use belvedere_service::audit::{self, Act, By, Deed};
use belvedere_service::rules::{self, DeclaredPassword};
use belvedere_store::{PasswordHash, Store, Tx, credentials_email};
use jiff::Timestamp;

/// Passwords that are not those of their users yet, by the addresses of these.
pub(super) type Passwords = Vec<(String, PasswordHash)>;

/// The passwords of these people that are to be set.
///
/// # Errors
/// One that breaks a rule in force, a text that is no hash, and a variable that is not there, each with its user.
pub(super) async fn of(store: &Store, people: &[Person]) -> Result<Passwords> {
    let mut passwords = Vec::new();
    for person in people {
        let hash = password(store, person).await.with_context(|| format!("user `{}`", person.email))?;
        passwords.extend(hash.map(|hash| (person.email.clone(), hash)));
    }
    Ok(passwords)
}

async fn password(store: &Store, person: &Person) -> Result<Option<PasswordHash>> {
    let variable;
    let declared = match (&person.password_hash, &person.password_env) {
        (None, None) => return Ok(None),
        (Some(_), Some(_)) => bail!("expected either `password_hash` or `password_env`"),
        (Some(hash), None) => DeclaredPassword::Hash(hash),
        (None, Some(name)) => {
            variable = std::env::var(name).with_context(|| format!("the environment variable `{name}`"))?;
            ensure!(!variable.is_empty(), "the environment variable `{name}` is empty");
            DeclaredPassword::Plain(&variable)
        }
    };
    let email = rules::email("email", &person.email)?;
    let set = rules::password(store, &email, declared, &RandomIds).await;
    set.map_err(|error| {
        let wrong: Vec<String> =
            error.fields().iter().map(|field| format!("{} {}", field.field, field.message)).collect();
        if wrong.is_empty() { error.into() } else { anyhow::Error::msg(wrong.join("; ")) }
    })
}

/// Sets passwords, which ends the sessions and tokens of their users.
pub(super) async fn set(tx: &mut Tx, passwords: Passwords, now: Timestamp) -> Result<()> {
    for (email, password) in passwords {
        let credentials = credentials_email::by_email(tx, email.trim()).await?.context("is gone")?;
        credentials_email::set_password(tx, credentials.user_id, password, now).await?;
        audit::record(tx, &Act::of_operator(Deed::SetPassword, now), &By(credentials.user_id, ())).await?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::super::bring;
    use super::*;
    use belvedere_store::event::{self, Wanted};
    use belvedere_store::{CredentialsEmail, Location};

    const FILE: &str = r#"
users:
  - email: ada@example.com
    roles: [Admin]
    password_hash: "HASH"
"#;
    const HASH: &str = "$argon2id$v=19$m=19456,t=2,p=1$c29tZXNhbHRzb21l$mKJ3Tfdz3ch/O7pBcQRMBAQBZBd+8ZFAIRh1yWjAKVM";

    async fn brought(store: &Store, text: &str, now: Timestamp) -> Result<()> {
        let file = tempfile::NamedTempFile::new()?;
        std::fs::write(file.path(), text)?;
        bring(store, file.path(), now).await
    }

    async fn ada(store: &Store) -> Option<CredentialsEmail> {
        store.read(async |db| credentials_email::by_email(db, "ada@example.com").await).await.expect("a read")
    }

    #[tokio::test]
    async fn a_password_is_set_once_by_its_hash() {
        let store = Store::open(Location::Memory).await.expect("a store");
        let (first, later) = (Timestamp::UNIX_EPOCH, Timestamp::from_second(60).expect("a time"));
        for moment in [first, later] {
            brought(&store, &FILE.replace("HASH", HASH), moment).await.expect("it is applied");
            let ada = ada(&store).await.expect("credentials");
            assert_eq!(ada.password_hash, Some(PasswordHash::new(HASH)));
            assert_eq!(ada.password_set_at, Some(first), "the second start finds it");
        }
        let events = store.read(async |db| event::newest(db, &Wanted::default(), 10).await).await.expect("events");
        assert_eq!(events.iter().filter(|event| event.name == "set_password").count(), 1);
        assert!(!format!("{events:?}").contains("argon2id"));
    }

    #[tokio::test]
    async fn a_password_out_of_the_environment_is_set_once_and_keeps_the_rules() {
        let store = Store::open(Location::Memory).await.expect("a store");
        let by = |variable: &str| FILE.replace("password_hash: \"HASH\"", &format!("password_env: {variable}"));
        // What cargo sets for tests: no test changes the environment of the others.
        let weak = brought(&store, &by("CARGO_PKG_NAME"), Timestamp::UNIX_EPOCH).await.expect_err("it is weak");
        let told = format!("{weak:#}");
        assert!(told.contains("user `ada@example.com`") && told.contains("must have a digit"), "{told}");
        assert!(ada(&store).await.is_none(), "a mistake changes nothing");
        let missing = brought(&store, &by("BELVEDERE_NO_SUCH_VARIABLE"), Timestamp::UNIX_EPOCH).await;
        assert!(format!("{:#}", missing.expect_err("there is none")).contains("BELVEDERE_NO_SUCH_VARIABLE"));
    }

    #[tokio::test]
    async fn what_is_no_hash_or_two_things_at_once_is_refused() {
        let store = Store::open(Location::Memory).await.expect("a store");
        for (text, told) in [
            (FILE.replace("HASH", "Correct-horse-7"), "must be a PHC string of argon2id"),
            (FILE.replace("HASH", &HASH.replace("m=19456", "m=4194304")), "costs too much to check"),
            (FILE.replace("HASH", HASH) + "    password_env: HOME\n", "either `password_hash` or `password_env`"),
        ] {
            let refused = brought(&store, &text, Timestamp::UNIX_EPOCH).await.expect_err(told);
            let refused = format!("{refused:#}");
            assert!(refused.contains(told) && !refused.contains("Correct-horse"), "{refused}");
        }
        assert!(ada(&store).await.is_none());
    }
}
