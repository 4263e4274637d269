//! What manifests say: constants with their exports, imported projects, languages.

use super::{Constants, IMPORTS};
use crate::diagnostic::{Diagnostic, Location};
use crate::resolve::{FileContent, Knots, Mistakes, Object, TopEntry, check_required, circle_path, mistakes};
use indexmap::IndexMap;
use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

/// What the manifest of a project says.
#[derive(Debug, Clone, Default)]
pub struct Manifest {
    /// `project_name`
    pub project_name: Option<String>,
    /// The projects that it imports, in order of declaration.
    pub dependencies: Vec<Dependency>,
    /// `localization_settings`
    pub localization: Option<LocalizationSettings>,
    /// Its own constants, by name.
    pub constants: IndexMap<Arc<str>, Constant>,
}

/// `local_dependency` or `remote_dependency`.
#[derive(Debug, Clone)]
pub struct Dependency {
    /// The name that `include: "//name/..."` calls it by.
    pub name: Arc<str>,
    /// `url` of a remote one.
    pub url: Option<String>,
    /// `ref` of a remote one.
    pub reference: Option<String>,
    /// Whether it comes from a git repository.
    pub is_remote: bool,
    /// `override_constant`s: name, value, and where the name stands.
    pub overrides: Vec<(Arc<str>, Arc<str>, Location)>,
    /// Where it is declared.
    pub location: Location,
}

/// `localization_settings`
#[derive(Debug, Clone)]
pub struct LocalizationSettings {
    /// `default_locale`
    pub default_locale: String,
    /// Whether texts without a key are mistakes: `localization_level: strict`.
    pub strict: bool,
    /// Where the default locale is written.
    pub location: Location,
}

/// `constant`
#[derive(Debug, Clone)]
pub struct Constant {
    /// `value`
    pub value: Arc<str>,
    /// `export`
    pub export: Export,
    /// Where its name stands.
    pub location: Location,
}

/// `export` of a constant.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Export {
    /// `none`, the default: nobody else may set it.
    #[default]
    None,
    /// `override_optional`
    Optional,
    /// `override_required`
    Required,
}

impl Manifest {
    /// Reads the content of a `manifest.lkml`.
    pub(crate) fn read(content: &FileContent, mistakes: &mut Mistakes) -> Self {
        let mut manifest = Self::default();
        for top in &content.tops {
            let block = match &top.entry {
                TopEntry::Block(block) => block,
                TopEntry::Text(text) if top.parameter.name == "project_name" => {
                    manifest.project_name = Some(text.value.to_string());
                    continue;
                }
                _ => continue,
            };
            check_required(block, mistakes);
            match top.parameter.name {
                "constant" => manifest.constant(block, mistakes),
                "local_dependency" => manifest.dependency(block, block.name_of("project"), false),
                "remote_dependency" => manifest.dependency(block, Some(Arc::clone(&block.name)), true),
                "localization_settings" => manifest.localization = localization(block),
                "application" => check_application(block, mistakes),
                _ => {}
            }
        }
        manifest
    }

    fn constant(&mut self, block: &Object, mistakes: &mut Mistakes) {
        let export = match block.text("export").map(|word| &*word.value) {
            Some("override_optional") => Export::Optional,
            Some("override_required") => Export::Required,
            _ => Export::None,
        };
        let value = block.name_of("value").unwrap_or_default();
        let constant = Constant { value, export, location: block.location.clone() };
        if let Some(first) = self.constants.insert(Arc::clone(&block.name), constant) {
            mistakes.add(mistakes::duplicate_constant(block.location.clone(), &first.location, &block.name));
        }
    }

    fn dependency(&mut self, block: &Object, name: Option<Arc<str>>, is_remote: bool) {
        let Some(name) = name else { return };
        let overrides = block.children("override_constant").map(|constant| {
            (Arc::clone(&constant.name), constant.name_of("value").unwrap_or_default(), constant.location.clone())
        });
        self.dependencies.push(Dependency {
            name,
            url: block.string("url"),
            reference: block.string("ref"),
            is_remote,
            overrides: overrides.collect(),
            location: block.location.clone(),
        });
    }

    /// The names of the projects that it imports.
    pub fn imports(&self) -> Vec<Arc<str>> {
        let mut constants = self.values();
        constants.resolve();
        self.dependencies.iter().map(|dependency| constants.expand(&dependency.name, |_, _| {}).into()).collect()
    }

    /// The constants that its files see, without overrides.
    fn values(&self) -> Constants {
        let mut constants = Constants::default();
        for (name, constant) in &self.constants {
            constants.set(Arc::clone(name), Arc::clone(&constant.value));
        }
        constants
    }
}

