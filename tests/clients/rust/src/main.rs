//! The flow of `tests/clients` with what openapi-generator makes for Rust.

use std::collections::BTreeSet;
use std::env::var;
use std::error::Error;

use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use base64::Engine;
use chrono::SubsecRound;
use ed25519_dalek::{Signature, VerifyingKey};
use muster_client::apis::catalogue_api::{list_items, ListItemsSuccess};
use muster_client::apis::configuration::Configuration;
use muster_client::apis::counts_api::{submit_count, SubmitCountError, SubmitCountSuccess};
use muster_client::apis::organizations_api::{list_depots, ListDepotsSuccess};
use muster_client::apis::shortages_api::{
    explain_shortage, list_shortages, ExplainShortageSuccess, ListShortagesSuccess,
};
use muster_client::apis::sign_in_api::{issue_token, list_keys, IssueTokenSuccess, ListKeysSuccess};
use muster_client::apis::sync_api::{pull_changes, PullChangesSuccess};
use muster_client::apis::{Error as Failure, ResponseContent};
use muster_client::models::{CountScope, NewCount, NewCountLine, PublicKey, PulledChanges, SubmittedCount};
use serde::Serialize;
use serde_json::{json, Map, Value};
use sha2::{Digest, Sha256};
use uuid::Uuid;

type Outcome<T> = Result<T, Box<dyn Error>>;

/// The content of an answer with 200.
macro_rules! found {
    ($answer:expr, $variant:path) => {
        match $answer?.entity {
            Some($variant(content)) => content,
            other => return Err(format!("not {}: {other:?}", stringify!($variant)).into()),
        }
    };
}

fn main() -> Outcome<()> {
    let mut client = Configuration { base_path: var("MUSTER_URL")?, ..Configuration::new() };
    client.basic_auth = Some((var("MUSTER_CLIENT")?, Some(var("MUSTER_SECRET")?)));
    let token =
        found!(issue_token(&client, "client_credentials", None, None, None, None), IssueTokenSuccess::Status200);
    client.oauth_access_token = Some(token.access_token);

    let (mut codes, mut pages, mut cursor) = (BTreeSet::new(), 0, None::<String>);
    loop {
        let answer = list_items(
            &client,
            None,
            None,
            None,
            None,
            None,
            Some(50),
            cursor.as_deref(),
            None,
            None,
            None,
        );
        let page = found!(answer, ListItemsSuccess::Status200);
        codes.extend(page.items.into_iter().map(|item| item.code));
        pages += 1;
        cursor = text(&page.next_cursor)?;
        if cursor.is_none() {
            break;
        }
    }

    let depots = found!(
        list_depots(&client, None, None, None, None, None, None, None, None, None, None, None),
        ListDepotsSuccess::Status200
    );
    let depot = depots.items.first().ok_or("no depot")?.id;
    let (id, counted) = (Uuid::new_v4(), count(depot, 15.0)?);
    let sent = serde_json::to_vec(&counted)?;
    let submit = |count: &NewCount| submit_count(&client, &id.to_string(), count.clone(), None, None, None, None, None);
    let (first, first_content) = submitted(submit(&counted)?)?;
    let (again, again_content) = submitted(submit(&counted)?)?;
    let problem = match submit(&count(depot, 14.0)?) {
        Err(Failure::ResponseError(ResponseContent {
            status,
            entity: Some(SubmitCountError::Status400(problem)),
            ..
        })) if status == 409 && problem.status == 409 => problem,
        other => return Err(format!("other content under the same id: {other:?}").into()),
    };
    assert!(first_content.receipt == again_content.receipt && !first_content.repeated);

    let keys = found!(list_keys(&client, None, None), ListKeysSuccess::Status200).keys;
    let sha256 = verify(&first_content.receipt, &keys, &id.to_string(), &sent)?;
    assert_eq!(text(&problem.stored_sha256)?.as_ref(), Some(&sha256));

    let item = var("MUSTER_ITEM")?;
    let answer = list_shortages(
        &client,
        Some(vec!["T3".to_owned()]),
        None,
        None,
        Some(vec![item]),
        None,
        None,
        None,
        None,
        None,
        None,
        None,
        None,
        None,
        None,
        None,
        None,
        None,
        None,
    );
    let line = found!(answer, ListShortagesSuccess::Status200).items.into_iter().next().ok_or("no line")?;
    let answer = explain_shortage(&client, "T3", &line.line.to_string(), None, None, None, None, None);
    let explained = found!(answer, ExplainShortageSuccess::Status200);
    let scopes = explained.explanation.scopes.into_iter();
    let rules: Vec<String> = scopes.flat_map(|scope| scope.rules).map(|rule| rule.rule).collect();

    let pull = |cursor: Option<&str>| -> Outcome<PulledChanges> {
        Ok(found!(pull_changes(&client, cursor, None, None), PullChangesSuccess::Status200))
    };
    let mut pulled = pull(None)?;
    let mut changes = pulled.changes.len();
    while pulled.more {
        pulled = pull(Some(&pulled.cursor))?;
        changes += pulled.changes.len();
    }
    let after = pull(Some(&pulled.cursor))?.changes.len();

    let found = json!({
        "items": codes.len(),
        "pages": pages,
        "first": first,
        "again": again,
        "repeated": again_content.repeated,
        "problem": problem.code,
        "sha256": sha256,
        "required": line.required.min,
        "rules": rules,
        "changes": changes,
        "after": after,
    });
    println!("{found}");
    Ok(())
}

