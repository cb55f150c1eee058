//! A folder of files.

use std::fs::DirBuilder;
use std::io::ErrorKind;
use std::path::Path;

use anyhow::{Context, Result};
use lodger::core::AnyStore;
use lodger::file::FileStore;
use lodger::{DjangoCodec, Settings};

/// Opens the folder, and makes one that only its owner can enter where there is none.
pub(super) fn open(folder: &Path, codec: DjangoCodec, settings: &Settings) -> Result<AnyStore> {
    make(folder).with_context(|| format!("the folder {} cannot be made", folder.display()))?;
    Ok(AnyStore::new(FileStore::open(folder, codec, settings)?))
}

fn make(folder: &Path) -> std::io::Result<()> {
    let mut builder = DirBuilder::new();
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    match builder.create(folder) {
        Err(error) if error.kind() != ErrorKind::AlreadyExists => Err(error),
        _ => Ok(()),
    }
}
