//! Tag Connection: users' databases.

use crate::{Service, abilities, abilities_but};
use belvedere_api::{Cx, Error, Result, parameters, tags, types};
use belvedere_engine::{ConnectionTest, ServedConnection};
use belvedere_lookml::model::Model;

impl tags::Connection for Service {
    async fn all_connections(&self, _: &Cx) -> Result<Vec<types::DBConnection>> {
        Ok(self.engine.connections().iter().map(|connection| described(connection)).collect())
    }

    async fn connection(&self, _: &Cx, path: parameters::ConnectionPath) -> Result<types::DBConnection> {
        let connection = self.engine.connections().get(&path.connection_name).ok_or_else(Error::not_found)?;
        Ok(described(connection))
    }

    async fn test_connection(
        &self,
        cx: &Cx,
        path: parameters::TestConnectionPath,
        query: parameters::TestConnectionQuery,
    ) -> Result<Vec<types::DBConnectionTestResult>> {
        let connection = self.engine.connections().get(&path.connection_name);
        let connection = connection.filter(|connection| self.reaches(cx, connection.name()));
        let connection = connection.ok_or_else(Error::not_found)?;
        // Who may test a connection but not see it is not told where its data lies.
        let sees_place = cx.security()?.may("develop");
        let mut results = Vec::new();
        for test in ConnectionTest::ALL {
            let wanted = query.tests.as_ref().is_none_or(|tests| tests.iter().any(|name| name == test.as_str()));
            if !wanted {
                continue;
            }
            let outcome = self.engine.test_connection(connection, test).await;
            let tells_place = sees_place && test == ConnectionTest::Connect;
            results.push(types::DBConnectionTestResult {
                can: abilities(&[]),
                connection_string: tells_place.then(|| format!("{}:{}", connection.dialect_name(), connection.place())),
                status: Some(if outcome.is_ok() { "success" } else { "error" }.to_owned()),
                message: Some(outcome.unwrap_or_else(|error| error.to_string())),
                name: Some(test.as_str().to_owned()),
            });
        }
        Ok(results)
    }
}

impl Service {
    /// Whether the caller sees the data of a model on this connection.
    fn reaches(&self, cx: &Cx, connection: &str) -> bool {
        let Ok(security) = cx.security() else { return false };
        let models = self.engine.projects().models();
        let on_it = |model: &Model| model.connection.as_deref() == Some(connection);
        security.is_admin()
            || models.iter().any(|(_, model)| on_it(model) && security.may_on("access_data", &model.name))
    }
}

const ABILITIES: [&str; 12] = [
    "index",
    "index_limited",
    "show",
    "cost_estimate",
    "run_sql_queries",
    "access_data",
    "explore",
    "refresh_schemas",
    "destroy",
    "test",
    "create",
    "update",
];

/// Connections come from the configuration, and DuckDB estimates no costs.
const LACKING: [&str; 4] = ["cost_estimate", "destroy", "create", "update"];

/// What everybody may know of a connection.
pub(crate) fn base(connection: &ServedConnection) -> types::DBConnectionBase {
    types::DBConnectionBase {
        can: abilities_but(&LACKING, &ABILITIES),
        name: Some(connection.name().to_string()),
        dialect: Some(dialect(connection.dialect_name())),
        snippets: Some(Vec::new()),
        pdts_enabled: Some(false),
        project_id: None,
    }
}

fn described(connection: &ServedConnection) -> types::DBConnection {
    types::DBConnection {
        can: abilities_but(&LACKING, &ABILITIES),
        name: Some(connection.name().to_string()),
        dialect: Some(dialect(connection.dialect_name())),
        snippets: Some(Vec::new()),
        pdts_enabled: Some(false),
        has_password: Some(false),
        uses_oauth: Some(false),
        uses_key_pair_auth: Some(false),
        uses_instance_oauth: Some(false),
        uses_service_auth: Some(false),
        database: Some(connection.place()),
        max_connections: Some(connection.concurrent_queries() as i64),
        ssl: Some(false),
        verify_ssl: Some(false),
        jdbc_additional_params: Some(String::new()),
        dialect_name: Some(connection.dialect_name().to_owned()),
        supports_data_studio_link: Some(false),
        example: Some(false),
        user_db_credentials: Some(false),
        user_attribute_fields: Some(Vec::new()),
        sql_runner_precache_tables: Some(true),
        sql_writing_with_info_schema: Some(false),
        after_connect_statements: Some(String::new()),
        managed: Some(false),
        disable_context_comment: Some(true),
        cost_estimate_enabled: Some(false),
        pdt_api_control_enabled: Some(false),
        connection_pooling: Some(true),
        default_bq_connection: Some(false),
        query_holding_disabled: Some(false),
        service_account_auth_enabled: Some(false),
        ..types::DBConnection::default()
    }
}

fn dialect(name: &str) -> types::Dialect {
    types::Dialect {
        name: Some(name.to_owned()),
        label: Some("DuckDB".to_owned()),
        supports_cost_estimate: Some(false),
        persistent_table_indexes: Some(String::new()),
        persistent_table_sortkeys: Some(String::new()),
        persistent_table_distkey: Some(String::new()),
        supports_streaming: Some(true),
        automatically_run_sql_runner_snippets: Some(false),
        connection_tests: Some(ConnectionTest::ALL.iter().map(|test| test.as_str().to_owned()).collect()),
        supports_inducer: Some(false),
        supports_multiple_databases: Some(false),
        supports_persistent_derived_tables: Some(false),
        has_ssl_support: Some(false),
        ..types::Dialect::default()
    }
}
