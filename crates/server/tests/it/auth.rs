//! Tag Auth: the rules for passwords and sessions, lockouts.

mod lockout;
mod password_config;
mod session_config;
mod support_access;
