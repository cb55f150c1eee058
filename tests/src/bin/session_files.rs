//! Another process that uses a folder of session files, for tests and for `cargo xtask scale`.
//!
//! The first argument says what it does, the second names the folder. Each line that it prints begins
//! with a word of its own: what a test waits for, and the results.
#![expect(clippy::print_stdout, reason = "another process reads it")]

use std::fs::{self, File};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use lodger_backends::file::FileStore;
use lodger_core::{Clock, CommitError, Limits, SessionKey, Settings, Span, SystemClock};
use lodger_manager::SessionManager;
use lodger_tests::file_fixture::write_modified;
use lodger_tests::site::{SECRET_KEY, Site, codec};

#[tokio::main]
async fn main() -> Result<()> {
    let mut arguments = std::env::args().skip(1);
    let mut next = || arguments.next().context("an argument is missing");
    let (task, folder) = (next()?, PathBuf::from(next()?));
    match task.as_str() {
        "create" => create(&folder).await,
        "increment" => increment(&folder, &key(&next()?)?, next()?.parse()?).await,
        "rewrite" => rewrite(&folder, &key(&next()?)?).await,
        "put" => put(&folder, &key(&next()?)?, next()?.parse()?).await,
        "read" => read(&folder, &key(&next()?)?).await,
        "starve" => starve(&folder, &key(&next()?)?).await,
        "fill-up" => fill_up(&folder, &key(&next()?)?).await,
        "plant" => plant(&folder, next()?.parse()?),
        "clear" => clear(&folder).await,
        _ => bail!("{task} is none of the tasks"),
    }
}

/// A site of this process over the folder, in the present.
fn site(folder: &Path) -> Result<Site<FileStore>> {
    let codec = codec(SECRET_KEY, Limits::default());
    let site = Site::new(FileStore::open(folder, codec, &Settings::default())?);
    site.clock.set(SystemClock.now());
    Ok(site)
}

fn key(text: &str) -> Result<SessionKey> {
    Ok(SessionKey::parse(text, 128)?)
}

