//! Tag Auth: mobile devices, the rules for passwords and sessions, lockouts.

mod lockout;
mod mobile_device;
mod password_config;
mod session_config;
mod support_access;
