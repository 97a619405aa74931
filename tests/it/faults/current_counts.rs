//! Current counts and their usable stock, computed a second time from the definition: from every count that the API lists,
//! without index or order of arrival. It covers only the cases that this suite can produce.

use std::collections::{BTreeMap, BTreeSet};

use base::time::{DEFAULT_ZONE, end_of_day};
use chrono::{DateTime, Days, NaiveDate, TimeDelta, Utc};
use serde_json::Value;

use super::checker::pages;
use crate::app::TestApp;

/// The stock of an item in a depot: the state, the least and the most usable quantity, and the current counts.
type Known = (String, f64, Option<f64>, Vec<String>);

/// A count with the fields that matter here.
struct Count<'a> {
    value: &'a Value,
    id: &'a str,
    effective_at: DateTime<Utc>,
    source: String,
}

/// The data from which stock is computed.
struct Everything {
    counts: Vec<Value>,
    resolutions: Vec<Value>,
    /// The versions of each item.
    items: BTreeMap<String, Vec<Value>>,
    day: NaiveDate,
}

/// Compares today's stock in the API with the result of the definition.
pub async fn check(app: &TestApp) {
    let day = app.clock.now().with_timezone(&DEFAULT_ZONE).date_naive();
    let mut items = BTreeMap::new();
    for item in pages(app, "/items").await {
        let code = item["code"].as_str().unwrap().to_owned();
        let history = pages(app, &format!("/items/{code}/history")).await;
        items.insert(code, history);
    }
    let (counts, resolutions) = (pages(app, "/counts").await, pages(app, "/resolutions").await);
    let everything = Everything { counts, resolutions, items, day };
    let mut expected = BTreeMap::new();
    for depot in pages(app, "/depots").await {
        if depot["open"] == true {
            everything.add_depot(depot["id"].as_str().unwrap(), &mut expected);
        }
    }
    let told: BTreeMap<(String, String), Known> =
        pages(app, "/stock").await.iter().map(|line| told(&line["stock"])).collect();
    assert_eq!(told, expected, "the stock on {day}");
}

fn told(stock: &Value) -> ((String, String), Known) {
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let counts = stock["counts"].as_array().unwrap().iter().map(|count| text(&count["id"])).collect();
    let usable = &stock["usable"];
    let known = (text(&stock["state"]), usable["min"].as_f64().unwrap(), usable["max"].as_f64(), counts);
    ((text(&stock["depot"]), text(&stock["item"])), known)
}

impl Everything {
    fn add_depot(&self, depot: &str, expected: &mut BTreeMap<(String, String), Known>) {
        let end = end_of_day(self.day, DEFAULT_ZONE);
        let counts: Vec<Count<'_>> = self
            .counts
            .iter()
            .filter(|count| count["depot"]["id"] == depot && count["void"].is_null())
            .map(Count::of)
            .filter(|count| count.effective_at < end)
            .collect();
        let listed: BTreeSet<&str> = counts.iter().flat_map(Count::items).collect();
        for item in listed {
            expected.insert((depot.to_owned(), item.to_owned()), self.known(depot, &counts, item));
        }
    }

