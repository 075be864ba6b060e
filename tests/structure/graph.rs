//! Which module of a crate knows which, read from every path in its sources.
//!
//! A path counts wherever it is written: in a `use` tree, an expression, a type, an attribute such as
//! `#[serde(with = "crate::exact")]`, or the tokens of a macro. A name that a module re-exports also leads to the module that
//! defines it. Test code (`#[cfg(test)]`) does not count, and neither does documentation.

use proc_macro2::{TokenStream, TokenTree};
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::{fmt, fs};
use syn::visit::{self, Visit};

/// A module by its path from the root of the crate, which is empty.
pub(crate) type Module = Vec<String>;

/// A path in one module that leads to another.
#[derive(Debug, Clone)]
pub(crate) struct Arrow {
    /// The file and line where it is written.
    pub(crate) place: String,
    /// The path, as it is written.
    pub(crate) path: String,
    /// The module that it is written in.
    pub(crate) from: Module,
    /// The module that it leads to.
    pub(crate) to: Module,
}

impl fmt::Display for Arrow {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (from, to) = (self.from.join("::"), self.to.join("::"));
        write!(f, "{}: `{}` leads from `{from}` to `{to}`", self.place, self.path)
    }
}

/// The modules of a crate.
#[derive(Debug, Default)]
pub(crate) struct Graph {
    modules: BTreeMap<Module, Contents>,
    /// The modules of the macros that are exported at the root.
    macros: BTreeMap<String, Module>,
    arrows: Vec<Arrow>,
}

/// The contents of a module.
#[derive(Debug, Default)]
struct Contents {
    children: BTreeSet<String>,
    items: BTreeSet<String>,
    /// The paths behind the names that `use` declarations bring in, from the root of the crate.
    imports: BTreeMap<String, Module>,
    globs: Vec<Module>,
    written: Vec<Written>,
}

/// A path as it is written, and its segments from the root of the crate.
#[derive(Debug)]
struct Written {
    place: String,
    path: String,
    segments: Vec<String>,
}

/// No path is followed that has more segments.
const MAX_DEPTH: usize = 16;

impl Graph {
    /// Reads a crate from its root file and the files of its modules.
    pub(crate) fn read(root: &Path) -> Self {
        let mut graph = Self::default();
        let folder = root.parent().expect("a folder of sources");
        graph.read_file(root, folder, Vec::new());
        graph.with_arrows()
    }

    /// Reads a crate that is a single text.
    pub(crate) fn parse(text: &str) -> Self {
        let mut graph = Self::default();
        let file = syn::parse_file(text).expect("Rust");
        Reader::new(&mut graph, Path::new("lib.rs"), Path::new(""), Vec::new()).visit_file(&file);
        graph.with_arrows()
    }

    fn with_arrows(self) -> Self {
        let mut arrows = Vec::new();
        for (from, contents) in &self.modules {
            for Written { place, path, segments } in &contents.written {
                arrows.extend(self.targets(segments).into_iter().map(|to| Arrow {
                    place: place.clone(),
                    path: path.clone(),
                    from: from.clone(),
                    to: to.clone(),
                }));
            }
        }
        Self { arrows, ..self }
    }

    fn read_file(&mut self, path: &Path, folder: &Path, module: Module) {
        let text = fs::read_to_string(path).unwrap_or_else(|error| panic!("{path:?}: {error}"));
        let file = syn::parse_file(&text).unwrap_or_else(|error| panic!("{path:?}: {error}"));
        Reader::new(self, path, folder, module).visit_file(&file);
    }

    /// The direct children of a module.
    pub(crate) fn children(&self, module: &[String]) -> &BTreeSet<String> {
        &self.modules[module].children
    }

    /// Every module that has children.
    pub(crate) fn parents(&self) -> impl Iterator<Item = &Module> {
        self.modules.iter().filter(|(_, contents)| !contents.children.is_empty()).map(|(module, _)| module)
    }

