//! Versions side by side: 3.1 as an old client sees it, a version made for these tests, documents of each.

mod documents;
mod newer;
mod old_client;
mod same_data;
