//! The end of writing: removes stale files and reduces the list to one line per file.

use super::found::Found;
use super::list::{Entries, List};
use super::place::{digest_of, is_there, parent};
use super::{Folder, FolderError, Outcome, Why};
use crate::Digest;
use std::fs;

impl Folder {
    /// Removes listed files that `is_stale` selects and that this `Folder` did not write, and rewrites the list.
    /// `unlisted` are files with names that the program uses. Those not proven to be ours are reported.
    ///
    /// # Errors
    /// If a file cannot be read or removed, or the list cannot be written.
    pub fn finish(
        mut self,
        is_stale: impl Fn(&str) -> bool,
        unlisted: impl IntoIterator<Item = String>,
    ) -> Result<Outcome, FolderError> {
        let mut list = List::lock(&self.root)?;
        let mut entries = list.entries()?;
        let listed: Vec<String> = entries.ours.keys().filter(|name| is_stale(name)).cloned().collect();
        for name in listed.into_iter().chain(unlisted) {
            self.remove(&name, &entries)?;
        }
        let unreadable = entries.unreadable;
        self.settle(&mut entries)?;
        list.replace(&entries)?;
        let written = self.written.iter().map(|name| self.root.join(name)).collect();
        Ok(Outcome { written, kept: self.kept, unreadable })
    }

    /// Removes a file if it is ours and this `Folder` did not write it.
    fn remove(&mut self, name: &str, entries: &Entries) -> Result<(), FolderError> {
        let is_done =
            self.written.iter().chain(self.kept.iter().map(|kept| &kept.name)).any(|done| done == name);
        if is_done || !self.is_reached(name)? {
            return Ok(());
        }
        match self.found(name, entries, None)? {
            Found::Ours => {
                let path = self.root.join(name);
                fs::remove_file(&path).map_err(FolderError::at(&path))?;
                self.remove_empty(parent(name));
            }
            Found::Other(Why::Changed | Why::Unlisted, found) => {
                self.keep(name, Why::Outdated, found, entries.names(name, found));
            }
            Found::Nothing | Found::Other(..) => {}
        }
        Ok(())
    }

    /// Removes a folder within this one, and its parents, as long as they are empty.
    fn remove_empty(&self, mut name: &str) {
        while !name.is_empty() && fs::remove_dir(self.root.join(name)).is_ok() {
            name = parent(name);
        }
    }

    /// Leaves one line for each existing file.
    fn settle(&self, entries: &mut Entries) -> Result<(), FolderError> {
        let mut gone = Vec::new();
        for (name, digests) in &mut entries.ours {
            if !self.is_reached(name)? {
                continue;
            }
            match is_there(&self.root.join(name))? {
                false => gone.push(name.clone()),
                true if digests.len() > 1 => self.settle_one(name, digests)?,
                true => {}
            }
        }
        gone.iter().for_each(|name| drop(entries.ours.remove(name)));
        let named = self.kept.iter().filter(|kept| matches!(kept.why, Why::Unlisted | Why::Outdated));
        entries.named = named.filter_map(|kept| Some((kept.name.clone(), kept.digest?))).collect();
        Ok(())
    }

    /// If several contents are listed, keeps the present one; if none of them is present, keeps all.
    fn settle_one(&self, name: &str, digests: &mut Vec<Digest>) -> Result<(), FolderError> {
        let path = self.root.join(name);
        if fs::symlink_metadata(&path).is_ok_and(|metadata| metadata.is_file()) {
            let present = digest_of(&path)?;
            if digests.contains(&present) {
                *digests = vec![present];
            }
        }
        Ok(())
    }
}