    fn known(&self, depot: &str, counts: &[Count<'_>], item: &str) -> Known {
        let of_item: Vec<&Count<'_>> = counts.iter().filter(|count| self.speaks(count, item)).collect();
        let mut kept: Vec<&Count<'_>> = Vec::new();
        for count in of_item.iter().filter(|count| !self.is_settled(depot, count, &of_item, item)) {
            let later = of_item.iter().any(|other| {
                other.source == count.source
                    && other.order_in_source() > count.order_in_source()
                    && (other.is_inspection() || !count.is_inspection())
                    && !self.is_settled(depot, other, &of_item, item)
            });
            if !later {
                kept.push(count);
            }
        }
        kept.sort_by(|a, b| b.order().partial_cmp(&a.order()).unwrap());
        let Some(latest) = kept.first() else { return ("never_counted".to_owned(), 0.0, None, Vec::new()) };
        let together = TimeDelta::minutes(15);
        let speaking: Vec<&&Count<'_>> =
            kept.iter().filter(|count| latest.effective_at - count.effective_at <= together).collect();
        let ids: Vec<String> = speaking.iter().map(|count| count.id.to_owned()).collect();
        let last_day = latest.effective_at.with_timezone(&DEFAULT_ZONE).date_naive() + Days::new(90);
        if last_day < self.day {
            return ("stale".to_owned(), 0.0, None, ids);
        }
        let differ = speaking.iter().any(|count| count.lots(item) != latest.lots(item));
        let usable: Vec<(f64, f64)> = speaking.iter().map(|count| self.usable(count, item)).collect();
        let low = usable.iter().map(|(low, _)| *low).fold(f64::INFINITY, f64::min);
        let high = usable.iter().map(|(_, high)| *high).fold(0.0, f64::max);
        let state = if differ { "conflict" } else { "counted" };
        if let Some(inspected) = self.objection(depot, &of_item, latest, item)
            && inspected.1 < high
        {
            return ("contested".to_owned(), low.min(inspected.0), Some(high), ids);
        }
        (state.to_owned(), low, Some(high), ids)
    }

    /// The units usable by the last inspection, if it stands against an own count that came after it. The worlds have no
    /// acceptances, and no region that sets other days than 30.
    fn objection(&self, depot: &str, of_item: &[&Count<'_>], latest: &Count<'_>, item: &str) -> Option<(f64, f64)> {
        let stand = |count: &&&Count<'_>| count.is_inspection() && !self.is_settled(depot, count, of_item, item);
        let last = of_item.iter().filter(stand).max_by(|a, b| a.order().partial_cmp(&b.order()).unwrap())?;
        let day = |count: &Count<'_>| count.effective_at.with_timezone(&DEFAULT_ZONE).date_naive();
        let is_later = latest.effective_at - last.effective_at > TimeDelta::minutes(15);
        let stands = !latest.is_inspection() && is_later && day(latest) <= day(last) + Days::new(30);
        stands.then(|| self.usable(last, item))
    }

    fn speaks(&self, count: &Count<'_>, item: &str) -> bool {
        if count.items().any(|listed| listed == item) {
            return true;
        }
        let day = count.effective_at.with_timezone(&DEFAULT_ZONE).date_naive();
        let seen = |version: &&Value| match count.value["catalogue_revision"].as_i64() {
            Some(revision) => version["revision"].as_i64().unwrap() <= revision,
            None => instant(&version["recorded_at"]) <= count.effective_at,
        };
        let versions = self.items.get(item).map(Vec::as_slice).unwrap_or_default().iter();
        let in_force = versions
            .filter(|version| day_of(&version["valid_from"]) <= day)
            .filter(seen)
            .max_by_key(|version| (day_of(&version["valid_from"]), version["revision"].as_i64()));
        count.value["scope"] == "full" && in_force.is_some_and(|version| version["state"]["retired"] == false)
    }

    /// True if a count is resolved by name for an item: by a resolution that is not voided, or by a count that covers the
    /// item itself and is effective no earlier.
    fn is_settled(&self, depot: &str, count: &Count<'_>, of_item: &[&Count<'_>], item: &str) -> bool {
        let names = |value: &Value| value.as_array().unwrap().iter().any(|named| named == count.id);
        let by_count = of_item.iter().any(|other| {
            other.id != count.id
                && other.effective_at >= count.effective_at
                && names(&other.value["resolves"])
                && (other.is_inspection() || !count.is_inspection())
        });
        by_count || self.resolutions.iter().any(|one| resolves(one, depot, item) && names(&one["counts"]))
    }

    fn usable(&self, count: &Count<'_>, item: &str) -> (f64, f64) {
        let perishable = self.items[item]
            .iter()
            .filter(|version| day_of(&version["valid_from"]) <= self.day)
            .max_by_key(|version| (day_of(&version["valid_from"]), version["revision"].as_i64()))
            .is_some_and(|version| version["state"]["perishable"] == true);
        let (mut low, mut high) = (0.0, 0.0);
        for line in count.lines().filter(|line| line["item"] == item) {
            let quantity = line["quantity"].as_f64().unwrap();
            let expired = line["expires_on"].as_str().is_some_and(|_| day_of(&line["expires_on"]) < self.day);
            if expired || line["condition"] != "serviceable" || line["held"] != "here" {
                continue;
            }
            high += quantity;
            if !(perishable && line["expires_on"].is_null()) {
                low += quantity;
            }
        }
        (low, high)
    }
}

fn resolves(resolution: &Value, depot: &str, item: &str) -> bool {
    let about_depot = resolution["depot"]["id"] == depot || resolution["depot_id"] == depot;
    let about_item = resolution["item"] == item || resolution["item"]["code"] == item;
    about_depot && about_item && resolution["void"].is_null()
}

impl<'a> Count<'a> {
    fn of(value: &'a Value) -> Self {
        let source = match value["device"].as_str() {
            Some(device) => format!("device {device}"),
            None => format!("account {}", value["account_id"]),
        };
        Self { value, id: value["id"].as_str().unwrap(), effective_at: instant(&value["effective_at"]), source }
    }

    fn is_inspection(&self) -> bool {
        self.value["kind"] == "inspection"
    }

    fn lines(&self) -> impl Iterator<Item = &'a Value> {
        self.value["lines"].as_array().unwrap().iter()
    }

    fn items(&self) -> impl Iterator<Item = &'a str> {
        self.lines().map(|line| line["item"].as_str().unwrap())
    }

    /// Its position among the counts of its source.
    fn order_in_source(&self) -> (DateTime<Utc>, Option<i64>, DateTime<Utc>, &'a str) {
        (self.effective_at, self.value["seq"].as_i64(), instant(&self.value["received_at"]), self.id)
    }

    /// Its position among the counts of all sources.
    fn order(&self) -> (DateTime<Utc>, DateTime<Utc>, &'a str) {
        (self.effective_at, instant(&self.value["received_at"]), self.id)
    }

    /// The lots of an item that it lists, with their quantities.
    fn lots(&self, item: &str) -> BTreeMap<String, i64> {
        let mut lots = BTreeMap::new();
        for line in self.lines().filter(|line| line["item"] == item) {
            let thousandths = (line["quantity"].as_f64().unwrap() * 1000.0).round();
            if thousandths > 0.0 {
                let lot = ["lot", "expires_on", "condition", "held"].map(|name| line[name].to_string());
                #[expect(clippy::cast_possible_truncation, reason = "no count of this suite has that many")]
                let thousandths = thousandths as i64;
                *lots.entry(lot.join(" ")).or_default() += thousandths;
            }
        }
        lots
    }
}

fn instant(value: &Value) -> DateTime<Utc> {
    value.as_str().unwrap().parse().unwrap()
}

fn day_of(value: &Value) -> NaiveDate {
    value.as_str().unwrap().parse().unwrap()
}
