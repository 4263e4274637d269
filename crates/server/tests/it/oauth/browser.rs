//! A browser: it keeps cookies and follows no redirect by itself.

use crate::sign_in::{EMAIL, PASSWORD, Person};
use belvedere_testing::TestServer;
use reqwest::header::{COOKIE, LOCATION, SET_COOKIE};
use reqwest::{Client, RequestBuilder};
use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

pub(crate) struct Browser<'a> {
    server: &'a TestServer,
    client: Client,
    cookies: Mutex<BTreeMap<String, String>>,
}

/// What a browser is shown, or where it is sent.
#[derive(Debug)]
pub(crate) struct Shown {
    pub(crate) status: u16,
    headers: reqwest::header::HeaderMap,
    pub(crate) text: String,
}

impl Shown {
    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
    }

    /// Where the browser is sent.
    #[track_caller]
    pub(crate) fn location(&self) -> String {
        let location = self.headers.get(LOCATION).unwrap_or_else(|| panic!("no way on: {self:?}"));
        location.to_str().expect("an address").to_owned()
    }

    /// The cookies that are set.
    pub(crate) fn set_cookies(&self) -> Vec<&str> {
        self.headers.get_all(SET_COOKIE).iter().map(|cookie| cookie.to_str().expect("a cookie")).collect()
    }

    /// What the forms of the page show.
    #[track_caller]
    pub(crate) fn form_token(&self) -> &str {
        let (_, rest) = self.text.split_once("name=\"form_token\" value=\"").expect("a form");
        rest.split('"').next().expect("a value")
    }
}

impl<'a> Browser<'a> {
    pub(crate) fn new(server: &'a TestServer) -> Self {
        let client = Client::builder().redirect(reqwest::redirect::Policy::none()).build().expect("a client");
        Self { server, client, cookies: Mutex::default() }
    }

    /// A browser in which a person is signed in who has consented to the application.
    pub(crate) async fn of_consenting_person(server: &'a TestServer) -> (Self, Person) {
        let (browser, person) = Self::of_person(server).await;
        let consent = format!("/oauth_client_apps/{}/users/{}", super::APP, person.id);
        assert_eq!(server.admin().post(&consent).await.status, 204);
        (browser, person)
    }

    /// A browser in which a person is signed in.
    pub(super) async fn of_person(server: &'a TestServer) -> (Self, Person) {
        let person = Person::with_password(server).await;
        let browser = Self::new(server);
        let page = browser.get(&format!("/auth?{}", super::query(&[]))).await;
        let signed_in = browser.sign_in(&page, &super::query(&[]), EMAIL, PASSWORD).await;
        assert_eq!(signed_in.status, 303, "{signed_in:?}");
        (browser, person)
    }

    /// Opens an address.
    pub(crate) async fn get(&self, path: &str) -> Shown {
        self.get_with(path, &[]).await
    }

    /// Opens an address with more headers.
    pub(super) async fn get_with(&self, path: &str, headers: &[(&str, &str)]) -> Shown {
        let request = self.client.get(self.server.address(path));
        self.send(headers.iter().fold(request, |request, (name, value)| request.header(*name, *value))).await
    }

    /// Sends a form.
    pub(crate) async fn post(&self, path: &str, form: &[(&str, &str)]) -> Shown {
        self.post_with(path, form, &[]).await
    }

    /// Sends a form with more headers.
    pub(super) async fn post_with(&self, path: &str, form: &[(&str, &str)], headers: &[(&str, &str)]) -> Shown {
        let request = self.client.post(self.server.address(path)).form(form);
        self.send(headers.iter().fold(request, |request, (name, value)| request.header(*name, *value))).await
    }

    /// Sends the form of the sign-in page.
    pub(crate) async fn sign_in(&self, page: &Shown, query: &str, email: &str, password: &str) -> Shown {
        let form = [("form_token", page.form_token()), ("email", email), ("password", password)];
        self.post(&format!("/auth/sign_in?{query}"), &form).await
    }

    /// Says yes or no on the consent page.
    pub(super) async fn answer(&self, page: &Shown, query: &str, answer: &str) -> Shown {
        let form = [("form_token", page.form_token()), ("answer", answer)];
        self.post(&format!("/auth/consent?{query}"), &form).await
    }

    async fn send(&self, request: RequestBuilder) -> Shown {
        let cookies = self.cookies.lock().unwrap_or_else(PoisonError::into_inner).clone();
        let line: Vec<String> = cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
        let answer = request.header(COOKIE, line.join("; ")).send().await.expect("an answer");
        let (status, headers) = (answer.status().as_u16(), answer.headers().clone());
        let shown = Shown { status, headers, text: answer.text().await.expect("a text") };
        let mut cookies = self.cookies.lock().unwrap_or_else(PoisonError::into_inner);
        for cookie in shown.set_cookies() {
            let (name, value) = cookie.split(';').next().and_then(|pair| pair.split_once('=')).expect("a pair");
            if value.is_empty() {
                cookies.remove(name);
            } else {
                cookies.insert(name.to_owned(), value.to_owned());
            }
        }
        drop(cookies);
        shown
    }
}