fn localization(block: &Object) -> Option<LocalizationSettings> {
    let locale = block.text("default_locale")?;
    Some(LocalizationSettings {
        default_locale: locale.value.to_string(),
        strict: block.text("localization_level").is_some_and(|level| &*level.value == "strict"),
        location: locale.location.clone(),
    })
}

fn check_application(block: &Object, mistakes: &mut Mistakes) {
    if block.text("url").is_some() == block.text("file").is_some() {
        mistakes.add(mistakes::application_source(block.location.clone(), &block.name));
    }
}

/// The constants that the files of each project see, by its root: its own, with what the projects that import it
/// override. `manifests` are by root too, and `present` tells whether a root has files. One that imports `name`, the
/// project itself, means what is there anyway.
pub(super) fn constants(
    name: &str,
    manifests: &BTreeMap<String, Manifest>,
    present: impl Fn(&str) -> bool,
    diagnostics: &mut Vec<Diagnostic>,
) -> BTreeMap<String, Arc<Constants>> {
    let mut all: BTreeMap<String, Constants> =
        manifests.iter().map(|(root, manifest)| (root.clone(), manifest.values())).collect();
    let mut mistakes = Mistakes::default();
    for (own_root, manifest) in importers_first(manifests) {
        let own = resolved(all.get_mut(own_root), manifest, &mut mistakes);
        for dependency in &manifest.dependencies {
            let project = own.expand(&dependency.name, |_, _| {});
            let root = format!("{IMPORTS}{project}/");
            if root == *own_root || project == name {
                continue;
            }
            let Some(imported) = manifests.get(&root) else {
                if !present(&root) {
                    mistakes.add(mistakes::missing_import(dependency.location.clone(), &project));
                }
                continue;
            };
            overrides(dependency, imported, &mut mistakes);
            if let Some(constants) = all.get_mut(&root) {
                for (name, value, _) in &dependency.overrides {
                    let may = imported.constants.get(name).is_some_and(|constant| constant.export != Export::None);
                    if may {
                        constants.set(Arc::clone(name), own.expand(value, |_, _| {}).into());
                    }
                }
            }
        }
    }
    diagnostics.extend(mistakes.into_vec());
    all.into_iter().map(|(root, constants)| (root, Arc::new(constants))).collect()
}

/// The manifests in an order in which what one overrides is known before those that it imports are read.
fn importers_first(manifests: &BTreeMap<String, Manifest>) -> Vec<(&String, &Manifest)> {
    let all: Vec<(&String, &Manifest)> = manifests.iter().collect();
    let index: HashMap<&str, usize> = all.iter().enumerate().map(|(index, (root, _))| (root.as_str(), index)).collect();
    let imported = |manifest: &Manifest| -> Vec<usize> {
        let roots = manifest.imports().into_iter().map(|name| format!("{IMPORTS}{name}/"));
        roots.filter_map(|root| index.get(root.as_str()).copied()).collect()
    };
    let edges: Vec<Vec<usize>> = all.iter().map(|(_, manifest)| imported(manifest)).collect();
    let mut order: Vec<usize> = Knots::new(&edges).in_order().collect();
    order.reverse();
    order.into_iter().map(|index| all[index]).collect()
}

/// The constants of a project with those in their values replaced; circles are told.
fn resolved(constants: Option<&mut Constants>, manifest: &Manifest, mistakes: &mut Mistakes) -> Constants {
    let Some(constants) = constants else { return Constants::default() };
    for circle in constants.resolve() {
        let Some(first) = circle.first().and_then(|name| manifest.constants.get(name)) else { continue };
        mistakes.add(mistakes::circular_constant(first.location.clone(), &circle_path(&circle)));
    }
    constants.clone()
}

fn overrides(dependency: &Dependency, imported: &Manifest, mistakes: &mut Mistakes) {
    for (name, _, at) in &dependency.overrides {
        match imported.constants.get(name).map(|constant| constant.export) {
            None => {
                let mistake = mistakes::unknown_override(at.clone(), name, &dependency.name);
                mistakes.add_unknown(mistake, name, imported.constants.keys().map(|name| &**name));
            }
            Some(Export::None) => mistakes.add(mistakes::forbidden_override(at.clone(), name, &dependency.name)),
            Some(Export::Optional | Export::Required) => {}
        }
    }
    for (name, constant) in &imported.constants {
        let overridden = dependency.overrides.iter().any(|(known, ..)| known == name);
        if constant.export == Export::Required && !overridden {
            mistakes.add(mistakes::missing_override(dependency.location.clone(), name, &dependency.name));
        }
    }
}
