//! What proxies in front tell, and what others say who would like to be one. All calls of tests come from 127.0.0.1.

use crate::sign_in::Person;
use belvedere_service::{Settings, TrustedProxies};
use belvedere_testing::{ORIGIN, Seed, TestServer, TestUser};
use serde_json::{Value, json};

/// A server behind this proxy, or network of proxies.
pub(crate) async fn behind(proxy: &str) -> TestServer {
    let trusted_proxies = TrustedProxies::read([proxy]).expect("a proxy");
    TestServer::ruled(Seed::shop(), Settings { trusted_proxies, ..Settings::default() }, None).await
}

/// The status of a login with this secret of the administrator, told to come from `forwarded`.
async fn login(server: &TestServer, secret: &str, forwarded: &str) -> u16 {
    let form = [("client_id", server.ada.client_id.as_str()), ("client_secret", secret)];
    server.anybody().post("/login").form(&form).header("x-forwarded-for", forwarded).await.status
}

/// The addresses that are locked out.
async fn locked(server: &TestServer) -> Vec<Value> {
    let TestUser { token, .. } = &server.ada;
    let locked = server.bearer(token).get("/user_login_lockouts").await.ok();
    locked.as_array().expect("a list").iter().map(|lockout| lockout["ip"].clone()).collect()
}

#[tokio::test]
async fn the_address_that_a_trusted_proxy_tells_is_locked_out() {
    let server = behind("127.0.0.0/8").await;
    let secret = server.ada.client_secret.clone();
    // What stands before the last address is what the caller says; further proxies stand behind it.
    for forwarded in
        ["192.0.2.1, 192.0.2.7", "192.0.2.2,192.0.2.7:4711", "nonsense, 192.0.2.7", "::1,::ffff:192.0.2.7, 127.0.0.9"]
    {
        assert_eq!(login(&server, "wrong", forwarded).await, 404);
    }
    assert_eq!(login(&server, &secret, "192.0.2.8, 192.0.2.7").await, 429);
    assert_eq!(login(&server, &secret, "192.0.2.7, 192.0.2.8").await, 200);
    assert_eq!(locked(&server).await, ["192.0.2.7"]);
}

#[tokio::test]
async fn nobody_escapes_a_lockout_by_a_header() {
    for server in [TestServer::shop().await, behind("10.0.0.0/8").await, behind("::1").await] {
        for address in ["192.0.2.1", "192.0.2.2", "10.0.0.3", "::1"] {
            assert_eq!(login(&server, "wrong", address).await, 404);
        }
        assert_eq!(login(&server, &server.ada.client_secret, "192.0.2.5").await, 429);
        assert_eq!(locked(&server).await, ["127.0.0.1"]);
    }
}

#[tokio::test]
async fn what_is_no_address_hides_nobody() {
    let server = behind("127.0.0.1").await;
    let long = "192.0.2.7,".repeat(700);
    for forwarded in ["unknown", "192.0.2.7, 192.0.2.7/8", "'; DROP TABLE lockout; --", &format!("{long}x")] {
        assert_eq!(login(&server, "wrong", forwarded).await, 404);
    }
    assert_eq!(login(&server, &server.ada.client_secret, "unknown").await, 429, "the proxy itself counts");
    assert_eq!(locked(&server).await, ["127.0.0.1"]);
}

#[tokio::test]
async fn an_address_of_version_6_is_told_like_any() {
    let server = behind("127.0.0.1").await;
    for forwarded in ["2001:db8::7", "[2001:db8::7]", "[2001:db8::7]:4711", "192.0.2.1, 2001:DB8:0::7"] {
        assert_eq!(login(&server, "wrong", forwarded).await, 404);
    }
    assert_eq!(login(&server, &server.ada.client_secret, "2001:db8::7").await, 429);
}

#[tokio::test]
async fn the_address_that_was_called_is_told_by_trusted_proxies_alone() {
    let told = async |server: &TestServer, host: &str, scheme: &str| {
        let versions = server.anybody().get("/versions");
        let versions = versions.header("x-forwarded-host", host).header("x-forwarded-proto", scheme).await;
        versions.ok()["api_server_url"].as_str().expect("an address").to_owned()
    };
    let trusting = behind("127.0.0.1").await;
    assert_eq!(told(&trusting, "bi.example.org", "https").await, "https://bi.example.org");
    assert_eq!(told(&trusting, "evil.example.com, bi.example.org", "http, HTTPS").await, "https://bi.example.org");
    assert_eq!(told(&trusting, "bi.example.org", "javascript").await, "http://bi.example.org");
    assert_eq!(told(&trusting, "x/../y", "https").await, "https://localhost");
    for server in [TestServer::shop().await, behind("10.0.0.0/8").await] {
        assert_eq!(told(&server, "evil.example.com", "https").await, ORIGIN);
    }
}

#[tokio::test]
async fn the_way_to_a_password_leads_to_no_host_that_a_caller_makes_up() {
    for (server, origin) in [(behind("127.0.0.1").await, "https://bi.example.org"), (behind("::1").await, ORIGIN)] {
        let person = Person::without_password(&server).await;
        let path = format!("/users/{}/credentials_email/password_reset", person.id);
        let reset = server.admin().post(&path).json(&json!({}));
        let reset = reset.header("x-forwarded-host", "bi.example.org").header("x-forwarded-proto", "https").await.ok();
        let address = reset["password_reset_url"].as_str().expect("an address");
        assert!(address.starts_with(&format!("{origin}/")), "{address}");
    }
}
