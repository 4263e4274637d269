//! Things of one's own and of others: each operation that has code, as each kind of caller, about things that exist. What
//! must come of it stands in `objects.txt`.

use belvedere_api::{OPERATIONS, Operation};
use belvedere_store::user::NewUser;
use belvedere_store::{
    AuthType, OauthClientApp, RoleId, SecretHash, Tx, UserId, credentials_api3, credentials_email, credentials_embed,
    credentials_totp, group, group_group, group_user, mobile_token, model_set, oauth_client_app, permission_set,
    query_task, role, role_user, user, user_attribute, user_attribute_group_value, user_attribute_user_value,
    user_login_lockout, user_session,
};
use belvedere_testing::{Caller, TestServer, TestUser};
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::str::FromStr;

/// A call, and what it comes to.
struct Line<'a> {
    operation: &'a str,
    /// Whether the things are the caller's.
    is_own: bool,
    expected: [u16; KINDS],
    method: &'a str,
    path: &'a str,
    body: Option<&'a str>,
}

/// How many kinds of callers there are.
const KINDS: usize = 5;

/// The roles of the callers; that of the stranger is made.
const ROLES: [Option<i64>; KINDS] = [Some(4), Some(3), Some(1), None, Some(2)];
const VIEWER: usize = 0;

fn lines() -> Vec<Line<'static>> {
    let lines = include_str!("objects.txt").lines().filter(|line| !line.starts_with('#'));
    let read = |line: &'static str| {
        let mut rest = line;
        let mut word = || {
            let (word, behind) = rest.trim_start().split_once(' ').unwrap_or((rest.trim_start(), ""));
            rest = behind;
            word
        };
        let (operation, whose) = (word(), word());
        assert!(matches!(whose, "own" | "foreign"), "{line}");
        let expected = std::array::from_fn(|_| word().parse().unwrap_or_else(|_| panic!("no status in: {line}")));
        let (method, path) = (word(), word());
        let body = Some(rest.trim()).filter(|body| !body.is_empty());
        Line { operation, is_own: whose == "own", expected, method, path, body }
    };
    lines.map(read).collect()
}

