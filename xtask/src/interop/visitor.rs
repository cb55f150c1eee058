use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use anyhow::{Context, Result, bail};
use cookie::Cookie;
use serde::de::DeserializeOwned;
use ureq::Agent;
use ureq::http::Response;

use crate::interrupt;

/// A browser with one cookie, of the session. Two sites on one host share it.
pub(super) struct Visitor {
    agent: Agent,
    key: Mutex<Option<String>>,
}

/// What a site answered.
pub(super) struct Reply {
    pub(super) status: u16,
    pub(super) body: String,
    /// The session's cookie, if the reply sets or removes it.
    pub(super) cookie: Option<Cookie<'static>>,
}

const NAME: &str = "sessionid";

impl Visitor {
    pub(super) fn new() -> Self {
        let agent = Agent::config_builder()
            .timeout_global(Some(Duration::from_secs(60)))
            .max_redirects(0)
            .http_status_as_error(false)
            .proxy(None)
            // Sites come and go here, and a fresh connection on loopback costs nothing.
            .max_idle_connections(0)
            .build()
            .new_agent();
        Self { agent, key: Mutex::new(None) }
    }

    /// Somebody who presents this key.
    pub(super) fn with_key(key: &str) -> Self {
        let visitor = Self::new();
        visitor.set_key(Some(key.to_owned()));
        visitor
    }

    /// The session's key that the browser holds.
    pub(super) fn key(&self) -> Option<String> {
        self.key.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// The same, of a visitor who must have one.
    pub(super) fn expect_key(&self) -> Result<String> {
        self.key().context("the visitor has no session's cookie")
    }

    pub(super) fn get(&self, url: &str) -> Result<Reply> {
        interrupt::check()?;
        let mut request = self.agent.get(url).header("Accept", "application/json");
        if let Some(key) = self.key() {
            request = request.header("Cookie", format!("{NAME}={key}"));
        }
        let reply = request.call().with_context(|| format!("GET {url}"))?;
        self.take(reply)
    }

    pub(super) fn post(&self, url: &str, form: &[(&str, &str)]) -> Result<Reply> {
        interrupt::check()?;
        let mut request = self.agent.post(url).header("Accept", "application/json");
        if let Some(key) = self.key() {
            request = request.header("Cookie", format!("{NAME}={key}"));
        }
        let reply =
            request.send_form(form.iter().copied()).with_context(|| format!("POST {url}"))?;
        self.take(reply)
    }

    fn take(&self, mut reply: Response<ureq::Body>) -> Result<Reply> {
        let mut found = None;
        for value in reply.headers().get_all("set-cookie") {
            let cookie = Cookie::parse(value.to_str()?.to_owned())?;
            if cookie.name() == NAME {
                found = Some(cookie);
            }
        }
        if let Some(cookie) = &found {
            self.set_key((!is_removal(cookie)).then(|| cookie.value_trimmed().to_owned()));
        }
        let body = reply.body_mut().read_to_string()?;
        Ok(Reply { status: reply.status().as_u16(), body, cookie: found })
    }

    fn set_key(&self, key: Option<String>) {
        *self.key.lock().unwrap_or_else(PoisonError::into_inner) = key;
    }
}

/// Whether a browser forgets the cookie. Django writes it with an empty value in quotes.
pub(super) fn is_removal(cookie: &Cookie<'_>) -> bool {
    cookie.value_trimmed().is_empty() || cookie.max_age().is_some_and(|age| age.is_zero())
}

impl Reply {
    /// Fails unless the site answered with this status.
    pub(super) fn expect(self, status: u16) -> Result<Self> {
        if self.status != status {
            let start: String = self.body.chars().take(500).collect();
            bail!("expected status {status}, got {}: {start}", self.status);
        }
        Ok(self)
    }

    pub(super) fn json<T: DeserializeOwned>(&self) -> Result<T> {
        serde_json::from_str(&self.body).with_context(|| {
            let start: String = self.body.chars().take(500).collect();
            format!("the reply is not the JSON that was expected: {start}")
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn djangos_and_other_ways_of_removing_a_cookie_are_known() {
        let removal = |text: &str| is_removal(&Cookie::parse(text.to_owned()).unwrap());
        assert!(removal(
            "sessionid=\"\"; expires=Thu, 01 Jan 1970 00:00:00 GMT; Max-Age=0; Path=/"
        ));
        assert!(removal("sessionid=; Max-Age=0; Path=/"));
        assert!(!removal("sessionid=abc; Max-Age=60; Path=/"));
        assert!(!removal("sessionid=abc; Path=/"));
    }
}
