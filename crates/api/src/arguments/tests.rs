use super::*;
use crate::parameters::{
    AllUsersQuery, ModelFieldnameSuggestionsQuery, QueryTaskMultiResultsQuery, RunQueryPath, RunQueryQuery,
    TestConnectionQuery,
};

fn arguments(operation: OperationId, path: &[&str], query: &str) -> Arguments {
    let path = path.iter().map(|value| (*value).to_owned()).collect();
    Arguments::new(operation, Request { path, query: pairs(query), ..Request::default() })
}

fn run(query: &str) -> Result<RunQueryQuery> {
    let mut from = arguments(OperationId::RunQuery, &["5", "json"], query);
    let read = RunQueryQuery::read(&mut from);
    from.finish().map(|()| read)
}

fn users(query: &str) -> Result<AllUsersQuery> {
    let mut from = arguments(OperationId::AllUsers, &[], query);
    let read = AllUsersQuery::read(&mut from);
    from.finish().map(|()| read)
}

#[test]
fn path_parameters_come_in_the_order_of_the_template() {
    let mut from = arguments(OperationId::RunQuery, &["shop::orders/x", "json_bi"], "");
    let path = RunQueryPath::read(&mut from);
    assert_eq!(path, RunQueryPath { query_id: "shop::orders/x".to_owned(), result_format: "json_bi".to_owned() });
    from.finish().unwrap();
}

#[test]
fn a_number_in_the_path_that_is_none_names_nothing() {
    let mut from = arguments(OperationId::Query, &["abc"], "");
    assert_eq!(from.path::<i64>(0), 0);
    assert_eq!(from.finish().unwrap_err().status(), 404);
    let mut from = arguments(OperationId::Query, &["17"], "");
    assert_eq!(from.path::<i64>(0), 17);
    from.finish().unwrap();
}

#[test]
fn a_list_is_read_in_every_spelling_that_clients_have() {
    for spelling in [
        "ids=1,2",
        "ids=1%2C2",
        "ids=%5B%221%22%2C%222%22%5D",
        r#"ids=["1","2"]"#,
        "ids=[1,2]",
        "ids=1&ids=2",
        "ids[]=1&ids[]=2",
        "ids%5B%5D=1&ids%5B%5D=2",
        "ids=%221%2C2%22",
        "ids=+1+,+2+,",
        "ids=1&ids=null&ids=2",
    ] {
        assert_eq!(users(spelling).unwrap().ids, Some(vec!["1".to_owned(), "2".to_owned()]), "{spelling}");
    }
}

#[test]
fn an_empty_list_is_not_a_list_that_is_left_out() {
    assert_eq!(users("ids=[]").unwrap().ids, Some(vec![]));
    for nothing in ["", "ids=", "ids=null", "ids=&ids=null", "other=1", "idsx=1", "ids%5Bx=1"] {
        assert_eq!(users(nothing).unwrap().ids, None, "{nothing}");
    }
}

#[test]
fn booleans_and_numbers_are_read_with_and_without_quotes() {
    for yes in ["true", "True", "%22true%22", "1", "yes", "t", "on"] {
        assert_eq!(run(&format!("cache={yes}")).unwrap().cache, Some(true), "{yes}");
    }
    for no in ["false", "FALSE", "0", "no", "f", "off"] {
        assert_eq!(run(&format!("cache={no}")).unwrap().cache, Some(false), "{no}");
    }
    for (sent, read) in [("500", 500), ("-1", -1), ("%22500%22", 500), ("+7", 7)] {
        assert_eq!(run(&format!("limit={sent}")).unwrap().limit, Some(read), "{sent}");
    }
    assert_eq!(run("limit=1&limit=2").unwrap().limit, Some(2));
}

#[test]
fn null_and_empty_texts_are_left_out() {
    for nothing in ["null", "", "%22%22", "+"] {
        let read = run(&format!("limit={nothing}&cache={nothing}")).unwrap();
        assert_eq!((read.limit, read.cache), (None, None), "{nothing:?}");
    }
    for nothing in ["null", "", "+"] {
        assert_eq!(run(&format!("path_prefix={nothing}")).unwrap().path_prefix, None, "{nothing:?}");
    }
}

#[test]
fn plain_texts_keep_their_quotes() {
    assert_eq!(run("path_prefix=%22x%22").unwrap().path_prefix.as_deref(), Some("\"x\""));
}

