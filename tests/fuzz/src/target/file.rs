//! What lies in a folder of session files.

use std::fs::{self, File};
use std::path::PathBuf;
use std::sync::LazyLock;
use std::time::SystemTime;

use lodger_backends::file::FileStore;
use lodger_codec::{DjangoCodec, KeyRing};
use lodger_core::{
    Context, FileSeconds, SessionCodec, SessionData, SessionDict, SessionStore, Settings,
    StoredExpiry, StoredKey, Timestamp,
};
use tempfile::TempDir;
use tokio::runtime::Runtime;

use crate::canary::SECRET;
use crate::input::Input;
use crate::signature::{ROW, body, sign};

/// A folder, which lasts as long as the process.
struct Folder {
    runtime: Runtime,
    settings: Settings,
    codec: DjangoCodec,
    store: FileStore,
    folder: TempDir,
}

/// The key of the one session.
const KEY: &str = "canarykey0123456789";

static FOLDER: LazyLock<Folder> = LazyLock::new(|| {
    let folder = tempfile::Builder::new().prefix("lodger-fuzz-").tempdir();
    let folder = folder.expect("there is room for a folder");
    let mut settings = Settings::default();
    settings.limits.session_data = 1 << 13;
    let keys = KeyRing::new(SECRET).expect("the secret is not empty");
    let codec = DjangoCodec::new(keys, settings.limits.clone());
    let store = FileStore::open(folder.path(), codec.clone(), &settings).expect("it can be used");
    let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build();
    Folder { runtime: runtime.expect("there is a runtime"), settings, codec, store, folder }
});

/// Choices: when the file was modified, and whether its content is signed.
///
/// Whatever lies in the file, it is the session's data as they are, until the date that follows from
/// them and from the file, and is an error to nobody.
pub(super) fn check(bytes: &[u8]) {
    let Folder { runtime, settings, codec, store, .. } = &*FOLDER;
    let mut input = Input::new(bytes);
    let now = Timestamp::from_secs(1_700_000_000);
    let age = input.choose(&[0, 1, 300, 1_209_599, 1_209_600, -60, 1_000_000_000]);
    let modified = Timestamp::from_secs(now.as_secs() - age);
    let content = match input.choose(b"rp") {
        b'r' => input.rest().to_vec(),
        _ => sign(&body(input.rest(), "1r31eq"), ROW).into_bytes(),
    };
    plant(&content, modified);

    let key = StoredKey::from(KEY.to_owned());
    let loaded = runtime.block_on(store.load(&key, now)).expect("no content is a failure");
    let data = SessionData::from_bytes(content);
    let largest = settings.limits.session_data;
    let dict = decoded(codec, &data);
    let end = expire_date(dict.as_ref(), settings, modified);
    let Some(loaded) = loaded else {
        assert!(end <= now, "a live session was not found");
        return;
    };
    assert!(end > now, "an ended session was found");
    assert_eq!(loaded.record.expire_date, end);
    let read = loaded.record.session_data.as_bytes();
    assert_eq!(read, &data.as_bytes()[..read.len()]);
    assert!(read.len() == data.as_bytes().len() || read.len() == largest + 1);
    assert_eq!(loaded.decoded.map(|decoded| decoded.dict), dict);
}

fn plant(content: &[u8], modified: Timestamp) {
    let path: PathBuf = FOLDER.folder.path().join(format!("sessionid{KEY}"));
    fs::write(&path, content).expect("the file can be written");
    let file = File::options().write(true).open(&path).expect("the file can be opened");
    file.set_modified(SystemTime::from(modified)).expect("the file has a time");
}

/// An empty file is an empty session, as in Django.
fn decoded(codec: &DjangoCodec, data: &SessionData) -> Option<SessionDict> {
    if data.as_bytes().is_empty() {
        return Some(SessionDict::new());
    }
    let stored_key = StoredKey::from(KEY.to_owned());
    let now = Timestamp::from_secs(0);
    let context = Context { stored_key: &stored_key, now, loaded_stamp: None };
    codec.inspect(data, &context).ok().map(|decoded| decoded.dict)
}

/// The rule of `default()`: seconds count from the file.
fn expire_date(dict: Option<&SessionDict>, settings: &Settings, modified: Timestamp) -> Timestamp {
    assert_eq!(settings.file_seconds, FileSeconds::SinceWritten);
    let stored =
        dict.map_or(StoredExpiry::Unset, |dict| StoredExpiry::of(dict, &settings.date_storage));
    match stored {
        StoredExpiry::At(at) => at,
        StoredExpiry::Sliding(span) if span.as_micros() != 0 => modified + span,
        _ => modified + settings.cookie_age,
    }
}
