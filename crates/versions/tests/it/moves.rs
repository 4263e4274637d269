//! What an application changes that goes from one version to the other.

use belvedere_contract::{Move, Moved};
use belvedere_versions::{V3_1, V4_0};

/// The name with its place, and what it became.
fn moved(what: &Moved) -> (String, String) {
    let (place, from, to) = match what {
        Moved::Operation { from, to } => (String::new(), from, to),
        Moved::Schema { from, to } => (String::new(), from, to),
        Moved::Parameter { operation, from, to } => (format!("{operation}."), from, to),
        Moved::Property { schema, from, to } => (format!("{schema}."), from, to),
    };
    (format!("{place}{from}"), to.as_deref().unwrap_or("-").to_owned())
}

fn find(name: &str) -> Option<(Move, String)> {
    let moves = V3_1.moves();
    let mut moves = moves.into_iter().map(|step| (moved(&step.what), step));
    moves.find(|((from, _), _)| from == name).map(|((_, to), step)| (step, to))
}

#[test]
fn what_has_another_name_says_which() {
    for (from, to, change) in [
        ("space", "folder", "spaces_not_folders"),
        ("all_homepages", "all_boards", "homepages_not_boards"),
        ("SpaceBase", "FolderBase", "spaces_not_folders"),
        ("Look.space_id", "folder_id", "spaces_not_folders"),
        ("BoardSection.homepage_items", "board_items", "homepages_not_boards"),
        ("search_looks.space_id", "folder_id", "spaces_not_folders"),
        ("create_lookml_dashboard_render_task", "create_dashboard_render_task", "lost_operations"),
    ] {
        let (step, named) = find(from).unwrap_or_else(|| panic!("{from} does not move"));
        assert_eq!((named.as_str(), &*step.change), (to, change), "{from}");
    }
}

#[test]
fn what_is_gone_says_so() {
    for gone in
        ["backup_configuration", "Query.runtime", "create_query_task.image_width", "UserIdOnly", "GitStatus.can"]
    {
        assert_eq!(find(gone).unwrap_or_else(|| panic!("{gone} does not move")).1, "-");
    }
    let note = find("backup_configuration").unwrap().0.note;
    assert!(note.is_some_and(|note| note.contains("data directory")));
}

#[test]
fn what_came_later_moves_nothing() {
    assert!(find("search_alerts").is_none() && find("User.is_service_account").is_none());
    assert_eq!(V4_0.moves(), []);
}

#[test]
fn every_change_describes_itself() {
    let mut ids: Vec<&str> = V3_1.changes().iter().map(|change| change.id).collect();
    assert!(
        ids.iter().all(|id| id.bytes().all(|byte| byte.is_ascii_lowercase() || matches!(byte, b'_' | b'0'..=b'9')))
    );
    ids.sort_unstable();
    ids.dedup();
    assert_eq!(ids.len(), V3_1.changes().len());
    assert!(V3_1.changes().iter().all(|change| change.description.ends_with('.')));
}
