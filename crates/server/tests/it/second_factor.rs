//! The second factor: codes that change with time, behind the password.

use crate::oauth::Browser;
use crate::sign_in::{EMAIL, PASSWORD, Person, client};
use belvedere_service::{OpenedSession, SealingKey, SecondFactor, Settings, SignIn, SignInRefusal};
use belvedere_store::{UserId, credentials_totp};
use belvedere_testing::{Seed, TestServer};
use jiff::SignedDuration;
use ring::hmac;
use serde_json::{Value, json};
use std::time::Duration;

/// The code that an application shows which has kept this key, so many steps from the present one.
fn code(server: &TestServer, key: &str, steps: i64) -> String {
    let bits: Vec<u8> = key.bytes().flat_map(|letter| (0..5).rev().map(move |bit| value(letter) >> bit & 1)).collect();
    let bytes: Vec<u8> = bits.chunks(8).map(|bits| bits.iter().fold(0, |byte, bit| byte << 1 | bit)).collect();
    let step = server.clock.now().as_second() / 30 + steps;
    let key = hmac::Key::new(hmac::HMAC_SHA1_FOR_LEGACY_USE_ONLY, &bytes);
    let tag = hmac::sign(&key, &step.to_be_bytes());
    let from = usize::from(tag.as_ref()[19] & 15);
    let number: [u8; 4] = tag.as_ref()[from..from + 4].try_into().expect("four bytes");
    format!("{:06}", (u32::from_be_bytes(number) & 0x7fff_ffff) % 1_000_000)
}

fn value(letter: u8) -> u8 {
    if letter.is_ascii_digit() { letter - b'2' + 26 } else { letter - b'A' }
}

/// Somebody who has a password and must set a second factor up.
async fn person(server: &TestServer) -> Person {
    let person = Person::with_password(server).await;
    server.admin().post(&factor(&person)).json(&json!({})).await.ok();
    person
}

fn factor(person: &Person) -> String {
    format!("/users/{}/credentials_totp", person.id)
}

#[track_caller]
fn asked(sign_in: SignIn) -> SecondFactor {
    match sign_in {
        SignIn::SecondFactor(asked) => asked,
        other => panic!("{other:?}"),
    }
}

#[track_caller]
fn key(asked: &SecondFactor) -> String {
    asked.set_up.as_ref().expect("a set-up").secret.clone()
}

async fn show_from(server: &TestServer, address: &str, token: &str, code: &str) -> SignIn {
    server.service.show_code(token, code, &client(address), server.ids()).await.expect("an answer")
}

async fn show(server: &TestServer, token: &str, code: &str) -> SignIn {
    show_from(server, "192.0.2.7", token, code).await
}

/// Signs somebody in who has set up nothing yet; gives the key of the codes.
async fn set_up(server: &TestServer, person: &Person) -> (String, OpenedSession) {
    let asked = asked(person.sign_in(server, PASSWORD).await);
    let key = key(&asked);
    let session = crate::sign_in::done(show(server, &asked.token, &code(server, &key, 0)).await);
    (key, session)
}

fn later(server: &TestServer, seconds: i64) {
    server.clock.set(server.clock.now() + SignedDuration::from_secs(seconds));
}

#[tokio::test]
async fn the_first_sign_in_sets_the_second_factor_up_and_later_ones_ask_for_it() {
    let server = TestServer::shop().await;
    let person = person(&server).await;
    assert_eq!(server.admin().get(&factor(&person)).await.ok()["verified"], json!(false));
    let user = format!("/users/{}", person.id);
    assert_eq!(server.admin().get(&user).await.ok()["credentials_totp"]["verified"], json!(false));
    let wrong = person.sign_in(&server, "Wrong-horse-7").await;
    assert!(matches!(wrong, SignIn::Refused(SignInRefusal::WrongCredentials)), "{wrong:?}");
    let (key, session) = set_up(&server, &person).await;
    assert_eq!(key.len(), 32);
    assert!(server.service.browser_session(&session.secret).await.expect("an answer").is_some());
    assert_eq!(server.admin().get(&factor(&person)).await.ok()["verified"], json!(true));
    assert_eq!(server.admin().get(&user).await.ok()["credentials_totp"]["verified"], json!(true));
    later(&server, 30);
    let again = asked(person.sign_in(&server, PASSWORD).await);
    assert_eq!(again.set_up, None, "the key is shown once");
    crate::sign_in::done(show(&server, &again.token, &code(&server, &key, 0)).await);
    let gone = show(&server, &again.token, &code(&server, &key, 1)).await;
    assert!(matches!(gone, SignIn::Refused(SignInRefusal::TooLate)), "{gone:?}");
}