/// Stores a new session, and prints its key.
async fn create(folder: &Path) -> Result<()> {
    println!("key {}", site(folder)?.stored(r#"{"a":1}"#).await.expose());
    Ok(())
}

/// Adds so many ones to a field, each as a visit of its own.
async fn increment(folder: &Path, key: &SessionKey, times: u32) -> Result<()> {
    let site = site(folder)?;
    println!("begun");
    for done in 0..times {
        let visit = site.visit(Some(key)).await;
        if !visit.contains("n") {
            println!("gone {done}");
            return Ok(());
        }
        visit.increment("n", 1)?;
        match visit.end().await {
            Ok(_) => {}
            Err(CommitError::Gone(_)) => {
                println!("gone {done}");
                return Ok(());
            }
            Err(error) => return Err(error.into()),
        }
    }
    println!("done {times}");
    Ok(())
}

/// Writes a field and one that depends on it until it is killed, and prints each value that was
/// acknowledged.
async fn rewrite(folder: &Path, key: &SessionKey) -> Result<()> {
    let site = site(folder)?;
    println!("begun");
    for _ in 0.. {
        let visit = site.visit(Some(key)).await;
        let number = visit.get::<u64>("n")?.unwrap_or(0) + 1;
        visit.insert("n", &number)?;
        // Too long for one page, and never twice of one length.
        visit.insert("copies", &vec![number; 1000 + usize::try_from(number % 977)?])?;
        visit.end().await?;
        println!("stored {number}");
    }
    Ok(())
}

/// Puts a text of a size, which cannot be deflated, into a session.
async fn put(folder: &Path, key: &SessionKey, size: usize) -> Result<()> {
    let site = site(folder)?;
    let visit = match site.try_visit(Some(key)).await {
        Ok(visit) => visit,
        Err(error) => {
            println!("refused {error:?}");
            return Ok(());
        }
    };
    visit.insert("text", &noise(size))?;
    match visit.end().await {
        Ok(_) => println!("stored"),
        Err(error) => println!("refused {error:?}"),
    }
    Ok(())
}

/// Reads a session.
async fn read(folder: &Path, key: &SessionKey) -> Result<()> {
    match site(folder)?.manager.find(key).await {
        Ok(Some(dict)) => println!("found {}", dict.to_json()),
        Ok(None) => println!("absent"),
        Err(error) => println!("refused {error:?}"),
    }
    Ok(())
}

/// Reads a session with no file left that could be opened.
async fn starve(folder: &Path, key: &SessionKey) -> Result<()> {
    let site = site(folder)?;
    // What the runtime needs is opened by then.
    site.manager.find(key).await?;
    let mut files = Vec::new();
    while let Ok(file) = File::open("/dev/null") {
        files.push(file);
    }
    match site.manager.find(key).await {
        Err(error) => println!("refused {error:?}"),
        Ok(found) => println!("answered {found:?}"),
    }
    drop(files);
    println!("again {}", site.manager.find(key).await?.is_some());
    Ok(())
}

/// Fills the file system up, changes a session there, and looks what has become of it.
async fn fill_up(folder: &Path, key: &SessionKey) -> Result<()> {
    let site = site(folder)?;
    let end = site.clock.now() + Span::from_secs(3600);
    let old = lodger_tests::site::dict(r#"{"old":true}"#);
    site.manager.save(key, &old, end).await?;
    let mut junk = File::create(folder.join("junk"))?;
    while junk.write_all(&[0; 512]).is_ok() {}
    drop(junk);
    put(folder, key, 10_000).await?;
    read(folder, key).await?;
    for entry in fs::read_dir(folder)? {
        println!("file {}", entry?.file_name().to_string_lossy());
    }
    fs::remove_file(folder.join("junk"))?;
    put(folder, key, 10_000).await
}

/// Makes so many files: every second one has ended.
fn plant(folder: &Path, files: u64) -> Result<()> {
    let begun = Instant::now();
    let manager = manager(folder)?;
    let now = SystemClock.now();
    let live = now - Span::from_secs(60);
    let ended = now - Settings::default().cookie_age - Span::from_secs(60);
    let dict = lodger_tests::site::dict(r#"{"_auth_user_id":"42","basket":[1,2,3]}"#);
    let data = manager.encode(&key("anykeyofall")?, &dict)?;
    for number in 0..files {
        let path = folder.join(format!("sessionid{number:032}"));
        write_modified(&path, data.as_bytes(), if number % 2 == 0 { ended } else { live });
    }
    println!("planted {files} files in {} ms", milliseconds(begun.elapsed()));
    Ok(())
}

/// Clears, and prints how many went, in how many milliseconds, and the most memory in KiB, before
/// and after.
async fn clear(folder: &Path) -> Result<()> {
    let manager = manager(folder)?;
    let before = peak_memory()?;
    let begun = Instant::now();
    let cleared = manager.clear_expired().await?;
    let took = milliseconds(begun.elapsed());
    println!("cleared {cleared} in {took}");
    println!("memory {before} {}", peak_memory()?);
    Ok(())
}

fn manager(folder: &Path) -> Result<SessionManager<FileStore>> {
    let codec = codec(SECRET_KEY, Limits::default());
    let store = FileStore::open(folder, codec.clone(), &Settings::default())?;
    Ok(SessionManager::builder(store, codec).build()?)
}

fn milliseconds(duration: Duration) -> u128 {
    duration.as_millis()
}

/// The most memory that this process ever had, in KiB.
fn peak_memory() -> Result<u64> {
    let status = fs::read_to_string("/proc/self/status")?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let number = line.and_then(|line| line.split_whitespace().next());
    Ok(number.context("the system tells no peak of memory")?.parse()?)
}

/// Letters in no order.
fn noise(size: usize) -> String {
    let mut seed = 0x2545_F491_4F6C_DD1D_u64;
    let mut next = || {
        seed ^= seed << 13;
        seed ^= seed >> 7;
        seed ^= seed << 17;
        char::from(b'a' + u8::try_from(seed % 26).unwrap_or(0))
    };
    (0..size).map(|_| next()).collect()
}
