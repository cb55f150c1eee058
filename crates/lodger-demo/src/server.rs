//! Serving until told to stop.

use std::future::{Future, IntoFuture};
use std::io::{ErrorKind, Write};
use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context, Result, anyhow};
use axum::Router;
use axum::serve::ListenerExt;
use tokio::net::TcpListener;
use tokio::sync::Notify;

/// How long requests under way may take once the server was told to stop.
const GRACE: Duration = Duration::from_secs(5);

pub(crate) async fn bind(address: IpAddr, port: u16) -> Result<TcpListener> {
    TcpListener::bind((address, port)).await.map_err(|error| match error.kind() {
        ErrorKind::AddrInUse => {
            anyhow!(
                "port {port} of {address} is in use: stop what uses it, or choose another --port"
            )
        }
        ErrorKind::PermissionDenied => anyhow!("port {port} of {address} takes more rights"),
        _ => anyhow!("cannot listen on port {port} of {address}: {error}"),
    })
}

/// Announces the address and serves until SIGINT or SIGTERM; requests under way are answered.
pub(crate) async fn serve(listener: TcpListener, site: Router) -> Result<()> {
    let stop = stop_signal()?;
    let address = listener.local_addr()?;
    // Flushed, since a program that reads this waits for it. Nobody has to.
    let mut stdout = std::io::stdout().lock();
    let _ = writeln!(stdout, "Lodger's demo is on http://{address}/").and_then(|()| stdout.flush());
    drop(stdout);

    let told = Arc::new(Notify::new());
    let telling = Arc::clone(&told);
    let listener = listener.tap_io(|stream| {
        // Only costs time where it does not work.
        let _ = stream.set_nodelay(true);
    });
    let server = axum::serve(listener, site).with_graceful_shutdown(async move {
        stop.await;
        tracing::info!("stopping");
        telling.notify_one();
    });
    tokio::select! {
        result = server.into_future() => result.context("the server failed"),
        // A browser may hold a connection open that it never uses.
        () = async { told.notified().await; tokio::time::sleep(GRACE).await } => Ok(()),
    }
}

#[cfg(unix)]
fn stop_signal() -> Result<impl Future<Output = ()>> {
    use tokio::signal::unix::{SignalKind, signal};

    let mut interrupt = signal(SignalKind::interrupt())?;
    let mut terminate = signal(SignalKind::terminate())?;
    Ok(async move {
        tokio::select! {
            _ = interrupt.recv() => {}
            _ = terminate.recv() => {}
        }
    })
}

#[cfg(not(unix))]
fn stop_signal() -> Result<impl Future<Output = ()>> {
    Ok(async {
        // Without a signal to wait for, only the end of the process stops the server.
        if tokio::signal::ctrl_c().await.is_err() {
            std::future::pending::<()>().await;
        }
    })
}