#[tokio::test]
async fn no_code_is_taken_twice_nor_one_from_before() {
    let server = TestServer::shop().await;
    let person = person(&server).await;
    let (key, _) = set_up(&server, &person).await;
    let again = asked(person.sign_in(&server, PASSWORD).await);
    for steps in [0, -1] {
        assert!(asked(show(&server, &again.token, &code(&server, &key, steps)).await).was_wrong, "{steps}");
    }
    let next = code(&server, &key, 1);
    let (one, other) = tokio::join!(show(&server, &again.token, &next), show(&server, &again.token, &next));
    let let_in = [&one, &other].iter().filter(|sign_in| matches!(sign_in, SignIn::Done(_))).count();
    assert_eq!(let_in, 1, "{one:?} {other:?}");
}

#[tokio::test]
async fn a_clock_may_be_wrong_by_a_step() {
    let server = TestServer::shop().await;
    let person = person(&server).await;
    let (key, _) = set_up(&server, &person).await;
    later(&server, 3600);
    let again = asked(person.sign_in(&server, PASSWORD).await);
    for steps in [-2, 2] {
        assert!(asked(show(&server, &again.token, &code(&server, &key, steps)).await).was_wrong, "{steps}");
    }
    crate::sign_in::done(show(&server, &again.token, &code(&server, &key, -1)).await);
    let again = asked(person.sign_in(&server, PASSWORD).await);
    crate::sign_in::done(show(&server, &again.token, &code(&server, &key, 1)).await);
}

#[tokio::test]
async fn four_wrong_codes_lock_an_address_and_twenty_every_one() {
    let server = TestServer::shop().await;
    let person = person(&server).await;
    let (key, _) = set_up(&server, &person).await;
    later(&server, 30);
    let token = asked(person.sign_in(&server, PASSWORD).await).token;
    // From each address four at once: one by one they take their time.
    let guess = async |address: &str| {
        let guess = |code: &'static str| Box::pin(show_from(&server, address, &token, code));
        let four = tokio::join!(guess("000000"), guess(""), guess("12345678"), guess("abcdef"));
        for sign_in in [four.0, four.1, four.2, four.3] {
            assert!(asked(sign_in).was_wrong);
        }
    };
    guess("192.0.2.1").await;
    let right = code(&server, &key, 0);
    let locked = show_from(&server, "192.0.2.1", &token, &right).await;
    let SignIn::Refused(SignInRefusal::LockedOut { remaining }) = locked else { panic!("{locked:?}") };
    assert_eq!(remaining, Duration::from_mins(5));
    for address in ["192.0.2.2", "192.0.2.3", "192.0.2.4", "192.0.2.5"] {
        guess(address).await;
    }
    let locked = show_from(&server, "192.0.2.7", &token, &right).await;
    assert!(matches!(locked, SignIn::Refused(SignInRefusal::LockedOut { .. })), "{locked:?}");
    let told = server.admin().get("/user_login_lockouts").await.ok();
    let told = told.as_array().expect("a list");
    assert_eq!(told.len(), 6, "{told:?}");
    assert!(told.iter().all(|row| row["auth_type"] == "totp" && row["user_id"] == json!(person.id)), "{told:?}");
    assert_eq!(told.iter().filter(|row| row["ip"] == Value::Null && row["fail_count"] == 20).count(), 1, "{told:?}");
    later(&server, 300);
    crate::sign_in::done(show_from(&server, "192.0.2.1", &token, &code(&server, &key, 0)).await);
}

#[tokio::test]
async fn a_code_must_come_within_ten_minutes() {
    let server = TestServer::shop().await;
    let person = person(&server).await;
    let (key, _) = set_up(&server, &person).await;
    let again = asked(person.sign_in(&server, PASSWORD).await);
    later(&server, 600);
    let late = show(&server, &again.token, &code(&server, &key, 0)).await;
    assert!(matches!(late, SignIn::Refused(SignInRefusal::TooLate)), "{late:?}");
    let nobody = show(&server, "", &code(&server, &key, 0)).await;
    assert!(matches!(nobody, SignIn::Refused(SignInRefusal::TooLate)), "{nobody:?}");
}

