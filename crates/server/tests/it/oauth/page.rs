//! The pages: who is asked what, where the browser goes, and what other pages cannot do.

use super::{APP, Browser, CALLBACK, CHALLENGE, ask, brought, but, by_code, me, query, register, register_as};
use crate::forwarded::behind;
use crate::sign_in::{EMAIL, PASSWORD, Person};
use belvedere_testing::TestServer;
use serde_json::json;

#[tokio::test]
async fn a_person_signs_in_and_consents_once() {
    let server = TestServer::shop().await;
    register(&server, CALLBACK).await;
    let person = Person::with_password(&server).await;
    let (browser, query) = (Browser::new(&server), query(&[]));
    let page = browser.get(&format!("/auth?{query}")).await;
    assert_eq!(page.status, 200);
    assert!(page.text.contains("Charts") && page.text.contains("type=\"password\""));
    let signed_in = browser.sign_in(&page, &query, EMAIL, PASSWORD).await;
    assert_eq!((signed_in.status, signed_in.location()), (303, format!("/auth?{query}")));
    let page = browser.get(&signed_in.location()).await;
    assert_eq!(page.status, 200);
    for part in ["Let Charts in?", "<p>Shows charts.</p>", "<p>Many.</p>", "Grace Hopper", EMAIL, CALLBACK] {
        assert!(page.text.contains(part), "{part}");
    }
    let allowed = browser.answer(&page, &query, "allow").await;
    assert_eq!(allowed.status, 302);
    let brought = brought(&allowed.location(), CALLBACK);
    assert_eq!((brought[0].0.as_str(), brought[1].clone()), ("code", ("state".to_owned(), "TS-SDK".to_owned())));
    assert_eq!(brought.len(), 2);
    assert_eq!(me(&server, &ask(&server, &by_code(&brought[0].1)).await.ok()).await, 200);
    let app = server.admin().get(&format!("/oauth_client_apps/{APP}")).await.ok();
    assert_eq!(app["activated_users"][0]["id"], json!(person.id));
    let again = browser.get(&format!("/auth?{query}")).await;
    assert_eq!(again.status, 302, "the second time nothing is asked");
    assert!(again.location().starts_with(&format!("{CALLBACK}?code=")), "{}", again.location());
}

#[tokio::test]
async fn whoever_says_no_gives_nothing_and_is_asked_again() {
    let server = TestServer::shop().await;
    register(&server, CALLBACK).await;
    let (browser, _) = Browser::of_person(&server).await;
    let query = query(&[]);
    for answer in ["deny", ""] {
        let page = browser.get(&format!("/auth?{query}")).await;
        let denied = browser.answer(&page, &query, answer).await;
        let brought = brought(&denied.location(), CALLBACK);
        assert_eq!(brought[0], ("error".to_owned(), "access_denied".to_owned()));
        assert_eq!(brought[2], ("state".to_owned(), "TS-SDK".to_owned()));
        assert!(!denied.location().contains("code="));
    }
}

#[tokio::test]
async fn the_address_keeps_its_query_and_the_state_may_be_left_out() {
    let server = TestServer::shop().await;
    let uri = "https://app.example.com/oauth?tenant=7";
    register(&server, CALLBACK).await;
    let both = json!({"redirect_uris": [CALLBACK, uri]});
    server.admin().patch(&format!("/oauth_client_apps/{APP}")).json(&both).await.ok();
    let (browser, _) = Browser::of_consenting_person(&server).await;
    let with = async |others: &[(&str, &str)]| {
        let others = [others, &[("redirect_uri", uri)]].concat();
        brought(&browser.get(&format!("/auth?{}", query(&others))).await.location(), uri)
    };
    let brought = with(&[("state", "")]).await;
    assert_eq!((brought.len(), brought[0].0.as_str()), (1, "code"));
    let strange = "a b&c=d#é\r\nSet-Cookie: x=y\"<";
    assert_eq!(with(&[("state", strange)]).await[1], ("state".to_owned(), strange.to_owned()));
    assert_eq!(with(&[("scope", "")]).await[0].0, "code");
}