    /// The arrows between the direct children of a module, also from and to modules below them: the first arrow from each
    /// child to each other.
    pub(crate) fn arrows_below<'g>(&'g self, parent: &[String]) -> BTreeMap<(&'g str, &'g str), &'g Arrow> {
        let mut arrows = BTreeMap::new();
        for arrow in &self.arrows {
            let child = |module: &'g Module| module.strip_prefix(parent)?.first().map(String::as_str);
            if let (Some(from), Some(to)) = (child(&arrow.from), child(&arrow.to))
                && from != to
            {
                arrows.entry((from, to)).or_insert(arrow);
            }
        }
        arrows
    }

    /// The module that a path leads to, and those that it passes through by re-exports.
    fn targets<'g>(&'g self, path: &[String]) -> BTreeSet<&'g Module> {
        let (mut found, mut followed) = (BTreeSet::new(), BTreeSet::new());
        self.follow(path.to_vec(), &mut found, &mut followed);
        found
    }

    fn follow<'g>(&'g self, path: Module, found: &mut BTreeSet<&'g Module>, followed: &mut BTreeSet<Module>) {
        // `use tempfile::tempfile` of another crate seems to lead to itself, ever deeper.
        if path.len() > MAX_DEPTH || !followed.insert(path.clone()) {
            return;
        }
        let depth = (0..=path.len()).rev().find(|&depth| self.modules.contains_key(&path[..depth]));
        let depth = depth.expect("a crate has a root");
        let (module, contents) = self.modules.get_key_value(&path[..depth]).expect("a module that was found");
        found.insert(module);
        let Some((name, rest)) = path[depth..].split_first() else { return };
        if let Some(import) = contents.imports.get(name) {
            self.follow([import.as_slice(), rest].concat(), found, followed);
        } else if let Some(module) = self.macros.get(name).filter(|_| depth == 0) {
            found.insert(module);
        } else if !contents.items.contains(name) {
            let has_it = |glob: &&Module| self.modules.get(*glob).is_some_and(|module| module.has(name));
            if let Some(glob) = contents.globs.iter().find(has_it) {
                self.follow([glob.as_slice(), &path[depth..]].concat(), found, followed);
            }
        }
    }
}

impl Contents {
    fn has(&self, name: &str) -> bool {
        self.children.contains(name) || self.items.contains(name) || self.imports.contains_key(name)
    }
}

/// Reads a file into the graph.
struct Reader<'g> {
    graph: &'g mut Graph,
    file: &'g Path,
    /// The folder of the crate's sources.
    folder: &'g Path,
    /// The module under way: the module of the file, or one that is written inside it.
    module: Module,
}

impl<'g> Reader<'g> {
    fn new(graph: &'g mut Graph, file: &'g Path, folder: &'g Path, module: Module) -> Self {
        graph.modules.entry(module.clone()).or_default();
        Self { graph, file, folder, module }
    }

    fn contents(&mut self) -> &mut Contents {
        self.graph.modules.entry(self.module.clone()).or_default()
    }

    /// The segments of a path from the root of the crate. Any first name may be one that the module knows.
    fn absolute(&self, path: &[String]) -> Module {
        let supers = path.iter().take_while(|segment| *segment == "super").count();
        match path.first().map(String::as_str) {
            Some("crate") => path[1..].to_vec(),
            Some("self") => [&self.module, &path[1..]].concat(),
            _ => [&self.module[..self.module.len() - supers], &path[supers..]].concat(),
        }
    }

    /// A lone name is a local one, or an import that was seen where it came in.
    fn write(&mut self, line: usize, path: &[String]) {
        if path.len() > 1 {
            let place = format!("{}:{line}", self.file.to_str().expect("a name in UTF-8"));
            let segments = self.absolute(path);
            self.contents().written.push(Written { place, path: path.join("::"), segments });
        }
    }

