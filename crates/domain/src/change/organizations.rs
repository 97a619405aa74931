//! Organizations: the limits set by their regions and their hosts.

use super::slips::entered;
use super::world::decided;
use super::{Decision, Editor, OFFICERS, Precondition, Put, PutOutcome, Refusal, Since, World, decide_with_entry};
use crate::credit_code::{self, CreditCodeFault};
use crate::naming::{blank_faults, code_fault, day_fault, fixed, in_both, name_faults};
use crate::organization::{NewOrganization, Organization, OrganizationKind, OrganizationVersion};
use crate::revision::in_force;
use base::error::Fault;
use base::id::{OrganizationId, RegionId};
use text::messages::message;

/// A version of an organization to write.
#[derive(Clone, Debug, PartialEq)]
pub struct OrganizationWrite {
    /// Its id, generated here for a new organization.
    pub id: OrganizationId,
    /// Its code.
    pub code: String,
    /// The region it lies in.
    pub region: RegionId,
    /// Its kind.
    pub kind: OrganizationKind,
    /// True where the kind is another than before.
    pub is_mended: bool,
    /// Its names, type and host.
    pub version: OrganizationVersion,
}

/// Checks the new profile of an organization. A new organization must lie in a region of the editor's. An organization of
/// another region counts as missing. Needs the regions and the organizations.
///
/// # Errors
/// `Invalid` with every fault; the refusal of the precondition; `Conflict` for a code that is not available.
pub fn check(
    world: &World,
    editor: &Editor,
    key: &str,
    new: &NewOrganization,
    state: &Precondition,
) -> Result<Decision<OrganizationWrite>, Refusal> {
    editor.require_role(OFFICERS, "/organization")?;
    let stored = world.known_organization(editor, key);
    let mut faults = name_faults(&new.name_en, &new.name_zh);
    let named = new.region.as_deref().map(|key| {
        let found = world.region(key).filter(|region| world.covers(editor, region.id));
        (key, found.map(|region| region.id))
    });
    let region = match named {
        Some((key, None)) => {
            faults.push(Fault::new("/region", "region_unknown", message!("region-unknown-below", region = key)));
            None
        }
        named => {
            let named = named.and_then(|(_, region)| region);
            fixed("region", named.as_ref(), stored.map(|one| &one.region_id), &mut faults)
        }
    };
    let why = stored.and_then(|one| world.rests_on_kind(one));
    let kind = entered("kind", new.kind.as_ref(), stored.map(|one| &one.kind), why, &mut faults);
    faults.extend(new.credit_code.as_deref().and_then(credit_code_fault));
    faults.extend(blank_faults(new.address.as_deref().map(|address| ("/address", address))));
    if stored.is_none() {
        faults.extend(code_fault("/organization", key, usize::MAX));
    }
    let since = Since::new(new.valid_from, || match region {
        Some(region) => world.today_in(region, editor.now),
        None => world.today(editor),
    });
    faults.extend(day_fault("/valid_from", since.day));
    let before = stored.and_then(|one| in_force(&one.versions, since.day)).map(|row| &row.value);
    let hosted_by = match host(world, editor, new, kind, before) {
        Ok(host) => host,
        Err(fault) => {
            faults.push(fault);
            None
        }
    };
    let (Some(region), Some(kind), true) = (region, kind, faults.is_empty()) else {
        return Err(Refusal::Invalid(faults));
    };
    let (name_en, name_zh) = in_both(&new.name_en, &new.name_zh);
    let version = OrganizationVersion {
        name_en,
        name_zh,
        organization_type: new.organization_type.clone(),
        sector: new.sector.clone(),
        hosted_by,
        credit_code: new.credit_code.clone(),
        address: new.address.clone(),
        active: new.active.unwrap_or_else(|| before.is_none_or(|before| before.active)),
    };
    let is_mended = stored.is_some_and(|one| one.kind != kind);
    let put = decide_with_entry(stored.map(|one| &one.versions[..]), since, &version, state, is_mended)?;
    if stored.is_none() && world.organizations.find(key).is_some() {
        return Err(Refusal::unavailable("/organization", key));
    }
    let (id, code) = match stored {
        Some(one) => (one.id, one.code.clone()),
        None => (OrganizationId::new(), key.to_owned()),
    };
    Ok(Decision { put, write: OrganizationWrite { id, code, region, kind, is_mended, version } })
}

fn credit_code_fault(code: &str) -> Option<Fault> {
    let (word, detail) = match credit_code::check(code) {
        Ok(()) => return None,
        Err(CreditCodeFault::Form) => ("credit_code_form", message!("credit-code-form")),
        Err(CreditCodeFault::Check) => ("credit_code_check", message!("credit-code-check", code = code)),
    };
    Some(Fault::new("/credit_code", word, detail))
}

/// The named host. Only an enterprise can host, and only a rescue team can be hosted, so no chain of hosts leads back to its
/// start. A host stored before this rule may stay. A host that the editor cannot see is not shown to them, and stays if they
/// name none.
fn host(
    world: &World,
    editor: &Editor,
    new: &NewOrganization,
    kind: Option<OrganizationKind>,
    before: Option<&OrganizationVersion>,
) -> Result<Option<OrganizationId>, Fault> {
    let last = before.and_then(|before| before.hosted_by);
    let Some(key) = new.hosted_by.as_deref() else {
        return Ok(last.filter(|host| world.known_host(editor, *host).is_none()));
    };
    let fault = |code, text| Err(Fault::new("/hosted_by", code, text));
    let Some(host) = world.known_organization(editor, key) else {
        return fault("organization_unknown", message!("organization-unknown", organization = key));
    };
    if last == Some(host.id) {
        return Ok(Some(host.id));
    }
    if host.kind != OrganizationKind::Enterprise {
        return fault("host_not_enterprise", message!("organization-host-not-enterprise", host = &host.code));
    }
    if kind.is_some_and(|kind| kind != OrganizationKind::RescueTeam) {
        return fault("hosted_not_team", message!("organization-hosted-not-team"));
    }
    Ok(Some(host.id))
}

impl World {
    /// Applies the decision on an organization.
    pub fn apply_organization(&mut self, put: &Put, write: &OrganizationWrite) {
        let version = decided(put.valid_from, write.version.clone());
        if write.is_mended || put.outcome == PutOutcome::Created {
            // A later row of the same import must not mend it again.
            self.resting.organizations.insert(write.id);
        }
        match self.organizations.get_mut(write.id) {
            Some(one) => {
                one.kind = write.kind;
                one.versions.push(version);
            }
            None => self.organizations.insert(Organization {
                id: write.id,
                code: write.code.clone(),
                region_id: write.region,
                kind: write.kind,
                mends: Vec::new(),
                versions: vec![version],
            }),
        }
    }
}
