//! Dispatch from a request to a service and back.

use std::collections::BTreeMap;
use std::future::Future;
use std::sync::Arc;
use std::time::Duration;

use belvedere_api::{
    Caller, Client, Cx, Error, ErrorKind, Grant, Ids, Json, OPERATIONS, OpenQuery, Operation, OperationId, Page, Patch,
    Reply, Request, Result, SecurityContext, TokenHash, UserId, Window, Workspace, bodies, dispatch, pairs, parameters,
    tags, types,
};
use serde_json::Value;

/// Answers with what it was told, so that a test sees what arrived.
struct Echo;

/// A method that no test here calls.
fn untold<T: Send>() -> impl Future<Output = Result<T>> + Send {
    std::future::ready(Err(Error::unavailable("not part of this service")))
}

impl tags::ApiAuth for Echo {
    async fn login(
        &self,
        _: &Cx,
        query: parameters::LoginQuery,
        body: bodies::LoginBody,
    ) -> Result<types::AccessToken> {
        let told = body.client_id.or(query.client_id);
        Ok(types::AccessToken { access_token: told, expires_in: Some(3600), ..types::AccessToken::default() })
    }

    async fn login_user(&self, cx: &Cx, path: parameters::LoginUserPath) -> Result<types::AccessToken> {
        let told = format!("{} as {}", cx.caller()?.user, path.user_id);
        Ok(types::AccessToken { access_token: Some(told), ..types::AccessToken::default() })
    }

    async fn logout(&self, _: &Cx) -> Result<()> {
        Ok(())
    }
}

impl tags::Session for Echo {
    fn session(&self, _: &Cx) -> impl Future<Output = Result<types::ApiSession>> + Send {
        untold()
    }

    async fn update_session(&self, _: &Cx, body: bodies::WriteApiSession) -> Result<types::ApiSession> {
        if body.workspace_id == Patch::Null {
            return Err(Error::invalid("workspace_id", "must not be null"));
        }
        Ok(types::ApiSession { workspace_id: body.workspace_id.value(), ..types::ApiSession::default() })
    }
}