    fn import(&mut self, line: usize, prefix: &[String], tree: &syn::UseTree) {
        let with = |name: &syn::Ident| match name.to_string() {
            own if own == "self" => prefix.to_vec(),
            name => [prefix, &[name]].concat(),
        };
        match tree {
            syn::UseTree::Path(path) => self.import(line, &with(&path.ident), &path.tree),
            syn::UseTree::Group(group) => {
                group.items.iter().for_each(|tree| self.import(line, prefix, tree));
            }
            syn::UseTree::Name(name) => self.import_as(line, with(&name.ident), None),
            syn::UseTree::Rename(rename) => {
                self.import_as(line, with(&rename.ident), Some(rename.rename.to_string()));
            }
            syn::UseTree::Glob(_) => {
                self.write(line, prefix);
                let glob = self.absolute(prefix);
                self.contents().globs.push(glob);
            }
        }
    }

    fn import_as(&mut self, line: usize, path: Vec<String>, name: Option<String>) {
        self.write(line, &path);
        let absolute = self.absolute(&path);
        if let Some(name) = name.or_else(|| path.last().cloned()) {
            self.contents().imports.insert(name, absolute);
        }
    }

    /// Names joined by `::` in the tokens of a macro, and paths in its texts.
    fn scan(&mut self, tokens: TokenStream) {
        let mut path: Vec<String> = Vec::new();
        let (mut line, mut colons) = (0, 0);
        for token in tokens {
            match token {
                TokenTree::Ident(name) => {
                    if colons != 2 {
                        self.write(line, &std::mem::take(&mut path));
                    }
                    (line, colons) = (name.span().start().line, 0);
                    path.push(name.to_string());
                    continue;
                }
                TokenTree::Punct(punct) if punct.as_char() == ':' && colons < 2 => {
                    colons += 1;
                    continue;
                }
                TokenTree::Group(group) => self.scan(group.stream()),
                TokenTree::Literal(literal) => self.scan_text(&literal),
                TokenTree::Punct(_) => {}
            }
            self.write(line, &std::mem::take(&mut path));
            colons = 0;
        }
        self.write(line, &path);
    }

    fn scan_text(&mut self, literal: &proc_macro2::Literal) {
        let text = literal.to_string();
        let text = text.trim_matches('"');
        if ["crate::", "super::", "self::"].iter().any(|start| text.starts_with(start)) {
            let path: Vec<String> = text.split("::").map(str::to_owned).collect();
            self.write(literal.span().start().line, &path);
        }
    }

    fn read_module(&mut self, module: &syn::ItemMod) {
        let name = module.ident.to_string();
        self.contents().children.insert(name.clone());
        self.module.push(name);
        match &module.content {
            Some((_, items)) => {
                self.contents();
                items.iter().for_each(|item| self.visit_item(item));
            }
            None => {
                let below = self.module.iter().fold(self.folder.to_owned(), |path, name| path.join(name));
                let alone = below.with_extension("rs");
                let path = if alone.is_file() { alone } else { below.join("mod.rs") };
                self.graph.read_file(&path, self.folder, self.module.clone());
            }
        }
        self.module.pop();
    }
}

/// Whether something is compiled for tests alone.
fn is_for_tests(attributes: &[syn::Attribute]) -> bool {
    attributes.iter().any(|attribute| match &attribute.meta {
        syn::Meta::List(list) if list.path.is_ident("cfg") => {
            let condition = list.tokens.to_string();
            condition == "test" || (condition.starts_with("all") && condition.contains("test"))
        }
        _ => false,
    })
}

