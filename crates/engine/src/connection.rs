//! The tests of a connection.

use crate::Engine;
use belvedere_warehouse::{Connection, Error};

/// A test of a connection, by its name in the API.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ConnectionTest {
    /// `connect`: the database answers.
    Connect,
    /// `kill`: a query can be stopped.
    Kill,
    /// `query`: a query gives its row.
    Query,
}

impl ConnectionTest {
    /// All tests, in the order in which they are made.
    pub const ALL: [Self; 3] = [Self::Connect, Self::Kill, Self::Query];

    /// The name in the API.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Connect => "connect",
            Self::Kill => "kill",
            Self::Query => "query",
        }
    }
}

impl Engine {
    /// Makes a test; what it found, for people.
    pub async fn test_connection(&self, connection: &Connection, test: ConnectionTest) -> Result<String, Error> {
        let (sql, found) = match test {
            ConnectionTest::Connect => ("SELECT 1", "Can connect"),
            ConnectionTest::Kill => ("SELECT 1", "Queries are cancelled"),
            ConnectionTest::Query => ("SELECT 1 AS x", "Can run simple select query"),
        };
        let mut run = connection.run(sql.to_owned()).await?;
        if test == ConnectionTest::Kill {
            run.canceller().cancel();
            while run.next().await.is_some() {}
            return Ok(found.to_owned());
        }
        let rows = run.next().await.transpose()?.map_or(0, |batch| batch.num_rows());
        if rows == 1 { Ok(found.to_owned()) } else { Err(Error::Driver(format!("`{sql}` gave {rows} rows"))) }
    }
}
