//! Names as the SDKs of the languages write them.

/// A name of the contract for one of Go, Java or Kotlin: `SpaceId` is `space_id`.
pub(super) fn snake(name: &str) -> String {
    let mut snake = String::with_capacity(name.len() + 4);
    for letter in name.chars() {
        if letter.is_ascii_uppercase() {
            if !snake.is_empty() && !snake.ends_with('_') {
                snake.push('_');
            }
            snake.push(letter.to_ascii_lowercase());
        } else {
            snake.push(letter);
        }
    }
    snake
}

/// Schemas that a type of an SDK may stand for: TypeScript writes `ILook`, and all write `WriteLook` for what may be
/// written of a `Look`.
pub(super) fn schemas(name: &str) -> impl Iterator<Item = &str> {
    let plain = name.strip_prefix('I').filter(|rest| rest.starts_with(|c: char| c.is_ascii_uppercase()));
    let written = plain.unwrap_or(name).strip_prefix("Write");
    [Some(name), plain, written].into_iter().flatten()
}

/// The operation whose parameters a type of an SDK holds: `IRequestSearchLooks` those of `search_looks`.
pub(super) fn request(name: &str) -> Option<String> {
    name.strip_prefix("IRequest").or_else(|| name.strip_prefix("Request")).filter(|rest| !rest.is_empty()).map(snake)
}

/// Whether programs call a client of the SDK so.
pub(super) fn is_client(name: &str) -> bool {
    let name = name.trim_start_matches(['_', '@', '$']);
    matches!(name, "sdk" | "looker" | "looker_client" | "lookerClient" | "looker_api" | "lookerApi")
        || name.ends_with("_sdk") && name != "looker_sdk"
        || name.ends_with("SDK") && !name.starts_with("Looker")
        || name.ends_with("Sdk")
        || name.strip_prefix("sdk").is_some_and(|rest| rest.bytes().all(|byte| byte.is_ascii_digit()))
}

/// Whether this is the type of a client of the SDK, `Looker31SDK`.
pub(super) fn is_client_type(name: &str) -> bool {
    name.starts_with("Looker") && (name.ends_with("SDK") || name.ends_with("SDKStream")) || name == "IAPIMethods"
}

/// How the SDKs name what belongs to a version, and how what belongs to another.
pub(super) fn entry_points(from: &str, to: &str) -> Vec<(String, String)> {
    const NAMES: [&str; 8] =
        ["init#", "api#", "Looker#SDK", "Looker#SDKStream", "methods#", "models#", "looker#", "sdk#_methods"];
    let digits = |version: &str| version.replace('.', "");
    let (from, to) = (digits(from), digits(to));
    NAMES.iter().map(|name| (name.replace('#', &from), name.replace('#', &to))).collect()
}
