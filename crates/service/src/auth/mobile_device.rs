//! Devices on which the caller gets messages of the mobile application. Everybody has those registered by themselves
//! alone: there is no list of them, and to others they are not there, to administrators too.

use crate::audit::{Record, Subject};
use crate::change::unless_unknown;
use crate::user::caller_id;
use crate::{Service, stored};
use belvedere_api::{Cx, Error, Result, bodies, types};
use belvedere_store::mobile_token::{self, DeviceToken, DeviceType, NewMobileToken};
use belvedere_store::{MobileToken, MobileTokenId};

/// What became of a registration.
enum Registered {
    Made(MobileToken),
    Renewed(MobileToken),
}

/// The device, without the token under which it is reached.
impl Subject for Registered {
    fn tell(&self, record: &mut Record) {
        match self {
            Self::Made(device) => {
                record.attribute("device_id", device.id.to_string());
                record.attribute("device_type", device.device_type.as_str());
            }
            Self::Renewed(_) => record.nothing(),
        }
    }
}

impl Service {
    /// Registers a device; one that is registered already is renewed, which gives its id to an application that has
    /// lost it.
    pub(super) async fn register_device(&self, cx: &Cx, body: bodies::WriteMobileToken) -> Result<types::MobileToken> {
        let user_id = caller_id(cx)?;
        let device_token = device_token(&body.device_token)?;
        let device_type = match body.device_type {
            types::MobileTokenDeviceType::Android => DeviceType::Android,
            types::MobileTokenDeviceType::Ios => DeviceType::Ios,
        };
        let registered = self.change(cx, async |tx| {
            let Some(known) = mobile_token::by_device_token(tx, user_id, &device_token).await? else {
                let new = NewMobileToken { user_id, device_token, device_type };
                let made = unless_unknown(mobile_token::insert(tx, new, cx.now).await, Error::not_found);
                return made.map(Registered::Made);
            };
            if known.device_type != device_type {
                return Err(Error::already_exists().into());
            }
            let renewed = mobile_token::renew(tx, user_id, known.id, cx.now).await?;
            Ok(Registered::Renewed(renewed.ok_or_else(Error::not_found)?))
        });
        let (Registered::Made(device) | Registered::Renewed(device)) = registered.await?;
        Ok(described(&device))
    }

    pub(super) async fn renew_device(&self, cx: &Cx, id: &str) -> Result<types::MobileToken> {
        let (user, id) = (caller_id(cx)?, device_id(id)?);
        let renewed = self.store.write(async |tx| mobile_token::renew(tx, user, id, cx.now).await).await;
        Ok(described(&stored(renewed)?.ok_or_else(Error::not_found)?))
    }

    pub(super) async fn remove_device(&self, cx: &Cx, id: &str) -> Result<()> {
        let (user, id) = (caller_id(cx)?, device_id(id)?);
        let removed = self.change(cx, async |tx| Ok(mobile_token::delete(tx, user, id).await?)).await?;
        if removed { Ok(()) } else { Err(Error::not_found()) }
    }
}

fn device_id(text: &str) -> Result<MobileTokenId> {
    text.parse().map_err(|_| Error::not_found())
}

fn device_token(text: &str) -> Result<DeviceToken> {
    const FIELD: &str = "device_token";
    if text.is_empty() {
        return Err(Error::missing_field(FIELD));
    }
    let most = DeviceToken::MAX_LENGTH;
    let rule = format!("must be at most {most} letters, digits and signs of ASCII without spaces");
    text.parse().map_err(|_| Error::invalid(FIELD, rule))
}

fn described(device: &MobileToken) -> types::MobileToken {
    types::MobileToken {
        id: Some(device.id.to_string()),
        device_token: device.device_token.as_str().to_owned(),
        device_type: match device.device_type {
            DeviceType::Android => types::MobileTokenDeviceType::Android,
            DeviceType::Ios => types::MobileTokenDeviceType::Ios,
        },
    }
}
