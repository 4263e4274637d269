use belvedere_lookml::project::Project;
use std::collections::BTreeMap;
use std::time::Instant;
#[test]
fn corpus() {
    let Ok(root) = std::env::var("CORPUS") else { return };
    let show: usize = std::env::var("SHOW").ok().and_then(|s| s.parse().ok()).unwrap_or(3);
    for entry in std::fs::read_dir(root).unwrap() {
        let dir = entry.unwrap().path();
        let mut files = Vec::new();
        let mut folders = vec![dir.clone()];
        while let Some(folder) = folders.pop() {
            for e in std::fs::read_dir(folder).unwrap() {
                let path = e.unwrap().path();
                if path.is_dir() {
                    folders.push(path);
                    continue;
                }
                let name = path.strip_prefix(&dir).unwrap().to_str().unwrap().to_owned();
                if let Ok(text) = std::fs::read_to_string(&path) {
                    files.push((name.into(), text.into()));
                }
            }
        }
        let t = Instant::now();
        let project = Project::load("p", files);
        let t1 = t.elapsed();
        let all = project.diagnostics();
        let t2 = t.elapsed();
        let models = project.models().count();
        let explores: usize = project.models().map(|m| m.explore_names().count()).sum();
        println!(
            "=== {} models {models} explores {explores} load {t1:?} all {t2:?} diagnostics {}",
            dir.display(),
            all.len()
        );
        let mut by: BTreeMap<&str, Vec<String>> = BTreeMap::new();
        for d in &all {
            by.entry(d.id).or_default().push(format!(
                "{}:{} {} | {}",
                d.location.file,
                d.location.line,
                d.message,
                d.help.clone().unwrap_or_default()
            ));
        }
        for (id, list) in by {
            println!("  {id} {}", list.len());
            let step = (list.len() / show.max(1)).max(1);
            for l in list.iter().step_by(step).take(show) {
                println!("      {l}");
            }
        }
    }
}