#[tokio::test]
async fn whoever_knows_the_password_and_began_a_set_up_earlier_has_nothing_of_it() {
    let server = TestServer::shop().await;
    let person = person(&server).await;
    let thief = asked(person.sign_in(&server, PASSWORD).await);
    let (own, _) = set_up(&server, &person).await;
    assert_ne!(key(&thief), own, "each set-up has a key of its own");
    let late = show(&server, &thief.token, &code(&server, &key(&thief), 0)).await;
    assert!(matches!(late, SignIn::Refused(SignInRefusal::TooLate)), "{late:?}");
    later(&server, 30);
    let again = asked(person.sign_in(&server, PASSWORD).await);
    assert!(asked(show(&server, &again.token, &code(&server, &key(&thief), 0)).await).was_wrong);
    crate::sign_in::done(show(&server, &again.token, &code(&server, &own, 0)).await);
}

#[tokio::test]
async fn a_second_factor_that_is_deleted_is_asked_for_no_more_and_made_anew_has_another_key() {
    let server = TestServer::shop().await;
    let person = person(&server).await;
    let (old, _) = set_up(&server, &person).await;
    let between = asked(person.sign_in(&server, PASSWORD).await);
    assert_eq!(server.admin().delete(&factor(&person)).await.status, 204);
    let late = show(&server, &between.token, &code(&server, &old, 1)).await;
    assert!(matches!(late, SignIn::Refused(SignInRefusal::TooLate)), "{late:?}");
    crate::sign_in::done(person.sign_in(&server, PASSWORD).await);
    server.admin().post(&factor(&person)).json(&json!({})).await.ok();
    let (new, _) = set_up(&server, &person).await;
    assert_ne!(old, new);
}

#[tokio::test]
async fn between_password_and_code_everything_may_end() {
    let server = TestServer::shop().await;
    let person = person(&server).await;
    let (key, _) = set_up(&server, &person).await;
    let user = format!("/users/{}", person.id);
    let between = asked(person.sign_in(&server, PASSWORD).await);
    server.admin().patch(&user).json(&json!({"is_disabled": true})).await.ok();
    let refused = show(&server, &between.token, &code(&server, &key, 1)).await;
    assert!(matches!(refused, SignIn::Refused(SignInRefusal::TooLate)), "{refused:?}");
    server.admin().patch(&user).json(&json!({"is_disabled": false})).await.ok();
    let between = asked(person.sign_in(&server, PASSWORD).await);
    let token = person.reset_token(&server).await;
    server
        .service
        .set_password(&token, "Another-horse-8", &belvedere_api::Client::default(), server.ids())
        .await
        .expect("it is set");
    let refused = show(&server, &between.token, &code(&server, &key, 1)).await;
    assert!(matches!(refused, SignIn::Refused(SignInRefusal::TooLate)), "{refused:?}");
    let between = asked(person.sign_in(&server, "Another-horse-8").await);
    crate::sign_in::done(show(&server, &between.token, &code(&server, &key, 1)).await);
}

#[tokio::test]
async fn a_password_that_must_be_changed_is_changed_behind_the_code() {
    let server = TestServer::shop().await;
    let person = person(&server).await;
    let (key, _) = set_up(&server, &person).await;
    later(&server, 30);
    server.admin().put("/password_config/force_password_reset_at_next_login_for_all_users").await.ok();
    let between = asked(person.sign_in(&server, PASSWORD).await);
    let next = show(&server, &between.token, &code(&server, &key, 0)).await;
    assert!(matches!(next, SignIn::NewPassword(_)), "{next:?}");
}

#[tokio::test]
async fn programs_with_a_key_show_no_code() {
    let server = TestServer::shop().await;
    let person = person(&server).await;
    let key = server.admin().post(&format!("/users/{}/credentials_api3", person.id)).await.ok();
    let text = |name: &str| key[name].as_str().expect("a text").to_owned();
    let (id, secret) = (text("client_id"), text("client_secret"));
    let login = server.anybody().post("/login").form(&[("client_id", &id), ("client_secret", &secret)]).await.ok();
    server.bearer(login["access_token"].as_str().expect("a token")).get("/user").await.ok();
}

#[tokio::test]
async fn what_codes_are_made_of_lies_sealed_and_opens_with_its_key_alone() {
    let server = TestServer::shop().await;
    let person = person(&server).await;
    let (key, _) = set_up(&server, &person).await;
    let user: UserId = person.id.parse().expect("an id");
    let kept = server.store.read(async |db| credentials_totp::of_user(db, user).await).await.expect("a read");
    let sealed = kept.and_then(|factor| factor.secret).expect("a secret");
    // Twenty bytes, and with them the form, the name of the key, the nonce and the proof that nothing was changed.
    assert_eq!(sealed.as_bytes().len(), 20 + 1 + 4 + 12 + 16);
    let other = Settings { sealing_key: SealingKey::random(), ..Settings::default() };
    let other = belvedere_service::Service::new(server.store.clone(), server.engine.clone(), other);
    let between = asked(person.sign_in(&server, PASSWORD).await);
    let refused = other.show_code(&between.token, &code(&server, &key, 1), &client("192.0.2.7"), server.ids()).await;
    assert_eq!(refused.expect_err("it cannot be read").status(), 503);
    crate::sign_in::done(show(&server, &between.token, &code(&server, &key, 1)).await);
}