fn count(depot: Uuid, quantity: f64) -> Outcome<NewCount> {
    let line = |item: String, quantity: f64| -> Outcome<NewCountLine> {
        Ok(serde_json::from_value(json!({ "item": item, "quantity": quantity }))?)
    };
    let lines = vec![line(var("MUSTER_ITEM")?, quantity)?, line(var("MUSTER_MEASURED")?, 0.1)?];
    let now = chrono::Utc::now().trunc_subsecs(0).fixed_offset();
    Ok(NewCount {
        note: serde_json::from_value(json!("盘点"))?,
        ..NewCount::new(now, depot, lines, CountScope::Listed)
    })
}

/// A text that may be left out or be `null`, which are two layers of `Option` or one.
fn text(value: &impl Serialize) -> Outcome<Option<String>> {
    Ok(serde_json::to_value(value)?.as_str().map(str::to_owned))
}

/// The generated type takes any answer for the first status it knows, so the status itself says which it is.
fn submitted(answer: ResponseContent<SubmitCountSuccess>) -> Outcome<(u16, SubmittedCount)> {
    match answer.entity {
        Some(SubmitCountSuccess::Status200(content) | SubmitCountSuccess::Status201(content)) => {
            Ok((answer.status.as_u16(), content))
        }
        _ => Err(answer.content.into()),
    }
}

/// The SHA-256 of the content, where one of `keys` signed that the very bytes `sent` are that count.
fn verify(receipt: &str, keys: &[PublicKey], id: &str, sent: &[u8]) -> Outcome<String> {
    let (signed, signature) = receipt.rsplit_once('.').ok_or("no JWS")?;
    let (head, said) = signed.split_once('.').ok_or("no JWS")?;
    let header: Value = serde_json::from_slice(&URL_SAFE_NO_PAD.decode(head)?)?;
    assert!(header["alg"] == "EdDSA" && header["typ"] == "muster-receipt+jws", "{header}");
    let key = keys.iter().find(|key| header["kid"] == key.kid.as_str()).ok_or("the key is not in the set")?;
    let key = VerifyingKey::try_from(URL_SAFE_NO_PAD.decode(&key.x)?.as_slice())?;
    key.verify_strict(signed.as_bytes(), &Signature::from_slice(&URL_SAFE_NO_PAD.decode(signature)?)?)?;

    let mut link: Map<String, Value> = serde_json::from_slice(&URL_SAFE_NO_PAD.decode(said)?)?;
    assert!(link["kind"] == "count" && link["id"] == id, "{link:?}");
    let content: Value = serde_json::from_slice(sent)?;
    assert!(link["sha256"] == sha256(&content)?, "the receipt is about other content");
    link.remove("iss");
    let hash = link.remove("hash").ok_or("no hash")?;
    let link = Value::Object(link);
    assert!(hash == sha256(&link)?, "the hash is not that of the link");
    Ok(link["sha256"].as_str().ok_or("no hash of the content")?.to_owned())
}

fn sha256(value: &Value) -> Outcome<String> {
    let hash = Sha256::digest(serde_json_canonicalizer::to_vec(value)?);
    Ok(hash.iter().map(|byte| format!("{byte:02x}")).collect())
}
