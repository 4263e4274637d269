//! How many calls a user may make in a minute.

use belvedere_api::{Error, Operation, Result, UserId};
use governor::clock::{Clock as _, DefaultClock};
use governor::{DefaultKeyedRateLimiter, Quota, RateLimiter};
use std::fmt;
use std::num::NonZeroU32;
use std::time::Duration;

/// Counts the calls of each user. All of a minute's calls may be made at once; what is used up comes back evenly.
pub(crate) struct RateLimit {
    limiter: DefaultKeyedRateLimiter<UserId>,
}

impl fmt::Debug for RateLimit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RateLimit").field("users", &self.limiter.len()).finish()
    }
}

impl RateLimit {
    /// So many calls a minute for each user.
    pub(crate) fn per_minute(calls: NonZeroU32) -> Self {
        Self { limiter: RateLimiter::keyed(Quota::per_minute(calls)) }
    }

    /// Takes one call of the user's minute, if the operation counts.
    ///
    /// # Errors
    /// 429, with the time after which a call is let in again.
    pub(crate) fn take(&self, operation: &Operation, user: UserId) -> Result<()> {
        if !operation.is_rate_limited {
            return Ok(());
        }
        self.limiter.check_key(&user).map_err(|refused| {
            let wait = refused.wait_time_from(DefaultClock::default().now());
            Error::too_many_requests(wait.max(Duration::from_secs(1)))
        })
    }
}