#[test]
fn all_that_cannot_be_read_is_reported_at_once() {
    let error = run("limit=ten&cache=maybe&apply_vis=2&image_width=1.5").unwrap_err();
    assert_eq!(error.status(), 400);
    assert_eq!(
        error.message(),
        "`limit` must be an integer; `apply_vis` must be true or false; `cache` must be true or false; \
         `image_width` must be an integer"
    );
}

#[test]
fn a_parameter_that_must_be_there_is_asked_for_by_name() {
    let mut from = arguments(OperationId::QueryTaskMultiResults, &[], "query_task_ids=");
    QueryTaskMultiResultsQuery::read(&mut from);
    let error = from.finish().unwrap_err();
    assert_eq!((error.status(), error.message()), (400, "`query_task_ids` is missing"));
}

#[test]
fn an_object_comes_as_json_text_or_as_one_parameter_for_each_key() {
    for spelling in [
        "filters=%7B%22users.state%22%3A%22CA%22%2C%22users.age%22%3A30%7D",
        "filters[users.state]=CA&filters[users.age]=30",
        "filters%5Busers.state%5D=CA&filters%5Busers.age%5D=30",
        "filters=%7B%22users.state%22%3A%22CA%22%7D&filters[users.age]=30",
    ] {
        let mut from = arguments(OperationId::ModelFieldnameSuggestions, &["m", "v", "f"], spelling);
        let read = ModelFieldnameSuggestionsQuery::read(&mut from);
        from.finish().unwrap();
        let entries: Vec<_> = read.filters.unwrap().into_iter().collect();
        let expected = [("users.state", "CA"), ("users.age", "30")];
        assert_eq!(entries, expected.map(|(key, value)| (key.to_owned(), value.to_owned())), "{spelling}");
    }
    let mut from = arguments(OperationId::ModelFieldnameSuggestions, &["m", "v", "f"], "filters=[1]&term=null");
    let read = ModelFieldnameSuggestionsQuery::read(&mut from);
    assert_eq!(read.term, None);
    assert_eq!(from.finish().unwrap_err().message(), "`filters` must be an object as JSON text");
}

#[test]
fn times_are_read_with_and_without_quotes() {
    let timestamp = |sent: &str| {
        let query = pairs(&format!("at={sent}"));
        Timestamp::from_query(&values(&query, "at"))
    };
    for sent in ["2026-01-31T08:00Z", "2026-01-31T08:00:00.000Z", "%222026-01-31T08:00:00Z%22"] {
        assert_eq!(
            timestamp(sent).unwrap().map(time::text).as_deref(),
            Some("2026-01-31T08:00:00.000+00:00"),
            "{sent}"
        );
    }
    assert_eq!(timestamp("tomorrow"), Err(NotA("a time such as 2026-01-31T08:00:00Z")));
    assert_eq!(timestamp("null"), Ok(None));
}

#[test]
fn an_operation_that_reads_its_query_string_itself_gets_it_as_it_is() {
    let mut from =
        arguments(OperationId::RunUrlEncodedQuery, &["m", "v", "json"], "f[a.b]=x%25&fields=a.b&limit=1&limit=2");
    let query = from.open_query();
    assert_eq!(query.get("f[a.b]"), Some("x%"));
    assert_eq!(query.get("limit"), Some("2"));
    assert_eq!(query.get("sorts"), None);
    let filters = query.optional::<IndexMap<String, String>>("f").unwrap().unwrap();
    assert_eq!(filters.into_iter().collect::<Vec<_>>(), [("a.b".to_owned(), "x%".to_owned())]);
    assert_eq!(query.optional::<Vec<String>>("fields").unwrap(), Some(vec!["a.b".to_owned()]));
    assert_eq!(query.optional::<i64>("f").unwrap(), None);
    assert_eq!(query.optional::<i64>("fields").unwrap_err().message(), "`fields` must be an integer");
}

#[test]
fn unknown_parameters_are_passed_over() {
    let mut from = arguments(OperationId::TestConnection, &["db"], "tests=connect&associative=true&x=y");
    let read = TestConnectionQuery::read(&mut from);
    from.path::<String>(0);
    from.finish().unwrap();
    assert_eq!(read.tests, Some(vec!["connect".to_owned()]));
}

#[test]
fn the_part_of_a_list_follows_from_the_parameters() {
    let window = |query: &str| users(query).unwrap().window();
    assert_eq!(window("limit=10&offset=20").unwrap(), crate::Window { limit: Some(10), offset: 20 });
    assert_eq!(window("page=2&per_page=5").unwrap(), crate::Window { limit: Some(5), offset: 5 });
    assert_eq!(window("limit=0").unwrap_err().message(), "`limit` must be at least 1, not 0");
}
