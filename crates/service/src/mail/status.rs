//! Whether mail can be sent.

use super::{NO_HOST_URL, NO_MAIL_SERVER};
use crate::Service;
use belvedere_api::{Result, types};

impl Service {
    /// What this node finds out about its way to the mail server, which it asks. What others would, it does not know.
    pub(crate) async fn mail_status(&self) -> Result<types::SmtpStatus> {
        let problem = self.mail_problem().await?;
        let node = types::SmtpNodeStatus {
            is_valid: Some(problem.is_none()),
            message: Some(problem.clone().unwrap_or_else(|| "the mail server takes mails".to_owned())),
            hostname: Some(self.settings.node.clone()),
        };
        Ok(types::SmtpStatus { is_valid: node.is_valid, node_count: Some(1), node_status: Some(vec![node]) })
    }

    async fn mail_problem(&self) -> Result<Option<String>> {
        let server = match self.mail_server().await {
            Ok(Some(server)) => server,
            Ok(None) => return Ok(Some(NO_MAIL_SERVER.to_owned())),
            Err(error) if error.status() == 400 => return Ok(Some(error.message().to_owned())),
            Err(error) => return Err(error),
        };
        if self.settings.host_url.is_none() {
            return Ok(Some(NO_HOST_URL.to_owned()));
        }
        Ok(server.check().await.err().map(|error| error.to_string()))
    }
}
