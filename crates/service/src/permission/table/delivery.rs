//! Alerts, schedules and where they are delivered.

use super::Row;
use crate::permission::Permission as P;
use crate::permission::Refusal::{Forbidden, Hidden};
use crate::permission::Requirement::{Admin, AnyOf, One, SignedIn};
use belvedere_api::OperationId as Op;

pub(super) const ROWS: &[Row] = &[
    // Alert
    (Op::AlertNotifications, SignedIn, Hidden),
    (Op::ReadAlertNotification, SignedIn, Hidden),
    (Op::CreateAlert, One(P::CreateAlerts), Hidden),
    (Op::SearchAlerts, AnyOf(&[P::CreateAlerts, P::FollowAlerts, P::SeeAlerts]), Forbidden),
    (Op::DeleteAlert, AnyOf(&[P::CreateAlerts, P::SeeAlerts]), Forbidden),
    (Op::GetAlert, AnyOf(&[P::CreateAlerts, P::FollowAlerts, P::SeeAlerts]), Hidden),
    (Op::UpdateAlertField, AnyOf(&[P::CreateAlerts, P::SeeAlerts]), Forbidden),
    (Op::UpdateAlert, AnyOf(&[P::CreateAlerts, P::SeeAlerts]), Hidden),
    (Op::EnqueueAlert, AnyOf(&[P::CreateAlerts, P::SeeAlerts]), Forbidden),
    (Op::UnfollowAlert, One(P::FollowAlerts), Hidden),
    (Op::FollowAlert, One(P::FollowAlerts), Hidden),
    // ScheduledPlan
    (Op::AllScheduledPlans, SignedIn, Hidden),
    (
        Op::CreateScheduledPlan,
        AnyOf(&[
            P::ScheduleLookEmails,
            P::ScheduleExternalLookEmails,
            P::SendToS3,
            P::SendToSftp,
            P::SendOutgoingWebhook,
            P::SendToIntegration,
        ]),
        Hidden,
    ),
    (Op::ScheduledPlansForDashboard, SignedIn, Hidden),
    (Op::ScheduledPlansForLook, SignedIn, Hidden),
    (Op::ScheduledPlansForLookmlDashboard, SignedIn, Hidden),
    (
        Op::ScheduledPlanRunOnce,
        AnyOf(&[
            P::ScheduleLookEmails,
            P::ScheduleExternalLookEmails,
            P::SendToS3,
            P::SendToSftp,
            P::SendOutgoingWebhook,
            P::SendToIntegration,
        ]),
        Hidden,
    ),
    (Op::SearchScheduledPlans, SignedIn, Hidden),
    (Op::ScheduledPlansForSpace, SignedIn, Hidden),
    (Op::DeleteScheduledPlan, SignedIn, Hidden),
    (Op::ScheduledPlan, SignedIn, Hidden),
    (Op::UpdateScheduledPlan, SignedIn, Hidden),
    (Op::ScheduledPlanRunOnceById, SignedIn, Hidden),
    // Integration
    (Op::AllIntegrationHubs, SignedIn, Hidden),
    (Op::CreateIntegrationHub, Admin, Hidden),
    (Op::DeleteIntegrationHub, Admin, Hidden),
    (Op::IntegrationHub, SignedIn, Hidden),
    (Op::UpdateIntegrationHub, Admin, Hidden),
    (Op::AcceptIntegrationHubLegalAgreement, Admin, Hidden),
    (Op::GetIntegrationHubHealth, Admin, Hidden),
    (Op::AllIntegrations, SignedIn, Hidden),
    (Op::Integration, SignedIn, Hidden),
    (Op::UpdateIntegration, Admin, Hidden),
    (Op::FetchIntegrationForm, One(P::SendToIntegration), Hidden),
    (Op::TestIntegration, Admin, Hidden),
];