#[tokio::test]
async fn where_the_address_is_not_the_applications_nobody_is_sent() {
    let server = TestServer::shop().await;
    register(&server, CALLBACK).await;
    let (browser, _) = Browser::of_consenting_person(&server).await;
    let paths: Vec<String> = [
        query(&[("client_id", "")]),
        query(&[("client_id", "com.example.nothing")]),
        query(&[("client_id", "com.example.APP")]),
        query(&[("redirect_uri", "")]),
        query(&[("redirect_uri", "https://evil.example.com/oauth")]),
        query(&[("redirect_uri", "https://app.example.com/oauth/")]),
        query(&[("redirect_uri", "https://app.example.com/oauth?a=b")]),
        query(&[("redirect_uri", "https://APP.example.com/oauth")]),
        query(&[("redirect_uri", "https://app.example.com/oauth%2F..")]),
        query(&[("redirect_uri", "https://app.example.com/")]),
        query(&[]) + "&client_id=com.example.app",
        query(&[]) + "&redirect_uri=https%3A%2F%2Fevil.example.com",
        String::new(),
    ]
    .iter()
    .map(|query| format!("/auth?{query}"))
    .collect();
    for path in paths {
        let shown = browser.get(&path).await;
        assert_eq!((shown.status, shown.header("location")), (400, ""), "{path}");
        assert!(shown.text.contains("This application cannot sign you in"), "{path}");
        let posted = browser.post(&path.replace("/auth", "/auth/consent"), &[("answer", "allow")]).await;
        assert_eq!((posted.status, posted.header("location")), (400, ""), "{path}");
    }
}

#[tokio::test]
async fn what_else_is_wrong_is_told_to_the_application() {
    let server = TestServer::shop().await;
    register(&server, CALLBACK).await;
    let browser = Browser::new(&server);
    let hex = "13d31e961a1ad8ec2f16b10c4c982e0876a878ad6df144566ee1894acb70f9c";
    for (others, reason) in [
        (&[("code_challenge_method", "plain")][..], "invalid_request"),
        (&[("code_challenge_method", "")], "invalid_request"),
        (&[("code_challenge_method", "s256")], "invalid_request"),
        (&[("code_challenge", "")], "invalid_request"),
        (&[("code_challenge", "short")], "invalid_request"),
        (&[("code_challenge", hex)], "invalid_request"),
        (&[("response_type", "token")], "unsupported_response_type"),
        (&[("response_type", "")], "unsupported_response_type"),
        (&[("scope", "admin")], "invalid_scope"),
        (&[("scope", "cors_api admin")], "invalid_scope"),
    ] {
        let shown = browser.get(&format!("/auth?{}", query(others))).await;
        let brought = brought(&shown.location(), CALLBACK);
        assert_eq!((shown.status, brought[0].1.as_str()), (302, reason), "{others:?}");
        assert_eq!((brought[1].0.as_str(), brought[2].1.as_str()), ("error_description", "TS-SDK"), "{others:?}");
    }
    let twice = browser.get(&format!("/auth?{}&code_challenge={CHALLENGE}", query(&[]))).await;
    assert!(twice.location().contains("error=invalid_request"));
    server.admin().patch(&format!("/oauth_client_apps/{APP}")).json(&json!({"enabled": false})).await.ok();
    let disabled = browser.get(&format!("/auth?{}", query(&[("state", "")]))).await;
    let brought = brought(&disabled.location(), CALLBACK);
    assert_eq!((brought[0].1.as_str(), brought.len()), ("unauthorized_client", 2));
}

