//! Programs found on the `PATH`, and the checkout that this task belongs to.

use std::env;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::Command;

/// The first executable of this name on the `PATH`, then in `folders`.
pub(crate) fn find(name: &str, folders: &[PathBuf]) -> Option<PathBuf> {
    let path = env::var_os("PATH").unwrap_or_default();
    first_executable(name, env::split_paths(&path).chain(folders.iter().cloned()))
}

fn first_executable(name: &str, folders: impl Iterator<Item = PathBuf>) -> Option<PathBuf> {
    folders.map(|folder| folder.join(name)).find(|file| is_executable(file))
}

/// Whether a file exists that someone may execute.
pub(crate) fn is_executable(file: &Path) -> bool {
    file.metadata().is_ok_and(|data| data.is_file() && data.permissions().mode() & 0o111 != 0)
}

/// The checkout's root.
pub(crate) fn root() -> PathBuf {
    let package =
        env::var_os("CARGO_MANIFEST_DIR").unwrap_or_else(|| env!("CARGO_MANIFEST_DIR").into());
    Path::new(&package).parent().map(Path::to_owned).expect("xtask is a folder of the checkout")
}

/// The cargo that started this task, in the checkout's root.
pub(crate) fn cargo() -> Command {
    let mut command = Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    command.current_dir(root());
    command
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    #[test]
    fn only_executables_are_found_and_the_first_folder_wins() {
        let folder = tempfile::tempdir().unwrap();
        let [first, second, third] = ["1", "2", "3"].map(|name| folder.path().join(name));
        for (room, mode) in [(&first, 0o644), (&second, 0o755), (&third, 0o755)] {
            fs::create_dir(room).unwrap();
            fs::write(room.join("tool"), "").unwrap();
            fs::set_permissions(room.join("tool"), fs::Permissions::from_mode(mode)).unwrap();
        }
        let rooms = [first, second.clone(), third];
        let found = first_executable("tool", rooms.iter().cloned());
        assert_eq!(found, Some(second.join("tool")));
        assert_eq!(first_executable("other", rooms.into_iter()), None);
    }
}