impl tags::Config for Echo {
    async fn api_spec(&self, _: &Cx, path: parameters::ApiSpecPath) -> Result<Json> {
        Ok(Json(format!(r#"["{}","{}"]"#, path.api_version, path.specification).into_bytes()))
    }

    fn versions(&self, _: &Cx) -> impl Future<Output = Result<types::ApiVersion>> + Send {
        untold()
    }
}

impl tags::User for Echo {
    async fn me(&self, cx: &Cx) -> Result<types::User> {
        Ok(types::User { id: Some(cx.caller()?.user.to_string()), ..types::User::default() })
    }

    async fn all_users(&self, _: &Cx, query: parameters::AllUsersQuery) -> Result<Page<types::User>> {
        let window = query.window()?;
        let user = |id: String| types::User { id: Some(id), ..types::User::default() };
        Ok(Page::of(query.ids.unwrap_or_default().into_iter().map(user).collect(), window))
    }

    fn user(&self, _: &Cx, _: parameters::UserPath) -> impl Future<Output = Result<types::User>> + Send {
        untold()
    }
}

impl tags::Query for Echo {
    fn create_query(&self, _: &Cx, _: bodies::WriteQuery) -> impl Future<Output = Result<types::Query>> + Send {
        untold()
    }

    async fn run_url_encoded_query(
        &self,
        _: &Cx,
        path: parameters::RunUrlEncodedQueryPath,
        query: OpenQuery,
    ) -> Result<Reply> {
        let body = format!("{} {} {:?}", path.model_name, path.result_format, query.0);
        Ok(Reply::Text { content_type: "text/plain".into(), body: body.into() })
    }

    fn run_inline_query(
        &self,
        _: &Cx,
        _: parameters::RunInlineQueryPath,
        _: parameters::RunInlineQueryQuery,
        _: bodies::WriteQuery,
    ) -> impl Future<Output = Result<Reply>> + Send {
        untold()
    }

    fn query_for_slug(
        &self,
        _: &Cx,
        _: parameters::QueryForSlugPath,
    ) -> impl Future<Output = Result<types::Query>> + Send {
        untold()
    }

    fn query(&self, _: &Cx, _: parameters::QueryPath) -> impl Future<Output = Result<types::Query>> + Send {
        untold()
    }

    fn run_query(
        &self,
        _: &Cx,
        _: parameters::RunQueryPath,
        _: parameters::RunQueryQuery,
    ) -> impl Future<Output = Result<Reply>> + Send {
        untold()
    }

    fn create_query_task(
        &self,
        _: &Cx,
        _: parameters::CreateQueryTaskQuery,
        _: bodies::WriteCreateQueryTask,
    ) -> impl Future<Output = Result<types::QueryTask>> + Send {
        untold()
    }

    fn query_task_multi_results(
        &self,
        _: &Cx,
        _: parameters::QueryTaskMultiResultsQuery,
    ) -> impl Future<Output = Result<Json>> + Send {
        untold()
    }

    fn query_task(
        &self,
        _: &Cx,
        _: parameters::QueryTaskPath,
    ) -> impl Future<Output = Result<types::QueryTask>> + Send {
        untold()
    }

    async fn query_task_results(&self, _: &Cx, _: parameters::QueryTaskResultsPath) -> Result<Reply> {
        Ok(Reply::Pending { retry_after: Duration::from_secs(1) })
    }

    fn all_running_queries(&self, _: &Cx) -> impl Future<Output = Result<Vec<types::RunningQueries>>> + Send {
        untold()
    }

    fn kill_query(&self, _: &Cx, _: parameters::KillQueryPath) -> impl Future<Output = Result<()>> + Send {
        untold()
    }
}

impl tags::LookmlModel for Echo {
    fn all_lookml_models(
        &self,
        _: &Cx,
        _: parameters::AllLookmlModelsQuery,
    ) -> impl Future<Output = Result<Page<types::LookmlModel>>> + Send {
        untold()
    }

    fn lookml_model(
        &self,
        _: &Cx,
        _: parameters::LookmlModelPath,
    ) -> impl Future<Output = Result<types::LookmlModel>> + Send {
        untold()
    }

    fn lookml_model_explore(
        &self,
        _: &Cx,
        _: parameters::LookmlModelExplorePath,
        _: parameters::LookmlModelExploreQuery,
    ) -> impl Future<Output = Result<types::LookmlModelExplore>> + Send {
        untold()
    }
}

impl tags::Metadata for Echo {
    fn model_fieldname_suggestions(
        &self,
        _: &Cx,
        _: parameters::ModelFieldnameSuggestionsPath,
        _: parameters::ModelFieldnameSuggestionsQuery,
    ) -> impl Future<Output = Result<types::ModelFieldSuggestions>> + Send {
        untold()
    }
}

impl tags::Connection for Echo {
    fn all_connections(&self, _: &Cx) -> impl Future<Output = Result<Vec<types::DBConnection>>> + Send {
        untold()
    }

    fn connection(
        &self,
        _: &Cx,
        _: parameters::ConnectionPath,
    ) -> impl Future<Output = Result<types::DBConnection>> + Send {
        untold()
    }

    fn test_connection(
        &self,
        _: &Cx,
        _: parameters::TestConnectionPath,
        _: parameters::TestConnectionQuery,
    ) -> impl Future<Output = Result<Vec<types::DBConnectionTestResult>>> + Send {
        untold()
    }
}

impl tags::Project for Echo {
    fn all_projects(&self, _: &Cx) -> impl Future<Output = Result<Vec<types::Project>>> + Send {
        untold()
    }

    fn project(&self, _: &Cx, _: parameters::ProjectPath) -> impl Future<Output = Result<types::Project>> + Send {
        untold()
    }
}

struct Zeros;

impl Ids for Zeros {
    fn alphanumeric(&self, length: usize) -> String {
        "0".repeat(length)
    }

    fn hex(&self, length: usize) -> String {
        "0".repeat(length)
    }
}

fn cx(id: OperationId, fields: Option<&str>) -> Cx {
    let user = UserId::new(1);
    let security = SecurityContext::new(user, vec![Grant::admin()], BTreeMap::new(), "en".to_owned(), None);
    let caller = Caller {
        user,
        token: TokenHash([0; 32]),
        workspace: Workspace::Production,
        sudo_user: None,
        security: Arc::new(security),
    };
    Cx {
        operation: id,
        caller: Some(caller),
        now: jiff::Timestamp::UNIX_EPOCH,
        request_id: "1".into(),
        cancel: tokio_util::sync::CancellationToken::new(),
        ids: Arc::new(Zeros),
        origin: "http://localhost:19999".into(),
        client: Client::default(),
        shape: Operation::of(id).shape(fields),
    }
}

fn request(path: &[&str], query: &str, body: &str) -> Request {
    Request {
        path: path.iter().map(|part| (*part).to_owned()).collect(),
        query: pairs(query),
        content_type: Some("application/json".to_owned()),
        body: body.to_owned().into(),
    }
}

async fn call(id: OperationId, request: Request) -> Result<Reply> {
    let fields = Operation::of(id).fields(&request.query).map(std::borrow::Cow::into_owned);
    dispatch(&Echo, &cx(id, fields.as_deref()), id, request).await
}

fn json(reply: &Reply) -> String {
    match reply {
        Reply::Json(body) | Reply::Page { body, .. } => String::from_utf8(body.0.clone()).unwrap(),
        other => panic!("{other:?} is no JSON"),
    }
}

#[tokio::test]
async fn path_query_and_body_reach_the_method_and_its_answer_comes_back() {
    let reply = call(OperationId::LoginUser, request(&["42"], "", "")).await.unwrap();
    assert_eq!(json(&reply), r#"{"access_token":"1 as 42","token_type":null,"expires_in":null,"refresh_token":null}"#);
    let reply = call(OperationId::Login, request(&[], "client_id=a", r#"{"client_id":"b"}"#)).await.unwrap();
    assert_eq!(json(&reply), r#"{"access_token":"b","token_type":null,"expires_in":3600,"refresh_token":null}"#);
    let reply = call(OperationId::UpdateSession, request(&[], "", r#"{"workspace_id":"dev"}"#)).await.unwrap();
    assert_eq!(json(&reply), r#"{"can":null,"workspace_id":"dev","sudo_user_id":null}"#);
}

#[tokio::test]
async fn fields_shape_the_answer() {
    let reply = call(OperationId::Me, request(&[], "fields=id, nonsense", "")).await.unwrap();
    assert_eq!(json(&reply), r#"{"id":"1"}"#);
    let whole = call(OperationId::Me, request(&[], "", "")).await.unwrap();
    let whole: Value = serde_json::from_str(&json(&whole)).unwrap();
    assert!(whole.as_object().unwrap().len() > 40);
}

#[tokio::test]
async fn a_part_of_a_list_says_which_part_it_is() {
    let reply = call(OperationId::AllUsers, request(&[], "ids=1,2,3&limit=2&offset=1&fields=id", "")).await.unwrap();
    assert_eq!(json(&reply), r#"[{"id":"2"},{"id":"3"}]"#);
    let Reply::Page { window, count, total, .. } = reply else { panic!("a part of a list") };
    assert_eq!((window, count, total), (Window { limit: Some(2), offset: 1 }, 2, Some(3)));
}

#[tokio::test]
async fn replies_of_the_methods_own_making_pass_through() {
    assert!(matches!(call(OperationId::Logout, request(&[], "", "")).await.unwrap(), Reply::Empty));
    let pending = call(OperationId::QueryTaskResults, request(&["8a1f"], "", "")).await.unwrap();
    assert!(matches!(pending, Reply::Pending { retry_after } if retry_after == Duration::from_secs(1)));
    let document = call(OperationId::ApiSpec, request(&["4.0", "swagger.json"], "", "")).await.unwrap();
    assert_eq!(json(&document), r#"["4.0","swagger.json"]"#);
    let path = ["shop", "orders", "csv"];
    let open = call(OperationId::RunUrlEncodedQuery, request(&path, "f[a.b]=1&limit=x", "")).await.unwrap();
    let Reply::Text { body, .. } = open else { panic!("a text") };
    assert_eq!(body, r#"shop csv [("f[a.b]", "1"), ("limit", "x")]"#);
}

#[tokio::test]
async fn a_request_that_cannot_be_read_does_not_reach_the_method() {
    let error = call(OperationId::AllUsers, request(&[], "limit=x", "")).await.unwrap_err();
    assert_eq!((error.status(), error.message()), (400, "`limit` must be an integer"));
    let error = call(OperationId::CreateQuery, request(&[], "", "{}")).await.unwrap_err();
    assert_eq!((error.status(), error.fields().len()), (422, 2));
    let error = call(OperationId::UpdateSession, request(&[], "", r#"{"workspace_id":null}"#)).await.unwrap_err();
    assert_eq!(error.fields()[0].field, "workspace_id");
}

#[tokio::test]
async fn an_operation_without_code_says_so() {
    for operation in OPERATIONS.iter().filter(|operation| !operation.has_code) {
        let error = call(operation.id, request(&["x", "x"], "", "{}")).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::NotImplemented, "{}", operation.name());
    }
}

#[tokio::test]
async fn an_answer_can_be_awaited_on_another_thread() {
    let task = tokio::spawn(call(OperationId::Logout, request(&[], "", "")));
    assert!(matches!(task.await.unwrap(), Ok(Reply::Empty)));
}