#[tokio::test]
async fn the_policy_of_the_pages_names_where_the_browser_goes_back_to() {
    let server = TestServer::shop().await;
    Person::with_password(&server).await;
    for (index, (uri, target)) in [
        (CALLBACK, "https://app.example.com"),
        ("https://app.example.com:8443/a?b=c", "https://app.example.com:8443"),
        ("http://127.0.0.1:7777", "http://127.0.0.1:7777"),
        ("myapp://callback", "myapp:"),
    ]
    .into_iter()
    .enumerate()
    {
        let guid = format!("com.example.app{index}");
        register_as(&server, &guid, uri).await;
        let query = query(&[("client_id", &guid), ("redirect_uri", uri)]);
        let browser = Browser::new(&server);
        let sign_in = browser.get(&format!("/auth?{query}")).await;
        browser.sign_in(&sign_in, &query, EMAIL, PASSWORD).await;
        let consent = browser.get(&format!("/auth?{query}")).await;
        for page in [&sign_in, &consent] {
            let policy = page.header("content-security-policy");
            assert!(policy.contains(&format!("form-action 'self' {target}; frame-ancestors 'none'")), "{policy}");
            assert!(policy.starts_with("default-src 'none';") && !policy.contains("unsafe"), "{policy}");
            assert_eq!(page.header("x-frame-options"), "DENY");
            assert_eq!((page.header("cache-control"), page.header("referrer-policy")), ("no-store", "no-referrer"));
        }
        let allowed = browser.answer(&consent, &query, "allow").await;
        let request = but(
            but(by_code(&brought(&allowed.location(), uri)[0].1), "client_id", json!(guid)),
            "redirect_uri",
            json!(uri),
        );
        assert_eq!(me(&server, &ask(&server, &request).await.ok()).await, 200, "{uri}");
    }
}

#[tokio::test]
async fn a_form_of_another_page_does_nothing() {
    let server = TestServer::shop().await;
    register(&server, CALLBACK).await;
    let (browser, _) = Browser::of_person(&server).await;
    let query = query(&[]);
    let page = browser.get(&format!("/auth?{query}")).await;
    let other = Browser::new(&server).get(&format!("/auth?{query}")).await;
    let consent = format!("/auth/consent?{query}");
    for token in ["", "a", other.form_token()] {
        for path in [&consent, &format!("/auth/sign_in?{query}"), &format!("/auth/sign_out?{query}")] {
            let form = [("form_token", token), ("answer", "allow"), ("email", EMAIL), ("password", PASSWORD)];
            let refused = browser.post(path, &form).await;
            assert_eq!((refused.status, refused.set_cookies().len()), (403, 0), "{path} {token}");
        }
    }
    let form = [("form_token", page.form_token()), ("answer", "allow")];
    for site in ["cross-site", "same-site", "none"] {
        assert_eq!(browser.post_with(&consent, &form, &[("sec-fetch-site", site)]).await.status, 403, "{site}");
    }
    assert_eq!(browser.get(&consent).await.status, 405);
    let app = server.admin().get(&format!("/oauth_client_apps/{APP}")).await.ok();
    assert_eq!(app["activated_users"], json!([]));
    let allowed = browser.post_with(&consent, &form, &[("sec-fetch-site", "same-origin")]).await;
    assert_eq!(allowed.status, 302);
}

#[tokio::test]
async fn cookies_are_for_this_server_alone() {
    let server = TestServer::shop().await;
    register(&server, CALLBACK).await;
    Person::with_password(&server).await;
    let (browser, query) = (Browser::new(&server), query(&[]));
    let page = browser.get(&format!("/auth?{query}")).await;
    let signed_in = browser.sign_in(&page, &query, EMAIL, PASSWORD).await;
    let cookies = [page.set_cookies(), signed_in.set_cookies()].concat();
    assert_eq!(cookies.len(), 2, "{cookies:?}");
    assert!(cookies[0].starts_with("belvedere_browser=") && cookies[1].starts_with("belvedere_session="));
    for cookie in cookies {
        assert!(cookie.contains("; Path=/") && cookie.ends_with("; HttpOnly; SameSite=Lax"), "{cookie}");
    }
    let seen = browser.get(&format!("/auth?{query}")).await;
    assert_eq!(seen.set_cookies(), Vec::<&str>::new(), "a browser keeps its name");
}

#[tokio::test]
async fn by_https_cookies_go_no_other_way() {
    let server = behind("127.0.0.1").await;
    register(&server, CALLBACK).await;
    let path = format!("/auth?{}", query(&[]));
    let page = server.anybody().host_call("GET", &path).header("x-forwarded-proto", "https").await;
    let cookie = page.header("set-cookie").expect("a cookie");
    assert!(cookie.starts_with("__Host-belvedere_browser=") && cookie.ends_with("; Secure"), "{cookie}");
}

