//! What the pages look like.

use super::cookie::Cookies;
use super::form::TOKEN;
use super::{Visit, forgotten, qr};
use belvedere_service::oauth::{Reason, Refusal};
use belvedere_service::{BrowserSession, SecondFactor, SetUp, SignInRefusal};
use maud::{DOCTYPE, Markup, html};
use std::time::Duration;

/// Where somebody signs in, to go on to the program.
pub(super) fn sign_in(visit: &Visit, email: &str, refused: Option<SignInRefusal>) -> Markup {
    let content = html! {
        h1 { "Sign in" }
        p.quiet { "to go on to " strong { (visit.request.display_name()) } }
        @if let Some(refused) = refused { p.refusal role="alert" { (reason(refused)) } }
        form method="post" action=(visit.address("/auth/sign_in")) {
            (form_token(&visit.cookies))
            label for="email" { "E-mail address" }
            input #email name="email" type="email" autocomplete="username" required autofocus[email.is_empty()] value=(email);
            label for="password" { "Password" }
            input #password name="password" type="password" autocomplete="current-password" required autofocus[!email.is_empty()];
            div.actions { button.primary type="submit" { "Sign in" } }
        }
        p.other { a href=(forgotten::PATH) { "I have forgotten my password" } }
    };
    frame("Sign in", &content)
}

/// Where somebody shows a code, or first keeps what codes are made of.
pub(super) fn second_factor(visit: &Visit, asked: &SecondFactor) -> Markup {
    let title = if asked.set_up.is_some() { "Set up the second factor" } else { "Show your code" };
    let content = html! {
        h1 { (title) }
        @match &asked.set_up {
            Some(set_up) => (keep(set_up)),
            None => p { "The code is in the application that you have set up for this account." },
        }
        @if asked.was_wrong { p.refusal role="alert" { "That is not the code of this moment, or it was used before." } }
        form method="post" action=(visit.address("/auth/second_factor")) {
            (form_token(&visit.cookies))
            input type="hidden" name="sign_in" value=(asked.token);
            label for="code" { "Code of six digits" }
            input #code name="code" type="text" inputmode="numeric" autocomplete="one-time-code" required autofocus;
            div.actions { button.primary type="submit" { "Go on" } }
        }
    };
    frame(title, &content)
}

/// What codes are made of, for an application to keep.
fn keep(set_up: &SetUp) -> Markup {
    let groups: Vec<&str> = set_up.secret.as_bytes().chunks(4).filter_map(|group| str::from_utf8(group).ok()).collect();
    html! {
        p {
            "This account needs a code beside the password. Let an application for one-time codes read this picture, "
            "and show its first code."
        }
        (qr::code(&set_up.uri))
        p.quiet { "Or type the key into it:" }
        p { code { (groups.join(" ")) } }
        p { a href=(set_up.uri) { "Open it in an application on this device" } }
    }
}

/// Where a user says whether a program may act as the user.
pub(super) fn consent(visit: &Visit, session: &BrowserSession) -> Markup {
    let request = &visit.request;
    let name = request.display_name();
    let content = html! {
        h1 { "Let " (name) " in?" }
        @for paragraph in request.description().split('\n').filter(|text| !text.trim().is_empty()) {
            p { (paragraph) }
        }
        p {
            strong { (name) } " will see and do everything that you may see and do here, until you or an administrator "
            "take that back."
        }
        dl {
            dt { "You are" }
            dd { (who(session)) }
            dt { "You go on to" }
            dd { code { (request.redirect_uri()) } }
        }
        form method="post" action=(visit.address("/auth/consent")) {
            (form_token(&visit.cookies))
            div.actions {
                button.primary type="submit" name="answer" value="allow" { "Allow" }
                button type="submit" name="answer" value="deny" { "Do not allow" }
            }
        }
        form.other method="post" action=(visit.address("/auth/sign_out")) {
            (form_token(&visit.cookies))
            button.link type="submit" { "Sign in as somebody else" }
        }
    };
    frame(&format!("Let {name} in?"), &content)
}

/// Where somebody asks for a mail with the way to a new password. `path` is that of the page.
pub(super) fn forgotten(path: &str, cookies: &Cookies) -> Markup {
    let content = html! {
        h1 { "Set a new password" }
        p { "You get a mail with an address where you set it." }
        form method="post" action=(path) {
            (form_token(cookies))
            label for="email" { "E-mail address" }
            input #email name="email" type="email" autocomplete="username" required autofocus;
            div.actions { button.primary type="submit" { "Send the mail" } }
        }
    };
    frame("Set a new password", &content)
}

