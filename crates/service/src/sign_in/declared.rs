//! Passwords that the operator declares.

use super::passwords::Passwords;
use crate::auth::password_config::PasswordConfig;
use crate::stored;
use argon2::Params;
use argon2::password_hash::phc::PasswordHash as Phc;
use belvedere_api::{Error, Ids, Result};
use belvedere_store::{PasswordHash, Store, credentials_email};

/// A password that the operator declares, in one of two forms.
#[derive(Clone, Copy)]
pub enum DeclaredPassword<'a> {
    /// Itself.
    Plain(&'a str),
    /// Its hash: a PHC string of argon2id.
    Hash(&'a str),
}

/// The most KiB that a check of a hash goes through, all passes together, and the most lanes. Who tries to sign in makes
/// the server pay this, and it must be done before a refusal is told, or the time would tell whose address is known.
const MOST_WORK: u64 = 256 << 10;
const MOST_LANES: u32 = 16;

/// What the password of this address becomes by what is declared; none when it is that already.
///
/// # Errors
/// 422 for a password that breaks a rule in force, and for a text that is no hash or one that costs too much.
pub async fn declared_password(
    store: &Store,
    email: &str,
    declared: DeclaredPassword<'_>,
    ids: &dyn Ids,
) -> Result<Option<PasswordHash>> {
    let read = store.read(async |db| {
        let credentials = credentials_email::by_email(db, email).await?;
        Ok((credentials.and_then(|credentials| credentials.password_hash), PasswordConfig::in_force(db).await?))
    });
    let (known, config) = stored(read.await)?;
    match declared {
        DeclaredPassword::Plain(password) => {
            config.check(password, email)?;
            let passwords = Passwords::default();
            if known.is_some() && passwords.verify(password, known).await? {
                return Ok(None);
            }
            passwords.hash(password, ids).await.map(Some)
        }
        DeclaredPassword::Hash(phc) => {
            check_hash(phc)?;
            let hash = PasswordHash::new(phc);
            Ok(if known.as_ref() == Some(&hash) { None } else { Some(hash) })
        }
    }
}

fn check_hash(phc: &str) -> Result<()> {
    let no_hash = || Error::invalid("password_hash", "must be a PHC string of argon2id, `$argon2id$v=19$m=...`");
    let hash = Phc::new(phc).map_err(|_| no_hash())?;
    if hash.algorithm.as_str() != "argon2id" || hash.salt.is_none() || hash.hash.is_none() {
        return Err(no_hash());
    }
    let params = Params::try_from(&hash).map_err(|_| no_hash())?;
    let work = u64::from(params.m_cost()) * u64::from(params.t_cost());
    if work > MOST_WORK || params.p_cost() > MOST_LANES {
        let most = format!("`m` times `t` at most {MOST_WORK}, and `p` at most {MOST_LANES}");
        return Err(Error::invalid("password_hash", format!("costs too much to check: expected {most}")));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::super::passwords::tests::Salt;
    use super::*;
    use belvedere_store::{Location, user};
    use jiff::Timestamp;

    const HASH: &str = "$argon2id$v=19$m=19456,t=2,p=1$c29tZXNhbHRzb21l$mKJ3Tfdz3ch/O7pBcQRMBAQBZBd+8ZFAIRh1yWjAKVM";

    #[tokio::test]
    async fn a_password_is_hashed_once_and_keeps_the_rules() {
        let store = Store::open(Location::Memory).await.unwrap();
        let declared = async |password| {
            declared_password(&store, "ada@example.com", DeclaredPassword::Plain(password), &Salt).await
        };
        assert_eq!(declared("short").await.unwrap_err().status(), 422);
        let hash = declared("Correct-horse-7").await.unwrap().unwrap();
        assert!(Passwords::default().verify("Correct-horse-7", Some(hash.clone())).await.unwrap());
        let now = Timestamp::UNIX_EPOCH;
        let kept = store.write(async |tx| {
            let ada = user::insert(tx, user::NewUser::default(), now).await?;
            credentials_email::insert(tx, ada.id, "ada@example.com", now).await?;
            credentials_email::set_password(tx, ada.id, hash, now).await
        });
        assert!(kept.await.unwrap());
        assert_eq!(declared("Correct-horse-7").await.unwrap(), None);
        assert!(declared("Another-horse-8").await.unwrap().is_some());
    }

    #[test]
    fn a_hash_is_of_argon2id_whole_and_affordable() {
        for right in [HASH, &HASH.replace("m=19456,t=2,p=1", "m=65536,t=4,p=4")] {
            assert!(check_hash(right).is_ok(), "{right}");
        }
        let (whole, _) = HASH.rsplit_once('$').unwrap();
        let (no_salt, _) = whole.rsplit_once('$').unwrap();
        for wrong in [
            "",
            "Correct-horse-7",
            "$2b$12$R9h/cIPz0gi.URNNX3kh2OPST9/PgBkqquzi.Ss7KIUgO2t0jWMUW",
            whole,
            no_salt,
            &HASH.replace("argon2id", "argon2i"),
            &HASH.replace("m=19456", "m=4194304"),
            &HASH.replace("t=2", "t=1000"),
            &HASH.replace("m=19456,t=2", "m=65536,t=5"),
        ] {
            let refused = check_hash(wrong).unwrap_err();
            assert_eq!(refused.fields()[0].field, "password_hash", "{wrong}");
        }
    }
}
