//! Secrets that change while sessions are in use.

use std::sync::{Arc, PoisonError, RwLock};

use anyhow::{Context as _, Result};
use lodger_codec::{DjangoCodec, KeyRing};
use lodger_core::{
    AnyStore, Context, DecodeError, Decoded, EncodeError, Limits, SessionCodec, SessionData,
    SessionDict, SessionKey, Settings,
};

use super::backend::open_with;
use super::row::Tally;
use super::stage::{Stage, present};
use super::traffic::{Traffic, recovery};
use crate::site::{SECRET_KEY, Site};

const VISITORS: usize = 6;

/// A codec whose secrets change while it is in use, as those of a site's processes do one by one.
#[derive(Clone)]
struct Rotated(Arc<RwLock<DjangoCodec>>);

impl Rotated {
    fn new() -> Self {
        Self(Arc::new(RwLock::new(codec(0, 0))))
    }

    /// Signs with this secret from now on, and believes those before it down to another one.
    fn rotate(&self, secret: u64, oldest: u64) {
        *self.0.write().unwrap_or_else(PoisonError::into_inner) = codec(secret, oldest);
    }

    fn codec(&self) -> DjangoCodec {
        self.0.read().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

fn codec(secret: u64, oldest: u64) -> DjangoCodec {
    let text = |number: u64| format!("{SECRET_KEY} {number}");
    let keys = KeyRing::new(text(secret)).expect("the secret key is not empty");
    let keys = keys.with_fallbacks((oldest..secret).rev().map(text));
    DjangoCodec::new(keys, Limits::default())
}

impl SessionCodec for Rotated {
    fn encode(
        &self,
        dict: &SessionDict,
        context: &Context<'_>,
    ) -> Result<SessionData, EncodeError> {
        self.codec().encode(dict, context)
    }

    fn decode(&self, data: &SessionData, context: &Context<'_>) -> Result<Decoded, DecodeError> {
        self.codec().decode(data, context)
    }

    fn inspect(&self, data: &SessionData, context: &Context<'_>) -> Result<Decoded, DecodeError> {
        self.codec().inspect(data, context)
    }
}

/// A new secret signs, and the old ones are believed: no session is lost. And once an old one is
/// believed no longer, what it signed is absent, and comes to no harm.
///
/// # Errors
///
/// When sessions cannot be loaded.
pub async fn rotated(stage: &Stage) -> Result<Tally> {
    let (url, _held) = stage.url().await?;
    let (site, codec) = rotating(&url).await?;
    let (other, others) = rotating(&url).await?;
    let traffic = Traffic::start(&site, VISITORS, &stage.dice);
    let mut tally = Tally::default();
    for secret in 1..=stage.times(60) {
        traffic.flows(20).await?;
        codec.rotate(secret, 0);
        tally.injections += 1;
        given_up(&other, &others, secret, &mut tally).await?;
        tally.recovered_in(recovery(&site).await?);
    }
    traffic.flows(20).await?;
    tally += traffic.close().await?;
    Ok(tally)
}

async fn rotating(url: &str) -> Result<(Site<AnyStore>, Rotated)> {
    let codec = Rotated::new();
    let store = open_with(url, codec.clone(), &Settings::default()).await?;
    let site = Site::with_codec(store, codec.clone(), |builder| builder);
    Ok((present(site), codec))
}

/// The secret before this one is given up.
async fn given_up(
    site: &Site<AnyStore>,
    codec: &Rotated,
    secret: u64,
    tally: &mut Tally,
) -> Result<()> {
    codec.rotate(secret - 1, secret - 1);
    let [read, saved, late] =
        ["read", "saved", "late"].map(|whose| format!(r#"{{"whose":"{whose}"}}"#));
    let keys = [site.stored(&read).await, site.stored(&saved).await, site.stored(&late).await];

    codec.rotate(secret, secret - 1);
    tally.injections += 1;
    for (key, whose) in keys.iter().zip([&read, &saved, &late]) {
        agrees(site, key, Some(whose), tally).await?;
    }
    let visit = site.try_visit(Some(&keys[1])).await?;
    visit.mark_modified()?;
    visit.end().await?;
    let under_way = site.try_visit(Some(&keys[2])).await?;
    under_way.mark_modified()?;

    codec.rotate(secret, secret);
    tally.injections += 1;
    under_way.end().await?;
    for (key, whose) in keys.iter().zip([None, Some(&saved), Some(&late)]) {
        agrees(site, key, whose, tally).await?;
    }
    let stranger = site.try_visit(Some(&keys[0])).await?;
    stranger.insert("whose", "stranger")?;
    let cookie = stranger.end().await?.context("a session is begun")?;
    let begun = cookie.value.session_key(128)?;
    if keys.contains(&begun) {
        tally.wrong("a session that cannot be read was overwritten".to_owned());
    }
    tally.acknowledged += 6;
    agrees(site, &begun, Some(&r#"{"whose":"stranger"}"#.to_owned()), tally).await?;

    codec.rotate(secret, secret - 1);
    agrees(site, &keys[0], Some(&read), tally).await
}

/// Counts what a visitor with this key finds if it is not this.
async fn agrees(
    site: &Site<AnyStore>,
    key: &SessionKey,
    whose: Option<&String>,
    tally: &mut Tally,
) -> Result<()> {
    let fields = site.try_visit(Some(key)).await?.fields();
    let found = (!fields.is_empty()).then(|| fields.to_json());
    if whose.is_some() && found.is_none() {
        tally.lost += 1;
        tally.finding(format!("{whose:?} is not there"));
    } else if whose != found.as_ref() {
        tally.wrong(format!("there is {found:?} for {whose:?}"));
    }
    Ok(())
}