/// What follows when it is asked for, whoever has the address.
pub(super) fn mail_is_on_its_way(email: &str) -> Markup {
    let content = html! {
        h1 { "Look for a mail" }
        p { "If somebody signs in here as " strong { (email) } ", a mail with the way to a new password is under way there." }
        p.quiet { "The way works once, within an hour." }
    };
    frame("Look for a mail", &content)
}

/// What somebody who has forgotten the password is told where no mail is sent.
pub(super) fn no_mail() -> Markup {
    let content = html! {
        h1 { "Ask an administrator" }
        p { "This server sends no mail. An administrator can give you an address where you set a new password." }
    };
    frame("Ask an administrator", &content)
}

/// Where a person sets a password. `path` is that of the page.
pub(super) fn set_password(path: &str, cookies: &Cookies, email: &str, refused: Option<&str>) -> Markup {
    let content = html! {
        h1 { "Set your password" }
        p.quiet { "for " strong { (email) } }
        @if let Some(refused) = refused { p.refusal role="alert" { (refused) } }
        form method="post" action=(path) {
            (form_token(cookies))
            // Password managers keep the password under this name.
            input type="hidden" name="email" autocomplete="username" value=(email);
            label for="password" { "New password" }
            input #password name="password" type="password" autocomplete="new-password" required autofocus;
            label for="again" { "The same again" }
            input #again name="again" type="password" autocomplete="new-password" required;
            div.actions { button.primary type="submit" { "Set password" } }
        }
    };
    frame("Set your password", &content)
}

/// What follows when it is set.
pub(super) fn password_set(email: &str) -> Markup {
    let content = html! {
        h1 { "The password is set" }
        p { "From now on, " strong { (email) } " signs in with it. Go back to the application that you came from." }
    };
    frame("The password is set", &content)
}

/// What an address is answered with that sets no password.
pub(super) fn no_password_token() -> Markup {
    let content = html! {
        h1 { "This address works no more" }
        p { "It sets a password once, and for a limited time. " a href=(forgotten::PATH) { "Ask for a new one" } "." }
    };
    frame("This address works no more", &content)
}

/// What a program asked that cannot be told to the program.
pub(super) fn declined(refusal: &Refusal) -> Markup {
    let content = html! {
        h1 { "This application cannot sign you in" }
        p { "The address that brought you here is not right:" }
        p.refusal { (refusal.description) "." }
        p.quiet {
            @match refusal.reason {
                Reason::InvalidClient => {
                    "An administrator registers applications with the operation " code { "register_oauth_client_app" } "."
                }
                _ => { "Tell the people who make the application." }
            }
        }
    };
    frame("This application cannot sign you in", &content)
}

/// What a form that is not ours is answered with.
pub(super) fn foreign(again: &str) -> Markup {
    let content = html! {
        h1 { "That did not come from this page" }
        p { "The page was open for too long, the browser takes no cookies, or another page sent the form." }
        p { a href=(again) { "Try again" } }
    };
    frame("That did not come from this page", &content)
}

/// What is shown when the server cannot go on.
pub(super) fn failed(message: &str) -> Markup {
    frame("That did not work", &html! { h1 { "That did not work" } p.refusal { (message) } })
}

fn reason(refused: SignInRefusal) -> String {
    match refused {
        SignInRefusal::WrongCredentials => "The address or the password is not right.".to_owned(),
        SignInRefusal::LockedOut { remaining } => {
            format!("Too many sign-ins have failed. Try again in {}.", minutes(remaining))
        }
        SignInRefusal::TooLate => "That took too long. Sign in again.".to_owned(),
    }
}

fn minutes(time: Duration) -> String {
    match time.as_secs().div_ceil(60) {
        0 | 1 => "a minute".to_owned(),
        minutes => format!("{minutes} minutes"),
    }
}

fn who(session: &BrowserSession) -> Markup {
    html! {
        @match (&session.display_name, &session.email) {
            (Some(name), Some(email)) => { (name) " " span.quiet { (email) } }
            (Some(name), None) => (name),
            (None, Some(email)) => (email),
            (None, None) => { "user " (session.user) }
        }
    }
}

fn form_token(cookies: &Cookies) -> Markup {
    html! { input type="hidden" name=(TOKEN) value=(cookies.form_token()); }
}

fn frame(title: &str, content: &Markup) -> Markup {
    html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="color-scheme" content="light dark";
                meta name="robots" content="noindex";
                title { (title) " · Belvedere" }
                link rel="icon" type="image/svg+xml" href="/api-docs/icon.svg";
                link rel="stylesheet" href="/auth/style.css";
            }
            body {
                main.card { p.brand { "Belvedere" } (content) }
            }
        }
    }
}