#[tokio::test]
async fn a_wrong_password_is_told_and_what_was_typed_is_shown_as_text() {
    let server = TestServer::shop().await;
    let app = json!({"redirect_uri": CALLBACK, "display_name": "<script>alert(1)</script>"});
    server.admin().post(&format!("/oauth_client_apps/{APP}")).json(&app).await.ok();
    Person::with_password(&server).await;
    let (browser, query) = (Browser::new(&server), query(&[("state", "\"><script>")]));
    let page = browser.get(&format!("/auth?{query}")).await;
    let refused = browser.sign_in(&page, &query, "\"><script>@example.com", "wrong").await;
    assert_eq!(refused.status, 422);
    assert!(refused.text.contains("The address or the password is not right."));
    assert!(!refused.text.contains("<script>") && refused.text.contains("&lt;script&gt;"));
    assert_eq!(refused.set_cookies(), Vec::<&str>::new());
    assert!(!refused.text.contains("wrong\""), "a password is never shown");
    let signed_in = browser.sign_in(&refused, &query, EMAIL, PASSWORD).await;
    assert_eq!(signed_in.status, 303, "the page that told can be used again");
}

#[tokio::test]
async fn whoever_signs_out_is_asked_again() {
    let server = TestServer::shop().await;
    register(&server, CALLBACK).await;
    let (browser, _) = Browser::of_person(&server).await;
    let query = query(&[]);
    let page = browser.get(&format!("/auth?{query}")).await;
    let out = browser.post(&format!("/auth/sign_out?{query}"), &[("form_token", page.form_token())]).await;
    assert_eq!((out.status, out.location()), (303, format!("/auth?{query}")));
    assert!(browser.get(&out.location()).await.text.contains("type=\"password\""));
}

#[tokio::test]
async fn a_session_that_has_ended_asks_to_sign_in_again() {
    let server = TestServer::shop().await;
    register(&server, CALLBACK).await;
    let (browser, person) = Browser::of_person(&server).await;
    let query = query(&[]);
    let page = browser.get(&format!("/auth?{query}")).await;
    server.admin().patch(&format!("/users/{}", person.id)).json(&json!({"is_disabled": true})).await.ok();
    let allowed = browser.answer(&page, &query, "allow").await;
    assert_eq!((allowed.status, allowed.location()), (303, format!("/auth?{query}")));
    assert!(browser.get(&allowed.location()).await.text.contains("type=\"password\""));
    let app = server.admin().get(&format!("/oauth_client_apps/{APP}")).await.ok();
    assert_eq!(app["activated_users"], json!([]));
}

#[tokio::test]
async fn a_password_is_set_on_its_page() {
    let server = TestServer::shop().await;
    register(&server, CALLBACK).await;
    let person = Person::without_password(&server).await;
    let path = format!("/password/reset/{}", person.reset_token(&server).await);
    let browser = Browser::new(&server);
    let page = browser.get(&path).await;
    assert_eq!((page.status, page.header("cache-control")), (200, "no-store"));
    assert!(page.text.contains(EMAIL) && page.header("content-security-policy").contains("form-action 'self' ;"));
    let set = async |token: &str, password: &str, again: &str| {
        browser.post(&path, &[("form_token", token), ("password", password), ("again", again)]).await
    };
    assert_eq!(set("", PASSWORD, PASSWORD).await.status, 403);
    let different = set(page.form_token(), PASSWORD, "other").await;
    assert!(different.status == 422 && different.text.contains("not the same"));
    let short = set(page.form_token(), "a", "a").await;
    assert!(short.status == 422 && short.text.contains("role=\"alert\""), "{short:?}");
    assert_eq!(set(page.form_token(), PASSWORD, PASSWORD).await.status, 200);
    assert_eq!(browser.get(&path).await.status, 404, "it works once");
    let query = query(&[]);
    let page = browser.get(&format!("/auth?{query}")).await;
    assert_eq!(browser.sign_in(&page, &query, EMAIL, PASSWORD).await.status, 303);
}