/// The name and the attributes of an item that has both.
fn named(item: &syn::Item) -> (Option<&syn::Ident>, &[syn::Attribute]) {
    match item {
        syn::Item::Const(item) => (Some(&item.ident), &item.attrs),
        syn::Item::Enum(item) => (Some(&item.ident), &item.attrs),
        syn::Item::Fn(item) => (Some(&item.sig.ident), &item.attrs),
        syn::Item::Impl(item) => (None, &item.attrs),
        syn::Item::Macro(item) => (item.ident.as_ref(), &item.attrs),
        syn::Item::Mod(item) => (None, &item.attrs),
        syn::Item::Static(item) => (Some(&item.ident), &item.attrs),
        syn::Item::Struct(item) => (Some(&item.ident), &item.attrs),
        syn::Item::Trait(item) => (Some(&item.ident), &item.attrs),
        syn::Item::Type(item) => (Some(&item.ident), &item.attrs),
        syn::Item::Union(item) => (Some(&item.ident), &item.attrs),
        syn::Item::Use(item) => (None, &item.attrs),
        _ => (None, &[]),
    }
}

impl<'ast> Visit<'ast> for Reader<'_> {
    fn visit_item(&mut self, item: &'ast syn::Item) {
        let (name, attributes) = named(item);
        if is_for_tests(attributes) {
            return;
        }
        if let Some(name) = name {
            self.contents().items.insert(name.to_string());
        }
        match item {
            syn::Item::Mod(module) => self.read_module(module),
            syn::Item::Use(item) if item.leading_colon.is_none() => {
                self.import(item.use_token.span.start().line, &[], &item.tree);
            }
            _ => visit::visit_item(self, item),
        }
    }

    fn visit_item_macro(&mut self, item: &'ast syn::ItemMacro) {
        if let Some(name) = item.ident.as_ref().filter(|_| is_exported(&item.attrs)) {
            self.graph.macros.insert(name.to_string(), self.module.clone());
        }
        visit::visit_item_macro(self, item);
    }

    fn visit_impl_item(&mut self, item: &'ast syn::ImplItem) {
        let is_test = matches!(item, syn::ImplItem::Fn(method) if is_for_tests(&method.attrs));
        if !is_test {
            visit::visit_impl_item(self, item);
        }
    }

    fn visit_path(&mut self, path: &'ast syn::Path) {
        if path.leading_colon.is_none() {
            let segments: Vec<String> = path.segments.iter().map(|part| part.ident.to_string()).collect();
            self.write(path.segments[0].ident.span().start().line, &segments);
        }
        visit::visit_path(self, path);
    }

    fn visit_macro(&mut self, it: &'ast syn::Macro) {
        visit::visit_macro(self, it);
        self.scan(it.tokens.clone());
    }

    fn visit_attribute(&mut self, attribute: &'ast syn::Attribute) {
        if let syn::Meta::List(list) = &attribute.meta {
            self.scan(list.tokens.clone());
        }
    }
}

fn is_exported(attributes: &[syn::Attribute]) -> bool {
    attributes.iter().any(|attribute| attribute.path().is_ident("macro_export"))
}

/// An order of some names in which arrows lead only backwards, and the names that have none: those on a cycle or between
/// two.
pub(crate) fn order<'n>(
    names: &'n BTreeSet<String>,
    arrows: &BTreeMap<(&str, &str), &Arrow>,
) -> (Vec<&'n str>, BTreeSet<&'n str>) {
    let mut rest: BTreeSet<&str> = names.iter().map(String::as_str).collect();
    let knows_none = |name: &&str, rest: &BTreeSet<&str>| {
        !arrows.keys().any(|(from, to)| from == name && rest.contains(to))
    };
    let is_unknown = |name: &&str, rest: &BTreeSet<&str>| {
        !arrows.keys().any(|(from, to)| to == name && rest.contains(from))
    };
    let mut ordered = Vec::new();
    while let Some(next) = rest.iter().find(|name| knows_none(name, &rest)).copied() {
        rest.remove(next);
        ordered.push(next);
    }
    while let Some(last) = rest.iter().find(|name| is_unknown(name, &rest)).copied() {
        rest.remove(last);
    }
    (ordered, rest)
}