/// What is everybody's: a query on the shop, a merge of it, a statement.
struct Shared(Vec<(&'static str, String)>);

impl Shared {
    async fn of(server: &TestServer) -> Self {
        let admin = server.admin();
        let query = json!({"model": "shop", "view": "orders", "fields": ["orders.id"]});
        let query = admin.post("/queries").json(&query).await.ok();
        let merge = json!({"source_queries": [{"query_id": query["id"]}]});
        let merge = admin.post("/merge_queries").json(&merge).await.ok();
        let sql = json!({"connection_name": "shop", "sql": "SELECT 1 AS one"});
        let sql = admin.post("/sql_queries").json(&sql).await.ok();
        let text = |value: &Value| value.as_str().expect("a text").to_owned();
        Self(vec![
            ("{query}", text(&query["id"])),
            ("{slug}", text(&query["slug"])),
            ("{merge}", text(&merge["id"])),
            ("{sql}", text(&sql["slug"])),
        ])
    }
}

/// A user with one thing of every kind.
struct Holder {
    user: TestUser,
    things: Vec<(&'static str, String)>,
}

impl Holder {
    async fn of(server: &TestServer, role: RoleId, shared: &Shared) -> Self {
        let user = server.add_user(NewUser { roles: vec![role], ..NewUser::default() }).await;
        let (id, now) = (parsed(&user.id), server.clock.now());
        let (task, unique) = (server.ids().hex(32), server.ids().alphanumeric(20));
        let query: String = shared.0[0].1.clone();
        let made = server.store.write(async |tx| things(tx, id, role, now, &query, &task, &unique).await);
        let mut things = made.await.expect("things");
        things.extend([("{client_id}", user.client_id.clone()), ("{client_secret}", user.client_secret.clone())]);
        things.extend(shared.0.iter().cloned());
        Self { user, things }
    }

    fn put_into(&self, text: &str) -> String {
        let put = self.things.iter().fold(text.to_owned(), |text, (name, value)| text.replace(name, value));
        assert!(!put.contains("{u") && !put.contains("{k"), "{put} names something that there is not");
        put
    }
}

fn parsed<T: FromStr<Err: std::fmt::Debug>>(text: &str) -> T {
    text.parse().expect("an id")
}

async fn things(
    tx: &mut Tx,
    user: UserId,
    role: RoleId,
    now: Timestamp,
    query: &str,
    task: &str,
    unique: &str,
) -> belvedere_store::Result<Vec<(&'static str, String)>> {
    let (name, email) = (format!("of {user}"), format!("u{user}@example.com"));
    let key = credentials_api3::of_users(tx, &[user]).await?.remove(0);
    credentials_email::insert(tx, user, &email, now).await?;
    credentials_totp::insert(tx, user, now).await?;
    let embed = credentials_embed::insert(tx, user, &name, now).await?;
    let session = user_session::NewUserSession {
        hash: secret(unique),
        user_id: user,
        credentials_type: "email".to_owned(),
        ip_address: None,
        user_agent: None,
        expires_at: now + SignedDuration::from_hours(1),
    };
    let session = user_session::insert(tx, session, now).await?;
    let new_group = |name| group::NewGroup { name, can_add_to_content_metadata: true, external_group_id: None };
    let outer = group::insert(tx, new_group(name.clone())).await?;
    let inner = group::insert(tx, new_group(format!("inner {name}"))).await?;
    group_group::insert(tx, outer.id, inner.id).await?;
    group_user::insert(tx, outer.id, user).await?;
    // Sets that give nothing: what the caller may do is that of the role of its kind.
    let set = permission_set::NewPermissionSet { name: name.clone(), permissions: Vec::new() };
    let set = permission_set::insert(tx, set).await?;
    let models = model_set::NewModelSet { name: name.clone(), models: Vec::new() };
    let models = model_set::insert(tx, models).await?;
    let own = role::NewRole { name: name.clone(), permission_set_id: set.id, model_set_id: models.id };
    let own = role::insert(tx, own).await?;
    role_user::set_of_user(tx, user, &[role, own.id]).await?;
    let attribute = |name: &str, is_the_users: bool| user_attribute::NewUserAttribute {
        name: format!("{name}_{user}"),
        label: format!("{name} {user}"),
        kind: "string".to_owned(),
        user_can_view: is_the_users,
        user_can_edit: is_the_users,
        ..user_attribute::NewUserAttribute::default()
    };
    let free = user_attribute::insert(tx, attribute("free", true)).await?;
    let given = user_attribute::insert(tx, attribute("given", false)).await?;
    for attribute in [&free, &given] {
        user_attribute_user_value::set(tx, attribute.id, user, "x").await?;
        user_attribute_group_value::set(tx, attribute.id, outer.id, "y").await?;
    }
    let device = mobile_token::NewMobileToken {
        user_id: user,
        device_token: parsed(unique),
        device_type: mobile_token::DeviceType::Ios,
    };
    let device = mobile_token::insert(tx, device, now).await?;
    let new_task = query_task::NewQueryTask {
        id: parsed(task),
        query_id: parsed(query),
        user_id: user,
        result_format: "json".to_owned(),
        options: belvedere_store::JsonObject::new(),
    };
    query_task::insert(tx, new_task, now).await?;
    let key_of_lockout = format!("lockout-{user}");
    let failure = user_login_lockout::Failure {
        key: key_of_lockout.clone(),
        auth_type: AuthType::Email,
        ip: "192.0.2.7".to_owned(),
        user_id: Some(user),
    };
    let until = now + SignedDuration::from_mins(5);
    user_login_lockout::count(tx, failure, until).await?;
    user_login_lockout::lock(tx, &key_of_lockout, until, now).await?;
    let app = OauthClientApp {
        client_guid: parsed(&format!("com.example.of-{user}")),
        redirect_uris: vec!["https://app.example.com/".to_owned()],
        display_name: name.clone(),
        description: String::new(),
        enabled: true,
        group_id: None,
        tokens_invalid_before: now,
    };
    let app = oauth_client_app::insert(tx, app).await?;
    let account = NewUser { service_account_name: Some(name), ..NewUser::default() };
    let account = user::insert(tx, account, now).await?;
    Ok(vec![
        ("{user}", user.to_string()),
        ("{key}", key.id.to_string()),
        ("{email}", email),
        ("{embed}", embed.id.to_string()),
        ("{session}", session.id.to_string()),
        ("{group}", outer.id.to_string()),
        ("{inner}", inner.id.to_string()),
        ("{permission_set}", set.id.to_string()),
        ("{model_set}", models.id.to_string()),
        ("{role}", own.id.to_string()),
        ("{attribute}", free.id.to_string()),
        ("{given}", given.id.to_string()),
        ("{device}", device.id.to_string()),
        ("{task}", task.to_owned()),
        ("{lockout}", key_of_lockout),
        ("{app}", app.client_guid.to_string()),
        ("{service_account}", account.id.to_string()),
    ])
}

fn secret(unique: &str) -> SecretHash {
    let mut bytes = [0; 32];
    bytes[..unique.len()].copy_from_slice(unique.as_bytes());
    SecretHash::new(bytes)
}

/// The roles of the callers.
async fn roles(server: &TestServer) -> [RoleId; KINDS] {
    let elsewhere = json!({"name": "Elsewhere", "models": ["elsewhere"]});
    let elsewhere = server.admin().post("/model_sets").json(&elsewhere).await.ok();
    let stranger = json!({"name": "Stranger", "permission_set_id": "3", "model_set_id": elsewhere["id"]});
    let stranger = server.admin().post("/roles").json(&stranger).await.ok();
    let stranger = parsed(stranger["id"].as_str().expect("an id"));
    ROLES.map(|role| role.map_or(stranger, RoleId::new))
}

async fn call(caller: &Caller<'_>, line: &Line<'_>, about: &Holder) -> u16 {
    let call = caller.call(line.method, &about.put_into(line.path));
    match line.body {
        Some(body) => call.body("application/json", about.put_into(body)).await.status,
        None => call.await.status,
    }
}

#[tokio::test]
async fn everybody_gets_of_their_own_things_and_of_others_what_the_table_says() {
    let server = TestServer::shop().await;
    let roles = roles(&server).await;
    let shared = Shared::of(&server).await;
    let mut strangers = Vec::new();
    for role in roles {
        strangers.push(Holder::of(&server, role, &shared).await);
    }
    let mut wrong = Vec::new();
    for line in lines() {
        let what = format!(
            "{} {} {} {}",
            line.operation,
            if line.is_own { "own" } else { "foreign" },
            line.path,
            line.body.unwrap_or_default()
        );
        let mut check = |who: &str, expected: u16, status: u16| {
            if status != expected {
                wrong.push(format!("{what} as {who}: {status}, not {expected}"));
            }
        };
        if line.is_own {
            for (kind, role) in roles.into_iter().enumerate() {
                let own = Holder::of(&server, role, &shared).await;
                let status = call(&server.user(&own.user), &line, &own).await;
                check(&format!("caller {kind}"), line.expected[kind], status);
            }
            let own = Holder::of(&server, roles[VIEWER], &shared).await;
            let acting = server.bearer(&server.sudo(&own.user).await);
            check("an administrator as the viewer", line.expected[VIEWER], call(&acting, &line, &own).await);
        } else {
            let owner = Holder::of(&server, roles[1], &shared).await;
            let acting = server.bearer(&server.sudo(&strangers[VIEWER].user).await);
            check("an administrator as the viewer", line.expected[VIEWER], call(&acting, &line, &owner).await);
            // What is refused changes nothing, so that all find the same things; who is let in comes last.
            for (kind, caller) in strangers.iter().enumerate() {
                let caller = server.user(&caller.user);
                check(&format!("caller {kind}"), line.expected[kind], call(&caller, &line, &owner).await);
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn the_table_has_every_operation_that_has_code() {
    let with_code: BTreeSet<&str> =
        OPERATIONS.iter().filter(|operation| operation.has_code).map(Operation::name).collect();
    let in_table: BTreeSet<&str> = lines().iter().map(|line| line.operation).collect();
    assert_eq!(with_code.difference(&in_table).collect::<Vec<_>>(), Vec::<&&str>::new(), "without a line");
    assert_eq!(in_table.difference(&with_code).collect::<Vec<_>>(), Vec::<&&str>::new(), "of nothing");
}
