//! Settings of the instance, artifacts, the assistant.

use super::Row;
use crate::permission::Permission as P;
use crate::permission::Refusal::{Forbidden, Hidden};
use crate::permission::Requirement::{Admin, AnyOf, One, Public, SignedIn};
use belvedere_api::OperationId as Op;

pub(super) const ROWS: &[Row] = &[
    // Config
    (Op::ApiSpec, SignedIn, Hidden),
    (Op::CloudStorageConfiguration, One(P::SeeAdmin), Hidden),
    (Op::UpdateCloudStorageConfiguration, Admin, Hidden),
    (Op::CustomWelcomeEmail, One(P::SeeAdmin), Hidden),
    (Op::UpdateCustomWelcomeEmail, Admin, Hidden),
    (Op::UpdateCustomWelcomeEmailTest, Admin, Hidden),
    (Op::CreateDigestEmailSend, Admin, Hidden),
    (Op::DigestEmailsEnabled, One(P::SeeAdmin), Hidden),
    (Op::UpdateDigestEmailsEnabled, Admin, Hidden),
    (Op::UpdateInternalHelpResources, Admin, Hidden),
    (Op::InternalHelpResourcesContent, One(P::SeeAdmin), Hidden),
    (Op::UpdateInternalHelpResourcesContent, Admin, Hidden),
    (Op::InternalHelpResources, One(P::SeeAdmin), Hidden),
    (Op::AllLegacyFeatures, One(P::SeeAdmin), Forbidden),
    (Op::LegacyFeature, One(P::SeeAdmin), Forbidden),
    (Op::UpdateLegacyFeature, Admin, Forbidden),
    (Op::AllLocales, SignedIn, Hidden),
    (Op::MobileSettings, One(P::SeeAdmin), Hidden),
    (Op::PublicEgressIpAddresses, Admin, Forbidden),
    (Op::GetSetting, One(P::SeeAdmin), Hidden),
    (Op::SetSetting, Admin, Forbidden),
    (Op::SetSmtpSettings, Admin, Forbidden),
    (Op::SmtpStatus, One(P::SeeAdmin), Hidden),
    (Op::AllTimezones, SignedIn, Hidden),
    (Op::Versions, Public, Hidden),
    (Op::WhitelabelConfiguration, One(P::SeeAdmin), Hidden),
    (Op::UpdateWhitelabelConfiguration, One(P::ManagePrivatelabel), Hidden),
    // Artifact
    (Op::ArtifactNamespaces, Admin, Hidden),
    (Op::ArtifactUsage, Admin, Hidden),
    (Op::DeleteArtifact, Admin, Hidden),
    (Op::Artifact, Admin, Hidden),
    (Op::PurgeArtifacts, Admin, Hidden),
    (Op::SearchArtifacts, Admin, Hidden),
    (Op::ArtifactValue, Admin, Hidden),
    (Op::UpdateArtifacts, Admin, Hidden),
    // ConversationalAnalytics
    (Op::DeleteAgent, AnyOf(&[P::SaveAgents, P::AdminAgents]), Hidden),
    (Op::CreateAgent, AnyOf(&[P::SaveAgents, P::AdminAgents]), Hidden),
    (Op::SearchAgents, AnyOf(&[P::ChatWithAgent, P::AdminAgents]), Hidden),
    (Op::GetAgent, AnyOf(&[P::ChatWithAgent, P::AdminAgents]), Hidden),
    (Op::UpdateAgent, AnyOf(&[P::SaveAgents, P::AdminAgents]), Hidden),
    (Op::ConversationalAnalyticsChat, AnyOf(&[P::ChatWithAgent, P::AdminAgents]), Forbidden),
    (Op::DeleteConversation, AnyOf(&[P::ChatWithAgent, P::AdminAgents]), Hidden),
    (Op::CreateConversation, AnyOf(&[P::ChatWithAgent, P::AdminAgents]), Hidden),
    (Op::SearchConversations, AnyOf(&[P::ChatWithAgent, P::AdminAgents]), Hidden),
    (Op::GetConversation, AnyOf(&[P::ChatWithAgent, P::AdminAgents]), Hidden),
    (Op::UpdateConversation, AnyOf(&[P::ChatWithAgent, P::AdminAgents]), Hidden),
    (Op::DeleteConversationMessage, AnyOf(&[P::ChatWithAgent, P::AdminAgents]), Hidden),
    (Op::AllConversationMessages, AnyOf(&[P::ChatWithAgent, P::AdminAgents]), Hidden),
    (Op::CreateConversationMessage, AnyOf(&[P::ChatWithAgent, P::AdminAgents]), Hidden),
    (Op::GetConversationMessage, AnyOf(&[P::ChatWithAgent, P::AdminAgents]), Hidden),
    (Op::UpdateConversationMessage, AnyOf(&[P::ChatWithAgent, P::AdminAgents]), Hidden),
    (Op::CreateGoldenQuery, AnyOf(&[P::SaveAgents, P::AdminAgents]), Hidden),
    (Op::DeleteGoldenQuery, AnyOf(&[P::SaveAgents, P::AdminAgents]), Hidden),
    (Op::UpdateGoldenQuery, AnyOf(&[P::SaveAgents, P::AdminAgents]), Hidden),
    (Op::AgentLookml, AnyOf(&[P::SaveAgents, P::AdminAgents]), Hidden),
    (Op::GetConversationMessageResponses, AnyOf(&[P::ChatWithAgent, P::AdminAgents]), Hidden),
];
