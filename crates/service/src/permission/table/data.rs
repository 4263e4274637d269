//! Queries, models, connections and derived tables.

use super::Row;
use crate::permission::Permission as P;
use crate::permission::Refusal::{Forbidden, Hidden};
use crate::permission::Requirement::{Admin, AnyOf, One, SignedIn};
use belvedere_api::OperationId as Op;

pub(super) const ROWS: &[Row] = &[
    // Query
    (Op::CreateMergeQuery, One(P::Explore), Hidden),
    (Op::MergeQuery, One(P::AccessData), Hidden),
    (Op::CreateQuery, One(P::Explore), Hidden),
    (Op::RunUrlEncodedQuery, One(P::Explore), Hidden),
    (Op::RunInlineQuery, One(P::Explore), Hidden),
    (Op::QueryForSlug, One(P::AccessData), Hidden),
    (Op::Query, One(P::AccessData), Hidden),
    (Op::RunQuery, One(P::AccessData), Hidden),
    (Op::CreateQueryTask, One(P::AccessData), Hidden),
    (Op::QueryTaskMultiResults, One(P::AccessData), Hidden),
    (Op::QueryTask, One(P::AccessData), Hidden),
    (Op::QueryTaskResults, One(P::AccessData), Hidden),
    (Op::AllRunningQueries, One(P::SeeQueries), Hidden),
    (Op::KillQuery, SignedIn, Hidden),
    (Op::CreateSqlQuery, One(P::UseSqlRunner), Hidden),
    (Op::SqlQuery, One(P::UseSqlRunner), Hidden),
    (Op::RunSqlQuery, One(P::UseSqlRunner), Hidden),
    // Metadata
    (Op::ConnectionColumns, AnyOf(&[P::UseSqlRunner, P::Develop]), Hidden),
    (Op::ConnectionCostEstimate, One(P::UseSqlRunner), Hidden),
    (Op::ConnectionDatabases, AnyOf(&[P::UseSqlRunner, P::Develop]), Hidden),
    (Op::ConnectionFeatures, AnyOf(&[P::Develop, P::UseSqlRunner]), Hidden),
    (Op::ConnectionSchemas, AnyOf(&[P::UseSqlRunner, P::Develop]), Hidden),
    (Op::ConnectionSearchColumns, AnyOf(&[P::UseSqlRunner, P::Develop]), Hidden),
    (Op::ConnectionTables, AnyOf(&[P::UseSqlRunner, P::Develop]), Hidden),
    (Op::GetModel, One(P::AccessData), Hidden),
    (Op::ModelFieldnameSuggestions, One(P::AccessData), Hidden),
    // LookmlModel
    (Op::AllLookmlModels, SignedIn, Hidden),
    (Op::CreateLookmlModel, AnyOf(&[P::ManageModels, P::ManageProjectModels]), Hidden),
    (Op::DeleteLookmlModel, AnyOf(&[P::ManageModels, P::ManageProjectModels]), Hidden),
    (Op::LookmlModel, One(P::AccessData), Hidden),
    (Op::UpdateLookmlModel, AnyOf(&[P::ManageModels, P::ManageProjectModels]), Hidden),
    (Op::LookmlModelExplore, One(P::AccessData), Hidden),
    // Connection
    (Op::AllConnections, AnyOf(&[P::Develop, P::ManageModels, P::ManageProjectConnectionsRestricted]), Hidden),
    (Op::CreateConnection, One(P::ManageProjectConnections), Forbidden),
    (Op::TestConnectionConfig, One(P::ManageProjectConnections), Hidden),
    (Op::DeleteConnection, One(P::ManageProjectConnections), Hidden),
    (Op::Connection, AnyOf(&[P::Develop, P::ManageModels, P::ManageProjectConnectionsRestricted]), Hidden),
    (Op::UpdateConnection, AnyOf(&[P::ManageProjectConnections, P::ManageProjectConnectionsRestricted]), Forbidden),
    (Op::DeleteConnectionOverride, One(P::ManageProjectConnections), Hidden),
    (Op::TestConnection, One(P::AccessData), Hidden),
    (Op::AllDialectInfos, AnyOf(&[P::Develop, P::ManageModels, P::ManageProjectConnectionsRestricted]), Hidden),
    (Op::AllExternalOauthApplications, Admin, Hidden),
    (Op::CreateExternalOauthApplication, Admin, Hidden),
    (Op::CreateOauthApplicationUserState, SignedIn, Hidden),
    (Op::DeleteExternalOauthApplication, Admin, Hidden),
    (Op::UpdateExternalOauthApplication, Admin, Hidden),
    (Op::SshPublicKey, Admin, Hidden),
    (Op::DeleteSshServer, Admin, Hidden),
    (Op::SshServer, Admin, Hidden),
    (Op::UpdateSshServer, Admin, Hidden),
    (Op::TestSshServer, Admin, Hidden),
    (Op::AllSshServers, Admin, Hidden),
    (Op::CreateSshServer, Admin, Hidden),
    (Op::DeleteSshTunnel, Admin, Hidden),
    (Op::SshTunnel, Admin, Hidden),
    (Op::UpdateSshTunnel, Admin, Hidden),
    (Op::TestSshTunnel, Admin, Hidden),
    (Op::AllSshTunnels, Admin, Hidden),
    (Op::CreateSshTunnel, Admin, Hidden),
    (Op::AllUserDbConnections, SignedIn, Hidden),
    (Op::DeleteUserDbConnection, SignedIn, Hidden),
    (Op::UpdateUserDbConnection, SignedIn, Hidden),
    // Datagroup
    (Op::AllDatagroups, One(P::SeeDatagroups), Hidden),
    (Op::Datagroup, One(P::SeeDatagroups), Hidden),
    (Op::UpdateDatagroup, One(P::UpdateDatagroups), Hidden),
    // DerivedTable
    (Op::GraphDerivedTablesForModel, AnyOf(&[P::SeePdts, P::Develop]), Hidden),
    (Op::GraphDerivedTablesForView, AnyOf(&[P::SeePdts, P::Develop]), Hidden),
    (Op::CheckPdtBuild, AnyOf(&[P::SeePdts, P::Develop]), Hidden),
    (Op::StopPdtBuild, One(P::Develop), Hidden),
    (Op::StartPdtBuild, One(P::Develop), Hidden),
    // SqlInterfaceQuery
    (Op::CreateSqlInterfaceQuery, One(P::Explore), Forbidden),
    (Op::SqlInterfaceMetadata, One(P::Explore), Forbidden),
    (Op::RunSqlInterfaceQuery, One(P::Explore), Forbidden),
    // SelfService
    (Op::GetSelfServiceModelAllowedConnections, One(P::UploadData), Forbidden),
    (Op::UpdateSelfServiceExploreCertification, One(P::CertifyContent), Forbidden),
    (Op::GetSelfServiceModelLookml, One(P::SeeLookml), Hidden),
    // DataUpload
    (Op::UploadData, One(P::UploadData), Hidden),
    // DataAction
    (Op::PerformDataAction, One(P::AccessData), Hidden),
    (Op::FetchRemoteDataActionForm, One(P::AccessData), Hidden),
    // KeyDriverAnalysis
    (Op::RunKeyDriverAnalysis, One(P::Explore), Hidden),
];
