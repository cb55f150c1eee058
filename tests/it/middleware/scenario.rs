//! What a recorded request was.

use lodger_core::{SameSite, Settings, Span};

/// The settings, the cookie that came in, what the view did, and the status it answered with.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct Scenario {
    pub(super) settings: String,
    pub(super) incoming: String,
    pub(super) action: String,
    pub(super) status: u16,
}

impl Scenario {
    /// The settings, as a site that shares its sessions with Django has them; `None`: they cannot be
    /// expressed.
    pub(super) fn settings(&self) -> Option<Settings> {
        let mut settings = Settings::django();
        match self.settings.as_str() {
            "base" => {}
            "age0" => settings.cookie_age = Span::ZERO,
            "age60" => settings.cookie_age = Span::from_secs(60),
            "browser_close" => settings.expire_at_browser_close = true,
            "domain" => settings.cookie_domain = Some(".example.org".into()),
            "every" => settings.save_every_request = true,
            "every_close" => {
                (settings.save_every_request, settings.expire_at_browser_close) = (true, true);
            }
            "host_prefix" => {
                (settings.cookie_name, settings.cookie_secure) = ("__Host-sid".into(), true);
            }
            "no_httponly" => settings.cookie_httponly = false,
            "path" => settings.cookie_path = "/app/".into(),
            "samesite_False" | "samesite_None_value" => {
                settings.cookie_samesite = SameSite::Omitted;
            }
            "samesite_none_str" => {
                (settings.cookie_samesite, settings.cookie_secure) = (SameSite::None, true);
            }
            "samesite_none_str_insecure" => settings.cookie_samesite = SameSite::None,
            "secure" => settings.cookie_secure = true,
            "strict" => settings.cookie_samesite = SameSite::Strict,
            "samesite_bad" => return None,
            other => panic!("there are no settings {other}"),
        }
        Some(settings)
    }
}
