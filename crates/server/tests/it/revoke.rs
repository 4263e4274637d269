//! What ends which tokens: every kind of revocation, every kind of token, on the node that is told and on the other one.

use crate::oauth::{Browser, CALLBACK, ask, by_code, by_refresh, code, register};
use crate::sign_in::{PASSWORD, Person, done};
use belvedere_api::Client;
use belvedere_testing::{TestServer, eventually};
use serde_json::{Value, json};
use std::time::Duration;

use Revocation::{
    AnotherPassword, EmailCredentialsAreDeleted, KeyIsDeleted, Logout, LogoutOfTheProgram, RoleIsTakenAway,
    TokensOfTheProgramAreInvalidated, UserIsDeleted, UserIsDisabled,
};

/// How long a revocation may take until the other node knows of it.
const SECOND: Duration = Duration::from_secs(1);

/// All by which somebody is signed in as a person, or acts through one.
const HELD: [&str; 7] = [
    "a token of a key",
    "a token by which an administrator acts as the person",
    "a token by which the person acts as another, by the key",
    "a token of a program",
    "a token by which the program acts as another",
    "a refresh token",
    "a session of a browser",
];

#[derive(Debug, Clone, Copy)]
enum Revocation {
    Logout,
    LogoutOfTheProgram,
    KeyIsDeleted,
    TokensOfTheProgramAreInvalidated,
    RoleIsTakenAway,
    EmailCredentialsAreDeleted,
    AnotherPassword,
    UserIsDisabled,
    UserIsDeleted,
}

/// Which of what is [`HELD`] lives on. Worked out by hand: a token ends with its user, with whoever acts by it, and with
/// the key, program or password that gave it, however many tokens are in between.
const REVOCATIONS: [(Revocation, [bool; 7]); 9] = [
    (Logout, [false, true, true, true, true, true, true]),
    (LogoutOfTheProgram, [true, true, true, false, false, false, true]),
    (KeyIsDeleted, [false, true, false, true, true, true, true]),
    (TokensOfTheProgramAreInvalidated, [true, true, true, false, false, false, true]),
    // What comes of a refresh token or a session has the rights of that moment.
    (RoleIsTakenAway, [false, false, false, false, false, true, true]),
    (EmailCredentialsAreDeleted, [true, true, true, false, false, false, false]),
    (AnotherPassword, [false; 7]),
    (UserIsDisabled, [false; 7]),
    (UserIsDeleted, [false; 7]),
];

/// A person who is an administrator, and all that is held of it.
struct Held {
    person: Person,
    key: String,
    tokens: [String; 5],
    refresh: Value,
    session: String,
}

fn text(value: &Value) -> String {
    value.as_str().expect("a text").to_owned()
}

async fn acting(server: &TestServer, token: &str, user: &str) -> String {
    text(&server.bearer(token).post(&format!("/login/{user}")).await.ok()["access_token"])
}

impl Held {
    async fn of(server: &TestServer) -> Self {
        register(server, CALLBACK).await;
        let (browser, person) = Browser::of_consenting_person(server).await;
        let admin = server.admin();
        admin.put(&format!("/users/{}/roles", person.id)).json(&json!(["2"])).await.ok();
        let other = server.add_plain_user().await.id;
        let of_key = person.token_by_key(server).await;
        let keys = admin.get(&format!("/users/{}/credentials_api3", person.id)).await.ok();
        let program = ask(server, &by_code(&code(&browser).await)).await.ok();
        let of_program = text(&program["access_token"]);
        let tokens = [
            of_key.clone(),
            acting(server, &server.ada.token, &person.id).await,
            // By way of another administrator, who remains.
            acting(server, &acting(server, &of_key, &server.ada.id).await, &other).await,
            of_program.clone(),
            acting(server, &of_program, &other).await,
        ];
        let session = done(person.sign_in(server, PASSWORD).await).secret;
        Self { key: text(&keys[0]["id"]), tokens, refresh: program["refresh_token"].clone(), session, person }
    }

    async fn opens(&self, node: &TestServer, which: usize) -> bool {
        match self.tokens.get(which) {
            Some(token) => node.bearer(token).get("/user").await.status == 200,
            None if which == 5 => ask(node, &by_refresh(&self.refresh)).await.status == 200,
            None => node.service.browser_session(&self.session).await.expect("an answer").is_some(),
        }
    }

    /// Which of all of it opens anything on a node.
    async fn lives(&self, node: &TestServer) -> [bool; 7] {
        let mut lives = [false; 7];
        for (which, lives) in lives.iter_mut().enumerate() {
            *lives = self.opens(node, which).await;
        }
        lives
    }

    async fn revoke(&self, here: &TestServer, what: Revocation) {
        let user = format!("/users/{}", self.person.id);
        let admin = here.admin();
        let call = match what {
            Logout => here.bearer(&self.tokens[0]).delete("/logout"),
            LogoutOfTheProgram => here.bearer(&self.tokens[3]).delete("/logout"),
            KeyIsDeleted => admin.delete(&format!("{user}/credentials_api3/{}", self.key)),
            TokensOfTheProgramAreInvalidated => admin.delete("/oauth_client_apps/com.example.app/tokens"),
            RoleIsTakenAway => admin.put(&format!("{user}/roles")).json(&json!([])),
            EmailCredentialsAreDeleted => admin.delete(&format!("{user}/credentials_email")),
            UserIsDisabled => admin.patch(&user).json(&json!({"is_disabled": true})),
            UserIsDeleted => admin.delete(&user),
            AnotherPassword => {
                let reset = self.person.reset_token(here).await;
                let set = here.service.set_password(&reset, "Another-horse-8", &Client::default(), here.ids()).await;
                return set.expect("it is set");
            }
        };
        let done = call.await;
        assert!(done.status < 300, "{what:?}: {done:?}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn each_revocation_ends_what_hangs_on_it_on_both_nodes_and_nothing_else() {
    for (what, lives) in REVOCATIONS {
        let [here, there] = TestServer::two_nodes().await;
        let held = Held::of(&here).await;
        for node in [&here, &there] {
            assert_eq!(held.lives(node).await, [true; 7], "all of it is known, on both nodes");
        }
        held.revoke(&here, what).await;
        // What the other node remembers is of a generation. Asking for all of it instead may take a busy machine a second.
        let revoked = here.store.generation();
        let is_known = eventually(async || (there.store.generation() >= revoked).then_some(()));
        let in_time = tokio::time::timeout(SECOND, is_known).await.is_ok();
        assert!(in_time, "{what:?} is not known to the other node after a second");
        let told = |seen: [bool; 7]| HELD.into_iter().zip(seen).map(|(held, lives)| format!("{held}: {lives}"));
        let wrong = |seen| told(seen).zip(told(lives)).filter(|(seen, expected)| seen != expected).collect::<Vec<_>>();
        for (node, name) in [(&here, "here"), (&there, "there")] {
            assert_eq!(wrong(held.lives(node).await), [], "{what:?}, {name}");
        }
    }
}

#[tokio::test]
async fn who_ends_acting_for_another_goes_on_as_oneself() {
    let server = TestServer::shop().await;
    let held = Held::of(&server).await;
    for acting in [&held.tokens[2], &held.tokens[4]] {
        assert_eq!(server.bearer(acting).delete("/logout").await.status, 204);
    }
    assert_eq!(held.lives(&server).await, [true, true, false, true, false, true, true]);
}
