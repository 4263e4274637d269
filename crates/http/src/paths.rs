//! Paths as clients really send them.

use axum::extract::Request;
use axum::http::Uri;
use std::borrow::Cow;

/// Where the operations of the newest version are.
pub(crate) const BASE: &str = "/api/4.0";

/// Paths outside of the base path that old clients still send, and the operation's path that is meant.
const ALIASES: [(&str, &str); 5] = [
    ("/login", "/api/4.0/login"),
    ("/logout", "/api/4.0/logout"),
    ("/api/login", "/api/4.0/login"),
    ("/api/logout", "/api/4.0/logout"),
    ("/versions", "/api/4.0/versions"),
];

/// Logins on behalf of a user, whose id follows.
const USER_LOGINS: [&str; 2] = ["/login/", "/api/login/"];

/// Brings the path of a request into the form that routes have: double and trailing slashes go, aliases are followed.
pub(crate) fn normalize(mut request: Request) -> Request {
    let normal = normal_path(request.uri().path());
    if normal != request.uri().path() {
        let with_query = match request.uri().query() {
            Some(query) => format!("{normal}?{query}"),
            None => normal.into_owned(),
        };
        // The parts were a valid path and query before; a path that no longer is one stays and matches no route.
        if let Ok(uri) = with_query.parse::<Uri>() {
            *request.uri_mut() = uri;
        }
    }
    request
}

fn normal_path(path: &str) -> Cow<'_, str> {
    let mut normal = Cow::Borrowed(path);
    if path.contains("//") {
        let parts: Vec<&str> = path.split('/').filter(|part| !part.is_empty()).collect();
        normal = Cow::Owned(format!("/{}", parts.join("/")));
    }
    if normal.len() > 1 && normal.ends_with('/') {
        normal = Cow::Owned(normal.trim_end_matches('/').to_owned());
    }
    if let Some((_, meant)) = ALIASES.iter().find(|(alias, _)| *alias == normal) {
        return Cow::Borrowed(meant);
    }
    let user = USER_LOGINS.iter().find_map(|prefix| normal.strip_prefix(prefix));
    match user.filter(|user| !user.is_empty() && user.bytes().all(|byte| byte.is_ascii_digit())) {
        Some(user) => Cow::Owned(format!("{BASE}/login/{user}")),
        None => normal,
    }
}

#[cfg(test)]
mod tests {
    use super::normal_path;

    #[test]
    fn double_and_trailing_slashes_do_not_count() {
        assert_eq!(normal_path("/api//4.0/user/"), "/api/4.0/user");
        assert_eq!(normal_path("//"), "/");
        assert_eq!(normal_path("/"), "/");
        assert_eq!(normal_path("/api/4.0/queries/a%2Fb"), "/api/4.0/queries/a%2Fb");
    }

    #[test]
    fn the_aliases_of_old_clients_are_followed() {
        for (path, meant) in [
            ("/login", "/api/4.0/login"),
            ("/api//login", "/api/4.0/login"),
            ("/api/logout", "/api/4.0/logout"),
            ("/versions", "/api/4.0/versions"),
            ("/login/12", "/api/4.0/login/12"),
            ("/login/embed/x", "/login/embed/x"),
            ("/login/embed", "/login/embed"),
        ] {
            assert_eq!(normal_path(path), meant);
        }
    }
}