#[tokio::test]
async fn a_second_factor_that_was_set_up_on_one_node_is_asked_for_on_the_other() {
    let [here, there] = TestServer::two_nodes().await;
    let person = person(&here).await;
    let (key, _) = set_up(&here, &person).await;
    let between = asked(person.sign_in(&there, PASSWORD).await);
    assert_eq!(between.set_up, None);
    let used = code(&here, &key, 0);
    assert!(asked(show(&there, &between.token, &used).await).was_wrong, "a code works once, whichever the node");
    crate::sign_in::done(show(&here, &between.token, &code(&here, &key, 1)).await);
}

#[tokio::test]
async fn the_pages_set_a_second_factor_up_and_ask_for_it() {
    let server = TestServer::start(Seed::shop()).await;
    crate::oauth::register(&server, crate::oauth::CALLBACK).await;
    let person = person(&server).await;
    let query = crate::oauth::query(&[]);
    let (sign_in, second) = (format!("/auth?{query}"), format!("/auth/second_factor?{query}"));
    let browser = Browser::new(&server);
    let page = browser.sign_in(&browser.get(&sign_in).await, &query, EMAIL, PASSWORD).await;
    assert_eq!((page.status, page.header("cache-control"), page.set_cookies().len()), (200, "no-store", 0));
    let policy = page.header("content-security-policy");
    assert!(policy.contains("default-src 'none'") && !policy.contains("unsafe"), "{policy}");
    assert!(page.text.contains("<svg class=\"qr\"") && !page.text.contains("style="), "{}", page.text);
    let key = between(&page.text, "<code>", "</code>").replace(' ', "");
    let uri = between(&page.text, "href=\"otpauth://totp/", "\"").replace("&amp;", "&");
    assert_eq!(uri, format!("Belvedere:grace%40example%2Ecom?secret={key}&issuer=Belvedere"));
    let token = between(&page.text, "name=\"sign_in\" value=\"", "\"").to_owned();
    let form = async |form_token: &str, code: &str| {
        browser.post(&second, &[("form_token", form_token), ("sign_in", &token), ("code", code)]).await
    };
    assert_eq!(form("", &code(&server, &key, 0)).await.status, 403, "a form of another page");
    let wrong = form(page.form_token(), "<b>1").await;
    assert_eq!(wrong.status, 422);
    assert!(wrong.text.contains("role=\"alert\"") && wrong.text.contains("<svg") && !wrong.text.contains("<b>1"));
    let done = form(page.form_token(), &code(&server, &key, 0)).await;
    assert_eq!((done.status, done.location(), done.set_cookies().len()), (303, sign_in.clone(), 1));
    assert!(browser.get(&sign_in).await.text.contains("Let Charts in?"));

    later(&server, 30);
    let other = Browser::new(&server);
    let page = other.sign_in(&other.get(&sign_in).await, &query, EMAIL, PASSWORD).await;
    assert!(page.text.contains("Show your code") && !page.text.contains("<svg") && !page.text.contains(&key));
    let token = between(&page.text, "name=\"sign_in\" value=\"", "\"");
    let shown = [("form_token", page.form_token()), ("sign_in", token), ("code", &code(&server, &key, 0))];
    assert_eq!(other.post(&second, &shown).await.status, 303);
    let again = other.post(&second, &shown).await;
    assert_eq!(again.status, 403, "the form belonged to nobody who was signed in");
    let late = Browser::new(&server);
    let page = late.get(&sign_in).await;
    let shown = [("form_token", page.form_token()), ("sign_in", token), ("code", &code(&server, &key, 0))];
    let refused = late.post(&second, &shown).await;
    assert!(refused.status == 422 && refused.text.contains("Sign in again"), "{refused:?}");
    assert_eq!(server.admin().get(&factor(&person)).await.ok()["verified"], json!(true));
}

/// What stands in a text between two others.
#[track_caller]
fn between<'a>(text: &'a str, before: &str, behind: &str) -> &'a str {
    let (_, rest) = text.split_once(before).unwrap_or_else(|| panic!("{before} is not in {text}"));
    rest.split_once(behind).expect("an end").0
}
